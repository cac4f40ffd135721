// The programme: who enters it and when, what it changes, who completes it, and what follows (mathematics.md 2.1, 3).
//
// What it computes and what it leaves out: docs/models/programme.md.
#pragma once

#include "engine/simulation/profile.hpp"

namespace desist {

/// What a programme for people with careers needs to know. Its effects by type are over the career's list `types`.
struct ProgrammeParameters {
  enum class Entry { everyone, index_offence, list, referral };
  enum class Again { not_again, those_who_complete, everyone };
  enum class Refused { followed, replaced };
  enum class WaitLaw { fixed, exponential };
  enum class InCustody { goes_on, leaves };

  Entry entry = Entry::everyone;
  double before = 0;
  double intake_window = 0;
  double list_least = 0;
  double list_of = 0;
  double referral = 0;
  double referral_at_arrest = 0;
  Again again = Again::not_again;
  double eligible = 1;
  double consent = 1;
  double consent_by_rate = 0;
  Refused refused = Refused::followed;
  double wait = 0;
  WaitLaw wait_law = WaitLaw::fixed;

  double length = 0;
  double length_cv = 0;
  double residence = 0;
  double after = 0;
  double sessions = 0;
  double attendance = 1;
  double drop_out = 0;
  double drop_out_by_rate = 0;
  double breach = 0;
  double breach_custody = 0;
  double breach_charged = 0;
  InCustody in_custody = InCustody::goes_on;
  double death_left_early = 1;
  double death_left_early_for = 0;

  ByItem<double> rate_effect;
  double desistance_effect = 1;
  double relapse_effect = 1;
  double recovery_effect = 1;
  double severity_effect = 1;
  double detection_effect = 1;
  ByItem<double> effect_in_class;
  double effect_reduced = 1;
  double effect_abstinent = 1;
  double effect_young = 1;
  double young_until = 0;
  double half_life = 0;

  double second_share = 0;
  double second_after = 0;
  double second_length = 0;
  double second_half_life = 0;
  ByItem<double> second_effect;
  ByItem<double> second_interaction;

  static void describe(auto& v) {
    describe_entry(v);
    describe_course(v);
    describe_effect(v);
  }

