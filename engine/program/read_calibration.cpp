// Targets: printed figures that the model is to reproduce, and how its uncertain parameters are learnt from them.
#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/figure.hpp"

namespace desist {
namespace {

constexpr double fewest_particles = 100, most_particles = 100000;
constexpr double fewest_attempts = 1000, most_attempts = 1e9;
constexpr double most_figure = 1e300;  // of a target: any
constexpr double most_tolerance = 10;
constexpr double most_replicates = 10000;
constexpr double most_given = 100;
constexpr std::size_t spare_replicates = 5;  // above the number of targets: a covariance needs them

class CalibrationReader {
 public:
  CalibrationReader(Reading& reading, ExperimentSpec& spec) : r_(reading), spec_(spec) {}

  void read() {
    const Section& keys = section("target");
    const auto tables = r_.tables_of(keys);
    const Member* how = r_.root.find("calibration");
    if (tables.empty()) {
      if (how && !r_.root.find("target"))
        r_.problem(how->where, "[calibration] has nothing to learn from", "there is no target", "add a [[target]]");
      return;
    }
    for (std::size_t i = 0; i < tables.size(); ++i) target(*tables[i], keys, shown_item(keys, *tables[i], i));
    if (how && how->value.kind != Node::Kind::table)
      return r_.problem(how->where, "'calibration' is not a table", "",
                        "write [calibration], and below it: particles = 1000");
    const Node none;
    const Node& table = how ? how->value : none;
    if (how && !r_.check(table, section("calibration"), "[calibration]")) return;
    method(table);
    informed(table);
    if (targets_.size() < tables.size() || spec_.arms.empty()) return;  // reported
    if (std::none_of(targets_.begin(), targets_.end(), [](const Target& t) { return t.fitted; }))
      return r_.problem(tables.front()->where, "no target is fitted", "there is nothing to learn from",
                        "take fitted = false out of one");
    given(table);
    calibration_.targets = targets_;
    if (!calibration_.informed.empty()) spec_.calibration = calibration_;
  }

 private:
  void target(const Node& table, const Section& keys, const std::string& shown) {
    const Node* name = table.at("name");
    const Member member{name ? name->text : "target", table.where, table};
    const auto figure = read_figure(r_, member, "target." + member.name, shown, keys);
    if (!figure) return;
    for (const Target& other : targets_)
      if (other.name == member.name)
        return r_.problem(name->where, fmt::format("two targets are called '{}'", member.name), "",
                          "give each a name of its own");
    const auto outcome = read_outcome_name(r_, spec_, Reading::text_at(table, "of"), table.at("of")->where);
    const auto arms = arms_at(r_, spec_, table, "arm");
    if (!outcome || arms.empty()) return;
    if (table.at("arm") && arms.size() > 1)
      return r_.problem(table.at("arm")->where, "a target is of one arm", "it was printed once", "name the arm");
    const OutcomeField& field = *std::find_if(r_.model->outcomes.begin(), r_.model->outcomes.end(),
                                              [&](const OutcomeField& o) { return o.name == outcome->outcome; });
    if (field.kind == OutcomeField::Kind::chance)
      return r_.problem(table.at("of")->where, fmt::format("'{}' is a chance", field.name),
                        "of one future it is yes or no, which no printed figure is", "name an amount or a time");
    const Node* over = table.at("over");
    std::optional<NamedOutcome> below;
    if (over) {
      below = read_outcome_name(r_, spec_, over->text, over->where);
      if (!below) return;
      const OutcomeField& other = *std::find_if(r_.model->outcomes.begin(), r_.model->outcomes.end(),
                                                [&](const OutcomeField& o) { return o.name == below->outcome; });
      if (!(other.unit == field.unit) || other.kind == OutcomeField::Kind::chance)
        return r_.problem(over->where, fmt::format("'{}' can't be divided by '{}'", field.name, other.name),
                          fmt::format("a ratio is of two outcomes in one unit; they are in '{}' and '{}'",
                                      field.unit.text(), other.unit.text()),
                          "name two amounts in one unit");
    }
    const Unit unit = over ? Unit::parse("share") : field.unit;
    const auto measured = measure(r_, *figure, unit, {-most_figure, most_figure});
    if (!measured) return;
    Target target;
    target.name = member.name;
    target.label = figure->source.label.empty() ? member.name : figure->source.label;
    std::replace(target.label.begin(), target.label.end(), '_', ' ');
    target.outcome = outcome->slot;
    if (below) target.over = below->slot;
    target.arm = table.at("arm") ? arms.front() : 0;
    target.low = measured->quantity.low;
    target.high = measured->quantity.high;
    if (const Node* fitted = table.at("fitted")) target.fitted = fitted->truth;
    const Node& written = figure->range ? *figure->range : *figure->value;
    spec_.text.target_texts.push_back(
        {as_written(written), below ? outcome->outcome + " / " + below->outcome : outcome->outcome, outcome->item,
         unit.text(), spec_.arms[target.arm].name, figure->source.evidence});
    note_source(r_, *figure, as_written(written),
                !target.fitted             ? "held out: what the other targets predict of it is shown"
                : target.low < target.high ? "a target: every value inside meets it"
                                           : "a target: what the model is to reproduce");
    targets_.push_back(std::move(target));
    places_.push_back(written.where);
  }

