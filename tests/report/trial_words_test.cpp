// What is said of virtual trials: the lines of the first screen, the table, the page. Every number is invented.
#include "engine/report/trial_words.hpp"

#include <cmath>

#include <gmock/gmock.h>

#include "engine/report/figures/figure_parts.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/trial_tables.hpp"

namespace desist {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TrialSize size_with(std::size_t people, double power) {
  TrialSize size;
  size.people = people;
  size.trials = 2000;
  size.power = {power, 0.01};
  size.power_limits = {power - 0.02, power + 0.02};
  size.mean = {-0.06, 0.001};
  size.bias = {-0.001, 0.002};
  size.empirical_error = {0.05, 0.001};
  size.coverage = {0.95, 0.005};
  size.shown = 900;
  size.wrong_sign = {0.01, 0.003};
  size.exaggeration = {1.4, 0.02};
  size.false_positives = Characteristic{0.051, 0.005};
  size.false_positive_limits = {0.04, 0.06};
  size.power_with_looks = size.people_with_looks = size.bias_with_looks = {std::nan(""), std::nan("")};
  return size;
}

TrialAnalysis named(const std::string& name, const std::string& label, Analysed of = Analysed::everyone) {
  TrialAnalysis analysis;
  analysis.analysis.name = name;
  analysis.analysis.label = label;
  analysis.analysis.method = "risks";
  analysis.of = of;
  return analysis;
}

/// Two trials: one with a size for its power, one without.
ReportInput two_trials() {
  ReportInput input;
  input.model = "cohort";
  input.arms = {{"usual", "As usual", "", {}, ""}, {"course", "On the course", "", {}, ""}};
  TrialDesign planned;
  planned.name = "planned";
  planned.label = "As planned";
  planned.treated = 1;
  planned.sizes = {200, 400};
  planned.power = 0.8;
  planned.without_effect = 1;
  planned.people_a_week = 4;
  planned.analyses = {named("any", "Any offence"), named("abuse", "Abuse"),
                      named("completers", "Completers only", Analysed::completers)};
  TrialDesign lag = planned;
  lag.name = "lag";
  lag.label = "Read at once";
  lag.read_after = 0;
  lag.power.reset();
  lag.analyses = {named("any", "Any offence")};
  input.trials = {planned, lag};
  for (std::size_t d = 0; d < 2; ++d)
    for (std::size_t a = 0; a < input.trials[d].analyses.size(); ++a) {
      TrialResult result;
      result.design = d;
      result.analysis = a;
      result.measure = "risk difference";
      result.unit = "share";
      result.truth = -0.05;
      result.truth_error = 0.0004;
      result.truth_people = 200000;
      result.truth_control = 0.2;
      result.truth_treated = 0.15;
      result.sizes = {size_with(200, 0.31), size_with(400, 0.62)};
      if (a == 2) result.sizes[1].mean.value = -0.113;
      if (input.trials[d].power) {
        TrialNeed need;
        need.verdict = a == 1 ? TrialNeed::Verdict::beyond_sizes : TrialNeed::Verdict::found;
        need.people = 380;
        need.confirmed = size_with(380, 0.81);
        result.need = need;
      }
      input.tried.push_back(result);
    }
  return input;
}

TEST(TrialWords, The_answer_is_how_many_people) {
  const auto answers = trial_answers(two_trials());
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].text, "To show it in 80 of 100: ");
  EXPECT_THAT(answers[0].parts, ElementsAre("any offence 380 people (81 afresh)", "abuse over 400"));
  EXPECT_EQ(answers[1].verdict, "Read at once");
  EXPECT_EQ(answers[1].text, "Any offence: shown by ");
  EXPECT_THAT(answers[1].parts, ElementsAre("31 in 100 trials at 200 people", "62 at 400"));
}

