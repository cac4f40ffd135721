#include "engine/estimation/estimators/resampled_units.hpp"

#include <cmath>
#include <map>

#include <fmt/format.h>

#include "engine/core/text.hpp"

namespace desist {
namespace {

using Kind = PersonOutcome::Kind;

std::vector<std::string> with_outcome(const AnalysisInput& input, std::vector<std::string> columns,
                                      const std::string& unit) {
  columns.insert(columns.end(), {input.outcome->event, input.outcome->entry, unit});
  return columns;
}

/// The top and bottom of each row.
struct RowSums {
  Eigen::VectorXd top, bottom;
};

RowSums row_sums(const AnalysisInput& input, const Sample& sample) {
  const PersonOutcome& outcome = *input.outcome;
  RowSums sums{sample.y, Eigen::VectorXd::Ones(sample.y.size())};
  if (outcome.kind == Kind::count && !outcome.exposure.empty()) sums.bottom = sample.rows.values(outcome.exposure);
  if (outcome.kind != Kind::time) return sums;
  sums.bottom = sample.y;
  if (!outcome.entry.empty()) sums.bottom -= sample.rows.values(outcome.entry);
  const std::vector<int> codes = event_codes(input.study, outcome, sample.rows);
  for (std::size_t i = 0; i < codes.size(); ++i) sums.top[static_cast<Eigen::Index>(i)] = codes[i] == 1 ? 1 : 0;
  return sums;
}

}  // namespace

ResampledUnits::ResampledUnits(const AnalysisInput& input, std::vector<std::string> columns, const std::string& cluster)
    : sample(input, with_outcome(input, std::move(columns), cluster.empty() ? input.study.id : cluster)),
      noun(cluster.empty() ? "person" : "cluster"),
      arms(input.study.arms.size()) {
  refused = no_arms(input, sample);
  if (!refused.empty()) return;
  const RowSums sums = row_sums(input, sample);
  const auto none = (sums.bottom.array() <= 0).count();
  if (none > 0) {
    refused = fmt::format("{} of {} rows have no time at risk: mend the data, or declare it as missing", none,
                          sums.bottom.size());
    return;
  }
  const std::string& label = cluster.empty() ? input.study.id : cluster;
  std::vector<int> codes(sample.rows.size());
  for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<int>(i);
  if (!label.empty()) codes = sample.rows.codes(label);
  std::map<int, std::uint32_t> place;
  for (const int code : codes) place.emplace(code, 0);
  std::uint32_t units = 0;
  for (auto& [code, at] : place) at = units++;
  top.resize(units * arms);
  bottom.resize(units * arms);
  arm.assign(units, static_cast<int>(arms));
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::uint32_t unit = place.at(codes[i]);
    of_row.push_back(unit);
    const auto row = static_cast<Eigen::Index>(i);
    const int its = sample.arm[i];
    top[unit * arms + static_cast<std::size_t>(its)] += sums.top[row];
    bottom[unit * arms + static_cast<std::size_t>(its)] += sums.bottom[row];
    arm[unit] = arm[unit] == static_cast<int>(arms) || arm[unit] == its ? its : several_arms;
  }
}

std::vector<std::uint32_t> ResampledUnits::same_in_unit(const std::vector<int>& codes, const std::string& what) {
  std::vector<std::uint32_t> found(size());
  std::vector<bool> known(size(), false);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const auto code = static_cast<std::uint32_t>(codes[i]);
    const std::size_t unit = of_row[i];
    if (known[unit] && found[unit] != code) {
      refused = fmt::format("a {} lies in several {}: it is drawn whole, so it must lie in one", noun, what);
      return {};
    }
    known[unit] = true;
    found[unit] = code;
  }
  return found;
}

std::vector<std::size_t> ResampledUnits::of_arms(std::size_t other) const {
  std::vector<std::size_t> found;
  for (std::size_t u = 0; u < size(); ++u)
    if (bottom[u * arms] > 0 || bottom[u * arms + other] > 0) found.push_back(u);
  return found;
}

Between between(const Analysis& analysis) {
  return analysis.word("of", "difference") == "ratio" ? Between::ratio : Between::difference;
}

EstimatorKey between_key() {
  return {"of",
          Takes::word,
          false,
          "What is between an arm and the control: of shares, rates or means, as the outcome is",
          "\"difference\"",
          {"difference", "ratio"}};
}

EstimatorKey unit_key() {
  return {"cluster", Takes::column, false,
          "The column with groups that are drawn or assigned whole; a person with all their rows where it is left out",
          "\"site\""};
}

double contrast_of(Between between, std::span<const double> sums) {
  const double treated = sums[0] / sums[1], control = sums[2] / sums[3];
  return between == Between::difference ? treated - control : std::log(treated) - std::log(control);
}

std::string contrast_name(Between between, const PersonOutcome& outcome) {
  const bool ratio = between == Between::ratio;
  switch (outcome.kind) {
    case Kind::yes_no:
      return ratio ? "risk ratio" : "risk difference";
    case Kind::amount:
      return ratio ? "ratio of means" : "difference of means";
    case Kind::count:
    case Kind::time:
      break;
  }
  return ratio ? "rate ratio" : "rate difference";
}

std::string contrast_unit(Between between, const PersonOutcome& outcome) {
  if (between == Between::ratio) return "";
  switch (outcome.kind) {
    case Kind::yes_no:
      return "share";
    case Kind::amount:
      return outcome.unit;
    case Kind::count:
    case Kind::time:
      break;
  }
  return rate_unit(outcome);
}

std::string quotient_name(const PersonOutcome& outcome) {
  return outcome.kind == Kind::yes_no ? "share" : outcome.kind == Kind::amount ? "mean" : "rate";
}

WholeNumber whole_number(const Analysis& analysis, const std::string& key, std::size_t otherwise, std::size_t least) {
  constexpr double most = 1e7;
  const double value = analysis.number(key, static_cast<double>(otherwise));
  if (value >= static_cast<double>(least) && value <= most && value == std::floor(value))
    return {static_cast<std::size_t>(value), ""};
  return {0, fmt::format("{} = {} is no whole number from {} to {}", key, shortest(value), least, shortest(most))};
}

}  // namespace desist
