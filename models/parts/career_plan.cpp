#include "models/parts/career_plan.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "engine/core/text.hpp"
#include "engine/random/inverse_normal.hpp"
#include "models/parts/refusal.hpp"

namespace desist {
namespace {

constexpr double oldest = 120;

SupportLaw stay_law(const CareerParameters& parameters) {
  const bool is_exponential = parameters.stay_law == CareerParameters::StayLaw::exponential;
  refuse_unless(!is_exponential || parameters.stay_cv == 0,
                "stay_cv is 1 where stay_law is \"exponential\": leave it out");
  const auto form = is_exponential ? SupportLaw::Form::exponential : SupportLaw::Form::lognormal;
  return {form, parameters.stay_mean, parameters.stay_cv, 0};
}

/// Age-crime curve (x exp(1 - x))^sharpness, x = (age - onset) / (peak - onset): 1 at the peak.
/// Of one person, at the peak of the age-crime curve: 274 a day. Beyond what anybody can do, and what still ends.
constexpr double most_offences_a_year = 1e5;

double age_curve(const CareerParameters& p, double age) {
  if (p.age_sharpness == 0) return 1;
  const double x = std::max(0.0, (age - p.onset_age) / (p.peak_age - p.onset_age));
  return std::pow(x * std::exp(1 - x), p.age_sharpness);
}

}  // namespace

Season::Season(const std::vector<double>& shares, const Window& window, int weeks) {
  if (!shares.empty()) set_days(shares, window, weeks);
  for (int week = 0; week <= weeks + 1; ++week) upto_week_.push_back(upto(week));
}

void Season::set_days(const std::vector<double>& shares, const Window& window, int weeks) {
  double sum = 0;
  for (const double share : shares) sum += share;
  if (shares.size() != 12 || std::abs(sum - 1) > 1e-9)
    throw std::invalid_argument("season has to be 12 shares that add up to 1, January first; it has " +
                                std::to_string(shares.size()) + " that add up to " + shortest(sum));
  static constexpr std::array<double, 12> days{31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  highest_ = 0;
  double integral = 0;
  for (int d = 0; d <= 7 * weeks; ++d) {
    const auto month = static_cast<std::size_t>(Date{window.start.days + d}.month() - 1);
    factor_.push_back(shares[month] / days[month] * 365.25);
    before_.push_back(integral - factor_.back() * d / days_per_week);
    integral += factor_.back() / days_per_week;
    highest_ = std::max(highest_, factor_.back());
  }
}

CareerPlan::CareerPlan(const CareerParameters& parameters, const Window& window)
    : weeks(static_cast<int>(window.whole_weeks())),
      end(weeks),
      season(parameters.season, window, weeks),
      record_lag(parameters.record_lag),
      arrest_lag(parameters.arrest_lag),
      charge_lag(parameters.charge_lag),
      conviction_lag(parameters.conviction_lag),
      fixed_lags(parameters.lag_law == CareerParameters::LagLaw::fixed),
      proven_wait(parameters.proven_wait),
      stay(stay_law(parameters)),
      every_offence(parameters.record == CareerParameters::Record::every_offence),
      spend{parameters.spend_using, parameters.spend_reduced, 0} {
  refuse_unless(weeks >= 1, "careers need a window of a week or more");
  bind_rates(parameters);
  bind_ages(parameters);
  bind_states(parameters);
  bind_types(parameters);
  bind_expected_counts(parameters);
  bind_victims(parameters);
}

void CareerPlan::bind_rates(const CareerParameters& p) {
  rate = p.rate / weeks_per_year;
  std::vector<double> shares = p.class_share.values;
  std::vector<double> rates = p.class_rate.values;
  if (p.classes.empty()) {
    shares = {1};
    rates = {1};
  }
  double share = 0;
  double mean = 0;
  for (std::size_t c = 0; c < shares.size(); ++c) {
    share += shares[c];
    mean += shares[c] * rates[c];
  }
  refuse_unless(share > 0, "class_share has to be above 0 for some class");
  mean /= share;
  refuse_unless(mean > 0, "class_rate has to be above 0 for some class that has people");
  const double kept = p.rate_shape * p.rate_persistence;
  const double fresh = p.rate_shape * (1 - p.rate_persistence);
  rates_drift = fresh > 0;
  refuse_unless(p.rate_persistence == 1 || p.rate_shape > 0,
                p.classes.size() > 1
                    ? "rate_persistence would do nothing: rate_shape is 0, so that everybody of a class has the same "
                      "rate for good, and nobody changes class"
                    : "rate_persistence would do nothing: rate_shape is 0, so that everybody has the same rate for "
                      "good");
  if (rates_drift && kept > 0) law_of_kept.emplace_back(kept, fresh);
  double upto = 0;
  double upto_of_hit = 0;
  for (std::size_t c = 0; c < shares.size(); ++c) {
    RateClass of_class;
    of_class.mean = rate * rates[c] / mean;
    if (p.rate_shape > 0 && of_class.mean > 0) {
      of_class.law.emplace_back(p.rate_shape, of_class.mean / p.rate_shape);
      of_class.law_of_hit.emplace_back(p.rate_shape + 1, of_class.mean / p.rate_shape);
      if (rates_drift) of_class.law_of_new.emplace_back(fresh, of_class.mean / p.rate_shape);
    }
    classes.push_back(std::move(of_class));
    class_upto.push_back(upto += shares[c] / share);
    class_upto_of_hit.push_back(upto_of_hit += shares[c] / share * rates[c] / mean);
  }
}

void CareerPlan::bind_ages(const CareerParameters& p) {
  const bool curve = p.age_sharpness > 0;
  const bool dying_changes = p.death > 0 && p.death_doubling > 0;
  ages = curve || dying_changes;
  rates_change_with_age = curve;
  refuse_unless(!ages || p.age_mean > 0, "age_sharpness and death_doubling need age_mean");
  refuse_unless(curve || (p.peak_age == 0 && p.onset_age == 0),
                "peak_age and onset_age would do nothing: age_sharpness is 0, so that the age-crime curve is flat");
  refuse_unless(p.death > 0 || (p.women == 0 && p.death_women == 1 && p.death_doubling == 0),
                "women, death_women and death_doubling would do nothing: the hazard `death` is 0");
  refuse_unless(!curve || p.peak_age > p.onset_age, "peak_age has to be above onset_age");
  const double reference = p.reference_age > 0 ? p.reference_age : p.age_mean;
  const double at_reference = age_curve(p, reference);
  refuse_unless(at_reference > 0, "the age-crime curve is zero at reference_age: raise it above onset_age");
  age_mean = p.age_mean;
  age_sd = p.age_sd;
  women = p.women;
  death_women = p.death_women;
  deaths = p.death > 0;
  const std::size_t steps = ages ? static_cast<std::size_t>(oldest * age_steps_a_year) : 1;
  for (std::size_t step = 0; step < steps; ++step) {
    const double age = ages ? (static_cast<double>(step) + 0.5) / age_steps_a_year : reference;
    age_factor.push_back(age_curve(p, age) / at_reference);
    if (age_factor.back() > age_factor[age_peak]) age_peak = step;
    const double years = p.death_doubling > 0 ? (age - reference) / p.death_doubling : 0;
    death_upto.push_back(death_of_men.empty() ? 0 : death_upto.back() + death_of_men.back() * weeks_of_age_step);
    death_of_men.push_back(p.death / weeks_per_year * std::exp2(std::min(years, 100.0)));
  }
  highest_age_factor = age_factor[age_peak];
  if (const double most = rate * weeks_per_year * highest_age_factor; most > most_offences_a_year)
    throw std::invalid_argument("the age-crime curve makes " + shortest(std::floor(most)) +
                                " offences a year of `rate` at the age of most: reference_age (age_mean, where it is "
                                "left out) lies where hardly anybody offends; raise it, or lower age_sharpness");
}

void CareerPlan::bind_states(const CareerParameters& p) {
  refuse_unless(p.start_reduced + p.start_abstinent <= 1 + 1e-12,
                "start_reduced and start_abstinent come to more than everybody");
  start_reduced = p.start_reduced;
  start_using = std::max(0.0, 1 - p.start_reduced - p.start_abstinent);
  drug_factor = {1, p.rate_reduced, p.rate_abstinent};
  drug_hazard[0] = {0, p.using_to_reduced, p.using_to_abstinent};
  drug_hazard[1] = {p.reduced_to_using, 0, p.reduced_to_abstinent};
  drug_hazard[2] = {p.abstinent_to_using, p.abstinent_to_reduced, 0};
  for (auto& from : drug_hazard) {
    for (double& hazard : from) {
      hazard /= weeks_per_year;
      drugs = drugs || hazard > 0;
    }
  }
  drugs = drugs || start_using < 1;
  refuse_unless(drugs || (p.rate_reduced == 1 && p.rate_abstinent == 1 && p.spend_reduced == 0),
                "rate_reduced, rate_abstinent and spend_reduced would do nothing: everybody is using, for good");

  spells = p.to_active > 0 || p.to_quiet > 0;
  refuse_unless(!spells || p.to_active > 0, "to_quiet needs to_active: nobody would ever be active again");
  refuse_unless(p.quiet_rate == 0 || spells,
                "quiet_rate would do nothing: without to_active and to_quiet there are no quiet spells");
  to_active = p.to_active / weeks_per_year;
  to_quiet = p.to_quiet / weeks_per_year;
  if (spells) {
    share_active = to_active / (to_active + to_quiet);
    spell_factor = {p.quiet_rate, (1 - (1 - share_active) * p.quiet_rate) / share_active};
  }
  desistance = p.desistance / weeks_per_year;
  desistance_in_free_time = p.desistance_runs == CareerParameters::Runs::in_free_time;
  desistance_by_rate = p.desistance_by_rate;
}

void CareerPlan::bind_types(const CareerParameters& p) {
  types = p.types.size();
  if (types > most_types)
    throw std::invalid_argument("careers have at most " + std::to_string(most_types) + " types of offences, not " +
                                std::to_string(types));
  double sum = 0;
  for (const double weight : p.type_mix.values) sum += weight;
  refuse_unless(sum > 0, "type_mix has to be above 0 for some type");
  mix_spread = p.mix_spread;
  mix_switching = p.mix_switching / weeks_per_year;
  refuse_unless(mix_switching == 0 || mix_spread > 0,
                "mix_switching needs mix_spread: with one mix for all there is "
                "none to switch to");
  for (const double weight : p.type_mix.values) mix.push_back(weight / sum);
  if (mix_spread > 0) {
    for (const double share : mix) {
      mix_laws.emplace_back(std::max(1e-6, mix_spread * share), 1.0);
      mix_laws_of_hit.emplace_back(mix_spread * share + 1, 1.0);
    }
  }
  detected = p.detected.values;
  arrested = p.arrested.values;
  charged = p.charged.values;
  convicted = p.convicted.values;
  custody = p.custody.values;
  value_mean = p.value_mean.values;
  harm = p.harm.values;
  const double variance = std::log1p(p.value_cv * p.value_cv);
  value_scale = std::sqrt(variance);
  for (std::size_t j = 0; j < types; ++j) {
    if (custody[j] > convicted[j])
      throw std::invalid_argument("custody is above convicted for type '" + p.types[j] +
                                  "': both are shares of those charged, and custody needs a conviction");
    value_location.push_back(value_mean[j] > 0 ? std::log(value_mean[j]) - variance / 2 : 0);
    chain = chain || arrested[j] > 0;
  }
  refuse_unless(p.proven_wait == 0 || *std::max_element(convicted.begin(), convicted.end()) > 0,
                "proven_wait would do nothing: nobody is ever `convicted`");
  refuse_unless(p.stay_mean > 0 || *std::max_element(custody.begin(), custody.end()) == 0,
                "custody needs stay_mean, the mean time served");
}

void CareerPlan::bind_expected_counts(const CareerParameters& p) {
  by_expected_count.assign(types, 0);
  for (const std::string& name : p.by_expected_count) {
    const auto type = std::find(p.types.begin(), p.types.end(), name);
    if (type == p.types.end())
      throw std::invalid_argument("by_expected_count has '" + name + "', which is none of `types`");
    by_expected_count[static_cast<std::size_t>(type - p.types.begin())] = 1;
    any_by_expected_count = true;
  }
}

void CareerPlan::bind_victims(const CareerParameters& p) {
  kinds_of_victims = p.victims.size();
  if (p.victims.empty()) return;
  victims.resize(types);
  for (std::size_t i = 0; i < p.victims.size(); ++i) {
    const std::string& name = p.victims[i];
    const std::size_t colon = name.find(": ");
    const auto type = std::find(p.types.begin(), p.types.end(), name.substr(0, colon));
    if (colon == std::string::npos || type == p.types.end())
      throw std::invalid_argument("victims has '" + name +
                                  "', which doesn't begin with a type: write \"type: kind of victim\"");
    victims[static_cast<std::size_t>(type - p.types.begin())].push_back({i, p.victim_share.values[i], 0});
  }
  for (std::size_t j = 0; j < types; ++j) {
    double sum = 0;
    for (const Victim& each : victims[j]) sum += each.share;
    if (!victims[j].empty() && sum == 0)
      throw std::invalid_argument("victim_share has to be above 0 for some kind of victim of type '" + p.types[j] +
                                  "'");
    double upto = 0;
    for (Victim& each : victims[j]) each.upto = upto += each.share /= sum;
  }
}

std::optional<std::size_t> CareerPlan::victim(std::size_t type, std::uint64_t word) const {
  const std::vector<Victim>& of_type = victims[type];
  if (of_type.empty()) return std::nullopt;
  const double u = uniform(word);
  std::size_t k = 0;
  while (k + 1 < of_type.size() && of_type[k].upto <= u) ++k;
  return of_type[k].place;
}

double CareerPlan::value(std::size_t type, std::uint64_t word) const {
  if (value_mean[type] == 0 || value_scale == 0) return value_mean[type];
  return std::exp(value_location[type] + value_scale * inverse_normal(uniform(word)));
}

}  // namespace desist
