// Estimators of trials in which not everybody received what they were assigned, or was followed to the end.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "engine/estimation/comparison.hpp"
#include "engine/estimation/estimators/contrasts.hpp"
#include "engine/estimation/estimators/regression.hpp"
#include "engine/statistics/causal_bounds.hpp"
#include "engine/statistics/complier_effect.hpp"
#include "engine/statistics/continuous_laws.hpp"
#include "engine/statistics/instrumental.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/risk_difference.hpp"

namespace desist {
namespace {

using statistics::ComplianceTable;
using statistics::ConfidenceSet;
using statistics::Diagnosis;
using statistics::Interval;
using statistics::TwoByTwo;

constexpr const char* nobody_received =
    "[data] doesn't say who received the programme: add received = \"column\", yes or no";

/// A first-stage F below it leaves the usual limits of two-stage least squares unreliable (Staiger & Stock 1997).
constexpr double weak_instrument = 10;

std::string two_arms(const AnalysisInput& input, const Sample& sample) {
  const std::string why = no_arms(input, sample);
  if (!why.empty() || input.study.arms.size() == 2) return why;
  return fmt::format("it is for two arms, and there are {}", input.study.arms.size());
}

/// People by assignment, receipt and outcome; the second arm is the one assigned to the programme.
ComplianceTable table_of(const Sample& sample, const Eigen::VectorXd& received) {
  ComplianceTable table;
  for (std::size_t i = 0; i < sample.arm.size(); ++i) {
    const auto at = static_cast<Eigen::Index>(i);
    ++table.count[static_cast<std::size_t>(sample.arm[i])][received[at] > 0 ? 1 : 0][sample.y[at] > 0 ? 1 : 0];
  }
  return table;
}

const std::vector<std::string>& complier_errors() {
  static const std::vector<std::string> words{"HC0", "HC1", "HC2", "HC3", "model", "CR0", "CR1", "CR2"};
  return words;
}

/// Errors of one fit by the plan, for Anderson & Rubin's set.
statistics::CovarianceOf covariance_by(const ErrorPlan& plan) {
  return [&plan](const statistics::WorkingModel& working) -> statistics::Fitted<Eigen::MatrixXd> {
    if (plan.kind == ErrorPlan::Kind::rows) return statistics::robust_covariance(working, plan.robust);
    if (plan.kind == ErrorPlan::Kind::clusters) {
      const auto found = statistics::cluster_covariance(working, plan.labels, plan.cluster);
      if (const auto* wrong = std::get_if<Diagnosis>(&found)) return *wrong;
      return std::get<statistics::ClusterCovariance>(found).covariance;
    }
    const double df = static_cast<double>(working.rows) - static_cast<double>(working.bread.rows());
    return Eigen::MatrixXd(statistics::unscaled_covariance(working) * (working.residual.squaredNorm() / df));
  };
}

/// The confidence at which the normal quantile is Student's at `level`: the set is made for a normal law.
double normal_level(double level, std::optional<double> degrees_of_freedom) {
  if (!degrees_of_freedom) return level;
  if (!(*degrees_of_freedom >= least_degrees)) return 1;
  return 1 - 2 * statistics::normal_cdf(-statistics::student_quantile((1 + level) / 2, *degrees_of_freedom));
}

/// A difference of risks lies within -1 and 1: limits are cut there, and an estimate beyond is not shown as the answer.
/// Says what it means where no possible effect is left to show.
std::optional<std::string> keep_possible(EffectRow& row, AnalysisResult& result) {
  const std::string meaning =
      "assignment moved the outcome by another way than receipt, receipt is recorded wrongly, or it is chance where "
      "few "
      "comply";
  const std::string cure =
      "Ask who received the programme in each arm, or take method = \"risks\" for everyone as assigned";
  const bool beyond = std::abs(row.estimate) > 1 + 1e-9, limits = !std::isnan(row.interval.low);
  if (limits && (row.interval.low > 1 || row.interval.high < -1))
    return fmt::format(
        "effects of {} to {} in 100 can't be. They are what the data fit of those who comply, where -100 to 100 is "
        "possible: {}. {}",
        about(100 * row.interval.low), about(100 * row.interval.high), meaning, cure);
  if (beyond && !limits)
    return fmt::format(
        "an effect of {} in 100 can't be. It is what the data fit best of those who comply, where -100 to 100 is "
        "possible: {}. {}",
        about(100 * row.estimate), meaning, cure);
  if (beyond) {
    result.notes.push_back(fmt::format(
        "The estimate, {} in 100, lies outside -100 to 100, which no difference of risks can: it is not shown as the "
        "answer. That is, {}.",
        about(100 * row.estimate), meaning));
    row.estimate = std::nan("");
    row.error = missing;
  }
  if (std::isfinite(row.interval.low)) row.interval.low = std::max(row.interval.low, -1.0);
  if (std::isfinite(row.interval.high)) row.interval.high = std::min(row.interval.high, 1.0);
  return std::nullopt;
}

void set_fieller(const ConfidenceSet& set, EffectRow& row, AnalysisResult& result) {
  switch (set.shape) {
    case ConfidenceSet::Shape::interval:
      row.interval = {set.low, set.high};
      return;
    case ConfidenceSet::Shape::two_rays:
      row.interval = {std::nan(""), std::nan("")};
      result.notes.push_back(fmt::format(
          "Too few comply for an interval: the data fit an effect of {} or less and one of {} or more (Fieller 1954).",
          about(set.low), about(set.high)));
      return;
    case ConfidenceSet::Shape::whole_line:
      row.interval = {-HUGE_VAL, HUGE_VAL};
      result.notes.emplace_back("Too few comply: the data exclude no effect at all (Fieller 1954).");
      return;
  }
}

/// Compliance by arm and, without covariates, the risks of compliers with and without the programme.
void add_compliers(const AnalysisInput& input, const ComplianceTable& table, AnalysisResult& result) {
  const TwoByTwo receipt = statistics::compliance(table);
  for (const int arm : {0, 1}) {
    add_risk(input.study.arms[static_cast<std::size_t>(arm)], arm == 1 ? receipt.group1() : receipt.group0(),
             input.analysis, result);
    result.effects.back().measure = "share who received";
  }
  const auto effect = statistics::complier_effect(table, level_of(input.analysis));
  if (!effect || !input.analysis.list("adjust").empty()) return;
  bool outside = false;
  for (const auto& [term, mean] : {std::pair("without the programme", effect->control_mean),
                                   std::pair("with the programme", effect->treated_mean)}) {
    EffectRow row;
    row.term = term;
    row.measure = "risk of compliers";
    row.unit = "share";
    row.estimate = mean;
    result.effects.push_back(row);
    outside = outside || mean < 0 || mean > 1;
  }
  if (outside)
    result.notes.emplace_back(
        "A risk of compliers lies outside 0 to 1: evidence against the assumptions, or chance in few people.");
}

/// The headline with Fieller's set, and the usual row beside it; or why there is none.
std::optional<std::string> add_effect(const EffectRow& usual, const ConfidenceSet& set, AnalysisResult& result) {
  EffectRow row = usual;
  row.measure = "risk difference of compliers";
  row.statistic.reset();
  row.p.reset();
  set_fieller(set, row, result);
  if (auto why = keep_possible(row, result)) return why;
  row.headline = true;
  result.effects = {row, usual};
  for (EffectRow& each : result.effects) each.effect = true;
  return std::nullopt;
}

void note_first_stage(double f, AnalysisResult& result) {
  result.facts.push_back({"first-stage F", f});
  if (f < weak_instrument)
    result.notes.push_back(
        fmt::format("Assignment moves receipt weakly (F = {}): only Fieller's limits can be trusted.", about(f)));
  result.notes.emplace_back(
      "It holds if assignment changes the outcome only through receipt, and if nobody does the opposite of what they "
      "are assigned.");
}

AnalysisResult complier_effect(const AnalysisInput& input) {
  const PersonStudy& study = input.study;
  if (study.received.empty()) return refusal(nobody_received);
  if (study.design != Design::randomised)
    return refusal(
        "a complier effect needs arms made by chance, and the design is not randomised: method = "
        "\"risks\" compares the arms");
  const std::vector<std::string>& adjust = input.analysis.list("adjust");
  std::vector<std::string> columns = adjust;
  columns.push_back(study.received);
  columns.push_back(input.analysis.word("cluster"));
  const Sample sample(input, columns);
  if (const std::string why = two_arms(input, sample); !why.empty()) return refusal(why);
  if (const std::string why = too_many_levels(input, adjust); !why.empty()) return refusal(why);
  const ErrorPlan plan = error_plan(input.analysis, sample.rows, complier_errors());
  if (!plan.refused.empty()) return refusal(plan.refused);
  // Rounding can leave an error above zero where the outcome doesn't vary.
  if (sample.y.minCoeff() == sample.y.maxCoeff())
    return refusal(fmt::format("{} had the outcome, so that rows say nothing about chance",
                               sample.y[0] > 0 ? "everyone" : "nobody"));
  const DesignMatrix covariates = sample.rows.design(adjust, true, false);
  std::vector<std::string> terms{"received"};
  terms.insert(terms.end(), covariates.terms.begin(), covariates.terms.end());
  const Eigen::VectorXd received = sample.rows.values(study.received);
  if (received.minCoeff() == received.maxCoeff())
    return refusal(fmt::format("{} received the programme, so that nothing can be said about those who comply",
                               received[0] > 0 ? "everyone" : "nobody"));
  Eigen::VectorXd assigned(sample.y.size());
  for (std::size_t i = 0; i < sample.arm.size(); ++i) assigned[static_cast<Eigen::Index>(i)] = sample.arm[i];
  const statistics::InstrumentalData data{received, assigned, covariates.x, sample.y};
  const auto found = statistics::instrumental_model(data);
  if (const auto* wrong = std::get_if<Diagnosis>(&found)) return refusal(in_words(*wrong, terms));
  const auto& fit = std::get<statistics::InstrumentalModel>(found);
  const auto errors = errors_of(plan, fit.working, fit.covariance);
  if (const auto* wrong = std::get_if<Diagnosis>(&errors)) return refusal(in_words(*wrong, terms));
  const auto& with_errors = std::get<CoefficientErrors>(errors);
  const double level = normal_level(level_of(input.analysis), with_errors.df(0));
  if (!(level < 1))
    return refusal(fmt::format(
        "{} clusters are too few for limits: people of one are taken as alike, and the spread between so few says "
        "nothing; method = \"randomisation_test\" with the same cluster needs no spread",
        with_errors.clusters));
  const auto set = statistics::anderson_rubin(data, covariance_by(plan), level);
  if (const auto* wrong = std::get_if<Diagnosis>(&set)) return refusal(in_words(*wrong, terms));
  if (!(with_errors.error(0) > 0))
    return refusal("the outcome is the same for everyone in each arm, so that rows say nothing about chance");
  AnalysisResult result = begun(input, sample);
  result.estimand = "complier effect" + std::string(sample.rows.left_out() > 0 ? ", complete cases" : "");
  const EffectRow usual = difference_row("received", "risk difference of compliers (two-stage least squares)", "share",
                                         fit.coefficients[0], with_errors.error(0), input.analysis, with_errors.df(0));
  if (const auto why = add_effect(usual, std::get<ConfidenceSet>(set), result)) return refusal(*why);
  add_compliers(input, table_of(sample, received), result);
  note_clusters(plan, with_errors, result);
  note_first_stage(fit.first_stage_f.front(), result);
  return result;
}

/// A contrast of people who sorted themselves.
AnalysisResult selected(const AnalysisInput& input, const Sample& sample, const std::string& estimand) {
  AnalysisResult result = begun(input, sample);
  result.estimand = estimand + " (selected)" + (sample.rows.left_out() > 0 ? ", complete cases" : "");
  result.causal_words = false;
  return result;
}

AnalysisResult per_protocol(const AnalysisInput& input) {
  const PersonStudy& study = input.study;
  if (study.received.empty()) return refusal(nobody_received);
  const Sample sample(input, {study.received});
  if (const std::string why = no_arms(input, sample); !why.empty()) return refusal(why);
  const Eigen::VectorXd received = sample.rows.values(study.received);
  std::vector<statistics::Proportion> kept(study.arms.size(), {0, 0});
  std::int64_t left = 0;
  for (std::size_t i = 0; i < sample.arm.size(); ++i) {
    const auto at = static_cast<Eigen::Index>(i);
    if ((sample.arm[i] > 0) != (received[at] > 0)) {
      ++left;
      continue;
    }
    statistics::Proportion& arm = kept[static_cast<std::size_t>(sample.arm[i])];
    ++arm.n;
    arm.count += sample.y[at] > 0 ? 1 : 0;
  }
  for (std::size_t a = 0; a < kept.size(); ++a)
    if (kept[a].n == 0) return refusal(fmt::format("nobody in '{}' received what they were assigned", study.arms[a]));
  AnalysisResult result = selected(input, sample, "per protocol");
  for (std::size_t a = 0; a < kept.size(); ++a) add_risk(study.arms[a], kept[a], input.analysis, result);
  for (std::size_t a = 1; a < kept.size(); ++a)
    add_contrast({kept[a].count, kept[a].n, kept[0].count, kept[0].n},
                 {study.arms[a], kept.size() > 2 ? ": " + study.arms[a] : "", a == 1, input.outcome->fewer_is_better},
                 input, result);
  result.notes.push_back(fmt::format(
      "{} people who did not receive what they were assigned are left out. Those who are left differ by who "
      "completes as well as by the programme.",
      left));
  return result;
}

AnalysisResult as_treated(const AnalysisInput& input) {
  const PersonStudy& study = input.study;
  if (study.received.empty()) return refusal(nobody_received);
  const Sample sample(input, {study.received});
  if (sample.rows.size() == 0) return refusal("nobody has a value in every column that is needed");
  const Eigen::VectorXd received = sample.rows.values(study.received);
  std::array<statistics::Proportion, 2> share{{{0, 0}, {0, 0}}};
  for (Eigen::Index i = 0; i < received.size(); ++i) {
    statistics::Proportion& side = share[received[i] > 0 ? 1 : 0];
    ++side.n;
    side.count += sample.y[i] > 0 ? 1 : 0;
  }
  if (share[0].n == 0 || share[1].n == 0)
    return refusal(fmt::format("{} received the programme: there is nobody to compare with",
                               share[1].n == 0 ? "nobody" : "everyone"));
  AnalysisResult result = selected(input, sample, "as treated");
  add_risk("not received", share[0], input.analysis, result);
  add_risk("received", share[1], input.analysis, result);
  add_contrast({share[1].count, share[1].n, share[0].count, share[0].n},
               {"received", "", true, input.outcome->fewer_is_better}, input, result);
  result.notes.emplace_back(
      "People are compared by what they received, not by what they were assigned: those who received it differ in more "
      "than the programme.");
  return result;
}

/// Who was seen in each arm, and how many were not.
struct SeenInArms {
  Sample sample;
  std::vector<statistics::Proportion> share;
  std::vector<std::int64_t> absent;