TEST(TrialWords, Losses_are_told_of_whom_they_are) {
  ReportInput input = two_trials();
  EXPECT_THAT(page::trials_section(input), testing::Not(HasSubstr("Lost:")));
  input.trials[0].lost_control = 0.05;
  input.trials[0].lost_treated = 0.08;
  EXPECT_THAT(page::trials_section(input), HasSubstr(" Lost: 5% of controls, 8% of treated."));
  input.trials[0].lost_control_if_offended = 0.15;
  EXPECT_THAT(page::trials_section(input),
              HasSubstr(" Lost: 5% of controls who don&#39;t offend and 15% of those who do, 8% of treated."));
}

TEST(TrialWords, Matches_are_no_people_of_the_programme) {
  ReportInput input = two_trials();
  input.trials[0].assignment = Assignment::matched;
  input.trials[1].assignment = Assignment::matched;
  const auto answers = trial_answers(input);
  EXPECT_THAT(answers[0].parts, ElementsAre("any offence 190 matched pairs (81 afresh)", "abuse over 200"));
  EXPECT_THAT(answers[1].parts, ElementsAre("31 in 100 trials at 100 matched pairs", "62 at 200"));
  EXPECT_EQ(found_by_chance_answer(input).text, "Without any effect, 200 matched pairs: ");
}

/// The same with the first trial among people with other careers too.
ReportInput with_other_careers() {
  ReportInput input = two_trials();
  input.trials[0].careers = "lasting rates";
  TrialDesign spells = input.trials[0];
  spells.careers = "spells";
  spells.repeats = 0;
  spells.control = spells.treated = 7;  // arms that are not reported
  input.trials.push_back(spells);
  for (std::size_t a = 0; a < 3; ++a) {
    TrialResult result = input.tried[a];
    result.design = 2;
    result.truth = -0.031;
    result.sizes[1].gain = Characteristic{-0.12, 0.01};
    if (result.need) result.need->people = 395;
    input.tried.push_back(result);
  }
  return input;
}

TEST(TrialWords, Careers_stand_side_by_side) {
  const ReportInput input = with_other_careers();
  EXPECT_EQ(trial_answers(input).size(), 2U);
  const auto careers = careers_answers(input);
  ASSERT_EQ(careers.size(), 1U);
  EXPECT_EQ(careers[0].text, "Any offence, to show it in 80 of 100: ");
  EXPECT_THAT(careers[0].parts, ElementsAre("lasting rates 380 people", "spells 395"));
  EXPECT_TRUE(careers_answers(two_trials()).empty());
  EXPECT_EQ(found_by_chance_answer(input).parts.size(), found_by_chance_answer(two_trials()).parts.size());
  const std::string page = page::trials_section(input);
  EXPECT_THAT(page, HasSubstr("Any offence, by how people offend"));
  EXPECT_THAT(page, HasSubstr("3.1 fewer in 100"));
  EXPECT_THAT(page::trials_section(two_trials()), testing::Not(HasSubstr("how people offend")));
  // The other trial says where to look.
  EXPECT_THAT(page, HasSubstr("<p>Tried with lasting rates alone: how much hangs on how people offend is shown for “" +
                              input.trials[0].label + "”.</p>"));
  const Table table = trials_table(input);
  EXPECT_EQ(std::get<std::string>(table.at(0, "careers")), "lasting rates");
  EXPECT_EQ(std::get<std::string>(table.at(table.size() - 1, "careers")), "spells");
  EXPECT_EQ(std::get<std::string>(table.at(table.size() - 1, "trial")), "planned");
}

// At some of the sizes only: the same number of people in all, whatever is needed.
TEST(TrialWords, Careers_at_one_size_say_how_often_it_is_shown) {
  ReportInput input = with_other_careers();
  input.trials[2].power.reset();
  input.trials[2].sizes = {400};
  for (TrialResult& result : input.tried) {
    if (result.design != 2) continue;
    result.sizes = {size_with(400, 0.55)};
    result.need.reset();
  }
  const auto careers = careers_answers(input);
  EXPECT_EQ(careers[0].text, "Any offence, shown with 400 people: ");
  EXPECT_THAT(careers[0].parts, ElementsAre("lasting rates 62 in 100", "spells 55"));
  EXPECT_THAT(page::trials_section(input), HasSubstr("by how people offend: 400 people in all"));
}

