// Staff: posts that are filled, vacant or in training, people away, and teams that work only when all are there.
//
// What it computes and what it leaves out: docs/models/staff.md (mathematics.md 4.5, 4.6).
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/random/stream.hpp"
#include "engine/simulation/profile.hpp"

namespace desist {

/// The people of a service. Simulated time is in weeks.
struct StaffParameters {
  Steps workers;
  double team_size = 1;
  double absence = 0;
  double leavers = 0;
  double time_to_fill = 0;
  double training = 0;

  /// `none_needed`: whether the service can do work without them.
  static void describe(auto& v, bool none_needed = true) {
    using P = StaffParameters;
    v.number("workers", &P::workers,
             {.unit = "worker",
              .range = {0, 1e4},
              .off = none_needed ? std::optional<double>(0) : std::nullopt,
              .help = "Posts, in full-time equivalents."});
    v.number("team_size", &P::team_size,
             {.unit = "worker",
              .range = {1, 10},
              .off = 1,
              .help = "Workers in a team; a team with one of them away does not work that week."});
    v.number("absence", &P::absence,
             {.unit = "share",
              .range = {0, 1},
              .off = 0,
              .help = "Share of weeks in which a worker is away: leave, sickness, training days."});
    v.number("leavers", &P::leavers,
             {.unit = "1/year", .range = {0, 12}, .off = 0, .help = "How often a worker leaves, per year in post."});
    v.number("time_to_fill", &P::time_to_fill,
             {.unit = "week",
              .range = {0, 260},
              .off = 0,
              .help = "Time from a worker's leaving to the next one's first day."});
    v.number("training", &P::training,
             {.unit = "week",
              .range = {0, 104},
              .off = 0,
              .help = "Time from a new worker's first day until they work; also of those whose posts are added."});
  }
};

/// The staff of one draw and arm, bound for weeks 0 to weeks - 1.
class StaffPlan {
 public:
  StaffPlan(const StaffParameters& parameters, int weeks);

  /// Workers at work in each week of one replicate, in full-time equivalents; only whole teams count.
  ///
  /// A post is one worker (the last of a fraction counts as that fraction: so does a team with it in). Each post
  /// alternates between filled, for an exponential time of mean 1/leavers, and empty, for time_to_fill + training; at
  /// the start it is filled with the long-run chance. Each week a worker in post is away with chance `absence`. What
  /// holds at the start of a week holds for the week. Posts are numbered, and a post's words depend on its number and
  /// the week alone: one more post changes nothing for the others (mathematics.md 0.4). Verified by: staff_test.
  void draw(const Streams& streams, std::vector<double>& at_work) const;

  /// Expected workers at work in a week: the mean of what `draw` gives. Verified by: staff_test.
  double mean(int week) const;
  /// Whether nothing is left to chance: `draw` then gives the same every time.
  bool is_certain() const { return absence_ == 0 && leavers_ == 0; }

 private:
  /// The part of a post that there is in a week: all, none, or the fraction at the end.
  double share(std::size_t post, int week) const;
  /// The chance that the worker of a post is there and trained in a week.
  double filled(std::size_t post, int week) const;

  std::vector<double> posts_;               // by week
  std::vector<std::optional<int>> opened_;  // by post: the week in which it was added; nothing: from the start
  int weeks_ = 0;
  std::size_t team_ = 1;
  double absence_ = 0;
  double leavers_ = 0;  // a week
  double away_ = 0;     // weeks until the next one works
  double training_ = 0;
};

}  // namespace desist
