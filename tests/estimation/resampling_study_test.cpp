// Bootstrap intervals and randomisation tests of people's rows, against laws that are known and naive enumeration.
#include <cmath>

#include "engine/estimation/resampling.hpp"
#include "tests/estimation/people_of_text.hpp"

namespace desist {
namespace {

using namespace test;
using Numbers = std::map<std::string, std::vector<double>>;

AnalysisResult run_with(PersonStudy study, const PersonOutcome& outcome, const std::string& method, const Keys& words,
                        const Numbers& numbers = {}, unsigned threads = 1) {
  study.outcomes = {outcome};
  Analysis analysis;
  analysis.name = "analysis";
  analysis.method = method;
  analysis.outcome = outcome.name;
  analysis.words = words;
  analysis.numbers = numbers;
  study.analyses = {analysis};
  return evaluate_people(study, threads).analyses.front();
}

PersonOutcome time_of(const std::string& column, const std::string& event) {
  PersonOutcome outcome = amount(column);
  outcome.kind = PersonOutcome::Kind::time;
  outcome.event = event;
  return outcome;
}

/// `people` in sites of three, each site in one arm, with outcomes, events, years and costs that vary.
PersonStudy sites(int people, Design design = Design::randomised) {
  std::string csv = "arm,site,block,outcome,events,years,cost,mixed\n";
  for (int i = 0; i < people; ++i) {
    const int site = i / 3;
    csv += fmt::format("{},s{},{},{},{},{},{},m{}\n", site % 2 == 0 ? "control" : "treated", site, site / 4 % 2,
                       (i * 7 + i * i / 5) % 3 == 0 ? 1 : 0, (i * i + site) % 4, 0.5 + 0.25 * (i * 5 % 7),
                       10 + (i * i * 3 + site) % 23, i % 4);
  }
  using enum ColumnType;
  PersonStudy study =
      study_of({csv,
                {column("arm", category, {"control", "treated"}), column("site", text), column("block", integer),
                 column("outcome", ColumnType::yes_no), column("events", integer), column("years", number),
                 column("cost", number), column("mixed", text)},
                "arm",
                "",
                design});
  study.seed = 7;
  return study;
}

std::vector<double> values(const PersonStudy& study, const char* name) {
  const auto& column = study.people.column(name).values;
  return {column.begin(), column.end()};
}

std::vector<double> binomial(int n, double p) {
  std::vector<double> chance(static_cast<std::size_t>(n) + 1);
  for (int x = 0; x <= n; ++x) {
    double ways = 1;
    for (int i = 1; i <= x; ++i) ways *= static_cast<double>(n - x + i) / i;
    chance[static_cast<std::size_t>(x)] = ways * std::pow(p, x) * std::pow(1 - p, n - x);
  }
  return chance;
}

/// The chance that a resample's statistic lies below `limit`, and that it is at it or below: two binomial laws.
std::pair<double, double> chance_below(int x1, int n1, int x0, int n0, bool ratio, double limit) {
  const std::vector<double> one = binomial(n1, double(x1) / n1), other = binomial(n0, double(x0) / n0);
  double below = 0, at = 0;
  for (int i = 0; i <= n1; ++i)
    for (int j = 0; j <= n0; ++j) {
      const double p1 = double(i) / n1, p0 = double(j) / n0, value = ratio ? p1 / p0 : p1 - p0;
      const double chance = one[static_cast<std::size_t>(i)] * other[static_cast<std::size_t>(j)];
      if (value < limit - 1e-9) below += chance;
      if (value <= limit + 1e-9) at += chance;
    }
  return {below, at};
}

TEST(bootstrap_study_test, percentile_limits_are_quantiles_of_two_binomials) {
  const int tables[][4] = {{12, 40, 20, 50}, {30, 90, 11, 60}};
  for (const auto& t : tables)
    for (const bool ratio : {false, true}) {
      const AnalysisResult result = run_with(two_by_two(t[0], t[1], t[2], t[3]), yes_no("outcome"), "bootstrap",
                                             {{"interval", {"percentile"}}, {"of", {ratio ? "ratio" : "difference"}}});
      const EffectRow row = effect(result, "treated", ratio ? "risk ratio" : "risk difference");
      const double p1 = double(t[0]) / t[1], p0 = double(t[2]) / t[3];
      EXPECT_NEAR(row.estimate, ratio ? p1 / p0 : p1 - p0, 1e-12);
      EXPECT_TRUE(row.effect && row.headline);
      EXPECT_EQ(row.log_scale, ratio);
      const double error =
          ratio ? std::sqrt((1 - p1) / t[0] + (1 - p0) / t[2]) : std::sqrt(p1 * (1 - p1) / t[1] + p0 * (1 - p0) / t[3]);
      EXPECT_NEAR(row.error, error, (ratio ? 0.08 : 0.04) * error);  // of the logarithm: to the first order only
      const double slack = 5 * std::sqrt(0.025 * 0.975 / 9999);      // of a share of 9999, false alarm under 1e-6
      for (const auto& [limit, level] : {std::pair(row.interval.low, 0.025), std::pair(row.interval.high, 0.975)}) {
        const auto [below, at] = chance_below(t[0], t[1], t[2], t[3], ratio, limit);
        EXPECT_LT(below, level + slack);
        EXPECT_GT(at, level - slack);
      }
    }
}

/// A second computation of every kind of outcome, from how often each cluster is drawn.
TEST(bootstrap_study_test, every_outcome_by_counts_of_clusters) {
  const PersonStudy study = sites(180);
  const auto value = [&](const char* name) { return values(study, name); };
  const std::vector<double> ones(180, 1.0);
  const struct {
    PersonOutcome outcome;
    std::vector<double> top, bottom;
    const char *difference, *ratio;
  } cases[] = {{yes_no("outcome"), value("outcome"), ones, "risk difference", "risk ratio"},
               {count("events", "years"), value("events"), value("years"), "rate difference", "rate ratio"},
               {count("events"), value("events"), ones, "rate difference", "rate ratio"},
               {amount("cost"), value("cost"), ones, "difference of means", "ratio of means"},
               {time_of("years", "outcome"), value("outcome"), value("years"), "rate difference", "rate ratio"}};
  // Sites in order of label as the column has them; each belongs to one arm.
  const auto& site = study.people.column("site").codes;
  estimation::ResamplingPlan plan{999, 7, std::vector<std::uint32_t>(60), 1};
  for (std::size_t i = 0; i < 180; ++i) plan.stratum[static_cast<std::size_t>(site[i])] = i / 3 % 2 == 0 ? 0 : 1;
  for (const auto& each : cases)
    for (const bool ratio : {false, true}) {
      const auto naive = [&](std::span<const std::uint32_t> drawn) {
        double top[2] = {}, bottom[2] = {};
        for (std::size_t i = 0; i < 180; ++i) {
          const double times = drawn[static_cast<std::size_t>(site[i])];
          top[i / 3 % 2] += times * each.top[i];
          bottom[i / 3 % 2] += times * each.bottom[i];
        }
        const double p1 = top[1] / bottom[1], p0 = top[0] / bottom[0];
        return ratio ? std::log(p1 / p0) : p1 - p0;
      };
      const auto summary = statistics::intervals(estimation::bootstrap_of_counts(60, naive, plan),
                                                 {0.95, {}, statistics::ObservedTies::half_below});
      for (const auto& [word, interval] : {std::pair("BCa", summary.bca), std::pair("percentile", summary.percentile),
                                           std::pair("basic", summary.basic)}) {
        const AnalysisResult result =
            run_with(study, each.outcome, "bootstrap",
                     {{"interval", {word}}, {"of", {ratio ? "ratio" : "difference"}}, {"cluster", {"site"}}},
                     {{"resamples", {999}}});
        const EffectRow row = effect(result, "treated", ratio ? each.ratio : each.difference);
        const auto seen = [&](double limit) { return ratio ? std::log(limit) : limit; };
        EXPECT_NEAR(seen(row.interval.low), interval.limits.low, 1e-9) << word << " " << each.outcome.name;
        EXPECT_NEAR(seen(row.interval.high), interval.limits.high, 1e-9) << word << " " << each.outcome.name;
        EXPECT_NEAR(row.error, *summary.error, 1e-9);
        EXPECT_GT(row.mc_error, 0);
        EXPECT_EQ(fact(result, "clusters"), 60);
      }
    }
}

TEST(bootstrap_study_test, the_same_for_any_number_of_threads) {
  for (const char* method : {"bootstrap", "randomisation_test"}) {
    const Keys keys = {{"of", {"ratio"}}};
    const Numbers few = {{method == std::string("bootstrap") ? "resamples" : "draws", {2000}}};
    const AnalysisResult one = run_with(sites(90), count("events", "years"), method, keys, few, 1);
    EXPECT_EQ(one.refused, "");
    for (const unsigned threads : {2U, 5U}) {
      const AnalysisResult many = run_with(sites(90), count("events", "years"), method, keys, few, threads);
      ASSERT_EQ(many.effects.size(), one.effects.size());
      for (std::size_t i = 0; i < one.effects.size(); ++i) {
        EXPECT_EQ(many.effects[i].interval.low, one.effects[i].interval.low);
        EXPECT_EQ(many.effects[i].interval.high, one.effects[i].interval.high);
        EXPECT_EQ(many.effects[i].error, one.effects[i].error);
        EXPECT_EQ(many.effects[i].mc_error, one.effects[i].mc_error);
      }
      ASSERT_EQ(many.tests.size(), one.tests.size());
      for (std::size_t i = 0; i < one.tests.size(); ++i) EXPECT_EQ(many.tests[i].p, one.tests[i].p);
      EXPECT_EQ(many.notes, one.notes);
    }
  }
}

TEST(bootstrap_study_test, another_seed_moves_limits_by_the_error_that_is_told) {
  PersonStudy study = sites(120);
  const AnalysisResult first = run_with(study, amount("cost"), "bootstrap", {});
  study.seed = 8;
  const AnalysisResult second = run_with(study, amount("cost"), "bootstrap", {});
  const EffectRow a = effect(first, "treated", "difference of means"),
                  b = effect(second, "treated", "difference of means");
  EXPECT_NE(a.interval.low, b.interval.low);
  EXPECT_LT(std::abs(a.interval.low - b.interval.low), 5 * std::hypot(a.mc_error, b.mc_error));
  EXPECT_LT(std::abs(a.interval.high - b.interval.high), 5 * std::hypot(a.mc_error, b.mc_error));
  EXPECT_TRUE(notes_contain(first, "another seed would move a limit by about"));
  EXPECT_EQ(fact(first, "resamples"), 9999);
}

TEST(bootstrap_study_test, a_mixed_cluster_is_drawn_from_all) {
  const AnalysisResult result = run_with(sites(180), yes_no("outcome"), "bootstrap", {{"cluster", {"mixed"}}});
  EXPECT_TRUE(notes_contain(result, "A cluster holds people of several arms")) << result.refused;
  EXPECT_TRUE(notes_contain(result, "'treated' has 4 clusters: with so few"));
  const AnalysisResult blocks = run_with(sites(180), yes_no("outcome"), "bootstrap", {{"strata", {"arm", "block"}}});
  EXPECT_EQ(blocks.refused, "");
}

// Of 2 of 25 none is drawn with chance .92^25 = .12, above the 2.5% beyond a limit; of 6 of 30 with .8^30 = .001.
TEST(bootstrap_study_test, resamples_without_events_are_told) {
  const AnalysisResult ratio = run_with(two_by_two(2, 25, 15, 30), yes_no("outcome"), "bootstrap",
                                        {{"of", {"ratio"}}, {"interval", {"percentile"}}});
  EXPECT_NE(ratio.refused.find("of 9999 resamples one arm's share is zero"), std::string::npos) << ratio.refused;
  EXPECT_TRUE(ratio.effects.empty());
  const AnalysisResult rare = run_with(two_by_two(6, 30, 12, 30), yes_no("outcome"), "bootstrap",
                                       {{"of", {"ratio"}}, {"interval", {"percentile"}}});
  EXPECT_TRUE(notes_contain(rare, "of 9999 resamples one arm's share is zero")) << rare.refused;
  EXPECT_TRUE(std::isnan(effect(rare, "treated", "risk ratio").error));
}

TEST(bootstrap_study_test, what_can_not_be_drawn_is_refused) {
  const struct {
    const char* what;
    PersonStudy study;
    PersonOutcome outcome;
    Keys keys;
    Numbers numbers;
    const char* says;
  } cases[] = {
      {"no events in an arm", two_by_two(0, 20, 8, 20), yes_no("outcome"), {}, {}, "is 0 in every resample"},
      {"all events in an arm", two_by_two(9, 20, 20, 20), yes_no("outcome"), {}, {}, "is 1 in every resample"},
      {"one person", two_by_two(1, 1, 8, 20), yes_no("outcome"), {}, {}, "'treated' has one person"},
      {"nobody in both", two_by_two(1, 4, 1, 4), yes_no("outcome"), {{"of", {"ratio"}}}, {}, "there is no risk ratio"},
      {"strata across clusters",
       sites(60),
       yes_no("outcome"),
       {{"cluster", {"mixed"}}, {"strata", {"arm"}}},
       {},
       "a cluster lies in several strata"},
      {"few resamples", sites(60), yes_no("outcome"), {}, {{"resamples", {20}}}, "no whole number from 199"},
      {"half a resample", sites(60), yes_no("outcome"), {}, {{"resamples", {1000.5}}}, "no whole number from 199"},
      {"a high level", sites(60), amount("cost"), {}, {{"resamples", {199}}, {"level", {0.999}}}, "are too few for"},
  };
  for (const auto& each : cases) {
    const AnalysisResult result = run_with(each.study, each.outcome, "bootstrap", each.keys, each.numbers);
    EXPECT_NE(result.refused.find(each.says), std::string::npos) << each.what << ": '" << result.refused << "'";
    EXPECT_TRUE(result.effects.empty()) << each.what;
  }
}

/// The share of assignments that are as extreme, by looking at each: `treated` of each block's units, of the sums.
double naive_p(const std::vector<double>& top, const std::vector<double>& bottom, const std::vector<int>& block,
               const std::vector<bool>& treated, double* assignments = nullptr) {
  const auto n = static_cast<unsigned>(top.size());
  const auto statistic = [&](unsigned mask) {
    double t[2] = {}, b[2] = {};
    for (unsigned i = 0; i < n; ++i) {
      t[mask >> i & 1U] += top[i];
      b[mask >> i & 1U] += bottom[i];
    }
    return t[1] / b[1] - t[0] / b[0];
  };
  unsigned observed = 0;
  for (unsigned i = 0; i < n; ++i) observed |= treated[i] ? 1U << i : 0U;
  double as_extreme = 0, all = 0;
  for (unsigned mask = 0; mask < 1U << n; ++mask) {
    std::map<int, int> difference;
    for (unsigned i = 0; i < n; ++i)
      difference[block[i]] += static_cast<int>(mask >> i & 1U) - static_cast<int>(observed >> i & 1U);
    if (!std::all_of(difference.begin(), difference.end(), [](const auto& each) { return each.second == 0; })) continue;
    ++all;
    as_extreme += std::abs(statistic(mask)) >= std::abs(statistic(observed)) - 1e-9 ? 1 : 0;
  }
  if (assignments != nullptr) *assignments = all;
  return as_extreme / all;
}

TEST(randomisation_study_test, exact_by_people_blocks_and_clusters) {
  const PersonStudy study = sites(48);  // 16 sites of three
  const auto value = [&](const char* name) { return values(study, name); };
  const std::vector<double> top = value("events"), bottom = value("years"), block = value("block");
  std::vector<double> site_top(16), site_bottom(16);
  std::vector<int> site_block(16);
  std::vector<bool> site_treated(16);
  for (std::size_t i = 0; i < 48; ++i) {
    site_top[i / 3] += top[i];
    site_bottom[i / 3] += bottom[i];
    site_block[i / 3] = static_cast<int>(block[i]);
    site_treated[i / 3] = i / 3 % 2 == 1;
  }
  double assignments = 0;
  const Keys whole = {{"cluster", {"site"}}}, blocked = {{"cluster", {"site"}}, {"blocks", {"block"}}};
  const AnalysisResult by_site = run_with(study, count("events", "years"), "randomisation_test", whole);
  EXPECT_NEAR(test_row(by_site, "randomisation, rate difference").p,
              naive_p(site_top, site_bottom, std::vector<int>(16, 0), site_treated, &assignments), 1e-12);
  EXPECT_EQ(fact(by_site, "assignments"), assignments);
  EXPECT_EQ(assignments, 12870);
  EXPECT_EQ(test_row(by_site, "randomisation, rate difference").mc_error, 0);
  EXPECT_TRUE(notes_contain(by_site, "p is exact, by all 12870"));
  const AnalysisResult in_blocks = run_with(study, count("events", "years"), "randomisation_test", blocked);
  EXPECT_NEAR(test_row(in_blocks, "randomisation, rate difference").p,
              naive_p(site_top, site_bottom, site_block, site_treated, &assignments), 1e-12);
  EXPECT_EQ(fact(in_blocks, "assignments"), assignments);
  EXPECT_EQ(assignments, 4900);

  // Of a two-by-two table the assignments are hypergeometric: 3 of 8 against 7 of 9.
  double tail = 0, all = 0;
  for (int x = 1; x <= 8; ++x) {
    const auto choose = [](int n, int k) {
      return std::round(std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1)));
    };
    const double ways = choose(10, x) * choose(7, 8 - x);
    all += ways;
    if (std::abs(x / 8.0 - (10 - x) / 9.0) >= std::abs(3 / 8.0 - 7 / 9.0) - 1e-9) tail += ways;
  }
  const AnalysisResult table = run_with(two_by_two(3, 8, 7, 9), yes_no("outcome"), "randomisation_test", {});
  EXPECT_NEAR(test_row(table, "randomisation, risk difference").p, tail / all, 1e-12);
  EXPECT_EQ(fact(table, "assignments"), 24310);
}

