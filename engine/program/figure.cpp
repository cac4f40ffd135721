#include "engine/program/figure.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"

namespace desist {
namespace {

// A range has one of these; a study's cell can't be a choice.
std::optional<FigureSource::Kind> kind_of_source(const Reading& reading, const Node& table, const Member& member,
                                                 const Section& keys) {
  std::vector<std::string> known, given;
  std::vector<const Member*> places;
  for (const std::string name : {"evidence", "assumption", "choice"}) {
    const bool possible = std::any_of(keys.keys.begin(), keys.keys.end(), [&](const Key& k) { return k.name == name; });
    if (possible) known.push_back(name);
    if (const Member* place = possible ? table.find(name) : nullptr) {
      given.push_back(name);
      places.push_back(place);
    }
  }
  if (given.empty()) {
    reading.problem(member.where, fmt::format("'{}' doesn't say where it comes from", member.name), "",
                    fmt::format("add {}", listed(known, "or")));
    return std::nullopt;
  }
  if (given.size() > 1) {
    reading.problem(places[1]->where, fmt::format("'{}' has {}", member.name, listed(given)), "a figure has one source",
                    "keep the one that holds; a note can tell the rest", {{places[0]->where, "the other is here"}});
    return std::nullopt;
  }
  return given[0] == "evidence" ? FigureSource::Kind::evidence
         : given[0] == "choice" ? FigureSource::Kind::choice
                                : FigureSource::Kind::assumption;
}

bool has_table(const Node& node) { return node.kind == Node::Kind::table; }

// Words for a law, as the report prints them.
std::string spread_of(const Quantity& quantity, const Law& law, FigureSource::Kind kind, const Unit& unit) {
  if (const auto* count = std::get_if<CountLaw>(&law))
    return fmt::format("{} of {}: Beta({}, {})", count->count, count->of,
                       shortest(static_cast<double>(count->count) + 0.5),
                       shortest(static_cast<double>(count->of - count->count) + 0.5));
  if (const auto* likely = std::get_if<TriangularLaw>(&law))
    return fmt::format("likeliest at {}, less likely towards the ends", shown_value(likely->likely, unit));
  if (std::holds_alternative<UniformLaw>(law)) return "every value in the range equally likely";
  if (kind == FigureSource::Kind::choice) return "as chosen";
  return quantity.percent ? "taken as printed: a percentage without its count" : "taken as printed";
}

}  // namespace

std::string as_written(const Node& node) {
  if (node.kind == Node::Kind::date) return node.date.iso();
  if (node.kind != Node::Kind::list) return trimmed(node.text);
  std::vector<std::string> items;
  for (const Node& item : node.items) items.push_back(as_written(item));
  return fmt::format("{}", fmt::join(items, ", "));
}

std::string shown_value(double value, const Unit& unit) {
  if (std::isinf(value)) return value > 0 ? "any amount" : "no limit";
  if (unit.thing == "share") {
    const std::string words = unit.in_words(value * 100);
    return fmt::format("{}%{}{}", shortest(std::round(value * 1e10) / 1e8), words.empty() ? "" : " ", words);
  }
  const std::string words = unit.in_words(value);
  const std::string digits = std::fabs(value) < 1e6 ? fmt::format("{:.6g}", value) : shortest(value);
  const std::string number = (unit.thing == "£" ? "£" : "") + digits;
  return words.empty() ? number : fmt::format("{} {}", number, words);
}

std::optional<SourcedFigure> read_figure(const Reading& reading, const Member& member, const std::string& name,
                                         const std::string& shown, const Section& keys) {
  const Node& table = member.value;
  const bool cell = &keys == &cell_keys();
  if (!has_table(table)) {
    reading.problem(
        member.where, fmt::format("'{}' is {}, not a figure with its source", member.name, in_words(table.kind)), "",
        cell ? fmt::format("write {} = {{ printed = \"...\", evidence = \"...\" }}", member.name)
             : fmt::format("write {} = {{ value = ..., evidence = \"...\" }}, or assumption or choice", member.name));
    return std::nullopt;
  }
  const bool sound = reading.check(table, keys, shown);
  SourcedFigure figure;
  figure.name = name;
  figure.at = member.where;
  figure.value = table.at(cell ? "printed" : "value");
  figure.range = cell ? nullptr : table.at("range");
  figure.likely = cell ? nullptr : table.at("likely");
  const auto of_estimate = [&](const char* key) {
    const bool known =
        std::any_of(keys.keys.begin(), keys.keys.end(), [&](const Key& each) { return each.name == key; });
    return known ? table.at(key) : nullptr;
  };
  figure.limits = of_estimate("limits");
  figure.error = of_estimate("error");
  figure.confidence = of_estimate("confidence");
  figure.scale = of_estimate("scale");
  figure.cut = of_estimate("cut");
  figure.where = cell ? nullptr : table.at("where");
  figure.from = cell ? nullptr : table.at("from");
  bool complete = sound;
  if (!cell && !figure.value && !figure.range) {
    reading.problem(member.where, fmt::format("'{}' has neither value nor range", member.name), "",
                    "add value = \"...\" or range = \"... to ...\"");
    complete = false;
  }
  if (figure.value && figure.range) {
    reading.problem(table.find("range")->where, fmt::format("'{}' has both value and range", member.name),
                    "which of the two is meant?", "keep one", {{table.find("value")->where, "the value is here"}});
    complete = false;
  }
  if (figure.likely && figure.value) {
    reading.problem(table.find("likely")->where, fmt::format("'{}' has a likeliest value but no range", member.name),
                    "", "write range = \"... to ...\" in place of value");
    complete = false;
  }
  complete = check_estimate_keys(reading, figure, table) && complete;
  const auto kind = kind_of_source(reading, table, member, keys);
  if (!kind) return std::nullopt;
  if (figure.is_estimate() && *kind == FigureSource::Kind::choice) {
    const char* key = figure.limits ? "limits" : "error";
    reading.problem(table.find(key)->where, fmt::format("'{}' is chosen and has {}", member.name, key),
                    "what is ours to decide has one value", "write evidence or assumption in place of choice");
    complete = false;
  }
  if (!cell && *kind == FigureSource::Kind::assumption && figure.value && !figure.range && !figure.is_estimate()) {
    reading.problem(table.find("value")->where, fmt::format("'{}' is assumed as a single value", member.name),
                    "what is printed nowhere is not known to the digit",
                    "give a range = \"... to ...\"; if it is ours to decide, write choice in place of assumption");
    complete = false;
  }
  if (!cell && *kind == FigureSource::Kind::choice && figure.range) {
    reading.problem(table.find("range")->where, fmt::format("'{}' is chosen as a range", member.name),
                    "what is ours to decide has one value", "give a value, or write assumption in place of choice");
    complete = false;
  }
  FigureSource& source = figure.source;
  source.name = name;
  source.label = Reading::text_at(table, "label");
  source.kind = *kind;
  source.note = Reading::text_at(table, "note");
  source.line = member.where.line;
  if (*kind == FigureSource::Kind::evidence) {
    source.evidence = reading.evidence_at(table);
    if (source.evidence.size() != Reading::texts_at(table, "evidence").size()) source.evidence.clear();  // reported
  } else {
    source.reason = Reading::text_at(table, *kind == FigureSource::Kind::choice ? "choice" : "assumption");
  }
  if (!complete) return std::nullopt;
  return figure;
}

void hold_against_evidence(const Reading& reading, const Node& node, const std::vector<std::string>& ids) {
  if (ids.empty()) return;  // unknown ones have been reported
  const std::string text = as_written(node);
  const PrintedFigure figure = printed_figure(text);
  for (const PrintedAmount& amount : figure.amounts) {
    Stands stands = Stands::no;
    std::vector<std::string> printed, units;
    for (const std::string& id : ids) {
      const EvidenceRecord* record = reading.evidence.find(id);
      if (!record) return;  // reported already
      const Stands here = stands_in(*record, figure, amount);
      stands = std::max(stands, here);
      printed.push_back(fmt::format("{} prints \"{}\"", id, record->row.printed));
      if (here == Stands::in_another_unit) units.push_back(fmt::format("{} has the unit \"{}\"", id, record->row.unit));
    }
    if (stands == Stands::yes) continue;
    if (stands == Stands::in_another_unit)
      return reading.problem(node.where, fmt::format("'{}' is not in the unit of its evidence", text), listed(units),
                             "write it in that unit, as printed: desist converts it");
    return reading.problem(
        node.where, fmt::format("'{}' is not what its evidence prints", text), listed(printed),
        "copy the figure as printed, or name the row that prints it; a figure of yours takes the place of "
        "evidence by choice = \"why\" if it is yours to decide, or by range = \"... to ...\" and "
        "assumption = \"why\" if it is printed nowhere");
  }
}

std::optional<MeasuredFigure> measure(const Reading& reading, const SourcedFigure& figure, const Unit& unit,
                                      const Range& allowed) {
  const Node& node = figure.range ? *figure.range : *figure.value;
  const std::string key(figure.range ? "range" : "value");
  if (node.kind != Node::Kind::text && node.kind != Node::Kind::number) {
    reading.problem(node.where, fmt::format("'{}' takes a figure, not {}", figure.name, in_words(node.kind)), "",
                    fmt::format("write it like \"{}\"", shown_value(8, unit)));
    return std::nullopt;
  }
  if (node.kind == Node::Kind::number && !std::isfinite(node.number)) {
    reading.problem(node.where, fmt::format("'{}' is not a finite number", node.text), "", "give a number");
    return std::nullopt;
  }
  const auto read = read_quantity(as_written(node), unit);
  if (const auto* wrong = std::get_if<QuantityProblem>(&read)) {
    reading.problem(node.where, wrong->problem, "", wrong->cure);
    return std::nullopt;
  }
  MeasuredFigure measured{std::get<Quantity>(read), FixedLaw{}, ""};
  const Quantity& quantity = measured.quantity;
  if (!std::isfinite(quantity.low) || !std::isfinite(quantity.high)) {
    reading.problem(node.where, fmt::format("'{}' is not a finite number", as_written(node)), "", "give a number");
    return std::nullopt;
  }
  if (quantity.low > quantity.high) {
    reading.problem(node.where, fmt::format("the range '{}' runs downwards", as_written(node)), "",
                    "put the lower end first");
    return std::nullopt;
  }
  if (figure.range && !quantity.is_range()) {
    reading.problem(node.where, fmt::format("the range '{}' has one value", as_written(node)), "",
                    "write \"6 to 8 weeks\", or value in place of range");
    return std::nullopt;
  }
  if (!figure.range && quantity.is_range()) {
    reading.problem(node.where, fmt::format("the value '{}' is a range", as_written(node)), "",
                    "write range in place of value");
    return std::nullopt;
  }
  if (quantity.low < allowed.low || quantity.high > allowed.high) {
    reading.problem(node.where, fmt::format("'{}' can't be {}", figure.name, as_written(node)),
                    std::isinf(allowed.high) ? fmt::format("it is at least {}", shown_value(allowed.low, unit))
                                             : fmt::format("it lies between {} and {}", shown_value(allowed.low, unit),
                                                           shown_value(allowed.high, unit)),
                    quantity.low < allowed.low ? fmt::format("write {} or more", shown_value(allowed.low, unit))
                                               : fmt::format("write {} or less", shown_value(allowed.high, unit)));
    return std::nullopt;
  }
  if (figure.source.kind == FigureSource::Kind::evidence) hold_against_evidence(reading, node, figure.source.evidence);

  if (figure.is_estimate()) {
    const auto estimate = read_estimate(reading, figure, quantity, unit, allowed);
    if (!estimate) return std::nullopt;
    measured.law = estimate->law;
    measured.spread = estimate->spread;
    measured.quantity.printed = printed_estimate(figure);
    return measured;
  }
  if (quantity.fraction) {
    measured.law = CountLaw{quantity.fraction->count, quantity.fraction->of};
  } else if (figure.likely) {
    const auto likely = read_quantity(as_written(*figure.likely), unit);
    if (const auto* wrong = std::get_if<QuantityProblem>(&likely)) {
      reading.problem(figure.likely->where, wrong->problem, "", wrong->cure);
      return std::nullopt;
    }
    const Quantity& peak = std::get<Quantity>(likely);
    if (peak.is_range() || peak.low < quantity.low || peak.low > quantity.high) {
      reading.problem(figure.likely->where,
                      fmt::format("the likeliest value '{}' is not inside the range", as_written(*figure.likely)),
                      fmt::format("the range is '{}'", as_written(node)),
                      "write one value inside it, or widen the range");
      return std::nullopt;
    }
    measured.law = TriangularLaw{quantity.low, peak.low, quantity.high};
  } else if (quantity.is_range()) {
    measured.law = UniformLaw{quantity.low, quantity.high};
  } else {
    measured.law = FixedLaw{quantity.low};
  }
  measured.spread = spread_of(quantity, measured.law, figure.source.kind, unit);
  return measured;
}

bool is_label_alone(const Node& figure) {
  return figure.kind == Node::Kind::table &&
         std::all_of(figure.members.begin(), figure.members.end(),
                     [](const Member& m) { return m.name == "label" || m.name == "note" || m.name == "is"; });
}

const Node* label_alone(const Node* figures, std::string_view name) {
  const Node* figure = figures && figures->kind == Node::Kind::table ? figures->at(name) : nullptr;
  return figure && is_label_alone(*figure) ? figure : nullptr;
}

void note_source(Reading& reading, const SourcedFigure& figure, const std::string& printed, const std::string& spread) {
  FigureSource source = figure.source;
  source.printed = printed;
  source.spread = spread;
  reading.text.sources.push_back(std::move(source));
}

}  // namespace desist
