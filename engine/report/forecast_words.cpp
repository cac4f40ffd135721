// What a forecast says: its lines on the first screen, its table, its section of the page.
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/html.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/tables.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

using Kind = ForecastRow::Kind;

std::string range_words(double low, double high) { return fmt::format("{} to {}", rounded(low, 0), rounded(high, 0)); }

/// "18,800 (12,400 to 26,700)".
std::string with_interval(const ForecastRow& row) {
  return fmt::format("{} ({})", rounded(row.q50, 0), range_words(row.q025, row.q975));
}

const ForecastRow* latest_back_test(const ForecastResult& result) {
  const ForecastRow* latest = nullptr;
  for (const ForecastRow& row : result.rows)
    if (row.kind == Kind::back_test) latest = &row;
  return latest;
}

/// "12% lower", "the same".
std::string miss_words(double counted, double said) {
  const double miss = std::round(100 * (counted / said - 1));
  if (miss == 0) return "the same";
  return fmt::format("{}% {}", std::abs(miss), miss < 0 ? "lower" : "higher");
}

/// What a refit said, and what came.
std::string back_test_words(const Forecast& forecast, const ForecastRow& row) {
  return fmt::format("The first {} years alone give {} for {}; {} came, {}.", row.counts_used, with_interval(row),
                     forecast.year_name(row.year), whole_number(*row.counted), miss_words(*row.counted, row.q50));
}

template <class Use>
void for_each(const ReportInput& input, Use use) {
  for (std::size_t f = 0; f < input.forecasts.size() && f < input.forecast_results.size(); ++f)
    use(input.forecasts[f], input.forecast_results[f]);
}

const char* kind_name(Kind kind) {
  switch (kind) {
    case Kind::forecast:
      return "forecast";
    case Kind::other_prior:
      return "other prior";
    case Kind::back_test:
      break;
  }
  return "back-test";
}

}  // namespace

std::vector<Answer> forecast_answers(const ReportInput& input) {
  std::vector<Answer> answers;
  for_each(input, [&](const Forecast& forecast, const ForecastResult& result) {
    Answer answer;
    answer.text = upper_first(forecast.label) + ": ";
    for (const ForecastRow& row : result.rows)
      if (row.kind == Kind::forecast)
        answer.parts.push_back(fmt::format("{} in {}", with_interval(row), forecast.year_name(row.year)));
    answers.push_back(std::move(answer));
  });
  return answers;
}

std::vector<Answer> prior_answers(const ReportInput& input) {
  std::vector<Answer> answers;
  for_each(input, [&](const Forecast& forecast, const ForecastResult& result) {
    Answer answer;
    answer.text = fmt::format("How much growth changes from year to year, an assumption. {}: ", forecast.year_name(0));
    for (const ForecastRow& row : result.rows)
      if (row.kind == Kind::other_prior && row.year == 0)
        answer.parts.push_back(fmt::format("{} with {} of it", range_words(row.q025, row.q975),
                                           row.change < forecast.priors.change ? "a third" : "twice"));
    answers.push_back(std::move(answer));
  });
  return answers;
}

std::vector<Answer> back_test_answers(const ReportInput& input) {
  std::vector<Answer> answers;
  for_each(input, [&](const Forecast& forecast, const ForecastResult& result) {
    const ForecastRow* row = latest_back_test(result);
    if (row == nullptr) return;
    answers.push_back({"", back_test_words(forecast, *row), {}});
  });
  return answers;
}

