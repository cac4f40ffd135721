#include "engine/trial/trial_pass.hpp"

#include <algorithm>
#include <map>
#include <memory>

#include "engine/core/executor.hpp"
#include "engine/statistics/normal.hpp"

namespace desist {
namespace {

constexpr std::uint64_t trials_a_block = 16;

/// The own people's effect less the truth, linear in their means.
double less_truth(const OwnLives& own, const KnownTruth& truth, MeanContrast contrast) {
  if (contrast == MeanContrast::difference) return own.treated - own.control - truth.value;
  return (own.treated - truth.treated) / truth.treated - (own.control - truth.control) / truth.control;
}

Tallies empty_tallies(const std::vector<RunDesign>& runs) {
  Tallies tallies;
  for (const RunDesign& run : runs)
    tallies.emplace_back(run.design->analyses.size(),
                         AnalysisTally{std::vector<TrialTally>(run.sizes.size()), PowersTogether(run.sizes.size())});
  return tallies;
}

void add_tallies(const Tallies& some, Tallies& all) {
  for (std::size_t d = 0; d < all.size(); ++d)
    for (std::size_t a = 0; a < all[d].size(); ++a) {
      for (std::size_t s = 0; s < all[d][a].sizes.size(); ++s) all[d][a].sizes[s].add(some[d][a].sizes[s]);
      all[d][a].together.add(some[d][a].together);
    }
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
  const std::vector<std::size_t>& looks = run.cuts_of_looks[s];
  std::size_t last = looks.size() - 1;
  std::optional<std::size_t> at;
  for (std::size_t look = 0; look < looks.size() && !at; ++look) {
    const TrialEstimate& one = estimates[looks[look]];
    if (one.found && one.p <= 2 * statistics::normal_cdf(-run.boundaries[look])) at = last = look;
  }
  tally.stop(looks.size(), at, static_cast<double>(run.cuts[looks[last]]), estimates[looks[last]], truth);
}

/// Adds the trials of one set of people, of every design.
class SetOfTrials {
 public:
  SetOfTrials(const std::vector<RunDesign>& runs, const ByAnalysis<KnownTruth>& truth, const TrialSet& set,
              TrialRunner& runner, Tallies& tallies)
      : runs_(runs), truth_(truth), set_(set), runner_(runner), tallies_(tallies) {
    for (const RunDesign& run : runs)
      shown_.emplace_back(run.design->analyses.size(), std::vector<double>(run.sizes.size(), 0));
  }

  void add() {
    runner_.begin(set_);
    add_trial();
    for (std::uint64_t k = 1; k < set_.trials; ++k) {
      runner_.assign_anew(k);
      add_trial();
    }
    for (std::size_t d = 0; d < runs_.size(); ++d)
      if (set_.first < runs_[d].design->trials)
        for (std::size_t a = 0; a < runs_[d].design->analyses.size(); ++a) end(d, a);
  }

 private:
  void add_trial() {
    ByAnalysis<std::map<std::size_t, bool>> shown(runs_.size());
    for (std::size_t d = 0; d < runs_.size(); ++d) {
      const RunDesign& run = runs_[d];
      shown[d].resize(run.design->analyses.size());
      if (set_.first >= run.design->trials) continue;
      for (std::size_t a = 0; a < run.design->analyses.size(); ++a) {
        const double value = value_of(d, a);
        const double alpha = 1 - run.design->analyses[a].analysis.number("level", 0.95);
        runner_.estimates(d, a, value, estimates_);
        const auto partner = partner_of(runs_, d, a);
        for (std::size_t s = 0; s < run.sizes.size(); ++s) {
          const TrialEstimate& one = estimates_[run.cut_of_size[s]];
          TrialTally& tally = tallies_[d][a].sizes[s];
          tally.add(one, value, alpha);
          add_looks(run, s, estimates_, value, tally);
          const bool is_shown = one.found && one.p <= alpha;
          shown_[d][a][s] += is_shown ? 1 : 0;
          shown[d][a][run.sizes[s]] = is_shown;
          if (!partner) continue;
          const auto& others = shown[partner->run][partner->analysis];
          const auto other = others.find(run.sizes[s]);
          if (other != others.end()) tally.compare(is_shown, other->second);  // else it has no such size or trial
        }
      }
    }
  }

  void end(std::size_t d, std::size_t a) {
    const auto own = runner_.own_lives(d, a);
    for (TrialTally& tally : tallies_[d][a].sizes) {
      if (own) tally.add_own(less_truth(*own, truth_[d][a], contrast_of(runs_[d].design->analyses[a])), *own);
      tally.end_set();
    }
    tallies_[d][a].together.add_set(shown_[d][a], static_cast<double>(set_.trials));
  }

  double value_of(std::size_t d, std::size_t a) const { return runs_[d].without_effect ? 0 : truth_[d][a].value; }

  const std::vector<RunDesign>& runs_;
  const ByAnalysis<KnownTruth>& truth_;
  const TrialSet& set_;
  TrialRunner& runner_;
  Tallies& tallies_;
  ByAnalysis<std::vector<double>> shown_;  // by size: in how many of the set
  std::vector<TrialEstimate> estimates_;
};

}  // namespace

std::optional<Tallies> run_pass(const BoundArms& arms, const std::vector<RunDesign>& runs,
                                const ByAnalysis<KnownTruth>& truth, std::uint64_t seed, const Pass& pass,
                                const RunControl& control) {
  std::uint64_t trials = 0;
  for (const RunDesign& run : runs) trials = std::max(trials, run.design->trials);
  const std::uint64_t sets = (trials + pass.same - 1) / pass.same;
  const std::uint64_t sets_a_block = std::max<std::uint64_t>(1, trials_a_block / pass.same);
  const std::size_t slots = control.threads + 2;
  std::vector<std::unique_ptr<TrialRunner>> runners(slots);
  std::vector<BoundArms> arms_of_slot(pass.drawn ? slots : 0);
  std::vector<Tallies> of_slot(slots);
  Tallies all = empty_tallies(runs);
  const StopFlag never{false};
  const auto blocks = static_cast<std::size_t>((sets + sets_a_block - 1) / sets_a_block);
  const auto task = [&](std::size_t block, std::size_t slot) {
    if (!runners[slot]) runners[slot] = std::make_unique<TrialRunner>(pass.drawn ? arms_of_slot[slot] : arms, runs);
    of_slot[slot] = empty_tallies(runs);
    for (std::uint64_t s = block * sets_a_block; s < std::min<std::uint64_t>(sets, (block + 1) * sets_a_block); ++s) {
      const std::uint64_t t = s * pass.same;
      if (pass.drawn) arms_of_slot[slot] = pass.drawn(t);
      const TrialSet set{seed, pass.first + s, pass.first + t, t, pass.same, pass.both};
      SetOfTrials(runs, truth, set, *runners[slot], of_slot[slot]).add();
    }
  };
  const auto fold = [&](std::size_t block, std::size_t slot) {
    add_tallies(of_slot[slot], all);
    if (control.progress) control.progress(std::min((block + 1) * sets_a_block * pass.same, trials), trials);
  };
  const std::size_t done =
      run_in_order(0, blocks, control.threads, slots, task, fold, control.stop != nullptr ? *control.stop : never);
  if (done < blocks) return std::nullopt;
  return all;
}

}  // namespace desist
