#include "engine/statistics/desistance.hpp"

#include <cmath>

#include "engine/statistics/ranges.hpp"

namespace desist::statistics {
namespace {

void require_career(const ConstantCareer& career, double time) {
  require(is_amount(career.rate), "a rate of offending is 0 or more, and finite");
  require(is_amount(career.desistance), "a hazard of desistance is 0 or more, and finite");
  require(is_amount(time), "a time is 0 or more, and finite");
}

}  // namespace

double mean_events(const ConstantCareer& career, double time) {
  require_career(career, time);
  const double delta = career.desistance;
  return career.rate * (delta == 0 ? time : -std::expm1(-delta * time) / delta);
}

double share_without_event(const ConstantCareer& career, double time) {
  require_career(career, time);
  const double either = career.rate + career.desistance;
  return either == 0 ? 1 : (career.desistance + career.rate * std::exp(-either * time)) / either;
}

double share_without_event(const GammaFrailty& frailty, double desistance, double time) {
  return mean_over(frailty, [&](double rate) { return share_without_event(ConstantCareer{rate, desistance}, time); });
}

}  // namespace desist::statistics
