// Every method for people's rows on data that leave it nothing, or too much, to go by: each gives sound numbers or says
// why there are none. What is sound is checked by the same rules for all.
#include <cmath>
#include <functional>
#include <set>

#include <fmt/ranges.h>

#include "tests/estimation/people_of_text.hpp"
#include "tests/sanitized.hpp"

namespace desist {
namespace {

using namespace test;

struct Person {
  bool treated = false, outcome = false, got = false;
  bool known = true;  // outcomes are
  int events = 1;
  double years = 1, cost = 5, week = 1, age = 30;
  int site = 0;
  int prior = 0;
};

struct Data {
  std::string what;
  std::vector<Person> people;
};

/// `n` people whose numbers vary in both arms, without a law: by residues.
std::vector<Person> usual(int n) {
  std::vector<Person> people;
  for (int i = 0; i < n; ++i) {
    Person each;
    each.treated = i % 2 == 1;
    each.outcome = (i * 7 + i / 5) % 3 == 0;
    each.got = each.treated && i % 5 != 0;
    each.events = (i * i + i / 4) % 4;
    each.years = 1 + 0.25 * (i % 4);
    each.cost = 100 + 13 * (i * 5 % 11);
    each.week = 1 + i * 11 % 17;
    each.age = 20 + i * 11 % 19;
    each.site = i % 6;
    each.prior = i / 3 % 3;
    people.push_back(each);
  }
  return people;
}

Data changed(const std::string& what, int n, const std::function<void(Person&, int)>& change) {
  Data data{what, usual(n)};
  for (int i = 0; i < n; ++i) change(data.people[static_cast<std::size_t>(i)], i);
  return data;
}

std::vector<Data> degenerate() {
  std::vector<Data> all;
  const auto add = [&](const std::string& what, int n, const std::function<void(Person&, int)>& change) {
    all.push_back(changed(what, n, change));
  };
  const auto nothing = [](Person&, int) {};
  const auto gives = [](Person& p, bool outcome) {
    p.outcome = outcome;
    p.events = outcome ? 1 : 0;
    p.cost = outcome ? 1 : 0;
  };
  for (const int n : {1, 2, 3, 4, 6, 24}) add(fmt::format("n = {}", n), n, nothing);
  add("one each, one event", 2, [&](Person& p, int i) { gives(p, i == 1); });
  add("nobody known", 6, [](Person& p, int) { p.known = false; });
  add("an arm unknown", 12, [](Person& p, int) { p.known = !p.treated; });
  add("half unknown", 24, [](Person& p, int i) { p.known = i % 3 != 0; });
  add("one arm only", 12, [](Person& p, int) { p.treated = p.got = false; });
  add("one person in an arm", 12, [](Person& p, int i) { p.treated = p.got = i == 5; });
  add("one person in an arm, with an event", 12, [&](Person& p, int i) {
    p.treated = p.got = i == 5;
    gives(p, i % 5 == 0);
  });
  for (const int n : {4, 24}) {
    const std::string size = fmt::format(", n = {}", n);
    add("no events" + size, n, [&](Person& p, int) { gives(p, false); });
    add("all events" + size, n, [&](Person& p, int) { gives(p, true); });
    add("an arm without events" + size, n, [&](Person& p, int i) { gives(p, !p.treated && i % 3 != 1); });
    add("a control without events" + size, n, [&](Person& p, int i) { gives(p, p.treated && i % 3 != 1); });
    add("an arm with all events" + size, n, [&](Person& p, int i) { gives(p, p.treated || i % 3 == 1); });
    add("an arm with all, the other with none" + size, n, [&](Person& p, int) { gives(p, p.treated); });
    add("an arm with none, the other with all" + size, n, [&](Person& p, int) { gives(p, !p.treated); });
  }
  add("one event", 24, [&](Person& p, int i) { gives(p, i == 7); });
  add("all but one", 24, [&](Person& p, int i) { gives(p, i != 7); });
  add("a covariate tells all", 24, [&](Person& p, int) { gives(p, p.age > 29); });
  add("a covariate tells some", 24, [&](Person& p, int i) { gives(p, p.age > 33 || (p.age > 22 && i % 2 == 0)); });
  add("a category tells some", 24, [&](Person& p, int i) { gives(p, p.prior == 2 || i % 4 == 0); });
  add("ties everywhere", 24, [](Person& p, int) { p.week = 5; });
  add("ties everywhere, all events", 24, [&](Person& p, int) {
    p.week = 5;
    gives(p, true);
  });
  add("two times", 24, [](Person& p, int i) { p.week = i % 4 < 2 ? 3 : 8; });
  add("events at the last time only", 24, [](Person& p, int) { p.outcome = p.week == 17; });
  add("events before anyone is censored", 24, [](Person& p, int) { p.outcome = p.week < 9; });
  add("censored before the first event", 24, [](Person& p, int) { p.outcome = p.week > 9; });
  add("an arm's events first", 24, [](Person& p, int i) {
    p.outcome = true;
    p.week = (p.treated ? 1 : 100) + i;
  });
  add("tiny times", 24, [](Person& p, int) {
    p.week *= 1e-9;
    p.years *= 1e-9;
  });
  add("huge times", 24, [](Person& p, int) {
    p.week *= 1e9;
    p.years *= 1e9;
  });
  add("one long follow-up", 24, [](Person& p, int i) { p.week = p.years = i == 4 ? 1e6 : p.week; });
  add("a constant covariate", 24, [](Person& p, int) { p.age = 30; });
  add("a covariate that is the arm", 24, [](Person& p, int) { p.age = p.treated ? 40 : 30; });
  add("a covariate that is nearly the arm", 24,
      [](Person& p, int i) { p.age = (p.treated ? 40 : 30) + (i == 3 ? 1e-9 : 0); });
  add("a huge covariate", 24, [](Person& p, int) { p.age = 1e9 + p.age; });
  add("a covariate with an outlier", 24, [](Person& p, int i) { p.age = i == 6 ? 1e9 : p.age; });
  add("one huge count", 24, [](Person& p, int i) {
    p.events = i == 6 ? 100000 : 0;
    p.cost = i == 6 ? 1e12 : 0;
  });
  add("huge counts", 24, [](Person& p, int i) { p.events = 100000 + i; });
  add("counts alike", 24, [](Person& p, int) { p.events = 3; });
  add("costs constant in an arm", 24, [](Person& p, int) { p.cost = p.treated ? 7 : p.cost; });
  add("costs constant in both arms", 24, [](Person& p, int) { p.cost = p.treated ? 7 : 9; });
  add("costs below zero", 24, [](Person& p, int) { p.cost = -p.cost; });
  add("costs alike but for rounding", 24, [](Person& p, int i) { p.cost = 1e6 + 1e-9 * (i % 3); });
  add("one site", 24, [](Person& p, int) { p.site = 0; });
  add("a site each", 24, [](Person& p, int i) { p.site = i; });
  add("sites that are arms", 24, [](Person& p, int) { p.site = p.treated ? 1 : 0; });
  add("two sites", 24, [](Person& p, int) { p.site = p.site % 2 == 0 ? 0 : 1; });
  add("three sites in an arm each", 24, [](Person& p, int i) { p.site = i % 2 + 2 * (i / 2 % 3); });
  add("nobody received", 24, [](Person& p, int) { p.got = false; });
  add("everybody received", 24, [](Person& p, int) { p.got = true; });
  add("received alike in both arms", 24, [](Person& p, int i) { p.got = i / 2 % 2 == 0; });
  add("received against assignment", 24, [](Person& p, int) { p.got = !p.treated; });
  add("received as assigned", 24, [](Person& p, int) { p.got = p.treated; });
  // Small trials by a fixed recurrence (Lehmer 1951): whatever chance leaves.
  std::uint64_t state = 20250101;
  const auto below = [&](std::uint64_t n) {
    return static_cast<int>((state = state * 48271 % 2147483647) >> 8) % static_cast<int>(n);
  };
  for (int trial = 0; trial < 60; ++trial) {
    const int n = 4 + below(12), often = 1 + below(6);
    add(fmt::format("trial {}", trial), n, [&](Person& p, int) {
      p.treated = below(2) == 1;
      p.got = below(3) == 1;
      p.outcome = below(6) < often;
      p.events = below(3) == 0 ? 0 : below(static_cast<std::uint64_t>(often));
      p.years = 1 + below(3);
      p.cost = below(4);
      p.week = 1 + below(9);
      p.age = 20 + below(4);
      p.site = below(3);
      p.prior = below(3);
      p.known = below(12) != 0;
    });
  }
  return all;
}

PersonStudy study_of_people(const std::vector<Person>& people) {
  std::string csv = "arm,outcome,events,years,cost,week,age,older,site,prior,got\n";
  for (const Person& p : people)
    csv += fmt::format("{},{},{},{},{},{},{},{},s{},{},{}\n", p.treated ? "treated" : "control",
                       p.known ? (p.outcome ? "1" : "0") : "", p.known ? fmt::format("{}", p.events) : "", p.years,
                       p.known ? fmt::format("{:.17g}", p.cost) : "", p.week, fmt::format("{:.17g}", p.age),
                       fmt::format("{:.17g}", 2 * p.age), p.site,
                       p.prior == 0   ? "none"
                       : p.prior == 1 ? "once"
                                      : "often",
                       p.got ? 1 : 0);
  using enum ColumnType;
  return study_of({csv,
                   {column("arm", category, {"control", "treated"}), column("outcome", ColumnType::yes_no),
                    column("events", integer), column("years", number), column("cost", number), column("week", number),
                    column("age", number), column("older", number), column("site", text),
                    column("prior", category, {"none", "once", "often"}), column("got", ColumnType::yes_no)},
                   "arm",
                   "got"});
}

/// The keys that each method is tried with: as it stands, and with every word and covariate that it takes.
std::vector<Keys> variants(const Estimator& estimator) {
  Keys base;
  std::vector<Keys> all;
  for (const EstimatorKey& key : estimator.keys) {
    if (key.required && key.takes == Takes::columns) base[std::string(key.name)] = {"site"};
    if (key.required && key.takes == Takes::column) base[std::string(key.name)] = {"events"};
  }
  all.push_back(base);
  const auto with = [&](const std::string& key, const std::vector<std::string>& words) {
    Keys keys = base;
    keys[key] = words;
    return keys;
  };
  for (const EstimatorKey& key : estimator.keys) {
    const std::string name(key.name);
    for (std::size_t w = 1; w < key.words.size(); ++w) {
      Keys keys = with(name, {key.words[w]});
      if (key.words[w].starts_with("CR")) keys["cluster"] = {"site"};
      all.push_back(keys);
    }
    if (key.takes == Takes::flag) {
      all.push_back(with(name, {"yes"}));
      Keys keys = with(name, {"yes"});
      keys["adjust"] = {"age", "prior"};
      all.push_back(keys);
    }
    if (name == "adjust") {
      for (const auto& columns :
           std::vector<std::vector<std::string>>{{"age"}, {"prior"}, {"age", "older"}, {"age", "prior"}})
        all.push_back(with(name, columns));
    } else if (key.takes == Takes::columns && name != "weights") {
      all.push_back(with(name, {"site"}));
      all.push_back(with(name, {"prior", "site"}));
    } else if (name == "cluster") {
      all.push_back(with(name, {"site"}));
    } else if (key.takes == Takes::column) {
      all.push_back(with(name, {"years"}));
    }
  }
  return all;
}

/// What is wrong with a number, its error and its limits; "" where nothing is.
std::string unsound(const EffectRow& row) {
  const double low = row.interval.low, high = row.interval.high;
  const bool low_known = !std::isnan(low), high_known = !std::isnan(high);
  // Bounds, and what is beyond them, have limits alone.
  if (std::isnan(row.estimate)) return std::isnan(row.error) && low <= high ? "" : "neither an estimate nor limits";
  if (row.p && !(*row.p >= 0 && *row.p <= 1)) return "a p-value outside [0, 1]";
  if (row.statistic && !std::isfinite(*row.statistic)) return "an infinite statistic";
  if (!std::isnan(row.error)) {
    if (!std::isfinite(row.error) || row.error < 0) return "no error";
    if (row.log_scale && row.error > (row.effect ? 10 : 1000)) return "an absurd error of a logarithm";
    if (row.effect && !(row.error > 0)) return "an error of zero";
  }
  const double slack = 1e-6 * std::max(1.0, std::abs(row.estimate));
  if (low_known && low > row.estimate + slack) return "an estimate below its limits";
  if (high_known && high < row.estimate - slack) return "an estimate above its limits";
  if (row.log_scale && row.estimate < 0) return "a ratio below zero";
  const bool unreached = row.measure == "median";  // by half of an arm: later than all that was seen
  if (std::isinf(row.estimate) && !unreached && !(low_known && std::isfinite(low))) return "no finite number at all";
  return "";
}

std::string unsound(const AnalysisResult& result) {
  if (!result.refused.empty()) {
    if (!result.effects.empty() || !result.tests.empty() || !result.curves.empty()) return "refused, with numbers";
    return result.refused.size() > 20 && result.refused.find(' ') != std::string::npos ? ""
                                                                                       : "refused without a reason";
  }
  if (result.effects.empty() && result.tests.empty() && result.curves.empty()) return "neither a number nor a reason";
  for (const EffectRow& row : result.effects)
    if (const std::string why = unsound(row); !why.empty())
      return fmt::format("'{}' {} = {} ({} to {}), error {}: {}", row.term, row.measure, row.estimate, row.interval.low,
                         row.interval.high, row.error, why);
  const bool told = notes_contain(result, "outside");
  for (const EffectRow& row : result.effects)
    if (row.unit == "share" && row.term != "(intercept)" && std::abs(row.estimate) > 1 + 1e-9 && !told)
      return fmt::format("'{}' {} = {}, outside [-1, 1] without a word", row.term, row.measure, row.estimate);
  for (const TestRow& row : result.tests) {
    if (!(row.p >= 0 && row.p <= 1)) return fmt::format("test {}: p = {}", row.name, row.p);
    if (std::isinf(row.statistic)) return fmt::format("test {}: statistic {}", row.name, row.statistic);
    if (row.degrees_of_freedom && !(*row.degrees_of_freedom > 0))
      return fmt::format("test {}: no degree of freedom", row.name);
  }
  for (const CurvePoint& point : result.curves) {
    if (!std::isfinite(point.estimate)) return "a curve that is not finite";
    if (!std::isnan(point.interval.low) && !(point.interval.low <= point.estimate + 1e-9))
      return "a curve below its limits";
    if (!std::isnan(point.interval.high) && !(point.interval.high >= point.estimate - 1e-9))
      return "a curve above its limits";
  }
  for (const AnalysisFact& fact : result.facts)
    if (std::isnan(fact.value)) return fmt::format("fact {} is no number", fact.name);
  return "";
}

std::vector<PersonOutcome> outcomes_for(Needs needs) {
  PersonOutcome time = amount("week");
  time.kind = PersonOutcome::Kind::time;
  time.event = "outcome";
  const bool any = needs == Needs::people;
  std::vector<PersonOutcome> all;
  if (any || needs == Needs::yes_no) all.push_back(yes_no("outcome"));
  if (any || needs == Needs::count) all.push_back(count("events", "years"));
  if (needs == Needs::count) all.push_back(count("events"));
  if (any || needs == Needs::time) all.push_back(time);
  if (any || needs == Needs::amount) all.push_back(amount("cost"));
  return all;
}

std::string shown(const Keys& keys) {
  std::string text;
  for (const auto& [key, words] : keys) text += fmt::format(" {} = {}", key, fmt::join(words, "+"));
  return text;
}

/// Runs one method, and says what is unsound.
std::string tried(PersonStudy study, const PersonOutcome& outcome, const std::string& method, const Keys& words) {
  study.outcomes = {outcome};
  Analysis analysis;
  analysis.name = "analysis";
  analysis.method = method;
  analysis.outcome = outcome.name;
  analysis.words = words;
  analysis.numbers = {{"until", {9}}, {"cuts", {5, 10}}, {"at", {4, 12}}, {"resamples", {399}}, {"draws", {399}}};
  const AnalysisInput input{study, analysis, &study.outcomes.front(), 1};
  try {
    return unsound(find_estimator(method)->run(input));
  } catch (const std::exception& failure) {
    return fmt::format("threw '{}'", failure.what());
  }
}

TEST(degenerate_data_test, every_method_is_sound_or_says_why_not) {
  const std::vector<Data> all = degenerate();
  std::size_t runs = 0;
  std::set<std::string> methods;
  for (const Data& data : all) {
    const PersonStudy study = study_of_people(data.people);
    for (const Estimator& estimator : estimators())
      for (const PersonOutcome& outcome : outcomes_for(estimator.needs))
        for (const Keys& keys : variants(estimator)) {
          if (++runs % test::slowness != 0) continue;  // a prime: of every list all come up with some data
          methods.insert(std::string(estimator.name));
          const std::string why = tried(study, outcome, std::string(estimator.name), keys);
          EXPECT_EQ(why, "") << data.what << ": " << estimator.name << " of " << outcome.name << shown(keys);
        }
  }
  EXPECT_GT(runs, 10000U);
  for (const Estimator& estimator : estimators())
    EXPECT_EQ(methods.contains(std::string(estimator.name)), !outcomes_for(estimator.needs).empty());
}

/// The rules find what they are for.
TEST(degenerate_data_test, unsound_numbers_are_seen) {
  EffectRow sound;
  sound.estimate = 0.5;
  sound.error = 0.3;
  sound.log_scale = sound.effect = true;
  sound.interval = {0.2, 1.1};
  EXPECT_EQ(unsound(sound), "");
  const std::function<void(EffectRow&)> faults[] = {[](EffectRow& r) { r.estimate = std::nan(""); },
                                                    [](EffectRow& r) { r.error = 4000; },
                                                    [](EffectRow& r) { r.error = 0; },
                                                    [](EffectRow& r) { r.error = HUGE_VAL; },
                                                    [](EffectRow& r) { r.interval.low = 0.6; },
                                                    [](EffectRow& r) { r.interval.high = 0.4; },
                                                    [](EffectRow& r) { r.p = std::nan(""); },
                                                    [](EffectRow& r) { r.p = 1.1; },
                                                    [](EffectRow& r) { r.statistic = HUGE_VAL; },
                                                    [](EffectRow& r) { r.estimate = -0.1; }};
  for (const auto& fault : faults) {
    EffectRow row = sound;
    fault(row);
    EXPECT_NE(unsound(row), "");
  }
  EXPECT_NE(unsound(AnalysisResult{}), "");
  AnalysisResult mute;
  mute.refused = "no";
  EXPECT_NE(unsound(mute), "");
}

TEST(degenerate_data_test, one_person_in_an_arm_is_no_certainty) {
  std::vector<Person> people = usual(24);
  for (int i = 0; i < 24; ++i) {
    Person& each = people[static_cast<std::size_t>(i)];
    each.treated = i == 5;
    each.outcome = i == 5 || i % 3 == 0;
  }
  const PersonStudy study = study_of_people(people);
  const std::string alone =
      "'treated' holds one person. Their outcome fits whatever it is, so that this kind of error takes the arm as "
      "known: "
      "method = \"risks\" has limits that do not";
  EXPECT_EQ(run(study, yes_no("outcome"), "modified_poisson").refused, alone);
  EXPECT_EQ(run(study, yes_no("outcome"), "linear_risk", {{"errors", {"HC1"}}}).refused, alone);
  EXPECT_EQ(
      run(study, yes_no("outcome"), "mantel_haenszel", {{"strata", {"prior"}}}).refused,
      "'treated' holds one person. The error of strata takes those of an arm for many: method = \"risks\" has limits "
      "for one");
  for (Person& each : people) each.site = each.treated ? 1 : 2 + each.prior;
  people[7].treated = true;
  people[7].site = 1;
  EXPECT_EQ(
      run(study_of_people(people), yes_no("outcome"), "modified_poisson", {{"errors", {"CR1"}}, {"cluster", {"site"}}})
          .refused,
      "everyone in 'treated' is in one cluster, and the spread between clusters of that arm is not known: name more "
      "of them, or take cluster out");
}

TEST(degenerate_data_test, numbers_are_the_same_in_any_unit) {
  std::vector<Person> people = usual(24);
  const auto row = [&](const std::string& method, const PersonOutcome& outcome) {
    return effect(run(study_of_people(people), outcome, method, {{"adjust", {"age"}}}), "treated",
                  method == "difference_of_means" ? "difference of means" : "rate ratio");
  };
  const EffectRow poisson = row("poisson", count("events")), means = row("difference_of_means", amount("cost"));
  for (Person& each : people) {
    each.age *= 1e9;
    each.cost *= 1e-14;
  }
  const EffectRow same = row("poisson", count("events")), small = row("difference_of_means", amount("cost"));
  EXPECT_NEAR(same.estimate / poisson.estimate, 1, 1e-9);
  EXPECT_NEAR(same.error / poisson.error, 1, 1e-9);
  EXPECT_NEAR(small.estimate / means.estimate, 1e-14, 1e-22);
  EXPECT_NEAR(small.error / means.error, 1e-14, 1e-22);
  people[3].cost = 1e300;
  EXPECT_EQ(run(study_of_people(people), amount("cost"), "difference_of_means").refused,
            "'cost' holds numbers of up to 1e+300, whose squares are beyond those that a computer has: write it in a "
            "larger unit");
}

TEST(degenerate_data_test, a_log_rank_test_without_variance_says_so) {
  std::vector<Person> people = usual(24);
  for (Person& each : people) {
    each.outcome = true;
    each.week = 5;
  }
  PersonOutcome time = amount("week");
  time.kind = PersonOutcome::Kind::time;
  time.event = "outcome";
  EXPECT_EQ(
      run(study_of_people(people), time, "log_rank").refused,
      "wherever the arms were at risk together everyone had the event at once, so that the variance of this test is "
      "0: it can't tell a difference from chance. Times in finer units may tell them apart");
}

// Two curves are held against each other where people of both arms are followed, or have all had the event.
TEST(degenerate_data_test, a_difference_by_a_time_needs_people_followed_so_long) {
  std::vector<Person> people = usual(24);
  for (std::size_t i = 0; i < people.size(); ++i) {
    people[i].outcome = i < 8;  // of twelve an arm: four
    people[i].week = i < 8 ? 2 : people[i].treated ? 6 : 9;
  }
  PersonOutcome time = amount("week");
  time.kind = PersonOutcome::Kind::time;
  time.event = "outcome";
  time.unit = "week";
  for (const std::string method : {"kaplan_meier", "competing_risks"}) {
    PersonStudy study = study_of_people(people);
    study.outcomes = {time};
    Analysis analysis;
    analysis.method = method;
    analysis.outcome = time.name;
    analysis.numbers = {{"at", {1, 6, 9}}};
    const AnalysisResult result = find_estimator(method)->run({study, analysis, &study.outcomes.front(), 1});
    std::vector<EffectRow> rows;
    for (const EffectRow& row : result.effects)
      if (row.effect) rows.push_back(row);
    ASSERT_EQ(rows.size(), 2U) << method;
    EXPECT_TRUE(rows[0].measure.starts_with("risk difference by 1 week")) << rows[0].measure;
    EXPECT_TRUE(rows[1].measure.starts_with("risk difference by 6 weeks")) << rows[1].measure;
    EXPECT_EQ(rows[0].estimate, 0);  // nobody yet: there is no error
    EXPECT_TRUE(std::isnan(rows[0].error) && std::isnan(rows[0].interval.low) && !rows[0].p);
    const double error = std::sqrt(2 * (1.0 / 3) * (2.0 / 3) / 12);
    EXPECT_NEAR(rows[1].estimate, 0, 1e-12);
    EXPECT_NEAR(rows[1].error, error, 1e-12);
    EXPECT_NEAR(rows[1].interval.high, 1.959963984540054 * error, 1e-12);
    EXPECT_TRUE(std::any_of(result.notes.begin(), result.notes.end(), [](const std::string& note) {
      return note.ends_with("is followed to 9 weeks, so that no difference by then is known.");
    }));
  }
}

}  // namespace
}  // namespace desist
