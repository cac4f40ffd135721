// Levels that are looked for: the least or the greatest at which a chance of the model reaches its target.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/limits.hpp"
#include "engine/core/text.hpp"
#include "engine/program/figure.hpp"

namespace desist {
namespace {

constexpr double most_draws_first = 65536;

double middle(const Law& law) {
  if (const auto* fixed = std::get_if<FixedLaw>(&law)) return fixed->value;
  if (const auto* uniform = std::get_if<UniformLaw>(&law)) return (uniform->low + uniform->high) / 2;
  if (const auto* peak = std::get_if<TriangularLaw>(&law)) return (peak->low + peak->likely + peak->high) / 3;
  if (const auto* count = std::get_if<CountLaw>(&law))
    return (static_cast<double>(count->count) + 0.5) / (static_cast<double>(count->of) + 1);
  if (const auto* estimate = std::get_if<EstimateLaw>(&law)) return moments_of(*estimate).mean;
  return 0.5;
}

/// The last piece of a field that holds for the first of the items in that week: what an arm without a search takes.
const Piece* piece_in_force(const ExperimentSpec& spec, std::size_t field, const std::vector<std::size_t>& items,
                            double week) {
  const std::size_t item = items.empty() ? 0 : items.front();
  const Piece* last = nullptr;
  for (const Piece& piece : spec.arms.front().layout.fields[field].pieces) {
    const bool holds =
        piece.items.empty() || std::find(piece.items.begin(), piece.items.end(), item) != piece.items.end();
    if (holds && piece.from_week <= week) last = &piece;
  }
  return last;
}

const FigureSource* source_of(const ExperimentSpec& spec, const Piece& piece) {
  const auto& sources = spec.text.sources;
  const auto found = std::find_if(sources.begin(), sources.end(), [&](const FigureSource& each) {
    return each.name == spec.parameters[piece.slot].name;
  });
  return found == sources.end() ? nullptr : &*found;
}

// "clear by 2024-03-31, with a chance of 90%"
std::optional<std::pair<NamedOutcome, double>> read_target(const Reading& reading, const ExperimentSpec& spec,
                                                           const Node& node) {
  const std::string marker = "with a chance of";
  const std::size_t at = node.text.find(marker);
  const std::string cure = "write it like \"clear by 2024-03-31, with a chance of 90%\"";
  if (at == std::string::npos) {
    reading.problem(node.where, fmt::format("'{}' doesn't say how sure", node.text), "", cure);
    return std::nullopt;
  }
  std::string name = trimmed(node.text.substr(0, at));
  if (name.ends_with(',')) name.pop_back();
  Node chance = node;
  chance.kind = Node::Kind::text;
  chance.text = trimmed(node.text.substr(at + marker.size()));
  const auto outcome = read_outcome_name(reading, spec, name, node.where);
  const auto level = reading.chance_of(chance);
  if (!outcome || !level) return std::nullopt;
  for (const OutcomeField& field : reading.model->outcomes)
    if (field.name == outcome->outcome && field.kind != OutcomeField::Kind::chance) {
      reading.problem(node.where, fmt::format("'{}' is no chance", outcome->outcome),
                      "it can't be met with a chance of its own", "name an outcome that is yes or no");
      return std::nullopt;
    }
  return std::pair(*outcome, *level);
}

class NeedReader {
 public:
  NeedReader(Reading& reading, ExperimentSpec& spec, const Node& table) : r_(reading), spec_(spec), table_(table) {}

  void read() {
    const auto level = read_level_name(r_, *table_.at("find"), "a need looks for the level of one");
    const auto target = read_target(r_, spec_, *table_.at("so_that"));
    need_.arms = arms_at(r_, spec_, table_, "in");
    need_.label = Reading::text_at(table_, "label");
    if (need_.label.empty()) need_.label = Reading::text_at(table_, "find");
    if (Reading::text_at(table_, "look_for") == "greatest") need_.look_for = Need::Extreme::greatest;
    const bool sound = read_from() && read_numbers();
    if (!level || !target || !sound || spec_.arms.empty()) return;
    const ParameterField& field = r_.model->parameters[level->field];
    const auto items = items_at(r_, spec_, table_, "find", level->field);
    if (!items) return;
    need_.items = *items;
    if (need_.from_week > 0 && !field.varies.in_time)
      return r_.problem(table_.at("from")->where, fmt::format("'{}' can't change in time", field.name),
                        "the model takes one value of it", "take `from` out");
    need_.field = level->field;
    need_.per_unit = level->per_unit;
    need_.outcome = target->first.slot;
    need_.chance = target->second;
    if (field.varies.in_time && !loses_no_step(r_, spec_, *table_.at("find"), level->field, need_.items,
                                               std::max(0.0, need_.from_week), need_.arms))
      return;
    const TodaysLevel today = todays_level(spec_, level->field, need_.items, std::max(0.0, need_.from_week));
    need_.present = today.value / level->per_unit;
    need_.present_is_known = today.is_known;
    need_.most = std::isinf(field.range.high) ? std::ceil(1000 * std::max(1.0, need_.present))
                                              : std::floor(field.range.high / level->per_unit);
    if (!field.varies.in_time) need_.from_week = -infinity;  // at all times, or not at all
    if (need_.step > need_.most)
      return r_.problem(table_.at("step")->where, fmt::format("a step of {} is too large", shortest(need_.step)),
                        fmt::format("{} is the most that '{}' can be", shortest(need_.most), field.name),
                        "write a smaller step");
    spec_.needs.push_back(need_);
    spec_.text.need_texts.push_back(words_of(*target) + besides() + chosen());
  }

