// The model "cohort": people of one entry rule put through before, during and after a programme.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/random/stream.hpp"
#include "engine/simulation/contract.hpp"
#include "models/parts/career_events.hpp"
#include "models/parts/cohort_plan.hpp"
#include "models/parts/cohort_tally.hpp"

namespace desist {

/// What is measured of one phase; its names end with the phase: "recorded_before".
template <CareerPhase phase>
struct PhaseOutcomes {
  double people = 0;
  double offences = 0;
  double recorded = 0;
  double proven = 0;
  double any_recorded = 0;
  double any_proven = 0;
  double median_recorded = 0;
  double recorded_a_month = 0;
  double recorded_a_free_month = 0;
  double expected_a_month = 0;
  double expected_a_free_month = 0;
  double offences_a_free_month = 0;
  double stolen_a_week = 0;
  double spend_a_week = 0;

  static void describe(auto& v) {
    using O = PhaseOutcomes;
    using enum Better;
    const std::string_view name = phase == CareerPhase::before   ? "before"
                                  : phase == CareerPhase::during ? "during"
                                                                 : "after";
    const std::string end = "_" + std::string(name);
    const std::string of_phase = phase == CareerPhase::before   ? " before the programme"
                                 : phase == CareerPhase::during ? " during the programme"
                                                                : " after the programme";
    const auto outcome = [&](const char* what, double O::*member, const char* unit, Better better, bool may_be_missing,
                             const char* help) {
      v.outcome(what + end, member,
                {.unit = unit, .better = better, .may_be_missing = may_be_missing, .help = help + of_phase + "."});
    };
    outcome("people", &O::people, "person", neither, false, "People with any time");
    outcome("offences", &O::offences, "offence", lower, false, "Offences, seen or not,");
    outcome("recorded", &O::recorded, "offence", lower, false,
            "Offences that are recorded by the end of the window, by the day on which they were committed,");
    outcome("proven", &O::proven, "offence", lower, false,
            "Offences that are proven: convicted no later than proven_wait after the phase, committed");
    outcome("any_recorded", &O::any_recorded, "share", lower, true, "Share of people with a recorded offence");
    outcome("any_proven", &O::any_proven, "share", lower, true, "Share of people with a proven offence");
    outcome("median_recorded", &O::median_recorded, "offence", lower, true, "Median of people's recorded offences");
    outcome("recorded_a_month", &O::recorded_a_month, "offence/month", lower, true,
            "Recorded offences of a person in a calendar month");
    outcome("recorded_a_free_month", &O::recorded_a_free_month, "offence/month", lower, true,
            "Recorded offences of a person in a month of freedom");
    outcome("expected_a_month", &O::expected_a_month, "offence/month", lower, true,
            "Mean rate of offences that are recorded, given what state everybody is in: recorded_a_month without the "
            "chance of single offences");
    outcome("expected_a_free_month", &O::expected_a_free_month, "offence/month", lower, true,
            "The same of a person in a month of freedom: recorded_a_free_month without the chance of single offences");
    outcome("offences_a_free_month", &O::offences_a_free_month, "offence/month", lower, true,
            "Offences, seen or not, of a person in a month of freedom");
    outcome("stolen_a_week", &O::stolen_a_week, "£/week", lower, true,
            "Median of what people steal in a week, where every offence is recorded,");
    outcome("spend_a_week", &O::spend_a_week, "£/week", lower, true, "Mean of what people spend on drugs in a week");
  }
};

/// Falls from before a programme to a later phase on several clocks; their names end with that phase.
template <CareerPhase phase>
struct PhaseFalls {
  double recorded = 0;
  double recorded_a_month = 0;
  double recorded_a_free_month = 0;
  double expected_a_free_month = 0;

