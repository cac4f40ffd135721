#include "engine/statistics/sampling_information.hpp"

#include <algorithm>
#include <cmath>

#include "engine/statistics/factorisations.hpp"
#include "engine/statistics/mean_surface.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/ranges.hpp"

namespace desist::statistics {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index groups_of_posteriors = 10;  // left out in turn for the error

/// A power of a covariance matrix on the directions in which it is not 0.
MatrixXd power_of_covariance(const MatrixXd& covariance, double power) {
  const SymmetricEigen parts = eigen_of_symmetric(covariance);
  const double least = 1e-12 * std::max(0.0, parts.values[parts.values.size() - 1]);
  const VectorXd powers =
      parts.values.unaryExpr([&](double value) { return value > least ? std::pow(value, power) : 0.0; });
  return parts.vectors * powers.asDiagonal() * parts.vectors.transpose();
}

MatrixXd covariance_of(const MatrixXd& centred) {
  return centred.transpose() * centred / static_cast<double>(centred.rows());
}

/// Covariance of the rows of g under weights from the likelihood of a summary; less the bias of few effective draws.
MatrixXd posterior_covariance(const MatrixXd& g, const StudySummary& summary, Index seen) {
  VectorXd log_weights(g.rows());
  for (Index d = 0; d < g.rows(); ++d) {
    double sum = 0;
    for (Index k = 0; k < summary.values.cols(); ++k) {
      const double z = (summary.values(seen, k) - summary.means(d, k)) / summary.sds(d, k);
      sum -= z * z / 2 + std::log(summary.sds(d, k));
    }
    log_weights[d] = sum;
  }
  const double largest = log_weights.maxCoeff();
  VectorXd weights = log_weights.unaryExpr([&](double value) { return std::exp(value - largest); });
  weights /= weights.sum();
  const double left = 1 - weights.squaredNorm();
  const VectorXd mean = g.transpose() * weights;
  MatrixXd sum = MatrixXd::Zero(g.cols(), g.cols());
  if (!(left > 0)) return sum;  // one draw has it all: nothing is left open
  for (Index d = 0; d < g.rows(); ++d) {
    const VectorXd away = g.row(d).transpose() - mean;
    sum += weights[d] * away * away.transpose();
  }
  return sum / left;
}

/// By draw, what the best arm has more than `best` when g is pulled to the covariance of posterior means.
VectorXd matched_gains(const MatrixXd& centred, const VectorXd& mean, const MatrixXd& posterior, Index best) {
  const MatrixXd covariance = covariance_of(centred);
  const MatrixXd pull = power_of_covariance(covariance, -0.5) * power_of_covariance(covariance - posterior, 0.5);
  const MatrixXd pulled = (centred * pull).rowwise() + mean.transpose();
  VectorXd gains(pulled.rows());
  for (Index d = 0; d < pulled.rows(); ++d)
    gains[d] = std::max(0.0, pulled.row(d).maxCoeff()) - (best == 0 ? 0.0 : pulled(d, best - 1));
  return gains;
}

double variance_of_mean(const VectorXd& values) {
  const auto n = static_cast<double>(values.size());
  const double mean = values.mean();
  return (values.array() - mean).square().sum() / (n - 1) / n;
}

}  // namespace

PartialInformation sample_information(const MatrixXd& net_benefits, const StudySummary& summary) {
  return partial_information(net_benefits, summary.values);
}

