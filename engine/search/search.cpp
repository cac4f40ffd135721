#include "engine/search/search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <utility>

#include "engine/statistics/proportion.hpp"

namespace desist {
namespace {

/// Levels that one arm's bracketing and bisection may try; the wrong-answer chance alpha is shared among them.
constexpr std::size_t most_levels = 64;

/// A level's chance, simulated until it is told apart from the target or from the target's indifference zone.
class LevelJudge {
 public:
  LevelJudge(const Need& need, const ModelRecord& model, const Arm& arm, const ParameterDraws& draws,
             const Window& window, const Plan& plan, const RunControl& control)
      : need_(need), model_(model), arm_(arm), draws_(draws), window_(window), plan_(plan), control_(control) {
    control_.checkpoint.clear();
    plan_.replicates_per_draw = 1;  // Clopper & Pearson count independent draws
    plan_.keep_draw_means = 0;
    plan_.to_a_rule = true;
    plan_.most_draws = std::max<std::uint64_t>(plan_.most_draws, plan_.first_look << 6);
  }

  /// True if the level reaches the target, false if it falls short, nothing if the plan's cap came first or on a stop.
  std::optional<bool> reaches(double level) {
    const auto known = verdicts_.find(level);
    if (known != verdicts_.end()) return known->second;
    if (verdicts_.size() >= most_levels) return std::nullopt;
    level_ = level;
    const LevelArm held = at_level(need_, arm_, draws_, level);
    NeedLevel seen;
    std::optional<bool> verdict;
    std::uint64_t look = 0;
    const StoppingRule rule = [&](const OutcomeTable& outcomes) {
      // alpha_k = 6 alpha / (pi^2 (k + 1)^2): all looks together err with probability alpha (mathematics.md 6.6).
      const auto k = static_cast<double>(++look);
      const double alpha =
          6 * need_.alpha / (static_cast<double>(most_levels) * std::numbers::pi * std::numbers::pi * k * k);
      const auto draws = static_cast<std::int64_t>(outcomes.draws());
      const double chance = outcomes.moments(0, need_.outcome).mean;
      const auto count = static_cast<std::int64_t>(std::llround(chance * static_cast<double>(draws)));
      const statistics::Interval limits = statistics::clopper_pearson({count, draws}, 1 - alpha);
      seen = {level, chance, limits.low, limits.high, outcomes.draws()};
      if (limits.low >= need_.chance - need_.within && chance >= need_.chance) {
        verdict = true;
      } else if (limits.high < need_.chance + need_.within && chance < need_.chance) {
        verdict = false;
      }
      return verdict.has_value();
    };
    const OutcomeTable outcomes = simulate(model_, {held.arm}, held.draws, window_, plan_, rule, control_);
    if (!outcomes.complete()) stopped_ = true;
    tried_[level] = seen;
    if (verdict) verdicts_[level] = *verdict;
    return verdict;
  }

  const std::map<double, NeedLevel>& tried() const { return tried_; }
  bool stopped() const { return stopped_; }
  double level() const { return level_; }  // the last that was simulated

 private:
  const Need& need_;
  const ModelRecord& model_;
  const Arm& arm_;
  const ParameterDraws& draws_;
  const Window& window_;
  Plan plan_;
  RunControl control_;
  double level_ = 0;
  std::map<double, NeedLevel> tried_;
  std::map<double, bool> verdicts_;
  bool stopped_ = false;
};

NeedResult search_arm(const Need& need, LevelJudge& judge) {
  NeedResult result;
  const auto finish = [&](NeedResult::Verdict verdict) {
    result.verdict = verdict;
    double highest_low = -std::numeric_limits<double>::infinity();
    for (const auto& [level, seen] : judge.tried()) {
      result.tried.push_back(seen);
      if (seen.high < highest_low) result.monotone = false;  // a higher level is worse beyond its error
      highest_low = std::max(highest_low, seen.low);
    }
    if (result.level) {
      result.at = judge.tried().at(*result.level);
      const auto below = judge.tried().find(*result.level - 1);
      if (below != judge.tried().end()) result.below = below->second;
    }
    return result;
  };

  // Bracket: whole levels, doubling the step from today's level until one reaches the target.
  const double most = std::floor(need.most);
  double short_of = 0;
  double enough = std::max(1.0, std::min(std::ceil(need.present), most));
  const double today = enough;
  double step = std::max(1.0, std::ceil(today / 4));
  for (;;) {
    const std::optional<bool> reached = judge.reaches(enough);
    if (!reached) return finish(NeedResult::Verdict::not_settled);
    if (*reached) break;
    if (enough >= most) return finish(NeedResult::Verdict::nothing_does);
    short_of = enough;
    enough = std::min(most, enough + step);
    step *= 2;
  }
  const bool already = enough == today;
  // Bisect between a level that falls short (or 0, below which nothing can be held) and one that reaches.
  while (enough - short_of > 1) {
    const double middle = std::floor((enough + short_of) / 2);
    const std::optional<bool> reached = judge.reaches(middle);
    if (!reached) return finish(NeedResult::Verdict::not_settled);
    (*reached ? enough : short_of) = middle;
  }
  result.level = enough;
  return finish(already ? NeedResult::Verdict::already_met : NeedResult::Verdict::found);
}

}  // namespace

LevelArm at_level(const Need& need, const Arm& arm, const ParameterDraws& draws, double level) {
  std::vector<Parameter> parameters = draws.parameters();
  LevelArm held{arm, {}};
  held.arm.layout.fields[need.field].pieces.push_back({need.from_week, {}, parameters.size()});
  parameters.push_back({"(searched level)", need.label, "", FixedLaw{level * need.per_unit}});
  held.draws = ParameterDraws(std::move(parameters), draws.correlations(), draws.posteriors(), draws.seed());
  return held;
}

SearchResults search(const std::vector<Need>& needs, const ModelRecord& model, const std::vector<Arm>& arms,
                     const ParameterDraws& draws, const Window& window, const Plan& plan, const RunControl& control) {
  SearchResults results;
  for (std::size_t n = 0; n < needs.size(); ++n) {
    for (const std::size_t arm : needs[n].arms) {
      LevelJudge judge(needs[n], model, arms[arm], draws, window, plan, control);
      NeedResult result;
      try {
        result = search_arm(needs[n], judge);
      } catch (const ReplicateFailure& failure) {
        throw LevelFailure(failure, n, judge.level());
      }
      result.need = n;
      result.arm = arms[arm].name;
      results.needs.push_back(std::move(result));
      if (judge.stopped()) return results;
    }
  }
  return results;
}

}  // namespace desist
