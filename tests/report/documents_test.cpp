// The page, the manifest and the request: what they must hold and what they must never hold.
#include "engine/report/documents.hpp"

#include <regex>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "engine/report/html.hpp"
#include "tests/report/example_inputs.hpp"

namespace {

using desist::ReportInput;
using testing::HasSubstr;
using testing::Not;

desist::PagePictures pictures_of(const ReportInput& input) {
  desist::PagePictures pictures;
  pictures.figures = desist::figures(input);
  return pictures;
}

/// What could make a browser ask for something, or open tags that are not closed: a list of complaints.
std::vector<std::string> complaints(const std::string& page) {
  std::vector<std::string> found;
  const std::regex asks(
      "<(link|iframe|object|embed|base|form|img|video|audio|source)\\b|\\b(src|srcset|action|poster)=|@import|"
      "url\\((?!#)|href=\"(?!#)",
      std::regex::icase);
  for (auto each = std::sregex_iterator(page.begin(), page.end(), asks); each != std::sregex_iterator(); ++each) {
    found.push_back(each->str());
  }
  for (const char* tag :
       {"section", "div", "table", "figure", "details", "ul", "ol", "dl", "pre", "p", "h2", "h3", "script"}) {
    const auto count = [&](const std::string& pattern) {
      const std::regex expression(pattern);
      return std::distance(std::sregex_iterator(page.begin(), page.end(), expression), std::sregex_iterator());
    };
    if (count(std::string("<") + tag + "[ >]") != count(std::string("</") + tag + ">"))
      found.push_back(std::string("unclosed ") + tag);
  }
  return found;
}

TEST(Page, ComplaintsCanBeMade) {
  EXPECT_THAT(complaints("<img src=\"http://x\">"), testing::SizeIs(2));
  EXPECT_THAT(complaints("<p>open"), testing::SizeIs(1));
}

TEST(Page, AsksForNothingAndClosesItsTags) {
  for (const ReportInput& input : {desist::tests::study_input(), desist::tests::projection_input()}) {
    const std::string page = desist::report_page(input, pictures_of(input));
    EXPECT_THAT(complaints(page), testing::IsEmpty());
    EXPECT_THAT(page, HasSubstr("default-src 'none'"));
    EXPECT_THAT(page, Not(HasSubstr("<script")));
  }
}

TEST(Page, ShowsSumsStepByStepAndWhatIsPrintedNowhere) {
  ReportInput input = desist::tests::projection_input();
  EXPECT_THAT(desist::report_page(input, pictures_of(input)), Not(HasSubstr("Sums over printed figures")));
  input.unprinted = "how many cases are referred a week";
  input.sums = {{"Offer",
                 "136 a year if 5 in 100 say yes.",
                 "Nobody has asked <them>.",
                 {{"low", "nc.elig.nfa * 5%", "2,714 × 5%", 135.7, 4, "136", {"nc.elig.nfa"}}}}};
  const std::string page = desist::report_page(input, pictures_of(input));
  EXPECT_THAT(complaints(page), testing::IsEmpty());
  for (const char* part : {"2,714 × 5%", "135.7", "nc.elig.nfa * 5%", "136 a year", "Nobody has asked &lt;them&gt;.",
                           ">Can&#39;t be answered with these figures<", "<dd>How many cases are referred a week is "})
    EXPECT_THAT(page, HasSubstr(part));
  const auto manifest = nlohmann::json::parse(desist::manifest_json(input, {}, {}, {}));
  EXPECT_EQ(manifest["unprinted"], "how many cases are referred a week");
  EXPECT_THAT(desist::request_markdown(input), HasSubstr("it can't be answered: how many cases are referred a week"));
}

TEST(Page, ShowsWhatEachLevelAddsAndWhereMoreMakesItWorse) {
  const ReportInput input = desist::tests::levels_input();
  const std::string page = desist::report_page(input, pictures_of(input));
  EXPECT_THAT(complaints(page), testing::IsEmpty());
  for (const char* part : {"Clear by 31 March 2024, in 100 runs at each level of hearings a week.", ">+45<", ">-4<",
                           "at 350 it is best", "Today: 176 hearings a week."})
    EXPECT_THAT(page, HasSubstr(part));
}

TEST(Page, CallsWhatANeedIsForByItsLabel) {
  ReportInput input = desist::tests::projection_input();
  EXPECT_THAT(desist::report_page(input, pictures_of(input)),
              HasSubstr("Hearings a week: clear by 31 March 2024, with a chance of 90%."));
  input.outcome_texts[1] = {"in_time", "Nine in ten start within four weeks", desist::OutcomeText::Line::people, ""};
  input.need_texts = {"in_time, with a chance of 90%"};
  EXPECT_THAT(desist::report_page(input, pictures_of(input)),
              HasSubstr("Hearings a week: nine in ten start within four weeks, with a chance of 90%."));
  input.need_texts = {"kept_low by 17 August 2024, with a chance of 90%"};
  EXPECT_THAT(desist::report_page(input, pictures_of(input)), HasSubstr("kept low by 17 August 2024, with a chance"));
}

TEST(Page, PutsNoFullStopBehindAQuestion) {
  ReportInput input = desist::tests::levels_input();
  input.figures.front().title = "Does it clear?";
  const std::string page = desist::report_page(input, pictures_of(input));
  EXPECT_THAT(page, HasSubstr("Does it clear? "));
  EXPECT_THAT(page, Not(HasSubstr("Does it clear?.")));
}

TEST(Page, EscapesWhateverTheFileHolds) {
  ReportInput input = desist::tests::study_input();
  const std::string evil = "<script>alert(1)</script>\"'&";
  input.title = input.question = input.file_text = evil;
  input.studies.front().claims.front().text = evil;
  input.studies.front().outcomes.front().label = evil;
  input.study_results.studies.front().audit.front().arithmetic = evil;
  input.sources.front().reason = evil;
  input.evidence.front().printed = evil;
  input.requests.front().figures = evil;
  input.figures.front().title = evil;
  const std::string page = desist::report_page(input, pictures_of(input));
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"));
  EXPECT_THAT(complaints(page), testing::IsEmpty());
}

TEST(Page, DataOfItsOwnDrawingCannotEndTheScript) {
  ReportInput input = desist::tests::study_input();
  input.figures.front().title = "</script><script>alert(1)</script>";
  desist::PagePictures pictures = pictures_of(input);
  pictures.page_bundle = "var desist_page;";
  const std::string page = desist::report_page(input, pictures);
  EXPECT_THAT(page, Not(HasSubstr("</script><script>alert")));
  EXPECT_THAT(page, HasSubstr("script-src 'unsafe-inline'"));
}

TEST(Page, ShowsPicturesOnceDrawnAndWordsBefore) {
  const ReportInput input = desist::tests::study_input();
  desist::PagePictures pictures = pictures_of(input);
  EXPECT_THAT(desist::report_page(input, pictures), HasSubstr("8 of 70 against 10 of 49"));
  pictures.svg["comparisons"] = "<?xml?><svg><clipPath id=\"clip1\"/><g clip-path=\"url(#clip1)\"/></svg>";
  const std::string page = desist::report_page(input, pictures);
  EXPECT_THAT(page,
              HasSubstr("<svg><clipPath id=\"comparisons-clip1\"/><g clip-path=\"url(#comparisons-clip1)\"/></svg>"));
  EXPECT_THAT(page, HasSubstr("role=\"img\" aria-label=\"CARA"));
}

TEST(Page, StartsWithTheAnswerAndLeavesRoomForTheOwner) {
  const std::string page = desist::report_page(desist::tests::study_input(), {});
  const std::vector<const char*> order = {"Not shown either way", "id=\"results\"", "id=\"claims\"",
                                          "id=\"audit\"",         "id=\"sources\"", "id=\"again\""};
  std::size_t at = 0;
  for (const char* each : order) {
    const std::size_t next = page.find(each, at);
    ASSERT_NE(next, std::string::npos) << each;
    at = next;
  }
  EXPECT_THAT(page, HasSubstr("cannot be reproduced"));
  EXPECT_THAT(page, HasSubstr("The owner's reply"));
  EXPECT_THAT(page, Not(HasSubstr("error:")));
}

TEST(Manifest, NamesWhatRanAndKeepsTheMachineOut) {
  const ReportInput input = desist::tests::projection_input();
  const auto manifest =
      nlohmann::json::parse(desist::manifest_json(input, {"estimates.csv"}, {"figures/a.svg"}, {"x"}));
  EXPECT_EQ(manifest["seed"], 20230930);
  EXPECT_EQ(manifest["spec_digest"], "fedcba9876543210");
  EXPECT_EQ(manifest["files"], nlohmann::json::array({"estimates.csv"}));
  EXPECT_EQ(manifest["figures_from"]["assumption"].size(), 5U);
  EXPECT_EQ(manifest["figures_from"]["evidence"].size(), 1U);
  EXPECT_EQ(manifest["evidence"].size(), 2U);

  // Another machine, another day: the same but for `run`.
  ReportInput other = input;
  other.run = {input.run.version, "ffff", "Clang 19", "system", "2030-01-01T00:00:00Z", 99, 64};
  auto elsewhere = nlohmann::json::parse(desist::manifest_json(other, {"estimates.csv"}, {}, {}));
  auto here = manifest;
  EXPECT_NE(here, elsewhere);
  here.erase("run");
  elsewhere.erase("run");
  EXPECT_EQ(here, elsewhere);
}

TEST(Request, SaysWhatInWhatFormAndWhy) {
  const std::string text = desist::request_markdown(desist::tests::study_input());
  EXPECT_THAT(text,
              HasSubstr("1. **Each person's group as allocated, whether they attended, and the date of each later "
                        "offence.**\n   Why: The table leaves out people who were allocated and gives no times.\n"));
  EXPECT_THAT(text, HasSubstr("## In what form"));
  ReportInput nothing = desist::tests::study_input();
  nothing.requests.clear();
  EXPECT_EQ(desist::request_markdown(nothing), "");
}

TEST(Html, EscapesText) { EXPECT_EQ(desist::html::escaped("a<b>&\"'\x01\n"), "a&lt;b&gt;&amp;&quot;&#39;\n"); }

}  // namespace
