// The parameters of a projection: figures, posteriors and forecasts bound to the fields that the model declares.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/appraisal_reading.hpp"
#include "engine/program/projection_reading.hpp"

namespace desist {
namespace {

using Kind = ParameterField::Kind;

class ProjectionReader {
 public:
  ProjectionReader(Reading& reading, ExperimentSpec& spec)
      : r_(reading), spec_(spec), f_(reading, spec), model_(f_.model), base_(f_.base) {}

  void read() {
    posteriors();
    base();
    read_arms(f_);
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
        const auto field = f_.field_named(member.name);
        if (!field && sets_input(member)) {
          input_from_posterior(*table, member);
          continue;
        }
        if (!field) {
          r_.problem(member.where, fmt::format("unknown parameter '{}'", member.name),
                     fmt::format("model '{}' doesn't have it", model_.info.name),
                     spelling_cure(member.name, f_.parameter_names(), "its parameters are"));
          continue;
        }
        const std::string unit = model_.parameters[*field].unit.text();
        const bool of_targets = table->find("experiment") != nullptr;
        if (of_targets && model_.parameters[*field].kind != Kind::number) {
          r_.problem(member.where, fmt::format("'{}' is not a number", member.name), "targets inform numbers",
                     "take it out of `sets`");
          continue;
        }
        if (!of_targets && (model_.parameters[*field].kind != Kind::number || (unit != "share" && unit != "1"))) {
          r_.problem(member.where, fmt::format("'{}' is neither a share nor a plain number", member.name),
                     "a study's posterior holds risks and ratios", "take it out of `sets`");
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
        // A study's ratios and multipliers have no unit; a parameter without one is declared as "1".
        const auto column = posterior_column(r_, spec_, named->second, member, of_targets || unit != "1" ? unit : "");
        if (!column) continue;
        const std::string& theirs = r_.columns_of[named->second][*column].label;
        std::string label = own_label(member.name);
        if (label.empty()) label = theirs.empty() ? std::string(model_.parameters[*field].help) : theirs;
        f_.add_parameter(*field, {member.name, label, unit, PosteriorLaw{named->second, *column}}, from_ever, {});
        note_posterior(*table, member, label, named->second);
      }
    }
  }

  // [parameters.x] with nothing but a label says what a posterior's number is called, as in [inputs].
  std::string own_label(std::string_view name) const {
    const Node* own = label_alone(r_.root.at("parameters"), name);
    return own && own->members.size() == 1 ? Reading::text_at(*own, "label") : "";
  }

  // What no parameter of the model is called, nor nearly: an input of the appraisal.
  bool sets_input(const Member& member) const {
    return r_.inputs && (!r_.model || !did_you_mean(member.name, f_.parameter_names()) ||
                         (r_.root.at("inputs") && r_.root.at("inputs")->find(member.name)));
  }

  void input_from_posterior(const Node& table, const Member& member) {
    const bool of_targets = table.find("experiment") != nullptr;
    const std::string file = Reading::text_at(table, of_targets ? "experiment" : "study");
    const std::string which = of_targets ? "" : Reading::text_at(table, table.at("analysis") ? "analysis" : "outcome");
    const auto named = r_.posterior_of.find({file, which});
    if (named == r_.posterior_of.end()) return;  // the study has been complained of
    std::string unit = "share";
    for (const PosteriorColumn& column : r_.columns_of[named->second])
      if (column.name == member.value.text) unit = column.unit;
    const auto column = posterior_column(r_, spec_, named->second, member, unit);
    if (!column || !r_.inputs->take_posterior(member, unit, PosteriorLaw{named->second, *column})) return;
    note_posterior(table, member, r_.inputs->all().back().label, named->second);
  }

  void note_posterior(const Node& table, const Member& member, const std::string& label, std::size_t posterior) {
    const bool of_targets = table.find("experiment") != nullptr;
    FigureSource source;
    source.name = member.name;
    source.label = label;
    source.printed = fmt::format("{}, {}", spec_.posterior_names[posterior], member.value.text);
    source.kind = FigureSource::Kind::study;
    source.reason = fmt::format("the posterior of {}", Reading::text_at(table, of_targets ? "experiment" : "study"));
    source.note = Reading::text_at(table, "note");
    source.spread =
        fmt::format("drawn whole: one draw takes one joint row of the {}", of_targets ? "posterior" : "study");
    source.line = member.where.line;
    r_.text.sources.push_back(std::move(source));
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
          field.varies.by_item.empty() ? 1 : base_.fields[*f_.field_named(field.varies.by_item)].items.size();
      std::vector<std::size_t> items;
      if (where) {
        const auto named = f_.items_of(field, *where);
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
        from_forecasts_.emplace_back(use.field, Piece{is_first ? from_ever : week, items, spec_.parameters.size()});
        is_first = false;
        Law law = FixedLaw{forecast.counts.back() / use.per_year};
        if (year >= 0) law = PosteriorLaw{use.posterior, static_cast<std::size_t>(year)};
        spec_.parameters.push_back({fmt::format("{}.{}", forecast.name, forecast.year_name(year)),
                                    fmt::format("{}, {}", forecast.label, forecast.year_name(year)), field.unit.text(),
                                    law});
      }
    }
  }

  void base() {
    const Member* member = r_.root.find("parameters");
    std::vector<std::pair<std::size_t, const Member*>> given;
    if (member && member->value.kind == Node::Kind::table)
      f_.collect(member->value, "", "[parameters]", FieldReader::Inputs::unknown, given);
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
          if (!is_forecast(name) && !own_label(name).empty()) continue;
          const char* by = is_forecast(name) ? "forecast" : "posterior";
          r_.problem(figure->where, fmt::format("'{}' is given here and by a {}", name, by), "", "keep one",
                     {{twice->second, fmt::format("the {} sets it here", by)}});
          continue;
        }
        const std::string& name = model_.parameters[field].name;
        const bool list = figure->value.kind == Node::Kind::list && !lists;
        add_base(field, f_.settings_of(field, *figure, name, fmt::format("[parameters.{}]", name)),
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
        f_.add_parameter(index, {field.name, field.help, field.unit.text(), FixedLaw{*field.off}}, from_ever, {});
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
        field.varies.by_item.empty() ? 1 : base_.fields[*f_.field_named(field.varies.by_item)].items.size();
    for (std::size_t item = 0; item < of; ++item)
      if (std::none_of(pieces.begin(), pieces.end(), [item](const Piece& piece) {
            const auto& items = piece.items;
            return piece.from_week == from_ever &&
                   (items.empty() || std::find(items.begin(), items.end(), item) != items.end());
          }))
        return r_.problem(settings.front().at,
                          fmt::format("'{}' has no value {}", field.name,
                                      pieces.front().items.empty() ? "before that date" : "for the other items"),
                          "nothing is taken for granted",
                          "give the value that holds otherwise first, in a list of two figures");
  }

  Reading& r_;
  ExperimentSpec& spec_;
  FieldReader f_;
  const ModelRecord& model_;
  ArmLayout& base_;
  std::map<std::size_t, SourceSpan> from_study_;  // or from a forecast
  std::vector<std::pair<std::size_t, Piece>> from_forecasts_;
};

}  // namespace

void read_projection(Reading& reading, ExperimentSpec& spec) { ProjectionReader(reading, spec).read(); }

}  // namespace desist
