// The plan of a career: what a draw and arm fix, worked out once. Times in weeks, rates a week.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/rounding.hpp"
#include "engine/random/exponential.hpp"
#include "engine/random/samplers.hpp"
#include "engine/simulation/profile.hpp"
#include "models/parts/career.hpp"
#include "models/parts/support_law.hpp"

namespace desist {

inline constexpr std::size_t most_types = 16;  // of offences: a person's mix lies beside the person
/// The age grid of the model: hazards are constant for three months of age (mathematics.md 1.1).
inline constexpr double age_steps_a_year = 4;
inline constexpr double weeks_of_age_step = weeks_per_year / age_steps_a_year;

enum class DrugState { using_drugs, reduced, abstinent };
inline constexpr std::size_t drug_states = 3;

/// One class of people with rates that are gamma-distributed, or all the same.
struct RateClass {
  double mean = 0;
  std::vector<GammaSampler> law;         // none: everyone has the mean
  std::vector<GammaSampler> law_of_hit;  // of those met by an offence of theirs: size-biased, shape k + 1
  std::vector<GammaSampler> law_of_new;  // of what entry adds to a rate, where rates drift: shape k (1 - phi)
};

/// Offences over the calendar: the factor h, 1 on average over a year (mathematics.md 1.1).
class Season {
 public:
  Season() = default;
  Season(const std::vector<double>& shares, const Window& window, int weeks);

  bool is_flat() const { return factor_.empty(); }
  double highest() const { return highest_; }
  double at(double week) const { return is_flat() ? 1 : factor_[day(week)]; }
  /// Integral of h from the start of the window.
  double upto(double week) const {
    if (is_flat()) return week;
    const std::size_t d = day(week);
    return before_[d] + factor_[d] * week;
  }
  /// The same up to the start of week 0, 1, ..., one beyond the window.
  double upto_week(std::size_t week) const { return upto_week_[week]; }
  double of_week(std::size_t week) const { return upto_week_[week + 1] - upto_week_[week]; }

 private:
  void set_days(const std::vector<double>& shares, const Window& window, int weeks);
  std::size_t day(double week) const {
    const auto d = whole_part(week * days_per_week);
    return d < factor_.size() ? d : factor_.size() - 1;
  }
  std::vector<double> factor_;  // by day
  std::vector<double> before_;  // by day: the integral up to it, less factor x week
  std::vector<double> upto_week_;
  double highest_ = 1;
};

/// What is held still from the start of the programme on, each at its own mean over the time before: what a fall is
/// made of is found by holding some and letting others go (docs/methods/decomposition.md).
struct HeldStill {
  bool states = false;     // drugs, spells, mix and the drift of rates
  bool ageing = false;     // age, desistance and death
  bool custody = false;    // and residence
  bool detection = false;  // as before
  bool effect = false;     // none
  bool any = false;        // whether what is expected before is taken with the same things held
};

/// Careers with the numbers of one draw and arm.
struct CareerPlan {
  /// Throws std::invalid_argument for parameters that contradict one another.
  CareerPlan(const CareerParameters& parameters, const Window& window);

  int weeks = 0;  // whole weeks of the window
  double end = 0;

  double rate = 0;  // mean over people
  std::vector<RateClass> classes;
  std::vector<double> class_upto;         // cumulative shares
  std::vector<double> class_upto_of_hit;  // of those met by an offence of theirs
  bool rates_drift = false;               // at entry
  std::vector<BetaSampler> law_of_kept;   // of the share of a rate that then stays; none: nothing stays

  bool ages = false;                   // whether age changes anything
  bool rates_change_with_age = false;  // whether g does
  double age_mean = 0;
  double age_sd = 0;
  std::vector<double> age_factor;  // g by quarter of a year of age
  std::size_t age_peak = 0;        // where it is highest: it rises up to there and falls after it
  double highest_age_factor = 1;
  std::vector<double> death_of_men;  // hazard by quarter of a year of age
  std::vector<double> death_upto;    // its integral up to the beginning of the quarter
  double death_women = 1;
  double women = 0;
  bool deaths = false;
  Season season;

  bool drugs = false;
  double start_using = 1;
  double start_reduced = 0;
  std::array<double, drug_states> drug_factor{1, 1, 1};
  std::array<std::array<double, drug_states>, drug_states> drug_hazard{};  // from, to

  bool spells = false;
  double to_active = 0;
  double to_quiet = 0;
  double share_active = 0;
  std::array<double, 2> spell_factor{1, 1};  // quiet, active

  double desistance = 0;
  bool desistance_in_free_time = false;
  double desistance_by_rate = 0;

  std::size_t types = 0;
  std::vector<char> by_expected_count;  // by type: offences are counted by their expected number
  bool any_by_expected_count = false;
  std::vector<double> mix;  // of the group, sum 1
  double mix_spread = 0;
  double mix_switching = 0;
  std::vector<GammaSampler> mix_laws;         // of the Dirichlet law
  std::vector<GammaSampler> mix_laws_of_hit;  // of one shape more: of the type by which a person was met

  /// A kind of victim of one type: its place in the list, and the cumulative share of the type's offences.
  struct Victim {
    std::size_t place = 0;
    double share = 0;
    double upto = 0;
  };
  std::vector<std::vector<Victim>> victims;  // by type; empty: none are told apart
  std::size_t kinds_of_victims = 0;

  std::vector<double> detected, arrested, charged, convicted, custody;
  double record_lag = 0, arrest_lag = 0, charge_lag = 0, conviction_lag = 0;
  bool fixed_lags = false;
  double proven_wait = 0;
  SupportLaw stay;
  bool chain = false;  // whether anything follows a record

  HeldStill held;

  bool every_offence = false;
  std::vector<double> value_mean;
  std::vector<double> value_location;  // of log values; the value is 0 where the mean is
  double value_scale = 0;
  std::vector<double> harm;
  std::array<double, drug_states> spend{};

  double age_factor_at(double age) const { return age_factor[age_step(age)]; }
  /// The kind of victim of one offence at a random word; nothing where the type has none.
  std::optional<std::size_t> victim(std::size_t type, std::uint64_t word) const;
  /// The value of one offence at a random word.
  double value(std::size_t type, std::uint64_t word) const;
  /// A lag at a random word.
  double lag(double mean, std::uint64_t word) const {
    if (mean == 0 || fixed_lags) return mean;
    return mean * standard_exponential(word);
  }

 private:
  std::size_t age_step(double age) const {
    const auto step = static_cast<std::size_t>(age * age_steps_a_year);
    return step < age_factor.size() ? step : age_factor.size() - 1;
  }
  void bind_rates(const CareerParameters& parameters);
  void bind_ages(const CareerParameters& parameters);
  void bind_states(const CareerParameters& parameters);
  void bind_types(const CareerParameters& parameters);
  void bind_expected_counts(const CareerParameters& parameters);
  void bind_victims(const CareerParameters& parameters);
};

}  // namespace desist
