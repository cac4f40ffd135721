#include "engine/estimation/appraisal/draw_column.hpp"

#include <algorithm>

namespace desist {

DrawColumn::DrawColumn(std::vector<double> values) : values_(std::move(values)) {
  if (std::all_of(values_.begin(), values_.end(), [this](double value) { return value == values_.front(); }))
    values_.resize(1);
}

std::vector<double> DrawColumn::spread_over(std::size_t draws) const {
  return varies() ? values_ : std::vector<double>(draws, values_.front());
}

template <class Operation>
DrawColumn& DrawColumn::combine(const DrawColumn& other, Operation operation) {
  if (!other.varies()) {
    const double second = other.values_.front();
    for (double& value : values_) value = operation(value, second);
    return *this;
  }
  if (!varies()) values_.assign(other.values_.size(), values_.front());
  for (std::size_t d = 0; d < values_.size(); ++d) values_[d] = operation(values_[d], other.values_[d]);
  return *this;
}

DrawColumn& DrawColumn::operator+=(const DrawColumn& other) { return combine(other, std::plus<>()); }
DrawColumn& DrawColumn::operator-=(const DrawColumn& other) { return combine(other, std::minus<>()); }
DrawColumn& DrawColumn::operator*=(const DrawColumn& other) { return combine(other, std::multiplies<>()); }
DrawColumn& DrawColumn::operator/=(const DrawColumn& other) { return combine(other, std::divides<>()); }

void DrawColumn::add_product(const DrawColumn& a, double factor, const DrawColumn* weight) {
  const std::size_t draws = std::max(a.values_.size(), weight == nullptr ? 1 : weight->values_.size());
  if (draws > 1 && !varies()) values_.assign(draws, values_.front());
  for (std::size_t d = 0; d < values_.size(); ++d) {
    const double amount = a[d] * factor;
    values_[d] += weight == nullptr ? amount : amount * (*weight)[d];
  }
}

DrawColumn operator+(DrawColumn a, const DrawColumn& b) { return a += b; }
DrawColumn operator-(DrawColumn a, const DrawColumn& b) { return a -= b; }
DrawColumn operator*(DrawColumn a, const DrawColumn& b) { return a *= b; }
DrawColumn operator/(DrawColumn a, const DrawColumn& b) { return a /= b; }

}  // namespace desist
