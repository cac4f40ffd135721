// Appraisals as files say them: what a sound file comes to, and every way in which one can be wrong, word for word.
#include <algorithm>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/program/appraisal_file.hpp"

namespace desist {
namespace {

namespace fs = std::filesystem;
using testing::DoubleEq;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::Appraisals;
using tests::data_folder;

TEST_F(Appraisals, TheSoundFileIsSound) { EXPECT_EQ(problems(sound_), ""); }

TEST_F(Appraisals, HaveTheirHorizonPricesAndDiscounting) {
  const ExperimentSpec spec = read(sound_);
  const Appraisal& appraisal = *spec.appraisal;
  EXPECT_EQ(appraisal.from.iso(), "2026-04-01");
  EXPECT_EQ(appraisal.years, 3);
  EXPECT_EQ(appraisal.evidence_years, 1);
  EXPECT_EQ(appraisal.prices, "2024/25");
  EXPECT_EQ(appraisal.arms, 2u);
  EXPECT_EQ(spec.plan.draws, 10000u);
  EXPECT_EQ(spec.text.kind(), ReportInput::Kind::appraisal);
  ASSERT_EQ(appraisal.discounting.size(), 2u);
  const auto& factors = appraisal.discounting[0].factors;  // on to the ten years of the next study's decision
  ASSERT_EQ(factors.size(), 10u);
  EXPECT_EQ(factors[0], 1);
  EXPECT_DOUBLE_EQ(factors[2], 1 / (1.035 * 1.035));
  EXPECT_DOUBLE_EQ(appraisal.discounting[1].factors[1], 1 / 1.015);
  const ExperimentSpec middle = read(with("prices         = \"2024/25\"", "prices = \"2024/25\"\ntiming = \"mid\""));
  EXPECT_DOUBLE_EQ(middle.appraisal->discounting[0].factors[1], 1 / 1.035 / std::sqrt(1.035));
}

TEST_F(Appraisals, InputsAreParametersWithSlotsByArm) {
  const ExperimentSpec spec = read(sound_);
  const AppraisalInput& reach = input(spec, "reach");
  ASSERT_EQ(reach.slots.size(), 2u);
  EXPECT_EQ(spec.parameters[reach.slots[0]].name, "reach");
  EXPECT_EQ(spec.parameters[reach.slots[1]].name, "course.reach");
  EXPECT_EQ(std::get<FixedLaw>(spec.parameters[reach.slots[1]].law).value, 1);
  const AppraisalInput& people = input(spec, "people");
  EXPECT_EQ(people.slots[0], people.slots[1]);
  EXPECT_EQ(people.unit, "people per year");
  EXPECT_FALSE(people.is_uncertain);
  const CountLaw& risk = std::get<CountLaw>(spec.parameters[input(spec, "risk_without").slots[0]].law);
  EXPECT_EQ(risk.count, 10);
  EXPECT_EQ(risk.of, 49);
  EXPECT_TRUE(input(spec, "risk_without").is_uncertain);
  EXPECT_DOUBLE_EQ(input(spec, "half_life").factor, 730.0 / 8760);
  EXPECT_EQ(spec.text.arms[1].in_words, "reach 100%");
  EXPECT_THAT(check_words(spec), HasSubstr("Flows        course: cashable programme cost of police, reach * people x "
                                           "course_cost, in each of years 1 to 3; optimism bias 10%\n"));
}

TEST_F(Appraisals, MoneyIsTurnedIntoTheBaseYear) {
  const ExperimentSpec spec = read(sound_);
  EXPECT_DOUBLE_EQ(input(spec, "course_cost").factor, 100.0 / 90);
  EXPECT_DOUBLE_EQ(input(spec, "offence_cost").factor, 100.0 / 80);
  EXPECT_EQ(input(spec, "offence_cost").prices, "2015/16");
  // A calendar year is a quarter of the financial year that ends in it and three quarters of the one that starts.
  EXPECT_DOUBLE_EQ(input(spec, "wage").factor, 100.0 / (0.25 * 75 + 0.75 * 77));
  const auto& row = std::find_if(spec.text.evidence.begin(), spec.text.evidence.end(),
                                 [](const EvidenceRow& each) { return each.id == "police.hour"; });
  ASSERT_NE(row, spec.text.evidence.end());
  EXPECT_EQ(row->printed, "£36.51 per hour");
  EXPECT_EQ(row->verification, "verified");
  const auto forecast = read(with("prices         = \"2024/25\"", "prices         = \"2025/26\""));
  EXPECT_THAT(rules(forecast),
              testing::Contains("prices by a forecast: the price level of 2025/26 is a forecast; prices are "
                                "turned into those of 2025/26 by it"));
}

TEST_F(Appraisals, AnArmsFigureHoldsTheBasesUnitAndPriceYear) {
  const ExperimentSpec spec =
      read(with("reach = { value = \"100%\", choice = \"All who are suitable.\" }",
                "reach = { value = \"100%\", choice = \"All.\" }\npeople = { value = \"10 people "
                "per week\", choice = \"More.\" }\ncourse_cost = { range = \"£100 to £200 per "
                "person\", prices = \"2024/25\", assumption = \"Cheaper.\" }"));
  const AppraisalInput& people = input(spec, "people");
  EXPECT_DOUBLE_EQ(std::get<FixedLaw>(spec.parameters[people.slots[1]].law).value * people.factor, 10 * 365.0 / 7);
  const AppraisalInput& cost = input(spec, "course_cost");
  EXPECT_DOUBLE_EQ(std::get<UniformLaw>(spec.parameters[cost.slots[1]].law).high * cost.factor, 200);
  EXPECT_DOUBLE_EQ(std::get<UniformLaw>(spec.parameters[cost.slots[0]].law).high * cost.factor, 320 * 100.0 / 90);
}

TEST_F(Appraisals, FlowsHaveUnitsYearsAndSteps) {
  const ExperimentSpec spec = read(sound_);
  const auto& flows = spec.appraisal->flows;
  ASSERT_EQ(flows.size(), 5u);
  EXPECT_TRUE(flows[0].yearly);
  EXPECT_EQ(flows[0].first, 0);
  EXPECT_EQ(flows[0].last, 2);
  EXPECT_EQ(flows[0].role, Flow::Role::programme_cost);
  EXPECT_EQ(flows[0].quantity_unit, "people per year");
  EXPECT_EQ(flows[0].each_unit, "£ per person");
  ASSERT_TRUE(flows[0].optimism_bias);
  EXPECT_DOUBLE_EQ(flows[0].optimism_bias->steps.at(0).number, 0.1);
  EXPECT_EQ(flows[1].kind, Flow::Kind::social);
  EXPECT_TRUE(flows[1].fades);
  EXPECT_EQ(flows[2].quantity_unit, "places");
  EXPECT_EQ(flows[3].last, 0);
  EXPECT_EQ(flows[4].quantity_unit, "posts");
  EXPECT_EQ(flows[4].step, 1);
  EXPECT_EQ(flows[4].step_in_words, "1 post");
  ASSERT_EQ(spec.appraisal->fades.size(), 3u);
  EXPECT_EQ(spec.appraisal->fades[0].form, Fade::Form::exponential);
  EXPECT_DOUBLE_EQ(spec.appraisal->fades[2].time->steps.at(0).number, 2);
  EXPECT_DOUBLE_EQ(spec.appraisal->fades[2].kept->steps.at(0).number, 0.3);
  const Effect& effect = spec.appraisal->effects.at(0);
  EXPECT_EQ(effect.unit, "offence");
  EXPECT_TRUE(effect.yearly);
  ASSERT_EQ(effect.worth.size(), 41u);
  EXPECT_EQ(effect.worth[1], 1000);
  EXPECT_EQ(effect.worth.back(), 40000);
}

TEST_F(Appraisals, StudiesBreakEvensAndPortfolios) {
  const ExperimentSpec spec = read(sound_);
  const NextStudy& study = spec.appraisal->studies.at(0);
  EXPECT_EQ(spec.appraisal->inputs[study.treated].name, "risk_with");
  EXPECT_THAT(study.sizes, ElementsAre(100, 200, 400));
  EXPECT_EQ(study.answer_after, 2);
  const BreakEven& asked = spec.appraisal->break_evens.at(0);
  EXPECT_EQ(asked.arm, 1u);
  EXPECT_EQ(asked.trial_treated, 70);
  EXPECT_EQ(spec.appraisal->inputs[*asked.control_risk].name, "risk_without");
  const Portfolio& portfolio = *spec.appraisal->portfolio;
  EXPECT_EQ(portfolio.programmes.at(0).evidence_level, "randomised, too small");
  EXPECT_TRUE(portfolio.programmes[0].effect);
  ASSERT_EQ(spec.appraisal->together.size(), 1u);
  EXPECT_EQ(spec.appraisal->together_labels[0], "the effect");
  EXPECT_THAT(spec.appraisal->together[0],
              ElementsAre(input(spec, "risk_with").slots[0], input(spec, "risk_without").slots[0]));
}

TEST_F(Appraisals, AStudysPosteriorSetsInputs) {
  fs::copy(data_folder + "study.toml", folder_ + "/study.toml", fs::copy_options::overwrite_existing);
  std::string text = with("risk_without = { value = \"10 of 49 people\", choice = \"As printed.\" }\n",
                          "risk_without = { label = \"Reoffending, not sent\" }\n");
  const std::string as_printed = "risk_with    = { value = \"8 of 70 people\", choice = \"As printed.\" }\n";
  text.erase(text.find(as_printed), as_printed.size());
  text +=
      "[[posterior]]\nstudy = \"study.toml\"\noutcome = \"any\"\nsets = { risk_without = \"control\", risk_with = "
      "\"treated\" }\n";
  ASSERT_EQ(problems(text), "");
  std::string misspelt = text;
  misspelt.replace(misspelt.find("risk_without = \"control\""), 12, "risk_witout ");
  EXPECT_THAT(problems(misspelt),
              HasSubstr("error: 'risk_without' has no figure (a [[posterior]] sets 'risk_witout')\n"));
  const ExperimentSpec spec = read(text);
  const Parameter& without = spec.parameters[input(spec, "risk_without").slots[0]];
  EXPECT_EQ(without.label, "Reoffending, not sent");
  EXPECT_EQ(std::get<PosteriorLaw>(without.law).column, 0u);
  EXPECT_EQ(input(spec, "risk_with").label, "risk with");
  EXPECT_TRUE(input(spec, "risk_with").is_uncertain);
  EXPECT_TRUE(std::any_of(spec.text.sources.begin(), spec.text.sources.end(), [](const FigureSource& each) {
    return each.name == "risk_with" && each.kind == FigureSource::Kind::study;
  }));
}

TEST_F(Appraisals, TheUsersOwnUnitCostsPrevail) {
  std::ofstream(folder_ + "/mine.csv") << "id,label,value,per,price_year,source,verification\n"
                                          "ho.violence_injury,Ours,9000,offence,2024/25,Our books,verified\n";
  const std::string data = "prices         = \"2024/25\"\ndata = [\"mine.csv\"]";
  const ExperimentSpec spec = read(with("prices         = \"2024/25\"", data));
  EXPECT_EQ(std::get<FixedLaw>(spec.parameters[input(spec, "offence_cost").slots[0]].law).value, 9000);
  EXPECT_EQ(input(spec, "offence_cost").label, "Ours");
  EXPECT_EQ(input(spec, "offence_cost").factor, 1);
  EXPECT_THAT(problems(with("prices         = \"2024/25\"", "prices         = \"2024/25\"\ndata = [\"none.csv\"]")),
              HasSubstr("error: there is no table 'none.csv' beside this file\n"));
  std::ofstream(folder_ + "/mine.csv") << "id,label\nx,y\n";
  EXPECT_EQ(
      problems(with("prices         = \"2024/25\"", data)),
      "mine.csv:1:1: error: no column 'value' in this table of unit costs\n    1 | id,label\n      | ^\n  it needs the "
      "columns id, label, value, per, price_year, source and verification");
  std::ofstream(folder_ + "/mine.csv") << "id,label,value,low,high,per,price_year,source,verification\n"
                                          "a,A,nine,,,offence,2024/25,Ours,verified\n"
                                          "b,B,9,10,11,offence,2024/25,Ours,verified\n"
                                          "c,C,9,,,offence,2024/25,Ours,verified\n"
                                          "c,C,9,,,offence,2024/25,Ours,verified\n"
                                          "d,D,9,,,offence,2024/25,Ours,yes\n"
                                          "e,E,9,,,offence,2024-25,Ours,verified\n";
  EXPECT_EQ(problems(with("prices         = \"2024/25\"", data)),
            "mine.csv:2:1: error: value 'nine' of unit cost 'a' is no amount\n"
            "    2 | a,A,nine,,,offence,2024/25,Ours,verified\n      | ^\n"
            "  write pounds as a number: 14050 or 36.51\n\n"
            "mine.csv:3:1: error: the range of unit cost 'b' is none (its value lies between low and high)\n"
            "    3 | b,B,9,10,11,offence,2024/25,Ours,verified\n      | ^\n"
            "  give all three, rising, or value alone\n\n"
            "mine.csv:5:1: error: unit cost 'c' is given twice (which of the two is meant?)\n"
            "    5 | c,C,9,,,offence,2024/25,Ours,verified\n      | ^\n"
            "  give each row an id of its own\n\n"
            "mine.csv:6:1: error: verification 'yes' of unit cost 'd' is none (a cost that nobody has read in its "
            "source needs a range)\n"
            "    6 | d,D,9,,,offence,2024/25,Ours,yes\n      | ^\n"
            "  write verified, verified-secondary, unverified or not-found\n\n"
            "mine.csv:7:1: error: price year '2024-25' of unit cost 'e' is none\n"
            "    7 | e,E,9,,,offence,2024-25,Ours,verified\n      | ^\n"
            "  write a financial year like 2024/25, or a calendar year like 2024\n\n"
            "5 problems; nothing was run.");
}

// Results of one digest come of one input: a cell that a run reads is never changed without it.
TEST_F(Appraisals, TheDigestHasEveryCellThatIsRead) {
  const auto digest_of = [&](const std::string& file, const std::string& old, const std::string& by,
                             const std::string& text) {
    const std::string path = folder_ + "/" + file, before = tests::read_file(path);
    std::string after = before;
    const std::size_t at = after.find(old);
    EXPECT_NE(at, std::string::npos) << old;
    if (at != std::string::npos) after.replace(at, old.size(), by);
    std::ofstream(path, std::ios::binary) << after;
    const std::uint64_t digest = read(text).digest;
    std::ofstream(path, std::ios::binary) << before;
    return digest;
  };
  const std::string own =
      "id,label,value,low,high,per,price_year,source,verification\n"
      "police.hour,Ours,30,20,40,hour,2014/15,Our books,verified\n"
      "another,Ours,30,20,40,hour,2014/15,Our books,verified\n";
  std::ofstream(folder_ + "/mine.csv", std::ios::binary) << own;
  const std::string text = with("prices         = \"2024/25\"", "prices         = \"2024/25\"\ndata = [\"mine.csv\"]");
  const std::uint64_t digest = read(text).digest;
  EXPECT_EQ(digest, read(text).digest);
  // A file of one's own counts whole, of the shipped tables what is used.
  for (const auto& [old, by] : std::vector<std::pair<std::string, std::string>>{{"Ours,30,20,40", "Mine,30,20,40"},
                                                                                {"30,20,40", "31,20,40"},
                                                                                {"30,20,40", "30,21,40"},
                                                                                {"30,20,40", "30,20,41"},
                                                                                {"hour,2014/15", "hour,2015/16"},
                                                                                {"Our books", "My books"},
                                                                                {"another,Ours,30", "another,Ours,31"}})
    EXPECT_NE(digest_of("mine.csv", old, by, text), digest) << old << " by " << by;
  const std::string costs = "evidence/unit_costs.csv";
  const std::string cost =
      "ho.violence_injury,Violence with injury,14050,,,offence,2015/16,anticipation; harm; police; "
      "prison,several";
  for (const auto& [old, by] : std::vector<std::pair<std::string, std::string>>{{"with injury,", "with an injury,"},
                                                                                {"14050,,", "14051,,"},
                                                                                {"14050,,", "14050,14000,15000"},
                                                                                {"offence,2015/16", "offence,2016/17"},
                                                                                {"harm; police", "harm; courts"}}) {
    std::string other = cost;
    other.replace(other.find(old), old.size(), by);
    EXPECT_NE(digest_of(costs, cost, other, text), digest) << other;
  }
  EXPECT_EQ(digest_of(costs, "34015", "34016", text), digest) << "no input is that of a victim";
  EXPECT_NE(digest_of("evidence/deflators.csv", "2015/16,80", "2015/16,81", text), digest);
  EXPECT_NE(digest_of("evidence/deflators.csv", "100,outturn", "100,forecast", text), digest);
  EXPECT_NE(digest_of("evidence/discount_rates.csv", "0.035", "0.036", text), digest);
}

TEST_F(Appraisals, ARangeOfOnesOwnStandsBesideAnUnverifiedCost) {
  const ExperimentSpec spec = read(with("unit_cost = \"ho.violence_injury\"",
                                        "unit_cost = \"ho.violence_no_injury\", range = \"£3,000 to £9,000 "
                                        "per offence\", assumption = \"Half to half as much again.\""));
  const AppraisalInput& cost = input(spec, "offence_cost");
  EXPECT_TRUE(cost.is_unverified);
  EXPECT_EQ(std::get<UniformLaw>(spec.parameters[cost.slots[0]].law).low, 3000);
  EXPECT_DOUBLE_EQ(cost.factor, 100.0 / 80);  // the range is in the row's price year
}

// The cost of the kind may stand for some offences of that kind, and they keep their name.
TEST_F(Appraisals, ARangeBesideAUnitCostMayBeOfSomeOfItsKind) {
  std::string text = with("unit_cost = \"ho.violence_injury\"",
                          "unit_cost = \"ho.violence_no_injury\", range = \"£3,000 to £9,000 per abuse offence\", "
                          "assumption = \"Half to half as much again.\"");
  for (std::size_t at = text.find(" offences per person"); at != std::string::npos;
       at = text.find(" offences per person", at + 20))
    text.replace(at, 9, " abuse offences");
  text.replace(text.find("hours per offence"), 17, "hours per abuse offence");
  const ExperimentSpec spec = read(text);
  const AppraisalInput& cost = input(spec, "offence_cost");
  EXPECT_TRUE(cost.is_unverified);
  EXPECT_EQ(cost.unit, "£ per abuse offence");
  EXPECT_DOUBLE_EQ(cost.factor, 100.0 / 80);
  EXPECT_EQ(spec.appraisal->effects.at(0).unit, "abuse offence");
}

TEST_F(Appraisals, AnOutcomeApartIsOfAProgrammeBeforeIt) {
  const std::string apart =
      "[[programme]]\nname = \"abuse\"\nevidence_level = \"too small\"\noutcome_of = \"course\"\ncost_each = "
      "\"course_cost\"\nexpected_each = \"risk_without * each\"\nworth_each = \"offence_cost\"\n[beside]";
  const ExperimentSpec spec = read(with("[beside]", apart));
  const Portfolio& portfolio = *spec.appraisal->portfolio;
  ASSERT_EQ(portfolio.programmes.size(), 2u);
  EXPECT_EQ(portfolio.programmes[0].outcome_of, "");
  EXPECT_EQ(portfolio.programmes[1].outcome_of, "course");
}

// Shares of one unit cost are no second one: the police's part beside what is left of it.
TEST_F(Appraisals, AUnitCostMayBeSplitBetweenBearers) {
  std::string text = with("hours        = {",
                          "share        = { range = \"5% to 20%\", assumption = \"Not printed.\" }\nhours        = {");
  const auto put = [&](const std::string& old, const std::string& by) { text.replace(text.find(old), old.size(), by); };
  put("each     = \"offence_cost\"", "each     = \"offence_cost * (1 - share)\"");
  put("* each * hours\"\neach     = \"wage\"",
      "* each * unrecorded\"\neach     = \"offence_cost * share\"\nbeside_prison = \"A small part.\"");
  put("wage         = { unit_cost = \"police.hour\" }\n", "");
  EXPECT_EQ(problems(text), "");
}

TEST_F(Appraisals, ClaimsAboutMoneyAreTests) {
  const ExperimentSpec spec = read(with("[plan]",
                                        "[[claim]]\ntext = \"16 to 1\"\nwhere = \"A paper\"\ntest = \"cashable ratio "
                                        "at least 16\"\n[[claim]]\ntext = \"Cheap.\"\nwhere = \"A paper\"\ntest = "
                                        "\"costs at most £1.5 million\"\n[[claim]]\ntext = \"For them.\"\nwhere = \"A "
                                        "paper\"\ntest = \"ratio for prisons and probation at least 2\"\n[plan]"));
  ASSERT_EQ(spec.appraisal->claims.size(), 3u);
  EXPECT_EQ(spec.appraisal->claims[2].bearer, "prisons and probation");
  EXPECT_EQ(spec.appraisal->claims[2].value, 2);
  EXPECT_EQ(spec.appraisal->claims[0].of, AppraisalClaim::Of::cashable_ratio);
  EXPECT_EQ(spec.appraisal->claims[0].value, 16);
  EXPECT_THAT(spec.appraisal->claims[0].arms, ElementsAre(1));
  EXPECT_FALSE(spec.appraisal->claims[1].at_least);
  EXPECT_EQ(spec.appraisal->claims[1].value, 1.5e6);
}

TEST_F(Appraisals, WarnOfTimeGivenAsASum) {
  const std::string posts = "name     = \"posts\"\nbearer   = \"police\"\nkind     = \"cashable\"";
  std::string text =
      with(posts, "name     = \"posts\"\nlabel = \"Police time freed\"\nbearer   = \"police\"\nkind     = \"fiscal\"");
  const std::string step = "step     = \"1 post\"\n";
  text.erase(text.find(step), step.size());
  EXPECT_THAT(
      rules(read(text)),
      testing::Contains("hours are not money: Police time freed: posts are time, not money, until a post is given up"));
}

TEST_F(Appraisals, KnowAQuestion) {
  EXPECT_FALSE(is_question(*read(sound_).appraisal));
  const ExperimentSpec asked =
      read(with("each         = { range = \"1 to 2.9 offences per person\",",
                "each         = { range = \"1 to 2.9 offences per person\", is = \"question\","));
  EXPECT_TRUE(input(asked, "each").is_asked);
  EXPECT_TRUE(is_question(*asked.appraisal));
}

struct Spoilt {
  std::string name, old, by, says;
};

std::vector<Spoilt> spoilt() {
  std::vector<Spoilt> all;
  std::istringstream lines(tests::read_file(data_folder + "errors_appraisal.txt"));
  std::string* part = nullptr;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("==== ")) {
      all.push_back({line.substr(5), "", "", ""});
      part = &all.back().old;
    } else if (line == "---- by") {
      part = &all.back().by;
    } else if (line == "---- says") {
      part = &all.back().says;
    } else if (part) {
      *part += line + '\n';
    }
  }
  for (Spoilt& each : all) {  // the line end before a mark is the mark's
    for (std::string* text : {&each.old, &each.by}) text->pop_back();
    while (each.says.ends_with('\n')) each.says.pop_back();
  }
  return all;
}

