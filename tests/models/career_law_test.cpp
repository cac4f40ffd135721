// The career follows the closed forms of mathematics.md 1.9 and 2.1, each check first shown to find a fault.
//
// Checks of a mean: |mean - expected| <= 4.9 standard errors, false alarms below 1e-6 each. The bias found with
// probability .999 is 8 standard errors: with 200,000 people 1.8 per cent of a standard deviation.
#include <array>
#include <cmath>

#include <gmock/gmock.h>

#include "tests/bench/cohort_model.hpp"
#include "tests/models/cohort_helpers.hpp"
#include "tests/models/mean_check.hpp"

namespace desist {
namespace {

using namespace test;

constexpr int people = 2'000;
constexpr int replicates = 100;
constexpr double year = weeks_per_year;

CohortPlan plan_of(const CohortParameters& parameters, int weeks) {
  return CohortPlan(parameters, weeks_from_january(weeks));
}

std::vector<double> squares(const std::vector<double>& values, double about) {
  std::vector<double> squares;
  for (const double value : values) squares.push_back((value - about) * (value - about));
  return squares;
}

double number(const Diary& told) { return static_cast<double>(told.offences.size()); }
double any(const Diary& told) { return told.offences.empty() ? 0 : 1; }

template <CareerPhase phase>
const PhaseOutcomes<phase>& of(const Cohort::Outcomes& outcomes) {
  return outcomes;
}

TEST(CareerLaw, Counts_in_phases_a) {
  CohortParameters p = plain_cohort(people, 4);
  p.rate_shape = 0.8;
  p.before = 26;
  p.length = 20;
  p.rate_effect.values = {0.5};
  p.half_life = 0;
  const int weeks = 104;
  const auto count = [](CareerPhase phase) {
    return [phase](const Diary& told) {
      double n = 0;
      for (const SeenOffence& offence : told.offences) n += offence.phase == phase;
      return n;
    };
  };
  const CohortPlan plan = plan_of(p, weeks);
  const double r = 4 / year;
  const double k = 0.8;
  const std::vector<double> expected{r * 26, r * 20 * 0.5, r * 58};
  std::vector<std::vector<double>> found;
  for (const CareerPhase phase : {CareerPhase::before, CareerPhase::during, CareerPhase::after})
    found.push_back(each(plan, replicates, count(phase)));
  for (std::size_t phase = 0; phase < 3; ++phase) {
    const double m = expected[phase];
    EXPECT_TRUE(agrees(found[phase], m));
    EXPECT_FALSE(agrees(found[phase], 1.05 * m));
    EXPECT_TRUE(agrees(squares(found[phase], m), m + m * m / k));
    EXPECT_FALSE(agrees(squares(found[phase], m), m + 1.2 * m * m / k));
  }
  std::vector<double> products;
  for (std::size_t i = 0; i < found[0].size(); ++i)
    products.push_back((found[0][i] - expected[0]) * (found[2][i] - expected[2]));
  EXPECT_TRUE(agrees(products, expected[0] * expected[2] / k));
  EXPECT_FALSE(agrees(products, 0));
}

TEST(CareerLaw, Variance_with_spells_b) {
  CohortParameters p = plain_cohort(people, 6);
  p.rate_shape = 2;
  p.to_active = 3;
  p.to_quiet = 5;
  p.quiet_rate = 0.2;
  const double T = 1;  // years, nearly: 52 weeks
  const CohortPlan plan = plan_of(p, 52);
  const double t = 52 / year * T;
  const double kappa = 8;
  const double share = 3.0 / 8;
  const double b_active = (1 - (1 - share) * 0.2) / share;
  const double s2 = share * (1 - share) * (b_active - 0.2) * (b_active - 0.2);
  const double V = 2 * s2 * (t / kappa - (1 - std::exp(-kappa * t)) / (kappa * kappa));
  const auto found = each(plan, replicates, number);
  EXPECT_TRUE(agrees(found, 6 * t));
  const double variance = 6 * t + 36 * ((1 + 1 / 2.0) * (t * t + V) - t * t);
  EXPECT_TRUE(agrees(squares(found, 6 * t), variance));
  EXPECT_FALSE(agrees(squares(found, 6 * t), 6 * t + 36 * t * t / 2));  // no spells
}

TEST(CareerLaw, Desistance_is_a_split_exponential_c) {
  CohortParameters p = plain_cohort(people, 1.5);
  p.desistance = 0.7;
  for (const int weeks : {26, 104}) {
    const CohortPlan plan = plan_of(p, weeks);
    const double t = weeks / year;
    const double none = 0.7 / 2.2 + 1.5 / 2.2 * std::exp(-2.2 * t);
    const auto counts = each(plan, replicates, number);
    EXPECT_TRUE(agrees(counts, 1.5 * (1 - std::exp(-0.7 * t)) / 0.7));
    EXPECT_TRUE(agrees(each(plan, replicates, any), 1 - none));
    EXPECT_FALSE(agrees(each(plan, replicates, any), 1 - std::exp(-1.5 * t)));
  }
}

TEST(CareerLaw, Prevalence_with_a_share_who_never_offend_d) {
  CohortParameters p = plain_cohort(people, 2 * 0.7);  // the mean of all
  p.rate_shape = 0.9;
  p.classes = {"offend", "never"};
  p.class_share.values = {0.7, 0.3};
  p.class_rate.values = {1, 0};
  const double t = 52 / year;
  const auto found = each(plan_of(p, 52), replicates, any);
  EXPECT_TRUE(agrees(found, 0.7 * (1 - std::pow(1 + 2 * t / 0.9, -0.9))));
  EXPECT_FALSE(agrees(found, 0.7 * (1 - std::pow(1 + 2.1 * t / 0.9, -0.9))));
}

TEST(CareerLaw, Proven_after_a_lag_e) {
  // Z d = .05, T = 12, w = 6, v = .3, with a week for the unit of time: .436. The last week of the window is after the
  // phase, which is `before` here.
  CohortParameters p = plain_cohort(people, 0.05 * year);
  convict_all(p);
  p.conviction_lag = 1 / 0.3;
  p.proven_wait = 6;
  p.before = 12;
  p.length = 20;
  const auto any_proven = [](const CohortParameters& parameters) {
    const CohortPlan plan = plan_of(parameters, 13);
    std::vector<double> found;
    for (std::uint64_t r = 0; r < 100; ++r) found.push_back(of<CareerPhase::before>(run(plan, r).outcomes).any_proven);
    return found;
  };
  const double A = 12 - (std::exp(-0.3 * 6) - std::exp(-0.3 * 18)) / 0.3;
  const double expected = 1 - std::exp(-0.05 * A);
  EXPECT_NEAR(expected, 0.436, 0.0005);
  EXPECT_TRUE(agrees(any_proven(p), expected));
  p.proven_wait = 2;
  EXPECT_FALSE(agrees(any_proven(p), expected));
  p.proven_wait = 6;
  p.rate_shape = 0.7;
  EXPECT_TRUE(agrees(any_proven(p), 1 - std::pow(1 + 0.05 * A / 0.7, -0.7)));
}

TEST(CareerLaw, Custody_f) {
  CohortParameters p = plain_cohort(people, 20);
  convict_all(p);
  p.custody.values = {0.2};
  p.stay_mean = 13;
  p.stay_law = CareerParameters::StayLaw::exponential;
  const double eta = 20 * 0.2 / year;
  const double v = 1 / 13.0;
  const auto share_free = [](const CohortPlan& plan) {
    std::vector<double> found;
    const std::uint64_t n = plan.career.weeks > 100 ? 15 : 100;
    for (std::uint64_t r = 0; r < n; ++r) found.push_back(run(plan, r).series.offending.back() / people);
    return found;
  };
  const double t = 30;
  const double expected = v / (v + eta) + eta / (v + eta) * std::exp(-(v + eta) * t);
  EXPECT_TRUE(agrees(share_free(plan_of(p, 30)), expected));
  EXPECT_FALSE(agrees(share_free(plan_of(p, 30)), 1.02 * expected));
  // In the long run only the mean of the stay counts.
  for (const double cv : {0.0, 1.5}) {
    p.stay_law = CareerParameters::StayLaw::lognormal;
    p.stay_cv = cv;
    EXPECT_TRUE(agrees(share_free(plan_of(p, 1040)), 1 / (1 + eta * 13)));
  }
}

// Free and not desisted f, held and not desisted c: f' = v c - (eta + d) f, c' = eta f - v c - (d) c, the last term
// only where the hazard runs on in custody; offences are r times the integral of f.
TEST(CareerLaw, Desistance_on_either_clock_1_4) {
  CohortParameters p = plain_cohort(people, 20);
  convict_all(p);
  p.custody.values = {0.3};
  p.stay_mean = 26;
  p.stay_law = CareerParameters::StayLaw::exponential;
  p.desistance = 0.8;
  const double r = 20 / year, eta = 0.3 * r, v = 1 / 26.0, d = 0.8 / year;
  const auto expected = [&](double in_custody) {
    double f = 1, c = 0, integral = 0;
    constexpr int steps = 104'000;  // Heun's rule: its own error is below 1e-8
    const double h = 104.0 / steps;
    for (int i = 0; i < steps; ++i) {
      const double df = v * c - (eta + d) * f, dc = eta * f - (v + in_custody) * c;
      const double g = f + h * df, e = c + h * dc;
      const double next = f + h / 2 * (df + v * e - (eta + d) * g);
      c += h / 2 * (dc + eta * g - (v + in_custody) * e);
      integral += h / 2 * (f + next);
      f = next;
    }
    return r * integral;
  };
  for (const bool free_time : {false, true}) {
    p.desistance_runs = free_time ? CareerParameters::Runs::in_free_time : CareerParameters::Runs::in_calendar_time;
    const auto counts = each(plan_of(p, 104), replicates / 2, number);
    EXPECT_TRUE(agrees(counts, expected(free_time ? 0 : d)));
    EXPECT_FALSE(agrees(counts, expected(free_time ? d : 0)));
  }
}

TEST(CareerLaw, Engaged_at_a_time_g) {
  // Referred at a constant hazard, in the programme for a lognormal time: of those referred first at u with density
  // a exp(-a u), the share with a stay above t - u is engaged.
  CohortParameters p = plain_cohort(people, 1);
  p.entry = Entry::referral;
  p.referral = 2;
  p.length = 10;
  p.length_cv = 0.8;
  const CohortPlan plan = plan_of(p, 40);
  const double a = 2 / year;
  const double variance = std::log1p(0.64);
  double expected = 0;
  constexpr int steps = 40'000;
  for (int i = 0; i < steps; ++i) {
    const double u = 40 * (i + 0.5) / steps;
    const double z = (std::log((40 - u) / 10) + variance / 2) / std::sqrt(variance);
    expected += a * std::exp(-a * u) * std::erfc(z / std::sqrt(2.0)) / 2 * 40 / steps;
  }
  std::vector<double> found;
  for (std::uint64_t r = 0; r < 100; ++r) found.push_back(run(plan, r).series.in_programme.back() / people);
  EXPECT_TRUE(agrees(found, expected));
  EXPECT_FALSE(agrees(found, 1.05 * expected));
}

/// Mean offences by phase of task T4: a forward pass over (free, custody 3, 2, 1) for each rate, with the rate
/// 8 x^2/2, x standard normal, by the trapezium rule, which is exact to rounding for so smooth a function.
std::array<double, 3> cohort_task_by_recursion(double chance_of_custody) {
  std::array<double, 3> offences{};
  constexpr double step = 0.001;
  for (int i = -9000; i <= 9000; ++i) {
    const double x = i * step;
    const double weight = step * std::exp(-x * x / 2) / std::sqrt(2 * std::acos(-1.0));
    const double z = 4 * x * x / 12;
    std::array<double, 4> place{1, 0, 0, 0};
    double active = 1;
    for (int month = 0; month < 36; ++month) {
      const std::size_t phase = month < 12 ? 0 : month < 18 ? 1 : 2;
      const double rate = z * std::array<double, 3>{1, 0.5, 0.8}[phase];
      offences[phase] += weight * active * place[0] * rate;
      const double goes = 1 - std::exp(-chance_of_custody * rate);
      place = {place[0] * (1 - goes) + place[1], place[2], place[3], place[0] * goes};
      active *= 0.98;
    }
  }
  return offences;
}

TEST(CareerLaw, Task_T4_by_recursion_h) {
  bench::CohortTask task;
  std::array<std::vector<double>, 3> found;
  for (std::uint64_t r = 0; r < 100; ++r) {  // finds a bias of 0.8 sd/sqrt(100), about 0.3 per cent
    const auto means = task.run(Streams(5, 0, r), 4'000);
    for (std::size_t phase = 0; phase < 3; ++phase) found[phase].push_back(means[phase]);
  }
  const auto expected = cohort_task_by_recursion(0.05);
  const auto fault = cohort_task_by_recursion(0.1);
  for (std::size_t phase = 0; phase < 3; ++phase) {
    EXPECT_TRUE(agrees(found[phase], expected[phase])) << expected[phase];
    EXPECT_FALSE(agrees(found[phase], fault[phase]));
  }
}

TEST(CareerLaw, Bulk_counts_have_the_law_of_single_ones) {
  CohortParameters p = plain_cohort(50, 30);
  p.detected.values = {0.1};
  add_type(p, 0.5, 0.3);
  p.rate_shape = 1;
  p.desistance = 0.5;
  p.before = 10;
  p.length = 12;
  p.rate_effect.values = {0.4, 0.9};
  p.half_life = 10;
  p.season.assign(12, 0.06);
  p.season[0] = 0.34;
  const auto offences = [&](CareerParameters::Record record, int n) {
    p.record = record;
    const CohortPlan plan = plan_of(p, 52);
    std::vector<std::vector<double>> found(5);
    for (int r = 0; r < n; ++r) {
      const Cohort::Outcomes o =
          run(plan, static_cast<std::uint64_t>(r), record == CareerParameters::Record::totals).outcomes;
      found[0].push_back(o.offences);
      found[1].push_back(of<CareerPhase::during>(o).offences);
      found[2].push_back(of<CareerPhase::after>(o).offences);
      found[3].push_back(o.offences_by_type[1]);
      found[4].push_back(o.recorded);
    }
    return found;
  };
  const auto bulk = offences(CareerParameters::Record::totals, 4'000);
  const auto single = offences(CareerParameters::Record::every_offence, 4'000);
  for (std::size_t i = 0; i < bulk.size(); ++i) {
    EXPECT_TRUE(agrees(bulk[i], single[i])) << i;
    const double mean = mean_of(single[i]).value;
    EXPECT_TRUE(agrees(squares(bulk[i], mean), squares(single[i], mean))) << i;
  }
}

double tail(int c, double size, double mean) {  // P(X >= c), X negative binomial
  double of_n = std::pow(size / (size + mean), size);
  double below = 0;
  for (int n = 0; n < c; ++n) {
    below += of_n;
    of_n *= (size + n) / (n + 1) * mean / (size + mean);
  }
  return 1 - below;
}

TEST(CareerLaw, Chosen_for_their_past_2_2) {
  // On a list with c or more in t_b: the mean before is m P(X' >= c - 1)/P(X >= c), the mean after
  // t_a E[(k + y)/(a + t_b)].
  CohortParameters p = plain_cohort(people, 5);
  p.rate_shape = 0.9;
  p.entry = Entry::list;
  p.before = 26;
  p.list_least = 4;
  const CohortPlan plan = plan_of(p, 52);
  const double t = 26 / year;
  const double m = 5 * t;
  const double before = m * tail(3, 1.9, m * 1.9 / 0.9) / tail(4, 0.9, m);
  const double after = t * (0.9 + before) / (0.9 / 5 + t);
  const auto in = [](double from, double until) {
    return [from, until](const Diary& told) {
      double n = 0;
      for (const SeenOffence& offence : told.offences) n += offence.time >= from && offence.time < until;
      return n;
    };
  };
  EXPECT_TRUE(agrees(each(plan, 20, in(0, 26)), before));
  EXPECT_TRUE(agrees(each(plan, 20, in(26, 52)), after));
  EXPECT_FALSE(agrees(each(plan, 20, in(26, 52)), before));
  EXPECT_LT(after, 0.9 * before);  // the fall that nobody caused
}

TEST(CareerLaw, Completers_2_7_and_3_2) {
  // Drop-out hazard chi Z/mean, breach beta at each recorded offence: pi = (k/(k + L (chi + beta r)))^k with mean 1;
  // Z given completion is gamma of rate k + L (chi + beta r).
  CohortParameters p = plain_cohort(people, 2);
  p.rate_shape = 0.7;
  p.length = 16;
  p.drop_out = 0.9;
  p.drop_out_by_rate = 1;
  p.breach = 0.4;
  const CohortPlan plan = plan_of(p, 17);
  const double L = 16 / year;
  const double k = 0.7;
  const double chi = 0.9 + 0.4 * 2;
  const auto completed = [](const Diary& told) { return told.how.at(0) == ProgrammeEnd::completed ? 1.0 : 0.0; };
  EXPECT_TRUE(agrees(each(plan, 50, completed), std::pow(k / (k + L * chi), k)));
  EXPECT_FALSE(agrees(each(plan, 50, completed), std::pow(k / (k + L * 0.9), k)));
  std::vector<double> rates;
  for (const double rate : each(plan, 50, [&](const Diary& told) { return completed(told) * told.person.relative; }))
    if (rate > 0) rates.push_back(rate);
  EXPECT_TRUE(agrees(rates, k / (k + L * chi)));
  EXPECT_FALSE(agrees(rates, 1.02 * k / (k + L * chi)));
}

TEST(CareerLaw, Completers_that_nothing_changed_2_7) {
  // No reoffending of completers up to T from the start: ((k + L (chi + beta r))/(k + L chi + r T))^k.
  CohortParameters p = plain_cohort(people, 1);
  p.rate_shape = 0.7;
  p.length = 16;
  p.drop_out = 0.5;
  p.drop_out_by_rate = 1;
  p.breach = 0.6;
  const CohortPlan plan = plan_of(p, 52);
  const double L = 16 / year;
  const double T = 52 / year;
  const double k = 0.7;
  std::vector<double> none;
  for (const double what :
       each(plan, 50, [](const Diary& told) { return told.how.at(0) == ProgrammeEnd::completed ? any(told) : -1.0; }))
    if (what >= 0) none.push_back(1 - what);
  EXPECT_TRUE(agrees(none, std::pow((k + L * (0.5 + 0.6)) / (k + L * 0.5 + T), k)));
  EXPECT_FALSE(agrees(none, std::pow(k / (k + T), k)));
}

TEST(CareerLaw, Multiplier_of_a_rate_3_3) {
  CohortParameters p = plain_cohort(people, 1.2);
  p.rate_shape = 0.5;
  p.length = 51;
  p.rate_effect.values = {0.532};
  const double t = 51 / year;
  std::vector<double> found;
  for (const double n : each(plan_of(p, 52), 50, [](const Diary& told) {
         return told.offences.empty() || told.offences.front().time >= 51 ? 0.0 : 1.0;
       }))
    found.push_back(n);
  EXPECT_TRUE(agrees(found, 1 - std::pow(1 + 0.532 * 1.2 * t / 0.5, -0.5)));
  EXPECT_FALSE(agrees(found, 0.532 * (1 - std::pow(1 + 1.2 * t / 0.5, -0.5))));  // a multiplier is no risk ratio
}

TEST(CareerLaw, Ages_deaths_and_drug_states) {
  CohortParameters p = plain_cohort(people, 2);
  p.age_mean = 20;
  p.peak_age = 18;
  p.onset_age = 8;
  p.age_sharpness = 3;
  const int weeks = 520;
  // Offences: integral of the curve on its grid of quarters of a year, each with the value at its middle.
  const auto curve = [](double age) { return std::pow((age - 8) / 10 * std::exp(1 - (age - 8) / 10), 3.0); };
  double expected = 0;
  for (int q = 0; q < 40; ++q) {
    const double length = std::min(0.25, weeks / year - q / 4.0);
    expected += 2 * length * curve(20 + (q + 0.5) / 4) / curve(20);
  }
  EXPECT_TRUE(agrees(each(plan_of(p, weeks), 10, number), expected));
  EXPECT_FALSE(agrees(each(plan_of(p, weeks), 10, number), 2 * weeks / year));

  CohortParameters dying = plain_cohort(people, 2);
  dying.death = 0.1;
  dying.women = 0.5;
  dying.death_women = 0.5;
  const auto alive = [](const Diary& told) { return told.dies < 520 ? 0.0 : 1.0; };
  const double t = 520 / year;
  EXPECT_TRUE(agrees(each(plan_of(dying, weeks), 10, alive), (std::exp(-0.1 * t) + std::exp(-0.05 * t)) / 2));
  EXPECT_FALSE(agrees(each(plan_of(dying, weeks), 10, alive), std::exp(-0.1 * t)));

  CohortParameters drugs = plain_cohort(people, 10);
  drugs.using_to_abstinent = 2;
  drugs.abstinent_to_using = 3;
  drugs.rate_abstinent = 0.1;
  const double share = 3.0 / 5;  // using, in the long run; from using at the start
  const double s = 26 / year;
  const double time_using = share * s + (1 - share) * (1 - std::exp(-5 * s)) / 5;
  const double mean = 10 * (time_using + 0.1 * (s - time_using));
  EXPECT_TRUE(agrees(each(plan_of(drugs, 26), replicates, number), mean));
  EXPECT_FALSE(agrees(each(plan_of(drugs, 26), replicates, number), 1.02 * mean));
}

TEST(CareerLaw, Mixes_and_their_switching) {
  // Of two types, shares 1/4 and 3/4, Dirichlet with concentration 2: Var q = (1/4)(3/4)/3. Counts of a type have
  // variance m + (r t)^2 Var q at one mix for good; with switching at rate s the part of Var q shrinks by
  // 2 (st - 1 + exp(-st))/(st)^2.
  CohortParameters p = plain_cohort(people, 30);
  add_type(p, 3, 1);
  p.mix_spread = 2;
  const auto first = [](const Diary& told) {
    double n = 0;
    for (const SeenOffence& offence : told.offences) n += offence.type == 0;
    return n;
  };
  const double t = 52 / year;
  const double mean = 30 * t / 4;
  const double var_q = 3.0 / 16 / 3;
  auto found = each(plan_of(p, 52), 20, first);
  EXPECT_TRUE(agrees(found, mean));
  EXPECT_TRUE(agrees(squares(found, mean), mean + 900 * t * t * var_q));
  p.mix_switching = 4;
  found = each(plan_of(p, 52), 20, first);
  const double st = 4 * t;
  EXPECT_TRUE(agrees(found, mean));
  EXPECT_TRUE(agrees(squares(found, mean), mean + 900 * t * t * var_q * 2 * (st - 1 + std::exp(-st)) / (st * st)));
  EXPECT_FALSE(agrees(squares(found, mean), mean + 900 * t * t * var_q));
}

}  // namespace
}  // namespace desist
