// What is said of targets: from a made-up result, every sentence of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/report/answers.hpp"
#include "engine/report/figures.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/tables.hpp"
#include "tests/report/example_inputs.hpp"

namespace desist {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Rate and weeks are known together only, the effect is known, and nothing tells of the wait. Invented.
ReportInput learnt() {
  ReportInput input = tests::projection_input();
  input.parameters = {{"rate", "Rate", "offence/year", UniformLaw{20, 400}},
                      {"weeks_before", "Weeks", "week", UniformLaw{4, 104}},
                      {"effect", "Effect", "share", UniformLaw{0, 1}},
                      {"arm.wait", "Wait", "", UniformLaw{-1, 1}}};
  Calibration asked;
  asked.informed = {0, 1, 2, 3};
  Target before, held;
  before.name = before.label = "before";
  before.low = before.high = 54;
  held.name = "desistance";
  held.label = "Desistance";
  held.low = 0.71;
  held.high = 0.83;
  held.fitted = false;
  asked.targets = {before, held};
  input.calibration = asked;
  input.target_texts = {{"54 offences", "median", "before", "offence", "as_it_was", {"some.id"}},
                        {"71% to 83%", "without", "", "share", "as_it_was", {}}};
  CalibrationResult result;
  result.tolerance = 0.1;
  result.attempts = 12345;
  result.generations = {{std::numeric_limits<double>::infinity(), 1000, 1000, 1000}, {0.1, 4000, 1000, 700}};
  result.worth = 700;
  const auto fit = [](std::size_t p, SpreadOf before_it, SpreadOf after, double contraction, bool identified) {
    ParameterFit one;
    one.parameter = p;
    one.before = before_it;
    one.after = after;
    one.contraction = contraction;
    one.profile.assign(10, 0.05);
    if (identified) one.profile[9] = 2;
    for (int i = 0; i < 10; ++i) one.profile_at.push_back(i + 1);
    one.profile_limit = 0.1;
    one.profile_missed = 0.2;
    return one;
  };
  result.parameters = {fit(0, {210, 110, 30, 210, 390}, {100, 70, 25, 80, 300}, 0.36, false),
                       fit(1, {54, 29, 6, 54, 101}, {40, 25, 8, 35, 95}, 0.14, false),
                       fit(2, {0.5, 0.29, 0.03, 0.5, 0.97}, {0.2, 0.02, 0.16, 0.2, 0.24}, 0.93, true),
                       fit(3, {0, 0.58, -0.95, 0, 0.95}, {0, 0.57, -0.95, 0, 0.95}, 0.02, false)};
  TargetFit met, predicted;
  met.scale = 30;
  met.before = {60, 30, 5, 50, 140};
  met.after = {54, 1.5, 51, 54, 57};
  met.afresh = {54, 7, 41, 54, 69, 1, 1, 45, 63};
  met.chance_sd = 5;
  predicted.before = {0.5, 0.2, 0.1, 0.5, 0.9};
  predicted.after = {0.2, 0.1, 0.05, 0.2, 0.41, 0.01, 0.01, 0.1, 0.3};
  predicted.chance_sd = 0.04;
  result.targets = {met, predicted};
  Combination product;
  product.fits = {0, 1};
  product.powers = {1, 1};
  product.contraction = 0.9;
  product.log_sd = 0.04;
  product.least_log_sd_alone = 0.6;
  product.low = 2620;
  product.middle = 2800;
  product.high = 2990;
  result.combinations = {product};
  result.directions = {{0.9, {0.7, 0.7, 0.1, 0}}, {0.02, {0, 0.2, 0.1, 0.97}}};
  result.posterior.name = "x/calibration";
  result.posterior.columns = {{"rate", std::monostate{}, "offence/year"},
                              {"weeks_before", std::monostate{}, "week"},
                              {"effect", std::monostate{}, "share"},
                              {"arm.wait", std::monostate{}, ""}};
  result.posterior.rows = {100, 28, 0.2, 0, 50, 56, 0.21, 0.5};
  input.calibrated = result;
  return input;
}

TEST(CalibrationReport, SaysWhatIsMetKnownAndNot) {
  const ReportInput input = learnt();
  EXPECT_EQ(targets_answer(input).text, "Met: ");
  EXPECT_THAT(targets_answer(input).parts, ElementsAre("54 offences (give or take 3)"));
  EXPECT_THAT(known_answer(input).parts,
              ElementsAre("effect 16% to 24%", "rate × weeks before within −6% and +7%, neither alone"));
  ReportInput few = input;  // particles: their ends have an error
  few.calibrated->parameters[2].after.low = 0.1634;
  few.calibrated->parameters[2].after.low_error = 0.0123;
  few.calibrated->parameters[2].after.high_error = 0.0301;
  EXPECT_EQ(known_answer(few).parts.front(), "effect 16% to 24%");
  // 0.0062 is what an even law from 0 to 0.24 leaves below its 2.5th percentile: the range sets the limit.
  few.calibrated->parameters[2].after = {0.1, 0.06, 0.0062, 0.1, 0.24};
  EXPECT_THAT(known_answer(few).parts,
              ElementsAre("effect 1% to 24%", "rate × weeks before within −6% and +7%, neither alone"));
  few.calibrated->parameters[2].after.low = 0.006;
  EXPECT_THAT(known_answer(few).parts, ElementsAre("rate × weeks before within −6% and +7%, neither alone"));
  few.calibrated->combinations.clear();
  EXPECT_EQ(known_answer(few).text, "Nothing alone: what is left of effect ends where the range does.");
  EXPECT_EQ(not_known_answer(input).text, "Any value in their ranges meets the targets: ");
  EXPECT_THAT(not_known_answer(input).parts, ElementsAre("rate", "weeks before", "arm wait"));
  ASSERT_EQ(held_out_answers(input).size(), 1u);
  EXPECT_EQ(held_out_answers(input)[0].text,
            "Doesn't fit: Desistance. Printed 71% to 83%, the targets predict 5% to 41%.");
  ReportInput two = input;  // what doesn't fit comes first
  const auto add_first = [](auto& list) { list.insert(list.begin(), list[1]); };
  add_first(two.calibration->targets);
  add_first(two.calibrated->targets);
  add_first(two.target_texts);
  two.calibrated->targets[0].after.high = 0.8;
  ASSERT_EQ(held_out_answers(two).size(), 2u);
  EXPECT_EQ(held_out_answers(two)[0].text, held_out_answers(input)[0].text);
  EXPECT_EQ(held_out_answers(two)[1].verdict, "Fits");
  EXPECT_EQ(fit_words(input.calibrated->parameters[0]), "not identified");
  EXPECT_EQ(fit_words(input.calibrated->parameters[2]), "informed");
  EXPECT_EQ(fit_words(input.calibrated->parameters[3]), "not informed");
}

TEST(CalibrationReport, SaysWhatIsLeftWhereOthersAreGiven) {
  ReportInput input = learnt();
  EXPECT_TRUE(given_answer(input).parts.empty());
  ParameterGiven given;
  given.fit = 2;
  given.by = {1, 0};
  const auto row = [](double weeks, double rate, double low, double middle, double high) {
    ParameterGiven::Row one;
    one.at = {weeks, rate};
    one.left = {middle, 0.02, low, middle, high};
    return one;
  };
  const double none = std::numeric_limits<double>::quiet_NaN();
  given.rows = {row(13, 100, 0.72, 0.8, 0.91), row(13, 200, 0.36, 0.4, 0.45), row(26, 100, 0.35, 0.38, 0.44),
                row(26, 200, none, none, none)};
  input.calibrated->given = {given};
  EXPECT_EQ(given_answer(input).text, "Effect ");
  EXPECT_THAT(given_answer(input).parts,
              ElementsAre("36% to 45% (weeks before 13 weeks, rate 200 offences a year)",
                          "35% to 44% (26 weeks, 100 offences a year)", "72% to 91% (13 weeks, 100 offences a year)"));
  EXPECT_THAT(page::calibration_section(input), HasSubstr("none in its range"));
  for (const NamedText& file : calibration_files(input)) {
    if (file.name != "given.csv") continue;
    EXPECT_THAT(file.text,
                HasSubstr("effect,share,\"weeks before 13 weeks, rate 200 offences a year\",0.36,0.4,0.45\n"));
  }
}

TEST(CalibrationReport, DrawsARidgeOverAQuotient) {
  ReportInput input = learnt();
  Combination all;
  all.fits = {0, 1, 2};
  all.powers = {1, -1, -1};
  all.log_sd = 0.08;
  all.low = 8;
  all.middle = 10;
  all.high = 12;
  input.calibrated->combinations = {all};
  input.calibrated->posterior.rows = {100, 25, 0.2, 0, 50, 40, 0.25, 0.5};
  FigureRequest ridge;
  ridge.name = ridge.draw = "ridge";
  ridge.parameters = {"rate / weeks_before", "effect"};
  input.figures = {ridge};
  const auto drawn = figures(input);
  ASSERT_EQ(drawn.size(), 1u);
  EXPECT_EQ(drawn[0].title, "Rate ÷ weeks before ÷ effect is better known than its parts: within −20% and +20%");
  EXPECT_EQ(drawn[0].csv, "x,y\n4,20\n1.25,25\n");
  EXPECT_THAT(drawn[0].spec, HasSubstr("Rate ÷ weeks before"));
  // On the line the effect is rate / weeks before / 10, here in 100; the axis ends a twentieth above what is kept.
  const auto spec = nlohmann::json::parse(drawn[0].spec);
  const auto& last = spec["layer"][1]["data"]["values"].back();
  EXPECT_NEAR(last["x"].get<double>(), 4.2, 1e-9);
  EXPECT_NEAR(last["y"].get<double>(), 42, 1e-9);
}

// Fitted figures beside new people (afresh), held-out ones beside what was predicted with what was met; 1.96 sd by
// chance.
TEST(CalibrationReport, DrawsWhatWasPrintedBesideTheModel) {
  ReportInput input = learnt();
  FigureRequest targets;
  targets.name = targets.draw = "targets";
  input.figures = {targets};
  const auto drawn = figures(input);
  ASSERT_EQ(drawn.size(), 1u);
  EXPECT_EQ(drawn[0].title, "What was printed, and what the model gives");
  EXPECT_EQ(drawn[0].alt,
            "before: printed 54 offences, the model gives 41 to 69 offences. "
            "Desistance: printed 71% to 83%, the model gives 5% to 41%, which misses it.");
  EXPECT_EQ(drawn[0].csv,
            "panel,row,target,label,fitted,fits,unit,printed_low,printed_high,chance_low,chance_high,low,inner_low,"
            "median,inner_high,high,printed,model\n"
            "1,1,before,before,yes,yes,offence,54,54,44.20018,63.79982,41,45,54,63,69,54 offences,41 to 69\n"
            "2,1,desistance,\"Desistance\n(held out)\",no,no,in 100,71,83,63.160144,90.839856,5,10,20,30,41,71% to 83%,"
            "5% to 41%\n");
  EXPECT_THAT(drawn[0].spec, HasSubstr("Misfit: “Desistance” lies outside the model's 95% band; the other 1 inside"));
  input.calibrated->targets[1].after.high = 0.72;
  EXPECT_THAT(figures(input)[0].spec, HasSubstr("All that was printed lies in the model's 95% bands"));
  input.calibrated->tolerance = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(figures(input).empty());  // nothing was met, so nothing was learnt to predict from
}

TEST(CalibrationReport, FiguresOfOneUnitShareAnAxisWhereTheirSizesDo) {
  ReportInput input = learnt();
  for (const double printed : {4.0, 1800.0, 30.0}) {
    Target more = input.calibration->targets[0];
    more.low = more.high = printed;
    input.calibration->targets.push_back(more);
    input.target_texts.push_back(input.target_texts[0]);
    TargetFit fit = input.calibrated->targets[0];
    fit.afresh = {printed, 1, 0.9 * printed, printed, 1.1 * printed, 0, 0, 0.95 * printed, 1.05 * printed};
    input.calibrated->targets.push_back(fit);
  }
  FigureRequest targets;
  targets.name = targets.draw = "targets";
  input.figures = {targets};
  const auto spec = nlohmann::json::parse(figures(input)[0].spec);
  ASSERT_EQ(spec["vconcat"].size(), 4u);  // 4, 54 and 30 (at most 14 times the least); 1,800; the share; the key
  EXPECT_THAT(figures(input)[0].csv, HasSubstr("\n1,2,before,before,yes,yes,offence,4,4,0,13.79982,"));
}

TEST(CalibrationReport, SaysWhereItEnded) {
  using Stopped = CalibrationResult::Stopped;
  ReportInput input = learnt();
  EXPECT_EQ(stopped_words(input), "It ended at the declared tolerance.");
  input.calibrated->stopped = Stopped::few;
  EXPECT_EQ(stopped_words(input), "It ended where fewer than 1 in 100 sets would have come nearer.");
  input.calibrated->stopped = Stopped::attempts;
  EXPECT_EQ(stopped_words(input), "It ended with the most sets that it may try.");
  input.calibrated->stopped = Stopped::lattice;
  EXPECT_EQ(stopped_words(input), "It ended where no set came nearer: figures that count are met in steps.");
  input.calibrated->tolerance = std::numeric_limits<double>::infinity();
  EXPECT_EQ(targets_answer(input).text, "No set of parameters comes near the targets: nothing was learnt.");
  EXPECT_EQ(stopped_words(input),
            "No set of parameters gave every target a value that can be held against its figure.");
  EXPECT_TRUE(known_answer(input).parts.empty());
}

TEST(CalibrationReport, WithoutTargetsNothingIsSaid) {
  const ReportInput input = tests::projection_input();
  EXPECT_TRUE(targets_answer(input).text.empty());
  EXPECT_TRUE(known_answer(input).text.empty());
  EXPECT_TRUE(page::calibration_section(input).empty());
  EXPECT_TRUE(calibration_files(input).empty());
}

TEST(CalibrationReport, HasItsTablesAndFigures) {
  ReportInput input = learnt();
  std::vector<std::string> names;
  for (const NamedText& file : calibration_files(input)) names.push_back(file.name);
  EXPECT_THAT(names, ElementsAre("combinations.csv", "directions.csv", "generations.csv", "parameters.csv",
                                 "posterior.csv", "profiles.csv", "targets.csv"));
  const std::string page = page::calibration_section(input);
  for (const char* text : {"12,345 sets were tried in all", "rate × weeks before", "±4%", "±60%", "9 of 10",
                           "more rate, more weeks before", "worth 700 independent sets"})
    EXPECT_THAT(page, HasSubstr(text));
  FigureRequest ridge;
  ridge.name = "ridge";
  ridge.draw = "ridge";
  ridge.parameters = {"rate", "weeks_before"};
  FigureRequest profile;
  profile.name = "profile";
  profile.draw = "profile";
  input.figures = {ridge, profile};
  const auto drawn = figures(input);
  ASSERT_EQ(drawn.size(), 2u);
  EXPECT_EQ(drawn[0].title, "Rate × weeks before is better known than its parts: within −6% and +7%");
  EXPECT_THAT(drawn[0].csv, HasSubstr("100,28\n50,56\n"));
  EXPECT_THAT(
      drawn[1].alt,
      HasSubstr("Rate: not identified. Weeks before: not identified. Effect: informed. Arm wait: not informed."));
}

}  // namespace
}  // namespace desist
