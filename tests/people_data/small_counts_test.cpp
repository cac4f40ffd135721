// Small counts are hidden so that a reader with linear algebra, interval bounds and enumeration can't find them: tried
// on thousands of random tables, after the same reader has been shown to break tables in which only small cells are
// hidden.
#include "engine/data/small_counts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/data/linear_program.hpp"
#include "tests/sanitized.hpp"

namespace desist {
namespace {

using test::trials;

using Hidden = std::vector<bool>;

constexpr std::int64_t unbounded = std::numeric_limits<std::int64_t>::max() / 4;

struct Bounds {
  std::int64_t low, high;
};

/// What a reader works out of each hidden cell. Interval bounds are carried through the sums until nothing moves; then
/// sums are combined by elimination over the rationals (in doubles: coefficients are small whole numbers), and the
/// combinations are used in the same way.
class Reader {
 public:
  Reader(const CountTable& table, const Hidden& hidden, std::int64_t least) : table_(table) {
    for (std::size_t i = 0; i < hidden.size(); ++i)
      bounds_.push_back(hidden[i] ? Bounds{least, unbounded} : Bounds{table.counts[i], table.counts[i]});
    for (const CountTable::Sum& sum : table.sums) {
      std::vector<double> row(hidden.size() + 1, 0.0);
      for (const std::size_t part : sum.parts) row[part] += 1;
      row[sum.total] -= 1;
      for (std::size_t i = 0; i < hidden.size(); ++i)
        if (!hidden[i]) {
          row.back() -= row[i] * static_cast<double>(table.counts[i]);
          row[i] = 0;
        }
      rows_.push_back(row);
    }
    const auto plain = rows_;
    eliminate();
    rows_.insert(rows_.end(), plain.begin(), plain.end());
    while (tighten()) {
    }
  }

  const Bounds& operator[](std::size_t cell) const { return bounds_[cell]; }

 private:
  void eliminate() {
    std::size_t rank = 0;
    for (std::size_t column = 0; column < table_.counts.size() && rank < rows_.size(); ++column) {
      std::size_t pivot = rank;
      for (std::size_t i = rank; i < rows_.size(); ++i)
        if (std::fabs(rows_[i][column]) > std::fabs(rows_[pivot][column])) pivot = i;
      if (std::fabs(rows_[pivot][column]) < 1e-9) continue;
      std::swap(rows_[pivot], rows_[rank]);
      const double scale = 1 / rows_[rank][column];
      for (double& each : rows_[rank]) each *= scale;
      for (std::size_t i = 0; i < rows_.size(); ++i) {
        const double factor = rows_[i][column];
        if (i == rank || factor == 0) continue;
        for (std::size_t j = 0; j < rows_[i].size(); ++j) rows_[i][j] -= factor * rows_[rank][j];
      }
      ++rank;
    }
    rows_.resize(rank);
  }

  // x_i = (right - the rest)/a_i, with each of the rest at the end of its interval.
  bool tighten() {
    bool moved = false;
    for (const auto& row : rows_) {
      for (std::size_t i = 0; i + 1 < row.size(); ++i) {
        if (std::fabs(row[i]) < 1e-9) continue;
        double low = row.back(), high = row.back();
        for (std::size_t j = 0; j + 1 < row.size(); ++j) {
          if (j == i || std::fabs(row[j]) < 1e-9) continue;
          const double one = row[j] * static_cast<double>(bounds_[j].low),
                       other = row[j] * static_cast<double>(bounds_[j].high);
          low -= std::max(one, other);
          high -= std::min(one, other);
        }
        if (row[i] < 0) std::swap(low, high);
        low /= row[i], high /= row[i];
        if (low > static_cast<double>(bounds_[i].low) + 1e-6) {
          bounds_[i].low = static_cast<std::int64_t>(std::ceil(low - 1e-6));
          moved = true;
        }
        if (high < static_cast<double>(bounds_[i].high) - 0.5 && high < 1e12) {
          const auto whole = static_cast<std::int64_t>(std::floor(high + 1e-6));
          moved = moved || whole < bounds_[i].high;
          bounds_[i].high = std::min(bounds_[i].high, whole);
        }
      }
    }
    return moved;
  }

