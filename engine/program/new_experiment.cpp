#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/authoring.hpp"
#include "engine/program/experiment_writer.hpp"
#include "engine/program/figure.hpp"

namespace desist {
namespace {

// --- a study ---

std::string new_study() {
  ExperimentWriter writer(For::study);
  writer.head("a study of a published table; its numbers are invented");
  writer.section("experiment", {{"name", quoted("my-study")},
                                {"question", quoted("Did fewer people reoffend if they were sent on the course?")},
                                {"decision", quoted("Whether this table is a reason to buy the course again")}});
  writer.section("study", {{"source", quoted("Where the table is printed: document, page, table")},
                           {"design", quoted("compared")},
                           {"followed_for", quoted("12 months")}});
  const std::string why = quoted("Invented: put the id of an evidence row here, with evidence in place of assumption.");
  const auto cell = [&](std::string_view name, std::string_view printed) {
    writer.raw(fmt::format("{:<10} = {{ printed = \"{}\", assumption = {} }}", name, printed, why));
  };
  const struct {
    const char *name, *people, *any, *violent;
  } groups[] = {{"control", "120", "30%", "12%"}, {"completed", "80", "10%", "5%"}, {"breached", "40", "45%", "20%"}};
  for (const auto& group : groups) {
    writer.section("group", {{"name", quoted(group.name)}, {"role", quoted(group.name)}}, &group == groups);
    if (&group == groups)
      writer.comment(
          "The cells, copied exactly as printed: people, then one for each outcome (\"any_pct\" where both a count and "
          "a percentage stand).");
    cell("people", group.people);
    cell("any", group.any);
    cell("violent", group.violent);
  }
  writer.section("comparison", {{"label", quoted("Everyone sent on the course")},
                                {"treated", "[\"completed\", \"breached\"]"},
                                {"against", quoted("control")}});
  writer.section("comparison",
                 {{"label", quoted("As reported: completers only")},
                  {"treated", "[\"completed\"]"},
                  {"against", quoted("control")}},
                 false);
  writer.begin_named("outcomes");
  writer.named("outcomes", "any",
               {{"label", quoted("Any recorded offence")},
                {"short", quoted("Any")},
                {"headline", "true"},
                {"better", quoted("fewer")}});
  writer.named("outcomes", "violent",
               {{"label", quoted("A violent offence")},
                {"short", quoted("Violence")},
                {"headline", "true"},
                {"better", quoted("fewer")},
                {"part_of", "[\"any\"]"}});
  writer.blank();
  writer.comment(
      "Also possible: [parameters.missing_people] (people in no row) and [parameters.recording] (contact brings "
      "reports).");
  writer.raw("[parameters.worth_having]");
  writer.raw("label  = \"Smallest difference worth paying for\"");
  writer.raw("value  = \"5 fewer people in every 100\"");
  writer.raw("choice = \"Ours to set. Used only to say how many people would settle it.\"");
  writer.section("claim", {{"text", quoted("completers were 67% less likely to reoffend")},
                           {"where", quoted("page 3")},
                           {"test", quoted("relative reduction")},
                           {"outcome", quoted("any")},
                           {"treated", "[\"completed\"]"},
                           {"against", quoted("control")},
                           {"printed", quoted("67%")}});
  writer.offer_sum();
  writer.section(
      "ask", {{"figures", quoted("For each person: the group, completed or not, and the date of each later record")},
              {"because", quoted("Everyone then counts, and for as long as they were followed.")}});
  writer.begin_named("figures");
  writer.named("figures", "comparisons", {{"draw", quoted("forest")}, {"panels", "[\"any\", \"violent\"]"}});
  writer.named("figures", "groups", {{"draw", quoted("bars")}, {"outcomes", "[\"any\", \"violent\"]"}});
  writer.section("plan", {{"seed", "1"}});
  return writer.text();
}

// --- a projection by a model ---

// An example inside the range: a few units, or what switches the matter off.
/// What services have to decide: the first of these that a model takes is what its second arm changes.
constexpr const char* levers[] = {"hearings",     "workers", "staff_hours", "courses",
                                  "fixed_places", "servers", "carriers"};
/// What is ours to set, and no range.
constexpr const char* yardsticks[] = {"yardstick", "wanted_share", "clear_limit", "long_wait", "due", "crew"};
/// Examples, in the field's own unit, that go together: a service that can nearly cope with four to six cases a week.
constexpr std::pair<const char*, double> examples[] = {
    {"wanted_share", 0.8}, {"meeting_interval", 1}, {"clear_limit", 2}, {"staff_hours", 55}, {"fixed_places", 60},
    {"servers", 4},        {"time", 0.5},           {"officers", 200},  {"carriers", 110},   {"crew", 2},
    {"workers", 12},       {"completion", 0.6},     {"stay_spread", 1}, {"due", 4},          {"session_interval", 2}};

template <std::size_t n>
bool is_one_of(const char* const (&names)[n], const std::string& name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

double example_of(const ParameterField& field) {
  if (field.off) return *field.off;
  double wanted = field.unit.thing == "share" ? 0.2 : 4;
  for (const auto& [name, value] : examples)
    if (field.name == name) wanted = value;
  return std::clamp(wanted, field.range.low, field.range.high);
}

std::string figure_line(const ParameterField& field, bool uncertain) {
  const std::string choice = fmt::format("choice = {}", quoted("An example: say where yours comes from."));
  const auto written = [&](double value) { return shown_value(value, field.unit); };
  switch (field.kind) {
    case ParameterField::Kind::number: {
      const double low = example_of(field);
      const double high = std::min(low * 1.5, field.range.high);
      if (!uncertain || high <= low) return fmt::format("value = {}, {}", quoted(written(low)), choice);
      const Unit& unit = field.unit;
      const std::string range = unit.thing == "share" ? fmt::format("{}% to {}", shortest(low * 100), written(high))
                                                      : fmt::format("{} to {}", shortest(low), written(high));
      return fmt::format("range = {}, assumption = {}", quoted(range), quoted("An example: say why this range."));
    }
    case ParameterField::Kind::one_of: {
      const std::string& word = field.choices.at(field.off ? static_cast<std::size_t>(*field.off) : 0);
      return fmt::format("value = {}, {}", quoted(word), choice);
    }
    case ParameterField::Kind::items:
      return fmt::format("value = {}, {}", quoted(shown_value(3, field.unit)), choice);
    case ParameterField::Kind::dates:
      return fmt::format("value = [2025-06-30], {}", choice);
    case ParameterField::Kind::shares:
      return fmt::format("value = [\"40%\", \"60%\"], {}", choice);
  }
  return "";
}

std::string about(const ParameterField& field) {
  std::string text = field.help;
  if (field.kind == ParameterField::Kind::one_of) text += fmt::format(" One of {}.", listed(field.choices, "or"));
  if (field.kind == ParameterField::Kind::number && (field.range.low > 0 || std::isfinite(field.range.high)))
    text += std::isfinite(field.range.high)
                ? fmt::format(" Between {} and {}.", shown_value(field.range.low, field.unit),
                              shown_value(field.range.high, field.unit))
                : fmt::format(" At least {}.", shown_value(field.range.low, field.unit));
  if (field.varies.in_time) text += " May change: from = 2025-03-01.";
  if (!field.varies.by_item.empty()) text += fmt::format(" May differ: where = \"1 of 3 {}\".", field.varies.by_item);
  if (field.off) text += " May be left out.";
  return text;
}

void offer_targets(ExperimentWriter& writer, const ModelRecord& model) {
  const auto amount = std::find_if(model.outcomes.begin(), model.outcomes.end(), [](const OutcomeField& each) {
    return each.kind == OutcomeField::Kind::amount && each.by_item.empty();
  });
  if (amount == model.outcomes.end()) return;
  writer.offer("target", {{"name", quoted("seen")},
                          {"of", quoted(amount->name)},
                          {"value", quoted(shown_value(8, amount->unit))},
                          {"evidence", quoted("some.id")}});
  writer.offer("calibration", {});
}

// The first two amounts in one unit, and a mechanism that a number switches off.
void offer_decomposition(ExperimentWriter& writer, const ModelRecord& model, const ParameterField& lever) {
  const auto is_plain = [](const OutcomeField& each) {
    return each.kind == OutcomeField::Kind::amount && each.by_item.empty();
  };
  for (std::size_t a = 0; a < model.outcomes.size(); ++a)
    for (std::size_t b = a + 1; b < model.outcomes.size(); ++b) {
      const OutcomeField &from = model.outcomes[a], &to = model.outcomes[b];
      if (!is_plain(from) || !is_plain(to) || from.unit.text() != to.unit.text()) continue;
      writer.offer("decomposition", {{"label", quoted("Fall")},
                                     {"from", quoted(from.name)},
                                     {"to", quoted(to.name)},
                                     {"off", fmt::format("{{ \"Mechanism\" = {{ {} = \"{}\" }} }}", lever.name,
                                                         shown_value(example_of(lever), lever.unit))}});
      return;
    }
}

// A virtual trial of people: commented out, since it takes two arms that differ in the programme.
void offer_trial(ExperimentWriter& writer, const ModelRecord& model) {
  if (model.history_types.empty()) return;
  writer.offer("trial", {{"name", quoted("planned")},
                         {"label", quoted("As planned")},
                         {"treated", quoted("course")},
                         {"assign", quoted("in blocks")},
                         {"follow_up", quoted("12 months")},
                         {"sizes", "[100, 200, 400]"},
                         {"analysis", "[{ name = \"any\", method = \"risks\" }]"}});
}

// The first chance of a model as people name it, if it has one: "clear by 2025-06-30".
std::string first_chance(const ModelRecord& model) {
  for (const OutcomeField& field : model.outcomes)  // who starts in time comes before what else may be enough
    if (field.kind == OutcomeField::Kind::chance && field.name == "in_time" && field.by_item.empty()) return field.name;
  for (const OutcomeField& field : model.outcomes) {
    if (field.kind != OutcomeField::Kind::chance) continue;
    if (field.by_item.empty()) return field.name;
    for (const ParameterField& list : model.parameters)
      if (list.name == field.by_item)
        return field.name + (list.kind == ParameterField::Kind::dates ? " by 2025-06-30" : " in 1");
  }
  return "";
}

// A number of the model and what one of it is: "hearings a week".
std::string level_name(const ParameterField& field) {
  if (field.unit.time_power < 0) return field.name + " a week";
  return field.unit.thing == "share" ? field.name + " in 100" : field.name;
}

// Two amounts in one unit: those of the phases before and after where a model has them.
void offer_placebo(ExperimentWriter& writer, const ModelRecord& model, const ParameterField* lever) {
  const auto ends = [](const OutcomeField& each, std::string_view end) {
    return each.kind == OutcomeField::Kind::amount && each.by_item.empty() && each.name.ends_with(end);
  };
  const auto named = [&](std::string_view end) {
    return std::find_if(model.outcomes.begin(), model.outcomes.end(),
                        [&](const OutcomeField& each) { return ends(each, end); });
  };
  const auto before = named("_before"), after = named("_after");
  const bool phases = before != model.outcomes.end() && after != model.outcomes.end();
  writer.offer("null_programme", {{"arms", "[\"as_it_is\"]"}});
  writer.offer("unknown", {{"vary", quoted(lever ? level_name(*lever) : "a_number")},
                           {"levels", "[1, 2, 3]"},
                           {"label", quoted("What nobody prints")},
                           {"assumption", quoted("Not printed. Why these levels.")}});
  writer.offer("placebo", {{"name", quoted("fall")},
                           {"label", quoted("Fall")},
                           {"before", quoted(phases ? before->name : "an_amount")},
                           {"after", quoted(phases ? after->name : "another")},
                           {"printed_fall", "{ value = \"49%\", evidence = \"some.id\" }"}});
  writer.offer("part", {});
}

const ParameterField* lever_of(const ModelRecord& model) {
  const auto may_vary = [](const ParameterField& field) {
    return field.kind == ParameterField::Kind::number && !field.off;
  };
  for (const char* const name : levers)
    for (const ParameterField& field : model.parameters)
      if (field.name == name && may_vary(field)) return &field;
  const auto first = std::find_if(model.parameters.begin(), model.parameters.end(), may_vary);
  return first == model.parameters.end() ? nullptr : &*first;
}

// The chance that answers and one amount for people; the others stand there to be chosen from.
void write_outcomes(ExperimentWriter& writer, const ModelRecord& model, const std::string& chance) {
  const auto waiting = std::find_if(model.outcomes.begin(), model.outcomes.end(),
                                    [](const OutcomeField& field) { return field.name == "backlog_on"; });
  const auto amount = std::find_if(model.outcomes.begin(), model.outcomes.end(),
                                   [](const OutcomeField& field) { return field.kind == OutcomeField::Kind::amount; });
  const std::string people = waiting != model.outcomes.end()  ? waiting->name
                             : amount != model.outcomes.end() ? amount->name
                                                              : "";
  for (const OutcomeField& field : model.outcomes) {
    writer.comment(field.help);
    std::string label = field.name == "backlog_on" ? "waiting" : field.name;
    std::replace(label.begin(), label.end(), '_', ' ');
    label[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(label[0])));
    const bool answers = field.name == (chance.empty() ? people : chance);
    if (answers || field.name == people)
      writer.named("outcomes", field.name,
                   {{"line", quoted(answers ? "answer" : "people")}, {"label", desist::quoted(label)}});
    else
      writer.raw(fmt::format("# {} = {{ line = \"{}\" }}", field.name,
                             field.kind == OutcomeField::Kind::chance ? "answer" : "people"));
  }
}

std::string new_projection(const ModelRecord& model) {
  ExperimentWriter writer(For::projection);
  const std::string name(model.info.name);
  writer.head(fmt::format("a projection by the model \"{}\"; its numbers are examples", name));
  writer.section("experiment", {{"name", quoted("my-" + name)},
                                {"model", quoted(name)},
                                {"question", quoted("What do we want to know?")},
                                {"starts", "2025-01-01"},
                                {"ends", "2025-12-31"}});
  writer.blank();
  writer.comment(
      "Every figure that the model needs. A figure is value or range with its unit as text, and one source.");
  for (const Key& key : figure_keys().keys) writer.comment(fmt::format("  {} ({})", key.name, key.help));
  writer.raw("[parameters]");
  const ParameterField* lever = lever_of(model);
  bool any_range = false;
  for (const ParameterField& field : model.parameters) {
    const bool number = field.kind == ParameterField::Kind::number;
    const bool measured = field.kind == ParameterField::Kind::dates &&
                          std::any_of(model.outcomes.begin(), model.outcomes.end(),
                                      [&](const OutcomeField& o) { return o.by_item == field.name; });
    const bool uncertain = number && !field.off && !is_one_of(yardsticks, field.name);
    any_range = any_range || uncertain;
    const bool left_out = field.off && !measured;
    writer.comment(about(field));
    writer.raw(fmt::format("{}{} = {{ {} }}", left_out ? "# " : "", field.name, figure_line(field, uncertain)));
  }
  writer.section("arm", {{"name", quoted("as_it_is")}, {"label", quoted("As it is")}});
  if (lever) {
    writer.section("arm", {{"name", quoted("changed")}, {"label", quoted("With a change")}}, false);
    writer.raw(fmt::format("[arm.set.{}]", lever->name));
    writer.raw(fmt::format("value  = {}",
                           quoted(shown_value(std::min(2 * example_of(*lever), lever->range.high), lever->unit))));
    writer.raw("choice = \"What this arm changes, and why.\"");
  }
  writer.begin_named("outcomes");
  const std::string chance = first_chance(model);
  write_outcomes(writer, model, chance.substr(0, chance.find(' ')));
  if (!chance.empty()) {
    if (lever && is_one_of(levers, lever->name)) {
      std::string label = level_name(*lever);
      std::replace(label.begin(), label.end(), '_', ' ');
      Lines need{{"label", desist::quoted(label)},
                 {"find", quoted(level_name(*lever))},
                 {"so_that", quoted(chance + ", with a chance of 90%")},
                 {"in", "[\"as_it_is\"]"}};
      if (!lever->varies.by_item.empty()) need["where"] = quoted("all");
      writer.section("need", need);
    }
    if (lever)
      writer.offer("sweep", {{"label", quoted("Levels")},
                             {"of", quoted(chance)},
                             {"vary", quoted(level_name(*lever))},
                             {"levels", "[4, 5, 6, 7, 8]"}});
    if (lever) offer_decomposition(writer, model, *lever);
    if (lever) writer.offer("best", {{"outcome", quoted(chance)}, {"within", quoted("2 in 100")}});
    writer.section("claim", {{"text", quoted("The sentence, verbatim.")},
                             {"where", quoted("Document and page")},
                             {"arms", quoted("all")},
                             {"test", quoted(chance)}});
  }
  offer_targets(writer, model);
  offer_trial(writer, model);
  offer_placebo(writer, model, lever ? &*lever : nullptr);
  writer.offer_sum();
  writer.section("ask",
                 {{"figures", quoted("Which figures, in what form")}, {"because", quoted("What they would settle.")}});
  writer.begin_named("figures");
  const auto series = [&](OutcomeField::Kind kind) {
    return std::find_if(model.series.begin(), model.series.end(), [&](const SeriesField& s) { return s.kind == kind; });
  };
  if (const auto fan = series(OutcomeField::Kind::amount); fan != model.series.end())
    writer.named("figures", "by_week",
                 {{"draw", quoted("fan")}, {"series", quoted(fan->name)}, {"arms", quoted("all")}});
  if (const auto chances = series(OutcomeField::Kind::chance); chances != model.series.end())
    writer.named("figures", "chances",
                 {{"draw", quoted("chance")}, {"series", quoted(chances->name)}, {"arms", quoted("all")}});
  if (!chance.empty() && any_range)
    writer.named("figures", "what_decides",
                 {{"draw", quoted("tornado")}, {"of", quoted(chance)}, {"arm", quoted("as_it_is")}});
  writer.section("plan", {{"seed", "1"}, {"draws", "2000"}, {"replicates_per_draw", "2"}});
  return writer.text();
}

// --- a study of people ---

std::string new_people() {
  ExperimentWriter writer(For::people);
  writer.head("a study of people; it reads data/people.csv, a file with one row a person that you bring");
  writer.section("experiment", {{"name", quoted("my-people")},
                                {"question", quoted("Did people who were sent on the course reoffend less?")},
                                {"decision", quoted("Whether to buy the course again")}});
  writer.section("study", {{"source", quoted("Where the data come from")}, {"design", quoted("compared")}});
  writer.section("data", {{"file", quoted("data/people.csv")}, {"arm", quoted("sent")}, {"describe", "[\"age\"]"}});
  writer.begin_named("columns");
  writer.named("columns", "sent", {{"type", quoted("yes or no")}, {"label", quoted("Sent on the course")}});
  writer.named("columns", "age", {{"type", quoted("number")}, {"unit", quoted("year")}, {"from", "10"}, {"to", "100"}});
  writer.named("columns", "reoffended", {{"type", quoted("yes or no")}});
  writer.named("columns", "days", {{"type", quoted("number")}, {"unit", quoted("day")}});
  writer.begin_named("outcomes");
  writer.named("outcomes", "any",
               {{"label", quoted("Any recorded offence")}, {"headline", "true"}, {"yes_no", quoted("reoffended")}});
  writer.named("outcomes", "until",
               {{"label", quoted("Time to the first offence")},
                {"time", quoted("days")},
                {"event", quoted("reoffended")},
                {"unit", quoted("day")}});
  writer.offer("events", {{"file", quoted("data/offences.csv")},
                          {"id", quoted("person")},
                          {"committed", quoted("committed")},
                          {"columns", "{ person = { type = \"text\" }, committed = { type = \"date\" } }"}});
  writer.offer("custody", {{"file", quoted("data/custody.csv")},
                           {"id", quoted("person")},
                           {"from", quoted("from")},
                           {"to", quoted("to")},
                           {"columns",
                            "{ person = { type = \"text\" }, from = { type = \"date\" }, to = { type = "
                            "\"date\" } }"}});
  writer.offer("flow", {});
  writer.offer("result", {});
  writer.section("analysis", {{"name", quoted("risk")}, {"method", quoted("risks")}, {"outcome", quoted("any")}});
  writer.section("analysis", {{"name", quoted("hazard")}, {"method", quoted("cox")}, {"outcome", quoted("until")}},
                 false);
  writer.raw("adjust  = [\"age\"]");
  writer.section("analysis",
                 {{"name", quoted("curve")}, {"method", quoted("kaplan_meier")}, {"outcome", quoted("until")}}, false);
  writer.offer_sum();
  writer.section("ask",
                 {{"figures", quoted("Which figures, in what form")}, {"because", quoted("What they would settle.")}});
  writer.begin_named("figures");
  writer.named("figures", "time_to_offence", {{"draw", quoted("survival")}, {"analysis", "[\"curve\"]"}});
  writer.section("plan", {{"seed", "1"}});
  return writer.text();
}

// --- a forecast alone ---

std::string new_forecast() {
  ExperimentWriter writer(For::projection);
  writer.head("a forecast of a yearly count, from rows of evidence/*.csv: put ids of your own in its series");
  writer.raw("[experiment]");
  writer.raw("name     = \"my-forecast\"");
  writer.raw("question = \"How many will there be in the next years?\"");
  writer.raw("decision = \"How many places to buy\"");
  writer.section("forecast", {{"name", quoted("resolutions")},
                              {"label", quoted("Out-of-court resolutions")},
                              {"series", "[\"oocr.baseline\", \"oocr.2024_25\", \"oocr.2025_26\"]"},
                              {"same_definition", quoted("One answer to the board prints all three.")},
                              {"next_year", "2026-04-01"},
                              {"years", "2"}});
  writer.section("ask",
                 {{"figures", quoted("Which figures, in what form")}, {"because", quoted("What they would settle.")}});
  writer.raw("\n[figures]");
  writer.named("figures", "counted_and_forecast", {{"draw", quoted("forecast")}});
  writer.raw("\n[plan]\nseed = 1");
  return writer.text();
}

// --- a funnel of printed counts ---

std::string new_funnel() {
  ExperimentWriter writer(For::people);
  writer.head("a funnel of printed counts: put ids of your own in its steps");
  writer.raw("[experiment]");
  writer.raw("name     = \"my-funnel\"");
  writer.raw("question = \"How many of those who enter finish?\"");
  writer.raw("decision = \"Whether to pay for more places, or for keeping people in those there are\"");
  writer.section("funnel", {{"counted", quoted("people")}});
  writer.offer("column", {{"name", quoted("2022/23")}, {"definition", quoted("One table, one heading")}});
  writer.section("step", {{"name", quoted("entered")},
                          {"label", quoted("Entered rehabilitation")},
                          {"printed", quoted("27")},
                          {"evidence", quoted("o2r.pilot.rehab")},
                          {"adds_up", "true"}});
  writer.section("step",
                 {{"name", quoted("still")},
                  {"label", quoted("Still there")},
                  {"printed", quoted("3")},
                  {"evidence", quoted("o2r.pilot.rehab.still")},
                  {"of", quoted("entered")},
                  {"way", quoted("open")}},
                 false);
  writer.section("step",
                 {{"name", quoted("early")},
                  {"label", quoted("Left early")},
                  {"printed", quoted("20")},
                  {"evidence", quoted("o2r.pilot.rehab.early")},
                  {"of", quoted("entered")},
                  {"way", quoted("out")}},
                 false);
  writer.section("step",
                 {{"name", quoted("completed")},
                  {"label", quoted("Completed the programme")},
                  {"printed", quoted("4")},
                  {"evidence", quoted("o2r.pilot.rehab.complete")},
                  {"of", quoted("entered")},
                  {"headline", "true"}},
                 false);
  writer.offer_sum();
  writer.section("ask",
                 {{"figures", quoted("Which figures, in what form")}, {"because", quoted("What they would settle.")}});
  writer.raw("\n[figures]");
  writer.named("figures", "steps", {{"draw", quoted("funnel_steps")}});
  writer.raw("\n[plan]\nseed = 1");
  return writer.text();
}

}  // namespace

std::vector<std::string> experiment_kinds(const Catalogue& catalogue) {
  std::vector<std::string> kinds{"appraisal", "forecast", "funnel", "people", "study"};
  for (const ModelRecord& model : catalogue.models) kinds.emplace_back(model.info.name);
  std::sort(kinds.begin(), kinds.end());
  return kinds;
}

std::string new_experiment(const std::string& kind, const Catalogue& catalogue) {
  if (kind == "study") return new_study();
  if (kind == "people") return new_people();
  if (kind == "appraisal") return new_appraisal();
  if (kind == "forecast") return new_forecast();
  if (kind == "funnel") return new_funnel();
  if (const ModelRecord* model = catalogue.find(kind)) return new_projection(*model);
  const std::vector<std::string> known = experiment_kinds(catalogue);
  if (kind.empty())
    throw Failure(
        ExitCode::usage,
        fmt::format("desist: `desist new` needs to know what for\n  write one of {} behind it", listed(known, "or")));
  const auto near = did_you_mean(kind, known);
  throw Failure(ExitCode::usage,
                fmt::format("desist: no kind of experiment is called '{}'\n  {}", kind,
                            near ? fmt::format("did you mean '{}'?", *near) : "it is one of " + listed(known, "or")));
}

}  // namespace desist
