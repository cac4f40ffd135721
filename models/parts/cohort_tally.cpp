#include "models/parts/cohort_tally.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/limits.hpp"
#include "engine/core/rounding.hpp"
#include "engine/random/counts.hpp"

namespace desist {
namespace {

constexpr double least_mean = 1e-9;  // of a cell: below it is what rounding leaves of rates that went away

std::size_t index(CareerPhase phase) { return static_cast<std::size_t>(phase); }

}  // namespace

void CellSums::begin(int weeks, std::size_t types) {
  rows_ = static_cast<std::size_t>(weeks) + 2;
  types_ = types;
  cells_.assign(career_phases * rows_ * 2 * types, 0.0);
}

void CellSums::finish() {
  std::vector<double> levels(types_);
  for (std::size_t phase = 0; phase < career_phases; ++phase) {
    std::fill(levels.begin(), levels.end(), 0.0);
    for (std::size_t week = 0; week < rows_; ++week) {
      double* const changes = cells_.data() + place(phase, week) + types_;
      for (std::size_t j = 0; j < types_; ++j) levels[j] += std::exchange(changes[j], levels[j]);
    }
  }
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
  if (n_ == 0) return missing;
  return (static_cast<double>(at_rank((n_ - 1) / 2)) + static_cast<double>(at_rank(n_ / 2))) / 2;
}

const CohortBreakdown& CohortTally::nothing_apart() {
  static const CohortBreakdown nothing;
  return nothing;
}

void CohortTally::start(const CareerPlan& plan, const CohortBreakdown& by) {
  plan_ = &plan;
  by_ = &by;
  stolen_by_year.assign(by.years, 0.0);
  harm_by_year.assign(by.years, 0.0);
  of_severity_by_year_.assign(by.years * plan.types, 0.0);
  of_rate_by_year_.assign(by.years * plan.types, 0.0);
  joint.begin(by);
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
  dead_weeks = referrals = repeats = starts = desistances = deaths = arrests = charges = convictions = sentences = 0;
  stolen = harm = 0;
  offences_by_type.assign(plan.types, 0.0);
  recorded_by_type.assign(plan.types, 0.0);
  offences_by_victim.assign(plan.kinds_of_victims, 0.0);
  recorded_by_victim.assign(plan.kinds_of_victims, 0.0);
  offences_by_week.assign(static_cast<std::size_t>(plan.weeks), 0.0);
  recorded_by_week.assign(static_cast<std::size_t>(plan.weeks), 0.0);
  people.begin(plan.weeks);
  in_bulk_ = !plan.every_offence || plan.any_by_expected_count;
  cells_.begin(plan.weeks, plan.types);
  of_severity_.assign(plan.types, 0.0);
  rates_.fill(0);
  has_rates_ = false;
  asked_ = -1;
}

void CohortTally::begin(const CareerPerson&) {
  phase_ = CareerPhase::before;
  people.next();
  weeks_.fill(0);
  recorded_.fill(0);
  stolen_.fill(0);
  phase_ends_.fill(0);
  followed_.clear();
  dead_ = false;
}

void CohortTally::piece(const CareerPiece& piece) {
  const double weeks = piece.until - piece.from;
  const bool is_free = piece.place == CareerPlace::free;
  PhaseSums& phase = phases[index(piece.phase)];
  weeks_[index(piece.phase)] += weeks;
  place_weeks[static_cast<std::size_t>(piece.place)] += weeks;
  if (is_free) {
    phase.free_weeks += weeks;
    phase.spend += weeks * plan_->spend[static_cast<std::size_t>(piece.drug)];
  }
  people.add(piece);
  const double since = season_upto(piece.from);
  if (piece.rate > 0 && !(plan_->held.any && piece.phase == CareerPhase::before))
    phase.expected += piece.rate * piece.seen * (season_upto(piece.until) - since);
  if (!in_bulk_ || (piece.rate == 0 && !has_rates_)) return;
  if (!plan_->any_by_expected_count) {
    add_rates(piece, since, [&](std::size_t j) { return 1 - piece.detected[j]; });
    return;
  }
  add_rates(piece, since, [&](std::size_t j) {
    if (plan_->by_expected_count[j] != 0) return 1.0;
    return plan_->every_offence ? 0.0 : 1 - piece.detected[j];
  });
}

template <class ShareInBulk>
void CohortTally::add_rates(const CareerPiece& piece, double since, const ShareInBulk& share_in_bulk) {
  const std::size_t p = index(piece.phase);
  if (has_rates_ && p != phase_of_rates_) end_rates(piece.from);
  const CellSums::Place cells = cells_.at(p, piece.from, since, plan_->season);
  const std::size_t types = plan_->types;
  for (std::size_t j = 0; j < types; ++j) {
    const double rate = piece.rate * piece.mix[j] * share_in_bulk(j) * piece.effect[j];
    const double change = rate - rates_[j];
    cells.part[j] += change * cells.left;
    cells.level[j] += change;
    rates_[j] = rate;
  }
  phase_of_rates_ = p;
  has_rates_ = true;
  if (piece.severity == 1) return;
  const double over = season_upto(piece.until) - since;
  for (std::size_t j = 0; j < types; ++j) of_severity_[j] += rates_[j] * over * (piece.severity - 1);
  if (by_->years > 0) add_severity_by_year(piece);
}

void CohortTally::add_severity_by_year(const CareerPiece& piece) {
  double from = piece.from;
  while (from < piece.until) {
    const auto week = whole_part(from);
    const std::size_t year = by_->year_of_week[week];
    std::size_t next = week + 1;
    while (next < by_->year_of_week.size() && by_->year_of_week[next] == year) ++next;
    const double until = std::min(piece.until, static_cast<double>(next));
    const double over = plan_->season.upto(until) - plan_->season.upto(from);
    if (year < by_->years)
      for (std::size_t j = 0; j < plan_->types; ++j)
        of_severity_by_year_[year * plan_->types + j] += rates_[j] * over * (piece.severity - 1);
    from = until;
  }
}

double CohortTally::severity_in_year(std::size_t year, std::size_t type) const {
  const std::size_t at = year * plan_->types + type;
  return of_severity_by_year_[at] == 0 ? 1 : 1 + of_severity_by_year_[at] / of_rate_by_year_[at];
}

void CohortTally::end_rates(double time) {
  const CellSums::Place cells = cells_.at(phase_of_rates_, time, season_upto(time), plan_->season);
  for (std::size_t j = 0; j < plan_->types; ++j) {
    cells.part[j] -= rates_[j] * cells.left;
    cells.level[j] -= rates_[j];
    rates_[j] = 0;
  }
  has_rates_ = false;
}

// An offence, seen or not, among those `of_phase`: but where its type is counted by the expected number, only what its
// person steals by it.
template <class Offence>
void CohortTally::count(const Offence& offence, double& of_phase) {
  const std::size_t type = offence.type;
  const auto week = whole_part(offence.time);
  const bool in_totals = plan_->by_expected_count[type] == 0;
  const std::size_t year = in_totals && by_->years > 0 ? by_->year_of_week[week] : by_->years;
  if (in_totals) {
    ++of_phase;
    ++offences_by_type[type];
    if (offence.victim) ++offences_by_victim[*offence.victim];
    ++offences_by_week[week];
    joint.add(week, offence.phase, type, offence.victim);
    harm += plan_->harm[type] * offence.severity;
  }
  if (year < by_->years) harm_by_year[year] += plan_->harm[type] * offence.severity;
  if (plan_->value_mean[type] == 0) return;
  // Where most offences are counted in bulk, at the mean value, so are those that are seen.
  const double value =
      offence.severity * (plan_->every_offence ? plan_->value(type, offence.value_word) : plan_->value_mean[type]);
  if (in_totals) stolen += value;
  if (year < by_->years) stolen_by_year[year] += value;
  stolen_[index(offence.phase)] += value;
}

void CohortTally::seen(const SeenOffence& offence) {
  const std::size_t p = index(offence.phase);
  count(offence, phases[p].seen);
  const double end = plan_->end;
  if (offence.recorded < end) {
    ++phases[p].recorded;
    ++recorded_[p];
    ++recorded_by_type[offence.type];
    if (offence.victim) ++recorded_by_victim[*offence.victim];
    ++recorded_by_week[whole_part(offence.recorded)];
  }
  if (offence.arrested < never)
    followed_.push_back({p, offence.arrested, offence.charged, offence.convicted, offence.to_custody});
}

void CohortTally::unseen(const UnseenOffence& offence) { count(offence, phases[index(offence.phase)].unseen); }

void CohortTally::phase_begins(double time, CareerPhase phase) {
  phase_ends_[index(phase_)] = time;
  phase_ = phase;
}

void CohortTally::ended(double time) {
  phase_ends_[index(phase_)] = time;
  dead_weeks += plan_->end - time;
  people.leave(time);
  if (has_rates_) end_rates(time);
  for (std::size_t p = 0; p < career_phases; ++p) {
    if (weeks_[p] == 0) continue;
    ++phases[p].people;
    phases[p].weeks += weeks_[p];
    phases[p].recorded_each.add(recorded_[p]);
    if (plan_->every_offence) phases[p].stolen_a_week.push_back(stolen_[p] / weeks_[p]);
  }
  std::array<bool, career_phases> any{};
  for (const Followed& each : followed_) {  // nobody is arrested, charged or convicted after death
    const double upto = dead_ ? time : plan_->end;
    if (each.arrested < upto) ++arrests;
    if (each.charged < upto) ++charges;
    if (each.convicted < upto) ++convictions;
    if (each.convicted < upto && each.to_custody) ++sentences;
    if (each.phase == career_phases || each.convicted == never || (dead_ && each.convicted >= upto)) continue;
    if (each.convicted > phase_ends_[each.phase] + plan_->proven_wait) continue;
    ++phases[each.phase].proven;
    any[each.phase] = true;
  }
  for (std::size_t p = 0; p < career_phases; ++p)
    if (any[p]) ++phases[p].with_proven;
}

void CohortTally::scale_by(double scale) {
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
  for (double& of_year : stolen_by_year) of_year *= scale;
  for (double& of_year : harm_by_year) of_year *= scale;
  joint.scale_by(scale);
}

void CohortTally::finish(const Streams& streams, double scale) {
  people.finish();
  scale_by(scale);
  if (!in_bulk_) return;
  cells_.finish();
  std::array<double, most_types> in_bulk{};
  std::vector<double> by_year(by_->years * plan_->types);  // and type
  for (std::size_t j = 0; j < plan_->types; ++j) {
    const double severity = of_severity_[j] == 0 ? 1 : 1 + of_severity_[j] / integral_over_all(j);
    for (std::size_t p = 0; p < career_phases; ++p) {
      if (phases[p].weeks == 0) continue;
      const double offences = count_in_bulk(streams, scale, p, j, by_year);
      phases[p].unseen += offences;
      in_bulk[j] += offences;
      offences_by_type[j] += offences;
      harm += offences * plan_->harm[j] * severity;
      stolen += offences * plan_->value_mean[j] * severity;
    }
  }
  for (std::size_t year = 0; year < by_->years; ++year) {
    for (std::size_t j = 0; j < plan_->types; ++j) {
      const double harmed = by_year[year * plan_->types + j] * severity_in_year(year, j);
      harm_by_year[year] += harmed * plan_->harm[j];
      stolen_by_year[year] += harmed * plan_->value_mean[j];
    }
  }
  if (plan_->victims.empty()) return;
  for (std::size_t j = 0; j < plan_->types; ++j) {
    if (plan_->by_expected_count[j] != 0) {
      count_victims_expected(j, in_bulk[j]);
    } else {
      count_victims_not_seen(streams, j, in_bulk[j]);
    }
  }
}

// Of one phase and type, week by week.
double CohortTally::count_in_bulk(const Streams& streams, double scale, std::size_t phase, std::size_t type,
                                  std::vector<double>& by_year) {
  const bool is_expected = plan_->by_expected_count[type] != 0;
  const auto* const victims = plan_->victims.empty() ? nullptr : &plan_->victims[type];
  double offences = 0;
  if (!is_expected) draw_words(streams, phase, type);
  for (std::size_t week = 0; week < static_cast<std::size_t>(plan_->weeks); ++week) {
    const double integral = cells_.integral(week, phase, type, plan_->season.of_week(week));
    const std::size_t year = by_->years > 0 ? by_->year_of_week[week] : 0;
    if (year < by_->years) of_rate_by_year_[year * plan_->types + type] += integral;
    const double n = count_of_cell(week, type, scale * integral);
    if (n == 0) continue;
    offences_by_week[week] += n;
    offences += n;
    if (year < by_->years) by_year[year * plan_->types + type] += n;
    if (is_expected) {
      joint.add_expected(week, phase, type, n, victims);
    } else {
      joint.add_unseen(week, phase, type, n);
    }
  }
  return offences;
}

/// The integral of the rates of a type over time and people.
double CohortTally::integral_over_all(std::size_t type) const {
  double sum = 0;
  for (std::size_t phase = 0; phase < career_phases; ++phase)
    for (std::size_t week = 0; week < static_cast<std::size_t>(plan_->weeks); ++week)
      sum += cells_.integral(week, phase, type, plan_->season.of_week(week));
  return sum;
}

// All at once, before a count is searched: none then waits for its word.
void CohortTally::draw_words(const Streams& streams, std::size_t phase, std::size_t type) {
  words_.resize(static_cast<std::size_t>(plan_->weeks));
  for (std::size_t week = 0; week < words_.size(); ++week) {
    const std::uint64_t name = (week * career_phases + phase) * most_types + type;
    words_[week] = streams.words(Purpose("offences not seen, by week"), name)[0];
  }
}

/// A Poisson number, or its mean where the type is counted by that.
double CohortTally::count_of_cell(std::size_t week, std::size_t type, double mean) const {
  if (plan_->by_expected_count[type] != 0) return std::max(mean, 0.0);  // rounding may leave less
  if (mean < least_mean) return 0;
  return static_cast<double>(poisson_by_search(uniform(words_[week]), mean));
}

void CohortTally::count_victims_expected(std::size_t type, double offences) {
  for (const CareerPlan::Victim& each : plan_->victims[type]) offences_by_victim[each.place] += offences * each.share;
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
    joint.place_victims(streams, type, each.place, n);
    left -= n;
    before = each.upto;
  }
}

}  // namespace desist
