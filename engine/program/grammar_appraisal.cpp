// The sections of an appraisal: money, what is gained beside it, and what is worth finding out.
#include "engine/program/grammar.hpp"

namespace desist {
namespace {

Key text_key(std::string_view name, bool required, std::string_view help, std::string_view example) {
  return {name, Holds::text, required, help, example, {}, For::projection};
}
Key formula_key(std::string_view name, bool required, std::string_view help, std::string_view example) {
  return {name, Holds::figure, required, help, example, {}, For::projection};
}
Key label_key() { return text_key("label", false, "What the report calls it", "\"Running the course\""); }
Key name_key(std::string_view example) {
  return {"name", Holds::name, true, "A short name", example, {}, For::projection};
}
Key note_key() { return text_key("note", false, "What a reader should know about it", "\"Paid in the first year.\""); }
Key years_key() {
  return {"years",
          Holds::numbers,
          false,
          "First and last year of the appraisal; all for what comes each year, the first for what comes once",
          "[1, 3]",
          {},
          For::projection};
}
Key fades_key() {
  return {
      "fades", Holds::flag, false,          "Whether what it differs by fades after the evidence: [[fade]] says how",
      "true",  {},          For::projection};
}
Key lasts_key() {
  return text_key("lasts", false, "Why it doesn't fade, where the appraisal is longer than the evidence",
                  "\"The building stands.\"");
}

Section appraisal_section() {
  return {
      "appraisal",
      Shape::table,
      For::projection,
      false,
      "Whether it is worth the money",
      {{"years",
        Holds::whole,
        false,
        "Over how many whole years from `starts` costs and gains are counted",
        "3",
        {},
        For::projection},
       {"evidence_years", Holds::number, false, "For how many years the effect was seen", "1", {}, For::projection},
       text_key("prices", false, "Of which financial or calendar year the pounds of the result are", "\"2025/26\""),
       {"discount",
        Holds::texts,
        false,
        "Schedules of discount_rates.csv; the first is the main one, standard where it is left out",
        "[\"standard\", \"health\"]",
        {},
        For::projection},
       {"timing",
        Holds::word,
        false,
        "When in a year its money moves; at the start where it is left out",
        "\"start\"",
        {"start", "mid"},
        For::projection},
       {"answers",
        Holds::word,
        false,
        "What the first line says: whether the arms are worth it, or a next study; their value where it is left out",
        "\"next study\"",
        {"value", "next study"},
        For::projection},
       {"together",
        Holds::table,
        false,
        "Groups of figures whose worth of finding out is one: a name, and figures",
        "{ \"the effect\" = [\"risk_with\", \"risk_without\"] }",
        {},
        For::projection},
       {"data",
        Holds::texts,
        false,
        "Your own tables of unit costs beside this file, with the columns of evidence/unit_costs.csv",
        "[\"my_unit_costs.csv\"]",
        {},
        For::projection},
       text_key("average_income", false,
                "The input that is the income of an average household, for weights by income (Green Book A3.20)",
                "\"median_income\""),
       text_key("income_elasticity", false,
                "The input that says how fast £1 counts for less as income grows (Green Book A3.14: 1.3)",
                "\"elasticity\""),
       text_key("table", false, "Instead of flows: a CSV file beside this one with costs and effects, a row a draw",
                "\"draws.csv\""),
       {"effect",
        Holds::text,
        false,
        "What the table's effects count, one of it",
        "\"reoffence averted\"",
        {},
        For::projection},
       {"worth",
        Holds::value,
        false,
        "What one of it may be worth: from nothing to the most, or a list",
        "\"£0 to £20,000\"",
        {},
        For::projection},
       {"parameters",
        Holds::texts,
        false,
        "Columns of the table that hold the figures behind it",
        "[\"risk\", \"unit_cost\"]",
        {},
        For::projection}}};
}

Section flow_section() {
  return {
      "flow",
      Shape::list,
      For::projection,
      false,
      "Money that moves: a quantity times what one of it is worth, in every arm and year",
      {name_key("\"course\""),
       label_key(),
       {"bearer",
        Holds::word,
        true,
        "Who pays or gains",
        "\"police\"",
        {"police", "prisons and probation", "courts", "health", "councils", "retailers", "victims",
         "victims and services", "the person", "others"},
        For::projection},
       {"kind",
        Holds::word,
        true,
        "cashable where a budget can be cut; fiscal for public money that can't be; economic for real resources; "
        "social "
        "for wellbeing",
        "\"cashable\"",
        {"cashable", "fiscal", "economic", "social"},
        For::projection},
       {"is",
        Holds::word,
        true,
        "programme cost: public money that the programme uses, the only denominator of ratios; cost or benefit: all "
        "else",
        "\"programme cost\"",
        {"programme cost", "cost", "benefit"},
        For::projection},
       formula_key("quantity", true, "How many, in formulas over inputs and the model's outcomes",
                   "\"people * reach\""),
       formula_key("each", false, "What one of them is worth; left out where the quantity is money", "\"course_cost\""),
       years_key(),
       formula_key("optimism_bias", false, "Of a programme cost: by what share it is raised", "\"10%\""),
       text_key("bias_in_law", false, "Why none is added: the range of the cost contains it",
                "\"Outturn of three forces.\""),
       fades_key(),
       lasts_key(),
       {"social_group",
        Holds::shares,
        false,
        "Whom of [[social_group]] it falls on: all of it on one, or a share an input says, and the rest",
        "{ poorest = \"poorest_share\", others = \"rest\" }",
        {},
        For::projection},
       formula_key("step", false, "Of a cashable saving: the least of the quantity that can be given up", "\"1 post\""),
       text_key("beside_prison", false, "Why custody is counted beside a cost of crime that contains it",
                "\"Prison is taken out of the cost of crime.\""),
       note_key()}};
}

Section social_group_section() {
  return {
      "social_group",
      Shape::list,
      For::projection,
      false,
      "People who are told apart among those who gain or pay; £1 of theirs may count for more, beside the plain sum",
      {name_key("\"poorest\""), label_key(),
       text_key("income", false, "The input that is their household income a year, equivalised: £1 weighs by it",
                "\"poor_income\""),
       text_key("weight", false, "Instead of an income: the input that is their weight", "\"poor_weight\""),
       note_key()}};
}

Section fade_section() {
  return {"fade",
          Shape::list,
          For::projection,
          false,
          "What becomes of the effect after the evidence; the first form is the main one, and all stand side by side",
          {name_key("\"halves\""),
           label_key(),
           {"form",
            Holds::word,
            true,
            "stops with the evidence; falls evenly to nothing; halves again and again; a part is kept and the rest "
            "halves; stays",
            "\"exponential\"",
            {"stops", "linear", "exponential", "cure", "constant"},
            For::projection},
           formula_key("time", false, "In what time it is gone (linear) or halved, or an input's name", "\"2 years\""),
           formula_key("kept", false, "Of cure: the share that stays, or an input's name", "\"30%\""),
           {"weight",
            Holds::number,
            false,
            "How likely this form is: of all forms, or of none",
            "0.5",
            {},
            For::projection}}};
}

Section effect_section() {
  return {"effect",
          Shape::list,
          For::projection,
          false,
          "What is gained beside money",
          {name_key("\"reoffenders\""),
           label_key(),
           formula_key("of", true, "How many there are in an arm, in formulas as those of flows",
                       "\"people * reoffended\""),
           {"better",
            Holds::word,
            false,
            "Which way is better; lower where it is left out",
            "\"lower\"",
            {"lower", "higher"},
            For::projection},
           {"worth",
            Holds::value,
            true,
            "What one of it may be worth: from nothing to the most, or a list",
            "\"£0 to £40,000\"",
            {},
            For::projection},
           years_key(),
           fades_key(),
           lasts_key()}};
}

Section study_section() {
  return {
      "next_study",
      Shape::list,
      For::projection,
      false,
      "A study that could be done before deciding, at several sizes",
      {name_key("\"larger_trial\""),
       label_key(),
       {"measure",
        Holds::word,
        true,
        "What it compares: risks of two groups, rates of two groups, or one mean",
        "\"risks\"",
        {"risks", "rates", "mean"},
        For::projection},
       {"control",
        Holds::text,
        false,
        "The input that is its controls' risk or rate; beside a table of draws, its column",
        "\"risk_without\"",
        {},
        For::projection},
       {"treated",
        Holds::text,
        true,
        "The input that is the others' risk or rate, or the mean; beside a table of draws, its column",
        "\"risk_with\"",
        {},
        For::projection},
       {"control_arm",
        Holds::text,
        false,
        "The arm, or the table's strategy, that its controls are in; the first where it is left out",
        "\"without\"",
        {},
        For::projection},
       {"treated_arm",
        Holds::text,
        false,
        "The arm, or the table's strategy, that the others are in; the second where it is left out",
        "\"course\"",
        {},
        For::projection},
       formula_key("followed_for", false, "How long people are followed: rates need it, and no answer comes before",
                   "\"12 months\""),
       {"dispersion",
        Holds::number,
        false,
        "Of rates: variance = mean + dispersion x mean squared",
        "0.8",
        {},
        For::projection},
       formula_key("sd", false, "Of a mean: the standard deviation of one person's, in the input's unit",
                   "\"3 hours per person\""),
       formula_key("bias_sd", false,
                   "Standard deviation of the design's own bias, which no size shrinks, or an input's name", "\"5%\""),
       {"sizes",
        Holds::numbers,
        true,
        "How many people in all, half of them in each group",
        "[100, 200, 400]",
        {},
        For::projection},
       formula_key("cost_fixed", false, "What it costs whatever its size: an input", "\"trial_cost\""),
       formula_key("cost_each", false, "What each person in it costs: an input", "\"cost_of_follow_up\""),
       formula_key("recruits_a_year", false,
                   "How many people can join it in a year, both groups together: it answers when the last has joined, "
                   "and answer_after later",
                   "\"people\""),
       text_key("any_size", false, "Why it answers at the same time at every size, where nobody has to join",
                "\"Records of those sent already.\""),
       formula_key("answer_after", true, "How long until it answers, after the last has joined", "\"2 years\""),
       formula_key("decision_lasts", true, "For how long from today the decision matters", "\"10 years\""),
       formula_key("people_a_year", true, "How many people a year the decision is about", "\"people\""),
       formula_key(
           "appraised_people", true,
           "Of how many people the appraised flows are, all years together: people a year times an input in years",
           "\"people * horizon\""),
       text_key("nobody_loses", false, "Why nobody in it goes without who would have had the better arm",
                "\"Places are fewer than people: they are drawn by lot.\""),
       note_key()}};
}

Section break_even_section() {
  return {"break_even",
          Shape::list,
          For::projection,
          false,
          "The value of an input at which it pays, and whether the completed trial could have seen it",
          {{"of", Holds::text, true, "The input", "\"risk_with\"", {}, For::projection},
           {"arm",
            Holds::text,
            false,
            "The arm that is to pay; the second where it is left out",
            "\"course\"",
            {},
            For::projection},
           label_key(),
           {"trial",
            Holds::numbers,
            false,
            "People in the completed trial: controls, then the others",
            "[49, 70]",
            {},
            For::projection},
           {"control_risk",
            Holds::text,
            false,
            "The input that is the risk of its controls",
            "\"risk_without\"",
            {},
            For::projection}}};
}

Section portfolio_section() {
  return {"portfolio",
          Shape::table,
          For::projection,
          false,
          "Programmes under one budget: what each would have to achieve to earn its share",
          {formula_key("budget", true, "The budget: an input in £", "\"budget\""),
           {"averted", Holds::text, true, "What is averted, one of it", "\"reoffence\"", {}, For::projection}}};
}

Section programme_section() {
  return {
      "programme",
      Shape::list,
      For::projection,
      false,
      "One programme of the portfolio",
      {name_key("\"course\""), label_key(),
       text_key("evidence_level", true, "What its effect is known from, in words", "\"randomised, too small\""),
       formula_key("cost_each", true, "What one person in it costs", "\"course_cost\""),
       formula_key("expected_each", true, "How many are expected of one person anyway", "\"reoffences_each\""),
       formula_key("worth_each", true, "What one averted is worth", "\"reoffence_cost\""),
       formula_key("effect", false, "The share that it averts, where evidence gives a law of it", "\"share_averted\""),
       text_key("outcome_of", false,
                "The programme before it of which this is one outcome apart, for the same money: no further programme",
                "\"course\""),
       note_key()}};
}

Section strategy_section() {
  return {"strategy",
          Shape::list,
          For::projection,
          false,
          "One of the strategies of a table of draws; the first is what the others are compared with",
          {name_key("\"as_now\""),
           label_key(),
           {"cost", Holds::text, true, "The column of its costs, in £", "\"cost_now\"", {}, For::projection},
           {"effect", Holds::text, true, "The column of its effects", "\"averted_now\"", {}, For::projection}}};
}

Section inputs_section() {
  return {"inputs",
          Shape::figures,
          For::projection,
          false,
          "Figures of the appraisal; each has its unit in its own text, and names are for formulas",
          {}};
}

}  // namespace

const Section& input_keys() {
  static const Section keys = [] {
    Section of_inputs = figure_keys();
    std::erase_if(of_inputs.keys, [](const Key& key) { return key.name == "where" || key.name == "from"; });
    of_inputs.help = "A figure of an appraisal: as elsewhere, or the row of a unit cost";
    of_inputs.keys.push_back({"unit_cost",
                              Holds::text,
                              false,
                              "Id of a row in unit_costs.csv: its value, price year and source come with it",
                              "\"ho.violence_injury\"",
                              {},
                              For::projection});
    of_inputs.keys.push_back(
        {"prices", Holds::text, false, "Of money: its financial or calendar year", "\"2019/20\"", {}, For::projection});
    of_inputs.keys.push_back(
        {"is",
         Holds::word,
         false,
         "recorded_to_actual where it goes from recorded offences to all: it may be used once; factor "
         "where it is another number that multiplies, without a unit; question where its range is what is asked: "
         "then there is no chance that it pays, but where it breaks even",
         "\"recorded_to_actual\"",
         {"recorded_to_actual", "factor", "question"},
         For::projection});
    of_inputs.keys.push_back({"parameter",
                              Holds::text,
                              false,
                              "Name of a parameter of the model: the same draw, so that nothing is given twice",
                              "\"take_up\"",
                              {},
                              For::projection});
    return of_inputs;
  }();
  return keys;
}

std::vector<Section> appraisal_sections() {
  return {appraisal_section(), inputs_section(),    social_group_section(), flow_section(),
          fade_section(),      effect_section(),    study_section(),        break_even_section(),
          portfolio_section(), programme_section(), strategy_section()};
}

}  // namespace desist
