#include "engine/simulation/chunk.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "engine/core/limits.hpp"
#include "engine/core/rounding.hpp"
#include "engine/core/text.hpp"

namespace desist {
namespace {

constexpr std::uint64_t numbers_in_chunk = 32768;  // 256 KB: rows are folded while they are in the second-level cache
constexpr std::uint64_t fewest_rows = 16;
constexpr std::uint64_t most_rows_in_chunk = 2048;

constexpr std::uint64_t ceil_of_ratio(std::uint64_t a, std::uint64_t b) { return (a + b - 1) / b; }

bool is_number_of(OutcomeField::Kind kind, double value) {  // NaN is looked at elsewhere
  switch (kind) {
    case OutcomeField::Kind::amount:
      return std::isfinite(value);
    case OutcomeField::Kind::chance:
      return value == 0 || value == 1;
    case OutcomeField::Kind::time_until:
      return value > -infinity;
  }
  return false;
}

std::string complaint(const std::string& name, OutcomeField::Kind kind, double value) {
  const std::string gave = "'" + name + "' gave ";
  if (std::isnan(value)) return gave + "no number";
  if (kind == OutcomeField::Kind::chance) return gave + shortest(value) + ", where a chance is 0 or 1";
  return gave + shortest(value) + ", which is not finite";
}

[[noreturn]] void fail(const Arm& arm, std::uint64_t draw, std::uint64_t replicate, const std::string& why) {
  throw ReplicateFailure({draw, arm.name, replicate}, "replicate " + std::to_string(replicate) + " of draw " +
                                                          std::to_string(draw) + " in arm '" + arm.name +
                                                          "' failed: " + why);
}

// The rows of a chunk, in order: draw by draw.
struct RowId {
  const Chunk& chunk;
  std::uint64_t replicates() const { return chunk.last_replicate - chunk.first_replicate; }
  std::uint64_t draw(std::size_t row) const { return chunk.first_draw + row / replicates(); }
  std::uint64_t replicate(std::size_t row) const { return chunk.first_replicate + row % replicates(); }
};

void check_outcomes(const RunInput& input, const Arm& arm, const Chunk& chunk, const std::vector<double>& outcomes) {
  const std::size_t width = input.slots.size();
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const OutcomeField& field = input.field_of(i % width);
    const double value = outcomes[i];
    if (std::isnan(value) ? field.may_be_missing : is_number_of(field.kind, value)) continue;
    const RowId id{chunk};
    const std::string& item = input.slots[i % width].item;
    const std::string name = item.empty() ? field.name : field.name + "[" + item + "]";
    fail(arm, id.draw(i / width), id.replicate(i / width), complaint(name, field.kind, value));
  }
}

void check_series(const RunInput& input, const Arm& arm, const Chunk& chunk, const std::vector<double>& series) {
  const std::size_t rows = chunk.rows();
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t s = 0; s < input.model.series.size(); ++s) {
      const OutcomeField::Kind kind = input.model.series[s].kind;
      const double* values = series.data() + r * input.series_in_row() + s * input.weeks;
      bool sound = true;
      for (std::size_t w = 0; w < input.weeks; ++w) sound &= std::isnan(values[w]) || is_number_of(kind, values[w]);
      if (sound) continue;
      const RowId id{chunk};
      for (std::size_t w = 0; w < input.weeks; ++w)
        if (!std::isnan(values[w]) && !is_number_of(kind, values[w]))
          fail(arm, id.draw(r), id.replicate(r),
               complaint(input.model.series[s].name, kind, values[w]) + " (week " + std::to_string(w + 1) + ")");
    }
  }
}

double happened(double time) { return std::isnan(time) ? time : (std::isinf(time) ? 0.0 : 1.0); }

template <int bits>
void encode(const std::vector<double>& values, std::vector<BucketCode>& codes) {
  codes.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) codes[i] = bucket_code<bits>(values[i]);
}

// What an arm's outcomes differ from the comparator's by, pair by pair.
void subtract(const std::vector<double>& arm, const std::vector<double>& comparator, std::vector<double>& difference) {
  difference.resize(arm.size());
  for (std::size_t i = 0; i < arm.size(); ++i) difference[i] = difference_of_sums(arm[i], comparator[i]);
}

class ArmRun {
 public:
  ArmRun(const RunInput& input, const Chunk& chunk, ChunkResult& result, std::size_t arm)
      : input_(input),
        chunk_(chunk),
        result_(result),
        arm_(input.arms[arm]),
        out_(result.arms[arm]),
        is_first_(arm == 0) {}

