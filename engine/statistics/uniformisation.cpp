#include "engine/statistics/uniformisation.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace desist::statistics {
namespace {

constexpr double longest_span = 64;  // L t of a span: exp(-64) is far from underflow, and a span takes about 130 terms
constexpr double tail = 1e-12;

}  // namespace

std::vector<double> law_at(std::span<const Transition> transitions, std::vector<double> start, double time) {
  if (!(time >= 0) || std::isinf(time)) throw std::invalid_argument("a time is 0 or more, and finite");
  std::vector<double> leaving(start.size(), 0.0);
  for (const Transition& move : transitions) {
    if (move.from >= start.size() || move.to >= start.size())
      throw std::invalid_argument("a transition names a state that has no probability at the start");
    if (!(move.rate >= 0) || std::isinf(move.rate)) throw std::invalid_argument("a rate is 0 or more, and finite");
    if (move.from != move.to) leaving[move.from] += move.rate;
  }
  const double fastest = leaving.empty() ? 0 : *std::max_element(leaving.begin(), leaving.end());
  if (fastest == 0 || time == 0) return start;

  const double spans = std::ceil(fastest * time / longest_span);
  const double mean = fastest * time / spans;  // events of the uniform clock in a span
  std::vector<double> law = std::move(start);
  std::vector<double> term, next;
  for (double span = 0; span < spans; ++span) {
    term = law;
    double weight = std::exp(-mean);
    double left = 1 - weight;
    for (double& probability : law) probability *= weight;
    // Beyond n = 2 mean the weights fall at least by half each time: what is left is at most the last weight.
    for (double n = 1; left > tail / spans && !(n > 2 * mean + 1 && weight < tail / spans); ++n) {
      next.resize(term.size());
      for (std::size_t state = 0; state < term.size(); ++state)
        next[state] = term[state] * (1 - leaving[state] / fastest);
      for (const Transition& move : transitions)
        if (move.from != move.to) next[move.to] += term[move.from] * (move.rate / fastest);
      std::swap(term, next);
      weight *= mean / n;
      left -= weight;
      for (std::size_t state = 0; state < law.size(); ++state) law[state] += weight * term[state];
    }
  }
  return law;
}

}  // namespace desist::statistics
