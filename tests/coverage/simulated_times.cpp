// Times to an event: curves, restricted means, hazard ratios, competing and repeated events.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/random/samplers.hpp"
#include "engine/statistics/competing_risks.hpp"
#include "engine/statistics/cox.hpp"
#include "engine/statistics/fine_gray.hpp"
#include "engine/statistics/firth_cox.hpp"
#include "engine/statistics/inference.hpp"
#include "engine/statistics/kaplan_meier.hpp"
#include "engine/statistics/log_rank.hpp"
#include "engine/statistics/parametric_survival.hpp"
#include "engine/statistics/piecewise_exponential.hpp"
#include "engine/statistics/recurrent_events.hpp"
#include "engine/statistics/restricted_mean.hpp"
#include "tests/coverage/simulation.hpp"

namespace desist::coverage {

namespace {

using namespace statistics;
using Eigen::Index;
using Eigen::MatrixXd;
using Maybe = std::optional<Interval>;

constexpr double year = 365;
constexpr double yearly_hazard = 0.35667494393873245;  // -log 0.7: 30% within a year
constexpr double hazard_ratio = 0.5;

/// Whole days to the event or to the end of follow-up, a half to two and a half years; `cause` is 1 or 2.
struct Times {
  std::vector<double> stop;
  std::vector<int> event, group;
  FollowUp follow_up() const { return {stop, event, {}}; }
  MatrixXd treated() const {
    MatrixXd x(static_cast<Index>(group.size()), 1);
    for (std::size_t i = 0; i < group.size(); ++i) x(static_cast<Index>(i), 0) = group[i];
    return x;
  }
};

/// The treated first. With `competing`, cause 2 has the hazard of cause 1 in comparison.
Times times(const GroupPair& n, double ratio, bool competing, const Streams& streams) {
  Times made;
  for (std::int64_t i = 0; i < n.n1 + n.n0; ++i) {
    const std::uint64_t person = static_cast<std::uint64_t>(i);
    const bool treated = i < n.n1;
    const Words words = streams.words(Purpose("time to an event"), person);
    double stop = std::ceil(ExponentialClock(yearly_hazard * (treated ? ratio : 1) / year)(words[0]));
    int event = 1;
    if (competing) {
      const double other =
          std::ceil(ExponentialClock(yearly_hazard / year)(streams.words(Purpose("time to another event"), person)[0]));
      if (other < stop) event = 2;
      stop = std::min(stop, other);
    }
    const double end = std::floor(year * (0.5 + 2 * uniform(words[1])));
    made.stop.push_back(std::min(stop, end));
    made.event.push_back(stop <= end ? event : 0);
    made.group.push_back(treated ? 1 : 0);
  }
  return made;
}

/// Mean days up to a year of whole days with a constant hazard.
double mean_of_year(double hazard) {
  double sum = 0;
  for (int day = 0; day < 365; ++day) sum += std::exp(-hazard * day / year);
  return sum;
}

Interval wald_log(double estimate, double error) { return inference(estimate, error).interval; }

void curve(std::int64_t n, const Streams& streams, Tallies& tallies) {
  const Times data = times({0, n}, 1, false, streams);
  const auto curves = kaplan_meier(data.follow_up());
  const double at[] = {year};
  const SurvivalStep step = survival_at((*curves)[0], at)[0].step;
  for (const auto& [word, scale] : {std::pair{"log-log", BandScale::log_log}, std::pair{"log", BandScale::log},
                                    std::pair{"plain", BandScale::plain}})
    tallies.interval(fmt::format("Survival at a year, {}", word), survival_limits(step, scale), 0.7);
  const SurvivalQuantile quartile = survival_quantile((*curves)[0], 0.25, BandScale::log_log);
  Maybe limits;
  if (quartile.low) limits = Interval{*quartile.low, quartile.high.value_or(1e9)};
  tallies.interval("Time by which 25% have it, log-log", limits, std::ceil(-std::log(0.75) / yearly_hazard * year));
  const auto mean = restricted_mean((*curves)[0], year);
  tallies.interval("Restricted mean, a year", mean ? Maybe(mean->interval) : Maybe(), mean_of_year(yearly_hazard));
  const auto piecewise = piecewise_exponential(data.follow_up(), {}, MatrixXd(static_cast<Index>(n), 0));
  tallies.interval("Exponential rate, exact", piecewise ? Maybe(piecewise->intervals[0].limits) : Maybe(),
                   yearly_hazard / year);

  const Times two = times({0, n}, 1, true, streams);
  const auto incidences = cumulative_incidence(two.follow_up(), 2);
  const double truth = (1 - std::exp(-2 * yearly_hazard)) / 2;
  Maybe jackknife, delta;
  if (incidences) {
    const IncidenceStep found = incidence_at((*incidences)[0].causes[1], year);
    jackknife = incidence_limits(found.incidence, found.jackknife_error);
    delta = incidence_limits(found.incidence, found.delta_error);
  }
  tallies.interval("Incidence of one of two causes, jackknife", jackknife, truth);
  tallies.interval("Incidence of one of two causes, delta", delta, truth);
}

void hazards(const GroupPair& n, const Streams& streams, Tallies& tallies) {
  const Times data = times(n, hazard_ratio, false, streams);
  const MatrixXd x = data.treated();
  const double truth = std::log(hazard_ratio);
  for (const auto& [word, ties] : {std::pair{"Efron", Ties::efron}, std::pair{"Breslow", Ties::breslow}}) {
    CoxPlan plan;
    plan.ties = ties;
    const auto fit = cox(data.follow_up(), x, plan);
    tallies.interval(fmt::format("Cox, {}, model", word), fit ? Maybe(fit->log_hazard_ratio(0)) : Maybe(), truth);
  }
  CoxPlan plan;
  plan.errors = CoxErrors::robust;
  const auto robust = cox(data.follow_up(), x, plan);
  tallies.interval("Cox, Efron, robust", robust ? Maybe(robust->log_hazard_ratio(0)) : Maybe(), truth);
  const auto weibull = parametric_survival(data.follow_up(), x, TimeLaw::weibull);
  Maybe weibull_limits, exponential_limits;
  if (weibull) {
    const WeibullHazards found = weibull_hazards(*weibull);
    weibull_limits = wald_log(found.log_hazard_ratio[0], found.log_hazard_ratio_error[0]);
  }
  tallies.interval("Weibull", weibull_limits, truth);
  const auto exponential = piecewise_exponential(data.follow_up(), {}, x);
  if (exponential) exponential_limits = wald_log(exponential->coefficients[0], exponential->errors()[0]);
  tallies.interval("Exponential", exponential_limits, truth);

  const auto curves = kaplan_meier(data.follow_up(), data.group, 2);
  Maybe difference;
  if (const auto means = compare_restricted_means((*curves)[1], (*curves)[0], year))
    difference = means->difference_interval;
  tallies.interval("Difference of restricted means, a year", difference,
                   mean_of_year(hazard_ratio * yearly_hazard) - mean_of_year(yearly_hazard));
}

void penalised_times(const GroupPair& n, const Streams& streams, Tallies& tallies) {
  const Times data = times(n, hazard_ratio, false, streams);
  const auto firth = firth_cox(data.follow_up(), data.treated());
  tallies.interval("Cox, Firth, profile", firth ? Maybe(firth->profile[0]) : Maybe(), std::log(hazard_ratio));
}

void time_tests(const GroupPair& n, const Streams& streams, Tallies& tallies) {
  const Times data = times(n, 1, false, streams);
  const MatrixXd x = data.treated();
  const auto p_of = [](const auto& test) { return test ? std::optional(test->p) : std::nullopt; };
  LogRankPlan plan;
  tallies.test("Log-rank", p_of(log_rank(data.follow_up(), data.group, plan)));
  plan.rho = 1;
  tallies.test("Peto-Peto", p_of(log_rank(data.follow_up(), data.group, plan)));
  const auto fit = cox(data.follow_up(), x);
  tallies.test("Cox, likelihood ratio", fit ? std::optional(fit->likelihood_ratio.p) : std::nullopt);
  tallies.test("Cox, score", fit ? std::optional(fit->score.p) : std::nullopt);
  tallies.test("Cox, Wald", fit ? std::optional(fit->wald.p) : std::nullopt);

  const Times two = times(n, 1, true, streams);
  tallies.test("Gray, two causes", p_of(gray_test(two.follow_up(), 2, 1, two.group, 2)));
  const auto fine = fine_gray(two.follow_up(), 2, 1, two.treated());
  tallies.test("Fine-Gray, Wald, two causes",
               fine ? std::optional(inference(fine->coefficients[0], fine->errors()[0]).p) : std::nullopt);
}

/// Events a year with mean 0.8, rates varying with variance mean^2 between people; a half to two and a half years.
struct Spells {
  std::vector<double> start, stop;
  std::vector<int> event, person, group;
};

Spells spells(const GroupPair& n, const Streams& streams) {
  const GammaSampler rates(1, 0.8 / year);
  Spells made;
  for (int i = 0; i < static_cast<int>(n.n1 + n.n0); ++i) {
    const std::uint64_t person = static_cast<std::uint64_t>(i);
    Stream rate_stream = streams.open(Purpose("rate of a person"), person);
    const ExponentialClock wait(rates(rate_stream));
    const double end = std::floor(year * (0.5 + 2 * uniform(streams.words(Purpose("end of follow-up"), person)[0])));
    Stream stream = streams.open(Purpose("repeated events"), person);
    for (double start = 0; start < end;) {
      const double next = start + std::ceil(wait(stream()));
      made.start.push_back(start);
      made.stop.push_back(std::min(next, end));
      made.event.push_back(next <= end ? 1 : 0);
      made.person.push_back(i);
      made.group.push_back(i < n.n1 ? 1 : 0);
      start = next;
    }
  }
  return made;
}

void repeated(const GroupPair& n, const Streams& streams, Tallies& tallies) {
  const Spells data = spells(n, streams);
  const FollowUp follow_up{data.stop, data.event, data.start};
  MatrixXd x(static_cast<Index>(data.group.size()), 1);
  for (std::size_t i = 0; i < data.group.size(); ++i) x(static_cast<Index>(i), 0) = data.group[i];
  CoxPlan plan;
  const auto model = cox(follow_up, x, plan);
  tallies.interval("Andersen-Gill, model", model ? Maybe(model->log_hazard_ratio(0)) : Maybe(), 0);
  plan.errors = CoxErrors::robust;
  plan.cluster = data.person;
  const auto robust = cox(follow_up, x, plan);
  tallies.interval("Andersen-Gill, robust by person", robust ? Maybe(robust->log_hazard_ratio(0)) : Maybe(), 0);

  // Waits are rounded up to days, so a person of rate r has 1 - exp(-r) events a day.
  const double truth = year * (1 - 1 / (1 + 0.8 / year));
  const auto means = mean_cumulative_function(follow_up, data.person, data.group, 2);
  Maybe robust_mean, poisson_mean;
  if (means) {
    MeanCount last;
    for (const MeanCount& step : (*means)[0].steps)
      if (step.time <= year) last = step;
    robust_mean = wald_log(last.mean, last.robust_error);
    poisson_mean = wald_log(last.mean, last.poisson_error);
  }
  tallies.interval("Mean number in a year (comparison), robust", robust_mean, truth);
  tallies.interval("Mean number in a year (comparison), Poisson", poisson_mean, truth);
}

}  // namespace

std::vector<Simulation> simulations_of_times(const Sizes& sizes) {
  std::vector<std::string> pairs, few, singles;
  for (const GroupPair& pair : small_groups(sizes).two) few.push_back(size_text(pair));
  for (const GroupPair& pair : sizes.two) pairs.push_back(size_text(pair));
  for (const std::int64_t n : sizes.one) singles.push_back(fmt::format("{}", n));
  const auto by_size = [&sizes](void (*replicate)(const GroupPair&, const Streams&, Tallies&)) {
    return [groups = sizes.two, replicate](std::size_t column, const Streams& streams, Tallies& tallies) {
      replicate(groups[column], streams, tallies);
    };
  };
  const std::string design =
      "30% have the event within a year without the course; whole days; follow-up of half a year to two and a half";
  return {{"One curve: coverage", "Coverage in %. " + design + ".", "n", singles, 10000,
           [one = sizes.one](std::size_t column, const Streams& streams, Tallies& tallies) {
             curve(one[column], streams, tallies);
           }},
          {"Hazard ratio: coverage", "Coverage in %. " + design + "; hazard ratio 0.5.", "treated/comparison", pairs,
           5000, by_size(hazards)},
          {"Penalised hazard ratio: coverage", "Coverage in %, of the same hazard ratio.", "treated/comparison", few,
           2000, by_size(penalised_times)},
          {"Times: size of tests at 5%", "Chance in % to reject equal hazards. " + design + ".", "treated/comparison",
           pairs, 5000, by_size(time_tests)},
          {"Repeated events: coverage",
           "Coverage in %. 0.8 events a year, people's rates vary with variance mean^2, no effect; the same follow-up.",
           "treated/comparison", pairs, 4000, by_size(repeated)}};
}

}  // namespace desist::coverage