TEST(randomisation_study_test, drawn_where_there_are_too_many) {
  const PersonStudy study = two_by_two(12, 40, 20, 50);  // exact by the hypergeometric law, one-sided too
  const auto law = [&](auto extreme) {
    double tail = 0, all = 0;
    for (int x = 0; x <= 32; ++x) {
      const double ways = std::exp(std::lgamma(41) - std::lgamma(x + 1) - std::lgamma(41 - x) + std::lgamma(51) -
                                   std::lgamma(33 - x) - std::lgamma(19 + x));
      all += ways;
      if (extreme(x / 40.0 - (32 - x) / 50.0)) tail += ways;
    }
    return tail / all;
  };
  const double observed = 12.0 / 40 - 20.0 / 50;
  const auto p_of = [&](const char* side) {
    return test_row(run_with(study, yes_no("outcome"), "randomisation_test", {{"alternative", {side}}}),
                    "randomisation, risk difference");
  };
  const TestRow both = p_of("two-sided"), less = p_of("less");
  EXPECT_NEAR(both.p, law([&](double t) { return std::abs(t) >= std::abs(observed) - 1e-9; }), 5 * both.mc_error);
  EXPECT_NEAR(less.p, law([&](double t) { return t <= observed + 1e-9; }), 5 * less.mc_error);
  EXPECT_NEAR(both.mc_error, std::sqrt(both.p * (1 - both.p) / 1e5), 1e-12);
  EXPECT_NEAR(both.statistic, observed, 1e-12);
  EXPECT_GT(p_of("greater").p, 0.8);
}

