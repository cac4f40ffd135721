#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

const StudyOutcome* outcome_of(const Study& study, const std::string& name) {
  const auto found = std::find_if(study.outcomes.begin(), study.outcomes.end(),
                                  [&](const StudyOutcome& outcome) { return outcome.name == name; });
  return found == study.outcomes.end() ? nullptr : &*found;
}

std::string short_label(const StudyOutcome& outcome) {
  if (!outcome.short_label.empty()) return outcome.short_label;
  const std::vector<std::string> words = split(outcome.label, ' ');
  return words.empty() ? outcome.name : words.front();
}

/// The rows of the first comparison of every headline outcome, one a stratum.
std::vector<const HonestyRow*> headline_rows(const Study& study, const StudyResult& result) {
  std::vector<const HonestyRow*> rows;
  if (result.rows.empty()) return rows;
  for (const HonestyRow& row : result.rows) {
    const StudyOutcome* outcome = outcome_of(study, row.outcome);
    if (outcome == nullptr || !outcome->headline) continue;
    const bool known = std::any_of(rows.begin(), rows.end(), [&](const HonestyRow* earlier) {
      return earlier->outcome == row.outcome && earlier->stratum == row.stratum;
    });
    if (!known) rows.push_back(&row);
  }
  return rows;
}

/// People a group to the two digits that such a reckoning carries.
std::string about(std::int64_t people) {
  const double unit =
      people > 0 ? std::pow(10.0, std::max(0.0, std::floor(std::log10(static_cast<double>(people))) - 1)) : 1.0;
  return whole_number(std::ceil(static_cast<double>(people) / unit) * unit);
}

std::string group_label(const Study& study, const std::string& name) {
  for (const Group& group : study.groups)
    if (group.name == name && !group.label.empty()) return group.label;
  return name;
}

/// Which shares of a described table no whole number of its people gives.
Answer described_answer(const Study& study, const StudyResult& result) {
  Answer answer;
  std::size_t impossible = 0;
  for (const GroupShare& each : result.shares) impossible += each.count ? 0 : 1;
  if (impossible == 0) {
    answer.verdict = "Every printed rate can be right";
    answer.text = "Each is that of a whole number of its people.";
    return answer;
  }
  answer.verdict = fmt::format("{} of {} printed rates {} impossible", impossible, result.shares.size(),
                               impossible == 1 ? "is" : "are");
  for (const GroupShare& each : result.shares) {
    if (each.count) continue;
    // The whole numbers on either side, as the audit found them: "32/36 = 88.9%, 33/36 = 91.7%".
    std::string between;
    for (const AuditFinding& finding : result.audit)
      if (finding.kind == "cell" && finding.verdict == AuditVerdict::cannot_be_reproduced &&
          finding.subject.ends_with(group_label(study, each.group)))
        between = finding.arithmetic;
    if (const std::size_t comma = between.find(", "); comma != std::string::npos) between.replace(comma, 2, " and ");
    answer.text =
        fmt::format("{}: {} of {} is between {}.", group_label(study, each.group), each.printed, each.people, between);
    break;
  }
  return answer;
}

/// An outcome's shares, a part a group: "Victim awareness course 72 in 100 (67 to 77)".
Answer described_outcome(const Study& study, const StudyResult& result, const StudyOutcome& outcome) {
  Answer answer;
  answer.verdict = short_label(outcome);
  for (const GroupShare& each : result.shares) {
    if (each.outcome != outcome.name) continue;
    if (!each.count) continue;  // the answer says so
    answer.parts.push_back(fmt::format("{} {} ({} to {})", group_label(study, each.group),
                                       bare_in_100(each.share.value, 0), bare_in_100(each.share.envelope.low, 0),
                                       bare_in_100(each.share.envelope.high, 0)));
  }
  if (!answer.parts.empty()) answer.text = "Of 100: ";
  return answer;
}

}  // namespace

std::string verdict_words(Verdict verdict) {
  switch (verdict) {
    case Verdict::yes:
      return "Yes";
    case Verdict::no:
      return "No";
    case Verdict::not_shown:
      return "Not shown either way";
    case Verdict::depends:
      return "Depends";
    case Verdict::cannot_be_answered:
      return "Can't be answered with these figures";
  }
  return "";
}

