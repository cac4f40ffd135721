// A study of data with one row a person, as its experiment file gives it: columns with their roles, nothing computed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/data/csv_file.hpp"
#include "engine/data/outcomes.hpp"
#include "engine/estimation/event_note.hpp"
#include "engine/estimation/funnel.hpp"
#include "engine/estimation/study.hpp"

namespace desist {

struct Estimator;  // estimator.hpp

/// How an outcome is made from people's offences and custody.
struct FromEvents {
  enum class What { reoffended, proven, number, time, harm };
  What what = What::reoffended;
  std::optional<int> months;  // the window; none: the whole follow-up
  int conviction_months = 6;  // of proven: after the window
  ExposureClock clock = ExposureClock::calendar;
  double days_a_unit = 1;  // of a time, and of a number's exposure
};

/// What a person's outcome is, and which columns hold it.
struct PersonOutcome {
  enum class Kind {
    yes_no,  // `column`: yes or no
    count,   // `column`: a whole number; `exposure`: time at risk, a rate's denominator ("" where all have the same)
    time,    // `column`: time until the event or the end of follow-up; `event`: yes or no, or a cause
    amount,  // `column`: a number, such as a cost
  };
  std::string name, label;
  Kind kind = Kind::yes_no;
  std::string column;
  std::string exposure;
  std::string event;     // of a time
  std::string cause;     // level of `event` that is the event, where it is a category; other levels but `censored`
  std::string censored;  // compete with it
  std::string entry;     // of a time: when observation begins; "" for 0
  std::string unit;      // of times, exposures and amounts: "week"
  bool fewer_is_better = true;
  bool headline = false;
  std::optional<FromEvents> from_events;  // its columns are made, not read
};

/// One way of analysing one outcome: an `[[analysis]]` of the file.
struct Analysis {
  std::string name, label;
  std::string method;  // an estimator's name
  std::string outcome;
  // Every further key of the file, as the estimator declares them: names of columns, words, or numbers.
  std::map<std::string, std::vector<std::string>> words;
  std::map<std::string, std::vector<double>> numbers;

  bool has(const std::string& key) const { return words.contains(key) || numbers.contains(key); }
  /// The first word or number of a key, or what stands for one that was left out.
  std::string word(const std::string& key, const std::string& otherwise = "") const;
  double number(const std::string& key, double otherwise) const;
  const std::vector<std::string>& list(const std::string& key) const;    // of words; empty where left out
  const std::vector<double>& number_list(const std::string& key) const;  // empty where left out
};

/// How many people there were before the data begin: a step of the flow that no row shows.
struct FlowStep {
  std::string label;  // "Referred"
  std::int64_t people = 0;
  std::string evidence;  // id, or "" where `reason` says why
  std::string reason;
};

/// One study's result among others: counts of its two groups, or an effect with its error.
struct StudyEffect {
  std::string label;
  Design design = Design::compared;
  std::string group;    // subgroup it belongs to; "" for none
  std::string outcome;  // in words: results with different words are not pooled unasked
  bool counts = true;
  std::int64_t x1 = 0, n1 = 0, x0 = 0, n0 = 0;  // treated, control
  double estimate = 0, error = 0;               // on the scale of the analysis's measure (a log for ratios)
  std::map<std::string, double> moderators;
  std::vector<std::string> evidence;
};

struct PersonStudy {
  std::string name;
  std::string source;
  Design design = Design::compared;
  std::string design_doubt;
  std::string followed_for;
  DataFile people;  // the columns that the file declares, read and without problems; empty rows: no data
  std::map<std::string, std::string> column_labels;
  std::string id;                     // column; "" where every row is a person
  std::string arm;                    // column with the group that a person was assigned to; "" for one group
  std::string control;                // its level that others are compared with
  std::vector<std::string> arms;      // all levels, the control first
  std::string received;               // column: whether the programme was received, yes or no; "" where not known
  std::vector<std::string> describe;  // columns of table 1
  std::vector<FlowStep> flow;
  std::optional<Funnel> funnel;  // printed counts, step by step; without rows
  std::vector<StudyEffect> results;
  std::vector<PersonOutcome> outcomes;
  std::vector<Analysis> analyses;
  std::vector<EventNote> event_notes;     // how outcomes were made from events, and who is not known
  std::vector<std::string> event_places;  // what was odd in the events, with its rows: never in a report
  std::vector<std::string> event_files;   // which files, and how they were read
  /// Counts of people from 1 to one below this are not shown, nor what would give them away. 0: shown, since
  /// `shown_why`.
  int smallest_shown = 0;
  std::string shown_why;
  std::uint64_t seed = 0;  // of resampling
};

}  // namespace desist
