// The stage for people's rows: flow, table 1, one summary an outcome and arm, then every analysis of the file.
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/core/limits.hpp"
#include "engine/core/text.hpp"
#include "engine/estimation/estimator.hpp"
#include "engine/estimation/people_rows.hpp"
#include "engine/statistics/continuous_laws.hpp"
#include "engine/statistics/kaplan_meier.hpp"
#include "engine/statistics/proportion.hpp"
#include "engine/statistics/rates.hpp"

namespace desist {
namespace {

using statistics::Interval;

std::vector<std::string> arm_names(const PersonStudy& study) {
  return study.arms.empty() ? std::vector<std::string>{""} : study.arms;
}

/// Indices of the rows of one arm.
std::vector<std::size_t> in_arm(const std::vector<int>& arms, std::size_t arm) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < arms.size(); ++i)
    if (arms[i] == static_cast<int>(arm)) rows.push_back(i);
  return rows;
}

struct MeanSd {
  double mean = 0, sd = 0;
};

MeanSd mean_and_sd(const Eigen::VectorXd& values, const std::vector<std::size_t>& rows) {
  MeanSd result;
  if (rows.empty()) return {std::nan(""), std::nan("")};
  const auto n = static_cast<double>(rows.size());
  for (const std::size_t row : rows) result.mean += values[static_cast<Eigen::Index>(row)] / n;
  double squares = 0;
  for (const std::size_t row : rows) {
    const double off = values[static_cast<Eigen::Index>(row)] - result.mean;
    squares += off * off;
  }
  result.sd = rows.size() > 1 ? std::sqrt(squares / (n - 1)) : std::nan("");
  return result;
}

/// (m1 - m0)/sqrt((s1^2 + s0^2)/2), Austin 2009 eq. 1; of a share s^2 = p (1 - p), eq. 2. 0 where nothing varies and
/// the means agree.
double standardised_difference(double mean1, double variance1, double mean0, double variance0) {
  const double spread = std::sqrt((variance1 + variance0) / 2);
  if (mean1 == mean0) return 0;
  return (mean1 - mean0) / spread;
}

void add_balance(const PersonStudy& study, PersonResults& results) {
  const std::vector<std::string> arms = arm_names(study);
  const PeopleRows everyone(study, {study.arm});
  const std::vector<int> everyone_arm = everyone.arms();
  for (const std::string& name : study.describe) {
    const DataColumn& column = study.people.column(name);
    const PeopleRows known(study, {study.arm, name});
    const std::vector<int> arm = known.arms();
    const auto label = study.column_labels.find(name);
    BalanceRow start;
    start.column = name;
    start.label = label == study.column_labels.end() ? name : label->second;
    const auto missing_in = [&](std::size_t a) {
      return static_cast<std::int64_t>(in_arm(everyone_arm, a).size() - in_arm(arm, a).size());
    };
    const bool numbers = column.declared.type == ColumnType::number || column.declared.type == ColumnType::integer ||
                         column.declared.type == ColumnType::date;
    if (numbers) {
      const Eigen::VectorXd values = known.values(name);
      BalanceRow row = start;
      for (std::size_t a = 0; a < arms.size(); ++a) {
        const auto rows = in_arm(arm, a);
        const MeanSd moments = mean_and_sd(values, rows);
        row.arms.push_back({static_cast<std::int64_t>(rows.size()), moments.mean, moments.sd, missing_in(a), false});
      }
      for (std::size_t a = 1; a < arms.size(); ++a)
        row.standardised_differences.push_back(standardised_difference(
            row.arms[a].mean, row.arms[a].sd * row.arms[a].sd, row.arms[0].mean, row.arms[0].sd * row.arms[0].sd));
      results.balance.push_back(std::move(row));
      continue;
    }
    std::vector<std::string> levels;
    const std::vector<int> code = known.codes(name, &levels);
    for (std::size_t level = 0; level < levels.size(); ++level) {
      if (column.declared.type == ColumnType::yes_no && levels[level] == "no" && levels.size() == 2) continue;
      BalanceRow row = start;
      row.level = levels[level];
      for (std::size_t a = 0; a < arms.size(); ++a) {
        const auto rows = in_arm(arm, a);
        std::int64_t people = 0;
        for (const std::size_t i : rows) people += code[i] == static_cast<int>(level) ? 1 : 0;
        const double share =
            rows.empty() ? std::nan("") : static_cast<double>(people) / static_cast<double>(rows.size());
        row.arms.push_back({people, share, 0, missing_in(a), false});
      }
      for (std::size_t a = 1; a < arms.size(); ++a) {
        const double p1 = row.arms[a].mean, p0 = row.arms[0].mean;
        row.standardised_differences.push_back(standardised_difference(p1, p1 * (1 - p1), p0, p0 * (1 - p0)));
      }
      results.balance.push_back(std::move(row));
    }
  }
}

/// The columns without which an outcome is not known.
std::vector<std::string> columns_of(const PersonOutcome& outcome) {
  return {outcome.column, outcome.exposure, outcome.event, outcome.entry};
}

