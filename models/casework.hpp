// The model "casework": cases of so many staff hours, done by staff who work certain days and hours.
#pragma once

#include <vector>

#include "engine/random/stream.hpp"
#include "engine/simulation/contract.hpp"
#include "models/parts/casework.hpp"

namespace desist {

struct Casework {
  static constexpr ModelInfo info{"casework",
                                  "Cases of so many staff hours wait for staff who work certain days and hours.",
                                  "docs/models/casework.md"};
  using Parameters = CaseworkParameters;
  using Bound = CaseworkPlan;

  struct Outcomes : WaitingOutcomes {
    double on_time = 0;
    std::vector<double> share_on_time;
    double mean_turnaround = 0;
    double overdue_end = 0;
    std::vector<double> overdue_on;
    double outstanding_end = 0;
    std::vector<double> outstanding_on;
    double finished_a_week = 0;
    double hours_referred_a_week = 0;
    double hours_offered_a_week = 0;
    double hours_used_a_week = 0;
    double spare_hours_a_week = 0;
    double utilisation = 0;

    static void describe(auto& v) {
      using O = Outcomes;
      using enum OutcomeField::Kind;
      using enum Better;
      WaitingOutcomes::describe(v);
      v.outcome("on_time", &O::on_time,
                {.kind = chance,
                 .better = higher,
                 .help = "Of every class, at least the wanted share of the cases referred in the window is finished by "
                         "its due date."});
      v.outcome("share_on_time", &O::share_on_time,
                {.unit = "share",
                 .better = higher,
                 .over = "classes",
                 .may_be_missing = true,
                 .help = "Share of the class's cases referred in the window that are finished by their due date."});
      v.outcome("mean_turnaround", &O::mean_turnaround,
                {.unit = "week",
                 .better = lower,
                 .may_be_missing = true,
                 .help = "Mean time from referral until finished, of the cases referred in the window."});
      v.outcome("overdue_end", &O::overdue_end,
                {.unit = "case", .better = lower, .help = "Unfinished cases past their due date at the end."});
      v.outcome("overdue_on", &O::overdue_on,
                {.unit = "case",
                 .better = lower,
                 .over = "clear_dates",
                 .help = "Unfinished cases past their due date on the date."});
      v.outcome("outstanding_end", &O::outstanding_end,
                {.unit = "case", .better = lower, .help = "Cases referred and not finished at the end, begun or not."});
      v.outcome("outstanding_on", &O::outstanding_on,
                {.unit = "case",
                 .better = lower,
                 .over = "clear_dates",
                 .help = "Cases referred and not finished on the date, begun or not."});
      v.outcome("finished_a_week", &O::finished_a_week,
                {.unit = "case/week", .better = higher, .help = "Cases finished in the window."});
      v.outcome("hours_referred_a_week", &O::hours_referred_a_week,
                {.unit = "working hour/week", .help = "Hours of work that the cases referred in the window take."});
      v.outcome("hours_offered_a_week", &O::hours_offered_a_week,
                {.unit = "working hour/week", .help = "Staff hours there are for these cases in the window."});
      v.outcome("hours_used_a_week", &O::hours_used_a_week,
                {.unit = "working hour/week", .help = "Staff hours worked on cases in the window."});
      v.outcome("spare_hours_a_week", &O::spare_hours_a_week,
                {.unit = "working hour/week", .help = "Staff hours in the window in which there was nothing to do."});
      v.outcome("utilisation", &O::utilisation,
                {.unit = "share",
                 .may_be_missing = true,
                 .help = "Share of the staff hours in the window that are worked on cases."});
    }
  };

  struct Series : WaitingSeries {
    std::vector<double> outstanding;
    std::vector<double> overdue;
    std::vector<double> hours_outstanding;

    static void describe(auto& v) {
      using S = Series;
      WaitingSeries::describe(v);
      v.series("outstanding", &S::outstanding,
               {.unit = "case", .help = "Cases referred and not finished at the end of the week."});
      v.series("overdue", &S::overdue,
               {.unit = "case", .help = "Unfinished cases past their due date at the end of the week."});
      v.series("hours_outstanding", &S::hours_outstanding,
               {.unit = "working hour", .help = "Hours of work that the unfinished cases still take."});
    }
  };

  /// What a run came to, whoever came.
  static void report(const Bound& plan, const CaseworkTally& tally, Outcomes& outcomes, Series& series);
  static void replicate(const Bound& plan, const Streams& streams, Outcomes& outcomes, Series& series);
};

}  // namespace desist
