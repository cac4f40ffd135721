#include <cmath>

#include <Eigen/QR>

#include "engine/statistics/competing_risks.hpp"
#include "engine/statistics/continuous_laws.hpp"

namespace desist::statistics {

namespace {

/// A group on its way through time: survival and incidence just before.
struct GroupState {
  double at_risk = 0;
  double survival = 1, next_survival = 1;
  double incidence = 0, next_incidence = 0;
  double own = 0, other = 0;  // events now
  double v3 = 0;
};

/// Gray 1988, section 3 and appendix, as in his program: `a` are the derivatives of the score, `c` their running sums,
/// and the variance is sums of squares of a - t c over the independent increments of each group.
class GrayStratum {
 public:
  GrayStratum(std::size_t groups, double rho)
      : groups_(groups),
        rho_(rho),
        a_(Eigen::MatrixXd::Zero(size(), size())),
        c_(a_),
        v2_(a_),
        score(Eigen::VectorXd::Zero(size())),
        variance(a_) {}

  void add_time() {
    double own = 0;
    for (const GroupState& g : groups_) own += g.own;
    double risk = 0, subdistribution_risk = 0;
    for (GroupState& g : groups_) {
      if (g.at_risk <= 0) continue;
      g.next_survival = g.survival * (g.at_risk - g.own - g.other) / g.at_risk;
      g.next_incidence = g.incidence + g.survival * g.own / g.at_risk;
      risk += g.at_risk / g.survival;
      subdistribution_risk += g.at_risk * (1 - g.incidence) / g.survival;
    }
    const double next_pooled = pooled_ + own / risk;
    const double weight = rho_ == 0 ? 1 : std::pow(1 - pooled_, rho_);
    a_.setZero();
    for (Eigen::Index i = 0; i < size(); ++i) {
      const GroupState& g = group(i);
      if (g.at_risk <= 0) continue;
      const double share = g.at_risk / g.survival;
      for (Eigen::Index j = 0; j < size(); ++j) {
        if (group(j).at_risk <= 0) continue;
        a_(i, j) = weight * share * ((i == j ? 1 : 0) - group(j).at_risk / group(j).survival / risk);
        c_(i, j) += a_(i, j) * own / (risk * (1 - pooled_));
      }
      score[i] += weight * (g.own - own * share * (1 - g.incidence) / subdistribution_risk);
    }
    for (Eigen::Index k = 0; k < size(); ++k) {
      GroupState& g = group(k);
      if (g.at_risk <= 0) continue;
      if (own > 0) {
        const double t = g.next_survival > 0 ? 1 - (1 - next_pooled) / g.next_survival : 1;
        const double ties = own > 1 ? 1 - (own - 1) / (risk * g.survival - 1) : 1;
        add_increment(k, a_.col(k) - t * c_.col(k), t, ties * g.survival * own / (risk * g.at_risk));
      }
      if (g.other > 0 && g.next_survival > 0) {
        const double t = (1 - next_pooled) / g.next_survival;
        const double ties = g.other > 1 ? 1 - (g.other - 1) / (g.at_risk - 1) : 1;
        add_increment(k, t * c_.col(k), -t, ties * g.survival * g.survival * g.other / (g.at_risk * g.at_risk));
      }
    }
    for (GroupState& g : groups_) {
      g.survival = g.next_survival;
      g.incidence = g.next_incidence;
    }
    pooled_ = next_pooled;
  }

  void finish() {
    for (Eigen::Index k = 0; k < size(); ++k) {
      const Eigen::VectorXd c = c_.col(k), v2 = v2_.col(k);
      variance += group(k).v3 * c * c.transpose() + c * v2.transpose() + v2 * c.transpose();
    }
  }

  GroupState& group(Eigen::Index k) { return groups_[static_cast<std::size_t>(k)]; }

 private:
  Eigen::Index size() const { return static_cast<Eigen::Index>(groups_.size()); }
  void add_increment(Eigen::Index k, const Eigen::VectorXd& derivative, double t, double increment) {
    variance += increment * derivative * derivative.transpose();
    v2_.col(k) += t * increment * derivative;
    group(k).v3 += t * t * increment;
  }

  std::vector<GroupState> groups_;
  double rho_;
  double pooled_ = 0;
  Eigen::MatrixXd a_, c_, v2_;

 public:
  Eigen::VectorXd score;
  Eigen::MatrixXd variance;
};

}  // namespace

Checked<GrayTest> gray_test(const FollowUp& follow_up, int causes, int cause, std::span<const int> group, int groups,
                            std::span<const int> stratum, double rho) {
  if (causes < 1 || cause < 1 || cause > causes || !follow_up.start.empty() || !std::isfinite(rho))
    return SurvivalProblem{SurvivalFault::bad_argument};
  if (const auto fault = fault_of(follow_up, causes)) return *fault;
  const std::size_t n = follow_up.size();
  if (groups < 2 || group.empty()) return SurvivalProblem{SurvivalFault::one_group};
  if (const auto fault = fault_of_labels(group, n, groups)) return *fault;
  if (const auto fault = fault_of_labels(stratum, n)) return *fault;
  Eigen::VectorXd score = Eigen::VectorXd::Zero(groups);
  Eigen::MatrixXd variance = Eigen::MatrixXd::Zero(groups, groups);
  bool any = false;
  const RowsByLabel strata = rows_by_label(stratum, n);
  for (std::size_t s = 0; s + 1 < strata.begin.size(); ++s) {
    const auto rows = std::span(strata.rows).subspan(strata.begin[s], strata.begin[s + 1] - strata.begin[s]);
    if (rows.empty()) continue;
    std::vector<double> times;
    for (const std::uint32_t i : rows) times.push_back(follow_up.stop[i]);
    const std::vector<std::uint32_t> order = order_by_time(times);
    GrayStratum state(static_cast<std::size_t>(groups), rho);
    for (const std::uint32_t i : rows) state.group(group[i]).at_risk += 1;
    for (std::size_t k = 0; k < order.size();) {
      std::size_t end = k;
      bool events = false;
      for (int g = 0; g < groups; ++g) state.group(g).own = state.group(g).other = 0;
      for (; end < order.size() && times[order[end]] == times[order[k]]; ++end) {
        const std::uint32_t i = rows[order[end]];
        GroupState& of = state.group(group[i]);
        if (follow_up.event[i] == cause) of.own += 1;
        if (follow_up.event[i] != 0 && follow_up.event[i] != cause) of.other += 1;
        events = events || follow_up.event[i] != 0;
        any = any || follow_up.event[i] == cause;
      }
      if (events) state.add_time();
      for (; k < end; ++k) state.group(group[rows[order[k]]]).at_risk -= 1;
    }
    state.finish();
    score += state.score;
    variance += state.variance;
  }
  if (!any) return SurvivalProblem{SurvivalFault::no_events};
  GrayTest test;
  test.score = score.head(groups - 1);
  test.variance = variance.topLeftCorner(groups - 1, groups - 1);
  const Eigen::ColPivHouseholderQR<Eigen::MatrixXd> factor(test.variance);
  test.df = static_cast<int>(factor.rank());
  if (test.df == 0 || test.variance.isZero(0)) return SurvivalProblem{SurvivalFault::one_group};
  test.statistic = std::max(0.0, test.score.dot(factor.solve(test.score)));
  test.p = chi_square_tail(test.statistic, test.df);
  return test;
}

}  // namespace desist::statistics
