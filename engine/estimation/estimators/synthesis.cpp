// Estimators of several studies: pooled effects, moderators, rare events.
#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/estimation/estimators/synthesis_parts.hpp"
#include "engine/statistics/meta_checks.hpp"
#include "engine/statistics/rare_events.hpp"

namespace desist {
namespace {

using statistics::EffectMeasure;
using statistics::EffectSize;
using statistics::Inference;
using statistics::Synthesis;
using statistics::SynthesisMethod;
using statistics::SynthesisProblem;

SynthesisMethod method_of(const Analysis& analysis) {
  using statistics::TauEstimator;
  SynthesisMethod method;
  const std::string tau = analysis.word("tau", "REML"), errors = analysis.word("errors", "normal");
  method.tau = tau == "fixed" ? TauEstimator::fixed_effect
               : tau == "DL"  ? TauEstimator::dersimonian_laird
               : tau == "PM"  ? TauEstimator::paule_mandel
               : tau == "ML"  ? TauEstimator::likelihood
               : tau == "SJ"  ? TauEstimator::sidik_jonkman
               : tau == "HE"  ? TauEstimator::hedges
                              : TauEstimator::restricted_likelihood;
  method.errors = errors == "Knapp-Hartung"                ? statistics::PooledErrors::knapp_hartung
                  : errors == "Knapp-Hartung at least one" ? statistics::PooledErrors::knapp_hartung_at_least_one
                                                           : statistics::PooledErrors::normal;
  method.confidence = level_of(analysis);
  return method;
}

bool is_fixed(const SynthesisMethod& method) { return method.tau == statistics::TauEstimator::fixed_effect; }

/// tau^2, I^2 and Q of a fit, with the intervals of the Q profile.
void add_heterogeneity(const SynthesisStudies& studies, const Eigen::MatrixXd& columns, const Synthesis& fit,
                       AnalysisResult& result) {
  result.tests.push_back({columns.cols() == 1 ? "heterogeneity (Cochran's Q)" : "residual heterogeneity (Q)",
                          fit.q,
                          static_cast<double>(fit.df),
                          {},
                          fit.q_p,
                          0});
  EffectRow tau2, i2;
  tau2.measure = "variance between studies";
  tau2.term = columns.cols() == 1 ? "all studies" : "around the moderators";
  tau2.level = i2.level = fit.method.confidence;
  tau2.estimate = fit.tau2.value;
  if (fit.tau2.error) tau2.error = *fit.tau2.error;
  i2.measure = "I^2";
  i2.term = tau2.term;
  i2.unit = "%";
  i2.estimate = fit.i2;
  const auto limits = statistics::q_profile_interval(studies.effects, columns, fit.method.confidence);
  if (limits) {
    tau2.interval = limits->tau2;
    i2.interval = limits->i2;
    if (limits->empty_set)
      result.notes.push_back(
          "The studies are more alike than chance explains: no variance between them fits, its interval is 0 alone");
  }
  if (!is_fixed(fit.method)) result.effects.push_back(tau2);
  result.effects.push_back(i2);
  result.facts.push_back({"H^2", fit.h2});
}

void add_subgroups(const AnalysisInput& input, const SynthesisScale& scale, const SynthesisStudies& studies,
                   const SynthesisMethod& method, AnalysisResult& result) {
  const std::string wanted = input.analysis.word("subgroups", "separate");
  if (wanted == "none") return;
  std::vector<std::string> names;
  std::vector<std::size_t> group;
  for (const StudyEffect* row : studies.rows) {
    const auto found = std::find(names.begin(), names.end(), row->group);
    group.push_back(static_cast<std::size_t>(found - names.begin()));
    if (found == names.end()) names.push_back(row->group);
  }
  if (names.size() < 2) return;
  const auto spread = wanted == "common" ? statistics::SubgroupSpread::common : statistics::SubgroupSpread::separate;
  const auto found = statistics::subgroups(studies.effects, group, spread, method);
  if (!found) {
    result.notes.push_back(fmt::format("No subgroups: {}", problem_words(found.problem())));
    return;
  }
  for (const auto& each : found->groups) {
    const std::string name = names[each.label].empty() ? "other studies" : names[each.label];
    result.effects.push_back(scale.row("subgroup: " + name, each.pooled, method.confidence));
    result.facts.push_back({"studies: " + name, static_cast<double>(each.studies)});
    if (!is_fixed(method)) result.facts.push_back({"variance between studies: " + name, each.tau2});
  }
  result.tests.push_back(
      {"between subgroups", found->between.statistic, static_cast<double>(found->between.df), {}, found->between.p, 0});
}

void add_small_studies(const AnalysisInput& input, const SynthesisScale& scale, const SynthesisStudies& studies,
                       const SynthesisMethod& method, AnalysisResult& result) {
  constexpr std::size_t fewest_for_a_funnel = 10;  // Sterne et al. 2011
  if (studies.rows.size() < fewest_for_a_funnel) {
    result.notes.push_back(
        "With fewer than 10 studies a funnel can't tell small-study effects from chance (Sterne et "
        "al. 2011): Egger's test is not made");
  } else if (const auto egger = statistics::funnel_asymmetry(studies.effects)) {
    result.tests.push_back({"funnel asymmetry (Egger)", egger->statistic, egger->df, {}, egger->p, 0});
  } else {
    result.notes.push_back(fmt::format("Egger's test can't be made: {}", problem_words(egger.problem())));
  }
  if (input.analysis.word("trim_and_fill") != "yes") return;
  const auto filled = statistics::trim_and_fill(studies.effects, method);
  if (!filled) {
    result.notes.push_back(fmt::format("No trim and fill: {}", problem_words(filled.problem())));
    return;
  }
  result.facts.push_back({"studies filled in", static_cast<double>(filled->missing)});
  result.effects.push_back(
      scale.row("pooled, with studies filled in", filled->with_filled.pooled(), method.confidence));
  result.notes.push_back("Trim and fill takes every asymmetry for missing studies: a sensitivity analysis, no answer");
}

void add_without_each(const SynthesisScale& scale, const SynthesisStudies& studies, const SynthesisMethod& method,
                      AnalysisResult& result) {
  for (std::size_t i = 0; i < studies.rows.size(); ++i) {
    std::vector<EffectSize> others = studies.effects;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    const auto fit = statistics::pool(others, method);
    if (!fit) {
      result.notes.push_back(fmt::format("Without {}: {}", studies.label(i), problem_words(fit.problem())));
      continue;
    }
    result.effects.push_back(scale.row("pooled, without " + studies.label(i), fit->pooled(), method.confidence));
    if (!is_fixed(method))
      result.facts.push_back({"variance between studies, without " + studies.label(i), fit->tau2.value});
  }
  const Eigen::MatrixXd ones = Eigen::MatrixXd::Ones(static_cast<Eigen::Index>(studies.rows.size()), 1);
  const auto influence = statistics::influence(studies.effects, ones, method);
  if (!influence) return;
  std::vector<std::string> influential;
  for (std::size_t i = 0; i < studies.rows.size(); ++i) {
    result.facts.push_back({"Cook's distance: " + studies.label(i), (*influence)[i].cook_distance});
    result.facts.push_back({"studentised residual: " + studies.label(i), (*influence)[i].studentised_residual});
    if ((*influence)[i].influential) influential.push_back(studies.label(i));
  }
  if (!influential.empty())
    result.notes.push_back(
        fmt::format("Carried by single studies (Viechtbauer and Cheung 2010): {}", listed(influential)));
}

/// Of few studies the normal limits are too narrow: whether Knapp-Hartung's hold no effect where these don't.
void note_normal_limits(const SynthesisStudies& studies, SynthesisMethod method, const EffectRow& pooled,
                        AnalysisResult& result) {
  method.errors = statistics::PooledErrors::knapp_hartung_at_least_one;
  const auto wider = statistics::pool(studies.effects, method);
  const double none = pooled.log_scale ? 1 : 0;
  const bool shown = pooled.interval.low > none || pooled.interval.high < none;
  result.tests_disagree = shown && wider && wider->pooled().interval.low <= 0 && wider->pooled().interval.high >= 0;
  result.notes.push_back(
      std::string("Normal limits are too narrow for so few studies; `errors = \"Knapp-Hartung\"` allows for it") +
      (result.tests_disagree ? ", and its limits hold no effect: the answer depends on which are taken" : ""));
}

AnalysisResult meta_analysis(const AnalysisInput& input) {
  const SynthesisScale scale(input.analysis);
  const SynthesisMethod method = method_of(input.analysis);
  const SynthesisStudies studies = studies_of(input, scale);
  if (!studies.refused.empty()) return refusal(studies.refused);
  AnalysisResult result = begun_synthesis(input, studies.rows);
  result.notes.insert(result.notes.end(), studies.notes.begin(), studies.notes.end());
  for (std::size_t i = 0; i < studies.rows.size(); ++i) {
    const EffectSize& each = studies.effects[i];
    if (!std::isfinite(each.effect) || !(each.variance > 0) || !std::isfinite(each.variance))
      return refusal(fmt::format("'{}': {}", studies.label(i),
                                 problem_words(std::isfinite(each.effect) ? SynthesisProblem::variance_not_positive
                                                                          : SynthesisProblem::not_finite)));
    EffectRow row = scale.row(
        studies.label(i), statistics::inference(each.effect, std::sqrt(each.variance), std::nullopt, method.confidence),
        method.confidence);
    set_score_limits(*studies.rows[i], scale, row);
    row.effect = true;
    result.effects.push_back(row);
  }
  if (const std::string why = unlike_studies(input, studies.rows); !why.empty()) {
    result.estimand = "each study's own";
    result.notes.push_back(why);
    return result;
  }
  const auto fit = statistics::pool(studies.effects, method);
  if (!fit) {
    result.estimand = "each study's own";
    result.notes.push_back(fmt::format("No pooled effect: {}", problem_words(fit.problem())));
    return result;
  }
  result.estimand = is_fixed(method) ? "one effect that all studies share" : "mean of the studies' effects";
  EffectRow pooled = scale.row("pooled", fit->pooled(), method.confidence);
  pooled.effect = pooled.headline = true;
  result.effects.push_back(pooled);
  if (const auto limits = statistics::prediction_interval(*fit)) {
    EffectRow row;
    row.term = "prediction: one more study";
    row.measure = scale.measure;
    row.unit = pooled.unit;
    row.level = method.confidence;
    row.log_scale = scale.ratio;
    row.estimate = pooled.estimate;
    row.interval = scale.shown(*limits);
    result.effects.push_back(row);
  }
  const Eigen::MatrixXd ones = Eigen::MatrixXd::Ones(static_cast<Eigen::Index>(studies.rows.size()), 1);
  add_heterogeneity(studies, ones, *fit, result);
  for (std::size_t i = 0; i < studies.rows.size(); ++i)
    result.facts.push_back({"weight in percent: " + studies.label(i), fit->weights[i]});
  if (fit->method.errors == statistics::PooledErrors::knapp_hartung && fit->variance_factor < 1)
    result.notes.push_back(
        "Knapp-Hartung's error is smaller than the usual one here; `errors = \"Knapp-Hartung at least one\"` never is");
  if (!is_fixed(method) && method.errors == statistics::PooledErrors::normal && studies.rows.size() < 10)
    note_normal_limits(studies, method, pooled, result);
  add_subgroups(input, scale, studies, method, result);
  add_small_studies(input, scale, studies, method, result);
  if (input.analysis.word("leave_one_out") == "yes") add_without_each(scale, studies, method, result);
  return result;
}

AnalysisResult meta_regression(const AnalysisInput& input) {
  const SynthesisScale scale(input.analysis);
  const SynthesisMethod method = method_of(input.analysis);
  const SynthesisStudies all = studies_of(input, scale);
  if (!all.refused.empty()) return refusal(all.refused);
  const std::vector<std::string>& moderators = input.analysis.list("moderators");
  if (moderators.empty()) return refusal("name the moderators: moderators = [\"weeks\"]");
  SynthesisStudies studies;
  std::vector<std::string> without;
  for (std::size_t i = 0; i < all.rows.size(); ++i) {
    const bool known = std::all_of(moderators.begin(), moderators.end(),
                                   [&](const std::string& name) { return all.rows[i]->moderators.contains(name); });
    if (!known) {
      without.push_back(all.label(i));
      continue;
    }
    studies.rows.push_back(all.rows[i]);
    studies.effects.push_back(all.effects[i]);
  }
  if (studies.rows.empty())
    return refusal(fmt::format("no study has a value of {}: add moderators = {{ {} = ... }} to [[result]]",
                               listed(moderators), moderators.front()));
  if (const std::string why = unlike_studies(input, studies.rows); !why.empty()) return refusal(why);
  AnalysisResult result = begun_synthesis(input, studies.rows);
  result.notes.insert(result.notes.end(), all.notes.begin(), all.notes.end());
  if (!without.empty())
    result.notes.push_back(fmt::format("Left out, without a value of every moderator: {}", listed(without)));
  Eigen::MatrixXd columns = Eigen::MatrixXd::Ones(static_cast<Eigen::Index>(studies.rows.size()),
                                                  static_cast<Eigen::Index>(moderators.size()) + 1);
  for (std::size_t i = 0; i < studies.rows.size(); ++i)
    for (std::size_t j = 0; j < moderators.size(); ++j)
      columns(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j) + 1) =
          studies.rows[i]->moderators.at(moderators[j]);
  const auto fit = statistics::meta_regression(studies.effects, columns, method);
  if (!fit) return refusal(std::string(problem_words(fit.problem())));
  const std::string measure = fmt::format("coefficient of the {}{}", scale.ratio ? "log " : "", scale.measure);
  for (std::size_t j = 0; j < fit->effects.size(); ++j) {
    const Inference& each = fit->effects[j];
    EffectRow row;
    row.term = j == 0 ? "(intercept)" : moderators[j - 1];
    row.measure = measure;
    row.level = method.confidence;
    row.estimate = each.estimate;
    row.error = each.error;
    row.interval = each.interval;
    if (each.error > 0) {
      row.statistic = each.estimate / each.error;
      row.p = each.p;
    }
    row.degrees_of_freedom = each.degrees_of_freedom;
    row.headline = j == 1;
    result.effects.push_back(row);
  }
  if (const auto test = statistics::moderator_test(*fit)) {
    TestRow row{"moderators", test->statistic, static_cast<double>(test->df), {}, test->p, 0};
    if (method.errors != statistics::PooledErrors::normal) row.second_degrees_of_freedom = static_cast<double>(fit->df);
    result.tests.push_back(row);
  }
  add_heterogeneity(studies, columns, *fit, result);
  const auto plain = statistics::pool(studies.effects, method);
  if (plain)
    if (const auto share = statistics::heterogeneity_explained(*fit, *plain))
      result.facts.push_back({"variance between studies explained, in percent", *share});
  result.estimand = "how effects differ between studies";
  result.causal_words = false;
  result.notes.push_back("Studies are compared, not people: what goes with a moderator need not be its doing");
  return result;
}

AnalysisResult rare_events(const AnalysisInput& input) {
  const SynthesisScale scale(input.analysis);
  const std::string pooling = input.analysis.word("pooling", "Mantel-Haenszel");
  const double level = level_of(input.analysis);
  std::vector<const StudyEffect*> rows;
  std::vector<statistics::TwoByTwo> tables;
  std::string refused;
  for (const StudyEffect* each : chosen_studies(input, refused)) {
    const StudyEffect& study = *each;
    if (!study.counts)
      return refusal(fmt::format("'{}' gives no counts: `meta_analysis` pools effects with their errors", study.label));
    rows.push_back(&study);
    tables.push_back(counts_of(study));
  }
  if (!refused.empty()) return refusal(refused);
  if (pooling == "Peto" && scale.measure != "odds ratio")
    return refusal("Peto's method gives an odds ratio: write measure = \"odds ratio\"");
  if (const std::string why = unlike_studies(input, rows); !why.empty()) return refusal(why);
  AnalysisResult result = begun_synthesis(input, rows);
  result.estimand =
      pooling == "beta-binomial" ? "mean risks of the studies' groups, compared" : "one effect that all studies share";
  const auto add = [&](const Inference& inference) {
    EffectRow row = scale.row("pooled", inference, level);
    row.effect = row.headline = true;
    result.effects.push_back(row);
  };
  if (pooling == "beta-binomial") {
    const auto fit = statistics::beta_binomial(tables, level);
    if (!fit) return refusal(std::string(problem_words(fit.problem())));
    add(scale.measure == "risk difference" ? fit->risk_difference
        : scale.measure == "odds ratio"    ? fit->log_odds_ratio
                                           : fit->log_risk_ratio);
    for (const auto& [term, risk] : {std::pair("treated", fit->risk1), std::pair("control", fit->risk0)}) {
      EffectRow row;
      row.term = term;
      row.measure = "mean risk";
      row.unit = "share";
      row.estimate = risk;
      row.level = level;
      result.effects.push_back(row);
    }
    result.facts.push_back({"correlation within groups", fit->correlation});
    result.facts.push_back({"log-likelihood", fit->log_likelihood});
    result.facts.push_back({"log-likelihood without spread", fit->log_likelihood_binomial});
    if (fit->binomial) result.notes.push_back("The counts vary no more than chance explains: plain proportions");
    return result;
  }
  const auto fit = pooling == "Peto" ? statistics::peto(tables, level)
                                     : statistics::mantel_haenszel(tables, *scale.of_counts, level);
  if (!fit) return refusal(std::string(problem_words(fit.problem())));
  add(fit->pooled);
  result.facts.push_back({"studies with information", static_cast<double>(fit->used)});
  result.facts.push_back({"Q", fit->q});
  if (pooling == "Peto")
    result.notes.push_back(
        "Peto's odds ratio is biased where the true one is far from 1 or groups are of very "
        "different size (Greenland and Salvan 1990)");
  return result;
}

}  // namespace

