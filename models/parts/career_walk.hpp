// One career, matter by matter: the algorithm of mathematics.md 1.10.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "models/parts/career_ageing.hpp"
#include "models/parts/career_chain.hpp"
#include "models/parts/career_dose.hpp"
#include "models/parts/career_events.hpp"
#include "models/parts/career_held.hpp"
#include "models/parts/career_matters.hpp"
#include "models/parts/career_once.hpp"
#include "models/parts/career_person.hpp"
#include "models/parts/career_plan.hpp"
#include "models/parts/career_referral.hpp"
#include "models/parts/career_space.hpp"
#include "models/parts/career_states.hpp"
#include "models/parts/instants.hpp"
#include "models/parts/programme_plan.hpp"

namespace desist {

/// Walks persons through the window and tells a tally what happens (career_events.hpp: CareerListener).
///
/// Between matters all hazards are constant but for season and age, which are known in advance, so the walk is exact.
/// What befalls a person depends on the person's own streams only. Verified by: career_test, career_law_test.
template <class Tally>
class CareerWalk {
 public:
  CareerWalk(const CareerPlan& plan, const ProgrammePlan& programme, const Streams& streams, CareerSpace& space,
             Tally& tally)
      : plan_(plan), programme_(programme), streams_(streams), space_(space), tally_(tally) {}

  /// From the start of the window to `until`.
  void run(const CareerPerson& person, const CareerEntry& entry, double until) {
    begin(person, entry, until);
    for (;;) {
      const Matter first = when_.first();
      const double next = when_[first];
      if (next > now_ && offends()) {
        offend(next);
        if (interrupted_) continue;
      }
      pass(next);
      if (first == end) break;
      happen(first);
      if (!alive_) break;
    }
    if (plan_.held.any && piece_.phase == CareerPhase::before) tally_.expected_before(held_.expected(plan_.held));
    tally_.ended(now_);
  }

 private:
  using Matter = CareerMatters::Matter;
  using enum CareerMatters::Matter;

  void begin(const CareerPerson& person, const CareerEntry& entry, double until) {
    person_ = person;
    now_ = 0;
    alive_ = true;
    when_.forget_all();
    when_.set(end, until);
    piece_ = CareerPiece{};
    piece_.mix = person_.mix.data();
    piece_.effect = dose_.effect().data();
    piece_.detected = detected_ = plan_.detected.data();
    piece_.drug = person.drug;
    piece_.active = person.active;
    in_custody_ = in_residence_ = in_programme_ = start_put_off_ = false;
    dose_.begin();
    space_.sentences.clear();
    ageing_.begin(plan_, streams_, person, until);
    held_ = HeldMeans{};
    held_factor_ = 1;
    states_go_on_ = ageing_goes_on_ = sentences_go_on_ = true;
    states_.begin(plan_, streams_, person.id);
    starts_after_wait_ = entry.starts_after_wait;
    referral_.begin(programme_, streams_, person.id, entry.by_referral);
    if (referral_.is_open()) when_.set(opening, programme_.before);
    when_.set(entering, entry.enters);
    when_.set(starting, entry.starts);
    share_out_types();
    something_follows_ = plan_.chain || plan_.record_lag > 0 || programme_.breach > 0;
    space_.seen.begin(streams_, Purpose("offences seen"), person.id,
                      something_follows_ ? std::optional(Purpose("what follows an offence")) : std::nullopt);
    if (plan_.every_offence) space_.unseen.begin(streams_, Purpose("offences not seen"), person.id);
    tally_.begin(person_);
    renew();
  }

  void share_out_types() {
    shares_.share_out(person_.mix.data(), detected_, plan_.types);
    renew_seen();
  }
  void renew_seen() {
    piece_.seen = 0;
    for (std::size_t j = 0; j < plan_.types; ++j) piece_.seen += piece_.mix[j] * piece_.detected[j] * piece_.effect[j];
  }

