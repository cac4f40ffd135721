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
/// Levels that may be tried to find the top of a chance that rises and falls.
constexpr int levels_about_the_top = 16;

/// The last look of a search: the first of first_look 2^k that is not below the plan's cap.
std::uint64_t last_look(std::uint64_t first, std::uint64_t cap) {
  std::uint64_t look = first;
  while (look < cap) look *= 2;
  return look;
}

/// A level's chance, simulated until it is told apart from the target or from the target's indifference zone. Levels
/// are counted in steps: level i is i times the need's step. All share the draws 0, 1, 2, ...
class LevelJudge {
 public:
  LevelJudge(const Need& need, const ModelRecord& model, const Arm& arm, const ParameterDraws& draws,
             const Window& window, const Plan& plan, const RunControl& control)
      : need_(need), model_(model), arm_(arm), draws_(draws), window_(window), plan_(plan), control_(control) {
    control_.checkpoint.clear();
    plan_.replicates_per_draw = 1;  // Clopper & Pearson count independent draws
    plan_.keep_draw_means = 0;
    plan_.to_a_rule = true;
    plan_.first_look = need.first_look;
    plan_.most_draws = last_look(need.first_look, plan.most_draws);
  }

  /// True if the level reaches the target, false if it falls short, nothing if the plan's cap came first or on a stop.
  std::optional<bool> reaches(std::int64_t index) {
    const auto known = verdicts_.find(index);
    if (known != verdicts_.end()) return known->second;
    if (verdicts_.size() >= most_levels) return std::nullopt;
    level_ = static_cast<double>(index) * need_.step;
    const LevelArm held = at_level(need_, arm_, draws_, level_);
    NeedLevel seen;
    std::optional<bool> verdict;
    std::uint64_t look = 0;
    const StoppingRule rule = [&](const OutcomeTable& outcomes) {
      // alpha_k = 6 alpha / (pi^2 (k + 1)^2): all looks together err with probability alpha, wherever the first is
      // (mathematics.md 6.6).
      const auto k = static_cast<double>(++look);
      const double alpha =
          6 * need_.alpha / (static_cast<double>(most_levels) * std::numbers::pi * std::numbers::pi * k * k);
      const auto draws = static_cast<std::int64_t>(outcomes.draws());
      const double chance = outcomes.moments(0, need_.outcome).mean;
      const auto count = static_cast<std::int64_t>(std::llround(chance * static_cast<double>(draws)));
      const statistics::Interval limits = statistics::clopper_pearson({count, draws}, 1 - alpha);
      seen = {level_, chance, limits.low, limits.high, outcomes.draws()};
      if (limits.low >= need_.chance - need_.within && chance >= need_.chance) {
        verdict = true;
      } else if (limits.high < need_.chance + need_.within && chance < need_.chance) {
        verdict = false;
      }
      return verdict.has_value();
    };
    const OutcomeTable outcomes = simulate(model_, {held.arm}, held.draws, window_, plan_, rule, control_);
    if (!outcomes.complete()) stopped_ = true;
    tried_[index] = seen;
    if (verdict) verdicts_[index] = *verdict;
    return verdict;
  }

  const std::map<std::int64_t, NeedLevel>& tried() const { return tried_; }
  bool is_settled_as(std::int64_t index, bool reached) const {
    const auto known = verdicts_.find(index);
    return known != verdicts_.end() && known->second == reached;
  }
  /// The level tried that has the greatest chance, where levels on both sides, or the end of all levels, are worse
  /// beyond their error: nothing where the chance only rises or only falls.
  std::optional<std::int64_t> top() const {
    if (tried_.empty()) return std::nullopt;
    const auto best = std::max_element(tried_.begin(), tried_.end(),
                                       [](const auto& a, const auto& b) { return a.second.chance < b.second.chance; });
    const auto worse = [&](const auto& each) { return each.second.high < best->second.low; };
    const bool rises = std::any_of(tried_.begin(), best, worse);
    const bool falls = std::any_of(std::next(best), tried_.end(), worse);
    return rises && falls ? std::optional(best->first) : std::nullopt;
  }
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
  std::map<std::int64_t, NeedLevel> tried_;
  std::map<std::int64_t, bool> verdicts_;
  bool stopped_ = false;
};

