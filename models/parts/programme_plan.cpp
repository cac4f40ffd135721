#include "models/parts/programme_plan.hpp"

#include <algorithm>
#include <stdexcept>

#include "models/parts/idle.hpp"
#include "models/parts/refusal.hpp"

namespace desist {
namespace {

/// Nothing is left of a rate times 1e-300, and its logarithm can be halved.
double log_of(double multiplier) { return std::log(std::max(multiplier, 1e-300)); }

bool is_one(const ByItem<double>& multipliers) {
  return std::all_of(multipliers.values.begin(), multipliers.values.end(), [](double each) { return each == 1; });
}

/// Effects that act while the programme lasts, and what is given of them that could never act.
void refuse_what_does_nothing(const ProgrammeParameters& p) {
  const bool anybody = p.eligible > 0 && p.consent > 0;
  const bool lasts = p.length > 0 || p.half_life > 0 || !anybody;
  refuse_unless(lasts || is_one(p.rate_effect),
                "rate_effect would do nothing: `length` of the programme is 0, and half_life of what is left of it");
  refuse_unless(
      lasts || (p.desistance_effect == 1 && p.relapse_effect == 1 && p.recovery_effect == 1 && p.severity_effect == 1),
      "desistance_effect, relapse_effect, recovery_effect and severity_effect would do nothing: `length` of "
      "the programme is 0, and half_life of what is left of it");
  refuse_unless(p.sessions == 0 || p.length > 0,
                "sessions need `length`, the time over which they are held, and it is 0: leave them out of what "
                "happens once, whose effect is whole at once");
  refuse_unless(p.attendance == 1 || p.sessions > 0, "attendance would do nothing: there are no `sessions`");
  refuse_unless(p.attendance > 0 || !anybody || is_one(p.rate_effect),
                "rate_effect would do nothing: attendance is 0, and the effect is in proportion to the sessions "
                "attended");
  refuse_unless(p.second_share > 0 || is_one(p.second_effect),
                "second_effect would do nothing: second_share, those who are in the second programme, is 0");
  refuse_unless(p.second_share == 0 || is_one(p.second_effect) || p.second_length > 0 || p.second_half_life > 0,
                "second_effect would do nothing: second_length and second_half_life are 0");
  refuse_unless(p.second_share == 0 || is_one(p.second_interaction) || p.second_length > 0 || p.second_half_life > 0,
                "second_interaction would do nothing: second_length and second_half_life are 0");
}

/// The same of what needs a state, an offence that is seen, or time in the programme.
void refuse_what_nothing_meets(const ProgrammeParameters& p, const CareerPlan& career) {
  refuse_unless(career.drugs || (p.relapse_effect == 1 && p.recovery_effect == 1),
                "relapse_effect and recovery_effect would do nothing: nobody's use of drugs changes");
  refuse_unless(career.drugs || (p.effect_reduced == 1 && p.effect_abstinent == 1),
                "effect_reduced and effect_abstinent would do nothing: everybody is using, for good");
  const auto is_none = [](const std::vector<double>& marks) {
    return std::all_of(marks.begin(), marks.end(), [](double mark) { return mark == 0; });
  };
  refuse_unless(p.severity_effect == 1 || !is_none(career.harm) || !is_none(career.value_mean),
                "severity_effect would do nothing: harm and value_mean are 0 for every type, so that no severity is "
                "counted");
  refuse_unless(p.drop_out == 0 || p.length > 0, "drop_out would do nothing: `length` of the programme is 0");
  refuse_unless(p.length_cv == 0 || p.length > 0, "length_cv would do nothing: `length` of the programme is 0");
  refuse_unless(p.breach == 0 || p.length > 0, "breach would do nothing: `length` of the programme is 0");
  const bool any_is_seen = std::any_of(career.detected.begin(), career.detected.end(), [](double d) { return d > 0; });
  refuse_unless(p.breach == 0 || any_is_seen,
                "breach would do nothing: no offence is `detected`, and it is a recorded one that is a breach");
  refuse_unless(p.residence <= p.length || p.length == 0,
                "residence is longer than `length`, whose first weeks it is: nobody would be in it so long");
}

}  // namespace

std::vector<IdleParameter> idle_parameters(const ProgrammeParameters& p) {
  using enum ProgrammeParameters::Entry;
  IdleList idle;
  const bool has_effect = !is_one(p.rate_effect) || p.desistance_effect != 1 || p.relapse_effect != 1 ||
                          p.recovery_effect != 1 || p.severity_effect != 1;
  idle.add_if(!has_effect,
              "the programme changes neither rates nor desistance, drugs or severity (rate_effect and its like)",
              {"half_life", "effect_in_class", "effect_reduced", "effect_abstinent", "effect_young", "young_until"});
  const bool has_second = !is_one(p.second_effect) || !is_one(p.second_interaction);
  idle.add_if(!has_second, "the second programme changes nothing (second_effect, second_interaction)",
              {"second_share", "second_after", "second_length", "second_half_life"});
  idle.add_if(p.second_share == 0, "nobody is in the second programme (second_share)",
              {"second_interaction", "second_after", "second_length", "second_half_life"});
  idle.add_if(p.entry == referral && p.referral == 0 && p.referral_at_arrest == 0,
              "it is \"referral\", and nobody is ever referred (referral, referral_at_arrest)", {"entry"});
  idle.add_if(p.entry != referral, "it is of entry = \"referral\"", {"referral", "referral_at_arrest"});
  idle.add_if(p.entry == referral && p.referral == 0, "it is 0, as where it is left out", {"referral"});
  idle.add_if(p.entry == referral && p.referral_at_arrest == 0, "it is 0, as where it is left out",
              {"referral_at_arrest"});
  idle.add_if(p.entry != list, "it is of entry = \"list\"", {"list_least", "list_of"});
  idle.add_if(p.entry != index_offence, "it is of entry = \"index offence\"", {"intake_window"});
  idle.add_if(p.drop_out == 0, "nobody drops out (drop_out)", {"drop_out_by_rate"});
  idle.add_if(p.breach == 0, "no offence is a breach (breach)", {"breach_custody", "breach_charged"});
  idle.add_if(p.death_left_early == 1, "who leaves early dies as others do (death_left_early)",
              {"death_left_early_for"});
  return idle.all();
}

ProgrammePlan::ProgrammePlan(const ProgrammeParameters& p, const CareerPlan& career)
    : entry(p.entry),
      before(p.before),
      intake_window(p.intake_window),
      list_least(p.list_least),
      list_of(static_cast<std::size_t>(std::llround(p.list_of))),
      referral(p.referral / weeks_per_year),
      referral_at_arrest(p.referral_at_arrest),
      again(p.again),
      eligible(p.eligible),
      consent(p.consent),
      consent_by_rate(p.consent_by_rate),
      replaces_refused(p.refused == ProgrammeParameters::Refused::replaced),
      wait(p.wait),
      waits_are_exponential(p.wait_law == ProgrammeParameters::WaitLaw::exponential),
      length(SupportLaw::Form::lognormal, p.length, p.length_cv, 0),
      residence(p.residence),
      after(p.after),
      sessions(static_cast<int>(std::lround(p.sessions))),
      attendance(p.attendance),
      drop_out(p.drop_out / weeks_per_year),
      drop_out_by_rate(p.drop_out_by_rate),
      breach(p.breach),
      breach_custody(p.breach_custody),
      breach_charged(p.breach_charged),
      custody_ends_it(p.in_custody == ProgrammeParameters::InCustody::leaves),
      death_left_early(p.death_left_early),
      death_left_early_for(p.death_left_early_for),
      log_desistance(log_of(p.desistance_effect)),
      log_relapse(log_of(p.relapse_effect)),
      log_recovery(log_of(p.recovery_effect)),
      log_severity(log_of(p.severity_effect)),
      strength_in_class(p.effect_in_class.values),
      strength_in_drug_state{1, p.effect_reduced, p.effect_abstinent},
      strength_young(p.effect_young),
      young_until(p.young_until),
      waning(p.half_life),
      second_share(p.second_share),
      second_after(p.second_after),
      second_length(p.second_length),
      second_waning(p.second_half_life) {
  using enum ProgrammeParameters::Entry;
  if (p.detection_effect != 1)
    for (const double share : career.detected) detected.push_back(std::min(1.0, share * p.detection_effect));
  for (const double effect : p.rate_effect.values) log_effect.push_back(log_of(effect));
  for (const double effect : p.second_effect.values) second_log_effect.push_back(log_of(effect));
  bind_interaction(p);
  refuse_unless(before < career.end, "`before` has to end before the window does");
  refuse_unless(entry == list || (list_least == 0 && list_of == 0),
                "list_least and list_of are for entry = \"list\": leave them out");
  refuse_unless(
      entry != list || (list_least > 0) != (list_of > 0),
      "entry = \"list\" needs list_least, the fewest offences, or list_of, the people it chooses from: one of "
      "them");
  refuse_unless(entry != list || before > 0, "entry = \"list\" needs `before`, the time that the list looks back on");
  refuse_unless(entry == index_offence || intake_window == 0,
                "intake_window is for entry = \"index offence\": leave it out");
  refuse_unless(entry != index_offence || intake_window > 0 || before == 0,
                "entry = \"index offence\" with time before it needs intake_window, in which the offence falls");
  refuse_unless(entry == ProgrammeParameters::Entry::referral || p.referral == 0,
                "the hazard `referral` is for entry = \"referral\": leave it out");
  refuse_referrals_that_contradict(career);
  refuse_unless(!replaces_refused || (eligible > 0 && consent > 0),
                "nobody could take the places of the refused: eligible or consent is 0");
  refuse_unless(!replaces_refused || list_of == 0,
                "a list of the highest has no others to take the places of the refused: leave `refused` out");
  if (entry == index_offence) {
    double seen = 0;
    for (std::size_t j = 0; j < career.types; ++j) seen += career.mix[j] * career.detected[j];
    refuse_unless(career.rate * seen > 0, "entry = \"index offence\" needs offences that are detected");
  }
  refuse_unless(young_until > 0 || strength_young == 1, "effect_young needs young_until: who is young");
  refuse_unless(young_until == 0 || career.ages,
                "young_until needs ages: age_mean, with age_sharpness or death_doubling");
  refuse_unless(residence == 0 || p.length > 0, "residence needs `length`: it is the first weeks of it");
  refuse_unless(breach_custody == 0 || breach > 0, "breach_custody needs `breach`");
  refuse_unless(breach_charged == 0 || breach > 0, "breach_charged needs `breach`");
  refuse_unless(breach_custody == 0 || career.stay.mean_in_slot() > 0,
                "breach_custody needs stay_mean, the mean time served");
  refuse_unless((death_left_early_for > 0) || death_left_early == 1,
                "death_left_early needs death_left_early_for: for how long");
  refuse_what_does_nothing(p);
  refuse_what_nothing_meets(p, career);
}

void ProgrammePlan::refuse_referrals_that_contradict(const CareerPlan& career) const {
  const bool by_referral = entry == ProgrammeParameters::Entry::referral;
  const bool comes_again = again != ProgrammeParameters::Again::not_again;
  refuse_unless(by_referral || (referral_at_arrest == 0 && !comes_again),
                "referral_at_arrest and `again` are for entry = \"referral\": leave them out");
  refuse_unless(referral_at_arrest == 0 || career.chain,
                "referral_at_arrest needs arrests: `arrested` is 0 for every type");
  refuse_unless(!comes_again || second_share == 0,
                "a second programme goes beside the first time in one: leave second_share or `again` out");
}

void ProgrammePlan::bind_interaction(const ProgrammeParameters& p) {
  const std::vector<double>& values = p.second_interaction.values;
  if (std::all_of(values.begin(), values.end(), [](double interaction) { return interaction == 1; })) return;
  refuse_unless(second_share > 0 || second_length > 0,
                "second_interaction needs a second programme: second_share, who is in it too, and second_length, for "
                "how long");
  for (const double interaction : values) log_interaction.push_back(log_of(interaction));
}

bool ProgrammePlan::takes_part(const CareerPerson& person, const Streams& streams, std::uint64_t time) const {
  if (eligible == 1 && consent == 1 && consent_by_rate == 0) return true;
  const Words words = streams.words(Purpose("taking part"), person.id, time);
  if (!(uniform(words[0]) < eligible)) return false;
  const double chance = consent_by_rate == 0 ? consent : consent * std::pow(person.relative, consent_by_rate);
  return uniform(words[1]) < chance;
}

}  // namespace desist