 private:
  static void describe_entry(auto& v);
  static void describe_course(auto& v);
  static void describe_effect(auto& v);
};

void ProgrammeParameters::describe_entry(auto& v) {
  using P = ProgrammeParameters;
  v.one_of("entry", &P::entry, {"everyone", "index offence", "list", "referral"},
           {.help = "Who enters: everyone; those with a recorded offence, at that moment; those on a list of many "
                    "recorded offences; those who are referred, as it happens."});
  v.number("before", &P::before,
           {.unit = "week",
            .range = {0, 1040},
            .off = 0,
            .help = "Time watched before anybody can enter: what a list looks back on."});
  v.number(
      "intake_window", &P::intake_window,
      {.unit = "week",
       .range = {0, 1040},
       .off = 0,
       .help = "Of entry by an index offence: those with one in this time after `before` enter, at their first; at "
               "0 everybody's is at the start."});
  v.number("list_least", &P::list_least,
           {.unit = "offence",
            .range = {0, 1e4},
            .off = 0,
            .help = "Of entry by a list: the fewest recorded offences in the time before that put a person on it."});
  v.number("list_of", &P::list_of,
           {.unit = "person",
            .range = {0, 1e7},
            .off = 0,
            .help = "Or: the list has the highest of so many people, as many as `people` says."});
  v.number("referral", &P::referral,
           {.unit = "1/year",
            .range = {0, 1000},
            .off = 0,
            .help = "Of entry by referral: its hazard while a person offends, is free and is using or using less."});
  v.number("referral_at_arrest", &P::referral_at_arrest,
           {.unit = "share",
            .range = {0, 1},
            .off = 0,
            .help = "Of entry by referral: share of the arrests that lead to one, of those for an offence that is "
                    "committed while a person waits for no start and isn't in the programme."});
  v.one_of(
      "again", &P::again, {"never", "those who complete", "everyone"},
      {.off = 0, .help = "Of entry by referral: who may be referred again, from when they have left or were refused."});
  v.number("eligible", &P::eligible,
           {.unit = "share", .range = {0, 1}, .off = 1, .help = "Share of those who might enter who are eligible."});
  v.number("consent", &P::consent,
           {.unit = "share",
            .range = {0, 1},
            .off = 1,
            .help = "Share of the eligible of the mean rate who are admitted and agree."});
  v.number("consent_by_rate", &P::consent_by_rate,
           {.unit = "1",
            .range = {-3, 3},
            .off = 0,
            .help = "That share is multiplied by (own rate / mean rate) to this power, up to 1."});
  v.one_of("refused", &P::refused, {"followed", "replaced"},
           {.off = 0,
            .help = "Whether people who are not eligible or don't agree are followed without the programme, or others "
                    "are taken in their place, so that everybody watched starts."});
  v.number("wait", &P::wait,
           {.unit = "week", .range = {0, 1040}, .off = 0, .help = "Mean time from entry to the start."});
  v.one_of("wait_law", &P::wait_law, {"fixed", "exponential"}, {.off = 0, .help = "How waits are spread."});
}

void ProgrammeParameters::describe_course(auto& v) {
  using P = ProgrammeParameters;
  v.number("length", &P::length,
           {.unit = "week", .range = {0, 1040}, .off = 0, .help = "Mean planned time in the programme."});
  v.number("length_cv", &P::length_cv,
           {.unit = "1",
            .range = {0, 5},
            .off = 0,
            .help = "Standard deviation of that time over its mean (lognormal); at 0 it is the same for all."});
  v.number("residence", &P::residence,
           {.unit = "week",
            .range = {0, 520},
            .off = 0,
            .help = "First weeks of it spent in residence (rehabilitation), where nobody offends."});
  v.number("after", &P::after,
           {.unit = "week",
            .range = {0, 1040},
            .off = 0,
            .help = "Time after the programme that counts as the phase after; at 0 all until the window's end."});
  v.number(
      "sessions", &P::sessions,
      {.unit = "session",
       .range = {0, 1000},
       .off = 0,
       .help = "Sessions, evenly over the planned time: the effect is in proportion to those attended so far; at 0 "
               "it is whole from the first day."});
  v.number("attendance", &P::attendance,
           {.unit = "share", .range = {0, 1}, .off = 1, .help = "Share of sessions that are attended."});
  v.number("drop_out", &P::drop_out,
           {.unit = "1/year",
            .range = {0, 1000},
            .off = 0,
            .help = "Hazard of leaving before the end, of a person of the mean rate."});
  v.number("drop_out_by_rate", &P::drop_out_by_rate,
           {.unit = "1",
            .range = {-3, 3},
            .off = 0,
            .help = "That hazard is multiplied by (own rate / mean rate) to this power."});
  v.number("breach", &P::breach,
           {.unit = "share",
            .range = {0, 1},
            .off = 0,
            .help = "Chance that an offence committed and recorded during the programme ends it as a breach."});
  v.number("breach_custody", &P::breach_custody,
           {.unit = "share", .range = {0, 1}, .off = 0, .help = "Chance that a breach leads to custody, at once."});
  v.number("breach_charged", &P::breach_charged,
           {.unit = "share",
            .range = {0, 1},
            .off = 0,
            .help = "Chance that a person who is breached is charged with what brought them into the programme, as "
                    "after a conditional caution: conviction, custody and the lags from charge on are those of their "
                    "types of offences."});
  v.one_of("in_custody", &P::in_custody, {"goes on", "leaves"},
           {.off = 0, .help = "What becomes of the programme of a person who goes to custody."});
  v.number(
      "death_left_early", &P::death_left_early,
      {.unit = "1", .range = {0, 100}, .off = 1, .help = "Hazard of death after leaving early over that of others."});
  v.number("death_left_early_for", &P::death_left_early_for,
           {.unit = "week", .range = {0, 520}, .off = 0, .help = "For how long after leaving."});
}

void ProgrammeParameters::describe_effect(auto& v) {
  using P = ProgrammeParameters;
  v.number("rate_effect", &P::rate_effect,
           {.unit = "1",
            .range = {0, 100},
            .off = 1,
            .over = "types",
            .help = "Multiplier of the rate of a type at full dose: 0.8 is a fifth fewer."});
  v.number("desistance_effect", &P::desistance_effect,
           {.unit = "1", .range = {0, 100}, .off = 1, .help = "Multiplier of the hazard of desistance."});
  v.number("relapse_effect", &P::relapse_effect,
           {.unit = "1", .range = {0, 100}, .off = 1, .help = "Multiplier of the hazards of using more."});
  v.number("recovery_effect", &P::recovery_effect,
           {.unit = "1", .range = {0, 100}, .off = 1, .help = "Multiplier of the hazards of using less."});
  v.number("severity_effect", &P::severity_effect,
           {.unit = "1", .range = {0, 100}, .off = 1, .help = "Multiplier of the value and the harm of an offence."});
  v.number("detection_effect", &P::detection_effect,
           {.unit = "1",
            .range = {0, 100},
            .off = 1,
            .help = "Share of offences that is detected from the start of the programme on, over that before, up to "
                    "all of them: contact sees more, or less."});
  const auto strength = [&](const char* name, double P::*member, const char* help) {
    v.number(name, member, {.unit = "1", .range = {0, 10}, .off = 1, .help = help});
  };
  v.number("effect_in_class", &P::effect_in_class,
           {.unit = "1",
            .range = {0, 10},
            .off = 1,
            .over = "classes",
            .help = "Strength of these effects on people of each class: their logarithms are multiplied by it, so 0 is "
                    "no effect and 2 the effect squared."});
  strength("effect_reduced", &P::effect_reduced, "Strength of these effects on people who use less when they start.");
  strength("effect_abstinent", &P::effect_abstinent,
           "Strength of these effects on people who are abstinent when they start.");
  strength("effect_young", &P::effect_young,
           "Strength of these effects on people who are younger than young_until when they start.");
  v.number("young_until", &P::young_until,
           {.unit = "year", .range = {0, 90}, .off = 0, .help = "Age below which people are young; at 0 nobody is."});
  v.number("half_life", &P::half_life,
           {.unit = "week",
            .range = {0, 1e6},
            .off = 0,
            .help = "Time after the programme in which the logarithm of its effects halves; at 0 they end with it."});
  v.number(
      "second_share", &P::second_share,
      {.unit = "share",
       .range = {0, 1},
       .off = 0,
       .help = "Share of those who start who are also in a second programme, whose effects add on the log scale."});
  v.number("second_after", &P::second_after,
           {.unit = "week", .range = {0, 520}, .off = 0, .help = "When it starts after the start of the first."});
  v.number("second_length", &P::second_length, {.unit = "week", .range = {0, 520}, .off = 0, .help = "Its length."});
  v.number("second_half_life", &P::second_half_life,
           {.unit = "week", .range = {0, 1e6}, .off = 0, .help = "Its half-life, as that of the first."});
  v.number(
      "second_effect", &P::second_effect,
      {.unit = "1", .range = {0, 100}, .off = 1, .over = "types", .help = "Its multiplier of the rate of a type."});
  v.number("second_interaction", &P::second_interaction,
           {.unit = "1",
            .range = {0, 100},
            .off = 1,
            .over = "types",
            .help = "Interaction of the two: the rate of a type while both are fully at work, over the product of "
                    "their multipliers; below 1 fewer offences are left than that product says, above 1 more."});
}

}  // namespace desist
