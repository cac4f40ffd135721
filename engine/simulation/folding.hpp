// The accumulators of a run: chunks are folded in order of number, whatever threads computed them.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/simulation/bytes.hpp"
#include "engine/simulation/chunk.hpp"
#include "engine/simulation/histogram.hpp"
#include "engine/simulation/moments.hpp"
#include "engine/simulation/outcome_table.hpp"

namespace desist {

/// Everything folded so far for one arm.
struct ArmFold {
  std::array<DrawMoments, block_count> moments;
  std::array<ColumnMoments, block_count> pending;  // of a draw of which not all slices are in
  std::vector<std::vector<double>> draw_means;     // by slot; empty if there are more than the plan keeps
  std::vector<std::vector<double>> values;         // by slot, in order of replicate: where quantiles are exact
  std::array<std::vector<Histogram>, block_count> histograms;  // by column; empty where values are kept, or a variant's
};

struct OutcomeTable::Data {
  std::vector<Arm> arms;
  std::vector<OutcomeField> outcome_fields;
  std::vector<OutcomeSlot> slots;
  std::vector<SeriesField> series;
  std::size_t weeks = 0;
  Plan plan;

  std::uint64_t draws = 0;  // finished
  bool complete = false;
  std::vector<ArmFold> folds;

  explicit Data(const RunInput& input);
  void fold(const Chunk& chunk, const ChunkResult& result);
  /// Takes what is there of an unfinished draw as the whole of it: for the table of an interrupted run.
  void close_pending();

  void write(ByteWriter& out) const;  // what was folded, not what describes it
  void read(ByteReader& in);
};

}  // namespace desist
