// A cohort of people of one entry rule: who is in it, and when each enters (mathematics.md 2.1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/random/stream.hpp"
#include "engine/simulation/declaration.hpp"
#include "engine/simulation/profile.hpp"
#include "models/parts/career.hpp"
#include "models/parts/career_events.hpp"
#include "models/parts/career_plan.hpp"
#include "models/parts/career_strips.hpp"
#include "models/parts/joint_counts.hpp"
#include "models/parts/programme.hpp"
#include "models/parts/programme_plan.hpp"

namespace desist {

struct CohortParameters : CareerParameters, ProgrammeParameters {
  enum class Followed { to_the_end, to_the_last_phase };

  std::int64_t people = 0;
  double stands_for = 1;
  std::vector<std::string> years;
  std::vector<std::string> phases;
  Followed followed = Followed::to_the_end;
  enum class Held { no, yes };
  Held held_states = Held::no;
  Held held_ageing = Held::no;
  Held held_custody = Held::no;
  Held held_detection = Held::no;
  Held held_effect = Held::no;

  static void describe(auto& v) {
    v.one_of("followed", &CohortParameters::followed, {"to the end", "to the last phase"},
             {.off = 0,
              .help = "Whether people are followed to the end of the window or no longer than to the end of their last "
                      "phase, where nothing later is asked for: what is said of the window then is of the phases."});
    const auto held = [&](const char* name, Held CohortParameters::*member, const char* help) {
      v.one_of(name, member, {"no", "yes"}, {.off = 0, .help = help});
    };
    held(
        "held_states", &CohortParameters::held_states,
        "Whether, from the start of the programme on, drugs and spells stand still at each person's mean over the time "
        "before, and rates don't drift: for decompositions.");
    held("held_ageing", &CohortParameters::held_ageing, "The same for age and desistance; nobody dies.");
    held("held_custody", &CohortParameters::held_custody, "The same for custody and residence.");
    held("held_detection", &CohortParameters::held_detection, "Whether detection stays as before.");
    held("held_effect", &CohortParameters::held_effect, "Whether the programme changes no rate.");
    describe_people(v);
  }
  /// All but how long they are followed.
  static void describe_people(auto& v) {
    using P = CohortParameters;
    v.number("people", &P::people, {.unit = "person", .range = {1, 1e7}, .help = "People in the cohort."});
    v.number(
        "stands_for", &P::stands_for,
        {.unit = "person",
         .range = {1, 1e6},
         .off = 1,
         .help = "People that each of them stands for: outcomes that count are multiplied by it. Means stay right, "
                 "bands that come from luck get too wide."});
    v.items("years", &P::years,
            {.unit = "year",
             .may_be_absent = true,
             .help = "Years of the window by which offences are counted; a week is of the year in which it begins."});
    v.items("phases", &P::phases,
            {.unit = "phase",
             .may_be_absent = true,
             .help = "Phases by which offences are counted together with years and types, or kinds of victims: of "
                     "before, during, after and outside."});
    CareerParameters::describe(v);
    ProgrammeParameters::describe(v);
  }
};

/// Parameters that change nothing beside the others, of the programme and of careers: a lag of what never happens, a
/// figure by class without classes. Verified by: career_groups_test.
std::vector<IdleParameter> idle_parameters(const CohortParameters& parameters);

/// A cohort with the numbers of one draw and arm.
struct CohortPlan {
  /// Throws std::invalid_argument for parameters that contradict one another.
  CohortPlan(const CohortParameters& parameters, const Window& window);

  CareerPlan career;
  ProgrammePlan programme;
  CohortBreakdown counted_by;
  std::size_t people = 0;
  double scale = 1;
};

/// How many people are followed between two looks at whether to give up: some milliseconds.
inline constexpr std::size_t people_between_looks = 1024;

/// One person of the cohort: the person's name in streams, and the entry.
struct CohortMember {
  CareerPerson person;
  CareerEntry entry;
};

/// Finds the people of a cohort one by one, by rejection where an entry rule chooses among many.
///
/// The i-th member is the first of the candidates i, i + 2^40, i + 2 x 2^40, ... who fits the rule; so one more member
/// moves nobody. The highest of a list are chosen among candidates 0, 1, ... by (recorded offences, key).
/// Verified by: career_test, career_law_test.
class CohortIntake {
 public:
  CohortIntake(const CohortPlan& plan, const Streams& streams);

  CohortMember member(std::size_t i);

 private:
  bool may_fit(const CareerPerson& person) const;
  bool fits(const CareerPerson& person, CareerEntry& entry) const;
  void choose_highest();

  const CohortPlan& plan_;
  const Streams& streams_;
  MetBy met_ = MetBy::counting;
  std::optional<EnoughCandidates> offences_asked_for_;  // by the rule
  double highest_factor_ = 1;                           // of anybody's rate, whatever their age and state
  std::vector<std::uint64_t> chosen_;                   // of a list of the highest
};

}  // namespace desist
