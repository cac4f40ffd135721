// Small counts hidden from what is published, and others with them, so that none can be worked out from the rest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace desist {

/// Every count that is about to be published, and the sums among them. Whatever a reader can work out belongs in it:
/// where "48 of 50" is printed, the 2 that are left are a cell, and a count printed in two tables is one cell.
struct CountTable {
  struct Sum {
    std::size_t total = 0;  // a cell
    std::vector<std::size_t> parts;
  };
  std::vector<std::int64_t> counts;  // of each cell, totals too
  std::vector<Sum> sums;
};

/// A table of `rows` by `columns` inner counts with its totals: cell (r, c) has the number r (columns + 1) + c; the
/// last of each row and the last row are totals.
CountTable two_way_table(std::size_t rows, std::size_t columns, std::span<const std::int64_t> inner);

/// What is small. Fewer than ten people is the rule of thumb of the Office for National Statistics for its Secure
/// Research Service, and of the Handbook on Statistical Disclosure Control for Outputs (Safe Data Access Professionals
/// 2019).
struct SuppressionRule {
  std::int64_t least_shown = 10;  // counts from 1 to one less are small
  bool hide_zeros = false;        // a zero is hidden like a small count, where nobody knows it beforehand
  std::int64_t round_to = 1;      // shown counts are rounded to multiples: on top of hiding, never instead
};

enum class CellMark { shown, small, protecting };  // `protecting`: hidden lest a small one be worked out

struct Suppression {
  std::vector<CellMark> marks;
  /// What may be written: nothing for a hidden cell, small or protecting alike; else the count, rounded.
  std::vector<std::optional<std::int64_t>> published;
  /// The proof for a hidden cell: another count it has in a table that is published in the same way.
  std::vector<std::int64_t> other_value;
};

/// Marks small cells, and those that must be hidden with them.
///
/// A small cell of count a is protected by a second table of whole numbers that agrees with every sum and every shown
/// cell and has a + max(least_shown - 1, least_shown - a) there: a reader who solves for it is left with a range at
/// least as wide as that of the small counts, which reaches beyond them, so not even its smallness can be proved. The
/// second table is the cheapest change (Kelly, Golden & Assad 1992: a linear programme; a cell costs as many inner
/// cells as it adds up, a hidden one nothing); the cells it changes are hidden. Each is checked in whole numbers. Where
/// a programme has no whole solution (tables of three or more ways), everything is hidden that hangs together with the
/// cell. Cells whose hiding no proof needs are shown again. A reader is taken to know the rule: hidden cells are at
/// least 1 unless zeros are hidden too. Throws std::invalid_argument where a sum is wrong or a count is negative.
/// Verified by: small_counts_test.
Suppression suppress_small_counts(const CountTable& table, const SuppressionRule& rule);

/// True where a number derived from these cells (a percentage, a ratio, an interval) may be written: all are shown.
bool may_show(const Suppression& suppression, std::span<const std::size_t> cells);

/// The multiple of `base` next to a count, halves upwards.
std::int64_t rounded_to(std::int64_t count, std::int64_t base);

}  // namespace desist
