#include "engine/report/withhold.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "engine/core/limits.hpp"
#include "engine/data/small_counts.hpp"
#include "engine/report/withhold_curves.hpp"

namespace desist {
namespace {

class Door {
 public:
  Door(PersonResults& results, const PersonStudy& study) : r_(results), s_(study), least_(study.smallest_shown) {}

  void close() {
    if (least_ < 2) return;
    std::set<std::string> outcomes;
    bool few_missing = false;
    for (const ArmSummary& each : r_.summaries) {
      if (gives_away(each)) outcomes.insert(each.outcome);
      few_missing = few_missing || small(each.missing);
    }
    for (const BalanceRow& row : r_.balance)
      for (const BalanceRow::Cell& cell : row.arms) few_missing = few_missing || small(cell.missing);

    for (AnalysisResult& each : r_.analyses) analysis(each, outcomes.contains(each.outcome), few_missing);
    events(few_missing);
    std::erase_if(r_.data_words, [&](const std::string& words) {  // "'age' is missing in 3 of 40 rows"
      const std::size_t at = words.rfind("' is missing in ");
      return at != std::string::npos && (few_missing || names_small(words.substr(at)));
    });
    flow(few_missing);
    for (std::size_t from = 0; from < r_.balance.size();) from = column(from);
    if (few_missing) hide_missing();
    for (ArmSummary& each : r_.summaries)
      if (outcomes.contains(each.outcome)) hide(each);
  }

 private:
  bool small(std::int64_t count) const { return count > 0 && count < least_; }
  bool small_difference(double a, double b) const { return small(std::llround(std::abs(a - b))); }

  bool gives_away(const ArmSummary& each) const {
    if (each.withheld || small(each.people)) return true;
    if (each.with_outcome && (small(*each.with_outcome) || small(each.people - *each.with_outcome))) return true;
    return each.measure == "rate" && each.total && small(std::llround(*each.total));
  }

  static void hide(ArmSummary& each) {
    const ArmSummary before = each;
    each = {};
    each.outcome = before.outcome;
    each.arm = before.arm;
    each.measure = before.measure;
    each.estimate = each.interval.low = each.interval.high = missing;
    each.withheld = true;
    each.missing_withheld = true;
  }

  static void hide(BalanceRow::Cell& cell) { cell = {0, missing, missing, 0, true, true}; }

  void hide_missing() {
    for (ArmSummary& each : r_.summaries) {
      each.missing = 0;
      each.missing_withheld = true;
    }
    for (BalanceRow& row : r_.balance)
      for (BalanceRow::Cell& cell : row.arms) {
        cell.missing = 0;
        cell.missing_withheld = true;
      }
  }

  // Text

  static bool has_digit(const std::string& text) {
    return std::any_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  }

  /// Whether a whole number that is a small count stands in a sentence.
  bool names_small(const std::string& text) const {
    for (std::size_t i = 0; i < text.size();) {
      if (std::isdigit(static_cast<unsigned char>(text[i])) == 0) {
        ++i;
        continue;
      }
      std::size_t end = i;
      while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) != 0) ++end;
      const bool part = (i > 0 && (text[i - 1] == '.' || text[i - 1] == ',')) ||
                        (end + 1 < text.size() && (text[end] == '.' || text[end] == ',') &&
                         std::isdigit(static_cast<unsigned char>(text[end + 1])) != 0);
      if (!part && end - i < 10 && small(std::stoll(text.substr(i, end - i)))) return true;
      i = end;
    }
    return false;
  }

  // Analyses

  void analysis(AnalysisResult& each, bool hidden, bool few_missing) {
    if (each.outcome.empty()) return;  // of published studies, or of a design: no people's rows
    if (hidden) {
      each.effects.clear();
      each.tests.clear();
      each.curves.clear();
      each.facts.clear();
      each.notes.clear();
      each.refused.clear();
      each.withheld = true;
      return;
    }
    double people = 0, with = 0;
    for (const ArmSummary& summary : r_.summaries) {
      if (summary.outcome != each.outcome) continue;
      people += static_cast<double>(summary.people);
      with += static_cast<double>(summary.with_outcome.value_or(0));
    }
    const bool left_out = std::any_of(each.facts.begin(), each.facts.end(), [&](const AnalysisFact& fact) {
      return of_people(fact) && (small_difference(fact.value, people) || small_difference(fact.value, with) ||
                                 small(std::llround(fact.value)));
    });
    if (left_out) std::erase_if(each.facts, of_people);
    std::erase_if(each.notes, [&](const std::string& note) {
      return names_small(note) || ((few_missing || left_out) && has_digit(note));
    });
    if (names_small(each.refused)) each.refused = "It can't be estimated; the reason is withheld with small counts.";
    curves(each);
    shares_at_times(each);
  }

