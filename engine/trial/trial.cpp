#include "engine/trial/trial.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "engine/core/executor.hpp"
#include "engine/simulation/chunk.hpp"
#include "engine/statistics/alpha_spending.hpp"
#include "engine/statistics/continuous_laws.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/trial/characteristics.hpp"
#include "engine/trial/trial_run.hpp"

namespace desist {
namespace {

constexpr std::uint64_t trials_a_block = 16;
constexpr std::uint64_t truth_batches = 20;
// Replicates beyond those of any trial: the people of the truth, and of the runs that confirm.
constexpr std::uint64_t first_of_truth = std::uint64_t{1} << 41U;
constexpr std::uint64_t first_to_confirm = std::uint64_t{1} << 40U;
constexpr double fine_truth = 0.1;  // of the error of a bias (mathematics.md 0.3)

/// One number a (design, analysis).
template <class T>
using ByAnalysis = std::vector<std::vector<T>>;

/// The own people's effect less the truth, linear in their means.
double less_truth(const OwnLives& own, const KnownTruth& truth, MeanContrast contrast) {
  if (contrast == MeanContrast::difference) return own.treated - own.control - truth.value;
  return (own.treated - truth.treated) / truth.treated - (own.control - truth.control) / truth.control;
}

/// Tallies by design, analysis and size.
using Tallies = ByAnalysis<std::vector<TrialTally>>;

Tallies empty_tallies(const std::vector<RunDesign>& runs) {
  Tallies tallies;
  for (const RunDesign& run : runs)
    tallies.emplace_back(run.design->analyses.size(), std::vector<TrialTally>(run.sizes.size()));
  return tallies;
}

/// The run and the analysis in it with which this one is compared, trial by trial: of the first design, or of the one
/// that is repeated.
struct Partner {
  std::size_t run = 0, analysis = 0;
};
std::optional<Partner> partner_of(const std::vector<RunDesign>& runs, std::size_t d, std::size_t a) {
  const std::size_t other = runs[d].compared_with;
  if (other == d || runs[d].without_effect) return std::nullopt;
  const std::vector<TrialAnalysis>& first = runs[other].design->analyses;
  for (std::size_t b = 0; b < first.size(); ++b)
    if (first[b].analysis.name == runs[d].design->analyses[a].analysis.name) return Partner{other, b};
  return std::nullopt;
}

void add_looks(const RunDesign& run, std::size_t s, const std::vector<TrialEstimate>& estimates, double truth,
               TrialTally& tally) {
  if (run.boundaries.empty()) return;
  tally.stops.resize(run.boundaries.size(), 0);
  const std::vector<std::size_t>& looks = run.cuts_of_looks[s];
  std::size_t last = looks.size() - 1;
  for (std::size_t look = 0; look < looks.size(); ++look) {
    const TrialEstimate& one = estimates[looks[look]];
    if (!one.found || one.p > 2 * statistics::normal_cdf(-run.boundaries[look])) continue;
    ++tally.stops[look];
    last = look;
    break;
  }
  const auto people = static_cast<double>(run.cuts[looks[last]]);
  tally.people_sum += people;
  tally.people_squares += people * people;
  const TrialEstimate& reported = estimates[looks[last]];
  if (!reported.found) return;
  ++tally.stop_found;
  tally.stop_sum += reported.estimate - truth;
  tally.stop_squares += (reported.estimate - truth) * (reported.estimate - truth);
}

/// Adds one trial of every design.
void add_trial(const std::vector<RunDesign>& runs, const ByAnalysis<KnownTruth>& truth, std::uint64_t trial,
               TrialRunner& runner, Tallies& tallies) {
  std::vector<TrialEstimate> estimates;
  ByAnalysis<std::map<std::size_t, bool>> shown(runs.size());
  for (std::size_t d = 0; d < runs.size(); ++d) {
    const RunDesign& run = runs[d];
    shown[d].resize(run.design->analyses.size());
    if (trial >= run.design->trials) continue;
    for (std::size_t a = 0; a < run.design->analyses.size(); ++a) {
      const double value = run.without_effect ? 0 : truth[d][a].value;
      const double alpha = 1 - run.design->analyses[a].analysis.number("level", 0.95);
      runner.estimates(d, a, value, estimates);
      const auto partner = partner_of(runs, d, a);
      const auto own = runner.own_lives(d, a);
      const double own_less = own ? less_truth(*own, truth[d][a], contrast_of(run.design->analyses[a])) : 0;
      for (std::size_t s = 0; s < run.sizes.size(); ++s) {
        const TrialEstimate& one = estimates[run.cut_of_size[s]];
        TrialTally& tally = tallies[d][a][s];
        tally.add(one, value, alpha);
        if (own) tally.add_own(one, value, own_less, *own);
        add_looks(run, s, estimates, value, tally);
        const bool is_shown = one.found && one.p <= alpha;
        shown[d][a][run.sizes[s]] = is_shown;
        if (!partner) continue;
        const auto& others = shown[partner->run][partner->analysis];
        const auto other = others.find(run.sizes[s]);
        if (other == others.end()) continue;  // the other has no such size, or fewer trials
        ++tally.compared;
        if (other->second != is_shown) ++(is_shown ? tally.gains : tally.losses);
      }
    }
  }
}

/// The arms with one draw of every parameter.
using ArmsOfDraw = std::function<BoundArms(std::uint64_t)>;

/// Runs trials `first`, `first` + 1, ... of every design, each with the draw of its number where `drawn` makes arms of
/// draws, of `both` lives where those say more of the truth; nothing where it was stopped.
std::optional<Tallies> run_pass(const BoundArms& arms, const std::vector<RunDesign>& runs,
                                const ByAnalysis<KnownTruth>& truth, std::uint64_t seed, std::uint64_t first,
                                const RunControl& control, const ArmsOfDraw& drawn = {}, bool both = false) {
  std::uint64_t trials = 0;
  for (const RunDesign& run : runs) trials = std::max(trials, run.design->trials);
  const std::size_t slots = control.threads + 2;
  std::vector<std::unique_ptr<TrialRunner>> runners(slots);
  std::vector<BoundArms> arms_of_slot(drawn ? slots : 0);
  std::vector<Tallies> of_slot(slots);
  Tallies all = empty_tallies(runs);
  const StopFlag never{false};
  const auto blocks = static_cast<std::size_t>((trials + trials_a_block - 1) / trials_a_block);
  const auto task = [&](std::size_t block, std::size_t slot) {
    if (!runners[slot]) runners[slot] = std::make_unique<TrialRunner>(drawn ? arms_of_slot[slot] : arms, runs);
    of_slot[slot] = empty_tallies(runs);
    for (std::uint64_t t = block * trials_a_block; t < std::min<std::uint64_t>(trials, (block + 1) * trials_a_block);
         ++t) {
      if (drawn) arms_of_slot[slot] = drawn(first + t);
      runners[slot]->begin(seed, first + t, both);
      add_trial(runs, truth, t, *runners[slot], of_slot[slot]);
    }
  };
  const auto fold = [&](std::size_t block, std::size_t slot) {
    for (std::size_t d = 0; d < runs.size(); ++d)
      for (std::size_t a = 0; a < all[d].size(); ++a)
        for (std::size_t s = 0; s < all[d][a].size(); ++s) all[d][a][s].add(of_slot[slot][d][a][s]);
    if (control.progress) control.progress(std::min((block + 1) * trials_a_block, trials), trials);
  };
  const std::size_t done =
      run_in_order(0, blocks, control.threads, slots, task, fold, control.stop != nullptr ? *control.stop : never);
  if (done < blocks) return std::nullopt;
  return all;
}

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

/// Whether the truth adds less than a tenth of what the error of a bias would be without it, as far as the trials tell:
/// a covariance of m pairs has an error of sd(e) sd(L)/sqrt(m).
bool is_fine(const TrialSize& size, const TrialTally& tally, const KnownTruth& truth) {
  const double with_number = static_cast<double>(size.trials - size.without_number);
  const double alone = size.empirical_error.value / std::sqrt(with_number);
  const double added = size.bias.error * size.bias.error - alone * alone;
  double noise = 0;
  if (tally.own_found > 1) {
    const auto m = static_cast<double>(tally.own);
    const double mean = tally.own_sums[1] / m;
    const double spread = std::sqrt(std::max(0.0, tally.own_sums[2] / m - mean * mean));
    noise = 2 * truth.weight * size.empirical_error.value * spread / std::sqrt(m) / with_number;
  }
  return !(added - statistics::two_sided_z(0.95) * noise > fine_truth * fine_truth * alone * alone);
}

/// The sizes at which the wanted power seems to be reached, by analysis; nothing where it is not within reach.
std::vector<std::optional<TrialNeed>> needs_of(const TrialDesign& design, const std::vector<TrialResult>& results) {
  std::vector<std::optional<TrialNeed>> needs;
  for (const TrialResult& result : results) {
    TrialNeed need;
    std::vector<TriedPower> tried;
    for (const TrialSize& size : result.sizes)
      tried.push_back({static_cast<double>(size.people), size.power.value, size.trials});
    if (tried.front().power >= *design.power) {
      need.verdict = TrialNeed::Verdict::at_smallest;
      need.people = design.sizes.front();
      need.confirmed = result.sizes.front();
    } else if (const auto people =
                   tried.size() < 2 ? std::nullopt : people_for_power(tried, *design.power, design.sizes.back())) {
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

class TrialStudy {
 public:
  TrialStudy(const std::vector<TrialDesign>& designs, BoundArms arms, ArmsOfDraw drawn, std::uint64_t seed,
             const RunControl& control)
      : designs_(designs), arms_(std::move(arms)), drawn_(std::move(drawn)), seed_(seed), control_(control) {
    for (std::size_t d = 0; d < designs.size(); ++d) {
      runs_.push_back(run_design(designs[d], d, designs[d].sizes));
      runs_.back().compared_with = designs[d].repeats.value_or(0);
    }
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
    const auto tallies = run_pass(arms_, runs_, *truth, seed_, 0, control_, {}, true);
    if (!tallies) return {};
    scales();
    ByAnalysis<KnownTruth> with_own = *truth;
    for (std::size_t d = 0; d < designs_.size(); ++d)
      for (std::size_t a = 0; a < with_own[d].size(); ++a)
        with_own[d][a] = with_own_people((*truth)[d][a], (*tallies)[d][a].back());
    std::vector<std::vector<TrialResult>> by_design;
    for (std::size_t d = 0; d < designs_.size(); ++d) by_design.push_back(results_of(d, with_own, *tallies));
    if (!assure(*truth, by_design) || !confirm(*truth, with_own, by_design)) return {};
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
    for (std::uint64_t r = 0; r < trials_a_block; ++r) {
      bool all = true;
      for (std::size_t d = 0; d < designs_.size(); ++d)
        for (std::size_t a = 0; a < designs_[d].analyses.size(); ++a)
          if (!scales_[d][a]) all = (scales_[d][a] = runner.scale(d, a)).has_value() && all;
      if (all) return;
      runner.begin(seed_, r);
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
      }
      result.truth = of.value;
      result.truth_error = of.error;
      result.truth_control = of.control;
      result.truth_treated = of.treated;
      result.truth_people = static_cast<std::uint64_t>(std::llround(of.people));
      result.own_people = of.weight > 0;
      for (std::size_t s = 0; s < run.sizes.size(); ++s) {
        const TrialTally& tally = tallies[d][a][s];
        TrialSize size = size_of(tally, run.sizes[s], of);
        if (!is_fine(size, tally, of)) result.truth_is_fine = false;
        if (const auto null = null_of_.find(d); null != null_of_.end()) {
          const TrialSize none = size_of(tallies[null->second][a][s], run.sizes[s], 0, 0);
          size.false_positives = none.power;
          size.false_positive_limits = none.power_limits;
        }
        result.sizes.push_back(size);
      }
      results.push_back(std::move(result));
    }
    return results;
  }

  // The same trials once more, each with parameters of its own.
  bool assure(const ByAnalysis<KnownTruth>& truth, std::vector<std::vector<TrialResult>>& results) const {
    std::vector<RunDesign> runs;
    ByAnalysis<KnownTruth> truth_of_runs;
    std::vector<std::size_t> design_of;
    for (std::size_t d = 0; d < designs_.size(); ++d) {
      if (!designs_[d].assurance) continue;
      runs.push_back(runs_[d]);
      runs.back().compared_with = runs.size() - 1;  // with none: the gain is that of the trials at the middle
      truth_of_runs.push_back(truth[d]);
      design_of.push_back(d);
    }
    if (runs.empty()) return true;
    const auto tallies = run_pass(arms_, runs, truth_of_runs, seed_, 0, control_, drawn_);
    if (!tallies) return false;
    for (std::size_t k = 0; k < runs.size(); ++k)
      for (std::size_t a = 0; a < (*tallies)[k].size(); ++a)
        for (std::size_t s = 0; s < runs[k].sizes.size(); ++s)
          add_assurance((*tallies)[k][a][s], results[design_of[k]][a].sizes[s]);
    return true;
  }

  // Fresh trials at the sizes that seem to be enough: what is reported. All designs at once, on common luck.
  bool confirm(const ByAnalysis<KnownTruth>& truth, const ByAnalysis<KnownTruth>& with_own,
               std::vector<std::vector<TrialResult>>& results) const {
    std::vector<RunDesign> runs;
    ByAnalysis<KnownTruth> truth_of_runs;
    std::vector<std::size_t> design_of;
    std::vector<std::vector<std::optional<TrialNeed>>> needs(designs_.size());
    for (std::size_t d = 0; d < designs_.size(); ++d) {
      if (!designs_[d].power) continue;
      needs[d] = needs_of(designs_[d], results[d]);
      std::vector<std::size_t> sizes;
      for (const auto& need : needs[d])
        if (need->verdict == TrialNeed::Verdict::found) sizes.push_back(need->people);
      std::sort(sizes.begin(), sizes.end());
      sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
      if (sizes.empty()) continue;
      runs.push_back(run_design(designs_[d], d, sizes));
      runs.back().compared_with = runs.size() - 1;  // with none: its size is its own
      truth_of_runs.push_back(truth[d]);
      design_of.push_back(d);
    }
    if (!runs.empty()) {
      const auto tallies = run_pass(arms_, runs, truth_of_runs, seed_, first_to_confirm, control_);
      if (!tallies) return false;
      const bool assured =
          std::any_of(runs.begin(), runs.end(), [](const RunDesign& r) { return r.design->assurance; });
      const auto over_draws = assured ? run_pass(arms_, runs, truth_of_runs, seed_, first_to_confirm, control_, drawn_)
                                      : std::optional(empty_tallies(runs));
      if (!over_draws) return false;
      for (std::size_t k = 0; k < runs.size(); ++k)
        for (std::size_t a = 0; a < needs[design_of[k]].size(); ++a) {
          TrialNeed& need = *needs[design_of[k]][a];
          if (need.verdict != TrialNeed::Verdict::found) continue;
          const auto s = static_cast<std::size_t>(std::find(runs[k].sizes.begin(), runs[k].sizes.end(), need.people) -
                                                  runs[k].sizes.begin());
          need.confirmed = size_of((*tallies)[k][a][s], need.people, with_own[design_of[k]][a]);
          results[design_of[k]][a].fresh_is_fine =
              is_fine(need.confirmed, (*tallies)[k][a][s], with_own[design_of[k]][a]);
          if (runs[k].design->assurance) add_assurance((*over_draws)[k][a][s], need.confirmed);
        }
    }
    for (std::size_t d = 0; d < designs_.size(); ++d)
      for (std::size_t a = 0; a < needs[d].size(); ++a) results[d][a].need = needs[d][a];
    return true;
  }

  const std::vector<TrialDesign>& designs_;
  BoundArms arms_;
  ArmsOfDraw drawn_;
  std::uint64_t seed_;
  const RunControl& control_;
  std::vector<RunDesign> runs_;  // the designs, then those without an effect
  std::map<std::size_t, std::size_t> null_of_;
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
