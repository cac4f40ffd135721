#include "tests/coverage/simulation.hpp"

#include <cmath>

#include <fmt/format.h>

namespace desist::coverage {

Tallies::Method& Tallies::method(const std::string& name) {
  for (Method& each : methods_) {
    if (each.name == name) return each;
  }
  return methods_.emplace_back(Method{name});
}

void Tallies::interval(const std::string& name, const std::optional<statistics::Interval>& found, double truth) {
  Method& counts = method(name);
  counts.yes += !found || found->contains(truth) ? 1 : 0;
  counts.none += found ? 0 : 1;
}

void Tallies::test(const std::string& name, const std::optional<double>& p) {
  Method& counts = method(name);
  counts.yes += p && *p <= 0.05 ? 1 : 0;
  counts.none += p ? 0 : 1;
}

ResultTable run(const Simulation& simulation) {
  ResultTable table{simulation.name, simulation.words, simulation.first, simulation.columns, {}};
  const double all = static_cast<double>(simulation.replicates);
  for (std::size_t column = 0; column < simulation.columns.size(); ++column) {
    Tallies tallies;
    for (std::int64_t r = 0; r < simulation.replicates; ++r)
      simulation.replicate(column, Streams(1, column, static_cast<std::uint64_t>(r)), tallies);
    for (std::size_t m = 0; m < tallies.methods().size(); ++m) {
      const Tallies::Method& method = tallies.methods()[m];
      if (column == 0) table.rows.push_back({method.name, {}});
      const double share = static_cast<double>(method.yes) / all, none = static_cast<double>(method.none) / all;
      table.rows[m].cells.push_back(fmt::format("{:.1f} ± {:.1f}{}", 100 * share,
                                                100 * std::sqrt(share * (1 - share) / all),
                                                method.none > 0 ? fmt::format(" (none {:.1f})", 100 * none) : ""));
    }
  }
  return table;
}

std::vector<Simulation> simulations(const Sizes& sizes) {
  std::vector<Simulation> all;
  for (const auto& part : {simulations_of_groups(sizes), simulations_of_counts(sizes), simulations_of_times(sizes)})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace desist::coverage
