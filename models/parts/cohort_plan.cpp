#include "models/parts/cohort_plan.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <tuple>

#include "engine/core/give_up.hpp"
#include "models/parts/career_walk.hpp"
#include "models/parts/idle.hpp"

namespace desist {
namespace {

constexpr std::uint64_t most_tries = 1'000'000;
constexpr int bits_of_member = 40;
constexpr double above_rounding = 1 + 1e-12;  // of the product of a few factors, in another order than the walk's

/// Recorded offences up to a moment, without a programme.
struct LookBack : CareerListener {
  double from = 0;
  double until = 0;
  std::uint64_t recorded = 0;  // committed and recorded in [from, until)
  double first = never;
  bool alive = true;
  void seen(const SeenOffence& offence) {
    if (offence.time < from || offence.recorded >= until) return;
    ++recorded;
    first = std::min(first, offence.recorded);
  }
  void died(double) { alive = false; }
};

/// What of the chain from an offence to custody ever happens to anybody.
struct Happens {
  bool records = false, arrests = false, charges = false, convictions = false, custody = false;
};

Happens what_happens(const CohortParameters& p) {
  Happens ever;
  const bool breaches_are_charged = p.breach > 0 && p.breach_charged > 0;
  for (std::size_t j = 0; j < p.types.size(); ++j) {
    if (p.type_mix.values[j] == 0 || p.detected.values[j] == 0) continue;
    const bool arrests = p.arrested.values[j] > 0;
    const bool charges = breaches_are_charged || (arrests && p.charged.values[j] > 0);
    const bool convictions = charges && p.convicted.values[j] > 0;
    ever.records = true;
    ever.arrests = ever.arrests || arrests;
    ever.charges = ever.charges || charges;
    ever.convictions = ever.convictions || convictions;
    ever.custody = ever.custody || (convictions && p.custody.values[j] > 0);
  }
  ever.custody = ever.custody || (p.breach > 0 && p.breach_custody > 0);
  return ever;
}

LookBack look_back(const CohortPlan& plan, const Streams& streams, const CareerPerson& person, double from,
                   double until) {
  thread_local CareerSpace space;
  LookBack found;
  found.from = from;
  found.until = until;
  CareerWalk<LookBack>(plan.career, plan.programme, streams, space, found).run(person, CareerEntry{}, until);
  return found;
}

}  // namespace

std::vector<IdleParameter> idle_parameters(const CohortParameters& p) {
  IdleList idle;
  idle.add_if(p.classes.empty(), "there are no classes (classes)", {"class_share", "class_rate", "effect_in_class"});
  idle.add_if(p.victims.empty(), "no kinds of victims are told apart (victims)", {"victim_share"});
  idle.add_if(p.desistance == 0, "nobody desists (desistance)",
              {"desistance_by_rate", "desistance_runs", "desistance_effect"});
  const Happens ever = what_happens(p);
  idle.add_if(!ever.records, "no offence is recorded (detected)", {"record_lag"});
  idle.add_if(!ever.arrests, "nobody is ever arrested (detected, arrested)", {"arrest_lag", "charged"});
  idle.add_if(!ever.charges, "nobody is ever charged (arrested, charged, breach_charged)",
              {"charge_lag", "convicted", "custody"});
  idle.add_if(!ever.convictions, "nobody is ever convicted (charged, convicted)", {"conviction_lag"});
  idle.add_if(!ever.custody, "nobody goes to custody (custody, breach_custody)", {"stay_mean", "stay_cv", "stay_law"});
  idle.add_if(p.record_lag == 0 && p.arrest_lag == 0 && p.charge_lag == 0 && p.conviction_lag == 0,
              "all lags are 0 (record_lag and its like)", {"lag_law"});
  idle.add(idle_parameters(static_cast<const ProgrammeParameters&>(p)));
  return idle.all();
}

CohortPlan::CohortPlan(const CohortParameters& parameters, const Window& window)
    : career(parameters, window),
      programme(parameters, career),
      counted_by(parameters.years, parameters.phases, career),
      people(static_cast<std::size_t>(parameters.people)),
      scale(parameters.stands_for) {
  using Entry = ProgrammeParameters::Entry;
  programme.ends_with_last_phase = parameters.followed == CohortParameters::Followed::to_the_last_phase;
  const auto is = [](CohortParameters::Held held) { return held == CohortParameters::Held::yes; };
  career.held = {is(parameters.held_states),    is(parameters.held_ageing), is(parameters.held_custody),
                 is(parameters.held_detection), is(parameters.held_effect), false};
  career.held.any = career.held.states || career.held.ageing || career.held.custody;
  const bool comes_again = programme.again != ProgrammeParameters::Again::not_again;
  if (comes_again && programme.ends_with_last_phase)
    throw std::invalid_argument(
        "followed = \"to the last phase\" would end before anybody is referred again: leave it or `again` out");
  if (comes_again && career.held.any)
    throw std::invalid_argument(
        "what is held is the mean of the time before one start: leave `again` out of a decomposition");
  if (programme.before + programme.intake_window >= career.end)
    throw std::invalid_argument("`before` and intake_window have to end before the window does");
  if (programme.entry == Entry::index_offence && programme.intake_window == 0 && career.rates_change_with_age &&
      !age_when_met(career, 0.5, 0.5))
    throw std::invalid_argument(
        "nobody of these ages offends, so nobody can be met by an offence: raise age_mean or age_sd, or lower "
        "onset_age");
  if (programme.entry == Entry::list && programme.list_of > 0 && programme.list_of < people)
    throw std::invalid_argument("list_of, the people that a list chooses from, is fewer than `people`, those chosen");
}

CohortIntake::CohortIntake(const CohortPlan& plan, const Streams& streams) : plan_(plan), streams_(streams) {
  using Entry = ProgrammeParameters::Entry;
  if (plan.programme.entry == Entry::index_offence && plan.programme.intake_window == 0) met_ = MetBy::an_offence;
  if (plan.programme.entry == Entry::list && plan.programme.list_of > 0) choose_highest();
  const CareerPlan& career = plan.career;
  if (career.mix_switching > 0) return;  // how many of the offences are seen may change
  const auto highest = [](const auto& factors) { return *std::max_element(factors.begin(), factors.end()); };
  highest_factor_ = career.highest_age_factor * highest(career.drug_factor) * highest(career.spell_factor);
  if (plan.programme.entry == Entry::list)
    offences_asked_for_.emplace(static_cast<std::uint64_t>(std::ceil(plan.programme.list_least)),
                                plan.programme.before);
  if (plan.programme.entry == Entry::index_offence && met_ == MetBy::counting)
    offences_asked_for_.emplace(1, plan.programme.before + plan.programme.intake_window);
}

CohortMember CohortIntake::member(std::size_t i) {
  CohortMember member;
  if (!chosen_.empty()) {
    if (i >= chosen_.size())
      throw std::runtime_error("more people are asked for than the list chooses: `people` has to be raised");
    member.person = draw_person(plan_.career, streams_, chosen_[i], met_);
    member.entry.enters = plan_.programme.before;
    return member;
  }
  for (std::uint64_t k = 0; k < most_tries; ++k) {
    member.person = draw_person(plan_.career, streams_, i | k << bits_of_member, met_);
    member.entry = CareerEntry{};
    if (plan_.programme.replaces_refused && !plan_.programme.takes_part(member.person, streams_)) continue;
    if (may_fit(member.person) && fits(member.person, member.entry)) return member;
  }
  throw std::runtime_error(
      "none of a million people fits the entry rule: list_least is too high, intake_window too short, or hardly "
      "anybody offends at these rates and ages");
}

// Most people fall short of a list, and their candidates show it without a walk: no one's offences are more than the
// candidates below the highest rate that they may have.
bool CohortIntake::may_fit(const CareerPerson& person) const {
  if (!offences_asked_for_) return true;
  const CareerPlan& career = plan_.career;
  TypeShares shares;
  shares.share_out(person.mix.data(), career.detected.data(), career.types);
  const double bound = person.rate * highest_factor_ * shares.seen() * career.season.highest() * above_rounding;
  return offences_asked_for_->may_be_of(streams_, Purpose("offences seen"), person.id, bound);
}

bool CohortIntake::fits(const CareerPerson& person, CareerEntry& entry) const {
  const ProgrammePlan& programme = plan_.programme;
  using Entry = ProgrammeParameters::Entry;
  switch (programme.entry) {
    case Entry::everyone:
      entry.enters = programme.before;
      return true;
    case Entry::referral:
      entry.by_referral = true;
      return true;
    case Entry::index_offence: {
      if (met_ == MetBy::an_offence) {
        entry.enters = 0;
        return true;
      }
      const LookBack found =
          look_back(plan_, streams_, person, programme.before, programme.before + programme.intake_window);
      entry.enters = found.first;
      return found.recorded > 0;
    }
    case Entry::list: {
      const LookBack found = look_back(plan_, streams_, person, 0, programme.before);
      entry.enters = programme.before;
      return found.alive && static_cast<double>(found.recorded) >= programme.list_least;
    }
  }
  return true;
}

void CohortIntake::choose_highest() {
  struct Listed {
    std::uint64_t recorded, key, id;
  };
  std::vector<Listed> candidates;
  for (std::uint64_t id = 0; id < plan_.programme.list_of; ++id) {
    if (id % people_between_looks == 0) give_up_if_asked();
    const CareerPerson person = draw_person(plan_.career, streams_, id, met_);
    const LookBack found = look_back(plan_, streams_, person, 0, plan_.programme.before);
    const std::uint64_t key = streams_.words(Purpose("place on a list"), id)[0];
    candidates.push_back({found.alive ? found.recorded : 0, key, id});
  }
  const auto is_higher = [](const Listed& a, const Listed& b) {
    return std::tie(b.recorded, a.key, a.id) < std::tie(a.recorded, b.key, b.id);
  };
  const auto last = candidates.begin() + static_cast<std::ptrdiff_t>(plan_.people);
  std::nth_element(candidates.begin(), last - 1, candidates.end(), is_higher);
  for (auto one = candidates.begin(); one != last; ++one) chosen_.push_back(one->id);
  std::sort(chosen_.begin(), chosen_.end());
}

}  // namespace desist
