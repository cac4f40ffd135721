// People, or groups of them, as they are drawn by a bootstrap or assigned by a trial: sums in each arm.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/estimation/estimators/regression.hpp"
#include "engine/estimation/resampling.hpp"

namespace desist {

/// What is drawn or assigned whole: a cluster, else a person with all their rows. Of each and each arm two sums, whose
/// quotient over an arm is its share (people with the outcome, people), its rate (events, time at risk) or its mean
/// (amounts, people).
struct ResampledUnits {
  Sample sample;
  std::string noun;                   // "person", or "cluster"
  std::size_t arms = 0;               // of the study
  std::vector<std::uint32_t> of_row;  // the unit of each row: 0, 1, ... in order of its label
  std::vector<double> top, bottom;    // of unit u and arm a at u * arms + a
  std::vector<int> arm;               // of each unit; several_arms where it holds people of more than one
  std::string refused;                // why these rows can't be summed

  static constexpr int several_arms = -1;

  /// People with a value in the outcome, the arm, and `columns`; units by `cluster`, or the study's id where "".
  ResampledUnits(const AnalysisInput& input, std::vector<std::string> columns, const std::string& cluster);

  std::size_t size() const { return arm.size(); }
  /// The code of the rows of each unit; refuses where they differ within a unit: "cluster", then what `codes` are.
  std::vector<std::uint32_t> same_in_unit(const std::vector<int>& codes, const std::string& what);
  /// Units with people of that arm or the control.
  std::vector<std::size_t> of_arms(std::size_t arm) const;
};

/// Whether arms are set against each other by what lies between their quotients, or by the ratio of the two.
enum class Between { difference, ratio };

Between between(const Analysis& analysis);
EstimatorKey between_key();
EstimatorKey unit_key();

/// Of sums (top and bottom of an arm, then of the control): the difference of quotients, or the logarithm of their
/// ratio, infinite where one of them is 0. NaN: an empty arm, two zeros, or the ratio of a number below 0.
double contrast_of(Between between, std::span<const double> sums);
/// "risk difference", "ratio of means": what `contrast_of` is of this kind of outcome.
std::string contrast_name(Between between, const PersonOutcome& outcome);
std::string contrast_unit(Between between, const PersonOutcome& outcome);
/// "the share of 'treated'"
std::string quotient_name(const PersonOutcome& outcome);

/// What `bootstrap` and `randomisation_test` draw where the file does not say.
inline constexpr std::size_t usual_resamples = 9999, usual_assignments = 99999;
/// The fewest with which limits or a p of 0.05 have a place: 5 of 200 on a side.
inline constexpr std::size_t fewest_resamples = 199;

/// A whole number from one key, or why it is none.
struct WholeNumber {
  std::size_t value = 0;
  std::string refused;
};
WholeNumber whole_number(const Analysis& analysis, const std::string& key, std::size_t otherwise, std::size_t least);

}  // namespace desist
