// Placebos: the programme that does nothing, the box of what no table tells, and the falls that were printed.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/limits.hpp"
#include "engine/core/text.hpp"
#include "engine/program/figure.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

constexpr double fewest_futures = 50, most_futures = 65536;
constexpr std::size_t most_points_of_box = 400;
constexpr double most_printed = 1e300;  // of a figure: any

/// What no model has as a parameter: how much of what happens is seen after, over how much was before.
constexpr std::string_view seen_after_name = "seen after in 100";
const ParameterField& seen_after_field() {
  static const ParameterField field = [] {
    ParameterField made;
    made.name = "seen_after";
    made.unit = Unit::parse("share");
    made.range = {0.01, 10};
    return made;
  }();
  return field;
}

/// The keys of a printed figure: no items, no dates.
const Section& printed_keys() {
  static const Section keys = [] {
    Section section = figure_keys();
    std::erase_if(section.keys, [](const Key& key) {
      return key.name == "where" || key.name == "from" || key.name == "likely" || key.name == "label" ||
             is_of_estimate(key.name);
    });
    return section;
  }();
  return keys;
}

class PlaceboReader {
 public:
  PlaceboReader(Reading& reading, ExperimentSpec& spec) : r_(reading), spec_(spec) {}

  void read() {
    const Section& keys = section("placebo");
    const auto tables = r_.tables_of(keys);
    const Member* null = r_.root.find("null_programme");
    if (tables.empty()) {
      for (const char* name : {"null_programme", "unknown", "part"})
        if (const Member* alone = r_.root.find(name); alone && !r_.root.find("placebo"))
          r_.problem(alone->where, fmt::format("'{}' without a placebo", name), "no fall is held against it",
                     "add a [[placebo]]");
      return;
    }
    for (std::size_t i = 0; i < tables.size(); ++i)
      if (r_.check(*tables[i], keys, shown_item(keys, *tables[i], i)))
        placebo(*tables[i], shown_item(keys, *tables[i], i));
    are_sound_ = placebos_.size() == tables.size();
    if (are_sound_) parts();
    if (!null)
      return r_.problem(tables.front()->where, "a placebo without a null programme",
                        "what a programme that does nothing shows is not said anywhere",
                        "add [null_programme], and below it: arms = [\"no_effect\"]");
    if (null->value.kind != Node::Kind::table)
      return r_.problem(null->where, "'null_programme' is not a table", "",
                        "write [null_programme], and below it: arms = [\"no_effect\"]");
    if (!r_.check(null->value, section("null_programme"), "[null_programme]")) return;
    programme_.arms = arms_at(r_, spec_, null->value, "arms");
    if (programme_.arms.empty()) return;
    if (const Node* futures = null->value.at("futures")) {
      if (!r_.is_within(*futures, "futures", fewest_futures, most_futures)) return;
      programme_.futures = static_cast<std::uint64_t>(futures->number);
    }
    unknowns();
    match(null->value);
    check_people_of_parts(*null);
    const std::size_t points = count_points(programme_);
    if (points > most_points_of_box)
      r_.problem(
          null->where, fmt::format("the box has {} points", whole_number(static_cast<double>(points))),
          fmt::format("each is simulated {} times: {} points are the most", programme_.futures, most_points_of_box),
          "give unknowns fewer levels, or vary them in fewer arms: in = [\"...\"]");
    if (!are_sound_ || programme_.unknowns.size() < r_.tables_of(section("unknown")).size()) return;  // reported
    spec_.null_programme = programme_;
    spec_.placebos = placebos_;
    for (const std::size_t arm : programme_.arms) note_draws(arm);
  }

