// What a next study is worth at each size: what it would show in each draw, and what one would do then.
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include <Eigen/Core>

#include "engine/estimation/appraisal/parts.hpp"
#include "engine/estimation/appraisal/strategies.hpp"
#include "engine/random/stream.hpp"
#include "engine/statistics/discounting.hpp"
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
  double bias = 0;
};

StudyDraws study_draws(const AppraisalDraws& on, const NextStudy& study) {
  const Evaluator evaluator = on.evaluator();
  StudyDraws made;
  made.treated = vector_of(evaluator.input(study.treated, study.treated_arm), on.count());
  if (study.measure != NextStudy::Measure::mean)
    made.control = vector_of(evaluator.input(study.control, study.control_arm), on.count());
  made.luck = {luck_of(on, study, "control"), luck_of(on, study, "treated"), luck_of(on, study, "bias")};
  if (study.bias_sd) made.bias = mean_of(evaluator.column(*study.bias_sd, study.treated_arm, 0), on.count());
  return made;
}

/// Half of the people in each group; of a mean, all of them are measured.
statistics::StudySummary summary_of(const NextStudy& study, const StudyDraws& draws, double people) {
  const statistics::GroupSizes halves{people / 2, people / 2};
  switch (study.measure) {
    case NextStudy::Measure::risks:
      return statistics::summary_of_risks(draws.control, draws.treated, halves, draws.bias, draws.luck);
    case NextStudy::Measure::rates:
      return statistics::summary_of_rates(draws.control, draws.treated,
                                          {halves, study.years_followed, study.dispersion}, draws.bias, draws.luck);
    case NextStudy::Measure::mean:
      break;
  }
  return statistics::summary_of_mean(draws.treated, study.sd / std::sqrt(people), draws.bias, draws.luck);
}

/// The schedule whose factors, from its first year on, are the appraisal's.
statistics::DiscountSchedule schedule_from(const std::vector<double>& factors) {
  std::vector<statistics::DiscountBand> bands;
  if (factors.size() == 1) bands.push_back({1, 1, 0});  // it isn't asked for
  for (std::size_t year = 1; year < factors.size(); ++year) {
    const int number = static_cast<int>(year);
    bands.push_back({number, number, factors[year - 1] / factors[year] - 1});
  }
  return statistics::DiscountSchedule(bands);
}

/// What is known of a study before it is done: whom it is for, what it costs, who loses by it.
struct StudyPlan {
  double appraised_people = 1;
  statistics::DecisionTime time;
  double cost_fixed = 0, cost_each = 0;
  double loss_each = 0;  // £ a person in either group, both groups' added up
};

StudyPlan study_plan(const AppraisalDraws& on, const MainValues& values, const NextStudy& study) {
  const Evaluator evaluator = on.evaluator();
  const auto mean = [&](const Formula& formula) {
    return mean_of(evaluator.column(formula, study.treated_arm, 0), on.count());
  };
  StudyPlan plan;
  if (study.appraised_people) plan.appraised_people = mean(*study.appraised_people);
  plan.time.people_a_year = study.people_a_year ? mean(*study.people_a_year) : plan.appraised_people;
  plan.time.answer_after = study.answer_after;
  plan.time.lasts = study.decision_lasts;
  plan.cost_fixed = mean(study.cost_fixed);
  plan.cost_each = mean(study.cost_each);
  if (study.measure == NextStudy::Measure::mean || !study.appraised_people) return plan;
  double most = 0;
  for (const Twice& npv : values.npv) most = std::max(most, mean_of(npv.simulated, on.count()));
  for (const std::size_t arm : {study.control_arm, study.treated_arm})
    plan.loss_each += (most - mean_of(values.npv.at(arm).simulated, on.count())) / plan.appraised_people;
  return plan;
}

/// Of one person, of those for whom the decision is.
statistics::PartialInformation for_one(statistics::PartialInformation information, double people) {
  information.value /= people;
  information.error /= people;
  information.gains /= people;
  return information;
}

}  // namespace

std::vector<StudyValue> value_studies(const AppraisalDraws& on, const MainValues& values) {
  std::vector<StudyValue> all;
  const Eigen::MatrixXd net = draws_by_arm(values.npv, on.count(), false);
  const std::vector<double>& factors = on.appraisal.discounting[0].factors;
  for (std::size_t index = 0; index < on.appraisal.studies.size(); ++index) {
    const NextStudy& study = on.appraisal.studies[index];
    if (study.decision_lasts > static_cast<double>(factors.size()))
      throw std::invalid_argument("the decision that the study '" + study.name +
                                  "' is for lasts longer than the discount schedule has been read");
    const StudyDraws draws = study_draws(on, study);
    StudyPlan plan = study_plan(on, values, study);
    plan.time.people_a_year *= factors.front();  // mid-year discounting has a first factor below 1
    const std::size_t first = all.size();
    for (const double size : study.sizes) {
      const auto information = statistics::sample_information(net, summary_of(study, draws, size));
      const statistics::StudyCost cost{plan.cost_fixed, plan.cost_each, size, size / 2, 0, plan.loss_each};
      const auto worth =
          statistics::study_worth(for_one(information, plan.appraised_people), cost, plan.time, schedule_from(factors));
      StudyValue value;
      value.study = index;
      value.size = size;
      value.evsi = information.value;
      value.evsi_error = information.error;
      value.population = worth.population_value;
      value.cost = worth.cost;
      value.loss_waiting = worth.loss;
      value.net = worth.net;
      value.net_error = worth.error;
      all.push_back(value);
    }
    const auto best = std::max_element(all.begin() + static_cast<std::ptrdiff_t>(first), all.end(),
                                       [](const StudyValue& a, const StudyValue& b) { return a.net < b.net; });
    if (best != all.end()) best->is_best = true;
  }
  return all;
}

}  // namespace desist
