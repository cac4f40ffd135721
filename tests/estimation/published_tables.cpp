#include "tests/estimation/published_tables.hpp"

#include <stdexcept>

namespace desist::test {

PrintedNumber print(const std::string& text) {
  PrintedNumber number;
  number.text = text;
  bool point = false;
  for (const char letter : text) {
    if (letter == '.') point = true;
    if (letter == '%') number.percent = true;
    if (letter == '-') number.negative = true;
    if (letter < '0' || letter > '9') continue;
    number.digits = 10 * number.digits + (letter - '0');
    if (point) ++number.decimals;
  }
  return number;
}

PrintedCell cell(const std::string& quantity, const std::string& printed) {
  return {quantity, print(printed), "evidence." + quantity, ""};
}

Group group(const std::string& name, Role role, const std::vector<PrintedCell>& cells) {
  Group made;
  made.name = name;
  made.role = role;
  made.cells = cells;
  return made;
}

StudyOutcome outcome(const std::string& name, bool headline, std::vector<std::string> subset_of) {
  StudyOutcome made;
  made.name = name;
  made.headline = headline;
  made.subset_of = std::move(subset_of);
  return made;
}

Claim claim(const std::string& text, const std::string& test, const std::string& of_outcome,
            std::vector<std::string> treated, const std::string& against, const std::string& printed) {
  Claim made;
  made.text = text;
  made.test = test;
  made.outcome = of_outcome;
  made.treated = std::move(treated);
  made.against = against;
  if (!printed.empty()) made.printed = print(printed);
  return made;
}

namespace {

Study three_arms(const std::string& name, Design design, const std::vector<std::string>& outcomes,
                 const std::vector<std::vector<std::string>>& control_completed_breached) {
  Study study;
  study.name = name;
  study.design = design;
  const char* const names[] = {"control", "completed", "breached"};
  const Role roles[] = {Role::control, Role::completed, Role::breached};
  for (std::size_t i = 0; i < 3; ++i) {
    std::vector<PrintedCell> cells{cell("people", control_completed_breached[i][0])};
    for (std::size_t j = 0; j < outcomes.size(); ++j)
      cells.push_back(cell(outcomes[j], control_completed_breached[i][j + 1]));
    study.groups.push_back(group(names[i], roles[i], cells));
  }
  study.comparisons = {{"Everyone sent on the course", {"completed", "breached"}, "control", ""},
                       {"As reported: completers only", {"completed"}, "control", ""},
                       {"Those who breached", {"breached"}, "control", ""}};
  return study;
}

}  // namespace

Study pipt_triage() {
  Study study;
  study.name = "pipt-triage";
  study.design = Design::nested;
  study.outcomes = {outcome("reoffended")};
  struct Row {
    const char *stratum, *base, *base_share, *treated, *treated_share;
  };
  for (const Row& row : {Row{"violence", "80", "23.8%", "28", "11%"}, Row{"alcohol", "18", "33%", "10", "20%"},
                         Row{"acquisitive", "71", "59%", "26", "50%"}, Row{"drug", "13", "53%", "6", "67%"}}) {
    const std::string name = row.stratum;
    study.groups.push_back(
        group(name + " base", Role::base, {cell("people", row.base), cell("reoffended", row.base_share)}));
    study.groups.push_back(
        group(name + " treated", Role::treated, {cell("people", row.treated), cell("reoffended", row.treated_share)}));
    for (std::size_t i = study.groups.size() - 2; i < study.groups.size(); ++i) study.groups[i].stratum = name;
    study.comparisons.push_back({"Diverted", {name + " treated"}, name + " base", name});
  }
  study.claims = {claim("Evaluation of the reoffending by 200 PIPT referrals", "total", "",
                        {"violence base", "alcohol base", "acquisitive base", "drug base"}, "", "200"),
                  claim("reducing reoffending on average, by 40%", "relative reduction", "reoffended",
                        {"alcohol treated"}, "alcohol base"),
                  claim("and 54%", "relative reduction", "reoffended", {"violence treated"}, "violence base")};
  return study;
}

Study completion() {
  Study study;
  study.name = "completion";
  StudyOutcome completed = outcome("completed");
  completed.better = StudyOutcome::Better::more;
  study.outcomes = {completed};
  study.groups = {group("arv", Role::other, {cell("people", "681"), cell("completed", "62%")}),
                  group("cara", Role::other, {cell("people", "401"), cell("completed", "70%")}),
                  group("arda", Role::other, {cell("people", "229"), cell("completed", "46%")}),
                  group("consider", Role::other, {cell("people", "36"), cell("completed", "90%")}),
                  group("vac", Role::other, {cell("people", "293"), cell("completed", "72%")})};
  return study;
}

Study arv_12_months() {
  Study study = three_arms(
      "arv-12-months", Design::compared, {"reoffended", "violent", "alcohol"},
      {{"318", "39.0%", "34.0%", "12.6%"}, {"164", "9.1%", "6.1%", "1.80%"}, {"87", "46.0%", "41.4%", "10.3%"}});
  study.outcomes = {outcome("reoffended"), outcome("violent", true, {"reoffended"}),
                    outcome("alcohol", true, {"reoffended"})};
  Group all =
      group("all", Role::all_sent,
            {cell("people", "251"), cell("reoffended", "21.9%"), cell("violent", "18.3"), cell("alcohol", "21.9%")});
  all.is_sum_of = {"completed", "breached"};
  study.groups.push_back(all);
  study.claims = {claim("A reduction in reoffending of 77% between the control group and course completers",
                        "relative reduction", "reoffended", {"completed"}, "control"),
                  claim("dropped from 34% to 6.1%", "share", "violent", {"completed"}, "control", "6.1%"),
                  claim("together they show a net reduction in reoffending of 46%", "relative reduction", "reoffended",
                        {"completed", "breached"}, "control")};
  study.claims[1].printed_against = print("34%");
  return study;
}

Study arv_24_months() {
  Study study = three_arms("arv-24-months", Design::compared, {"reoffended", "violent", "alcohol"},
                           {{"315", "49%", "44%", "15%"}, {"48", "21%", "15%", "15%"}, {"23", "48%", "48%", "26.0%"}});
  study.outcomes = {outcome("reoffended"), outcome("violent", true, {"reoffended"}),
                    outcome("alcohol", true, {"reoffended"})};
  Group all = group("all", Role::all_sent,
                    {cell("people", "71"), cell("reoffended", "30%"), cell("violent", "25%"), cell("alcohol", "18%")});
  all.is_sum_of = {"completed", "breached"};
  study.groups.push_back(all);
  study.claims = {
      claim("a reduction in reoffending of 57%", "relative reduction", "reoffended", {"completed"}, "control"),
      claim("were still 41% less likely to reoffend", "relative reduction", "reoffended", {"completed", "breached"},
            "control")};
  return study;
}

Study cara() {
  Study study =
      three_arms("cara", Design::randomised, {"reoffended", "reoffended_pct", "da_offence", "da_incident"},
                 {{"49", "10", "20%", "2%", "29%"}, {"54", "1", "2%", "0%", "19%"}, {"16", "7", "44%", "31%", "25%"}});
  study.outcomes = {outcome("reoffended"), outcome("da_offence", true, {"reoffended"}), outcome("da_incident", false)};
  study.outcomes[2].better = StudyOutcome::Better::unclear;
  study.worth_having = 0.05;
  study.missing = {{"", 21, "The groups differ by 21."}};
  study.recording = {1.0, 1.3};
  study.recording_outcome = "da_incident";
  study.claims = {
      claim("the treatment and control groups are therefore almost equal", "group sizes"),
      claim("only 2% of the treatment cohort has gone on to reoffend, compared with 20% in the Control Group",
            "reoffended, everyone sent on the course"),
      claim("10 have been involved in DA non-crime incidents", "share", "da_incident", {"completed"}, "", "10")};
  return study;
}

Study arda() {
  Study study = three_arms(
      "arda", Design::compared, {"reoffended", "da_offence", "da_incident"},
      {{"134", "29.9%", "9.0%", "11.9%"}, {"20", "10.0%", "0.0%", "10.0%"}, {"35", "8.6%", "2.9%", "37.1%"}});
  study.outcomes = {outcome("reoffended"), outcome("da_offence", true, {"reoffended"}), outcome("da_incident", false)};
  study.outcomes[2].better = StudyOutcome::Better::unclear;
  study.claims = {claim("compared with 29.9% in the control group, a reduction of 70%", "relative reduction",
                        "reoffended", {"completed"}, "control", "70%"),
                  claim("compared with 9% of the control, a reduction of 66%", "relative reduction", "da_offence",
                        {"completed"}, "control", "66%")};
  return study;
}

}  // namespace desist::test
