// The pictures of an experiment, and the variants that a tornado needs.
#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/reading.hpp"
#include "engine/report/figures.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

// Uncertain slots that an arm's layout uses, in order of slot.
std::vector<std::size_t> uncertain_slots(const ExperimentSpec& spec, const Arm& arm) {
  std::vector<std::size_t> slots;
  for (const FieldLayout& field : arm.layout.fields)
    for (const Piece& piece : field.pieces)
      if (is_uncertain(spec.parameters[piece.slot].law)) slots.push_back(piece.slot);
  std::sort(slots.begin(), slots.end());
  slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
  return slots;
}

// Pictures of an appraisal, with a model or without.
bool shows_money(std::string_view draw) {
  static const std::set<std::string_view> all{"acceptability", "cash",  "forms",       "needed_share",
                                              "npv_tornado",   "plane", "study_worth", "value_by_bearer",
                                              "value_by_group"};
  return all.contains(draw);
}

// Whether one of the tables of a list is called so, sound or not.
bool has_named(const Node& table, std::string_view list, const std::string& name) {
  const Node* all = table.at(list);
  return all && std::any_of(all->items.begin(), all->items.end(),
                            [&](const Node& each) { return Reading::text_at(each, "name") == name; });
}

class PictureReader {
 public:
  PictureReader(Reading& reading, ExperimentSpec& spec) : r_(reading), spec_(spec) {}

  void read() {
    const Member* member = r_.root.find("figures");
    if (!member) return;
    if (member->value.kind != Node::Kind::table)
      return r_.problem(member->where, "'figures' is not a table", "",
                        "write [figures], then lines such as: waits = { draw = \"fan\" }");
    for (const Member& each : member->value.members) picture(each);
  }

