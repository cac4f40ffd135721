// What a next study is worth at each size: what it would show in each draw, and what one would do then.
#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>
#include <string>

#include <Eigen/Core>

#include "engine/estimation/appraisal/parts.hpp"
#include "engine/estimation/appraisal/strategies.hpp"
#include "engine/random/stream.hpp"
#include "engine/statistics/sampling_information.hpp"
#include "engine/statistics/study_summary.hpp"

namespace desist {
namespace {

Eigen::VectorXd vector_of(const DrawColumn& column, std::size_t draws) {
  Eigen::VectorXd values(static_cast<Eigen::Index>(draws));
  for (std::size_t d = 0; d < draws; ++d) values[static_cast<Eigen::Index>(d)] = column[d];
  return values;
}

/// The uniform of the stream (seed, draw, "appraisal/study/<name>/<what>"; 0, 0): the same at every size.
Eigen::VectorXd luck_of(const AppraisalDraws& on, const NextStudy& study, const std::string& what) {
  const Purpose purpose(std::string_view("appraisal/study/" + study.name + "/" + what));
  Eigen::VectorXd luck(static_cast<Eigen::Index>(on.count()));
  for (std::size_t d = 0; d < on.count(); ++d)
    luck[static_cast<Eigen::Index>(d)] = uniform(Streams(on.parameters.seed(), d, 0).words(purpose, 0)[0]);
  return luck;
}

/// A study in every draw, as far as it doesn't depend on its size.
struct StudyDraws {
  Eigen::VectorXd control, treated;
  statistics::StudyLuck luck;
  Eigen::VectorXd bias_sd;  // empty: of a design without one
};

/// What a study measures in an arm: an input, or a column of a table of draws, which is the same in all.
Eigen::VectorXd measured_in(const AppraisalDraws& on, std::size_t figure, std::size_t arm) {
  if (!on.appraisal.table) return vector_of(on.evaluator().input(figure, arm), on.count());
  const DrawsTable& table = *on.appraisal.table;
  Eigen::VectorXd values(static_cast<Eigen::Index>(table.draws));
  for (std::size_t d = 0; d < table.draws; ++d)
    values[static_cast<Eigen::Index>(d)] = table.values[d * table.parameters.size() + figure];
  return values;
}

StudyDraws study_draws(const AppraisalDraws& on, const NextStudy& study) {
  const Evaluator evaluator = on.evaluator();
  StudyDraws made;
  made.treated = measured_in(on, study.treated, study.treated_arm);
  if (study.measure != NextStudy::Measure::mean) made.control = measured_in(on, study.control, study.control_arm);
  made.luck = {luck_of(on, study, "control"), luck_of(on, study, "treated"), luck_of(on, study, "bias")};
  if (study.bias_sd) made.bias_sd = vector_of(evaluator.column(*study.bias_sd, study.treated_arm, 0), on.count());
  return made;
}

statistics::StudySummary summary_without_bias(const NextStudy& study, const StudyDraws& draws, double people) {
  const statistics::GroupSizes halves{people / 2, people / 2};
  switch (study.measure) {
    case NextStudy::Measure::risks:
      return statistics::summary_of_risks(draws.control, draws.treated, halves, 0, draws.luck);
    case NextStudy::Measure::rates:
      return statistics::summary_of_rates(draws.control, draws.treated,
                                          {halves, study.years_followed, study.dispersion}, 0, draws.luck);
    case NextStudy::Measure::mean:
      break;
  }
  return statistics::summary_of_mean(draws.treated, study.sd / std::sqrt(people), 0, draws.luck);
}

/// Half of the people in each group; of a mean, all of them are measured. How large the bias may be is drawn too.
statistics::StudySummary summary_of(const NextStudy& study, const StudyDraws& draws, double people) {
  statistics::StudySummary summary = summary_without_bias(study, draws, people);
  if (draws.bias_sd.size() > 0) statistics::add_bias(summary, draws.bias_sd, draws.luck.bias);
  return summary;
}

/// What a study is worth at a size, as far as it doesn't hang on the size: £ draw by draw.
struct StudyPlan {
  Eigen::VectorXd people_a_year, appraised_people, cost_fixed, cost_each;
  Eigen::VectorXd loss_each;  // a person in either group, both groups' added up, times the appraised people
  Eigen::VectorXd lead;       // of the best arm before the first, for the appraised people
  Eigen::VectorXd recruits;   // people a year who can join it; empty: it answers after the same time at every size
};

std::size_t best_on_average(const AppraisalDraws& on, const MainValues& values) {
  std::size_t best = 0;
  for (std::size_t arm = 1; arm < values.npv.size(); ++arm)
    if (mean_of(values.npv[arm].simulated, on.count()) > mean_of(values.npv[best].simulated, on.count())) best = arm;
  return best;
}

StudyPlan study_plan(const AppraisalDraws& on, const MainValues& values, const NextStudy& study) {
  const Evaluator evaluator = on.evaluator();
  const auto by_draw = [&](const Formula& formula) {
    return vector_of(evaluator.column(formula, study.treated_arm, 0), on.count());
  };
  const auto draws = static_cast<Eigen::Index>(on.count());
  StudyPlan plan;
  plan.appraised_people =
      study.appraised_people ? by_draw(*study.appraised_people) : Eigen::VectorXd::Ones(draws).eval();
  plan.people_a_year = study.people_a_year ? by_draw(*study.people_a_year) : plan.appraised_people;
  plan.cost_fixed = by_draw(study.cost_fixed);
  plan.cost_each = by_draw(study.cost_each);
  plan.loss_each = Eigen::VectorXd::Zero(draws);
  if (study.recruits_a_year) plan.recruits = by_draw(*study.recruits_a_year);
  const std::size_t best = best_on_average(on, values);
  plan.lead = vector_of(values.npv[best].simulated - values.npv[0].simulated, on.count());
  if (study.measure == NextStudy::Measure::mean || !study.nobody_loses.empty()) return plan;
  for (const std::size_t arm : {study.control_arm, study.treated_arm})
    plan.loss_each += vector_of(values.npv[best].simulated - values.npv.at(arm).simulated, on.count());
  return plan;
}

/// When a study of a size answers, and how many come before and after it while the decision matters, by draw: as many
/// years of people as the discount factors make of them.
struct AnswerTime {
  Eigen::VectorXd years;
  Eigen::VectorXd people_before, people_after;
};

AnswerTime answer_time(const AppraisalDraws& on, const NextStudy& study, const StudyPlan& plan, double size) {
  const std::vector<double>& factors = on.appraisal.discounting[0].factors;
  const double all_years = statistics::discounted_years_after({0, study.decision_lasts}, factors);
  AnswerTime time;
  time.years = Eigen::VectorXd::Constant(plan.people_a_year.size(), study.answer_after);
  if (plan.recruits.size() > 0) {
    if (!(plan.recruits.array() > 0).all())
      throw std::invalid_argument("nobody can join the study '" + study.name +
                                  "' in some draws: recruits_a_year is 0; give it "
                                  "people, or take it out and say in any_size why no size takes longer");
    time.years.array() += size / plan.recruits.array();
  }
  time.people_after = plan.people_a_year;
  time.people_before = plan.people_a_year;
  for (Eigen::Index d = 0; d < time.years.size(); ++d) {
    const double after = statistics::discounted_years_after({time.years[d], study.decision_lasts}, factors);
    time.people_after[d] *= after;
    time.people_before[d] *= all_years - after;
  }
  return time;
}

/// On what following the study is worth on draws that its regression was not fitted on (10-fold): on average it
/// promises less.
statistics::StudyWorth worth_of(const StudyPlan& plan, const AnswerTime& time,
                                const statistics::PartialInformation& information, double size) {
  constexpr double already_counted = 1;  // the years after the answer are in its people
  return statistics::study_worth({information.policy_gains, time.people_after, plan.appraised_people,
                                  plan.cost_fixed + size * plan.cost_each, size / 2 * plan.loss_each},
                                 already_counted);
}

/// What those who come before the answer lose, were the first arm kept until then.
statistics::ValueWithError waiting_of(const StudyPlan& plan, const AnswerTime& time) {
  const Eigen::VectorXd none = Eigen::VectorXd::Zero(plan.lead.size());
  return statistics::study_worth({plan.lead, time.people_before, plan.appraised_people, none, none}, 1).population;
}

StudyValue study_value(const statistics::PartialInformation& information, const statistics::StudyWorth& worth) {
  StudyValue value;
  value.evsi = information.value;
  value.evsi_error = information.error;
  value.evsi_cross_validated = information.policy_value;
  value.evsi_cross_validated_error = information.policy_error;
  value.population = worth.population.value;
  value.population_error = worth.population.error;
  value.cost = worth.cost.value;
  value.cost_error = worth.cost.error;
  value.loss = worth.loss.value;
  value.loss_error = worth.loss.error;
  value.net = worth.net.value;
  value.net_error = worth.net.error;
  return value;
}

void mark_best(std::span<const statistics::StudyWorth> worths, std::span<StudyValue> values) {
  if (values.empty()) return;
  const statistics::BestStudy best = statistics::best_study(worths);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i].behind = best.behind[i].value;
    values[i].behind_error = best.behind[i].error;
    values[i].is_best = i == best.index;
    values[i].is_told_apart = best.is_told_apart(i);
  }
}

