// A cohort in which everything that a career and a programme know has a part.
#pragma once

#include "tests/models/cohort_helpers.hpp"

namespace desist::test {

/// A cohort with something of everything.
inline CohortParameters rich_cohort(int people) {
  CohortParameters p = plain_cohort(people, 40);
  p.detected.values = {0.1};
  add_type(p, 0.5, 0.3);
  add_type(p, 0.2, 0.05);
  p.rate_shape = 0.8;
  p.classes = {"low", "high"};
  p.class_share.values = {3, 1};
  p.class_rate.values = {1, 4};
  p.age_mean = 30;
  p.age_sd = 6;
  p.onset_age = 8;
  p.peak_age = 19;
  p.age_sharpness = 1;
  p.season = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05};
  p.women = 0.2;
  p.start_reduced = 0.1;
  p.start_abstinent = 0.2;
  p.rate_reduced = 0.5;
  p.rate_abstinent = 0.1;
  p.using_to_reduced = 1;
  p.using_to_abstinent = 0.5;
  p.reduced_to_using = 2;
  p.reduced_to_abstinent = 0.5;
  p.abstinent_to_using = 1;
  p.to_active = 3;
  p.to_quiet = 4;
  p.quiet_rate = 0.3;
  p.desistance = 0.2;
  p.desistance_by_rate = 0.3;
  p.death = 0.05;
  p.death_doubling = 8;
  p.death_women = 0.6;
  p.mix_spread = 4;
  p.mix_switching = 1;
  p.arrested.values = {0.5, 0.6, 0.7};
  p.charged.values = {0.6, 0.7, 0.8};
  p.convicted.values = {0.8, 0.8, 0.9};
  p.custody.values = {0.1, 0.3, 0.5};
  p.record_lag = 1;
  p.arrest_lag = 3;
  p.charge_lag = 5;
  p.conviction_lag = 10;
  p.proven_wait = 26;
  p.stay_mean = 12;
  p.stay_cv = 1;
  p.value_mean.values = {120, 0, 900};
  p.value_cv = 1;
  p.harm.values = {1, 10, 300};
  p.spend_using = 300;
  p.entry = Entry::referral;
  p.before = 10;
  p.referral = 2;
  p.consent = 0.8;
  p.consent_by_rate = -0.2;
  p.wait = 4;
  p.length = 26;
  p.length_cv = 0.3;
  p.residence = 6;
  p.after = 40;
  p.sessions = 8;
  p.attendance = 0.8;
  p.drop_out = 0.5;
  p.drop_out_by_rate = 0.5;
  p.breach = 0.2;
  p.breach_custody = 0.3;
  p.death_left_early = 3;
  p.death_left_early_for = 26;
  p.half_life = 20;
  p.second_share = 0.4;
  p.second_after = 5;
  p.second_length = 20;
  p.second_half_life = 10;
  p.years = {"1", "2"};
  return p;
}

/// All effects of a programme as strong as one number.
inline void set_effects(CohortParameters& p, double effect) {
  p.rate_effect.values.assign(p.types.size(), effect);
  p.second_effect.values.assign(p.types.size(), effect);
  p.desistance_effect = 1 / effect;
  p.relapse_effect = effect;
  p.recovery_effect = 1 / effect;
  p.severity_effect = effect;
}

}  // namespace desist::test