  /// A number of [calibration] inside its limits, or nothing.
  std::optional<double> number(const Node& table, const char* key, double least, double most) {
    const Node* node = table.at(key);
    if (!node) return std::nullopt;
    return r_.is_within(*node, key, least, most) ? std::optional(node->number) : std::nullopt;
  }

  void method(const Node& table) {
    using enum Calibration::Method;
    calibration_.method = Reading::text_at(table, "method") == "synthetic" ? synthetic : abc;
    if (const auto n = number(table, "particles", fewest_particles, most_particles))
      calibration_.particles = static_cast<std::uint64_t>(*n);
    if (const auto n = number(table, "attempts", fewest_attempts, most_attempts))
      calibration_.most_attempts = static_cast<std::uint64_t>(*n);
    if (const auto n = number(table, "tolerance", 0, most_tolerance)) calibration_.tolerance = *n;
    if (const Node* flag = table.at("leave_one_out")) calibration_.leave_one_out = flag->truth;
    const bool likelihood = calibration_.method == synthetic;
    if (Reading::text_at(table, "adjust") == "regression") calibration_.adjust = Calibration::Adjust::regression;
    for (const char* key : {"tolerance", "adjust", "replicates"}) {
      const Node* node = table.at(key);
      if (!node || likelihood == (std::string_view(key) == "replicates")) continue;
      r_.problem(node->where,
                 fmt::format("'{}' has no meaning for method \"{}\"", key, likelihood ? "synthetic" : "abc"),
                 likelihood ? "its likelihood has no tolerance" : "each set of parameters is run once", "take it out");
    }
    if (!likelihood) return;
    std::size_t fitted = 0;
    for (std::size_t t = 0; t < targets_.size(); ++t) {
      fitted += targets_[t].fitted ? 1 : 0;
      if (targets_[t].fitted && targets_[t].low < targets_[t].high)
        r_.problem(places_[t], fmt::format("the target '{}' is a range", targets_[t].name),
                   "a synthetic likelihood asks how likely one figure is", "write method = \"abc\", or give a value");
    }
    if (const auto n = number(table, "replicates", static_cast<double>(fitted + spare_replicates), most_replicates))
      calibration_.replicates = static_cast<std::uint64_t>(*n);
  }

  void informed(const Node& table) {
    const Node* names = table.at("inform");
    std::vector<std::size_t>& slots = calibration_.informed;
    if (!names) {
      for (const Target& target : targets_)
        for (const FieldLayout& field : spec_.arms[target.arm].layout.fields)
          for (const Piece& piece : field.pieces)
            if (can_be_informed(piece.slot)) slots.push_back(piece.slot);
      std::sort(slots.begin(), slots.end());
      slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
      if (slots.empty() && !targets_.empty())
        r_.problem(r_.tables_of(section("target")).front()->where, "there is nothing to learn of",
                   "every figure that the targets' arms use has one value, or comes from a posterior",
                   "give a range to what is not known");
    } else {
      for (const std::string& name : Reading::texts_at(table, "inform")) inform(name, names->where);
    }
    for (const Correlation& group : spec_.correlations) {
      const auto in = [&](std::size_t p) { return std::find(slots.begin(), slots.end(), p) != slots.end(); };
      const auto informed = std::find_if(group.parameters.begin(), group.parameters.end(), in);
      const auto other = std::find_if_not(group.parameters.begin(), group.parameters.end(), in);
      if (informed != group.parameters.end() && other != group.parameters.end())
        r_.problem(names ? names->where : r_.tables_of(section("target")).front()->where,
                   fmt::format("'{}' is informed and '{}' is not", spec_.parameters[*informed].name,
                               spec_.parameters[*other].name),
                   "they are correlated: what is learnt of one is learnt of the other", "name both, or neither");
    }
  }

  bool can_be_informed(std::size_t slot) const {
    const Law& law = spec_.parameters[slot].law;
    return is_uncertain(law) && !std::holds_alternative<PosteriorLaw>(law);
  }

