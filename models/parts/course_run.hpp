// One replicate of a course, session by session.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "engine/random/stream.hpp"
#include "models/parts/course.hpp"
#include "models/parts/demand.hpp"
#include "models/parts/instants.hpp"

namespace desist {

/// Work space of a replicate, kept for its memory.
struct CourseSpace {
  /// Somebody on a list.
  struct Listed {
    double referred = 0;
    double until = 0;  // their time is over then, or they are gone on their own
    std::uint64_t id = 0;
    std::uint64_t word = 0;  // whether they complete the course
    std::uint32_t booked = 0;
  };
  /// The list of one area, in order of referral; those from `first` on wait.
  struct List {
    std::vector<Listed> cases;
    std::size_t first = 0;
    double first_gone = 0;  // nobody on it is gone on their own before this
    std::size_t waiting() const { return cases.size() - first; }
  };
  std::vector<List> lists;
  std::vector<Referral> referrals;  // of the present week
};

/// Runs one replicate of a course to which `cases` come:
///   next_week(), draw_week(referrals, announced)  as Demand has them
///   start(referral, session)                      whether a case that comes to a session completes the course
///   leave(referral, then)                         a case lapses, is lost after not coming or is gone on its own
///   starting_ids                                  the first id of those who wait at the start
/// (course.cpp, given_cases.hpp).
/// Verified by: course_test, course_cases_test, course_law_test.
template <class Cases>
class CourseRun {
 public:
  CourseRun(const CoursePlan& plan, const Streams& streams, Cases& cases, CourseSpace& space, CourseTally& tally)
      : plan_(plan),
        streams_(streams),
        cases_(cases),
        lists_(space.lists),
        referrals_(space.referrals),
        tally_(tally) {}

  void run() {
    begin();
    auto session = plan_.sessions.begin();
    double now = 0;
    for (int week = 0; week < plan_.waiting.last_week; ++week) {
      now = week + 1;
      const auto last = std::upper_bound(session, plan_.sessions.end(), now + same_instant);
      if (week < plan_.waiting.backlog_weeks || runs_short(static_cast<std::size_t>(last - session)))
        while (cases_.next_week() <= week) refer();
      for (; session != last; ++session)
        for (List& list : lists_) hold(list, *session);
      std::size_t asked_for = 0;
      for (List& list : lists_) {
        lapse(list, now);
        if (list.waiting() > 0 && list.cases[list.first].referred < plan_.waiting.asked_until) ++asked_for;
      }
      if (tally_.waiting.may_stop(now, asked_for)) break;
    }
    for (List& list : lists_) {
      for (; list.waiting() > 0; ++list.first) {
        tally_.waiting.still_waits(list.cases[list.first].referred, now);
        tally_.all_waiting += 1;
      }
    }
  }

 private:
  using Listed = CourseSpace::Listed;
  using List = CourseSpace::List;

  void begin() {
    tally_.begin(plan_);
    lists_.resize(plan_.areas);
    for (List& list : lists_) {
      list.cases.clear();
      list.first = 0;
      list.first_gone = never;
    }
    const std::vector<double>& starting = plan_.waiting.starting;
    for (std::size_t r = 0; r < starting.size(); ++r)
      lists_[r % plan_.areas].cases.push_back({starting[r], starting[r] + plan_.eligible_for, Cases::starting_ids + r,
                                               streams_.words(Purpose("completion of cases at the start"), r)[0], 0});
    tally_.all = static_cast<double>(starting.size());
  }

  static Referral referral_of_listed(const Listed& each) {
    Referral referral;
    referral.time = each.referred;
    referral.id = each.id;
    referral.work = each.word;
    return referral;
  }

  void leave(const Listed& each, double time) {
    tally_.waiting.gave_up(each.referred, time);
    cases_.leave(referral_of_listed(each), time);
  }

  void lapse_or_go(const Listed& each) {
    leave(each, each.until);
    if (each.until < each.referred + plan_.eligible_for) {
      tally_.all_gone += 1;
      return;
    }
    tally_.all_lapsed += 1;
    if (each.referred >= 0 && each.referred < plan_.waiting.end) tally_.lapsed += 1;
  }

