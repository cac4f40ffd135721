#include "models/cover.hpp"

#include <limits>

#include "engine/core/date.hpp"
#include "engine/core/limits.hpp"

namespace desist {
namespace {

/// One replicate's work space, kept for its memory.
struct Space {
  KitStock kits;
  std::vector<Urn> urns;                    // by cell, at this week's carriers
  std::vector<HypergeometricTable> tables;  // by cell; of an urn that may be an earlier week's
  std::vector<Urn> known;                   // by cell: the urn of `chances`
  std::vector<double> chances;              // by cell
};

/// Chance that a call of the week is met: one kit more or less changes one area, and only its cells are worked out.
double chance_of_week(const CoverPlan& plan, Space& space) {
  double sum = 0;
  for (std::size_t c = 0; c < space.urns.size(); ++c) {
    if (space.known[c] != space.urns[c]) {
      space.known[c] = space.urns[c];
      space.chances[c] = plan.chance_in(space.urns[c], space.tables[c]);
    }
    sum += plan.cells()[c].calls * space.chances[c];
  }
  return sum;
}

/// Carriers on shift where a call is: the same for all calls of that area, day and shift.
std::int64_t carriers_on_shift(const CoverPlan& plan, const Streams& streams, Space& space, std::size_t cell,
                               std::uint64_t day) {
  const CoverCell& here = plan.cells()[cell];
  HypergeometricTable& table = space.tables[cell];
  if (table.urn() != space.urns[cell]) table.set(space.urns[cell]);
  const std::uint64_t entity = day << 32U | here.area << 16U | here.shift;
  return table(uniform(streams.words(Purpose("carriers on shift"), entity)[0]));
}

}  // namespace

CoverSums follow_cover(const CoverPlan& plan, const Streams& streams, Cover::Outcomes& outcomes,
                       Cover::Series& series) {
  thread_local Space space;
  space.kits.begin(plan.kits(), plan.carriers(0));
  space.tables.resize(plan.cells().size());
  space.known.assign(plan.cells().size(), Urn{-1, 0, 0});  // of no plan
  space.chances.resize(plan.cells().size());
  CoverSums sums;
  std::int64_t in_date_before = -1;
  double chance = 0;
  double carrier_weeks = 0;
  double in_date_weeks = 0;
  for (int week = 0; week < plan.weeks(); ++week) {
    const std::int64_t carriers = plan.carriers(week);
    space.kits.start_week(week, carriers);
    const std::int64_t in_date = space.kits.in_date();
    if (in_date != in_date_before) {
      plan.spread_over_areas(in_date, space.urns);
      chance = chance_of_week(plan, space);
      in_date_before = in_date;
    }
    const auto w = static_cast<std::size_t>(week);
    const auto entity = static_cast<std::uint64_t>(week);
    const std::int64_t calls = plan.calls(week, streams.words(Purpose("calls"), entity)[0]);
    Stream words = streams.open(Purpose("each call"), entity);
    double met = 0;
    for (std::int64_t i = 0; i < calls; ++i) {
      const double where = uniform(words());
      const std::uint64_t weekday = words() % 7;
      const double crew = uniform(words());
      const double arrival = uniform(words());
      const double need = uniform(words());
      const double which = uniform(words());
      const std::size_t cell = plan.cell_of(where);
      const std::int64_t on_shift = carriers_on_shift(plan, streams, space, cell, 7 * entity + weekday);
      if (!(crew < plan.chance_on_shift(on_shift, plan.cells()[cell].on_shift))) continue;
      ++met;
      if (arrival < plan.in_time()) ++sums.in_time;
      if (need < plan.used() && space.kits.in_date() > 0) space.kits.use(which);
    }
    sums.calls += static_cast<double>(calls);
    sums.met += met;
    series.chance_met[w] = chance;
    series.kits_in_date[w] = static_cast<double>(in_date);
    series.calls[w] = static_cast<double>(calls);
    series.calls_met[w] = met;
    outcomes.chance_met += chance / plan.weeks();
    carrier_weeks += static_cast<double>(carriers);
    in_date_weeks += static_cast<double>(in_date);
  }
  outcomes.share_in_date = carrier_weeks > 0 ? in_date_weeks / carrier_weeks : missing;
  sums.kits = space.kits.counts();
  return sums;
}

void Cover::replicate(const Bound& plan, const Streams& streams, Outcomes& outcomes, Series& series) {
  const CoverSums sums = follow_cover(plan, streams, outcomes, series);
  const std::int64_t carriers = plan.carriers(plan.weeks() - 1);
  const double years = plan.weeks() / weeks_per_year;
  outcomes.enough_met = sums.met >= plan.wanted_share() * sums.calls ? 1 : 0;
  outcomes.chance_of_carrier = plan.chance(carriers);
  outcomes.share_met = sums.calls > 0 ? sums.met / sums.calls : missing;
  outcomes.share_in_time = sums.calls > 0 ? sums.in_time / sums.calls : missing;
  outcomes.calls_a_year = sums.calls / years;
  outcomes.met_a_year = sums.met / years;
  outcomes.unmet_a_year = (sums.calls - sums.met) / years;
  outcomes.kits_used = static_cast<double>(sums.kits.used);
  outcomes.kits_expired = static_cast<double>(sums.kits.expired);
  outcomes.kits_ordered = static_cast<double>(sums.kits.ordered);
  outcomes.kits_cost = plan.kits().price * static_cast<double>(sums.kits.ordered);
  thread_local std::vector<Urn> urns;
  plan.spread_over_areas(carriers, urns);
  for (const Urn& urn : urns)
    if (urn.population > 0)
      outcomes.carriers_on_shift += static_cast<double>(urn.sample) * static_cast<double>(urn.marked) /
                                    static_cast<double>(urn.population) / static_cast<double>(urns.size());
}

}  // namespace desist