  void run() {
    replicate();
    check_outcomes(input_, arm_, chunk_, out_.outcomes);
    check_series(input_, arm_, chunk_, result_.series);
    fold_outcomes();
    fold_series();
  }

 private:
  void replicate() {
    const std::size_t block = static_cast<std::size_t>(chunk_.last_replicate - chunk_.first_replicate);
    out_.outcomes.resize(chunk_.rows() * input_.slots.size());
    result_.series.resize(chunk_.rows() * input_.series_in_row());
    std::span<double> outcomes = out_.outcomes;
    std::span<double> series = result_.series;
    for (std::uint64_t d = chunk_.first_draw; d < chunk_.last_draw; ++d) {
      try {
        const auto row = row_for(arm_, result_.parameter_rows[static_cast<std::size_t>(d - chunk_.first_draw)]);
        const auto bound = input_.model.bind(arm_.layout, row, input_.window);
        bound->replicate_block(input_.plan.seed, d, chunk_.first_replicate, chunk_.last_replicate, outcomes, series);
      } catch (const ReplicateFailure& failure) {
        fail(arm_, d, failure.id().replicate, failure.what());
      } catch (const std::exception& thrown) {  // from binding
        fail(arm_, d, chunk_.first_replicate, thrown.what());
      }
      outcomes = outcomes.subspan(block * input_.slots.size());
      series = series.subspan(block * input_.series_in_row());
    }
  }

  void fold(Block block, const std::vector<double>& rows, std::vector<double>* draw_means) {
    const std::size_t width = input_.width(block);
    result_.folder.start(rows.data(), chunk_.rows(), width);
    if (chunk_.slice) {
      result_.folder.finish_slice(out_.slices[block]);
      return;
    }
    const auto replicates = static_cast<std::size_t>(chunk_.last_replicate - chunk_.first_replicate);
    const auto draws = static_cast<std::size_t>(chunk_.last_draw - chunk_.first_draw);
    if (draw_means != nullptr) draw_means->resize(draws * width);
    for (std::size_t d = 0; d < draws; ++d)
      result_.folder.fold_draw(replicates, draw_means == nullptr ? nullptr : draw_means->data() + d * width);
    result_.folder.finish(out_.moments[block]);
  }

  void fold_outcomes() {
    out_.measured = out_.outcomes;
    const std::size_t width = input_.slots.size();
    for (std::size_t s = 0; s < width; ++s)
      if (input_.field_of(s).kind == OutcomeField::Kind::time_until)
        for (std::size_t i = s; i < out_.measured.size(); i += width) out_.measured[i] = happened(out_.measured[i]);
    fold(of_outcomes, out_.measured, &out_.draw_means);
    subtract(out_.measured, result_.arms.front().measured, result_.differences);
    fold(of_differences, result_.differences, nullptr);

    if (arm_.variant || input_.plan.exact_quantiles()) return;
    encode<scalar_fraction_bits>(out_.outcomes, out_.codes[of_outcomes]);
    if (is_first_) return;
    subtract(out_.outcomes, result_.arms.front().outcomes, result_.differences);
    encode<scalar_fraction_bits>(result_.differences, out_.codes[of_differences]);
  }

  void fold_series() {
    if (!arm_.variant) encode<series_fraction_bits>(result_.series, out_.codes[of_series]);
    for (std::size_t s = 0; s < input_.model.series.size(); ++s) {
      if (input_.model.series[s].kind != OutcomeField::Kind::time_until) continue;
      for (std::size_t r = 0; r < chunk_.rows(); ++r) {
        double* values = result_.series.data() + r * input_.series_in_row() + s * input_.weeks;
        std::transform(values, values + input_.weeks, values, happened);
      }
    }
    fold(of_series, result_.series, nullptr);
  }

  const RunInput& input_;
  const Chunk& chunk_;
  ChunkResult& result_;
  const Arm& arm_;
  ArmChunk& out_;
  bool is_first_;
};

}  // namespace

