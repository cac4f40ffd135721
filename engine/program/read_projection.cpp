// The parameters and arms of a projection: figures bound to the fields that the model declares.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/figure.hpp"

namespace desist {
namespace {

using Kind = ParameterField::Kind;
constexpr double always = -std::numeric_limits<double>::infinity();

// What an arm changes, for words and for conflicts.
struct Setting {
  std::size_t field = 0;
  SourceSpan at;
  FieldLayout layout;  // pieces to add, or the whole of a structural field
  std::string arm;     // that sets it: its own steps in time follow one another
  std::string in_words;
};

struct ArmReading {
  Arm arm;
  ArmText text;
  SourceSpan at;
  std::vector<Setting> settings;
};

class ProjectionReader {
 public:
  ProjectionReader(Reading& reading, ExperimentSpec& spec) : r_(reading), spec_(spec), model_(*reading.model) {
    base_.fields.resize(model_.parameters.size());
  }

  void read() {
    posteriors();
    base();
    arms();
  }

 private:
  // --- what the study files give ---

  void posteriors() {
    const auto tables = r_.tables_of(section("posterior"));
    for (const Node* table : tables) {
      const Node* sets = table->at("sets");
      if (!sets || sets->kind != Node::Kind::table) continue;
      if (!table->find("study") && !table->find("experiment")) continue;  // complained of
      for (const Member& member : sets->members) {
        const auto field = field_named(member.name);
        if (!field) {
          r_.problem(member.where, fmt::format("unknown parameter '{}'", member.name),
                     fmt::format("model '{}' doesn't have it", model_.info.name),
                     spelling_cure(member.name, parameter_names(), "its parameters are"));
          continue;
        }
        const std::string unit = model_.parameters[*field].unit.text();
        const bool of_targets = table->find("experiment") != nullptr;
        if (of_targets && model_.parameters[*field].kind != Kind::number) {
          r_.problem(member.where, fmt::format("'{}' is not a number", member.name), "targets inform numbers", "");
          continue;
        }
        if (!of_targets && (model_.parameters[*field].kind != Kind::number || (unit != "share" && !unit.empty()))) {
          r_.problem(member.where, fmt::format("'{}' is not a share", member.name),
                     "a study's posterior holds risks and ratios", "");
          continue;
        }
        if (const auto twice = from_study_.find(*field); twice != from_study_.end()) {
          r_.problem(member.where, fmt::format("'{}' is set by two posteriors", member.name), "", "keep one",
                     {{twice->second, "first set here"}});
          continue;
        }
        from_study_[*field] = member.where;
        const std::string file = Reading::text_at(*table, of_targets ? "experiment" : "study");
        const std::string which =
            of_targets ? "" : Reading::text_at(*table, table->at("analysis") ? "analysis" : "outcome");
        const auto named = r_.posterior_of.find({file, which});
        if (named == r_.posterior_of.end()) continue;  // the study has been complained of
        const auto column = posterior_column(r_, spec_, named->second, member, unit);
        if (!column) continue;
        add_parameter(*field, {member.name, model_.parameters[*field].help, unit, PosteriorLaw{named->second, *column}},
                      always, {});
        FigureSource source;
        source.name = member.name;
        source.label = model_.parameters[*field].help;
        source.printed = fmt::format("{}, {}", spec_.posterior_names[named->second], member.value.text);
        source.kind = FigureSource::Kind::study;
        source.reason = fmt::format("the posterior of {}", file);
        source.note = Reading::text_at(*table, "note");
        source.spread =
            fmt::format("drawn whole: one draw takes one joint row of the {}", of_targets ? "posterior" : "study");
        source.line = member.where.line;
        r_.text.sources.push_back(std::move(source));
      }
    }
  }

  // --- what forecasts give ---

  // Whether one would be its value, sound or not: what is wrong with it has been said.
  bool is_forecast(const std::string& parameter) const {
    const Node* list = r_.root.at("forecast");
    return list && std::any_of(list->items.begin(), list->items.end(), [&](const Node& table) {
             return Reading::text_at(table, "sets") == parameter && !table.find("where");
           });
  }