  static void describe(auto& v) {
    using O = PhaseFalls;
    const std::string name = phase == CareerPhase::during ? "during" : "after";
    const auto fall = [&](const char* what, double O::*member, const char* help) {
      v.outcome(std::string(what) + "_" + name, member,
                {.unit = "share",
                 .better = Better::neither,
                 .may_be_missing = true,
                 .help = "Fall from before the programme to " + name + " it, " + help + "."});
    };
    fall("fall_recorded", &O::recorded, "of recorded offences as counted, however long each phase is");
    fall("fall_recorded_a_month", &O::recorded_a_month, "of recorded offences of a person in a calendar month");
    fall("fall_recorded_a_free_month", &O::recorded_a_free_month,
         "of recorded offences of a person in a month of freedom");
    fall("fall_expected_a_free_month", &O::expected_a_free_month,
         "of expected_a_free_month: people's rates, without the luck for which some were picked");
  }
};

struct Cohort {
  static constexpr ModelInfo info{"cohort", "People offend, enter a programme and leave it; what is seen of them.",
                                  "docs/models/cohort.md"};
  using Parameters = CohortParameters;
  using Bound = CohortPlan;
  static std::vector<IdleParameter> idle(const Parameters& parameters) { return idle_parameters(parameters); }

  struct Outcomes : PhaseOutcomes<CareerPhase::before>,
                    PhaseOutcomes<CareerPhase::during>,
                    PhaseOutcomes<CareerPhase::after>,
                    PhaseFalls<CareerPhase::during>,
                    PhaseFalls<CareerPhase::after> {
    double offences = 0;
    double recorded = 0;
    double arrests = 0;
    double charges = 0;
    double convictions = 0;
    double sentences = 0;
    double stolen = 0;
    double harm = 0;
    std::vector<double> offences_by_year;
    std::vector<double> recorded_by_year;
    std::vector<double> stolen_by_year;
    std::vector<double> harm_by_year;
    std::vector<double> offences_by_type;
    std::vector<double> recorded_by_type;
    std::vector<double> offences_by_victim;
    std::vector<double> recorded_by_victim;
    std::vector<double> offences_by_year_and_victim;
    std::vector<double> offences_by_year_phase_and_type;
    std::vector<double> offences_by_year_phase_and_victim;
    double referred = 0;
    double people_referred = 0;
    double share_again = 0;
    double started = 0;
    double completed = 0;
    double dropped_out = 0;
    double breached = 0;
    double share_completed = 0;
    double desisted = 0;
    double died = 0;
    double custody_end = 0;
    double custody_years = 0;
    double free_years = 0;

    static void describe(auto& v);
  };

  struct Series {
    std::vector<double> offences;
    std::vector<double> recorded;
    std::vector<double> offending;
    std::vector<double> in_custody;
    std::vector<double> in_programme;
    std::vector<double> using_drugs;
    std::vector<double> desisted;

    static void describe(auto& v) {
      using S = Series;
      v.series("offences", &S::offences, {.unit = "offence", .help = "Offences of the week, seen or not."});
      v.series("recorded", &S::recorded, {.unit = "offence", .help = "Offences recorded in the week."});
      v.series("offending", &S::offending,
               {.unit = "person", .help = "People alive, free and not desisted at the end of the week."});
      v.series("in_custody", &S::in_custody, {.unit = "person", .help = "People in custody at the end of the week."});
      v.series("in_programme", &S::in_programme,
               {.unit = "person", .help = "People in the programme at the end of the week."});
      v.series("using_drugs", &S::using_drugs,
               {.unit = "person", .help = "People alive in the state of using at the end of the week."});
      v.series("desisted", &S::desisted,
               {.unit = "person", .help = "People alive who have desisted, at the end of the week."});
    }
  };

