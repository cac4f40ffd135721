#include "engine/search/null_box.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/core/limits.hpp"
#include "engine/core/text.hpp"
#include "engine/statistics/draw_values.hpp"

namespace desist {
namespace {

constexpr std::uint64_t fewest_pilots = 20;
constexpr std::uint64_t pilots_in_futures = 4;  // one future in so many is run to match a parameter
constexpr int most_rounds = 16;
constexpr double least_miss = 1e-4;  // of the mean before, relative
constexpr double least_slope = 0.1;  // of the logarithm of the mean in that of the value, while one end is not known
constexpr double beyond = 1.25;      // a step that far beyond the root brackets it
constexpr std::uint64_t futures_in_chunk = 4;  // few futures of many points: so that every thread has some
constexpr double step_of_a_slope = 0.05;       // of the logarithm: few futures' luck isn't common to both, no bend yet
constexpr int value_digits = 4;                // of a matched value in a point's name

/// The search of one point: x the logarithm of the value, y that of the mean over what is wanted.
struct Matching {
  std::vector<NullPoint*> points;  // that have the same before
  double x = 0;
  double low = 0, high = 0;  // the root is between them
  double y_low = -infinity, y_high = infinity;
  int stayed = 0;  // rounds in which the same end stayed: 1 the low one, -1 the high one
  double last_x = 0;
  std::optional<double> last_y;
  double slope = 1;  // a count is near to proportional to its rate; of people who were picked it rises by less
  bool is_done = false;

