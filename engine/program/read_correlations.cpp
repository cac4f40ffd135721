// Uncertain figures that rise and fall together.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/figure.hpp"

namespace desist {

namespace {

bool is_drawn_apart(const Law& law) { return is_uncertain(law) && !std::holds_alternative<PosteriorLaw>(law); }

}  // namespace

void share_luck_with_arms(ExperimentSpec& spec) {
  const std::vector<std::size_t> informed = spec.calibration ? spec.calibration->informed : std::vector<std::size_t>();
  const auto is_free = [&](std::size_t slot) {
    if (std::find(informed.begin(), informed.end(), slot) != informed.end()) return false;
    return std::none_of(spec.correlations.begin(), spec.correlations.end(), [&](const Correlation& group) {
      return std::find(group.parameters.begin(), group.parameters.end(), slot) != group.parameters.end();
    });
  };
  const std::size_t n = spec.parameters.size();
  for (std::size_t base = 0; base < n; ++base) {
    if (!is_drawn_apart(spec.parameters[base].law) || !is_free(base)) continue;
    std::vector<std::size_t> same{base};
    for (std::size_t slot = 0; slot < n; ++slot)
      for (const Arm& arm : spec.arms)
        if (spec.parameters[slot].name == fmt::format("{}.{}", arm.name, spec.parameters[base].name) &&
            is_drawn_apart(spec.parameters[slot].law) && is_free(slot))
          same.push_back(slot);
    if (same.size() < 2) continue;
    const std::size_t size = same.size();
    spec.correlations.push_back({std::move(same), std::vector<double>(size * size, 1.0)});
  }
}

// Parameters that share a correlation, directly or through others, get one matrix.
void read_correlations(Reading& reading, ExperimentSpec& spec) {
  const Section& keys = section("correlation");
  const std::size_t n = spec.parameters.size();
  std::map<std::pair<std::size_t, std::size_t>, double> pairs;
  std::vector<std::size_t> group(n);
  for (std::size_t i = 0; i < n; ++i) group[i] = i;
  const auto tables = reading.tables_of(keys);
  SourceSpan last;
  for (std::size_t t = 0; t < tables.size(); ++t) {
    const Node& table = *tables[t];
    const std::string shown = shown_item(keys, table, t);
    if (!reading.check(table, keys, shown)) continue;
    SourcedFigure figure;
    figure.name = shown;
    figure.value = table.at("value");
    figure.at = table.where;
    figure.source.name = fmt::format("correlation of {}", listed(Reading::texts_at(table, "parameters")));
    figure.source.line = table.where.line;
    figure.source.reason = Reading::text_at(table, "choice");
    figure.source.note = Reading::text_at(table, "note");
    figure.source.evidence = reading.evidence_at(table);
    const bool chosen = table.find("choice") != nullptr;
    figure.source.kind = chosen ? FigureSource::Kind::choice : FigureSource::Kind::evidence;
    if (chosen == (table.find("evidence") != nullptr)) {
      reading.problem(
          table.where,
          fmt::format("{} {}", shown, chosen ? "has evidence and choice" : "doesn't say where it comes from"), "",
          "give one: evidence or choice");
      continue;
    }
    const auto value = measure(reading, figure, Unit::parse("1"), {-0.999, 0.999});
    std::vector<std::size_t> slots;
    for (const std::string& name : Reading::texts_at(table, "parameters")) {
      std::vector<std::string> names;
      for (const Parameter& parameter : spec.parameters)
        if (is_uncertain(parameter.law) && !std::holds_alternative<PosteriorLaw>(parameter.law))
          names.push_back(parameter.name);
      const auto at = std::find_if(spec.parameters.begin(), spec.parameters.end(),
                                   [&](const Parameter& p) { return p.name == name; });
      if (std::find(names.begin(), names.end(), name) == names.end()) {
        reading.problem(table.at("parameters")->where, fmt::format("'{}' is no uncertain parameter", name),
                        "only what is drawn can move together", spelling_cure(name, names, "uncertain are"));
        continue;
      }
      slots.push_back(static_cast<std::size_t>(at - spec.parameters.begin()));
    }
    if (Reading::texts_at(table, "parameters").size() < 2)
      reading.problem(table.where, fmt::format("{} names fewer than two parameters", shown), "", "name two or more");
    if (!value || slots.size() < 2) continue;
    last = table.where;
    for (const std::size_t a : slots)
      for (const std::size_t b : slots)
        if (a < b) {
          if (!pairs.emplace(std::pair(a, b), value->quantity.low).second)
            reading.problem(
                table.where,
                fmt::format("'{}' and '{}' have two correlations", spec.parameters[a].name, spec.parameters[b].name),
                "", "keep one");
          const std::size_t from = group[b], to = group[a];
          std::replace(group.begin(), group.end(), from, to);
        }
    note_source(reading, figure, as_written(*figure.value), "taken as given");
  }
  for (std::size_t g = 0; g < n; ++g) {
    Correlation correlation;
    for (std::size_t i = 0; i < n; ++i)
      if (group[i] == g) correlation.parameters.push_back(i);
    const std::size_t size = correlation.parameters.size();
    if (size < 2) continue;
    correlation.matrix.assign(size * size, 0);
    for (std::size_t i = 0; i < size; ++i)
      for (std::size_t k = 0; k < size; ++k) {
        const auto pair = pairs.find(std::minmax(correlation.parameters[i], correlation.parameters[k]));
        correlation.matrix[i * size + k] = i == k ? 1 : pair == pairs.end() ? 0 : pair->second;
      }
    std::vector<double> factor(size * size);  // Cholesky: it exists for a possible correlation only
    for (std::size_t i = 0; i < size; ++i)
      for (std::size_t k = 0; k <= i; ++k) {
        double rest = correlation.matrix[i * size + k];
        for (std::size_t m = 0; m < k; ++m) rest -= factor[i * size + m] * factor[k * size + m];
        if (i == k && rest <= 1e-9)
          return reading.problem(last, "these correlations can't hold together",
                                 "no joint law of the parameters has them", "bring them nearer to 0");
        factor[i * size + k] = i == k ? std::sqrt(rest) : rest / factor[k * size + k];
      }
    spec.correlations.push_back(std::move(correlation));
  }
  if (!reading.root.find("target")) share_luck_with_arms(spec);
}

}  // namespace desist
