// What decides a simulated outcome: the figures whose share of the spread is worth naming.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

/// Shares of the spread smaller than this are not named on the first screen.
constexpr double worth_naming = 0.05;
/// A second figure is named where its share is more than this much of the first one's.
constexpr double worth_naming_second = 0.5;

/// The forecast whose year a parameter is: its years are drawn together and share what they decide.
const Forecast* forecast_of(const ReportInput& input, const std::string& parameter) {
  for (const Forecast& forecast : input.forecasts)
    for (int year = 0; year < forecast.years; ++year)
      if (parameter == forecast.name + "." + forecast.year_name(year)) return &forecast;
  return nullptr;
}

/// The share of a figure that is drawn with others is that of them all.
std::string known_with(std::size_t others) {
  return others == 1
             ? ", with what is known together with it"
             : fmt::format(", with {} figures known together with it", whole_number(static_cast<double>(others)));
}

const FigureSource* source_of(const ReportInput& input, const std::string& name) {
  const auto found = std::find_if(input.sources.begin(), input.sources.end(),
                                  [&](const FigureSource& source) { return source.name == name; });
  return found == input.sources.end() ? nullptr : &*found;
}

}  // namespace

std::vector<const InfluenceRow*> deciding_rows(const ReportInput& input) {
  std::vector<const InfluenceRow*> rows;
  for (const InfluenceRow& row : input.estimates.influence) {
    // Only what stands clear of its own error is named.
    if (row.parameter != "(luck)" && row.share >= worth_naming && row.share > 2 * row.mc_error) rows.push_back(&row);
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const InfluenceRow* a, const InfluenceRow* b) { return a->share > b->share; });
  return rows;
}

Answer decides_answer(const ReportInput& input) {
  Answer answer;
  const auto rows = deciding_rows(input);
  bool assumed = !rows.empty();
  std::set<std::string> named;
  std::set<std::pair<std::size_t, double>> groups;  // named: how many others, and their share
  for (const InfluenceRow* row : rows) {
    const bool enough = !named.empty() && row->share <= worth_naming_second * rows.front()->share;
    const Forecast* forecast = forecast_of(input, row->parameter);
    const bool is_group = forecast == nullptr && row->together_with > 0;
    if (is_group && groups.contains({row->together_with, row->share})) continue;
    const std::string label = forecast != nullptr ? forecast->label + " to come"
                              : is_group          ? without_stop(row->label) + known_with(row->together_with)
                                                  : without_stop(row->label);
    if (named.size() == 2 || enough || !named.insert(forecast != nullptr ? forecast->name : row->parameter).second)
      continue;
    if (is_group) groups.insert({row->together_with, row->share});
    const std::string share = rounded(100 * row->share, std::max(1.0, 100 * row->mc_error));  // no decimals here
    answer.parts.push_back(named.size() == 1 ? fmt::format("{} ({}% of the spread)", label, share)
                                             : fmt::format("{} ({}%)", lower_first(label), share));
    const FigureSource* source = source_of(input, row->parameter);
    assumed = assumed && source != nullptr && source->kind == FigureSource::Kind::assumption;
  }
  if (assumed && !answer.parts.empty()) answer.verdict = "Not printed.";
  return answer;
}

}  // namespace desist
