// Yes/no outcomes with covariates, strata, clusters or non-compliance, and syntheses of a few studies.
#include <cmath>

#include <fmt/format.h>

#include "engine/random/counts.hpp"
#include "engine/random/samplers.hpp"
#include "engine/statistics/complier_effect.hpp"
#include "engine/statistics/firth_logistic.hpp"
#include "engine/statistics/linear_model.hpp"
#include "engine/statistics/meta_analysis.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/rare_events.hpp"
#include "engine/statistics/standardisation.hpp"
#include "engine/statistics/stratified_tables.hpp"
#include "tests/coverage/simulation.hpp"

namespace desist::coverage {

namespace {

using namespace statistics;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Maybe = std::optional<Interval>;

std::vector<std::string> group_heads(const Sizes& sizes) {
  std::vector<std::string> result;
  for (const GroupPair& pair : sizes.two) result.push_back(size_text(pair));
  return result;
}

template <class Fit>
const Fit* fit_in(const Fitted<Fit>& found) {
  return std::get_if<Fit>(&found);
}

Interval of_coefficient(double estimate, double variance, std::optional<double> df = std::nullopt) {
  return inference(estimate, std::sqrt(variance), df).interval;
}

// --- Covariates
// --------------------------------------------------------------------------------------------------------

/// Columns 1, treated and a covariate that half of all people have; a uniform number for each person's outcome.
struct Trial {
  MatrixXd x;
  VectorXd luck;
  VectorXd outcome(const std::function<double(double treated, double covariate)>& risk) const {
    VectorXd y(luck.size());
    for (Index i = 0; i < luck.size(); ++i) y[i] = luck[i] < risk(x(i, 1), x(i, 2)) ? 1 : 0;
    return y;
  }
};

Trial trial(const GroupPair& n, const Streams& streams) {
  const Index people = static_cast<Index>(n.n1 + n.n0);
  Trial made{MatrixXd(people, 3), VectorXd(people)};
  for (Index i = 0; i < people; ++i) {
    const Words words = streams.words(Purpose("person of a trial"), static_cast<std::uint64_t>(i));
    made.x.row(i) << 1, i < n.n1 ? 1 : 0, uniform(words[0]) < 0.5 ? 1 : 0;
    made.luck[i] = uniform(words[1]);
  }
  return made;
}

constexpr double log_odds_ratio = -0.6931471805599453;  // log(1/2)

double logistic_risk(double treated, double covariate) {
  return 1 / (1 + std::exp(1.5 - covariate - log_odds_ratio * treated));
}

constexpr double true_risk_ratio = 0.6;
double log_linear_risk(double treated, double covariate) {
  return (covariate > 0 ? 0.4 : 0.2) * (treated > 0 ? true_risk_ratio : 1);
}

void adjusted(const GroupPair& n, const Streams& streams, Tallies& tallies) {
  const Trial people = trial(n, streams);
  const auto logistic = generalised_linear_model(Family::logistic, people.x, people.outcome(logistic_risk));
  const auto* fit = fit_in(logistic);
  const auto of_treatment = [&](const MatrixXd& covariance) {
    return of_coefficient(fit->coefficients[1], covariance(1, 1));
  };
  tallies.interval("Odds ratio, logistic, model", fit ? Maybe(of_treatment(fit->covariance)) : Maybe(), log_odds_ratio);
  for (const auto& [word, kind] : {std::pair{"HC1", RobustKind::hc1}, std::pair{"HC3", RobustKind::hc3}}) {
    Maybe robust;
    if (fit) {
      const auto covariance = robust_covariance(fit->working, kind);
      if (const auto* found = fit_in(covariance)) robust = of_treatment(*found);
    }
    tallies.interval(fmt::format("Odds ratio, logistic, {}", word), robust, log_odds_ratio);
  }

  const VectorXd y = people.outcome(log_linear_risk);
  const double difference = 0.3 * true_risk_ratio - 0.3;
  Maybe model_difference, robust_difference, population_difference, population_ratio, modified;
  const auto working = generalised_linear_model(Family::logistic, people.x, y);
  if (const auto* found = fit_in(working)) {
    const Counterfactuals rows = counterfactuals(people.x, 1);
    model_difference = standardise(*found, rows, found->covariance).difference.interval;
    const auto covariance = robust_covariance(found->working, RobustKind::hc1);
    if (const auto* robust = fit_in(covariance))
      robust_difference = standardise(*found, rows, *robust).difference.interval;
    const StandardisedMeans population = standardise_for_population(*found, rows);
    population_difference = population.difference.interval;
    population_ratio = population.ratio_interval;
  }
  tallies.interval("Difference, standardised, model", model_difference, difference);
  tallies.interval("Difference, standardised, HC1", robust_difference, difference);
  tallies.interval("Difference, standardised, population", population_difference, difference);
  tallies.interval("Risk ratio, standardised, population", population_ratio, true_risk_ratio);
  for (const auto& [word, kind] : {std::pair{"HC0", RobustKind::hc0}, std::pair{"HC3", RobustKind::hc3}}) {
    const auto found = modified_poisson(people.x, y, kind);
    const auto* poisson = fit_in(found);
    tallies.interval(
        fmt::format("Risk ratio, modified Poisson, {}", word),
        poisson ? Maybe(of_coefficient(poisson->model.coefficients[1], poisson->covariance(1, 1))) : Maybe(),
        std::log(true_risk_ratio));
  }
}

void penalised(const GroupPair& n, const Streams& streams, Tallies& tallies) {
  const Trial people = trial(n, streams);
  const auto found = firth_logistic(people.x, people.outcome(logistic_risk), {1});
  const auto* fit = fit_in(found);
  tallies.interval("Odds ratio, Firth, profile", fit ? Maybe(fit->profiled[0].interval) : Maybe(), log_odds_ratio);
}

// --- Strata
// ------------------------------------------------------------------------------------------------------------

enum class Common { odds_ratio, risk_ratio, risk_difference, nothing };

/// Four strata of a quarter of each group, with risks of 15, 25, 35 and 45% in comparison.
std::vector<TwoByTwo> strata(const GroupPair& n, Common common, const Streams& streams) {
  std::vector<TwoByTwo> tables;
  for (std::int64_t s = 0; s < 4; ++s) {
    const double p0 = 0.15 + 0.1 * static_cast<double>(s), odds = 0.5 * p0 / (1 - p0);
    const double p1 = common == Common::odds_ratio        ? odds / (1 + odds)
                      : common == Common::risk_ratio      ? 0.6 * p0
                      : common == Common::risk_difference ? p0 - 0.1
                                                          : p0;
    const std::int64_t n1 = (n.n1 + s) / 4, n0 = (n.n0 + s) / 4;
    const Words words = streams.words(Purpose("stratum"), static_cast<std::uint64_t>(s));
    tables.push_back(
        {binomial_by_search(uniform(words[0]), n1, p1), n1, binomial_by_search(uniform(words[1]), n0, p0), n0});
  }
  return tables;
}

void stratified(const GroupPair& n, const Streams& streams, Tallies& tallies) {
  const auto odds = mantel_haenszel_odds_ratio(strata(n, Common::odds_ratio, streams));
  tallies.interval("Odds ratio, Mantel-Haenszel", odds ? Maybe(odds->interval) : Maybe(), 0.5);
  const auto ratio = mantel_haenszel_risk_ratio(strata(n, Common::risk_ratio, streams));
  tallies.interval("Risk ratio, Mantel-Haenszel", ratio ? Maybe(ratio->interval) : Maybe(), 0.6);
  const auto difference = mantel_haenszel_risk_difference(strata(n, Common::risk_difference, streams));
  tallies.interval("Risk difference, Mantel-Haenszel", difference ? Maybe(difference->interval) : Maybe(), -0.1);
}

void stratified_tests(const GroupPair& n, const Streams& streams, Tallies& tallies) {
  const auto p_of = [](const auto& test) { return test ? std::optional(test->p) : std::nullopt; };
  const std::vector<TwoByTwo> equal = strata(n, Common::nothing, streams);
  tallies.test("Cochran-Mantel-Haenszel", p_of(cochran_mantel_haenszel(equal)));
  tallies.test("the same, continuity 1/2", p_of(cochran_mantel_haenszel(equal, 0.5)));
  const auto homogeneity = odds_ratio_homogeneity(strata(n, Common::odds_ratio, streams));
  tallies.test("Breslow-Day", homogeneity ? std::optional(homogeneity->breslow_day_p) : std::nullopt);
  tallies.test("Tarone", homogeneity ? std::optional(homogeneity->tarone_p) : std::nullopt);
}

// --- Clusters
// ----------------------------------------------------------------------------------------------------------

const std::vector<std::size_t> cluster_counts{6, 10, 20, 40};

/// Every other cluster is treated; sizes 6, 11, 16, 21 in turn; people of a cluster correlate at 0.1; no effect.
void clustered(std::size_t clusters, const Streams& streams, Tallies& tallies) {
  std::vector<std::size_t> label;
  for (std::size_t g = 0; g < clusters; ++g) label.insert(label.end(), 6 + 5 * (g / 2 % 4), g);
  const Index n = static_cast<Index>(label.size());
  MatrixXd x(n, 2);
  VectorXd y(n);
  const NormalSampler between(0, std::sqrt(0.1)), within(0, std::sqrt(0.9));
  double shared = 0;
  for (Index i = 0; i < n; ++i) {
    const std::size_t g = label[static_cast<std::size_t>(i)];
    if (i == 0 || g != label[static_cast<std::size_t>(i - 1)]) {
      Stream stream = streams.open(Purpose("cluster"), g);
      shared = between(stream);
    }
    Stream stream = streams.open(Purpose("person of a cluster"), static_cast<std::uint64_t>(i));
    x.row(i) << 1, g % 2 == 0 ? 1 : 0;
    y[i] = shared + within(stream);
  }
  const auto found = linear_model(x, y);
  const auto& fit = std::get<LinearModel>(found);
  const double df = static_cast<double>(fit.residual_df);
  tallies.interval("Least squares, clusters ignored", of_coefficient(fit.coefficients[1], fit.covariance(1, 1), df), 0);
  for (const auto& [word, kind] :
       {std::pair{"CR0", ClusterKind::cr0}, std::pair{"CR1", ClusterKind::cr1}, std::pair{"CR2", ClusterKind::cr2}}) {
    const auto errors = cluster_covariance(fit.working, label, kind);
    const auto* cluster = fit_in(errors);
    tallies.interval(
        fmt::format("{}, t with {}", word, kind == ClusterKind::cr2 ? "Satterthwaite's df" : "G - 1 df"),
        cluster ? Maybe(of_coefficient(fit.coefficients[1], cluster->covariance(1, 1), cluster->degrees_of_freedom[1]))
                : Maybe(),
        0);
  }
}

// --- Non-compliance
// ----------------------------------------------------------------------------------------------------

/// Only the treated can complete, a share `complying` does; risks of compliers 10% with and 20% without the course, of
/// the others 40%.
void complying(const GroupPair& n, double complying, const Streams& streams, Tallies& tallies) {
  Proportion control{0, n.n0}, completed{0, 0}, breached{0, 0};
  for (std::int64_t i = 0; i < n.n1 + n.n0; ++i) {
    const Words words = streams.words(Purpose("person who may comply"), static_cast<std::uint64_t>(i));
    const bool complies = uniform(words[0]) < complying, sent = i < n.n1;
    const bool outcome = uniform(words[1]) < (!complies ? 0.4 : sent ? 0.1 : 0.2);
    Proportion& group = !sent ? control : complies ? completed : breached;
    if (sent) ++group.n;
    group.count += outcome ? 1 : 0;
  }
  const std::string suffix = fmt::format(", {:.0f}% comply", 100 * complying);
  const auto found = complier_effect(one_sided_table(control, completed, breached));
  tallies.interval("Delta method" + suffix, found ? Maybe(found->delta_interval) : Maybe(), -0.1);
  Maybe fieller;
  if (found) {
    const ConfidenceSet& set = found->fieller;
    const bool in = set.shape == ConfidenceSet::Shape::whole_line ||
                    (set.shape == ConfidenceSet::Shape::interval ? set.low <= -0.1 && -0.1 <= set.high
                                                                 : -0.1 <= set.low || set.high <= -0.1);
    fieller = in ? Interval{-0.1, -0.1} : Interval{1, 1};
  }
  tallies.interval("Fieller's set" + suffix, fieller, -0.1);
}

// --- Synthesis
// ---------------------------------------------------------------------------------------------------------

struct StudyDesign {
  std::size_t studies;
  double tau;
};
const std::vector<StudyDesign> syntheses{{3, 0}, {3, 0.3}, {4, 0.3}, {5, 0}, {5, 0.3}, {5, 0.6}};

/// Variances of the log risk ratios of CARA, the alcohol-violence course (12 months), ARDA, PIPT and the
/// alcohol-violence course (two years), everyone sent against comparison.
constexpr double study_variance[] = {0.19, 0.019, 0.20, 0.34, 0.037};

void synthesised(const StudyDesign& design, const Streams& streams, Tallies& tallies) {
  const NormalSampler standard(0, 1);
  std::vector<EffectSize> studies;
  for (std::size_t i = 0; i <= design.studies; ++i) {
    Stream stream = streams.open(Purpose("study"), i);
    const double effect = design.tau * standard(stream);
    if (i < design.studies)
      studies.push_back({effect + std::sqrt(study_variance[i]) * standard(stream), study_variance[i]});
  }
  Stream stream = streams.open(Purpose("one more study"), 0);
  const double next = design.tau * standard(stream);
  const std::pair<const char*, TauEstimator> estimators[] = {{"Fixed effect", TauEstimator::fixed_effect},
                                                             {"DL", TauEstimator::dersimonian_laird},
                                                             {"PM", TauEstimator::paule_mandel},
                                                             {"REML", TauEstimator::restricted_likelihood},
                                                             {"ML", TauEstimator::likelihood},
                                                             {"SJ", TauEstimator::sidik_jonkman},
                                                             {"HE", TauEstimator::hedges}};
  for (const auto& [word, tau] : estimators) {
    const auto plain = pool(studies, {tau, PooledErrors::normal});
    tallies.interval(fmt::format("{}, normal", word), plain ? Maybe(plain->pooled().interval) : Maybe(), 0);
  }
  const auto reml = [&](PooledErrors errors) { return pool(studies, {TauEstimator::restricted_likelihood, errors}); };
  const auto knapp_hartung = reml(PooledErrors::knapp_hartung),
             at_least_one = reml(PooledErrors::knapp_hartung_at_least_one);
  tallies.interval("REML, Knapp-Hartung", knapp_hartung ? Maybe(knapp_hartung->pooled().interval) : Maybe(), 0);
  tallies.interval("REML, Knapp-Hartung at least one", at_least_one ? Maybe(at_least_one->pooled().interval) : Maybe(),
                   0);
  const auto normal = reml(PooledErrors::normal);
  for (const auto& [word, rule] :
       {std::pair{"normal", PredictionRule::as_pooled}, std::pair{"t with k - 1", PredictionRule::student_k_minus_1},
        std::pair{"t with k - 2", PredictionRule::student_k_minus_2}})
    tallies.interval(fmt::format("One more study: REML, {}", word),
                     normal ? prediction_interval(*normal, rule) : Maybe(), next);
  const auto profile = q_profile_interval(studies, MatrixXd::Ones(static_cast<Index>(design.studies), 1));
  tallies.interval("tau^2: Q-profile", profile ? Maybe(profile->tau2) : Maybe(), design.tau * design.tau);
}

/// Four trials of the size of a column, 5% with the outcome in each group.
void rare(const GroupPair& n, const Streams& streams, Tallies& tallies) {
  std::vector<TwoByTwo> tables;
  for (std::uint64_t study = 0; study < 4; ++study) {
    const Words words = streams.words(Purpose("trial with few events"), study);
    tables.push_back({binomial_by_search(uniform(words[0]), n.n1, 0.05), n.n1,
                      binomial_by_search(uniform(words[1]), n.n0, 0.05), n.n0});
  }
  const auto tally = [&](const char* name, const auto& found) {
    tallies.interval(name, found ? Maybe(found->pooled.interval) : Maybe(), 0);
  };
  tally("Peto", peto(tables));
  tally("Mantel-Haenszel, log odds ratio", mantel_haenszel(tables, EffectMeasure::log_odds_ratio));
  tally("Mantel-Haenszel, log risk ratio", mantel_haenszel(tables, EffectMeasure::log_risk_ratio));
  tally("Mantel-Haenszel, risk difference", mantel_haenszel(tables, EffectMeasure::risk_difference));
  const auto beta = beta_binomial(tables);
  tallies.interval("Beta-binomial, log odds ratio", beta ? Maybe(beta->log_odds_ratio.interval) : Maybe(), 0);
  std::vector<EffectSize> halves;
  for (const TwoByTwo& table : tables)
    if (const auto effect = effect_size(table, EffectMeasure::log_odds_ratio)) halves.push_back(*effect);
  const auto fixed = pool(halves, {TauEstimator::fixed_effect});
  tallies.interval("1/2 added, fixed effect, log odds ratio", fixed ? Maybe(fixed->pooled().interval) : Maybe(), 0);
}

}  // namespace

std::vector<Simulation> simulations_of_groups(const Sizes& sizes) {
  const auto by_size = [&sizes](void (*replicate)(const GroupPair&, const Streams&, Tallies&)) {
    return [pairs = sizes.two, replicate](std::size_t column, const Streams& streams, Tallies& tallies) {
      replicate(pairs[column], streams, tallies);
    };
  };
  std::vector<Simulation> all;
  all.push_back(
      {"Adjusted effects on a yes/no outcome: coverage",
       "Coverage in %. A covariate that half of all people have doubles the risk (20 to 40%); the odds ratio is "
       "0.5, or the risk ratio 0.6.",
       "treated/comparison", group_heads(sizes), 10000, by_size(adjusted)});
  const Sizes few = small_groups(sizes);
  all.push_back({"Penalised logistic regression: coverage", "Coverage in %, of the same odds ratio.",
                 "treated/comparison", group_heads(few), 2000, by_size(penalised)});
  all.push_back({"Stratified tables: coverage",
                 "Coverage in %. Four strata of equal size with risks of 15 to 45% in comparison; odds ratio 0.5, risk "
                 "ratio 0.6, difference -10 points.",
                 "treated/comparison", group_heads(sizes), 20000, by_size(stratified)});
  all.push_back(
      {"Stratified tables: size of tests at 5%",
       "Chance in % to reject what is true: the same strata with no effect; homogeneity tests: odds ratio 0.5.",
       "treated/comparison", group_heads(sizes), 20000, by_size(stratified_tests)});
  Simulation clusters{
      "Clusters: coverage",
      "Coverage in %. Least squares; half of the clusters treated, 6 to 21 people in each who correlate "
      "at 0.1, no effect.",
      "clusters",
      {},
      20000,
      [](std::size_t column, const Streams& streams, Tallies& tallies) {
        clustered(cluster_counts[column], streams, tallies);
      }};
  for (const std::size_t count : cluster_counts) clusters.columns.push_back(fmt::format("{}", count));
  all.push_back(clusters);
  all.push_back({"Complier effect: coverage",
                 "Coverage in %. Risks of compliers 10% with and 20% without the course, of the others 40%.",
                 "treated/comparison", group_heads(sizes), 20000,
                 [pairs = sizes.two](std::size_t column, const Streams& streams, Tallies& tallies) {
                   complying(pairs[column], 0.77, streams, tallies);
                   complying(pairs[column], 0.25, streams, tallies);
                 }});
  Simulation synthesis{"Synthesis of 3 to 5 studies: coverage",
                       "Coverage in %. Log risk ratios with the variances of the source tables; tau is the standard "
                       "deviation between true effects.",
                       "studies, tau",
                       {},
                       10000,
                       [](std::size_t column, const Streams& streams, Tallies& tallies) {
                         synthesised(syntheses[column], streams, tallies);
                       }};
  for (const StudyDesign& each : syntheses) synthesis.columns.push_back(fmt::format("{}, {}", each.studies, each.tau));
  all.push_back(synthesis);
  all.push_back({"Synthesis of four trials with few events: coverage",
                 "Coverage in %. Four trials of that size, 5% with the outcome in both groups.", "treated/comparison",
                 group_heads(sizes), 5000, by_size(rare)});
  return all;
}

}  // namespace desist::coverage