TEST_F(Appraisals, MessagesAreAsWritten) {
  const std::vector<Spoilt> all = spoilt();
  ASSERT_GT(all.size(), 30u);
  for (const Spoilt& each : all) {
    SCOPED_TRACE(each.name);
    EXPECT_EQ(problems(with(each.old, each.by)), each.says);
  }
}

TEST_F(Appraisals, AnswerANextStudyWhereThereIsOne) {
  EXPECT_FALSE(read(sound_).appraisal->answers_next_study);
  std::string text = with("evidence_years = 1", "evidence_years = 1\nanswers = \"next study\"");
  EXPECT_TRUE(read(text).appraisal->answers_next_study);
  const std::size_t from = text.find("[[next_study]]"), to = text.find("[[break_even]]");
  EXPECT_EQ(problems(text.erase(from, to - from)),
            "x.toml:10:11: error: no next study is asked about (the first line would say nothing)\n"
            "   10 | answers = \"next study\"\n"
            "      |           ^^^^^^^^^^^^\n"
            "  add a table [[next_study]], or take out 'answers'");
}

TEST_F(Appraisals, SomethingFadesWhereAFormIsGiven) {
  std::string text = sound_;
  for (const std::string& fades : {std::string("fades    = true"), std::string("fades = true")})
    for (std::size_t at = text.find(fades); at != std::string::npos; at = text.find(fades))
      text.replace(at, fades.size(), "lasts = \"It stays.\"");
  EXPECT_EQ(problems(text),
            "x.toml:91:3: error: a form of fading is given, and nothing fades (it would change nothing)\n"
            "   91 | [[fade]]\n      |   ^^^^\n"
            "  add fades = true to the [[flow]] or [[effect]] that fades, or take [[fade]] out");
}