 private:
  // What an arm draws from ranges, of which the box holds no level: bands are averaged over it, and a reader has to
  // know.
  void note_draws(std::size_t arm) {
    std::vector<std::string>& noted = spec_.text.null_draws;
    const auto& fields = spec_.arms[arm].layout.fields;
    for (std::size_t field = 0; field < fields.size(); ++field)
      for (const Piece& piece : fields[field].pieces) {
        const Parameter& parameter = spec_.parameters[piece.slot];
        const bool is_level =
            std::any_of(programme_.unknowns.begin(), programme_.unknowns.end(), [&](const NullUnknown& unknown) {
              return unknown.field == field && (unknown.items.empty() || unknown.items == piece.items) &&
                     std::find(unknown.arms.begin(), unknown.arms.end(), arm) != unknown.arms.end();
            });
        const bool is_matched = programme_.match && programme_.match->parameter == piece.slot;
        const ParameterField& declared = r_.model->parameters[field];
        const std::string label =
            parameter.label == declared.help ? with_blanks(declared.name) : lower_first(parameter.label);
        const bool is_known = std::find(noted.begin(), noted.end(), label) != noted.end();
        if (is_uncertain(parameter.law) && !is_level && !is_matched && !is_known) noted.push_back(label);
      }
  }

  // --- the falls ---

  const OutcomeField& field_of(const NamedOutcome& outcome) const {
    return *std::find_if(r_.model->outcomes.begin(), r_.model->outcomes.end(),
                         [&](const OutcomeField& o) { return o.name == outcome.outcome; });
  }

  std::optional<NamedOutcome> outcome_at(const Node& table, const char* key) const {
    const auto outcome = read_outcome_name(r_, spec_, Reading::text_at(table, key), table.at(key)->where);
    if (!outcome || field_of(*outcome).kind == OutcomeField::Kind::amount) return outcome;
    r_.problem(table.at(key)->where, fmt::format("'{}' is no amount", outcome->outcome),
               "a fall is of two amounts, such as offences", "name an amount");
    return std::nullopt;
  }

  std::optional<double> time_at(const Node& table, const char* key) const {
    const Node& node = *table.at(key);
    const auto read = read_quantity(as_written(node), Unit::parse("week"));
    if (const auto* wrong = std::get_if<QuantityProblem>(&read)) {
      r_.problem(node.where, wrong->problem, "", wrong->cure);
      return std::nullopt;
    }
    const Quantity& time = std::get<Quantity>(read);
    if (!time.is_range() && time.low > 0) return time.low;
    r_.problem(node.where, fmt::format("'{}' can't be {}", key, as_written(node)),
               "it is one length of time, above zero", "write it like \"6 months\"");
    return std::nullopt;
  }

  void placebo(const Node& table, const std::string& shown) {
    Placebo made;
    made.name = Reading::text_at(table, "name");
    made.label = Reading::text_at(table, "label");
    for (const Placebo& other : placebos_)
      if (other.name == made.name)
        return r_.problem(table.at("name")->where, fmt::format("two placebos are called '{}'", made.name), "",
                          "give each a name of its own");
    if (!fits_a_line(r_, table, "Offences")) return;
    const auto before = outcome_at(table, "before"), after = outcome_at(table, "after");
    if (!before || !after) return;
    const OutcomeField& field = field_of(*before);
    if (!(field.unit == field_of(*after).unit))
      return r_.problem(table.at("after")->where,
                        fmt::format("'{}' can't be held against '{}'", after->outcome, before->outcome),
                        fmt::format("a fall is of two outcomes in one unit; they are in '{}' and '{}'",
                                    field_of(*after).unit.text(), field.unit.text()),
                        fmt::format("name an outcome in the unit '{}'", field.unit.text()));
    if (before->slot == after->slot)
      return r_.problem(table.at("after")->where, fmt::format("'{}' is before and after", after->outcome),
                        "it falls by nothing", "name the outcome of the phase after");
    made.before = before->slot;
    made.after = after->slot;
    if ((table.at("time_before") != nullptr) != (table.at("time_after") != nullptr))
      return r_.problem(table.where, fmt::format("{} has one of time_before and time_after", shown),
                        "counts are made rates by both", "add the other, or take it out");
    if (table.at("time_before")) {
      const auto first = time_at(table, "time_before"), second = time_at(table, "time_after");
      if (!first || !second) return;
      made.time_before = *first;
      made.time_after = *second;
      const auto window = static_cast<double>(spec_.window.whole_weeks());
      if (*first + *second > window + 1)  // months and years are no whole weeks
        return r_.problem(table.at("time_after")->where,
                          fmt::format("{} before and {} after are longer than the window",
                                      as_written(*table.at("time_before")), as_written(*table.at("time_after"))),
                          fmt::format("it has {} weeks: what is counted after would be cut short", shortest(window)),
                          "let [experiment] ends be later");
    }
    PlaceboText text;
    text.before = before->outcome;
    text.after = after->outcome;
    text.unit = field.unit.text();
    if (table.at("time_before"))
      text.times = fmt::format("{} and {}", as_written(*table.at("time_before")), as_written(*table.at("time_after")));
    if (!printed(table, shown, field.unit, made, text)) return;
    placebos_.push_back(std::move(made));
    texts_.push_back(std::move(text));
    places_.push_back(table.where);
  }

