#include "models/parts/cohort_tally.hpp"

#include <algorithm>
#include <limits>

#include "engine/random/counts.hpp"

namespace desist {
namespace {

constexpr double least_mean = 1e-9;  // of a cell: below it is what rounding leaves of rates that went away

std::size_t index(CareerPhase phase) { return static_cast<std::size_t>(phase); }

}  // namespace

void CellSums::begin(int weeks, std::size_t types) {
  rows_ = static_cast<std::size_t>(weeks) + 2;
  types_ = types;
  part_.assign(career_phases * rows_ * types, 0.0);
  change_.assign(career_phases * rows_ * types, 0.0);
}

void CellSums::add(std::size_t phase, double from, double until, const std::array<double, most_types>& rates,
                   const Season& season) {
  const auto a = static_cast<std::size_t>(from);
  const auto b = static_cast<std::size_t>(until);
  double* const first = part_.data() + place(phase, a);
  if (a == b) {
    const double weeks = season.upto(until) - season.upto(from);
    for (std::size_t j = 0; j < types_; ++j) first[j] += rates[j] * weeks;
    return;
  }
  double* const last = part_.data() + place(phase, b);
  double* const rises = change_.data() + place(phase, a + 1);
  double* const falls = change_.data() + place(phase, b);
  const double at_first = season.upto(static_cast<double>(a + 1)) - season.upto(from);
  const double at_last = season.upto(until) - season.upto(static_cast<double>(b));
  for (std::size_t j = 0; j < types_; ++j) {
    first[j] += rates[j] * at_first;
    last[j] += rates[j] * at_last;
    rises[j] += rates[j];
    falls[j] -= rates[j];
  }
}

void CellSums::finish() {
  for (std::size_t phase = 0; phase < career_phases; ++phase)
    for (std::size_t i = place(phase, 1); i < place(phase, rows_); ++i) change_[i] += change_[i - types_];
}

void PeopleByWeek::begin(int weeks) {
  rows_ = static_cast<std::size_t>(weeks) + 1;
  change_.assign(codes * rows_, 0);
}

void PeopleByWeek::finish() {
  level_.assign(counted_states * rows_, 0);
  const auto add_to = [&](CountedState state, std::size_t week, std::int32_t people) {
    level_[static_cast<std::size_t>(state) * rows_ + week] += people;
  };
  for (std::size_t c = 0; c < codes; ++c) {
    const auto place = static_cast<CareerPlace>(c / 8);
    const bool desisted = c / 4 % 2 == 1;
    std::int32_t people = 0;
    for (std::size_t week = 0; week < rows_; ++week) {
      people += change_[c * rows_ + week];
      if (place == CareerPlace::free) add_to(CountedState::free, week, people);
      if (place == CareerPlace::free && !desisted) add_to(CountedState::offending, week, people);
      if (place == CareerPlace::custody) add_to(CountedState::in_custody, week, people);
      if (desisted) add_to(CountedState::desisted, week, people);
      if (c / 2 % 2 == 1) add_to(CountedState::using_drugs, week, people);
      if (c % 2 == 1) add_to(CountedState::in_programme, week, people);
    }
  }
}

std::size_t CountHistogram::at_rank(std::uint64_t rank) const {
  std::uint64_t upto = 0;
  for (std::size_t count = 0; count < people_.size(); ++count)
    if ((upto += people_[count]) > rank) return count;
  return people_.size();
}

double CountHistogram::median() const {
  if (n_ == 0) return std::numeric_limits<double>::quiet_NaN();
  return (static_cast<double>(at_rank((n_ - 1) / 2)) + static_cast<double>(at_rank(n_ / 2))) / 2;
}

void CohortTally::start(const CareerPlan& plan) {
  plan_ = &plan;
  for (PhaseSums& phase : phases) {
    CountHistogram histogram = std::move(phase.recorded_each);
    std::vector<double> stolen_a_week = std::move(phase.stolen_a_week);
    phase = PhaseSums{};
    histogram.clear();
    stolen_a_week.clear();
    phase.recorded_each = std::move(histogram);
    phase.stolen_a_week = std::move(stolen_a_week);
  }
  place_weeks.fill(0);
  ends.fill(0);
  dead_weeks = referrals = starts = desistances = deaths = arrests = charges = convictions = sentences = 0;
  stolen = harm = 0;
  offences_by_type.assign(plan.types, 0.0);
  recorded_by_type.assign(plan.types, 0.0);
  offences_by_victim.assign(plan.kinds_of_victims, 0.0);
  recorded_by_victim.assign(plan.kinds_of_victims, 0.0);
  offences_by_week.assign(static_cast<std::size_t>(plan.weeks), 0.0);
  recorded_by_week.assign(static_cast<std::size_t>(plan.weeks), 0.0);
  people.begin(plan.weeks);
  cells_.begin(plan.weeks, plan.types);
  of_severity_.assign(plan.types, 0.0);
  of_rate_.assign(plan.types, 0.0);
}

void CohortTally::begin(const CareerPerson&) {
  phase_ = CareerPhase::before;
  weeks_.fill(0);
  recorded_.fill(0);
  stolen_.fill(0);
  phase_ends_.fill(0);
  convictions_.clear();
}

void CohortTally::piece(const CareerPiece& piece) {
  const double weeks = piece.until - piece.from;
  const bool is_free = piece.place == CareerPlace::free;
  PhaseSums& phase = phases[index(piece.phase)];
  weeks_[index(piece.phase)] += weeks;
  phase.weeks += weeks;
  place_weeks[static_cast<std::size_t>(piece.place)] += weeks;
  if (is_free) {
    phase.free_weeks += weeks;
    phase.spend += weeks * plan_->spend[static_cast<std::size_t>(piece.drug)];
  }
  people.add(piece);
  if (piece.rate == 0 || plan_->every_offence) return;
  std::array<double, most_types> rates;
  for (std::size_t j = 0; j < plan_->types; ++j) {
    rates[j] = piece.rate * piece.mix[j] * (1 - plan_->detected[j]) * piece.effect[j];
    of_rate_[j] += rates[j] * weeks;
    of_severity_[j] += rates[j] * weeks * piece.severity;
  }
  cells_.add(index(piece.phase), piece.from, piece.until, rates, plan_->season);
}

void CohortTally::seen(const SeenOffence& offence) {
  const std::size_t p = index(offence.phase);
  ++phases[p].seen;
  ++offences_by_type[offence.type];
  if (offence.victim) ++offences_by_victim[*offence.victim];
  ++offences_by_week[static_cast<std::size_t>(offence.time)];
  count(offence.time, offence.type, offence.phase, offence.severity, offence.value_word);
  const double end = plan_->end;
  if (offence.recorded < end) {
    ++phases[p].recorded;
    ++recorded_[p];
    ++recorded_by_type[offence.type];
    if (offence.victim) ++recorded_by_victim[*offence.victim];
    ++recorded_by_week[static_cast<std::size_t>(offence.recorded)];
  }
  if (offence.arrested < end) ++arrests;
  if (offence.charged < end) ++charges;
  if (offence.convicted < end) ++convictions;
  if (offence.convicted < end && offence.to_custody) ++sentences;
  if (offence.convicted < SeenOffence::never) convictions_.push_back({p, offence.convicted});
}

void CohortTally::unseen(const UnseenOffence& offence) {
  ++phases[index(offence.phase)].unseen;
  ++offences_by_type[offence.type];
  if (offence.victim) ++offences_by_victim[*offence.victim];
  ++offences_by_week[static_cast<std::size_t>(offence.time)];
  count(offence.time, offence.type, offence.phase, offence.severity, offence.value_word);
}

void CohortTally::count(double, std::size_t type, CareerPhase phase, double severity, std::uint64_t value_word) {
  harm += plan_->harm[type] * severity;
  if (plan_->value_mean[type] == 0) return;
  // Where most offences are counted in bulk, at the mean value, so are those that are seen.
  const double value = severity * (plan_->every_offence ? plan_->value(type, value_word) : plan_->value_mean[type]);
  stolen += value;
  stolen_[index(phase)] += value;
}

void CohortTally::phase_begins(double time, CareerPhase phase) {
  phase_ends_[index(phase_)] = time;
  phase_ = phase;
}

void CohortTally::ended(double time) {
  phase_ends_[index(phase_)] = time;
  dead_weeks += plan_->end - time;
  for (std::size_t p = 0; p < career_phases; ++p) {
    if (weeks_[p] == 0) continue;
    ++phases[p].people;
    phases[p].recorded_each.add(recorded_[p]);
    if (plan_->every_offence) phases[p].stolen_a_week.push_back(stolen_[p] / weeks_[p]);
  }
  std::array<bool, career_phases> any{};
  for (const Conviction& conviction : convictions_) {
    if (conviction.time > phase_ends_[conviction.phase] + plan_->proven_wait) continue;
    ++phases[conviction.phase].proven;
    any[conviction.phase] = true;
  }
  for (std::size_t p = 0; p < career_phases; ++p)
    if (any[p]) ++phases[p].with_proven;
}

void CohortTally::finish(const Streams& streams, double scale) {
  people.finish();
  for (double& offences : offences_by_week) offences *= scale;
  for (double& offences : recorded_by_week) offences *= scale;
  for (double& offences : offences_by_type) offences *= scale;
  for (double& offences : offences_by_victim) offences *= scale;
  for (PhaseSums& phase : phases) {
    phase.seen *= scale;
    phase.unseen *= scale;
  }
  stolen *= scale;
  harm *= scale;
  if (plan_->every_offence) return;
  cells_.finish();
  std::array<double, most_types> not_seen{};
  for (std::size_t p = 0; p < career_phases; ++p) {
    for (std::size_t j = 0; j < plan_->types; ++j) {
      if (of_rate_[j] == 0) continue;
      double offences = 0;
      for (std::size_t week = 0; week < static_cast<std::size_t>(plan_->weeks); ++week) {
        const double of_week =
            plan_->season.upto(static_cast<double>(week + 1)) - plan_->season.upto(static_cast<double>(week));
        const double mean = scale * cells_.integral(week, p, j, of_week);
        if (mean < least_mean) continue;
        const std::uint64_t name = (week * career_phases + p) * most_types + j;
        const double u = uniform(streams.words(Purpose("offences not seen, by week"), name)[0]);
        const auto n = static_cast<double>(poisson_by_search(u, mean));
        offences_by_week[week] += n;
        offences += n;
      }
      phases[p].unseen += offences;
      not_seen[j] += offences;
      offences_by_type[j] += offences;
      const double severity = of_severity_[j] / of_rate_[j];
      harm += offences * plan_->harm[j] * severity;
      stolen += offences * plan_->value_mean[j] * severity;
    }
  }
  if (plan_->victims.empty()) return;
  for (std::size_t j = 0; j < plan_->types; ++j) count_victims_not_seen(streams, j, not_seen[j]);
}

// Given how many there are of a type, their victims' kinds are multinomial: one binomial after the other.
void CohortTally::count_victims_not_seen(const Streams& streams, std::size_t type, double offences) {
  auto left = static_cast<std::int64_t>(offences);
  double before = 0;
  for (const CareerPlan::Victim& each : plan_->victims[type]) {
    const double chance = each.share < 1 - before ? each.share / (1 - before) : 1;
    const double u = uniform(streams.words(Purpose("victims not seen"), each.place)[0]);
    const std::int64_t n = binomial_by_search(u, left, chance);
    offences_by_victim[each.place] += static_cast<double>(n);
    left -= n;
    before = each.upto;
  }
}

}  // namespace desist
