// Estimators without a law: bootstrap intervals, and tests by assigning again as chance did.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/estimation/estimators/resampled_units.hpp"
#include "engine/statistics/bootstrap_intervals.hpp"

namespace desist {
namespace {

using estimation::SummedRows;
using statistics::BootstrapInterval;
using statistics::BootstrapProblem;
using statistics::BootstrapSummary;

/// Below it, limits by drawing again tend to be too narrow (Davison & Hinkley 1997, section 5.4, for small samples).
constexpr std::size_t few_units = 20;

std::string people_or_clusters(const ResampledUnits& units, double count) {
  if (units.noun == "person") return fmt::format("{} {}", shortest(count), count == 1 ? "person" : "people");
  return fmt::format("{} cluster{}", shortest(count), count == 1 ? "" : "s");
}

AnalysisResult begun_with_units(const AnalysisInput& input, const ResampledUnits& units) {
  AnalysisResult result = begun(input, units.sample);
  if (units.noun == "cluster" || units.size() < units.sample.rows.size())
    result.facts.push_back(
        {units.noun == "cluster" ? "clusters" : "people with all their rows", static_cast<double>(units.size())});
  return result;
}

/// Why draws from this arm would say nothing of chance: one unit, or units whose quotient never varies.
std::string without_scatter(const AnalysisInput& input, const ResampledUnits& units, std::size_t arm) {
  double top = 0, bottom = 0;
  std::size_t count = 0;
  for (std::size_t u = 0; u < units.size(); ++u) {
    top += units.top[u * units.arms + arm];
    bottom += units.bottom[u * units.arms + arm];
    count += units.bottom[u * units.arms + arm] > 0 ? 1 : 0;
  }
  const std::string& name = input.study.arms[arm];
  if (count == 1)
    return fmt::format("'{}' has one {}, and every resample would be that one: there is nothing to draw from", name,
                       units.noun);
  constexpr double rounding = 1e-12;
  for (std::size_t u = 0; u < units.size(); ++u) {
    const double own = units.top[u * units.arms + arm], expected = top / bottom * units.bottom[u * units.arms + arm];
    if (std::abs(own - expected) > rounding * std::max(std::abs(own), std::abs(expected))) return "";
  }
  const std::string remedy = input.outcome->kind == PersonOutcome::Kind::yes_no  ? "method = \"risks\" has exact limits"
                             : input.outcome->kind == PersonOutcome::Kind::count ? "method = \"rates\" has exact limits"
                             : input.outcome->kind == PersonOutcome::Kind::time
                                 ? "method = \"piecewise_exponential\" has exact limits of each rate"
                                 : "method = \"randomisation_test\" needs no spread within arms";
  return fmt::format(
      "the {} in '{}' is {} in every resample, which takes it as known: a bootstrap can't draw what nobody showed; {}",
      quotient_name(*input.outcome), name, about(top / bottom), remedy);
}

/// Top and bottom of the arm, then of the control, of each unit that has people of either.
SummedRows sums_of(const ResampledUnits& units, const std::vector<std::size_t>& kept, std::size_t arm) {
  SummedRows rows{4, {}};
  for (const std::size_t u : kept)
    for (const std::size_t a : {arm, std::size_t{0}})
      rows.values.insert(rows.values.end(), {units.top[u * units.arms + a], units.bottom[u * units.arms + a]});
  return rows;
}

const BootstrapInterval& wanted(const BootstrapSummary& summary, const std::string& word) {
  return word == "percentile" ? summary.percentile : word == "basic" ? summary.basic : summary.bca;
}

std::string why_no_interval(const BootstrapSummary& summary, const BootstrapInterval& interval, const std::string& word,
                            const AnalysisInput& input) {
  const std::string quotient = quotient_name(*input.outcome);
  switch (interval.problem) {
    case BootstrapProblem::undefined_statistic:
      return fmt::format(
          "in {} of {} resamples there is no {}: nobody of an arm is drawn, or the {} of both is zero: draw within "
          "arms, ask for the difference, or take a method with exact limits",
          summary.undefined, summary.replicates, contrast_name(between(input.analysis), *input.outcome), quotient);
    case BootstrapProblem::too_few_replicates:
      return fmt::format("{} resamples are too few for limits at a confidence of {}: ask for more", summary.replicates,
                         shortest(level_of(input.analysis)));
    case BootstrapProblem::no_acceleration:
    case BootstrapProblem::all_on_one_side:
    case BootstrapProblem::acceleration_too_large:
      return fmt::format("limits by BCa can't be had, since {}: interval = \"percentile\" does without",
                         statistics::bootstrap_problem_words(interval.problem));
    default:
      break;
  }
  if (interval.given() && std::isfinite(interval.limits.low) && std::isfinite(interval.limits.high) &&
      std::isfinite(interval.monte_carlo_error[0]) && std::isfinite(interval.monte_carlo_error[1]))
    return "";
  if (interval.given() || interval.problem == BootstrapProblem::unbounded_replicates)
    return fmt::format(
        "in {} of {} resamples one arm's {} is zero, too many for a limit of the ratio in {} limits: "
        "ask for the difference, or take a method with exact limits",
        summary.unbounded, summary.replicates, quotient, word);
  return fmt::format("no limits can be had, since {}", statistics::bootstrap_problem_words(interval.problem));
}

std::string add_bootstrap(const AnalysisInput& input, const ResampledUnits& units,
                          const std::vector<std::uint32_t>& stratum, std::size_t resamples, std::size_t arm,
                          AnalysisResult& result) {
  const Between what = between(input.analysis);
  const std::string word = input.analysis.word("interval", "BCa"), &name = input.study.arms[arm];
  const std::vector<std::size_t> kept = units.of_arms(arm);
  estimation::ResamplingPlan plan;
  plan.resamples = resamples;
  plan.seed = input.study.seed;
  plan.threads = input.threads;
  for (const std::size_t u : kept)
    if (!stratum.empty()) plan.stratum.push_back(stratum[u]);
  const auto statistic = [what](std::span<const double> sums) { return contrast_of(what, sums); };
  const auto drawn = estimation::bootstrap_of_sums(sums_of(units, kept, arm), statistic, plan);
  if (!std::isfinite(drawn.observed))
    return fmt::format("the {} of '{}' is not known: one of the two {}s is zero or below",
                       contrast_name(what, *input.outcome), name, quotient_name(*input.outcome));
  statistics::BootstrapMethod method;
  method.confidence = level_of(input.analysis);
  method.ties = statistics::ObservedTies::half_below;
  const BootstrapSummary summary = statistics::intervals(drawn, method);
  const BootstrapInterval& interval = wanted(summary, word);
  if (std::string why = why_no_interval(summary, interval, word, input); !why.empty()) return why;

  EffectRow row;
  row.term = name;
  row.measure = contrast_name(what, *input.outcome);
  row.unit = contrast_unit(what, *input.outcome);
  row.estimate = drawn.observed;
  row.error = summary.error.value_or(std::nan(""));
  row.interval = interval.limits;
  row.mc_error = std::max(interval.monte_carlo_error[0], interval.monte_carlo_error[1]);
  row.level = method.confidence;
  row.effect = true;
  row.headline = arm == 1;
  if (what == Between::ratio) {
    row.log_scale = true;
    row.estimate = std::exp(row.estimate);
    row.interval = {std::exp(interval.limits.low), std::exp(interval.limits.high)};
    row.mc_error =
        std::max(row.interval.low * interval.monte_carlo_error[0], row.interval.high * interval.monte_carlo_error[1]);
  }
  if (summary.unbounded > 0)
    result.notes.push_back(fmt::format(
        "{}: in {} of {} resamples one arm's {} is zero, so that the ratio is zero or without bound; they are counted "
        "beyond the limits, and there is no standard error.",
        name, summary.unbounded, summary.replicates, quotient_name(*input.outcome)));
  result.notes.push_back(fmt::format("{}: another seed would move a limit by about {} ({} resamples).", name,
                                     about(row.mc_error), summary.replicates));
  result.effects.push_back(std::move(row));
  return "";
}

/// Strata of the draws: the arm where `strata` is left out. Clusters with people of several arms are drawn from all.
std::vector<std::uint32_t> strata_of_draws(const AnalysisInput& input, ResampledUnits& units, AnalysisResult& result) {
  if (input.analysis.has("strata"))
    return units.same_in_unit(units.sample.rows.strata(input.analysis.list("strata")), "strata");
  if (std::find(units.arm.begin(), units.arm.end(), ResampledUnits::several_arms) == units.arm.end())
    return units.same_in_unit(units.sample.arm, "arms");
  result.notes.push_back(fmt::format(
      "A {} holds people of several arms, so that they are drawn from all, and the size of the arms varies.",
      units.noun));
  return {};
}

AnalysisResult bootstrap(const AnalysisInput& input) {
  const Analysis& analysis = input.analysis;
  ResampledUnits units(input, analysis.list("strata"), analysis.word("cluster"));
  if (!units.refused.empty()) return refusal(units.refused);
  const WholeNumber resamples = whole_number(analysis, "resamples", usual_resamples, fewest_resamples);
  if (!resamples.refused.empty()) return refusal(resamples.refused);
  AnalysisResult result = begun_with_units(input, units);
  const std::vector<std::uint32_t> stratum = strata_of_draws(input, units, result);
  if (!units.refused.empty()) return refusal(units.refused);
  for (std::size_t a = 0; a < units.arms; ++a) {
    if (const std::string why = without_scatter(input, units, a); !why.empty()) return refusal(why);
    const auto count = std::count_if(units.arm.begin(), units.arm.end(), [&](int of) {
      return of == static_cast<int>(a) || of == ResampledUnits::several_arms;
    });
    if (static_cast<std::size_t>(count) < few_units)
      result.notes.push_back(fmt::format("'{}' has {}: with so few, limits by drawing again tend to be too narrow.",
                                         input.study.arms[a], people_or_clusters(units, static_cast<double>(count))));
  }
  for (std::size_t a = 1; a < units.arms; ++a)
    if (const std::string why = add_bootstrap(input, units, stratum, resamples.value, a, result); !why.empty())
      return refusal(why);
  result.facts.push_back({"resamples", static_cast<double>(resamples.value)});
  return result;
}

/// One arm against the control: the people of other arms stay where they are.
std::string add_randomisation(const AnalysisInput& input, const ResampledUnits& units,
                              const std::vector<std::uint32_t>& block, std::size_t draws, std::size_t arm,
                              AnalysisResult& result) {
  const Between what = between(input.analysis);
  SummedRows rows{2, {}};
  estimation::Assignment assignment;
  for (const std::size_t u : units.of_arms(arm)) {
    const auto its = static_cast<std::size_t>(units.arm[u]);
    rows.values.insert(rows.values.end(), {units.top[u * units.arms + its], units.bottom[u * units.arms + its]});
    assignment.treated.push_back(its == arm);
    if (!block.empty()) assignment.block.push_back(block[u]);
  }
  estimation::RandomisationPlan plan;
  const std::string side = input.analysis.word("alternative", "two-sided");
  plan.alternative = side == "less"      ? statistics::Alternative::less
                     : side == "greater" ? statistics::Alternative::greater
                                         : statistics::Alternative::two_sided;
  plan.draws = draws;
  plan.seed = input.study.seed;
  plan.threads = input.threads;
  const auto statistic = [what](std::span<const double> sums) { return contrast_of(what, sums); };
  const auto test = estimation::randomisation_test(rows, assignment, statistic, plan);
  const std::string &name = input.study.arms[arm], measure = contrast_name(what, *input.outcome);
  if (test.problem == estimation::RandomisationProblem::one_assignment_only)
    return "in every block all are in one arm, so that only one assignment could have been drawn: name fewer columns "
           "in blocks";
  if (!test.p)
    return fmt::format(
        "the {} of '{}' is not known as assigned, or in {} of {} other assignments: ask for the difference", measure,
        name, test.undefined, test.looked_at);
  const std::string suffix = units.arms > 2 ? ": " + name : "";
  const bool bounded = std::isfinite(test.observed);
  if (!bounded)
    result.notes.push_back(
        fmt::format("{}: as assigned one arm's {} is zero and the ratio without bound; p counts the "
                    "assignments with the same.",
                    name, quotient_name(*input.outcome)));
  result.tests.push_back({fmt::format("randomisation, {}{}{}", what == Between::ratio ? "log " : "", measure, suffix),
                          bounded ? test.observed : std::nan(""),
                          {},
                          {},
                          *test.p,
                          test.monte_carlo_error});
  if (test.assignments < 1e15) result.facts.push_back({"assignments" + suffix, test.assignments});
  result.facts.push_back({"assignments looked at" + suffix, static_cast<double>(test.looked_at)});
  result.facts.push_back({"as extreme" + suffix, static_cast<double>(test.as_extreme)});
  result.notes.push_back(
      test.exact
          ? fmt::format("{}: p is exact, by all {} assignments that chance could have made.", name,
                        shortest(test.assignments))
          : fmt::format("{}: p is (b + 1)/(m + 1) of m = {} assignments drawn as chance drew the one made; another "
                        "seed would move it by about {}.",
                        name, test.looked_at, about(test.monte_carlo_error)));
  return "";
}

AnalysisResult randomisation(const AnalysisInput& input) {
  const Analysis& analysis = input.analysis;
  if (input.study.design != Design::randomised)
    return refusal(
        "people were not assigned by chance, so there is no drawing to repeat: a randomisation test is for design = "
        "\"randomised\"");
  const std::vector<std::string>& blocks = analysis.list("blocks");
  ResampledUnits units(input, blocks, analysis.word("cluster"));
  if (!units.refused.empty()) return refusal(units.refused);
  const WholeNumber draws = whole_number(analysis, "draws", usual_assignments, fewest_resamples);
  if (!draws.refused.empty()) return refusal(draws.refused);
  AnalysisResult result = begun_with_units(input, units);
  if (std::find(units.arm.begin(), units.arm.end(), ResampledUnits::several_arms) != units.arm.end())
    return refusal(
        fmt::format("a {} holds people of several arms, so it was not assigned whole: name the column of what "
                    "was assigned in cluster, and what people were assigned within in blocks",
                    units.noun));
  std::vector<std::uint32_t> block;
  if (!blocks.empty()) block = units.same_in_unit(units.sample.rows.strata(blocks), "blocks");
  if (!units.refused.empty()) return refusal(units.refused);
  for (std::size_t a = 1; a < units.arms; ++a)
    if (const std::string why = add_randomisation(input, units, block, draws.value, a, result); !why.empty())
      return refusal(why);
  result.notes.emplace_back(
      "The test is of no effect on anybody, with people drawn again as the keys say: they must say how it was done.");
  return result;
}

}  // namespace

std::vector<Estimator> resampling_estimators() {
  const EstimatorKey unit = unit_key();
  return {
      {"bootstrap",
       "Difference or ratio of shares, rates or means with limits by drawing people again (Efron 1979, 1987)",
       Needs::people,
       {between_key(),
        {"interval",
         Takes::word,
         false,
         "Limits corrected for bias and skewness, or quantiles, or their mirror image (ratios: by the logarithm)",
         "\"BCa\"",
         {"BCa", "percentile", "basic"}},
        {"resamples", Takes::number, false, "How many times people are drawn; 9999 where it is left out", "9999"},
        unit,
        {"strata", Takes::columns, false,
         "Columns within whose values people are drawn; the arm alone where it is left out", "[\"arm\", \"site\"]"},
        level_key()},
       bootstrap},
      {"randomisation_test",
       "Test of no effect on anybody by assigning again as chance did (Fisher 1935), exact where that can be",
       Needs::people,
       {between_key(),
        {"blocks", Takes::columns, false, "Columns within whose values people were assigned", "[\"site\"]"},
        unit,
        {"alternative",
         Takes::word,
         false,
         "Which assignments count as more extreme: either way, or with a lower or higher number in the arm",
         "\"two-sided\"",
         {"two-sided", "less", "greater"}},
        {"draws", Takes::number, false, "Assignments drawn where there are over a million; 99999 where it is left out",
         "99999"}},
       randomisation},
  };
}

}  // namespace desist
