#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <stdexcept>

#include "engine/core/executor.hpp"
#include "engine/estimation/resampling.hpp"
#include "engine/estimation/uniform_index.hpp"

namespace desist::estimation {

namespace {

constexpr Purpose assignment_purpose("random assignment");
constexpr std::size_t draws_a_task = 256;

/// The rows of a block, of which `chosen` are treated.
struct Block {
  std::vector<std::size_t> rows;
  std::size_t chosen = 0;
};

std::vector<Block> blocks_of(std::size_t rows, const Assignment& assignment) {
  if (rows == 0 || assignment.treated.size() != rows)
    throw std::invalid_argument("assignments and rows differ in number");
  if (!assignment.block.empty() && assignment.block.size() != rows)
    throw std::invalid_argument("blocks and rows differ in number");
  if (rows > UniformIndex::most) throw std::invalid_argument("there are too many rows to reassign");
  std::map<std::uint32_t, Block> by_label;
  for (std::size_t i = 0; i < rows; ++i) {
    Block& block = by_label[assignment.block.empty() ? 0 : assignment.block[i]];
    block.rows.push_back(i);
    if (assignment.treated[i]) ++block.chosen;
  }
  std::vector<Block> found;
  for (auto& [label, block] : by_label) found.push_back(std::move(block));
  return found;
}

/// Product of binomial coefficients, as a double: it may be beyond any whole number.
double number_of_assignments(const std::vector<Block>& blocks) {
  double product = 1;
  for (const Block& block : blocks) {
    double ways = 1;
    for (std::size_t i = 1; i <= block.chosen; ++i)
      ways = ways * static_cast<double>(block.rows.size() - block.chosen + i) / static_cast<double>(i);
    product *= std::round(ways);
  }
  return product;
}

/// Judges assignments by the sums over their treated rows.
class Judge {
 public:
  Judge(const SummedRows& rows, const StatisticOfSums& statistic, statistics::Alternative alternative)
      : rows_(rows), statistic_(statistic), alternative_(alternative), total_(rows.columns) {
    for (std::size_t i = 0; i < rows.values.size(); ++i) total_[i % rows.columns] += rows.values[i];
  }

  double value(std::span<const double> treated, std::vector<double>& both) const {
    both.assign(treated.begin(), treated.end());
    for (std::size_t c = 0; c < rows_.columns; ++c) both.push_back(total_[c] - treated[c]);
    return statistic_(both);
  }
  void observe(double observed) {
    observed_ = observed;
    slack_ = std::isfinite(observed) ? 1e-9 * std::abs(observed) : 0;
  }
  double observed() const { return observed_; }
  bool as_extreme(double value) const {
    switch (alternative_) {
      case statistics::Alternative::two_sided:
        return std::abs(value) >= std::abs(observed_) - slack_;
      case statistics::Alternative::less:
        return value <= observed_ + slack_;
      case statistics::Alternative::greater:
        return value >= observed_ - slack_;
    }
    return false;
  }
  void add(std::span<double> sums, std::size_t row) const {
    for (std::size_t c = 0; c < rows_.columns; ++c) sums[c] += rows_.values[row * rows_.columns + c];
  }
  std::size_t columns() const { return rows_.columns; }

