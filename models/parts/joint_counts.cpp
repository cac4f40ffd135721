#include "models/parts/joint_counts.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <stdexcept>

#include "models/parts/hypergeometric.hpp"

namespace desist {
namespace {

CareerPhase phase_called(const std::string& name) {
  static const std::array<std::string, career_phases> names{"before", "during", "after", "outside"};
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw std::invalid_argument("phases has '" + name + "': they are before, during, after and outside");
  return static_cast<CareerPhase>(found - names.begin());
}

}  // namespace

CohortBreakdown::CohortBreakdown(const std::vector<std::string>& year_names,
                                 const std::vector<std::string>& phase_names, const CareerPlan& career)
    : years(year_names.size()), types(career.types), kinds(career.kinds_of_victims) {
  if (static_cast<double>(years) * days_per_year > 7.0 * career.weeks + days_per_year)
    throw std::invalid_argument("`years` has more years than the window");
  if (years > 0 && 7.0 * career.weeks >= static_cast<double>(years) * days_per_year + days_per_week * 52)
    throw std::invalid_argument(
        "the window goes on for a year or more after the last of `years`, and what happens then is counted in none: "
        "name every year, or end with them");
  for (int week = 0; week < career.weeks; ++week)
    year_of_week.push_back(std::min(years, static_cast<std::size_t>(week * days_per_week / days_per_year)));
  for (const std::string& name : phase_names) phases.push_back(phase_called(name));
  if (!phases.empty() && years == 0)
    throw std::invalid_argument("`phases` needs `years`: offences are counted by both at once");
}

void JointCounts::begin(const CohortBreakdown& by) {
  is_on_ = by.is_joint();
  if (!is_on_) return;
  by_ = by;
  cells_ = (by.years + 1) * career_phases;
  by_type_.assign(cells_ * by.types, 0.0);
  by_kind_.assign(cells_ * by.kinds, 0.0);
  unseen_.assign(cells_ * by.types, 0);
}

void JointCounts::scale_by(double scale) {
  if (!is_on_) return;
  for (double& offences : by_type_) offences *= scale;
  for (double& offences : by_kind_) offences *= scale;
}

void JointCounts::place_victims(const Streams& streams, std::size_t type, std::size_t kind, std::int64_t offences) {
  if (!is_on_) return;
  constexpr Purpose purpose("victims not seen, by year and phase");
  const auto begin = unseen_.begin() + static_cast<std::ptrdiff_t>(type * cells_);
  const auto end = begin + static_cast<std::ptrdiff_t>(cells_);
  std::int64_t population = std::accumulate(begin, end, std::int64_t{0});
  HypergeometricTable choose;
  for (auto cell = begin; cell != end && offences > 0; ++cell) {
    if (*cell == 0) continue;
    const auto at = static_cast<std::size_t>(cell - begin);
    choose.set({population, offences, *cell});
    const std::int64_t here = choose(uniform(streams.words(purpose, kind, at)[0]));
    population -= *cell;
    offences -= here;
    *cell -= here;
    by_kind_[at * by_.kinds + kind] += static_cast<double>(here);
  }
}

double JointCounts::sum(const std::vector<double>& counts, std::size_t width, std::size_t year,
                        std::optional<CareerPhase> phase, std::size_t at) const {
  const auto of = [&](std::size_t p) { return counts[(year * career_phases + p) * width + at]; };
  if (phase) return of(static_cast<std::size_t>(*phase));
  double all = 0;
  for (std::size_t p = 0; p < career_phases; ++p) all += of(p);
  return all;
}

}  // namespace desist
