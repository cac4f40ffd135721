// What is asked of an appraisal beyond its value: studies that could be done first, break-even values, and programmes
// under one budget.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/appraisal_reading.hpp"

namespace desist {
namespace {

constexpr double largest_study = 1e7;  // people

Dimension without_time(const Dimension& dimension) { return dimension.over(Dimension::years(dimension.year_power())); }

// --- studies ---

class NextStudyReader {
 public:
  NextStudyReader(AppraisalReading& reading, const Node& table, std::string shown)
      : a_(reading), r_(reading.r), t_(table), shown_(std::move(shown)) {}

  void read() {
    if (is_named_before(r_, a_.appraisal.studies, t_, "studies")) return;
    study_.name = Reading::text_at(t_, "name");
    study_.label = label_or_name(t_, "name");
    study_.note = Reading::text_at(t_, "note");
    const std::string measure = Reading::text_at(t_, "measure");
    study_.measure = measure == "rates"  ? NextStudy::Measure::rates
                     : measure == "mean" ? NextStudy::Measure::mean
                                         : NextStudy::Measure::risks;
    if (!keys_of(measure)) return;
    bool sound = true;
    for (const bool part : {groups(measure), follow_up(), sizes(), costs(), times(), people()}) sound = sound && part;
    if (sound) a_.appraisal.studies.push_back(std::move(study_));
  }

 private:
  bool is(NextStudy::Measure measure) const { return study_.measure == measure; }

  // Keys that the measure needs or has no place for.
  bool keys_of(const std::string& measure) {
    const bool mean = is(NextStudy::Measure::mean), rates = is(NextStudy::Measure::rates);
    struct Rule {
      std::string_view key;
      bool may, must;
      std::string_view example;
    };
    for (const Rule& rule : {Rule{"control", !mean, !mean, "an input"}, Rule{"control_arm", !mean, false, ""},
                             Rule{"followed_for", !mean, rates, "12 months"}, Rule{"dispersion", rates, false, ""},
                             Rule{"sd", mean, mean, "3 hours per person"}}) {
      const Member* given = t_.find(rule.key);
      if (given && !rule.may) {
        r_.problem(given->where, fmt::format("'{}' has no meaning for a study of {}", rule.key, measure), "",
                   "take it out");
        return false;
      }
      if (!given && rule.must) {
        r_.problem(t_.where, fmt::format("{} has no '{}'", shown_, rule.key),
                   fmt::format("a study of {} needs it", measure),
                   fmt::format("add: {} = \"{}\"", rule.key, rule.example));
        return false;
      }
    }
    return true;
  }

  // Beside a table of draws: columns of it, and strategies.
  bool groups_of_table() {
    const auto treated = column_at("treated");
    const auto treated_arm = strategy_at("treated_arm", 1), control_arm = strategy_at("control_arm", 0);
    if (!treated || !treated_arm || !control_arm) return false;
    study_.treated = *treated;
    study_.treated_arm = *treated_arm;
    study_.control_arm = *control_arm;
    if (is(NextStudy::Measure::mean)) return true;
    const auto control = column_at("control");
    if (!control) return false;
    study_.control = *control;
    return is_possible("treated", *treated) && is_possible("control", *control);
  }

  std::optional<std::size_t> column_at(std::string_view key) {
    const std::vector<std::string>& columns = a_.appraisal.table->parameters;
    const std::string name = Reading::text_at(t_, key);
    const auto found = std::find(columns.begin(), columns.end(), name);
    if (found != columns.end()) return static_cast<std::size_t>(found - columns.begin());
    r_.problem(t_.at(key)->where, fmt::format("'{}' is no column of figures in '{}'", name, a_.appraisal.table->file),
               "what a study measures is a figure behind the table's costs and effects",
               columns.empty() ? fmt::format("add its column to [appraisal]: parameters = [\"{}\"]", name)
                               : spelling_cure(name, columns, "parameters in [appraisal] has"));
    return std::nullopt;
  }

  std::optional<std::size_t> strategy_at(std::string_view key, std::size_t otherwise) {
    if (!t_.find(key)) return otherwise;
    const std::vector<std::string>& strategies = a_.appraisal.table->strategies;
    const std::string name = Reading::text_at(t_, key);
    const auto found = std::find(strategies.begin(), strategies.end(), name);
    if (found != strategies.end()) return static_cast<std::size_t>(found - strategies.begin());
    r_.problem(t_.at(key)->where, fmt::format("no strategy is called '{}'", name), "",
               spelling_cure(name, strategies, "there are"));
    return std::nullopt;
  }

