#include "engine/data/small_counts.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/data/linear_program.hpp"

namespace desist {
namespace {

using Change = std::vector<std::int64_t>;  // of each cell

void check(const CountTable& table) {
  for (std::size_t i = 0; i < table.counts.size(); ++i)
    if (table.counts[i] < 0) throw std::invalid_argument(fmt::format("cell {} has a negative count", i));
  for (const CountTable::Sum& sum : table.sums) {
    std::int64_t parts = 0;
    for (const std::size_t part : sum.parts) parts += table.counts.at(part);
    if (parts != table.counts.at(sum.total))
      throw std::invalid_argument(
          fmt::format("cell {} is {}, but its parts add up to {}", sum.total, table.counts[sum.total], parts));
  }
}

// How many inner cells each cell adds up, by one of its sums: the price of hiding it.
std::vector<double> prices(const CountTable& table) {
  std::vector<double> price(table.counts.size(), 1);
  for (std::size_t pass = 0; pass < table.sums.size(); ++pass) {  // totals of totals settle within as many passes
    bool moved = false;
    for (const CountTable::Sum& sum : table.sums) {
      double parts = 1;
      for (const std::size_t part : sum.parts) parts += price[part];
      if (parts > price[sum.total] && parts < 1e6) {
        price[sum.total] = parts;
        moved = true;
      }
    }
    if (!moved) break;
  }
  return price;
}

class Protector {
 public:
  Protector(const CountTable& table, const SuppressionRule& rule)
      : table_(table), rule_(rule), price_(prices(table)), marks_(table.counts.size(), CellMark::shown) {}

  Suppression run() {
    for (std::size_t i = 0; i < marks_.size(); ++i)
      if (is_small(table_.counts[i])) marks_[i] = CellMark::small;
    proofs_.resize(marks_.size());
    for (std::size_t i = 0; i < marks_.size(); ++i)
      if (marks_[i] == CellMark::small) protect(i);
    show_what_no_proof_needs();
    return result();
  }

 private:
  bool is_small(std::int64_t count) const { return count == 0 ? rule_.hide_zeros : count < rule_.least_shown; }
  std::int64_t least_hidden() const { return rule_.hide_zeros ? 0 : 1; }
  // Cells that a proof may change: a shown zero never, since a reader knows that hidden cells are none.
  bool may_change(std::size_t cell, bool hidden_only) const {
    return (!hidden_only || marks_[cell] != CellMark::shown) && table_.counts[cell] >= least_hidden();
  }
  std::int64_t wanted_change(std::size_t cell) const {
    return std::max(rule_.least_shown - 1, rule_.least_shown - table_.counts[cell]);
  }

  void protect(std::size_t cell) {
    if (auto proof = change_of(cell, false)) {
      for (std::size_t i = 0; i < marks_.size(); ++i)
        if ((*proof)[i] != 0 && marks_[i] == CellMark::shown) marks_[i] = CellMark::protecting;
      proofs_[cell] = std::move(*proof);
    } else {
      hide_all_around(cell);
    }
  }

  // The cheapest change of the table that raises a cell as far as is wanted.
  std::optional<Change> change_of(std::size_t cell, bool hidden_only) const {
    const auto wanted = static_cast<double>(wanted_change(cell));
    std::vector<std::size_t> cells;  // that may change, but for this one
    for (std::size_t i = 0; i < marks_.size(); ++i)
      if (i != cell && may_change(i, hidden_only)) cells.push_back(i);
    // Columns: the rise of each, the fall of each, what is left of its greatest fall.
    LinearProgram program;
    const std::size_t n = cells.size();
    program.cost.assign(3 * n, 0.0);
    for (std::size_t k = 0; k < n; ++k)
      if (marks_[cells[k]] == CellMark::shown) program.cost[k] = program.cost[n + k] = price_[cells[k]];
    std::vector<std::optional<std::size_t>> column(marks_.size());
    for (std::size_t k = 0; k < n; ++k) column[cells[k]] = k;
    for (const CountTable::Sum& sum : table_.sums) {
      std::vector<double> row(3 * n, 0.0);
      double right = 0;
      bool touched = false;
      const auto add = [&](std::size_t at, double sign) {
        if (at == cell) right -= sign * wanted;
        if (column[at]) {
          row[*column[at]] += sign;
          row[n + *column[at]] -= sign;
        }
        touched = touched || at == cell || column[at];
      };
      for (const std::size_t part : sum.parts) add(part, 1);
      add(sum.total, -1);
      if (!touched) continue;
      if (right < 0) {
        right = -right;
        for (double& each : row) each = -each;
      }
      program.rows.push_back(std::move(row));
      program.right.push_back(right);
    }
    for (std::size_t k = 0; k < n; ++k) {
      std::vector<double> row(3 * n, 0.0);
      row[n + k] = row[2 * n + k] = 1;
      program.rows.push_back(std::move(row));
      program.right.push_back(static_cast<double>(table_.counts[cells[k]] - least_hidden()));
    }
    const auto solution = solve(program);
    if (!solution) return std::nullopt;
    Change change(marks_.size(), 0);
    change[cell] = wanted_change(cell);
    for (std::size_t k = 0; k < n; ++k) change[cells[k]] = std::llround((*solution)[k] - (*solution)[n + k]);
    return proves(change, hidden_only) ? std::optional(std::move(change)) : std::nullopt;
  }

