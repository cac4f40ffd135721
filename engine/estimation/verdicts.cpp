#include "engine/estimation/verdicts.hpp"

#include <algorithm>
#include <map>

#include "engine/estimation/comparison.hpp"

namespace desist::estimation {

namespace {

const StudyOutcome& outcome_of(const Study& study, const HonestyRow& row) {
  return *std::find_if(study.outcomes.begin(), study.outcomes.end(),
                       [&](const StudyOutcome& one) { return one.name == row.outcome; });
}

/// Whether absent people, all on one side with none or all of them having the outcome, take away what the row shows.
bool absent_people_matter(const Study& study, const HonestyRow& row) {
  for (const MissingPeople& missing : study.missing) {
    const Comparison& first = study.comparisons.front();
    const bool either = missing.group.empty();
    const bool control = either || missing.group == first.against;
    const bool treated =
        either || std::find(first.treated.begin(), first.treated.end(), missing.group) != first.treated.end();
    for (const std::int64_t with : {std::int64_t{0}, missing.most}) {
      if (treated && shown_by(row.x1 + with, row.n1 + missing.most, row.x0, row.n0) != row.shown) return true;
      if (control && shown_by(row.x1, row.n1, row.x0 + with, row.n0 + missing.most) != row.shown) return true;
    }
  }
  return false;
}

void depend(HonestyRow& row, DependsOn what) {
  row.verdict = Verdict::depends;
  row.depends_on = {what};
}

void give_verdict(const Study& study, HonestyRow& row) {
  const StudyOutcome::Better better = outcome_of(study, row).better;
  row.verdict = Verdict::not_shown;
  row.depends_on.clear();
  if (row.shown == Shown::differs && study.design != Design::nested) return depend(row, DependsOn::printed_digits);
  const bool selected = row.estimand == "completers (selected)" || row.estimand == "breachers (selected)";
  if (study.design == Design::nested) {
    // The other reading of the same print: the comparison group without the treated, as if printed apart.
    const bool both_ways = std::all_of(row.tables.begin(), row.tables.end(), [&](const auto& counts) {
      return shown_by(counts.first, row.n1, counts.first + counts.second, row.n1 + row.n0) == row.shown;
    });
    if (row.shown == Shown::neither || !both_ways) {
      row.verdict = Verdict::cannot_be_answered;
      return;
    }
  }
  if (row.shown != Shown::neither) {
    if (selected) return depend(row, DependsOn::who_completed);
    if (study.design != Design::randomised || !row.causal_words) return depend(row, DependsOn::comparison_group);
    if (better == StudyOutcome::Better::unclear) return depend(row, DependsOn::recording);
    if (absent_people_matter(study, row)) return depend(row, DependsOn::absent_people);
    const bool good = (row.shown == Shown::fewer) == (better == StudyOutcome::Better::fewer);
    row.verdict = good ? Verdict::yes : Verdict::no;
    return;
  }
  if (!row.causal_words || selected || better == StudyOutcome::Better::unclear || !study.worth_having) return;
  const bool no_room = better == StudyOutcome::Better::fewer ? row.difference.envelope.low > -*study.worth_having
                                                             : row.difference.envelope.high < *study.worth_having;
  if (no_room && !absent_people_matter(study, row)) row.verdict = Verdict::no;
}

}  // namespace

void give_verdicts(const Study& study, std::vector<HonestyRow>& rows) {
  for (HonestyRow& row : rows) give_verdict(study, row);
}

namespace {

/// Whether headline rows point apart: outcomes within a part of the table, or its parts.
void look_where_they_point(const Study& study, const std::vector<const HonestyRow*>& rows, StudyResult& result) {
  struct Seen {
    bool better = false, worse = false;
  };
  std::map<std::string, Seen> by_stratum;
  Seen all;
  for (const HonestyRow* row : rows) {
    const bool fewer = outcome_of(study, *row).better == StudyOutcome::Better::fewer;
    const double gain = fewer ? -row->difference.value : row->difference.value;
    for (Seen* seen : {&by_stratum[row->stratum], &all}) {
      seen->better = seen->better || gain > 0;
      seen->worse = seen->worse || gain < 0;
    }
  }
  result.outcomes_point_apart = std::any_of(by_stratum.begin(), by_stratum.end(), [](const auto& stratum) {
    return stratum.second.better && stratum.second.worse;
  });
  result.strata_point_apart = all.better && all.worse && !result.outcomes_point_apart;
}

}  // namespace

void give_answer(const Study& study, StudyResult& result) {
  result.depends_on.clear();
  std::vector<const HonestyRow*> rows;
  for (const HonestyRow& row : result.rows)
    if (row.headline && outcome_of(study, row).better != StudyOutcome::Better::unclear) rows.push_back(&row);
  look_where_they_point(study, rows, result);
  const auto settle = [&](Verdict verdict) { result.verdict = verdict; };
  const auto is = [](Verdict verdict) { return [verdict](const HonestyRow* row) { return row->verdict == verdict; }; };
  if (rows.empty()) return settle(Verdict::cannot_be_answered);
  if (std::all_of(rows.begin(), rows.end(), is(Verdict::cannot_be_answered)))
    return settle(Verdict::cannot_be_answered);
  const bool any_shown =
      std::any_of(rows.begin(), rows.end(), [](const HonestyRow* row) { return row->shown != Shown::neither; });
  if ((result.outcomes_point_apart || result.strata_point_apart) && !any_shown) return settle(Verdict::not_shown);
  for (const HonestyRow* row : rows) {
    for (const DependsOn what : row->depends_on) {
      if (std::find(result.depends_on.begin(), result.depends_on.end(), what) == result.depends_on.end()) {
        result.depends_on.push_back(what);
      }
    }
  }
  if (result.outcomes_point_apart && any_shown) result.depends_on.push_back(DependsOn::which_outcome);
  if (result.strata_point_apart && any_shown) result.depends_on.push_back(DependsOn::which_stratum);
  if (!result.depends_on.empty()) return settle(Verdict::depends);
  if (std::any_of(rows.begin(), rows.end(), is(Verdict::yes))) return settle(Verdict::yes);
  if (std::all_of(rows.begin(), rows.end(), is(Verdict::no))) return settle(Verdict::no);
  settle(Verdict::not_shown);
}

}  // namespace desist::estimation