/// Brackets and bisects in one arm, in steps. What is not settled ends the search.
class LevelSearch {
 public:
  LevelSearch(const Need& need, LevelJudge& judge)
      : need_(need),
        judge_(judge),
        least_(need.look_for == Need::Extreme::least),
        most_(std::max<std::int64_t>(1, static_cast<std::int64_t>(std::floor(need.most / need.step + 1e-9)))) {
    const double steps = need.present / need.step;
    const double whole = least_ ? std::ceil(steps - 1e-9) : std::floor(steps + 1e-9);
    today_ = std::clamp<std::int64_t>(static_cast<std::int64_t>(std::min(whole, 1e15)), 1, most_);
  }

  NeedResult run() {
    NeedResult result;
    result.verdict = least_ ? look_for_least(result) : look_for_greatest(result);
    for (const auto& [index, seen] : judge_.tried()) result.tried.push_back(seen);
    if (const auto top = judge_.top()) result.best = judge_.tried().at(*top);
    return result;
  }

 private:
  using Verdict = NeedResult::Verdict;
  using Index = std::int64_t;

  /// Level `good` reaches the target and `bad` does not: moves them together until they are neighbours. False where a
  /// level between them is not settled.
  bool bisect(Index& good, Index& bad) {
    while (std::abs(good - bad) > 1) {
      const Index middle = bad + (good - bad) / 2;
      const std::optional<bool> reached = judge_.reaches(middle);
      if (!reached) return false;
      (*reached ? good : bad) = middle;
    }
    return true;
  }

  /// Steps away from today, each twice the last, until a level answers as wanted or `end` has not; nothing: not
  /// settled. `before`: the last level on the way that answered otherwise.
  enum class Ended { as_wanted, at_the_end, not_settled };
  Ended step_until(bool wanted, Index end, Index& at, Index& before) {
    const Index direction = end >= at ? 1 : -1;
    Index step = std::max<Index>(1, (today_ + 3) / 4);
    for (;;) {
      const std::optional<bool> reached = judge_.reaches(at);
      if (!reached) return Ended::not_settled;
      if (*reached == wanted) return Ended::as_wanted;
      before = at;
      if (at == end) return Ended::at_the_end;
      at = direction > 0 ? std::min(end, at + step) : std::max(end, at - step);
      step *= 2;
    }
  }

  Verdict look_for_least(NeedResult& result) {
    Index enough = today_, short_of = 0;  // below 0 nothing can be held
    switch (step_until(true, most_, enough, short_of)) {
      case Ended::not_settled:
        return Verdict::not_settled;
      case Ended::at_the_end:
        if (const Climb climbed = climb(enough, short_of); climbed != Climb::reached) return verdict_of(climbed);
        break;
      case Ended::as_wanted:
        break;
    }
    const bool already = enough == today_ && need_.present_is_known;
    if (!bisect(enough, short_of)) return Verdict::not_settled;
    return settle(result, enough, short_of, already);
  }

  Verdict look_for_greatest(NeedResult& result) {
    const std::optional<bool> today = judge_.reaches(today_);
    if (!today) return Verdict::not_settled;
    Index holds = today_, too_many = today_;
    if (*today) {
      switch (step_until(false, most_, too_many, holds)) {
        case Ended::not_settled:
          return Verdict::not_settled;
        case Ended::at_the_end:
          return Verdict::any_does;
        case Ended::as_wanted:
          break;
      }
    } else {
      switch (step_until(true, 1, holds, too_many)) {
        case Ended::not_settled:
          return Verdict::not_settled;
        case Ended::at_the_end: {
          Index below = 0;
          if (const Climb climbed = climb(holds, below); climbed != Climb::reached) return verdict_of(climbed);
          too_many = judge_.tried().upper_bound(holds)->first;  // a level above it was tried, and falls short
          break;
        }
        case Ended::as_wanted:
          break;
      }
    }
    if (!bisect(holds, too_many)) return Verdict::not_settled;
    return settle(result, holds, too_many, *today && need_.present_is_known);
  }