void summarise_time(const PersonStudy& study, const PersonOutcome& outcome, const PeopleRows& known,
                    const std::vector<std::size_t>& rows, ArmSummary& summary) {
  const Eigen::VectorXd stop = known.values(outcome.column);
  const std::vector<int> event = event_codes(study, outcome, known);
  const Eigen::VectorXd entry = outcome.entry.empty() ? Eigen::VectorXd() : known.values(outcome.entry);
  std::vector<double> stops, starts;
  std::vector<int> events;
  double time = 0, shortest = infinity, longest = 0;  // the last two of people without the event
  std::int64_t with = 0;
  for (const std::size_t i : rows) {
    const auto at = static_cast<Eigen::Index>(i);
    stops.push_back(stop[at]);
    events.push_back(event[i] == 1 ? 1 : 0);
    if (entry.size() > 0) starts.push_back(entry[at]);
    time += stop[at] - (entry.size() > 0 ? entry[at] : 0.0);
    with += event[i] == 1 ? 1 : 0;
    if (event[i] != 0) continue;
    shortest = std::min(shortest, stop[at]);
    longest = std::max(longest, stop[at]);
  }
  summary.unlike_follow_up = shortest < longest;
  summary.with_outcome = with;
  summary.person_time = time;
  summary.measure = "median";
  summary.estimate = summary.interval.low = summary.interval.high = std::nan("");
  const bool competing = std::any_of(event.begin(), event.end(), [](int code) { return code > 1; });
  if (competing) return;  // "1 - survival" would count those whom another event took
  const auto curves = statistics::kaplan_meier({stops, events, starts});
  if (!curves) return;
  const auto median = statistics::survival_quantile((*curves).front(), 0.5, statistics::BandScale::log_log);
  const double beyond = infinity;
  summary.estimate = median.time.value_or(beyond);
  summary.interval = {median.low.value_or(std::nan("")), median.high.value_or(beyond)};
}

void add_summaries(const PersonStudy& study, PersonResults& results) {
  const std::vector<std::string> arms = arm_names(study);
  const PeopleRows everyone(study, {study.arm});
  const std::vector<int> everyone_arm = everyone.arms();
  for (const PersonOutcome& outcome : study.outcomes) {
    std::vector<std::string> columns = columns_of(outcome);
    columns.push_back(study.arm);
    const PeopleRows known(study, columns);
    const std::vector<int> arm = known.arms();
    const Eigen::VectorXd value = known.values(outcome.column);
    for (std::size_t a = 0; a < arms.size(); ++a) {
      const auto rows = in_arm(arm, a);
      ArmSummary summary;
      summary.outcome = outcome.name;
      summary.arm = arms[a];
      summary.people = static_cast<std::int64_t>(rows.size());
      summary.missing = static_cast<std::int64_t>(in_arm(everyone_arm, a).size()) - summary.people;
      summary.estimate = summary.interval.low = summary.interval.high = std::nan("");
      double total = 0;
      for (const std::size_t i : rows) total += value[static_cast<Eigen::Index>(i)];
      switch (outcome.kind) {
        case PersonOutcome::Kind::yes_no:
          summary.measure = "share";
          summary.with_outcome = static_cast<std::int64_t>(std::llround(total));
          if (!rows.empty()) {
            const statistics::Proportion share{*summary.with_outcome, summary.people};
            summary.estimate = share.estimate();
            summary.interval = statistics::wilson(share);
          }
          break;
        case PersonOutcome::Kind::count: {
          summary.total = total;
          double exposure = static_cast<double>(rows.size());
          if (!outcome.exposure.empty()) {
            const Eigen::VectorXd time = known.values(outcome.exposure);
            exposure = 0;
            for (const std::size_t i : rows) exposure += time[static_cast<Eigen::Index>(i)];
            summary.person_time = exposure;
          }
          summary.measure = "rate";
          if (exposure > 0) {
            summary.estimate = total / exposure;
            summary.interval = statistics::exact_rate({std::llround(total), exposure});
          }
          break;
        }
        case PersonOutcome::Kind::amount: {
          const MeanSd moments = mean_and_sd(value, rows);
          summary.total = total;
          summary.measure = "mean";
          summary.estimate = moments.mean;
          if (rows.size() > 1) {
            const auto n = static_cast<double>(rows.size());
            const double reach = statistics::student_quantile(0.975, n - 1) * moments.sd / std::sqrt(n);
            summary.interval = {moments.mean - reach, moments.mean + reach};
          }
          break;
        }
        case PersonOutcome::Kind::time:
          summarise_time(study, outcome, known, rows, summary);
          break;
      }
      results.summaries.push_back(std::move(summary));
    }
  }
}

