// Effects that differ between groups: each group lives as if everybody had its strength.
#include <algorithm>
#include <cmath>
#include <functional>

#include <gmock/gmock.h>

#include "tests/models/rich_cohort.hpp"

namespace desist {
namespace {

using namespace test;

constexpr int group_weeks = 110;
constexpr int group_people = 300;

CohortParameters grouped_cohort() {
  CohortParameters p = rich_cohort(group_people);
  p.effect_in_class.values = {1, 1};
  set_effects(p, 0.25);
  p.second_share = 0;  // of its own strength
  p.second_effect.values.assign(p.types.size(), 1);
  return p;
}

/// What is told of everybody, and who starts in which group, by the ordinary walk.
struct GroupedLives {
  std::vector<Trace> traces;
  std::vector<Diary> diaries;
};

GroupedLives lives_of(const CohortParameters& parameters) {
  const CohortPlan plan(parameters, weeks_from_january(group_weeks));
  GroupedLives lives;
  lives.traces = Cohort::traces(plan, Streams(1, 0, 0), group_people);
  for (std::size_t i = 0; i < group_people; ++i) lives.diaries.push_back(diary(plan, i));
  return lives;
}

DrugState drug_at_start(const Diary& told) {
  for (const CareerPiece& piece : told.pieces)
    if (piece.in_programme) return piece.drug;
  return told.person.drug;
}

double age_at_start(const Diary& told) { return told.person.age + told.starts.at(0) / weeks_per_year; }

struct Group {
  const char* name;
  std::function<void(CohortParameters&, double strength)> set;
  std::function<bool(const Diary&)> has;
};

const std::vector<Group>& groups() {
  static const std::vector<Group> all{
      {"class",
       [](CohortParameters& p, double strength) {
         p.effect_in_class.values = {1, strength};
       },
       [](const Diary& told) { return told.person.of_class == 1; }},
      {"using less", [](CohortParameters& p, double strength) { p.effect_reduced = strength; },
       [](const Diary& told) { return drug_at_start(told) == DrugState::reduced; }},
      {"abstinent", [](CohortParameters& p, double strength) { p.effect_abstinent = strength; },
       [](const Diary& told) { return drug_at_start(told) == DrugState::abstinent; }},
      {"young", [](CohortParameters& p, double strength) { p.effect_young = strength, p.young_until = 30; },
       [](const Diary& told) { return age_at_start(told) < 30; }}};
  return all;
}

TEST(EffectsByGroup, Are_none_to_the_bit_in_a_group_of_strength_0_and_whole_in_the_others) {
  CohortParameters nothing = grouped_cohort();
  set_effects(nothing, 1);
  const GroupedLives whole = lives_of(grouped_cohort());
  const GroupedLives without = lives_of(nothing);
  for (const Group& group : groups()) {
    SCOPED_TRACE(group.name);
    CohortParameters p = grouped_cohort();
    group.set(p, 0);
    const GroupedLives found = lives_of(p);
    std::size_t in = 0, out = 0;
    for (std::size_t i = 0; i < group_people; ++i) {
      if (whole.diaries[i].starts.empty()) continue;
      const bool belongs = group.has(without.diaries[i]);  // what leads to the start is the same in all
      EXPECT_EQ(found.traces[i], (belongs ? without : whole).traces[i]);
      if (without.traces[i] != whole.traces[i]) ++(belongs ? in : out);
    }
    EXPECT_GT(in, 3U);  // else the sentence would be empty
    EXPECT_GT(out, 3U);
  }
}

TEST(EffectsByGroup, Of_strength_one_half_are_their_roots) {
  CohortParameters root = grouped_cohort();
  set_effects(root, 0.5);
  root.second_effect.values.assign(root.types.size(), 1);
  const GroupedLives as_root = lives_of(root);
  for (const Group& group : groups()) {
    SCOPED_TRACE(group.name);
    CohortParameters p = grouped_cohort();
    group.set(p, 0.5);
    const GroupedLives found = lives_of(p);
    const auto moments = [](const Trace& trace) {
      std::vector<std::string> names;
      for (const TraceRow& row : trace.rows)
        if (row.kind == TraceRow::Kind::moment) names.push_back(row.what);
      return names;
    };
    for (std::size_t i = 0; i < group_people; ++i) {
      if (as_root.diaries[i].starts.empty() || !group.has(as_root.diaries[i])) continue;
      EXPECT_EQ(moments(found.traces[i]), moments(as_root.traces[i]));  // log 0.25 / 2 is log 0.5 but for rounding
    }
  }
}

TEST(EffectsByGroup, Of_several_groups_multiply) {
  CohortParameters both = grouped_cohort();
  both.effect_in_class.values = {1, 0.5};
  both.effect_young = 2;
  both.young_until = 30;
  const GroupedLives whole = lives_of(grouped_cohort());
  const GroupedLives found = lives_of(both);
  std::size_t seen = 0;
  for (std::size_t i = 0; i < group_people; ++i) {
    const Diary& told = whole.diaries[i];
    if (told.starts.empty() || told.person.of_class != 1 || age_at_start(told) >= 30) continue;
    EXPECT_EQ(found.traces[i], whole.traces[i]);  // half of twice
    ++seen;
  }
  EXPECT_GT(seen, 3U);
}

TEST(EffectsByGroup, Without_who_is_young_are_refused) {
  const auto refusal = [](const CohortParameters& p) -> std::string {
    try {
      const CohortPlan plan(p, weeks_from_january(group_weeks));
    } catch (const std::invalid_argument& refused) {
      return refused.what();
    }
    return "";
  };
  CohortParameters p = plain_cohort(10, 5);
  p.effect_young = 0.5;
  EXPECT_EQ(refusal(p), "effect_young needs young_until: who is young");
  p.young_until = 25;
  EXPECT_EQ(refusal(p), "young_until needs ages: age_mean, with age_sharpness or death_doubling");
  p.age_mean = 30;
  p.peak_age = 20;
  p.age_sharpness = 1;
  EXPECT_EQ(refusal(p), "");
}

}  // namespace
// A figure that could never act is a mistake of who writes it, not a programme without effect.
TEST(Cohort, What_would_do_nothing_is_refused) {
  const auto refusal = [](auto change) -> std::string {
    CohortParameters p = plain_cohort(10, 5);
    p.second_effect.values = {1};
    change(p);
    try {
      const CohortPlan plan(p, weeks_from_january(group_weeks));
    } catch (const std::invalid_argument& refused) {
      return refused.what();
    }
    return "";
  };
  const std::string without_length =
      "rate_effect would do nothing: `length` of the programme is 0, and half_life of what is left of it";
  const auto effect = [](CohortParameters& p) {
    p.length = 0;
    p.rate_effect.values = {0.8};
  };
  EXPECT_EQ(refusal(effect), without_length);
  EXPECT_EQ(refusal([&](auto& p) {
              effect(p);
              p.half_life = 26;  // what begins and fades
            }),
            "");
  EXPECT_EQ(refusal([&](auto& p) {
              effect(p);
              p.eligible = 0;  // of an arm in which nobody takes part
            }),
            "");
  EXPECT_EQ(refusal([](auto& p) {
              p.length = 0;
              p.recovery_effect = 2;
            }),
            "desistance_effect, relapse_effect, recovery_effect and severity_effect would do nothing: `length` of the "
            "programme is 0, and half_life of what is left of it");
  EXPECT_EQ(refusal([](auto& p) {
              p.length = 0;
              p.harm.values = {1};
              p.severity_effect = 0.5;
            }),
            "desistance_effect, relapse_effect, recovery_effect and severity_effect would do nothing: `length` of the "
            "programme is 0, and half_life of what is left of it");
  EXPECT_EQ(refusal([&](auto& p) {
              effect(p);
              p.half_life = 26;
              p.sessions = 4;
            }),
            "sessions need `length`, the time over which they are held, and it is 0: leave them out of what happens "
            "once, whose effect is whole at once");
  EXPECT_EQ(refusal([](auto& p) { p.attendance = 0.8; }), "attendance would do nothing: there are no `sessions`");
  EXPECT_EQ(refusal([](auto& p) {
              p.length = 10;
              p.sessions = 4;
              p.attendance = 0;
              p.rate_effect.values = {0.8};
            }),
            "rate_effect would do nothing: attendance is 0, and the effect is in proportion to the sessions attended");
  EXPECT_EQ(refusal([](auto& p) { p.second_effect.values = {0.8}; }),
            "second_effect would do nothing: second_share, those who are in the second programme, is 0");
  EXPECT_EQ(refusal([](auto& p) {
              p.second_share = 0.5;
              p.second_effect.values = {0.8};
            }),
            "second_effect would do nothing: second_length and second_half_life are 0");
  EXPECT_EQ(refusal([](auto& p) {
              p.second_share = 0.5;
              p.second_interaction.values = {0.8};
            }),
            "second_interaction would do nothing: second_length and second_half_life are 0");
  EXPECT_EQ(refusal([](auto& p) { p.quiet_rate = 0.2; }),
            "quiet_rate would do nothing: without to_active and to_quiet there are no quiet spells");
  EXPECT_EQ(refusal([](auto& p) {
              p.rate_shape = 0;
              p.rate_persistence = 0.5;
            }),
            "rate_persistence would do nothing: rate_shape is 0, so that everybody has the same rate for good");
  EXPECT_EQ(refusal([](auto& p) {
              p.rate_shape = 0;
              p.rate_persistence = 0.5;
              p.classes = {"most", "few"};
              p.class_share.values = {4, 1};
              p.class_rate.values = {1, 8};
              p.effect_in_class.values = {1, 1};
            }),
            "rate_persistence would do nothing: rate_shape is 0, so that everybody of a class has the same rate for "
            "good, and nobody changes class");
}

std::vector<std::string> idle_of(const std::function<void(CohortParameters&)>& change) {
  CohortParameters p = plain_cohort(5, 2);
  change(p);
  std::vector<std::string> names;
  for (const IdleParameter& each : Cohort::idle(p)) names.emplace_back(each.name);
  return names;
}

// What does nothing here and may do something in another arm: told, not refused.
TEST(Cohort, What_does_nothing_is_told) {
  using testing::Contains;
  using testing::IsSupersetOf;
  using testing::Not;
  const auto effect = [](CohortParameters& p) { p.rate_effect.values = {0.8}; };
  EXPECT_THAT(idle_of([](auto&) {}),
              IsSupersetOf({"half_life", "effect_in_class", "effect_reduced", "effect_abstinent", "effect_young",
                            "young_until", "second_share", "second_after", "second_length", "second_half_life",
                            "referral", "referral_at_arrest", "list_least", "list_of", "intake_window",
                            "drop_out_by_rate", "breach_custody", "breach_charged", "death_left_early_for"}));
  EXPECT_THAT(idle_of(effect), Not(Contains("half_life")));
  for (double CohortParameters::*other : {&CohortParameters::desistance_effect, &CohortParameters::relapse_effect,
                                          &CohortParameters::recovery_effect, &CohortParameters::severity_effect})
    EXPECT_THAT(idle_of([&](auto& p) { p.*other = 0.5; }), Not(Contains("half_life")));
  EXPECT_THAT(idle_of([](auto& p) { p.second_effect.values = {0.8}, p.second_share = 0.5; }),
              Not(Contains("second_half_life")));
  EXPECT_THAT(idle_of([](auto& p) { p.second_interaction.values = {0.8}, p.second_share = 0.5; }),
              Not(Contains("second_length")));
  EXPECT_THAT(idle_of([](auto& p) { p.second_interaction.values = {0.8}; }), Contains("second_length"));
  const auto by_referral = [](auto& p) { p.entry = ProgrammeParameters::Entry::referral; };
  EXPECT_THAT(idle_of(by_referral), IsSupersetOf({"referral", "referral_at_arrest"}));
  EXPECT_THAT(idle_of([&](auto& p) {
                by_referral(p);
                p.referral = 1;
              }),
              Not(Contains("referral")));
  EXPECT_THAT(idle_of([](auto& p) { p.entry = ProgrammeParameters::Entry::list; }), Not(Contains("list_least")));
  EXPECT_THAT(idle_of([](auto& p) { p.entry = ProgrammeParameters::Entry::index_offence; }),
              Not(Contains("intake_window")));
  EXPECT_THAT(idle_of([](auto& p) { p.drop_out = 1; }), Not(Contains("drop_out_by_rate")));
  EXPECT_THAT(idle_of([](auto& p) { p.breach = 0.5; }), Not(Contains("breach_charged")));
  EXPECT_THAT(idle_of([](auto& p) { p.death_left_early = 2; }), Not(Contains("death_left_early_for")));
}

// The same of careers: a lag of what never happens, a figure by class without classes.
TEST(Cohort, What_does_nothing_of_careers_is_told) {
  using testing::Contains;
  using testing::IsSupersetOf;
  using testing::Not;
  EXPECT_THAT(
      idle_of([](auto&) {}),
      IsSupersetOf({"class_share", "class_rate", "effect_in_class", "victim_share", "desistance_by_rate",
                    "desistance_runs", "desistance_effect", "arrest_lag", "charged", "charge_lag", "convicted",
                    "custody", "conviction_lag", "stay_mean", "stay_cv", "stay_law", "lag_law", "second_interaction"}));
  EXPECT_THAT(idle_of([](auto&) {}), Not(Contains("record_lag")));
  EXPECT_THAT(idle_of([](auto&) {}), Not(Contains("entry")));
  EXPECT_THAT(idle_of([](auto& p) { p.detected.values = {0}, p.arrested.values = {1}; }),
              IsSupersetOf({"record_lag", "arrest_lag", "charged"}));
  const auto classed = [](CohortParameters& p) {
    p.classes = {"most", "few"};
    p.rate_effect.values = {0.8};
  };
  for (const char* of_class : {"class_share", "class_rate", "effect_in_class"})
    EXPECT_THAT(idle_of(classed), Not(Contains(of_class)));
  EXPECT_THAT(idle_of([](auto& p) { p.victims = {"offence: shops"}; }), Not(Contains("victim_share")));
  EXPECT_THAT(idle_of([](auto& p) { p.desistance = 0.1; }), Not(Contains("desistance_by_rate")));
  EXPECT_THAT(idle_of([](auto& p) { p.record_lag = 1; }), Not(Contains("lag_law")));
  EXPECT_THAT(idle_of([](auto& p) { p.second_share = 0.5; }), Not(Contains("second_interaction")));
}

TEST(Cohort, What_never_happens_has_no_lag) {
  using testing::Contains;
  using testing::Not;
  const auto is_idle = [](const char* name, double arrested, double charged, double convicted, double custody) {
    const auto idle = idle_of([&](CohortParameters& p) {
      p.arrested.values = {arrested}, p.charged.values = {charged};
      p.convicted.values = {convicted}, p.custody.values = {custody};
    });
    return std::find(idle.begin(), idle.end(), name) != idle.end();
  };
  EXPECT_TRUE(is_idle("arrest_lag", 0, 1, 1, 1));
  EXPECT_FALSE(is_idle("arrest_lag", 1, 0, 0, 0));
  EXPECT_TRUE(is_idle("charge_lag", 0, 1, 1, 1));
  EXPECT_TRUE(is_idle("charge_lag", 1, 0, 1, 1));
  EXPECT_FALSE(is_idle("charge_lag", 1, 1, 0, 0));
  EXPECT_TRUE(is_idle("conviction_lag", 0, 1, 1, 1));
  EXPECT_TRUE(is_idle("conviction_lag", 1, 0, 1, 1));
  EXPECT_TRUE(is_idle("conviction_lag", 1, 1, 0, 0));
  EXPECT_FALSE(is_idle("conviction_lag", 1, 1, 1, 0));
  EXPECT_TRUE(is_idle("stay_mean", 1, 1, 1, 0));
  EXPECT_FALSE(is_idle("stay_mean", 1, 1, 1, 1));
  const auto breached = [](CohortParameters& p) {  // what is cautioned is charged without an arrest
    p.breach = 0.5, p.breach_charged = 1;
    p.convicted.values = {1};
  };
  EXPECT_THAT(idle_of(breached), Contains("arrest_lag"));
  EXPECT_THAT(idle_of(breached), Not(Contains("charge_lag")));
  EXPECT_THAT(idle_of(breached), Not(Contains("conviction_lag")));
  EXPECT_THAT(idle_of([](auto& p) { p.breach = 0.5, p.breach_custody = 1; }), Not(Contains("stay_mean")));
}

TEST(Cohort, Referral_of_nobody_is_told) {
  using testing::Contains;
  using testing::Not;
  const auto by_referral = [](double hazard, double at_arrest) {
    return idle_of([&](CohortParameters& p) {
      p.entry = ProgrammeParameters::Entry::referral;
      p.referral = hazard;
      p.referral_at_arrest = at_arrest;
    });
  };
  EXPECT_THAT(by_referral(0, 0), Contains("entry"));
  EXPECT_THAT(by_referral(1, 0), Not(Contains("entry")));
  EXPECT_THAT(by_referral(0, 1), Not(Contains("entry")));
}

TEST(Cohort, What_does_nothing_is_told_once) {
  std::vector<std::string> names = idle_of([](auto&) {});
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

// The same of figures that need a state, an offence that is seen, or time in the programme.
TEST(Cohort, What_nothing_meets_is_refused) {
  struct Case {
    std::function<void(CohortParameters&)> slip;
    const char* sentence;
  };
  const char* const no_drugs = "relapse_effect and recovery_effect would do nothing: nobody's use of drugs changes";
  const char* const all_use = "effect_reduced and effect_abstinent would do nothing: everybody is using, for good";
  const char* const all_use_rates =
      "rate_reduced, rate_abstinent and spend_reduced would do nothing: everybody is using, for good";
  const char* const no_death = "women, death_women and death_doubling would do nothing: the hazard `death` is 0";
  const char* const flat =
      "peak_age and onset_age would do nothing: age_sharpness is 0, so that the age-crime curve is flat";
  const Case cases[] = {
      {[](auto& p) { p.relapse_effect = 0.5; }, no_drugs},
      {[](auto& p) { p.recovery_effect = 2; }, no_drugs},
      {[](auto& p) { p.severity_effect = 0.5; },
       "severity_effect would do nothing: harm and value_mean are 0 for every type, so that no severity is counted"},
      {[](auto& p) { p.effect_reduced = 0.5; }, all_use},
      {[](auto& p) { p.effect_abstinent = 0.5; }, all_use},
      {[](auto& p) { p.spend_reduced = 100; }, all_use_rates},
      {[](auto& p) { p.rate_reduced = 0.5; }, all_use_rates},
      {[](auto& p) { p.women = 0.2; }, no_death},
      {[](auto& p) { p.death_women = 0.5; }, no_death},
      {[](auto& p) { p.peak_age = 20; }, flat},
      {[](auto& p) { p.onset_age = 10; }, flat},
      {[](auto& p) { p.proven_wait = 26; }, "proven_wait would do nothing: nobody is ever `convicted`"},
      {[](auto& p) { p.length = 0, p.drop_out = 1; }, "drop_out would do nothing: `length` of the programme is 0"},
      {[](auto& p) { p.length = 0, p.length_cv = 1; }, "length_cv would do nothing: `length` of the programme is 0"},
      {[](auto& p) { p.length = 0, p.breach = 1; }, "breach would do nothing: `length` of the programme is 0"},
      {[](auto& p) { p.breach = 1, p.detected.values = {0}; },
       "breach would do nothing: no offence is `detected`, and it is a recorded one that is a breach"},
  };
  for (const Case& one : cases) {
    CohortParameters p = plain_cohort(10, 5);
    p.length = 10;
    one.slip(p);
    try {
      const CohortPlan plan(p, weeks_from_january(group_weeks));
      ADD_FAILURE() << "not refused: " << one.sentence;
    } catch (const std::invalid_argument& refused) {
      EXPECT_STREQ(refused.what(), one.sentence);
    }
  }
}

}  // namespace desist
