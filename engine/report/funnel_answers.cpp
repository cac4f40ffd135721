// The first screen's sentences of a funnel: the share that answers, the steps, what falls out, what changed, what
// doesn't add up.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/report/answers.hpp"
#include "engine/report/funnel_words.hpp"
#include "engine/report/people_words.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

/// A funnel with what came of it; nothing where the experiment has none.
struct Seen {
  const Funnel& funnel;
  const FunnelResult& result;
  std::vector<std::size_t> columns;  // those in no other's sum
  std::size_t headline = 0;

  const FunnelStep& step(std::size_t index) const { return funnel.steps[index]; }
  const std::string& column(std::size_t index) const { return funnel.columns[index].name; }
  bool single() const { return columns.size() == 1; }
};

std::optional<Seen> seen(const ReportInput& input) {
  if (!input.people || !input.people->funnel || !input.people_results.funnel) return std::nullopt;
  const Funnel& funnel = *input.people->funnel;
  const auto headline =
      std::find_if(funnel.steps.begin(), funnel.steps.end(), [](const FunnelStep& each) { return each.headline; });
  if (headline == funnel.steps.end()) return std::nullopt;
  return Seen{funnel, *input.people_results.funnel, funnel.whole_columns(),
              static_cast<std::size_t>(headline - funnel.steps.begin())};
}

/// From the widest step down to the headline.
std::vector<std::size_t> chain(const Seen& s) {
  std::vector<std::size_t> steps{s.headline};
  while (const auto whole = s.funnel.whole_of(steps.front())) steps.insert(steps.begin(), *whole);
  return steps;
}

/// The last column, of those on the first screen, that is compared with another.
const FunnelChange* compared(const Seen& s) {
  for (auto column = s.columns.rbegin(); column != s.columns.rend(); ++column)
    if (const FunnelChange* change = s.result.change(s.headline, *column)) return change;
  return nullptr;
}

/// "2,839 (up from 1,393)" has its sign in words; a change is told from 5% on.
constexpr double worth_telling = 0.05;

}  // namespace

Answer funnel_answer(const ReportInput& input) {
  Answer answer;
  const auto s = seen(input);
  if (!s) return answer;
  const FunnelStep& step = s->step(s->headline);
  if (const FunnelChange* change = compared(*s)) {
    const FunnelShare &now = *s->result.share(s->headline, change->column),
                      &then = *s->result.share(s->headline, change->against);
    const EffectRow row = effect_of(*change);
    const int side = direction(row);
    answer.verdict = side == 0 ? "Not shown either way" : side < 0 ? "Fewer" : "More";
    const std::string whole = lower_first(s->step(now.whole).label);
    answer.text = fmt::format("{}, {} 100 {}: {} in {}, {} in {}: {}.", step.label, change->is_part ? "of" : "for",
                              whole, bare_in_100(now.value, 0), s->column(change->column), bare_in_100(then.value, 0),
                              s->column(change->against), effect_words(row));
    return answer;
  }
  std::vector<std::string> parts;
  const bool is_crowded = s->columns.size() > 2;  // the lines of steps have the counts
  for (const std::size_t column : s->columns)
    if (const FunnelShare* share = s->result.share(s->headline, column))
      parts.push_back((s->column(column).empty() ? "" : s->column(column) + " ") +
                      (is_crowded ? bare_share_words(*share) : share_words(*share)));
  answer.text =
      parts.empty() ? step.label + ": of nobody." : fmt::format("{}: {}.", step.label, fmt::join(parts, "; "));
  return answer;
}

std::vector<Answer> funnel_steps_answers(const ReportInput& input) {
  std::vector<Answer> answers;
  const auto s = seen(input);
  if (!s) return answers;
  for (const std::size_t column : s->columns) {
    Answer answer;
    answer.verdict = s->single() || s->column(column).empty() ? "Steps" : s->column(column);
    for (const std::size_t step : chain(*s)) {
      std::string words =
          whole_number(static_cast<double>(s->step(step).counts[column])) + " " + lower_first(s->step(step).label);
      if (const FunnelShare* share = s->result.share(step, column))
        words += fmt::format(" ({}{})", bare_in_100(share->value, 0), share->is_part ? " in 100" : " for 100");
      answer.parts.push_back(words);
    }
    const bool otherwise = s->funnel.columns[column].definition != s->funnel.columns[s->columns.front()].definition;
    if (otherwise) answer.parts.back() += "; counted otherwise";
    answers.push_back(std::move(answer));
  }
  return answers;
}