TEST(TrialWords, Follow_ups_stand_side_by_side) {
  ReportInput input = two_trials();
  EXPECT_EQ(follow_up_answer(input).parts.size(), 0U);
  input.trials[0].people_a_week = 5;
  EXPECT_EQ(how_long_answer(input).text, "5 people a week, 12 months of follow-up (not varied): ");
  for (const double weeks : {26.0, 104.0}) {
    TrialDesign other = input.trials[0];
    other.repeats = 0;
    other.is_other_follow_up = true;
    other.follow_up = weeks;
    input.trials.push_back(other);
    for (std::size_t a = 0; a < 3; ++a) {
      TrialResult result = input.tried[a];
      result.design = input.trials.size() - 1;
      result.truth = weeks > 52 ? -0.061 : -0.027;
      if (result.need) {
        result.need->verdict = weeks > 52 ? TrialNeed::Verdict::found : TrialNeed::Verdict::beyond_sizes;
        result.need->people = 290;
      }
      input.tried.push_back(result);
    }
  }
  EXPECT_EQ(trial_answers(input).size(), 2U);
  const Answer answer = follow_up_answer(input);
  EXPECT_EQ(answer.text, "Followed ");
  // 380/5 + 52 = 128 weeks, 290/5 + 104 = 162.
  EXPECT_THAT(answer.parts,
              ElementsAre("6 months over 400 people", "12 months 380 (2.5 years)", "24 months 290 (3.1 years)"));
  EXPECT_TRUE(how_long_answer(input).parts.empty());
  const std::string html = page::trials_section(input);
  EXPECT_THAT(html, HasSubstr("Any offence, by how long people are followed: 400 people in all, the same people, each "
                              "time with its own truth."));
  EXPECT_THAT(html, HasSubstr("6.1 fewer in 100"));
  EXPECT_THAT(trials_table(input).csv(),
              HasSubstr("planned,,104,any,risks,everyone,risk difference,,truth,,share,-0.061,"));
}

TEST(TrialWords, Without_a_wanted_power_careers_say_what_chance_finds) {
  ReportInput input = with_other_careers();
  for (const std::size_t d : {0U, 2U}) input.trials[d].power.reset();
  for (TrialResult& result : input.tried) result.need.reset();
  input.tried.back().design = input.tried[3].design;  // another trial's: left out
  input.tried[4].sizes[1].false_positives = Characteristic{0.42, 0.005};
  const auto careers = careers_answers(input);
  EXPECT_EQ(careers[0].text, "As planned, found where there is no effect: ");
  EXPECT_THAT(careers[0].parts, ElementsAre("lasting rates 5 in 100", "spells 42"));
}

TEST(TrialWords, Sizes_that_all_say_the_same_are_said_once) {
  ReportInput input = two_trials();
  for (TrialSize& size : input.tried.back().sizes) size.power = {1, 0};
  EXPECT_THAT(trial_answers(input)[1].parts, ElementsAre("all of 100 trials of 200 to 400 people"));
}

TEST(TrialWords, What_the_wrong_way_costs_and_what_chance_finds) {
  const ReportInput input = two_trials();
  EXPECT_THAT(wrong_way_answer(input).parts,
              ElementsAre("Completers only: 11 fewer in 100 on average, where 5 fewer in 100 is true"));
  const Answer chance = found_by_chance_answer(input);
  EXPECT_EQ(chance.text, "Without any effect, 400 people: ");
  EXPECT_THAT(chance.parts,
              ElementsAre("any offence 5 in 100 find one", "abuse 5", "completers only 5", "read at once 5"));
  EXPECT_EQ(how_long_answer(input).text, "4 people a week, 12 months of follow-up (not varied): ");
  EXPECT_THAT(how_long_answer(input).parts, ElementsAre("2.8 years for 380 people", "2.9 years for 400 people"));
  EXPECT_EQ(looks_answer(input).text, "");
}

