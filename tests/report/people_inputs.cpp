#include <cmath>

#include "engine/statistics/proportion.hpp"
#include "tests/report/example_inputs.hpp"

namespace desist::tests {
namespace {

EffectRow effect(const std::string& term, const std::string& measure, const std::string& unit, double estimate,
                 double error, double low, double high, bool log_scale, bool headline) {
  EffectRow row;
  row.term = term;
  row.measure = measure;
  row.unit = unit;
  row.estimate = estimate;
  row.error = error;
  row.log_scale = log_scale;
  row.interval = {low, high};
  row.effect = true;
  row.headline = headline;
  return row;
}

/// People with an outcome of those in an arm.
ArmSummary share(const std::string& outcome, const std::string& arm, std::int64_t with, std::int64_t people) {
  ArmSummary summary;
  summary.outcome = outcome;
  summary.arm = arm;
  summary.people = people;
  summary.with_outcome = with;
  summary.measure = "share";
  const statistics::Proportion proportion{with, people};
  summary.estimate = proportion.estimate();
  summary.interval = statistics::wilson(proportion);
  return summary;
}

/// A curve of `events` at each of the weeks 2, 4, ... of an arm, two people censored in weeks 13 and 27.
void add_curve(AnalysisResult& analysis, const std::string& curve, const std::string& arm, double people,
               const std::vector<double>& events, bool survival) {
  double at_risk = people, estimate = survival ? 1 : 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const double time = 2.0 * static_cast<double>(i + 1);
    const double censored = i == 6 || i == 13 ? 2 : 0;
    if (survival)
      estimate *= 1 - events[i] / at_risk;
    else
      estimate += events[i] / people;
    const double last = i + 1 == events.size() ? at_risk - events[i] : 0;
    const double error = std::sqrt(estimate * (1 - estimate) / people);
    analysis.curves.push_back({curve,
                               arm,
                               time,
                               at_risk,
                               events[i],
                               last > 0 ? last : censored,
                               estimate,
                               error,
                               {std::max(0.0, estimate - 1.96 * error), std::min(1.0, estimate + 1.96 * error)}});
    at_risk -= events[i] + censored;
  }
}

BalanceRow::Cell cell(std::int64_t people, double mean, double sd) { return {people, mean, sd, 0, false, false}; }

void add_level(PersonResults& results, const std::string& column, const std::string& label, const std::string& level,
               std::int64_t control, std::int64_t control_people, std::int64_t treated, std::int64_t treated_people) {
  const double p0 = static_cast<double>(control) / static_cast<double>(control_people);
  const double p1 = static_cast<double>(treated) / static_cast<double>(treated_people);
  BalanceRow row;
  row.column = column;
  row.label = label;
  row.level = level;
  row.arms = {cell(control, p0, 0), cell(treated, p1, 0)};
  row.standardised_differences = {(p1 - p0) / std::sqrt((p1 * (1 - p1) + p0 * (1 - p0)) / 2)};
  results.balance.push_back(row);
}

PersonOutcome outcome(const std::string& name, const std::string& label, PersonOutcome::Kind kind, bool headline) {
  PersonOutcome made;
  made.name = name;
  made.label = label;
  made.kind = kind;
  made.headline = headline;
  return made;
}

FigureRequest picture(const std::string& draw) {
  FigureRequest request;
  request.name = draw + "_picture";
  request.draw = draw;
  return request;
}

void frame(ReportInput& input) {
  input.file_text = "[experiment]\nname = \"" + input.name + "\"\n";
  input.file_shown_as = "experiments/" + input.name + ".toml";
  input.spec_digest = "0123456789abcdef";
  input.seed = 1;
  input.run = {"0.1.0", "0123456789ab", "GCC 12.2.0", "musl 1.2.3 (fixed)", "2026-01-01T00:00:00Z", 0.5, 2};
}

}  // namespace

