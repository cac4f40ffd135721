// Rate ratios of people who differ in their rates: Poisson and negative binomial regressions, and the bootstrap.
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "engine/estimation/resampling.hpp"
#include "engine/random/counts.hpp"
#include "engine/random/samplers.hpp"
#include "engine/statistics/negative_binomial.hpp"
#include "engine/statistics/rates.hpp"
#include "tests/coverage/simulation.hpp"

namespace desist::coverage {

namespace {

using namespace statistics;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Maybe = std::optional<Interval>;

constexpr double comparison_rate = 0.8, true_ratio = 0.7;

/// Events and years of each person, the treated first; half a year to a year at risk.
struct Counts {
  MatrixXd x;
  VectorXd events, years;
  RatePair sums;
};

/// Rates vary between people with variance `spread` x mean^2 (0: not at all).
Counts counts(const GroupPair& n, double spread, const Streams& streams) {
  const Index people = static_cast<Index>(n.n1 + n.n0);
  Counts made{MatrixXd(people, 2), VectorXd(people), VectorXd(people), {{0, 0}, {0, 0}}};
  for (Index i = 0; i < people; ++i) {
    const bool treated = i < n.n1;
    const Words words = streams.words(Purpose("events of a person"), static_cast<std::uint64_t>(i));
    const double years = 0.5 + 0.5 * uniform(words[0]);
    const double mean = comparison_rate * (treated ? true_ratio : 1) * years;
    const std::int64_t events = spread > 0 ? negative_binomial_by_search(uniform(words[1]), mean, 1 / spread)
                                           : poisson_by_search(uniform(words[1]), mean);
    made.x.row(i) << 1, treated ? 1 : 0;
    made.events[i] = static_cast<double>(events);
    made.years[i] = years;
    Rate& group = treated ? made.sums.group1 : made.sums.group0;
    group.events += events;
    group.time += years;
  }
  return made;
}

void regressions(const Counts& data, Tallies& tallies) {
  const double log_ratio = std::log(true_ratio);
  tallies.interval("Exact, of all events", exact_rate_ratio(data.sums), true_ratio);
  tallies.interval("Score, of all events", score_rate_ratio(data.sums), true_ratio);
  const VectorXd offset = data.years.array().log();
  const auto poisson = generalised_linear_model(Family::poisson, data.x, data.events, {offset, {}});
  const auto* fit = std::get_if<GeneralisedLinearModel>(&poisson);
  const auto limits = [&](double estimate, double variance, std::optional<double> df = std::nullopt) {
    return inference(estimate, std::sqrt(variance), df).interval;
  };
  tallies.interval("Poisson, model", fit ? Maybe(limits(fit->coefficients[1], fit->covariance(1, 1))) : Maybe(),
                   log_ratio);
  tallies.interval(
      "Quasi-Poisson",
      fit ? Maybe(limits(fit->coefficients[1], quasi_covariance(*fit)(1, 1), static_cast<double>(fit->residual_df)))
          : Maybe(),
      log_ratio);
  for (const auto& [word, kind] : {std::pair{"HC0", RobustKind::hc0}, std::pair{"HC1", RobustKind::hc1},
                                   std::pair{"HC2", RobustKind::hc2}, std::pair{"HC3", RobustKind::hc3}}) {
    Maybe robust;
    if (fit) {
      const auto covariance = robust_covariance(fit->working, kind);
      if (const auto* found = std::get_if<MatrixXd>(&covariance)) robust = limits(fit->coefficients[1], (*found)(1, 1));
    }
    tallies.interval(fmt::format("Poisson, {}", word), robust, log_ratio);
  }
  const auto negative = negative_binomial(data.x, data.events, offset);
  const auto* nb = std::get_if<NegativeBinomial>(&negative);
  tallies.interval("Negative binomial, model", nb ? Maybe(limits(nb->coefficients[1], nb->covariance(1, 1))) : Maybe(),
                   log_ratio);
  tallies.interval("Negative binomial, observed",
                   nb ? Maybe(limits(nb->coefficients[1], nb->joint_covariance(1, 1))) : Maybe(), log_ratio);
  Maybe robust;
  if (nb) {
    const auto covariance = robust_covariance(nb->working, RobustKind::hc1);
    if (const auto* found = std::get_if<MatrixXd>(&covariance)) robust = limits(nb->coefficients[1], (*found)(1, 1));
  }
  tallies.interval("Negative binomial, HC1", robust, log_ratio);
}

/// Resampled within groups; a resample without events in comparison has an infinite ratio.
void bootstrap(const Counts& data, const Streams& streams, Tallies& tallies) {
  estimation::SummedRows rows{4, {}};
  estimation::ResamplingPlan plan{999, streams.words(Purpose("seed of a bootstrap"), 0)[0], {}, 1};
  for (Index i = 0; i < data.events.size(); ++i) {
    const bool treated = data.x(i, 1) > 0;
    const double events = data.events[i], years = data.years[i];
    const double row[] = {treated ? events : 0, treated ? years : 0, treated ? 0 : events, treated ? 0 : years};
    rows.values.insert(rows.values.end(), std::begin(row), std::end(row));
    plan.stratum.push_back(treated ? 1 : 0);
  }
  const auto ratio = [](std::span<const double> sums) {
    return sums[2] > 0 ? sums[0] / sums[1] / (sums[2] / sums[3]) : std::numeric_limits<double>::infinity();
  };
  const BootstrapSummary found = intervals(estimation::bootstrap_of_sums(rows, ratio, plan));
  const auto tally = [&](const char* name, const BootstrapInterval& interval) {
    tallies.interval(name, interval.given() ? Maybe(interval.limits) : Maybe(), true_ratio);
  };
  tally("Bootstrap, BCa", found.bca);
  tally("Bootstrap, percentile", found.percentile);
  tally("Bootstrap, basic", found.basic);
  tally("Bootstrap, normal", found.normal);
}

}  // namespace

std::vector<Simulation> simulations_of_counts(const Sizes& sizes) {
  std::vector<std::string> heads;
  for (const GroupPair& pair : sizes.two) heads.push_back(size_text(pair));
  const auto regression = [pairs = sizes.two](double spread) {
    return [pairs, spread](std::size_t column, const Streams& streams, Tallies& tallies) {
      regressions(counts(pairs[column], spread, streams), tallies);
    };
  };
  const std::string design =
      "Coverage in %. Rate ratio 0.7, 0.8 events a year in comparison, half a year to a year at risk";
  return {{"Rate ratio, people differ: coverage", design + "; rates vary between people with variance mean^2.",
           "treated/comparison", heads, 10000, regression(1)},
          {"Rate ratio, people alike: coverage", design + "; counts are Poisson.", "treated/comparison", heads, 10000,
           regression(0)},
          {"Bootstrap of a rate ratio: coverage", design + "; rates vary with variance mean^2. 999 resamples.",
           "treated/comparison", heads, 2000,
           [pairs = sizes.two](std::size_t column, const Streams& streams, Tallies& tallies) {
             bootstrap(counts(pairs[column], 1, streams), streams, tallies);
           }}};
}

}  // namespace desist::coverage
