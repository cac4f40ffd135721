#include "models/parts/hypergeometric.hpp"

#include <algorithm>
#include <stdexcept>

namespace desist {
namespace {

constexpr double negligible = 0x1p-70;  // of the mode's probability

}  // namespace

void HypergeometricTable::set(const Urn& urn) {
  const auto [population, marked, sample] = urn;
  if (marked < 0 || sample < 0 || marked > population || sample > population)
    throw std::domain_error("a hypergeometric law needs no more marked ones and no larger sample than there are");
  urn_ = urn;
  const std::int64_t least = std::max<std::int64_t>(0, marked + sample - population);
  const std::int64_t most = std::min(marked, sample);
  const auto n = static_cast<double>(population);
  const auto k = static_cast<double>(marked);
  const auto m = static_cast<double>(sample);
  const auto mode = std::clamp(static_cast<std::int64_t>((m + 1) * (k + 1) / (n + 2)), least, most);
  const auto up = [&](std::int64_t number) {  // P(x + 1) / P(x)
    const auto x = static_cast<double>(number);
    return (k - x) * (m - x) / ((x + 1) * (n - k - m + x + 1));
  };

  probabilities_.clear();
  double weight = 1;
  first_ = mode;
  while (first_ > least) {
    weight /= up(first_ - 1);
    if (weight < negligible) break;
    probabilities_.push_back(weight);
    --first_;
  }
  std::reverse(probabilities_.begin(), probabilities_.end());
  probabilities_.push_back(1);
  weight = 1;
  for (std::int64_t x = mode; x < most; ++x) {
    weight *= up(x);
    if (weight < negligible) break;
    probabilities_.push_back(weight);
  }
  double sum = 0;
  for (const double each : probabilities_) sum += each;
  for (double& each : probabilities_) each /= sum;
}

std::int64_t HypergeometricTable::operator()(double u) const {
  double cumulative = 0;
  std::size_t i = 0;
  for (; i + 1 < probabilities_.size(); ++i) {
    cumulative += probabilities_[i];
    if (cumulative >= u) break;
  }
  return first_ + static_cast<std::int64_t>(i);
}

}  // namespace desist
