#include "models/parts/cover.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <stdexcept>

#include "engine/core/text.hpp"
#include "models/parts/step_integral.hpp"

namespace desist {
namespace {

using Spread = CoverParameters::Spread;

/// The shares of a list's items: as given, else the others' shares or equal ones.
std::vector<double> shares_of(const std::vector<double>& given, std::size_t items, const char* name, const char* list,
                              const std::vector<double>& otherwise) {
  if (given.empty()) return otherwise;
  if (given.size() != items)
    throw std::invalid_argument(std::string(name) + " has " + std::to_string(given.size()) + " shares for " +
                                std::to_string(items) + " " + list);
  const double sum = std::accumulate(given.begin(), given.end(), 0.0);
  if (std::abs(sum - 1) > 1e-6)
    throw std::invalid_argument(std::string(name) + " must add up to 1, not " + shortest(std::round(sum * 1e6) / 1e6));
  return given;
}

/// Cumulative sums; the last is 1 to the bit.
std::vector<double> cumulative_sums(const std::vector<double>& shares) {
  std::vector<double> sums;
  double sum = 0;
  for (const double share : shares) sums.push_back(sum += share);
  sums.back() = 1;
  return sums;
}

/// Of a whole number shared out by cumulative shares, the part of one item: the parts add up to it.
std::int64_t part_of(std::int64_t whole, const std::vector<double>& upto, std::size_t item) {
  const auto rounded = [&](double share) { return std::llround(share * static_cast<double>(whole)); };
  return rounded(upto[item]) - (item == 0 ? 0 : rounded(upto[item - 1]));
}

/// 1 - binom(n - k, m) / binom(n, m): a sample of m holds one of the k marked of n.
double chance_of_one(std::int64_t n, std::int64_t k, std::int64_t m) {
  double none = 1;
  for (std::int64_t i = 0; i < m; ++i) {
    if (k + i >= n) return 1;
    none *= static_cast<double>(n - k - i) / static_cast<double>(n - i);
  }
  return 1 - none;
}

}  // namespace

CoverPlan::CoverPlan(const CoverParameters& parameters, const Window& window)
    : weeks_(static_cast<int>(window.whole_weeks())),
      crew_(parameters.crew),
      spread_(parameters.spread),
      busy_(parameters.busy),
      in_time_(parameters.in_time * (parameters.spread == Spread::sent_first ? 1 - parameters.slower_if_sent : 1)),
      used_(parameters.used),
      wanted_share_(parameters.wanted_share),
      shifts_(parameters.shifts.size()),
      kits_(parameters, weeks_) {
  if (weeks_ < 1) throw std::invalid_argument("the window is shorter than a week");
  const std::size_t areas = parameters.areas.size();
  if (areas == 0 || shifts_ == 0) throw std::invalid_argument("cover needs an area and a shift or more");
  const std::vector<double> alike(areas, 1 / static_cast<double>(areas));
  const std::vector<double> every_shift(shifts_, 1 / static_cast<double>(shifts_));
  const auto officers = shares_of(parameters.officers_by_area, areas, "officers_by_area", "areas", alike);
  const auto carriers = shares_of(parameters.carriers_by_area, areas, "carriers_by_area", "areas", officers);
  const auto calls = shares_of(parameters.calls_by_area, areas, "calls_by_area", "areas", alike);
  const auto by_shift = shares_of(parameters.calls_by_shift, shifts_, "calls_by_shift", "shifts", every_shift);

  const auto all = static_cast<std::int64_t>(std::llround(parameters.officers * parameters.meeting_calls));
  const auto officers_upto = cumulative_sums(officers);
  carriers_upto_ = cumulative_sums(carriers);
  std::vector<double> shares;
  for (std::size_t area = 0; area < areas; ++area) {
    const std::int64_t here = part_of(all, officers_upto, area);
    for (std::size_t shift = 0; shift < shifts_; ++shift) {
      const double at_work = parameters.on_shift[shift] * static_cast<double>(here);
      cells_.push_back(
          {area, shift, here, std::min<std::int64_t>(here, std::llround(at_work)), calls[area] * by_shift[shift]});
      shares.push_back(cells_.back().calls);
    }
  }
  upto_ = cumulative_sums(shares);
  for (std::size_t x = 0; x < all_busy_.size(); ++x) all_busy_[x] = std::pow(busy_, static_cast<double>(x));

  std::map<double, std::uint32_t> known;
  for (int week = 0; week < weeks_; ++week) {
    carriers_.push_back(std::min<std::int64_t>(all, std::llround(parameters.carriers.at(week))));
    const double mean = step_integral(parameters.calls, week, week + 1);
    const auto [at, is_new] = known.try_emplace(mean, static_cast<std::uint32_t>(tables_.size()));
    if (is_new) tables_.emplace_back(mean);
    tables_of_.push_back(at->second);
  }
}

std::size_t CoverPlan::cell_of(double u) const {
  return static_cast<std::size_t>(std::upper_bound(upto_.begin(), upto_.end() - 1, u) - upto_.begin());
}

void CoverPlan::spread_over_areas(std::int64_t carriers, std::vector<Urn>& urns) const {
  urns.resize(cells_.size());
  for (std::size_t c = 0; c < cells_.size(); ++c) {
    const CoverCell& cell = cells_[c];
    urns[c] = {cell.officers, std::min(cell.officers, part_of(carriers, carriers_upto_, cell.area)), cell.on_shift};
  }
}

double CoverPlan::chance_on_shift(std::int64_t x, std::int64_t m) const {
  if (m == 0 || x == 0) return 0;
  const std::int64_t crew = std::min(crew_, m);
  switch (spread_) {
    case Spread::at_random:
      return chance_of_one(m, x, crew);
    case Spread::together:
      return static_cast<double>(x) / static_cast<double>(m);
    case Spread::apart:
      return std::min(1.0, static_cast<double>(crew * x) / static_cast<double>(m));
    case Spread::sent_first:
      return 1 - (x < std::ssize(all_busy_) ? all_busy_[static_cast<std::size_t>(x)]
                                            : std::pow(busy_, static_cast<double>(x)));
  }
  return 0;
}

double CoverPlan::chance_in(const Urn& urn, HypergeometricTable& table) const {
  if (urn.sample == 0 || urn.marked == 0) return 0;
  if (spread_ == Spread::at_random) return chance_of_one(urn.population, urn.marked, std::min(crew_, urn.sample));
  if (spread_ == Spread::together) return static_cast<double>(urn.marked) / static_cast<double>(urn.population);
  if (table.urn() != urn) table.set(urn);
  double sum = 0;
  std::int64_t x = table.first();
  for (const double probability : table.probabilities()) sum += probability * chance_on_shift(x++, urn.sample);
  return sum;
}

double CoverPlan::chance(std::int64_t carriers) const {
  thread_local HypergeometricTable table;
  thread_local std::vector<Urn> urns;
  spread_over_areas(carriers, urns);
  double sum = 0;
  for (std::size_t c = 0; c < cells_.size(); ++c) sum += cells_[c].calls * chance_in(urns[c], table);
  return sum;
}

}  // namespace desist
