// The sentences of the first screen and of the page's first paragraph: verdict, text, and parts that may be dropped
// from the end where room is short. Made from results and labels; no statistic is computed here.
#pragma once

#include <string>
#include <vector>

#include "engine/report/report_input.hpp"

namespace desist {

struct Answer {
  std::string verdict;             // "Not shown either way", "Doesn't fit"; or the line's label
  std::string text;                // "As it was, no. Clear by 31 March 2024: "
  std::vector<std::string> parts;  // "both 48 in 100", ...
};

// A projection
Answer projection_answer(const ReportInput& input);
std::vector<Answer> need_answers(const ReportInput& input);
Answer people_answer(const ReportInput& input);
Answer price_answer(const ReportInput& input);
Answer decides_answer(const ReportInput& input);
double headline_error(const ReportInput& input);

// A study
Answer study_answer(const ReportInput& input);
std::vector<Answer> headline_answers(const ReportInput& input);
Answer groups_answer(const ReportInput& input);
Answer beside_answer(const ReportInput& input);
Answer settle_answer(const ReportInput& input);

// Both: one a claim: verdict "Fits", "Doesn't fit" or "Can't be checked"; text why; the first part the sentence itself
std::vector<Answer> claim_answers(const ReportInput& input);

/// "criteria and weekly": an arm's name as words, for lines where its label is too long.
std::string short_arm(const ReportInput& input, const std::string& arm);

}  // namespace desist
