#include "tests/report/appraisal_inputs.hpp"

#include <cmath>

namespace desist::tests {
namespace {

Flow flow_named(const std::string& name, const std::string& label, const std::string& bearer, Flow::Kind kind,
                Flow::Role role) {
  Flow flow;
  flow.name = name;
  flow.label = label;
  flow.bearer = bearer;
  flow.kind = kind;
  flow.role = role;
  flow.yearly = true;
  flow.last = 2;
  flow.fades = role != Flow::Role::programme_cost;
  return flow;
}

Appraisal course_appraisal() {
  Appraisal appraisal;
  appraisal.from = Date::from_ymd(2026, 4, 1);
  appraisal.years = 3;
  appraisal.evidence_years = 1;
  appraisal.prices = "2025/26";
  appraisal.discounting = {{"standard", "Green Book, standard", "HM Treasury 2026, table 1", {1, 0.966, 0.934}},
                           {"health", "Health, 1.5%", "HM Treasury 2026, table 2", {1, 0.985, 0.971}}};
  const auto input = [&](const char* name, const char* label, const char* unit, const char* prices, bool uncertain) {
    AppraisalInput each;
    each.name = name;
    each.label = label;
    each.unit = unit;
    each.prices = prices;
    each.is_uncertain = uncertain;
    const std::size_t slot = appraisal.inputs.size();
    each.slots = {slot, slot};
    appraisal.inputs.push_back(each);
  };
  input("people", "People on the course a year", "people per year", "", false);
  input("course_cost", "Cost of the course", "£ per person", "2019/20", true);
  input("reoffended_course", "Share who reoffend after the course", "share", "", true);
  input("crime_cost", "Harm of an offence", "£ per offence", "2015/16", true);
  appraisal.inputs.back().is_unverified = true;
  appraisal.flows = {
      flow_named("course", "Running the course", "police", Flow::Kind::fiscal, Flow::Role::programme_cost),
      flow_named("harm", "Harm to victims", "victims", Flow::Kind::social, Flow::Role::cost),
      flow_named("care", "Care after assaults", "health", Flow::Kind::economic, Flow::Role::cost),
      flow_named("hours", "Officers' hours", "police", Flow::Kind::cashable, Flow::Role::cost),
      flow_named("pay", "Earnings lost on the course", "the person", Flow::Kind::economic, Flow::Role::cost)};
  appraisal.flows[0].quantity_unit = "people";
  appraisal.flows[1].quantity_unit = "offences";
  appraisal.flows[2].quantity_unit = "offences";
  appraisal.flows[3].quantity_unit = "hours";
  appraisal.flows[4].quantity_unit = "hours";
  appraisal.flows[3].step = 1600;
  appraisal.flows[3].step_in_words = "1 post";
  appraisal.flows[0].optimism_bias = Formula{{}, "10%"};
  appraisal.flows[1].note = "Harm is that of offences that come to notice.";
  const auto fade = [&](const char* name, const char* label, Fade::Form form) {
    Fade each;
    each.name = name;
    each.label = label;
    each.form = form;
    appraisal.fades.push_back(each);
  };
  fade("halves", "Halves every 2 years", Fade::Form::exponential);
  fade("stops", "Stops after a year", Fade::Form::stops);
  fade("stays", "Stays as it was", Fade::Form::constant);
  Effect effect;
  effect.name = "reoffences";
  effect.label = "Reoffences";
  effect.unit = "reoffence";
  for (int k = 0; k <= 20; ++k) effect.worth.push_back(1000.0 * k);
  appraisal.effects = {effect};
  effect.name = "abuse";
  effect.label = "Domestic-abuse offences";
  effect.unit = "domestic-abuse offence";
  effect.worth.clear();
  appraisal.effects.push_back(effect);
  NextStudy trial;
  trial.name = "trial";
  trial.label = "A larger trial";
  trial.sizes = {200, 400, 800, 1600};
  trial.answer_after = 2;
  trial.decision_lasts = 10;
  NextStudy matched = trial;
  matched.name = "matched";
  matched.label = "A matched study, with its bias";
  appraisal.studies = {trial, matched};
  BreakEven least;
  least.input = 2;
  least.label = "Share who reoffend after the course";
  least.trial_control = 49;
  least.trial_treated = 70;
  appraisal.break_evens = {least};
  appraisal.warnings = {{"hours are not money", "4.25 hours a referral are time until a post is given up."}};
  appraisal.arms = 2;
  return appraisal;
}

ArmValue arm_value(std::size_t fade, std::size_t schedule, double npv, double chance) {
  ArmValue value;
  value.fade = fade;
  value.discounting = schedule;
  value.npv = {npv, npv - 1.32e6, npv + 1.37e6, 7100};
  value.costs = {241300, 198000, 287000, 250};
  value.benefits = {npv + 241300, npv - 1.1e6, npv + 1.6e6, 7100};
  value.cashable = {0, 0, 0, 0};
  value.fiscal_npv = {-241300, -287000, -198000, 250};
  value.bcr = DrawnAmount{1 + npv / 241300, -2.6, 8.4, 0.031};
  value.fiscal_bcr = DrawnAmount{0, 0, 0, 0};
  value.return_on_investment = npv / 241300;
  value.chance_pays = value.chance_plug_in = chance;
  value.chance_error = value.chance_plug_in_error = 0.005;
  value.roi_error = 0.031;
  return value;
}

/// Sums of the years' amounts; the bearers are those of add_cash's flows.
void add_bearer_cash(AppraisalResult& result) {
  const std::pair<const char*, std::vector<double>> bearers[] = {{"police", {-95000, -190000, -285000}},
                                                                 {"victims", {190000, 349600, 463600}},
                                                                 {"health", {52000, 95680, 126880}}};
  for (const auto& [bearer, sums] : bearers)
    for (int year = 0; year < 3; ++year) {
      const double sum = sums[static_cast<std::size_t>(year)];
      result.bearer_cash.push_back({1, bearer, year, {sum, sum - 60000, sum + 60000, 900}});
    }
}

void add_cash(AppraisalResult& result) {
  const double shares[] = {1, 0.84, 0.6};
  const double harm = 190000, care = 52000, pay = -9000, cost = -86000;
  double sum = 0;
  for (int year = 0; year < 3; ++year) {
    const double w = shares[year];
    const auto add = [&](std::size_t flow, double amount) {
      CashFlow cash;
      cash.flow = flow;
      cash.year = year;
      cash.quantity = amount / 1000;
      cash.amount = {amount, amount - 60000, amount + 60000, 900};
      cash.present_value = amount;
      cash.quantity_error = 0.9;
      cash.present_value_error = 900;
      result.cash.push_back(cash);
      sum += amount;
    };
    add(0, cost);
    add(1, w * harm);
    add(2, w * care);
    add(4, pay);
    CashTotal total;
    total.year = year;
    total.all = {sum, sum - 440000 * (year + 1), sum + 455000 * (year + 1), 2400};
    total.budget = {cost * (year + 1), cost * (year + 1) * 1.2, cost * (year + 1) * 0.8, 90};
    result.cash_totals.push_back(total);
  }
  add_bearer_cash(result);
}

void add_flow_values(AppraisalResult& result) {
  const double present[] = {-241300, 452000, 123800, 0, -26100};
  const double half[] = {45000, 1200000, 240000, 0, 4000};
  const double error[] = {250, 6200, 1300, 0, 20};
  for (std::size_t f = 0; f < 5; ++f) {
    FlowValue value;
    value.flow = f;
    value.quantity_comparator = f == 0 ? 0 : 900;
    value.quantity = f == 0 ? 930 : 810;
    value.quantity_comparator_error = f == 0 ? 0 : 2;
    value.quantity_error = f == 0 ? 0 : 3;
    value.present_value = {present[f], present[f] - half[f], present[f] + half[f], error[f]};
    if (f == 3) value.steps = DrawnAmount{};
    result.flows.push_back(value);
  }
  const auto bearer = [&](const char* name, double mean, double wide, double its_error) {
    BearerValue value;
    value.bearer = name;
    value.present_value = {mean, mean - wide, mean + wide, its_error};
    result.bearers.push_back(value);
  };
  bearer("police", -241300, 45000, 250);
  bearer("victims", 452000, 1200000, 6200);
  bearer("health", 123800, 240000, 1300);
  bearer("the person", -26100, 4000, 20);
}

/// Victims in two income groups, and everybody else.
void add_social_groups(ReportInput& input) {
  input.appraisal->groups = {{"poorest", "Households in the poorest fifth", 0, {}, ""},
                             {"others", "Other households", {}, {}, ""}};
  const auto add = [&](std::optional<std::size_t> group, double mean, double wide, double weight) {
    GroupValue value;
    value.group = group;
    value.present_value = {mean, mean - wide, mean + wide, 3000};
    value.weighted = {mean * weight, (mean - wide) * weight, (mean + wide) * weight, 3000 * weight};
    if (weight != 1) {
      value.weight = DrawnAmount{weight, weight - 0.6, weight + 0.7, 0.004};
      value.switches_at = 0.21;
      value.switches_error = 0.02;
    }
    input.appraised.groups.push_back(value);
  };
  add(0, 180800, 480000, 1.74);
  add(1, 271200, 720000, 1);
  add({}, -143600, 260000, 1);
  input.appraised.weighted = {{1, {442200, -1.1e6, 1.9e6, 8200}, 0.661, 0.005}};
}

void add_switching(AppraisalResult& result) {
  const auto figure = [&](const char* name, const char* label, const char* unit, double low, double high, double at_low,
                          double at_high, std::optional<double> switches) {
    SwitchingValue value;
    value.name = name;
    value.label = label;
    value.unit = unit;
    value.low_value = low;
    value.high_value = high;
    value.npv_low = at_low;
    value.npv_high = at_high;
    value.npv_error = 7100;
    value.switches_at = switches;
    if (switches) value.switch_error = 0.05 * (high - low) * 7100 / 41000;
    value.is_exact = true;
    value.slot = result.switching.size() + 1;  // of course_appraisal's inputs, behind `people`
    result.switching.push_back(value);
  };
  figure("course_cost", "Cost of the course", "£ per person", 200, 320, 366000, 250000, 580.0);
  figure("reoffended_course", "Share who reoffend after the course", "share", 0.06, 0.2, 1290000, -902000, 0.142);
  figure("crime_cost", "Harm of an offence", "£ per offence", 1500, 12000, -31000, 790000, 1897.0);
  figure("multiplier", "Offences for each recorded", "", 2, 4, 120000, 520000, std::nullopt);
}

void add_plane(AppraisalResult& result) {
  // A spiral in place of draws: spread over all four quarters, the same every time.
  for (int d = 0; d < 400; ++d) {
    PlanePoint point;
    point.draw = static_cast<std::uint64_t>(d);
    const double angle = 2.399963 * d, far = std::sqrt(d / 400.0);
    point.averted = 60 + 150 * far * std::cos(angle);
    point.cost = -308000 - 500000 * far * std::cos(angle) + 260000 * far * std::sin(angle);
    result.plane.push_back(point);
  }
}

Information information() {
  Information found;
  found.evpi_amount = {214000, 214000, 214000, 4100};
  found.evpi_plug_in = 216000;
  found.best_arm = 1;
  found.figures = {{"Share who reoffend after the course", {2}, 178000, 171000, 4000, 4100},
                   {"Harm of an offence", {3}, 9000, 4000, 1800, 1900},
                   {"Cost of the course", {1}, 900, -700, 600, 700}};
  found.evpi_plug_in_error = 4200;
  const double sizes[] = {200, 400, 800, 1600};
  const double net[2][4] = {{61000, 118000, 96000, -40000}, {21000, 32000, 12000, -60000}};
  for (std::size_t s = 0; s < 2; ++s)
    for (std::size_t k = 0; k < 4; ++k) {
      StudyValue value;
      value.study = s;
      value.size = sizes[k];
      value.evsi = 60000 + 20000 * static_cast<double>(k);
      value.evsi_error = 3000;
      value.evsi_cross_validated = value.evsi - 2000;
      value.evsi_cross_validated_error = 3100;
      value.cost_error = 90;
      value.loss_error = 400;
      value.population_error = 8900;
      value.cost = 50000 + 200 * sizes[k];
      value.loss = 30000;
      value.net = net[s][k];
      value.population = value.net + value.cost + value.loss;
      value.net_error = 9000;
      value.answer_after = 2;
      value.waiting = 616000;
      value.waiting_error = 8100;
      value.is_best = k == 1;
      value.behind = net[s][1] - net[s][k];
      value.behind_error = k == 1 ? 0 : 6000;
      value.is_told_apart = value.behind >= 12000;
      found.studies.push_back(value);
    }
  return found;
}

void add_figure(ReportInput& input, const std::string& name) {
  FigureRequest request;
  request.name = request.draw = name;
  input.figures.push_back(request);
}

void add_sources(ReportInput& input) {
  input.evidence = {{"uc.crime", "cost of an offence", "violence with injury", "2015/16", "14,050", "£",
                     "Home Office, The economic and social costs of crime, 2018", "Table 1", "", "unverified"}};
  FigureSource printed;
  printed.name = "crime_cost";
  printed.label = "Harm of an offence";
  printed.printed = "£14,050";
  printed.evidence = {"uc.crime"};
  input.sources = {printed};
  FigureSource assumed;
  assumed.name = "course_cost";
  assumed.label = "Cost of the course";
  assumed.printed = "£200 to £320 per person";
  assumed.kind = FigureSource::Kind::assumption;
  assumed.reason = "No price is printed.";
  input.sources.push_back(assumed);
}

}  // namespace

ReportInput appraisal_input() {
  ReportInput input;
  input.name = "course-value";
  input.title = "The course: is it worth £80,000 a year?";
  input.subtitle = "from 1 April 2026";
  input.question = "Is the course worth what it costs?";
  input.decision = "Whether to buy the course again";
  input.file_shown_as = "experiments/course-value.toml";
  input.spec_digest = "0123456789abcdef";
  input.cannot = {"Say whether fewer were hurt: only offences that come to notice are counted"};
  input.requests = {{"Each person's group, and the date and kind of each later offence", "It decides the answer."}};
  input.arms = {{"without", "No course", "", {}, ""}, {"course", "The course", "", {}, ""}};
  add_sources(input);
  input.appraisal = course_appraisal();
  AppraisalResult& result = input.appraised;
  result.draws = 10000;
  result.arm_names = {"without", "course"};
  result.arms = {arm_value(0, 0, 308400, 0.624), arm_value(1, 0, 12800, 0.498), arm_value(2, 0, 447000, 0.688),
                 arm_value(0, 1, 324000, 0.631)};
  ArmValue& main = result.arms.front();
  main.payback_year = main.payback_earliest = main.payback_latest = 0;
  add_cash(result);
  add_flow_values(result);
  add_switching(result);
  add_plane(result);
  EffectValue averted;
  averted.averted = {60.4, -88, 208, 0.8};
  averted.discounted = {58.1, -85, 200, 0.8};
  averted.net_cost = {207000, -900000, 300000, 6000};
  averted.status = EffectValue::Status::frontier;
  averted.cost_each = 3560;
  averted.cost_each_error = 52;
  EffectValue abuse;
  abuse.effect = 1;
  abuse.averted = {-21.3, -70, 24, 0.3};
  abuse.status = EffectValue::Status::dominated;
  result.effects = {averted, abuse};
  Acceptability curve;
  curve.worth = input.appraisal->effects.front().worth;
  curve.chance_best.resize(2);
  for (const double worth : curve.worth) {
    const double chance = 0.62 + 0.22 * worth / (worth + 6000);
    curve.chance_best[0].push_back(1 - chance);
    curve.chance_best[1].push_back(chance);
    curve.chance_error.push_back(0.005);
    curve.best.push_back(1);
    curve.evpi.push_back(214000 - 3 * worth);
    curve.evpi_error.push_back(4100);
  }
  result.acceptability = {curve};
  result.information = information();
  result.shares = {{1, "Share who reoffend after the course", {2}, 0.71, 0.01, 0.83, 0.01},
                   {1, "Harm of an offence", {3}, 0.16, 0.01, 0.28, 0.01}};
  BreakEvenValue least;
  least.value = 0.142;
  least.power = 0.13;
  least.chance_reached = 0.62;
  least.value_error = 0.0004;
  least.power_error = 0.003;
  least.chance_error = 0.006;
  least.sure_value = 0.09;
  least.sure_error = 0.003;
  result.break_evens = {least};
  add_social_groups(input);
  for (const char* name :
       {"value_by_bearer", "value_by_group", "plane", "acceptability", "cash", "npv_tornado", "study_worth", "forms"})
    add_figure(input, name);
  return input;
}

ReportInput draws_table_input() {
  ReportInput input;
  input.name = "three-strategies";
  input.title = "Three strategies, from a table of draws";
  input.question = "Which strategy is best?";
  input.file_shown_as = "three.toml";
  add_sources(input);
  Appraisal appraisal;
  Effect effect;
  effect.name = "reoffences";
  effect.label = "Reoffences";
  effect.unit = "reoffence";
  effect.worth = {0, 5000, 10000, 15000, 20000};
  appraisal.effects = {effect};
  DrawsTable table;
  table.strategies = {"usual", "light", "full"};
  table.strategy_labels = {"As usual", "Light touch", "Full course"};
  table.draws = 1000;
  table.file = "draws.csv";
  appraisal.table = table;
  appraisal.arms = 3;
  input.appraisal = appraisal;
  AppraisalResult& result = input.appraised;
  result.draws = 1000;
  result.arm_names = table.strategies;
  Acceptability curve;
  curve.worth = effect.worth;
  curve.chance_best = {{0.9, 0.55, 0.24, 0.13, 0.09}, {0.1, 0.15, 0.1, 0.07, 0.03}, {0, 0.3, 0.66, 0.8, 0.88}};
  curve.chance_error = {0.01, 0.016, 0.015, 0.013, 0.01};
  curve.best = {0, 0, 2, 2, 2};
  curve.evpi = {300, 2600, 1900, 1200, 800};
  curve.evpi_error = {40, 110, 90, 70, 50};
  result.acceptability = {curve};
  for (std::size_t arm = 0; arm < 3; ++arm) {
    EffectValue value;
    value.arm = arm;
    value.averted = {arm == 0 ? 0.0 : arm == 1 ? 0.1 : 0.4, arm == 0 ? 0.0 : -0.1, arm == 0 ? 0.0 : 0.9, 0.01};
    value.status = arm == 0   ? EffectValue::Status::comparator
                   : arm == 1 ? EffectValue::Status::extendedly_dominated
                              : EffectValue::Status::frontier;
    if (arm > 0) value.cost_each = arm == 1 ? 14000 : 7500;
    if (arm == 2) {
      value.icer = 7500;
      value.icer_error = 130;
      value.versus = "usual";
    }
    result.effects.push_back(value);
  }
  add_figure(input, "acceptability");
  return input;
}

ReportInput portfolio_input() {
  ReportInput input;
  input.name = "portfolio";
  input.title = "£500,000 a year: what each programme would have to achieve";
  input.question = "What must each programme avert to earn £500,000 a year?";
  input.file_shown_as = "portfolio.toml";
  add_sources(input);
  Appraisal appraisal;
  appraisal.from = Date::from_ymd(2026, 4, 1);
  appraisal.prices = "2025/26";
  Portfolio portfolio;
  portfolio.budget.written = "£500,000";
  portfolio.averted = "reoffence";
  const auto programme = [&](const char* name, const char* label, const char* level) {
    PortfolioProgramme each;
    each.name = name;
    each.label = label;
    each.evidence_level = level;
    portfolio.programmes.push_back(each);
  };
  programme("cara", "A course after a caution for domestic abuse", "Randomised, too small");
  programme("divert", "Diversion from charge", "Before and after");
  programme("mentors", "Mentors at the prison gate", "None printed");
  programme("dogs", "Dogs in prison", "None printed");
  appraisal.portfolio = portfolio;
  appraisal.arms = 1;
  input.appraisal = appraisal;
  AppraisalResult& result = input.appraised;
  result.draws = 4000;
  result.arm_names = {"without"};
  const double low[] = {0.04, 0.2, 0.61, 1.4}, high[] = {0.11, 0.52, 1.3, 5.2}, possible[] = {1, 1, 0.8, 0.001};
  for (std::size_t p = 0; p < 4; ++p) {
    PortfolioValue value;
    value.programme = p;
    value.people = {1000, 800, 1250, 3};
    value.must_avert = {60, 40, 90, 0.4};
    value.share_needed = {(low[p] + high[p]) / 2, low[p], high[p], 0.003};
    value.chance_possible = possible[p];
    value.chance_possible_error = p == 2 ? 0.006 : 0.0005;
    if (p == 0) {
      value.chance_reached = 0.71;
      value.chance_error = 0.007;
    }
    result.portfolio.push_back(value);
  }
  add_figure(input, "needed_share");
  return input;
}

}  // namespace desist::tests