  // A year's number from its first day on; the first of them holds before it, the last ever after.
  void forecasts() {
    for (const ForecastUse& use : r_.forecast_of) {
      const Forecast& forecast = spec_.text.forecasts[use.forecast];
      const ParameterField& field = model_.parameters[use.field];
      const Node& sets = *use.table->at("sets");
      const Node* where = use.table->at("where");
      const std::size_t of =
          field.varies.by_item.empty() ? 1 : base_.fields[*field_named(field.varies.by_item)].items.size();
      std::vector<std::size_t> items;
      if (where) {
        const auto named = items_of(field, *where);
        if (!named) continue;
        if (named->size() < of) items = *named;
      }
      if (of > 1 && (!where || items.size() > 1)) {
        r_.problem(sets.where, fmt::format("'{}' differs between {} {}", field.name, of, field.varies.by_item),
                   "one forecast is the number of one of them", "name it: where = \"...\"");
        continue;
      }
      const auto twice = from_study_.find(use.field);
      if (twice != from_study_.end()) {
        r_.problem(sets.where, fmt::format("'{}' is set twice", field.name), "", "keep one",
                   {{twice->second, "first set here"}});
        continue;
      }
      if (items.empty()) from_study_[use.field] = sets.where;
      bool is_first = true;
      for (int year = -1; year < forecast.years; ++year) {
        if (forecast.first_day(year + 1) <= r_.starts) continue;
        const double week = static_cast<double>(forecast.first_day(year).days - r_.starts.days) / days_per_week;
        from_forecasts_.emplace_back(use.field, Piece{is_first ? always : week, items, spec_.parameters.size()});
        is_first = false;
        Law law = FixedLaw{forecast.counts.back() / use.per_year};
        if (year >= 0) law = PosteriorLaw{use.posterior, static_cast<std::size_t>(year)};
        spec_.parameters.push_back({fmt::format("{}.{}", forecast.name, forecast.year_name(year)),
                                    fmt::format("{}, {}", forecast.label, forecast.year_name(year)), field.unit.text(),
                                    law});
      }
    }
  }

  // --- fields ---

  std::vector<std::string> parameter_names() const {
    std::vector<std::string> names;
    for (const ParameterField& field : model_.parameters) names.push_back(field.name);
    return names;
  }
  std::optional<std::size_t> field_named(std::string_view name) const {
    for (std::size_t i = 0; i < model_.parameters.size(); ++i)
      if (model_.parameters[i].name == name) return i;
    return std::nullopt;
  }

  void add_parameter(std::size_t field, Parameter parameter, double from_week, std::vector<std::size_t> items) {
    base_.fields[field].pieces.push_back({from_week, std::move(items), spec_.parameters.size()});
    spec_.parameters.push_back(std::move(parameter));
  }

  // The figures below a table, by field; nested parts ("service.slots") are tables in tables.
  void collect(const Node& table, const std::string& prefix, const std::string& shown,
               std::vector<std::pair<std::size_t, const Member*>>& given) const {
    std::vector<std::string> known;
    for (const ParameterField& field : model_.parameters)
      if (field.name.starts_with(prefix)) {
        const std::string rest = field.name.substr(prefix.size());
        const std::string first = rest.substr(0, rest.find('.'));
        if (std::find(known.begin(), known.end(), first) == known.end()) known.push_back(first);
      }
    for (const Member& member : table.members) {
      if (const auto field = field_named(prefix + member.name))
        given.emplace_back(*field, &member);
      else if (const auto dotted = field_named(member.name); dotted && prefix.empty())
        given.emplace_back(*dotted, &member);
      else if (std::find(known.begin(), known.end(), member.name) != known.end() &&
               member.value.kind == Node::Kind::table)
        collect(member.value, prefix + member.name + ".",
                fmt::format("{}.{}]", shown.substr(0, shown.size() - 1), member.name), given);
      else
        unknown_parameter(member, table, shown, known);
    }
  }

  void unknown_parameter(const Member& member, const Node& table, const std::string& shown,
                         const std::vector<std::string>& known) const {
    const auto near = did_you_mean(member.name, known);
    const bool figure = member.value.kind == Node::Kind::table;
    if (near || (figure && !std::any_of(sections().begin(), sections().end(),
                                        [&](const Section& s) { return s.name == member.name; })))
      return r_.problem(member.where, fmt::format("unknown parameter '{}' in {}", member.name, shown),
                        fmt::format("model '{}' doesn't have it", model_.info.name),
                        spelling_cure(member.name, known, "its parameters are"));
    r_.unknown_key(member, table, shown, known);
  }