ReportInput people_input() {
  ReportInput input;
  input.name = "aid";
  input.title = "Aid after release: does it put off the next arrest?";
  input.subtitle = "a made-up trial, 2026";
  input.question = "Does aid after release put off the next arrest?";
  input.cannot = {"Say whether anyone moved away: only arrests in the county are recorded"};

  PersonStudy study;
  study.name = "aid";
  study.source = "A made-up trial, 2026";
  study.design = Design::randomised;
  study.arm = "arm";
  study.control = "usual help";
  study.arms = {"usual help", "aid"};
  study.flow = {{"Referred", 681, "", "From the trial's log."}};
  study.outcomes = {outcome("arrested", "Arrested again within a year", PersonOutcome::Kind::time, true),
                    outcome("violent", "Violent offence", PersonOutcome::Kind::yes_no, true),
                    outcome("offences", "Offences", PersonOutcome::Kind::count, false)};
  study.outcomes[0].unit = "week";
  study.smallest_shown = 5;

  PersonResults& results = input.people_results;
  results.study = "aid";
  results.flow = {{"Referred", "", 681, "From the trial's log.", false},
                  {"In the data", "", 400, "", false},
                  {"Assigned by chance", "usual help", 199, "", false},
                  {"Assigned by chance", "aid", 201, "", false},
                  {"Received the programme", "usual help", 0, "", false},
                  {"Received the programme", "aid", 163, "", false},
                  {"Analysed: Arrested again within a year", "usual help", 199, "", false},
                  {"Analysed: Arrested again within a year", "aid", 201, "", false}};
  BalanceRow age;
  age.column = "age";
  age.label = "Age at release";
  age.arms = {cell(199, 24.8, 6.1), cell(201, 24.4, 6.0)};
  age.standardised_differences = {-0.066};
  results.balance.push_back(age);
  add_level(results, "race", "Ethnicity", "White", 141, 199, 150, 201);
  add_level(results, "race", "Ethnicity", "Black", 31, 199, 29, 201);
  add_level(results, "race", "Ethnicity", "Asian", 24, 199, 14, 201);
  add_level(results, "race", "Ethnicity", "Other", 3, 199, 8, 201);
  add_level(results, "married", "Married", "yes", 23, 199, 37, 201);

  const std::vector<double> control_events = {1, 2, 1, 3, 2, 3, 4, 2, 3, 3, 2, 4, 3,
                                              2, 3, 2, 3, 2, 3, 4, 3, 2, 3, 2, 2, 2};
  const std::vector<double> aid_events = {1, 1, 2, 2, 1, 2, 3, 1, 2, 2, 2, 3, 1, 2, 2, 1, 3, 1, 2, 3, 2, 1, 2, 2, 1, 3};
  double control_with = 0, aid_with = 0;
  for (const double count : control_events) control_with += count;
  for (const double count : aid_events) aid_with += count;
  for (const auto& [arm, with, people] :
       {std::tuple{"usual help", control_with, 199}, std::tuple{"aid", aid_with, 201}}) {
    ArmSummary summary = share("arrested", arm, static_cast<std::int64_t>(with), people);
    summary.person_time = 44.5 * people;
    summary.measure = "median";
    summary.estimate = summary.interval.high = HUGE_VAL;
    summary.interval.low = std::nan("");
    results.summaries.push_back(summary);
  }
  results.summaries.push_back(share("violent", "usual help", 21, 199));
  results.summaries.push_back(share("violent", "aid", 24, 201));
  for (const auto& [arm, total, people] : {std::tuple{"usual help", 143.0, 199}, std::tuple{"aid", 117.0, 201}}) {
    ArmSummary summary;
    summary.outcome = "offences";
    summary.arm = arm;
    summary.people = people;
    summary.total = total;
    summary.measure = "rate";
    summary.estimate = total / people;
    summary.interval = {0.83 * total / people, 1.18 * total / people};
    results.summaries.push_back(summary);
  }

  AnalysisResult cox;
  cox.name = "hazard";
  cox.label = "Time to arrest, adjusted";
  cox.method = "cox";
  cox.outcome = "arrested";
  cox.estimand = "intention to treat";
  cox.causal_words = true;
  cox.effects = {effect("aid", "hazard ratio", "", 0.69, 0.168, 0.497, 0.958, true, true)};
  cox.effects[0].statistic = -2.21;
  cox.effects[0].p = 0.027;
  EffectRow covariate = effect("age", "hazard ratio", "", 0.94, 0.02, 0.904, 0.977, true, false);
  covariate.effect = false;
  cox.effects.push_back(covariate);
  cox.tests = {{"proportional hazards", 1.1, 2.0, {}, 0.58, 0}};
  cox.facts = {{"people", 400}, {"events", control_with + aid_with}, {"log-likelihood", -655.3}};
  cox.notes = {"Ties are broken by Efron's method."};
  AnalysisResult curves = cox;
  curves.name = "curves";
  curves.label = "Kaplan-Meier";
  curves.method = "kaplan_meier";
  curves.effects.clear();
  curves.tests.clear();
  add_curve(curves, "survival", "usual help", 199, control_events, true);
  add_curve(curves, "survival", "aid", 201, aid_events, true);
  AnalysisResult causes = curves;
  causes.name = "causes";
  causes.label = "By what came first";
  causes.method = "aalen_johansen";
  causes.curves.clear();
  add_curve(causes, "cumulative incidence: arrest", "usual help", 199, control_events, false);
  add_curve(causes, "cumulative incidence: arrest", "aid", 201, aid_events, false);
  add_curve(causes, "cumulative incidence: death", "usual help", 199, std::vector<double>(26, 0.3), false);
  add_curve(causes, "cumulative incidence: death", "aid", 201, std::vector<double>(26, 0.2), false);
  AnalysisResult violent;
  violent.name = "violent";
  violent.label = "Violent offences";
  violent.method = "risk_difference";
  violent.outcome = "violent";
  violent.estimand = "intention to treat";
  violent.causal_words = true;
  violent.effects = {
      effect("aid", "risk difference", "share", 24.0 / 201 - 21.0 / 199, 0.0315, -0.049, 0.076, false, true)};
  AnalysisResult rates;
  rates.name = "rates";
  rates.label = "Offences a person";
  rates.method = "negative_binomial";
  rates.outcome = "offences";
  rates.estimand = "intention to treat";
  rates.causal_words = true;
  rates.effects = {effect("aid", "rate ratio", "", 0.81, 0.17, 0.58, 1.13, true, true)};
  AnalysisResult refused = rates;
  refused.name = "zeros";
  refused.label = "More zeros than a count law has";
  refused.method = "zero_inflated";
  refused.effects.clear();
  refused.refused = "No maximum was found: the zeros fit a plain count law. Leave the inflation out.";
  results.analyses = {cox, curves, causes, violent, rates, refused};
  results.data_words = {"cells are divided by commas"};
  input.people = study;

  FigureRequest survival = picture("survival");
  survival.analysis = {"curves"};
  input.figures = {survival, picture("incidence"), picture("effects"), picture("flow")};
  frame(input);
  return input;
}

