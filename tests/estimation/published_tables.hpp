// The tables of a 2019 board paper on offender management as printed, and a shorthand for tables of our own.
//
// Source: West Midlands Strategic Policing and Crime Board, offender management paper, 2019, tables B to G, paragraphs
// 41 to 65. The columns are scrambled in the stored text; the reading of each is the one that its integers confirm.
#pragma once

#include <string>
#include <vector>

#include "engine/estimation/study.hpp"

namespace desist::test {

PrintedNumber print(const std::string& text);
PrintedCell cell(const std::string& quantity, const std::string& printed);
Group group(const std::string& name, Role role, const std::vector<PrintedCell>& cells);
StudyOutcome outcome(const std::string& name, bool headline = true, std::vector<std::string> subset_of = {});
Claim claim(const std::string& text, const std::string& test, const std::string& of_outcome = "",
            std::vector<std::string> treated = {}, const std::string& against = "", const std::string& printed = "");

Study pipt_triage();    // table B
Study completion();     // table C
Study arv_12_months();  // table D
Study arv_24_months();  // table E
Study cara();           // table F
Study arda();           // table G

}  // namespace desist::test
