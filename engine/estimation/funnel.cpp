#include "engine/estimation/funnel.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/statistics/proportion.hpp"
#include "engine/statistics/rates.hpp"
#include "engine/statistics/risk_difference.hpp"

namespace desist {
namespace {

template <class T>
std::optional<std::size_t> named(const std::vector<T>& all, const std::string& name) {
  const auto at = std::find_if(all.begin(), all.end(), [&](const T& each) { return each.name == name; });
  if (at == all.end()) return std::nullopt;
  return static_cast<std::size_t>(at - all.begin());
}

class Evaluation {
 public:
  explicit Evaluation(const Funnel& funnel) : f_(funnel) {}

  FunnelResult result() {
    for (std::size_t step = 0; step < f_.steps.size(); ++step)
      for (std::size_t column = 0; column < f_.columns.size(); ++column) add_share(step, column);
    for (std::size_t column = 0; column < f_.columns.size(); ++column)
      for (std::size_t step = 0; step < f_.steps.size(); ++step) add_change(step, column);
    for (std::size_t column = 0; column < f_.columns.size(); ++column)
      for (std::size_t step = 0; step < f_.steps.size(); ++step) check_parts(step, column);
    for (std::size_t column = 0; column < f_.columns.size(); ++column)
      for (std::size_t step = 0; step < f_.steps.size(); ++step) check_sum_of_columns(step, column);
    return std::move(r_);
  }

 private:
  std::int64_t count(std::size_t step, std::size_t column) const { return f_.steps[step].counts[column]; }

  std::vector<std::size_t> parts_of(std::size_t whole) const {
    std::vector<std::size_t> parts;
    for (std::size_t step = 0; step < f_.steps.size(); ++step)
      if (f_.steps[step].of == f_.steps[whole].name) parts.push_back(step);
    return parts;
  }

  void add_share(std::size_t step, std::size_t column) {
    const auto whole = f_.whole_of(step);
    if (!whole) return;
    const FunnelStep& its = f_.steps[step];
    FunnelShare share;
    share.step = step;
    share.column = column;
    share.whole = *whole;
    share.is_part = its.per.empty();
    share.count = count(step, column);
    const std::int64_t all = count(*whole, column);
    if (share.is_part && its.way != FunnelStep::Way::open)
      for (const std::size_t part : parts_of(*whole))
        if (f_.steps[part].way == FunnelStep::Way::open) share.open += count(part, column);
    share.of = all - share.open;
    if (share.of < 1 || (share.is_part && share.count > share.of)) return;  // the audit says so
    share.value = static_cast<double>(share.count) / static_cast<double>(share.of);
    if (share.is_part) {
      const statistics::Proportion proportion{share.count, share.of};
      share.interval = statistics::jeffreys(proportion);
      share.exact = statistics::clopper_pearson(proportion);
      share.if_open = {static_cast<double>(share.count) / static_cast<double>(all),
                       static_cast<double>(share.count + share.open) / static_cast<double>(all)};
    } else {
      share.interval = statistics::exact_rate({share.count, static_cast<double>(share.of)});
      share.exact = share.interval;
      share.if_open = {share.value, share.value};
    }
    r_.shares.push_back(share);
  }

  void add_change(std::size_t step, std::size_t column) {
    const auto against = f_.column(f_.columns[column].against);
    if (!against || *against == column) return;
    const FunnelShare *now = r_.share(step, column), *then = r_.share(step, *against);
    if (now == nullptr || then == nullptr) return;
    FunnelChange change;
    change.step = step;
    change.column = column;
    change.against = *against;
    change.is_part = now->is_part;
    if (now->is_part) {
      const statistics::TwoByTwo table{now->count, now->of, then->count, then->of};
      change.value = statistics::risk_difference(table);
      change.interval = statistics::miettinen_nurminen_difference(table);
    } else {
      const statistics::RatePair pair{{now->count, static_cast<double>(now->of)},
                                      {then->count, static_cast<double>(then->of)}};
      const auto ratio = statistics::rate_ratio(pair);
      if (!ratio) return;
      change.value = *ratio;
      change.interval = statistics::exact_rate_ratio(pair);
    }
    if (then->count > 0) change.growth = static_cast<double>(now->count) / static_cast<double>(then->count) - 1;
    r_.changes.push_back(change);
  }

  std::string subject(const std::string& what, std::size_t column) const {
    return what + (f_.columns[column].name.empty() ? "" : ", " + f_.columns[column].name);
  }

