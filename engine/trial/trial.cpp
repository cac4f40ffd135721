#include "engine/trial/trial.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "engine/core/executor.hpp"
#include "engine/core/limits.hpp"
#include "engine/simulation/chunk.hpp"
#include "engine/statistics/alpha_spending.hpp"
#include "engine/statistics/continuous_laws.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/trial/characteristics.hpp"
#include "engine/trial/trial_pass.hpp"

namespace desist {
namespace {

constexpr std::uint64_t most_to_see_scales = 16;  // trials looked at for what a method estimates
constexpr std::uint64_t truth_batches = 20;
// Replicates beyond those of any trial: the people of the truth, of the runs that confirm and of those with draws.
constexpr std::uint64_t first_of_truth = std::uint64_t{1} << 41U;
constexpr std::uint64_t first_to_confirm = std::uint64_t{1} << 40U;
constexpr std::uint64_t first_to_assure = std::uint64_t{1} << 42U;
constexpr double fine_truth = 0.1;  // of the error of a bias (mathematics.md 0.3)

Characteristic mean_of(double sum, double squares, double found) {
  const double value = sum / found;
  return {value, std::sqrt(std::max(0.0, squares - found * value * value) / (found - 1) / found)};
}

/// An arm said to have no effect has none as far as its people can tell: Student's t of the batches, and one false
/// alarm in a million.
void expect_no_effect(const RunDesign& run, std::size_t a, const Characteristic& there) {
  const double reach = statistics::student_quantile(1 - 5e-7, truth_batches - 1);
  if (std::abs(there.value) <= reach * there.error || there.value == 0) return;
  throw std::invalid_argument(fmt::format(
      "'without_effect' of '{}' names an arm that has one: analysis '{}' finds {:.2g} (error {:.1g}) among people who "
      "live there and with the controls; let that arm take away all that the programme changes, or leave "
      "'without_effect' out",
      run.design->name, run.design->analyses[a].analysis.name, there.value, there.error));
}

/// The truth of every analysis, from batches that are alike: their mean, and the error of it.
std::optional<ByAnalysis<KnownTruth>> find_truth(const BoundArms& arms, const std::vector<RunDesign>& runs,
                                                 std::uint64_t seed, const RunControl& control) {
  const std::size_t slots = control.threads + 2;
  std::vector<std::unique_ptr<TrialRunner>> runners(slots);
  std::vector<ByAnalysis<TruthBatch>> of_slot(slots);
  std::vector<ByAnalysis<TruthBatch>> batches;
  const StopFlag never{false};
  const std::size_t done = run_in_order(
      0, truth_batches, control.threads, slots,
      [&](std::size_t batch, std::size_t slot) {
        if (!runners[slot]) runners[slot] = std::make_unique<TrialRunner>(arms, runs);
        of_slot[slot] = runners[slot]->truth(seed, first_of_truth + batch, truth_batches);
      },
      [&](std::size_t, std::size_t slot) { batches.push_back(of_slot[slot]); },
      control.stop != nullptr ? *control.stop : never);
  if (done < truth_batches) return std::nullopt;
  ByAnalysis<KnownTruth> truth(runs.size());
  for (std::size_t d = 0; d < runs.size(); ++d) {
    for (std::size_t a = 0; a < runs[d].design->analyses.size(); ++a) {
      KnownTruth one;
      double sum = 0, squares = 0, found = 0;
      std::string why;
      for (const auto& batch : batches) {
        const TruthBatch& of = batch[d][a];
        one.control += of.control / truth_batches;
        one.treated += of.treated / truth_batches;
        one.people += of.people;
        if (!of.found) {
          why = of.why;
          continue;
        }
        ++found;
        sum += of.estimate;
        squares += of.estimate * of.estimate;
      }
      if (runs[d].without_effect) {
        if (found == truth_batches) expect_no_effect(runs[d], a, mean_of(sum, squares, found));
        continue;
      }
      if (found < truth_batches)
        throw std::invalid_argument("analysis '" + runs[d].design->analyses[a].analysis.name + "' of '" +
                                    runs[d].design->name + "' gives no number in a twentieth of truth_people: " +
                                    (why.empty() ? "its outcome may be too rare, or they too few" : why));
      const Characteristic known = mean_of(sum, squares, found);
      one.value = one.first = known.value;
      one.error = known.error;
      truth[d].push_back(one);
    }
  }
  return truth;
}

/// Whether the truth adds less than a tenth of what the error of a bias would be without it, as far as the sets tell:
/// a covariance of m pairs has an error of sd(e) sd(L)/sqrt(m).
bool is_fine(const TrialSize& size, const TrialTally& tally, const KnownTruth& truth) {
  const double alone = size.mean.error;
  const double added = size.bias.error * size.bias.error - alone * alone;
  const double sets = tally.sum(TrialTally::own);
  double noise = 0;
  if (sets > 1) {
    TrialTally::Weights of_own{};
    of_own[TrialTally::own_effect] = 1 / sets;
    of_own[TrialTally::own] = -tally.sum(TrialTally::own_effect) / sets / sets;
    noise = 2 * truth.weight * alone * std::sqrt(tally.squares_of(of_own) / tally.sum(TrialTally::set));
  }
  return !(added - statistics::two_sided_z(0.95) * noise > fine_truth * fine_truth * alone * alone);
}

/// The sizes at which the wanted power seems to be reached, by analysis; nothing where it is not within reach.
std::vector<std::optional<TrialNeed>> needs_of(const TrialDesign& design, const std::vector<TrialResult>& results,
                                               const std::vector<AnalysisTally>& tallies) {
  std::vector<std::optional<TrialNeed>> needs;
  for (std::size_t a = 0; a < results.size(); ++a) {
    const TrialResult& result = results[a];
    TrialNeed need;
    std::vector<TriedPower> tried;
    for (const TrialSize& size : result.sizes)
      tried.push_back({static_cast<double>(size.people), size.power.value, size.trials});
    if (tried.front().power >= *design.power) {
      need.verdict = TrialNeed::Verdict::at_smallest;
      need.people = design.sizes.front();
      need.confirmed = result.sizes.front();
    } else if (const auto people = tried.size() < 2 ? std::nullopt
                                                    : people_for_power(tried, tallies[a].together, *design.power,
                                                                       design.sizes.back())) {
      need.people = *people;
      if (design.cluster_size > 0)  // whole clusters
        need.people = (need.people + design.cluster_size - 1) / design.cluster_size * design.cluster_size;
      if (design.assignment == Assignment::matched) need.people += need.people % 2;
    } else {
      need.verdict = TrialNeed::Verdict::beyond_sizes;
    }
    needs.emplace_back(need);
  }
  return needs;
}

/// Takes away what a test alone, or one without limits, does not have.
void blank(const TrialScale& scale, TrialSize& size) {
  const Characteristic none{missing, missing};
  if (!scale.has_interval) size.coverage = none;
  if (scale.has_effect) return;
  for (Characteristic* each :
       {&size.mean, &size.bias, &size.empirical_error, &size.squared_error, &size.exaggeration, &size.bias_with_looks})
    *each = none;
}

class TrialStudy {
 public:
  TrialStudy(const std::vector<TrialDesign>& designs, BoundArms arms, ArmsOfDraw drawn, std::uint64_t seed,
             const RunControl& control)
      : designs_(designs), arms_(std::move(arms)), drawn_(std::move(drawn)), seed_(seed), control_(control) {
    for (std::size_t d = 0; d < designs.size(); ++d) {
      runs_.push_back(run_design(designs[d], d, designs[d].sizes));
      runs_.back().compared_with = designs[d].repeats.value_or(0);
      if (designs[d].same_people != designs[0].same_people)
        throw std::invalid_argument(
            fmt::format("trials '{}' and '{}' differ in how many have the same people, and are compared trial by trial",
                        designs[0].name, designs[d].name));
    }
    same_people_ = designs[0].same_people;
    for (std::size_t d = 0; d < designs.size(); ++d) {
      if (!designs[d].without_effect) continue;
      RunDesign null = runs_[d];
      null.treated = *designs[d].without_effect;
      null.without_effect = true;
      null_of_[d] = runs_.size();
      runs_.push_back(std::move(null));
    }
  }

