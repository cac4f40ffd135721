#include "models/parts/staff.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace desist {
namespace {

constexpr double rounding = 1e-9;  // posts: 0.1 ten times is one

}  // namespace

StaffPlan::StaffPlan(const StaffParameters& parameters, int weeks)
    : weeks_(weeks),
      team_(std::max(1, static_cast<int>(std::lround(parameters.team_size)))),
      absence_(parameters.absence),
      leavers_(parameters.leavers / weeks_per_year),
      away_(parameters.time_to_fill + parameters.training),
      training_(parameters.training) {
  double most = 0;
  for (int week = 0; week < weeks; ++week) {
    posts_.push_back(parameters.workers.at(week));
    // A post that comes on top of the most there have been opens now: its worker is trained first.
    while (static_cast<double>(opened_.size()) + rounding < posts_.back())
      opened_.push_back(week == 0 ? -std::numeric_limits<double>::infinity() : week);
    most = std::max(most, posts_.back());
  }
}

void StaffPlan::draw(const Streams& streams, std::vector<double>& at_work) const {
  at_work.assign(static_cast<std::size_t>(weeks_), 0.0);
  const double filled_share = leavers_ > 0 ? 1 / (1 + leavers_ * away_) : 1;
  const std::size_t posts = opened_.size();
  const auto team = static_cast<std::size_t>(team_);
  thread_local std::vector<double> together;  // of the present team, by week: the smallest share at work
  for (std::size_t first = 0; first < posts; first += team) {
    together.assign(static_cast<std::size_t>(weeks_), 1.0);
    for (std::size_t post = first; post < first + team; ++post) {
      if (post >= posts) {  // a team that is not whole
        std::fill(together.begin(), together.end(), 0.0);
        break;
      }
      Stream spells = streams.open(Purpose("posts filled and vacant"), post);
      Stream weeks = streams.open(Purpose("absence"), post);
      // A post that exists at the start is filled with the long-run chance; a vacancy then has its mean left by half.
      const double begins = std::isinf(opened_[post]) ? 0 : opened_[post] + training_;
      const bool filled_first = !std::isinf(opened_[post]) || uniform(spells()) < filled_share;
      const double vacancy_left = uniform(spells()) * away_;
      double works_from = filled_first ? begins : vacancy_left;
      double works_until =
          leavers_ > 0 ? works_from - std::log(uniform(spells())) / leavers_ : std::numeric_limits<double>::infinity();
      for (int week = 0; week < weeks_; ++week) {
        const bool is_away = uniform(weeks()) < absence_;
        while (works_until <= week) {
          works_from = works_until + away_;
          works_until = works_from - std::log(uniform(spells())) / leavers_;
        }
        const auto at = static_cast<std::size_t>(week);
        const double share = std::clamp(posts_[at] - static_cast<double>(post) + rounding, 0.0, 1.0);
        const double worked = works_from > week || is_away ? 0
                              : share >= 1 - 2 * rounding  ? 1
                              : share <= 2 * rounding      ? 0
                                                           : share;
        together[at] = std::min(together[at], worked);
      }
    }
    for (std::size_t week = 0; week < at_work.size(); ++week)
      at_work[week] += together[week] * static_cast<double>(team);
  }
}

double StaffPlan::mean(int week) const {
  const double filled_share = leavers_ > 0 ? 1 / (1 + leavers_ * away_) : 1;
  const double at_work = filled_share * (1 - absence_);
  const double teams = std::floor(posts_[static_cast<std::size_t>(week)] / team_ + rounding);
  return team_ == 1 ? posts_[static_cast<std::size_t>(week)] * at_work : teams * team_ * std::pow(at_work, team_);
}

}  // namespace desist