std::string depends_words(DependsOn reason) {
  switch (reason) {
    case DependsOn::comparison_group:
      return "how the comparison group was chosen";
    case DependsOn::who_completed:
      return "who completed";
    case DependsOn::printed_digits:
      return "digits that aren't printed";
    case DependsOn::absent_people:
      return "people who are in no row";
    case DependsOn::recording:
      return "what is recorded";
    case DependsOn::which_outcome:
      return "which outcome is meant";
    case DependsOn::which_stratum:
      return "which part of the table is meant";
  }
  return "";
}

namespace {

bool better_is_more(const Study& study, const HonestyRow& row) {
  const StudyOutcome* outcome = outcome_of(study, row.outcome);
  return outcome != nullptr && outcome->better == StudyOutcome::Better::more;
}

std::string yes_words(const Study& study, const StudyResult& result, const std::vector<const HonestyRow*>& rows) {
  std::vector<std::string> shown;
  bool fewer = true, more = true;
  for (const HonestyRow* row : rows) {
    if (row->verdict != Verdict::yes) continue;
    const std::string label = short_label(*outcome_of(study, row->outcome));
    shown.push_back(row->stratum.empty() ? label : upper_first(row->stratum));
    (better_is_more(study, *row) ? fewer : more) = false;
  }
  const bool all = shown.size() == rows.size() && result.unread.empty();
  return fmt::format("{}, on {}, beyond what chance explains.",
                     fewer  ? "Fewer"
                     : more ? "More"
                            : "Better",
                     all ? "every headline outcome" : listed(shown) + " alone");
}

/// More is shown, or that no difference worth having is there.
std::string no_words(const Study& study, const std::vector<const HonestyRow*>& rows) {
  const bool none_shown =
      std::all_of(rows.begin(), rows.end(), [](const HonestyRow* row) { return row->shown == Shown::neither; });
  if (none_shown && study.worth_having)
    return fmt::format("Any difference for the better is smaller than {} in 100.",
                       whole_number(100 * *study.worth_having));
  const bool more = !rows.empty() && better_is_more(study, *rows.front());
  return more ? "Fewer, not more, beyond what chance explains." : "More, not fewer, beyond what chance explains.";
}

}  // namespace

Answer study_answer(const ReportInput& input) {
  Answer answer;
  if (input.study_results.studies.empty()) return answer;
  const Study& study = input.studies.front();
  const StudyResult& result = input.study_results.studies.front();
  if (study.design == Design::described) return described_answer(study, result);
  answer.verdict = verdict_words(result.verdict);
  const auto rows = headline_rows(study, result);
  switch (result.verdict) {
    case Verdict::yes:
      answer.text = yes_words(study, result, rows);
      break;
    case Verdict::no:
      answer.text = no_words(study, rows);
      break;
    case Verdict::not_shown:
      answer.text = result.outcomes_point_apart
                        ? fmt::format("The table is too small, and its {} outcomes point in opposite directions.",
                                      rows.size() == 2 ? "two" : "headline")
                    : result.strata_point_apart
                        ? "The table is too small, and its parts point in opposite directions."
                        : "The table is too small: its limits hold both a useful fall and none.";
      break;
    case Verdict::depends: {
      std::vector<std::string> reasons;
      for (const DependsOn reason : result.depends_on) reasons.push_back(depends_words(reason));
      answer.verdict = "Depends on " + (reasons.empty() ? "the reading of the table" : listed(reasons));
      for (const HonestyRow* row : rows) {
        if (!row->odds_ratio_star) continue;
        // With the verdict before it the line is full: a longer sentence would be left out.
        answer.text = fmt::format("Gone if those sent had {}% of others' odds anyway.",
                                  whole_number(100 * *row->odds_ratio_star));
        break;
      }
      break;
    }
    case Verdict::cannot_be_answered:
      answer.text = study.design == Design::nested && result.unread.empty()
                        ? "The comparison group seems to contain the treated."
                        : "";
      break;
  }
  return answer;
}

