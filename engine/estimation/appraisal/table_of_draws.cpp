// An appraisal of a table of draws: costs and effects by strategy, whatever made them.
#include <algorithm>
#include <stdexcept>
#include <utility>

#include <Eigen/Core>

#include "engine/estimation/appraisal/information_parts.hpp"
#include "engine/estimation/appraisal/parts.hpp"
#include "engine/estimation/appraisal/strategies.hpp"
#include "engine/statistics/cost_effectiveness.hpp"
#include "engine/statistics/mean_surface.hpp"

namespace desist {
namespace {

/// Each strategy's column less the first's.
std::vector<Twice> differences(const std::vector<double>& values, std::size_t strategies, std::size_t draws,
                               double sign) {
  std::vector<Twice> made;
  for (std::size_t s = 0; s < strategies; ++s) {
    std::vector<double> column(draws);
    for (std::size_t d = 0; d < draws; ++d) column[d] = sign * (values[d * strategies + s] - values[d * strategies]);
    made.push_back({DrawColumn(column), DrawColumn(column)});
  }
  return made;
}

/// What is known of each parameter, valued where knowing everything is worth most.
Information table_information(const DrawsTable& table, const Strategies& strategies, double worth) {
  Information information;
  information.worth = worth;
  const Eigen::MatrixXd net = statistics::net_benefits(draws_by_arm(strategies.costs, table.draws, false),
                                                       draws_by_arm(strategies.effects, table.draws, false), worth);
  set_perfect_information(net, net, strategies.units, information);
  if (std::cmp_less(table.draws, statistics::fewest_draws_of_surface)) return information;
  for (std::size_t p = 0; p < table.parameters.size(); ++p) {
    Eigen::MatrixXd column(static_cast<Eigen::Index>(table.draws), 1);
    for (std::size_t d = 0; d < table.draws; ++d)
      column(static_cast<Eigen::Index>(d), 0) = table.values[d * table.parameters.size() + p];
    information.figures.push_back(information_on(net, column, strategies.units, table.parameters[p], {p}));
  }
  order_by_value(information.figures);
  return information;
}

/// Net benefit of each strategy beside the first, where one effect is worth that much.
MainValues net_values(const Strategies& strategies, double worth) {
  MainValues values;
  for (std::size_t s = 0; s < strategies.names.size(); ++s) {
    const DrawColumn net = strategies.effects[s].simulated * DrawColumn(worth) - strategies.costs[s].simulated;
    values.npv.push_back({net, net});
  }
  return values;
}

/// What next studies of the table's figures are worth; their own figures are drawn, one draw a row.
std::vector<StudyValue> table_studies(const Appraisal& appraisal, const ParameterDraws& draws,
                                      const Strategies& strategies, double worth) {
  const std::size_t rows = appraisal.table->draws;
  if (appraisal.studies.empty() || std::cmp_less(rows, statistics::fewest_draws_of_surface)) return {};
  const DrawnFigures figures(appraisal, draws, OutcomeTable(), 0, rows);
  return value_studies({appraisal, draws, figures, strategies.units}, net_values(strategies, worth));
}

}  // namespace

AppraisalResult appraise_table(const Appraisal& appraisal, const ParameterDraws& draws) {
  const DrawsTable& table = *appraisal.table;
  const std::size_t arms = table.strategies.size();
  if (table.draws < 2 || arms < 2 || table.costs.size() != table.draws * arms ||
      table.effects.size() != table.costs.size() || table.values.size() != table.draws * table.parameters.size())
    throw std::invalid_argument("a table of draws needs two rows and two strategies, each with a cost and an effect");
  AppraisalResult result;
  result.draws = table.draws;
  result.arm_names = table.strategies;
  if (appraisal.effects.empty()) return result;
  const Effect& effect = appraisal.effects.front();
  Strategies strategies;
  strategies.units = DrawUnits(table.draws);
  strategies.names = table.strategies;
  strategies.costs = differences(table.costs, arms, table.draws, 1);
  strategies.effects = differences(table.effects, arms, table.draws, effect.lower_is_better ? -1 : 1);
  strategies.plain_effects = strategies.effects;
  compare_strategies(strategies, 0, effect.worth, result);
  if (!result.acceptability.empty()) {
    const Acceptability& curve = result.acceptability.front();
    const auto most = std::max_element(curve.evpi.begin(), curve.evpi.end()) - curve.evpi.begin();
    const double worth = curve.worth[static_cast<std::size_t>(most)];
    result.information = table_information(table, strategies, worth);
    result.information->studies = table_studies(appraisal, draws, strategies, worth);
  }
  return result;
}

}  // namespace desist
