// Mantel-Haenszel against tests/data/reference/05_meta (metafor rma.mh), to 1e-10.
#include <gtest/gtest.h>

#include "engine/statistics/stratified_tables.hpp"
#include "tests/statistics/csv_columns.hpp"
#include "tests/statistics/reference_file.hpp"

namespace desist::statistics {
namespace {

using reference::Comparison;

TEST(stratified_reference, mantel_haenszel) {
  const auto analyses = reference::read("05_meta/expected.json").at("analyses");
  ASSERT_EQ(analyses.size(), 3u);
  for (const auto& [name, analysis] : analyses.items()) {
    const CsvColumns data("reference/05_meta/" + name + ".csv");
    std::vector<TwoByTwo> strata;
    for (std::size_t i = 0; i < data.text("x1").size(); ++i) {
      strata.push_back({std::stol(data.text("x1")[i]), std::stol(data.text("n1")[i]), std::stol(data.text("x0")[i]),
                        std::stol(data.text("n0")[i])});
    }
    const auto compare = [&, name = name, analysis = analysis](const char* scale, const Inference& ours) {
      const auto& expected = analysis.at("mantel_haenszel").at(scale);
      Comparison c(name + " " + scale);
      c.near(expected, "estimate", ours.estimate, 1e-10);
      c.near(expected, "se", ours.error, 1e-10);
      c.near(expected, "ci", ours.interval, 1e-10);
    };
    compare("log_or", mantel_haenszel_odds_ratio(strata)->log);
    compare("log_rr", mantel_haenszel_risk_ratio(strata)->log);
    compare("rd", *mantel_haenszel_risk_difference(strata));
  }
}

}  // namespace
}  // namespace desist::statistics
