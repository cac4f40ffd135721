// The draws that an appraisal stands on: figures and the outcomes of arms, a column each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "engine/estimation/appraisal.hpp"
#include "engine/estimation/appraisal/draw_column.hpp"
#include "engine/estimation/appraisal/draw_units.hpp"

namespace desist {

/// Whose outcomes: the means of a draw's replicates, luck and all, or what regression on the figures makes of them.
enum class Means { simulated, fitted };

/// Columns of the slots that an appraisal looks at and of its outcomes by arm.
///
/// Throws std::invalid_argument, for the user, for an outcome that has no value in some draw and where draws were not
/// kept one by one. Verified by: appraise_test.
class DrawnFigures {
 public:
  /// Of draws `first` to `first + count - 1`: of all where the appraisal looks at outcomes.
  DrawnFigures(const Appraisal& appraisal, const ParameterDraws& draws, const OutcomeTable& outcomes, std::size_t first,
               std::size_t count);

  std::size_t draws() const { return draws_; }
  std::size_t first() const { return first_; }
  /// The draws with the stored sets that they share, of posteriors that an arm stands on; of the first draws alone.
  const DrawUnits& units() const { return units_; }
  /// Whether the outcomes have a replicate's luck in them.
  bool has_inner_noise() const { return !simulated_.empty(); }
  /// Whether there were draws enough to fit outcomes; else they are as simulated.
  bool is_fitted() const;
  /// Effective degrees of freedom of what was fitted, the most of any outcome; 0 where nothing was.
  double fit_degrees() const { return fit_degrees_; }
  const DrawColumn& slot(std::size_t slot) const { return slots_.at(slot); }
  const DrawColumn& outcome(std::size_t arm, std::size_t slot, Means means) const;
  /// Uncertain slots that an arm or the comparator uses, in order: in formulas, and in the model.
  const std::vector<std::size_t>& uncertain(std::size_t arm) const { return uncertain_[arm]; }
  /// Uncertain slots of all arms, in order.
  const std::vector<std::size_t>& all_uncertain() const { return all_uncertain_; }
  /// Whether the model's outcomes in that arm or the comparator may depend on a slot.
  bool moves_outcomes(std::size_t arm, std::size_t slot) const;

 private:
  using Key = std::pair<std::size_t, std::size_t>;
  void find_slots(const Appraisal& appraisal, const ParameterDraws& draws, const OutcomeTable& outcomes);
  void draw_slots(const Appraisal& appraisal, const ParameterDraws& draws);
  void take_outcomes(const Appraisal& appraisal, const OutcomeTable& outcomes);
  void fit_outcomes();

  void find_shared_sets(const ParameterDraws& draws);

  std::size_t first_, draws_;
  DrawUnits units_;
  double fit_degrees_ = 0;
  std::map<std::size_t, DrawColumn> slots_;
  std::map<Key, DrawColumn> simulated_, fitted_;
  std::vector<std::vector<std::size_t>> of_model_;  // by arm: uncertain slots of its layout and the comparator's
  std::vector<std::set<std::size_t>> moving_;       // by arm: all slots of its layout
  std::vector<std::vector<std::size_t>> uncertain_;
  std::vector<std::size_t> all_uncertain_;
};

/// The draws with the stored sets that they share of these posteriors; those of a closed law have none.
DrawUnits units_sharing(const ParameterDraws& draws, const std::set<std::size_t>& posteriors, std::size_t count);

/// Inputs that a formula names, each once.
std::vector<std::size_t> inputs_of(const Formula& formula);
/// Every formula of an appraisal but those of its portfolio and its next studies: what its value hangs on.
std::vector<const Formula*> value_formulas(const Appraisal& appraisal);

}  // namespace desist
