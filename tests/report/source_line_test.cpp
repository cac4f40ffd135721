// The line below a picture that says where it comes from.
#include "engine/report/figures/source_line.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace {

using desist::ReportInput;
using desist::figure::source_line;
using desist::figure::with_line_below;
using nlohmann::json;

ReportInput from_sources(std::initializer_list<const char*> sources) {
  ReportInput input;
  input.name = "cara";
  input.run.version = "1.2.3";
  for (const char* source : sources) {
    input.evidence.emplace_back();
    input.evidence.back().source = source;
  }
  return input;
}

TEST(SourceLine, NamesTheRunAndWhatFitsOfItsSources) {
  EXPECT_EQ(source_line(from_sources({})), "desist 1.2.3, cara.");
  EXPECT_EQ(source_line(from_sources({"", "A report", "A report", "Another"})),
            "desist 1.2.3, cara. From: A report; Another");
  EXPECT_EQ(
      source_line(from_sources({"A document with a title that goes on and on, as those of reports on courts do",
                                "A second document", "A third"})),
      "desist 1.2.3, cara.\nFrom: A document with a title that goes on and on, as those of reports on courts do and 2 "
      "more in sources.csv");
}

TEST(SourceLine, StandsBelowThePictureAndItsLegend) {
  const json bare = {{"$schema", "vega-lite"}, {"title", "Waits"}, {"data", {{"url", "waits.csv"}}}, {"mark", "line"}};
  const json found = json::parse(with_line_below(bare.dump(), "one line\nand another"));
  for (const char* key : {"$schema", "title", "data"}) {
    EXPECT_EQ(found[key], bare[key]) << key;
    EXPECT_FALSE(found["vconcat"][0].contains(key)) << key;
  }
  ASSERT_EQ(found["vconcat"].size(), 2);
  EXPECT_EQ(found["vconcat"][0], json({{"mark", "line"}}));
  EXPECT_EQ(found["vconcat"][1]["data"]["values"], json::parse(R"([{"line": "one line\nand another"}])"));
  EXPECT_EQ(found["vconcat"][1]["height"], 20);
  EXPECT_EQ(found["resolve"]["legend"], json({{"color", "independent"}, {"shape", "independent"}}));
}

}  // namespace