 private:
  void picture(const Member& member) {
    if (r_.misplaced(member, *r_.root.at("figures"), "[figures]")) return;
    const Node& table = member.value;
    const std::string shown = fmt::format("[figures.{}]", member.name);
    const bool name = !member.name.empty() &&
                      member.name.find_first_not_of(
                          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == std::string::npos;
    if (!name || member.name.size() > 80)
      return r_.problem(member.where, fmt::format("'{}' can't be the name of a picture", member.name), "",
                        "a name has letters, digits, - and _ only: files are called by it");
    if (table.kind != Node::Kind::table)
      return r_.problem(member.where, fmt::format("'{}' is {}, not a table", member.name, in_words(table.kind)), "",
                        fmt::format("write {} = {{ draw = \"...\" }}", member.name));
    const bool sound = r_.check(table, section("figures"), shown);
    FigureRequest figure;
    figure.name = member.name;
    figure.draw = Reading::text_at(table, "draw");
    figure.title = Reading::text_at(table, "title");
    figure.outcomes = Reading::texts_at(table, figure.draw == "forest" ? "panels" : "outcomes");
    figure.analysis = Reading::texts_at(table, "analysis");
    figure.columns = Reading::texts_at(table, "columns");
    figure.steps = Reading::texts_at(table, "steps");
    dates(table, figure);
    if (!sound || !fits(member, figure.draw) || !takes_all(member, figure.draw)) return;
    if (r_.kind == For::study)
      of_study(table, figure);
    else if (r_.kind == For::people)
      of_people(table, member, figure);
    else if (figure.draw == "forecast")
      of_forecast(table, member, figure);
    else if (shows_money(figure.draw))
      of_appraisal(table, figure);
    else if (r_.model)
      of_projection(table, member, figure);
    spec_.text.figures.push_back(std::move(figure));
  }

  void dates(const Node& table, FigureRequest& figure) {
    const Node* mark = table.at("mark");
    if (!mark) return;
    std::vector<const Node*> nodes;
    for (const Node& item : mark->items) nodes.push_back(&item);
    if (mark->kind == Node::Kind::date || mark->kind == Node::Kind::text) nodes.push_back(mark);
    for (const Node* node : nodes)
      if (const auto date = r_.date_inside(*node)) figure.mark.push_back(*date);
  }

  bool fits(const Member& member, const std::string& draw) {
    const auto wanted = r_.kind == For::study    ? ReportInput::Kind::study
                        : r_.kind == For::people ? ReportInput::Kind::people
                                                 : ReportInput::Kind::projection;
    const bool is_alone = r_.kind == For::projection && !r_.model;
    const bool has_money = r_.kind == For::projection && r_.root.find("appraisal");
    if (is_alone && !has_money && !r_.root.find("forecast")) return true;  // that nothing is run has been said
    std::vector<std::string> fitting;
    std::string why;
    for (const FigureKind& each : figure_kinds()) {
      const bool of_money = shows_money(each.name);
      const bool shows = each.shows == wanted &&
                         (of_money ? has_money : !is_alone || (each.name == "forecast" && r_.root.find("forecast")));
      if (each.name == draw && shows) return true;
      if (shows) fitting.push_back(fmt::format("\"{}\"", each.name));
      if (each.name != draw) continue;
      why = of_money                                  ? "it shows an appraisal"
            : each.shows == ReportInput::Kind::study  ? "it shows a study of a published table"
            : each.shows == ReportInput::Kind::people ? "it shows a study of people's rows or of several studies"
                                                      : "it shows a projection by a model";
    }
    r_.problem(member.value.at("draw")->where, fmt::format("'{}' can't be drawn here", draw), why,
               "draw " + listed(fitting, "or"));
    return false;
  }

  bool takes_all(const Member& member, const std::string& draw) {
    const std::vector<FigureKind>& kinds = figure_kinds();
    const auto kind =
        std::find_if(kinds.begin(), kinds.end(), [&](const FigureKind& each) { return each.name == draw; });
    if (kind == kinds.end()) return true;  // nothing is run: that has been said
    bool all = true;
    for (const Member& key : member.value.members) {
      if (key.name == "draw" || key.name == "title" ||
          std::find(kind->takes.begin(), kind->takes.end(), key.name) != kind->takes.end())
        continue;
      std::vector<std::string> known{"draw", "title"};
      known.insert(known.end(), kind->takes.begin(), kind->takes.end());
      r_.problem(key.where, fmt::format("unknown key '{}' of a picture that is drawn as \"{}\"", key.name, draw),
                 "it would change nothing", "known here: " + listed(known, "or"));
      all = false;
    }
    return all;
  }

  void of_people(const Node& table, const Member& member, const FigureRequest& figure) {
    if (!spec_.people) return;
    if (figure.draw == "funnel_steps") return of_funnel(table, member, figure);
    std::vector<std::string> known;
    for (const Analysis& analysis : spec_.people->analyses) known.push_back(analysis.name);
    for (const std::string& name : figure.analysis)
      if (std::find(known.begin(), known.end(), name) == known.end() && !has_named(r_.root, "analysis", name))
        r_.problem(table.at("analysis")->where, fmt::format("no analysis is called '{}'", name), "",
                   spelling_cure(name, known, "there are"));
  }

  void of_funnel(const Node& table, const Member& member, const FigureRequest& figure) {
    if (!spec_.people->funnel && !r_.root.find("funnel") && !r_.root.find("step"))
      r_.problem(member.where, "there is no funnel to draw", "", "add [funnel], or take the picture out");
    if (!spec_.people->funnel) return;
    std::vector<std::string> columns, steps;
    for (const FunnelColumn& each : spec_.people->funnel->columns) columns.push_back(each.name);
    for (const FunnelStep& each : spec_.people->funnel->steps) steps.push_back(each.name);
    for (const auto& [key, wanted, known] :
         {std::tuple("columns", figure.columns, columns), std::tuple("steps", figure.steps, steps)})
      for (const std::string& name : wanted)
        if (std::find(known.begin(), known.end(), name) == known.end())
          r_.problem(
              table.at(key)->where,
              fmt::format("the funnel has no {} '{}'", std::string_view(key) == "steps" ? "step" : "column", name), "",
              spelling_cure(name, known, "there are"));
  }

  void of_study(const Node& table, const FigureRequest& figure) {
    std::vector<std::string> known;
    for (const Study& study : spec_.studies)
      for (const StudyOutcome& outcome : study.outcomes) known.push_back(outcome.name);
    for (const std::string& name : figure.outcomes)
      if (std::find(known.begin(), known.end(), name) == known.end())
        r_.problem(table.at(figure.draw == "forest" ? "panels" : "outcomes")->where,
                   fmt::format("unknown outcome '{}'", name), "[outcomes] doesn't have it",
                   spelling_cure(name, known, "it has"));
  }

  void of_appraisal(const Node& table, FigureRequest& figure) {
    if (!spec_.appraisal) return;  // what is wrong with it has been said
    std::vector<std::string> arms;
    for (const ArmText& arm : spec_.text.arms) arms.push_back(arm.name);
    for (const std::string_view key : {"arm", "arms"})
      for (const std::string& name : Reading::texts_at(table, key)) {
        if (name == "all") continue;
        figure.arms.push_back(name);
        if (std::find(arms.begin(), arms.end(), name) == arms.end())
          r_.problem(table.at(key)->where, fmt::format("unknown arm '{}'", name), "",
                     spelling_cure(name, arms, "the arms are"));
      }
    figure.of = Reading::text_at(table, "of");
    if (figure.of.empty()) return;
    std::vector<std::string> known;
    if (figure.draw == "study_worth")
      for (const NextStudy& study : spec_.appraisal->studies) known.push_back(study.name);
    else
      for (const Effect& effect : spec_.appraisal->effects) known.push_back(effect.name);
    if (std::find(known.begin(), known.end(), figure.of) == known.end())
      r_.problem(table.at("of")->where,
                 fmt::format("no {} is called '{}'", figure.draw == "study_worth" ? "study" : "effect", figure.of), "",
                 spelling_cure(figure.of, known, "there are"));
  }

  void of_forecast(const Node& table, const Member& member, FigureRequest& figure) {
    std::vector<std::string> known;
    for (const Forecast& forecast : spec_.text.forecasts) known.push_back(forecast.name);
    figure.of = Reading::text_at(table, "of");
    if (known.empty() && !r_.root.find("forecast"))
      r_.problem(member.where, "there is no forecast to draw", "", "add a table [[forecast]], or take the picture out");
    else if (!figure.of.empty() && std::find(known.begin(), known.end(), figure.of) == known.end())
      r_.problem(table.at("of")->where, fmt::format("no forecast is called '{}'", figure.of), "",
                 spelling_cure(figure.of, known, "there are"));
  }

  void of_projection(const Node& table, const Member& member, FigureRequest& figure) {
    if (table.find("arms"))
      for (const std::size_t arm : arms_at(r_, spec_, table, "arms")) figure.arms.push_back(spec_.arms[arm].name);
    if (figure.arms.size() == spec_.reported_arms) figure.arms.clear();  // empty: all
    if (figure.draw == "twin_traces") return twins(table, member, figure);
    if (figure.draw == "tornado") return tornado(table, member, figure);
    if (figure.draw == "levels") return of_one(table, member, "sweep", spec_.sweeps, figure);
    if (figure.draw == "decomposition") return of_one(table, member, "decomposition", spec_.decompositions, figure);
    if (figure.draw == "operating_characteristics") return trials(table, member, figure);
    if (figure.draw == "null_band" || figure.draw == "verdict_map") return falls(table, member, figure);
    if (figure.draw == "ridge" || figure.draw == "profile" || figure.draw == "targets")
      return learnt(table, member, figure);
    if (figure.draw == "items") return items(table, member, figure);
    if (figure.draw == "phases") return phases(table, member, figure);
    figure.series = Reading::text_at(table, "series");
    figure.axis = Reading::text_at(table, "axis");
    const auto wanted = figure.draw == "chance" ? OutcomeField::Kind::chance : OutcomeField::Kind::amount;
    std::vector<std::string> known;
    for (const SeriesField& series : r_.model->series)
      if (series.kind == wanted) known.push_back(series.name);
    if (figure.series.empty() && !known.empty()) figure.series = known.front();
    if (std::find(known.begin(), known.end(), figure.series) != known.end()) return;
    const SourceSpan where = table.at("series") ? table.at("series")->where : member.where;
    if (known.empty())
      r_.problem(where,
                 fmt::format("model '{}' has no weekly outcome to draw as a {}", r_.model->info.name, figure.draw), "",
                 "take the picture out");
    else
      r_.problem(where, fmt::format("'{}' can't be drawn as a {}", figure.series, figure.draw), "",
                 spelling_cure(figure.series, known, "weekly outcomes of that kind are"));
  }

  void twins(const Node& table, const Member& member, FigureRequest& figure) {
    constexpr double most_people = 6;
    if (r_.model->trace_lanes.empty())
      return r_.problem(member.where, fmt::format("model '{}' has no lives to draw", r_.model->info.name),
                        "twin traces are of people who are simulated one by one", "take the picture out");
    if (figure.arms.empty())
      for (std::size_t arm = 0; arm < spec_.reported_arms; ++arm) figure.arms.push_back(spec_.arms[arm].name);
    if (Reading::texts_at(table, "arms").size() == 2 && figure.arms.size() != 2) return;  // unknown: said already
    if (spec_.reported_arms > 0 && (figure.arms.size() != 2 || figure.arms[0] == figure.arms[1])) {
      std::vector<std::string> names;
      for (std::size_t arm = 0; arm < spec_.reported_arms; ++arm) names.push_back(spec_.arms[arm].name);
      return r_.problem(member.where, fmt::format("'{}' doesn't say of which two arms", member.name), "",
                        fmt::format("add arms = [\"...\", \"...\"]: two of {}", listed(names)));
    }
    const Node* people = table.at("people");
    if (people == nullptr || people->kind != Node::Kind::number || !people->whole) return;
    if (people->number >= 1 && people->number <= most_people)
      figure.people = static_cast<std::size_t>(people->number);
    else
      r_.problem(people->where, fmt::format("'people' can't be {}", people->text),
                 fmt::format("a picture has room for 1 to {:.0f}", most_people), "write people = 1");
  }

  // The one of these that a picture is of, by its name or label.
  template <class Each>
  void of_one(const Node& table, const Member& member, std::string_view what, const std::vector<Each>& all,
              FigureRequest& figure) {
    std::vector<std::string> known;
    for (const Each& each : all) known.push_back(each.name);
    if (known.empty()) {
      if (!r_.root.find(what))
        r_.problem(member.where, fmt::format("'{}' has no {} to draw", member.name, what), "",
                   fmt::format("add a [[{}]], or take the picture out", what));
      return;
    }
    const Node* of = table.at("of");
    if (!of && known.size() == 1) {
      figure.of = known.front();
      return;
    }
    if (!of)
      return r_.problem(member.where, fmt::format("'{}' doesn't say of which {}", member.name, what), "",
                        fmt::format("add of = \"...\": {}", listed(known, "or")));
    for (const Each& each : all)
      if (of->text == each.name || of->text == each.label) figure.of = each.name;
    if (figure.of.empty() && !has_named(r_.root, what, of->text))
      r_.problem(of->where, fmt::format("no {} is called '{}'", what, of->text), "",
                 spelling_cure(of->text, known, "there are"));
  }

  void trials(const Node& table, const Member& member, FigureRequest& figure) {
    std::vector<std::string> known;
    for (const TrialDesign& design : spec_.trials)
      for (const TrialAnalysis& analysis : design.analyses)
        if (std::find(known.begin(), known.end(), analysis.analysis.name) == known.end())
          known.push_back(analysis.analysis.name);
    if (known.empty()) {
      if (!r_.root.find("trial"))
        r_.problem(member.where, fmt::format("'{}' has no trial to draw", member.name), "",
                   "add a [[trial]], or take the picture out");
      return;
    }
    const Node* of = table.at("of");
    figure.of = of ? of->text : known.front();
    const Node* all = r_.root.at("trial");
    const bool is_wrong = std::any_of(all->items.begin(), all->items.end(), [&](const Node& trial) {
      return has_named(trial, "analysis", figure.of);  // what is wrong with it has been said
    });
    if (std::find(known.begin(), known.end(), figure.of) == known.end() && !is_wrong)
      r_.problem(of->where, fmt::format("no analysis of a trial is called '{}'", of->text), "",
                 spelling_cure(of->text, known, "there are"));
  }

  void falls(const Node& table, const Member& member, FigureRequest& figure) {
    if (spec_.placebos.empty()) {
      if (!r_.root.find("placebo"))
        r_.problem(member.where, fmt::format("'{}' has no placebo to draw", member.name), "",
                   "add a [[placebo]], or take the picture out");
      return;
    }
    figure.of = spec_.placebos.front().name;
    std::vector<std::string> known;
    for (const Placebo& placebo : spec_.placebos) known.push_back(placebo.name);
    if (const Node* of = table.at("of")) {
      figure.of = trimmed(of->text);
      if (std::find(known.begin(), known.end(), figure.of) == known.end())
        return r_.problem(of->where, fmt::format("no placebo is called '{}'", figure.of), "",
                          spelling_cure(figure.of, known, "there are"));
    }
    if (figure.draw == "null_band") return;
    std::vector<std::string> unknowns;
    for (const NullUnknown& unknown : spec_.null_programme.unknowns) unknowns.push_back(unknown.name);
    figure.parameters = Reading::texts_at(table, "parameters");
    for (const std::string& name : figure.parameters)
      if (std::find(unknowns.begin(), unknowns.end(), name) == unknowns.end())
        return r_.problem(table.at("parameters")->where, fmt::format("'{}' is no unknown", name), "",
                          spelling_cure(name, unknowns, "unknowns are"));
    const std::set<std::string> different(figure.parameters.begin(), figure.parameters.end());
    if (different.size() < 2 || different.size() != figure.parameters.size() || different.size() > 3)
      r_.problem(member.where, fmt::format("verdict map '{}' doesn't say of which unknowns", member.name), "",
                 fmt::format("add parameters = [\"...\", \"...\"]: two or three of {}", listed(unknowns)));
  }

  // A panel has room for one list, a picture for a second: a panel an item of it.
  void items(const Node& table, const Member& member, const FigureRequest& figure) {
    constexpr std::size_t most_lists = 2;
    std::vector<std::string> known;
    for (const OutcomeField& field : r_.model->outcomes)
      if (const std::size_t lists = lists_of(field.by_item).size(); lists > 0 && lists <= most_lists)
        known.push_back(field.name);
    if (known.empty())
      return r_.problem(member.where, fmt::format("model '{}' measures nothing by a list", r_.model->info.name), "",
                        "take the picture out");
    if (figure.outcomes.empty())
      return r_.problem(member.where, fmt::format("'{}' doesn't say of which outcomes", member.name), "",
                        fmt::format("add outcomes = [\"{}\"], or more of {}", known.front(), listed(known)));
    for (const std::string& name : figure.outcomes)
      if (std::find(known.begin(), known.end(), name) == known.end())
        return r_.problem(table.at("outcomes")->where, fmt::format("'{}' can't be drawn by items", name), "",
                          spelling_cure(name, known, "measured by a list or two are"));
  }

  // What a model measures before, during and after, with the falls between them.
  void phases(const Node& table, const Member& member, const FigureRequest& figure) {
    std::vector<std::string> known;
    constexpr std::string_view fall = "fall_", after = "_after";
    for (const OutcomeField& field : r_.model->outcomes)
      if (field.name.starts_with(fall) && field.name.ends_with(after))
        known.push_back(field.name.substr(fall.size(), field.name.size() - fall.size() - after.size()));
    if (known.empty())
      return r_.problem(member.where, fmt::format("model '{}' measures no fall between phases", r_.model->info.name),
                        "", "take the picture out");
    if (figure.outcomes.empty())
      return r_.problem(member.where, fmt::format("'{}' doesn't say of which outcomes", member.name), "",
                        fmt::format("add outcomes = [\"{}\"], or more of {}", known.front(), listed(known)));
    for (const std::string& name : figure.outcomes)
      if (std::find(known.begin(), known.end(), name) == known.end())
        return r_.problem(table.at("outcomes")->where, fmt::format("'{}' can't be drawn by phases", name), "",
                          spelling_cure(name, known, "measured in each phase, with their falls, are"));
  }

  void learnt(const Node& table, const Member& member, FigureRequest& figure) {
    if (!spec_.calibration) {
      if (!r_.root.find("target"))
        r_.problem(member.where, fmt::format("'{}' has no target to draw", member.name), "",
                   "add a [[target]], or take the picture out");
      return;
    }
    std::vector<std::string> known;
    for (const std::size_t slot : spec_.calibration->informed) known.push_back(spec_.parameters[slot].name);
    figure.parameters = Reading::texts_at(table, "parameters");
    for (const std::string& axis : figure.parameters)
      for (const std::string& name : figure.draw == "ridge" ? parts_of_quotient(axis) : std::vector{axis})
        if (std::find(known.begin(), known.end(), name) == known.end())
          return r_.problem(table.at("parameters")->where, fmt::format("no target informs '{}'", name), "",
                            spelling_cure(name, known, "informed are"));
    if (figure.draw == "ridge" && figure.parameters.size() != 2)
      r_.problem(member.where, fmt::format("ridge '{}' doesn't say of which two parameters", member.name), "",
                 fmt::format("add parameters = [\"...\", \"...\"]: two of {}", listed(known)));
  }

  // Two variants for each uncertain parameter: the arm with that parameter at one end of its range, on common luck.
  void tornado(const Node& table, const Member& member, FigureRequest& figure) {
    const Node* of = table.at("of");
    if (!of)
      return r_.problem(member.where, fmt::format("tornado '{}' doesn't say of what", member.name), "",
                        "add of = \"...\", an outcome");
    const auto outcome = read_outcome_name(r_, spec_, of->text, of->where);
    std::size_t chosen = 0;
    if (const Node* arm = table.at("arm")) {
      const auto arms = arms_at(r_, spec_, table, "arm");
      if (arms.size() > 1) return r_.problem(arm->where, "a tornado is of one arm", "", "name one");
      if (arms.empty()) return;
      chosen = arms.front();
    } else if (spec_.reported_arms > 1) {
      std::vector<std::string> names;
      for (std::size_t i = 0; i < spec_.reported_arms; ++i) names.push_back(spec_.arms[i].name);
      return r_.problem(member.where, fmt::format("tornado '{}' doesn't say of which arm", member.name), "",
                        fmt::format("add arm = \"...\": {}", listed(names, "or")));
    }
    if (!outcome || spec_.reported_arms == 0) return;
    figure.of = outcome->outcome;
    figure.item = outcome->item;
    figure.arms = {spec_.arms[chosen].name};
    Influence influence;
    influence.arm = chosen;
    influence.outcome = outcome->slot;
    influence.parameters = uncertain_slots(spec_, spec_.arms[chosen]);
    for (const std::size_t slot : influence.parameters)
      influence.ends.push_back({variant(chosen, slot, "low"), variant(chosen, slot, "high"), 0, 0});
    spec_.estimands.influences.push_back(std::move(influence));
  }

  // Tornados of one arm share their variants.
  std::size_t variant(std::size_t arm, std::size_t slot, std::string_view end) {
    const std::string name = fmt::format("{} ({} {})", spec_.arms[arm].name, spec_.parameters[slot].name, end);
    for (std::size_t i = spec_.reported_arms; i < spec_.arms.size(); ++i)
      if (spec_.arms[i].name == name) return i;
    Arm variant{name, name, spec_.arms[arm].layout, true, {}};
    spec_.arms.push_back(std::move(variant));
    return spec_.arms.size() - 1;
  }

  Reading& r_;
  ExperimentSpec& spec_;
};

}  // namespace

void set_tornado_ends(ExperimentSpec& spec, const ParameterDraws& draws) {
  for (Influence& influence : spec.estimands.influences)
    for (std::size_t i = 0; i < influence.parameters.size(); ++i) {
      const std::size_t slot = influence.parameters[i];
      const Law& law = spec.parameters[slot].law;
      const bool bounded = is_range(law);
      Influence::Ends& ends = influence.ends[i];
      ends.low = draws.quantile(slot, bounded ? 0 : 0.025);
      ends.high = draws.quantile(slot, bounded ? 1 : 0.975);
      spec.arms[ends.low_arm].overrides = {{slot, ends.low}};
      spec.arms[ends.high_arm].overrides = {{slot, ends.high}};
    }
}

void read_pictures(Reading& reading, ExperimentSpec& spec) { PictureReader(reading, spec).read(); }

}  // namespace desist
