// The career: what a person would do, what is seen of it, and what stops it (mathematics.md 1).
//
// What it computes and what it leaves out: docs/models/career.md.
#pragma once

#include <string>
#include <vector>

#include "engine/simulation/profile.hpp"

namespace desist {

/// What a career needs to know. Rates are a year; simulated time is in weeks from the start of the window.
struct CareerParameters {
  enum class Runs { in_calendar_time, in_free_time };
  enum class LagLaw { exponential, fixed };
  enum class StayLaw { lognormal, exponential };
  enum class Record { totals, every_offence };

  double rate = 0;
  double rate_shape = 0;
  double rate_persistence = 1;
  std::vector<std::string> classes;
  ByItem<double> class_share;
  ByItem<double> class_rate;

  double age_mean = 0;
  double age_sd = 0;
  double onset_age = 0;
  double peak_age = 0;
  double age_sharpness = 0;
  double reference_age = 0;
  std::vector<double> season;

  double start_reduced = 0;
  double start_abstinent = 0;
  double rate_reduced = 1;
  double rate_abstinent = 1;
  double using_to_reduced = 0;
  double using_to_abstinent = 0;
  double reduced_to_using = 0;
  double reduced_to_abstinent = 0;
  double abstinent_to_using = 0;
  double abstinent_to_reduced = 0;
  double to_active = 0;
  double to_quiet = 0;
  double quiet_rate = 0;

  double desistance = 0;
  Runs desistance_runs = Runs::in_calendar_time;
  double desistance_by_rate = 0;
  double death = 0;
  double death_doubling = 0;
  double women = 0;
  double death_women = 1;

  std::vector<std::string> types;
  ByItem<double> type_mix;
  double mix_spread = 0;
  double mix_switching = 0;
  std::vector<std::string> by_expected_count;
  std::vector<std::string> victims;
  ByItem<double> victim_share;

  ByItem<double> detected;
  ByItem<double> arrested;
  ByItem<double> charged;
  ByItem<double> convicted;
  ByItem<double> custody;
  double record_lag = 0;
  double arrest_lag = 0;
  double charge_lag = 0;
  double conviction_lag = 0;
  LagLaw lag_law = LagLaw::exponential;
  double proven_wait = 0;
  double stay_mean = 0;
  double stay_cv = 0;
  StayLaw stay_law = StayLaw::lognormal;

  Record record = Record::totals;
  ByItem<double> value_mean;
  double value_cv = 0;
  ByItem<double> harm;
  double spend_using = 0;
  double spend_reduced = 0;

  static void describe(auto& v) {
    describe_person(v);
    describe_states(v);
    describe_seen(v);
    describe_marks(v);
  }