  void base() {
    const Member* member = r_.root.find("parameters");
    std::vector<std::pair<std::size_t, const Member*>> given;
    if (member && member->value.kind == Node::Kind::table)
      collect(member->value, "", "[parameters]", given);
    else if (member)
      r_.problem(member->where, "'parameters' is not a table", "", "write [parameters], then a line for each");
    std::vector<bool> seen(model_.parameters.size());
    // lists first: numbers may be given for their items
    for (const bool lists : {true, false}) {
      if (!lists) forecasts();
      for (const auto& [field, figure] : given) {
        if ((model_.parameters[field].kind == Kind::items) != lists) continue;
        seen[field] = true;
        if (const auto twice = from_study_.find(field); twice != from_study_.end()) {
          const std::string name = model_.parameters[field].name;
          const char* by = is_forecast(name) ? "forecast" : "posterior";
          r_.problem(figure->where, fmt::format("'{}' is given here and by a {}", name, by), "", "keep one",
                     {{twice->second, fmt::format("the {} sets it here", by)}});
          continue;
        }
        const std::string& name = model_.parameters[field].name;
        const bool list = figure->value.kind == Node::Kind::list && !lists;
        add_base(field, settings_of(field, *figure, name, fmt::format("[parameters.{}]", name)),
                 list ? figure->value.items.size() : 1);
      }
    }
    for (std::size_t i = 0; i < model_.parameters.size(); ++i)
      if (!seen[i] && !from_study_.contains(i) && !is_forecast(model_.parameters[i].name))
        absent(i, member ? member->where : SourceSpan{});
    for (const auto& [field, piece] : from_forecasts_) base_.fields[field].pieces.push_back(piece);
  }

  void absent(std::size_t index, SourceSpan where) {
    const ParameterField& field = model_.parameters[index];
    if (!field.off) {
      return r_.problem(where.line > 0 ? where : SourceSpan{1, 1, 1},
                        fmt::format("missing parameter '{}' in [parameters]", field.name), field.help,
                        fmt::format("add: {} = {{ value = {}, evidence = \"...\" }}, or assumption or choice",
                                    field.name, example_value(field)));
    }
    std::string off;
    switch (field.kind) {
      case Kind::number:
        off = shown_value(*field.off, field.unit);
        add_parameter(index, {field.name, field.help, field.unit.text(), FixedLaw{*field.off}}, always, {});
        break;
      case Kind::one_of: {
        base_.fields[index].choice = static_cast<int>(*field.off);
        off = field.choices.at(static_cast<std::size_t>(*field.off));
        break;
      }
      default:
        off = "none";
    }
    spec_.text.defaults_used.push_back(fmt::format("{} = {}: {}", field.name, off, field.help));
  }

  // One figure, or a list of figures that follow one another.
  std::vector<Setting> settings_of(std::size_t index, const Member& member, const std::string& name,
                                   const std::string& shown) {
    std::vector<Setting> settings;
    const bool several =
        member.value.kind == Node::Kind::list && model_.parameters[index].kind == ParameterField::Kind::number;
    if (!several) {
      Setting setting;
      if (read_setting(index, member, name, shown, setting)) settings.push_back(std::move(setting));
      return settings;
    }
    if (member.value.items.empty())
      r_.problem(member.where, fmt::format("'{}' is an empty list", member.name), "", "give a figure");
    for (std::size_t i = 0; i < member.value.items.size(); ++i) {
      const Member one{member.name, i == 0 ? member.where : member.value.items[i].where, member.value.items[i]};
      Setting setting;
      if (!read_setting(index, one, i == 0 ? name : fmt::format("{}.{}", name, i + 1), shown, setting)) continue;
      if (!settings.empty() && goes_back(settings.back(), setting))
        r_.problem(setting.at, fmt::format("'{}' goes back in time", member.name),
                   "each figure of a list holds from its date on, over those before it", "list them by date");
      settings.push_back(std::move(setting));
    }
    return settings;
  }

  static bool goes_back(const Setting& before, const Setting& after) {
    const Piece &one = before.layout.pieces.front(), &next = after.layout.pieces.front();
    return one.items == next.items && next.from_week <= one.from_week;
  }

  void add_base(std::size_t index, const std::vector<Setting>& settings, std::size_t expected) {
    const ParameterField& field = model_.parameters[index];
    std::vector<Piece>& pieces = base_.fields[index].pieces;
    for (const Setting& setting : settings) {
      if (field.kind != Kind::number) base_.fields[index] = setting.layout;
      if (field.kind == Kind::number) pieces.push_back(setting.layout.pieces.front());
    }
    if (field.kind != Kind::number || field.off || settings.empty() || settings.size() < expected) return;
    // From the start there is a value, for every item of a list.
    const std::size_t of =
        field.varies.by_item.empty() ? 1 : base_.fields[*field_named(field.varies.by_item)].items.size();
    for (std::size_t item = 0; item < of; ++item)
      if (std::none_of(pieces.begin(), pieces.end(), [item](const Piece& piece) {
            const auto& items = piece.items;
            return piece.from_week == always &&
                   (items.empty() || std::find(items.begin(), items.end(), item) != items.end());
          }))
        return r_.problem(settings.front().at,
                          fmt::format("'{}' has no value {}", field.name,
                                      pieces.front().items.empty() ? "before that date" : "for the other items"),
                          "nothing is taken for granted",
                          "give the value that holds otherwise first, in a list of two figures");
  }