  /// No level tried reaches the target. If the chance rises and falls, levels about its top are tried too, until one
  /// of them, `enough`, reaches it; `short_of` is then the level tried below it.
  enum class Climb { reached, nothing, not_settled };
  static Verdict verdict_of(Climb climbed) {
    return climbed == Climb::not_settled ? Verdict::not_settled : Verdict::nothing_does;
  }
  Climb climb(Index& enough, Index& short_of) {
    for (int tries = 0; tries < levels_about_the_top; ++tries) {
      const auto& tried = judge_.tried();
      const auto best = std::max_element(
          tried.begin(), tried.end(), [](const auto& a, const auto& b) { return a.second.chance < b.second.chance; });
      const auto worse = [&](const auto& each) { return each.second.high < best->second.low; };
      const bool climbs = least_ ? std::any_of(std::next(best), tried.end(), worse)
                                 : std::any_of(tried.begin(), best, worse) && std::next(best) != tried.end();
      if (!climbs) return Climb::nothing;
      const Index below = best == tried.begin() ? 0 : std::prev(best)->first;
      const Index above = std::next(best) == tried.end() ? best->first : std::next(best)->first;
      const bool lower_gap = best->first - below >= above - best->first;
      const Index next = lower_gap ? below + (best->first - below) / 2 : best->first + (above - best->first) / 2;
      if (next == best->first || next == below) return Climb::nothing;
      const std::optional<bool> reached = judge_.reaches(next);
      if (!reached) return Climb::not_settled;
      if (!*reached) continue;
      const auto here = judge_.tried().find(next);
      enough = next;
      short_of = here == judge_.tried().begin() ? 0 : std::prev(here)->first;
      return Climb::reached;
    }
    return Climb::nothing;
  }

  /// The answer is found. Looks beyond it, so that a chance that falls again is not taken for one that only rises.
  Verdict settle(NeedResult& result, Index answer, Index beside, bool already) {
    const auto level = [this](Index index) { return static_cast<double>(index) * need_.step; };
    result.level = level(answer);
    result.at = judge_.tried().at(answer);
    if (const auto seen = judge_.tried().find(beside); seen != judge_.tried().end()) result.beside = seen->second;
    const auto probes =
        least_ ? std::vector<Index>{2 * answer, 4 * answer} : std::vector<Index>{answer / 2, answer / 4};
    for (const Index index : probes) {
      if (index < 1 || index > most_) break;
      if (!judge_.reaches(index).value_or(false)) break;  // it falls short, or it would cost too much to tell
    }
    std::optional<Index> bad;  // the nearest beyond that falls short
    const auto nearer = [this](Index a, Index b) { return least_ ? a < b : a > b; };
    for (const auto& [index, seen] : judge_.tried())
      if (nearer(answer, index) && judge_.is_settled_as(index, false) && (!bad || nearer(index, *bad))) bad = index;
    if (bad) {
      Index good = answer;
      for (const auto& [index, seen] : judge_.tried())
        if (nearer(good, index) && nearer(index, *bad) && judge_.is_settled_as(index, true)) good = index;
      if (bisect(good, *bad)) result.holds_to = level(good);
    }
    return already ? Verdict::already_met : Verdict::found;
  }

  const Need& need_;
  LevelJudge& judge_;
  bool least_;
  Index most_, today_ = 1;
};

NeedResult search_arm(const Need& need, LevelJudge& judge) { return LevelSearch(need, judge).run(); }

}  // namespace

LevelArm at_level(const Need& need, const Arm& arm, const ParameterDraws& draws, double level) {
  std::vector<Parameter> parameters = draws.parameters();
  LevelArm held{arm, {}};
  held.arm.layout.fields[need.field].pieces.push_back({need.from_week, need.items, parameters.size()});
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
