// The walk through a career keeps its promises: same luck, conservation, nothing where nothing can be, refusals.
#include <cmath>

#include <gmock/gmock.h>

#include "tests/models/rich_cohort.hpp"

namespace desist {
namespace {

using namespace test;

CohortPlan plan_of(const CohortParameters& parameters, int weeks = 110) {
  return CohortPlan(parameters, weeks_from_january(weeks));
}

void expect_same_person(const Diary& a, const Diary& b) {
  ASSERT_EQ(a.offences.size(), b.offences.size());
  for (std::size_t i = 0; i < a.offences.size(); ++i) {
    EXPECT_EQ(a.offences[i].time, b.offences[i].time);
    EXPECT_EQ(a.offences[i].type, b.offences[i].type);
    EXPECT_EQ(a.offences[i].recorded, b.offences[i].recorded);
    EXPECT_EQ(a.offences[i].convicted, b.offences[i].convicted);
  }
  EXPECT_EQ(a.in, b.in);
  EXPECT_EQ(a.out, b.out);
  EXPECT_EQ(a.exits, b.exits);
  EXPECT_EQ(a.desists, b.desists);
  EXPECT_EQ(a.dies, b.dies);
}

TEST(Career, An_effect_of_one_is_the_comparator_to_the_bit) {
  CohortParameters p = rich_cohort(60);
  CohortParameters one = p;
  set_effects(one, 1);
  CohortParameters lasting = one;
  lasting.half_life = 1000;
  lasting.sessions = 3;
  const CohortResult comparator = run(plan_of(p), 0);
  const CohortResult equal = run(plan_of(one), 0);
  EXPECT_EQ(equal.outcomes.offences, comparator.outcomes.offences);
  EXPECT_EQ(equal.outcomes.harm, comparator.outcomes.harm);
  EXPECT_EQ(equal.outcomes.stolen, comparator.outcomes.stolen);
  EXPECT_EQ(equal.series.offences, comparator.series.offences);
  EXPECT_EQ(equal.series.recorded, comparator.series.recorded);
  const CohortPlan a = plan_of(p);
  const CohortPlan b = plan_of(lasting);  // other moments at which nothing changes
  for (std::size_t i = 0; i < 60; ++i) expect_same_person(diary(a, i), diary(b, i));
}

TEST(Career, Before_the_programme_arms_are_equal_and_less_rate_keeps_a_subset) {
  CohortParameters p = rich_cohort(80);
  p.breach = p.breach_custody = p.drop_out = 0;
  p.custody.values.assign(3, 0);
  CohortParameters helped = p;
  helped.rate_effect.values = {0.5, 0.7, 0.2};
  const CohortPlan a = plan_of(p);
  const CohortPlan b = plan_of(helped);
  std::size_t fewer = 0;
  for (std::size_t i = 0; i < 80; ++i) {
    const auto all = diary(a, i).times();
    const auto kept = diary(b, i).times();
    EXPECT_TRUE(std::includes(all.begin(), all.end(), kept.begin(), kept.end())) << i;
    fewer += all.size() - kept.size();
  }
  EXPECT_GT(fewer, 20u);
}

TEST(Career, One_more_person_or_year_moves_nobody) {
  CohortParameters p = rich_cohort(40);
  set_effects(p, 0.7);
  const CohortPlan few = plan_of(p);
  p.people = 41;
  const CohortPlan more = plan_of(p);
  p.years = {"1", "2", "3"};
  const CohortPlan longer = plan_of(p, 170);
  for (std::size_t i = 0; i < 40; ++i) {
    expect_same_person(diary(few, i), diary(more, i));
    const Diary a = diary(few, i);
    const Diary b = diary(longer, i);
    ASSERT_LE(a.offences.size(), b.offences.size());
    for (std::size_t k = 0; k < a.offences.size(); ++k) EXPECT_EQ(a.offences[k].time, b.offences[k].time);
    for (std::size_t k = a.offences.size(); k < b.offences.size(); ++k) EXPECT_GE(b.offences[k].time, 110);
  }
}

TEST(Career, Time_is_conserved) {
  for (const auto record : {CareerParameters::Record::totals, CareerParameters::Record::every_offence}) {
    CohortParameters p = rich_cohort(200);
    set_effects(p, 0.6);
    p.record = record;
    const CohortPlan plan = plan_of(p);
    for (std::size_t i = 0; i < 200; ++i) {
      const Diary told = diary(plan, i);
      double now = 0;
      for (const CareerPiece& piece : told.pieces) {
        EXPECT_EQ(piece.from, now);
        EXPECT_GT(piece.until, piece.from);
        EXPECT_EQ(piece.rate > 0, piece.place == CareerPlace::free && !piece.desisted && told.person.rate > 0);
        now = piece.until;
      }
      EXPECT_EQ(now, told.ends);
      EXPECT_EQ(told.ends, std::min(110.0, told.dies));
      for (const SeenOffence& offence : told.offences) {
        const auto holds = std::find_if(told.pieces.begin(), told.pieces.end(),
                                        [&](const CareerPiece& piece) { return offence.time < piece.until; });
        ASSERT_NE(holds, told.pieces.end());
        EXPECT_GT(holds->rate, 0);
        EXPECT_EQ(holds->phase, offence.phase);
      }
    }
    CohortTally tally;
    tally.start(plan.career);
    const Streams streams(1, 0, 0);
    CareerSpace space;
    CohortIntake intake(plan, streams);
    CareerWalk<CohortTally> walk(plan.career, plan.programme, streams, space, tally);
    for (std::size_t i = 0; i < plan.people; ++i) {
      const CohortMember member = intake.member(i);
      walk.run(member.person, member.entry, plan.career.end);
    }
    tally.finish(streams, 1);
    double alive = 0;
    for (const double weeks : tally.place_weeks) alive += weeks;
    EXPECT_NEAR(alive + tally.dead_weeks, 200 * 110, 1e-6);
    double by_phase = 0;
    for (const PhaseSums& phase : tally.phases) by_phase += phase.weeks;
    EXPECT_NEAR(by_phase, alive, 1e-6);
    double by_week = 0, by_type = 0, of_phases = 0;
    for (const double offences : tally.offences_by_week) by_week += offences;
    for (const double offences : tally.offences_by_type) by_type += offences;
    for (const PhaseSums& phase : tally.phases) of_phases += phase.seen + phase.unseen;
    EXPECT_EQ(by_week, by_type);
    EXPECT_EQ(by_week, of_phases);
    EXPECT_GT(tally.place_weeks[1], 0);
    EXPECT_GT(tally.place_weeks[2], 0);
  }
}

TEST(Career, Nothing_where_nothing_can_be) {
  CohortParameters none = plain_cohort(50, 0);
  none.rate_shape = 1;
  EXPECT_EQ(run(plan_of(none), 0).outcomes.offences, 0);

  CohortParameters desisted = plain_cohort(50, 20);
  desisted.desistance = 1000;
  const auto gone = run(plan_of(desisted), 0);
  EXPECT_LT(gone.outcomes.offences, 10);
  EXPECT_EQ(gone.outcomes.desisted, 50);
  EXPECT_EQ(gone.series.offending[10], 0);
  EXPECT_EQ(gone.series.offences[10], 0);

  CohortParameters inside = plain_cohort(50, 1000);  // the first offence leads to custody for longer than the window
  convict_all(inside);
  inside.custody.values = {1};
  inside.stay_mean = 5000;
  const auto locked = run(plan_of(inside), 0);
  EXPECT_EQ(locked.outcomes.offences, 50);
  EXPECT_EQ(locked.outcomes.custody_end, 50);
  EXPECT_EQ(locked.series.offending.back(), 0);

  CohortParameters in_residence = plain_cohort(50, 1000);
  in_residence.length = in_residence.residence = 1000;
  EXPECT_EQ(run(plan_of(in_residence), 0).outcomes.offences, 0);

  CohortParameters alone = rich_cohort(1);
  EXPECT_EQ(run(plan_of(alone), 3).series.offending.size(), 110u);
}

// Who is followed no longer than the last phase is the same person until then.
TEST(Career, Following_no_longer_moves_nothing_in_a_phase) {
  CohortParameters p = plain_cohort(200, 40);
  add_type(p, 0.5, 0.4);
  p.rate_shape = 1;
  p.before = 20;
  p.length = 10;
  p.length_cv = 0.5;
  p.consent = 0.7;
  p.after = 15;
  p.rate_effect.values = {0.5, 0.8};
  p.half_life = 5;
  p.record_lag = 3;
  const Window window = weeks_from_january(110);
  const CohortResult whole = run(CohortPlan(p, window), 0);
  p.followed = CohortParameters::Followed::to_the_last_phase;
  const CohortResult shorter = run(CohortPlan(p, window), 0);
  const auto same = [&](auto part) {
    using Part = decltype(part);
    const auto& a = static_cast<const Part&>(whole.outcomes);
    const auto& b = static_cast<const Part&>(shorter.outcomes);
    EXPECT_EQ(a.people, b.people);
    EXPECT_EQ(a.recorded, b.recorded);
    EXPECT_EQ(a.median_recorded, b.median_recorded);
    EXPECT_EQ(a.recorded_a_month, b.recorded_a_month);
  };
  same(PhaseOutcomes<CareerPhase::before>{});
  same(PhaseOutcomes<CareerPhase::during>{});
  same(PhaseOutcomes<CareerPhase::after>{});
  const auto& of = shorter.outcomes;
  using Before = PhaseOutcomes<CareerPhase::before>;
  using During = PhaseOutcomes<CareerPhase::during>;
  using After = PhaseOutcomes<CareerPhase::after>;
  EXPECT_EQ(of.recorded, of.Before::recorded + of.During::recorded + of.After::recorded);
  EXPECT_LT(of.free_years, 0.5 * whole.outcomes.free_years);
  EXPECT_EQ(of.started, whole.outcomes.started);
}

TEST(Career, Phases_of_no_length) {
  CohortParameters p = plain_cohort(30, 20);
  const auto found = run(plan_of(p), 0);  // nothing before, and a programme of no length: all of it is after
  const auto& before = static_cast<const PhaseOutcomes<CareerPhase::before>&>(found.outcomes);
  const auto& during = static_cast<const PhaseOutcomes<CareerPhase::during>&>(found.outcomes);
  const auto& after = static_cast<const PhaseOutcomes<CareerPhase::after>&>(found.outcomes);
  EXPECT_EQ(before.people, 0);
  EXPECT_EQ(during.people, 0);
  EXPECT_EQ(after.people, 30);
  EXPECT_TRUE(std::isnan(before.median_recorded));
  EXPECT_TRUE(std::isnan(during.recorded_a_free_month));
  EXPECT_EQ(after.offences, found.outcomes.offences);
  EXPECT_EQ(found.outcomes.completed, 30);
}

// Halved while it lasts, in phases of 26, 10 and 13 weeks. All are alike and some go to custody, so what is expected of
// a month of freedom falls by what the programme does and by nothing else; the others are ratios of what is counted.
TEST(Career, Falls_between_phases_are_told_on_every_clock) {
  CohortParameters p = plain_cohort(60, 30);
  convict_all(p);
  p.custody.values = {0.3};
  p.stay_mean = 4;
  p.conviction_lag = 2;
  p.before = 26;
  p.length = 10;
  p.after = 13;
  p.rate_effect.values = {0.5};
  const Cohort::Outcomes found = run(plan_of(p), 0).outcomes;
  const auto& before = static_cast<const PhaseOutcomes<CareerPhase::before>&>(found);
  const auto& during = static_cast<const PhaseOutcomes<CareerPhase::during>&>(found);
  const auto& after = static_cast<const PhaseOutcomes<CareerPhase::after>&>(found);
  const auto& to_during = static_cast<const PhaseFalls<CareerPhase::during>&>(found);
  const auto& to_after = static_cast<const PhaseFalls<CareerPhase::after>&>(found);
  EXPECT_NEAR(to_during.expected_a_free_month, 0.5, 1e-9);
  EXPECT_NEAR(to_after.expected_a_free_month, 0, 1e-9);
  EXPECT_NEAR(before.expected_a_free_month, 30.0 / 12, 1e-9);
  EXPECT_LT(before.expected_a_month, 0.9 * before.expected_a_free_month);  // a part of it was spent in custody
  EXPECT_EQ(to_after.recorded, 1 - after.recorded / before.recorded);
  EXPECT_EQ(to_during.recorded_a_month, 1 - during.recorded_a_month / before.recorded_a_month);
  EXPECT_EQ(to_after.recorded_a_free_month, 1 - after.recorded_a_free_month / before.recorded_a_free_month);
  EXPECT_GT(to_after.recorded, 0.3);  // half as long

  p.rate_effect.values = {1};
  p.before = p.length = 0;  // neither before nor during: no fall from the one, nor to the other
  const Cohort::Outcomes short_ones = run(plan_of(p), 0).outcomes;
  EXPECT_TRUE(std::isnan(static_cast<const PhaseFalls<CareerPhase::after>&>(short_ones).recorded));
  EXPECT_TRUE(std::isnan(static_cast<const PhaseFalls<CareerPhase::during>&>(short_ones).expected_a_free_month));
  p.before = 26;
  const Cohort::Outcomes not_during = run(plan_of(p), 0).outcomes;
  EXPECT_TRUE(std::isnan(static_cast<const PhaseFalls<CareerPhase::during>&>(not_during).recorded));
}

TEST(Career, Sessions_waning_and_two_programmes_add_on_the_log_scale) {
  CohortParameters p = plain_cohort(1, 10);
  p.before = 10;
  p.length = 20;
  p.sessions = 4;
  p.rate_effect.values = {0.25};
  p.half_life = 8;
  p.second_share = 1;
  p.second_after = 5;
  p.second_length = 10;
  p.second_effect.values = {0.5};
  struct Effects : CareerListener {
    std::vector<std::pair<double, double>> logs;  // from when, log of the effect
    void piece(const CareerPiece& piece) { logs.push_back({piece.from, std::log(piece.effect[0])}); }
  } told;
  const CohortPlan plan = plan_of(p, 60);
  const Streams streams(1, 0, 0);
  CareerSpace space;
  const CohortMember member = CohortIntake(plan, streams).member(0);
  CareerWalk<Effects>(plan.career, plan.programme, streams, space, told).run(member.person, member.entry, 60);
  const auto at = [&](double week) {
    double log = 0;
    for (const auto& [from, value] : told.logs)
      if (from <= week) log = value;
    return log;
  };
  const double one = std::log(0.25), two = std::log(0.5);
  EXPECT_EQ(at(5), 0);
  EXPECT_EQ(at(12), 0);
  EXPECT_NEAR(at(15), one / 4 + two, 1e-12);
  EXPECT_NEAR(at(24.9), one / 2 + two, 1e-12);
  EXPECT_NEAR(at(25), one * 3 / 4, 1e-12);
  EXPECT_NEAR(at(29.9), one * 3 / 4, 1e-12);
  const double of_step = 4 / std::log(2.0) * (1 - std::exp2(-1 / 4.0));  // mean of 2^-x over a quarter of a half-life
  EXPECT_NEAR(at(30), one * of_step, 1e-12);
  EXPECT_NEAR(at(38), one / 2 * of_step, 1e-12);
  EXPECT_NEAR(at(46), one / 4 * of_step, 1e-12);
}

TEST(Career, The_list_has_the_highest) {
  CohortParameters p = plain_cohort(20, 5);
  p.rate_shape = 0.7;
  p.entry = Entry::list;
  p.before = 26;
  p.list_of = 300;
  const auto before = [](const Diary& told) {
    double n = 0;
    for (const SeenOffence& offence : told.offences) n += offence.time < 26;
    return n;
  };
  std::vector<double> chosen = each(plan_of(p, 52), 1, before);
  p.list_of = 0;
  p.entry = Entry::everyone;
  p.people = 300;
  std::vector<double> all = each(plan_of(p, 52), 1, before);
  std::sort(chosen.rbegin(), chosen.rend());
  std::sort(all.rbegin(), all.rend());
  all.resize(20);
  EXPECT_EQ(chosen, all);
}

TEST(Career, What_contradicts_itself_is_refused) {
  struct Case {
    std::function<void(CohortParameters&)> slip;
    const char* sentence;
  };
  const std::vector<Case> cases{
      {[](auto& p) { p.custody.values = {0.5}; },
       "custody is above convicted for type 'offence': both are shares of those charged, and custody needs a "
       "conviction"},
      {[](auto& p) { convict_all(p), p.custody.values = {0.5}; }, "custody needs stay_mean, the mean time served"},
      {[](auto& p) { p.type_mix.values = {0}; }, "type_mix has to be above 0 for some type"},
      {[](auto& p) { p.age_sharpness = 1; }, "age_sharpness and death_doubling need age_mean"},
      {[](auto& p) { p.age_sharpness = 1, p.age_mean = 30; }, "peak_age has to be above onset_age"},
      {[](auto& p) { p.to_quiet = 1; }, "to_quiet needs to_active: nobody would ever be active again"},
      {[](auto& p) { p.start_reduced = 0.6, p.start_abstinent = 0.6; },
       "start_reduced and start_abstinent come to more than everybody"},
      {[](auto& p) { p.mix_switching = 1; },
       "mix_switching needs mix_spread: with one mix for all there is none to switch to"},
      {[](auto& p) {
         p.season = {0.5, 0.5};
       },
       "season has to be 12 shares that add up to 1, January first; it has 2 that add up to 1"},
      {[](auto& p) { p.stay_law = CareerParameters::StayLaw::exponential, p.stay_cv = 1; },
       "stay_cv is 1 where stay_law is \"exponential\": leave it out"},
      {[](auto& p) { p.before = 200; }, "`before` has to end before the window does"},
      {[](auto& p) { p.list_least = 2; }, "list_least and list_of are for entry = \"list\": leave them out"},
      {[](auto& p) { p.entry = Entry::list, p.before = 10; },
       "entry = \"list\" needs list_least, the fewest offences, or list_of, the people it chooses from: one of them"},
      {[](auto& p) { p.entry = Entry::list, p.list_least = 2; },
       "entry = \"list\" needs `before`, the time that the list looks back on"},
      {[](auto& p) { p.intake_window = 2; }, "intake_window is for entry = \"index offence\": leave it out"},
      {[](auto& p) { p.entry = Entry::index_offence, p.before = 5; },
       "entry = \"index offence\" with time before it needs intake_window, in which the offence falls"},
      {[](auto& p) { p.entry = Entry::index_offence, p.detected.values = {0}; },
       "entry = \"index offence\" needs offences that are detected"},
      {[](auto& p) { p.referral = 1; }, "the hazard `referral` is for entry = \"referral\": leave it out"},
      {[](auto& p) { p.referral_at_arrest = 1; },
       "referral_at_arrest and `again` are for entry = \"referral\": leave them out"},
      {[](auto& p) { p.again = ProgrammeParameters::Again::everyone; },
       "referral_at_arrest and `again` are for entry = \"referral\": leave them out"},
      {[](auto& p) { p.entry = Entry::referral, p.referral_at_arrest = 1; },
       "referral_at_arrest needs arrests: `arrested` is 0 for every type"},
      {[](auto& p) {
         p.entry = Entry::referral, p.referral = 1, p.again = ProgrammeParameters::Again::everyone;
         p.second_share = 0.5, p.second_length = 10;
       },
       "a second programme goes beside the first time in one: leave second_share or `again` out"},
      {[](auto& p) {
         p.entry = Entry::referral, p.referral = 1, p.again = ProgrammeParameters::Again::everyone;
         p.followed = CohortParameters::Followed::to_the_last_phase;
       },
       "followed = \"to the last phase\" would end before anybody is referred again: leave it or `again` out"},
      {[](auto& p) {
         p.entry = Entry::referral, p.referral = 1, p.again = ProgrammeParameters::Again::everyone;
         p.held_states = CohortParameters::Held::yes;
       },
       "what is held is the mean of the time before one start: leave `again` out of a decomposition"},
      {[](auto& p) { p.refused = ProgrammeParameters::Refused::replaced, p.consent = 0; },
       "nobody could take the places of the refused: eligible or consent is 0"},
      {[](auto& p) { p.residence = 3; }, "residence needs `length`: it is the first weeks of it"},
      {[](auto& p) { p.breach_custody = 0.5; }, "breach_custody needs `breach`"},
      {[](auto& p) { p.breach_charged = 0.5; }, "breach_charged needs `breach`"},
      {[](auto& p) { p.length = 5, p.residence = 6; },
       "residence is longer than `length`, whose first weeks it is: nobody would be in it so long"},
      {[](auto& p) { p.death_left_early = 2; }, "death_left_early needs death_left_early_for: for how long"},
      {[](auto& p) { p.years.assign(9, "y"); }, "`years` has more years than the window"},
      {[](auto& p) { p.years.assign(1, "y"); },
       "the window goes on for a year or more after the last of `years`, and what happens then is counted in none: "
       "name "
       "every year, or end with them"},
      {[](auto& p) { p.rate = 10, p.age_mean = 17.5, p.onset_age = 17, p.peak_age = 40, p.age_sharpness = 5; },
       "the age-crime curve makes 15470014 offences a year of `rate` at the age of most: reference_age (age_mean, "
       "where "
       "it is left out) lies where hardly anybody offends; raise it, or lower age_sharpness"},
      {[](auto& p) {
         p.entry = Entry::index_offence, p.age_mean = 12, p.reference_age = 30, p.onset_age = 17, p.peak_age = 20,
         p.age_sharpness = 1;
       },
       "nobody of these ages offends, so nobody can be met by an offence: raise age_mean or age_sd, or lower "
       "onset_age"},
      {[](auto& p) { p.entry = Entry::list, p.before = 5, p.list_of = 10; },
       "list_of, the people that a list chooses from, is fewer than `people`, those chosen"},
      {[](auto& p) {
         p.entry = Entry::list, p.before = 5, p.list_of = 100, p.refused = ProgrammeParameters::Refused::replaced;
       },
       "a list of the highest has no others to take the places of the refused: leave `refused` out"},
      {[](auto& p) { p.breach = p.breach_custody = 0.5; }, "breach_custody needs stay_mean, the mean time served"},
      {[](auto& p) { p.age_sharpness = 1, p.age_mean = 30, p.onset_age = 40, p.peak_age = 50; },
       "the age-crime curve is zero at reference_age: raise it above onset_age"},
  };
  for (const Case& one : cases) {
    CohortParameters p = plain_cohort(30, 5);
    one.slip(p);
    try {
      plan_of(p);
      ADD_FAILURE() << "not refused: " << one.sentence;
    } catch (const std::invalid_argument& refused) {
      EXPECT_STREQ(refused.what(), one.sentence);
    }
  }
  CohortParameters p = plain_cohort(30, 0.1);
  p.entry = Entry::list;
  p.before = 5;
  p.list_least = 40;
  try {
    run(plan_of(p), 0);
    ADD_FAILURE() << "not refused: a list that nobody fits";
  } catch (const std::runtime_error& refused) {
    EXPECT_STREQ(
        refused.what(),
        "none of a million people fits the entry rule: list_least is too high, intake_window too short, or hardly "
        "anybody offends at these rates and ages");
  }
}

// Below onset at the start, above it in the window: they may be met by an offence then.
TEST(Career, WhoIsTooYoungAtTheStartMayBeMetLater) {
  CohortParameters p = plain_cohort(20, 4);
  p.entry = Entry::index_offence;
  p.before = 26;
  p.intake_window = 26;
  p.age_mean = 16.7;
  p.reference_age = 20;
  p.onset_age = 17;
  p.peak_age = 20;
  p.age_sharpness = 0.1;
  const CohortPlan plan = plan_of(p);
  EXPECT_GT(run(plan, 0).outcomes.recorded, 0);
  for (std::size_t i = 0; i < 20; ++i)
    for (const double time : diary(plan, i).times()) EXPECT_GT(16.7 + time / weeks_per_year, 17 - 1e-9) << i;
}

// One walk takes one person after the other: nothing of the first may be left for the second.
TEST(CareerWalk, NothingIsLeftForTheNextPerson) {
  CohortParameters p = plain_cohort(2, 20);
  p.before = 10;
  p.length = 75;  // beyond the end of the window
  p.severity_effect = 0.5;
  p.harm.values = {1};  // whose severity it is
  p.rate_effect.values = {0.5};
  const CohortPlan plan(p, weeks_from_january(80));
  const Streams streams(1, 0, 0);
  CareerSpace space;
  Diary told;
  CareerWalk<Diary> walk(plan.career, plan.programme, streams, space, told);
  CohortIntake intake(plan, streams);
  for (std::size_t i = 0; i < 2; ++i) {
    const CohortMember member = intake.member(i);
    told = Diary{};
    walk.run(member.person, member.entry, plan.career.end);
    const Diary alone = diary(plan, i);
    ASSERT_FALSE(told.pieces.empty());
    EXPECT_EQ(told.pieces.front().severity, 1);
    EXPECT_EQ(told.times(), alone.times());
    ASSERT_EQ(told.pieces.size(), alone.pieces.size());
    for (std::size_t k = 0; k < told.pieces.size(); ++k) EXPECT_EQ(told.pieces[k].severity, alone.pieces[k].severity);
    EXPECT_DOUBLE_EQ(told.pieces.back().severity, 0.5);  // it was at work
  }
}

}  // namespace
}  // namespace desist