ChunkPlan::ChunkPlan(const Plan& plan, std::size_t numbers_in_row) : replicates_(plan.replicates_per_draw) {
  std::uint64_t rows =
      std::clamp(numbers_in_chunk / std::max<std::uint64_t>(1, numbers_in_row), fewest_rows, most_rows_in_chunk);
  if (plan.rows_in_chunk > 0) rows = std::min(rows, plan.rows_in_chunk);
  if (replicates_ <= rows)
    draws_in_chunk_ = rows / replicates_;
  else
    replicates_in_slice_ = ceil_of_ratio(replicates_, ceil_of_ratio(replicates_, rows));

  if (!plan.to_a_rule) {
    looks_ = {plan.draws};
  } else {
    for (std::uint64_t look = std::min(plan.first_look, plan.most_draws); look <= plan.most_draws; look *= 2)
      looks_.push_back(look);
  }
  std::uint64_t from = 0;
  std::size_t chunks = 0;
  for (const std::uint64_t look : looks_) {
    chunks += static_cast<std::size_t>(replicates_in_slice_ > 0
                                           ? (look - from) * ceil_of_ratio(replicates_, replicates_in_slice_)
                                           : ceil_of_ratio(look - from, draws_in_chunk_));
    ends_.push_back(chunks);
    from = look;
  }
}

Chunk ChunkPlan::at(std::size_t number) const {
  const auto stage = static_cast<std::size_t>(std::upper_bound(ends_.begin(), ends_.end(), number) - ends_.begin());
  const std::uint64_t within = number - (stage == 0 ? 0 : ends_[stage - 1]);
  const std::uint64_t from = stage == 0 ? 0 : looks_[stage - 1];
  Chunk chunk;
  if (replicates_in_slice_ > 0) {
    const std::uint64_t slices = ceil_of_ratio(replicates_, replicates_in_slice_);
    chunk.first_draw = from + within / slices;
    chunk.last_draw = chunk.first_draw + 1;
    chunk.first_replicate = within % slices * replicates_in_slice_;
    chunk.last_replicate = std::min(replicates_, chunk.first_replicate + replicates_in_slice_);
    chunk.slice = true;
    chunk.ends_draw = chunk.last_replicate == replicates_;
  } else {
    chunk.first_draw = from + within * draws_in_chunk_;
    chunk.last_draw = std::min(looks_[stage], chunk.first_draw + draws_in_chunk_);
    chunk.last_replicate = replicates_;
  }
  return chunk;
}

RunInput::RunInput(const ModelRecord& the_model, const std::vector<Arm>& the_arms, const ParameterDraws& the_draws,
                   const Window& the_window, const Plan& the_plan)
    : model(the_model), arms(the_arms), draws(the_draws), window(the_window), plan(the_plan) {
  const auto refuse = [](const std::string& why) { throw std::invalid_argument(why); };
  if (arms.empty()) refuse("a simulation needs an arm");
  if (arms.front().variant) refuse("the comparator cannot be a variant");
  if (plan.draws < 1 || plan.replicates_per_draw < 1) refuse("a simulation needs a draw and a replicate");
  if (plan.to_a_rule && (plan.first_look < 1 || plan.most_draws < 1)) refuse("a run to a rule needs a draw");
  const std::uint64_t most_draws = plan.to_a_rule ? plan.most_draws : plan.draws;
  if (most_draws > std::numeric_limits<std::uint32_t>::max() / plan.replicates_per_draw)
    refuse("a simulation has at most 4,294,967,295 replicates");
  if (window.end < window.start) refuse("the window ends before it starts");
  weeks = window.whole_weeks();
  slots = outcome_slots(model, arms.front().layout);
  for (const Arm& arm : arms) {
    const auto others = outcome_slots(model, arm.layout);
    const auto same = [](const OutcomeSlot& a, const OutcomeSlot& b) { return a.field == b.field && a.item == b.item; };
    if (!std::equal(slots.begin(), slots.end(), others.begin(), others.end(), same))
      refuse("arm '" + arm.name + "' has another list of outcomes than arm '" + arms.front().name + "'");
  }
}

std::vector<double> row_for(const Arm& arm, std::vector<double> row) {
  for (const auto& [slot, value] : arm.overrides) row.at(slot) = value;
  return row;
}

void compute_chunk(const RunInput& input, const Chunk& chunk, ChunkResult& result) {
  result.arms.resize(input.arms.size());
  result.parameter_rows.clear();
  for (std::uint64_t d = chunk.first_draw; d < chunk.last_draw; ++d)
    result.parameter_rows.push_back(input.draws.row(d));
  for (std::size_t a = 0; a < input.arms.size(); ++a) ArmRun(input, chunk, result, a).run();
}

}  // namespace desist