  std::optional<MeasuredFigure> figure(const Node& table, const char* key, const std::string& shown,
                                       const std::string& of, const Unit& unit, const Range& allowed,
                                       std::string& written) {
    const Member& member = *table.find(key);
    const auto read = read_figure(r_, member, of + "." + member.name, shown, printed_keys());
    if (!read) return std::nullopt;
    const auto measured = measure(r_, *read, unit, allowed);
    if (!measured) return std::nullopt;
    const Node& node = read->range ? *read->range : *read->value;
    written = as_written(node);
    note_source(r_, *read, written, "what the programme that does nothing is held against");
    return measured;
  }

  /// Both figures, or the ratio, or the fall, or none: then parts are to follow.
  bool printed(const Node& table, const std::string& shown, const Unit& unit, Placebo& made, PlaceboText& text) {
    std::vector<std::string> given;
    for (const char* key : {"printed_before", "printed_after", "printed_ratio", "printed_fall"})
      if (table.at(key)) given.emplace_back(key);
    const bool both = given == std::vector<std::string>{"printed_before", "printed_after"};
    if (!both && given.size() > 0 && (given.size() > 1 || table.at("printed_before") || table.at("printed_after"))) {
      r_.problem(table.where, fmt::format("{} has {}", shown, listed(given)), "a fall is printed in one way",
                 "keep printed_before and printed_after, or printed_ratio, or printed_fall");
      return false;
    }
    if (given.empty()) return true;
    const std::string of = "placebo." + made.name;
    if (both) {
      const auto before = figure(table, "printed_before", shown, of, unit, {0, most_printed}, text.printed_before);
      const auto after = figure(table, "printed_after", shown, of, unit, {0, most_printed}, text.printed_after);
      if (!before || !after) return false;
      for (const char* key : {"printed_before", "printed_after"}) {
        const Quantity& quantity = (key == std::string_view("printed_before") ? before : after)->quantity;
        if (quantity.low > 0) continue;
        r_.problem(table.find(key)->where, fmt::format("'{}' is nothing", key),
                   "a fall from or to nothing has no logarithm", "hold an outcome against it that happened");
        return false;
      }
      made.printed_before = (before->quantity.low + before->quantity.high) / 2;
      made.ratio_low = (after->quantity.low / made.time_after) / (before->quantity.high / made.time_before);
      made.ratio_high = (after->quantity.high / made.time_after) / (before->quantity.low / made.time_before);
      return true;
    }
    const bool fall = given.front() == "printed_fall";
    const auto read =
        figure(table, given.front().c_str(), shown, of, Unit::parse("share"),
               fall ? Range{-most_printed, 1} : Range{0, most_printed}, fall ? text.printed_fall : text.printed_ratio);
    if (!read) return false;
    made.ratio_low = fall ? 1 - read->quantity.high : read->quantity.low;
    made.ratio_high = fall ? 1 - read->quantity.low : read->quantity.high;
    if (made.ratio_low > 0) return true;
    r_.problem(table.find(given.front())->where, fmt::format("'{}' leaves nothing", given.front()),
               "a fall to nothing has no logarithm", "hold an outcome against it that happened");
    return false;
  }

