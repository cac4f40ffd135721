// Rates that drift at entry follow mathematics.md 2.3; laws that share some of its moments are told from it.
//
// Checks of a mean: |mean - expected| <= 4.9 standard errors, false alarms below 1e-6 each. The bias found with
// probability .999 is 8 standard errors: with 200,000 people 1.8 per cent of a standard deviation.
#include <cmath>
#include <functional>

#include <gmock/gmock.h>

#include "engine/statistics/selected_counts.hpp"
#include "tests/models/cohort_helpers.hpp"
#include "tests/models/mean_check.hpp"

namespace desist {
namespace {

using namespace test;
using statistics::BeforeAfter;
using statistics::GammaFrailty;
using statistics::RateAfter;

/// People with so many offences in `before`, and the rest of the window after it.
CohortParameters drifting(const GammaFrailty& rates, double before, double least, double phi) {
  CohortParameters p = plain_cohort(2'000, rates.mean);
  p.rate_shape = rates.shape;
  p.rate_persistence = phi;
  p.entry = least > 0 ? Entry::list : Entry::everyone;
  p.list_least = least;
  p.before = before;
  return p;
}

struct Counts {
  std::vector<double> before, after;
};

Counts counts_of(const CohortParameters& p, int weeks, int replicates) {
  const CohortPlan plan(p, weeks_from_january(weeks));
  const auto in = [&](bool is_before) {
    return [&p, is_before](const Diary& told) {
      double n = 0;
      for (const SeenOffence& offence : told.offences) n += (offence.time < p.before) == is_before;
      return n;
    };
  };
  return {each(plan, replicates, in(true)), each(plan, replicates, in(false))};
}

std::vector<double> squared(const std::vector<double>& values) {
  std::vector<double> squares;
  for (const double value : values) squares.push_back(value * value);
  return squares;
}

/// E N_a and E N_a^2 of people with `least` or more before, given mean and variance of the rate after by the count
/// before: sums over counts.
struct AfterSelection {
  double mean = 0;
  double square = 0;
};
AfterSelection after_selection(const GammaFrailty& rates, const BeforeAfter& times, int least,
                               const std::function<RateAfter(double)>& rate_after) {
  const double m = rates.mean * times.before;
  const double k = rates.shape;
  double chance = std::pow(k / (k + m), k);
  double all = 0;
  AfterSelection sum;
  for (int y = 0; y < 400; ++y) {
    if (y >= least) {
      const RateAfter rate = rate_after(y);
      const double mean = times.after * rate.mean;
      all += chance;
      sum.mean += chance * mean;
      sum.square += chance * (mean + mean * mean + times.after * times.after * rate.variance);
    }
    chance *= (k + y) / (y + 1) * m / (k + m);
  }
  return {sum.mean / all, sum.square / all};
}

/// Given y before, of other laws of the same mean.
RateAfter all_or_nothing(const GammaFrailty& f, double time, double y, double phi) {  // kept with chance phi, else anew
  const RateAfter kept = statistics::rate_after(f, time, y, 1);
  const RateAfter anew = statistics::rate_after(f, time, y, 0);
  const double between = kept.mean - anew.mean;
  return {phi * kept.mean + (1 - phi) * anew.mean,
          phi * kept.variance + (1 - phi) * anew.variance + phi * (1 - phi) * between * between};
}
RateAfter drawn_in(const GammaFrailty& f, double time, double y, double phi) {  // phi L_b + (1 - phi) mu
  const RateAfter kept = statistics::rate_after(f, time, y, 1);
  return {f.mean + phi * (kept.mean - f.mean), phi * phi * kept.variance};
}

TEST(CareerDriftLaw, Rates_that_drift_2_3) {
  // Everyone: rates before and after have one law, so N_a has variance m + m^2/k, and covariance phi m_b m_a/k.
  const GammaFrailty rates{0.9, 6};
  for (const double phi : {0.0, 0.35, 0.8}) {
    const Counts found = counts_of(drifting(rates, 30, 0, phi), 82, 100);
    const double before = 6 * 30 / weeks_per_year;
    const double after = 6 * 52 / weeks_per_year;
    EXPECT_TRUE(agrees(found.before, before));
    EXPECT_TRUE(agrees(found.after, after));
    EXPECT_TRUE(agrees(squared(found.after), after + after * after * (1 + 1 / 0.9)));
    EXPECT_FALSE(agrees(squared(found.after), after + after * after * (1 + 1.1 / 0.9)));
    std::vector<double> products;
    for (std::size_t i = 0; i < found.before.size(); ++i) products.push_back(found.before[i] * found.after[i]);
    EXPECT_TRUE(agrees(products, before * after * (1 + phi / 0.9))) << phi;
    EXPECT_FALSE(agrees(products, before * after * (1 + (phi - 0.06) / 0.9))) << phi;
  }
}

TEST(CareerDriftLaw, Of_those_on_a_list) {
  // The law of mathematics.md 2.3, whose mean is linear in what was before, and two others of the same mean: their mean
  // squares differ by 15 and 55 standard errors.
  const GammaFrailty rates{3, 16};
  const BeforeAfter times{26 / weeks_per_year, 52 / weeks_per_year};
  for (const double phi : {0.0, 0.5}) {
    const auto ours = [&](double y) { return statistics::rate_after(rates, times.before, y, phi); };
    const AfterSelection expected = after_selection(rates, times, 18, ours);
    const statistics::SelectedCounts selected = statistics::selected_counts(rates, times, 18);
    const double by_mean = times.after * (16 + phi * (selected.mean_after / times.after - 16));
    EXPECT_NEAR(expected.mean, by_mean, 1e-9);

    const Counts found = counts_of(drifting(rates, 26, 18, phi), 78, 50);
    EXPECT_TRUE(agrees(found.before, selected.mean_before));
    EXPECT_TRUE(agrees(found.after, expected.mean));
    EXPECT_TRUE(agrees(squared(found.after), expected.square));
    EXPECT_FALSE(agrees(found.after, selected.mean_after));  // no drift
    if (phi == 0) continue;
    for (const auto& other : {all_or_nothing, drawn_in}) {
      const AfterSelection wrong =
          after_selection(rates, times, 18, [&](double y) { return other(rates, times.before, y, phi); });
      EXPECT_NEAR(wrong.mean, expected.mean, 1e-9);
      EXPECT_FALSE(agrees(squared(found.after), wrong.square));
    }
  }
}

TEST(CareerDriftLaw, Of_printed_selections_12_rtm) {
  // The second case of tests/data/reference/12_rtm: rates of 1.1 a year and shape 1.6; 5 or more in two years, then
  // one year. R gives 6.630130486726156 before; after it is 1.1 + phi (m - 1.1), m what Hauer's law gives.
  const GammaFrailty rates{1.6, 1.1};
  const double years = weeks_per_year;
  for (const double phi : {1.0, 0.6}) {
    CohortParameters p = drifting(rates, 104, 5, phi);
    p.rate = 1.1 * years / 52;  // of years of 52 weeks
    const Counts found = counts_of(p, 156, 50);
    const double hauer = (1.6 + 6.630130486726156) / (1.6 / 1.1 + 2);
    EXPECT_TRUE(agrees(found.before, 6.630130486726156));
    EXPECT_TRUE(agrees(found.after, 1.1 + phi * (hauer - 1.1))) << phi;
    EXPECT_FALSE(agrees(found.after, 1.1 + (phi - 0.05) * (hauer - 1.1))) << phi;
  }
}

TEST(CareerDriftLaw, Of_those_met_by_an_offence) {
  // Met at an offence, L_b has shape k + 1; what follows is mu (1 + phi/k), not mu (1 + 1/k).
  CohortParameters p = drifting({0.7, 5}, 0, 0, 0.4);
  p.entry = Entry::index_offence;
  const std::vector<double> found = counts_of(p, 52, 100).after;
  const double m = 5 * 52 / weeks_per_year;
  EXPECT_TRUE(agrees(found, m * (1 + 0.4 / 0.7)));
  EXPECT_FALSE(agrees(found, m * (1 + 1 / 0.7)));
  EXPECT_FALSE(agrees(found, m));
}

TEST(CareerDriftLaw, Stays_within_a_class) {
  CohortParameters p = drifting({2, 3}, 26, 0, 0.5);
  p.classes = {"low", "high"};
  p.class_share.values = {0.5, 0.5};
  p.class_rate.values = {1, 9};
  const CohortPlan plan(p, weeks_from_january(78));
  std::vector<double> low;
  for (const double n : each(plan, 100, [](const Diary& told) {
         double after = 0;
         for (const SeenOffence& offence : told.offences) after += offence.time >= 26;
         return told.person.of_class == 0 ? after : -1;
       }))
    if (n >= 0) low.push_back(n);
  EXPECT_TRUE(agrees(low, 0.6 * 52 / weeks_per_year));
  EXPECT_FALSE(agrees(low, 3 * 52 / weeks_per_year));
}

TEST(CareerDriftLaw, Moves_nothing_before_and_the_same_in_every_arm) {
  CohortParameters p = drifting({0.8, 20}, 26, 0, 1);
  p.consent = 0.5;
  p.consent_by_rate = 0.5;
  p.length = 10;
  const CohortPlan still(p, weeks_from_january(104));
  p.rate_persistence = 0.5;
  const CohortPlan drifts(p, weeks_from_january(104));
  p.rate_effect.values = {0.5};
  const CohortPlan helped(p, weeks_from_january(104));
  bool moved = false;
  for (std::size_t i = 0; i < 50; ++i) {
    const Diary a = diary(still, i);
    const Diary b = diary(drifts, i);
    const Diary c = diary(helped, i);
    EXPECT_EQ(a.starts, b.starts);  // who agrees is decided by the rate before
    const auto in = [](const Diary& told, double from, double until) {
      std::vector<double> times;
      for (const double time : told.times())
        if (time >= from && time < until) times.push_back(time);
      return times;
    };
    EXPECT_EQ(in(a, 0, 26), in(b, 0, 26));
    EXPECT_EQ(in(b, 36, 104), in(c, 36, 104));
    moved = moved || in(a, 26, 104) != in(b, 26, 104);
  }
  EXPECT_TRUE(moved);
  p.rate_shape = 0;  // all alike: nothing to drift
  EXPECT_THROW(CohortPlan(p, weeks_from_january(104)), std::invalid_argument);
}

}  // namespace
}  // namespace desist
