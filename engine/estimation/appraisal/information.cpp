// What it is worth to know figures before deciding.
#include <algorithm>

#include <Eigen/Core>

#include "engine/estimation/appraisal/fade_weights.hpp"
#include "engine/estimation/appraisal/figure_effect.hpp"
#include "engine/estimation/appraisal/information_parts.hpp"
#include "engine/estimation/appraisal/parts.hpp"
#include "engine/estimation/appraisal/strategies.hpp"
#include "engine/statistics/value_of_information.hpp"

namespace desist {
namespace {

/// One column a form but the first, 1 where a draw takes it: "which form" as a parameter.
Eigen::MatrixXd form_columns(const std::vector<std::size_t>& forms, std::size_t number) {
  Eigen::MatrixXd columns =
      Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(forms.size()), static_cast<Eigen::Index>(number) - 1);
  for (std::size_t d = 0; d < forms.size(); ++d)
    if (forms[d] > 0) columns(static_cast<Eigen::Index>(d), static_cast<Eigen::Index>(forms[d]) - 1) = 1;
  return columns;
}

Eigen::MatrixXd slot_columns(const AppraisalDraws& on, const std::vector<std::size_t>& slots) {
  Eigen::MatrixXd columns(static_cast<Eigen::Index>(on.count()), static_cast<Eigen::Index>(slots.size()));
  for (std::size_t k = 0; k < slots.size(); ++k)
    for (std::size_t d = 0; d < on.count(); ++d)
      columns(static_cast<Eigen::Index>(d), static_cast<Eigen::Index>(k)) = on.figures.slot(slots[k])[d];
  return columns;
}

}  // namespace

InformationValue information_on(const Eigen::MatrixXd& net_benefits, const Eigen::MatrixXd& figures,
                                const DrawUnits& units, std::string label, std::vector<std::size_t> slots) {
  const statistics::PartialInformation known = statistics::partial_information(net_benefits, figures);
  InformationValue value;
  value.label = std::move(label);
  value.slots = std::move(slots);
  value.in_sample = known.value;
  value.cross_validated = known.policy_value;
  value.mc_error = units.with_sets(known.error, column_of(known.gains));
  value.cross_validated_error = units.with_sets(known.policy_error, column_of(known.policy_gains));
  return value;
}

void set_perfect_information(const Eigen::MatrixXd& corrected, const Eigen::MatrixXd& simulated, const DrawUnits& units,
                             Information& information) {
  const statistics::PerfectInformation perfect = statistics::perfect_information(corrected, simulated);
  const statistics::PerfectInformation plug_in = statistics::perfect_information(simulated);
  const auto draws = static_cast<std::size_t>(perfect.gains.size());
  information.evpi_plug_in = plug_in.value;
  information.evpi_plug_in_error = units.with_sets(plug_in.error, column_of(plug_in.gains));
  information.best_arm = perfect.best;
  information.evpi_amount.mean = perfect.value;
  const DrawColumn gains = column_of(perfect.gains);
  information.evpi_amount.low = quantile_of(gains, draws, 0.025);
  information.evpi_amount.high = quantile_of(gains, draws, 0.975);
  information.evpi_amount.mc_error = units.with_sets(perfect.error, gains);
}

void order_by_value(std::vector<InformationValue>& figures) {
  std::stable_sort(figures.begin(), figures.end(),
                   [](const InformationValue& a, const InformationValue& b) { return a.in_sample > b.in_sample; });
}

void value_information(const AppraisalDraws& on, const MainValues& values, AppraisalResult& result) {
  Information information;
  const Eigen::MatrixXd simulated = draws_by_arm(values.npv, on.count(), false);
  set_perfect_information(draws_by_arm(values.npv, on.count(), true), simulated, on.units(), information);
  if (on.figures.is_fitted()) {
    for (const std::size_t slot : on.figures.all_uncertain())
      information.figures.push_back(
          information_on(simulated, slot_columns(on, {slot}), on.units(), figure_words(on, slot).label, {slot}));
    for (std::size_t group = 0; group < on.appraisal.together.size(); ++group)
      information.figures.push_back(information_on(simulated, slot_columns(on, on.appraisal.together[group]),
                                                   on.units(), on.appraisal.together_labels.at(group),
                                                   on.appraisal.together[group]));
    const std::vector<std::size_t> forms = drawn_forms(on.appraisal, on.figures, on.parameters.seed());
    if (on.appraisal.fades.size() > 1 && !forms.empty())
      information.figures.push_back(information_on(simulated, form_columns(forms, on.appraisal.fades.size()),
                                                   on.units(), "Which form the fading takes", {}));
    order_by_value(information.figures);
    information.studies = value_studies(on, values);
  }
  result.information = std::move(information);
}

}  // namespace desist