  std::vector<TrialResult> results() {
    const auto truth = find_truth(arms_, runs_, seed_, control_);
    if (!truth) return {};
    const auto tallies = run_pass(arms_, runs_, *truth, seed_, {0, same_people_, {}, true}, control_);
    if (!tallies) return {};
    scales();
    ByAnalysis<KnownTruth> with_own = *truth;
    for (std::size_t d = 0; d < designs_.size(); ++d)
      for (std::size_t a = 0; a < with_own[d].size(); ++a)
        with_own[d][a] = with_own_people((*truth)[d][a], (*tallies)[d][a].sizes.back());
    std::vector<std::vector<TrialResult>> by_design;
    for (std::size_t d = 0; d < designs_.size(); ++d) {
      by_design.push_back(results_of(d, with_own, *tallies));
      if (!designs_[d].power) continue;
      const auto needs = needs_of(designs_[d], by_design[d], (*tallies)[d]);
      for (std::size_t a = 0; a < needs.size(); ++a) by_design[d][a].need = needs[a];
    }
    if (!confirm(with_own, by_design) || !assure(*truth, by_design)) return {};
    std::vector<TrialResult> all;
    for (auto& results : by_design)
      for (TrialResult& result : results) all.push_back(std::move(result));
    return all;
  }

 private:
  // What each analysis estimates, from a trial of its own: the first that gives a number.
  void scales() {
    TrialRunner runner(arms_, runs_);
    scales_.resize(designs_.size());
    std::vector<TrialEstimate> ignored;
    for (std::size_t d = 0; d < designs_.size(); ++d) scales_[d].resize(designs_[d].analyses.size());
    for (std::uint64_t r = 0; r < most_to_see_scales; ++r) {
      bool all = true;
      for (std::size_t d = 0; d < designs_.size(); ++d)
        for (std::size_t a = 0; a < designs_[d].analyses.size(); ++a)
          if (!scales_[d][a]) all = (scales_[d][a] = runner.scale(d, a)).has_value() && all;
      if (all) return;
      runner.begin({seed_, r, r, r});
      for (std::size_t d = 0; d < designs_.size(); ++d)
        for (std::size_t a = 0; a < designs_[d].analyses.size(); ++a)
          if (!runner.scale(d, a)) runner.estimates(d, a, 0, ignored);
    }
  }

