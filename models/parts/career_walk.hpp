// One career, matter by matter: the algorithm of mathematics.md 1.10.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

#include "models/parts/career_events.hpp"
#include "models/parts/career_held.hpp"
#include "models/parts/career_once.hpp"
#include "models/parts/career_person.hpp"
#include "models/parts/career_plan.hpp"
#include "models/parts/career_strips.hpp"
#include "models/parts/programme_plan.hpp"

namespace desist {

/// Memory of a walk, to be used for one person after the other.
struct CareerSpace {
  struct Sentence {
    double from = 0;
    double stay = 0;
    friend bool operator>(const Sentence& a, const Sentence& b) { return a.from > b.from; }
  };
  CareerStrips seen;
  CareerStrips unseen;
  std::vector<Sentence> sentences;  // a heap, the earliest on top
};

/// Walks persons through the window and tells a tally what happens (career_events.hpp: CareerListener).
///
/// Between matters all hazards are constant but for the season, which is known in advance, so the walk is exact. What
/// befalls a person depends on the person's own streams only. Verified by: career_test, career_law_test.
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
      const std::size_t first = first_matter();
      const double next = when_[first];
      if (next > now_ && rate_ > 0) {
        offend(next);
        if (interrupted_) continue;
      }
      pass(next);
      if (first == end) break;
      happen(static_cast<Matter>(first));
      if (!alive_) break;
      renew_after(static_cast<Matter>(first));
    }
    if (plan_.held.any && piece_.phase == CareerPhase::before) tally_.expected_before(held_.expected(plan_.held));
    tally_.ended(now_);
  }

 private:
  /// In the order in which they come at one moment.
  enum Matter : std::size_t {
    dying,
    desisting,
    drug_jump,
    spell_jump,
    new_mix,
    birthday,
    opening,  // of referral
    referral,
    entering,
    starting,
    session,
    wane,
    leaving,  // at the planned time
    dropping_out,
    breaching,
    residence_over,
    after_over,
    risk_over,
    second,
    sentence,
    release,
    end,
    matters
  };
  static constexpr double never = CareerClock::never;
  static constexpr std::size_t slots = (matters + 1) / 2 * 2;

  /// The matter that comes first, of several at one moment the first in order.
  ///
  /// No moment is below zero, so that moments are in the order of their bits: compared as whole numbers, in two lanes,
  /// and without branches, since nobody can foresee them.
  std::size_t first_matter() const {
    constexpr std::size_t half = slots / 2;
    const auto bits = [this](std::size_t m) { return std::bit_cast<std::int64_t>(when_[m]); };
    std::array<std::int64_t, 2> least{bits(0), bits(half)};
    std::array<std::size_t, 2> first{0, half};
    for (std::size_t m = 1; m < half; ++m) {
      for (std::size_t lane = 0; lane < 2; ++lane) {
        const std::int64_t when = bits(m + lane * half);
        first[lane] = when < least[lane] ? m + lane * half : first[lane];
        least[lane] = when < least[lane] ? when : least[lane];
      }
    }
    return least[1] < least[0] ? first[1] : first[0];
  }

  void begin(const CareerPerson& person, const CareerEntry& entry, double until) {
    person_ = person;
    now_ = 0;
    alive_ = true;
    when_.fill(never);
    when_[end] = until;
    piece_ = CareerPiece{};
    piece_.mix = person_.mix.data();
    piece_.effect = effect_.data();
    piece_.detected = detected_ = plan_.detected.data();
    piece_.drug = person.drug;
    piece_.active = person.active;
    age_ = person.age;
    age_factor_ = plan_.age_factor_at(age_);
    in_custody_ = in_residence_ = in_programme_ = start_put_off_ = false;
    dose_ = second_dose_ = 0;
    strength_ = 1;
    jumps_ = spells_ = mixes_ = 0;
    relapse_ = recovery_ = desisting_effect_ = 1;
    early_risk_ = 1;
    effect_.fill(1);
    most_effect_ = 1;
    space_.sentences.clear();
    by_rate_ = desistance_by_rate();
    if (plan_.desistance > 0 || plan_.deaths) {
      const Words words = streams_.words(Purpose("ends of a career"), person.id);
      desist_clock_.begin(0, words[0]);
      death_clock_.begin(0, words[1]);
    }
    held_ = HeldMeans{};
    held_factor_ = 1;
    states_ = ageing_ = sentences_ = true;
    if (plan_.drugs) next_drug_jump();
    if (plan_.spells) next_spell();
    if (plan_.mix_switching > 0) next_mix();
    if (plan_.ages) {
      quarters_ = std::floor(age_ * age_steps_a_year + 1e-9);
      next_birthday();
    }
    starts_after_wait_ = entry.starts_after_wait;
    may_be_referred_ = entry.by_referral && programme_.referral > 0;
    if (may_be_referred_) {
      referral_clock_.begin(0, streams_.words(Purpose("referral"), person.id)[0]);
      when_[opening] = programme_.before;
    }
    when_[entering] = entry.enters;
    when_[starting] = entry.starts;
    open_strips();
    tally_.begin(person_);
    renew();
  }

  void open_strips() {
    share_out_types();
    if (now_ > 0) return;  // a new mix: the strips are as they were
    space_.seen.begin(streams_, Purpose("offences seen"), person_.id);
    if (plan_.every_offence) space_.unseen.begin(streams_, Purpose("offences not seen"), person_.id);
  }

  void share_out_types() {
    seen_ = unseen_ = 0;
    for (std::size_t j = 0; j < plan_.types; ++j) {
      seen_upto_[j] = seen_ += person_.mix[j] * detected_[j];
      unseen_upto_[j] = unseen_ += person_.mix[j] * (1 - detected_[j]);
    }
  }

  // What has happened may have changed some hazards: they are set, and the moments of their clocks with them.
  void renew_after(Matter matter) {
    switch (matter) {
      case birthday:
        renew_rate();
        renew_dying();
        break;
      case spell_jump:
        renew_rate();
        renew_spell();
        break;
      case drug_jump:
        renew_rate();
        renew_drug();
        renew_referral();
        break;
      case session:
      case wane:
        renew_desisting();
        renew_drug();
        break;
      default:
        renew();
    }
  }
  void renew() {
    piece_.place = in_custody_ ? CareerPlace::custody : in_residence_ ? CareerPlace::residence : CareerPlace::free;
    renew_rate();
    renew_desisting();
    renew_dying();
    renew_drug();
    renew_spell();
    if (plan_.mix_switching > 0 && states_) when_[new_mix] = mix_clock_.set(now_, plan_.mix_switching);
    renew_referral();
    if (in_programme_ && drop_out_ > 0) when_[dropping_out] = drop_out_clock_.set(now_, drop_out_);
  }
  double desistance_by_rate() const {
    return plan_.desistance_by_rate == 0 ? 1 : std::min(1e12, std::pow(person_.relative, -plan_.desistance_by_rate));
  }
  bool offends() const { return piece_.place == CareerPlace::free && !piece_.desisted; }
  void renew_rate() {
    rate_ = 0;
    if (offends()) {
      rate_ = person_.rate * age_factor_ * held_factor_;
      if (states_) {
        rate_ *= plan_.drug_factor[static_cast<std::size_t>(piece_.drug)];
        if (plan_.spells) rate_ *= piece_.active ? plan_.active_factor : plan_.quiet_factor;
      }
    }
    piece_.rate = rate_;
  }
  double state_factor() const {
    const double factor = plan_.drug_factor[static_cast<std::size_t>(piece_.drug)];
    return plan_.spells ? factor * (piece_.active ? plan_.active_factor : plan_.quiet_factor) : factor;
  }
  void renew_desisting() {
    if (plan_.desistance == 0 || !ageing_) return;
    const bool runs = !piece_.desisted && (piece_.place == CareerPlace::free || !plan_.desistance_in_free_time);
    when_[desisting] = desist_clock_.set(now_, runs ? plan_.desistance * by_rate_ * desisting_effect_ : 0);
  }
  void renew_dying() {
    if (plan_.deaths && ageing_)
      when_[dying] = death_clock_.set(now_, plan_.death_at(age_, person_.is_woman) * early_risk_);
  }
  void renew_drug() {
    if (!plan_.drugs || !states_) return;
    const auto drug = static_cast<std::size_t>(piece_.drug);
    const auto& hazards = plan_.drug_hazard[drug];
    double sum = 0;
    for (std::size_t to = 0; to < drug_states; ++to) sum += hazards[to] * change_effect(drug, to);
    when_[drug_jump] = drug_clock_.set(now_, sum);
  }
  void renew_spell() {
    if (plan_.spells && states_)
      when_[spell_jump] = spell_clock_.set(now_, piece_.active ? plan_.to_quiet : plan_.to_active);
  }
  void renew_referral() {
    if (!may_be_referred_) return;
    const bool open = now_ >= programme_.before && offends() && piece_.drug != DrugState::abstinent;
    when_[referral] = referral_clock_.set(now_, open ? programme_.referral : 0);
  }

  double change_effect(std::size_t from, std::size_t to) const { return to < from ? relapse_ : recovery_; }

  // Candidates until the next matter; `interrupted_` if one of them brings a matter forward.
  void offend(double next) {
    const double bound = rate_ * seen_ * most_effect_ * plan_.season.highest();
    interrupted_ = false;
    while (const Candidate* candidate = space_.seen.next(now_, next, bound)) {
      const std::size_t type = type_of(seen_upto_, seen_, candidate->marks[0]);
      const double rate = rate_ * seen_ * effect_[type] * plan_.season.at(candidate->time);
      if (!(candidate->height < rate)) continue;
      if (follow(*candidate, type, next)) {
        interrupted_ = true;
        return;
      }
    }
  }

  std::size_t type_of(const std::array<double, most_types>& upto, double sum, std::uint64_t word) const {
    const double reached = uniform(word) * sum;
    std::size_t j = 0;
    while (j + 1 < plan_.types && upto[j] <= reached) ++j;
    return j;
  }

  /// What follows an offence that is seen; whether a matter now comes before `next`.
  bool follow(const Candidate& candidate, std::size_t type, double next) {
    SeenOffence offence;
    offence.time = candidate.time;
    offence.type = type;
    offence.phase = piece_.phase;
    offence.severity = severity_;
    offence.value_word = candidate.marks[1];
    offence.victim = victim_of(Purpose("victim, seen"), candidate, type);
    offence.recorded = offence.time;
    const bool may_breach = in_programme_ && programme_.breach > 0;
    if (plan_.chain || may_breach || plan_.record_lag > 0) {
      // The words stand in a fixed order, so that what one arm does not need moves nothing.
      Stream words =
          streams_.open(Purpose("what follows an offence"), person_.id, candidate.strip << 48U | candidate.index);
      offence.recorded += plan_.lag(plan_.record_lag, words());
      const std::uint64_t breach = words();
      if (may_breach && uniform(breach) < programme_.breach)
        when_[breaching] = std::min(when_[breaching], offence.recorded);
      if (uniform(words()) < plan_.arrested[type]) {
        offence.arrested = offence.recorded + plan_.lag(plan_.arrest_lag, words());
        if (uniform(words()) < plan_.charged[type]) {
          offence.charged = offence.arrested + plan_.lag(plan_.charge_lag, words());
          const double verdict = uniform(words());
          if (verdict < plan_.convicted[type]) {
            offence.convicted = offence.charged + plan_.lag(plan_.conviction_lag, words());
            offence.to_custody = verdict < plan_.custody[type];
            if (offence.to_custody) sentence_to(offence.convicted, plan_.stay(words()));
          }
        }
      }
    }
    tally_.seen(offence);
    return std::min(when_[sentence], when_[breaching]) < next;
  }

  std::optional<std::size_t> victim_of(Purpose purpose, const Candidate& candidate, std::size_t type) const {
    if (plan_.victims.empty()) return std::nullopt;
    const Words words = streams_.words(purpose, person_.id, candidate.strip << 48U | candidate.index);
    return plan_.victim(type, words[0]);
  }

  void sentence_to(double from, double stay) {
    space_.sentences.push_back({from, stay});
    std::push_heap(space_.sentences.begin(), space_.sentences.end(), std::greater<>{});
    when_[sentence] = space_.sentences.front().from;
  }

  // Time passes until `next`, with the state as it is.
  void pass(double next) {
    if (next > now_) {
      piece_.from = now_;
      piece_.until = next;
      piece_.in_programme = in_programme_;
      piece_.severity = severity_;
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
    stretch.seen_rate = person_.rate * seen_;
    stretch.state = state_factor();
    stretch.age = piece_.desisted ? 0 : age_factor_;
    stretch.is_free = piece_.place == CareerPlace::free;
    held_.add(plan_.held, stretch);
  }

  /// From now on what is to be held still is, at the mean of the time before.
  void hold_still() {
    const HeldStill& held = plan_.held;
    if (held.states) {
      states_ = false;
      held_factor_ *= held_.state(state_factor());
      for (const Matter matter : {drug_jump, spell_jump, new_mix}) when_[matter] = never;
    }
    if (held.ageing) {
      ageing_ = false;
      age_factor_ = held_.age(piece_.desisted ? 0 : age_factor_);
      piece_.desisted = false;
      for (const Matter matter : {birthday, desisting, dying}) when_[matter] = never;
    }
    if (held.custody) {
      sentences_ = false;
      held_factor_ *= held_.free(1);
    }
  }

  void offend_unseen(double next) {
    const double bound = rate_ * unseen_ * most_effect_ * plan_.season.highest();
    while (const Candidate* candidate = space_.unseen.next(now_, next, bound)) {
      const std::size_t type = type_of(unseen_upto_, unseen_, candidate->marks[0]);
      if (!(candidate->height < rate_ * unseen_ * effect_[type] * plan_.season.at(candidate->time))) continue;
      tally_.unseen({candidate->time, type, piece_.phase, severity_, candidate->marks[1],
                     victim_of(Purpose("victim, not seen"), *candidate, type)});
    }
  }

  void happen(Matter matter) {
    switch (matter) {
      case dying:
        alive_ = false;
        if (in_programme_) tally_.left(now_, ProgrammeEnd::died);
        tally_.died(now_);
        break;
      case desisting:
        piece_.desisted = true;
        when_[desisting] = never;
        tally_.desisted(now_);
        break;
      case drug_jump:
        jump_drug();
        break;
      case spell_jump:
        piece_.active = !piece_.active;
        next_spell();
        break;
      case new_mix:
        switch_mix(plan_, streams_, person_, mixes_);
        piece_.mix = person_.mix.data();
        open_strips();
        next_mix();
        break;
      case birthday:
        next_birthday();
        break;
      case opening:
        when_[opening] = never;
        break;
      case referral:
        may_be_referred_ = false;
        when_[referral] = never;
        tally_.referred(now_);
        enter();
        break;
      case entering:
        when_[entering] = never;
        enter();
        break;
      case starting:
        when_[starting] = never;
        start();
        break;
      case session:
        attend();
        break;
      case wane:
        ++wane_step_;
        dose_ = dose_at_end_ * programme_.waning.share(wane_step_);
        when_[wane] = dose_ > 0 ? now_ + programme_.waning.step() : never;
        renew_effect();
        break;
      case leaving:
        leave(ProgrammeEnd::completed);
        break;
      case dropping_out:
        leave(ProgrammeEnd::dropped_out);
        break;
      case breaching:
        when_[breaching] = never;
        if (in_programme_) breach();
        break;
      case residence_over:
        in_residence_ = false;
        when_[residence_over] = never;
        break;
      case after_over:
        when_[after_over] = never;
        enter_phase(CareerPhase::outside);
        break;
      case risk_over:
        when_[risk_over] = never;
        early_risk_ = 1;
        break;
      case second:
        go_on_with_second();
        break;
      case sentence: {
        const CareerSpace::Sentence served = space_.sentences.front();
        std::pop_heap(space_.sentences.begin(), space_.sentences.end(), std::greater<>{});
        space_.sentences.pop_back();
        when_[sentence] = space_.sentences.empty() ? never : space_.sentences.front().from;
        go_to_custody(served.stay);
        break;
      }
      case release:
        when_[release] = never;
        in_custody_ = false;
        tally_.released(now_);
        if (start_put_off_) start();
        break;
      case end:
      case matters:
        break;
    }
  }

  void jump_drug() {
    const auto from = static_cast<std::size_t>(piece_.drug);
    std::array<double, drug_states> weights{};
    double sum = 0;
    for (std::size_t to = 0; to < drug_states; ++to)
      sum += weights[to] = plan_.drug_hazard[from][to] * change_effect(from, to);
    double reached = uniform(drug_word_) * sum;
    std::size_t to = from;
    for (std::size_t s = 0; s < drug_states; ++s) {
      if (weights[s] == 0) continue;
      to = s;
      if (reached < weights[s]) break;
      reached -= weights[s];
    }
    piece_.drug = static_cast<DrugState>(to);
    next_drug_jump();
  }
  void next_drug_jump() {
    const Words words = streams_.words(Purpose("drug states"), person_.id, jumps_++);
    drug_clock_.begin(now_, words[0]);
    drug_word_ = words[1];
  }
  void next_spell() { spell_clock_.begin(now_, streams_.words(Purpose("spells"), person_.id, spells_++)[0]); }
  void next_mix() { mix_clock_.begin(now_, streams_.words(Purpose("new mixes"), person_.id, ++mixes_)[0]); }

  void next_birthday() {
    age_ = (quarters_ + 0.5) / age_steps_a_year;
    age_factor_ = plan_.age_factor_at(age_);
    ++quarters_;
    when_[birthday] = (quarters_ / age_steps_a_year - person_.age) * weeks_per_year;
  }

  void enter() {
    const bool takes_part = programme_.takes_part(person_, streams_);
    if (plan_.rates_drift &&
        !plan_.held.states) {  // whether or not the person takes part, who was judged by the rate before
      let_rate_drift(plan_, streams_, person_);
      by_rate_ = desistance_by_rate();
    }
    if (!takes_part) {
      enter_phase(CareerPhase::outside);
      return;
    }
    if (!starts_after_wait_) return;
    double wait = programme_.wait;
    if (programme_.waits_are_exponential && wait > 0)
      wait *= -std::log(uniform(streams_.words(Purpose("wait"), person_.id)[0]));
    when_[starting] = now_ + wait;
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
    in_programme_ = true;
    started_ = now_;
    strength_ = programme_.strength_on(person_, piece_.drug, now_);
    const Words words = streams_.words(Purpose("time in the programme"), person_.id);
    planned_ = programme_.length(words[0]);
    when_[leaving] = now_ + planned_;
    drop_out_clock_.begin(now_, words[1]);
    drop_out_ = programme_.drop_out_of(person_);
    if (programme_.residence > 0 && sentences_) {
      in_residence_ = true;
      when_[residence_over] = now_ + std::min(planned_, programme_.residence);
    }
    sessions_held_ = sessions_attended_ = 0;
    dose_ = programme_.sessions == 0 ? 1 : 0;
    if (programme_.sessions > 0) when_[session] = session_time(1);
    if (programme_.second_share > 0 &&
        uniform(streams_.words(Purpose("second programme"), person_.id)[0]) < programme_.second_share) {
      second_stage_ = 0;
      when_[second] = now_ + programme_.second_after;
    }
    renew_effect();
  }

  double session_time(int k) const { return started_ + planned_ * (static_cast<double>(k) / programme_.sessions); }
  void attend() {
    ++sessions_held_;
    const bool attends = programme_.attendance == 1 ||
                         uniform(streams_.words(Purpose("sessions"), person_.id,
                                                static_cast<std::uint64_t>(sessions_held_))[0]) < programme_.attendance;
    if (attends) ++sessions_attended_;
    when_[session] = sessions_held_ < programme_.sessions ? session_time(sessions_held_ + 1) : never;
    dose_ = static_cast<double>(sessions_attended_) / programme_.sessions;
    renew_effect();
  }

  void leave(ProgrammeEnd how) {
    in_programme_ = false;
    in_residence_ = false;
    for (const Matter matter : {session, leaving, dropping_out, breaching, residence_over}) when_[matter] = never;
    tally_.left(now_, how);
    enter_phase(CareerPhase::after);
    if (programme_.after > 0) when_[after_over] = now_ + programme_.after;
    if (how != ProgrammeEnd::completed && programme_.death_left_early != 1) {
      early_risk_ = programme_.death_left_early;
      when_[risk_over] = now_ + programme_.death_left_early_for;
    }
    dose_at_end_ = dose_;
    wane_step_ = 0;
    dose_ = dose_at_end_ * programme_.waning.share(0);
    when_[wane] = dose_ > 0 ? now_ + programme_.waning.step() : never;
    renew_effect();
  }

  void breach() {
    leave(ProgrammeEnd::breached);
    if (programme_.breach_custody == 0) return;
    const Words words = streams_.words(Purpose("what follows a breach"), person_.id);
    if (uniform(words[0]) < programme_.breach_custody) go_to_custody(plan_.stay(words[1]));
  }

  void go_to_custody(double stay) {
    if (!sentences_) return;
    if (!in_custody_) {
      in_custody_ = true;
      when_[release] = now_;
      tally_.sentenced(now_);
      if (in_programme_ && programme_.custody_ends_it) leave(ProgrammeEnd::to_custody);
    }
    when_[release] = std::max(when_[release], now_ + stay);  // sentences run side by side
  }

  // The second programme: its start, its end, its waning.
  void go_on_with_second() {
    if (second_stage_ == 0) {
      second_dose_ = 1;
      when_[second] = now_ + programme_.second_length;
    } else {
      second_dose_ = programme_.second_waning.share(second_stage_ - 1);
      when_[second] = second_dose_ > 0 ? now_ + programme_.second_waning.step() : never;
    }
    ++second_stage_;
    renew_effect();
  }

  // log E = dose x strength x log m of the first programme + dose x log m of the second (mathematics.md 3.1).
  void renew_effect() {
    if (plan_.held.effect) return;  // as it was: none
    const double dose = dose_ * strength_;
    most_effect_ = 0;
    for (std::size_t j = 0; j < plan_.types; ++j) {
      const double log_effect = dose * programme_.log_effect[j] + second_dose_ * programme_.second_log_effect[j];
      effect_[j] = log_effect == 0 ? 1 : std::exp(log_effect);
      most_effect_ = std::max(most_effect_, effect_[j]);
    }
    desisting_effect_ = power(dose, programme_.log_desistance);
    relapse_ = power(dose, programme_.log_relapse);
    recovery_ = power(dose, programme_.log_recovery);
    severity_ = power(dose, programme_.log_severity);
  }
  static double power(double dose, double log_effect) {
    return log_effect == 0 || dose == 0 ? 1 : std::exp(dose * log_effect);
  }

  void enter_phase(CareerPhase phase) {
    if (plan_.held.any && piece_.phase == CareerPhase::before) tally_.expected_before(held_.expected(plan_.held));
    piece_.phase = phase;
    if (phase == CareerPhase::outside && programme_.ends_with_last_phase) when_[end] = now_;
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
  std::array<double, slots> when_{};  // filled up with never

  HeldMeans held_;          // of the time before
  double held_factor_ = 1;  // what is held still is worth
  bool states_ = true;      // drugs, spells and mixes go on, as do
  bool ageing_ = true;
  bool sentences_ = true;
  const double* detected_ = nullptr;  // by type

  double rate_ = 0;
  double age_ = 0;       // middle of the present step of the age grid
  double quarters_ = 0;  // of a year of age, at the next step of it
  double age_factor_ = 1;
  bool in_custody_ = false;
  bool in_residence_ = false;
  double by_rate_ = 1;  // of the hazard of desistance
  double seen_ = 0;     // sum over types of q d
  double unseen_ = 0;
  std::array<double, most_types> seen_upto_{};
  std::array<double, most_types> unseen_upto_{};

  CareerClock desist_clock_, death_clock_, drug_clock_, spell_clock_, mix_clock_, referral_clock_, drop_out_clock_;
  std::uint64_t drug_word_ = 0;
  std::uint64_t jumps_ = 0;
  std::uint64_t spells_ = 0;
  std::uint64_t mixes_ = 0;

  bool may_be_referred_ = false;
  bool starts_after_wait_ = true;
  bool in_programme_ = false;
  bool start_put_off_ = false;
  double started_ = 0;
  double planned_ = 0;
  double drop_out_ = 0;  // hazard
  int sessions_held_ = 0;
  int sessions_attended_ = 0;
  double strength_ = 1;  // of the first programme's effects on this person
  double dose_ = 0;      // share of the first programme's logarithms that is at work
  double dose_at_end_ = 0;
  int wane_step_ = 0;
  double second_dose_ = 0;
  int second_stage_ = 0;
  double early_risk_ = 1;
  std::array<double, most_types> effect_{};
  double most_effect_ = 1;
  double desisting_effect_ = 1;
  double relapse_ = 1;
  double recovery_ = 1;
  double severity_ = 1;
};

}  // namespace desist