/// Of the first trial's analyses as assigned so many trials show something where nothing was done, at each size.
ReportInput with_false_positives(double at_200, double at_400) {
  ReportInput input = two_trials();
  for (const std::size_t a : {0U, 1U})
    for (const std::size_t s : {0U, 1U})
      input.tried[a].sizes[s].false_positives = Characteristic{s == 0 ? at_200 : at_400, 0.01};
  return input;
}

TEST(TrialWords, A_design_that_shows_something_where_nothing_was_done_says_so) {
  // Below Bradley's 7.5 in 100 within the error, and above it: the limit is 0.075 + 1.96 * 0.01 = 0.0946.
  EXPECT_THAT(trial_answers(with_false_positives(0.05, 0.094))[0].parts[0], "any offence 380 people (81 afresh)");
  EXPECT_THAT(trial_answers(with_false_positives(0.05, 0.096))[0].parts[0],
              "any offence 380 people (81 afresh, 10 in 100 where nothing was done)");
  const ReportInput both = with_false_positives(0.31, 1);
  EXPECT_THAT(trial_answers(both)[0].parts,
              ElementsAre("any offence 380 people (81 afresh, all of 100 where nothing was done)",
                          "abuse over 400 (all of 100 where nothing was done)"));
}

TEST(TrialWords, A_line_by_size_is_read_with_what_is_shown_where_nothing_was_done) {
  ReportInput input = with_false_positives(0.31, 1);
  input.trials[0].power.reset();
  EXPECT_THAT(trial_answers(input)[0].parts,
              ElementsAre("31 to 100 where nothing was done, and by 31 in 100 trials at 200 people, 62 at 400"));
  EXPECT_EQ(verdict_or_answer(input),
            "Any offence: shown by 31 to 100 where nothing was done, and by 31 in 100 trials at 200 people, 62 "
            "at 400");
  for (TrialSize& size : input.tried[0].sizes) size.power = {1, 0};
  input.tried[0].sizes[0].false_positives = Characteristic{1, 0};
  EXPECT_THAT(trial_answers(input)[0].parts,
              ElementsAre("all of 100 where nothing was done, and by all of 100 trials of 200 to 400 people"));
  input.trials[0].assignment = Assignment::matched;
  EXPECT_THAT(inconclusive_answer(input).parts,
              ElementsAre("none in 100 comparisons at 100 matched pairs (shown by all of 100 where nothing was done)",
                          "none at 200"));
}

TEST(TrialWords, A_picture_draws_what_is_shown_where_nothing_was_done) {
  FigureRequest request;
  request.name = "sizes";
  request.draw = "operating_characteristics";
  request.of = "any";
  const auto kept = figure::draw_operating_characteristics(two_trials(), request);
  ASSERT_TRUE(kept.has_value());
  EXPECT_THAT(kept->spec, testing::Not(HasSubstr("nothing was done")));
  const auto drawn = figure::draw_operating_characteristics(with_false_positives(0.31, 1), request);
  ASSERT_TRUE(drawn.has_value());
  EXPECT_THAT(drawn->spec, HasSubstr("Open points on thin dashes"));
  EXPECT_THAT(drawn->alt, HasSubstr("62 at 400; where nothing was done 31 at 200, all at 400. "));
}

TEST(TrialWords, What_of_comparisons_shows_nothing) {
  ReportInput input = two_trials();
  EXPECT_TRUE(inconclusive_answer(input).parts.empty());
  input.trials[0].assignment = input.trials[1].assignment = Assignment::matched;
  EXPECT_THAT(inconclusive_answer(input).parts,
              ElementsAre("69 in 100 comparisons at 100 matched pairs", "38 at 200", "read at once 69 to 38"));
  const std::string page = page::trials_section(input);
  EXPECT_THAT(page, HasSubstr("It takes people as single, and matches are alike"));
  input.trials[0].power = 0.8;
  EXPECT_EQ(trial_answers(input)[0].parts[1], "abuse over 200");
  input.tried[0].need->verdict = TrialNeed::Verdict::beyond_sizes;
  EXPECT_EQ(trial_answers(input)[0].parts[0], "any offence over 200 matched pairs, which show it in 62 of 100");
}

