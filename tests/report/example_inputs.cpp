#include "tests/report/example_inputs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/statistics/proportion.hpp"
#include "engine/statistics/risk_difference.hpp"

namespace desist::tests {
namespace {

PrintedNumber printed(const std::string& text) { return std::get<PrintedNumber>(read_printed(text)); }

Estimate2 with_interval(double value, statistics::Interval interval) {
  return {value, {interval.low, interval.high}, {interval.low, interval.high}};
}

Group group(const std::string& name, const std::string& label, Role role, const std::string& people,
            const std::string& reoffended, const std::string& da_offence) {
  Group made;
  made.name = name;
  made.label = label;
  made.role = role;
  made.cells = {{"people", printed(people), "cara.12m." + name + ".n", ""},
                {"reoffended", printed(reoffended), "cara.12m." + name + ".reoffn", ""},
                {"da_offence", printed(da_offence), "cara.12m." + name + ".da", ""}};
  return made;
}

HonestyRow honesty_row(const Comparison& comparison, const std::string& estimand, const std::string& outcome,
                       std::int64_t x1, std::int64_t n1, std::int64_t x0, std::int64_t n0) {
  HonestyRow row;
  row.comparison = comparison.label;
  row.estimand = estimand;
  row.causal_words = estimand == "intention to treat";
  row.outcome = outcome;
  row.headline = estimand == "intention to treat";
  row.x1 = x1;
  row.n1 = n1;
  row.x0 = x0;
  row.n0 = n0;
  const statistics::TwoByTwo table{x1, n1, x0, n0};
  const double r1 = static_cast<double>(x1) / static_cast<double>(n1);
  const double r0 = static_cast<double>(x0) / static_cast<double>(n0);
  row.risk1 = with_interval(r1, statistics::wilson(table.group1()));
  row.risk0 = with_interval(r0, statistics::wilson(table.group0()));
  row.difference = with_interval(r1 - r0, statistics::miettinen_nurminen_difference(table));
  row.difference_newcombe = with_interval(r1 - r0, statistics::newcombe(table));
  row.risk_ratio = {r1 / r0, {0.2, 1.3}, {0.2, 1.3}};
  row.odds_ratio_exact = {0.5, {0.16, 1.55}, {0.16, 1.55}};
  row.odds_ratio_midp = {0.5, {0.18, 1.4}, {0.18, 1.4}};
  row.p_coherent = 0.19;
  row.p_fisher = 0.2;
  row.chance_of_fewer = {0.91, 0.91};
  row.chance_of_fewer_mean = 0.91;
  row.settle_seen = 265;
  row.settle_worth = 897;
  return row;
}

}  // namespace

ReportInput study_input() {
  ReportInput input;
  input.name = "cara";
  input.title = "CARA: people sent on the course against controls, 12 months";
  input.subtitle = "2019 board paper, Table F";
  input.question = "Did fewer people reoffend within 12 months if they were sent on the CARA course?";
  input.decision = "Whether this table alone is a reason to buy the course again";
  input.file_shown_as = "experiments/cara.toml";
  input.file_text = "# 8 of 70 < 10 of 49 & \"more\"\n[experiment]\nname = \"cara\"\n";
  input.spec_digest = "0123456789abcdef";
  input.seed = 1;
  input.cannot = {"Say it took longer to reoffend: 257 days is an average over those who did, not over everyone"};
  input.requests = {{"Each person's group as allocated, whether they attended, and the date of each later offence",
                     "The table leaves out people who were allocated and gives no times."}};

  Study study;
  study.name = "cara";
  study.source = "Strategic Policing and Crime Board, offender management paper, 2019, paragraphs 57 to 60 and Table F";
  study.reading = "Columns are scrambled in the stored text. Read as control 49, completed 54, breached 16.";
  study.design = Design::randomised;
  study.design_doubt = "70 treated against 49 controls, who are called 'suitable'.";
  study.followed_for = "12 months";
  study.groups = {group("control", "Control", Role::control, "49", "10", "2%"),
                  group("completed", "Completed", Role::completed, "54", "1", "0%"),
                  group("breached", "Breached", Role::breached, "16", "7", "31%")};
  study.outcomes.resize(2);
  study.outcomes[0].name = "reoffended";
  study.outcomes[0].label = "Any recorded offence";
  study.outcomes[0].headline = true;
  study.outcomes[1].name = "da_offence";
  study.outcomes[1].label = "A recordable domestic-abuse offence";
  study.outcomes[1].short_label = "Abuse";
  study.outcomes[1].headline = true;
  study.comparisons = {{"Everyone sent on the course", {"completed", "breached"}, "control", ""},
                       {"As reported: completers only", {"completed"}, "control", ""},
                       {"Those who breached", {"breached"}, "control", ""}};
  study.worth_having = 0.05;
  study.claims.resize(2);
  study.claims[0].text = "the treatment and control groups are therefore almost equal";
  study.claims[0].where = "paragraph 58";
  study.claims[0].evidence = "cara.claim.equal";
  study.claims[1].text =
      "only 2% of the treatment cohort has gone on to reoffend, compared with 20% in the Control Group";
  study.claims[1].where = "paragraph 58";
  study.claims[1].evidence = "cara.claim.2v20";
  input.studies = {study};

  StudyResult result;
  result.study = "cara";
  const std::vector<std::string> estimands = {"intention to treat", "completers (selected)", "breachers (selected)"};
  const std::int64_t any[3][4] = {{8, 70, 10, 49}, {1, 54, 10, 49}, {7, 16, 10, 49}};
  const std::int64_t abuse[3][4] = {{5, 70, 1, 49}, {0, 54, 1, 49}, {5, 16, 1, 49}};
  for (std::size_t c = 0; c < 3; ++c) {
    result.rows.push_back(
        honesty_row(study.comparisons[c], estimands[c], "reoffended", any[c][0], any[c][1], any[c][2], any[c][3]));
    result.rows.push_back(honesty_row(study.comparisons[c], estimands[c], "da_offence", abuse[c][0], abuse[c][1],
                                      abuse[c][2], abuse[c][3]));
  }
  HonestyRow& headline = result.rows.front();
  headline.p_boschloo = 0.17;
  headline.p_boschloo_doubled = 0.2;
  headline.nnt_benefit = Interval{4, std::numeric_limits<double>::infinity()};
  headline.nnt_harm = Interval{21, std::numeric_limits<double>::infinity()};
  // A second reading of "2%" would allow one more person: an envelope a little wider than the interval.
  result.rows[1].feasible_tables = 2;
  result.rows[1].difference.envelope.low -= 0.02;
  result.rows[1].difference.envelope.high += 0.015;
  result.cells = {{"control", "reoffended", "10", 49, {10}, {}, {}, 10, false},
                  {"control", "da_offence", "2%", 49, {1}, {}, {}, 1, false},
                  {"breached", "da_offence", "31%", 16, {5}, {}, {}, 5, false}};
  result.audit = {{"cell",
                   "control, reoffended",
                   AuditVerdict::reproduced,
                   "20%",
                   "10/49 = 20.4%",
                   "",
                   true,
                   "Table F",
                   {"cara.12m.control.reoff"}},
                  {"claim",
                   "almost equal <groups>",
                   AuditVerdict::cannot_be_reproduced,
                   "almost equal",
                   "54 + 16 = 70 against 49",
                   "",
                   false,
                   "paragraph 58",
                   {"cara.claim.equal"}}};
  result.compliers = {
      {"reoffended", -0.117, 0.09, 0.13, 0.019, ComplierResult::SetKind::interval, {-0.31, 0.06}, false}};
  result.selection = {{"reoffended", 0.204, 0.4375, 0.77, 0.135, 0.0185, true, false}};
  AllocationResult allocation;
  allocation.treated = 70;
  allocation.control = 49;
  allocation.p_equal = 0.066;
  allocation.bounds = {{"control", 21, "reoffended", -0.03, -0.33, {-0.14, 0.08}, {-0.46, -0.18}, 4}};
  result.allocation = allocation;
  result.claims = {
      {0, ClaimResult::Verdict::cannot_be_checked, "70 against 49: an even split gives that or less even in 7 in 100."},
      {1, ClaimResult::Verdict::does_not_fit,
       "2% counts only the 54 who finished; of all 70 sent on the course, 8 reoffended (11%)."}};
  result.verdict = Verdict::not_shown;
  result.outcomes_point_apart = true;
  input.study_results.studies = {result};

  input.evidence = {
      {"cara.12m.control.n", "people", "control", "12 months", "49", "people",
       "Strategic Policing and Crime Board, offender management paper, 2019", "Table F", "", ""},
      {"cara.12m.control.reoffn", "people who reoffended", "control", "12 months", "10", "people",
       "Strategic Policing and Crime Board, offender management paper, 2019", "Table F", "", ""},
      {"cara.rct.recidivism_ipv", "fewer reoffended against a partner", "treated against control", "12 months", "0.35",
       "relative reduction in men reoffending", "Strang and others 2017", "Table 3", "", "verified"}};
  for (const EvidenceRow& row : input.evidence) {
    FigureSource source;
    source.name = row.id;
    source.label = row.quantity + ", " + row.group;
    source.printed = row.printed;
    source.evidence = {row.id};
    source.line = 12;
    input.sources.push_back(source);
  }
  FigureSource assumed;
  assumed.name = "missing_people";
  assumed.label = "People allocated but in no row";
  assumed.printed = "0 to 21 people on either side";
  assumed.kind = FigureSource::Kind::assumption;
  assumed.reason = "The groups differ by 21.";
  input.sources.push_back(assumed);
  input.beside = {{"southampton_trial", {input.evidence.back()}}};
  FigureRequest forest;
  forest.name = "comparisons";
  forest.draw = "forest";
  forest.outcomes = {"reoffended", "da_offence"};
  FigureRequest bars;
  bars.name = "groups";
  bars.draw = "bars";
  input.figures = {forest, bars};
  input.run = {"0.1.0", "0123456789ab", "GCC 12.2.0", "musl 1.2.3 (fixed)", "2026-01-01T00:00:00Z", 0.5, 2};
  return input;
}

ReportInput projection_input() {
  ReportInput input;
  input.name = "marac-backlog";
  input.title = "MARAC backlog: does it clear, and what would it take?";
  input.subtitle = "from 30 September 2023";
  input.question = "When does the MARAC backlog clear, and how many hearings a week would that take?";
  input.decision = "Ask partners for more meetings, adopt the revised criteria, or both";
  input.file_shown_as = "experiments/marac-backlog.toml";
  input.file_text = "[experiment]\nname = \"marac-backlog\"  # <script>alert(1)</script>\n";
  input.spec_digest = "fedcba9876543210";
  input.seed = 20230930;
  input.model = "conference";
  input.model_summary = "Cases are referred, wait for a meeting with limited hearings, and may come back.";
  input.window = {Date::from_ymd(2023, 9, 30), Date::from_ymd(2024, 9, 30)};
  input.plan.seed = input.seed;
  input.draws = 4000;
  input.arms = {
      {"as_it_was", "As it was in September 2023", "", {}, ""},
      {"weekly_meetings", "Weekly meetings from 18 December 2023", "", {}, "extra hearings 0% to 100%"},
      {"revised_criteria", "Revised referral criteria", "", {}, "21% filtered out"},
      {"coventry_triage", "Coventry's triage in the other seven conferences", "", {}, "49 of 253 filtered out"},
      {"criteria_and_weekly",
       "Revised criteria and weekly meetings",
       "both",
       {"revised_criteria", "weekly_meetings"},
       ""}};
  OutcomeField clear;
  clear.name = "clear";
  clear.kind = OutcomeField::Kind::chance;
  clear.by_item = "dates";
  clear.help = "The backlog is at or below the limit and stays there for 13 weeks.";
  OutcomeField backlog;
  backlog.name = "backlog_end";
  backlog.unit = Unit::parse("case");
  backlog.help = "Cases waiting at the end of the window.";
  OutcomeField away = backlog;
  away.name = "turned_away_a_month";
  away.unit = Unit::parse("case/month");
  away.help = "Cases filtered out.";
  input.outcome_fields = {clear, backlog, away};
  SeriesField waiting;
  waiting.name = "backlog";
  waiting.unit = Unit::parse("case");
  waiting.help = "Cases left waiting by the latest meetings.";
  SeriesField chance = waiting;
  chance.name = "clear";
  chance.kind = OutcomeField::Kind::chance;
  chance.unit = {};
  chance.help = clear.help;
  input.series_fields = {waiting, chance};
  input.outcome_texts = {{"clear", "Clear", OutcomeText::Line::answer, ""},
                         {"backlog_end", "cases waiting at the end", OutcomeText::Line::people, ""},
                         {"turned_away_a_month", "cases turned away a month", OutcomeText::Line::price, ""}};
  input.cannot = {"Say which of the eight areas is worst, or whether anyone was harmed while waiting"};
  input.requests = {{"Cases referred, heard and waiting, by conference and month",
                     "Referrals are printed nowhere, and decide the answer."},
                    {"A dip sample of 100 filtered cases", "Nobody has printed what became of them."}};
  input.defaults_used = {"cancelled_meetings = 0%: switched off"};

  const double slope[] = {17, -10, -8, -6, -34};
  const double chances[] = {0.02, 0.31, 0.05, 0.03, 0.48};
  const double turned_away[] = {0, 0, 160, 140, 160};
  const double error = 0.005;
  for (std::size_t a = 0; a < input.arms.size(); ++a) {
    const std::string& arm = input.arms[a].name;
    for (int week = 1; week <= 52; ++week) {
      SeriesRow row;
      row.arm = arm;
      row.series = "backlog";
      row.unit = "case";
      row.week = static_cast<std::size_t>(week);
      row.date = Date{input.window.start.days + 7 * week};
      const double middle = std::max(0.0, 1230 + 17.0 * std::min(week, 12) + slope[a] * std::max(0, week - 12));
      const double spread = 20 + 9.0 * week;
      const auto at = [&](double z) { return std::max(0.0, std::round(middle + z * spread)); };
      row.mean = middle;
      row.mc_error = spread / 90;
      row.q025 = at(-1.96);
      row.q10 = at(-1.28);
      row.q25 = at(-0.67);
      row.q50 = at(0);
      row.q75 = at(0.67);
      row.q90 = at(1.28);
      row.q975 = at(1.96);
      input.estimates.series.push_back(row);
    }
    for (int week = 1; week <= 39; ++week) {
      SeriesRow row;
      row.arm = arm;
      row.series = "clear";
      row.unit = "share";
      row.week = static_cast<std::size_t>(week);
      row.date = Date{input.window.start.days + 7 * week};
      row.mean = 1.08 * chances[a] / (1 + std::exp(-(week - 19) / 3.5));
      row.mc_error = error;
      row.q025 = std::max(0.0, row.mean - 2 * error);
      row.q975 = row.mean + 2 * error;
      input.estimates.series.push_back(row);
    }
    for (const auto& [item, share] : {std::pair{"2024-01-31", 0.2}, std::pair{"2024-03-31", 1.0}}) {
      const double p = share * chances[a];
      input.estimates.rows.push_back({arm, "", "clear", item, "chance", "share", p, std::max(0.0, p - 2 * error),
                                      p + 2 * error, 0.95, Spread::futures, error, 4000, 8000});
    }
    if (a > 0) {
      input.estimates.rows.push_back({arm, "as_it_was", "clear", "2024-03-31", "difference of chances", "share",
                                      chances[a] - chances[0], chances[a] - chances[0] - 2 * error,
                                      chances[a] - chances[0] + 2 * error, 0.95, Spread::futures, error, 4000, 8000});
      input.estimates.rows.push_back({arm, "as_it_was", "backlog_end", "", "difference of means", "case",
                                      40 * (slope[a] - slope[0]), 40 * (slope[a] - slope[0]) - 300,
                                      40 * (slope[a] - slope[0]) + 300, 0.95, Spread::futures, 6, 4000, 8000});
    }
    const double end = std::max(0.0, 1230 + 17.0 * 12 + slope[a] * 40);
    input.estimates.rows.push_back({arm, "", "backlog_end", "", "mean", "case", end, std::max(0.0, end - 500),
                                    end + 500, 0.95, Spread::futures, 6, 4000, 8000});
    input.estimates.rows.push_back({arm, "", "turned_away_a_month", "", "mean", "case/month", turned_away[a],
                                    0.9 * turned_away[a], 1.1 * turned_away[a], 0.95, Spread::futures, 1, 4000, 8000});
  }

  const auto influence = [&](const std::string& name, const std::string& label, double share, double low_value,
                             double high_value, const std::string& unit, double at_low, double at_high) {
    InfluenceRow row;
    row.arm = "criteria_and_weekly";
    row.outcome = "clear";
    row.item = "2024-03-31";
    row.parameter = name;
    row.label = label;
    row.share = share;
    row.mc_error = 0.02;
    row.share_of_parameters = share;
    row.share_of_parameters_error = 0.02;
    row.low_value = low_value;
    row.high_value = high_value;
    row.unit = unit;
    row.at_low = at_low;
    row.at_high = at_high;
    row.at_low_error = row.at_high_error = error;
    input.estimates.influence.push_back(row);
    FigureSource source;
    source.name = name;
    source.label = label;
    source.printed = "a range";
    source.kind = FigureSource::Kind::assumption;
    source.reason = "Not printed.";
    source.spread = "every value in the range equally likely";
    input.sources.push_back(source);
  };
  influence("weekly_meetings.extra_hearings", "Hearings that weekly meetings added", 0.6, 0, 1, "share", 0.02, 0.93);
  influence("referrals", "Cases accepted for a meeting", 0.3, 176, 203, "case/week", 0.71, 0.24);
  influence("growth", "Change in referrals", 0.04, -0.05, 0.15, "share/year", 0.55, 0.4);
  influence("repeat_share", "Cases that come back within a year of their hearing", 0.01, 0.2, 0.4, "share", 0.5, 0.45);
  influence("return_delay", "Time until a case comes back", 0.01, 8, 40, "week", 0.455, 0.485);
  InfluenceRow luck;
  luck.arm = "criteria_and_weekly";
  luck.outcome = "clear";
  luck.item = "2024-03-31";
  luck.parameter = "(luck)";
  luck.label = "Luck";
  luck.share = 0.05;
  luck.mc_error = 0.01;
  luck.at_low = luck.at_high = std::nan("");
  input.estimates.influence.push_back(luck);

  ProjectionClaim claim;
  claim.text = "That backlog would be resolved in the next month or so.";
  claim.where = "Police and Crime Panel, minutes of 18 December 2023";
  claim.evidence = "marac.promise";
  claim.outcome = "clear";
  claim.item = "2024-01-31";
  for (const ArmText& arm : input.arms) claim.arms.push_back(arm.name);
  input.claims = {claim};

  Need need;
  need.label = "hearings a week";
  need.chance = 0.9;
  need.present = 176;
  input.needs = {need};
  input.need_texts = {"clear by 31 March 2024, with a chance of 90%"};
  for (const auto& [arm, level] : {std::pair{"as_it_was", 330.0}, std::pair{"revised_criteria", 290.0}}) {
    NeedResult found;
    found.arm = arm;
    found.verdict = NeedResult::Verdict::found;
    found.level = level;
    found.at = {level, 0.91, 0.89, 0.93, 4000};
    found.beside = {level - 1, 0.89, 0.87, 0.91, 4000};
    found.tried = {found.beside, found.at};
    input.found.needs.push_back(found);
  }

  input.evidence = {{"marac.cases", "cases discussed", "all conferences", "2022/23", "9,153", "cases per year",
                     "MARAC review, Police and Crime Panel, January 2024", "paragraph 12", "", ""},
                    {"marac.promise", "promise", "", "", "in the next month or so", "",
                     "Police and Crime Panel, minutes of 18 December 2023", "item 5", "", ""}};
  FigureSource hearings;
  hearings.name = "hearings";
  hearings.label = "Cases discussed, all conferences together";
  hearings.printed = "9153 cases per year";
  hearings.evidence = {"marac.cases"};
  hearings.spread = "taken as printed";
  hearings.line = 30;
  input.sources.insert(input.sources.begin(), hearings);

  const std::vector<Date> marks = {Date::from_ymd(2024, 1, 31), Date::from_ymd(2024, 3, 31)};
  FigureRequest fan;
  fan.name = "backlog_by_week";
  fan.draw = "fan";
  fan.series = "backlog";
  fan.mark = marks;
  FigureRequest by_date;
  by_date.name = "chance_of_clear";
  by_date.draw = "chance";
  by_date.series = "clear";
  by_date.mark = marks;
  FigureRequest tornado;
  tornado.name = "what_decides";
  tornado.draw = "tornado";
  tornado.of = "clear";
  tornado.item = "2024-03-31";
  tornado.arms = {"criteria_and_weekly"};
  input.figures = {fan, by_date, tornado};
  input.run = {"0.1.0", "0123456789ab", "GCC 12.2.0", "musl 1.2.3 (fixed)", "2026-01-01T00:00:00Z", 3.5, 2};
  return input;
}

ReportInput levels_input() {
  ReportInput input = projection_input();
  Sweep sweep;
  sweep.name = "hearings";
  sweep.label = "Hearings";
  sweep.vary = "hearings a week";
  sweep.levels = {150, 200, 250, 300, 350, 400};
  sweep.arms = {0, 2};
  sweep.target = 0.9;
  sweep.present = 176;
  input.sweeps = {sweep};
  input.sweep_texts = {{"clear", "2024-03-31", OutcomeField::Kind::chance, "share"}};
  const double chances[2][6] = {{0, 0.02, 0.2, 0.65, 0.94, 0.9}, {0, 0.1, 0.55, 0.92, 0.99, 1}};
  for (std::size_t a = 0; a < 2; ++a) {
    SweepResult result;
    result.arm = input.arms[sweep.arms[a]].name;
    for (std::size_t l = 0; l < 6; ++l) {
      SweepLevel level;
      level.level = sweep.levels[l];
      level.mean = chances[a][l];
      level.mc_error = 0.01;
      level.low = std::max(0.0, level.mean - 0.02);
      level.high = std::min(1.0, level.mean + 0.02);
      if (l > 0) {
        level.added = chances[a][l] - chances[a][l - 1];
        level.added_error = 0.008;
        level.from_first = chances[a][l] - chances[a][0];
        level.from_first_error = 0.009;
      }
      result.levels.push_back(level);
    }
    if (a == 0) result.turns_at = 4;
    input.swept.push_back(result);
  }
  FigureRequest levels;
  levels.name = "what_hearings_buy";
  levels.draw = "levels";
  levels.of = "hearings";
  input.figures.push_back(levels);
  return input;
}

}  // namespace desist::tests