  // Whether each row of a column could be a risk, or a rate.
  bool is_possible(std::string_view key, std::size_t column) {
    const DrawsTable& table = *a_.appraisal.table;
    const bool risks = is(NextStudy::Measure::risks);
    for (std::size_t d = 0; d < table.draws; ++d) {
      const double value = table.values[d * table.parameters.size() + column];
      if (value >= 0 && (!risks || value <= 1)) continue;
      r_.problem(
          t_.at(key)->where,
          fmt::format("'{}' is {} in draw {} of '{}'", table.parameters[column], shortest(value), d + 1, table.file),
          risks ? "a study of risks compares two shares, from 0 to 1"
                : "a study of rates compares two numbers a year, from 0 on",
          fmt::format("name a column of {}, or mend that row", risks ? "risks" : "rates"));
      return false;
    }
    return true;
  }

  // Of what it measures; a table's columns have no units.
  Dimension measured() const { return a_.appraisal.table ? Dimension() : a_.inputs.all()[study_.treated].dimension; }

  bool groups(const std::string& measure) {
    if (a_.appraisal.table) return groups_of_table();
    const auto treated = a_.input_at(t_, "treated");
    const auto treated_arm = a_.arm_at(t_, "treated_arm", std::min<std::size_t>(1, a_.spec.reported_arms - 1));
    if (!treated || !treated_arm) return false;
    study_.treated = *treated;
    study_.treated_arm = *treated_arm;
    const Dimension& of = a_.inputs.all()[*treated].dimension;
    if (is(NextStudy::Measure::mean)) return true;
    const auto control = a_.input_at(t_, "control");
    const auto control_arm = a_.arm_at(t_, "control_arm", 0);
    if (!control || !control_arm) return false;
    study_.control = *control;
    study_.control_arm = *control_arm;
    const Dimension& against = a_.inputs.all()[*control].dimension;
    const bool risks = is(NextStudy::Measure::risks);
    const bool fits = of == against && (risks ? of.empty() : of.year_power() == -1);
    if (fits && risks)
      return a_.is_share(*treated, t_.at("treated")->where, "a study of risks compares two shares") &&
             a_.is_share(*control, t_.at("control")->where, "a study of risks compares two shares");
    if (fits) return true;
    r_.problem(t_.at("treated")->where,
               fmt::format("'{}' is {}, and '{}' {}", a_.inputs.all()[*treated].name, of.in_words(),
                           a_.inputs.all()[*control].name, against.in_words()),
               is(NextStudy::Measure::risks) ? "a study of risks compares two shares"
                                             : "a study of rates compares two numbers a year",
               fmt::format("name two inputs that are {}", measure));
    return false;
  }

  bool follow_up() {
    bool sound = true;
    if (t_.find("followed_for")) {
      const auto years = a_.time_at(t_, "followed_for");
      sound = years && above_nothing("followed_for", *years, "12 months");
      if (sound) study_.years_followed = *years;
    }
    if (const Node* dispersion = t_.at("dispersion")) {
      if (dispersion->number < 0)
        r_.problem(dispersion->where, fmt::format("'dispersion' can't be {}", as_written(*dispersion)),
                   "people differ by chance at least, which is 0", "write dispersion = 0.8, or take it out");
      sound = sound && dispersion->number >= 0;
      study_.dispersion = dispersion->number;
    }
    const Dimension of = measured();
    if (is(NextStudy::Measure::mean)) {
      const auto sd = a_.formula_of(t_, "sd", of, of.in_words(), true);
      if (!sd || sd->formula.steps.size() != 1 || sd->formula.steps[0].operation != Formula::Operation::number)
        return sd ? not_one_figure("sd") : false;
      study_.sd = sd->formula.steps[0].number;
      sound = sound && above_nothing("sd", study_.sd, "3 hours per person");
    }
    if (t_.find("bias_sd")) {
      const auto bias = a_.formula_of(t_, "bias_sd", of, of.in_words(), true);
      if (!bias) return false;
      study_.bias_sd = bias->formula;
    }
    return sound;
  }