  std::vector<TrialResult> results_of(std::size_t d, const ByAnalysis<KnownTruth>& truth,
                                      const Tallies& tallies) const {
    const RunDesign& run = runs_[d];
    std::vector<TrialResult> results;
    for (std::size_t a = 0; a < run.design->analyses.size(); ++a) {
      const KnownTruth& of = truth[d][a];
      TrialResult result;
      result.design = d;
      result.analysis = a;
      if (scales_[d][a]) {
        result.measure = scales_[d][a]->measure;
        result.unit = scales_[d][a]->unit;
        result.log_scale = scales_[d][a]->log_scale;
        result.has_effect = scales_[d][a]->has_effect;
        result.has_interval = scales_[d][a]->has_interval;
      }
      result.truth = result.has_effect ? of.value : missing;
      result.truth_error = result.has_effect ? of.error : missing;
      result.truth_control = of.control;
      result.truth_treated = of.treated;
      result.truth_people = static_cast<std::uint64_t>(std::llround(of.people));
      result.own_people = of.weight > 0;
      for (std::size_t s = 0; s < run.sizes.size(); ++s) {
        const TrialTally& tally = tallies[d][a].sizes[s];
        TrialSize size = size_of(tally, run.sizes[s], of);
        if (scales_[d][a]) blank(*scales_[d][a], size);
        if (!is_fine(size, tally, of)) result.truth_is_fine = false;
        if (const auto null = null_of_.find(d); null != null_of_.end()) {
          const TrialSize none = size_of(tallies[null->second][a].sizes[s], run.sizes[s], 0, 0);
          size.false_positives = none.power;
          size.false_positive_limits = none.power_limits;
          if (!none.stops.empty()) size.false_positives_with_looks = none.power_with_looks;
        }
        result.sizes.push_back(size);
      }
      results.push_back(std::move(result));
    }
    return results;
  }