  // What has happened may have changed some hazards: they are set, and the moments of their clocks with them.
  void renew() {
    piece_.place = in_custody_ ? CareerPlace::custody : in_residence_ ? CareerPlace::residence : CareerPlace::free;
    renew_rate();
    renew_desisting();
    renew_dying();
    renew_drug();
    renew_spell();
    if (plan_.mix_switching > 0 && states_go_on_) when_.set(new_mix, states_.new_mix_at(now_));
    renew_referral();
    if (in_programme_ && drop_out_ > 0) when_.set(dropping_out, drop_out_clock_.set(now_, drop_out_));
  }
  bool offends() const { return piece_.place == CareerPlace::free && !piece_.desisted; }
  void renew_rate() {
    rate_ = offends() ? rate_at_age(ageing_.factor()) : 0;
    piece_.rate = rate_;
  }
  double rate_at_age(double factor) const {
    const double rate = person_.rate * factor * held_factor_;
    return states_go_on_ ? states_.apply(rate, piece_.drug, piece_.active) : rate;
  }
  void renew_desisting() {
    if (plan_.desistance == 0 || !ageing_goes_on_) return;
    const bool runs = !piece_.desisted && (piece_.place == CareerPlace::free || !plan_.desistance_in_free_time);
    when_.set(desisting, ageing_.desists_at(now_, runs, dose_.desisting()));
  }
  void renew_dying() {
    if (plan_.deaths && ageing_goes_on_) when_.set(dying, ageing_.dies_at());
  }
  void renew_drug() {
    if (plan_.drugs && states_go_on_) when_.set(drug_jump, states_.drug_jump_at(now_, piece_.drug, dose_));
  }
  void renew_spell() {
    if (plan_.spells && states_go_on_) when_.set(spell_jump, states_.spell_end_at(now_, piece_.active));
  }
  void renew_referral() {
    if (!referral_.is_open()) return;
    const bool open = now_ >= programme_.before && offends() && piece_.drug != DrugState::abstinent;
    when_.set(referral, referral_.at(now_, open ? programme_.referral : 0));
  }

  // Candidates until the next matter; `interrupted_` if one of them brings a matter forward.
  void offend(double next) {
    const double bound =
        rate_at_age(ageing_.most_factor(now_, next)) * shares_.seen() * dose_.most_effect() * plan_.season.highest();
    interrupted_ = false;
    while (const CareerCandidate* candidate = space_.seen.next(now_, next, bound)) {
      const std::size_t type = shares_.type_seen(candidate->marks[0]);
      const double rate = rate_at_age(ageing_.factor_at(candidate->time)) * shares_.seen() * dose_.effect()[type] *
                          plan_.season.at(candidate->time);
      if (!(candidate->height < rate)) continue;
      if (follow(*candidate, type, next)) {
        interrupted_ = true;
        return;
      }
    }
  }

  /// What follows an offence that is seen; whether a matter now comes before `next`.
  bool follow(const CareerCandidate& candidate, std::size_t type, double next) {
    SeenOffence offence;
    offence.time = candidate.time;
    offence.type = type;
    offence.phase = piece_.phase;
    offence.severity = dose_.severity();
    offence.value_word = candidate.marks[1];
    if (!plan_.victims.empty())
      offence.victim = victim_of(plan_, streams_, Purpose("victim, seen"), person_.id, candidate, type);
    offence.recorded = offence.time;
    if (something_follows_) {
      const ChainEnd last =
          follow_chain(plan_, Stream(candidate.follows), in_programme_ ? programme_.breach : 0, offence);
      if (last.breaches) when_.set(breaching, std::min(when_[breaching], offence.recorded));
      if (offence.to_custody) {
        space_.sentences.add({offence.convicted, last.stay});
        when_.set(sentence, space_.sentences.next());
      }
    }
    tally_.seen(offence);
    const std::uint64_t name = ordinal_of(candidate);
    if (referral_.is_open())
      when_.set(referral, std::min(when_[referral],
                                   referral_.arrested(programme_, streams_, person_.id, offence.arrested, name)));
    return std::min({when_[sentence], when_[breaching], when_[referral]}) < next;
  }

