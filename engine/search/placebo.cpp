#include "engine/search/placebo.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/core/limits.hpp"
#include "engine/search/null_box.hpp"
#include "engine/statistics/draw_values.hpp"

namespace desist {
namespace {

constexpr double near_errors = 2;
constexpr double flattest_start = 0.1;  // of the logarithm of a mean in that of the parameter: where a search begins

double limit_of(bool is_least, double a, double b) {
  if (std::isnan(a)) return b;
  if (std::isnan(b)) return a;
  return is_least ? std::min(a, b) : std::max(a, b);
}
void widen(double& least, double& most, double value) {
  least = limit_of(true, least, value);
  most = limit_of(false, most, value);
}
void widen(std::optional<double>& least, std::optional<double>& most, const std::optional<double>& value) {
  if (!value) return;
  least = least ? std::min(*least, *value) : *value;
  most = most ? std::max(*most, *value) : *value;
}

/// E after/E before and its error by the delta method, triples of the same future (mathematics.md 6.5); `moves` is by
/// how much each moves log(E after/E before) through what was matched.
MeanAndError ratio_of_means(std::span<const double> before, std::span<const double> after,
                            std::span<const double> moves) {
  const double b = mean_of(before).mean, a = mean_of(after).mean;
  if (!(b > 0)) return {};
  std::vector<double> residuals;
  for (std::size_t d = 0; d < before.size(); ++d) residuals.push_back(after[d] - a / b * before[d] - a * moves[d]);
  return {a / b, mean_of(residuals).error / b};
}

/// The level of the unknown that is the share counted, at a point; 1 where it is none.
double share_counted(const NullProgramme& programme, const NullPoint& point) {
  for (std::size_t u = 0; u < programme.unknowns.size(); ++u)
    if (programme.unknowns[u].is_share_counted && point.levels[u])
      return programme.unknowns[u].levels[*point.levels[u]] * programme.unknowns[u].per_unit;
  return 1;
}

/// A share at which nothing is left, and its error: the printed ratio over what is expected of each.
void take_share(PartLeft& left, double printed_ratio, double of_each, double of_each_error) {
  const double share = printed_ratio / of_each, error = share * of_each_error / of_each;
  if (!std::isfinite(share)) return;  // nothing is expected after, whatever the share
  if (left.points == 0 || share < left.least) {
    left.least = share;
    left.least_error = error;
  }
  if (left.points == 0 || share > left.most) {
    left.most = share;
    left.most_error = error;
  }
  ++left.points;
}

bool asks_share_counted(const NullProgramme& programme) {
  return std::any_of(programme.unknowns.begin(), programme.unknowns.end(),
                     [](const NullUnknown& unknown) { return unknown.is_share_counted; });
}

void left_of_parts(const NullProgramme& programme, const Placebo& placebo, const std::vector<NullPoint>& points,
                   PlaceboResult& result) {
  if (!asks_share_counted(programme) || result.points.empty()) return;
  PartLeft all;
  std::vector<PartLeft> parts(placebo.parts.size());
  for (PlaceboPoint& point : result.points) {
    // Counted from a share f of the people, the ratio expected is f times that of all of them.
    const double counted = share_counted(programme, points[point.point]);
    const double of_each = point.ratio / counted, error = point.ratio_error / counted;
    point.nothing_left = std::exp(-placebo.fall()) / of_each;
    take_share(all, std::exp(-placebo.fall()), of_each, error);
    for (std::size_t p = 0; p < parts.size(); ++p)
      take_share(parts[p], placebo.ratio_of(placebo.parts[p]), of_each, error);
  }
  result.nothing_left = all;
  result.parts = std::move(parts);
}

/// The first of the points at which the model is the same, of each.
std::vector<std::size_t> first_of_models(const NullProgramme& programme, const std::vector<const NullPoint*>& points) {
  std::vector<std::size_t> firsts;
  for (std::size_t p = 0; p < points.size(); ++p)
    if (std::none_of(firsts.begin(), firsts.end(),
                     [&](std::size_t first) { return is_same_model(programme, *points[first], *points[p]); }))
      firsts.push_back(p);
  return firsts;
}

/// Points that differ in nothing but whom the number after is counted of, or how much of it is seen: of each the first
/// with the greatest share counted, by their place in the box.
std::vector<std::size_t> points_with_most_counted(const NullProgramme& programme,
                                                  const std::vector<NullPoint>& points) {
  std::vector<std::size_t> most_counted;
  std::vector<const NullPoint*> their_points;
  for (std::size_t p = 0; p < points.size(); ++p) {
    bool most = true;
    for (std::size_t u = 0; u < programme.unknowns.size(); ++u)
      if (programme.unknowns[u].is_share_counted && points[p].levels[u])
        most = most && *points[p].levels[u] + 1 == programme.unknowns[u].levels.size();
    if (!most) continue;
    most_counted.push_back(p);
    their_points.push_back(&points[p]);
  }
  std::vector<std::size_t> kept;
  for (const std::size_t first : first_of_models(programme, their_points)) kept.push_back(most_counted[first]);
  return kept;
}

/// Futures of some points, and of copies with a little more of what is matched: those of the pilots. Points at which
/// the model is the same share theirs.
struct PointRun {
  OutcomeTable at, moved;
  std::vector<double> steps;  // by how much the logarithm of the parameter was moved; empty: nothing is matched
  std::optional<std::size_t> matched;  // the outcome

