#include "engine/statistics/cox_risk_sets.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "engine/statistics/survival_covariates.hpp"

namespace desist::statistics {

namespace {

/// Sum of a[i] b[i] by four partial sums, so that the order of additions is the same with and without vector units.
double dot(const double* a, const double* b, std::size_t n) {
  double part[4] = {0, 0, 0, 0};
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    for (std::size_t k = 0; k < 4; ++k) part[k] += a[i + k] * b[i + k];
  }
  double sum = (part[0] + part[1]) + (part[2] + part[3]);
  for (; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

double total(const double* a, std::size_t n) {
  double part[4] = {0, 0, 0, 0};
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    for (std::size_t k = 0; k < 4; ++k) part[k] += a[i + k];
  }
  double sum = (part[0] + part[1]) + (part[2] + part[3]);
  for (; i < n; ++i) sum += a[i];
  return sum;
}

/// A sum from which terms are taken off again (Neumaier 1974): what is left has not lost its digits.
class RunningSum {
 public:
  void add(double term) {
    const double next = sum_ + term;
    lost_ += std::abs(sum_) >= std::abs(term) ? (sum_ - next) + term : (term - next) + sum_;
    sum_ = next;
  }
  double value() const { return sum_ + lost_; }

 private:
  double sum_ = 0;
  double lost_ = 0;
};

}  // namespace

std::optional<SurvivalProblem> CoxRiskSets::fault(const FollowUp& follow_up, const Eigen::MatrixXd& covariates,
                                                  const CoxPlan& plan) {
  if (const auto found = fault_of(follow_up)) return found;
  const std::size_t n = follow_up.size();
  if (const auto found = fault_of_labels(plan.stratum, n)) return found;
  if (const auto found = fault_of_labels(plan.cluster, n)) return found;
  if (const auto found = fault_of_covariates(covariates, n)) return found;
  if (!plan.weight.empty() && plan.weight.size() != n)
    return SurvivalProblem{SurvivalFault::lengths_differ, plan.weight.size()};
  for (std::size_t i = 0; i < plan.weight.size(); ++i) {
    if (!std::isfinite(plan.weight[i])) return SurvivalProblem{SurvivalFault::not_a_number, i};
    if (plan.weight[i] < 0) return SurvivalProblem{SurvivalFault::negative_weight, i};
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (follow_up.event[i] != 0 && (plan.weight.empty() || plan.weight[i] > 0)) return std::nullopt;
  }
  return SurvivalProblem{SurvivalFault::no_events};
}

CoxRiskSets::CoxRiskSets(const FollowUp& follow_up, const Eigen::MatrixXd& matrix, const CoxPlan& plan)
    : covariates(static_cast<std::size_t>(matrix.cols())), ties(plan.ties) {
  const std::size_t n = follow_up.size();
  const bool entries = !follow_up.start.empty();
  const auto counts = [&](std::size_t i) { return plan.weight.empty() || plan.weight[i] > 0; };
  const RowsByLabel strata = rows_by_label(plan.stratum, n);
  std::vector<std::uint32_t> first_of(entries ? n : 0), last_of(n);
  stratum_begin.push_back(0);
  for (std::size_t s = 0; s + 1 < strata.begin.size(); ++s) {
    const std::span<const std::uint32_t> members(strata.rows.data() + strata.begin[s],
                                                 strata.begin[s + 1] - strata.begin[s]);
    std::vector<double> all;
    all.reserve(members.size() * (entries ? 2 : 1));
    for (const std::uint32_t i : members) all.push_back(follow_up.stop[i]);
    if (entries) {
      for (const std::uint32_t i : members) all.push_back(follow_up.start[i]);
    }
    if (members.empty()) {
      stratum_begin.push_back(time.size());
      continue;
    }
    const DistinctTimes distinct = distinct_times(all);
    std::vector<std::uint32_t> up_to(distinct.time.size(), 0);  // event times up to each time
    for (std::size_t k = 0; k < members.size(); ++k) {
      if (follow_up.event[members[k]] != 0 && counts(members[k])) up_to[distinct.place[k]] = 1;
    }
    auto reached = static_cast<std::uint32_t>(time.size());
    for (std::size_t t = 0; t < up_to.size(); ++t) {
      if (up_to[t] != 0) time.push_back(distinct.time[t]);
      up_to[t] = reached += up_to[t];
    }
    for (std::size_t k = 0; k < members.size(); ++k) {
      last_of[members[k]] = up_to[distinct.place[k]];
      if (entries) first_of[members[k]] = up_to[distinct.place[members.size() + k]];
    }
    // A row that is at risk at no event time of its stratum is marked by last = 0.
    for (const std::uint32_t i : members) {
      const auto from = entries ? first_of[i] : static_cast<std::uint32_t>(stratum_begin.back());
      if (last_of[i] <= from || !counts(i)) last_of[i] = 0;
    }
    stratum_begin.push_back(time.size());
  }
  event_times = time.size();
  // Counting sort by last event time, deaths first.
  const auto dies_at_last = [&](std::size_t i) { return follow_up.event[i] != 0; };
  std::vector<std::size_t> place(2 * event_times + 1, 0);
  const auto key = [&](std::size_t i) { return 2 * (last_of[i] - 1) + (dies_at_last(i) ? 0U : 1U); };
  for (std::size_t i = 0; i < n; ++i) {
    if (last_of[i] > 0) ++place[key(i) + 1];
  }
  deaths.resize(event_times);
  for (std::size_t t = 0; t < event_times; ++t) deaths[t] = static_cast<std::uint32_t>(place[2 * t + 1]);
  std::partial_sum(place.begin(), place.end(), place.begin());
  rows = place.back();
  block.resize(event_times + 1);
  for (std::size_t t = 0; t <= event_times; ++t) block[t] = place[2 * t];
  events = std::accumulate(deaths.begin(), deaths.end(), std::int64_t{0});
  source.resize(rows);
  for (std::size_t i = 0; i < n; ++i) {
    if (last_of[i] > 0) source[place[key(i)]++] = static_cast<std::uint32_t>(i);
  }
  last.resize(rows);
  first.resize(entries ? rows : 0);
  weight.resize(plan.weight.empty() ? 0 : rows);
  for (std::size_t k = 0; k < rows; ++k) {
    last[k] = last_of[source[k]];
    if (entries) first[k] = first_of[source[k]];
    if (!weight.empty()) weight[k] = plan.weight[source[k]];
  }
  if (entries) {
    first_begin_.assign(event_times + 2, 0);
    for (std::size_t k = 0; k < rows; ++k) ++first_begin_[first[k] + 1];
    std::partial_sum(first_begin_.begin(), first_begin_.end(), first_begin_.begin());
    std::vector<std::size_t> next(first_begin_);
    by_first_.resize(rows);
    for (std::size_t k = 0; k < rows; ++k) by_first_[next[first[k]]++] = static_cast<std::uint32_t>(k);
  }
  death_weight.resize(event_times);
  for (std::size_t t = 0; t < event_times; ++t) {
    death_weight[t] = weight.empty() ? deaths[t] : total(weight.data() + block[t], deaths[t]);
  }
  x.resize(rows * covariates);
  centre.resize(covariates);
  scale.resize(covariates);
  for (std::size_t j = 0; j < covariates; ++j) {
    double* values = x.data() + j * rows;
    const double* from = matrix.data() + j * n;
    for (std::size_t k = 0; k < rows; ++k) values[k] = from[source[k]];
    const auto [least, most] = std::minmax_element(values, values + rows);
    if (*least == *most) {  // exactly, where a mean would round
      centre[j] = *least;
      scale[j] = 0;
      std::fill(values, values + rows, 0.0);
      continue;
    }
    centre[j] = total(values, rows) / static_cast<double>(rows);
    for (std::size_t k = 0; k < rows; ++k) values[k] -= centre[j];
    scale[j] = std::sqrt(dot(values, values, rows) / static_cast<double>(rows));
    for (std::size_t k = 0; k < rows; ++k) values[k] /= scale[j];
  }
  s0.resize(event_times);
  d0.resize(event_times);
  s1.resize(event_times * covariates);
  d1.resize(event_times * covariates);
  sums.resize(event_times);
  risk.resize(rows);
  expected.resize(rows);
  linear_.resize(rows);
  product_.resize(rows);
}

std::span<const std::uint32_t> CoxRiskSets::beginning_at(std::size_t t) const {
  if (first.empty()) return {};
  return std::span(by_first_).subspan(first_begin_[t], first_begin_[t + 1] - first_begin_[t]);
}

void CoxRiskSets::sum_risk_sets(const double* values, std::vector<double>& risk_sets, std::vector<double>& death_sets,
                                std::size_t offset) {
  for (std::size_t s = 0; s + 1 < stratum_begin.size(); ++s) {
    double sum = 0;
    RunningSum running;
    for (std::size_t t = stratum_begin[s + 1]; t-- > stratum_begin[s];) {
      const double dying = total(values + block[t], deaths[t]);
      const double arriving = dying + total(values + block[t] + deaths[t], block[t + 1] - block[t] - deaths[t]);
      death_sets[offset + t] = dying;
      if (first.empty()) {
        risk_sets[offset + t] = sum += arriving;
        continue;
      }
      running.add(arriving);
      if (t + 1 < stratum_begin[s + 1]) {  // backwards in time, rows that begin after t leave
        for (const std::uint32_t k : beginning_at(t + 1)) running.add(-values[k]);
      }
      risk_sets[offset + t] = running.value();
    }
  }
}

PartialLikelihood CoxRiskSets::evaluate(const Eigen::VectorXd& b) {
  const std::size_t p = covariates;
  PartialLikelihood result;
  result.score = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(p));
  result.information = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(p), static_cast<Eigen::Index>(p));

  std::fill(linear_.begin(), linear_.end(), 0.0);
  for (std::size_t j = 0; j < p; ++j) {
    const double slope = b[static_cast<Eigen::Index>(j)];
    const double* values = column(j);
    for (std::size_t k = 0; k < rows; ++k) linear_[k] += slope * values[k];
  }
  shift.assign(stratum_begin.size() - 1, 0);
  constexpr double far = 200;  // exp(200) squared is still finite
  if (rows > 0 && *std::max_element(linear_.begin(), linear_.end()) > far) {
    for (std::size_t s = 0; s + 1 < stratum_begin.size(); ++s) {
      const auto begin = linear_.begin() + static_cast<std::ptrdiff_t>(block[stratum_begin[s]]);
      const auto end = linear_.begin() + static_cast<std::ptrdiff_t>(block[stratum_begin[s + 1]]);
      if (begin == end) continue;
      shift[s] = *std::max_element(begin, end);
      for (auto value = begin; value != end; ++value) *value -= shift[s];
    }
  }
  if (b.isZero(0)) {
    std::fill(risk.begin(), risk.end(), 1.0);
  } else {
    for (std::size_t k = 0; k < rows; ++k) risk[k] = std::exp(linear_[k]);
  }
  for (std::size_t k = 0; k < weight.size(); ++k) risk[k] *= weight[k];

  sum_risk_sets(risk.data(), s0, d0, 0);
  for (std::size_t j = 0; j < p; ++j) {
    const double* values = column(j);
    for (std::size_t k = 0; k < rows; ++k) product_[k] = risk[k] * values[k];
    sum_risk_sets(product_.data(), s1, d1, j * event_times);
  }

  for (std::size_t t = 0; t < event_times; ++t) {
    EventTimeSums& at = sums[t];
    at = {};
    const std::uint32_t d = deaths[t];
    if (ties == Ties::breslow || d == 1) {
      at.hazard = at.hazard_tied = death_weight[t] / s0[t];
      at.square[0] = at.hazard / s0[t];
      result.log_likelihood -= death_weight[t] * std::log(s0[t]);
      continue;
    }
    const double mean_weight = death_weight[t] / d;
    for (std::uint32_t l = 0; l < d; ++l) {
      const double f = static_cast<double>(l) / d;
      const double den = s0[t] - f * d0[t];
      const double step = mean_weight / den;
      const double square = step / den;
      at.hazard += step;
      at.hazard_tied += (1 - f) * step;
      at.square[0] += square;
      at.square[1] += f * square;
      at.square[2] += f * f * square;
      result.log_likelihood -= mean_weight * std::log(den);
    }
  }

  // Martingale compensators: the hazard over the time at risk, times the risk. From here on everything but the outer
  // products of the means is a sum over rows, however many event times there are.
  for (std::size_t s = 0; s + 1 < stratum_begin.size(); ++s) {
    const std::size_t begin = stratum_begin[s], end = stratum_begin[s + 1];
    std::vector<double> before(end - begin + 1, 0);
    for (std::size_t t = begin; t < end; ++t) before[t - begin + 1] = before[t - begin] + sums[t].hazard;
    for (std::size_t t = begin; t < end; ++t) {
      const double dying = before[t - begin] + sums[t].hazard_tied;
      const double living = before[t - begin + 1];
      for (std::size_t k = block[t]; k < block[t + 1]; ++k) {
        const bool dead = k < block[t] + deaths[t];
        const double until = dead ? dying : living;
        const double from = first.empty() ? 0 : before[first[k] - begin];
        expected[k] = risk[k] * (until - from);
        if (dead) result.log_likelihood += weight_of(k) * linear_[k];
      }
    }
  }

  for (std::size_t k = 0; k < rows; ++k) product_[k] = -expected[k];
  for (std::size_t t = 0; t < event_times; ++t) {
    for (std::size_t k = block[t]; k < block[t] + deaths[t]; ++k) product_[k] += weight_of(k);
  }
  for (std::size_t j = 0; j < p; ++j)
    result.score[static_cast<Eigen::Index>(j)] = dot(product_.data(), column(j), rows);

  constexpr std::size_t chunk = 512;  // of each column at a time: they stay in the first cache
  double weighted[chunk];
  for (std::size_t from = 0; from < rows; from += chunk) {
    const std::size_t count = std::min(chunk, rows - from);
    for (std::size_t j = 0; j < p; ++j) {
      const double* values = column(j) + from;
      for (std::size_t k = 0; k < count; ++k) weighted[k] = expected[from + k] * values[k];
      for (std::size_t i = 0; i <= j; ++i) {
        result.information(static_cast<Eigen::Index>(j), static_cast<Eigen::Index>(i)) +=
            dot(weighted, column(i) + from, count);
      }
    }
  }
  result.scale_of_information = result.information.diagonal();
  for (std::size_t j = 0; j < p; ++j) {
    const double* sj = s1.data() + j * event_times;
    const double* dj = d1.data() + j * event_times;
    for (std::size_t i = 0; i <= j; ++i) {
      const double* si = s1.data() + i * event_times;
      const double* di = d1.data() + i * event_times;
      double sum = 0;
      for (std::size_t t = 0; t < event_times; ++t) {
        const double* square = sums[t].square;
        sum += square[0] * sj[t] * si[t] - square[1] * (sj[t] * di[t] + dj[t] * si[t]) + square[2] * dj[t] * di[t];
      }
      const auto row = static_cast<Eigen::Index>(j), col = static_cast<Eigen::Index>(i);
      result.information(row, col) -= sum;
      result.information(col, row) = result.information(row, col);
    }
  }
  return result;
}

