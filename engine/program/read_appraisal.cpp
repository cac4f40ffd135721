// [appraisal]: the horizon, prices and discounting, and the order in which the other sections of money are read.
#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/appraisal_reading.hpp"

namespace desist {
namespace {

constexpr double longest_horizon = 125;  // years: where discount schedules end

// The folders that evidence comes from, and files of the user's own.
MoneyTables tables_for(Reading& reading, ExperimentSpec& spec, const Node& table) {
  MoneyTables tables;
  for (const std::string& name : Reading::texts_at(table, "data")) {
    const std::filesystem::path given(name);
    const std::string path = path_beside(reading, name);
    const std::size_t before = reading.found.size();
    const bool may_be = !given.is_absolute() && given.extension() == ".csv";
    if (const auto text = may_be ? tables.add_unit_costs(path, reading.found) : std::nullopt)
      spec.add_to_digest(*text);
    else if (reading.found.size() == before)
      reading.problem(table.at("data")->where, fmt::format("there is no table '{}' beside this file", name), "",
                      "name a CSV file with the columns of evidence/unit_costs.csv");
  }
  tables.add_folders(reading.evidence.directories(), reading.found);
  return tables;
}

class AppraisalReader {
 public:
  AppraisalReader(Reading& reading, ExperimentSpec& spec, const Node& table)
      : r_(reading), spec_(spec), table_(table), tables_(tables_for(reading, spec, table)) {}

  void read(const std::function<void()>& others) {
    r_.check(table_, section("appraisal"), "[appraisal]");
    appraisal_.from = r_.starts;
    if (table_.find("table")) return of_table(others);
    keys_of_tables();
    bool sound = true;
    for (const bool part : {horizon(), prices(), discounting()}) sound = sound && part;
    AppraisalInputs inputs(r_, spec_, tables_, appraisal_.prices);
    r_.inputs = &inputs;
    inputs.read();
    others();
    r_.inputs = nullptr;
    inputs.take_parameters();
    appraisal_.arms = spec_.reported_arms;
    only_labelled(inputs);
    AppraisalReading reading{r_, spec_, inputs, appraisal_, std::vector<bool>(inputs.all().size())};
    if (sound) sections_of_money(reading);
    if (sound) finish(reading);
    spec_.appraisal = std::move(appraisal_);
  }

 private:
  // --- [appraisal] itself ---

  void keys_of_tables() {
    for (const auto& [key, instead] :
         {std::pair("effect", "what is gained beside money has tables [[effect]]"),
          std::pair("worth", "what one of an effect may be worth stands in its [[effect]]"),
          std::pair("parameters", "figures stand in [inputs]")})
      if (const Member* member = table_.find(key))
        r_.problem(member->where, fmt::format("'{}' has no meaning without a table of draws", key), instead,
                   "take it out, or add table = \"draws.csv\"");
  }

  bool missing(std::string_view key, std::string_view why, std::string_view example) {
    if (table_.find(key)) return false;
    if (is_misspelt(table_, key, names_of(section("appraisal").keys))) return true;
    r_.problem(table_.where, fmt::format("missing key '{}' in [appraisal]", key), std::string(why),
               fmt::format("add: {} = {}", key, example));
    return true;
  }

  bool horizon() {
    const bool none = missing("years", "over how many years costs and gains are counted", "3");
    const bool no_evidence = missing("evidence_years", "for how long the effect was seen", "1");
    if (none || no_evidence) return false;
    const Node &years = *table_.at("years"), &seen = *table_.at("evidence_years");
    if (years.kind != Node::Kind::number || seen.kind != Node::Kind::number) return false;
    if (!years.whole || years.number < 1 || years.number > longest_horizon) {
      r_.problem(years.where, fmt::format("'years' can't be {}", years.text),
                 fmt::format("it is a whole number from 1 to {:.0f}", longest_horizon), "write years = 3");
      return false;
    }
    if (!(seen.number > 0 && seen.number <= longest_horizon)) {
      r_.problem(seen.where, fmt::format("'evidence_years' can't be {}", seen.text),
                 fmt::format("it is above 0, and at most {:.0f}", longest_horizon),
                 "for how long were people followed? write 0.5 for six months");
      return false;
    }
    appraisal_.years = static_cast<int>(years.number);
    appraisal_.evidence_years = seen.number;
    return true;
  }