  void take(double y, double error, double least, double most) {
    if (std::abs(y) <= std::max(least_miss, error / 4)) {
      is_done = true;
      return;
    }
    if ((y < 0 && x >= most) || (y > 0 && x <= least)) {  // not even the end of the range does it
      is_done = true;
      for (NullPoint* point : points) point->is_possible = false;
      return;
    }
    const bool moves_low = y < 0;
    (moves_low ? low : high) = x;
    (moves_low ? y_low : y_high) = y;
    // Illinois: an end that stays twice has its y halved, so that it moves too.
    const int stays = moves_low ? -1 : 1;
    if (stayed == stays) (moves_low ? y_high : y_low) /= 2;
    stayed = stays;
    const double here = x;
    if (std::isfinite(y_low) && std::isfinite(y_high)) {
      x = low + (high - low) * (-y_low) / (y_high - y_low);
    } else if (std::isfinite(y)) {
      if (last_y) slope = std::clamp((y - *last_y) / (x - last_x), least_slope, 1.0);  // the last two tell
      x = std::clamp(x - beyond * y / slope, low, high);
    } else {
      x = (low + high) / 2;
    }
    if (!std::isfinite(y)) return;
    last_x = here;
    last_y = y;
  }
};

/// Whether two points differ in nothing but unknowns of this kind.
bool differ_in(const NullProgramme& programme, const NullPoint& a, const NullPoint& b, const auto& is_of_kind) {
  if (a.arm != b.arm) return false;
  for (std::size_t u = 0; u < programme.unknowns.size(); ++u)
    if (a.levels[u] != b.levels[u] && !is_of_kind(programme.unknowns[u])) return false;
  return true;
}

/// Whether two points have the same before: whom the number after is counted of, and how much is seen of it, doesn't
/// matter to it.
bool is_same_before(const NullProgramme& programme, const NullPoint& a, const NullPoint& b) {
  return differ_in(programme, a, b,
                   [](const NullUnknown& unknown) { return unknown.is_share_counted || !unknown.field; });
}

}  // namespace

double seen_after(const NullProgramme& programme, const NullPoint& point) {
  double seen = 1;
  for (std::size_t u = 0; u < programme.unknowns.size(); ++u)
    if (!programme.unknowns[u].field && point.levels[u])
      seen *= programme.unknowns[u].levels[*point.levels[u]] * programme.unknowns[u].per_unit;
  return seen;
}

bool is_same_model(const NullProgramme& programme, const NullPoint& a, const NullPoint& b) {
  return differ_in(programme, a, b, [](const NullUnknown& unknown) { return !unknown.field; });
}

std::string point_name(const NullProgramme& programme, const NullPoint& point, const std::vector<Arm>& arms,
                       const ParameterDraws& draws) {
  std::string held;
  for (std::size_t u = 0; u < programme.unknowns.size(); ++u)
    if (point.levels[u] && programme.unknowns[u].field)
      held += (held.empty() ? "" : ", ") + programme.unknowns[u].name + " " +
              shortest(programme.unknowns[u].levels[*point.levels[u]]);
  if (point.matched) {
    const double scale = std::pow(10, value_digits - 1 - std::floor(std::log10(*point.matched)));
    held += (held.empty() ? "" : ", ") + draws.parameters()[programme.match->parameter].name + " " +
            shortest(std::round(*point.matched * scale) / scale);
  }
  return arms[point.arm].name + (held.empty() ? "" : " (" + held + ")");
}

NullArms null_arms(const NullProgramme& programme, const std::vector<const NullPoint*>& points,
                   const std::vector<Arm>& arms, const ParameterDraws& draws) {
  NullArms made;
  std::vector<Parameter> parameters = draws.parameters();
  const std::size_t first = parameters.size();
  for (const NullUnknown& unknown : programme.unknowns)
    parameters.push_back({"(level of " + unknown.name + ")", unknown.label, "", FixedLaw{0}});
  for (const NullPoint* point : points) {
    Arm held = arms[point->arm];
    held.name = point_name(programme, *point, arms, draws);
    held.variant = !made.arms.empty();  // a run's first arm can't be one
    for (std::size_t u = 0; u < programme.unknowns.size(); ++u) {
      const NullUnknown& unknown = programme.unknowns[u];
      if (!point->levels[u] || !unknown.field) continue;
      held.layout.fields[*unknown.field].pieces.push_back({unknown.from_week, unknown.items, first + u});
      held.overrides.emplace_back(first + u, unknown.levels[*point->levels[u]] * unknown.per_unit);
    }
    if (point->matched) held.overrides.emplace_back(programme.match->parameter, *point->matched);
    made.arms.push_back(std::move(held));
  }
  made.draws = ParameterDraws(std::move(parameters), draws.correlations(), draws.posteriors(), draws.seed());
  return made;
}

OutcomeTable NullRun::futures(const std::vector<const NullPoint*>& points, std::uint64_t count) const {
  Plan alone = plan;
  alone.to_a_rule = false;
  alone.draws = count;
  alone.replicates_per_draw = 1;  // a draw's mean is then one future
  alone.keep_draw_means = count;
  alone.rows_in_chunk = futures_in_chunk;
  RunControl quiet = control;
  quiet.checkpoint.clear();
  const NullArms made = null_arms(programme, points, arms, draws);
  try {
    return simulate(model, made.arms, made.draws, window, alone, nullptr, quiet);
  } catch (const ReplicateFailure& failure) {
    throw PlaceboFailure(failure.id(), failure.what());
  }
}

std::uint64_t pilot_futures(const NullProgramme& programme) {
  return std::min(programme.futures, std::max(fewest_pilots, programme.futures / pilots_in_futures));
}

std::vector<NullPoint> moved_points(const NullMatch& match, const std::vector<const NullPoint*>& points) {
  std::vector<NullPoint> moved;
  for (const NullPoint* point : points) {
    moved.push_back(*point);
    const double more = *point->matched * std::exp(step_of_a_slope), less = *point->matched / std::exp(step_of_a_slope);
    moved.back().matched = more <= match.high ? more : std::max(less, match.low);
  }
  return moved;
}

std::optional<std::vector<MatchedFutures>> match_points(const NullRun& run, std::size_t outcome, double wanted,
                                                        std::vector<NullPoint>& points,
                                                        const std::vector<double>& slopes) {
  const NullMatch& match = *run.programme.match;
  const std::uint64_t pilots = pilot_futures(run.programme);
  const double least = std::log(match.low), most = std::log(match.high);
  std::vector<Matching> matchings;
  for (std::size_t p = 0; p < points.size(); ++p) {
    NullPoint& point = points[p];
    const auto same = std::find_if(matchings.begin(), matchings.end(), [&](const Matching& each) {
      return is_same_before(run.programme, *each.points.front(), point);
    });
    if (same != matchings.end()) {
      same->points.push_back(&point);
      continue;
    }
    Matching matching;
    matching.points = {&point};
    matching.low = least;
    matching.high = most;
    if (!slopes.empty()) matching.slope = std::clamp(slopes[p], least_slope, 1.0);
    matching.x = point.matched ? std::clamp(std::log(*point.matched), least, most) : (least + most) / 2;
    matchings.push_back(matching);
  }
  std::vector<MatchedFutures> matched(points.size());
  for (int round = 0; round < most_rounds; ++round) {
    std::vector<Matching*> open;
    std::vector<const NullPoint*> tried;
    for (Matching& matching : matchings) {
      if (matching.is_done) continue;
      for (NullPoint* point : matching.points) point->matched = std::exp(matching.x);
      open.push_back(&matching);
      tried.push_back(matching.points.front());
    }
    if (open.empty()) break;
    const OutcomeTable outcomes = run.futures(tried, pilots);
    if (!outcomes.complete()) return {};
    for (std::size_t i = 0; i < open.size(); ++i) {
      for (const NullPoint* point : open[i]->points)
        matched[static_cast<std::size_t>(point - points.data())] = {outcomes, i};
      const MeanAndError found = mean_of(outcomes.draw_means(i, outcome));
      // Without a single value there is nothing before: as far below what is wanted as can be.
      const double y = found.mean > 0 ? std::log(found.mean / wanted) : -infinity;
      open[i]->take(y, found.mean > 0 ? found.error / found.mean : 0, least, most);
    }
  }
  return matched;
}

}  // namespace desist
