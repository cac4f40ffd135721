// Sweeps: an outcome of the model at several declared levels of one number.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/limits.hpp"
#include "engine/core/text.hpp"
#include "engine/program/figure.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

constexpr std::size_t most_levels = 60;
constexpr double fewest_draws = 100, most_draws = 65536;

class SweepReader {
 public:
  SweepReader(Reading& reading, ExperimentSpec& spec, const Node& table) : r_(reading), spec_(spec), table_(table) {}

  void read() {
    const auto level = read_level_name(r_, *table_.at("vary"), "a sweep varies one");
    const auto outcome = read_outcome_name(r_, spec_, Reading::text_at(table_, "of"), table_.at("of")->where);
    sweep_.arms = arms_at(r_, spec_, table_, "in");
    sweep_.label = Reading::text_at(table_, "label");
    fits_a_line(r_, table_, "Workers");
    sweep_.name = Reading::text_at(table_, "name");
    if (sweep_.name.empty()) sweep_.name = file_name_of(sweep_.label);
    for (const Sweep& other : spec_.sweeps)
      if (other.name == sweep_.name)
        r_.problem(table_.where, fmt::format("two sweeps are called '{}'", sweep_.name), "results are told apart by it",
                   "give each a name of its own: name = \"...\"");
    const bool from_is_sound = read_from();
    const bool draws_are_sound = read_draws();  // both are read, so that each says what is wrong with it
    if (!level || !outcome || !from_is_sound || !draws_are_sound || spec_.arms.empty()) return;
    const ParameterField& field = r_.model->parameters[level->field];
    const auto items = items_at(r_, spec_, table_, "vary", level->field);
    if (!items) return;
    if (sweep_.from_week > 0 && !field.varies.in_time)
      return r_.problem(table_.at("from")->where, fmt::format("'{}' can't change in time", field.name),
                        "the model takes one value of it", "take `from` out");
    if (field.varies.in_time && !loses_no_step(r_, spec_, *table_.at("vary"), level->field, *items,
                                               std::max(0.0, sweep_.from_week), sweep_.arms))
      return;
    sweep_.items = *items;
    sweep_.vary = Reading::text_at(table_, "vary");
    // A name like clients_each is no word to print: what the sweep is called says what is varied.
    if (sweep_.vary == field.name && field.name.find('_') != std::string::npos) sweep_.vary = lower_first(sweep_.label);
    sweep_.field = level->field;
    sweep_.per_unit = level->per_unit;
    sweep_.outcome = outcome->slot;
    const OutcomeField& measured = *std::find_if(r_.model->outcomes.begin(), r_.model->outcomes.end(),
                                                 [&](const OutcomeField& o) { return o.name == outcome->outcome; });
    const auto levels = levels_at(r_, *table_.at("levels"), field, sweep_.per_unit, "a sweep");
    if (!levels || !read_target(measured)) return;
    sweep_.levels = *levels;
    const TodaysLevel today = todays_level(spec_, level->field, sweep_.items, std::max(0.0, sweep_.from_week));
    if (today.is_known) sweep_.present = today.value / sweep_.per_unit;
    if (!field.varies.in_time) sweep_.from_week = -infinity;
    spec_.sweeps.push_back(sweep_);
    spec_.text.sweep_texts.push_back({outcome->outcome, outcome->item, measured.kind, measured.unit.text()});
  }

 private:
  bool read_from() {
    const Node* from = table_.at("from");
    if (!from) return true;
    const auto date = r_.date_inside(*from);
    if (date) sweep_.from_week = static_cast<double>(date->days - r_.starts.days) / days_per_week;
    return date.has_value();
  }

  bool read_draws() {
    const Node* draws = table_.at("draws");
    if (!draws) return true;
    if (!r_.is_within(*draws, "draws", fewest_draws, most_draws)) return false;
    sweep_.draws = static_cast<std::uint64_t>(draws->number);
    return true;
  }

  bool read_target(const OutcomeField& measured) {
    const Node* target = table_.at("target");
    if (!target) return true;
    if (measured.kind != OutcomeField::Kind::amount) {
      sweep_.target = r_.chance_of(*target);
      return sweep_.target.has_value();
    }
    const auto read = read_quantity(as_written(*target), measured.unit);
    if (const auto* wrong = std::get_if<QuantityProblem>(&read)) {
      r_.problem(target->where, wrong->problem, "a target is in the outcome's unit", wrong->cure);
      return false;
    }
    sweep_.target = std::get<Quantity>(read).low;
    return true;
  }

  Reading& r_;
  ExperimentSpec& spec_;
  const Node& table_;
  Sweep sweep_;
};

}  // namespace

std::string file_name_of(const std::string& label) {
  std::string name;
  for (const char c : label) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += plain ? static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) : '_';
  }
  return name;
}

std::optional<std::vector<double>> levels_at(const Reading& reading, const Node& levels, const ParameterField& field,
                                             double per_unit, std::string_view whose) {
  if (levels.items.size() < 2 || levels.items.size() > most_levels) {
    reading.problem(levels.where, fmt::format("'levels' has {} of them", levels.items.size()),
                    fmt::format("{} has from 2 to {}", whose, most_levels), "write them like: levels = [1, 2, 4]");
    return std::nullopt;
  }
  std::vector<double> rising;
  for (const Node& node : levels.items) {
    double level = node.number;
    if (node.kind == Node::Kind::text) {
      const auto read = read_quantity(node.text, field.unit);
      const auto* quantity = std::get_if<Quantity>(&read);
      if (const auto* wrong = std::get_if<QuantityProblem>(&read)) {
        reading.problem(node.where, wrong->problem, "", wrong->cure);
        return std::nullopt;
      }
      if (quantity->is_range()) {
        reading.problem(node.where, fmt::format("'{}' is not one level", node.text), "", "write each level alone");
        return std::nullopt;
      }
      // Levels are counted in what `vary` says: the nearest short number, so that 13 a week stays 13.
      level = std::round(quantity->low / per_unit * 1e9) / 1e9;
    }
    if (!rising.empty() && level <= rising.back()) {
      reading.problem(node.where, fmt::format("level {} is not above {}", as_written(node), shortest(rising.back())),
                      "levels rise, so that each is compared with the one before", "list them from least to most");
      return std::nullopt;
    }
    const double value = level * per_unit;
    if (value < field.range.low || value > field.range.high) {
      reading.problem(node.where, fmt::format("'{}' can't be {}", field.name, shown_value(value, field.unit)),
                      fmt::format("it lies between {} and {}", shown_value(field.range.low, field.unit),
                                  shown_value(field.range.high, field.unit)),
                      "take that level out");
      return std::nullopt;
    }
    rising.push_back(level);
  }
  return rising;
}

void read_sweeps(Reading& reading, ExperimentSpec& spec) {
  const Section& keys = section("sweep");
  const auto tables = reading.tables_of(keys);
  for (std::size_t i = 0; i < tables.size(); ++i)
    if (reading.check(*tables[i], keys, shown_item(keys, *tables[i], i))) SweepReader(reading, spec, *tables[i]).read();
}

}  // namespace desist
