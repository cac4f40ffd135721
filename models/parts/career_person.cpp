#include "models/parts/career_person.hpp"

#include <algorithm>
#include <limits>

#include "engine/random/distributions.hpp"
#include "engine/random/inverse_normal.hpp"

namespace desist {
namespace {

constexpr double youngest = 10;  // the age of criminal responsibility in England and Wales

std::size_t at_share(const std::vector<double>& upto, double u) {
  const double reached = u * upto.back();
  std::size_t i = 0;
  while (i + 1 < upto.size() && upto[i] <= reached) ++i;
  return i;
}

std::size_t type_at(const double* weights, std::size_t types, double u) {
  double sum = 0;
  for (std::size_t j = 0; j < types; ++j) sum += weights[j];
  double left = u * sum;
  std::size_t last = 0;
  for (std::size_t j = 0; j < types; ++j) {
    if (weights[j] == 0) continue;
    last = j;
    if (left < weights[j]) return j;
    left -= weights[j];
  }
  return last;
}

/// A draw from the Dirichlet law; `hit` is the type by which the person was met, if by one: that one's shape is one
/// more, since a mix is met in proportion to its share of the type.
void draw_mix(const CareerPlan& plan, const Streams& streams, CareerPerson& person, std::uint64_t k, std::size_t hit) {
  constexpr Purpose purpose("mix of types");
  double sum = 0;
  for (std::size_t j = 0; j < plan.types; ++j) {
    Stream stream = streams.open(purpose, person.id, k * most_types + j);
    person.mix[j] = plan.mix[j] == 0 ? 0 : (j == hit ? plan.mix_laws_of_hit : plan.mix_laws)[j](stream);
    sum += person.mix[j];
  }
  if (sum > 0) {
    for (std::size_t j = 0; j < plan.types; ++j) person.mix[j] /= sum;
    return;
  }
  // All gammas smaller than any double: the limit of complete specialists.
  const double u = uniform(streams.words(Purpose("the only type"), person.id, k)[0]);
  person.mix[type_at(plan.mix.data(), plan.types, u)] = 1;
}

double draw_age(const CareerPlan& plan, const Streams& streams, std::uint64_t id, MetBy met) {
  constexpr Purpose purpose("age");
  constexpr std::uint64_t most_tries = 1000;
  for (std::uint64_t k = 0; k < most_tries; ++k) {  // met by an offence: in proportion to the age-crime curve
    const Words words = streams.words(purpose, id, k);
    const double age = std::max(youngest, plan.age_mean + plan.age_sd * inverse_normal(uniform(words[0])));
    if (met == MetBy::counting || uniform(words[1]) * plan.highest_age_factor < plan.age_factor_at(age)) return age;
  }
  // Hardly anybody of these ages offends: the same law by inversion, so that whoever is met could have.
  const Words words = streams.words(purpose, id, most_tries);
  return age_when_met(plan, uniform(words[0]), uniform(words[1])).value_or(plan.age_mean);
}

double relative_rate(const CareerPlan& plan, double rate) { return plan.rate > 0 ? rate / plan.rate : 1; }

}  // namespace

std::optional<double> age_when_met(const CareerPlan& plan, double u, double v) {
  if (plan.age_sd == 0)
    return plan.age_factor_at(plan.age_mean) > 0 ? std::optional(std::max(youngest, plan.age_mean)) : std::nullopt;
  const auto z = [&](double age) { return (age - plan.age_mean) / plan.age_sd; };
  // Between two ages; each tail by its own side of the normal law. All who would be younger are the youngest.
  const auto share = [&](double from, double until) {
    return from > plan.age_mean ? standard_normal_cdf(-z(from)) - standard_normal_cdf(-z(until))
                                : standard_normal_cdf(z(until)) - standard_normal_cdf(z(from));
  };
  const auto first = static_cast<std::size_t>(youngest * age_steps_a_year);
  std::vector<double> upto(plan.age_factor.size(), 0.0);
  double sum = 0;
  for (std::size_t q = first; q < upto.size(); ++q) {
    const double from =
        q == first ? -std::numeric_limits<double>::infinity() : static_cast<double>(q) / age_steps_a_year;
    const double until =
        q + 1 == upto.size() ? std::numeric_limits<double>::infinity() : static_cast<double>(q + 1) / age_steps_a_year;
    upto[q] = sum += plan.age_factor[q] * share(from, until);
  }
  if (!(sum > 0)) return std::nullopt;
  const auto q = static_cast<std::size_t>(std::upper_bound(upto.begin(), upto.end() - 1, u * sum) - upto.begin());
  const double from = q == first ? -std::numeric_limits<double>::infinity() : static_cast<double>(q) / age_steps_a_year;
  const double until = static_cast<double>(q + 1) / age_steps_a_year;
  const double below = standard_normal_cdf(z(from)), above = standard_normal_cdf(-z(from));
  const double part = v * share(from, until);
  const double age = from > plan.age_mean ? plan.age_mean - plan.age_sd * inverse_normal(above - part)
                                          : plan.age_mean + plan.age_sd * inverse_normal(below + part);
  return std::clamp(age, std::max(youngest, from), until);
}

CareerPerson draw_person(const CareerPlan& plan, const Streams& streams, std::uint64_t id, MetBy met) {
  CareerPerson person;
  person.id = id;
  const bool hit = met == MetBy::an_offence;
  const bool kinds = plan.classes.size() > 1 || plan.women > 0;
  const Words kind = kinds ? streams.words(Purpose("kind of person"), id) : Words{};
  const std::size_t c =
      plan.classes.size() > 1 ? at_share(hit ? plan.class_upto_of_hit : plan.class_upto, uniform(kind[0])) : 0;
  person.is_woman = plan.women > 0 && uniform(kind[1]) < plan.women;
  person.of_class = c;
  const RateClass& of_class = plan.classes[c];
  person.rate = of_class.mean;
  if (!of_class.law.empty()) {
    Stream stream = streams.open(Purpose("rate of offending"), id);
    person.rate = (hit ? of_class.law_of_hit : of_class.law)[0](stream);
  }
  person.relative = relative_rate(plan, person.rate);
  if (plan.ages) person.age = draw_age(plan, streams, id, met);

  if (plan.drugs || plan.spells) {
    const Words state = streams.words(Purpose("state at the start"), id);
    const double abstinent = std::max(0.0, 1 - plan.start_using - plan.start_reduced);
    std::array<double, drug_states> shares{plan.start_using, plan.start_reduced, abstinent};
    if (hit)
      for (std::size_t s = 0; s < drug_states; ++s) shares[s] *= plan.drug_factor[s];
    person.drug = static_cast<DrugState>(type_at(shares.data(), drug_states, uniform(state[0])));
    const double share_active = hit ? plan.share_active * plan.spell_factor[1] : plan.share_active;
    person.active = !plan.spells || uniform(state[1]) < share_active;
  }

  std::copy(plan.mix.begin(), plan.mix.end(), person.mix.begin());
  if (plan.mix_spread > 0) {
    std::size_t type = plan.types;  // none
    if (hit) {
      std::array<double, most_types> weights{};
      for (std::size_t j = 0; j < plan.types; ++j) weights[j] = plan.mix[j] * plan.detected[j];
      type = type_at(weights.data(), plan.types, uniform(streams.words(Purpose("type of the index offence"), id)[0]));
    }
    draw_mix(plan, streams, person, 0, type);
  }
  return person;
}

void let_rate_drift(const CareerPlan& plan, const Streams& streams, CareerPerson& person) {
  const RateClass& of_class = plan.classes[person.of_class];
  if (of_class.law_of_new.empty()) return;  // a class of the rate 0
  double kept = 0;
  if (!plan.law_of_kept.empty()) {
    Stream stream = streams.open(Purpose("share of a rate that stays"), person.id);
    kept = person.rate * plan.law_of_kept[0](stream);
  }
  Stream stream = streams.open(Purpose("rate that entry adds"), person.id);
  person.rate = kept + of_class.law_of_new[0](stream);
  person.relative = relative_rate(plan, person.rate);
}

void switch_mix(const CareerPlan& plan, const Streams& streams, CareerPerson& person, std::uint64_t k) {
  draw_mix(plan, streams, person, k, plan.types);
}

}  // namespace desist
