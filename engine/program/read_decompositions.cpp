// Decompositions: a fall of one outcome to another, shared out among mechanisms that parameters switch off.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/figure.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

constexpr double fewest_draws_of_subsets = 20, most_draws_of_subsets = 65536, most_replicates_of_subsets = 1000;
constexpr double most_kept_of_subsets = 1e8;  // numbers in memory

class DecompositionReader {
 public:
  DecompositionReader(Reading& reading, ExperimentSpec& spec, const Node& table)
      : r_(reading), spec_(spec), table_(table) {}

  void read() {
    asked_.label = Reading::text_at(table_, "label");
    asked_.name = Reading::text_at(table_, "name");
    if (asked_.name.empty()) asked_.name = file_name_of(asked_.label);
    fits_a_line(r_, table_, "Fall");
    for (const Decomposition& other : spec_.decompositions)
      if (other.name == asked_.name)
        r_.problem(table_.where, fmt::format("two decompositions are called '{}'", asked_.name),
                   "results are told apart by it", "give each a name of its own: name = \"...\"");
    const bool named = read_outcomes();
    const bool drawn = read_draws();
    const bool in_arm = read_arm();
    const bool switched = read_switches();
    if (!named || !drawn || !in_arm || !switched || !read_first() || spec_.arms.empty()) return;
    spec_.decompositions.push_back(asked_);
    spec_.text.decomposition_texts.push_back(text_);
  }

 private:
  bool read_outcomes() {
    std::string unit;
    text_ = {};
    const auto slot = [&](const char* key, auto& place) {
      const Node* node = table_.at(key);
      if (!node) return true;
      const auto found = read_outcome_name(r_, spec_, node->text, node->where);
      if (!found) return false;
      const OutcomeField& field = *std::find_if(r_.model->outcomes.begin(), r_.model->outcomes.end(),
                                                [&](const OutcomeField& o) { return o.name == found->outcome; });
      if (field.kind != OutcomeField::Kind::amount) {
        r_.problem(node->where,
                   fmt::format("'{}' is a {}, not an amount", node->text,
                               field.kind == OutcomeField::Kind::chance ? "chance" : "time"),
                   "logarithms of means are taken", "name a count, a rate or an amount");
        return false;
      }
      if (unit.empty()) {
        unit = field.unit.text();
        text_ = {upper_first(without_stop(field.help)), unit, field.unit.in_words(2)};
      }
      if (field.unit.text() != unit) {
        r_.problem(node->where, fmt::format("'{}' is in another unit than 'from'", node->text),
                   "a fall compares what is measured alike", fmt::format("name an outcome in the unit '{}'", unit));
        return false;
      }
      place = found->slot;
      return true;
    };
    const bool from = slot("from", asked_.from), to = slot("to", asked_.to);
    const bool expected = slot("expected_from", asked_.expected_from) && slot("expected_to", asked_.expected_to);
    if ((table_.at("expected_from") == nullptr) != (table_.at("expected_to") == nullptr)) {
      r_.problem(table_.where, "one of expected_from and expected_to is missing", "chance is what is left of both",
                 "give both, or neither");
      return false;
    }
    return from && to && expected;
  }

  bool read_first() {
    const Node* node = table_.at("first");
    if (!node) return true;
    std::vector<std::string> known;
    for (const DecompositionSwitch& each : asked_.switches) known.push_back(each.label);
    if (std::find(known.begin(), known.end(), node->text) == known.end()) {
      r_.problem(node->where, fmt::format("no mechanism is called '{}'", node->text),
                 "what is told first is one of them", spelling_cure(node->text, known, "those of `off` are"));
      return false;
    }
    asked_.first = node->text;
    return true;
  }

  bool whole_between(const char* key, double least, double most, std::uint64_t& place) {
    const Node* node = table_.at(key);
    if (!node) return true;
    if (!r_.is_within(*node, key, least, most)) return false;
    place = static_cast<std::uint64_t>(node->number);
    return true;
  }

  bool read_draws() {
    if (!whole_between("draws", fewest_draws_of_subsets, most_draws_of_subsets, asked_.draws) ||
        !whole_between("replicates", 1, most_replicates_of_subsets, asked_.replicates))
      return false;
    const bool known = std::none_of(spec_.parameters.begin(), spec_.parameters.end(),
                                    [](const Parameter& each) { return is_uncertain(each.law); });
    if (asked_.replicates > 1 && known) {
      r_.problem(table_.at("replicates")->where, "'replicates' has no spread to tell",
                 "every figure of the model has one value", "take the line out: draws alone do");
      return false;
    }
    const double kept = static_cast<double>(asked_.draws) * static_cast<double>(asked_.replicates) *
                        std::ldexp(2, static_cast<int>(std::min<std::size_t>(table_.at("off")->members.size(), 60)));
    if (kept <= most_kept_of_subsets) return true;
    r_.problem(table_.at(table_.at("replicates") ? "replicates" : "off")->where,
               fmt::format("{} numbers would be kept", whole_number(kept)),
               fmt::format("two of each subset in each replicate: {} are the most", whole_number(most_kept_of_subsets)),
               "ask for fewer draws or replicates");
    return false;
  }