  // --- their parts ---

  bool is_printed(std::size_t placebo) const {
    const PlaceboText& text = texts_[placebo];
    return !text.printed_before.empty() || !text.printed_ratio.empty() || !text.printed_fall.empty();
  }

  std::optional<double> part_figure(const Node& table, const char* key, const Unit& unit,
                                    const std::vector<std::string>& ids) const {
    const Node& node = *table.at(key);
    const auto read = read_quantity(as_written(node), unit);
    if (const auto* wrong = std::get_if<QuantityProblem>(&read)) {
      r_.problem(node.where, wrong->problem, "", wrong->cure);
      return std::nullopt;
    }
    const Quantity& quantity = std::get<Quantity>(read);
    if (quantity.is_range() || !(quantity.low > 0)) {
      r_.problem(node.where, fmt::format("'{}' can't be {}", key, as_written(node)),
                 "a part's figure is one number, above zero", "write it as printed, or take the part out");
      return std::nullopt;
    }
    hold_against_evidence(r_, node, ids);
    return quantity.low;
  }

  void parts() {
    const Section& keys = section("part");
    const auto tables = r_.tables_of(keys);
    std::size_t of = 0;
    while (of < placebos_.size() && is_printed(of)) ++of;
    if (tables.empty() || of == placebos_.size()) {
      if (of < placebos_.size())
        r_.problem(places_[of], fmt::format("placebo '{}' has no printed figures", placebos_[of].name),
                   "there is no fall to hold against anything",
                   "add printed_before and printed_after, printed_ratio or printed_fall, or a [[part]] for each unit");
      else if (!tables.empty() && !placebos_.empty())
        r_.problem(tables.front()->where, "[[part]] belongs to no placebo", "each has printed figures of its own",
                   "take those of one out: its figures are then the sums of the parts");
      return;
    }
    Placebo& placebo = placebos_[of];
    const Unit unit = Unit::parse(texts_[of].unit);
    double before = 0, after = 0;
    for (std::size_t i = 0; i < tables.size(); ++i) {
      const Node& table = *tables[i];
      if (!r_.check(table, keys, shown_item(keys, table, i))) continue;
      const auto ids = r_.evidence_at(table);
      const auto first = part_figure(table, "before", unit, ids), second = part_figure(table, "after", unit, ids);
      const Node* people = table.at("people");
      const auto many = people ? part_figure(table, "people", Unit::parse("person"), ids) : std::nullopt;
      if (!first || !second || (people && !many)) continue;
      const std::string name = Reading::text_at(table, "name");
      FigureSource source;
      source.name = fmt::format("placebo.{}.{}", placebo.name, name);
      source.label = name;
      source.printed =
          fmt::format("{} before, {} after", as_written(*table.at("before")), as_written(*table.at("after")));
      if (people) source.printed += fmt::format(", {}", as_written(*people));
      source.kind = FigureSource::Kind::evidence;
      source.evidence = ids;
      source.spread = "taken as printed, and added to the others";
      source.line = table.where.line;
      r_.text.sources.push_back(std::move(source));
      placebo.parts.push_back({name, *first, *second, many});
      before += *first;
      after += *second;
    }
    if (placebo.parts.size() < tables.size()) return;  // reported
    for (std::size_t i = 1; i < tables.size(); ++i)
      if (placebo.parts[i].people.has_value() != placebo.parts.front().people.has_value())
        return r_.problem(tables[i]->where, "some parts have 'people' and some have not",
                          "each is held against what is expected of its own people, or all against that of all",
                          "give 'people' to each [[part]], or to none");
    placebo.printed_before = before;
    placebo.ratio_low = placebo.ratio_high = (after / placebo.time_after) / (before / placebo.time_before);
    const auto sum = [&](double value) {
      return value == std::floor(value) ? whole_number(value) + " " + unit.in_words(value) : shown_value(value, unit);
    };
    texts_[of].printed_before = sum(before);
    texts_[of].printed_after = sum(after);
    for (std::size_t other = of + 1; other < placebos_.size(); ++other)
      if (!is_printed(other))
        r_.problem(places_[other], fmt::format("placebo '{}' has no printed figures", placebos_[other].name),
                   fmt::format("parts are those of '{}'", placebo.name),
                   "add printed_before and printed_after, printed_ratio or printed_fall");
  }