ReportInput synthesis_input() {
  ReportInput input;
  input.name = "courses";
  input.title = "Courses for people who were violent to a partner: four studies";
  input.question = "What do the studies give together?";
  PersonStudy study;
  study.name = "courses";
  study.source = "Four made-up studies";
  const auto one = [&](const std::string& label, Design design, std::int64_t x1, std::int64_t n1, std::int64_t x0,
                       std::int64_t n0) {
    StudyEffect each;
    each.label = label;
    each.design = design;
    each.outcome = "any offence";
    each.x1 = x1;
    each.n1 = n1;
    each.x0 = x0;
    each.n0 = n0;
    study.results.push_back(each);
  };
  one("North trial", Design::randomised, 31, 154, 45, 139);
  one("South trial", Design::randomised, 8, 70, 10, 49);
  one("East comparison", Design::compared, 49, 253, 71, 240);
  one("West comparison", Design::compared, 4, 40, 9, 38);
  AnalysisResult pooling;
  pooling.name = "pooling";
  pooling.label = "All four together";
  pooling.method = "random_effects";
  pooling.estimand = "mean over studies";
  const double log_ratios[] = {-0.475, -0.58, -0.423, -0.862};
  const double errors[] = {0.203, 0.43, 0.161, 0.561};
  double weights = 0, sum = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    weights += 1 / (errors[i] * errors[i]);
    sum += log_ratios[i] / (errors[i] * errors[i]);
    pooling.effects.push_back(effect(study.results[i].label, "risk ratio", "", std::exp(log_ratios[i]), errors[i],
                                     std::exp(log_ratios[i] - 1.96 * errors[i]),
                                     std::exp(log_ratios[i] + 1.96 * errors[i]), true, false));
  }
  const double mean = sum / weights, error = 1 / std::sqrt(weights);
  pooling.effects.push_back(effect("pooled", "risk ratio", "", std::exp(mean), error, std::exp(mean - 1.96 * error),
                                   std::exp(mean + 1.96 * error), true, true));
  EffectRow prediction = effect("prediction", "risk ratio", "", std::exp(mean), 0, 0.36, 1.12, true, false);
  prediction.error = std::nan("");
  prediction.effect = false;
  pooling.effects.push_back(prediction);
  pooling.tests = {{"heterogeneity", 0.72, 3.0, {}, 0.87, 0}};
  input.people_results.analyses = {pooling};
  input.people = study;
  input.figures = {picture("effects"), picture("funnel")};
  frame(input);
  return input;
}

}  // namespace desist::tests
