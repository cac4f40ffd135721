// The person: traits that no arm and no event changes, drawn once (mathematics.md 1.2, 1.3, 2.1).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "engine/random/stream.hpp"
#include "models/parts/career_plan.hpp"

namespace desist {

struct CareerPerson {
  std::uint64_t id = 0;  // names the person in streams
  double rate = 0;       // Z: offences a week while free and all factors are 1
  double relative = 1;   // Z over the mean of all people
  std::size_t of_class = 0;
  double age = 0;  // at the start of the window
  bool is_woman = false;
  DrugState drug = DrugState::using_drugs;  // at the start
  bool active = true;                       // at the start
  std::array<double, most_types> mix{};     // q: shares of the types, sum 1
};

enum class MetBy {
  counting,    // everybody counts once
  an_offence,  // met at the moment of a detected offence: size-biased (mathematics.md 2.1, E1 with w -> 0)
};

/// The age of a person who is met by an offence, by inversion at two uniforms: the normal law of ages in proportion to
/// the age-crime curve. Nothing where nobody of these ages offends.
std::optional<double> age_when_met(const CareerPlan& plan, double u, double v);

/// The traits of person `id`. Verified by: career_test, career_law_test.
CareerPerson draw_person(const CareerPlan& plan, const Streams& streams, std::uint64_t id, MetBy met);

/// The person's rate as it is after entry: L_a = L_b B + G with B ~ Beta(k phi, k (1 - phi)), G ~ gamma of shape
/// k (1 - phi), so that rates before and after have the same law and correlation phi (mathematics.md 2.3).
/// Verified by: career_drift_law_test Rates_that_drift_2_3.
void let_rate_drift(const CareerPlan& plan, const Streams& streams, CareerPerson& person);

/// The person's k-th new mix of types.
void switch_mix(const CareerPlan& plan, const Streams& streams, CareerPerson& person, std::uint64_t k);

}  // namespace desist