TEST_F(Appraisals, WarnOfWhatIsAllowedAndRisky) {
  const std::string later =
      "later people fade: Running the course: paid for in each of years 1 to 3, while what it does fades by those "
      "years; if new people come each year, later ones count for too little: follow one year's people, with years = "
      "[1, 1] here";
  const std::string hours = "hours are not money: time: hours are time, not money, until a post is given up";
  const std::string none =
      "no optimism bias: Running the course: no optimism bias is added; programmes cost more than they are said to";
  const std::string bias = "optimism_bias = \"10%\"";
  EXPECT_THAT(rules(read(sound_)), ElementsAre(later, hours));
  EXPECT_THAT(rules(read(with(bias, bias + "\nyears = [1, 1]"))), ElementsAre(hours));
  for (const char* const nought :
       {"", "optimism_bias = \"0%\"", "optimism_bias = \"nothing\"", "optimism_bias = \"unrecorded * nothing\""}) {
    const std::string text = with("[inputs]", "[inputs]\nnothing = { value = \"0%\", choice = \"None.\" }");
    std::string spoilt = text;
    spoilt.replace(spoilt.find(bias), bias.size(), nought);
    if (std::string(nought).find("nothing") == std::string::npos)
      spoilt.replace(spoilt.find("nothing = "),
                     spoilt.find('\n', spoilt.find("nothing = ")) - spoilt.find("nothing = "), "");
    EXPECT_THAT(rules(read(spoilt)), ElementsAre(none, later, hours)) << nought;
  }
  EXPECT_EQ(rules(read(with(bias, "bias_in_law = \"Outturn.\""))).size(), 2u);
}