Table forecasts_table(const ReportInput& input) {
  Table table({{"forecast", ""},
               {"kind", ""},
               {"year", ""},
               {"from", ""},
               {"counts_used", ""},
               {"change", ""},
               {"counted", ""},
               {"mean", ""},
               {"q025", ""},
               {"q10", ""},
               {"q25", ""},
               {"q50", ""},
               {"q75", ""},
               {"q90", ""},
               {"q975", ""},
               {"plain_line", ""},
               {"unit", ""}});
  for_each(input, [&](const Forecast& forecast, const ForecastResult& result) {
    const std::string unit = forecast.thing + "/year";
    const auto counts = static_cast<int>(forecast.counts.size());
    for (int year = -counts; year < 0; ++year)
      table.add({forecast.name, std::string("counted"), forecast.year_name(year), forecast.first_day(year).iso(),
                 Cell{}, Cell{}, forecast.counts[static_cast<std::size_t>(counts + year)], Cell{}, Cell{}, Cell{},
                 Cell{}, Cell{}, Cell{}, Cell{}, Cell{}, Cell{}, unit});
    for (const ForecastRow& row : result.rows)
      table.add({forecast.name, std::string(kind_name(row.kind)), forecast.year_name(row.year),
                 forecast.first_day(row.year).iso(), static_cast<double>(row.counts_used), row.change,
                 row.counted ? Cell{*row.counted} : Cell{}, row.mean, row.q025, row.q10, row.q25, row.q50, row.q75,
                 row.q90, row.q975, row.plain_line, unit});
  });
  return table;
}

namespace page {

using html::number;
using html::words;

std::string forecast_section(const ReportInput& input) {
  std::string text;
  for_each(input, [&](const Forecast& forecast, const ForecastResult& result) {
    if (input.forecasts.size() > 1) text += html::element("h3", forecast.label);
    text += html::element("p", fmt::format("From {} counts ({}), a year each. They are chained because: {}",
                                           forecast.counts.size(), listed(forecast.printed), forecast.same_definition));
    std::vector<std::vector<html::TableCell>> years, priors, tests;
    for (const ForecastRow& row : result.rows) {
      const std::string year = forecast.year_name(row.year);
      if (row.kind == Kind::forecast)
        years.push_back({words(year), number(rounded(row.q50, 0)), number(range_words(row.q25, row.q75)),
                         number(range_words(row.q025, row.q975)), number(rounded(row.mean, 0)),
                         number(rounded(row.plain_line, 0))});
      if (row.kind == Kind::back_test)
        tests.push_back({words(year), number(fmt::format("first {}", row.counts_used)), number(rounded(row.q50, 0)),
                         number(range_words(row.q025, row.q975)), number(rounded(row.plain_line, 0)),
                         number(whole_number(*row.counted)), words(miss_words(*row.counted, row.q50)),
                         words(row.q025 <= *row.counted && *row.counted <= row.q975 ? "yes" : "no")});
      if (row.kind != Kind::back_test)
        priors.push_back({words(year), number(fmt::format("{:.2g}", row.change)), number(rounded(row.q50, 0)),
                          number(range_words(row.q025, row.q975))});
    }
    text += html::table(
        fmt::format(
            "{} forecast, {} a year. In half, and in 95 of 100, of the futures that the assumptions allow it lies "
            "in the range.",
            upper_first(forecast.label), forecast.thing),
        {"Year", "Median", "Half", "95 in 100", "Mean", "Mean growth so far, gone on with"}, years);
    text += html::element(
        "p",
        "With so few counts the width is mostly assumption: each year's growth varies around a mean that is not known "
        "either. How much it may vary is what matters most; here with a third and twice of it too.");
    text += html::table("The same with other assumptions on how much growth changes from year to year.",
                        {"Year", "Change in growth", "Median", "95 in 100"}, priors);
    if (!tests.empty()) {
      text += html::table(
          "Tried on what is known: from the first years alone, the year after.",
          {"Year", "From", "Median", "95 in 100", "Mean growth gone on with", "Counted", "Counted was", "Within"},
          tests);
      text += html::element("p", what_one_miss_shows);
    }
    if (std::isfinite(forecast.limits.ceiling))
      text += html::element("p", fmt::format("No forecast is above {} a year.", whole_number(forecast.limits.ceiling)));
    if (!forecast.sets.empty())
      text += html::element("p",
                            fmt::format("The model's '{}' takes these years, drawn together: a run with much growth in "
                                        "the first year goes on from there.",
                                        forecast.sets));
  });
  if (!text.empty())
    text +=
        "<p class=\"small\">Every number: <code>forecasts.csv</code>. How: "
        "<code>docs/methods/forecast.md</code>.</p>\n";
  return text;
}

}  // namespace page
}  // namespace desist