  /// "12,077 + 4,521 = 16,598", with the finding it leads to.
  AuditFinding sum_finding(std::string kind, std::string what, std::int64_t printed,
                           const std::vector<std::int64_t>& terms) const {
    AuditFinding finding;
    finding.kind = std::move(kind);
    finding.subject = std::move(what);
    finding.printed = with_thousands(printed);
    std::int64_t sum = 0;
    for (const std::int64_t term : terms) {
      finding.arithmetic += (finding.arithmetic.empty() ? "" : " + ") + with_thousands(term);
      sum += term;
    }
    if (terms.size() > 1) finding.arithmetic += " = " + with_thousands(sum);
    finding.verdict = sum == printed ? AuditVerdict::reproduced : AuditVerdict::cannot_be_reproduced;
    if (sum < printed) finding.note = fmt::format("{} in none of them", with_thousands(printed - sum));
    if (sum > printed) finding.note = fmt::format("{} too many", with_thousands(sum - printed));
    return finding;
  }

  static std::string with_thousands(std::int64_t number) {
    std::string digits = std::to_string(number);
    for (std::ptrdiff_t at = std::ssize(digits) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), ",");
    return digits;
  }

  void note_evidence(AuditFinding& finding, std::size_t step, std::size_t column) const {
    const std::vector<std::string>& ids = f_.steps[step].evidence;
    if (column < ids.size() && !ids[column].empty()) finding.evidence.push_back(ids[column]);
  }

  void check_parts(std::size_t whole, std::size_t column) {
    const std::vector<std::size_t> parts = parts_of(whole);
    if (f_.steps[whole].adds_up && !parts.empty()) {
      std::vector<std::int64_t> terms;
      std::vector<std::string> labels;
      for (const std::size_t part : parts) {
        terms.push_back(count(part, column));
        labels.push_back(f_.steps[part].label);
      }
      AuditFinding finding =
          sum_finding("parts", subject(fmt::format("{} = {}", f_.steps[whole].label, fmt::join(labels, " + ")), column),
                      count(whole, column), terms);
      note_evidence(finding, whole, column);
      for (const std::size_t part : parts) note_evidence(finding, part, column);
      r_.audit.push_back(std::move(finding));
      return;
    }
    for (const std::size_t part : parts) {
      if (count(part, column) <= count(whole, column)) continue;
      AuditFinding finding = sum_finding(
          "parts", subject(fmt::format("{} within {}", f_.steps[part].label, f_.steps[whole].label), column),
          count(whole, column), {count(part, column)});
      note_evidence(finding, whole, column);
      note_evidence(finding, part, column);
      r_.audit.push_back(std::move(finding));
    }
  }

  void check_sum_of_columns(std::size_t step, std::size_t column) {
    std::vector<std::int64_t> terms;
    for (const std::string& name : f_.columns[column].is_sum_of)
      if (const auto part = f_.column(name)) terms.push_back(count(step, *part));
    if (terms.empty()) return;
    AuditFinding finding = sum_finding("columns",
                                       fmt::format("{}, {} = {}", f_.steps[step].label, f_.columns[column].name,
                                                   fmt::join(f_.columns[column].is_sum_of, " + ")),
                                       count(step, column), terms);
    note_evidence(finding, step, column);
    r_.audit.push_back(std::move(finding));
  }

  const Funnel& f_;
  FunnelResult r_;
};

}  // namespace

std::optional<std::size_t> Funnel::step(const std::string& name) const { return named(steps, name); }
std::optional<std::size_t> Funnel::column(const std::string& name) const {
  return name.empty() ? std::nullopt : named(columns, name);
}

std::optional<std::size_t> Funnel::whole_of(std::size_t index) const {
  const FunnelStep& its = steps[index];
  const std::string& name = its.of.empty() ? its.per : its.of;
  return name.empty() ? std::nullopt : step(name);
}

std::vector<std::size_t> Funnel::whole_columns() const {
  std::vector<std::size_t> whole;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const bool within = std::any_of(columns.begin(), columns.end(), [&](const FunnelColumn& other) {
      return std::find(other.is_sum_of.begin(), other.is_sum_of.end(), columns[i].name) != other.is_sum_of.end();
    });
    if (!within) whole.push_back(i);
  }
  return whole;
}

const FunnelShare* FunnelResult::share(std::size_t step, std::size_t column) const {
  for (const FunnelShare& each : shares)
    if (each.step == step && each.column == column) return &each;
  return nullptr;
}

const FunnelChange* FunnelResult::change(std::size_t step, std::size_t column) const {
  for (const FunnelChange& each : changes)
    if (each.step == step && each.column == column) return &each;
  return nullptr;
}

FunnelResult evaluate(const Funnel& funnel) { return Evaluation(funnel).result(); }

}  // namespace desist