// Whatever the unit of the time, and whoever's it is: no money until a post is given up.
TEST_F(Appraisals, CallNoTimeOfStaffMoney) {
  const std::string flow =
      "quantity = \"people * ((1 - reach) * risk_without + reach * risk_with) * each * hours\"\neach     = \"wage\"\n";
  const auto paid = [&](const std::string& time, const std::string& unit, const std::string& further) {
    std::string text = with(flow, "quantity = \"people * (1 - reach) * busy\"\neach = \"pay\"\n" + further);
    const std::string inputs = "[inputs]\n", wage = "wage         = { unit_cost = \"police.hour\" }\n";
    text.erase(text.find(wage), wage.size());
    return text.insert(text.find(inputs) + inputs.size(),
                       "busy = { value = \"2 " + time +
                           " per person\", choice = \"Asked.\" }\npay = { value = \"£250 per " + unit +
                           "\", prices = \"2024/25\", choice = \"Asked.\" }\n");
  };
  EXPECT_THAT(rules(read(paid("days", "day", ""))),
              testing::Contains("hours are not money: time: days are time, not money, until a post is given up"));
  EXPECT_THAT(rules(read(paid("shifts", "shift", ""))),
              testing::Contains("hours are not money: time: shifts are time, not money, until a post is given up"));
  EXPECT_THAT(rules(read(paid("referrals", "referral", "label = \"Officer capacity\"\n"))),
              testing::Contains("hours are not money: Officer capacity: it is time, given as a sum; not money until a "
                                "post is given up"));
  EXPECT_EQ(rules(read(paid("referrals", "referral", "label = \"Referrals\"\n"))).size(), 1u);
  const auto in_cash = [&](const std::string& time, const std::string& unit) {
    std::string text = paid(time, unit, "step = \"1 " + unit + "\"\n");
    const std::string kind = "kind     = \"economic\"";
    return problems(text.replace(text.find(kind), kind.size(), "kind     = \"cashable\""));
  };
  EXPECT_THAT(in_cash("days", "day"),
              HasSubstr("[[flow]] 'time' calls days money ('pay' is £ per day, and the step is 1 day)"));
  EXPECT_THAT(in_cash("shifts", "shift"),
              HasSubstr("[[flow]] 'time' calls shifts money ('pay' is £ per shift, and the step is in shifts)"));
}