  bool not_one_figure(std::string_view key) {
    r_.problem(t_.at(key)->where, fmt::format("'{}' is not one figure", key), "",
               "write it like \"3 hours per person\"");
    return false;
  }

  bool above_nothing(std::string_view key, double value, std::string_view example) {
    if (value > 0 && std::isfinite(value)) return true;
    r_.problem(t_.at(key)->where, fmt::format("'{}' can't be {}", key, as_written(*t_.at(key))), "it is above 0",
               fmt::format("write it like \"{}\"", example));
    return false;
  }

  bool sizes() {
    const Node& node = *t_.at("sizes");
    std::vector<double> sizes;
    if (node.kind == Node::Kind::number) sizes.push_back(node.number);
    for (const Node& each : node.items) sizes.push_back(each.number);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      const bool rises = i == 0 || sizes[i] > sizes[i - 1];
      if (rises && sizes[i] >= 2 && sizes[i] <= largest_study && sizes[i] == std::floor(sizes[i])) continue;
      r_.problem(node.where, "these are no sizes of a study", "whole numbers of people that rise, two or more",
                 "write sizes = [100, 200, 400]");
      return false;
    }
    study_.sizes = std::move(sizes);
    return true;
  }

  bool costs() {
    for (const auto& [key, formula] :
         {std::pair("cost_fixed", &study_.cost_fixed), std::pair("cost_each", &study_.cost_each)}) {
      *formula = fixed_formula(0, {}, "0").formula;
      if (!t_.find(key)) continue;
      const auto read = a_.formula_at(t_, key);
      if (!read) return false;
      const Dimension person = read->dimension.times(Dimension::noun("person"));
      if (read->dimension == Dimension::money() || (formula == &study_.cost_each && person == Dimension::money())) {
        *formula = read->formula;
        continue;
      }
      r_.problem(t_.at(key)->where, fmt::format("'{}' comes to {}, not £", key, read->dimension.in_words()), "",
                 formula == &study_.cost_each ? "name an input in £ per person" : "name an input in £");
      return false;
    }
    if (t_.find("cost_fixed") || t_.find("cost_each")) return true;
    r_.problem(t_.where, fmt::format("{} costs nothing", shown_), "no study does",
               "add cost_fixed or cost_each: inputs with their source");
    return false;
  }

  bool times() {
    const auto answer = a_.time_at(t_, "answer_after"), lasts = a_.time_at(t_, "decision_lasts");
    if (!answer || !lasts) return false;
    if (*answer < 0 || !(*lasts > *answer)) {
      r_.problem(t_.at("decision_lasts")->where, fmt::format("{} answers when nobody asks any more", shown_),
                 "the decision matters for no longer than the study takes", "mend answer_after or decision_lasts");
      return false;
    }
    if (t_.find("followed_for") && *answer < study_.years_followed) {
      r_.problem(t_.at("answer_after")->where, fmt::format("{} answers before its people have been followed", shown_),
                 fmt::format("they are followed for {}", as_written(*t_.at("followed_for"))),
                 "mend answer_after or followed_for");
      return false;
    }
    study_.answer_after = *answer;
    study_.decision_lasts = *lasts;
    return true;
  }

  bool people() {
    const auto yearly = a_.formula_at(t_, "people_a_year"), all = a_.formula_at(t_, "appraised_people");
    if (!yearly || !all) return false;
    if (!(without_time(yearly->dimension) == all->dimension) || yearly->dimension.year_power() > 0) {
      r_.problem(t_.at("people_a_year")->where,
                 fmt::format("people_a_year comes to {}, and appraised_people to {}", yearly->dimension.in_words(),
                             all->dimension.in_words()),
                 "one is people per year, the other people", "count both in the same noun");
      return false;
    }
    study_.people_a_year = yearly->formula;
    study_.appraised_people = all->formula;
    study_.nobody_loses = Reading::text_at(t_, "nobody_loses");
    if (!study_.nobody_loses.empty() && is(NextStudy::Measure::mean)) {
      r_.problem(t_.find("nobody_loses")->where, "'nobody_loses' has no meaning for a study of mean",
                 "it has one group, so no loss is counted", "take it out");
      return false;
    }
    return recruits(all->dimension);
  }