MatchedMoments matched_moments(const MatrixXd& net_benefits, const MatrixXd& parameters, const StudySummary& summary,
                               Index posteriors) {
  const Index draws = net_benefits.rows();
  require(net_benefits.cols() >= 2, "moment matching needs two arms");
  require(summary.values.rows() == draws && summary.means.rows() == draws && summary.sds.rows() == draws,
          "a summary has one row a draw");
  require(posteriors >= 2 * groups_of_posteriors && posteriors <= draws,
          "moment matching needs 20 posteriors, and no more than draws");
  const MatrixXd differences = net_benefits.rightCols(net_benefits.cols() - 1).colwise() - net_benefits.col(0);
  const MatrixXd g = mean_surface(differences, parameters).in_sample;
  const VectorXd mean = g.colwise().mean();
  const MatrixXd centred = g.rowwise() - mean.transpose();
  Index greatest = 0;
  const Index best = mean.maxCoeff(&greatest) > 0 ? greatest + 1 : 0;

  std::vector<MatrixXd> groups(groups_of_posteriors, MatrixXd::Zero(g.cols(), g.cols()));
  std::vector<double> sizes(groups_of_posteriors);
  MatrixXd sum = MatrixXd::Zero(g.cols(), g.cols());
  for (Index i = 0; i < posteriors; ++i) {
    const MatrixXd covariance = posterior_covariance(g, summary, i * draws / posteriors);
    const auto group = static_cast<std::size_t>(i % groups_of_posteriors);
    groups[group] += covariance;
    sizes[group] += 1;
    sum += covariance;
  }
  const auto n = static_cast<double>(posteriors);
  const VectorXd gains = matched_gains(centred, mean, sum / n, best);
  VectorXd left_out(groups_of_posteriors);
  for (std::size_t group = 0; group < groups.size(); ++group)
    left_out[static_cast<Index>(group)] =
        matched_gains(centred, mean, (sum - groups[group]) / (n - sizes[group]), best).mean();
  const double jackknife = (left_out.array() - left_out.mean()).square().sum() *
                           static_cast<double>(groups_of_posteriors - 1) / static_cast<double>(groups_of_posteriors);
  return {gains.mean(), std::sqrt(variance_of_mean(gains) + jackknife)};
}

double information_of_normal(double mean, double sd) {
  require(std::isfinite(mean) && is_amount(sd), "a normal law has a finite mean and an sd of 0 or more");
  if (sd == 0) return 0;
  const double z = std::abs(mean) / sd;
  const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::acos(-1.0));
  return sd * (density - z * normal_cdf(-z));
}

double sample_information_of_normal(const NormalStudy& study) {
  require(is_amount(study.variance) && study.people > 0 && is_amount(study.bias) && is_amount(study.sd),
          "a study of a normal difference needs people and variances of 0 or more");
  const double error = study.variance / study.people + study.bias * study.bias;
  const double square = study.sd * study.sd;
  if (square == 0) return 0;
  return information_of_normal(study.mean, square / std::sqrt(square + error));
}

DiscountedPeople discounted_people(const DecisionTime& time, const DiscountSchedule& schedule) {
  require(is_amount(time.people_a_year) && is_amount(time.answer_after) && is_amount(time.lasts),
          "people and times of a decision are 0 or more, and finite");
  DiscountedPeople people;
  for (int year = 0; year < time.lasts; ++year) {
    const double end = std::min(year + 1.0, time.lasts);
    const double answer = std::clamp(time.answer_after, static_cast<double>(year), end);
    const double weight = time.people_a_year * schedule.factor(year);
    people.before += weight * (answer - year);
    people.after += weight * (end - answer);
  }
  return people;
}

StudyWorth study_worth(const PartialInformation& information, const StudyCost& cost, const DecisionTime& time,
                       const DiscountSchedule& schedule) {
  require(is_amount(cost.fixed) && is_amount(cost.each) && is_amount(cost.people) && is_amount(cost.people_on_worse) &&
              is_share(cost.waiting_share_on_worse) && is_amount(cost.loss_each),
          "costs, people and losses of a study are 0 or more, and finite");
  const DiscountedPeople people = discounted_people(time, schedule);
  StudyWorth worth;
  worth.people = cost.people;
  worth.people_after = people.after;
  worth.population_value = information.value * people.after;
  worth.cost = cost.fixed + cost.each * cost.people;
  worth.loss = cost.loss_each * (cost.people_on_worse + cost.waiting_share_on_worse * people.before);
  worth.net = worth.population_value - worth.cost - worth.loss;
  worth.error = information.error * people.after;
  return worth;
}

BestStudy best_study(std::span<const PartialInformation> information, std::span<const StudyWorth> worths) {
  require(!worths.empty() && information.size() == worths.size(),
          "sizes of a study have an information and a worth each");
  BestStudy best;
  const auto greatest =
      std::max_element(worths.begin(), worths.end(), [](const auto& a, const auto& b) { return a.net < b.net; });
  best.index = static_cast<std::size_t>(greatest - worths.begin());
  for (std::size_t i = 0; i < worths.size(); ++i) {
    const PairedValues paired = paired_difference(greatest->people_after * information[best.index].gains,
                                                  worths[i].people_after * information[i].gains);
    best.behind.push_back({greatest->net - worths[i].net, paired.error});
  }
  return best;
}

}  // namespace desist::statistics
