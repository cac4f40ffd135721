// Every model holds when any one of its parameters sits at either end of its range: alone, and with every other feature
// on.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "engine/program/authoring.hpp"
#include "engine/program/experiment_spec.hpp"
#include "models/catalogue.hpp"
#include "tests/sanitized.hpp"

namespace desist {
namespace {

const Catalogue known{catalogue()};
constexpr double largest = 1e5 / test::slowness;  // tried of what may be larger still: more takes only time
constexpr std::uint64_t replicates = 2;

/// A model as its first file has it, with one item in each list, for nine weeks.
class Ends {
 public:
  Ends(const ModelRecord& model, const Catalogue& catalogue)
      : model_(model), window_{Date::from_ymd(2025, 1, 1), Date::from_ymd(2025, 3, 5)} {
    const std::string path = testing::TempDir() + "range_ends_" + std::to_string(::getpid()) + ".toml";
    std::string text = new_experiment(std::string(model.info.name), catalogue);
    for (std::size_t at = 0; (at = text.find("value = \"3 ", at)) != std::string::npos;) text[at + 9] = '1';
    std::ofstream(path) << text;
    const ExperimentSpec spec = read_experiment(path, catalogue, DESIST_SOURCE_DIR "/experiments/evidence");
    std::filesystem::remove(path);
    layout_ = spec.arms.front().layout;
    for (FieldLayout& field : layout_.fields)
      for (Date& date : field.dates) date = Date::from_ymd(2025, 2, 5);
    row_ = ParameterDraws(spec.parameters, {}, {}, 1).row(0);
    moderate_ = row_;
    for (std::size_t f = 0; f < model_.parameters.size(); ++f) {
      const ParameterField& field = model_.parameters[f];
      if (field.kind != ParameterField::Kind::number) continue;
      const double before = std::exchange(moderate_[slot(f)], moderate_value(field));
      if (!refusal(moderate_).empty()) moderate_[slot(f)] = before;  // it contradicts another
    }
  }

  const std::vector<double>& plain() const { return row_; }
  const std::vector<double>& moderate() const { return moderate_; }
  std::size_t slot(std::size_t field) const { return layout_.fields[field].pieces.front().slot; }
  std::vector<double> with(const std::vector<double>& row, std::size_t field, double value) const {
    std::vector<double> changed = row;
    changed[slot(field)] = value;
    return changed;
  }

  /// Why the model refuses to be run with these values; "" if it does not.
  std::string refusal(const std::vector<double>& row) const {
    try {
      model_.bind(layout_, row, window_);
    } catch (const std::invalid_argument& refused) {
      return refused.what();
    }
    return "";
  }

  /// What is wrong with what comes out; "" for nothing.
  std::string problem(const std::vector<double>& row) const {
    const std::vector<OutcomeSlot> slots = outcome_slots(model_, layout_);
    const std::size_t weeks = window_.whole_weeks();
    std::vector<double> outcomes(replicates * slots.size()), series(replicates * model_.series.size() * weeks);
    try {
      model_.bind(layout_, row, window_)->replicate_block(1, 0, 0, replicates, outcomes, series);
    } catch (const std::exception& failure) {
      return failure.what();
    }
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      const OutcomeField& field = model_.outcomes[slots[i % slots.size()].field];
      if (!can_be(field.kind, field.may_be_missing, field.unit, outcomes[i]))
        return fmt::format("{} is {}", field.name, outcomes[i]);
    }
    for (std::size_t i = 0; i < series.size(); ++i) {
      const SeriesField& field = model_.series[i / weeks % model_.series.size()];
      if (!can_be(field.kind, true, field.unit, series[i])) return fmt::format("{} is {}", field.name, series[i]);
    }
    return "";
  }

 private:
  static double moderate_value(const ParameterField& field) {
    if (field.unit.thing == "share") return std::clamp(0.3, field.range.low, field.range.high);
    return std::clamp(4.0, field.range.low, field.range.high);
  }

  static bool can_be(OutcomeField::Kind kind, bool may_be_missing, const Unit& unit, double value) {
    if (std::isnan(value)) return may_be_missing;
    if (kind == OutcomeField::Kind::chance) return value == 0 || value == 1;
    if (kind == OutcomeField::Kind::time_until) return value >= 0;
    return std::isfinite(value) && (unit.thing == "share" || value > -1e-9 || unit.thing == "£");
  }

  const ModelRecord& model_;
  Window window_;
  ArmLayout layout_;
  std::vector<double> row_, moderate_;
};

/// A model that breaks at one end.
struct Fragile {
  static constexpr ModelInfo info{"fragile", "Divides by its parameter.", "tests/program/range_ends_test.cpp"};
  struct Parameters {
    double parts = 0;
    static void describe(auto& v) { v.number("parts", &Parameters::parts, {.unit = "case", .range = {0, 8}}); }
  };
  struct Outcomes {
    double each = 0;
    static void describe(auto& v) { v.outcome("each", &Outcomes::each, {.unit = "case"}); }
  };
  struct Series {};
  struct Bound {
    Bound(const Parameters& given, const Window&) : parameters(given) {}
    Parameters parameters;
  };
  static void replicate(const Bound& bound, const Streams&, Outcomes& outcomes, Series&) {
    outcomes.each = 1 / bound.parameters.parts;
  }
};

TEST(RangeEndsCheck, Finds_a_model_that_breaks_at_an_end) {
  Catalogue catalogue;
  catalogue.models.push_back(model_record<Fragile>());
  const Ends ends(catalogue.models.front(), catalogue);
  EXPECT_EQ(ends.problem(ends.plain()), "");
  EXPECT_EQ(ends.problem(ends.with(ends.plain(), 0, 8)), "");
  EXPECT_EQ(ends.problem(ends.with(ends.plain(), 0, 0)), "each is inf");
}

class RangeEnds : public testing::TestWithParam<std::string> {};

TEST_P(RangeEnds, Hold) {
  const ModelRecord& model = *known.find(GetParam());
  const Ends ends(model, known);
  ASSERT_EQ(ends.problem(ends.plain()), "");
  ASSERT_EQ(ends.problem(ends.moderate()), "");
  std::size_t tried = 0, refused = 0;
  for (std::size_t f = 0; f < model.parameters.size(); ++f) {
    const ParameterField& field = model.parameters[f];
    if (field.kind != ParameterField::Kind::number) continue;
    const double high = std::max(field.range.low, std::min(field.range.high, largest));
    for (const double end : {field.range.low, high})
      for (const auto* base : {&ends.plain(), &ends.moderate()}) {
        SCOPED_TRACE(field.name + " at " + std::to_string(end) + (base == &ends.plain() ? ", plain" : ", all on"));
        const std::vector<double> row = ends.with(*base, f, end);
        const std::string refusal = ends.refusal(row);
        if (base == &ends.moderate()) ++tried;
        if (!refusal.empty()) {
          // It contradicts another figure, or needs one: a sentence says which. With all on, few do.
          if (base == &ends.moderate()) ++refused;
          continue;
        }
        EXPECT_EQ(ends.problem(row), "");
      }
  }
  EXPECT_LE(refused, tried / 6);  // else hardly anything was tried
}

INSTANTIATE_TEST_SUITE_P(Models, RangeEnds, testing::ValuesIn([] {
                           std::vector<std::string> names;
                           for (const ModelRecord& model : known.models) names.emplace_back(model.info.name);
                           return names;
                         }()),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace desist