 private:
  bool read_from() {
    const Node* from = table_.at("from");
    if (!from) return true;
    const auto date = r_.date_inside(*from);
    if (date) need_.from_week = static_cast<double>(date->days - r_.starts.days) / days_per_week;
    return date.has_value();
  }

  bool read_numbers() {
    if (const Node* within = table_.at("within")) {
      const auto width = r_.chance_of(*within);
      if (!width) return false;
      need_.within = *width;
    }
    if (const Node* step = table_.at("step")) {
      if (!(step->number > 0)) {
        r_.problem(step->where, fmt::format("a step of {} leads nowhere", step->text), "",
                   "write the difference of two levels, such as 0.5");
        return false;
      }
      need_.step = step->number;
    }
    if (const Node* first = table_.at("first_look")) {
      if (first->number < 2 || first->number > most_draws_first) {
        r_.problem(first->where, fmt::format("a first look after {} draws", first->text),
                   fmt::format("it lies between 2 and {}", shortest(most_draws_first)),
                   "write first_look = 128, which is usual");
        return false;
      }
      need_.first_look = static_cast<std::uint64_t>(first->number);
    }
    return true;
  }

  std::string words_of(const std::pair<NamedOutcome, double>& target) const {
    if (const auto date = Date::read(target.first.item))
      return fmt::format("{} by {}, with a chance of {}%", target.first.outcome, date->in_words(),
                         shortest(std::round(target.second * 1e8) / 1e6));
    return Reading::text_at(table_, "so_that");
  }

  /// The last piece of a field that holds for the first of the items from the need's first day on, in the first arm.
  const Piece* piece_of(std::size_t field, const std::vector<std::size_t>& items) const {
    return piece_in_force(spec_, field, items, std::max(0.0, need_.from_week));
  }

  // What the model adds to the number that is looked for, where the file has any: "; with extra hearings 88%".
  std::string besides() const {
    const std::string added = "extra_" + r_.model->parameters[need_.field].name;
    for (std::size_t f = 0; f < r_.model->parameters.size(); ++f) {
      const ParameterField& field = r_.model->parameters[f];
      const Piece* piece = field.name == added && field.off ? piece_of(f, {}) : nullptr;
      const FigureSource* source = piece == nullptr ? nullptr : source_of(spec_, *piece);
      if (source == nullptr) continue;
      const auto* fixed = std::get_if<FixedLaw>(&spec_.parameters[piece->slot].law);
      if (fixed != nullptr && fixed->value == *field.off) continue;
      std::string name = field.name;
      std::replace(name.begin(), name.end(), '_', ' ');
      return fmt::format("; with {} {}", name, source->printed);
    }
    return "";
  }

  // A rate that the file chooses is nobody's present: "; In the file 250".
  std::string chosen() const {
    if (r_.model->parameters[need_.field].unit.time_power >= 0) return "";
    const Piece* piece = piece_of(need_.field, need_.items);
    const FigureSource* source = piece == nullptr ? nullptr : source_of(spec_, *piece);
    if (source == nullptr || source->kind != FigureSource::Kind::choice) return "";
    const auto* fixed = std::get_if<FixedLaw>(&spec_.parameters[piece->slot].law);
    if (fixed == nullptr || fixed->value == 0) return "";
    return fmt::format("; In the file {}", shortest(std::round(1e6 * need_.present) / 1e6));
  }

