// Of which type an offence is, whom it is against, and what follows it once it is seen.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "engine/random/stream.hpp"
#include "models/parts/career_events.hpp"
#include "models/parts/career_plan.hpp"
#include "models/parts/career_strips.hpp"

namespace desist {

/// The types of a person's offences, seen and not: sums over types of q d and q (1 - d), up to each.
class TypeShares {
 public:
  void share_out(const double* mix, const double* detected, std::size_t types) {
    types_ = types;
    seen_ = unseen_ = 0;
    for (std::size_t j = 0; j < types; ++j) {
      seen_upto_[j] = seen_ += mix[j] * detected[j];
      unseen_upto_[j] = unseen_ += mix[j] * (1 - detected[j]);
    }
  }
  double seen() const { return seen_; }
  double unseen() const { return unseen_; }
  std::size_t type_seen(std::uint64_t word) const { return type_of(seen_upto_, seen_, word); }
  std::size_t type_unseen(std::uint64_t word) const { return type_of(unseen_upto_, unseen_, word); }

 private:
  std::size_t type_of(const std::array<double, most_types>& upto, double sum, std::uint64_t word) const {
    const double reached = uniform(word) * sum;
    std::size_t j =
        0;  // sums don't fall: those that are reached come first. Counted, since nobody can foresee where it ends
    for (std::size_t k = 0; k + 1 < types_; ++k) j += upto[k] <= reached ? 1U : 0U;
    return j;
  }

  std::size_t types_ = 0;
  double seen_ = 0;
  double unseen_ = 0;
  std::array<double, most_types> seen_upto_{};
  std::array<double, most_types> unseen_upto_{};
};

/// Against whom an offence is, for a plan that tells kinds of victims apart.
inline std::optional<std::size_t> victim_of(const CareerPlan& plan, const Streams& streams, Purpose purpose,
                                            std::uint64_t person, const Candidate& candidate, std::size_t type) {
  return plan.victim(type, streams.words(purpose, person, ordinal_of(candidate))[0]);
}

/// What becomes of an offence that is seen, beyond the offence itself.
struct ChainEnd {
  bool breaches = false;
  double stay = 0;  // in custody, where it leads there, in weeks
};

/// Record, breach, arrest, charge, conviction and sentence, with their lags. The words stand in a fixed order, so that
/// what one arm does not need moves nothing. `breach` is the chance that a person in a programme is breached for it.
inline ChainEnd follow_chain(const CareerPlan& plan, Stream words, double breach, SeenOffence& offence) {
  ChainEnd last;
  offence.recorded += plan.lag(plan.record_lag, words());
  const std::uint64_t breach_word = words();
  last.breaches = breach > 0 && uniform(breach_word) < breach;
  if (!(uniform(words()) < plan.arrested[offence.type])) return last;
  offence.arrested = offence.recorded + plan.lag(plan.arrest_lag, words());
  if (!(uniform(words()) < plan.charged[offence.type])) return last;
  offence.charged = offence.arrested + plan.lag(plan.charge_lag, words());
  const double verdict = uniform(words());
  if (!(verdict < plan.convicted[offence.type])) return last;
  offence.convicted = offence.charged + plan.lag(plan.conviction_lag, words());
  offence.to_custody = verdict < plan.custody[offence.type];
  if (offence.to_custody) last.stay = plan.stay(words());
  return last;
}

/// Charge, conviction and sentence of a person who is breached, for what they came into the programme for: of a
/// conditional caution a breach is no offence of its own, but that which was cautioned is prosecuted (mathematics.md
/// 3.2). What it was is not kept: its type is drawn as that of an offence of theirs that is seen. The words stand in a
/// fixed order. Gives the time served, in weeks; 0 without custody. Verified by: career_breach_test.
inline double follow_breach(const CareerPlan& plan, Stream words, double chance, const TypeShares& shares,
                            double breached, BreachProsecution& prosecution) {
  if (!(uniform(words()) < chance)) return 0;
  const std::size_t type = shares.type_seen(words());
  prosecution.charged = breached + plan.lag(plan.charge_lag, words());
  const double verdict = uniform(words());
  if (!(verdict < plan.convicted[type])) return 0;
  prosecution.convicted = prosecution.charged + plan.lag(plan.conviction_lag, words());
  prosecution.to_custody = verdict < plan.custody[type];
  return prosecution.to_custody ? plan.stay(words()) : 0;
}

}  // namespace desist
