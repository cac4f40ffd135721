#include "engine/trial/trial_analysis.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "engine/core/limits.hpp"
#include "engine/estimation/estimators/regression.hpp"
#include "engine/estimation/estimators/resampled_units.hpp"
#include "engine/statistics/inference.hpp"
#include "engine/statistics/risk_difference.hpp"
#include "engine/statistics/two_arm_counts.hpp"
#include "engine/statistics/two_group_tests.hpp"

namespace desist {
namespace {

constexpr double most_log_error_of_method = 10;  // estimators refuse larger ones: parts.hpp

bool is_plain(const Analysis& analysis) {
  return std::none_of(analysis.words.begin(), analysis.words.end(),
                      [](const auto& key) { return !key.second.empty(); });
}

/// The Poisson regression on an arm alone, all followed for the same time: log(mean1 / mean0), Var 1/events + 1/events
/// (its inverse information). The limit of the negative binomial without more variance. Nothing: an arm has no events.
std::optional<LogRatio> poisson_ratio(const std::vector<std::int64_t>& control,
                                      const std::vector<std::int64_t>& treated) {
  double people[2] = {0, 0}, events[2] = {0, 0};
  for (int arm = 0; arm < 2; ++arm) {
    const std::vector<std::int64_t>& with = arm == 0 ? control : treated;
    for (std::size_t y = 0; y < with.size(); ++y) {
      people[arm] += static_cast<double>(with[y]);
      events[arm] += static_cast<double>(with[y]) * static_cast<double>(y);
    }
  }
  if (!(events[0] > 0 && events[1] > 0)) return std::nullopt;
  return LogRatio{std::log(events[1] / people[1] * (people[0] / events[0])), std::sqrt(1 / events[0] + 1 / events[1])};
}

/// The same of the estimator's own answer.
bool is_its_poisson_limit(const AnalysisResult& result) {
  static const std::string why = in_words({statistics::RegressionProblem::no_overdispersion, {}, {}}, {});
  return result.refused == why;
}

enum Column : std::size_t {
  arm_column,
  age_column,
  before_column,
  period_column,
  cluster_column,
  block_column,
  person_column,
  started_column
};

bool is_resampled(const TrialAnalysis& analysis) {
  return analysis.analysis.method == "bootstrap" || analysis.analysis.method == "randomisation_test";
}

/// What is asked of the estimator: curves are compared at the end of the follow-up where no time is named.
Analysis asked_of(const TrialDesign& design, const TrialAnalysis& analysis) {
  Analysis asked = analysis.analysis;
  const bool curves = asked.method == "kaplan_meier" || asked.method == "competing_risks";
  if (curves && asked.number_list("at").empty()) asked.numbers["at"] = {design.follow_up};
  return asked;
}

DataColumn empty_column(const std::string& name, ColumnType type) {
  DataColumn column;
  column.declared.name = name;
  column.declared.type = type;
  return column;
}

}  // namespace

const std::vector<std::string>& trial_columns() {
  static const std::vector<std::string> all{"age", "before", "period", "cluster", "block", "person"};
  return all;
}

PersonOutcome trial_outcome(const TrialAnalysis& analysis) {
  const Estimator* estimator = find_estimator(analysis.analysis.method);
  if (estimator == nullptr) throw std::invalid_argument("no estimator is called '" + analysis.analysis.method + "'");
  PersonOutcome outcome;
  outcome.name = analysis.analysis.outcome;
  outcome.kind = estimator->needs == Needs::count    ? PersonOutcome::Kind::count
                 : estimator->needs == Needs::time   ? PersonOutcome::Kind::time
                 : estimator->needs == Needs::people ? analysis.compared
                                                     : PersonOutcome::Kind::yes_no;
  switch (outcome.kind) {
    case PersonOutcome::Kind::count:
      outcome.column = "events";
      outcome.exposure = "weeks";
      outcome.unit = "week";
      break;
    case PersonOutcome::Kind::time:
      outcome.column = "until";
      outcome.event = "any";
      outcome.unit = "week";
      if (estimator->name != "competing_risks" && estimator->name != "fine_gray") break;
      outcome.event = "how";  // a death comes before an offence, and prevents it
      outcome.cause = "offence";
      outcome.censored = "none";
      break;
    default:
      outcome.column = "any";
  }
  return outcome;
}

MeanContrast contrast_of(const TrialAnalysis& analysis) {
  const std::string& method = analysis.analysis.method;
  if (is_resampled(analysis)) {
    const bool of_ratio = between(analysis.analysis) == Between::ratio;
    if (analysis.compared == PersonOutcome::Kind::yes_no && !of_ratio) return MeanContrast::difference;
    return analysis.compared == PersonOutcome::Kind::count && of_ratio ? MeanContrast::log_ratio : MeanContrast::other;
  }
  for (const auto& [key, said] : analysis.analysis.words)  // these move the error alone
    if (!said.empty() && key != "errors" && key != "cluster" && key != "band") return MeanContrast::other;
  // At the end of the follow-up all are known who had the event by then.
  if (method == "kaplan_meier" || method == "competing_risks")
    return analysis.analysis.number_list("at").empty() ? MeanContrast::difference : MeanContrast::other;
  if (method == "risks" || method == "linear_risk") return MeanContrast::difference;
  const bool ratio =
      method == "negative_binomial" || method == "poisson" || method == "quasi_poisson" || method == "rates";
  return ratio ? MeanContrast::log_ratio : MeanContrast::other;
}

bool needs_whole_lives(const TrialAnalysis& analysis) {
  return contrast_of(analysis) == MeanContrast::log_ratio || analysis.analysis.method == "kaplan_meier";
}

TrialAnalysis for_truth(const TrialAnalysis& analysis) {
  TrialAnalysis plain = analysis;
  plain.of = Analysed::everyone;
  Analysis& asked = plain.analysis;
  asked.words.erase("errors");
  asked.words.erase("cluster");
  if (is_resampled(analysis)) {  // the fewest resamples: the estimate has none of their luck
    const std::string of = asked.word("of", "difference");
    asked.method = "bootstrap";
    asked.words = {{"of", {of}}, {"interval", {"percentile"}}};
    asked.numbers = {{"resamples", {fewest_resamples}}};
  }
  if (asked.method == "per_protocol" || asked.method == "as_treated") asked.method = "risks";
  return plain;
}

double draws_of(const TrialAnalysis& analysis) {
  if (!is_resampled(analysis)) return 0;
  return analysis.analysis.method == "bootstrap" ? analysis.analysis.number("resamples", usual_resamples)
                                                 : analysis.analysis.number("draws", usual_assignments);
}

std::string why_no_draws(const TrialAnalysis& analysis) {
  if (!is_resampled(analysis)) return "";
  return analysis.analysis.method == "bootstrap"
             ? whole_number(analysis.analysis, "resamples", usual_resamples, fewest_resamples).refused
             : whole_number(analysis.analysis, "draws", usual_assignments, fewest_resamples).refused;
}

TrialAnalyser::TrialAnalyser(const TrialDesign& design, const TrialAnalysis& analysis, std::size_t measure)
    : design_(design),
      analysis_(analysis),
      asked_(asked_of(design, analysis)),
      measure_(measure),
      outcome_(trial_outcome(analysis)) {
  level_ = analysis.analysis.number("level", 0.95);
  if (is_plain(analysis.analysis)) {
    if (analysis.analysis.method == "risks") way_ = Way::risks;
    if (analysis.analysis.method == "poisson") way_ = Way::poisson;
    if (analysis.analysis.method == "negative_binomial") way_ = Way::negative_binomial;
  }
  const std::string& method = analysis.analysis.method;
  if (way_ == Way::risks) scale_ = TrialScale{"risk difference", "share", false, true, true};
  if (way_ == Way::poisson || way_ == Way::negative_binomial) scale_ = TrialScale{"rate ratio", "", true, true, true};
  if (method == "log_rank") scale_ = TrialScale{"log-rank test", "", false, false, false};
  if (method == "randomisation_test") {
    const Between what = between(analysis.analysis);
    scale_ =
        TrialScale{contrast_name(what, outcome_), contrast_unit(what, outcome_), what == Between::ratio, true, false};
  }
}

bool TrialAnalyser::kept(const TrialRow& row) const {
  return analysis_.of != Analysed::completers || !row.treated || row.completed;
}

bool TrialAnalyser::group(const TrialRow& row) const {
  return analysis_.of == Analysed::as_treated ? row.started : row.treated;
}

void TrialAnalyser::run(const TrialRows& rows, std::span<const std::size_t> cuts, double truth,
                        std::vector<TrialEstimate>& estimates) {
  estimates.assign(cuts.size(), {});
  if (way_ == Way::risks) return run_risks(rows, cuts, truth, estimates);
  const std::size_t done = way_ == Way::method ? 0 : run_counts(rows, cuts, truth, estimates);
  if (done == cuts.size()) return;
  std::vector<TrialEstimate> others;
  run_method(rows, cuts.subspan(done), truth, others);
  std::copy(others.begin(), others.end(), estimates.begin() + static_cast<std::ptrdiff_t>(done));
}

void TrialAnalyser::run_risks(const TrialRows& rows, std::span<const std::size_t> cuts, double truth,
                              std::vector<TrialEstimate>& estimates) const {
  statistics::TwoByTwo table{0, 0, 0, 0};
  const std::vector<TrialOutcome>& outcomes = rows.outcomes[measure_];
  std::size_t i = 0;
  for (std::size_t k = 0; k < cuts.size(); ++k) {
    for (; i < cuts[k]; ++i) {
      const TrialRow& row = rows.rows[i];
      if (row.lost || !kept(row)) continue;
      const int had = outcomes[i].count > 0 ? 1 : 0;
      if (group(row)) {
        ++table.n1;
        table.x1 += had;
      } else {
        ++table.n0;
        table.x0 += had;
      }
    }
    if (table.n1 == 0 || table.n0 == 0) continue;
    TrialEstimate& one = estimates[k];
    one.found = true;
    one.estimate = statistics::risk_difference(table);
    const auto test = statistics::chi_square_n_minus_1(table);
    one.p = test ? test->p : 1;
    one.covers = statistics::miettinen_nurminen_difference_holds(table, truth, level_);
  }
}

std::optional<LogRatio> TrialAnalyser::fit_counts() const {
  if (way_ == Way::poisson) return poisson_ratio(counts_[0], counts_[1]);
  const auto fitted = statistics::two_arm_negative_binomial(counts_[0], counts_[1]);
  if (const auto* found = std::get_if<statistics::TwoArmNegativeBinomial>(&fitted))
    return LogRatio{found->log_ratio, found->error};
  if (std::get<statistics::Diagnosis>(fitted).problem == statistics::RegressionProblem::no_overdispersion)
    return poisson_ratio(counts_[0], counts_[1]);
  return std::nullopt;
}

std::size_t TrialAnalyser::run_counts(const TrialRows& rows, std::span<const std::size_t> cuts, double truth,
                                      std::vector<TrialEstimate>& estimates) {
  const std::vector<TrialOutcome>& outcomes = rows.outcomes[measure_];
  for (auto& counts : counts_) counts.assign(1, 0);
  double weeks = -1;
  std::size_t i = 0;
  for (std::size_t k = 0; k < cuts.size(); ++k) {
    for (; i < cuts[k]; ++i) {
      const TrialRow& row = rows.rows[i];
      if (!kept(row)) continue;
      if (weeks < 0) weeks = row.weeks;
      if (row.weeks != weeks) return k;
      std::vector<std::int64_t>& counts = counts_[group(row) ? 1 : 0];
      const auto y = static_cast<std::size_t>(outcomes[i].count);
      if (y >= counts.size()) counts.resize(y + 1, 0);
      ++counts[y];
    }
    const std::optional<LogRatio> fit = fit_counts();
    if (!fit || !(fit->error < most_log_error_of_method)) continue;
    const statistics::Inference said = statistics::inference(fit->value, fit->error, std::nullopt, level_);
    estimates[k] = {true, said.estimate, said.p, said.interval.contains(truth)};
  }
  return cuts.size();
}

void TrialAnalyser::declare_columns() {
  PersonStudy& study = study_;
  DataFile& people = study.people;
  study.design = design_.assignment == Assignment::matched || design_.assignment == Assignment::before_and_after ||
                         analysis_.of != Analysed::everyone
                     ? Design::compared
                     : Design::randomised;
  study.arm = "arm";
  study.control = "control";
  study.arms = {"control", "treated"};
  study.received = "started";
  people.columns = {empty_column("arm", ColumnType::category),    empty_column("age", ColumnType::number),
                    empty_column("before", ColumnType::number),   empty_column("period", ColumnType::category),
                    empty_column("cluster", ColumnType::integer), empty_column("block", ColumnType::integer),
                    empty_column("person", ColumnType::integer),  empty_column("started", ColumnType::yes_no)};
  people.columns[arm_column].levels = {"control", "treated"};
  for (std::size_t period = 0; period <= std::max<std::size_t>(design_.steps, 0); ++period)
    people.columns[period_column].levels.add(std::to_string(period + 1));
  switch (outcome_.kind) {
    case PersonOutcome::Kind::count:
      people.columns.push_back(empty_column("events", ColumnType::integer));
      people.columns.push_back(empty_column("weeks", ColumnType::number));
      break;
    case PersonOutcome::Kind::time:
      people.columns.push_back(empty_column("until", ColumnType::number));
      people.columns.push_back(
          empty_column(outcome_.event, outcome_.cause.empty() ? ColumnType::yes_no : ColumnType::category));
      if (!outcome_.cause.empty()) people.columns.back().levels = {outcome_.censored, outcome_.cause, "death"};
      break;
    default:
      people.columns.push_back(empty_column("any", ColumnType::yes_no));
  }
  study.outcomes = {outcome_};
}

void TrialAnalyser::add_to_study(const TrialRow& row, const TrialOutcome& outcome) {
  std::vector<DataColumn>& columns = study_.people.columns;
  columns[arm_column].codes.push_back(group(row) ? 1 : 0);
  columns[age_column].values.push_back(row.age);
  columns[before_column].values.push_back(row.before);
  columns[period_column].codes.push_back(row.period);
  columns[cluster_column].values.push_back(row.cluster);
  columns[block_column].values.push_back(row.block);
  columns[person_column].values.push_back(row.person);
  columns[started_column].values.push_back(row.started ? 1 : 0);
  const std::size_t first = started_column + 1;
  for (std::size_t c = 0; c < first; ++c) columns[c].missing.push_back(0);
  const auto put = [&](std::size_t c, double value, bool absent) {
    columns[c].values.push_back(absent ? 0 : value);
    columns[c].missing.push_back(absent ? 1 : 0);
    columns[c].missing_count += absent ? 1 : 0;
  };
  const bool any = outcome.count > 0;
  switch (outcome_.kind) {
    case PersonOutcome::Kind::count:
      put(first, outcome.count, !(row.weeks > 0));
      put(first + 1, row.weeks, !(row.weeks > 0));
      break;
    case PersonOutcome::Kind::time:
      put(first, outcome.first, !(outcome.first > 0));
      if (outcome_.cause.empty()) {
        put(first + 1, any ? 1 : 0, false);
      } else {
        columns[first + 1].codes.push_back(any ? 1 : row.died ? 2 : 0);
        columns[first + 1].missing.push_back(0);
      }
      break;
    default:
      put(first, any ? 1 : 0, row.lost);
  }
}

void TrialAnalyser::make_study(const TrialRows& rows, std::size_t most) {
  DataFile& people = study_.people;
  if (people.columns.empty()) declare_columns();
  for (DataColumn& column : people.columns) {
    column.values.clear();
    column.codes.clear();
    column.missing.clear();
    column.missing_count = 0;
  }
  kept_upto_.assign(1, 0);
  std::size_t count = 0;
  for (std::size_t i = 0; i < most; ++i) {
    if (kept(rows.rows[i])) {
      ++count;
      add_to_study(rows.rows[i], rows.outcomes[measure_][i]);
    }
    kept_upto_.push_back(count);
  }
}

/// A test alone: its p, and which way it points.
TrialEstimate TrialAnalyser::test_of(const AnalysisResult& result) const {
  TrialEstimate one;
  if (result.tests.empty()) return one;
  const TestRow& test = result.tests.front();
  one.estimate = test.statistic;
  if (!scale_->has_effect) {
    double excess = 0;  // of the treated: observed less expected
    for (const AnalysisFact& fact : result.facts) {
      if (fact.name == "observed: treated") excess += fact.value;
      if (fact.name == "expected: treated") excess -= fact.value;
    }
    one.estimate = std::copysign(std::sqrt(std::max(0.0, test.statistic)), excess);
  }
  one.p = test.p;
  one.found = std::isfinite(one.estimate);
  return one;
}

TrialEstimate TrialAnalyser::estimate_of(const AnalysisResult& result, double truth) {
  TrialEstimate one;
  if (!result.refused.empty()) {
    refused_ = result.refused;
    return one;
  }
  if (scale_ && !scale_->has_interval) return test_of(result);
  auto row = std::find_if(result.effects.begin(), result.effects.end(), [](const EffectRow& e) { return e.headline; });
  if (row == result.effects.end())
    row = std::find_if(result.effects.begin(), result.effects.end(), [](const EffectRow& e) { return e.effect; });
  if (row == result.effects.end()) return one;
  const bool log_scale = row->log_scale;
  if (!scale_) scale_ = TrialScale{row->measure, row->unit, log_scale, true, true};
  const auto on_scale = [log_scale](double value) { return log_scale ? std::log(value) : value; };
  one.estimate = on_scale(row->estimate);
  one.found = std::isfinite(one.estimate) && !std::isnan(row->interval.low) && !std::isnan(row->interval.high);
  if (!one.found) return one;
  one.covers = on_scale(row->interval.low) <= truth && truth <= on_scale(row->interval.high);
  // Without a test of its own: whether the interval holds no effect.
  const bool holds_none = on_scale(row->interval.low) <= 0 && 0 <= on_scale(row->interval.high);
  one.p = row->p.value_or(holds_none ? 1.0 : 0.0);
  return one;
}

void TrialAnalyser::run_method(const TrialRows& rows, std::span<const std::size_t> cuts, double truth,
                               std::vector<TrialEstimate>& estimates) {
  estimates.assign(cuts.size(), {});
  if (cuts.empty()) return;
  make_study(rows, cuts.back());
  for (std::size_t k = 0; k < cuts.size(); ++k) {
    study_.people.rows = kept_upto_[cuts[k]];
    AnalysisResult result = run_analysis(study_, asked_, 1);
    if (analysis_.analysis.method == "negative_binomial" && is_its_poisson_limit(result)) {
      Analysis limit = asked_;
      limit.method = "poisson";
      if (limit.word("errors") == "observed") limit.words.erase("errors");  // the same there: its link is canonical
      result = run_analysis(study_, limit, 1);
    }
    estimates[k] = estimate_of(result, truth);
  }
}

}  // namespace desist
