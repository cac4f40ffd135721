#include "engine/estimation/appraisal/zero_crossings.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/limits.hpp"
#include "engine/statistics/root.hpp"

namespace desist {
namespace {

constexpr double line_tolerance = 1e-9;
constexpr int points_within = 17, points_beyond = 8;

std::vector<double> grid_of(const SearchEnds& ends) {
  std::vector<double> grid;
  const auto add = [&](double from, double to, int intervals) {
    for (int i = 0; i < intervals; ++i) grid.push_back(from + (to - from) * i / intervals);
  };
  if (ends.searched_low < ends.low) add(ends.searched_low, ends.low, points_beyond);
  if (ends.low < ends.high) add(ends.low, ends.high, points_within - 1);
  if (ends.high < ends.searched_high) add(ends.high, ends.searched_high, points_beyond);
  grid.push_back(ends.searched_high);
  return grid;
}

}  // namespace

SearchEnds search_ends(double low, double high, bool is_share) {
  if (is_share && low >= 0 && high <= 1) return {0, low, high, 1};
  if (low >= 0) return {0, low, high, 10 * high};
  const double width = high > low ? high - low : std::abs(low);
  return {low - 10 * width, low, high, high + 10 * width};
}

std::vector<double> zero_crossings(const std::function<double(double)>& f, const SearchEnds& ends) {
  const double from = ends.searched_low, to = ends.searched_high;
  if (!(from < to)) return {};
  const double at_from = f(from), at_to = f(to);
  const auto line = [&](double x) { return at_from + (at_to - at_from) * (x - from) / (to - from); };
  const double scale = std::max(std::abs(at_from), std::abs(at_to));
  const auto is_on_line = [&](double x) { return std::abs(f(x) - line(x)) <= line_tolerance * scale; };
  if (std::isfinite(scale) && is_on_line(ends.low) && is_on_line(ends.high) && is_on_line((from + to) / 2) &&
      is_on_line(from + 0.3 * (to - from))) {
    if (!(at_from < 0 && at_to > 0) && !(at_from > 0 && at_to < 0)) return {};  // touching nought at an end is none
    return {from - at_from * (to - from) / (at_to - at_from)};
  }
  std::vector<double> found;
  struct Point {
    double x = 0, value = 0;
  };
  Point before;             // the last at which it was not nought
  bool has_before = false;  // since it was last not finite
  double nought = missing;  // a point of the grid since `before` at which it was
  for (const double x : grid_of(ends)) {
    const Point here{x, f(x)};
    if (here.value == 0) nought = x;
    if (here.value == 0) continue;
    if (has_before && std::isfinite(here.value) && (before.value < 0) != (here.value < 0))
      found.push_back(std::isnan(nought) ? statistics::root_between(f, before.x, x, before.value) : nought);
    before = here;
    has_before = std::isfinite(here.value);
    nought = missing;
  }
  return found;
}

}  // namespace desist
