// A model of a fall whose law is known: log before and log after are normal around the logarithms of level and left.
#pragma once

#include <cmath>

#include "engine/random/inverse_normal.hpp"
#include "engine/search/placebo.hpp"
#include "tests/simulation/layouts.hpp"

namespace desist::test {

struct Fall {
  static constexpr ModelInfo info{"fall", "Something before and after.", "tests/search"};
  struct Parameters {
    double level, left, noise, counted;
    static void describe(auto& v) {
      v.number("level", &Parameters::level, {.unit = "offence", .range = {0, 1e6}, .help = "Before."});
      v.number("left", &Parameters::left, {.unit = "1", .range = {0, 10}, .help = "After over before."});
      v.number("noise", &Parameters::noise, {.unit = "1", .range = {0, 2}, .help = "Of each logarithm."});
      v.number("counted", &Parameters::counted, {.unit = "share", .range = {0, 1}, .help = "Share counted after."});
    }
  };
  struct Outcomes {
    double before = 0, after = 0;
    static void describe(auto& v) {
      v.outcome("before", &Outcomes::before, {.unit = "offence"});
      v.outcome("after", &Outcomes::after, {.unit = "offence"});
    }
  };
  struct Series {
    static void describe(auto&) {}
  };
  struct Bound {
    Bound(const Parameters& given, const Window&) : is(given) {
      if (given.left > 9) throw std::invalid_argument("too much is left");
    }
    Parameters is;
  };
  static void replicate(const Bound& bound, const Streams& streams, Outcomes& outcomes, Series&) {
    static constexpr Purpose purpose{"fall"};
    const Words words = streams.words(purpose, 0);
    const auto z = [&](int i) { return inverse_normal(uniform(words[static_cast<std::size_t>(i)])); };
    outcomes.before = bound.is.level * std::exp(bound.is.noise * z(0));
    outcomes.after = bound.is.level * bound.is.left * bound.is.counted * std::exp(bound.is.noise * z(1));
  }
};

/// Two arms that are alike, and a third in which more is left.
struct FallRun {
  ModelRecord model = model_record<Fall>();
  std::vector<Parameter> parameters{{"level", "Level", "offence", UniformLaw{10, 1000}},
                                    {"left", "Left", "", FixedLaw{0.8}},
                                    {"noise", "Noise", "", FixedLaw{0.1}},
                                    {"counted", "Counted", "share", FixedLaw{1}},
                                    {"other.left", "Left", "", FixedLaw{0.6}}};
  std::vector<Arm> arms;
  Window window{Date{0}, Date{70}};
  Plan plan;
  NullProgramme null;
  Placebo placebo;

  FallRun() {
    for (const std::size_t left : {1U, 1U, 4U}) {
      Arm arm;
      arm.name = arms.empty() ? "null" : arms.size() == 1 ? "same" : "other";
      arm.layout.fields = {from_slot(0), from_slot(left), from_slot(2), from_slot(3)};
      arms.push_back(arm);
    }
    plan.seed = 3;
    null.arms = {0};
    null.futures = 1000;
    placebo.name = placebo.label = "fall";
    placebo.before = 0;
    placebo.after = 1;
    placebo.ratio_low = placebo.ratio_high = 0.5;
  }
  NullUnknown unknown(std::size_t field, std::vector<double> levels) const {
    NullUnknown made;
    made.name = model.parameters[field].name;
    made.label = made.name;
    made.field = field;
    made.from_week = -std::numeric_limits<double>::infinity();
    made.levels = std::move(levels);
    for (const double level : made.levels) made.level_words.push_back(std::to_string(level));
    made.arms = null.arms;
    return made;
  }
  ParameterDraws draws() const { return ParameterDraws(parameters, {}, {}, plan.seed); }
  NullResults run(const RunControl& control = {}) const {
    return run_placebos(null, {placebo}, model, arms, draws(), window, plan, control);
  }
  PlaceboResult result() const { return run().placebos.at(0); }
};

}  // namespace desist::test