Answer funnel_losses_answer(const ReportInput& input) {
  Answer answer;
  const auto s = seen(input);
  if (!s) return answer;
  for (std::size_t step = 0; step < s->funnel.steps.size(); ++step) {
    if (s->step(step).way != FunnelStep::Way::out) continue;
    std::vector<std::string> columns;
    for (const std::size_t column : s->columns)
      if (const FunnelShare* share = s->result.share(step, column))
        columns.push_back(s->single() ? fmt::format("{} of {}", whole_number(static_cast<double>(share->count)),
                                                    whole_number(static_cast<double>(share->of)))
                                      : fmt::format("{} in {}", bare_in_100(share->value, 0), s->column(column)));
    if (columns.empty()) continue;
    answer.parts.push_back(s->single() ? fmt::format("{} {}", columns.front(), lower_first(s->step(step).label))
                                       : fmt::format("{}, in 100: {}", s->step(step).label, fmt::join(columns, ", ")));
  }
  if (!answer.parts.empty()) answer.parts.front() = upper_first(answer.parts.front());
  return answer;
}

Answer funnel_changes_answer(const ReportInput& input) {
  Answer answer;
  const auto s = seen(input);
  const FunnelChange* shown = s ? compared(*s) : nullptr;
  if (shown == nullptr) return answer;
  struct Grown {
    std::size_t step;
    double by;  // on the scale of logarithms
  };
  std::vector<Grown> grown;
  for (std::size_t step = 0; step < s->funnel.steps.size(); ++step) {
    const auto now = static_cast<double>(s->step(step).counts[shown->column]);
    const auto then = static_cast<double>(s->step(step).counts[shown->against]);
    if (now > 0 && then > 0 && std::abs(now / then - 1) >= worth_telling) grown.push_back({step, std::log(now / then)});
  }
  std::stable_sort(grown.begin(), grown.end(),
                   [](const Grown& a, const Grown& b) { return std::abs(a.by) > std::abs(b.by); });
  for (const Grown& each : grown)
    answer.parts.push_back(fmt::format("{} {} to {} ({}{}%)", lower_first(s->step(each.step).label),
                                       whole_number(static_cast<double>(s->step(each.step).counts[shown->against])),
                                       whole_number(static_cast<double>(s->step(each.step).counts[shown->column])),
                                       each.by > 0 ? "+" : "-", whole_number(std::abs(100 * std::expm1(each.by)))));
  if (!answer.parts.empty()) answer.parts.front() = upper_first(answer.parts.front());
  return answer;
}

Answer funnel_audit_answer(const ReportInput& input) {
  Answer answer;
  const auto s = seen(input);
  if (!s || s->result.audit.empty()) return answer;
  const auto wrong = [](const AuditFinding& each) { return each.verdict == AuditVerdict::cannot_be_reproduced; };
  const auto count = std::count_if(s->result.audit.begin(), s->result.audit.end(), wrong);
  if (count == 0) {
    const std::size_t sums = s->result.audit.size();
    answer.text = sums == 1 ? "The one sum of printed counts holds."
                            : fmt::format("All {} sums of the printed counts hold.", sums);
    return answer;
  }
  answer.text = fmt::format("{} of {} sums of the printed counts {}: ", count, s->result.audit.size(),
                            count == 1 ? "doesn't hold" : "don't hold");
  for (const AuditFinding& each : s->result.audit)
    if (wrong(each))
      answer.parts.push_back(fmt::format(
          "{}, {} printed ({})", each.arithmetic, each.printed,
          each.subject.substr(each.subject.rfind(", ") == std::string::npos ? 0 : each.subject.rfind(", ") + 2)));
  return answer;
}

}  // namespace desist