std::vector<Answer> headline_answers(const ReportInput& input) {
  std::vector<Answer> answers;
  if (input.study_results.studies.empty()) return answers;
  const Study& study = input.studies.front();
  if (study.design == Design::described)
    for (const StudyOutcome& outcome : study.outcomes)
      if (outcome.headline) answers.push_back(described_outcome(study, input.study_results.studies.front(), outcome));
  for (const HonestyRow* row : headline_rows(study, input.study_results.studies.front())) {
    const StudyOutcome* outcome = outcome_of(study, row->outcome);
    Answer answer;
    answer.verdict = row->stratum.empty() ? short_label(*outcome) : upper_first(row->stratum);
    answer.text = fmt::format("{}, {} of {} against {} of {}: {} ({}).", outcome->label, row->x1, row->n1, row->x0,
                              row->n0, fewer_or_more(row->difference.value),
                              fewer_to_more(row->difference.envelope.low, row->difference.envelope.high));
    answers.push_back(std::move(answer));
  }
  for (const UnreadOutcome& unread : input.study_results.studies.front().unread) {
    const StudyOutcome* outcome = outcome_of(study, unread.outcome);
    Answer answer;
    answer.verdict = unread.stratum.empty() ? short_label(*outcome) : upper_first(unread.stratum);
    answer.text = fmt::format("{} can't be answered: {}.", outcome->label, unread.because);
    answers.push_back(std::move(answer));
  }
  return answers;
}

Answer groups_answer(const ReportInput& input) {
  Answer answer;
  if (input.study_results.studies.empty()) return answer;
  const Study& study = input.studies.front();
  const StudyResult& result = input.study_results.studies.front();
  switch (study.design) {
    case Design::randomised:
      answer.text = "Called randomised";
      break;
    case Design::compared:
      answer.text = "Not randomised: someone chose who was sent";
      break;
    case Design::nested:
      answer.text = "Not randomised, and the comparison group holds the treated too";
      break;
    case Design::described:
      return answer;
  }
  if (result.allocation && study.design == Design::randomised) {
    answer.text += fmt::format(", {} against {}", result.allocation->treated, result.allocation->control);
    if (!result.allocation->bounds.empty()) {
      const AllocationResult::Bound& bound = result.allocation->bounds.front();
      const auto rows = headline_rows(study, result);
      if (!rows.empty()) {
        answer.text += fmt::format(". With {} more in \"{}\", none reoffending: {} of {} there", bound.added,
                                   bound.group, rows.front()->x0, rows.front()->n0 + bound.added);
      }
    }
  }
  answer.text += ".";
  return answer;
}

namespace {

/// "154 men treated", "35% fewer reoffended against a partner": a figure of the literature as words.
std::string beside_words(const EvidenceRow& row) {
  const bool share = row.unit.starts_with("proportion") || row.unit.starts_with("relative");
  double value = 0;
  const char* end = row.printed.data() + row.printed.size();
  const bool number = std::from_chars(row.printed.data(), end, value).ptr == end;
  // "36% reduction" of a "reduction in reoffending": the word is said once.
  const std::string last = row.printed.substr(row.printed.find_last_of(' ') + 1);
  if (row.quantity.starts_with(last + " ")) return row.printed + row.quantity.substr(last.size());
  // A quantity that is only a name ("rehab_in") is said by its unit.
  const bool is_name = row.quantity.find('_') != std::string::npos && !row.unit.empty();
  return (share && number ? shortest(std::round(1e6 * value) / 1e4) + "%" : row.printed) + " " +
         (is_name ? row.unit : row.quantity);
}

}  // namespace

Answer beside_answer(const ReportInput& input) {
  Answer answer;
  for (const auto& [name, rows] : input.beside) {
    std::string title = name;
    std::replace(title.begin(), title.end(), '_', ' ');
    for (const EvidenceRow& row : rows) {
      const std::string figure = beside_words(row);
      answer.parts.push_back(&row == &rows.front() ? upper_first(title) + ": " + figure : figure);
    }
  }
  return answer;
}

