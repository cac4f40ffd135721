// Small cohorts at small services for tests.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "models/cohort_caseload.hpp"
#include "models/parts/cohort_caseload_run.hpp"
#include "tests/models/cohort_helpers.hpp"

namespace desist::test {

/// plain_cohort before a service with so many slots; all are referred at the start and stay for `length` weeks.
inline CohortCaseloadParameters plain_joined(int people, double rate, double slots, double length) {
  CohortCaseloadParameters p;
  static_cast<CohortParameters&>(p) = plain_cohort(people, rate);
  p.length = length;
  p.workers = Steps(1);
  p.clients_each = slots;
  p.yardstick = 4;
  p.wanted_share = 0.95;
  return p;
}

/// Careers with a part of everything, sent to a service that is short of room, from a seed.
inline CohortCaseloadParameters any_joined(std::uint64_t seed) {
  Stream words = Streams(seed, 0, 0).open(Purpose("any joined"), 0);
  const auto between = [&](double low, double high) { return low + (high - low) * uniform(words()); };
  const auto perhaps = [&](double value, double off = 0) { return uniform(words()) < 0.5 ? value : off; };
  CohortCaseloadParameters p = plain_joined(40, between(1, 10), between(0, 12), between(1, 30));
  add_type(p, 2, between(0.1, 1));
  p.record = CareerParameters::Record::every_offence;
  p.rate_shape = between(0.3, 3);
  p.to_active = perhaps(between(0.5, 5));
  p.to_quiet = p.to_active > 0 ? between(0.5, 5) : 0;
  p.desistance = perhaps(between(0, 0.5));
  p.death = perhaps(between(0, 0.1));
  convict_all(p);
  p.custody.values = {between(0, 0.5), between(0, 0.5)};
  p.stay_mean = between(1, 30);
  p.stay_law = CareerParameters::StayLaw::exponential;
  p.record_lag = perhaps(between(0, 4));
  p.charge_lag = perhaps(between(0, 8));
  p.before = between(0, 10);
  switch (words() % 4) {
    case 0:
      p.entry = Entry::everyone;
      break;
    case 1:
      p.entry = Entry::index_offence;
      p.intake_window = between(5, 30);
      break;
    case 2:
      p.entry = Entry::list;
      p.list_least = 1;
      p.before = between(10, 30);
      break;
    default:
      p.entry = Entry::referral;
      p.referral = between(0.5, 4);
  }
  p.eligible = perhaps(between(0.5, 1), 1);
  p.consent = perhaps(between(0.5, 1), 1);
  p.consent_by_rate = perhaps(between(-1, 1));
  p.length_cv = perhaps(between(0, 1));
  p.after = perhaps(between(1, 30));
  static_cast<ProgrammeParameters&>(p).drop_out = perhaps(between(0, 3));
  p.drop_out_by_rate = perhaps(between(-1, 1));
  p.breach = perhaps(between(0, 1));
  p.in_custody =
      uniform(words()) < 0.5 ? ProgrammeParameters::InCustody::leaves : ProgrammeParameters::InCustody::goes_on;
  p.rate_effect.values = {between(0.2, 1.2), between(0.2, 1.2)};
  p.half_life = perhaps(between(1, 50));
  p.patience = perhaps(between(1, 30));
  p.absence = perhaps(between(0, 0.3));
  p.workers = Steps({{0, 1}, {between(10, 60), between(0, 2)}});
  if (uniform(words()) < 0.5) p.order = CaseloadServiceParameters::Order::by_risk;
  p.arrive_over = perhaps(between(0, 40));
  return p;
}

struct JoinedResult {
  CohortCaseload::Outcomes outcomes;
  CohortCaseload::Series series;
};

inline JoinedResult run(const CohortCaseloadPlan& plan, std::uint64_t replicate, std::uint64_t seed = 1) {
  JoinedResult result;
  give_lengths(plan.cohort, result.outcomes, result.series);
  CohortCaseload::Series& s = result.series;
  for (auto* series : {&s.backlog, &s.wait_by_referral, &s.wait_by_service, &s.share_in_time, &s.in_time,
                       &s.WaitingSeries::clear, &s.clients, &s.CohortCaseload::Series::started, &s.at_work})
    series->resize(static_cast<std::size_t>(plan.service.waiting.weeks));
  CohortCaseload::replicate(plan, Streams(seed, 0, replicate), result.outcomes, result.series);
  return result;
}

/// The people of one replicate, as the service met them.
inline std::vector<CareerCase> people_of(const CohortCaseloadPlan& plan, std::uint64_t replicate,
                                         std::uint64_t seed = 1) {
  CohortCaseloadSpace space;
  CaseloadTally service;
  CohortCaseloadTally cohort;
  service.begin(plan.service);
  const Streams streams(seed, 0, replicate);
  CohortCaseloadRun(plan, streams, space).run(service, cohort);
  return std::move(space.people);
}

/// Writes down every number of a declaration, in order, with its name.
template <class T>
struct NumbersReader {
  const T& object;
  std::vector<std::pair<std::string, double>> numbers;
  void read(const std::string& name, double value) { numbers.emplace_back(name, value); }
  void read(const std::string& name, const std::vector<double>& values) {
    for (const double value : values) numbers.emplace_back(name, value);
  }
  void outcome(const std::string& name, auto member, const OutcomeOptions& = {}) { read(name, object.*member); }
  void series(const std::string& name, auto member, const SeriesOptions&) { read(name, object.*member); }
};

template <class T>
std::vector<std::pair<std::string, double>> numbers_of(const T& object) {
  NumbersReader<T> reader{object, {}};
  T::describe(reader);
  return std::move(reader.numbers);
}

}  // namespace desist::test
