// What a list that does nothing shows, simulated from an experiment's text, against the closed forms of Hauer (1997).
#include <cmath>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/program/experiment_spec.hpp"
#include "engine/statistics/selected_counts.hpp"
#include "tests/program/shipped.hpp"

namespace desist {
namespace {

constexpr double errors_away = 4.9;  // of a normal law: 1e-6 outside, both sides together

struct List {
  double shape = 0.8, rate = 6;
  int least = 2, people = 300;
  std::string more = "";  // further lines of [null_programme]
};

// Six months before, three after, nothing between; everyone is free and all is recorded.
std::string text_of(const List& list, const std::string& unknowns) {
  return fmt::format(R"(
[experiment]
name = "list"
model = "cohort"
question = "What does a list show?"
starts = 2024-01-01
ends = 2024-12-30
[parameters]
people     = {{ value = "{} persons", choice = "x" }}
rate       = {{ range = "{} to {} offences per year", assumption = "x" }}
rate_shape = {{ value = "{}", choice = "x" }}
types      = {{ value = ["offence"], choice = "x" }}
type_mix   = {{ value = "1", choice = "x" }}
detected   = {{ value = "100%", choice = "x" }}
entry      = {{ value = "{}", choice = "x" }}
list_least = {{ value = "{} offences", choice = "x" }}
before     = {{ value = "26 weeks", choice = "x" }}
after      = {{ value = "13 weeks", choice = "x" }}
[[arm]]
name = "nothing"
[arm.set.rate]
value = "{} offences per year"
choice = "x"
[[arm]]
name = "ranged"
[outcomes]
recorded_before = {{ label = "Before" }}
[null_programme]
futures = 1000
{}
{}
[[placebo]]
name = "fall"
label = "Fall"
before = "recorded_before"
after = "recorded_after"
time_before = "26 weeks"
time_after = "13 weeks"
printed_before = {{ value = "{} offences", choice = "x" }}
printed_after = {{ value = "300 offences", choice = "x" }}
[plan]
seed = 12
draws = 2
)",
                     list.people, list.rate / 4, 4 * list.rate, list.shape, list.least > 0 ? "list" : "everyone",
                     list.least, list.rate, list.more.empty() ? "arms = [\"nothing\"]" : list.more, unknowns,
                     4 * list.people);
}

NullResults run_text(const std::string& text) {
  const ExperimentSpec spec = read_experiment_text(text, known);
  const ParameterDraws draws(spec.parameters, spec.correlations, {}, spec.plan.seed);
  return run_placebos(spec.null_programme, spec.placebos, *spec.model, spec.arms, draws, spec.window, spec.plan, {});
}

statistics::SelectedCounts closed(double shape, double rate, int least) {
  return statistics::selected_counts({shape, rate * 7 / 365}, {26, 13}, static_cast<std::size_t>(least));
}

// 300 people in 1,000 futures: the ratio is known to .4%, and a rate law of another shape, a threshold off by one or a
// window off by a week are found.
TEST(ListPlacebo, OfAListIsHauers) {
  const std::string unknowns =
      "[[unknown]]\nvary = \"list_least\"\nlevels = [1, 2, 4]\nlabel = \"Picked for\"\nassumption = \"x\"\n"
      "[[unknown]]\nvary = \"rate_shape\"\nlevels = [0.8, 2]\nlabel = \"Shape\"\nassumption = \"x\"\n";
  const NullResults found = run_text(text_of({}, unknowns));
  const int least[] = {1, 2, 4};
  const double shapes[] = {0.8, 2};
  ASSERT_EQ(found.placebos.at(0).points.size(), 6u);
  for (const PlaceboPoint& law : found.placebos[0].points) {
    const NullPoint& point = found.points[law.point];
    const int c = least[*point.levels[0]];
    const double k = shapes[*point.levels[1]];
    SCOPED_TRACE(fmt::format("{} or more, shape {}", c, k));
    const statistics::SelectedCounts exact = closed(k, 6, c);
    EXPECT_LT(law.ratio_error, 0.006 * law.ratio);
    EXPECT_NEAR(law.ratio, exact.ratio, errors_away * law.ratio_error);
    EXPECT_NEAR(law.mean_before / 300, exact.mean_before, errors_away * std::sqrt(exact.variance_before / 300000));
    EXPECT_NEAR(law.mean_after / 300, exact.mean_after, errors_away * std::sqrt(exact.variance_after / 300000));
    EXPECT_NEAR(law.mean, -std::log(exact.ratio), 0.01);  // the mean of a logarithm is off by half its variance
    // The same check finds what is wrong.
    EXPECT_GT(std::abs(law.ratio - closed(k, 6, c + 1).ratio), errors_away * law.ratio_error);
    if (c > 1) {  // a list of one or more hardly tells shapes apart
      EXPECT_GT(std::abs(law.ratio - closed(1.6 * k, 6, c).ratio), errors_away * law.ratio_error);
    }
    EXPECT_GT(std::abs(law.ratio - closed(k, 0.7 * 6, c).ratio), errors_away * law.ratio_error);
  }
}

TEST(ListPlacebo, EverybodyFallsByNothing) {
  List list;
  list.least = 0;
  const PlaceboPoint law = run_text(text_of(list, "")).placebos.at(0).points.at(0);
  EXPECT_NEAR(law.ratio, 1, errors_away * law.ratio_error);
  EXPECT_LT(law.low, 0);
  EXPECT_GT(law.high, 0);
}

// The rate at which those who are picked have the printed mean before is `mean_rate_behind`.
TEST(ListPlacebo, TheMatchedRateIsTheClosedOne) {
  List list;
  list.more = "arms = [\"ranged\"]\nmatch = \"rate\"";
  const std::string unknowns =
      "[[unknown]]\nvary = \"list_least\"\nlevels = [1, 2, 3]\nlabel = \"Picked for\"\nassumption = \"x\"\n";
  const NullResults found = run_text(text_of(list, unknowns));
  for (const NullPoint& point : found.points) {
    const auto least = static_cast<std::size_t>(*point.levels[0] + 1);
    SCOPED_TRACE(least);
    ASSERT_TRUE(point.is_possible);
    const double rate = 365.0 / 7 * statistics::mean_rate_behind(4, list.shape, 26, least);
    const statistics::SelectedCounts at = closed(list.shape, rate, static_cast<int>(least));
    const double slope = (closed(list.shape, 1.01 * rate, static_cast<int>(least)).mean_before - at.mean_before) / 0.01;
    const double error = std::sqrt(at.variance_before / 75000) / slope;  // relative; 250 futures are run to find it
    EXPECT_NEAR(*point.matched / rate, 1, (errors_away + 0.25) * error);
    EXPECT_NEAR(found.placebos[0].points[point.levels[0].value()].ratio, at.ratio, 0.02 * at.ratio);
  }
}

// How much a list falls by itself hangs on how much each had: units of one service, each at its own number before.
TEST(ListPlacebo, OfAUnitIsThatOfItsOwnPeople) {
  List list;
  list.more = "arms = [\"ranged\"]\nmatch = \"rate\"";
  const std::string unknowns =
      "[[unknown]]\nvary = \"eligible in 100\"\nlevels = [50, 100]\nlabel = \"Left\"\nshare_counted = true\n"
      "assumption = \"x\"\n";
  ExperimentSpec spec = read_experiment_text(text_of(list, unknowns), known);
  spec.placebos.at(0).parts = {{"rare", 300, 60, 100.0}, {"frequent", 780, 60, 130.0}, {"hardly", 120, 60, 70.0}};
  const ParameterDraws draws(spec.parameters, spec.correlations, {}, spec.plan.seed);
  const NullResults found =
      run_placebos(spec.null_programme, spec.placebos, *spec.model, spec.arms, draws, spec.window, spec.plan, {});
  const auto closed_share = [&](double each, double before) {
    const double rate = 365.0 / 7 * statistics::mean_rate_behind(each, list.shape, 26, 2);
    return (60.0 / 13) / (before / 26) / closed(list.shape, rate, 2).ratio;
  };
  const auto& parts = found.placebos.at(0).parts;
  // 300 people in 500 futures leave .55%, 250 pilots .8% of the mean before, most of which is in the ratio.
  const double tolerance = errors_away * std::hypot(0.0055, 0.008);
  EXPECT_LT(parts[0].least_error, 0.015 * parts[0].least);
  EXPECT_GT(parts[0].least_error, 0);
  EXPECT_NEAR(parts[0].least / closed_share(3, 300), 1, tolerance);
  EXPECT_NEAR(parts[1].most / closed_share(6, 780), 1, tolerance);
  EXPECT_GT(std::abs(parts[0].least / closed_share(4, 300) - 1), tolerance);  // that of all: it can fail
  EXPECT_GT(std::abs(parts[1].most / closed_share(4, 780) - 1), tolerance);
  EXPECT_EQ(parts[2].points, 0u);  // a list of two or more has no 1.7 each
}

}  // namespace
}  // namespace desist
