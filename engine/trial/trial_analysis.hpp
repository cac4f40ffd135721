// The analyses of a virtual trial: any estimator of the library, on the first rows of a trial.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/estimation/estimator.hpp"
#include "engine/trial/trial_rows.hpp"

namespace desist {

/// What one analysis of one trial says. Estimates of ratios are logarithms.
struct TrialEstimate {
  bool found = false;
  double estimate = 0;
  double p = 1;
  bool covers = false;  // the interval holds the truth
};

/// What an analysis estimates, known once it has given a number.
struct TrialScale {
  std::string measure, unit;
  bool log_scale = false;
  /// Of a test alone the estimate is the signed root of its chi-square: it tells the direction and no more.
  bool has_effect = true;
  bool has_interval = true;
};

/// What an estimand is of the mean outcomes of the two lives of the same people; `other` where it is no contrast of two
/// means alone (adjusted, of times).
enum class MeanContrast { other, difference, log_ratio };
MeanContrast contrast_of(const TrialAnalysis& analysis);
/// Whether that holds only where nobody is followed for less: of counts, and of times that a death censors.
bool needs_whole_lives(const TrialAnalysis& analysis);

/// The same estimand with what plays no part in it taken away: errors, resamples, and who would be left out. What those
/// who received the programme show against others is held against the effect of being assigned to it.
TrialAnalysis for_truth(const TrialAnalysis& analysis);

/// A log rate ratio and its error.
struct LogRatio {
  double value = 0, error = 0;
};

/// Runs one analysis. Where the estimator's own numerics can be had without a table they are called, which is the same
/// to the last digit that matters; else its rows are made in memory and the estimator is run.
/// Verified by: trial_analysis_test fast_paths_equal_the_methods.
class TrialAnalyser {
 public:
  TrialAnalyser(const TrialDesign& design, const TrialAnalysis& analysis, std::size_t measure);

  /// The estimates from the first `cuts[k]` rows, k = 0, 1, ..., rising.
  void run(const TrialRows& rows, std::span<const std::size_t> cuts, double truth,
           std::vector<TrialEstimate>& estimates);
  /// The same by the estimator itself, whether or not there is a short way.
  void run_method(const TrialRows& rows, std::span<const std::size_t> cuts, double truth,
                  std::vector<TrialEstimate>& estimates);

  /// What the next analyses draw by themselves is keyed by this seed.
  void draw_from(std::uint64_t seed) { study_.seed = seed; }

  const std::optional<TrialScale>& scale() const { return scale_; }
  /// Why the method gave no number when it last did not; empty where it says nothing.
  const std::string& refused() const { return refused_; }
  double alpha() const { return 1 - level_; }
  std::size_t measure() const { return measure_; }
  /// The kind of outcome: a share, a number, or a time.
  PersonOutcome::Kind kind() const { return outcome_.kind; }

 private:
  enum class Way { risks, poisson, negative_binomial, method };

  bool kept(const TrialRow& row) const;
  bool group(const TrialRow& row) const;
  void run_risks(const TrialRows& rows, std::span<const std::size_t> cuts, double truth,
                 std::vector<TrialEstimate>& estimates) const;
  /// How many cuts were done: from the first on in which somebody was followed for another time, it is for the method.
  std::size_t run_counts(const TrialRows& rows, std::span<const std::size_t> cuts, double truth,
                         std::vector<TrialEstimate>& estimates);
  std::optional<LogRatio> fit_counts() const;
  void make_study(const TrialRows& rows, std::size_t most);
  void declare_columns();
  void add_to_study(const TrialRow& row, const TrialOutcome& outcome);
  TrialEstimate estimate_of(const AnalysisResult& result, double truth);
  TrialEstimate test_of(const AnalysisResult& result) const;

  const TrialDesign& design_;
  const TrialAnalysis& analysis_;
  Analysis asked_;  // what is asked of the estimator
  std::size_t measure_ = 0;
  double level_ = 0.95;
  Way way_ = Way::method;
  PersonOutcome outcome_;
  std::optional<TrialScale> scale_;
  std::string refused_;
  PersonStudy study_;
  std::vector<std::size_t> kept_upto_;   // rows of the study among the first rows
  std::vector<std::int64_t> counts_[2];  // people by count, of controls and treated
};

}  // namespace desist
