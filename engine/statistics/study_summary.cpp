#include "engine/statistics/study_summary.hpp"

#include <algorithm>
#include <cmath>

#include "engine/statistics/normal.hpp"
#include "engine/statistics/ranges.hpp"
#include "engine/statistics/real.hpp"

namespace desist::statistics {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr double many_either_way = 100;  // n p q from which the expansion is used

void check_luck(const VectorXd& luck, Index draws) {
  require(luck.size() == draws, "the luck of a study has one number a draw");
  require((luck.array() > 0).all() && (luck.array() < 1).all(), "the luck of a study lies between 0 and 1");
}

void check_two_groups(const VectorXd& control, const VectorXd& treated, double bias, const StudyLuck& luck) {
  require(control.size() == treated.size(), "the groups of a study have one figure a draw");
  require(is_amount(bias), "the bias of a study is 0 or more");
  check_luck(luck.control, control.size());
  check_luck(luck.treated, control.size());
  if (bias > 0) check_luck(luck.bias, control.size());
}

/// The least x with P(X <= x) >= u, p at most a half.
std::int64_t summed_from_none(double u, std::int64_t n, double p) {
  double chance = std::pow(1 - p, real(n)), sum = chance;
  std::int64_t x = 0;
  while (sum < u && x < n) {
    chance *= real(n - x) * p / (real(x + 1) * (1 - p));
    sum += chance;
    ++x;
  }
  return x;
}

/// The same for p above a half: n less the greatest y with P(n - X <= y - 1) <= 1 - u.
std::int64_t summed_from_all(double u, std::int64_t n, double p) {
  double chance = std::pow(p, real(n)), sum = chance;
  std::int64_t y = 0;
  while (sum <= 1 - u && y < n) {
    chance *= real(n - y) * (1 - p) / (real(y + 1) * p);
    sum += chance;
    ++y;
  }
  return n - y;
}

StudySummary empty_summary(Index draws, Index columns) {
  return {Eigen::MatrixXd(draws, columns), Eigen::MatrixXd(draws, columns), Eigen::MatrixXd(draws, columns)};
}

void add_same_bias(StudySummary& summary, double bias, const StudyLuck& luck) {
  if (bias == 0) return;
  add_bias(summary, VectorXd::Constant(summary.values.rows(), bias), luck.bias);
}

}  // namespace

// The last column is the treated group's: it carries the bias.
void add_bias(StudySummary& summary, const VectorXd& sds, const VectorXd& luck) {
  require(sds.size() == summary.values.rows() && sds.allFinite() && (sds.array() >= 0).all(),
          "the bias of a study is 0 or more in every draw");
  check_luck(luck, sds.size());
  const Index last = summary.values.cols() - 1;
  for (Index d = 0; d < summary.values.rows(); ++d) {
    summary.values(d, last) += sds[d] * normal_quantile(luck[d]);
    summary.sds(d, last) = std::hypot(summary.sds(d, last), sds[d]);
  }
}

std::int64_t binomial_quantile(double u, std::int64_t n, double p) {
  require(n >= 0 && is_share(p) && u > 0 && u < 1, "a binomial quantile needs a chance, a number and a level");
  if (real(n) * p * (1 - p) < many_either_way) return p <= 0.5 ? summed_from_none(u, n, p) : summed_from_all(u, n, p);
  const double z = normal_quantile(u), sd = std::sqrt(real(n) * p * (1 - p));
  const double x = std::round(real(n) * p + z * sd + (1 - 2 * p) * (z * z - 1) / 6);
  return static_cast<std::int64_t>(std::clamp(x, 0.0, real(n)));
}

StudySummary summary_of_risks(const VectorXd& control_risk, const VectorXd& treated_risk, const GroupSizes& sizes,
                              double bias, const StudyLuck& luck) {
  check_two_groups(control_risk, treated_risk, bias, luck);
  require(sizes.n0 > 0 && sizes.n1 > 0 && std::isfinite(sizes.n0) && std::isfinite(sizes.n1),
          "the groups of a study have people");
  StudySummary summary = empty_summary(control_risk.size(), 2);
  const auto fill = [&](Index column, const VectorXd& risks, double size, const VectorXd& uniforms) {
    const auto n = static_cast<std::int64_t>(std::max(1.0, std::round(size)));
    for (Index d = 0; d < risks.size(); ++d) {
      require(is_share(risks[d]), "the risks of a study lie from 0 to 1");
      const double inner = (real(n) * risks[d] + 0.5) / (real(n) + 1);
      summary.values(d, column) = real(binomial_quantile(uniforms[d], n, risks[d])) / real(n);
      summary.means(d, column) = risks[d];
      summary.sds(d, column) = std::sqrt(inner * (1 - inner) / real(n));
    }
  };
  fill(0, control_risk, sizes.n0, luck.control);
  fill(1, treated_risk, sizes.n1, luck.treated);
  add_same_bias(summary, bias, luck);
  return summary;
}

StudySummary summary_of_rates(const VectorXd& control_rate, const VectorXd& treated_rate,
                              const CountFollowUp& follow_up, double bias, const StudyLuck& luck) {
  check_two_groups(control_rate, treated_rate, bias, luck);
  const GroupSizes& sizes = follow_up.sizes;
  require(sizes.n0 > 0 && sizes.n1 > 0 && std::isfinite(sizes.n0) && std::isfinite(sizes.n1) && follow_up.years > 0 &&
              is_amount(follow_up.dispersion),
          "the groups of a study have people, followed for some time");
  StudySummary summary = empty_summary(control_rate.size(), 2);
  const auto fill = [&](Index column, const VectorXd& rates, double n, const VectorXd& uniforms) {
    for (Index d = 0; d < rates.size(); ++d) {
      require(rates[d] > 0 && std::isfinite(rates[d]), "the rates of a study are above 0");
      summary.means(d, column) = std::log(rates[d]);
      summary.sds(d, column) = std::sqrt((1 / (rates[d] * follow_up.years) + follow_up.dispersion) / n);
      summary.values(d, column) = summary.means(d, column) + summary.sds(d, column) * normal_quantile(uniforms[d]);
    }
  };
  fill(0, control_rate, sizes.n0, luck.control);
  fill(1, treated_rate, sizes.n1, luck.treated);
  add_same_bias(summary, bias, luck);
  return summary;
}

StudySummary summary_of_mean(const VectorXd& mean, double standard_error, double bias, const StudyLuck& luck) {
  require(mean.allFinite() && standard_error > 0 && std::isfinite(standard_error) && is_amount(bias),
          "a mean is finite, its standard error above 0, its bias 0 or more");
  check_luck(luck.treated, mean.size());
  if (bias > 0) check_luck(luck.bias, mean.size());
  StudySummary summary = empty_summary(mean.size(), 1);
  for (Index d = 0; d < mean.size(); ++d) {
    summary.means(d, 0) = mean[d];
    summary.sds(d, 0) = standard_error;
    summary.values(d, 0) = mean[d] + standard_error * normal_quantile(luck.treated[d]);
  }
  add_same_bias(summary, bias, luck);
  return summary;
}

}  // namespace desist::statistics