  // A larger study answers later: an answer that comes at once whatever the size makes the largest the best.
  bool recruits(const Dimension& person) {
    const Member *rate = t_.find("recruits_a_year"), *same = t_.find("any_size");
    if ((rate != nullptr) == (same != nullptr)) {
      r_.problem(rate ? same->where : t_.where,
                 rate ? fmt::format("{} recruits people, and answers at the same time at every size", shown_)
                      : fmt::format("{} doesn't say how many people can join it in a year", shown_),
                 "a larger study answers later",
                 rate ? "keep one of recruits_a_year and any_size"
                      : "add recruits_a_year, both groups together; or any_size = \"...\", why no size takes longer");
      return false;
    }
    study_.any_size = Reading::text_at(t_, "any_size");
    if (!rate) return true;
    const auto read = a_.formula_at(t_, "recruits_a_year");
    if (!read) return false;
    if (without_time(read->dimension) == person && read->dimension.year_power() <= 0) {
      study_.recruits_a_year = read->formula;
      return true;
    }
    r_.problem(rate->where,
               fmt::format("recruits_a_year comes to {}, and appraised_people to {}", read->dimension.in_words(),
                           person.in_words()),
               "one is people per year, the other people", "count both in the same noun");
    return false;
  }

  AppraisalReading& a_;
  Reading& r_;
  const Node& t_;
  const std::string shown_;
  NextStudy study_;
};

// --- break-even values ---

void read_break_even(AppraisalReading& reading, const Node& table, const std::string& shown) {
  Reading& r = reading.r;
  const auto input = reading.input_at(table, "of");
  const auto arm = reading.arm_at(table, "arm", 1);
  if (!input || !arm) return;
  if (*arm == 0 || *arm >= reading.spec.reported_arms)
    return r.problem(table.find("arm") ? table.at("arm")->where : table.where,
                     fmt::format("{} has no arm that is to pay", shown),
                     "the first arm is what the others are compared with", "name another arm");
  BreakEven asked;
  asked.input = *input;
  asked.arm = *arm;
  asked.label = label_or_name(table, "of");
  const Node* trial = table.at("trial");
  if (trial) {
    const bool sound = trial->kind == Node::Kind::list && trial->items.size() == 2 &&
                       std::all_of(trial->items.begin(), trial->items.end(), [](const Node& n) {
                         return n.number >= 1 && n.number <= largest_study && n.number == std::floor(n.number);
                       });
    if (!sound)
      return r.problem(trial->where, "'trial' is not two numbers of people", "",
                       "write the controls, then the others: trial = [49, 70]");
    asked.trial_control = trial->items[0].number;
    asked.trial_treated = trial->items[1].number;
  }
  if (trial == nullptr && table.find("control_risk"))
    return r.problem(table.find("control_risk")->where,
                     fmt::format("{} has a risk of controls, and no trial that they are of", shown),
                     "it would change nothing", "add trial = [49, 70]: the controls, then the others; or take it out");
  if (trial != nullptr && !table.find("control_risk"))
    return r.problem(table.find("trial")->where, fmt::format("{} has a trial, and no risk of its controls", shown),
                     "whether it could have seen the effect takes both", "add control_risk = \"...\", an input");
  if (table.find("control_risk")) {
    const auto control = reading.input_at(table, "control_risk");
    if (!control) return;
    for (const std::size_t each : {*input, *control})
      if (!reading.inputs.all()[each].dimension.empty())
        return r.problem(table.at("control_risk")->where,
                         fmt::format("'{}' is {}, not a risk", reading.inputs.all()[each].name,
                                     reading.inputs.all()[each].dimension.in_words()),
                         "a trial's power is worked out for two risks", "take trial and control_risk out");
    if (!reading.is_share(*input, table.at("of")->where, "a trial's power is worked out for two risks") ||
        !reading.is_share(*control, table.at("control_risk")->where, "a trial's power is worked out for two risks"))
      return;
    asked.control_risk = *control;
  }
  reading.appraisal.break_evens.push_back(std::move(asked));
}

// --- programmes under one budget ---

std::optional<PortfolioProgramme> read_programme(AppraisalReading& reading, const Node& table,
                                                 const std::string& shown) {
  Reading& r = reading.r;
  PortfolioProgramme programme;
  programme.name = Reading::text_at(table, "name");
  programme.label = label_or_name(table, "name");
  programme.evidence_level = Reading::text_at(table, "evidence_level");
  programme.note = Reading::text_at(table, "note");
  const auto cost = reading.formula_at(table, "cost_each"), expected = reading.formula_at(table, "expected_each"),
             worth = reading.formula_at(table, "worth_each");
  if (!cost || !expected || !worth) return std::nullopt;
  // £ a person x people = £; offences a person x £ an offence = £ a person: whatever the nouns are.
  const Dimension gained = expected->dimension.times(worth->dimension);
  if (!(gained == cost->dimension) || cost->dimension.money_power() != 1) {
    r.problem(table.at("cost_each")->where,
              fmt::format("{} costs {}, and what it averts is worth {}", shown, cost->dimension.in_words(),
                          gained.in_words()),
              "what one person costs is held against what one person's offences are worth",
              "write cost_each in £ per person, expected_each in offences per person, worth_each in £ per offence");
    return std::nullopt;
  }
  programme.cost_each = cost->formula;
  programme.expected_each = expected->formula;
  programme.worth_each = worth->formula;
  if (table.find("effect")) {
    const auto effect = reading.formula_of(table, "effect", {}, "a share", true);
    if (!effect) return std::nullopt;
    programme.effect = effect->formula;
  }
  programme.outcome_of = Reading::text_at(table, "outcome_of");
  return programme;
}

// One outcome apart stands below its programme, and isn't counted as one.
bool is_outcome_of_one_before(Reading& r, const Portfolio& portfolio, const Node& table,
                              const PortfolioProgramme& programme) {
  if (programme.outcome_of.empty()) return true;
  std::vector<std::string> known;
  for (const PortfolioProgramme& each : portfolio.programmes)
    if (each.outcome_of.empty()) known.push_back(each.name);
  if (std::find(known.begin(), known.end(), programme.outcome_of) != known.end()) return true;
  r.problem(table.at("outcome_of")->where, fmt::format("no programme above is called '{}'", programme.outcome_of),
            "an outcome apart stands below the programme that it is of",
            known.empty() ? "move it below its programme, or take `outcome_of` out"
                          : spelling_cure(programme.outcome_of, known, "above are"));
  return false;
}

}  // namespace