  // One figure for one field: a new slot for a number, a layout for a structure.
  bool read_setting(std::size_t index, const Member& member, const std::string& name, const std::string& shown,
                    Setting& setting) {
    const ParameterField& field = model_.parameters[index];
    auto figure = read_figure(r_, member, name, shown, figure_keys());
    if (!figure) return false;
    if (figure->source.label.empty()) figure->source.label = field.help;
    setting.field = index;
    setting.at = member.where;
    if (field.kind != Kind::number) return read_structure(field, *figure, setting);
    const auto measured = measure(r_, *figure, field.unit, field.range);
    Piece piece{always, {}, spec_.parameters.size()};
    bool sound = measured.has_value();
    if (figure->from) {
      const auto date = r_.date_inside(*figure->from);
      if (!field.varies.in_time) {
        r_.problem(figure->from->where, fmt::format("'{}' can't change in time", field.name),
                   "the model takes one value of it", "take `from` out");
        sound = false;
      } else if (date) {
        piece.from_week = static_cast<double>(date->days - r_.starts.days) / days_per_week;
      } else {
        sound = false;
      }
    }
    if (figure->where) {
      const auto items = items_of(field, *figure->where);
      sound = sound && items.has_value();
      if (items) piece.items = *items;
    }
    if (!sound) return false;
    spec_.parameters.push_back({name, figure->source.label, field.unit.text(), measured->law});
    setting.layout.pieces = {piece};
    setting.in_words = fmt::format("{} {}{}{}", field.name, measured->quantity.printed,
                                   figure->where ? fmt::format(" in {}", as_written(*figure->where)) : "",
                                   figure->from ? fmt::format(" from {}", r_.date_of(*figure->from)->in_words()) : "");
    note_source(r_, *figure, measured->quantity.printed, measured->spread);
    return true;
  }

  std::optional<std::vector<std::size_t>> items_of(const ParameterField& field, const Node& where) const {
    const auto list = field.varies.by_item.empty() ? std::nullopt : field_named(field.varies.by_item);
    return named_items(r_, field, list ? base_.fields[*list].items : std::vector<std::string>{}, where);
  }

  bool read_structure(const ParameterField& field, const SourcedFigure& figure, Setting& setting) {
    for (const auto& [node, key] :
         {std::pair(figure.from, "from"), std::pair(figure.where, "where"), std::pair(figure.range, "range")}) {
      if (!node) continue;
      r_.problem(node->where, fmt::format("'{}' takes no {}", field.name, key),
                 "it is structure: one value, never drawn", "take the line out");
      return false;
    }
    const Node& value = *figure.value;
    if (!read_structure_value(r_, field, figure, setting.layout)) return false;
    setting.in_words = fmt::format("{} {}", field.name, as_written(value));
    note_source(r_, figure, as_written(value),
                figure.source.kind == FigureSource::Kind::choice ? "as chosen" : "taken as printed");
    return true;
  }

  // --- arms ---

  void arms() {
    const Section& keys = section("arm");
    const auto tables = r_.tables_of(keys);
    for (std::size_t i = 0; i < tables.size(); ++i) arm(*tables[i], shown_item(keys, *tables[i], i), keys);
    if (tables.empty() && !r_.root.find("arm")) {
      ArmReading only;
      only.arm.name = only.text.name = "as_it_is";
      only.arm.label = only.text.label = "As it is";
      read_.push_back(std::move(only));
    }
    for (std::size_t i = 0; i < tables.size() && i < read_.size(); ++i) combine(*tables[i], read_[i]);
    for (ArmReading& each : read_) {
      each.arm.layout = base_;
      std::vector<std::string> words;
      for (const Setting& setting : each.settings) {
        apply(setting, each.arm.layout);
        words.push_back(setting.in_words);
      }
      each.text.in_words = words.empty() ? "nothing changed" : fmt::format("{}", fmt::join(words, "; "));
      spec_.arms.push_back(std::move(each.arm));
      spec_.text.arms.push_back(std::move(each.text));
    }
    spec_.reported_arms = spec_.arms.size();
  }