TEST(TrialWords, Trials_without_a_number_are_told) {
  ReportInput input = two_trials();
  input.tried[0].sizes[0].without_number = 100;  // 5 in 100: as many as chance shows
  EXPECT_TRUE(no_number_answer(input).parts.empty());
  input.tried[0].sizes[0].without_number = 2000;
  input.tried.back().sizes[1].without_number = 300;
  EXPECT_THAT(no_number_answer(input).parts,
              ElementsAre("Any offence: 2,000 of 2,000 trials of 200 people, counted as not shown",
                          "Read at once, any offence: 300 of 2,000 trials of 400 people, counted as not shown"));
}

TEST(TrialWords, An_analysis_that_takes_people_of_clusters_as_single_is_told) {
  ReportInput input = two_trials();
  const std::string told = "It takes people of a cluster as single, and they are alike: its errors are too small.";
  EXPECT_THAT(page::trials_section(input), testing::Not(HasSubstr(told)));
  for (TrialDesign& design : input.trials) design.cluster_sd = 0.3;
  EXPECT_THAT(page::trials_section(input), HasSubstr(told));
  for (TrialDesign& design : input.trials)
    for (TrialAnalysis& analysis : design.analyses) analysis.analysis.words["cluster"] = {"cluster"};
  EXPECT_THAT(page::trials_section(input), testing::Not(HasSubstr(told)));
}

TEST(TrialWords, The_error_of_a_truth_is_told_where_it_counts) {
  ReportInput input = two_trials();
  input.tried[0].own_people = true;
  input.tried[0].fresh_is_fine = false;
  input.tried[1].truth_is_fine = false;
  const std::string page = page::trials_section(input);
  EXPECT_THAT(page,
              HasSubstr("from 200,000 people who live in both arms, those of the trials among them; its own error, "
                        "0.04, adds to that of the bias of the fresh trials alone."));
  EXPECT_THAT(page,
              HasSubstr("from 200,000 people who live in both arms; its own error, 0.04, adds more than a tenth of "
                        "that of some bias, and is part of it."));
}

/// The same with a test alone, of everyone and of completers.
ReportInput with_a_test_alone() {
  ReportInput input = two_trials();
  const Characteristic none{std::nan(""), std::nan("")};
  for (TrialResult& result : input.tried) {
    if (result.design != 0 || result.analysis == 0) continue;
    input.trials[0].analyses[result.analysis].analysis.method = "log_rank";
    result.measure = "log-rank test";
    result.unit.clear();
    result.has_effect = result.has_interval = false;
    result.truth = result.truth_error = std::nan("");
    for (TrialSize& size : result.sizes)
      for (Characteristic* each :
           {&size.mean, &size.bias, &size.empirical_error, &size.squared_error, &size.coverage, &size.exaggeration})
        *each = none;
  }
  return input;
}

TEST(TrialWords, A_test_alone_has_power_and_nothing_else) {
  const ReportInput input = with_a_test_alone();
  EXPECT_EQ(trial_effect(input.tried[1], input.tried[1].truth, input.tried[1].truth_error), "no effect of its own");
  EXPECT_THAT(wrong_way_answer(input).parts, ElementsAre("Completers only: 62 in 100 show it"));
  EXPECT_EQ(trial_answers(input)[0].parts[1], "abuse over 400");
  const std::string page = page::trials_section(input);
  EXPECT_THAT(page, HasSubstr("Abuse (method log_rank). A test alone: it has no effect of its own, and so no truth, no "
                              "bias and no interval. A wrong sign is one shown the other way."));
  EXPECT_THAT(page, testing::Not(HasSubstr("nan")));
  const Table table = trials_table(input);
  std::vector<std::string> said;
  for (std::size_t r = 0; r < table.size(); ++r)
    if (std::get<std::string>(table.at(r, "analysis")) == "abuse" &&
        (std::holds_alternative<std::monostate>(table.at(r, "people")) ||
         std::get<double>(table.at(r, "people")) == 200))
      said.push_back(std::get<std::string>(table.at(r, "statistic")));
  EXPECT_THAT(said, ElementsAre("outcome among controls", "outcome among treated", "power", "wrong sign",
                                "without a number", "power without an effect"));
}