TEST(randomisation_study_test, what_chance_did_not_draw_is_refused) {
  const PersonOutcome outcome = yes_no("outcome");
  EXPECT_NE(
      run_with(sites(60, Design::compared), outcome, "randomisation_test", {}).refused.find("not assigned by chance"),
      std::string::npos);
  EXPECT_NE(
      run_with(sites(60), outcome, "randomisation_test", {{"cluster", {"mixed"}}}).refused.find("not assigned whole"),
      std::string::npos);
  EXPECT_NE(
      run_with(sites(60), outcome, "randomisation_test", {{"blocks", {"site"}}}).refused.find("only one assignment"),
      std::string::npos);
  EXPECT_NE(run_with(two_by_two(0, 5, 0, 5), outcome, "randomisation_test", {{"of", {"ratio"}}})
                .refused.find("ask for the difference"),
            std::string::npos);
  EXPECT_EQ(
      test_row(run_with(two_by_two(0, 5, 0, 5), outcome, "randomisation_test", {}), "randomisation, risk difference").p,
      1);
}

/// Nobody in the arm has the event: the partial likelihood has no maximum, Firth's has one, found here by search.
TEST(cox_study_test, a_separated_arm_is_refused_or_penalised) {
  const std::vector<double> times = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const std::vector<int> arm = {0, 1, 0, 1, 0, 1, 0, 0, 1, 1}, event = {1, 0, 1, 0, 1, 0, 0, 1, 0, 0};
  std::string csv = "arm,week,event\n";
  for (std::size_t i = 0; i < times.size(); ++i)
    csv += fmt::format("{},{},{}\n", arm[i] == 1 ? "treated" : "control", times[i], event[i]);
  const PersonStudy study = study_of({csv,
                                      {column("arm", ColumnType::category, {"control", "treated"}),
                                       column("week", ColumnType::number), column("event", ColumnType::yes_no)},
                                      "arm",
                                      ""});
  const PersonOutcome outcome = time_of("week", "event");
  const std::string refused = run_with(study, outcome, "cox", {}).refused;
  EXPECT_NE(refused.find("`penalised = true`"), std::string::npos) << refused;
  EXPECT_NE(run_with(study, outcome, "cox", {{"penalised", {"yes"}}, {"errors", {"robust"}}})
                .refused.find("limits of its own"),
            std::string::npos);

  const auto penalised = [&](double b) {
    double value = 0, information = 0;
    for (std::size_t i = 0; i < times.size(); ++i) {
      if (event[i] == 0) continue;
      double risk = 0, treated = 0;
      for (std::size_t j = i; j < times.size(); ++j) {
        risk += std::exp(b * arm[j]);
        treated += arm[j] * std::exp(b);
      }
      value += b * arm[i] - std::log(risk);
      information += treated / risk * (1 - treated / risk);
    }
    return value + 0.5 * std::log(information);
  };
  double best = 0;
  for (double reach = 10; reach > 1e-7; reach /= 3) {
    const double centre = best;
    for (int k = -30; k <= 30; ++k)
      if (penalised(centre + reach * k / 30) > penalised(best)) best = centre + reach * k / 30;
  }
  const AnalysisResult result = run_with(study, outcome, "cox", {{"penalised", {"yes"}}});
  const EffectRow row = effect(result, "treated", "hazard ratio");
  EXPECT_NEAR(std::log(row.estimate), best, 1e-5);
  EXPECT_TRUE(row.effect && row.headline && row.log_scale);
  const double fall = 3.841458820694124 / 2;  // chi-square, 1 df, 95%
  for (const double limit : {row.interval.low, row.interval.high})
    EXPECT_NEAR(penalised(std::log(limit)), penalised(best) - fall, 1e-6);
  EXPECT_NEAR(test_row(result, "penalised likelihood ratio").statistic, 2 * (penalised(best) - penalised(0)), 1e-6);
}

}  // namespace
}  // namespace desist
