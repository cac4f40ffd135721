// What a study of people's rows says: who was there, how alike the arms were, and one result an analysis. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/limits.hpp"
#include "engine/estimation/event_note.hpp"
#include "engine/estimation/funnel.hpp"
#include "engine/simulation/parameters.hpp"
#include "engine/statistics/completer_selection.hpp"
#include "engine/statistics/interval.hpp"
#include "engine/statistics/selection_mechanism.hpp"

namespace desist {

/// One number of an analysis with its error, interval and test.
struct EffectRow {
  std::string term;  // "treated", "age", "ecog: 2"; an arm's name for a level of one arm; "pooled", a study's name
  std::string
      measure;       // "risk difference", "hazard ratio", "rate", "median", "coefficient", "variance between studies"
  std::string unit;  // "share", "week"; "" for ratios
  double estimate = 0;
  double error = missing;  // standard error; of the logarithm where `log_scale`
  bool log_scale = false;  // a ratio whose error is that of its logarithm
  statistics::Interval interval{missing, missing};
  double level = statistics::usual_confidence;
  std::optional<double> statistic, degrees_of_freedom, p;
  bool effect = false;    // compares arms: drawn in forests, read out as the answer
  bool headline = false;  // the one number of this analysis that stands for it
  double mc_error = 0;    // of a resampled interval's ends, the larger; 0 where nothing was simulated
};

/// A test of a whole: log-rank, proportional hazards, heterogeneity.
struct TestRow {
  std::string name;
  double statistic = 0;
  std::optional<double> degrees_of_freedom, second_degrees_of_freedom;
  double p = 1;
  double mc_error = 0;  // of a p-value by resampling
};

/// A step of a curve: survival, cumulative incidence, mean cumulative count.
struct CurvePoint {
  std::string curve;  // "survival", "cumulative incidence: progression", "mean cumulative count"
  std::string arm;
  double time = 0;
  double at_risk = 0, events = 0, censored = 0;  // people (sums of weights)
  double estimate = 1, error = 0;
  statistics::Interval interval;
};

/// A number about the analysis that is no estimate: "people", "events", "log-likelihood", "AIC".
struct AnalysisFact {
  std::string name;
  double value = 0;
};

/// The mechanism of selection at one shape of rates and one chance that an offence breaches.
struct SelectionPoint {
  double shape = 1, breach = 0;
  std::optional<statistics::SelectionMechanism> mechanism;  // none: no such mechanism gives the table
  statistics::NoMechanism why = statistics::NoMechanism::completers_offend_more;
  statistics::SelectionYield yield;  // where there is a mechanism
};

/// What completers would have shown with no effect on anyone, beside what they showed (mathematics.md 2.7).
struct SelectionFinding {
  statistics::Proportion control, completed;
  std::optional<statistics::Proportion> breached;  // none: only how many they are is known
  double completed_share = 0;
  double least = 0;                          // of completers' risk, whatever breachers did
  double expected = 0;                       // the identity; where breachers' outcome is known, as is all that follows
  statistics::Interval seen_limits, limits;  // of completers' share as seen, and of the identity: cut to [0, 1]
  /// Beyond chance nothing that drop-out which rises with offending can give: breachers below controls, or an identity
  /// whose limits leave 0 to 1.
  bool no_selection = false;
  double p = 1;  // that the table could be so with no effect: chi-square (N - 1)/N of all sent
  std::optional<statistics::ChanceOfSoFew> chance;
  bool randomised = false;
  std::optional<double> odds_ratio_star;  // not randomised: the odds ratio before at which nothing is left
  statistics::Interval odds_ratio_limits;
  std::optional<double> shape_alone;  // at which drop-out in proportion to rates is enough: gamma 1, beta 0
  std::string unit;                   // of times
  std::vector<SelectionPoint> surface;
  double course = 0, followed = 0;
};

struct AnalysisResult {
  std::string name, label, method, outcome;
  std::string estimand;       // "intention to treat", "all in the arm against control", "complier effect"
  bool causal_words = false;  // only where people were assigned by chance and all of them are analysed
  std::vector<EffectRow> effects;
  std::vector<TestRow> tests;
  std::vector<CurvePoint> curves;
  std::vector<AnalysisFact> facts;
  std::vector<std::string> notes;             // sentences: rows left out, ties, what a cure share means
  std::string refused;                        // why there is no number, and what to do: empty where there is one
  bool tests_disagree = false;                // of the headline effect: tests and intervals fall on both sides of 5%
  bool withheld = false;                      // small counts: no number is shown
  std::optional<SelectionFinding> selection;  // of completers
  std::optional<Posterior> posterior;         // how its numbers vary together: "rossi/hazard"
};

/// One outcome in one arm, without any model.
struct ArmSummary {
  std::string outcome, arm;
  std::int64_t people = 0, missing = 0;
  std::optional<std::int64_t> with_outcome;  // yes_no and time: people who had it
  std::optional<double> total;               // count, amount: sum
  std::optional<double> person_time;         // count with exposure, time
  double estimate = 0;                       // share, rate, mean
  std::string measure;                       // "share", "rate", "mean", "median"
  statistics::Interval interval;             // Wilson; exact rate; mean -/+ t
  bool withheld = false;
  bool missing_withheld = false;
  /// Of a time: people without the event were followed for unlike times, so that with_outcome of people is no risk.
  bool unlike_follow_up = false;
};

/// A line of table 1: a column, or one level of a category, in every arm.
struct BalanceRow {
  std::string column, label, level;  // level "" for numbers
  struct Cell {
    std::int64_t people = 0;  // with a value; of a level: in it
    double mean = 0, sd = 0;  // of a level: its share, and 0
    std::int64_t missing = 0;
    bool withheld = false;
    bool missing_withheld = false;
  };
  std::vector<Cell> arms;                        // in the study's order
  std::vector<double> standardised_differences;  // each arm after the first against it (Austin 2009, eqs. 1 and 2)
};

/// A box of the flow: "Assigned", arm, people.
struct FlowBox {
  std::string step, arm;  // arm "" above the split
  std::int64_t people = 0;
  std::string note;  // "3 without a value of age"
  bool withheld = false;
};

struct PersonResults {
  std::string study;
  std::vector<FlowBox> flow;
  std::vector<BalanceRow> balance;
  std::vector<ArmSummary> summaries;
  std::vector<AnalysisResult> analyses;
  std::optional<FunnelResult> funnel;
  std::vector<std::string> data_words;  // how the file was read; what was withheld and why
  std::vector<EventNote> event_notes;   // how outcomes were made from events
};

}  // namespace desist
