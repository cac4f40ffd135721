// Toy models whose posteriors are known, and calibrations of them.
#pragma once

#include <cmath>

#include "engine/random/inverse_normal.hpp"
#include "engine/search/calibrate.hpp"
#include "tests/models/coin.hpp"
#include "tests/simulation/layouts.hpp"

namespace desist::test {

/// Figures of a rate seen through a window: `seen` = rate x window x (1 + noise), `level` = rate + noise, `luck` has
/// nothing to do with either; `never` has no value and `still` is always 3.
struct Windowed {
  static constexpr ModelInfo info{"windowed", "A rate seen through a window.", "tests/search"};
  struct Parameters {
    double rate = 0, window = 0, other = 0, noise = 0;
    static void describe(auto& v) {
      v.number("rate", &Parameters::rate, {.range = {-1e9, 1e9}, .help = "Rate."});
      v.number("window", &Parameters::window, {.range = {-1e9, 1e9}, .help = "Window."});
      v.number("other", &Parameters::other, {.range = {-1e9, 1e9}, .help = "Seen by nothing."});
      v.number("noise", &Parameters::noise, {.range = {0, 1e9}, .help = "Standard deviation of what is seen."});
    }
  };
  struct Outcomes {
    double seen = 0, level = 0, luck = 0, never = 0, still = 0, lognormal = 0;
    static void describe(auto& v) {
      v.outcome("seen", &Outcomes::seen, {});
      v.outcome("level", &Outcomes::level, {});
      v.outcome("luck", &Outcomes::luck, {});
      v.outcome("never", &Outcomes::never, {.may_be_missing = true});
      v.outcome("still", &Outcomes::still, {});
      v.outcome("lognormal", &Outcomes::lognormal, {});
    }
  };
  struct Series {
    static void describe(auto&) {}
  };
  struct Bound {
    Bound(const Parameters& given, const Window&) : parameters(given) {}
    Parameters parameters;
  };
  static void replicate(const Bound& bound, const Streams& streams, Outcomes& outcomes, Series&) {
    static constexpr Purpose purpose{"windowed"};
    const Words first = streams.words(purpose, 0), second = streams.words(purpose, 1);
    const Parameters& p = bound.parameters;
    outcomes.seen = p.rate * p.window * (1 + p.noise * inverse_normal(uniform(first[0])));
    outcomes.level = p.rate + p.noise * inverse_normal(uniform(first[1]));
    outcomes.luck = inverse_normal(uniform(second[0]));
    outcomes.never = std::numeric_limits<double>::quiet_NaN();
    outcomes.still = 3;
    outcomes.lognormal = std::exp(p.rate + p.noise * inverse_normal(uniform(second[1])));
  }
};
enum WindowedOutcome : std::size_t { seen, level, luck, never, still, lognormal };

/// A calibration of one of the toys with one arm.
struct ToyCalibration {
  ModelRecord model;
  std::vector<Arm> arms;
  std::vector<Parameter> parameters;
  std::vector<Correlation> correlations;
  std::uint64_t seed = 5;
  Window window{Date{19600}, Date{19600 + 70}};
  Calibration asked;
  RunControl control;

  static ToyCalibration windowed() {
    ToyCalibration toy;
    toy.model = model_record<Windowed>();
    toy.parameters = {{"rate", "Rate", "", UniformLaw{1, 9}},
                      {"window", "Window", "", UniformLaw{1, 9}},
                      {"other", "Other", "", UniformLaw{1, 9}},
                      {"noise", "Noise", "", FixedLaw{0.02}}};
    toy.arms = {Arm{"as_it_is", "", {{from_slot(0), from_slot(1), from_slot(2), from_slot(3)}}, false, {}}};
    toy.asked.informed = {0, 1, 2};
    toy.asked.particles = 400;
    toy.asked.leave_one_out = false;
    return toy;
  }
  /// Of 20 people, `reoffenders` are seen; 3 of 10 were before.
  static ToyCalibration coin(double reoffenders) {
    ToyCalibration toy;
    toy.model = model_record<Coin>();
    toy.parameters = {{"risk", "Risk", "share", CountLaw{3, 10}}, {"people", "People", "person", FixedLaw{20}}};
    toy.arms = {Arm{"as_it_is", "", {{from_slot(0), from_slot(1)}}, false, {}}};
    toy.asked.informed = {0};
    toy.asked.tolerance = 0;
    toy.target("reoffenders", 0, reoffenders);
    return toy;
  }
  Target& target(const std::string& name, std::size_t outcome, double low, std::optional<double> high = {}) {
    Target target;
    target.name = target.label = name;
    target.outcome = outcome;
    target.low = low;
    target.high = high.value_or(low);
    asked.targets.push_back(target);
    return asked.targets.back();
  }
  ParameterDraws draws() const { return ParameterDraws(parameters, correlations, {}, seed); }
  CalibrationResult run() const { return calibrate(asked, model, arms, draws(), window, control, "toy"); }
};

}  // namespace desist::test