  bool prices() {
    if (missing("prices", "of which year the pounds of the result are", "\"2025/26\"")) return false;
    const Node& node = *table_.at("prices");
    if (node.kind != Node::Kind::text) return false;
    const std::string year = trimmed(node.text);
    if (!is_price_year(year)) {
      r_.problem(node.where, fmt::format("'{}' is not a price year", year), "",
                 "write a financial year like \"2025/26\", or a calendar year like \"2025\"");
      return false;
    }
    appraisal_.prices = year;
    return true;
  }

  bool discounting() {
    const Node* given = table_.at("discount");
    std::vector<std::string> names = Reading::texts_at(table_, "discount");
    if (given && names.empty()) return false;
    if (!given) names = {"standard"};
    for (const std::string& name : names) {
      const DiscountRates* rates = tables_.schedule(name);
      const SourceSpan where = given ? given->where : table_.where;
      if (!rates) {
        const auto known = tables_.schedule_names();
        r_.problem(where, fmt::format("no discount schedule is called '{}'", name),
                   known.empty() ? "there is no discount_rates.csv in the folder evidence" : "",
                   known.empty() ? "put one there, with the columns schedule, from_year, to_year and rate"
                                 : spelling_cure(name, known, "discount_rates.csv has"));
        return false;
      }
      try {
        schedules_.emplace_back(rates->bands);
      } catch (const std::invalid_argument& problem) {
        r_.problem(where, fmt::format("the discount schedule '{}' can't be used", name), problem.what(),
                   "mend its rows in discount_rates.csv");
        return false;
      }
      appraisal_.discounting.push_back({name, name, rates->source, {}});
    }
    return true;
  }

  // Factors of the horizon, and on to the last year in which a next study's decision lasts.
  void discount_factors() {
    const auto timing =
        Reading::text_at(table_, "timing") == "mid" ? statistics::FlowTiming::middle : statistics::FlowTiming::start;
    double last = appraisal_.years;
    for (const NextStudy& study : appraisal_.studies) last = std::max(last, std::ceil(study.decision_lasts));
    for (std::size_t i = 0; i < schedules_.size(); ++i) {
      std::vector<double>& factors = appraisal_.discounting[i].factors;
      try {
        for (int year = 0; year < last; ++year) factors.push_back(schedules_[i].factor(year, timing));
      } catch (const std::invalid_argument& problem) {
        const Node* given = table_.at("discount");
        return r_.problem(given ? given->where : table_.where,
                          fmt::format("the discount schedule '{}' ends too early", appraisal_.discounting[i].name),
                          problem.what(), "shorten the horizon, or how long the decision lasts");
      }
      spec_.add_to_digest(appraisal_.discounting[i].source);
      for (const double factor : factors) spec_.add_to_digest(shortest(factor));
    }
  }

  // --- the sections ---

  void sections_of_money(AppraisalReading& reading) {
    std::vector<FlowReading> flows;
    read_fades(reading);
    read_social_groups(reading, table_);
    read_flows(reading, flows);
    check_social_groups(reading);
    read_effects(reading);
    check_money_rules(reading, flows);
    read_next_studies(reading);
    first_line();
    read_break_evens(reading);
    read_portfolio(reading);
    read_money_claims(reading);
    together();
    something_fades();
    if (appraisal_.flows.empty() && !appraisal_.portfolio && !r_.root.find("flow") && !r_.root.find("portfolio"))
      r_.problem(table_.where, "there is no money in this appraisal", "", "add a table [[flow]], or a [portfolio]");
    if (const Member* strategy = r_.root.find("strategy"))
      r_.problem(strategy->where, "[[strategy]] has no meaning here", "strategies are columns of a table of draws",
                 "add table = \"draws.csv\" to [appraisal], or take them out");
  }

