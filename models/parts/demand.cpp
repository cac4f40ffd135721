#include "models/parts/demand.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <stdexcept>
#include <string>

#include "engine/core/date.hpp"
#include "engine/core/limits.hpp"
#include "engine/core/text.hpp"

namespace desist {
namespace {

constexpr std::uint32_t no_table = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t uses_of_a_table = 8;  // in a replicate; a count used less often is searched for: same count
constexpr std::size_t few = 40;             // cases in a week that are put in order by their ranks
constexpr double most_a_week = 1e7;         // the index of a case within its week has 24 bits

void check_shares(const std::vector<double>& shares, std::size_t number, const char* name) {
  if (shares.empty()) return;
  if (shares.size() != number)
    throw std::invalid_argument(std::string(name) + " needs " + std::to_string(number) + " shares, not " +
                                std::to_string(shares.size()));
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  if (std::abs(sum - 1) > 1e-6)
    throw std::invalid_argument(std::string(name) + " must add up to 1, not " + shortest(sum));
}

/// Referrals on a day relative to an average day of the year, by its month.
double season_of(const std::vector<double>& season, Date day) {
  static constexpr std::array<double, 12> days{31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const auto month = static_cast<std::size_t>(day.month() - 1);
  return season[month] / days[month] * 365.25;
}

void add_changes(const Steps& steps, int week, std::vector<double>& cuts) {
  for (const Steps::Step& step : steps.steps())
    if (step.from > week && step.from < week + 1) cuts.push_back(step.from);
}

std::size_t day_of_week(Date date) {  // Monday 0; 1970-01-01 was a Thursday
  return static_cast<std::size_t>(((date.days + 3) % 7 + 7) % 7);
}

Date day_of(const Window& window, double week) {
  return Date{window.start.days + static_cast<int>(std::floor(days_per_week * week))};
}

}  // namespace

DemandPlan::DemandPlan(const DemandParameters& parameters, const Window& window, int weeks)
    : routes_(parameters.routes.size()), weeks_(weeks), deterrence_(parameters.deterrence) {
  check_shares(parameters.season, 12, "season");
  check_shares(parameters.weekdays, 7, "weekdays");
  if (parameters.overdispersion > 0) size_ = 1 / parameters.overdispersion;
  spreads_.push_back(even_week(parameters, window));
  for (std::size_t route = 0; route < routes_; ++route) {
    const bool is_constant = parameters.growth[route] == 0 && parameters.season.empty() &&
                             parameters.referrals[route].is_constant() && parameters.take_up[route].is_constant();
    for (int week = 0; week < weeks; ++week) {
      if (is_constant && week > 0) {
        means_.push_back(means_.back());
        spread_of_.push_back(0);
      } else {
        add_week(parameters, window, route, week);
      }
      if (!(means_.back() <= most_a_week))
        throw std::invalid_argument("referrals and growth come to more than 10 million cases in a week");
    }
  }
  if (size_ == 0 && deterrence_ == 0) add_tables();
}

/// A week in which nothing changes but the days.
DemandPlan::Spread DemandPlan::even_week(const DemandParameters& parameters, const Window& window) {
  if (parameters.weekdays.empty()) return {{1}, {1}};
  Spread spread;
  double sum = 0;
  for (int day = 0; day < 7; ++day) {
    spread.ends.push_back((day + 1) / days_per_week);
    spread.upto.push_back(sum += parameters.weekdays[day_of_week(Date{window.start.days + day})]);
  }
  spread.make_whole();
  return spread;
}

/// The integral of the rate over a week, piece by piece between the moments at which it changes.
void DemandPlan::add_week(const DemandParameters& parameters, const Window& window, std::size_t route, int week) {
  const Steps& referrals = parameters.referrals[route];
  const Steps& take_up = parameters.take_up[route];
  const double trend = std::log1p(parameters.growth[route]) / weeks_per_year;
  std::vector<double> cuts{static_cast<double>(week), week + 1.0};
  add_changes(referrals, week, cuts);
  add_changes(take_up, week, cuts);
  bool is_even = cuts.size() == 2;
  for (int day = 1; day < 7; ++day) {
    const double begins = (7 * week + day) / days_per_week;
    const bool new_month = !parameters.season.empty() && Date{window.start.days + 7 * week + day}.day() == 1;
    if (new_month || !parameters.weekdays.empty()) cuts.push_back(begins);
    is_even = is_even && !new_month;
  }
  std::sort(cuts.begin(), cuts.end());
  Spread spread;
  double sum = 0;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    const double a = cuts[i];
    const double b = cuts[i + 1];
    if (a == b) continue;
    const double middle = (a + b) / 2;
    const Date day = day_of(window, middle);
    double rate = referrals.at(middle) * take_up.at(middle);
    if (!parameters.season.empty()) rate *= season_of(parameters.season, day);
    if (!parameters.weekdays.empty()) rate *= days_per_week * parameters.weekdays[day_of_week(day)];
    sum += rate * (trend == 0 ? b - a : std::exp(trend * a) * std::expm1(trend * (b - a)) / trend);
    spread.ends.push_back(b - week);
    spread.upto.push_back(sum);
  }
  means_.push_back(sum);
  spread_of_.push_back(0);
  if (is_even || sum == 0) return;
  spread.make_whole();
  spread_of_.back() = static_cast<std::uint32_t>(spreads_.size());
  spreads_.push_back(std::move(spread));
}

void DemandPlan::add_tables() {
  std::map<double, std::uint32_t> uses;
  for (const double mean : means_) ++uses[mean];
  for (auto& [mean, number] : uses) {
    if (number < uses_of_a_table) {
      number = no_table;
    } else {
      number = static_cast<std::uint32_t>(tables_.size());
      tables_.emplace_back(mean);
    }
  }
  for (const double mean : means_) tables_of_.push_back(uses[mean]);
}

double DemandPlan::mean(int week, double announced_wait) const {
  double sum = 0;
  for (std::size_t route = 0; route < routes_; ++route) sum += means_[cell(route, week)];
  return sum * std::exp(-deterrence_ * announced_wait);
}

void DemandPlan::Spread::make_whole() {
  const double sum = upto.back();
  for (double& share : upto) share = share == sum ? 1 : share / sum;
}

double DemandPlan::Spread::moment(double u) const {
  if (upto.size() == 1) return u;
  // The first piece whose cumulative share lies above u; one in which nobody comes never does.
  const auto piece = static_cast<std::size_t>(std::upper_bound(upto.begin(), upto.end() - 1, u) - upto.begin());
  const double shares_before = piece == 0 ? 0 : upto[piece - 1];
  const double begins = piece == 0 ? 0 : ends[piece - 1];
  return begins + (ends[piece] - begins) * (u - shares_before) / (upto[piece] - shares_before);
}

Demand::Demand(const DemandPlan& plan, const Streams& streams) : plan_(plan), streams_(streams) {
  for (std::size_t route = 0; route < plan.routes_; ++route)
    numbers_.push_back(streams.open(Purpose("referrals"), route));
}

void Demand::draw_week(std::vector<Referral>& week_referrals, double announced_wait) {
  week_referrals.clear();
  drawn_.clear();
  const int week = week_++;
  if (week >= plan_.weeks_) return;
  for (std::size_t route = 0; route < plan_.routes_; ++route) {
    const std::uint64_t word = numbers_[route]();
    const std::size_t cell = plan_.cell(route, week);
    std::int64_t number = 0;
    if (!plan_.tables_of_.empty() && plan_.tables_of_[cell] != no_table) {
      number = plan_.tables_[plan_.tables_of_[cell]](word);
    } else {
      const double mean = plan_.means_[cell] * std::exp(-plan_.deterrence_ * announced_wait);
      number = plan_.size_ > 0 ? negative_binomial_by_search(uniform(word), mean, plan_.size_)
                               : poisson_by_search(uniform(word), mean);
    }
    if (number == 0) continue;
    const DemandPlan::Spread& spread = plan_.spreads_[plan_.spread_of_[cell]];
    Stream words = streams_.open(Purpose("people referred"), route, static_cast<std::uint64_t>(week));
    const std::uint64_t first = static_cast<std::uint64_t>(route) << 48U | static_cast<std::uint64_t>(week + 1) << 24U;
    for (std::int64_t i = 0; i < number; ++i) {
      Referral one;
      one.time = week + spread.moment(uniform(words()));
      one.risk = words();
      one.work = words();
      one.patience = words();
      one.id = first + static_cast<std::uint64_t>(i);
      one.route = static_cast<std::uint32_t>(route);
      drawn_.push_back(one);
    }
  }
  sort_into(week_referrals, week);
}

/// Puts those drawn in order of (time, id), which is that of (time, index): they were drawn in order of id.
void Demand::sort_into(std::vector<Referral>& week_referrals, int week) {
  const std::size_t n = drawn_.size();
  week_referrals.resize(n);
  if (n <= few) {  // everybody's rank, counted: there is nothing to foresee, and two comparisons are made at a time
    std::array<double, few> times;
    const std::size_t even = (n + 1) / 2 * 2;
    times[even == 0 ? 0 : even - 1] = infinity;
    for (std::size_t i = 0; i < n; ++i) times[i] = drawn_[i].time;
    std::uint64_t taken = 0;  // ranks, as bits
    for (std::size_t i = 0; i < n; ++i) {
      std::uint64_t rank = 0;
      for (std::size_t j = 0; j < even; ++j) rank += times[j] < times[i] ? 1U : 0U;
      while ((taken >> rank & 1U) != 0) ++rank;  // of equal times the smaller index
      taken |= std::uint64_t{1} << rank;
      week_referrals[rank] = drawn_[i];
    }
    return;
  }
  // Into buckets of equal length, one a person, then by insertion.
  places_.resize(n);
  const auto bucket_of = [&](const Referral& one) {
    return std::min(n - 1, static_cast<std::size_t>((one.time - week) * static_cast<double>(n)));
  };
  first_of_bucket_.assign(n + 1, 0);
  for (const Referral& one : drawn_) ++first_of_bucket_[bucket_of(one) + 1];
  for (std::size_t b = 0; b < n; ++b) first_of_bucket_[b + 1] += first_of_bucket_[b];
  for (std::uint32_t i = 0; i < n; ++i) places_[first_of_bucket_[bucket_of(drawn_[i])]++] = {drawn_[i].time, i};
  for (std::size_t i = 1; i < n; ++i) {
    const Place place = places_[i];
    std::size_t at = i;
    for (; at > 0 && (place.time < places_[at - 1].time ||
                      (place.time == places_[at - 1].time && place.index < places_[at - 1].index));
         --at)
      places_[at] = places_[at - 1];
    places_[at] = place;
  }
  for (std::size_t i = 0; i < n; ++i) week_referrals[i] = drawn_[places_[i].index];
}

}  // namespace desist