Answer settle_answer(const ReportInput& input) {
  Answer answer;
  if (input.study_results.studies.empty()) return answer;
  const Study& study = input.studies.front();
  const auto rows = headline_rows(study, input.study_results.studies.front());
  if (rows.empty()) return answer;
  // Where parts of the table stand side by side, each has its own number.
  std::vector<std::string> seen;
  std::int64_t least = std::numeric_limits<std::int64_t>::max(), most = 0;
  const bool parts = std::any_of(rows.begin(), rows.end(),
                                 [&](const HonestyRow* row) { return row->stratum != rows.front()->stratum; });
  for (const HonestyRow* row : rows) {
    if (row != rows.front() && (!parts || row->outcome != rows.front()->outcome)) continue;
    if (!row->settle_seen) continue;
    least = std::min(least, *row->settle_seen);
    most = std::max(most, *row->settle_seen);
    seen.push_back(about(*row->settle_seen) + (parts ? fmt::format(" ({})", lower_first(row->stratum)) : ""));
  }
  // A line holds no more than two parts by name.
  if (seen.size() > 2)
    answer.text =
        fmt::format("About {} to {} in each group for differences like those seen", about(least), about(most));
  else if (seen.size() == 2)
    answer.text = fmt::format("About {}, {} in each group for differences like those seen", seen[0], seen[1]);
  else if (!seen.empty())
    answer.text = fmt::format("About {} people in each group for a difference like the one seen", seen[0]);
  const HonestyRow& row = *rows.front();
  if (row.settle_worth && study.worth_having) {
    answer.text += fmt::format("{}{} for one of {} in 100", answer.text.empty() ? "About " : "; ",
                               about(*row.settle_worth), whole_number(100 * *study.worth_having));
  }
  if (!answer.text.empty()) answer.text += ".";
  return answer;
}

namespace {

/// Sentences about money: the share of draws in which they are true.
std::vector<Answer> money_claim_answers(const ReportInput& input) {
  std::vector<Answer> answers;
  if (!input.appraisal) return answers;
  for (const AppraisalClaimValue& value : input.appraised.claims) {
    const AppraisalClaim& claim = input.appraisal->claims.at(value.claim);
    Answer answer;
    answer.verdict = value.chance >= 0.95 ? "Fits" : value.chance <= 0.05 ? "Doesn't fit" : "Can't be checked";
    answer.text = chance_that("is true", value.chance, value.chance_error);
    if (claim.arms.size() > 1) answer.text += " of " + input.appraised.arm_names.at(value.arm);
    answer.text += ".";
    answer.parts = {claim.text};
    answers.push_back(std::move(answer));
  }
  return answers;
}

}  // namespace

std::vector<Answer> claim_answers(const ReportInput& input) {
  std::vector<Answer> answers = money_claim_answers(input);
  for (std::size_t s = 0; s < input.study_results.studies.size() && s < input.studies.size(); ++s) {
    for (const ClaimResult& result : input.study_results.studies[s].claims) {
      const Claim& claim = input.studies[s].claims[result.claim];
      Answer answer;
      answer.verdict = result.verdict == ClaimResult::Verdict::fits           ? "Fits"
                       : result.verdict == ClaimResult::Verdict::does_not_fit ? "Doesn't fit"
                                                                              : "Can't be checked";
      answer.text = result.because;
      answer.parts = {claim.text};
      answers.push_back(std::move(answer));
    }
  }
  for (const ProjectionClaim& claim : input.claims) {
    double least = 2;
    double most = -1;
    double error = 0;
    for (const std::string& arm : claim.arms) {
      const EstimateRow* row = input.estimates.find(arm, claim.outcome, claim.item, "chance");
      if (row == nullptr) continue;
      least = std::min(least, row->estimate);
      most = std::max(most, row->estimate);
      error = std::max(error, row->mc_error);
    }
    if (most < 0) continue;
    Answer answer;
    // As for the answer itself: nineteen times in twenty, in every arm or in none.
    answer.verdict = least >= 0.95 ? "Fits" : most <= 0.05 ? "Doesn't fit" : "Can't be checked";
    const bool alike = in_100(least, error) == in_100(most, error) || most < 0.005;
    const std::string range = alike ? in_100(most, error) : bare_in_100(least, error) + " to " + in_100(most, error);
    const std::string arms = claim.arms.size() < 2 ? "" : alike ? ", whatever the arm" : ", by arm";
    answer.text = fmt::format("comes true in {}{}.", most <= 0 ? "no run" : range, arms);
    answer.parts = {claim.text};
    answers.push_back(std::move(answer));
  }
  return answers;
}

}  // namespace desist
