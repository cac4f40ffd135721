// From people, their offences and their spells in custody to outcomes of each person, on two clocks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/date.hpp"
#include "engine/data/csv_file.hpp"
#include "engine/data/data_problem.hpp"

namespace desist {

/// A person whose offences are looked for on the days after the index date up to and including the end.
struct FollowedPerson {
  Date index;
  Date end;                       // the last day on which an offence would be known
  std::optional<Date> completed;  // the course, where the person completed it
};

/// An offence; `person` counts the people from 0, nothing where nobody of them is meant.
struct Offence {
  std::optional<std::uint32_t> person;
  Date committed;
  std::optional<Date> convicted;
  std::optional<double> harm;  // its weight, where offences are weighted
};

/// Days after `from` up to and including `to`; no `to`: beyond the follow-up.
struct CustodySpell {
  std::optional<std::uint32_t> person;
  Date from;
  std::optional<Date> to;
};

struct Histories {
  std::vector<FollowedPerson> people;
  std::vector<Offence> offences;
  std::vector<CustodySpell> custody;
};

/// For each row of `ids`, the row of `people` with the same text; nothing where there is none or it is missing.
/// Both columns are texts or categories. Verified by: outcomes_test.
std::vector<std::optional<std::uint32_t>> people_of(const DataColumn& ids, const DataColumn& people);

/// The corresponding date `months` later: the day of the month with the same number, or the month's last day where it
/// has no such day (Dodds v Walker [1981] 1 WLR 1027; 31 January + 1 is 28 or 29 February, 29 February + 12 is 28
/// February). Verified by: outcomes_test.
Date months_after(Date date, int months);

/// What is known of an event in a window: people not followed for the whole of it are neither yes nor no, whatever was
/// seen of them; else those seen early would stay and those not seen would go.
enum class Seen { no, yes, not_followed };

/// One person in one window of months: the days after the index date up to and including the corresponding date.
struct WindowOutcome {
  Seen reoffended = Seen::no;
  Seen proven = Seen::no;
  int reoffences = 0;  // days are as followed: for rates, not for risks, where follow-up is unequal
  int proven_reoffences = 0;
  double harm = 0;          // sum of the weights of the reoffences
  int calendar_days = 0;    // of the window, up to the end of the follow-up
  int free_days = 0;        // without the days in custody
  int free_reoffences = 0;  // those not in custody: what belongs over the free days
};

struct WindowOutcomes {
  int months = 12;
  std::vector<WindowOutcome> people;
};

/// One person over the whole follow-up.
struct FollowUpOutcome {
  int reoffences = 0;
  int free_reoffences = 0;
  double harm = 0;
  int calendar_days = 0;
  int free_days = 0;
  int days_to_first = 0;       // to the first reoffence, else to the end of the follow-up
  bool reoffended = false;     // false: censored at days_to_first
  int free_days_to_first = 0;  // to the first reoffence outside custody, else all free days
  bool reoffended_free = false;
};

struct OutcomeRules {
  std::vector<int> windows{12, 24};  // months
  /// After the end of a window, within which the conviction of an offence in the window counts as proof: Ministry of
  /// Justice, Guide to proven reoffending statistics: one year, and a further six months.
  int conviction_months = 6;
};

struct PeopleOutcomes {
  std::vector<WindowOutcomes> windows;
  std::vector<FollowUpOutcome> follow_up;
  std::vector<DataProblem> notes;  // what was left out or counted with care, and how often; rows are those of its file
};

/// Counts reoffences of each person: offences after the index date and not after the end of the follow-up. Proven needs
/// follow-up to the end of the further months. Verified by: outcomes_test, outcomes_naive_test.
PeopleOutcomes outcomes_from_events(const Histories& histories, const OutcomeRules& rules);

enum class ExposureClock { calendar, free };

/// An interval (start, stop] in which a person was at risk; `offences` of them on its last day.
struct RiskInterval {
  std::uint32_t person = 0;
  int start = 0;  // days since the index date, on the clock
  int stop = 0;
  int offences = 0;
  int before = 0;        // reoffences before `start`: the stratum of a conditional model
  bool treated = false;  // after completion
};

/// The rows of a recurrent-event model: cut at each day with an offence and at completion, custody left out on the free
/// clock (its offences too, which outcomes_from_events counts). A person's intervals follow each other without gaps.
/// People without a day at risk have no row. Verified by: outcomes_naive_test.
std::vector<RiskInterval> risk_intervals(const Histories& histories, ExposureClock clock);

/// How much of completers' follow-up lies before their completion: in it they could not leave the group by anything
/// that stops completion, so counting it as treated is an immortal time bias (Suissa 2008).
struct ImmortalTime {
  std::size_t completers = 0;
  std::int64_t follow_up_days = 0;    // of completers
  std::int64_t immortal_days = 0;     // of these, from the index date to completion
  std::size_t reoffended_before = 0;  // completers with a reoffence up to the day of completion
  double share() const {
    return follow_up_days == 0 ? 0 : static_cast<double>(immortal_days) / static_cast<double>(follow_up_days);
  }
};
/// Verified by: outcomes_test.
ImmortalTime immortal_time(const Histories& histories);

}  // namespace desist
