// Studies of people's rows for tests: from the text of a file, with one analysis.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/estimation/estimator.hpp"

namespace desist::test {

struct StudyText {
  std::string csv;
  std::vector<DeclaredColumn> columns;
  std::string arm;  // a category; its first level is the control
  std::string received;
  Design design = Design::randomised;
};

inline DeclaredColumn column(const std::string& name, ColumnType type, std::vector<std::string> levels = {}) {
  DeclaredColumn declared;
  declared.name = name;
  declared.type = type;
  declared.levels = std::move(levels);
  return declared;
}

inline PersonStudy study_of(const StudyText& text) {
  PersonStudy study;
  study.people = read_data(text.csv, "people.csv", {text.columns, {}});
  EXPECT_TRUE(study.people.problems.empty());
  study.arm = text.arm;
  if (!text.arm.empty()) study.arms = study.people.column(text.arm).levels.copy();
  if (!study.arms.empty()) study.control = study.arms.front();
  study.received = text.received;
  study.design = text.design;
  return study;
}

inline PersonOutcome yes_no(const std::string& column) {
  PersonOutcome outcome;
  outcome.name = outcome.label = outcome.column = column;
  return outcome;
}

inline PersonOutcome count(const std::string& column, const std::string& exposure = "") {
  PersonOutcome outcome = yes_no(column);
  outcome.kind = PersonOutcome::Kind::count;
  outcome.exposure = exposure;
  return outcome;
}

inline PersonOutcome amount(const std::string& column) {
  PersonOutcome outcome = yes_no(column);
  outcome.kind = PersonOutcome::Kind::amount;
  return outcome;
}

using Keys = std::map<std::string, std::vector<std::string>>;

inline AnalysisResult run(PersonStudy study, const PersonOutcome& outcome, const std::string& method,
                          const Keys& words = {}, double level = 0.95) {
  study.outcomes = {outcome};
  Analysis analysis;
  analysis.name = "analysis";
  analysis.method = method;
  analysis.outcome = outcome.name;
  analysis.words = words;
  if (level != 0.95) analysis.numbers["level"] = {level};
  study.analyses = {analysis};
  return evaluate_people(study, 1).analyses.front();
}

/// The row of that term and measure; a failure and an empty row where there is none or more than one.
inline EffectRow effect(const AnalysisResult& result, const std::string& term, const std::string& measure) {
  std::vector<EffectRow> found;
  std::string there = result.refused;
  for (const EffectRow& row : result.effects) {
    if (row.term == term && row.measure == measure) found.push_back(row);
    there += fmt::format("; '{}' '{}'", row.term, row.measure);
  }
  EXPECT_EQ(found.size(), 1U) << term << ", " << measure << " among " << there;
  return found.empty() ? EffectRow{} : found.front();
}

inline TestRow test_row(const AnalysisResult& result, const std::string& name) {
  for (const TestRow& row : result.tests)
    if (row.name == name) return row;
  ADD_FAILURE() << "no test " << name;
  return {};
}

inline double fact(const AnalysisResult& result, const std::string& name) {
  for (const AnalysisFact& each : result.facts)
    if (each.name == name) return each.value;
  ADD_FAILURE() << "no fact " << name;
  return 0;
}

inline bool notes_contain(const AnalysisResult& result, const std::string& words) {
  return std::any_of(result.notes.begin(), result.notes.end(),
                     [&](const std::string& note) { return note.find(words) != std::string::npos; });
}

/// One row a person of a two-by-two table, arms "control" and "treated".
inline PersonStudy two_by_two(int x1, int n1, int x0, int n0) {
  std::string csv = "arm,outcome\n";
  const auto rows = [&](const char* arm, int x, int n) {
    for (int i = 0; i < n; ++i) csv += fmt::format("{},{}\n", arm, i < x ? 1 : 0);
  };
  rows("treated", x1, n1);
  rows("control", x0, n0);
  return study_of({csv,
                   {column("arm", ColumnType::category, {"control", "treated"}), column("outcome", ColumnType::yes_no)},
                   "arm",
                   ""});
}

}  // namespace desist::test
