// The dated tables that appraisals stand on: each figure of
// experiments/evidence/{unit_costs,deflators,discount_rates}.csv agrees with the row of literature.csv that it comes
// from, its verification status included; what is not there is named. The comparison is first shown to find a planted
// fault.
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/table.hpp"

namespace desist {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using MoneyRow = std::map<std::string, std::string>;  // column to cell

std::vector<MoneyRow> money_rows(const std::string& file) {
  std::ifstream stream(std::string(DESIST_SOURCE_DIR) + "/experiments/evidence/" + file, std::ios::binary);
  EXPECT_TRUE(stream) << file;
  std::ostringstream text;
  text << stream.rdbuf();
  const Table table = read_csv(text.str());
  std::vector<MoneyRow> rows(table.size());
  for (std::size_t i = 0; i < table.size(); ++i)
    for (const Column& column : table.columns()) {
      const Cell& cell = table.at(i, column.name);
      rows[i][column.name] = std::holds_alternative<std::string>(cell) ? std::get<std::string>(cell) : "";
    }
  return rows;
}

std::map<std::string, MoneyRow> literature_rows() {
  std::map<std::string, MoneyRow> found;
  for (const MoneyRow& row : money_rows("literature.csv")) found[row.at("id")] = row;
  return found;
}

/// The cells in which a row differs from the row of literature.csv that it names: "value is 54, not 45".
std::vector<std::string> differences(const MoneyRow& row, const MoneyRow& literature,
                                     const std::map<std::string, std::string>& columns) {
  std::vector<std::string> found;
  for (const auto& [ours, theirs] : columns)
    if (row.at(ours) != literature.at(theirs))
      found.push_back(fmt::format("{} is {}, not {}", ours, row.at(ours), literature.at(theirs)));
  return found;
}

const std::map<std::string, std::string> unit_cost_columns{{"value", "value"},
                                                           {"low", "low"},
                                                           {"high", "high"},
                                                           {"source", "source_title"},
                                                           {"edition", "source_year"},
                                                           {"place", "table_or_place"},
                                                           {"verification", "verification"}};

TEST(MoneyTables, ComparisonFindsAPlantedFault) {
  const auto literature = literature_rows();
  MoneyRow row = money_rows("unit_costs.csv").front();
  row["value"] = "1";
  row["verification"] = "verified";
  EXPECT_THAT(differences(row, literature.at(row.at("evidence")), unit_cost_columns),
              ElementsAre("value is 1, not 3200000", "verification is verified, not verified-secondary"));
}

TEST(MoneyTables, UnitCostsAreThoseOfTheLiterature) {
  const auto literature = literature_rows();
  std::set<std::string> ids;
  for (const MoneyRow& row : money_rows("unit_costs.csv")) {
    SCOPED_TRACE(row.at("id"));
    EXPECT_TRUE(ids.insert(row.at("id")).second) << "twice";
    ASSERT_TRUE(literature.count(row.at("evidence"))) << row.at("evidence");
    EXPECT_THAT(differences(row, literature.at(row.at("evidence")), unit_cost_columns), IsEmpty());
    EXPECT_EQ(row.at("value").empty(), row.at("verification") == "not-found");
    EXPECT_TRUE(row.at("value").empty() || !row.at("price_year").empty());
    for (const char* column : {"label", "per", "contains", "bearer"}) EXPECT_FALSE(row.at(column).empty()) << column;
  }
}

TEST(MoneyTables, EveryCostOfACrimeOfTheHomeOfficeIsThere) {
  std::set<std::string> taken;
  for (const MoneyRow& row : money_rows("unit_costs.csv")) taken.insert(row.at("evidence"));
  for (const auto& [id, row] : literature_rows())
    if (id.rfind("ho.unitcost.", 0) == 0 || id.rfind("ho.component.", 0) == 0) {
      EXPECT_TRUE(taken.count(id)) << id;
    }
}

TEST(MoneyTables, DeflatorsAreThoseOfTheLiteratureYearByYear) {
  const auto literature = literature_rows();
  int year = 2000;
  for (const MoneyRow& row : money_rows("deflators.csv")) {
    EXPECT_EQ(row.at("year"), fmt::format("{}/{:02}", year, (year + 1) % 100));
    const MoneyRow& source = literature.at(fmt::format("gdp.deflator.{}_{:02}", year, (year + 1) % 100));
    EXPECT_THAT(differences(row, source, {{"index", "value"}, {"verification", "verification"}}), IsEmpty());
    const bool is_forecast = source.at("quantity").find("forecast") != std::string::npos;
    EXPECT_EQ(row.at("kind"), is_forecast ? "forecast" : "outturn") << row.at("year");
    ++year;
  }
  EXPECT_EQ(year, 2031);
}

/// The rows of a schedule hold years without a gap; their rates.
std::vector<std::string> rates_of(const std::string& schedule) {
  std::vector<std::string> rates;
  int next = 0;
  for (const MoneyRow& row : money_rows("discount_rates.csv")) {
    if (row.at("schedule") != schedule) continue;
    EXPECT_EQ(row.at("from_year"), std::to_string(next)) << schedule;
    next = std::atoi(row.at("to_year").c_str()) + 1;
    rates.push_back(row.at("rate"));
  }
  EXPECT_EQ(next, 126) << schedule;
  return rates;
}

TEST(MoneyTables, DiscountRatesAreThoseOfTheLiterature) {
  const auto literature = literature_rows();
  const auto value = [&](const std::string& id) { return literature.at("greenbook." + id).at("value"); };
  EXPECT_THAT(rates_of("standard"), ElementsAre(value("stpr.0_30"), value("stpr.31_75"), value("stpr.76_125")));
  EXPECT_THAT(rates_of("health"),
              ElementsAre(value("stpr_health.0_30"), value("stpr_health.31_75"), value("stpr_health.76_125")));
}

TEST(MoneyTables, TheSensitivityLeavesOutThePurePreferenceForThePresent) {
  const auto literature = literature_rows();
  const auto value = [&](const std::string& id) {
    return std::stod(literature.at("greenbook.stpr." + id).at("value"));
  };
  const double without_delta = value("L") + value("mu") * value("g");
  EXPECT_NEAR(without_delta + value("delta"), value("0_30"), 1e-12);  // the parts make up the standard rate
  const std::vector<std::string> rates = rates_of("long-horizon sensitivity");
  ASSERT_EQ(rates.size(), 3u);
  EXPECT_NEAR(std::stod(rates[0]), without_delta, 1e-12);
  EXPECT_NEAR(std::stod(rates[1]), value("31_75") * without_delta / value("0_30"), 5e-5);  // four decimals are written
  EXPECT_NEAR(std::stod(rates[2]), value("76_125") * without_delta / value("0_30"), 5e-5);
}

}  // namespace
}  // namespace desist
