// Chunks: which replicates of which draws are computed together, and what one of them gives in all arms.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/simulation/contract.hpp"
#include "engine/simulation/histogram.hpp"
#include "engine/simulation/moments.hpp"
#include "engine/simulation/outcome_table.hpp"
#include "engine/simulation/parameters.hpp"
#include "engine/simulation/plan.hpp"

namespace desist {

/// Whole draws, or a slice of the replicates of one draw that has too many.
struct Chunk {
  std::uint64_t first_draw = 0;
  std::uint64_t last_draw = 0;  // exclusive
  std::uint64_t first_replicate = 0;
  std::uint64_t last_replicate = 0;
  bool slice = false;     // not all replicates of its draw
  bool ends_draw = true;  // a slice: the last one
  std::size_t rows() const {
    return static_cast<std::size_t>((last_draw - first_draw) * (last_replicate - first_replicate));
  }
};

/// The chunks of a plan, by number: a function of the plan and the width of a row, never of threads or of time.
class ChunkPlan {
 public:
  ChunkPlan(const Plan& plan, std::size_t numbers_in_row);

  /// Numbers of draws at which the run may stop: the plan's draws, or n0 2^k up to most_draws (mathematics.md 6.6).
  const std::vector<std::uint64_t>& looks() const { return looks_; }
  /// The first chunk after a look; chunks never reach over one.
  std::size_t end_of_look(std::size_t look) const { return ends_[look]; }
  Chunk at(std::size_t number) const;

 private:
  std::uint64_t replicates_;
  std::uint64_t draws_in_chunk_ = 0;       // whole draws, or
  std::uint64_t replicates_in_slice_ = 0;  // slices of one
  std::vector<std::uint64_t> looks_;
  std::vector<std::size_t> ends_;
};

/// The numbers of one arm, in three blocks that are folded alike.
enum Block : std::size_t { of_outcomes, of_differences, of_series, block_count };

/// What a run computes: the same for all chunks.
struct RunInput {
  const ModelRecord& model;
  const std::vector<Arm>& arms;
  const ParameterDraws& draws;
  const Window& window;
  const Plan& plan;
  std::vector<OutcomeSlot> slots;
  std::size_t weeks = 0;

  RunInput(const ModelRecord& model, const std::vector<Arm>& arms, const ParameterDraws& draws, const Window& window,
           const Plan& plan);  // throws std::invalid_argument where arms or plan cannot be run
  std::size_t series_in_row() const { return model.series.size() * weeks; }
  std::size_t width(std::size_t block) const { return block == of_series ? series_in_row() : slots.size(); }
  const OutcomeField& field_of(std::size_t slot) const { return model.outcomes[slots[slot].field]; }
};

/// What one chunk gives for one arm. Everything that costs time is done here, by whichever thread computes the chunk.
struct ArmChunk {
  std::vector<double> outcomes;                            // rows by slots
  std::vector<double> measured;                            // the same with times as indicators: what moments are of
  std::array<DrawMoments, block_count> moments;            // of whole draws
  std::array<ColumnMoments, block_count> slices;           // of a slice
  std::vector<double> draw_means;                          // of whole draws: draws by slots
  std::array<std::vector<BucketCode>, block_count> codes;  // rows by width; empty where no histogram is kept
};
struct ChunkResult {
  std::vector<ArmChunk> arms;
  // Space that is used again by the next chunk.
  std::vector<double> series;
  std::vector<double> differences;
  std::vector<std::vector<double>> parameter_rows;
  RowFolder folder;
};

/// Runs the replicates of a chunk in all arms. Throws ReplicateFailure for the first replicate that fails.
void compute_chunk(const RunInput& input, const Chunk& chunk, ChunkResult& result);

/// The drawn row as one arm sees it.
std::vector<double> row_for(const Arm& arm, std::vector<double> row);

}  // namespace desist
