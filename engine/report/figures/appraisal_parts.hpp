// What the figures of an appraisal share: axes of money, arms, words for draws. Only figures include it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/report/figures/figure_parts.hpp"

namespace desist::figure {

/// A quantitative axis of money whose ticks are told as money: "−£0.5m", "£200,000".
Json money_axis(const std::string& field, double low, double high, int most_ticks, const Json& title);

/// Vertical positions of rows, for panels whose rows stand side by side; the first at the top.
Json row_axis(double rows);

/// The arms beside the comparator that a request names (all, where it names none).
std::vector<std::size_t> appraised_arms(const ReportInput& input, const FigureRequest& request);

/// "£ of 2025/26".
std::string price_base(const ReportInput& input);

/// "2,000 draws of the uncertain figures".
std::string draws_in_words(const ReportInput& input);
/// The same of what needs a table of draws: "The first 65,536 draws" of more.
std::string tabled_draws_in_words(const ReportInput& input);

/// Labels on the left of rows, broken where they are long.
Json row_labels(const std::vector<std::string>& labels, double width, double row_height);

/// What lines look like, by their key.
struct LineMarks {
  Json keys = Json::array(), colours = Json::array(), dashes = Json::array(), shapes = Json::array();
  Json by(const char* field, const Json& range) const;
};

/// A vertical rule at nought.
Json nought_rule(const Json& x);

}  // namespace desist::figure
