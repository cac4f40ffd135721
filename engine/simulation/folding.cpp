#include "engine/simulation/folding.hpp"

#include "engine/core/limits.hpp"

namespace desist {
namespace {

void add_codes(std::vector<Histogram>& histograms, const std::vector<BucketCode>& codes) {
  if (histograms.empty()) return;
  const std::size_t width = histograms.size();
  for (std::size_t row = 0; row < codes.size(); row += width)
    for (std::size_t c = 0; c < width; ++c) histograms[c].add(codes[row + c]);
}

// Appends to each column what comes row by row; nothing where no column is kept.
void append_rows(std::vector<std::vector<double>>& columns, const std::vector<double>& rows) {
  const std::size_t width = columns.size();
  for (std::size_t c = 0; c < width; ++c)
    for (std::size_t i = c; i < rows.size(); i += width) columns[c].push_back(rows[i]);
}

}  // namespace

OutcomeTable::Data::Data(const RunInput& input)
    : arms(input.arms),
      outcome_fields(input.model.outcomes),
      slots(input.slots),
      series(input.model.series),
      weeks(input.weeks),
      plan(input.plan),
      folds(input.arms.size()) {
  const bool keep_means = (plan.to_a_rule ? plan.most_draws : plan.draws) <= plan.keep_draw_means;
  for (std::size_t a = 0; a < arms.size(); ++a) {
    ArmFold& fold = folds[a];
    for (std::size_t block = 0; block < block_count; ++block) {
      fold.moments[block].reset(input.width(block));
      fold.pending[block].reset(input.width(block));
    }
    if (keep_means) fold.draw_means.resize(slots.size());
    if (arms[a].variant) continue;
    fold.histograms[of_series].assign(input.series_in_row(), Histogram(series_fraction_bits));
    if (plan.exact_quantiles()) {
      fold.values.resize(slots.size());
    } else {
      fold.histograms[of_outcomes].assign(slots.size(), Histogram(scalar_fraction_bits));
      if (a > 0) fold.histograms[of_differences].assign(slots.size(), Histogram(scalar_fraction_bits));
    }
  }
}

void OutcomeTable::Data::fold(const Chunk& chunk, const ChunkResult& result) {
  for (std::size_t a = 0; a < folds.size(); ++a) {
    ArmFold& fold = folds[a];
    const ArmChunk& part = result.arms[a];
    for (std::size_t block = 0; block < block_count; ++block) {
      if (chunk.slice)
        fold.pending[block].merge(part.slices[block]);
      else
        fold.moments[block].merge(part.moments[block]);
      add_codes(fold.histograms[block], part.codes[block]);
    }
    if (!chunk.slice) append_rows(fold.draw_means, part.draw_means);
    append_rows(fold.values, part.outcomes);
  }
  if (chunk.slice && chunk.ends_draw) close_pending();
  if (!chunk.slice) draws += chunk.last_draw - chunk.first_draw;
}

void OutcomeTable::Data::close_pending() {
  for (ArmFold& fold : folds) {
    for (std::size_t block = 0; block < block_count; ++block) {
      ColumnMoments& pending = fold.pending[block];
      fold.moments[block].add_draw(pending);
      if (block == of_outcomes)
        for (std::size_t s = 0; s < fold.draw_means.size(); ++s)
          fold.draw_means[s].push_back(pending.count[s] > 0 ? pending.mean[s] : missing);
      pending.reset(pending.count.size());
    }
  }
  ++draws;
}

void OutcomeTable::Data::write(ByteWriter& out) const {
  out.put(draws);
  out.put(complete);
  for (const ArmFold& fold : folds) {
    for (const DrawMoments& moments : fold.moments) moments.write(out);
    for (const ColumnMoments& pending : fold.pending)
      for (const auto* part : {&pending.count, &pending.mean, &pending.m2}) out.put(*part);
    for (const auto& means : fold.draw_means) out.put(means);
    for (const auto& values : fold.values) out.put(values);
    for (const auto& histograms : fold.histograms)
      for (const Histogram& histogram : histograms) histogram.write(out);
  }
}

void OutcomeTable::Data::read(ByteReader& in) {
  in.get(draws);
  in.get(complete);
  for (ArmFold& fold : folds) {
    for (DrawMoments& moments : fold.moments) moments.read(in);
    for (ColumnMoments& pending : fold.pending)
      for (auto* part : {&pending.count, &pending.mean, &pending.m2}) in.get(*part);
    for (auto& means : fold.draw_means) in.get(means);
    for (auto& values : fold.values) in.get(values);
    for (auto& histograms : fold.histograms)
      for (Histogram& histogram : histograms) histogram.read(in);
  }
}

}  // namespace desist