TEST(TrialWords, A_picture_of_a_test_alone_is_of_its_power) {
  FigureRequest request;
  request.name = "sizes";
  request.draw = "operating_characteristics";
  request.of = "abuse";
  const auto alone = figure::draw_operating_characteristics(with_a_test_alone(), request);
  ASSERT_TRUE(alone.has_value());
  EXPECT_THAT(alone->caption, HasSubstr("Abuse: virtual trials of 100 in which an effect is shown (p at most 0.05). "));
  EXPECT_THAT(alone->csv, HasSubstr(",400,62,60,64,,,,,,,5.1,4,6\n"));
  EXPECT_THAT(alone->spec, testing::Not(HasSubstr("Bias")));
  request.of = "any";
  const auto usual = figure::draw_operating_characteristics(two_trials(), request);
  EXPECT_THAT(
      usual->caption,
      HasSubstr("Any offence: above, virtual trials of 100 in which an effect is shown (p at most 0.05); below "
                "left, those of 100 whose 95% interval holds the truth; below right, the mean estimate less the "
                "truth, people in 100. Bands"));
  EXPECT_THAT(usual->spec, HasSubstr("hold the truth"));
}

// A test of a difference has a bias, and no interval.
TEST(TrialWords, What_has_no_interval_covers_nothing) {
  ReportInput input = two_trials();
  input.tried[0].has_interval = false;
  for (TrialSize& size : input.tried[0].sizes) size.coverage = {std::nan(""), std::nan("")};
  const std::string page = page::trials_section(input);
  EXPECT_THAT(page, HasSubstr("It has no interval of its own, so that nothing is covered."));
  EXPECT_THAT(page, testing::Not(HasSubstr("nan")));
}

TEST(TrialWords, Assurance_stands_beside_the_power) {
  ReportInput input = two_trials();
  EXPECT_EQ(assurance_answer(input).text, "");
  input.trials[0].assurance = true;
  TrialSize& confirmed = input.tried[0].need->confirmed;
  confirmed.assurance = Characteristic{0.63, 0.01};
  confirmed.against = Characteristic{0.002, 0.001};
  confirmed.assurance_limits = {0.61, 0.65};
  const Answer answer = assurance_answer(input);
  EXPECT_EQ(answer.text, "Whatever is true of what isn't known: ");
  EXPECT_THAT(answer.parts, ElementsAre("any offence 63 in 100 show it with 380 people"));
  EXPECT_THAT(trials_table(input).csv(), HasSubstr("380,assurance,confirmed by fresh trials,share,0.63,0.01,0.61,0.65,"
                                                   "2000,futures\n"));
  const std::string html = page::trials_section(input);
  EXPECT_THAT(html, HasSubstr(">Shown over draws, in 100</th>"));
  EXPECT_THAT(html, HasSubstr("O&#39;Hagan, Stevens and Campbell 2005"));
}

