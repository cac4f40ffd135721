// People whose number of offences has a law that is known: what virtual trials are checked against.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "engine/core/limits.hpp"
#include "engine/random/counts.hpp"
#include "engine/random/inverse_normal.hpp"
#include "engine/simulation/contract.hpp"
#include "engine/simulation/outcome_table.hpp"
#include "engine/trial/trial.hpp"

namespace desist::test {

/// Of each person a negative binomial number of offences in a year (Poisson where `size` is 0), evenly spread over it.
///
/// Entry is at week 52. A share `completes` of those in the arm completes the programme: those with the lowest hidden
/// rate. That rate (uniform on 0.5 to 1.5) multiplies the mean by itself to the power `by_rate`.
class CountModel final : public BoundModel {
 public:
  CountModel(double mean, double size, double completes, double by_rate)
      : mean_(mean), size_(size), completes_(completes), by_rate_(by_rate) {
    if (by_rate != 0) return;
    table_ = table_of(mean);
    for (std::size_t i = 0; i < guide_.size(); ++i)
      guide_[i] = static_cast<std::size_t>(
          std::lower_bound(table_.begin(), table_.end(), static_cast<double>(i) / static_cast<double>(guide_.size())) -
          table_.begin());
  }
  void replicate_block(std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::span<double>,
                       std::span<double>) const override {}
  std::vector<Trace> traces(std::uint64_t, std::uint64_t, std::uint64_t, std::size_t) const override { return {}; }

  void histories(const Streams& streams, std::span<const HistoryRequest> people, double weeks,
                 PersonHistories& histories) const override {
    for (const HistoryRequest& who : people) {
      const Words words = streams.words(Purpose("number of offences"), who.number);
      PersonHistory& person = histories.people.emplace_back();
      person.person = who.number;
      person.entered = 52;
      person.relative = 0.5 + uniform(words[1]);
      person.started = completes_ > 0 ? 52 : infinity;
      if (completes_ > 0)
        person.how = person.relative - 0.5 < completes_ ? PersonHistory::End::completed : PersonHistory::End::breached;
      person.until = 52 + weeks;
      person.first_event = histories.events.size();
      const std::size_t count = count_of(who, person, uniform(words[0]));
      for (std::size_t k = 0; k < count; ++k) {
        const double time = 52 + 52 * (static_cast<double>(k) + 0.5) / static_cast<double>(count);
        if (time < person.until) histories.events.push_back({time, 0, time + 4, time + 4, time + 30});
      }
      person.events = histories.events.size() - person.first_event;
    }
  }

 private:
  std::size_t count_of(const HistoryRequest& who, const PersonHistory& person, double u) const {
    if (who.rate_factor == 1 && !table_.empty()) {
      std::size_t count = guide_[static_cast<std::size_t>(u * static_cast<double>(guide_.size()))];
      while (table_[count] < u) ++count;
      return count;
    }
    const double mean = mean_ * who.rate_factor * std::pow(person.relative, by_rate_);
    return static_cast<std::size_t>(size_ > 0 ? negative_binomial_by_search(u, mean, size_)
                                              : poisson_by_search(u, mean));
  }
  std::vector<double> table_of(double mean) const {  // cumulative probabilities
    std::vector<double> upto;
    double p = size_ > 0 ? std::pow(size_ / (size_ + mean), size_) : std::exp(-mean), sum = 0;
    for (int k = 0; sum < 1 - 1e-12 && k < 10000; ++k) {
      sum += p;
      upto.push_back(sum);
      p *= size_ > 0 ? (size_ + k) / (k + 1) * mean / (size_ + mean) : mean / (k + 1);
    }
    upto.back() = 1;
    return upto;
  }

  double mean_, size_, completes_, by_rate_;
  std::vector<double> table_;
  std::array<std::size_t, 256> guide_{};  // where to look first, of u from i/256 on
};

/// Parameters: mean, size, completes, by_rate, and of the log of the mean how far it is off: normal of mean 0 and
/// standard deviation `spread`. Arms override them.
struct CountTrial {
  ModelRecord model;
  std::vector<Arm> arms;
  ParameterDraws draws;
  Window window{Date::from_ymd(2025, 1, 1), Date::from_ymd(2028, 1, 1)};

  /// An arm a mean; of these the second completes by this share.
  /// `spread` is that of the log mean of every arm but the first, the same draw in each.
  explicit CountTrial(const std::vector<double>& means, double size = 0, double completes = 1, double by_rate = 0,
                      double spread = 0) {
    model.history_types = "types";
    model.bind = [](const ArmLayout&, std::span<const double> row, const Window&) -> std::unique_ptr<BoundModel> {
      const double mean = row[5] == 0 ? row[0] : row[0] * std::exp(row[5] * inverse_normal(row[4]));
      return std::make_unique<CountModel>(mean, row[1], row[2], row[3]);
    };
    for (std::size_t a = 0; a < means.size(); ++a) {
      Arm arm;
      arm.name = arm.label = "arm " + std::to_string(a);
      arm.overrides = {{0, means[a]}, {2, a == 0 ? 0.0 : completes}, {5, a == 0 ? 0.0 : spread}};
      arms.push_back(arm);
    }
    draws = ParameterDraws({{"mean", "", "", FixedLaw{1}},
                            {"size", "", "", FixedLaw{size}},
                            {"completes", "", "", FixedLaw{0}},
                            {"by_rate", "", "", FixedLaw{by_rate}},
                            {"chance", "", "", UniformLaw{0, 1}},
                            {"spread", "", "", FixedLaw{0}}},
                           {}, {}, 1);
  }

  std::vector<TrialResult> run(const std::vector<TrialDesign>& designs, unsigned threads = 1,
                               std::uint64_t seed = 1) const {
    RunControl control;
    control.threads = threads;
    return run_trials(designs, model, arms, draws, window, seed, control);
  }
};

inline TrialAnalysis analysis(const std::string& name, const std::string& method, Analysed of = Analysed::everyone) {
  TrialAnalysis made;
  made.analysis.name = made.analysis.label = name;
  made.analysis.method = method;
  made.analysis.outcome = "outcome";
  made.of = of;
  return made;
}

/// Treated are arm 1, controls arm 0; a year of follow-up, and all that is recorded counts.
inline TrialDesign design(const std::vector<std::size_t>& sizes, const std::vector<TrialAnalysis>& analyses,
                          std::uint64_t trials = 2000) {
  TrialDesign made;
  made.name = made.label = "trial";
  made.treated = 1;
  made.assignment = Assignment::in_blocks;
  made.block = 2;
  made.sizes = sizes;
  made.trials = trials;
  made.truth_people = 40000;
  made.analyses = analyses;
  return made;
}

}  // namespace desist::test
