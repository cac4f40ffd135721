#include <fmt/format.h>

#include "engine/program/experiment_writer.hpp"

namespace desist {
namespace {

void appraisal_head(ExperimentWriter& writer) {
  writer.head("an appraisal without a model; its numbers are examples");
  writer.section("experiment", {{"name", quoted("my-appraisal")},
                                {"question", quoted("Is the course worth its money?")},
                                {"decision", quoted("Whether to buy the course again, or to find out more first")},
                                {"starts", "2026-04-01"}});
  writer.section(
      "appraisal",
      {{"years", "3"}, {"evidence_years", "1"}, {"prices", quoted("2024/25")}, {"discount", "[\"standard\"]"}});
  writer.comment("together = { \"the effect\" = [\"reoffend_without\", \"reoffend_with\"] }");
}

void appraisal_inputs(ExperimentWriter& writer) {
  const std::string choice = "choice = \"An example: say where yours comes from.\"";
  const std::string assumption = "assumption = \"An example: say why this range.\"";
  writer.blank();
  writer.comment(
      "Figures of your own. Each has its unit in its own text: £, a noun, per a noun, per a time; \"35%\"; \"1.6\".");
  writer.comment("Money says of which year it is: prices. A share may come from a study instead ([[posterior]]).");
  for (const Key& key : input_keys().keys) writer.comment(fmt::format("  {} ({})", key.name, key.help));
  writer.raw("[inputs]");
  const auto input = [&](std::string_view name, std::string_view figure, const std::string& source) {
    writer.raw(fmt::format("{:<16} = {{ {}, {} }}", name, figure, source));
  };
  input("people", "value = \"300 people\"",
        "choice = \"An example: those of one year, who are followed for all years of the appraisal.\"");
  input("sent", "value = \"0%\"", "choice = \"Nobody is sent; an arm below sends everyone.\"");
  input("course_cost", "range = \"£200 to £320 per person\", prices = \"2024/25\"", assumption);
  input("reoffend_without", "range = \"25% to 35%\"", assumption);
  input("reoffend_with", "range = \"18% to 33%\"", assumption);
  input("offences_each", "range = \"1 to 2.9 offences per person per year\"", assumption);
  input("offence_cost", "range = \"£2,000 to £9,000 per offence\", prices = \"2015/16\"", assumption);
  input("half_life", "range = \"6 to 24 months\"", assumption);
  input("trial_cost", "value = \"£150,000\", prices = \"2024/25\"", choice);
}

void appraisal_sections_of(ExperimentWriter& writer) {
  const std::string offences =
      quoted("people * ((1 - sent) * reoffend_without + sent * reoffend_with) * offences_each");
  writer.section("arm", {{"name", quoted("without")}, {"label", quoted("No course")}});
  writer.section("arm", {{"name", quoted("course")}, {"label", quoted("Everyone is sent on the course")}}, false);
  writer.raw("[arm.set]\nsent = { value = \"100%\", choice = \"What this arm changes, and why.\" }");
  writer.section("flow", {{"name", quoted("course")},
                          {"label", quoted("Running the course")},
                          {"bearer", quoted("police")},
                          {"kind", quoted("cashable")},
                          {"is", quoted("programme cost")},
                          {"quantity", quoted("sent * people")},
                          {"each", quoted("course_cost")},
                          {"optimism_bias", quoted("10%")}});
  writer.section("flow",
                 {{"name", quoted("offences")},
                  {"label", quoted("Offences")},
                  {"bearer", quoted("victims")},
                  {"kind", quoted("economic")},
                  {"is", quoted("cost")},
                  {"quantity", offences},
                  {"each", quoted("offence_cost")},
                  {"fades", "true"}},
                 false);
  writer.section("fade", {{"name", quoted("halves")}, {"form", quoted("exponential")}, {"time", quoted("half_life")}});
  writer.section("fade", {{"name", quoted("stops")}, {"form", quoted("stops")}}, false);
  writer.section("effect", {{"name", quoted("offences")},
                            {"label", quoted("Offences")},
                            {"of", offences},
                            {"worth", quoted("£0 to £20,000")},
                            {"fades", "true"}});
  writer.section("next_study", {{"name", quoted("trial")},
                                {"label", quoted("A trial first")},
                                {"measure", quoted("risks")},
                                {"control", quoted("reoffend_without")},
                                {"treated", quoted("reoffend_with")},
                                {"sizes", "[100, 200, 400, 800]"},
                                {"cost_fixed", quoted("trial_cost")},
                                {"recruits_a_year", quoted("people")},
                                {"answer_after", quoted("18 months")},
                                {"decision_lasts", quoted("10 years")},
                                {"people_a_year", quoted("people")},
                                {"appraised_people", quoted("people")}});
  writer.section(
      "break_even",
      {{"of", quoted("reoffend_with")}, {"arm", quoted("course")}, {"label", quoted("Reoffending after the course")}});
}

}  // namespace

std::string new_appraisal() {
  ExperimentWriter writer(For::projection);
  appraisal_head(writer);
  appraisal_inputs(writer);
  appraisal_sections_of(writer);
  writer.offer("social_group", {{"name", quoted("poorest")}});
  writer.offer("portfolio", {{"budget", quoted("budget")}});
  writer.offer("programme", {});
  writer.offer("strategy", {});
  writer.offer_sum();
  writer.section("ask",
                 {{"figures", quoted("Which figures, in what form")}, {"because", quoted("What they would settle.")}});
  writer.raw("\n[figures]");
  writer.named("figures", "what_decides", {{"draw", quoted("npv_tornado")}});
  writer.named("figures", "who_gains", {{"draw", quoted("value_by_bearer")}});
  writer.raw("\n[plan]\nseed = 1");
  return writer.text();
}

}  // namespace desist