  /// Those whose time is over leave the list. All are eligible for as long, so those who lapse stand first; who is gone
  /// on their own may stand anywhere.
  void lapse(List& list, double now) {
    if (list.first_gone < now) {
      list.first_gone = never;
      const auto first = list.cases.begin() + static_cast<std::ptrdiff_t>(list.first);
      list.cases.erase(std::remove_if(first, list.cases.end(),
                                      [&](const Listed& each) {
                                        if (each.until < now) {
                                          lapse_or_go(each);
                                          return true;
                                        }
                                        expect_to_go(list, each);
                                        return false;
                                      }),
                       list.cases.end());
    }
    for (; list.waiting() > 0 && list.cases[list.first].until < now; ++list.first) lapse_or_go(list.cases[list.first]);
  }

  void expect_to_go(List& list, const Listed& each) const {
    if (each.until < each.referred + plan_.eligible_for) list.first_gone = std::min(list.first_gone, each.until);
  }

  /// A session of the area of this list is held or cancelled.
  void hold(List& list, double time) {
    lapse(list, time);
    const double closes = time - plan_.notice + same_instant;
    std::size_t booked = 0;
    const std::size_t most = std::min(plan_.largest, list.waiting());
    while (booked < most && list.cases[list.first + booked].referred <= closes) ++booked;
    const bool in_window = time <= plan_.waiting.end + same_instant;
    if (booked < plan_.smallest) {
      if (in_window) tally_.cancelled += 1;
      return;
    }
    if (in_window) {
      tally_.held += 1;
      if (booked == plan_.largest) tally_.full += 1;
    }
    meet(list, time, booked);
  }

  /// The first of the list are booked on a session: who doesn't come and is booked again keeps their place.
  void meet(List& list, double time, std::size_t booked) {
    const bool in_window = time <= plan_.waiting.end + same_instant;
    std::size_t kept = list.first + booked;  // those who stay on the list are moved up to those who were not booked
    for (std::size_t i = list.first + booked; i-- > list.first;) {
      Listed each = list.cases[i];
      if (plan_.no_show > 0) {
        const Words words = streams_.words(Purpose("coming to a session"), each.id, each.booked);
        if (uniform(words[0]) < plan_.no_show) {
          ++each.booked;
          if (uniform(words[1]) < plan_.rebooked) {
            list.cases[--kept] = each;
          } else {
            leave(each, time);
            tally_.all_lost += 1;
          }
          continue;
        }
      }
      tally_.waiting.seen(each.referred, time);
      tally_.all_came += 1;
      const bool completes = cases_.start(referral_of_listed(each), time);
      if (in_window) {
        tally_.came += 1;
        if (completes) tally_.completed += 1;
      }
    }
    list.first = kept;
  }

  /// The cases of the next week join the lists of their areas.
  void refer() {
    const int week = cases_.next_week();
    cases_.draw_week(referrals_, tally_.waiting.announced(week));
    for (const Referral& referral : referrals_) {
      List& list = lists_[static_cast<std::size_t>(uniform(referral.risk) * static_cast<double>(plan_.areas))];
      const double until = std::min(referral.time + plan_.eligible_for, referral.leaves);
      list.cases.push_back({referral.time, until, referral.id, referral.work, 0});
      expect_to_go(list, list.cases.back());
    }
    tally_.all += static_cast<double>(referrals_.size());
    if (week < plan_.waiting.weeks) tally_.referred += static_cast<double>(referrals_.size());
  }

  /// Whether so many sessions may need more than those who are listed: else who comes later changes nothing for them,
  /// and in an overloaded course need not be drawn.
  bool runs_short(std::size_t sessions) const {
    if (plan_.eligible_for < never) return true;  // some may lapse first
    return std::any_of(lists_.begin(), lists_.end(), [&](const List& list) {
      return list.first_gone < never || list.waiting() < sessions * plan_.largest;
    });
  }

  const CoursePlan& plan_;
  const Streams& streams_;
  Cases& cases_;
  std::vector<List>& lists_;
  std::vector<Referral>& referrals_;
  CourseTally& tally_;
};

}  // namespace desist
