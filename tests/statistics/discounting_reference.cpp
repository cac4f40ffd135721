// Every field of tests/data/reference/10_cost/green_book.json (closed forms in R; year 0 is not discounted) to 1e-12
// relative.
#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "engine/statistics/discounting.hpp"
#include "tests/statistics/csv_columns.hpp"
#include "tests/statistics/discounted_sums.hpp"
#include "tests/statistics/reference_file.hpp"

namespace desist::statistics {
namespace {

using reference::Comparison;
constexpr double flow_tolerance = 1e-12;
constexpr std::array<DiscountBand, 3> standard_bands{{{1, 30, 0.035}, {31, 75, 0.03}, {76, 125, 0.025}}};
constexpr std::array<DiscountBand, 1> flat_band{{{1, 125, 0.035}}};
constexpr std::array<DiscountBand, 1> health_band{{{1, 30, 0.015}}};

const nlohmann::json& green_book_file() {
  static const nlohmann::json all = reference::read("10_cost/green_book.json");
  return all;
}

/// The flows of one stream by year.
std::vector<double> flows_of(const std::string& stream) {
  const CsvColumns file("reference/10_cost/flows.csv");
  std::vector<double> flows(41);
  const Eigen::VectorXd years = file.number("year"), amounts = file.number("amount");
  for (Eigen::Index i = 0; i < file.rows(); ++i)
    if (file.text("stream")[static_cast<std::size_t>(i)] == stream)
      flows[static_cast<std::size_t>(years[i])] += amounts[i];
  return flows;
}

void compare_by_year(const std::string& field, const DiscountSchedule& schedule) {
  Comparison c(field);
  for (const auto& [name, value] : green_book_file().at(field).items())
    c.near(green_book_file().at(field), name, schedule.factor(std::stoi(name.substr(5))), flow_tolerance);
}

TEST(discounting_reference, factors) {
  compare_by_year("discount_factors", DiscountSchedule(standard_bands));
  compare_by_year("health_reduced_rate_factors", DiscountSchedule(health_band));
  Comparison c("annuity");
  const nlohmann::json& annuities = green_book_file().at("annuity_3_5_percent");
  for (const auto& [name, value] : annuities.items()) {
    std::vector<double> ones(static_cast<std::size_t>(std::stoi(name.substr(6))) + 1, 1.0);
    ones.front() = 0;
    c.near(annuities, name, present_value(ones, DiscountSchedule(flat_band)), flow_tolerance);
  }
  EXPECT_EQ(annuities.size(), 3u);
  EXPECT_EQ(green_book_file().at("discount_factors").size(), 11u);
}

TEST(discounting_reference, values_of_flows) {
  const DiscountSchedule schedule(standard_bands);
  std::vector<double> net = flows_of("benefit");
  for (const std::string stream : {"cost", "benefit"}) {
    const nlohmann::json& values = green_book_file().at("present_values").at(stream);
    const std::vector<double> flows = flows_of(stream);
    Comparison c(stream);
    c.near(values, "flat_3_5", present_value(flows, DiscountSchedule(flat_band)), flow_tolerance);
    c.near(values, "green_book_schedule", present_value(flows, schedule), flow_tolerance);
    const std::array<DiscountBand, 1> none{{{1, 60, 0}}};
    c.near(values, "undiscounted", present_value(flows, DiscountSchedule(none)), flow_tolerance);
    EXPECT_EQ(values.size(), 3u);
  }
  const std::vector<double> costs = flows_of("cost");
  const double ratio = present_value(net, schedule) / present_value(costs, schedule);
  for (std::size_t y = 0; y < net.size(); ++y) net[y] -= costs[y];
  Comparison c("net");
  c.near(green_book_file(), "net_present_value", present_value(net, schedule), flow_tolerance);
  c.near(green_book_file(), "benefit_cost_ratio", ratio, flow_tolerance);
  // At the rate that R found nothing is left: an internal rate is no figure of the product.
  const std::array<DiscountBand, 1> found{{{1, 60, green_book_file().at("internal_rate_of_return")}}};
  EXPECT_NEAR(present_value(net, DiscountSchedule(found)), 0, 1e-6 * costs.front());
  EXPECT_EQ(green_book_file().size(), 8u);
}

}  // namespace
}  // namespace desist::statistics