  void first_line() {
    appraisal_.answers_next_study = Reading::text_at(table_, "answers") == "next study";
    if (appraisal_.answers_next_study && !r_.root.find("next_study"))
      r_.problem(table_.at("answers")->where, "no next study is asked about", "the first line would say nothing",
                 "add a table [[next_study]], or take out 'answers'");
  }

  void something_fades() {
    const Member* fades = r_.root.find("fade");
    const auto does = [](const auto& each) { return each.fades; };
    if (!fades || !r_.found.empty() || std::any_of(appraisal_.flows.begin(), appraisal_.flows.end(), does) ||
        std::any_of(appraisal_.effects.begin(), appraisal_.effects.end(), does))
      return;
    r_.problem(fades->where, "a form of fading is given, and nothing fades", "it would change nothing",
               "add fades = true to the [[flow]] or [[effect]] that fades, or take [[fade]] out");
  }

  // A label without a figure is for what a posterior sets.
  void only_labelled(const AppraisalInputs& inputs) {
    const Node* table = r_.root.at("inputs");
    if (!table || table->kind != Node::Kind::table) return;
    std::vector<std::string> set;  // by posteriors, sound or not
    if (const Node* posteriors = r_.root.at("posterior"))
      for (const Node& each : posteriors->items)
        if (const Node* sets = each.at("sets"))
          for (const Member& member : sets->members) set.push_back(member.name);
    for (const Member& member : table->members) {
      const bool is_set = std::find(set.begin(), set.end(), member.name) != set.end();
      if (!inputs.is_only_labelled(member) || inputs.named(member.name) || is_set) continue;
      const auto near = did_you_mean(member.name, set);
      r_.problem(member.where, fmt::format("'{}' has no figure", member.name),
                 near ? fmt::format("a [[posterior]] sets '{}'", *near) : "",
                 near ? "give both one name" : "add value or range with its source, or let a [[posterior]] set it");
    }
  }

  // "rate", or "course.rate": an arm's own.
  bool is_figure_of(const std::string& parameter, const std::string& name) const {
    return parameter == name || std::any_of(spec_.arms.begin(), spec_.arms.end(), [&](const Arm& arm) {
             return parameter == fmt::format("{}.{}", arm.name, name);
           });
  }

  void together() {
    const Node* groups = table_.at("together");
    if (!groups || groups->kind != Node::Kind::table) return;
    for (const Member& group : groups->members) {
      const std::vector<std::string> names = Reading::texts_at(*groups, group.name);
      if (names.empty())
        r_.problem(group.where, fmt::format("'{}' names nothing", group.name), "",
                   "write \"the effect\" = [\"risk_with\", \"risk_without\"]");
      std::vector<std::size_t> slots;
      for (const std::string& name : names) {
        const std::size_t before = slots.size();
        for (std::size_t slot = 0; slot < spec_.parameters.size(); ++slot)
          if (is_figure_of(spec_.parameters[slot].name, name)) slots.push_back(slot);
        const Node* given = r_.root.at("inputs");
        if (slots.size() > before || (given && given->find(name))) continue;  // a wrong one has been reported
        std::vector<std::string> known;
        for (const Parameter& each : spec_.parameters) known.push_back(each.name);
        r_.problem(group.value.where, fmt::format("no figure is called '{}'", name), "",
                   spelling_cure(name, known, "there are"));
      }
      appraisal_.together.push_back(std::move(slots));
      appraisal_.together_labels.push_back(group.name);
    }
  }

  // Inputs with their slots; one that no formula names would change nothing.
  void finish(AppraisalReading& reading) {
    for (std::size_t i = 0; i < reading.inputs.all().size(); ++i) {
      const AppraisalFigure& figure = reading.inputs.all()[i];
      AppraisalInput input;
      input.name = figure.name;
      input.label = figure.label;
      input.unit = figure.words;
      input.slots = reading.inputs.slots(i, appraisal_.arms);
      input.factor = figure.factor;
      input.prices = figure.prices;
      input.is_unverified = figure.is_unverified;
      input.is_asked = figure.is_asked;
      for (const std::size_t slot : input.slots)
        input.is_uncertain = input.is_uncertain || is_uncertain(spec_.parameters[slot].law);
      appraisal_.inputs.push_back(std::move(input));
      if (!reading.used[i] && r_.found.empty())
        r_.problem(figure.at, fmt::format("input '{}' is used in no formula", figure.name), "it would change nothing",
                   "name it in a formula, or take it out");
    }
    forecast_prices();
    discount_factors();
  }

