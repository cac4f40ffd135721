#include "models/parts/demand.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <stdexcept>
#include <string>

#include "engine/core/date.hpp"
#include "engine/core/text.hpp"

namespace desist {
namespace {

/// Integral of steps(t) exp(trend t) over [from, to].
double integral(const Steps& steps, const Steps& factor, double trend, double from, double to) {
  // The changes of both step functions cut the week.
  std::vector<double> cuts{from, to};
  for (const Steps* each : {&steps, &factor})
    for (const Steps::Step& step : each->steps())
      if (step.from > from && step.from < to) cuts.push_back(step.from);
  std::sort(cuts.begin(), cuts.end());
  double sum = 0;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    const double a = cuts[i];
    const double b = cuts[i + 1];
    if (a == b) continue;
    const double middle = (a + b) / 2;
    const double length = trend == 0 ? b - a : std::exp(trend * a) * std::expm1(trend * (b - a)) / trend;
    sum += steps.at(middle) * factor.at(middle) * length;
  }
  return sum;
}

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

}  // namespace

DemandPlan::DemandPlan(const DemandParameters& parameters, const Window& window, int weeks)
    : routes_(parameters.routes.size()), weeks_(weeks), deterrence_(parameters.deterrence) {
  check_shares(parameters.season, 12, "season");
  check_shares(parameters.weekdays, 7, "weekdays");
  if (parameters.overdispersion > 0) size_ = 1 / parameters.overdispersion;
  // 1970-01-01 was a Thursday: day 0 of the window is the (days + 3) mod 7 th day of the week, Monday 0.
  const auto first_day = static_cast<std::size_t>(((window.start.days + 3) % 7 + 7) % 7);
  if (!parameters.weekdays.empty()) {
    double sum = 0;
    for (std::size_t day = 0; day < 7; ++day) days_.push_back(sum += parameters.weekdays[(first_day + day) % 7]);
    days_.back() = 1;
  }
  std::vector<double> seasons;  // of each week
  for (int week = 0; week < weeks && !parameters.season.empty(); ++week) {
    double sum = 0;
    for (int day = 0; day < 7; ++day) {
      Date date = window.start;
      date.days += 7 * week + day;
      sum += season_of(parameters.season, date);
    }
    seasons.push_back(sum / 7);
  }
  const bool tabled = size_ == 0 && deterrence_ == 0;
  std::map<double, std::uint32_t> known;
  for (std::size_t route = 0; route < routes_; ++route) {
    const double trend = std::log1p(parameters.growth[route]) / weeks_per_year;
    const bool constant = trend == 0 && seasons.empty() && parameters.referrals[route].is_constant() &&
                          parameters.take_up[route].is_constant();
    for (int week = 0; week < weeks; ++week) {
      double mean = constant && week > 0
                        ? means_.back()
                        : integral(parameters.referrals[route], parameters.take_up[route], trend, week, week + 1);
      if (!seasons.empty()) mean *= seasons[static_cast<std::size_t>(week)];
      means_.push_back(mean);
      if (!tabled) continue;
      const auto [at, is_new] = known.try_emplace(mean, static_cast<std::uint32_t>(tables_.size()));
      if (is_new) tables_.emplace_back(mean);
      tables_of_.push_back(at->second);
    }
  }
}

double DemandPlan::mean(int week, double announced_wait) const {
  double sum = 0;
  for (std::size_t route = 0; route < routes_; ++route) sum += means_[cell(route, week)];
  return sum * std::exp(-deterrence_ * announced_wait);
}

double DemandPlan::moment(double u) const {
  if (days_.empty()) return u;
  const auto day = static_cast<std::size_t>(std::upper_bound(days_.begin(), days_.end() - 1, u) - days_.begin());
  const double before = day == 0 ? 0 : days_[day - 1];
  return (static_cast<double>(day) + (u - before) / (days_[day] - before)) / 7;
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
    if (!plan_.tables_of_.empty()) {
      number = plan_.tables_[plan_.tables_of_[cell]](word);
    } else {
      const double mean = plan_.means_[cell] * std::exp(-plan_.deterrence_ * announced_wait);
      number = plan_.size_ > 0 ? negative_binomial_by_search(uniform(word), mean, plan_.size_)
                               : poisson_by_search(uniform(word), mean);
    }
    if (number == 0) continue;
    Stream people = streams_.open(Purpose("people referred"), route, static_cast<std::uint64_t>(week));
    const std::uint64_t first = static_cast<std::uint64_t>(route) << 48U | static_cast<std::uint64_t>(week + 1) << 24U;
    for (std::int64_t i = 0; i < number; ++i) {
      Referral person;
      person.time = week + plan_.moment(uniform(people()));
      person.risk = people();
      person.work = people();
      person.patience = people();
      person.id = first + static_cast<std::uint64_t>(i);
      person.route = static_cast<std::uint32_t>(route);
      drawn_.push_back(person);
    }
  }
  sort_into(week_referrals, week);
}

/// Puts those drawn in order of (time, id): many first into buckets of equal length, one a person, then by insertion.
void Demand::sort_into(std::vector<Referral>& week_referrals, int week) {
  const std::size_t n = drawn_.size();
  places_.resize(n);
  if (n > 32) {
    const auto bucket_of = [&](const Referral& person) {
      return std::min(n - 1, static_cast<std::size_t>((person.time - week) * static_cast<double>(n)));
    };
    first_of_bucket_.assign(n + 1, 0);
    for (const Referral& person : drawn_) ++first_of_bucket_[bucket_of(person) + 1];
    for (std::size_t b = 0; b < n; ++b) first_of_bucket_[b + 1] += first_of_bucket_[b];
    for (std::uint32_t i = 0; i < n; ++i) places_[first_of_bucket_[bucket_of(drawn_[i])]++] = {drawn_[i].time, i};
  } else {
    for (std::uint32_t i = 0; i < n; ++i) places_[i] = {drawn_[i].time, i};
  }
  for (std::size_t i = 1; i < n; ++i) {
    const Place place = places_[i];
    std::size_t at = i;
    for (; at > 0; --at) {
      const Place& before = places_[at - 1];
      if (before.time < place.time || (before.time == place.time && drawn_[before.index].id < drawn_[place.index].id))
        break;
      places_[at] = before;
    }
    places_[at] = place;
  }
  week_referrals.resize(n);
  for (std::size_t i = 0; i < n; ++i) week_referrals[i] = drawn_[places_[i].index];
}

}  // namespace desist