 private:
  const SummedRows& rows_;
  const StatisticOfSums& statistic_;
  statistics::Alternative alternative_;
  std::vector<double> total_;
  double observed_ = 0;
  double slack_ = 0;
};

struct Counts {
  std::uint64_t looked_at = 0;
  std::uint64_t as_extreme = 0;
  std::uint64_t undefined = 0;
  void note(const Judge& judge, double value) {
    ++looked_at;
    if (std::isnan(value)) {
      ++undefined;
    } else if (judge.as_extreme(value)) {
      ++as_extreme;
    }
  }
};

/// Every choice in block b and the blocks after it, on top of the sums of the blocks before; choices in lexicographic
/// order, so that sums are made in the order of rows.
void enumerate(const Judge& judge, const std::vector<Block>& blocks, std::size_t b, std::size_t next,
               std::size_t wanted, const std::vector<double>& sums, std::vector<double>& both, Counts& counts) {
  if (wanted == 0) {
    if (b + 1 == blocks.size()) {
      counts.note(judge, judge.value(sums, both));
    } else {
      enumerate(judge, blocks, b + 1, 0, blocks[b + 1].chosen, sums, both, counts);
    }
    return;
  }
  const Block& block = blocks[b];
  for (std::size_t i = next; i + wanted <= block.rows.size(); ++i) {
    std::vector<double> with = sums;
    judge.add(with, block.rows[i]);
    enumerate(judge, blocks, b, i + 1, wanted - 1, with, both, counts);
  }
}

Counts draw_assignments(const Judge& judge, const std::vector<Block>& blocks, const RandomisationPlan& plan) {
  const std::size_t tasks = (plan.draws + draws_a_task - 1) / draws_a_task;
  const std::size_t slots = plan.threads + 2;
  std::vector<Counts> found(slots);
  Counts all;
  const StopFlag never{false};
  run_in_order(
      0, tasks, plan.threads, slots,
      [&](std::size_t task, std::size_t slot) {
        found[slot] = {};
        std::vector<double> sums(judge.columns());
        std::vector<double> both;
        std::vector<std::size_t> rows;
        for (std::size_t r = task * draws_a_task; r < std::min(plan.draws, (task + 1) * draws_a_task); ++r) {
          UniformIndex index(Streams(plan.seed, 0, r).open(assignment_purpose, 0));
          std::fill(sums.begin(), sums.end(), 0.0);
          for (const Block& block : blocks) {
            rows = block.rows;  // the first `chosen` places of a shuffle (Fisher & Yates 1938)
            for (std::size_t i = 0; i < block.chosen; ++i) {
              const auto left = static_cast<std::uint32_t>(rows.size() - i);
              std::swap(rows[i], rows[i + index.below(left, UniformIndex::threshold(left))]);
              judge.add(sums, rows[i]);
            }
          }
          found[slot].note(judge, judge.value(sums, both));
        }
      },
      [&](std::size_t, std::size_t slot) {
        all.looked_at += found[slot].looked_at;
        all.as_extreme += found[slot].as_extreme;
        all.undefined += found[slot].undefined;
      },
      never);
  return all;
}

}  // namespace

std::string_view randomisation_problem_words(RandomisationProblem problem) {
  switch (problem) {
    case RandomisationProblem::none:
      return "nothing is wrong";
    case RandomisationProblem::one_assignment_only:
      return "nobody could have been assigned otherwise";
    case RandomisationProblem::undefined_statistic:
      return "the statistic is undefined as assigned or in another assignment";
  }
  return "";
}

RandomisationTest randomisation_test(const SummedRows& rows, const Assignment& assignment,
                                     const StatisticOfSums& statistic, const RandomisationPlan& plan) {
  const std::vector<Block> blocks = blocks_of(rows.rows(), assignment);
  Judge judge(rows, statistic, plan.alternative);
  std::vector<double> sums(rows.columns);
  std::vector<double> both;
  for (std::size_t i = 0; i < assignment.treated.size(); ++i)
    if (assignment.treated[i]) judge.add(sums, i);
  judge.observe(judge.value(sums, both));

  RandomisationTest found;
  found.observed = judge.observed();
  found.assignments = number_of_assignments(blocks);
  if (std::isnan(found.observed)) {
    found.problem = RandomisationProblem::undefined_statistic;
    return found;
  }
  if (found.assignments <= 1) {
    found.problem = RandomisationProblem::one_assignment_only;
    return found;
  }
  found.exact = found.assignments <= static_cast<double>(plan.exact_most);
  Counts counts;
  if (found.exact) {
    enumerate(judge, blocks, 0, 0, blocks.front().chosen, std::vector<double>(rows.columns), both, counts);
  } else {
    counts = draw_assignments(judge, blocks, plan);
  }
  found.looked_at = counts.looked_at;
  found.as_extreme = counts.as_extreme;
  found.undefined = counts.undefined;
  if (found.undefined > 0) {
    found.problem = RandomisationProblem::undefined_statistic;
    return found;
  }
  if (found.exact) {
    found.p = static_cast<double>(found.as_extreme) / static_cast<double>(found.looked_at);
  } else {
    const double all = static_cast<double>(found.looked_at) + 1;
    const double p = (static_cast<double>(found.as_extreme) + 1) / all;
    found.p = p;
    found.monte_carlo_error = std::sqrt(p * (1 - p) / all);
  }
  return found;
}

}  // namespace desist::estimation