  void inform(const std::string& name, SourceSpan where) {
    std::vector<std::string> known;
    for (std::size_t p = 0; p < spec_.parameters.size(); ++p) {
      if (can_be_informed(p)) known.push_back(spec_.parameters[p].name);
      if (spec_.parameters[p].name != name) continue;
      if (can_be_informed(p)) {
        const auto& slots = calibration_.informed;
        if (std::find(slots.begin(), slots.end(), p) == slots.end()) calibration_.informed.push_back(p);
        return;
      }
      const bool drawn = std::holds_alternative<PosteriorLaw>(spec_.parameters[p].law);
      return r_.problem(where, fmt::format("'{}' can't be informed", name),
                        drawn ? "it comes from a posterior or a forecast, which is drawn whole" : "it has one value",
                        drawn ? "take it out" : "give it a range, or take it out");
    }
    r_.problem(where, fmt::format("no parameter is called '{}'", name), "",
               spelling_cure(name, known, "uncertain are"));
  }

  /// The place among the informed parameters of one that is named.
  std::optional<std::size_t> place_of(const Member& named) {
    std::vector<std::string> known;
    for (std::size_t place = 0; place < calibration_.informed.size(); ++place) {
      known.push_back(spec_.parameters[calibration_.informed[place]].name);
      if (known.back() == named.name) return place;
    }
    r_.problem(named.where, fmt::format("no target informs '{}'", named.name), "",
               spelling_cure(named.name, known, "informed are"));
    return std::nullopt;
  }

  void given(const Node& table) {
    const Node* node = table.at("given");
    if (!node) return;
    for (const Member& of : node->members) {
      const auto place = place_of(of);
      if (!place) continue;
      if (of.value.kind != Node::Kind::table || of.value.members.empty()) {
        r_.problem(
            of.where, fmt::format("'{}' doesn't say what is given", of.name), "",
            fmt::format("write {} = {{ other = [\"13 weeks\", \"26 weeks\"] }}, with the other's name", of.name));
        continue;
      }
      GivenAsked asked;
      asked.of = *place;
      double cells = 1;
      for (const Member& by : of.value.members) {
        const auto other = place_of(by);
        if (!other) return;
        if (*other == asked.of)
          return r_.problem(by.where, fmt::format("'{}' is told where it is given itself", by.name), "",
                            "name others, or take it out");
        auto levels = given_levels(by, spec_.parameters[calibration_.informed[*other]]);
        if (levels.empty()) return;
        cells *= static_cast<double>(levels.size());
        asked.by.push_back(*other);
        asked.levels.push_back(std::move(levels));
      }
      if (cells > most_given)
        return r_.problem(of.where, fmt::format("'{}' is asked at {} places", of.name, shortest(cells)),
                          fmt::format("{} are the most", shortest(most_given)), "give fewer levels");
      calibration_.given.push_back(std::move(asked));
    }
  }

  /// Levels of a parameter that lie in its range; none where one is wrong, which is reported.
  std::vector<double> given_levels(const Member& by, const Parameter& parameter) {
    const auto wrong = [&](SourceSpan where, const std::string& problem, const std::string& why,
                           const std::string& cure) {
      r_.problem(where, problem, why, cure);
      return std::vector<double>();
    };
    if (by.value.items.empty())
      return wrong(by.where, fmt::format("'{}' has no levels", by.name), "",
                   fmt::format("write {} = [\"13 weeks\", \"26 weeks\"]", by.name));
    const Unit unit = Unit::parse(parameter.unit);
    const auto [low, high] = ends_of(parameter.law);
    std::vector<double> levels;
    for (const Node& node : by.value.items) {
      const auto read = read_quantity(as_written(node), unit);
      if (const auto* problem = std::get_if<QuantityProblem>(&read))
        return wrong(node.where, problem->problem, "", problem->cure);
      const Quantity& quantity = std::get<Quantity>(read);
      if (quantity.is_range())
        return wrong(node.where, fmt::format("'{}' is not one level", as_written(node)), "", "write each level alone");
      if (quantity.low < low || quantity.low > high)
        return wrong(node.where, fmt::format("'{}' can't be {}", by.name, shown_value(quantity.low, unit)),
                     fmt::format("its range is from {} to {}", shown_value(low, unit), shown_value(high, unit)),
                     "take that level out");
      levels.push_back(quantity.low);
    }
    return levels;
  }

  Reading& r_;
  ExperimentSpec& spec_;
  Calibration calibration_;
  std::vector<Target> targets_;
  std::vector<SourceSpan> places_;
};

}  // namespace

void read_calibration(Reading& reading, ExperimentSpec& spec) {
  CalibrationReader(reading, spec).read();
  if (reading.root.find("target")) share_luck_with_arms(spec);
}

std::string calibration_name(const ExperimentSpec& spec) { return spec.text.name + "/calibration"; }

}  // namespace desist