  // In whole numbers: the changed table agrees with all sums, changes only what it may, and has no forbidden count.
  bool proves(const Change& change, bool hidden_only) const {
    for (std::size_t i = 0; i < change.size(); ++i)
      if (change[i] != 0 && (!may_change(i, hidden_only) || table_.counts[i] + change[i] < least_hidden()))
        return false;
    return std::all_of(table_.sums.begin(), table_.sums.end(), [&](const CountTable::Sum& sum) {
      std::int64_t parts = 0;
      for (const std::size_t part : sum.parts) parts += change[part];
      return parts == change[sum.total];
    });
  }

  // Every cell that a chain of sums joins to this one.
  void hide_all_around(std::size_t cell) {
    std::vector<bool> reached(marks_.size(), false);
    reached[cell] = true;
    for (bool grown = true; grown;) {
      grown = false;
      for (const CountTable::Sum& sum : table_.sums) {
        std::vector<std::size_t> members = sum.parts;
        members.push_back(sum.total);
        const bool any = std::any_of(members.begin(), members.end(), [&](std::size_t i) { return reached[i]; });
        if (!any) continue;
        for (const std::size_t member : members) {
          grown = grown || !reached[member];
          reached[member] = true;
        }
      }
    }
    for (std::size_t i = 0; i < marks_.size(); ++i) {
      if (!reached[i]) continue;
      if (marks_[i] == CellMark::shown) marks_[i] = CellMark::protecting;
      kept_hidden_.push_back(i);
    }
  }

  bool needed(std::size_t cell) const {
    if (std::find(kept_hidden_.begin(), kept_hidden_.end(), cell) != kept_hidden_.end()) return true;
    return std::any_of(proofs_.begin(), proofs_.end(),
                       [cell](const Change& proof) { return !proof.empty() && proof[cell] != 0; });
  }

  // Dearest first: a protecting cell is shown again where every proof that changes it has another one without it.
  void show_what_no_proof_needs() {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < marks_.size(); ++i)
      if (marks_[i] == CellMark::protecting) order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return price_[a] > price_[b]; });
    for (const std::size_t cell : order) {
      if (std::find(kept_hidden_.begin(), kept_hidden_.end(), cell) != kept_hidden_.end()) continue;
      marks_[cell] = CellMark::shown;
      const std::vector<Change> before = proofs_;
      for (std::size_t i = 0; i < proofs_.size() && marks_[cell] == CellMark::shown; ++i) {
        if (proofs_[i].empty() || proofs_[i][cell] == 0) continue;
        auto proof = change_of(i, true);
        if (proof)
          proofs_[i] = std::move(*proof);
        else
          marks_[cell] = CellMark::protecting;
      }
      if (marks_[cell] != CellMark::shown) proofs_ = before;
    }
    for (const std::size_t cell : order)
      if (!needed(cell)) marks_[cell] = CellMark::shown;
  }

  Suppression result() const {
    Suppression suppression{marks_, {}, table_.counts};
    for (std::size_t i = 0; i < marks_.size(); ++i) {
      const bool shown = marks_[i] == CellMark::shown;
      suppression.published.push_back(shown ? std::optional(rounded_to(table_.counts[i], rule_.round_to))
                                            : std::nullopt);
      if (shown) continue;
      const Change* proof = proofs_[i].empty() ? nullptr : &proofs_[i];
      for (std::size_t k = 0; k < proofs_.size() && proof == nullptr; ++k)
        if (!proofs_[k].empty() && proofs_[k][i] != 0) proof = &proofs_[k];
      // Without a proof everything around is hidden: the whole table may be twice as large.
      suppression.other_value[i] += proof != nullptr ? (*proof)[i] : std::max<std::int64_t>(table_.counts[i], 1);
    }
    return suppression;
  }

  const CountTable& table_;
  SuppressionRule rule_;
  std::vector<double> price_;
  std::vector<CellMark> marks_;
  std::vector<Change> proofs_;            // of small cells
  std::vector<std::size_t> kept_hidden_;  // around a cell without a proof
};

}  // namespace

CountTable two_way_table(std::size_t rows, std::size_t columns, std::span<const std::int64_t> inner) {
  if (inner.size() != rows * columns) throw std::invalid_argument("a two-way table of another size");
  const std::size_t width = columns + 1;
  CountTable table{std::vector<std::int64_t>((rows + 1) * width, 0), {}};
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c)
      for (const std::size_t cell : {r * width + c, r * width + columns, rows * width + c, rows * width + columns})
        table.counts[cell] += inner[r * columns + c];
  for (std::size_t r = 0; r <= rows; ++r) {
    CountTable::Sum sum{r * width + columns, {}};
    for (std::size_t c = 0; c < columns; ++c) sum.parts.push_back(r * width + c);
    table.sums.push_back(sum);
  }
  for (std::size_t c = 0; c <= columns; ++c) {
    CountTable::Sum sum{rows * width + c, {}};
    for (std::size_t r = 0; r < rows; ++r) sum.parts.push_back(r * width + c);
    table.sums.push_back(sum);
  }
  return table;
}

Suppression suppress_small_counts(const CountTable& table, const SuppressionRule& rule) {
  if (rule.least_shown < 2 || rule.round_to < 1)
    throw std::invalid_argument("counts are shown from 2 on at least, and rounded to multiples of 1 or more");
  check(table);
  return Protector(table, rule).run();
}

bool may_show(const Suppression& suppression, std::span<const std::size_t> cells) {
  return std::all_of(cells.begin(), cells.end(),
                     [&](std::size_t cell) { return suppression.marks.at(cell) == CellMark::shown; });
}

std::int64_t rounded_to(std::int64_t count, std::int64_t base) { return (count + base / 2) / base * base; }

}  // namespace desist
