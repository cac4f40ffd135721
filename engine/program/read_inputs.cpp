// The figures of an appraisal: each reads its unit from its own text, and is a parameter like those of a model.
#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/appraisal_reading.hpp"

namespace desist {
namespace {

constexpr Range any_value{-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};

Law scaled(const Law& law, double by) {
  if (const auto* fixed = std::get_if<FixedLaw>(&law)) return FixedLaw{fixed->value * by};
  if (const auto* range = std::get_if<UniformLaw>(&law)) return UniformLaw{range->low * by, range->high * by};
  if (const auto* peak = std::get_if<TriangularLaw>(&law))
    return TriangularLaw{peak->low * by, peak->likely * by, peak->high * by};
  if (const auto* estimate = std::get_if<EstimateLaw>(&law)) return estimate->scaled(by);
  return law;
}

constexpr std::size_t longest_input_name = 80;

bool is_formula_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

// A copy of a figure's text without what it is per, at the same place.
Node stripped(const Node& node, std::string text) {
  Node plain;
  plain.kind = Node::Kind::text;
  plain.where = node.where;
  plain.text = std::move(text);
  return plain;
}

// "35", "20 to 40": no unit, no sign of a share.
bool is_bare(std::string_view printed) {
  std::string rest;
  for (const std::string& word : split(std::string(printed), ' '))
    if (word != "to") rest += word;
  return !rest.empty() && rest.find_first_not_of("0123456789.,-") == std::string::npos;
}

// "20% to 40%".
std::string with_percent(std::string_view printed) {
  std::string text;
  for (const std::string& word : split(std::string(printed), ' '))
    text += (text.empty() ? "" : " ") + (word == "to" ? word : word + "%");
  return text;
}

double greatest_of(const Law& law) {
  if (const auto* fixed = std::get_if<FixedLaw>(&law)) return fixed->value;
  if (const auto* range = std::get_if<UniformLaw>(&law)) return range->high;
  if (const auto* peak = std::get_if<TriangularLaw>(&law)) return peak->high;
  return 0;
}

// The table of a figure without the keys that are for inputs alone: the rest is read as any figure's.
Member without(const Member& member, std::initializer_list<std::string_view> keys) {
  Member plain = member;
  std::erase_if(plain.value.members,
                [&](const Member& each) { return std::find(keys.begin(), keys.end(), each.name) != keys.end(); });
  return plain;
}

}  // namespace

std::optional<std::size_t> AppraisalInputs::named(std::string_view name) const {
  for (std::size_t i = 0; i < all_.size(); ++i)
    if (all_[i].name == name) return i;
  return std::nullopt;
}

std::vector<std::string> AppraisalInputs::names() const {
  std::vector<std::string> names;
  for (const AppraisalFigure& each : all_) names.push_back(each.name);
  return names;
}

std::vector<std::size_t> AppraisalInputs::slots(std::size_t input, std::size_t arms) const {
  std::vector<std::size_t> slots(arms, all_[input].slot);
  for (const OfArm& each : of_arms_)
    if (each.input == input && each.arm < arms) slots[each.arm] = each.slot;
  return slots;
}

bool AppraisalInputs::is_only_labelled(const Member& member) {
  return is_label_alone(member.value) && !member.value.members.empty();
}

const Node* AppraisalInputs::label_of(std::string_view name) const { return label_alone(r_.root.at("inputs"), name); }

bool AppraisalInputs::may_be_named(const Member& member) const {
  if (!is_formula_name(member.name)) {
    r_.problem(member.where, fmt::format("'{}' can't be the name of an input", member.name), "formulas name it",
               "a name has letters, digits and _ only, and begins with a letter");
    return false;
  }
  if (member.name.size() > longest_input_name) {
    r_.problem(member.where, fmt::format("the name of an input has {} letters", member.name.size()),
               fmt::format("{} are the most", longest_input_name), "shorten it: its label may be long");
    return false;
  }
  if (!r_.model) return true;
  const auto taken = [&](const auto& fields, std::string_view what) {
    if (std::none_of(fields.begin(), fields.end(), [&](const auto& f) { return f.name == member.name; })) return false;
    r_.problem(member.where, fmt::format("'{}' is {} of model '{}'", member.name, what, r_.model->info.name),
               "a name means one thing", "give the input another name");
    return true;
  };
  return !taken(r_.model->parameters, "a parameter") && !taken(r_.model->outcomes, "an outcome");
}

void AppraisalInputs::read() {
  const Member* section_member = r_.root.find("inputs");
  if (!section_member) return;
  if (section_member->value.kind != Node::Kind::table)
    return r_.problem(section_member->where, "'inputs' is not a table", "", "write [inputs], then a line for each");
  for (const Member& member : section_member->value.members) {
    if (r_.misplaced(member, section_member->value, "[inputs]")) continue;
    if (may_be_named(member)) read_one(member);
  }
}

void AppraisalInputs::read_one(const Member& member) {
  const std::string shown = fmt::format("[inputs.{}]", member.name);
  if (is_only_labelled(member)) {  // a posterior sets it
    r_.check(member.value, input_keys(), shown);
    return;
  }
  AppraisalFigure input;
  input.name = member.name;
  input.at = member.where;
  if (member.value.kind == Node::Kind::table) {
    input.is_multiplier = Reading::text_at(member.value, "is") == "recorded_to_actual";
    input.is_asked = Reading::text_at(member.value, "is") == "question";
    if (const Node* of = member.value.at("parameter")) {
      if (r_.check(member.value, input_keys(), shown)) read_parameter(member, *of, std::move(input));
      return;
    }
    if (const Node* id = member.value.at("unit_cost")) {
      if (!r_.check(member.value, input_keys(), shown)) return;
      const UnitCost* cost = tables_.unit_cost(trimmed(id->text));
      if (!cost && tables_.has_wrong_row(trimmed(id->text))) return;  // said already
      if (!cost)
        return r_.problem(
            id->where, fmt::format("no unit cost is called '{}'", id->text),
            tables_.unit_cost_ids().empty() ? "there is no unit_costs.csv in the folder evidence" : "",
            tables_.unit_cost_ids().empty()
                ? "give value or range with its source, or name a table of your own: data = [\"costs.csv\"]"
                : spelling_cure(id->text, tables_.unit_cost_ids(), "unit_costs.csv has"));
      return read_unit_cost(member, *cost, std::move(input));
    }
  }
  const auto figure = read_figure(r_, member, member.name, shown, input_keys());
  if (!figure) return;
  const auto own = measure_own(*figure);
  if (!own) return;
  input.label = figure->source.label.empty() ? with_blanks(member.name) : figure->source.label;
  input.dimension = own->unit.dimension;
  input.words = own->unit.words;
  input.factor = own->unit.factor;
  if (!price(member.value, input, Reading::text_at(member.value, "prices"), member.where)) return;
  if (input.is_asked && !is_uncertain(own->measured.law))
    return r_.problem(member.where, fmt::format("'{}' is a question, and has one value", member.name),
                      "what is asked is over which range it pays", "write a range, or take is = \"question\" out");
  input.slot = spec_.parameters.size();
  SourcedFigure labelled = *figure;
  labelled.source.label = input.label;
  spec_.parameters.push_back({input.name, input.label, input.words, own->measured.law});
  note_source(r_, labelled, own->printed, own->measured.spread);
  all_.push_back(std::move(input));
}

// A value, range or count with the unit that its own text gives.
std::optional<AppraisalInputs::OwnFigure> AppraisalInputs::measure_own(const SourcedFigure& figure) const {
  const Node& node = figure.range ? *figure.range : *figure.value;
  if (node.kind != Node::Kind::text && node.kind != Node::Kind::number) {
    r_.problem(node.where, fmt::format("'{}' takes a figure, not {}", figure.name, in_words(node.kind)), "",
               "write it like \"£320 per person\"");
    return std::nullopt;
  }
  const auto unit = read_input_unit(as_written(node));
  if (const auto* wrong = std::get_if<QuantityProblem>(&unit)) {
    r_.problem(node.where, wrong->problem, "", wrong->cure);
    return std::nullopt;
  }
  OwnFigure own{std::get<InputUnit>(unit), {}, as_written(node)};
  const Node plain = stripped(node, own.unit.text);
  Node likely;
  SourcedFigure simple = figure;
  (figure.range ? simple.range : simple.value) = &plain;
  if (figure.likely) {
    const auto peak = read_input_unit(as_written(*figure.likely));
    const auto* read = std::get_if<InputUnit>(&peak);
    likely = stripped(*figure.likely, read ? read->text : as_written(*figure.likely));
    simple.likely = &likely;
  }
  Node limits, error;
  if (!strip_like(own.unit, own.printed, simple.limits, limits) ||
      !strip_like(own.unit, own.printed, simple.error, error))
    return std::nullopt;
  auto measured = measure(r_, simple, own.unit.unit, any_value);
  if (!measured) return std::nullopt;
  own.measured = std::move(*measured);
  if (figure.is_estimate()) {
    own.printed = printed_estimate(figure);
    if (as_written(*figure.scale) == "ratio") return own;  // it says itself that it multiplies
  }
  if (is_bare(as_written(node)) && own.unit.words.empty() && greatest_of(own.measured.law) > 1 &&
      !is_factor(figure.name)) {
    r_.problem(node.where, fmt::format("'{}' is {}, a plain number above 1", figure.name, own.printed),
               "a share is written with %, and what is counted has a unit: nothing else tells 35 times from 35%",
               fmt::format("write \"{}\" if it is a share, or what it counts, \"{} people\"; a number that multiplies "
                           "has is = \"factor\" in [inputs]",
                           with_percent(own.printed), own.printed));
    return std::nullopt;
  }
  return own;
}

// Takes what it is per out of the text of limits or an error, which has the unit of its value.
bool AppraisalInputs::strip_like(const InputUnit& unit, const std::string& value, const Node*& place,
                                 Node& plain) const {
  if (!place) return true;
  if (place->kind != Node::Kind::text && place->kind != Node::Kind::number) {
    r_.problem(place->where, fmt::format("limits and errors are figures, not {}", in_words(place->kind)), "",
               fmt::format("write them as the value, \"{}\"", value));
    return false;
  }
  const auto read = read_input_unit(as_written(*place));
  const auto* its = std::get_if<InputUnit>(&read);
  if (!its || !(its->dimension == unit.dimension) || its->factor != unit.factor) {
    r_.problem(place->where, fmt::format("'{}' is not in the unit of the value", as_written(*place)),
               fmt::format("the value is '{}'", value), "write it as the value is, with what it is per");
    return false;
  }
  plain = stripped(*place, its->text);
  place = &plain;
  return true;
}

// Said to multiply: by `is`, or as an elasticity.
bool AppraisalInputs::is_factor(std::string_view name) const {
  name.remove_prefix(name.rfind('.') + 1);  // an arm's own: "course.reach"
  const Node *inputs = r_.root.at("inputs"), *appraisal = r_.root.at("appraisal");
  const Node* own = inputs && inputs->kind == Node::Kind::table ? inputs->at(name) : nullptr;
  const std::string is = own && own->kind == Node::Kind::table ? Reading::text_at(*own, "is") : "";
  const bool is_said = is == "recorded_to_actual" || is == "factor";
  return is_said || (appraisal && Reading::text_at(*appraisal, "income_elasticity") == name);
}

// Money has a price year, and what has none can't be converted.
bool AppraisalInputs::price(const Node& table, AppraisalFigure& input, std::string year, SourceSpan where) {
  const Node* given = table.kind == Node::Kind::table ? table.at("prices") : nullptr;
  if (input.dimension.money_power() == 0) {
    if (!given) return true;
    r_.problem(given->where, fmt::format("'{}' is no money", input.name), fmt::format("it is {}", input.words),
               "write £ before its amount, or take `prices` out");
    return false;
  }
  if (year.empty()) {
    r_.problem(where, fmt::format("'{}' is money without a price year", input.name),
               "pounds of different years can't be added up", "add prices = \"2024/25\"");
    return false;
  }
  if (!is_price_year(year)) {
    r_.problem(given ? given->where : where, fmt::format("'{}' is not a price year", year), "",
               "write a financial year like \"2024/25\", or a calendar year like \"2024\"");
    return false;
  }
  input.prices = year;
  if (prices_.empty()) return true;  // the base is wrong: said already
  const auto conversion = tables_.conversion(year, prices_);
  if (!conversion && is_base_unknown_) return false;
  if (!conversion) {
    is_base_unknown_ = !tables_.covers(prices_);
    r_.problem(given ? given->where : where,
               fmt::format("prices of {} can't be turned into those of {}", year, prices_),
               tables_.deflators().empty()
                   ? "there is no deflators.csv"
                   : fmt::format("deflators.csv goes from {} to {}", tables_.deflators().begin()->first,
                                 tables_.deflators().rbegin()->first),
               "add the year to deflators.csv in the folder evidence beside the experiment");
    return false;
  }
  for (int power = input.dimension.money_power(); power != 0; power -= power > 0 ? 1 : -1)
    input.factor = power > 0 ? input.factor * conversion->factor : input.factor / conversion->factor;
  return true;
}

void AppraisalInputs::note_unit_cost(const UnitCost& cost) {
  auto& rows = r_.text.evidence;
  if (std::any_of(rows.begin(), rows.end(), [&](const EvidenceRow& row) { return row.id == cost.id; })) return;
  spec_.add_to_digest(cost.cells);
  EvidenceRow row;
  row.id = cost.id;
  row.quantity = cost.label;
  row.period = fmt::format("{} prices", cost.price_year);
  row.printed = fmt::format("£{} per {}", cost.value_printed, cost.per);
  row.unit = fmt::format("£ per {}", cost.per);
  row.source = cost.source;
  row.place = cost.place;
  row.note = cost.note;
  row.verification = cost.verification;
  rows.push_back(std::move(row));
}

namespace {

// "£ per abuse offence" is £ per offence, of some offences: the cost of the kind may stand for them.
bool is_of_the_kind(const Dimension& own, const Dimension& row) {
  if (own.powers().size() != row.powers().size()) return false;
  return std::all_of(own.powers().begin(), own.powers().end(), [&](const auto& power) {
    return std::any_of(row.powers().begin(), row.powers().end(), [&](const auto& of_row) {
      return power.second == of_row.second &&
             (power.first == of_row.first || power.first.ends_with(" " + of_row.first));
    });
  });
}

}  // namespace

void AppraisalInputs::read_unit_cost(const Member& member, const UnitCost& cost, AppraisalFigure input) {
  const Node& table = member.value;
  const Node& id = *table.at("unit_cost");
  const bool own_range = table.find("range") != nullptr;
  for (const std::string_view key : {"value", "limits", "error", "evidence", "choice"})
    if (const Member* other = table.find(key))
      return r_.problem(other->where, fmt::format("'{}' has {} and unit_cost", member.name, key),
                        "the row of unit_costs.csv is the source",
                        "keep one; beside unit_cost a range of your own may stand, with an assumption",
                        {{id.where, "the unit cost is here"}});
  if (!own_range && (table.find("assumption") || table.find("likely") || table.find("prices")))
    return r_.problem(member.where, fmt::format("'{}' has no range of its own", member.name),
                      "value, price year and source come with the unit cost",
                      "add range = \"... to ...\", or take the rest out");
  if (!own_range && !cost.value)
    return r_.problem(id.where, fmt::format("unit cost '{}' has no value", cost.id),
                      cost.verification.empty() ? "" : fmt::format("it is marked {}", cost.verification),
                      "add a range of your own with its assumption: range = \"... to ...\", assumption = \"...\"");
  if (!own_range && !cost.is_verified())
    return r_.problem(id.where, fmt::format("unit cost '{}' is {}", cost.id, cost.verification),
                      "nobody has read it in its source",
                      "add a range around it and why: range = \"... to ...\", assumption = \"...\"");
  const auto unit = read_input_unit(fmt::format("£{} per {}", cost.value ? cost.value_printed : "1", cost.per));
  const auto* of_row = std::get_if<InputUnit>(&unit);
  if (!of_row)
    return r_.problem(id.where, fmt::format("unit cost '{}' can't be used", cost.id),
                      std::get<QuantityProblem>(unit).problem, "mend its row in unit_costs.csv");
  input.label = Reading::text_at(table, "label");
  if (input.label.empty()) input.label = cost.label;
  input.parts = cost.contains;
  input.is_unverified = !cost.is_verified();
  input.dimension = of_row->dimension;
  input.words = of_row->words;
  input.factor = of_row->factor;
  SourcedFigure figure;
  figure.name = member.name;
  figure.at = member.where;
  figure.source.name = member.name;
  figure.source.label = input.label;
  figure.source.note = Reading::text_at(table, "note");
  figure.source.line = member.where.line;
  figure.source.evidence = {cost.id};
  std::string year = cost.price_year, printed = fmt::format("£{} per {}", cost.value_printed, cost.per), spread;
  Law law;
  if (own_range) {
    const Member plain = without(member, {"unit_cost", "prices", "is"});  // the figure points into it
    const auto given = read_figure(r_, plain, member.name, fmt::format("[inputs.{}]", member.name), input_keys());
    const auto own = given ? measure_own(*given) : std::nullopt;
    if (!own) return;
    if (!is_of_the_kind(own->unit.dimension, of_row->dimension))
      return r_.problem(table.at("range")->where, fmt::format("'{}' is {}", own->printed, own->unit.words),
                        fmt::format("unit cost '{}' is {}", cost.id, of_row->words), "write the range in its unit");
    law = own->measured.law;
    spread = own->measured.spread;
    printed = own->printed;
    input.dimension = own->unit.dimension;
    input.words = own->unit.words;
    input.factor = own->unit.factor;
    figure.source.kind = FigureSource::Kind::assumption;
    figure.source.reason = given->source.reason;
    if (table.find("prices")) year = Reading::text_at(table, "prices");
  } else if (cost.low && *cost.low < *cost.high) {
    law = TriangularLaw{*cost.low, *cost.value, *cost.high};
    spread = fmt::format("likeliest at £{}, less likely towards £{} and £{}", cost.value_printed, shortest(*cost.low),
                         shortest(*cost.high));
  } else {
    law = FixedLaw{*cost.value};
    spread = "taken as printed";
  }
  if (!price(table, input, year, id.where)) return;
  note_unit_cost(cost);
  input.slot = spec_.parameters.size();
  spec_.parameters.push_back({input.name, input.label, input.words, law});
  note_source(r_, figure, printed, spread);
  all_.push_back(std::move(input));
}

bool AppraisalInputs::take_posterior(const Member& member, const std::string& unit, const Law& law) {
  if (!may_be_named(member)) return false;
  if (const auto before = named(member.name)) {
    r_.problem(member.where, fmt::format("'{}' is given twice", member.name), "", "keep one",
               {{all_[*before].at, "the other is here"}});
    return false;
  }
  const DeclaredDimension declared = dimension_of(Unit::parse(unit.empty() ? "1" : unit));
  AppraisalFigure input;
  input.name = member.name;
  input.at = member.where;
  const Node* labels = label_of(member.name);
  input.label = labels ? Reading::text_at(*labels, "label") : "";
  if (input.label.empty()) input.label = with_blanks(member.name);
  if (labels) input.is_multiplier = Reading::text_at(*labels, "is") == "recorded_to_actual";
  input.dimension = declared.dimension;
  input.factor = declared.factor;
  input.words = unit == "share" ? "share" : declared.dimension.empty() ? "" : declared.dimension.in_words();
  if (input.dimension.money_power() != 0) {
    r_.problem(member.where, fmt::format("'{}' is money without a price year", member.name),
               "a posterior doesn't know of which year its pounds are", "let a figure of [inputs] hold it");
    return false;
  }
  input.slot = spec_.parameters.size();
  spec_.parameters.push_back({input.name, input.label, unit, law});
  all_.push_back(std::move(input));
  return true;
}

std::optional<ArmInput> AppraisalInputs::read_for_arm(std::size_t index, const Member& member, const std::string& name,
                                                      const std::string& shown) {
  const AppraisalFigure& input = all_[index];
  if (input.field) {
    r_.problem(member.where, fmt::format("an arm can't set '{}'", input.name),
               fmt::format("it is the model's '{}'", r_.model->parameters[*input.field].name), "set that");
    return std::nullopt;
  }
  for (const std::string_view key : {"unit_cost", "is", "parameter"})
    if (const Member* wrong = member.value.kind == Node::Kind::table ? member.value.find(key) : nullptr) {
      r_.problem(wrong->where, fmt::format("an arm's '{}' takes no {}", member.name, key), "that is for [inputs]",
                 "give a value or a range");
      return std::nullopt;
    }
  auto figure = read_figure(r_, member, name, shown, input_keys());
  const auto own = figure ? measure_own(*figure) : std::nullopt;
  if (!own) return std::nullopt;
  if (!(own->unit.dimension == input.dimension)) {
    r_.problem((figure->range ? figure->range : figure->value)->where,
               fmt::format("'{}' is {}", own->printed, own->unit.dimension.in_words()),
               fmt::format("'{}' is {} in [inputs]", input.name, input.dimension.in_words()), "write it in that unit");
    return std::nullopt;
  }
  AppraisalFigure priced = input;
  priced.factor = own->unit.factor;
  if (!price(member.value, priced, member.value.at("prices") ? Reading::text_at(member.value, "prices") : input.prices,
             member.where))
    return std::nullopt;
  if (figure->source.label.empty()) figure->source.label = input.label;
  ArmInput arm{spec_.parameters.size(), fmt::format("{} {}", input.name, own->printed)};
  spec_.parameters.push_back(
      {name, figure->source.label, input.words, scaled(own->measured.law, priced.factor / input.factor)});
  note_source(r_, *figure, own->printed, own->measured.spread);
  return arm;
}

}  // namespace desist