void add_flow(const PersonStudy& study, PersonResults& results) {
  for (const FlowStep& step : study.flow) results.flow.push_back({step.label, "", step.people, step.reason, false});
  const std::vector<std::string> arms = arm_names(study);
  const std::string assigned = study.design == Design::randomised ? "Assigned by chance" : "In the group";
  const PeopleRows everyone(study, {study.arm});
  const std::vector<int> arm = everyone.arms();
  results.flow.push_back({"In the data", "", static_cast<std::int64_t>(study.people.rows), everyone.note(), false});
  if (!study.arm.empty())
    for (std::size_t a = 0; a < arms.size(); ++a)
      results.flow.push_back({assigned, arms[a], static_cast<std::int64_t>(in_arm(arm, a).size()), "", false});
  if (!study.received.empty()) {
    const PeopleRows known(study, {study.arm, study.received});
    const Eigen::VectorXd received = known.values(study.received);
    const std::vector<int> of = known.arms();
    for (std::size_t a = 0; a < arms.size(); ++a) {
      std::int64_t people = 0;
      for (const std::size_t i : in_arm(of, a)) people += received[static_cast<Eigen::Index>(i)] > 0 ? 1 : 0;
      results.flow.push_back({"Received the programme", arms[a], people, "", false});
    }
  }
  for (const PersonOutcome& outcome : study.outcomes) {
    if (!outcome.headline) continue;
    std::vector<std::string> columns = columns_of(outcome);
    columns.push_back(study.arm);
    const PeopleRows known(study, columns);
    const std::vector<int> of = known.arms();
    for (std::size_t a = 0; a < arms.size(); ++a)
      results.flow.push_back(
          {"Analysed: " + outcome.label, arms[a], static_cast<std::int64_t>(in_arm(of, a).size()), "", false});
  }
}

}  // namespace

std::vector<int> event_codes(const PersonStudy& study, const PersonOutcome& outcome, const PeopleRows& rows) {
  const DataColumn& column = study.people.column(outcome.event);
  std::vector<int> codes(rows.size());
  if (column.declared.type != ColumnType::category && column.declared.type != ColumnType::text) {
    const Eigen::VectorXd values = rows.values(outcome.event);
    for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = values[static_cast<Eigen::Index>(i)] > 0 ? 1 : 0;
    return codes;
  }
  std::vector<std::string> levels;
  codes = rows.codes(outcome.event, &levels);
  std::vector<int> meaning;
  int other = 2;
  for (const std::string& level : levels)
    meaning.push_back(level == outcome.censored ? 0 : level == outcome.cause ? 1 : other++);
  for (int& code : codes) code = meaning[static_cast<std::size_t>(code)];
  return codes;
}

const std::vector<Estimator>& estimators() {
  static const std::vector<Estimator> all = [] {
    std::vector<Estimator> list;
    for (const auto part : {binary_estimators, count_estimators, curve_estimators, time_law_estimators,
                            compliance_estimators, resampling_estimators, synthesis_estimators, design_estimators,
                            regression_to_mean_estimators, unit_estimators})
      for (Estimator& each : part()) list.push_back(std::move(each));
    std::sort(list.begin(), list.end(), [](const Estimator& a, const Estimator& b) { return a.name < b.name; });
    return list;
  }();
  return all;
}

const Estimator* find_estimator(std::string_view name) {
  for (const Estimator& each : estimators())
    if (each.name == name) return &each;
  return nullptr;
}

namespace {

/// The law of the number that stands for an analysis without a joint law: normal on the scale of its error.
std::optional<Posterior> marginal_posterior(const AnalysisResult& result) {
  for (const EffectRow& row : result.effects) {
    if (!row.headline || !(row.error > 0) || !std::isfinite(row.estimate)) continue;
    Posterior law;
    const bool difference = row.measure.find("difference") != std::string::npos;
    law.columns = {{"effect", Posterior::Normal{row.log_scale}, difference ? "difference" : row.unit}};
    law.means = {row.log_scale ? std::log(row.estimate) : row.estimate};
    law.covariance = {row.error * row.error};
    return law;
  }
  return std::nullopt;
}

}  // namespace

AnalysisResult run_analysis(const PersonStudy& study, const Analysis& analysis, unsigned threads) {
  const Estimator* estimator = find_estimator(analysis.method);
  if (estimator == nullptr) throw std::invalid_argument("no estimator is called '" + analysis.method + "'");
  AnalysisInput input{study, analysis, nullptr, threads};
  for (const PersonOutcome& outcome : study.outcomes)
    if (outcome.name == analysis.outcome) input.outcome = &outcome;
  AnalysisResult result = estimator->run(input);
  result.name = analysis.name;
  result.label = analysis.label.empty() ? std::string(estimator->help) : analysis.label;
  result.method = analysis.method;
  result.outcome = analysis.outcome;
  if (!result.posterior) result.posterior = marginal_posterior(result);
  if (result.posterior) result.posterior->name = study.name + "/" + analysis.name;
  return result;
}

PersonResults evaluate_people(const PersonStudy& study, unsigned threads) {
  PersonResults results;
  results.study = study.name;
  if (study.people.rows > 0) {
    results.data_words = in_words(study.people);
    results.data_words.insert(results.data_words.end(), study.event_files.begin(), study.event_files.end());
    results.event_notes = study.event_notes;
    add_flow(study, results);
    add_balance(study, results);
    add_summaries(study, results);
  }
  if (study.funnel) results.funnel = evaluate(*study.funnel);
  for (const Analysis& analysis : study.analyses) results.analyses.push_back(run_analysis(study, analysis, threads));
  return results;
}

}  // namespace desist
