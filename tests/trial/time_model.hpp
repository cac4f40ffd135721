// People whose first offence and death have laws that are known: what virtual trials of times are checked against.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "engine/core/limits.hpp"
#include "engine/simulation/contract.hpp"
#include "engine/simulation/outcome_table.hpp"
#include "engine/trial/trial.hpp"

namespace desist::test {

/// Of each person one offence, after an exponential time of `rate` a week from entry (at week 52), and a death after
/// one of `deaths`. A share `starts` of those in the arm starts the programme, and only their rate is the arm's; others
/// have `untreated`.
class TimeModel final : public BoundModel {
 public:
  TimeModel(double rate, double deaths, double starts, double untreated)
      : rate_(rate), deaths_(deaths), starts_(starts), untreated_(untreated) {}
  void replicate_block(std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::span<double>,
                       std::span<double>) const override {}
  std::vector<Trace> traces(std::uint64_t, std::uint64_t, std::uint64_t, std::size_t) const override { return {}; }

  void histories(const Streams& streams, std::span<const HistoryRequest> people, double weeks,
                 PersonHistories& histories) const override {
    for (const HistoryRequest& who : people) {
      const Words times = streams.words(Purpose("times of a test"), who.number);
      const double u = uniform(streams.words(Purpose("starts of a test"), who.number)[0]);
      PersonHistory& person = histories.people.emplace_back();
      person.person = who.number;
      person.entered = 52;
      person.started = u < starts_ ? 52 : infinity;
      const double own = u < starts_ ? rate_ : untreated_;
      const double first = 52 - std::log(uniform(times[0])) / own;
      const double death = deaths_ > 0 ? 52 - std::log(uniform(times[1])) / deaths_ : infinity;
      person.died = death < 52 + weeks;
      person.until = std::min(death, 52 + weeks);
      person.first_event = histories.events.size();
      if (first < person.until) histories.events.push_back({first, 0, first, first, first});
      person.events = histories.events.size() - person.first_event;
    }
  }

 private:
  double rate_, deaths_, starts_, untreated_;
};

/// Rates a week, an arm each; the first is that of controls, of whom nobody starts. Everybody dies at `deaths` a week.
struct TimeTrial {
  ModelRecord model;
  std::vector<Arm> arms;
  ParameterDraws draws;
  Window window{Date::from_ymd(2025, 1, 1), Date::from_ymd(2028, 1, 1)};

  explicit TimeTrial(const std::vector<double>& rates, double deaths = 0, double starts = 1) {
    model.history_types = "types";
    model.bind = [](const ArmLayout&, std::span<const double> row, const Window&) -> std::unique_ptr<BoundModel> {
      return std::make_unique<TimeModel>(row[0], row[1], row[2], row[3]);
    };
    for (std::size_t a = 0; a < rates.size(); ++a) {
      Arm arm;
      arm.name = arm.label = "arm " + std::to_string(a);
      arm.overrides = {{0, rates[a]}, {2, a == 0 ? 0.0 : starts}};
      arms.push_back(arm);
    }
    draws = ParameterDraws({{"rate", "", "", FixedLaw{1}},
                            {"deaths", "", "", FixedLaw{deaths}},
                            {"starts", "", "", FixedLaw{0}},
                            {"untreated", "", "", FixedLaw{rates.front()}}},
                           {}, {}, 1);
  }

  std::vector<TrialResult> run(const std::vector<TrialDesign>& designs, unsigned threads = 1,
                               std::uint64_t seed = 1) const {
    RunControl control;
    control.threads = threads;
    return run_trials(designs, model, arms, draws, window, seed, control);
  }
};

}  // namespace desist::test
