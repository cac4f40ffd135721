// Appraisals as files say them: what a sound file comes to, and every way in which one can be wrong, word for word.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "engine/program/experiment_spec.hpp"
#include "tests/program/shipped.hpp"
#include "tests/read_file.hpp"

namespace desist {
namespace {

namespace fs = std::filesystem;
using testing::DoubleEq;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string data_folder = std::string(DESIST_TEST_DATA) + "/experiments/";

class Appraisals : public testing::Test {
 protected:
  Appraisals() : folder_(testing::TempDir() + "appraisals_" + std::to_string(::getpid())) {
    fs::create_directories(folder_);
    fs::copy(data_folder + "evidence", folder_ + "/evidence",
             fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    sound_ = tests::read_file(data_folder + "appraisal.toml");
  }
  ~Appraisals() override { fs::remove_all(folder_); }

  ExperimentSpec read(const std::string& text) {
    std::ofstream(folder_ + "/x.toml", std::ios::binary) << text;
    return read_experiment(folder_ + "/x.toml", known, shipped_evidence);
  }
  std::string problems(const std::string& text) {
    try {
      read(text);
      return "";
    } catch (const Failure& failure) {
      std::string message = failure.what();
      for (std::size_t at = message.find(folder_ + "/"); at != std::string::npos; at = message.find(folder_ + "/"))
        message.erase(at, folder_.size() + 1);
      return message;
    }
  }
  std::string with(const std::string& old, const std::string& by) const {
    const std::size_t at = sound_.find(old);
    if (at == std::string::npos) throw std::invalid_argument("the file does not hold: " + old);
    std::string text = sound_;
    return text.replace(at, old.size(), by);
  }
  static const AppraisalInput& input(const ExperimentSpec& spec, const std::string& name) {
    for (const AppraisalInput& each : spec.appraisal->inputs)
      if (each.name == name) return each;
    throw std::out_of_range(name);
  }
  static std::vector<std::string> rules(const ExperimentSpec& spec) {
    std::vector<std::string> all;
    for (const AppraisalWarning& each : spec.appraisal->warnings) all.push_back(each.rule + ": " + each.text);
    return all;
  }

  std::string folder_, sound_;
};

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

TEST_F(Appraisals, ATableOfDrawsStandsAlone) {
  std::ofstream(folder_ + "/draws.csv")
      << "risk,cost_now,cost_new,averted_now,averted_new\n0.2,0,£1200,0,3\n0.3,0,900,0,1.5\n";
  const std::string text = R"([experiment]
name     = "of-draws"
question = "Which pays?"
[appraisal]
table      = "draws.csv"
effect     = "reoffence averted"
worth      = "£0 to £20,000"
parameters = ["risk"]
[[strategy]]
name   = "now"
cost   = "cost_now"
effect = "averted_now"
[[strategy]]
name   = "new"
label  = "The new one"
cost   = "cost_new"
effect = "averted_new"
[plan]
seed = 1
)";
  ASSERT_EQ(problems(text), "");
  const ExperimentSpec spec = read(text);
  const DrawsTable& table = *spec.appraisal->table;
  EXPECT_EQ(table.draws, 2u);
  EXPECT_THAT(table.costs, ElementsAre(0, 1200, 0, 900));
  EXPECT_THAT(table.effects, ElementsAre(0, -3, 0, -1.5));  // "averted": so many fewer reoffences
  EXPECT_THAT(table.values, ElementsAre(0.2, 0.3));
  EXPECT_THAT(table.strategy_labels, ElementsAre("now", "The new one"));
  EXPECT_EQ(spec.appraisal->arms, 2u);
  EXPECT_TRUE(spec.appraisal->effects.at(0).lower_is_better);
  EXPECT_EQ(spec.appraisal->effects.at(0).unit, "reoffence");
}

// Nobody declares the columns of a table of draws: what is wrong with a cell has a cure in the file itself.
TEST_F(Appraisals, ATableOfDrawsSaysWhatIsWrongWithACell) {
  const std::string text = R"([experiment]
name     = "of-draws"
question = "Which pays?"
[appraisal]
table      = "draws.csv"
effect     = "day at home gained"
worth      = "£0 to £200"
[[strategy]]
name   = "now"
cost   = "a"
effect = "b"
[[strategy]]
name   = "new"
cost   = "c"
effect = "d"
[plan]
seed = 1
)";
  const auto says = [&](const std::string& rows) {
    std::ofstream(folder_ + "/draws.csv", std::ios::binary) << "a,b,c,d\n" + rows;
    return problems(text);
  };
  EXPECT_EQ(says("0,0,£1200,3\n0,0,900,1.5\n"), "");
  EXPECT_EQ(read(text).appraisal->effects.at(0).unit, "day at home");
  EXPECT_FALSE(read(text).appraisal->effects.at(0).lower_is_better);
  EXPECT_EQ(says("0,0,1200,3\n0,0,,1.5\n"),
            "draws.csv:3:5: error: 1 cell of 'c' is empty (it is required)\n    3 | 0,0,,1.5\n      |     ^\n"
            "  every draw has every number: mend the cell, or take its row out");
  EXPECT_EQ(says("0,0,1200,3\n0,0,NA,1.5\n"),
            "draws.csv:3:5: error: 1 cell of 'c' looks like a code for a missing value\n    3 | 0,0,NA,1.5\n"
            "      |     ^^\n  every draw has every number: mend the cell, or take its row out");
  EXPECT_EQ(says("0,0,1200,3\n0,0,900,39%\n"),
            "draws.csv:3:9: error: 1 number of 'd' has a percent sign (39% could be 39 or 0.39)\n"
            "    3 | 0,0,900,39%\n      |         ^^^\n  write a share as a number: 0.39");
  // A row that is too short is one problem, not one more a cell that it lacks.
  EXPECT_EQ(says("0,0,1200,3\n0,0\n"),
            "draws.csv:3:1: error: 1 row has fewer cells than the header\n    3 | 0,0\n      | ^\n"
            "  the header has 4 cells, this row 2");
  EXPECT_EQ(says("0,0,1200,3\n"),
            "x.toml:5:14: error: 'draws.csv' has 1 row (a spread takes two draws or more)\n"
            "    5 | table      = \"draws.csv\"\n      |              ^^^^^^^^^^^\n  add a row for each draw");
  EXPECT_EQ(says(""),
            "draws.csv: error: has the names of columns and no row below them\n"
            "  a table of draws is a line with the names of columns, then one row a draw");
}

TEST_F(Appraisals, StandOnTheOutcomesOfAModel) {
  std::string text = tests::read_file(data_folder + "projection.toml");
  text.replace(text.find("[[arm]]"), 7, R"([appraisal]
years          = 1
evidence_years = 1
prices         = "2024/25"
[inputs]
case_cost = { value = "£500 per case", prices = "2024/25", choice = "An example." }
extra     = { value = "£0 per year", prices = "2024/25", choice = "Nothing." }
[[flow]]
name     = "waiting"
bearer   = "councils"
kind     = "economic"
is       = "cost"
quantity = "backlog_end"
each     = "case_cost"
[[flow]]
name     = "meetings"
bearer   = "councils"
kind     = "fiscal"
is       = "programme cost"
quantity = "1"
each     = "extra"
bias_in_law = "An example."
[[arm]])");
  text.replace(text.find("choice = \"A lever.\""), 19,
               "choice = \"A lever.\"\n[arm.set.extra]\nvalue = \"£20,000 per year\"\nprices = \"2024/25\"\nchoice = "
               "\"Costs.\"");
  ASSERT_EQ(problems(text), "");
  const ExperimentSpec spec = read(text);
  EXPECT_EQ(spec.text.kind(), ReportInput::Kind::projection);
  ASSERT_EQ(spec.appraisal->outcomes.size(), 1u);
  const AppraisalOutcome& outcome = spec.appraisal->outcomes[0];
  EXPECT_EQ(outcome.slots.size(), 1u);
  EXPECT_EQ(spec.model->outcomes[outcome_slots(*spec.model, spec.arms[0].layout)[outcome.slots[0]].field].name,
            "backlog_end");
  EXPECT_NE(input(spec, "extra").slots[0], input(spec, "extra").slots[1]);
  EXPECT_EQ(spec.text.arms[1].in_words, "hearings 400 cases per week; extra £20,000 per year");
  EXPECT_EQ(spec.appraisal->from.iso(), "2024-01-01");
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
  EXPECT_THAT(rules(read(sound_)),
              ElementsAre("hours are not money: time: hours are time, not money, until a post is given up"));
  EXPECT_THAT(
      rules(read(with("optimism_bias = \"10%\"", ""))),
      ElementsAre("no optimism bias: Running the course: no optimism bias is added; programmes cost more than they "
                  "are said to",
                  "hours are not money: time: hours are time, not money, until a post is given up"));
  EXPECT_EQ(rules(read(with("optimism_bias = \"10%\"", "optimism_bias = \"0%\""))).size(), 2u);
  EXPECT_EQ(rules(read(with("optimism_bias = \"10%\"", "bias_in_law = \"Outturn.\""))).size(), 1u);
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

const std::string groups_text = R"(
[[social_group]]
name   = "poor"
income = "poor_income"
[[social_group]]
name  = "others"
label = "Everyone else"
)";

// The sound file with people told apart; `old` in it replaced.
class SocialGroupsOfAppraisals : public Appraisals {
 protected:
  SocialGroupsOfAppraisals() {
    sound_ = with("evidence_years = 1",
                  "evidence_years = 1\naverage_income = \"income\"\nincome_elasticity = \"elasticity\"");
    sound_ =
        with("half_life    =",
             "poor_income  = { range = \"£13,000 to £25,000 per year\", prices = \"2024/25\", assumption = \"?\" }\n"
             "income       = { value = \"£35,000 per year\", prices = \"2024/25\", choice = \"?\" }\n"
             "elasticity   = { value = \"1.3\", choice = \"?\" }\n"
             "poor_share   = { range = \"20% to 60%\", assumption = \"?\" }\n"
             "half_life    =");
    sound_ = with("kind     = \"social\"",
                  "kind     = \"social\"\nsocial_group = { poor = \"poor_share\", others = \"rest\" }");
    sound_ += groups_text;
  }
};

TEST_F(SocialGroupsOfAppraisals, AreReadWithTheirShares) {
  const ExperimentSpec spec = read(sound_);
  const Appraisal& appraisal = *spec.appraisal;
  ASSERT_EQ(appraisal.groups.size(), 2U);
  EXPECT_EQ(appraisal.groups[0].label, "poor");
  EXPECT_EQ(appraisal.inputs[*appraisal.groups[0].income].name, "poor_income");
  EXPECT_EQ(appraisal.inputs[*appraisal.average_income].name, "income");
  EXPECT_EQ(appraisal.inputs[*appraisal.income_elasticity].name, "elasticity");
  const std::vector<FlowShare>& shares = appraisal.flows[1].groups;
  ASSERT_EQ(shares.size(), 2U);
  EXPECT_EQ(appraisal.inputs[*shares[0].share].name, "poor_share");
  EXPECT_EQ(shares[1].group, 1U);
  EXPECT_FALSE(shares[1].share.has_value());
  const ExperimentSpec whole =
      read(with("social_group = { poor = \"poor_share\", others = \"rest\" }",
                "social_group = { poor = \"poor_share\" }\nnote = \"x\"") +
           "[[flow]]\nname = \"more\"\nbearer = \"others\"\nkind = \"social\"\nis = \"benefit\"\nquantity = \"reach\"\n"
           "each = \"trial_cost\"\nsocial_group = \"others\"\n");
  EXPECT_FALSE(whole.appraisal->flows.back().groups.at(0).share.has_value());
}

TEST_F(SocialGroupsOfAppraisals, SayWhatIsWrongWithThem) {
  const std::string shares = "social_group = { poor = \"poor_share\", others = \"rest\" }";
  EXPECT_EQ(problems(with(shares, "social_group = { pour = \"poor_share\", others = \"rest\" }")),
            "x.toml:63:18: error: no social group is called 'pour'\n"
            "   63 | social_group = { pour = \"poor_share\", others = \"rest\" }\n"
            "      |                  ^^^^\n"
            "  did you mean 'poor'?");
  EXPECT_EQ(problems(with(shares, "social_group = { poor = \"rest\", others = \"rest\" }")),
            "x.toml:63:42: error: [[flow]] 'victims' gives the rest twice\n"
            "   63 | social_group = { poor = \"rest\", others = \"rest\" }\n"
            "      |                                          ^^^^^^\n"
            "  give it to one social group");
  EXPECT_EQ(problems(with(shares, "social_group = { poor = 0.4, others = \"rest\" }")),
            "x.toml:63:25: error: the share of 'poor' has no source\n"
            "   63 | social_group = { poor = 0.4, others = \"rest\" }\n"
            "      |                         ^^^\n"
            "  name an input that is a share, or write \"rest\"");
  EXPECT_EQ(problems(with(shares, "social_group = { poor = \"each\", others = \"rest\" }")),
            "x.toml:63:25: error: 'each' is no share of a flow (it isn't between 0% and 100% whatever is drawn)\n"
            "   63 | social_group = { poor = \"each\", others = \"rest\" }\n"
            "      |                         ^^^^^^\n"
            "  name an input like \"20% to 40%\"");
  EXPECT_EQ(problems(with(shares, "social_group = { poor = \"poor_share\", others = \"poor_share\" }")),
            "x.toml:63:16: error: the shares of [[flow]] 'victims' can add up to 1.2 (no more than all of it can fall "
            "on anyone)\n"
            "   63 | social_group = { poor = \"poor_share\", others = \"poor_share\" }\n"
            "      |                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
            "  narrow their ranges, or give one social group the \"rest\"");
  EXPECT_EQ(problems(with(shares, "social_group = {}")),
            "x.toml:63:16: error: [[flow]] 'victims' doesn't say on which social group it falls\n"
            "   63 | social_group = {}\n"
            "      |                ^^\n"
            "  write social_group = \"poorest\", or { poorest = \"poorest_share\", others = \"rest\" }");
  EXPECT_EQ(problems(with(shares, "social_group = \"poor\"")),
            "x.toml:154:1: error: nothing falls on the social group 'others'\n"
            "  154 | [[social_group]]\n"
            "      | ^^^^^^^^^^^^^^^^\n"
            "  add social_group = \"others\" to a [[flow]], or take it out");
  EXPECT_EQ(
      problems(with("income = \"poor_income\"", "income = \"poor_income\"\nweight = \"elasticity\"")),
      "x.toml:154:1: error: [[social_group]] 'poor' has an income and a weight (its weight follows from its income)\n"
      "  154 | weight = \"elasticity\"\n"
      "      | ^^^^^^\n"
      "x.toml:153:1: note: the income is here\n"
      "  153 | income = \"poor_income\"\n"
      "      | ^^^^^^\n"
      "  keep one");
  EXPECT_EQ(problems(with("income = \"poor_income\"", "income = \"trial_cost\"")),
            "x.toml:153:10: error: 'trial_cost' is in £ (an income is money a year)\n"
            "  153 | income = \"trial_cost\"\n"
            "      |          ^^^^^^^^^^^^\n"
            "  write its figure like \"£18,000 per year\"");
  EXPECT_EQ(
      problems(with("income = \"poor_income\"", "weight = \"poor_income\"")),
      "x.toml:10:1: error: 'average_income' has no meaning here (no social group has an income)\n"
      "   10 | average_income = \"income\"\n"
      "      | ^^^^^^^^^^^^^^\n"
      "  add [[social_group]] with an income, or take it out\n"
      "\n"
      "x.toml:11:1: error: 'income_elasticity' has no meaning here (no social group has an income)\n"
      "   11 | income_elasticity = \"elasticity\"\n"
      "      | ^^^^^^^^^^^^^^^^^\n"
      "  add [[social_group]] with an income, or take it out\n"
      "\n"
      "x.toml:153:10: error: 'poor_income' is in £ per year (a weight or an elasticity is a number without a unit)\n"
      "  153 | weight = \"poor_income\"\n"
      "      |          ^^^^^^^^^^^^^\n"
      "  write its figure like \"1.3\"\n"
      "\n"
      "3 problems; nothing was run.");
  EXPECT_EQ(problems(with("£13,000 to £25,000 per year", "£0 to £25,000 per year")),
            "x.toml:153:10: error: 'poor_income' can be 0 or less (a weight is an average income divided by it)\n"
            "  153 | income = \"poor_income\"\n"
            "      |          ^^^^^^^^^^^^^\n"
            "  give it a value or a range above 0");
  EXPECT_EQ(problems(with("income = \"poor_income\"", "note = \"none\"")),
            "x.toml:10:1: error: 'average_income' has no meaning here (no social group has an income)\n"
            "   10 | average_income = \"income\"\n"
            "      | ^^^^^^^^^^^^^^\n"
            "  add [[social_group]] with an income, or take it out\n"
            "\n"
            "x.toml:11:1: error: 'income_elasticity' has no meaning here (no social group has an income)\n"
            "   11 | income_elasticity = \"elasticity\"\n"
            "      | ^^^^^^^^^^^^^^^^^\n"
            "  add [[social_group]] with an income, or take it out\n"
            "\n"
            "2 problems; nothing was run.");
  EXPECT_EQ(problems(with("average_income = \"income\"\n", "")),
            "x.toml:7:1: error: missing key 'average_income' in [appraisal] (a social group has an income, and £1 "
            "weighs (average income / income) ^ elasticity)\n"
            "    7 | [appraisal]\n"
            "      | ^^^^^^^^^^^\n"
            "  add: average_income = \"...\", the name of an input");
  EXPECT_EQ(problems(with("name  = \"others\"", "name  = \"poor\"")),
            "x.toml:63:39: error: no social group is called 'others'\n"
            "   63 | social_group = { poor = \"poor_share\", others = \"rest\" }\n"
            "      |                                       ^^^^^^\n"
            "  there are poor\n"
            "\n"
            "x.toml:155:9: error: two social groups are called 'poor'\n"
            "  155 | name  = \"poor\"\n"
            "      |         ^^^^^^\n"
            "  give each a name of its own\n"
            "\n"
            "2 problems; nothing was run.");
}

}  // namespace
}  // namespace desist
