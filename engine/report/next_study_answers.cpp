// Whether a next study is worth its cost, which one at which size, and what it is worth to know figures: sentences.
#include <algorithm>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/appraisal_words.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

/// " (200 to 800 as good)": sizes of the same study that the draws don't tell apart from the best one.
std::string sizes_as_good(const Information& information, const StudyValue& best) {
  double least = best.size, most = best.size;
  for (const StudyValue& each : information.studies) {
    if (each.study != best.study || each.is_told_apart) continue;
    least = std::min(least, each.size);
    most = std::max(most, each.size);
  }
  return least < most ? fmt::format(" ({} to {} as good)", whole_number(least), whole_number(most)) : "";
}

/// ", the most tried": where a larger study might be worth more.
std::string if_largest(const StudyValue& best) { return best.is_largest ? ", the most tried" : ""; }

/// "trial for seven forces, 500 people (250 to 500 as good)".
std::string study_words(const ReportInput& input, const StudyValue& value) {
  return fmt::format("{}, {} people{}{}", lower_first(without_stop(input.appraisal->studies.at(value.study).label)),
                     whole_number(value.size), if_largest(value), sizes_as_good(*input.appraised.information, value));
}

/// Each study at the size that is worth most, the one worth most first.
std::vector<const StudyValue*> best_sizes(const Information& information) {
  std::vector<const StudyValue*> best;
  for (const StudyValue& each : information.studies)
    if (each.is_best) best.push_back(&each);
  std::stable_sort(best.begin(), best.end(), [](const auto* a, const auto* b) { return a->net > b->net; });
  return best;
}

/// " at £20,000 for one": of a table of draws, what one averted is worth where its information is valued.
std::string at_worth(const ReportInput& input) {
  const auto& worth = input.appraised.information->worth;
  return worth ? fmt::format(" at {} for one", money(*worth, 0)) : "";
}

constexpr double told_apart = 2;  // errors from nought, as of the best size

/// What to do until the answer comes. A study's net stands on the arm that is worth most on average meanwhile: where
/// that isn't the first, nobody waits for the answer.
std::string study_advice(const ReportInput& input) {
  const std::size_t meanwhile = input.appraised.information->best_arm;
  if (meanwhile == 0) return "Find out first";
  if (input.appraised.arm_names.size() == 2) return "Buy it, and find out beside it";
  return fmt::format("{} meanwhile, and find out beside it", upper_first(short_appraised_arm(input, meanwhile)));
}

/// "waiting for it would lose £1.2 million": without the arm that is best meanwhile.
std::string waiting_words(const StudyValue& best) {
  return fmt::format("waiting for it would lose {}", money(best.waiting, best.waiting_error));
}

/// Net of the size worth most against nought: what is best is worth no less at any other size.
WorthIt worth_of_study(const StudyValue& best) {
  if (best.net > told_apart * best.net_error) return WorthIt::yes;
  return best.net < -told_apart * best.net_error ? WorthIt::no : WorthIt::not_shown;
}

}  // namespace

Answer next_study_answer(const ReportInput& input) {
  Answer answer;
  if (!input.appraised.information) return answer;
  const std::vector<const StudyValue*> studies = best_sizes(*input.appraised.information);
  if (studies.empty()) return answer;
  const StudyValue& best = *studies.front();
  const WorthIt worth_it = worth_of_study(best);
  answer.verdict = worth_it == WorthIt::yes  ? study_advice(input)
                   : worth_it == WorthIt::no ? "No study is worth it"
                                             : verdict_words(AppraisalVerdict{worth_it, nullptr});
  const std::string net =
      fmt::format("{} net, error {}", money(best.net, best.net_error), money(best.net_error, best.net_error));
  answer.parts.push_back(worth_it == WorthIt::yes
                             ? fmt::format("{}: worth {}", upper_first(study_words(input, best)), net)
                             : fmt::format("At best {}: {}", study_words(input, best), net));
  return answer;
}

Answer other_studies_answer(const ReportInput& input) {
  Answer answer;
  if (!input.appraised.information) return answer;
  std::vector<std::string> no, not_shown, yes;
  const std::vector<const StudyValue*> studies = best_sizes(*input.appraised.information);
  const bool all_wait = input.appraised.information->best_arm == 0;
  if (!all_wait && !studies.empty() && worth_of_study(*studies.front()) == WorthIt::yes)
    answer.parts.push_back(waiting_words(*studies.front()));
  for (std::size_t s = 1; s < studies.size(); ++s) {
    const StudyValue& study = *studies[s];
    const std::string label = lower_first(without_stop(input.appraisal->studies.at(study.study).label));
    const WorthIt worth_it = worth_of_study(study);
    if (worth_it == WorthIt::yes)
      yes.push_back(fmt::format("{} {} with {}", label, money(study.net, study.net_error), whole_number(study.size)));
    else
      (worth_it == WorthIt::no ? no : not_shown).push_back(label);
  }
  constexpr std::size_t names_fit = 2;
  if (not_shown.empty() && yes.empty() && no.size() > names_fit) {
    answer.parts.push_back(fmt::format("none of the other {} is worth it at any size tried", no.size()));
    answer.parts.front() = upper_first(answer.parts.front());
    return answer;
  }
  // What points the other way keeps its place where room is short.
  if (!no.empty()) answer.parts.push_back("not worth it at any size tried: " + listed(no));
  if (!not_shown.empty()) answer.parts.push_back("not shown either way: " + listed(not_shown));
  answer.parts.insert(answer.parts.end(), yes.begin(), yes.end());
  if (!answer.parts.empty()) answer.parts.front() = upper_first(answer.parts.front());
  return answer;
}

Answer find_out_answer(const ReportInput& input) {
  Answer answer;
  if (!input.appraised.information) return answer;
  const Information& information = *input.appraised.information;
  const DrawnAmount& evpi = information.evpi_amount;
  const bool is_nothing = evpi.mean <= 2 * evpi.mc_error;
  // A study is worth something to all who come after, so it can be worth more than knowing everything is here.
  // Where the first line is about them, it has said so.
  if (input.appraisal->answers_next_study) {
    answer.parts.clear();
  } else if (const StudyValue* best = best_study(input)) {
    answer.parts.push_back(fmt::format("{}: worth {} net to all who come after", upper_first(study_words(input, *best)),
                                       money(best->net, best->net_error)));
  } else if (!information.studies.empty()) {
    answer.parts.emplace_back("No study asked about is shown to be worth its cost");
  }
  const std::string at = at_worth(input);
  const std::string all =
      is_nothing ? "knowing every figure would not change the choice" + at
                 : "knowing every figure is worth " + money(evpi.mean, evpi.mc_error) + (at.empty() ? " here" : at);
  answer.parts.push_back(answer.parts.empty() ? upper_first(all) : all);
  if (!is_nothing)
    for (const InformationValue& figure : information.figures) {
      if (figure.cross_validated <= 2 * figure.cross_validated_error) continue;
      const double least = std::min(figure.cross_validated, figure.in_sample);
      const double error = std::max(figure.mc_error, figure.cross_validated_error);
      // No part is worth more than the whole: where its error lets it seem so, or hides the difference, it is as much.
      const std::string worth = least + error >= evpi.mean
                                    ? "as much"
                                    : money_range(least, std::max(figure.cross_validated, figure.in_sample), error);
      answer.parts.push_back(fmt::format("{} alone {}", lower_first(without_stop(figure.label)), worth));
      break;
    }
  return answer;
}

}  // namespace desist