  const CountTable& table_;
  std::vector<std::vector<double>> rows_;
  std::vector<Bounds> bounds_;
};

Hidden hidden_of(const Suppression& suppression) {
  Hidden hidden;
  for (const CellMark mark : suppression.marks) hidden.push_back(mark != CellMark::shown);
  return hidden;
}

Hidden only_small(const CountTable& table, const SuppressionRule& rule) {
  Hidden hidden;
  for (const std::int64_t count : table.counts)
    hidden.push_back(count == 0 ? rule.hide_zeros : count < rule.least_shown);
  return hidden;
}

struct Found {
  int cells = 0;     // small cells whose count was found
  int narrowed = 0;  // small cells known to be below the least shown count
};

Found attack(const CountTable& table, const SuppressionRule& rule, const Hidden& hidden) {
  const Reader reader(table, hidden, rule.hide_zeros ? 0 : 1);
  const Hidden small = only_small(table, rule);
  Found found;
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    if (!small[i]) continue;
    found.cells += reader[i].low == reader[i].high ? 1 : 0;
    found.narrowed += reader[i].high < rule.least_shown ? 1 : 0;
  }
  return found;
}

/// The published tables that agree with another table of whole numbers, cell by cell.
void expect_proved(const CountTable& table, const SuppressionRule& rule, const Suppression& suppression) {
  for (std::size_t i = 0; i < table.counts.size(); ++i) {
    const bool small = only_small(table, rule)[i];
    if (small) {
      EXPECT_EQ(suppression.marks[i], CellMark::small);
    }
    if (suppression.marks[i] == CellMark::shown) {
      EXPECT_EQ(suppression.published[i], table.counts[i]);
      continue;
    }
    EXPECT_FALSE(suppression.published[i].has_value());
    EXPECT_NE(suppression.other_value[i], table.counts[i]) << "cell " << i;
    if (small) {
      EXPECT_GE(suppression.other_value[i], rule.least_shown);
    }
  }
}

CountTable random_table(std::mt19937_64& luck, std::size_t rows, std::size_t columns) {
  std::vector<std::int64_t> inner;
  for (std::size_t i = 0; i < rows * columns; ++i) {
    const auto kind = luck() % 10;
    inner.push_back(static_cast<std::int64_t>(kind == 0 ? 0 : kind < 4 ? 1 + luck() % 9 : 10 + luck() % 90));
  }
  return two_way_table(rows, columns, inner);
}

/// Regions of areas, by outcome: totals of totals.
CountTable nested_table(std::mt19937_64& luck) {
  CountTable table;
  const std::size_t outcomes = 2 + luck() % 2, areas = 3;
  const auto add = [&](std::int64_t count) {
    table.counts.push_back(count);
    return table.counts.size() - 1;
  };
  const auto total_of = [&](const std::vector<std::size_t>& parts) {
    std::int64_t count = 0;
    for (const std::size_t part : parts) count += table.counts[part];
    const std::size_t total = add(count);
    table.sums.push_back({total, parts});
    return total;
  };
  std::vector<std::size_t> region_totals;
  std::vector<std::vector<std::size_t>> by_outcome(outcomes);
  for (int region = 0; region < 2; ++region) {
    std::vector<std::size_t> all;
    std::vector<std::vector<std::size_t>> of_outcome(outcomes);
    std::vector<std::size_t> area_totals;
    for (std::size_t area = 0; area < areas; ++area) {
      std::vector<std::size_t> cells;
      for (std::size_t k = 0; k < outcomes; ++k) {
        cells.push_back(add(static_cast<std::int64_t>(luck() % 3 == 0 ? luck() % 10 : 10 + luck() % 40)));
        of_outcome[k].push_back(cells.back());
      }
      area_totals.push_back(total_of(cells));
    }
    std::vector<std::size_t> outcome_totals;
    for (std::size_t k = 0; k < outcomes; ++k) {
      outcome_totals.push_back(total_of(of_outcome[k]));
      by_outcome[k].push_back(outcome_totals.back());
    }
    region_totals.push_back(total_of(area_totals));
    table.sums.push_back({region_totals.back(), outcome_totals});
  }
  std::vector<std::size_t> grand;
  for (const auto& parts : by_outcome) grand.push_back(total_of(parts));
  const std::size_t all = total_of(region_totals);
  table.sums.push_back({all, grand});
  return table;
}

TEST(SmallCountsTest, AReaderBreaksTablesInWhichOnlySmallCellsAreHidden) {
  std::mt19937_64 luck(1);
  int broken = 0;
  for (int run = 0; run < trials(500); ++run) {
    const CountTable table = random_table(luck, 2 + luck() % 4, 2 + luck() % 3);
    broken += attack(table, {}, only_small(table, {})).cells > 0 ? 1 : 0;
  }
  EXPECT_GT(broken, trials(100));
}

TEST(SmallCountsTest, NoReaderBreaksTwoWayTables) {
  for (const SuppressionRule& rule : {SuppressionRule{}, SuppressionRule{5, false, 1}, SuppressionRule{10, true, 1}}) {
    std::mt19937_64 luck(2);
    for (int run = 0; run < trials(1000); ++run) {
      const CountTable table = random_table(luck, 2 + luck() % 4, 2 + luck() % 3);
      const Suppression suppression = suppress_small_counts(table, rule);
      const Found found = attack(table, rule, hidden_of(suppression));
      ASSERT_EQ(found.cells, 0) << "run " << run;
      ASSERT_EQ(found.narrowed, 0) << "run " << run;
      expect_proved(table, rule, suppression);
      if (HasFailure()) FAIL() << "run " << run;
    }
  }
}

TEST(SmallCountsTest, NoReaderBreaksTablesOfRegionsAndAreas) {
  std::mt19937_64 luck(3);
  int broken_before = 0;
  for (int run = 0; run < trials(300); ++run) {
    const CountTable table = nested_table(luck);
    broken_before += attack(table, {}, only_small(table, {})).cells > 0 ? 1 : 0;
    const Suppression suppression = suppress_small_counts(table, {});
    ASSERT_EQ(attack(table, {}, hidden_of(suppression)).cells, 0) << "run " << run;
    ASSERT_EQ(attack(table, {}, hidden_of(suppression)).narrowed, 0) << "run " << run;
    expect_proved(table, {}, suppression);
    if (HasFailure()) FAIL() << "run " << run;
  }
  EXPECT_GT(broken_before, trials(100));
}

/// Every two-by-two table of whole numbers that is published alike, by trying all: what is possible of each inner cell.
TEST(SmallCountsTest, EnumerationFindsWhatTheProofsSay) {
  std::mt19937_64 luck(4);
  for (int run = 0; run < trials(40); ++run) {
    const CountTable table = random_table(luck, 2, 2);
    const Suppression suppression = suppress_small_counts(table, {});
    const Hidden hidden = hidden_of(suppression);
    std::vector<std::vector<bool>> possible(4, std::vector<bool>(240, false));
    std::vector<std::int64_t> inner(4);
    const std::int64_t most = 119;  // above every inner count and its change
    const auto low = [&](std::size_t k) { return hidden[k < 2 ? k : k + 1] ? 1 : table.counts[k < 2 ? k : k + 1]; };
    const auto high = [&](std::size_t k) { return hidden[k < 2 ? k : k + 1] ? most : low(k); };
    for (inner[0] = low(0); inner[0] <= high(0); ++inner[0])
      for (inner[1] = low(1); inner[1] <= high(1); ++inner[1]) {
        if (!hidden[2] && inner[0] + inner[1] != table.counts[2]) continue;
        for (inner[2] = low(2); inner[2] <= high(2); ++inner[2]) {
          if (!hidden[6] && inner[0] + inner[2] != table.counts[6]) continue;
          for (inner[3] = low(3); inner[3] <= high(3); ++inner[3]) {
            if (!hidden[5] && inner[2] + inner[3] != table.counts[5]) continue;
            if (!hidden[7] && inner[1] + inner[3] != table.counts[7]) continue;
            if (!hidden[8] && inner[0] + inner[1] + inner[2] + inner[3] != table.counts[8]) continue;
            for (std::size_t k = 0; k < 4; ++k) possible[k][static_cast<std::size_t>(inner[k])] = true;
          }
        }
      }
    for (std::size_t k = 0; k < 4; ++k) {
      const std::size_t cell = k < 2 ? k : k + 1;
      if (!hidden[cell] || suppression.other_value[cell] > most) continue;
      EXPECT_TRUE(possible[k][static_cast<std::size_t>(table.counts[cell])]);
      EXPECT_TRUE(possible[k][static_cast<std::size_t>(suppression.other_value[cell])]) << "run " << run;
    }
    if (HasFailure()) return;
  }
}

TEST(SmallCountsTest, HidesAsLittleAsItNeeds) {
  // 1 and 30 reoffended of 54 and 105: all four inner cells of the two groups, no total.
  const CountTable table = two_way_table(2, 2, std::vector<std::int64_t>{1, 53, 30, 75});
  const Suppression suppression = suppress_small_counts(table, {});
  using enum CellMark;
  EXPECT_THAT(suppression.marks,
              testing::ElementsAre(small, protecting, shown, protecting, protecting, shown, shown, shown, shown));
  EXPECT_THAT(suppression.published[2], testing::Optional(54));
  EXPECT_TRUE(may_show(suppression, std::vector<std::size_t>{2, 5}));
  EXPECT_FALSE(may_show(suppression, std::vector<std::size_t>{3, 5}));  // 30 of 105 as a percentage gives 30 away
}

TEST(SmallCountsTest, ATableWithoutSmallCountsIsShownWhole) {
  const CountTable table = two_way_table(2, 2, std::vector<std::int64_t>{10, 0, 33, 12});
  for (const CellMark mark : suppress_small_counts(table, {}).marks) EXPECT_EQ(mark, CellMark::shown);
}

TEST(SmallCountsTest, RoundingComesOnTop) {
  const CountTable table = two_way_table(1, 2, std::vector<std::int64_t>{42, 33});
  const Suppression suppression = suppress_small_counts(table, {10, false, 5});
  EXPECT_THAT(suppression.published[0], testing::Optional(40));
  EXPECT_THAT(suppression.published[1], testing::Optional(35));
  EXPECT_THAT(suppression.published[2], testing::Optional(75));
  EXPECT_EQ(rounded_to(12, 5), 10);
  EXPECT_EQ(rounded_to(13, 5), 15);
  EXPECT_EQ(rounded_to(5, 10), 10);
}

TEST(SmallCountsTest, RefusesSumsThatAreWrong) {
  EXPECT_THROW(suppress_small_counts({{1, 2, 4}, {{2, {0, 1}}}}, {}), std::invalid_argument);
  EXPECT_THROW(suppress_small_counts({{-1}, {}}, {}), std::invalid_argument);
  EXPECT_THROW(suppress_small_counts({{1}, {}}, {1, false, 1}), std::invalid_argument);
}

TEST(LinearProgramTest, FindsTheLeastVertex) {
  // Least of -x - 2y with x + y + s = 4, x + 3y + t = 6: x = 3, y = 1.
  const auto x = solve({{-1, -2, 0, 0}, {{1, 1, 1, 0}, {1, 3, 0, 1}}, {4, 6}});
  ASSERT_TRUE(x);
  EXPECT_NEAR((*x)[0], 3, 1e-12);
  EXPECT_NEAR((*x)[1], 1, 1e-12);
  EXPECT_FALSE(solve({{1, 1}, {{1, 1}, {1, 1}}, {1, 2}}));       // no x
  EXPECT_FALSE(solve({{-1, 0}, {{1, -1}}, {1}}));                // no least
  const auto twice = solve({{1, 1}, {{1, 1}, {1, 1}}, {2, 2}});  // a row said twice
  ASSERT_TRUE(twice);
  EXPECT_NEAR((*twice)[0] + (*twice)[1], 2, 1e-12);
}

}  // namespace
}  // namespace desist