  /// Sizes that seem to be enough for the power of some analysis of a design, rising.
  static std::vector<std::size_t> needed_sizes(const std::vector<TrialResult>& results) {
    std::vector<std::size_t> sizes;
    for (const TrialResult& result : results)
      if (result.need && result.need->verdict == TrialNeed::Verdict::found) sizes.push_back(result.need->people);
    std::sort(sizes.begin(), sizes.end());
    sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
    return sizes;
  }

  // Trials of fresh people, each with parameters of its own, at the sizes that are tried and those that are needed.
  bool assure(const ByAnalysis<KnownTruth>& truth, std::vector<std::vector<TrialResult>>& results) const {
    std::vector<RunDesign> runs;
    ByAnalysis<KnownTruth> truth_of_runs;
    std::vector<std::size_t> design_of;
    for (std::size_t d = 0; d < designs_.size(); ++d) {
      if (!designs_[d].assurance) continue;
      std::vector<std::size_t> sizes = needed_sizes(results[d]);
      sizes.insert(sizes.end(), designs_[d].sizes.begin(), designs_[d].sizes.end());
      std::sort(sizes.begin(), sizes.end());
      sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
      runs.push_back(run_design(designs_[d], d, sizes));
      runs.back().compared_with = runs.size() - 1;  // with none: the gain is that of the trials at the middle
      truth_of_runs.push_back(truth[d]);
      design_of.push_back(d);
    }
    if (runs.empty()) return true;
    const auto tallies = run_pass(arms_, runs, truth_of_runs, seed_, {first_to_assure, 1, drawn_, false}, control_);
    if (!tallies) return false;
    for (std::size_t k = 0; k < runs.size(); ++k)
      for (std::size_t a = 0; a < (*tallies)[k].size(); ++a) {
        TrialResult& result = results[design_of[k]][a];
        for (std::size_t s = 0; s < runs[k].sizes.size(); ++s) {
          const TrialTally& tally = (*tallies)[k][a].sizes[s];
          for (TrialSize& size : result.sizes)
            if (size.people == runs[k].sizes[s]) add_assurance(tally, size);
          if (result.need && result.need->confirmed.people == runs[k].sizes[s])
            add_assurance(tally, result.need->confirmed);
        }
      }
    return true;
  }

  // Fresh trials at the sizes that seem to be enough: what is reported. All designs at once, on common luck. Their
  // people are behind the truth of their bias too.
  bool confirm(const ByAnalysis<KnownTruth>& with_own, std::vector<std::vector<TrialResult>>& results) const {
    std::vector<RunDesign> runs;
    ByAnalysis<KnownTruth> truth_of_runs;
    std::vector<std::size_t> design_of;
    for (std::size_t d = 0; d < designs_.size(); ++d) {
      const std::vector<std::size_t> sizes = needed_sizes(results[d]);
      if (sizes.empty()) continue;
      runs.push_back(run_design(designs_[d], d, sizes));
      runs.back().compared_with = runs.size() - 1;  // with none: its size is its own
      truth_of_runs.emplace_back();
      for (const KnownTruth& each : with_own[d]) truth_of_runs.back().push_back(for_other_people(each));
      design_of.push_back(d);
    }
    if (runs.empty()) return true;
    const auto tallies =
        run_pass(arms_, runs, truth_of_runs, seed_, {first_to_confirm, same_people_, {}, true}, control_);
    if (!tallies) return false;
    for (std::size_t k = 0; k < runs.size(); ++k)
      for (std::size_t a = 0; a < results[design_of[k]].size(); ++a) {
        TrialResult& result = results[design_of[k]][a];
        if (result.need->verdict != TrialNeed::Verdict::found) continue;
        const auto& sizes = runs[k].sizes;
        const auto s = std::find(sizes.begin(), sizes.end(), result.need->people) - sizes.begin();
        const TrialTally& tally = (*tallies)[k][a].sizes[static_cast<std::size_t>(s)];
        const KnownTruth truth = with_own_people(truth_of_runs[k][a], tally);
        result.need->confirmed = size_of(tally, result.need->people, truth);
        if (const auto& scale = scales_[design_of[k]][a]) blank(*scale, result.need->confirmed);
        result.fresh_is_fine = is_fine(result.need->confirmed, tally, truth);
      }
    return true;
  }