void read_next_studies(AppraisalReading& reading) {
  reading.r.each_table(section("next_study"), [&](const Node& table, const std::string& shown) {
    if (reading.appraisal.arms > 0) NextStudyReader(reading, table, shown).read();
  });
}

void read_break_evens(AppraisalReading& reading) {
  reading.r.each_table(section("break_even"),
                       [&](const Node& table, const std::string& shown) { read_break_even(reading, table, shown); });
}

void read_portfolio(AppraisalReading& reading) {
  Reading& r = reading.r;
  const Section& keys = section("programme");
  const auto tables = r.tables_of(keys);
  const Member* member = r.root.find("portfolio");
  if (!member) {
    if (!tables.empty())
      r.problem(tables.front()->where, "[[programme]] stands without a [portfolio]", "programmes share its budget",
                "add [portfolio], budget and averted");
    return;
  }
  const Node& table = member->value;
  if (table.kind != Node::Kind::table)
    return r.problem(member->where, "'portfolio' is not a table", "",
                     "write [portfolio], and below it: budget = \"budget\"");
  if (!r.check(table, section("portfolio"), "[portfolio]")) return;
  if (tables.empty() && !r.root.find("programme"))
    return r.problem(member->where, "[portfolio] has no programmes", "", "add a table [[programme]] for each");
  Portfolio portfolio;
  const auto budget = reading.formula_at(table, "budget");
  if (!budget) return;
  if (!(budget->dimension == Dimension::money()) && !budget->dimension.beside_money().empty())
    return r.problem(table.at("budget")->where,
                     fmt::format("the budget comes to {}, not £", budget->dimension.in_words()), "",
                     "name an input in £");
  portfolio.budget = budget->formula;
  portfolio.averted = Reading::text_at(table, "averted");
  r.each_table(keys, [&](const Node& each, const std::string& shown) {
    if (is_named_before(r, portfolio.programmes, each, "programmes")) return;
    auto programme = read_programme(reading, each, shown);
    if (programme && is_outcome_of_one_before(r, portfolio, each, *programme))
      portfolio.programmes.push_back(std::move(*programme));
  });
  reading.appraisal.portfolio = std::move(portfolio);
}

}  // namespace desist