  PointFutures futures(const OutcomeTable& outcomes, std::size_t model, const Placebo& placebo) const {
    return {outcomes.draw_means(model, placebo.before), outcomes.draw_means(model, placebo.after),
            outcomes.draw_means(model, *matched)};
  }
  /// The same however much is seen after: they are of logarithms.
  MatchSlopes slopes(std::size_t model, const Placebo& placebo) const {
    return match_slopes(placebo, futures(at, model, placebo), futures(moved, model, placebo), steps[model]);
  }
  PlaceboPoint law(std::size_t model, double seen, const Placebo& placebo) const {
    const auto before = at.draw_means(model, placebo.before), all_after = at.draw_means(model, placebo.after);
    std::vector<double> after(all_after.begin(), all_after.end());
    for (double& each : after) each *= seen;
    if (!matched) return placebo_point(placebo, before, after);
    const std::size_t pilots = moved.draw_means(model, *matched).size();
    return placebo_point(placebo, before, after,
                         match_noise(at.draw_means(model, *matched), pilots, slopes(model, placebo)));
  }
};

/// Runs points, matched on this outcome. Nothing: it was stopped.
std::optional<PointRun> run_points(const NullRun& run, const std::vector<const NullPoint*>& points,
                                   std::size_t matched) {
  PointRun made{run.futures(points, run.programme.futures), {}, {}, {}};
  if (!made.at.complete()) return {};
  if (!run.programme.match) return made;
  const std::vector<NullPoint> moved = moved_points(*run.programme.match, points);
  std::vector<const NullPoint*> each;
  for (std::size_t i = 0; i < points.size(); ++i) {
    each.push_back(&moved[i]);
    made.steps.push_back(std::log(*moved[i].matched / *points[i]->matched));
  }
  made.moved = run.futures(each, pilot_futures(run.programme));
  if (!made.moved.complete()) return {};
  made.matched = matched;
  return made;
}

/// The shares of parts whose people are printed, each at the number before of its own people: how much a list falls by
/// itself hangs on how much each of it had. Only means are asked: the pilots that matched it do, and need no more
/// people than all parts together have in the model. `slopes` are those of the box, by point. False: it was stopped.
bool own_shares(const NullRun& run, const Placebo& placebo, const std::vector<NullPoint>& points,
                const std::vector<MatchSlopes>& slopes, PlaceboResult& result) {
  if (!asks_share_counted(run.programme) || !run.programme.match) return true;
  const std::vector<std::size_t> most_counted = points_with_most_counted(run.programme, points);
  double people = 0, all = 0;
  for (const PlaceboPart& part : placebo.parts) {
    people += part.people.value_or(0);
    all += part.before;
  }
  for (std::size_t p = 0; p < placebo.parts.size() && p < result.parts.size(); ++p) {
    const PlaceboPart& part = placebo.parts[p];
    if (!part.people) continue;
    const double wanted = part.before * people / *part.people;
    std::vector<NullPoint> own;
    std::vector<double> of_mean;
    for (const std::size_t point : most_counted) {
      own.push_back(points[point]);
      of_mean.push_back(std::max(slopes[point].of_mean, flattest_start));
      if (own.back().matched) *own.back().matched *= std::pow(wanted / all, 1 / of_mean.back());
      own.back().is_possible = true;
    }
    const std::optional<std::vector<MatchedFutures>> matched = match_points(run, placebo.before, wanted, own, of_mean);
    if (!matched) return false;
    PartLeft left;
    left.is_own = true;
    for (std::size_t i = 0; i < own.size(); ++i) {
      if (!own[i].is_possible) continue;
      const auto before = (*matched)[i].values(placebo.before), after = (*matched)[i].values(placebo.after);
      const PlaceboPoint law =
          placebo_point(placebo, before, after, match_noise(before, before.size(), slopes[most_counted[i]]));
      // Of points with the same model: what is seen is a factor.
      const double counted = share_counted(run.programme, own[i]);
      for (const NullPoint& point : points) {
        if (!is_same_model(run.programme, point, points[most_counted[i]])) continue;
        const double seen = seen_after(run.programme, point);
        take_share(left, placebo.ratio_of(part), seen * law.ratio / counted, seen * law.ratio_error / counted);
      }
    }
    result.parts[p] = left;
  }
  return true;
}

PlaceboResult result_of(const NullProgramme& programme, const Placebo& placebo, const std::vector<NullPoint>& points,
                        const std::vector<Arm>& arms, std::vector<PlaceboPoint> laws) {
  PlaceboResult result;
  result.points = std::move(laws);
  const auto envelope_of = [&](const auto& holds) {
    std::vector<const PlaceboPoint*> some;
    for (const PlaceboPoint& law : result.points)
      if (holds(points[law.point])) some.push_back(&law);
    return placebo_envelope(some);
  };
  result.all = envelope_of([](const NullPoint&) { return true; });
  for (const std::size_t arm : programme.arms) {
    result.arms.push_back(envelope_of([&](const NullPoint& point) { return point.arm == arm; }));
    result.arms.back().arm = arms[arm].name;
  }
  for (std::size_t u = 0; u < programme.unknowns.size(); ++u)
    for (std::size_t l = 0; l < programme.unknowns[u].levels.size(); ++l) {
      result.levels.push_back(envelope_of([&](const NullPoint& point) { return point.levels[u] == l; }));
      result.levels.back().unknown = u;
      result.levels.back().level = programme.unknowns[u].levels[l];
    }
  left_of_parts(programme, placebo, points, result);
  return result;
}

}  // namespace

double Placebo::fall_least() const { return -std::log(ratio_high); }
double Placebo::fall_most() const { return -std::log(ratio_low); }
double Placebo::fall() const { return (fall_least() + fall_most()) / 2; }
double Placebo::ratio_of(const PlaceboPart& part) const {
  return (part.after / time_after) / (part.before / time_before);
}

std::size_t count_points(const NullProgramme& programme) {
  double all = 0;
  for (const std::size_t arm : programme.arms) {
    double here = 1;
    for (const NullUnknown& unknown : programme.unknowns)
      if (std::find(unknown.arms.begin(), unknown.arms.end(), arm) != unknown.arms.end())
        here *= static_cast<double>(unknown.levels.size());
    all += here;
  }
  constexpr double most = 1e15;  // a whole number still
  return static_cast<std::size_t>(std::min(all, most));
}

std::vector<NullPoint> null_points(const NullProgramme& programme) {
  std::vector<NullPoint> points;
  for (const std::size_t arm : programme.arms) {
    std::vector<NullPoint> here{{arm, std::vector<std::optional<std::size_t>>(programme.unknowns.size()), {}, true}};
    for (std::size_t u = 0; u < programme.unknowns.size(); ++u) {
      const NullUnknown& unknown = programme.unknowns[u];
      if (std::find(unknown.arms.begin(), unknown.arms.end(), arm) == unknown.arms.end()) continue;
      std::vector<NullPoint> more;
      for (const NullPoint& point : here)
        for (std::size_t l = 0; l < unknown.levels.size(); ++l) {
          more.push_back(point);
          more.back().levels[u] = l;
        }
      here = std::move(more);
    }
    points.insert(points.end(), here.begin(), here.end());
  }
  return points;
}

PlaceboPoint placebo_point(const Placebo& placebo, std::span<const double> before, std::span<const double> after,
                           const MatchNoise& match) {
  PlaceboPoint law;
  std::vector<double> falls, b, a, moves_fall, moves_ratio;
  for (std::size_t d = 0; d < before.size(); ++d) {
    if (std::isnan(before[d]) || std::isnan(after[d])) continue;
    b.push_back(before[d] / placebo.time_before);
    a.push_back(after[d] / placebo.time_after);
    const double off = match.of_future.empty() ? 0 : match.of_future[d];
    moves_fall.push_back(match.slopes.of_fall * off);
    moves_ratio.push_back(match.slopes.of_ratio * off);
    ++law.futures;
    law.none_before += before[d] > 0 ? 0 : 1;
    law.none_after += after[d] > 0 ? 0 : 1;
    if (before[d] > 0 || after[d] > 0) falls.push_back(std::log(b.back()) - std::log(a.back()));
  }
  const bool is_finite = law.none_before == 0 && law.none_after == 0;
  if (is_finite) {
    law.mean = mean_of(falls).mean;
    law.mc_error = mean_of(falls, moves_fall).error;
  } else {
    law.mean = law.mc_error = missing;
  }
  const std::vector<double> sorted = rising(falls);
  law.low = order_statistic(sorted, 0.025);
  law.high = order_statistic(sorted, 0.975);
  // What was matched moves the whole band.
  law.low_error = std::hypot(order_statistic_error(sorted, 0.025), match.slopes.of_fall * match.error);
  law.high_error = std::hypot(order_statistic_error(sorted, 0.975), match.slopes.of_fall * match.error);
  law.mean_before = mean_of(b).mean * placebo.time_before;
  law.mean_after = mean_of(a).mean * placebo.time_after;
  const MeanAndError ratio = ratio_of_means(b, a, moves_ratio);
  law.ratio = ratio.mean;
  law.ratio_error = ratio.error;
  if (placebo.fall() > 0 && is_finite && law.futures > 0) {
    law.explained = law.mean / placebo.fall();
    law.explained_error = law.mc_error / placebo.fall();
  }
  law.printed = placebo.fall_least() > law.high ? FallIs::above
                : placebo.fall_most() < law.low ? FallIs::below
                                                : FallIs::inside;
  const auto is_near = [](double printed, double limit, double error) {
    return std::isfinite(limit) && !(std::abs(printed - limit) > near_errors * error);
  };
  law.is_near =
      is_near(placebo.fall_least(), law.high, law.high_error) || is_near(placebo.fall_most(), law.low, law.low_error);
  return law;
}

PlaceboEnvelope placebo_envelope(const std::vector<const PlaceboPoint*>& points) {
  PlaceboEnvelope all;
  if (points.empty()) return all;
  all.points = points.size();
  all.low = all.high = all.mean_low = all.mean_high = all.ratio_low = all.ratio_high = missing;
  bool above = true, below = true;
  for (const PlaceboPoint* point : points) {
    double unused = missing;
    widen(all.low, unused, point->low);
    unused = missing;
    widen(unused, all.high, point->high);
    widen(all.mean_low, all.mean_high, point->mean);
    widen(all.ratio_low, all.ratio_high, point->ratio);
    widen(all.explained_low, all.explained_high, point->explained);
    all.near += point->is_near ? 1 : 0;
    above = above && point->printed == FallIs::above;
    below = below && point->printed == FallIs::below;
  }
  all.verdict = above   ? PlaceboVerdict::none_shows_it
                : below ? PlaceboVerdict::less_than_expected
                        : PlaceboVerdict::cannot_tell;
  return all;
}

NullResults run_placebos(const NullProgramme& programme, const std::vector<Placebo>& placebos, const ModelRecord& model,
                         const std::vector<Arm>& arms, const ParameterDraws& draws, const Window& window,
                         const Plan& plan, const RunControl& control) {
  NullResults results;
  if (placebos.empty()) return results;
  std::vector<NullPoint> points = null_points(programme);
  const NullRun run{programme, model, arms, draws, window, plan, control};
  if (programme.match && !match_points(run, placebos.front().before, *placebos.front().printed_before, points))
    return results;
  std::vector<const NullPoint*> possible;
  std::vector<std::size_t> index;
  for (std::size_t p = 0; p < points.size(); ++p) {
    if (!points[p].is_possible) continue;
    possible.push_back(&points[p]);
    index.push_back(p);
  }
  std::vector<std::vector<PlaceboPoint>> laws(placebos.size());
  std::vector<std::vector<MatchSlopes>> slopes(placebos.size(), std::vector<MatchSlopes>(points.size()));
  if (!possible.empty()) {
    std::vector<const NullPoint*> models;
    for (const std::size_t first : first_of_models(programme, possible)) models.push_back(possible[first]);
    const std::optional<PointRun> made = run_points(run, models, placebos.front().before);
    if (!made) return results;
    for (std::size_t i = 0; i < possible.size(); ++i) {
      std::size_t m = 0;
      while (!is_same_model(programme, *models[m], *possible[i])) ++m;
      for (std::size_t which = 0; which < placebos.size(); ++which) {
        laws[which].push_back(made->law(m, seen_after(programme, *possible[i]), placebos[which]));
        if (made->matched) slopes[which][index[i]] = made->slopes(m, placebos[which]);
        laws[which].back().point = index[i];
      }
    }
  }
  std::vector<PlaceboResult> found;
  for (std::size_t which = 0; which < placebos.size(); ++which) {
    found.push_back(result_of(programme, placebos[which], points, arms, std::move(laws[which])));
    if (!own_shares(run, placebos[which], points, slopes[which], found.back())) return results;
  }
  results.placebos = std::move(found);
  results.points = std::move(points);
  return results;
}

}  // namespace desist
