// The tidy tables of placebos: a row a point of the box, a row an envelope, a row a part.
#include <cmath>

#include "engine/core/text.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/table_cells.hpp"
#include "engine/report/tables.hpp"

namespace desist {
namespace {

Cell cell_of(double value) { return std::isnan(value) ? Cell{} : Cell{value}; }
Cell cell_of(const std::optional<double>& value) { return value ? cell_of(*value) : Cell{}; }
double count_of(std::uint64_t count) { return static_cast<double>(count); }

Table points_of_placebos(const ReportInput& input) {
  const auto& unknowns = input.null_programme.unknowns;
  std::vector<Column> columns{{"placebo", ""}, {"arm", ""}};
  for (const NullUnknown& unknown : unknowns) columns.push_back({unknown.name, ""});
  for (const char* name : {"matched",      "statistic",  "unit",      "estimate",        "low",
                           "high",         "mc_error",   "low_error", "high_error",      "printed_low",
                           "printed_high", "printed_is", "near",      "share_explained", "share_explained_error",
                           "mean_before",  "mean_after", "ratio",     "ratio_error",     "nothing_left_at",
                           "none_before",  "none_after", "futures",   "spread"})
    columns.push_back({name, ""});
  Table table(columns);
  for (std::size_t p = 0; p < input.null_results.placebos.size(); ++p) {
    const Placebo& placebo = input.placebos.at(p);
    for (const PlaceboPoint& law : input.null_results.placebos[p].points) {
      const NullPoint& point = input.null_results.points[law.point];
      std::vector<Cell> row{placebo.name, input.arms.at(point.arm).name};
      for (std::size_t u = 0; u < unknowns.size(); ++u)
        row.push_back(point.levels[u] ? Cell{unknowns[u].levels[*point.levels[u]]} : Cell{});
      for (Cell& each : std::vector<Cell>{cell_of(point.matched),
                                          std::string("fall"),
                                          std::string("log ratio"),
                                          cell_of(law.mean),
                                          cell_of(law.low),
                                          cell_of(law.high),
                                          cell_of(law.mc_error),
                                          cell_of(law.low_error),
                                          cell_of(law.high_error),
                                          placebo.fall_least(),
                                          placebo.fall_most(),
                                          fall_position(law.printed),
                                          std::string(law.is_near ? "yes" : "no"),
                                          cell_of(law.explained),
                                          cell_of(law.explained_error),
                                          cell_of(law.mean_before),
                                          cell_of(law.mean_after),
                                          cell_of(law.ratio),
                                          cell_of(law.ratio_error),
                                          cell_of(law.nothing_left),
                                          count_of(law.none_before),
                                          count_of(law.none_after),
                                          count_of(law.futures),
                                          std::string("futures")})
        row.push_back(std::move(each));
      table.add(std::move(row));
    }
  }
  return table;
}

Table envelopes_of_placebos(const ReportInput& input) {
  Table table({{"placebo", ""},
               {"over", ""},
               {"level", ""},
               {"points", ""},
               {"near", ""},
               {"unit", ""},
               {"mean_low", ""},
               {"mean_high", ""},
               {"low", ""},
               {"high", ""},
               {"printed_low", ""},
               {"printed_high", ""},
               {"share_explained_low", ""},
               {"share_explained_high", ""},
               {"verdict", ""},
               {"spread", ""}});
  for (std::size_t p = 0; p < input.null_results.placebos.size(); ++p) {
    const Placebo& placebo = input.placebos.at(p);
    const PlaceboResult& result = input.null_results.placebos[p];
    const auto add = [&](const std::string& over, const PlaceboEnvelope& each) {
      if (each.points == 0) return;
      table.add({placebo.name, over, each.unknown ? Cell{each.level} : Cell{}, static_cast<double>(each.points),
                 static_cast<double>(each.near), std::string("log ratio"), cell_of(each.mean_low),
                 cell_of(each.mean_high), cell_of(each.low), cell_of(each.high), placebo.fall_least(),
                 placebo.fall_most(), cell_of(each.explained_low), cell_of(each.explained_high),
                 placebo_verdict_words(each.verdict), std::string("futures")});
    };
    add("all", result.all);
    for (const PlaceboEnvelope& arm : result.arms) add(arm.arm, arm);
    for (const PlaceboEnvelope& level : result.levels) add(input.null_programme.unknowns[*level.unknown].name, level);
  }
  return table;
}

Table parts_of_placebos(const ReportInput& input) {
  Table table({{"placebo", ""},
               {"part", ""},
               {"people", ""},
               {"before", ""},
               {"after", ""},
               {"ratio", ""},
               {"nothing_left_low", ""},
               {"nothing_left_high", ""},
               {"low_error", ""},
               {"high_error", ""},
               {"points", ""},
               {"held_against", ""}});
  for (std::size_t p = 0; p < input.null_results.placebos.size(); ++p) {
    const Placebo& placebo = input.placebos.at(p);
    const PlaceboResult& result = input.null_results.placebos[p];
    for (std::size_t i = 0; i < result.parts.size(); ++i) {
      const PlaceboPart& part = placebo.parts[i];
      const PartLeft& left = result.parts[i];
      const auto share = [&](double value) { return left.points > 0 ? number(value) : Cell{}; };
      table.add({placebo.name, part.name, cell_of(part.people), part.before, part.after, placebo.ratio_of(part),
                 share(left.least), share(left.most), share(left.least_error), share(left.most_error),
                 whole(left.points), std::string(left.is_own ? "its own people" : "all people")});
    }
  }
  return table;
}

}  // namespace

std::vector<NamedText> placebo_files(const ReportInput& input) {
  std::vector<NamedText> files;
  const std::pair<const char*, Table> all[] = {{"placebo.csv", points_of_placebos(input)},
                                               {"placebo_envelopes.csv", envelopes_of_placebos(input)},
                                               {"placebo_parts.csv", parts_of_placebos(input)}};
  for (const auto& [name, table] : all)
    if (!table.empty()) files.push_back({name, table.csv()});
  return files;
}

}  // namespace desist