  const std::vector<TrialDesign>& designs_;
  BoundArms arms_;
  ArmsOfDraw drawn_;
  std::uint64_t seed_;
  const RunControl& control_;
  std::vector<RunDesign> runs_;  // the designs, then those without an effect
  std::map<std::size_t, std::size_t> null_of_;
  std::uint64_t same_people_ = 1;
  ByAnalysis<std::optional<TrialScale>> scales_;
};

bool is_same(const Piece& a, const Piece& b) {
  return a.from_week == b.from_week && a.items == b.items && a.slot == b.slot;
}
bool is_same(const FieldLayout& a, const FieldLayout& b) {
  return a.choice == b.choice && a.items == b.items && a.dates == b.dates && a.shares == b.shares &&
         a.pieces.size() == b.pieces.size() &&
         std::equal(a.pieces.begin(), a.pieces.end(), b.pieces.begin(),
                    [](const Piece& x, const Piece& y) { return is_same(x, y); });
}

}  // namespace

Arm with_careers(const ArmLayout& base, const Arm& role, const Arm& careers) {
  Arm made = role;
  made.name = role.name + " (" + careers.name + ")";
  for (std::size_t f = 0; f < base.fields.size(); ++f) {
    if (is_same(careers.layout.fields[f], base.fields[f])) continue;
    if (!is_same(role.layout.fields[f], base.fields[f])) throw std::invalid_argument("#" + std::to_string(f));
    made.layout.fields[f] = careers.layout.fields[f];
  }
  return made;
}

std::vector<double> look_boundaries(const TrialDesign& design) {
  if (design.looks.empty()) return {};
  return statistics::spending_boundaries(design.looks);
}

double people_analysed(const TrialDesign& design) {
  const RunDesign run = run_design(design, 0, design.sizes);
  double people = 0;
  for (const std::size_t cut : run.cuts) people += static_cast<double>(cut);
  if (design.assignment == Assignment::before_and_after) people *= 2;  // a row before and a row after
  return people * static_cast<double>(design.trials) * (design.without_effect ? 2 : 1);
}

std::vector<TrialResult> run_trials(const std::vector<TrialDesign>& designs, const ModelRecord& model,
                                    const std::vector<Arm>& arms, const ParameterDraws& draws, const Window& window,
                                    std::uint64_t seed, const RunControl& control) {
  if (designs.empty()) return {};
  std::vector<double> row;
  for (std::size_t p = 0; p < draws.parameters().size(); ++p) row.push_back(draws.quantile(p, 0.5));
  const auto bound = [&](const std::vector<double>& values) {
    BoundArms made;
    for (const Arm& arm : arms)
      if (!arm.variant) made.push_back(model.bind(arm.layout, row_for(arm, values), window));
    return made;
  };
  const auto drawn = [&](std::uint64_t draw) { return bound(draws.row(draw)); };
  return TrialStudy(designs, bound(row), drawn, seed, control).results();
}

}  // namespace desist