  // Time passes until `next`, with the state as it is, a step of the age grid at a time.
  void pass(double next) {
    while (ageing_.step_ends() < next) {
      pass_on(ageing_.step_ends());
      ageing_.take_step();
      renew_rate();
    }
    pass_on(next);
  }
  void pass_on(double next) {
    if (next > now_) {
      piece_.from = now_;
      piece_.until = next;
      piece_.in_programme = in_programme_;
      piece_.severity = dose_.severity();
      if (plan_.held.any && piece_.phase == CareerPhase::before) hold_back(next);
      tally_.piece(piece_);
      if (plan_.every_offence && rate_ > 0) offend_unseen(next);
    }
    now_ = next;
  }

  // What is held later is the mean of this time.
  void hold_back(double next) {
    HeldMeans::Stretch stretch;
    stretch.weeks = next - now_;
    stretch.season = plan_.season.upto(next) - plan_.season.upto(now_);
    stretch.seen_rate = person_.rate * shares_.seen();
    stretch.state = states_.apply(1, piece_.drug, piece_.active);
    stretch.age = piece_.desisted ? 0 : ageing_.factor();
    stretch.is_free = piece_.place == CareerPlace::free;
    held_.add(plan_.held, stretch);
  }

  /// From now on what is to be held still is, at the mean of the time before.
  void hold_still() {
    const HeldStill& held = plan_.held;
    if (held.states) {
      states_go_on_ = false;
      held_factor_ *= held_.state(states_.apply(1, piece_.drug, piece_.active));
      when_.forget({drug_jump, spell_jump, new_mix});
    }
    if (held.ageing) {
      ageing_goes_on_ = false;
      ageing_.hold_factor(held_.age(piece_.desisted ? 0 : ageing_.factor()));
      piece_.desisted = false;
      when_.forget({desisting, dying});
    }
    if (held.custody) {
      sentences_go_on_ = false;
      held_factor_ *= held_.free(1);
    }
  }

  void offend_unseen(double next) {
    const double bound = rate_ * shares_.unseen() * dose_.most_effect() * plan_.season.highest();
    while (const CareerCandidate* candidate = space_.unseen.next(now_, next, bound)) {
      const std::size_t type = shares_.type_unseen(candidate->marks[0]);
      if (!(candidate->height < rate_ * shares_.unseen() * dose_.effect()[type] * plan_.season.at(candidate->time)))
        continue;
      UnseenOffence offence{candidate->time, type, piece_.phase, dose_.severity(), candidate->marks[1], {}};
      if (!plan_.victims.empty())
        offence.victim = victim_of(plan_, streams_, Purpose("victim, not seen"), person_.id, *candidate, type);
      tally_.unseen(offence);
    }
  }