  /// A share of an arm by some time is a count where nobody's follow-up ended before: it goes where it would say how
  /// few had the outcome by then, or between it and a step that is shown.
  void shares_at_times(AnalysisResult& each) {
    std::map<std::string, std::vector<double>> known;
    for (const CurvePoint& point : each.curves) known[point.arm].push_back(point.estimate);
    const std::size_t before = each.effects.size();
    std::erase_if(each.effects, [&](const EffectRow& row) {
      const bool at_time =
          !row.effect && row.unit == "share" &&
          (row.measure.find(" at ") != std::string::npos || row.measure.starts_with("cumulative incidence: "));
      if (!at_time) return false;
      const ArmSummary* summary = nullptr;
      for (const ArmSummary& one : r_.summaries)
        if (one.outcome == each.outcome && (one.arm == row.term || row.term.ends_with(": " + one.arm))) summary = &one;
      if (summary == nullptr) return true;
      std::vector<double>& others = known[summary->arm];
      const auto people = static_cast<double>(summary->people);
      const auto near = [&](double share) {
        const double apart = people * std::abs(share - row.estimate);
        return apart > 1e-6 && apart < static_cast<double>(least_);
      };
      if (near(0) || near(1) || std::any_of(others.begin(), others.end(), near)) return true;
      others.push_back(row.estimate);
      return false;
    });
    if (each.effects.size() == before) return;
    // What lies between two shares gives one away to who knows the other.
    std::erase_if(each.effects, [](const EffectRow& row) { return row.measure.starts_with("risk difference by "); });
    each.notes.push_back("Shares at some times are withheld: they would give small counts away.");
  }

  static bool of_people(const AnalysisFact& fact) {
    return fact.name.find("people") != std::string::npos || fact.name.find("events") != std::string::npos ||
           fact.name.find("clusters") != std::string::npos || fact.name.starts_with("observed");
  }

  void curves(AnalysisResult& each) {
    if (each.curves.empty()) return;
    const std::size_t before = each.curves.size();
    std::map<std::string, double> people;
    for (const ArmSummary& summary : r_.summaries)
      if (summary.outcome == each.outcome) people[summary.arm] = static_cast<double>(summary.people);
    each.curves = joined_steps(each.curves, least_, people);
    // Two curves of the same people, joined at other times, would give the steps between them away.
    auto& shown = shown_[each.outcome];
    const auto grid = [](const std::vector<CurvePoint>& points) {
      std::map<std::string, std::set<std::pair<double, double>>> steps;
      for (const CurvePoint& point : points) steps[point.arm].insert({point.time, point.at_risk});
      return steps;
    };
    bool apart = false;
    for (const auto& [arm, steps] : grid(each.curves)) {
      const auto known = shown.find(arm);
      apart = apart || (known != shown.end() && known->second != steps);
    }
    if (apart)
      each.curves.clear();
    else
      for (auto& [arm, steps] : grid(each.curves)) shown.emplace(arm, steps);
    if (each.curves.empty())
      each.notes.push_back("The curves are withheld: their steps would give small counts away.");
    else if (each.curves.size() < before)
      each.notes.push_back("Steps of the curves are joined, so that each covers enough people to be shown.");
  }

  // What is told of events: without its numbers where one of them is small.
  void events(bool few_missing) {
    std::vector<EventNote> told;
    for (EventNote& note : r_.event_notes) {
      const bool tells = std::any_of(note.people.begin(), note.people.end(), [&](std::int64_t n) { return small(n); });
      if (tells || (few_missing && note.of_missing)) {
        note.text = note.without;
        note.withheld = true;
      }
      note.people.clear();
      const bool again = std::any_of(told.begin(), told.end(), [&](const EventNote& n) { return n.text == note.text; });
      if (!note.text.empty() && !again) told.push_back(std::move(note));
    }
    r_.event_notes = std::move(told);
  }

  // Flow

  static bool analysed(const FlowBox& box) { return box.step.starts_with("Analysed"); }

  void hide(FlowBox& box) {
    box.people = 0;
    box.note.clear();
    box.withheld = true;
  }

  void flow(bool few_missing) {
    const std::size_t from = std::min(s_.flow.size(), r_.flow.size());
    for (std::size_t i = from; i < r_.flow.size(); ++i)
      if (few_missing || names_small(r_.flow[i].note)) r_.flow[i].note.clear();
    if (few_missing) {
      for (std::size_t i = from; i < r_.flow.size(); ++i)
        if (!analysed(r_.flow[i]) || small(r_.flow[i].people)) hide(r_.flow[i]);
      return;
    }
    // The box above: of an arm its first box, of the arms the last box before the split. What left is a cell too.
    CountTable table;
    std::vector<std::size_t> cell_of(r_.flow.size());
    std::map<std::string, std::size_t> first;
    std::size_t above = r_.flow.size();
    CountTable::Sum split;
    for (std::size_t i = from; i < r_.flow.size(); ++i) {
      const FlowBox& box = r_.flow[i];
      cell_of[i] = table.counts.size();
      table.counts.push_back(box.people);
      if (box.arm.empty()) {
        above = i;
        continue;
      }
      const auto [its, is_first] = first.emplace(box.arm, i);
      if (is_first) {
        split.parts.push_back(cell_of[i]);
        continue;
      }
      const std::int64_t left = r_.flow[its->second].people - box.people;
      if (left < 0) continue;
      table.counts.push_back(left);
      table.sums.push_back({cell_of[its->second], {cell_of[i], table.counts.size() - 1}});
    }
    if (above < r_.flow.size() && !split.parts.empty()) {
      std::int64_t rest = r_.flow[above].people;
      for (const std::size_t part : split.parts) rest -= table.counts[part];
      if (rest >= 0) {
        split.total = cell_of[above];
        table.counts.push_back(rest);
        split.parts.push_back(table.counts.size() - 1);
        table.sums.push_back(split);
      }
    }
    const Suppression hidden = suppressed(table);
    for (std::size_t i = from; i < r_.flow.size(); ++i)
      if (!hidden.published[cell_of[i]]) hide(r_.flow[i]);
  }

