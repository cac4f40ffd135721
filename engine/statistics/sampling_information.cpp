#include "engine/statistics/sampling_information.hpp"

#include <algorithm>
#include <cmath>

#include "engine/statistics/ranges.hpp"

namespace desist::statistics {
namespace {

using Eigen::VectorXd;

double error_of_influence(const VectorXd& influence) {
  const auto n = static_cast<double>(influence.size());
  return std::sqrt(influence.squaredNorm() / (n - 1) / n);
}

/// E[a]/E[b] by its influence: (a_d - ratio b_d)/E[b].
VectorXd influence_of_ratio(const VectorXd& a, const VectorXd& b, double ratio) { return (a - ratio * b) / b.mean(); }

}  // namespace

PartialInformation sample_information(const Eigen::MatrixXd& net_benefits, const StudySummary& summary) {
  return partial_information(net_benefits, summary.values);
}

double discounted_years_after(const DecisionTime& time, std::span<const double> factors) {
  require(is_amount(time.answer_after) && is_amount(time.lasts), "times of a decision are 0 or more, and finite");
  require(time.lasts <= static_cast<double>(factors.size()), "every year of a decision needs a discount factor");
  double years = 0;
  for (std::size_t year = 0; static_cast<double>(year) < time.lasts; ++year) {
    const auto start = static_cast<double>(year), end = std::min(start + 1, time.lasts);
    years += factors[year] * (end - std::clamp(time.answer_after, start, end));
  }
  return years;
}

StudyWorth study_worth(const PlannedStudy& study, double years_after) {
  const Eigen::Index draws = study.gains.size();
  const auto is_by_draw = [&](const VectorXd& values) { return values.size() == draws && values.allFinite(); };
  require(draws >= 2 && is_by_draw(study.gains) && is_by_draw(study.people_a_year) &&
              is_by_draw(study.appraised_people) && is_by_draw(study.cost) && is_by_draw(study.loss),
          "the worth of a study needs finite values of two draws");
  const double appraised = study.appraised_people.mean(), people = study.people_a_year.mean();
  require(appraised > 0, "the worth of a study needs people for whom the decision is appraised");
  const double each = study.gains.mean() / appraised;
  const VectorXd population =
      years_after * (people * influence_of_ratio(study.gains, study.appraised_people, each).array() +
                     each * (study.people_a_year.array() - people));
  const VectorXd cost = study.cost.array() - study.cost.mean();
  StudyWorth worth;
  worth.population = {each * people * years_after, error_of_influence(population)};
  worth.cost = {study.cost.mean(), error_of_influence(cost)};
  worth.loss.value = study.loss.mean() / appraised;
  const VectorXd loss = influence_of_ratio(study.loss, study.appraised_people, worth.loss.value);
  worth.loss.error = error_of_influence(loss);
  worth.net_influence = population - cost - loss;
  worth.net = {worth.population.value - worth.cost.value - worth.loss.value, error_of_influence(worth.net_influence)};
  return worth;
}

BestStudy best_study(std::span<const StudyWorth> worths) {
  require(!worths.empty(), "a best size needs a size");
  BestStudy best;
  const auto greatest = std::max_element(worths.begin(), worths.end(),
                                         [](const auto& a, const auto& b) { return a.net.value < b.net.value; });
  best.index = static_cast<std::size_t>(greatest - worths.begin());
  for (const StudyWorth& worth : worths) {
    require(worth.net_influence.size() == greatest->net_influence.size(), "sizes are compared on the same draws");
    best.behind.push_back(
        {greatest->net.value - worth.net.value, error_of_influence(greatest->net_influence - worth.net_influence)});
  }
  return best;
}

}  // namespace desist::statistics