  bool read_arm() {
    const Node* in = table_.at("in");
    if (!in) return true;
    for (std::size_t arm = 0; arm < spec_.reported_arms; ++arm)
      if (spec_.arms[arm].name == in->text) {
        asked_.arm = arm;
        return true;
      }
    std::vector<std::string> names;
    for (std::size_t arm = 0; arm < spec_.reported_arms; ++arm) names.push_back(spec_.arms[arm].name);
    if (!names.empty())
      r_.problem(in->where, fmt::format("no arm is called '{}'", in->text), "",
                 spelling_cure(in->text, names, "the arms are"));
    return false;
  }

  bool read_switches() {
    const Node& off = *table_.at("off");
    if (off.members.empty() || off.members.size() > most_switches) {
      r_.problem(off.where, fmt::format("'off' has {} mechanisms", off.members.size()),
                 fmt::format("from 1 to {}: every subset of them is run", most_switches),
                 "write [decomposition.off], then lines such as: \"Mechanism\" = { parameter = \"value\" }");
      return false;
    }
    bool sound = true;
    for (const Member& member : off.members) sound = read_switch(member) && sound;
    return sound;
  }

  bool read_switch(const Member& member) {
    if (r_.misplaced(member, *table_.at("off"), "[decomposition.off]")) return false;
    if (member.value.kind != Node::Kind::table || member.value.members.empty()) {
      r_.problem(member.value.where, fmt::format("'{}' doesn't say what switches it off", member.name), "",
                 "write it like: { parameter = \"value\" }");
      return false;
    }
    DecompositionSwitch one;
    one.label = member.name;
    bool sound = true;
    for (const Member& setting : member.value.members) sound = read_setting(setting, one) && sound;
    asked_.switches.push_back(std::move(one));
    return sound;
  }

  bool read_setting(const Member& setting, DecompositionSwitch& one) {
    const std::vector<ParameterField>& fields = r_.model->parameters;
    std::size_t f = 0;
    while (f < fields.size() && fields[f].name != setting.name) ++f;
    if (f == fields.size()) {
      std::vector<std::string> names;
      for (const ParameterField& field : fields) names.push_back(field.name);
      r_.problem(setting.where, fmt::format("unknown parameter '{}'", setting.name),
                 fmt::format("model '{}' doesn't have it", r_.model->info.name),
                 spelling_cure(setting.name, names, "its parameters are"));
      return false;
    }
    const ParameterField& field = fields[f];
    if (field.kind == ParameterField::Kind::one_of) {
      SourcedFigure figure;
      figure.name = setting.name;
      figure.at = setting.where;
      figure.value = &setting.value;
      FieldLayout layout;
      if (!read_structure_value(r_, field, figure, layout)) return false;
      one.words.emplace_back(f, layout.choice);
      return true;
    }
    if (field.kind != ParameterField::Kind::number) {
      r_.problem(setting.where, fmt::format("'{}' can't be switched", field.name), "a word or a number can",
                 "name another parameter");
      return false;
    }
    const auto read = read_quantity(as_written(setting.value), field.unit);
    if (const auto* wrong = std::get_if<QuantityProblem>(&read)) {
      r_.problem(setting.value.where, wrong->problem, "", wrong->cure);
      return false;
    }
    const Quantity& value = std::get<Quantity>(read);
    if (value.is_range() || value.low < field.range.low || value.low > field.range.high) {
      r_.problem(setting.value.where, fmt::format("'{}' can't be {}", field.name, as_written(setting.value)),
                 fmt::format("it is one number between {} and {}", shown_value(field.range.low, field.unit),
                             shown_value(field.range.high, field.unit)),
                 "write the value at which the mechanism does nothing");
      return false;
    }
    one.numbers.emplace_back(f, value.low);
    return true;
  }

  Reading& r_;
  ExperimentSpec& spec_;
  const Node& table_;
  Decomposition asked_;
  DecompositionText text_;
};

}  // namespace

void read_decompositions(Reading& reading, ExperimentSpec& spec) {
  const Section& keys = section("decomposition");
  reading.each_table(keys,
                     [&](const Node& table, const std::string&) { DecompositionReader(reading, spec, table).read(); });
}

}  // namespace desist
