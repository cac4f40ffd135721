// The tidy CSV tables of an experiment with targets.
#include <cmath>

#include "engine/core/limits.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/table_cells.hpp"
#include "engine/report/tables.hpp"

namespace desist {
namespace {

Table parameters_table(const ReportInput& input) {
  Table table({{"parameter", ""},
               {"label", ""},
               {"unit", ""},
               {"before_mean", ""},
               {"before_sd", ""},
               {"before_low", ""},
               {"before_high", ""},
               {"mean", ""},
               {"sd", ""},
               {"low", ""},
               {"median", ""},
               {"high", ""},
               {"low_error", ""},
               {"high_error", ""},
               {"contraction", ""},
               {"verdict", ""}});
  for (const ParameterFit& fit : input.calibrated->parameters) {
    const Parameter& parameter = input.parameters.at(fit.parameter);
    table.add({parameter.name, parameter.label, parameter.unit, number(fit.before.mean), number(fit.before.sd),
               number(fit.before.low), number(fit.before.high), number(fit.after.mean), number(fit.after.sd),
               number(fit.after.low), number(fit.after.middle), number(fit.after.high), number(fit.after.low_error),
               number(fit.after.high_error), number(fit.contraction), fit_words(fit)});
  }
  return table;
}

Table targets_table(const ReportInput& input) {
  Table table({{"target", ""},
               {"outcome", ""},
               {"item", ""},
               {"arm", ""},
               {"unit", ""},
               {"printed", ""},
               {"printed_low", ""},
               {"printed_high", ""},
               {"evidence", ""},
               {"fitted", ""},
               {"scale", ""},
               {"met_within", ""},
               {"before_low", ""},
               {"before_median", ""},
               {"before_high", ""},
               {"low", ""},
               {"median", ""},
               {"high", ""},
               {"chance_below", ""},
               {"chance_above", ""},
               {"inner_low", ""},
               {"inner_high", ""},
               {"afresh_low", ""},
               {"afresh_inner_low", ""},
               {"afresh_median", ""},
               {"afresh_inner_high", ""},
               {"afresh_high", ""},
               {"afresh_chance_below", ""},
               {"afresh_chance_above", ""},
               {"chance_sd", ""},
               {"left_out_low", ""},
               {"left_out_median", ""},
               {"left_out_high", ""},
               {"left_out_chance_below", ""},
               {"left_out_chance_above", ""},
               {"log_scale", ""},
               {"skewness", ""},
               {"excess_kurtosis", ""}});
  const bool abc = input.calibration->method == Calibration::Method::abc;
  for (std::size_t t = 0; t < input.calibration->targets.size(); ++t) {
    const Target& target = input.calibration->targets[t];
    const TargetText& text = input.target_texts.at(t);
    const TargetFit& fit = input.calibrated->targets[t];
    const auto left = [&](double SpreadOf::*part) { return number(fit.left_out ? (*fit.left_out).*part : missing); };
    const bool met = abc && target.fitted && std::isfinite(input.calibrated->tolerance);
    const std::string scale = abc ? "" : fit.on_log_scale ? "yes" : "no";
    table.add({target.name,
               text.outcome,
               text.item,
               text.arm,
               text.unit,
               text.printed,
               target.low,
               target.high,
               joined(text.evidence),
               std::string(target.fitted ? "yes" : "no"),
               number(fit.scale),
               number(met ? input.calibrated->tolerance * fit.scale : missing),
               number(fit.before.low),
               number(fit.before.middle),
               number(fit.before.high),
               number(fit.after.low),
               number(fit.after.middle),
               number(fit.after.high),
               number(fit.chance_below),
               number(fit.chance_above),
               number(fit.after.inner_low),
               number(fit.after.inner_high),
               number(fit.afresh.low),
               number(fit.afresh.inner_low),
               number(fit.afresh.middle),
               number(fit.afresh.inner_high),
               number(fit.afresh.high),
               number(fit.afresh_below),
               number(fit.afresh_above),
               number(fit.chance_sd),
               left(&SpreadOf::low),
               left(&SpreadOf::middle),
               left(&SpreadOf::high),
               number(fit.left_out ? fit.left_out_below : missing),
               number(fit.left_out ? fit.left_out_above : missing),
               scale,
               number(abc ? missing : fit.skewness),
               number(abc ? missing : fit.excess_kurtosis)});
  }
  return table;
}

/// What each target taught of each parameter: the contraction that is lost where it is left out.
Table taught_table(const ReportInput& input) {
  Table table({{"target", ""}, {"parameter", ""}, {"contraction_taught", ""}});
  for (std::size_t t = 0; t < input.calibration->targets.size(); ++t)
    for (std::size_t p = 0; p < input.calibrated->targets[t].taught.size(); ++p)
      table.add({input.calibration->targets[t].name,
                 input.parameters.at(input.calibrated->parameters[p].parameter).name,
                 input.calibrated->targets[t].taught[p]});
  return table;
}

Table profiles_table(const ReportInput& input) {
  Table table({{"parameter", ""}, {"tenth", ""}, {"value", ""}, {"best_distance", ""}, {"limit", ""}, {"meets", ""}});
  for (const ParameterFit& fit : input.calibrated->parameters)
    for (std::size_t tenth = 0; tenth < fit.profile.size(); ++tenth)
      table.add({input.parameters.at(fit.parameter).name, static_cast<double>(tenth + 1), fit.profile_at[tenth],
                 finite(fit.profile[tenth]), number(fit.profile_limit),
                 std::string(fit.profile[tenth] <= fit.profile_limit ? "yes" : "no")});
  return table;
}

/// Principal directions, a row a loading; and products that are known better than their parts.
Table directions_table(const ReportInput& input) {
  Table table({{"direction", ""}, {"contraction", ""}, {"parameter", ""}, {"loading", ""}});
  for (std::size_t d = 0; d < input.calibrated->directions.size(); ++d)
    for (std::size_t p = 0; p < input.calibrated->parameters.size(); ++p)
      table.add({static_cast<double>(d + 1), input.calibrated->directions[d].contraction,
                 input.parameters.at(input.calibrated->parameters[p].parameter).name,
                 input.calibrated->directions[d].loadings[p]});
  return table;
}

Table combinations_table(const ReportInput& input) {
  Table table({{"combination", ""},
               {"low", ""},
               {"median", ""},
               {"high", ""},
               {"contraction", ""},
               {"log_sd", ""},
               {"log_sd_of_best_known_part", ""}});
  for (const Combination& each : input.calibrated->combinations)
    table.add({combination_words(input, each), each.low, each.middle, each.high, each.contraction, each.log_sd,
               each.least_log_sd_alone});
  return table;
}

Table given_table(const ReportInput& input) {
  Table table({{"parameter", ""}, {"unit", ""}, {"given", ""}, {"low", ""}, {"median", ""}, {"high", ""}});
  for (const ParameterGiven& given : input.calibrated->given)
    for (const ParameterGiven::Row& row : given.rows) {
      const Parameter& parameter = input.parameters.at(input.calibrated->parameters[given.fit].parameter);
      table.add({parameter.name, parameter.unit, given_words(input, given, row), number(row.left.low),
                 number(row.left.middle), number(row.left.high)});
    }
  return table;
}

Table generations_table(const ReportInput& input) {
  const bool abc = input.calibration->method == Calibration::Method::abc;
  Table table({{"generation", ""}, {abc ? "tolerance" : "power", ""}, {"attempts", ""}, {"kept", ""}, {"worth", ""}});
  for (std::size_t g = 0; g < input.calibrated->generations.size(); ++g) {
    const Generation& each = input.calibrated->generations[g];
    table.add({static_cast<double>(g), finite(each.tolerance), static_cast<double>(each.attempts),
               static_cast<double>(each.accepted), each.effective});
  }
  return table;
}

Table posterior_table(const ReportInput& input) {
  const Posterior& posterior = input.calibrated->posterior;
  std::vector<Column> columns;
  for (const Posterior::Column& column : posterior.columns) columns.push_back({column.name, column.unit});
  Table table(columns);
  const std::size_t width = columns.size();
  for (std::size_t at = 0; at < posterior.rows.size(); at += width) {
    std::vector<Cell> row;
    for (std::size_t c = 0; c < width; ++c) row.push_back(posterior.rows[at + c]);
    table.add(row);
  }
  return table;
}

}  // namespace

std::vector<NamedText> calibration_files(const ReportInput& input) {
  std::vector<NamedText> files;
  if (!input.calibrated) return files;
  const std::pair<const char*, Table> all[] = {
      {"combinations.csv", combinations_table(input)},
      {"directions.csv", directions_table(input)},
      {"generations.csv", generations_table(input)},
      {"given.csv", given_table(input)},
      {"parameters.csv", parameters_table(input)},
      {"posterior.csv", posterior_table(input)},
      {"profiles.csv", profiles_table(input)},
      {"targets.csv", targets_table(input)},
      {"taught.csv", taught_table(input)},
  };
  for (const auto& [name, table] : all)
    if (!table.empty()) files.push_back({name, table.csv()});
  return files;
}

}  // namespace desist