 private:
  static void describe_person(auto& v);
  static void describe_states(auto& v);
  static void describe_seen(auto& v);
  static void describe_marks(auto& v);
};

void CareerParameters::describe_person(auto& v) {
  using P = CareerParameters;
  v.number("rate", &P::rate,
           {.unit = "offence/year",
            .range = {0, 1e4},
            .help = "Offences, seen or not, in a year of freedom: the mean over people, at the reference age, while "
                    "using, over quiet and active spells."});
  v.number("rate_shape", &P::rate_shape,
           {.unit = "1",
            .range = {0, 1e4},
            .off = 0,
            .help = "Shape of the gamma law by which rates differ between people (of a class); at 0 they don't."});
  v.number("rate_persistence", &P::rate_persistence,
           {.unit = "1",
            .range = {0, 1},
            .off = 1,
            .help = "Correlation of a person's rate before and after entry: at 1 it stays; below, those who are picked "
                    "for a bad time come nearer to the mean by themselves; at 0 it is drawn anew."});
  v.items("classes", &P::classes,
          {.unit = "class", .may_be_absent = true, .help = "Classes of people with other rates."});
  v.number("class_share", &P::class_share,
           {.unit = "1",
            .range = {0, 1e6},
            .off = 1,
            .over = "classes",
            .help = "Weights of the classes among people; only their ratios matter."});
  v.number("class_rate", &P::class_rate,
           {.unit = "1",
            .range = {0, 1e4},
            .off = 1,
            .over = "classes",
            .help = "Mean rate of each class in relation to the others; `rate` stays the mean of all."});
  v.number("age_mean", &P::age_mean,
           {.unit = "year", .range = {0, 90}, .off = 0, .help = "Mean age at the start; at 0 age has no part."});
  v.number("age_sd", &P::age_sd,
           {.unit = "year", .range = {0, 30}, .off = 0, .help = "Standard deviation of the age at the start."});
  v.number("onset_age", &P::onset_age,
           {.unit = "year", .range = {0, 40}, .off = 0, .help = "Age at which the age-crime curve leaves zero."});
  v.number("peak_age", &P::peak_age,
           {.unit = "year", .range = {0, 60}, .off = 0, .help = "Age at which the age-crime curve is highest."});
  v.number(
      "age_sharpness", &P::age_sharpness,
      {.unit = "1",
       .range = {0, 20},
       .off = 0,
       .help = "How sharply the age-crime curve falls from its peak: with x = (age - onset) / (peak - onset) it is "
               "(x exp(1 - x)) to this power; at 0 it is flat."});
  v.number("reference_age", &P::reference_age,
           {.unit = "year", .range = {0, 90}, .off = 0, .help = "Age at which `rate` holds; at 0 it is age_mean."});
  v.shares("season", &P::season,
           {.may_be_absent = true,
            .help = "Shares of a year's offences by calendar month, January first; without them every day is alike."});
  v.number("women", &P::women,
           {.unit = "share", .range = {0, 1}, .off = 0, .help = "Share of women, whose deaths may be fewer."});
}

void CareerParameters::describe_states(auto& v) {
  using P = CareerParameters;
  const auto change = [&](const char* name, double P::*member, const char* help) {
    v.number(name, member, {.unit = "1/year", .range = {0, 1000}, .off = 0, .help = help});
  };
  v.number("start_reduced", &P::start_reduced,
           {.unit = "share", .range = {0, 1}, .off = 0, .help = "Share who use less than they might, at the start."});
  v.number("start_abstinent", &P::start_abstinent,
           {.unit = "share", .range = {0, 1}, .off = 0, .help = "Share who are abstinent at the start."});
  v.number("rate_reduced", &P::rate_reduced,
           {.unit = "1", .range = {0, 10}, .off = 1, .help = "Rate while use is reduced over that while using."});
  v.number("rate_abstinent", &P::rate_abstinent,
           {.unit = "1", .range = {0, 10}, .off = 1, .help = "Rate while abstinent over that while using."});
  change("using_to_reduced", &P::using_to_reduced, "Hazard of using less.");
  change("using_to_abstinent", &P::using_to_abstinent, "Hazard of giving up at once.");
  change("reduced_to_using", &P::reduced_to_using, "Hazard of using as before after using less.");
  change("reduced_to_abstinent", &P::reduced_to_abstinent, "Hazard of giving up after using less.");
  change("abstinent_to_using", &P::abstinent_to_using, "Hazard of relapse to using as before.");
  change("abstinent_to_reduced", &P::abstinent_to_reduced, "Hazard of relapse to some use.");
  change("to_active", &P::to_active, "Hazard with which a quiet spell ends; at 0 there are no spells.");
  change("to_quiet", &P::to_quiet, "Hazard with which an active spell ends.");
  v.number("quiet_rate", &P::quiet_rate,
           {.unit = "1",
            .range = {0, 1},
            .off = 0,
            .help = "Rate in quiet spells over the mean; that in active ones follows, since the mean is 1."});
  change("desistance", &P::desistance, "Hazard of giving up crime for good, of a person of the mean rate.");
  v.one_of("desistance_runs", &P::desistance_runs, {"in calendar time", "in free time"},
           {.off = 0, .help = "Whether that hazard runs on in custody and residence."});
  v.number("desistance_by_rate", &P::desistance_by_rate,
           {.unit = "1",
            .range = {0, 3},
            .off = 0,
            .help = "That hazard is multiplied by (own rate / mean rate) to minus this power."});
  change("death", &P::death, "Hazard of death, of men at the reference age.");
  v.number("death_doubling", &P::death_doubling,
           {.unit = "year",
            .range = {0, 100},
            .off = 0,
            .help = "Years of age in which the hazard of death doubles; at 0 it is the same at every age."});
  v.number("death_women", &P::death_women,
           {.unit = "1", .range = {0, 10}, .off = 1, .help = "Hazard of death of women over that of men."});
}

void CareerParameters::describe_seen(auto& v) {
  using P = CareerParameters;
  const auto share = [&](const char* name, ByItem<double> P::*member, const char* help) {
    v.number(name, member, {.unit = "share", .range = {0, 1}, .off = 0, .over = "types", .help = help});
  };
  const auto lag = [&](const char* name, double P::*member, const char* help) {
    v.number(name, member, {.unit = "week", .range = {0, 1040}, .off = 0, .help = help});
  };
  v.items("types", &P::types, {.unit = "type", .help = "Types of offences."});
  v.number("type_mix", &P::type_mix,
           {.unit = "1",
            .range = {0, 1e6},
            .over = "types",
            .help = "Weights of the types in the offences of the group; only their ratios matter."});
  v.number(
      "mix_spread", &P::mix_spread,
      {.unit = "1",
       .range = {0, 1e4},
       .off = 0,
       .help = "Concentration of the Dirichlet law of people's own mixes: the smaller, the more people specialise; "
               "at 0 everybody has the group's mix."});
  v.number("mix_switching", &P::mix_switching,
           {.unit = "1/year", .range = {0, 1000}, .off = 0, .help = "Hazard with which a person draws a new mix."});
  v.items("by_expected_count", &P::by_expected_count,
          {.unit = "type",
           .may_be_absent = true,
           .help = "Types, rare and costly ones, whose offences, victims, harm and value stolen are counted by their "
                   "expected number, given everybody's life, rather than drawn: the same mean, without the luck of a "
                   "handful. What is recorded, and what follows from it, is drawn as ever."});
  v.items("victims", &P::victims,
          {.unit = "victim",
           .may_be_absent = true,
           .help = "Kinds of victims of each type, written \"type: kind\" (\"theft: shops\"); they change nothing but "
                   "what is counted."});
  v.number("victim_share", &P::victim_share,
           {.unit = "1",
            .range = {0, 1e6},
            .off = 1,
            .over = "victims",
            .help = "Weights of the kinds of victims; only their ratios within a type matter."});
  v.number("detected", &P::detected,
           {.unit = "share",
            .range = {0, 1},
            .over = "types",
            .help = "Share of the offences of a type that are recorded against the person: one over the multiplier "
                    "from recorded to actual crime."});
  share("arrested", &P::arrested, "Share of the recorded offences of a type that lead to an arrest.");
  share("charged", &P::charged, "Share of those arrested for a type that are charged.");
  share("convicted", &P::convicted, "Share of those charged with a type that are convicted or cautioned.");
  share("custody", &P::custody,
        "Share of those charged with a type that go to custody, from the day of conviction; no more than `convicted`.");
  lag("record_lag", &P::record_lag, "Mean time from offence to record.");
  lag("arrest_lag", &P::arrest_lag, "Mean time from record to arrest.");
  lag("charge_lag", &P::charge_lag, "Mean time from arrest to charge.");
  lag("conviction_lag", &P::conviction_lag, "Mean time from charge to conviction.");
  v.one_of("lag_law", &P::lag_law, {"exponential", "fixed"}, {.off = 0, .help = "How these times are spread."});
  lag("proven_wait", &P::proven_wait,
      "An offence of a phase counts as proven if its conviction comes no later than this after the phase.");
  lag("stay_mean", &P::stay_mean, "Mean time served in custody.");
  v.number("stay_cv", &P::stay_cv,
           {.unit = "1",
            .range = {0, 5},
            .off = 0,
            .help = "Standard deviation of the time served over its mean; at 0 it is the same for all."});
  v.one_of("stay_law", &P::stay_law, {"lognormal", "exponential"},
           {.off = 0, .help = "How times served are spread; exponential needs no stay_cv: it is 1."});
}

void CareerParameters::describe_marks(auto& v) {
  using P = CareerParameters;
  v.one_of(
      "record", &P::record, {"totals", "every offence"},
      {.off = 0,
       .help = "Whether offences that nobody sees are counted over all people at once, or one by one, which what is "
               "stolen by a person needs."});
  v.number("value_mean", &P::value_mean,
           {.unit = "£",
            .range = {0, 1e6},
            .off = 0,
            .over = "types",
            .help = "Mean value stolen in an offence of a type."});
  v.number(
      "value_cv", &P::value_cv,
      {.unit = "1", .range = {0, 10}, .off = 0, .help = "Standard deviation of that value over its mean (lognormal)."});
  v.number("harm", &P::harm,
           {.unit = "day",
            .range = {0, 1e5},
            .off = 0,
            .over = "types",
            .help = "Harm of an offence of a type in days of imprisonment (Cambridge Crime Harm Index)."});
  v.number("spend_using", &P::spend_using,
           {.unit = "£/week", .range = {0, 1e5}, .off = 0, .help = "Spent on drugs while using and free."});
  v.number("spend_reduced", &P::spend_reduced,
           {.unit = "£/week", .range = {0, 1e5}, .off = 0, .help = "Spent on drugs while use is reduced and free."});
}

}  // namespace desist