/// By how much the sets that draws share enlarge the errors of a study's worth: as those of what it gains.
double set_factor(const DrawUnits& units, const statistics::PartialInformation& information) {
  const DrawColumn gains = column_of(information.policy_gains);
  const double independent = error_of(gains, DrawUnits(units.count()));
  return independent > 0 ? units.with_sets(independent, gains) / independent : 1;
}

void enlarge_errors(double by, StudyValue& value) {
  for (double* error :
       {&value.evsi_error, &value.evsi_cross_validated_error, &value.population_error, &value.cost_error,
        &value.loss_error, &value.net_error, &value.behind_error, &value.waiting_error, &value.answer_after_error})
    *error *= by;
  value.is_told_apart = value.is_told_apart && value.behind > 2 * value.behind_error;
}

}  // namespace

std::vector<StudyValue> value_studies(const AppraisalDraws& on, const MainValues& values) {
  std::vector<StudyValue> all;
  const Eigen::MatrixXd net = draws_by_arm(values.npv, on.count(), false);
  for (std::size_t index = 0; index < on.appraisal.studies.size(); ++index) {
    const NextStudy& study = on.appraisal.studies[index];
    if (study.decision_lasts > static_cast<double>(on.appraisal.discounting[0].factors.size()))
      throw std::invalid_argument("the decision that the study '" + study.name +
                                  "' is for lasts longer than the discount schedule has been read");
    const StudyDraws draws = study_draws(on, study);
    const StudyPlan plan = study_plan(on, values, study);
    const std::size_t first = all.size();
    std::vector<statistics::StudyWorth> worths;
    std::vector<double> larger;
    for (const double size : study.sizes) {
      const auto information = statistics::sample_information(net, summary_of(study, draws, size));
      const AnswerTime time = answer_time(on, study, plan, size);
      worths.push_back(worth_of(plan, time, information, size));
      StudyValue value = study_value(information, worths.back());
      const statistics::ValueWithError waiting = waiting_of(plan, time);
      value.waiting = waiting.value;
      value.waiting_error = waiting.error;
      value.answer_after = time.years[0] + (time.years.array() - time.years[0]).mean();  // exact where all are alike
      value.answer_after_error = error_of(column_of(time.years), DrawUnits(on.count()));
      value.study = index;
      value.size = size;
      value.is_largest = study.sizes.size() > 1 && size == study.sizes.back();
      larger.push_back(set_factor(on.units(), information));
      all.push_back(value);
    }
    mark_best(worths, std::span(all).subspan(first));
    for (std::size_t i = first; i < all.size(); ++i) enlarge_errors(larger[i - first], all[i]);
  }
  return all;
}

}  // namespace desist