  /// People of a part ask for its own share, which needs both a share that is counted and something to match.
  void check_people_of_parts(const Member& null) {
    const bool asked = std::any_of(placebos_.begin(), placebos_.end(), [](const Placebo& each) {
      return !each.parts.empty() && each.parts.front().people;
    });
    const bool counted = std::any_of(programme_.unknowns.begin(), programme_.unknowns.end(),
                                     [](const NullUnknown& unknown) { return unknown.is_share_counted; });
    if (!asked || !r_.found.empty() || (programme_.match && counted)) return;
    r_.problem(null.where, "'people' of the parts have no use",
               "each part is matched to its own number before, to say the share of people at which nothing is left",
               programme_.match ? "give an unknown share_counted = true, or take 'people' out"
                                : "add match = \"...\", an uncertain parameter, or take 'people' out");
  }

  // --- the box ---

  void unknowns() {
    const Section& keys = section("unknown");
    r_.each_table(keys, [&](const Node& table, const std::string&) { unknown(table); });
  }

  void unknown(const Node& table) {
    const bool is_of_figures = trimmed(table.at("vary")->text) == seen_after_name;
    const auto level =
        is_of_figures ? NamedLevel{0, 0.01} : read_level_name(r_, *table.at("vary"), "an unknown is one");
    NullUnknown made;
    made.arms = programme_.arms;
    if (table.at("in")) {
      made.arms = arms_at(r_, spec_, table, "in");
      for (const std::size_t arm : made.arms)
        if (std::find(programme_.arms.begin(), programme_.arms.end(), arm) == programme_.arms.end())
          return r_.problem(table.at("in")->where,
                            fmt::format("arm '{}' is not of the null programme", spec_.arms[arm].name),
                            "an unknown is varied where nothing has an effect", "name arms of [null_programme]");
      if (made.arms.empty()) return;
    }
    if (!level) return;
    if (is_of_figures && table.at("where"))
      return r_.problem(table.at("where")->where, fmt::format("'{}' is no parameter of items", seen_after_name),
                        "every figure after is multiplied by it", "take the line out");
    const ParameterField field = is_of_figures ? seen_after_field() : r_.model->parameters[level->field];
    const auto items = is_of_figures ? std::vector<std::size_t>{} : items_at(r_, spec_, table, "vary", level->field);
    const auto levels = levels_at(r_, *table.at("levels"), field, level->per_unit, "an unknown");
    if (!items || !levels) return;
    if (field.varies.in_time && !loses_no_step(r_, spec_, *table.at("vary"), level->field, *items, 0, made.arms))
      return;
    if (!is_of_figures) made.field = level->field;
    for (const NullUnknown& other : programme_.unknowns)
      if (other.field == made.field)
        return r_.problem(table.at("vary")->where, fmt::format("'{}' is an unknown twice", field.name),
                          "one level would hide the other", "keep one");
    made.name = trimmed(table.at("vary")->text);
    made.label = Reading::text_at(table, "label");
    made.items = *items;
    made.from_week = field.varies.in_time ? 0 : -infinity;
    made.per_unit = level->per_unit;
    made.levels = *levels;
    const bool in_100 = made.name.ends_with(" in 100");
    for (const double each : *levels)
      made.level_words.push_back(in_100 ? unrounded(each) + " in 100" : shown_value(each * made.per_unit, field.unit));
    if (const Node* share = table.at("share_counted")) made.is_share_counted = share->truth;
    if (made.is_share_counted && is_of_figures)
      return r_.problem(table.at("share_counted")->where, fmt::format("'{}' is no share of people", made.name),
                        "it is how much is seen of whoever is counted", "take the line out");
    if (made.is_share_counted && (!in_100 || made.levels.front() <= 0))
      return r_.problem(table.at("share_counted")->where, fmt::format("'{}' is no share of people", made.name),
                        "it is a share above zero", "take the line out");
    for (const NullUnknown& other : programme_.unknowns)
      if (other.is_share_counted && made.is_share_counted)
        return r_.problem(table.at("share_counted")->where, "two unknowns are the share counted", "", "keep one");
    note_levels(table, field.name, made);
    programme_.unknowns.push_back(std::move(made));
  }

