// The first screen for programs: its lines, and every number behind them with limits and Monte Carlo error.
#include <cmath>

#include <nlohmann/json.hpp>

#include "engine/report/answers.hpp"
#include "engine/report/appraisal_json.hpp"
#include "engine/report/decomposition_words.hpp"
#include "engine/report/json_cells.hpp"
#include "engine/report/tables.hpp"
#include "engine/report/trial_words.hpp"
#include "engine/report/write_results.hpp"

namespace desist {
namespace {

using Json = nlohmann::ordered_json;

Json estimate_json(const EstimateRow& row) {
  return {{"arm", row.arm},
          {"versus", row.versus},
          {"outcome", row.outcome},
          {"item", row.item},
          {"statistic", row.statistic},
          {"unit", row.unit},
          {"estimate", json_number(row.estimate)},
          {"low", json_number(row.low)},
          {"high", json_number(row.high)},
          {"level", row.level},
          {"spread", row.spread == Spread::parameters ? "parameters" : "futures"},
          {"mc_error", json_number(row.mc_error)}};
}

Json comparison_json(const std::string& study, const HonestyRow& row) {
  return {{"study", study},
          {"comparison", row.comparison},
          {"estimand", row.estimand},
          {"outcome", row.outcome},
          {"stratum", row.stratum},
          {"headline", row.headline},
          {"x1", row.x1},
          {"n1", row.n1},
          {"x0", row.x0},
          {"n0", row.n0},
          {"difference", json_number(row.difference.value)},
          {"low", json_number(row.difference.interval.low)},
          {"high", json_number(row.difference.interval.high)},
          {"envelope_low", json_number(row.difference.envelope.low)},
          {"envelope_high", json_number(row.difference.envelope.high)},
          {"mc_error", 0},
          {"verdict", verdict_words(row.verdict)}};
}

const char* kind_word(ReportInput::Kind kind) {
  switch (kind) {
    case ReportInput::Kind::study:
      return "study";
    case ReportInput::Kind::people:
      return "people";
    case ReportInput::Kind::appraisal:
      return "appraisal";
    case ReportInput::Kind::projection:
      break;
  }
  return "projection";
}

Json effect_json(const AnalysisResult& analysis, const EffectRow& row) {
  return {{"analysis", analysis.name},
          {"method", analysis.method},
          {"estimand", analysis.estimand},
          {"outcome", analysis.outcome},
          {"term", row.term},
          {"measure", row.measure},
          {"unit", row.unit},
          {"estimate", json_number(row.estimate)},
          {"error", json_number(row.error)},
          {"error_scale", row.log_scale ? "log" : "as is"},
          {"low", json_number(row.interval.low)},
          {"high", json_number(row.interval.high)},
          {"level", row.level},
          {"statistic", json_maybe(row.statistic)},
          {"df", json_maybe(row.degrees_of_freedom)},
          {"p", json_maybe(row.p)},
          {"effect", row.effect},
          {"headline", row.headline},
          {"causal_words", analysis.causal_words},
          {"spread", "parameters"},
          {"mc_error", json_number(row.mc_error)}};
}

Json summary_json(const ArmSummary& summary) {
  Json json = {{"outcome", summary.outcome}, {"arm", summary.arm}, {"withheld", summary.withheld}};
  if (summary.withheld) return json;
  json["people"] = summary.people;
  json["with_outcome"] = summary.with_outcome ? Json(*summary.with_outcome) : Json(nullptr);
  json["total"] = json_maybe(summary.total);
  json["person_time"] = json_maybe(summary.person_time);
  json["measure"] = summary.measure;
  json["estimate"] = json_number(summary.estimate);
  json["low"] = json_number(summary.interval.low);
  json["high"] = json_number(summary.interval.high);
  json["mc_error"] = 0;
  return json;
}

/// Effects, arms and refusals of a study of people's rows.
void add_people(const ReportInput& input, Json& json) {
  json["effects"] = Json::array();
  json["arms"] = Json::array();
  json["refused"] = Json::array();
  for (const AnalysisResult& each : input.people_results.analyses) {
    for (const EffectRow& row : each.effects) json["effects"].push_back(effect_json(each, row));
    if (!each.refused.empty()) json["refused"].push_back({{"analysis", each.name}, {"because", each.refused}});
    if (each.withheld) json["refused"].push_back({{"analysis", each.name}, {"because", "small counts"}});
  }
  for (const ArmSummary& each : input.people_results.summaries) json["arms"].push_back(summary_json(each));
  if (!input.people->funnel || !input.people_results.funnel) return;
  const Funnel& funnel = *input.people->funnel;
  json["funnel"] = Json::array();
  for (std::size_t s = 0; s < funnel.steps.size(); ++s) {
    for (std::size_t c = 0; c < funnel.columns.size(); ++c) {
      Json step = {
          {"step", funnel.steps[s].name}, {"column", funnel.columns[c].name}, {"count", funnel.steps[s].counts[c]}};
      if (const FunnelShare* share = input.people_results.funnel->share(s, c)) {
        step["measure"] = share->is_part ? "share" : "for each";
        step["of_step"] = funnel.steps[share->whole].name;
        step["of"] = share->of;
        step["not_ended"] = share->open;
        step["estimate"] = json_number(share->value);
        step["low"] = json_number(share->interval.low);
        step["high"] = json_number(share->interval.high);
        step["mc_error"] = 0;
      }
      json["funnel"].push_back(step);
    }
  }
}

Json sums_json(const std::vector<Sum>& sums) {
  Json all = Json::array();
  for (const Sum& sum : sums) {
    Json results = Json::array();
    for (const SumResult& result : sum.results)
      results.push_back({{"name", result.name},
                         {"sum", result.sum},
                         {"in_numbers", result.in_numbers},
                         {"value", json_number(result.value)},
                         {"said_as", result.shown},
                         {"evidence", result.evidence}});
    all.push_back({{"label", sum.label}, {"text", sum.text}, {"results", results}});
  }
  return all;
}

Json levels_json(const ReportInput& input) {
  Json all = Json::array();
  for (const SweepResult& result : input.swept) {
    const Sweep& sweep = input.sweeps.at(result.sweep);
    const SweepText& text = input.sweep_texts.at(result.sweep);
    for (std::size_t l = 0; l < result.levels.size(); ++l) {
      const SweepLevel& level = result.levels[l];
      all.push_back({{"sweep", sweep.name},
                     {"arm", result.arm},
                     {"vary", sweep.vary},
                     {"level", level.level},
                     {"outcome", text.outcome},
                     {"item", text.item},
                     {"estimate", json_number(level.mean)},
                     {"low", json_number(level.low)},
                     {"high", json_number(level.high)},
                     {"mc_error", json_number(level.mc_error)},
                     {"added", json_maybe(level.added)},
                     {"added_error", json_maybe(level.added_error)},
                     {"from_first", json_maybe(level.from_first)},
                     {"from_first_error", json_maybe(level.from_first_error)},
                     {"turns_here", result.turns_at == l}});
    }
  }
  return all;
}

Json decomposition_json(const ReportInput& input) {
  Json all = Json::array();
  for (const DecompositionResult& result : input.decomposed) {
    const Decomposition& asked = input.decompositions.at(result.decomposition);
    Json parts = Json::array();
    for (const DecompositionTerm& term : result.terms) {
      parts.push_back({{"part", term_words(term)},
                       {"logarithm", json_number(term.value)},
                       {"mc_error", json_number(term.mc_error)}});
      if (!term.spread) continue;
      parts.back()["low"] = json_number(term.spread->low);
      parts.back()["high"] = json_number(term.spread->high);
    }
    all.push_back({{"decomposition", asked.name},
                   {"arm", result.arm},
                   {"from", json_number(result.from)},
                   {"to", json_number(result.to)},
                   {"unit", input.decomposition_texts.at(result.decomposition).unit},
                   {"logarithm", json_number(result.total.value)},
                   {"mc_error", json_number(result.total.mc_error)},
                   {"draws", result.draws},
                   {"left_out", result.left_out},
                   {"parts", parts}});
  }
  return all;
}

Json trials_json(const ReportInput& input) {
  Json all = Json::array();
  const auto pair = [](const Characteristic& value) {
    return Json{{"estimate", json_number(value.value)}, {"mc_error", json_number(value.error)}};
  };
  for (const TrialResult& result : input.tried) {
    Json sizes = Json::array();
    const auto size_json = [&](const TrialSize& size) {
      Json json = {{"people", size.people},
                   {"power", pair(size.power)},
                   {"bias", pair(size.bias)},
                   {"coverage", pair(size.coverage)},
                   {"mean", pair(size.mean)},
                   {"standard_error", pair(size.empirical_error)},
                   {"wrong_sign", pair(size.wrong_sign)},
                   {"exaggeration", pair(size.exaggeration)},
                   {"shown", size.shown},
                   {"trials", size.trials},
                   {"without_number", size.without_number}};
      if (size.false_positives) json["without_effect"] = pair(*size.false_positives);
      if (size.assurance) json["assurance"] = pair(*size.assurance);
      if (size.against) json["assurance_of_the_wrong_sign"] = pair(*size.against);
      if (size.gain) json["power_over_first_trial"] = pair(*size.gain);
      if (!size.stops.empty()) json["power_with_looks"] = pair(size.power_with_looks);
      if (size.false_positives_with_looks) json["with_looks_without_effect"] = pair(*size.false_positives_with_looks);
      return json;
    };
    for (const TrialSize& size : result.sizes) sizes.push_back(size_json(size));
    Json one = {{"trial", design_of(input, result).name},
                {"analysis", analysis_of(input, result).analysis.name},
                {"method", analysis_of(input, result).analysis.method},
                {"careers", design_of(input, result).careers},
                {"follow_up_weeks", json_number(design_of(input, result).follow_up)},
                {"measure", result.measure},
                {"scale", result.log_scale ? "log" : "as it is"},
                {"truth", pair({result.truth, result.truth_error})},
                {"sizes", sizes}};
    if (result.need && result.need->verdict == TrialNeed::Verdict::found)
      one["size_for_power"] = {{"people", result.need->people}, {"confirmed", size_json(result.need->confirmed)}};
    all.push_back(std::move(one));
  }
  return all;
}

Json placebos_json(const ReportInput& input) {
  Json all = Json::array();
  for (std::size_t p = 0; p < input.null_results.placebos.size(); ++p) {
    const Placebo& placebo = input.placebos.at(p);
    const PlaceboResult& result = input.null_results.placebos[p];
    const auto envelope = [&](const PlaceboEnvelope& each) {
      return Json{{"points", each.points},
                  {"mean_low", json_number(each.mean_low)},
                  {"mean_high", json_number(each.mean_high)},
                  {"low", json_number(each.low)},
                  {"high", json_number(each.high)},
                  {"share_explained_low", json_maybe(each.explained_low)},
                  {"share_explained_high", json_maybe(each.explained_high)},
                  {"verdict", each.points > 0 ? Json(placebo_verdict_words(each.verdict)) : Json(nullptr)}};
    };
    Json json{{"placebo", placebo.name},
              {"unit", "log ratio"},
              {"printed_low", json_number(placebo.fall_least())},
              {"printed_high", json_number(placebo.fall_most())},
              {"spread", "futures"},
              {"all", envelope(result.all)}};
    for (const PlaceboEnvelope& arm : result.arms) {
      json["arms"].push_back(envelope(arm));
      json["arms"].back()["arm"] = arm.arm;
    }
    json["levels"] = Json::array();
    for (const PlaceboEnvelope& level : result.levels) {
      json["levels"].push_back(envelope(level));
      json["levels"].back()["unknown"] = input.null_programme.unknowns[*level.unknown].name;
      json["levels"].back()["level"] = level.level;
    }
    if (result.nothing_left)
      json["nothing_left"] = {{"low", json_number(result.nothing_left->least)},
                              {"high", json_number(result.nothing_left->most)}};
    for (const PlaceboPoint& law : result.points) {
      const NullPoint& point = input.null_results.points[law.point];
      Json levels = Json::object();
      for (std::size_t u = 0; u < point.levels.size(); ++u)
        if (point.levels[u])
          levels[input.null_programme.unknowns[u].name] = input.null_programme.unknowns[u].levels[*point.levels[u]];
      json["at"].push_back({{"arm", input.arms.at(point.arm).name},
                            {"levels", levels},
                            {"matched", json_maybe(point.matched)},
                            {"estimate", json_number(law.mean)},
                            {"low", json_number(law.low)},
                            {"high", json_number(law.high)},
                            {"mc_error", json_number(law.mc_error)},
                            {"share_explained", json_maybe(law.explained)},
                            {"share_explained_error", json_maybe(law.explained_error)},
                            {"printed_is", fall_position(law.printed)}});
    }
    all.push_back(std::move(json));
  }
  return all;
}

Json learnt_json(const ReportInput& input) {
  const CalibrationResult& result = *input.calibrated;
  const auto spread = [](const SpreadOf& of) {
    return Json{{"mean", json_number(of.mean)},
                {"sd", json_number(of.sd)},
                {"low", json_number(of.low)},
                {"median", json_number(of.middle)},
                {"high", json_number(of.high)},
                {"low_error", json_number(of.low_error)},
                {"high_error", json_number(of.high_error)}};
  };
  Json json{{"tolerance", json_number(result.tolerance)}, {"attempts", result.attempts}};
  if (input.calibration->adjust == Calibration::Adjust::regression) json["adjust"] = "regression";
  for (const ParameterFit& fit : result.parameters)
    json["parameters"].push_back({{"parameter", input.parameters.at(fit.parameter).name},
                                  {"before", spread(fit.before)},
                                  {"after", spread(fit.after)},
                                  {"contraction", json_number(fit.contraction)},
                                  {"verdict", fit_words(fit)}});
  for (std::size_t t = 0; t < result.targets.size(); ++t)
    json["targets"].push_back({{"target", input.calibration->targets[t].name},
                               {"printed", input.target_texts.at(t).printed},
                               {"fitted", input.calibration->targets[t].fitted},
                               {"before", spread(result.targets[t].before)},
                               {"after", spread(result.targets[t].after)},
                               {"afresh", spread(result.targets[t].afresh)},
                               {"chance_sd", json_number(result.targets[t].chance_sd)}});
  for (const Combination& each : result.combinations)
    json["combinations"].push_back({{"combination", combination_words(input, each)},
                                    {"low", json_number(each.low)},
                                    {"median", json_number(each.middle)},
                                    {"high", json_number(each.high)},
                                    {"contraction", json_number(each.contraction)}});
  return json;
}

Json forecast_json(const Forecast& forecast, const ForecastRow& row) {
  const char* kind = row.kind == ForecastRow::Kind::forecast      ? "forecast"
                     : row.kind == ForecastRow::Kind::other_prior ? "other prior"
                                                                  : "back-test";
  return {{"forecast", forecast.name},
          {"kind", kind},
          {"year", forecast.year_name(row.year)},
          {"unit", forecast.thing + "/year"},
          {"counts_used", row.counts_used},
          {"change", json_number(row.change)},
          {"mean", json_number(row.mean)},
          {"median", json_number(row.q50)},
          {"low", json_number(row.q025)},
          {"high", json_number(row.q975)},
          {"plain_line", json_number(row.plain_line)},
          {"counted", json_maybe(row.counted)},
          {"spread", "futures"},
          {"mc_error", 0}};
}

Json need_json(const ReportInput& input, const NeedResult& result) {
  Json json = {
      {"need", input.needs[result.need].label}, {"arm", result.arm}, {"verdict", verdict_word(result.verdict)}};
  json["look_for"] = input.needs[result.need].look_for == Need::Extreme::least ? "least" : "greatest";
  json["holds_to"] = json_maybe(result.holds_to);
  json["level"] = result.level ? Json(*result.level) : Json(nullptr);
  json["target"] = input.needs[result.need].chance;
  if (result.level) {
    const auto draws = static_cast<double>(result.at.draws);
    json["chance"] = result.at.chance;
    json["low"] = result.at.low;
    json["high"] = result.at.high;
    json["mc_error"] =
        json_number(draws > 0 ? std::sqrt(result.at.chance * (1 - result.at.chance) / draws) : std::nan(""));
  }
  return json;
}

}  // namespace

std::string first_screen_json(const ReportInput& input, const std::string& report_path) {
  Json json;
  json["schema"] = 1;
  json["experiment"] = input.name;
  json["kind"] = kind_word(input.kind());
  json["title"] = input.title;
  json["verdict"] = verdict_or_answer(input);
  if (!input.unprinted.empty()) json["unprinted"] = input.unprinted;
  json["lines"] = Json::array();
  for (const ScreenLine& line : all_lines(input, report_path)) {
    if (line.label != "Report") json["lines"].push_back({{"label", line.label}, {"text", line.whole()}});
  }
  json["comparisons"] = Json::array();
  for (const StudyResult& each : input.study_results.studies) {
    for (const HonestyRow& row : each.rows) json["comparisons"].push_back(comparison_json(each.study, row));
  }
  if (input.people) add_people(input, json);
  json["estimates"] = Json::array();
  for (const EstimateRow& row : input.estimates.rows) json["estimates"].push_back(estimate_json(row));
  if (!input.forecasts.empty()) json["forecasts"] = Json::array();
  for (std::size_t f = 0; f < input.forecast_results.size(); ++f)
    for (const ForecastRow& row : input.forecast_results[f].rows)
      json["forecasts"].push_back(forecast_json(input.forecasts[f], row));
  json["needs"] = Json::array();
  for (const NeedResult& result : input.found.needs) json["needs"].push_back(need_json(input, result));
  if (input.best && input.decided) {
    const DecisionResult& best = *input.decided;
    Json& json_best = json["best"];
    json_best = {{"outcome", input.best->outcome},
                 {"item", input.best->item},
                 {"better", input.best->rule.more_is_better ? "more" : "fewer"},
                 {"leader", input.arms.at(best.leader).name},
                 {"verdict", verdict_word(best.verdict)},
                 {"within", input.best->rule.within},
                 {"alpha", input.best->rule.alpha},
                 {"draws", best.draws},
                 {"rivals", Json::array()}};
    for (const Rival& rival : best.rivals) {
      json_best["rivals"].push_back({{"arm", input.arms.at(rival.arm).name},
                                     {"lead", json_number(rival.lead)},
                                     {"mc_error", json_number(rival.mc_error)},
                                     {"at_least", json_number(rival.at_least)}});
    }
  }
  json["decides"] = Json::array();
  for (const InfluenceRow& row : input.estimates.influence) {
    json["decides"].push_back({{"arm", row.arm},
                               {"outcome", row.outcome},
                               {"item", row.item},
                               {"parameter", row.parameter},
                               {"label", row.label},
                               {"share", json_number(row.share)},
                               {"low", json_number(row.share - 1.96 * row.mc_error)},
                               {"high", json_number(row.share + 1.96 * row.mc_error)},
                               {"mc_error", json_number(row.mc_error)}});
  }
  if (input.calibrated) json["learnt"] = learnt_json(input);
  if (!input.null_results.placebos.empty()) json["placebos"] = placebos_json(input);
  if (!input.swept.empty()) json["levels"] = levels_json(input);
  if (!input.decomposed.empty()) json["decompositions"] = decomposition_json(input);
  if (!input.tried.empty()) json["trials"] = trials_json(input);
  if (input.appraisal) json["appraisal"] = appraisal_json(input);
  if (!input.sums.empty()) json["sums"] = sums_json(input.sums);
  json["claims"] = Json::array();
  for (const Answer& claim : claim_answers(input)) {
    json["claims"].push_back({{"claim", claim.parts.empty() ? "" : claim.parts.front()},
                              {"verdict", claim.verdict},
                              {"because", claim.text}});
  }
  json["report"] = report_path;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace desist