  explicit SeenInArms(const AnalysisInput& input)
      : sample(input, {}), share(sample.people.size()), absent(share.size(), 0) {
    for (std::size_t a = 0; a < share.size(); ++a) share[a] = {0, sample.people[a]};
    for (std::size_t i = 0; i < sample.arm.size(); ++i)
      share[static_cast<std::size_t>(sample.arm[i])].count += sample.y[static_cast<Eigen::Index>(i)] > 0 ? 1 : 0;
    for (const int arm : PeopleRows(input.study, {input.study.arm}).arms()) ++absent[static_cast<std::size_t>(arm)];
    for (std::size_t a = 0; a < share.size(); ++a) absent[a] -= sample.people[a];
  }
  TwoByTwo table(std::size_t a) const { return {share[a].count, share[a].n, share[0].count, share[0].n}; }
};

/// Ends without a number between them: bounds of the estimate (level 1), or limits that hold chance too.
EffectRow bounds_row(const std::string& term, const std::string& measure, const Interval& bounds, double level = 1) {
  EffectRow row;
  row.term = term;
  row.measure = measure;
  row.unit = "share";
  row.estimate = std::nan("");
  row.interval = bounds;
  row.level = level;
  row.effect = true;
  return row;
}

/// Everyone as assigned, the absent too.
AnalysisResult begun_with_absent(const AnalysisInput& input, const SeenInArms& seen) {
  AnalysisResult result;
  name_estimand(input.study, result);
  result.facts.push_back({"people", static_cast<double>(seen.sample.rows.size())});
  for (std::size_t a = 0; a < seen.absent.size(); ++a)
    result.facts.push_back(
        {"without the outcome's value: " + input.study.arms[a], static_cast<double>(seen.absent[a])});
  return result;
}

void add_balke_pearl(const AnalysisInput& input, AnalysisResult& result) {
  const PersonStudy& study = input.study;
  if (study.received.empty() || study.arms.size() != 2 || study.design != Design::randomised) return;
  const Sample sample(input, {study.received});
  if (!no_arms(input, sample).empty()) return;
  const auto bounds = statistics::balke_pearl_bounds(table_of(sample, sample.rows.values(study.received)));
  if (!bounds) {
    result.notes.emplace_back(
        "No population fits the frequencies of receipt and outcome by arm (Pearl 1995): assignment changes the outcome "
        "by another way than receipt, or it is chance in few people.");
    return;
  }
  result.effects.push_back(bounds_row("received", "risk difference of receipt in everyone (Balke and Pearl)", *bounds));
  if (sample.rows.left_out() > 0) result.notes.push_back("Balke and Pearl's bounds: " + sample.rows.note() + ".");
}

AnalysisResult bounds(const AnalysisInput& input) {
  const PersonStudy& study = input.study;
  const SeenInArms seen(input);
  if (const std::string why = no_arms(input, seen.sample); !why.empty()) return refusal(why);
  AnalysisResult result = begun_with_absent(input, seen);
  for (std::size_t a = 1; a < study.arms.size(); ++a) {
    const TwoByTwo table = seen.table(a);
    const double level = level_of(input.analysis);
    result.effects.push_back(bounds_row(study.arms[a], "risk difference, worst case with chance",
                                        statistics::worst_case_limits(table, seen.absent[a], seen.absent[0], level),
                                        level));
    result.effects.back().headline = a == 1;
    result.effects.push_back(bounds_row(study.arms[a], "risk difference, worst case (Manski)",
                                        statistics::worst_case_difference(table, seen.absent[a], seen.absent[0])));
    if (const auto trimmed = statistics::lee_bounds(table, seen.absent[a], seen.absent[0]))
      result.effects.push_back(
          bounds_row(study.arms[a], "risk difference of those seen in either arm (Lee)", *trimmed));
  }
  add_balke_pearl(input, result);
  result.notes.emplace_back(
      "Bounds are of the estimate: chance comes on top. The limits with chance hold the whole of the worst case "
      "(Horowitz "
      "and Manski 2000; Miettinen and Nurminen 1985), and only they are read as an answer.");
  return result;
}

/// The number of the arm's absent with the outcome, nearest to what was seen, at which another thing is shown.
std::optional<std::int64_t> tipping_point(const TwoByTwo& seen, std::int64_t absent, std::int64_t from, int step,
                                          std::int64_t x0, std::int64_t n0) {
  const auto shown = [&](std::int64_t with) { return estimation::shown_by(seen.x1 + with, seen.n1 + absent, x0, n0); };
  const Shown start = shown(from);
  for (std::int64_t with = from; with >= 0 && with <= absent; with += step)
    if (shown(with) != start) return with;
  return std::nullopt;
}

std::string shown_in_words(Shown shown) {
  return shown == Shown::fewer  ? "fewer with the outcome"
         : shown == Shown::more ? "more with the outcome"
                                : "no difference";
}

void add_tipping(const AnalysisInput& input, const SeenInArms& seen, std::size_t arm, AnalysisResult& result) {
  const TwoByTwo table = seen.table(arm);
  const std::int64_t absent1 = seen.absent[arm], absent0 = seen.absent[0];
  const std::string& term = input.study.arms[arm];
  const auto add = [&](const std::string& measure, std::int64_t with1, std::int64_t with0) {
    const TwoByTwo all{table.x1 + with1, table.n1 + absent1, table.x0 + with0, table.n0 + absent0};
    EffectRow row;
    row.term = term;
    row.measure = measure;
    row.unit = "share";
    row.estimate = statistics::risk_difference(all);
    row.level = level_of(input.analysis);
    row.interval = statistics::miettinen_nurminen_difference(all, row.level);
    row.effect = true;
    result.effects.push_back(row);
  };
  const std::int64_t usual1 = std::llround(table.risk1() * static_cast<double>(absent1)),
                     usual0 = std::llround(table.risk0() * static_cast<double>(absent0));
  add("risk difference, the absent as those seen", usual1, usual0);
  result.effects.back().headline = arm == 1;
  add("risk difference, the absent with the outcome in this arm only", absent1, 0);
  add("risk difference, the absent with the outcome in the control only", 0, absent0);
  const std::int64_t n0 = table.n0 + absent0, x0 = table.x0 + usual0;
  const Shown start = estimation::shown_by(table.x1 + usual1, table.n1 + absent1, x0, n0);
  bool found = false;
  for (const int step : {1, -1}) {
    const auto tip = tipping_point(table, absent1, usual1, step, x0, n0);
    if (!tip) continue;
    found = true;
    result.facts.push_back(
        {fmt::format("tipping point, {} of '{}'", step > 0 ? "at least" : "at most", term), static_cast<double>(*tip)});
    const Shown then = estimation::shown_by(table.x1 + *tip, table.n1 + absent1, x0, n0);
    result.notes.push_back(fmt::format(
        "'{}': {} is shown if the absent are like those seen; {} if {} {} of its {} absent had the outcome ({}%; of "
        "those seen {}%).",
        term, shown_in_words(start), shown_in_words(then), *tip, step > 0 ? "or more" : "or fewer", absent1,
        about(100.0 * static_cast<double>(*tip) / static_cast<double>(absent1)), about(100 * table.risk1())));
  }
  if (!found)
    result.notes.push_back(
        fmt::format("'{}': {} is shown whatever became of its {} absent, those of the control being like those seen.",
                    term, shown_in_words(start), absent1));
}

AnalysisResult missing_outcomes(const AnalysisInput& input) {
  const SeenInArms seen(input);
  if (const std::string why = no_arms(input, seen.sample); !why.empty()) return refusal(why);
  if (std::all_of(seen.absent.begin(), seen.absent.end(), [](std::int64_t n) { return n == 0; }))
    return refusal("nobody's outcome is missing: there is nothing to ask");
  AnalysisResult result = begun_with_absent(input, seen);
  for (std::size_t a = 1; a < input.study.arms.size(); ++a) add_tipping(input, seen, a, result);
  return result;
}

}  // namespace

std::vector<Estimator> compliance_estimators() {
  const EstimatorKey level = level_key();
  return {
      {"complier_effect",
       "Effect on those who receive it if assigned: two-stage least squares with Fieller's limits",
       Needs::yes_no,
       {adjust_key(), errors_key(complier_errors()), cluster_key(), level},
       complier_effect},
      {"per_protocol",
       "Those only who received what they were assigned; selected, so no effect",
       Needs::yes_no,
       {level},
       per_protocol},
      {"as_treated",
       "Those who received the programme against those who did not; selected, so no effect",
       Needs::yes_no,
       {level},
       as_treated},
      {"bounds",
       "What the data say if nothing is assumed of the absent (Manski, Lee) or of who complies (Balke and Pearl)",
       Needs::yes_no,
       {level},
       bounds},
      {"missing_outcomes",
       "How many of the absent must have had the outcome for the answer to change (tipping point)",
       Needs::yes_no,
       {level},
       missing_outcomes},
  };
}

}  // namespace desist
