// Estimators of a time to an event beyond one curve: competing causes, repeated events, parametric laws, cure.
#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/estimation/estimators/times.hpp"
#include "engine/statistics/competing_risks.hpp"
#include "engine/statistics/fine_gray.hpp"
#include "engine/statistics/mixture_cure.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/parametric_survival.hpp"
#include "engine/statistics/rates.hpp"
#include "engine/statistics/recurrent_events.hpp"

namespace desist {
namespace {

using statistics::Interval;
using statistics::TimeLaw;

const Interval no_limits{std::nan(""), std::nan("")};

std::optional<std::string> needs_one_row(const AnalysisInput& input) {
  if (input.outcome->entry.empty()) return std::nullopt;
  return fmt::format("'{}' has rows that begin at `entry`; this method takes one row a person, followed from the start",
                     input.outcome->name);
}

/// What lies between arms in the chance of each cause by the times that are asked for.
void add_differences_by_cause(const AnalysisInput& input, const Times& times,
                              const std::vector<statistics::Incidences>& found, AnalysisResult& result) {
  const bool delta = input.analysis.word("errors") == "delta method";
  for (std::size_t c = 0; c < times.causes.size(); ++c)
    for (std::size_t a = 1; a < found.size(); ++a)
      for (const double at : input.analysis.number_list("at")) {
        if (const auto why = unknown_at(input, times, a, at)) {
          if (c == 0) result.notes.push_back(*why);
          continue;
        }
        const auto treated = statistics::incidence_at(found[a].causes[c], at),
                   control = statistics::incidence_at(found[0].causes[c], at);
        const ShareBy shares{treated.incidence, control.incidence,
                             delta ? treated.delta_error : treated.jackknife_error,
                             delta ? control.delta_error : control.jackknife_error};
        EffectRow row = difference_by(arm_name(input.study, a),
                                      fmt::format("risk difference by {}: {} (Aalen-Johansen)",
                                                  time_in_words(at, *input.outcome), times.causes[c]),
                                      shares, input.analysis);
        row.effect = true;
        result.effects.push_back(row);
      }
}

AnalysisResult competing_risks(const AnalysisInput& input) {
  if (const auto why = needs_one_row(input)) return refusal(*why);
  const Times times(input, {}, true);
  AnalysisResult result = begun(input, times);
  const int causes = static_cast<int>(times.causes.size()), arms = arm_count(input.study);
  const auto found = statistics::cumulative_incidence(times.follow_up(), causes, times.arm, arms);
  if (!found) return refusal(in_words(found.problem(), {}));
  const bool delta = input.analysis.word("errors") == "delta method";
  const double level = level_of(input.analysis);
  const auto error_of = [&](const statistics::IncidenceStep& step) {
    return delta ? step.delta_error : step.jackknife_error;
  };
  for (std::size_t a = 0; a < found->size(); ++a) {
    const std::string arm = arm_name(input.study, a);
    for (std::size_t c = 0; c < times.causes.size(); ++c) {
      const std::string name = "cumulative incidence: " + times.causes[c];
      const auto& steps = (*found)[a].causes[c];
      for (const auto& step : steps)
        result.curves.push_back(
            {name, arm, step.time, static_cast<double>(step.at_risk), static_cast<double>(step.events), 0,
             step.incidence, error_of(step),
             statistics::incidence_limits(step.incidence, error_of(step), level).value_or(no_limits)});
      for (const double at : input.analysis.number_list("at")) {
        const auto step = statistics::incidence_at(steps, at);
        EffectRow row = row_of_arm(
            arm,
            fmt::format("{} by {}{}", name, shortest(at), input.outcome->unit.empty() ? "" : " " + input.outcome->unit),
            "share", step.incidence);
        row.error = error_of(step);
        row.level = level;
        row.interval = statistics::incidence_limits(step.incidence, row.error, level).value_or(no_limits);
        result.effects.push_back(row);
      }
    }
  }
  add_differences_by_cause(input, times, *found, result);
  for (std::size_t c = 0; c < times.causes.size() && arms > 1; ++c) {
    const auto test = statistics::gray_test(times.follow_up(), causes, static_cast<int>(c) + 1, times.arm, arms);
    if (!test) {
      result.notes.push_back(fmt::format("Gray's test of {}: {}", times.causes[c], in_words(test.problem(), {})));
      continue;
    }
    result.tests.push_back(
        {"Gray: " + times.causes[c], test->statistic, static_cast<double>(test->df), {}, test->p, 0});
  }
  return result;
}

/// Adds one ratio a covariate, those of arms being effects; refuses where an arm's error is none.
void add_ratios(AnalysisResult& result, const DesignMatrix& design, const Eigen::VectorXd& logs,
                const Eigen::VectorXd& errors, const std::string& measure, const Analysis& analysis) {
  for (const std::size_t c : design.of_arm)
    if (std::string why = unsound_error(design.terms[c], measure, errors[static_cast<Eigen::Index>(c)]); !why.empty()) {
      result = refusal(std::move(why));
      return;
    }
  for (std::size_t c = 0; c < design.terms.size(); ++c) {
    const auto at = static_cast<Eigen::Index>(c);
    EffectRow row = ratio_row(design.terms[c], measure, logs[at], errors[at], analysis);
    row.effect = std::find(design.of_arm.begin(), design.of_arm.end(), c) != design.of_arm.end();
    row.headline = !design.of_arm.empty() && c == design.of_arm.front();
    result.effects.push_back(row);
  }
}

const std::string nothing_to_compare = "there is nothing to compare: name an arm in [data], or columns to adjust for";

AnalysisResult fine_gray(const AnalysisInput& input) {
  if (const auto why = needs_one_row(input)) return refusal(*why);
  const std::vector<std::string>& adjust = input.analysis.list("adjust");
  const Times times(input, adjust, true);
  AnalysisResult result = begun(input, times);
  const DesignMatrix design = times.rows.design(adjust, false);
  if (design.terms.empty()) return refusal(nothing_to_compare);
  const auto fit = statistics::fine_gray(times.follow_up(), static_cast<int>(times.causes.size()), 1, design.x);
  if (!fit) return refusal(in_words(fit.problem(), design.terms));
  add_ratios(result, design, fit->coefficients, fit->errors(), "subdistribution hazard ratio", input.analysis);
  if (!result.refused.empty()) return result;
  set_posterior(result, design.terms, fit->coefficients, fit->covariance, true);
  result.facts.push_back({"log pseudo-likelihood", fit->log_likelihood});
  result.notes.push_back(
      "A ratio of subdistribution hazards says in which arm more people had this event first, not how much the rate of "
      "it changed: for that see the hazard ratio of `cox`, which takes the other causes as censoring.");
  return result;
}

AnalysisResult mean_count(const AnalysisInput& input) {
  const std::string person = input.study.id;
  const Times times(input, {person});
  AnalysisResult result = begun(input, times);
  const std::vector<int> people = person.empty() ? std::vector<int>{} : times.rows.codes(person);
  const auto found = statistics::mean_cumulative_function(times.follow_up(), people, times.arm, arm_count(input.study));
  if (!found) return refusal(in_words(found.problem(), {}));
  const double z = normal_reach(input.analysis);
  for (std::size_t a = 0; a < found->size(); ++a) {
    const std::string arm = arm_name(input.study, a);
    for (const auto& step : (*found)[a].steps)
      result.curves.push_back({"mean cumulative count",
                               arm,
                               step.time,
                               static_cast<double>(step.at_risk),
                               static_cast<double>(step.events),
                               0,
                               step.mean,
                               step.robust_error,
                               {std::max(0.0, step.mean - z * step.robust_error), step.mean + z * step.robust_error}});
    for (const double at : input.analysis.number_list("at")) {
      statistics::MeanCount last;
      for (const auto& step : (*found)[a].steps)
        if (step.time <= at) last = step;
      EffectRow row = row_of_arm(
          arm,
          fmt::format("mean count by {}{}", shortest(at), input.outcome->unit.empty() ? "" : " " + input.outcome->unit),
          "event", last.mean);
      row.error = last.robust_error;
      row.level = level_of(input.analysis);
      row.interval = {std::max(0.0, last.mean - z * last.robust_error), last.mean + z * last.robust_error};
      result.effects.push_back(row);
    }
  }
  if (person.empty()) result.notes.push_back("Every row is taken as another person: [data] names no id.");
  return result;
}

TimeLaw law_of(const Analysis& analysis) {
  const std::string word = analysis.word("law", "Weibull");
  return word == "exponential"   ? TimeLaw::exponential
         : word == "lognormal"   ? TimeLaw::lognormal
         : word == "loglogistic" ? TimeLaw::loglogistic
                                 : TimeLaw::weibull;
}

/// Coefficients on their own scale, for terms with an intercept before them.
void add_coefficients(AnalysisResult& result, const std::string& of, const std::vector<std::string>& terms,
                      const Eigen::VectorXd& values, const Eigen::VectorXd& errors, Eigen::Index from,
                      const Analysis& analysis) {
  for (Eigen::Index i = 0; i < values.size(); ++i) {
    const std::string term = i == 0 ? "(intercept)" : terms[static_cast<std::size_t>(i - 1)];
    result.effects.push_back(difference_row(term, of, "", values[i], errors[from + i], analysis));
  }
}

AnalysisResult parametric_survival(const AnalysisInput& input) {
  if (const auto why = needs_one_row(input)) return refusal(*why);
  const std::vector<std::string>& adjust = input.analysis.list("adjust");
  const Times times(input, adjust);
  AnalysisResult result = begun(input, times);
  const DesignMatrix design = times.rows.design(adjust, false);
  const TimeLaw law = law_of(input.analysis);
  const auto fit = statistics::parametric_survival(times.follow_up(), design.x, law);
  if (!fit) return refusal(in_words(fit.problem(), design.terms));
  const Eigen::VectorXd errors = fit->errors();
  add_coefficients(result, "coefficient of log time", design.terms, fit->coefficients, errors, 0, input.analysis);
  const Eigen::Index p = fit->coefficients.size();
  if (law != TimeLaw::exponential)
    result.effects.push_back(
        difference_row("log(scale)", "coefficient of log time", "", fit->log_scale, errors[p], input.analysis));
  if (design.x.cols() > 0) {
    add_ratios(result, design, fit->coefficients.tail(p - 1), errors.segment(1, p - 1), "time ratio", input.analysis);
    if (!result.refused.empty()) return result;
    if (law == TimeLaw::exponential || law == TimeLaw::weibull) {
      const auto hazards = statistics::weibull_hazards(*fit);
      for (EffectRow& row : result.effects) row.headline = false;
      add_ratios(result, design, hazards.log_hazard_ratio, hazards.log_hazard_ratio_error, "hazard ratio",
                 input.analysis);
      if (!result.refused.empty()) return result;
    }
  }
  std::vector<std::string> terms{"(intercept)"};
  terms.insert(terms.end(), design.terms.begin(), design.terms.end());
  Eigen::VectorXd values(fit->covariance.rows());
  values.head(p) = fit->coefficients;
  if (law != TimeLaw::exponential) {
    terms.emplace_back("log(scale)");
    values[p] = fit->log_scale;
  }
  set_posterior(result, terms, values, fit->covariance, false);
  result.facts.push_back({"log-likelihood", fit->log_likelihood});
  result.facts.push_back({"AIC", fit->aic});
  return result;
}

AnalysisResult mixture_cure(const AnalysisInput& input) {
  if (const auto why = needs_one_row(input)) return refusal(*why);
  const std::vector<std::string>& adjust = input.analysis.list("adjust");
  const Times times(input, adjust);
  AnalysisResult result = begun(input, times);
  const bool none = input.analysis.word("covariates", "both") == "none";
  const bool share_only = input.analysis.word("covariates", "both") == "share";
  const DesignMatrix design = times.rows.design(none ? std::vector<std::string>{} : adjust, false, !none);
  const Eigen::MatrixXd empty(design.x.rows(), 0);
  const auto fit =
      statistics::mixture_cure(times.follow_up(), design.x, share_only ? empty : design.x, law_of(input.analysis));
  if (!fit) {
    const statistics::SurvivalProblem& problem = fit.problem();
    const bool of_share = problem.fault == statistics::SurvivalFault::infinite_coefficient &&
                          problem.covariate < static_cast<std::size_t>(design.x.cols());
    if (of_share)
      return refusal(fmt::format(
          "by '{}' the share that never has it goes to none or all: follow-up ends before the data tell never from "
          "later; covariates = \"none\" estimates one share for all, method = \"parametric_survival\" needs none",
          design.terms[problem.covariate]));
    std::vector<std::string> terms = design.terms;
    terms.insert(terms.end(), design.terms.begin(), design.terms.end());
    return refusal(in_words(fit.problem(), terms));
  }
  const Eigen::VectorXd errors = fit->errors();
  add_coefficients(result, "log odds of ever having it", design.terms, fit->incidence, errors, 0, input.analysis);
  add_coefficients(result, "coefficient of log time among them", design.terms, fit->latency, errors,
                   fit->incidence.size(), input.analysis);
  if (law_of(input.analysis) != TimeLaw::exponential)
    result.effects.push_back(difference_row("log(scale)", "coefficient of log time among them", "", fit->log_scale,
                                            errors[errors.size() - 1], input.analysis));
  std::vector<std::string> terms;
  const auto add_terms = [&](const std::string& part, Eigen::Index count) {
    for (Eigen::Index i = 0; i < count; ++i)
      terms.push_back(part + ": " + (i == 0 ? "(intercept)" : design.terms[static_cast<std::size_t>(i - 1)]));
  };
  const Eigen::Index shares = fit->incidence.size(), laws = fit->latency.size();
  add_terms("share", shares);
  add_terms("time", laws);
  Eigen::VectorXd values(fit->covariance.rows());
  values << fit->incidence, fit->latency, Eigen::VectorXd::Constant(values.size() - shares - laws, fit->log_scale);
  if (values.size() > shares + laws) terms.emplace_back("log(scale)");
  set_posterior(result, terms, values, fit->covariance, false);
  // The share that never has it, in each arm at the mean of the other covariates.
  const Eigen::VectorXd mean = design.x.rows() > 0 && design.x.cols() > 0
                                   ? Eigen::VectorXd(design.x.colwise().mean().transpose())
                                   : Eigen::VectorXd();
  const int arms = none ? 1 : arm_count(input.study);
  for (int a = 0; a < arms; ++a) {
    Eigen::VectorXd at = mean;
    for (std::size_t k = 0; k < design.of_arm.size(); ++k)
      at[static_cast<Eigen::Index>(design.of_arm[k])] = static_cast<int>(k) + 1 == a ? 1 : 0;
    const auto share = statistics::cure_share(*fit, at, level_of(input.analysis));
    EffectRow row = row_of_arm(arms == 1 ? "everyone" : arm_name(input.study, static_cast<std::size_t>(a)),
                               "share that never has it", "share", share.share);
    row.error = share.error;
    row.interval = share.interval;
    row.level = level_of(input.analysis);
    result.effects.push_back(row);
  }
  result.facts.push_back({"log-likelihood", fit->log_likelihood});
  result.notes.push_back(
      "A cure share is a statement about the model: for time to a first event, a share that never has it and people "
      "who stop at a constant rate are one model (Maltz 1984), so these data cannot tell \"never would have\" from "
      "\"stopped in time\".");
  return result;
}

AnalysisResult piecewise_exponential(const AnalysisInput& input) {
  std::vector<double> cuts = input.analysis.number_list("cuts");
  std::sort(cuts.begin(), cuts.end());
  if (cuts.empty() || cuts.front() <= 0) return refusal("`cuts` lie above zero");
  const Times times(input, {});
  if (times.rows.size() == 0) return refusal("nobody has a value in every column that is needed");
  AnalysisResult result = begun(input, times);
  cuts.insert(cuts.begin(), 0.0);
  const double level = level_of(input.analysis);
  for (int a = 0; a < arm_count(input.study); ++a) {
    for (std::size_t piece = 0; piece < cuts.size(); ++piece) {
      const double from = cuts[piece], to = piece + 1 < cuts.size() ? cuts[piece + 1] : HUGE_VAL;
      double exposure = 0, events = 0;
      for (std::size_t i = 0; i < times.rows.size(); ++i) {
        if (times.arm[i] != a) continue;
        const auto at = static_cast<Eigen::Index>(i);
        const double begin = times.start.size() > 0 ? times.start[at] : 0.0;
        exposure += std::max(0.0, std::min(to, times.stop[at]) - std::max(from, begin));
        events += times.event[i] == 1 && times.stop[at] > from && times.stop[at] <= to ? 1 : 0;
      }
      if (!(exposure > 0)) continue;
      const std::string until = std::isinf(to) ? " on" : " to " + shortest(to);
      EffectRow row = row_of_arm(arm_name(input.study, static_cast<std::size_t>(a)),
                                 fmt::format("hazard from {}{}", shortest(from), until),
                                 input.outcome->unit.empty() ? "" : "per " + input.outcome->unit, events / exposure);
      row.error = std::sqrt(events) / exposure;
      row.level = level;
      row.interval = statistics::exact_rate({std::llround(events), exposure}, level);
      result.effects.push_back(row);
    }
  }
  return result;
}

}  // namespace

std::vector<Estimator> time_law_estimators() {
  const EstimatorKey adjust{"adjust", Takes::columns, false, "Covariates beside the arm", "[\"age\", \"prior\"]"};
  const EstimatorKey at{"at", Takes::numbers, false, "Times at which the curve is read", "[26, 52]"};
  const EstimatorKey law{"law",         Takes::word,
                         false,         "The law of the time",
                         "\"Weibull\"", {"Weibull", "exponential", "lognormal", "loglogistic"}};
  return {
      {"competing_risks",
       "Cumulative incidence of each cause (Aalen and Johansen 1978) and Gray's test (1988)",
       Needs::time,
       {at,
        {"errors",
         Takes::word,
         false,
         "Errors by the infinitesimal jackknife, or as Gray's program has them",
         "\"jackknife\"",
         {"jackknife", "delta method"}},
        level_key()},
       competing_risks},
      {"fine_gray",
       "Ratios of subdistribution hazards, other causes competing (Fine and Gray 1999)",
       Needs::time,
       {adjust, level_key()},
       fine_gray},
      {"mean_count",
       "Mean number of repeated events by time (Nelson 1988; errors of Lawless and Nadeau 1995)",
       Needs::time,
       {at, level_key()},
       mean_count},
      {"mixture_cure",
       "A share that never has the event, the others by a parametric law (Boag 1949; Farewell 1982)",
       Needs::time,
       {adjust,
        law,
        {"covariates",
         Takes::word,
         false,
         "Whether arms and covariates move the share, the time, or neither",
         "\"both\"",
         {"both", "share", "none"}},
        level_key()},
       mixture_cure},
      {"parametric_survival",
       "Accelerated failure times by a parametric law (Kalbfleisch and Prentice 1980)",
       Needs::time,
       {adjust, law, level_key()},
       parametric_survival},
      {"piecewise_exponential",
       "A constant hazard within each stretch of time, with exact limits (Garwood 1936)",
       Needs::time,
       {{"cuts", Takes::numbers, true, "Where the hazard may change", "[13, 26, 39]"}, level_key()},
       piecewise_exponential},
  };
}

}  // namespace desist