  void note_levels(const Node& table, const std::string& name, const NullUnknown& made) {
    FigureSource source;
    source.name = "unknown." + name;
    source.label = made.label;
    source.printed = fmt::format("{}", fmt::join(made.level_words, ", "));
    source.kind = FigureSource::Kind::assumption;
    source.reason = Reading::text_at(table, "assumption");
    source.spread = "each level by itself, with all of the others: no weights";
    source.line = table.where.line;
    r_.text.sources.push_back(std::move(source));
  }

  void match(const Node& table) {
    const Node* node = table.at("match");
    if (!node) return;
    const std::string name = Reading::text_at(table, "match");
    std::vector<std::string> known;
    std::optional<std::size_t> slot;
    for (std::size_t p = 0; p < spec_.parameters.size(); ++p) {
      const Law& law = spec_.parameters[p].law;
      if (!is_range(law)) continue;
      known.push_back(spec_.parameters[p].name);
      if (spec_.parameters[p].name == name) slot = p;
    }
    if (!slot)
      return r_.problem(node->where, fmt::format("no uncertain parameter is called '{}'", name),
                        "what is matched is looked for in its range", spelling_cure(name, known, "with a range are"));
    const Law& law = spec_.parameters[*slot].law;
    const LawEnds ends = ends_of(law);
    const NullMatch match{*slot, ends.low, ends.high, name};
    if (!(match.low > 0))
      return r_.problem(node->where, fmt::format("the range of '{}' begins at {}", name, shortest(match.low)),
                        "it is looked for on a logarithmic scale", "give it a range above zero");
    for (const std::size_t arm : programme_.arms) {
      const auto& fields = spec_.arms[arm].layout.fields;
      const auto uses = [&](const FieldLayout& field) {
        return !field.pieces.empty() && field.pieces.back().slot == *slot;
      };
      if (std::none_of(fields.begin(), fields.end(), uses))
        return r_.problem(node->where, fmt::format("arm '{}' doesn't use '{}'", spec_.arms[arm].name, name),
                          "it sets a figure of its own in its place", "take that out of the arm, or match nothing");
    }
    for (const NullUnknown& unknown : programme_.unknowns)
      if (unknown.field && r_.model->parameters[*unknown.field].name == name)
        return r_.problem(node->where, fmt::format("'{}' is matched and an unknown", name),
                          "its levels would hide the value that is found", "keep one");
    if (!are_sound_) return;
    if (!placebos_.front().printed_before)
      return r_.problem(node->where, fmt::format("'{}' has nothing to match", name),
                        fmt::format("of placebo '{}' no figure before is printed", placebos_.front().name),
                        "give the first placebo printed_before and printed_after, or match nothing");
    programme_.match = match;
  }

  Reading& r_;
  ExperimentSpec& spec_;
  NullProgramme programme_;
  std::vector<Placebo> placebos_;
  std::vector<SourceSpan> places_;
  bool are_sound_ = false;  // all placebos
  std::vector<PlaceboText>& texts_ = r_.text.placebo_texts;
};

}  // namespace

void read_placebos(Reading& reading, ExperimentSpec& spec) { PlaceboReader(reading, spec).read(); }

}  // namespace desist