std::vector<Estimator> synthesis_estimators() {
  const EstimatorKey counted{"measure",        Takes::word,      false,
                             "What is pooled", "\"odds ratio\"", {"risk ratio", "odds ratio", "risk difference"}};
  EstimatorKey measure = counted;
  measure.help = "What is pooled; the last three of given effects only (ratios as logarithms)";
  measure.words.insert(measure.words.end(), {"rate ratio", "hazard ratio", "mean difference"});
  const EstimatorKey tau{"tau",    Takes::word,
                         false,    "How the variance between studies is estimated; fixed: taken as 0",
                         "\"PM\"", {"REML", "DL", "PM", "ML", "SJ", "HE", "fixed"}};
  const EstimatorKey errors{"errors",
                            Takes::word,
                            false,
                            "Normal limits, or Student's t with the scatter of the studies (Knapp and Hartung 2003)",
                            "\"Knapp-Hartung\"",
                            {"normal", "Knapp-Hartung", "Knapp-Hartung at least one"}};
  const EstimatorKey across{"pool_across_designs", Takes::text, false,
                            "Why studies of different design or outcome may be pooled; without it they are not",
                            "\"both count new offences within a year\""};
  const EstimatorKey studies{"studies", Takes::texts, false,
                             "Labels of the [[result]] tables that it is of; all where it is left out",
                             "[\"CARA\", \"ARDA\"]"};
  return {
      {"meta_analysis",
       "Studies' effects, their mean, spread and the effect of one more; subgroups and small studies",
       Needs::studies,
       {measure,
        tau,
        errors,
        {"subgroups",
         Takes::word,
         false,
         "Whether groups of [[result]] have a spread each",
         "\"common\"",
         {"separate", "common", "none"}},
        {"leave_one_out", Takes::flag, false, "The mean without each study, and which of them carry it", "true"},
        {"trim_and_fill", Takes::flag, false, "The mean with mirror images filled in (Duval and Tweedie 2000)", "true"},
        studies,
        across,
        level_key()},
       meta_analysis},
      {"meta_regression",
       "Studies' effects by their moderators (Raudenbush 2009)",
       Needs::studies,
       {{"moderators", Takes::texts, true, "Names from moderators of [[result]]", "[\"weeks\"]"},
        measure,
        tau,
        errors,
        studies,
        across,
        level_key()},
       meta_regression},
      {"rare_events",
       "Counts pooled as they are where events are few (Mantel-Haenszel, Peto, beta-binomial)",
       Needs::studies,
       {counted,
        {"pooling",
         Takes::word,
         false,
         "How counts are pooled",
         "\"Peto\"",
         {"Mantel-Haenszel", "Peto", "beta-binomial"}},
        studies,
        across,
        level_key()},
       rare_events},
  };
}

}  // namespace desist
