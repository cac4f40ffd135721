// The list of estimators: what each is called, which keys its [[analysis]] takes, and how it is run.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/executor.hpp"
#include "engine/estimation/person_results.hpp"
#include "engine/estimation/person_study.hpp"

namespace desist {

/// What a key of an analysis holds.
enum class Takes { column, columns, word, number, numbers, text, texts, flag };

struct EstimatorKey {
  std::string_view name;
  Takes takes = Takes::column;
  bool required = false;
  std::string_view help;                // a sentence without a full stop
  std::string example;                  // TOML
  std::vector<std::string> words = {};  // of Takes::word; the first is what is done where the key is left out
};

/// What an estimator starts from.
enum class Needs {
  yes_no,
  count,
  time,
  amount,   // an outcome of that kind, in people's rows
  people,   // an outcome of any of those kinds
  studies,  // [[result]] rows: one a study
  nothing,  // numbers of its own keys: power, audit samples
};

struct AnalysisInput {
  const PersonStudy& study;
  const Analysis& analysis;
  const PersonOutcome* outcome = nullptr;  // where it needs one
  unsigned threads = 1;                    // for resampling; never changes a number
};

/// A key whose value no study can have.
struct WrongKey {
  std::string key, problem, why, cure;
};

struct Estimator {
  std::string_view name;  // "cox", as `method` names it
  std::string_view help;  // "Hazard ratios (Cox 1972); Efron's or Breslow's ties"
  Needs needs = Needs::nothing;
  std::vector<EstimatorKey> keys;
  AnalysisResult (*run)(const AnalysisInput&) = nullptr;
  /// What is wrong with the values of its keys, which the reader then points at; run refuses the same.
  std::optional<WrongKey> (*wrong)(const Analysis&) = nullptr;
};

/// All, by name.
const std::vector<Estimator>& estimators();
const Estimator* find_estimator(std::string_view name);

/// One analysis of a study. Throws std::invalid_argument where no estimator has its method's name.
AnalysisResult run_analysis(const PersonStudy& study, const Analysis& analysis, unsigned threads);

/// Flow, table 1, summaries and every analysis. Throws nothing for data that a method can't use: the result says why.
/// Verified by: person_study_test
PersonResults evaluate_people(const PersonStudy& study, unsigned threads);

// The parts of the list, each in a file of its own.
std::vector<Estimator> binary_estimators();
std::vector<Estimator> count_estimators();
std::vector<Estimator> curve_estimators();     // of a time: curves, tests, hazards
std::vector<Estimator> time_law_estimators();  // of a time: competing causes, repeated events, laws, cure
std::vector<Estimator> compliance_estimators();
std::vector<Estimator> resampling_estimators();
std::vector<Estimator> synthesis_estimators();
std::vector<Estimator> design_estimators();
std::vector<Estimator> regression_to_mean_estimators();
std::vector<Estimator> unit_estimators();

}  // namespace desist