  Suppression suppressed(const CountTable& table) const {
    SuppressionRule rule;
    rule.least_shown = least_;
    return suppress_small_counts(table, rule);
  }

  // Table 1

  /// The rows of one column, from its first: small levels and those that protect them. Returns the next column's first.
  std::size_t column(std::size_t from) {
    std::size_t end = from + 1;
    while (end < r_.balance.size() && r_.balance[end].column == r_.balance[from].column) ++end;
    const std::size_t arms = r_.balance[from].arms.size();
    for (std::size_t a = 0; a < arms; ++a) {
      std::vector<std::int64_t> counts;
      std::int64_t known = 0;
      bool numbers = false;
      for (std::size_t i = from; i < end; ++i) {
        const BalanceRow::Cell& cell = r_.balance[i].arms[a];
        std::int64_t people = cell.people;
        double mean = cell.mean;
        if (r_.balance[i].level.empty()) {
          numbers = true;
          known = cell.people;
          if (!holds_zero_and_one(cell)) {
            if (small(cell.people)) hide(i, a);
            continue;
          }
          people = std::llround(mean * static_cast<double>(cell.people));
        }
        counts.push_back(people);
        if (!numbers && mean > 0) known = std::llround(static_cast<double>(people) / mean);
      }
      if (counts.empty() || known == 0) continue;
      const std::int64_t inside = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
      CountTable table;
      table.counts = counts;
      if (known > inside) table.counts.push_back(known - inside);
      CountTable::Sum sum;
      for (std::size_t c = 0; c < table.counts.size(); ++c) sum.parts.push_back(c);
      sum.total = table.counts.size();
      table.counts.push_back(std::max(known, inside));
      table.sums = {sum};
      const Suppression hidden = suppressed(table);
      const bool total_hidden = !hidden.published.back();
      for (std::size_t i = from; i < end; ++i)
        if (total_hidden || !hidden.published[std::min(i - from, counts.size() - 1)]) hide(i, a);
      // A level that no row shows (the "no" of a yes) and is hidden takes its row with it: known less it would be the
      // row.
      if (known > inside && !hidden.published[counts.size()])
        for (std::size_t i = from; counts.size() == 1 && i < end; ++i) hide(i, a);
    }
    return end;
  }

  static bool holds_zero_and_one(const BalanceRow::Cell& cell) {
    if (cell.people < 2 || !(cell.mean >= 0 && cell.mean <= 1)) return false;
    const auto n = static_cast<double>(cell.people);
    return std::abs(cell.sd * cell.sd * (n - 1) / n - cell.mean * (1 - cell.mean)) < 1e-9;
  }

  void hide(std::size_t row, std::size_t arm) {
    BalanceRow& line = r_.balance[row];
    if (line.arms[arm].withheld) return;
    hide(line.arms[arm]);
    for (std::size_t a = 1; a < line.arms.size() && a <= line.standardised_differences.size(); ++a)
      if (arm == 0 || arm == a) line.standardised_differences[a - 1] = missing;
  }

  PersonResults& r_;
  const PersonStudy& s_;
  std::int64_t least_;
  std::map<std::string, std::map<std::string, std::set<std::pair<double, double>>>> shown_;  // by outcome and arm
};

}  // namespace

void withhold_small_counts(PersonResults& results, const PersonStudy& study) { Door(results, study).close(); }

bool anything_withheld(const PersonResults& results) {
  const auto flagged = [](const auto& each) { return each.withheld; };
  const bool table1 = std::any_of(results.balance.begin(), results.balance.end(), [&](const BalanceRow& row) {
    return std::any_of(row.arms.begin(), row.arms.end(),
                       [](const BalanceRow::Cell& cell) { return cell.withheld || cell.missing_withheld; });
  });
  return table1 || std::any_of(results.flow.begin(), results.flow.end(), flagged) ||
         std::any_of(results.event_notes.begin(), results.event_notes.end(), flagged) ||
         std::any_of(results.summaries.begin(), results.summaries.end(),
                     [](const ArmSummary& each) { return each.withheld || each.missing_withheld; }) ||
         std::any_of(results.analyses.begin(), results.analyses.end(), flagged);
}

}  // namespace desist
