#include "models/parts/staff.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/math/special_functions/gamma.hpp>

#include "engine/core/boost_policy.hpp"
#include "models/parts/instants.hpp"

namespace desist {
namespace {

constexpr double post_rounding = 1e-9;  // posts: 0.1 ten times is one

/// The chance that a worker who begins at 0 is there at `time`, leaving at a rate and replaced after `away` each time.
///
/// After n absences the worker has been there for time - n away, and has left n times in it:
///   sum over n <= time / away of P(Poisson(rate (time - n away)) = n).
double there_at(double time, double rate, double away) {
  if (time < 0) return 0;
  if (rate == 0 || away == 0) return 1;
  double chance = 0;
  for (int n = 0; n * away <= time; ++n) {
    const double mean = rate * (time - n * away);
    chance += mean == 0 ? (n == 0 ? 1.0 : 0.0) : boost::math::gamma_p_derivative(n + 1.0, mean, BoostPolicy());
  }
  return chance;
}

}  // namespace

StaffPlan::StaffPlan(const StaffParameters& parameters, int weeks)
    : weeks_(weeks),
      team_(static_cast<std::size_t>(std::max(1L, std::lround(parameters.team_size)))),
      absence_(parameters.absence),
      leavers_(parameters.leavers / weeks_per_year),
      away_(parameters.time_to_fill + parameters.training),
      training_(parameters.training) {
  for (int week = 0; week < weeks; ++week) {
    posts_.push_back(parameters.workers.at(week));
    // A post that comes on top of the most there have been opens now: its worker is trained first.
    while (static_cast<double>(opened_.size()) + post_rounding < posts_.back())
      opened_.push_back(week == 0 ? std::nullopt : std::optional<int>(week));
  }
}

double StaffPlan::share(std::size_t post, int week) const {
  const double left = posts_[static_cast<std::size_t>(week)] - static_cast<double>(post);
  if (left >= 1 - post_rounding) return 1;
  return left <= post_rounding ? 0 : left;
}

double StaffPlan::filled(std::size_t post, int week) const {
  if (!opened_[post]) return 1 / (1 + leavers_ * away_);
  return there_at(week - (*opened_[post] + training_), leavers_, away_);
}

void StaffPlan::draw(const Streams& streams, std::vector<double>& at_work) const {
  at_work.assign(static_cast<std::size_t>(weeks_), 0.0);
  const std::size_t whole = opened_.size() / team_ * team_;  // a team that is not whole never works
  thread_local std::vector<double> together;                 // of the present team, by week: the smallest share at work
  for (std::size_t first = 0; first < whole; first += team_) {
    together.assign(static_cast<std::size_t>(weeks_), 1.0);
    for (std::size_t post = first; post < first + team_; ++post) {
      Stream spells = streams.open(Purpose("posts filled and vacant"), post);
      Stream weeks = streams.open(Purpose("absence"), post);
      // From the start: in the long-run state, where what is left of a vacancy is uniform. Added: begins with training.
      const bool is_filled = uniform(spells()) < 1 / (1 + leavers_ * away_);
      const double vacancy_left = uniform(spells()) * away_;
      double works_from = opened_[post] ? *opened_[post] + training_ : is_filled ? 0 : vacancy_left;
      double works_until = leavers_ > 0 ? works_from - std::log(uniform(spells())) / leavers_ : never;
      for (int week = 0; week < weeks_; ++week) {
        const bool is_away = absence_ > 0 && uniform(weeks()) < absence_;
        while (works_until <= week) {
          works_from = works_until + away_;
          works_until = works_from - std::log(uniform(spells())) / leavers_;
        }
        double& all = together[static_cast<std::size_t>(week)];
        all = works_from > week || is_away ? 0 : std::min(all, share(post, week));
      }
    }
    for (std::size_t week = 0; week < at_work.size(); ++week)
      at_work[week] += together[week] * static_cast<double>(team_);
  }
}

double StaffPlan::mean(int week) const {
  double sum = 0;
  for (std::size_t first = 0; first + team_ <= opened_.size(); first += team_) {
    double all = static_cast<double>(team_) * share(first + team_ - 1, week);  // the last is the smallest
    for (std::size_t post = first; post < first + team_; ++post) all *= filled(post, week) * (1 - absence_);
    sum += all;
  }
  return sum;
}

}  // namespace desist
