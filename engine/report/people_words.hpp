// Words and look-ups for a study of people's rows, shared by first screen, page, tables and figures.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/report/report_input.hpp"

namespace desist {

const PersonOutcome* outcome_named(const PersonStudy& study, const std::string& name);
/// The outcome's label; its name where it has none.
std::string outcome_label(const PersonStudy& study, const std::string& name);
const ArmSummary* summary_of(const PersonResults& results, const std::string& outcome, const std::string& arm);
/// The effect that stands for an analysis, where it has one.
const EffectRow* headline_effect(const AnalysisResult& result);
/// The arm that a term is of: "treated", "arm: treated" or the arm's name; the second arm where no other fits.
std::string arm_of_term(const PersonStudy& study, const std::string& term);
/// An arm as people name it: "Financial aid" and "No financial aid" for the yes and no of such a column; "Everyone"
/// where there are no arms.
std::string arm_label(const PersonStudy& study, const std::string& arm);
/// The same within a sentence: a category's level as the data write it.
std::string arm_in_sentence(const PersonStudy& study, const std::string& arm);
/// A term of an analysis as people name it: arms and columns by their labels; "sex: female" as "Sex: female".
std::string term_label(const PersonStudy& study, const std::string& term);
std::string study_label(Design design);  // "Randomised", "Not randomised"

/// Whether a number is read against 1 rather than 0.
bool is_ratio(const EffectRow& row);
/// -1 where the interval lies below no effect, 1 above, 0 where it holds it or there is none.
int direction(const EffectRow& row);
/// "31% lower (53% lower to 2% higher)", "8 fewer in 100 (17 fewer to 1 more)", "4 weeks more (1 to 7 more)".
std::string effect_words(const EffectRow& row);
/// "55% to 85% lower": of two ratios.
std::string relative_range(double low, double high);
/// "0.68 (0.47 to 1.00)": digits as a table has them.
std::string effect_digits(const EffectRow& row);
std::string table_number(double value);  // three significant digits; "" for no number
std::string p_value_words(double p);

/// "48 of 216", "120 in 310 person-weeks", "mean 13": one arm without any model; "" where it is withheld.
std::string summary_words(const PersonStudy& study, const ArmSummary& summary);

}  // namespace desist