  void apply(const Setting& setting, ArmLayout& layout) const {
    FieldLayout& field = layout.fields[setting.field];
    if (model_.parameters[setting.field].kind != Kind::number) {
      field = setting.layout;
      return;
    }
    const Piece& piece = setting.layout.pieces.front();
    if (piece.from_week == always && piece.items.empty()) field.pieces.clear();
    field.pieces.push_back(piece);
  }

  void arm(const Node& table, const std::string& shown, const Section& keys) {
    r_.check(table, keys, shown);
    ArmReading arm;
    arm.arm.name = arm.text.name = Reading::text_at(table, "name");
    arm.arm.label = arm.text.label = Reading::text_at(table, "label");
    if (arm.arm.label.empty()) arm.arm.label = arm.text.label = arm.arm.name;
    arm.text.short_label = Reading::text_at(table, "short");
    arm.at = table.at("name") ? table.at("name")->where : table.where;
    for (const ArmReading& other : read_)
      if (!arm.arm.name.empty() && other.arm.name == arm.arm.name)
        r_.problem(arm.at, fmt::format("two arms are called '{}'", arm.arm.name), "", "give each a name of its own",
                   {{other.at, "the first is here"}});
    if (const Node* set = table.at("set"); set && set->kind == Node::Kind::table) {
      std::vector<std::pair<std::size_t, const Member*>> given;
      collect(*set, "", fmt::format("[arm.set] of '{}'", arm.arm.name), given);
      for (const auto& [field, member] : given) set_field(arm, field, *member);
    }
    read_.push_back(std::move(arm));
  }

  bool is_measured_by(const std::string& list) const {
    const auto by = [&](const OutcomeField& o) {
      const std::vector<std::string> lists = lists_of(o.by_item);
      return std::find(lists.begin(), lists.end(), list) != lists.end();
    };
    const auto varies = [&](const ParameterField& f) { return f.varies.by_item == list; };
    return std::any_of(model_.outcomes.begin(), model_.outcomes.end(), by) ||
           std::any_of(model_.parameters.begin(), model_.parameters.end(), varies);
  }

  void set_field(ArmReading& arm, std::size_t index, const Member& member) {
    const ParameterField& field = model_.parameters[index];
    if (is_measured_by(field.name))
      return r_.problem(member.where, fmt::format("an arm can't set '{}'", field.name),
                        "all arms are measured on the same list", "set it in [parameters]");
    const std::string name = fmt::format("{}.{}", arm.arm.name, field.name);
    for (Setting& setting :
         settings_of(index, member, name, fmt::format("[arm.set.{}] of '{}'", field.name, arm.arm.name))) {
      setting.arm = arm.arm.name;
      arm.settings.push_back(std::move(setting));
    }
  }

  void combine(const Node& table, ArmReading& arm) {
    const Node* node = table.at("combines");
    std::vector<Setting> all;
    for (const std::string& name : Reading::texts_at(table, "combines")) {
      const auto other =
          std::find_if(read_.begin(), read_.end(), [&](const ArmReading& a) { return a.arm.name == name; });
      if (other == read_.end()) {
        std::vector<std::string> names;
        for (const ArmReading& each : read_) names.push_back(each.arm.name);
        r_.problem(node->where, fmt::format("unknown arm '{}'", name), "", spelling_cure(name, names, "the arms are"));
        continue;
      }
      if (&*other >= &arm) {
        r_.problem(node->where, fmt::format("'{}' combines '{}'", arm.arm.name, name), "an arm combines arms above it",
                   "move it below");
        continue;
      }
      arm.text.combines.push_back(name);
      all.insert(all.end(), other->settings.begin(), other->settings.end());
    }
    all.insert(all.end(), arm.settings.begin(), arm.settings.end());
    for (std::size_t i = 0; i < all.size(); ++i)
      for (std::size_t k = 0; k < i; ++k)
        if (all[i].field == all[k].field && all[i].arm != all[k].arm)
          r_.problem(
              node->where,
              fmt::format("'{}' combines two settings of '{}'", arm.arm.name, model_.parameters[all[i].field].name),
              "which of the two is meant?", "make one arm that sets it",
              {{all[k].at, "set here"}, {all[i].at, "and here"}});
    arm.settings = std::move(all);
  }

  Reading& r_;
  ExperimentSpec& spec_;
  const ModelRecord& model_;
  ArmLayout base_;
  std::map<std::size_t, SourceSpan> from_study_;  // or from a forecast
  std::vector<std::pair<std::size_t, Piece>> from_forecasts_;
  std::vector<ArmReading> read_;
};

}  // namespace

void read_projection(Reading& reading, ExperimentSpec& spec) { ProjectionReader(reading, spec).read(); }

}  // namespace desist