TEST(TrialWords, The_table_has_a_row_an_estimate) {
  const std::string csv = trials_table(two_trials()).csv();
  EXPECT_THAT(csv, HasSubstr("trial,careers,follow_up_weeks,analysis,method,of_whom,measure,people,statistic,note,unit,"
                             "estimate,mc_error,low,"
                             "high,of,spread\n"));
  EXPECT_THAT(
      csv, HasSubstr("planned,,52,any,risks,everyone,risk difference,,truth,,share,-0.05,0.0004,,,200000,futures\n"));
  EXPECT_THAT(csv, HasSubstr("planned,,52,any,risks,everyone,risk difference,200,power,,share,0.31,0.01,0.29,0.33,2000,"
                             "futures\n"));
  EXPECT_THAT(csv, HasSubstr("planned,,52,abuse,risks,everyone,risk difference,400,size for the wanted power,above the "
                             "greatest size,person,,,,,,futures\n"));
  EXPECT_THAT(
      csv, HasSubstr("planned,,52,any,risks,everyone,risk difference,380,power,confirmed by fresh trials,share,0.81,"));
}

TEST(TrialWords, The_page_says_what_is_tried_and_what_is_true) {
  const std::string html = page::trials_section(two_trials());
  EXPECT_THAT(html,
              HasSubstr("“On the course” against “As usual”: each by chance, 50% to the programme. Each person is "
                        "followed for 52 weeks, and all that is recorded in the end counts. 5,000 trials at each "
                        "size; smaller trials are the beginnings of greater ones."));
  EXPECT_THAT(html, HasSubstr("and records are read 0 weeks after that."));
  EXPECT_THAT(html, HasSubstr("The truth: 5 fewer in 100 (20 without, 15 with), from 200,000 people who live in both "
                              "arms. Biases and errors are people in 100."));
  EXPECT_THAT(html, HasSubstr("380 (fresh trials)"));
  EXPECT_EQ(page::trials_section(ReportInput{}), "");
}

/// The page's verdict: of the first trial's analyses as assigned, how many a size tried shows as often as is asked.
TEST(TrialVerdict, SaysWhetherTheSizesTriedShowIt) {
  ReportInput input = two_trials();
  const auto set = [&](TrialNeed::Verdict any, TrialNeed::Verdict abuse) {
    for (TrialResult& result : input.tried)
      if (result.design == 0 && result.analysis < 2) result.need->verdict = result.analysis == 0 ? any : abuse;
    return trial_verdict(input);
  };
  using Verdict = TrialNeed::Verdict;
  EXPECT_EQ(set(Verdict::found, Verdict::at_smallest), "Yes");
  EXPECT_EQ(set(Verdict::found, Verdict::beyond_sizes), "Depends on which outcome is meant");
  EXPECT_EQ(set(Verdict::beyond_sizes, Verdict::beyond_sizes), "No");
  EXPECT_EQ(main_answer(input).verdict, "No");
  EXPECT_EQ(verdict_or_answer(input), "No");
  // What shows something where nothing was done is no yes.
  input.tried[0].sizes.back().false_positives = Characteristic{1, 0};
  EXPECT_EQ(set(Verdict::found, Verdict::found), "Depends on which outcome is meant");
  EXPECT_EQ(set(Verdict::found, Verdict::beyond_sizes), "No");
  input.tried[1].sizes.back().false_positives = Characteristic{1, 0};
  EXPECT_EQ(set(Verdict::found, Verdict::found), "Yes, but also where nothing was done");
  EXPECT_EQ(set(Verdict::beyond_sizes, Verdict::beyond_sizes), "No");
  // One size: its power against what is asked, beyond the error.
  for (TrialResult& result : input.tried) result.sizes = {size_with(400, 0.8)};
  EXPECT_EQ(trial_verdict(input), "Not shown either way");
  for (TrialResult& result : input.tried) result.sizes = {size_with(400, 0.9)};
  EXPECT_EQ(trial_verdict(input), "Yes");
  // Where nothing is asked, the answer itself stands in the verdict's place.
  for (TrialDesign& design : input.trials) design.power.reset();
  EXPECT_EQ(trial_verdict(input), "");
  EXPECT_EQ(verdict_or_answer(input), "Any offence: shown by 90 in 100 trials at 400 people");
}

}  // namespace
}  // namespace desist
