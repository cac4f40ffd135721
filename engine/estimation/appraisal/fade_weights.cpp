#include "engine/estimation/appraisal/fade_weights.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/random/stream.hpp"

namespace desist {
namespace {

/// The integral of 2^(-s/time) over s from `from` to `to`.
double halving_integral(double from, double to, double time) {
  if (std::isinf(time)) return to - from;
  const double rate = std::numbers::ln2 / time;
  return std::exp(-rate * from) * -std::expm1(-rate * (to - from)) / rate;
}

/// The integral of max(0, 1 - s/time) over s from `from` to `to`.
double falling_integral(double from, double to, double time) {
  const double end = std::min(to, time);
  if (end <= from) return 0;
  return (end - from) * (1 - (from + end) / (2 * time));
}

bool are_weighted(const Appraisal& appraisal) { return !appraisal.fades.empty() && appraisal.fades[0].weight; }

std::vector<DrawColumn> weights_of(const Evaluator& evaluator, const Fade& fade, std::size_t arm) {
  const Appraisal& appraisal = evaluator.appraisal();
  const DrawColumn time = fade.time ? evaluator.column(*fade.time, arm, 0) : DrawColumn(0.0);
  const DrawColumn kept = fade.kept ? evaluator.column(*fade.kept, arm, 0) : DrawColumn(0.0);
  const std::size_t values = time.varies() || kept.varies() ? evaluator.draws() : 1;
  std::vector<DrawColumn> years;
  for (int year = 0; year < appraisal.years; ++year) {
    std::vector<double> weights(values);
    for (std::size_t d = 0; d < values; ++d)
      weights[d] = fade_weight(fade.form, time[d], kept[d], year, appraisal.evidence_years);
    years.emplace_back(std::move(weights));
  }
  return years;
}

}  // namespace

std::size_t main_fade(const Appraisal& appraisal) { return are_weighted(appraisal) ? appraisal.fades.size() : 0; }

double fade_weight(Fade::Form form, double time, double kept, int year, double evidence) {
  const double seen = std::clamp(evidence - year, 0.0, 1.0);  // the part of the year in which the effect was seen
  const double from = std::max(0.0, year - evidence);         // years since then
  const double to = from + (1 - seen);
  const bool at_once = !(time > 0);  // gone in no time
  switch (form) {
    case Fade::Form::stops:
      return seen;
    case Fade::Form::linear:
      return seen + (at_once ? 0 : falling_integral(from, to, time));
    case Fade::Form::exponential:
      return seen + (at_once ? 0 : halving_integral(from, to, time));
    case Fade::Form::cure:
      return seen + kept * (to - from) + (at_once ? 0 : (1 - kept) * halving_integral(from, to, time));
    case Fade::Form::constant:
      break;
  }
  return 1;
}

std::vector<std::size_t> drawn_forms(const Appraisal& appraisal, const DrawnFigures& figures, std::uint64_t seed) {
  if (!are_weighted(appraisal)) return {};
  double total = 0;
  for (const Fade& fade : appraisal.fades) total += fade.weight.value_or(0);
  std::vector<std::size_t> forms;
  for (std::size_t d = 0; d < figures.draws(); ++d) {
    const double u = total * uniform(Streams(seed, figures.first() + d, 0).words(Purpose("appraisal/form"), 0)[0]);
    std::size_t form = 0;
    for (double below = appraisal.fades[0].weight.value_or(0); below < u && form + 1 < appraisal.fades.size();)
      below += appraisal.fades[++form].weight.value_or(0);
    forms.push_back(form);
  }
  return forms;
}

std::vector<DrawColumn> fade_weights(const Evaluator& evaluator, std::size_t fade, std::size_t arm,
                                     std::uint64_t seed) {
  const Appraisal& appraisal = evaluator.appraisal();
  const auto years = static_cast<std::size_t>(appraisal.years);
  if (fade < appraisal.fades.size()) return weights_of(evaluator, appraisal.fades[fade], arm);
  const std::vector<std::size_t> forms = drawn_forms(appraisal, evaluator.figures(), seed);
  if (forms.empty()) return std::vector<DrawColumn>(years, DrawColumn(1.0));
  std::vector<std::vector<DrawColumn>> of_forms;
  for (const Fade& each : appraisal.fades) of_forms.push_back(weights_of(evaluator, each, arm));
  std::vector<DrawColumn> mixed;
  for (std::size_t year = 0; year < years; ++year) {
    std::vector<double> weights(forms.size());
    for (std::size_t d = 0; d < forms.size(); ++d) weights[d] = of_forms[forms[d]][year][d];
    mixed.emplace_back(std::move(weights));
  }
  return mixed;
}

}  // namespace desist