  // A matter, and what it changes: after most of them whatever may have changed.
  void happen(Matter matter) {
    switch (matter) {
      case dying:
        alive_ = false;
        if (in_programme_) tally_.left(now_, ProgrammeEnd::died);
        tally_.died(now_);
        return;
      case desisting:
        piece_.desisted = true;
        when_.set(desisting, never);
        tally_.desisted(now_);
        break;
      case drug_jump:
        piece_.drug = states_.jump(now_, piece_.drug, dose_);
        renew_rate();
        renew_drug();
        renew_referral();
        return;
      case spell_jump:
        piece_.active = !piece_.active;
        states_.next_spell(now_);
        renew_rate();
        renew_spell();
        return;
      case new_mix:
        states_.switch_mix(now_, person_);
        share_out_types();
        break;
      case opening:
        when_.set(opening, never);
        break;
      case referral:
        when_.set(referral, never);
        tally_.referred(now_);
        if (referral_.take()) tally_.referred_again(now_);
        enter();
        break;
      case entering:
        when_.set(entering, never);
        enter();
        break;
      case starting:
        when_.set(starting, never);
        start();
        break;
      case session:
        attend();
        renew_desisting();
        renew_drug();
        return;
      case wane:
        dose_.wane(programme_);
        when_.set(wane, dose_.is_at_work() ? now_ + programme_.waning.step() : never);
        renew_effect();
        renew_desisting();
        renew_drug();
        return;
      case leaving:
        leave(ProgrammeEnd::completed);
        break;
      case dropping_out:
        leave(ProgrammeEnd::dropped_out);
        break;
      case breaching:
        when_.set(breaching, never);
        if (in_programme_) breach();
        break;
      case residence_over:
        in_residence_ = false;
        when_.set(residence_over, never);
        break;
      case after_over:
        when_.set(after_over, never);
        enter_phase(CareerPhase::outside);
        break;
      case risk_over:
        when_.set(risk_over, never);
        ageing_.set_early_risk(1, now_);
        break;
      case second:
        when_.set(second, now_ + dose_.go_on_with_second(programme_));
        renew_effect();
        break;
      case sentence: {
        const double stay = space_.sentences.take();
        when_.set(sentence, space_.sentences.next());
        go_to_custody(stay);
        break;
      }
      case release:
        when_.set(release, never);
        in_custody_ = false;
        tally_.released(now_);
        if (start_put_off_) start();
        break;
      case end:
      case matters:
        break;
    }
    renew();
  }

  void enter() {
    const bool takes_part = programme_.takes_part(person_, streams_, referral_.time());
    if (plan_.rates_drift && referral_.time() == 0 &&
        !plan_.held.states) {  // whether or not the person takes part, who was judged by the rate before
      let_rate_drift(plan_, streams_, person_);
      ageing_.set_rate(person_);
    }
    if (!takes_part) {
      enter_phase(CareerPhase::outside);
      referral_.let_come_again(programme_, streams_, person_.id, now_, false);
      return;
    }
    if (!starts_after_wait_) return;
    double wait = programme_.wait;
    if (programme_.waits_are_exponential && wait > 0)
      wait *= -std::log(uniform(streams_.words(Purpose("wait"), person_.id, referral_.time())[0]));
    when_.set(starting, now_ + wait);
  }

  void start() {
    start_put_off_ = in_custody_;
    if (start_put_off_) return;
    tally_.started(now_);
    enter_phase(CareerPhase::during);
    if (plan_.held.any) hold_still();
    if (!programme_.detected.empty() && !plan_.held.detection) {
      piece_.detected = detected_ = programme_.detected.data();
      share_out_types();
    }
    if (referral_.time() > 0) when_.forget({wane, after_over});
    in_programme_ = true;
    started_ = now_;
    dose_.start(programme_, programme_.strength_on(person_, piece_.drug, now_));
    const Words words = streams_.words(Purpose("time in the programme"), person_.id, referral_.time());
    planned_ = programme_.length(words[0]);
    when_.set(leaving, now_ + planned_);
    drop_out_clock_.begin(now_, words[1]);
    drop_out_ = programme_.drop_out_of(person_);
    if (programme_.residence > 0 && sentences_go_on_) {
      in_residence_ = true;
      when_.set(residence_over, now_ + std::min(planned_, programme_.residence));
    }
    if (programme_.sessions > 0) when_.set(session, session_time(1));
    if (programme_.second_share > 0 &&
        uniform(streams_.words(Purpose("second programme"), person_.id)[0]) < programme_.second_share) {
      dose_.choose_second();
      when_.set(second, now_ + programme_.second_after);
    }
    renew_effect();
  }

  std::uint64_t ordinal_of_session(int k) const { return referral_.time() << 32U | static_cast<std::uint64_t>(k); }
  double session_time(int k) const { return started_ + planned_ * (static_cast<double>(k) / programme_.sessions); }
  void attend() {
    const int held = dose_.sessions_held() + 1;
    const bool attends =
        programme_.attendance == 1 ||
        uniform(streams_.words(Purpose("sessions"), person_.id, ordinal_of_session(held))[0]) < programme_.attendance;
    dose_.hold_session(programme_, attends);
    when_.set(session, held < programme_.sessions ? session_time(held + 1) : never);
    renew_effect();
  }

