// Outcomes made from people's offences and custody, as columns beside those of their file: every estimator takes them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/data/outcomes.hpp"
#include "engine/estimation/person_study.hpp"

namespace desist {

/// People's dates, their offences and their spells in custody: files as read, and which columns hold what.
struct EventFiles {
  std::string index;         // columns of the people's file: the day from which reoffences count,
  std::string end;           // the last day on which an offence would be known,
  std::optional<Date> ends;  // or that day, where it is the same for everyone (`end` is "" then),
  std::string completed;     // and the day of completion; "" where it is not known
  DataFile offences;
  std::string person, committed, convicted, harm;  // its columns; convicted and harm may be ""
  std::optional<DataFile> custody;
  std::string custody_person, from, to;
};

/// The same as plain histories; a person counts as the row in the people's file. Every id, index date, end, offence
/// date and start of a spell has a value; ids are texts or categories.
Histories histories_of(const PersonStudy& study, const EventFiles& files);

/// Appends to `study.people` the columns of each outcome with `from_events` and names them in the outcome; notes how
/// each was made, who is not known, and how much of completers' time lies before completion.
///
/// A person not followed for a whole window is missing in yes and no and in harm, and keeps the days followed in a
/// number, whose exposure they are. A person without a day at risk is missing in numbers and times.
/// Verified by: reader_events_test.
void add_event_outcomes(PersonStudy& study, const EventFiles& files);

/// "an offence within 12 months": what the outcome is, in words.
std::string in_words(const FromEvents& made);

}  // namespace desist
