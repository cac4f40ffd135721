#include "engine/simulation/simulate.hpp"

#include <chrono>
#include <memory>

#include "engine/core/give_up.hpp"
#include "engine/core/text.hpp"
#include "engine/simulation/bytes.hpp"
#include "engine/simulation/checkpoint.hpp"
#include "engine/simulation/chunk.hpp"
#include "engine/simulation/folding.hpp"

namespace desist {
namespace {

using Clock = std::chrono::steady_clock;
constexpr double progress_seconds = 0.1;

double seconds_since(Clock::time_point moment) { return std::chrono::duration<double>(Clock::now() - moment).count(); }

// A checkpoint fits only a run that would have folded the same numbers in the same places.
std::uint64_t digest_of_run(const RunInput& input, std::uint64_t digest) {
  ByteWriter said;
  const auto put_text = [&said](std::string_view text) { said.put(std::vector<char>(text.begin(), text.end())); };
  said.put(digest);
  said.put(stream_contract);
  put_text(input.model.info.name);
  const Plan& plan = input.plan;
  said.put(plan.seed);
  said.put(plan.draws);
  said.put(plan.replicates_per_draw);
  said.put(plan.to_a_rule);
  said.put(plan.first_look);
  said.put(plan.most_draws);
  said.put(plan.keep_draw_means);
  said.put(input.window.start);
  said.put(input.window.end);
  for (const Arm& arm : input.arms) {
    put_text(arm.name);
    said.put(arm.variant);
    for (const FieldLayout& field : arm.layout.fields) {
      for (const Piece& piece : field.pieces) {
        said.put(piece.from_week);
        said.put(piece.items);
        said.put(static_cast<std::uint64_t>(piece.slot));
      }
      said.put(field.choice);
      for (const std::string& item : field.items) put_text(item);
      said.put(field.dates);
      said.put(field.shares);
    }
    said.put(row_for(arm, input.draws.row(0)));
    said.put(row_for(arm, input.draws.row(1)));
  }
  for (const OutcomeSlot& slot : input.slots) put_text(input.model.outcomes[slot.field].name + "[" + slot.item + "]");
  for (const SeriesField& series : input.model.series) put_text(series.name);
  return fnv1a(said.bytes());
}

class Runner {
 public:
  Runner(const RunInput& input, const RunControl& control)
      : input_(input),
        control_(control),
        chunks_(input.plan, input.slots.size() + input.series_in_row()),
        data_(std::make_shared<OutcomeTable::Data>(input)),
        checkpointed_(!control.checkpoint.empty() && !control.each_replicate) {}

  OutcomeTable run(const StoppingRule& rule) {
    if (checkpointed_) resume();
    for (std::size_t look = 0; look < chunks_.looks().size(); ++look) {
      const std::size_t end = chunks_.end_of_look(look);
      if (next_ > end) continue;
      planned_ = chunks_.looks()[look];
      if (!run_to(end)) return interrupted();
      if (input_.plan.to_a_rule && rule && rule(OutcomeTable(data_))) break;
    }
    data_->complete = true;
    if (control_.progress) control_.progress(data_->draws, data_->draws);
    if (checkpointed_) save(next_);  // until the results that need it are written, it is not to be run again
    return OutcomeTable(data_);
  }

 private:
  // Whether all chunks before `end` are folded; not so if the run was asked to stop.
  bool run_to(std::size_t end) {
    const std::size_t slots = control_.threads <= 1 ? 1 : 2 * std::size_t{control_.threads};
    results_.resize(slots);
    const StopFlag never{false};
    const auto task = [this](std::size_t number, std::size_t slot) {
      const GivesUpOn asked(control_.stop);
      compute_chunk(input_, chunks_.at(number), results_[slot]);
    };
    const auto fold = [this](std::size_t number, std::size_t slot) { fold_chunk(number, results_[slot]); };
    next_ = run_in_order(next_, end, std::max(1U, control_.threads), slots, task, fold,
                         control_.stop == nullptr ? never : *control_.stop);
    return next_ >= end;
  }

  void fold_chunk(std::size_t number, const ChunkResult& result) {
    const Chunk chunk = chunks_.at(number);
    data_->fold(chunk, result);
    if (control_.each_replicate) hand_out(chunk, result);
    if (control_.progress && seconds_since(last_progress_) >= progress_seconds) {
      control_.progress(data_->draws, planned_);
      last_progress_ = Clock::now();
    }
    if (checkpointed_ && seconds_since(last_checkpoint_) >= control_.checkpoint_seconds) save(number + 1);
  }

  void hand_out(const Chunk& chunk, const ChunkResult& result) const {
    const std::size_t width = input_.slots.size();
    for (std::size_t a = 0; a < result.arms.size(); ++a) {
      std::span<const double> rows = result.arms[a].outcomes;
      for (std::uint64_t draw = chunk.first_draw; draw < chunk.last_draw; ++draw)
        for (std::uint64_t replicate = chunk.first_replicate; replicate < chunk.last_replicate; ++replicate) {
          control_.each_replicate(draw, replicate, a, rows.first(width));
          rows = rows.subspan(width);
        }
    }
  }

  void save(std::size_t next_chunk) {
    ByteWriter folded;
    data_->write(folded);
    write_checkpoint(control_.checkpoint, digest_, {next_chunk, folded.bytes()});
    last_checkpoint_ = Clock::now();
  }

  void resume() {
    digest_ = digest_of_run(input_, control_.digest);
    std::string note;
    const auto found = read_checkpoint(control_.checkpoint, digest_, note);
    if (!note.empty() && control_.note) control_.note(note);
    if (!found) return;
    ByteReader folded(found->folded);
    data_->read(folded);
    next_ = found->next_chunk;
  }

  OutcomeTable interrupted() {
    if (checkpointed_) save(next_);
    const bool amid_draw = next_ > 0 && chunks_.at(next_ - 1).slice && !chunks_.at(next_ - 1).ends_draw;
    if (amid_draw) data_->close_pending();
    return OutcomeTable(data_);
  }

  const RunInput& input_;
  const RunControl& control_;
  const ChunkPlan chunks_;
  std::shared_ptr<OutcomeTable::Data> data_;
  const bool checkpointed_;
  std::uint64_t digest_ = 0;
  std::vector<ChunkResult> results_;  // by slot
  std::size_t next_ = 0;              // all chunks before it are folded
  std::uint64_t planned_ = 0;
  Clock::time_point last_progress_ = Clock::now();
  Clock::time_point last_checkpoint_ = Clock::now();
};

}  // namespace

OutcomeTable simulate(const ModelRecord& model, const std::vector<Arm>& arms, const ParameterDraws& draws,
                      const Window& window, const Plan& plan, const StoppingRule& rule, const RunControl& control) {
  const RunInput input(model, arms, draws, window, plan);
  return Runner(input, control).run(rule);
}

Replay replay(const ModelRecord& model, const Arm& arm, const ParameterDraws& draws, const Window& window,
              std::uint64_t seed, std::uint64_t draw, std::uint64_t replicate) {
  Replay again;
  again.row = row_for(arm, draws.row(draw));
  again.outcomes.resize(outcome_slots(model, arm.layout).size());
  again.series.resize(model.series.size() * window.whole_weeks());
  model.bind(arm.layout, again.row, window)
      ->replicate_block(seed, draw, replicate, replicate + 1, again.outcomes, again.series);
  return again;
}

}  // namespace desist