// Cutting a sound file anywhere, or changing a letter of it, ends in a spec or a message.
TEST_F(Appraisals, SurviveAnyDamage) {
  for (std::size_t cut = 0; cut < sound_.size(); cut += 61) problems(sound_.substr(0, cut));
  for (std::size_t at = 3; at < sound_.size(); at += 37) {
    std::string text = sound_;
    text[at] = "0([{]%-x£"[at % 9];
    problems(text);
  }
}

TEST_F(Appraisals, RefuseRowsOfDeflatorsThatAreNoneOrThereTwice) {
  std::ofstream(folder_ + "/evidence/deflators.csv", std::ios::app)
      << "2014/15,78,outturn,Invented,2026,verified\n2001,50,outturn,Invented,2026,verified\n";
  EXPECT_EQ(problems(sound_),
            "evidence/deflators.csv:9:1: error: the year 2014/15 has a row already (which level would count?)\n"
            "    9 | 2014/15,78,outturn,Invented,2026,verified\n"
            "      | ^\n"
            "  keep one row for each year\n"
            "\n"
            "evidence/deflators.csv:10:1: error: this row is no deflator of a financial year\n"
            "   10 | 2001,50,outturn,Invented,2026,verified\n"
            "      | ^\n"
            "  write it like: 2015/16,78.3,outturn,...\n"
            "\n"
            "2 problems; nothing was run.");
}

}  // namespace
}  // namespace desist