  void leave(ProgrammeEnd how) {
    in_programme_ = false;
    in_residence_ = false;
    when_.forget({session, leaving, dropping_out, breaching, residence_over});
    tally_.left(now_, how);
    enter_phase(CareerPhase::after);
    if (programme_.after > 0) when_.set(after_over, now_ + programme_.after);
    if (how != ProgrammeEnd::completed && programme_.death_left_early != 1) {
      ageing_.set_early_risk(programme_.death_left_early, now_);
      when_.set(risk_over, now_ + programme_.death_left_early_for);
    }
    dose_.leave(programme_);
    when_.set(wane, dose_.is_at_work() ? now_ + programme_.waning.step() : never);
    renew_effect();
    referral_.let_come_again(programme_, streams_, person_.id, now_, how == ProgrammeEnd::completed);
  }

  void breach() {
    leave(ProgrammeEnd::breached);
    if (programme_.breach_charged > 0) prosecute();
    if (programme_.breach_custody == 0) return;
    const Words words = streams_.words(Purpose("what follows a breach"), person_.id, referral_.time());
    if (uniform(words[0]) < programme_.breach_custody) go_to_custody(plan_.stay(words[1]));
  }

  void prosecute() {
    BreachProsecution prosecution;
    const double stay =
        follow_breach(plan_, streams_.open(Purpose("prosecution of a breach"), person_.id, referral_.time()),
                      programme_.breach_charged, shares_, now_, prosecution);
    tally_.prosecuted(prosecution);
    if (!prosecution.to_custody) return;
    space_.sentences.add({prosecution.convicted, stay});
    when_.set(sentence, space_.sentences.next());
  }

  void go_to_custody(double stay) {
    if (!sentences_go_on_) return;
    if (!in_custody_) {
      in_custody_ = true;
      when_.set(release, now_);
      tally_.sentenced(now_);
      if (in_programme_ && programme_.custody_ends_it) leave(ProgrammeEnd::to_custody);
    }
    when_.set(release, std::max(when_[release], now_ + stay));  // sentences run side by side
  }

  void renew_effect() {
    if (plan_.held.effect) return;  // held: as it was, none
    dose_.renew(programme_, plan_.types);
    renew_seen();
  }

  void enter_phase(CareerPhase phase) {
    if (plan_.held.any && piece_.phase == CareerPhase::before) tally_.expected_before(held_.expected(plan_.held));
    piece_.phase = phase;
    if (phase == CareerPhase::outside && programme_.ends_with_last_phase) when_.set(end, now_);
    tally_.phase_begins(now_, phase);
  }

  const CareerPlan& plan_;
  const ProgrammePlan& programme_;
  const Streams& streams_;
  CareerSpace& space_;
  Tally& tally_;

  CareerPerson person_;
  CareerPiece piece_;
  double now_ = 0;
  bool alive_ = true;
  bool interrupted_ = false;
  CareerMatters when_;

  HeldMeans held_;            // of the time before
  double held_factor_ = 1;    // what is held still is worth
  bool states_go_on_ = true;  // drugs, spells and mixes go on, as do
  bool ageing_goes_on_ = true;
  bool sentences_go_on_ = true;
  const double* detected_ = nullptr;  // by type

  bool something_follows_ = false;  // an offence that is seen
  double rate_ = 0;
  bool in_custody_ = false;
  bool in_residence_ = false;
  TypeShares shares_;

  CareerReferral referral_;
  CareerClock drop_out_clock_;
  CareerStates states_;
  CareerAgeing ageing_;

  bool starts_after_wait_ = true;
  bool in_programme_ = false;
  bool start_put_off_ = false;
  double started_ = 0;
  double planned_ = 0;
  double drop_out_ = 0;  // hazard
  CareerDose dose_;
};

}  // namespace desist