bool CoxRiskSets::rises_without_bound(const Eigen::VectorXd& d) const {
  std::vector<double> along(rows, 0);
  for (std::size_t j = 0; j < covariates; ++j) {
    for (std::size_t k = 0; k < rows; ++k) along[k] += d[static_cast<Eigen::Index>(j)] * column(j)[k];
  }
  const auto [least, most] = std::minmax_element(along.begin(), along.end());
  const double slack = 1e-7 * (*most - *least);
  if (!(slack > 0)) return false;
  bool rises = false;
  for (std::size_t s = 0; s + 1 < stratum_begin.size(); ++s) {
    std::multiset<double> at_risk;
    for (std::size_t t = stratum_begin[s + 1]; t-- > stratum_begin[s];) {
      for (std::size_t k = block[t]; k < block[t + 1]; ++k) at_risk.insert(along[k]);
      if (!first.empty() && t + 1 < stratum_begin[s + 1]) {
        for (const std::uint32_t k : beginning_at(t + 1)) at_risk.erase(at_risk.find(along[k]));
      }
      for (std::size_t k = block[t]; k < block[t] + deaths[t]; ++k) {
        if (along[k] < *at_risk.rbegin() - slack) return false;
        if (along[k] > *at_risk.begin() + 1e3 * slack) rises = true;
      }
    }
  }
  return rises;
}

}  // namespace desist::statistics