  void forecast_prices() {
    std::vector<std::string> years;
    for (const AppraisalInput& input : appraisal_.inputs) {
      if (input.prices.empty()) continue;
      const auto conversion = tables_.conversion(input.prices, appraisal_.prices);
      if (!conversion) continue;
      for (const std::string& year : conversion->years) {
        const Deflator& deflator = tables_.deflators().at(year);
        spec_.add_to_digest(shortest(deflator.index) + (deflator.is_forecast ? " forecast" : ""));
        if (deflator.is_forecast && std::find(years.begin(), years.end(), year) == years.end()) years.push_back(year);
      }
    }
    std::sort(years.begin(), years.end());
    if (!years.empty())
      appraisal_.warnings.push_back(
          {"prices by a forecast",
           fmt::format("the price level of {} is a forecast; prices are turned into those of {} by it", listed(years),
                       appraisal_.prices)});
  }

  void of_table(const std::function<void()>& others) {
    const bool asks_study = r_.root.find("next_study") != nullptr;  // which has costs and people of its own
    for (const std::string_view name : {"inputs", "social_group", "flow", "fade", "effect", "arm", "posterior",
                                        "break_even", "portfolio", "programme", "correlation"})
      if (const Member* member = asks_study && name == "inputs" ? nullptr : r_.root.find(name))
        r_.problem(member->where, fmt::format("section '{}' has no meaning beside a table of draws", name),
                   "costs and effects are in the table", "take it out, or take `table` out of [appraisal]");
    if (const Node* plan = r_.root.at("plan"))
      if (const Member* draws = plan->find("draws"))
        r_.problem(draws->where, "'draws' has no meaning beside a table of draws", "each of its rows is one",
                   "take it out");
    for (const std::string_view key : {"years", "evidence_years", "discount", "timing", "answers", "together", "data"})
      if (const Member* member = asks_study && is_of_study(key) ? nullptr : table_.find(key))
        r_.problem(member->where, fmt::format("'{}' has no meaning beside a table of draws", key),
                   "costs and effects of the table are taken as they are", "take it out");
    if (!r_.found.empty()) return;
    if (asks_study && !prices()) return;  // what it costs is held against the table's pounds
    AppraisalInputs inputs(r_, spec_, tables_, appraisal_.prices);
    r_.inputs = &inputs;
    inputs.read();
    others();
    r_.inputs = nullptr;
    AppraisalReading reading{r_, spec_, inputs, appraisal_, std::vector<bool>(inputs.all().size())};
    read_draws_table(reading, table_);
    if (asks_study && appraisal_.table && discounting()) {
      read_next_studies(reading);
      first_line();
      finish(reading);
    }
    spec_.appraisal = std::move(appraisal_);
  }

  // Beside a table of draws: what the people are discounted by to whom a study answers, what its costs are, and whether
  // it is what the first line is about.
  static bool is_of_study(std::string_view key) { return key == "discount" || key == "answers" || key == "data"; }

  Reading& r_;
  ExperimentSpec& spec_;
  const Node& table_;
  MoneyTables tables_;
  std::vector<statistics::DiscountSchedule> schedules_;  // as appraisal_.discounting
  Appraisal appraisal_;
};

}  // namespace

void read_appraisal(Reading& reading, ExperimentSpec& spec, const std::function<void()>& others) {
  const Member* member = reading.root.find("appraisal");
  if (!member) return others();
  if (member->value.kind != Node::Kind::table)
    return reading.problem(member->where, "'appraisal' is not a table", "",
                           "write [appraisal], and below it: years = 3");
  AppraisalReader(reading, spec, member->value).read(others);
}

}  // namespace desist
