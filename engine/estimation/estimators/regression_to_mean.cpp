// What people who were picked for their past would have done anyway: counts before and after, of rows or of totals.
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/estimation/estimators/plans.hpp"
#include "engine/estimation/estimators/regression.hpp"
#include "engine/statistics/negative_binomial.hpp"
#include "engine/statistics/selected_counts.hpp"

namespace desist {
namespace {

using statistics::ExpectedCount;
using statistics::GammaFrailty;

/// "1" to "1000000"; where a key is no whole number from `least` on, why not.
std::optional<std::string> not_whole(const std::string& key, double value, double least) {
  if (value >= least && value == std::floor(value) && value < 1e12) return std::nullopt;
  return fmt::format("{} is {}: it must be a whole number from {} on", key, shortest(value), shortest(least));
}

/// What is wrong with the keys that both methods have; nothing where all is well.
std::optional<std::string> wrong_law(const Analysis& analysis) {
  if (const auto wrong = wrong_number(analysis)) return wrong;
  for (const double k : analysis.number_list("shape"))
    if (!(k > 0) || std::isinf(k)) return fmt::format("shape is {}: it must be above 0", shortest(k));
  if (analysis.has("mean"))
    if (const double mean = analysis.number("mean", 1); !(mean > 0) || std::isinf(mean))
      return fmt::format("mean is {}: it must be above 0", shortest(mean));
  for (const double phi : analysis.number_list("persistence"))
    if (!(phi >= 0 && phi <= 1)) return fmt::format("persistence is {}: it must be from 0 to 1", shortest(phi));
  return std::nullopt;
}

std::vector<double> persistence_of(const Analysis& analysis) {
  const std::vector<double>& given = analysis.number_list("persistence");
  return given.empty() ? std::vector<double>{1} : given;
}

/// A count seen after, against what was expected: the ratio with exact limits, and what chance alone would show.
void add_seen(const std::string& term, double seen, const ExpectedCount& expected, double unit_of_counts,
              const std::string& unit, const Analysis& analysis, AnalysisResult& result) {
  const double level = level_of(analysis);
  EffectRow should = found_row(term, "rate after, expected without an effect", unit, expected.mean / unit_of_counts);
  const statistics::Interval chance = statistics::predicted_count(expected, level);
  should.interval = {chance.low / unit_of_counts, chance.high / unit_of_counts};
  should.level = level;
  result.effects.push_back(should);
  EffectRow ratio = found_row(term, "seen against expected ratio", "", seen / expected.mean);
  ratio.headline =
      std::none_of(result.effects.begin(), result.effects.end(), [](const EffectRow& row) { return row.headline; });
  ratio.effect = true;
  ratio.log_scale = true;
  ratio.interval = statistics::seen_over_expected(std::llround(seen), expected, level);
  ratio.level = level;
  ratio.p = statistics::seen_p_value(std::llround(seen), expected);
  if (seen > 0) ratio.error = std::sqrt(1 / seen + expected.relative_variance);
  result.effects.push_back(ratio);
}

// People's rows.

/// How everyone's rates differ: given, or fitted to the counts before.
struct Law {
  GammaFrailty everyone;
  Eigen::Matrix2d covariance = Eigen::Matrix2d::Zero();  // of log mean and log shape, where fitted
  std::string refused;
};

Law law_of(const Analysis& analysis, const Eigen::VectorXd& before, const Eigen::VectorXd& time) {
  Law law;
  const bool shape = analysis.has("shape"), mean = analysis.has("mean");
  if (shape != mean) {
    law.refused = "shape and mean are both given, or both fitted to the counts before";
    return law;
  }
  if (shape) {
    law.everyone = {analysis.number("shape", 1), analysis.number("mean", 1)};
    return law;
  }
  const auto fitted =
      statistics::negative_binomial(Eigen::MatrixXd::Ones(before.size(), 1), before, time.array().log().matrix());
  if (const auto* wrong = std::get_if<statistics::Diagnosis>(&fitted)) {
    law.refused = wrong->problem == statistics::RegressionProblem::no_overdispersion
                      ? "counts before vary no more between people than chance lets them: nothing but chance set those "
                        "who were picked apart, and the mean of everyone is what is expected after"
                      : "counts before can't be fitted: " + in_words(*wrong, {"mean"});
    return law;
  }
  const auto& fit = std::get<statistics::NegativeBinomial>(fitted);
  law.everyone = {fit.theta, std::exp(fit.coefficients[0])};
  law.covariance = fit.joint_covariance;
  return law;
}

/// The sum of rates after of those picked, times their time after, with what the fit leaves open.
ExpectedCount expected_of(const Law& law, const std::vector<Eigen::Index>& picked, const Eigen::VectorXd& before,
                          const Eigen::VectorXd& time_before, const Eigen::VectorXd& time_after, double phi) {
  const auto sum = [&](const GammaFrailty& everyone) {
    statistics::RateAfter all;
    for (const Eigen::Index i : picked) {
      const statistics::RateAfter one = statistics::rate_after(everyone, time_before[i], before[i], phi);
      all.mean += time_after[i] * one.mean;
      all.variance += time_after[i] * time_after[i] * one.variance;
    }
    return all;
  };
  const statistics::RateAfter all = sum(law.everyone);
  constexpr double step = 1e-4;  // of the logarithms of mean and shape
  const auto moved = [&](double log_mean, double log_shape) {
    return sum({law.everyone.shape * std::exp(log_shape), law.everyone.mean * std::exp(log_mean)}).mean;
  };
  const Eigen::Vector2d gradient((moved(step, 0) - moved(-step, 0)) / (2 * step),
                                 (moved(0, step) - moved(0, -step)) / (2 * step));
  const double of_fit = gradient.dot(law.covariance * gradient);
  return {all.mean, (all.variance + of_fit) / (all.mean * all.mean)};
}

AnalysisResult regression_to_mean(const AnalysisInput& input) {
  const Analysis& analysis = input.analysis;
  if (const auto wrong = wrong_law(analysis)) return refusal(*wrong);
  if (analysis.number_list("shape").size() > 1) return refusal("shape is one number here");
  const double threshold = analysis.number("picked_for", 1);
  if (const auto wrong = not_whole("picked_for", threshold, 1)) return refusal(*wrong);
  const std::string& exposure = input.outcome->exposure;
  if (exposure.empty() == analysis.has("time_before"))
    return refusal(exposure.empty() ? "time_before is given but the outcome has no exposure: give both, or neither "
                                      "where both times are as long"
                                    : "the outcome has an exposure: name the column with the time before, time_before");
  const Sample sample(input, {analysis.word("before"), analysis.word("time_before")});
  if (sample.people.empty() || sample.y.size() == 0) return refusal("nobody has a value in every column");
  const Eigen::VectorXd before = sample.rows.values(analysis.word("before"));
  const Eigen::VectorXd ones = Eigen::VectorXd::Ones(before.size());
  const Eigen::VectorXd time_before = exposure.empty() ? ones : sample.rows.values(analysis.word("time_before"));
  const Eigen::VectorXd time_after = exposure.empty() ? ones : sample.rows.values(exposure);
  for (Eigen::Index i = 0; i < before.size(); ++i) {
    if (!(before[i] >= 0 && before[i] == std::floor(before[i])))
      return refusal(
          fmt::format("'{}' holds {}: a count is a whole number", analysis.word("before"), about(before[i])));
    if (!(time_before[i] > 0 && time_after[i] > 0))
      return refusal("someone has no time before or after: mend the data, or declare it as missing");
  }
  const Law law = law_of(analysis, before, time_before);
  if (!law.refused.empty()) return refusal(law.refused);

  AnalysisResult result = begun(input, sample);
  result.estimand = "those picked, after against what was expected without any effect";
  result.causal_words = false;
  const std::string unit = rate_unit(*input.outcome);
  const std::size_t arms = sample.people.size();
  double all_picked = 0;
  for (std::size_t a = 0; a < arms; ++a) {
    std::vector<Eigen::Index> picked;
    double seen = 0, seen_before = 0, after = 0, earlier = 0;
    for (Eigen::Index i = 0; i < before.size(); ++i) {
      if (static_cast<std::size_t>(sample.arm[static_cast<std::size_t>(i)]) != a || before[i] < threshold) continue;
      picked.push_back(i);
      seen += sample.y[i];
      seen_before += before[i];
      after += time_after[i];
      earlier += time_before[i];
    }
    const auto in_arm = static_cast<double>(sample.people[a]);
    const auto n = static_cast<double>(picked.size());
    const double least = std::max(1, input.study.smallest_shown);
    if (n < least || (in_arm - n > 0 && in_arm - n < least))
      return refusal(
          fmt::format("too few people were picked, or not picked, for {} or more events before to show what "
                      "became of them",
                      shortest(threshold)));
    all_picked += n;
    const std::string term = arms > 1 ? input.study.arms[a] : "those picked";
    result.effects.push_back(found_row(term, "rate before", unit, seen_before / earlier));
    result.effects.push_back(found_row(term, "rate after", unit, seen / after));
    for (const double phi : persistence_of(analysis))
      add_seen(phi == 1 ? term : fmt::format("{}, persistence {}", term, shortest(phi)), seen,
               expected_of(law, picked, before, time_before, time_after, phi), after, unit, analysis, result);
  }
  result.facts.push_back({"people picked", all_picked});
  result.facts.push_back({"shape of rates between people", law.everyone.shape});
  result.facts.push_back({"mean rate of everyone before", law.everyone.mean});
  result.notes.push_back(
      "Rates are taken to differ between people by a gamma law and to be otherwise as before (Hauer 1997): ageing, "
      "custody "
      "and chance in detection are not in what is expected");
  if (!analysis.has("shape"))
    result.notes.push_back(
        "The law is fitted to everyone's counts before, so everyone must be in the data, picked or not");
  return result;
}

// Totals of a table.

AnalysisResult regression_to_mean_of_table(const AnalysisInput& input) {
  const Analysis& analysis = input.analysis;
  if (const auto wrong = wrong_law(analysis)) return refusal(*wrong);
  for (const char* key : {"before", "after"})
    if (const auto wrong = not_whole(key, analysis.number(key, 0), 0)) return refusal(*wrong);
  if (analysis.number_list("people").size() != 1) return refusal("people is one number here");
  for (const char* key : {"time_before", "time_after"})
    if (const double time = analysis.number(key, 1); !(time > 0) || std::isinf(time))
      return refusal(fmt::format("{} is {}: it must be above 0", key, shortest(time)));
  statistics::PickedGroup group;
  group.people = analysis.number("people", 0);
  group.before = analysis.number("before", 0);
  group.times = {analysis.number("time_before", 1), analysis.number("time_after", 1)};
  const double seen = analysis.number("after", 0);
  const std::string unit = "per person and " + analysis.word("unit", "month");
  const double person_time = group.people * group.times.after;
  const double mean_before = group.before / group.people;

  AnalysisResult result;
  result.estimand = "those picked, after against what was expected without any effect";
  result.effects = {found_row("those picked", "rate before", unit, mean_before / group.times.before),
                    found_row("those picked", "rate after", unit, seen / person_time)};
  std::vector<double> thresholds = analysis.number_list("picked_for");
  if (thresholds.empty()) thresholds = {0};
  for (const double threshold : thresholds) {
    if (const auto wrong = not_whole("picked_for", threshold, 0)) return refusal(*wrong);
    if (!(mean_before > threshold))
      return refusal(fmt::format("those picked for {} or more events have {} on average: no mean rate gives that",
                                 shortest(threshold), about(mean_before)));
    group.threshold = static_cast<std::size_t>(threshold);
    for (const double k : analysis.number_list("shape"))
      for (const double phi : persistence_of(analysis)) {
        std::string term = threshold == 0
                               ? fmt::format("not picked for their past, shape {}", shortest(k))
                               : fmt::format("picked for {} or more, shape {}", shortest(threshold), shortest(k));
        if (phi != 1) term += fmt::format(", persistence {}", shortest(phi));
        std::optional<double> mean;
        if (analysis.has("mean")) mean = analysis.number("mean", 1);
        ExpectedCount expected;
        try {
          expected = statistics::expected_after(group, k, mean, phi);
        } catch (const std::invalid_argument& why) {
          return refusal(fmt::format("{}: {}", term, why.what()));
        }
        const double ratio = expected.mean / person_time / (mean_before / group.times.before);
        result.effects.push_back(found_row(term, "rate after over before, expected ratio", "", ratio));
        add_seen(term, seen, expected, person_time, unit, analysis, result);
      }
  }
  result.facts = {{"people", group.people}, {"events before", group.before}, {"events after", seen}};
  result.notes.push_back(
      "Rates are taken to differ between people by a gamma law and to be otherwise as before (Hauer 1997): ageing, "
      "custody "
      "and chance in detection are not in what is expected");
  result.notes.push_back("Totals say nothing about how much people differ: each shape and threshold is a supposition");
  return result;
}

}  // namespace

std::vector<Estimator> regression_to_mean_estimators() {
  const EstimatorKey persistence{
      "persistence", Takes::numbers, false,
      "Correlations of a person's rates before and after; 1, rates as they were, where it is left out", "[1, 0.7]"};
  return {
      {"regression_to_mean",
       "What people picked for a count before would have done anyway, each by their own past (Hauer 1997)",
       Needs::count,
       {{"before", Takes::column, true, "The column with everyone's count before", "\"before\""},
        {"time_before", Takes::column, false, "Of an outcome with an exposure: the column with the time before",
         "\"months_before\""},
        {"picked_for", Takes::number, true, "At least so many events before: why people were picked", "3"},
        {"shape", Takes::number, false,
         "Shape of the gamma law of rates between people; fitted to counts before where it is left out", "0.8"},
        {"mean", Takes::number, false, "Mean rate of everyone before; given with the shape", "1.7"},
        persistence,
        level_key()},
       regression_to_mean},
      {"regression_to_mean_of_table",
       "The same for printed totals, at each supposed threshold and shape",
       Needs::nothing,
       {{"people", Takes::number, true, "How many were picked", "5710"},
        {"before", Takes::number, true, "Their events before, together", "19987"},
        {"after", Takes::number, true, "Their events after, together", "1439"},
        {"time_before", Takes::number, false, "How long before is; 1 where it is left out", "6"},
        {"time_after", Takes::number, false, "How long after is; 1 where it is left out", "3"},
        {"unit", Takes::word, false, "Of these times", "\"year\"", {"month", "week", "day", "year"}},
        {"picked_for", Takes::numbers, false,
         "At least so many events before: why each was picked; 0, not for their past, where it is left out", "[1, 3]"},
        {"shape", Takes::numbers, true, "Shapes of the gamma law of rates between people", "[0.5, 2]"},
        {"mean", Takes::number, false,
         "Mean rate of everyone; found from the count before and the threshold where it is left out", "0.3"},
        persistence,
        level_key()},
       regression_to_mean_of_table}};
}

}  // namespace desist