  static void replicate(const Bound& plan, const Streams& streams, Outcomes& outcomes, Series& series);
  static std::vector<TraceLane> trace_lanes();
  static std::vector<Trace> traces(const Bound& plan, const Streams& streams, std::size_t people);
  static constexpr std::string_view history_types = "types";
  static void histories(const Bound& plan, const Streams& streams, std::span<const HistoryRequest> people, double weeks,
                        PersonHistories& histories);
};

/// What a cohort's tally, finished, says of a replicate.
void report(const CohortPlan& plan, CohortTally& tally, Cohort::Outcomes& outcomes, Cohort::Series& series);

void Cohort::Outcomes::describe(auto& v) {
  using O = Outcomes;
  using enum Better;
  const auto amount = [&](const char* name, double O::*member, const char* unit, Better better, const char* help) {
    v.outcome(name, member, {.unit = unit, .better = better, .help = help});
  };
  const auto over = [&](const char* name, std::vector<double> O::*member, const char* list, const char* help) {
    v.outcome(name, member, {.unit = "offence", .better = lower, .over = list, .help = help});
  };
  amount("offences", &O::offences, "offence", lower, "Offences in the window, seen or not.");
  amount("recorded", &O::recorded, "offence", lower, "Offences recorded in the window.");
  amount("arrests", &O::arrests, "arrest", lower, "Arrests in the window.");
  amount("charges", &O::charges, "charge", lower, "Charges in the window.");
  amount("convictions", &O::convictions, "conviction", lower, "Convictions and cautions in the window.");
  amount("sentences", &O::sentences, "sentence", lower, "Of these, those that lead to custody.");
  amount("stolen", &O::stolen, "£", lower, "Value stolen in the window, seen or not.");
  amount("harm", &O::harm, "day", lower, "Harm of the offences in the window, in days of imprisonment.");
  over("offences_by_year", &O::offences_by_year, "years", "Offences in each year, seen or not.");
  over("recorded_by_year", &O::recorded_by_year, "years", "Offences recorded in each year.");
  v.outcome("stolen_by_year", &O::stolen_by_year,
            {.unit = "£", .better = lower, .over = "years", .help = "Value stolen in each year, seen or not."});
  v.outcome("harm_by_year", &O::harm_by_year,
            {.unit = "day",
             .better = lower,
             .over = "years",
             .help = "Harm of the offences of each year, in days of imprisonment."});
  over("offences_by_type", &O::offences_by_type, "types", "Offences of each type in the window, seen or not.");
  over("recorded_by_type", &O::recorded_by_type, "types", "Recorded offences of each type.");
  over("offences_by_victim", &O::offences_by_victim, "victims",
       "Offences by type and kind of victim in the window, seen or not.");
  over("recorded_by_victim", &O::recorded_by_victim, "victims", "Recorded offences by type and kind of victim.");
  over("offences_by_year_and_victim", &O::offences_by_year_and_victim, "years x victims",
       "Offences in each year by type and kind of victim, seen or not.");
  over("offences_by_year_phase_and_type", &O::offences_by_year_phase_and_type, "years x phases x types",
       "Offences in each year of people in each phase, by type, seen or not.");
  over("offences_by_year_phase_and_victim", &O::offences_by_year_phase_and_victim, "years x phases x victims",
       "Offences in each year of people in each phase, by type and kind of victim, seen or not.");
  amount("referred", &O::referred, "person", neither,
         "People referred in the window; who is referred again (`again`) counts again, here and below.");
  amount("people_referred", &O::people_referred, "person", neither, "The same, each counted once.");
  v.outcome("share_again", &O::share_again,
            {.unit = "share",
             .better = neither,
             .may_be_missing = true,
             .help = "Of the referrals, the share that is of people who were referred before."});
  amount("started", &O::started, "person", neither, "People who start the programme.");
  amount("completed", &O::completed, "person", higher, "People who complete it.");
  amount("dropped_out", &O::dropped_out, "person", lower, "People who drop out of it.");
  amount("breached", &O::breached, "person", lower, "People whom a breach puts out of it.");
  v.outcome("share_completed", &O::share_completed,
            {.unit = "share",
             .better = higher,
             .may_be_missing = true,
             .help = "Of those who start and leave in the window, the share that completes."});
  amount("desisted", &O::desisted, "person", higher, "People who give up crime for good in the window.");
  amount("died", &O::died, "person", lower, "People who die in the window.");
  amount("custody_end", &O::custody_end, "person", lower, "People in custody at the end of the window.");
  amount("custody_years", &O::custody_years, "year", lower, "Years that people spend in custody.");
  amount("free_years", &O::free_years, "year", neither, "Years that people spend in freedom.");
  PhaseOutcomes<CareerPhase::before>::describe(v);
  PhaseOutcomes<CareerPhase::during>::describe(v);
  PhaseOutcomes<CareerPhase::after>::describe(v);
  PhaseFalls<CareerPhase::during>::describe(v);
  PhaseFalls<CareerPhase::after>::describe(v);
}

}  // namespace desist