  Reading& r_;
  ExperimentSpec& spec_;
  const Node& table_;
  Need need_;
};

}  // namespace

std::optional<NamedLevel> read_level_name(const Reading& reading, const Node& node, std::string_view purpose) {
  const ModelRecord& model = *reading.model;
  std::vector<std::string> words;
  for (const std::string& word : split(trimmed(node.text), ' '))
    if (!word.empty()) words.push_back(word);
  std::optional<std::string> time;
  bool percent = false;
  const auto pair = [&](std::string_view first) { return words.size() >= 3 && words[words.size() - 2] == first; };
  if (pair("a") || pair("per")) {
    time = words.back();
    words.resize(words.size() - 2);
  } else if (pair("in") && words.back() == "100") {
    percent = true;
    words.resize(words.size() - 2);
  }
  const std::string name = fmt::format("{}", fmt::join(words, "_"));
  std::vector<std::string> known;
  for (const ParameterField& field : model.parameters)
    if (field.kind == ParameterField::Kind::number) known.push_back(field.name);
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    reading.problem(node.where, fmt::format("'{}' is no number that model '{}' takes", name, model.info.name),
                    std::string(purpose), spelling_cure(name, known, "it takes"));
    return std::nullopt;
  }
  const auto at = std::find_if(model.parameters.begin(), model.parameters.end(),
                               [&](const ParameterField& f) { return f.name == name; });
  NamedLevel level{static_cast<std::size_t>(at - model.parameters.begin()), 1};
  const bool rate = at->unit.time_power < 0;
  const bool share = at->unit.thing == "share" && !rate;
  const std::string example = rate ? name + " a week" : share ? name + " in 100" : name;
  if (rate != time.has_value() || share != percent) {
    reading.problem(node.where, fmt::format("'{}' doesn't say what one step is", node.text),
                    fmt::format("'{}' is measured in {}", name, at->unit.in_words(2)),
                    fmt::format("write \"{}\"", example));
    return std::nullopt;
  }
  if (share) level.per_unit = 0.01;
  if (rate) {
    const auto hours = hours_in(*time);
    if (!hours) {
      reading.problem(node.where, fmt::format("'{}' is not a unit of time", *time), "",
                      fmt::format("write \"{}\"", example));
      return std::nullopt;
    }
    level.per_unit = *hours_in(at->unit.time) / *hours;
  }
  return level;
}

TodaysLevel todays_level(const ExperimentSpec& spec, std::size_t field, const std::vector<std::size_t>& items,
                         double week) {
  TodaysLevel today;
  if (const Piece* piece = piece_in_force(spec, field, items, week)) {
    const Law& law = spec.parameters[piece->slot].law;
    const FigureSource* source = source_of(spec, *piece);
    today.value = middle(law);
    const bool printed = source != nullptr && source->kind == FigureSource::Kind::evidence;
    today.is_known = printed && std::holds_alternative<FixedLaw>(law);
  }
  return today;
}

bool loses_no_step(const Reading& reading, const ExperimentSpec& spec, const Node& asked, std::size_t field,
                   const std::vector<std::size_t>& items, double from_week, const std::vector<std::size_t>& arms) {
  if (!reading.found.empty()) return true;  // the steps themselves may be what is wrong
  const auto is_meant = [&](std::size_t item) {
    return items.empty() || std::find(items.begin(), items.end(), item) != items.end();
  };
  const double ends = static_cast<double>(reading.ends.days + 1 - reading.starts.days) / days_per_week;
  for (const std::size_t arm : arms) {
    double last = from_week;
    for (const Piece& piece : spec.arms[arm].layout.fields[field].pieces) {
      const bool touches = piece.items.empty() || std::any_of(piece.items.begin(), piece.items.end(), is_meant);
      if (touches && piece.from_week < ends) last = std::max(last, piece.from_week);
    }
    if (last <= from_week) continue;
    const Date date{reading.starts.days + static_cast<int>(std::lround(last * days_per_week))};
    reading.problem(asked.where,
                    fmt::format("'{}' changes in arm '{}' on {}", reading.model->parameters[field].name,
                                spec.arms[arm].name, date.in_words()),
                    "a level holds from its first day on, so this change would be lost",
                    fmt::format("add from = {}, or name arms in which it doesn't change: in = [...]", date.iso()));
    return false;
  }
  return true;
}

std::optional<std::vector<std::size_t>> items_at(const Reading& reading, const ExperimentSpec& spec, const Node& table,
                                                 std::string_view asked_at, std::size_t field) {
  const ParameterField& asked = reading.model->parameters[field];
  const Node* where = table.at("where");
  std::vector<std::string> names;
  for (std::size_t i = 0; i < reading.model->parameters.size(); ++i)
    if (reading.model->parameters[i].name == asked.varies.by_item) names = spec.arms.front().layout.fields[i].items;
  if (!where) {
    // Shares and times are each item's own; of counts and rates people may mean the sum.
    const bool may_be_summed = !asked.unit.thing.empty() && asked.unit.thing != "share";
    if (names.size() <= 1 || !may_be_summed) return std::vector<std::size_t>{};
    reading.problem(table.at(asked_at)->where,
                    fmt::format("'{}' has a level for each of {} {}", asked.name, names.size(), asked.varies.by_item),
                    "which one is meant?",
                    fmt::format("add where = \"{}\", or name several, or \"all\" alike", names.front()));
    return std::nullopt;
  }
  const std::vector<std::string> wanted = Reading::texts_at(table, "where");
  if (!names.empty() && wanted.size() == 1 && wanted.front() == "all") return std::vector<std::size_t>{};
  return named_items(reading, asked, names, *where);
}

void read_needs(Reading& reading, ExperimentSpec& spec) {
  const Section& keys = section("need");
  reading.each_table(keys, [&](const Node& table, const std::string&) { NeedReader(reading, spec, table).read(); });
}

}  // namespace desist
