// Columns: one value a draw, or one for all draws where nothing in it varies.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace desist {

class DrawColumn {
 public:
  explicit DrawColumn(double value = 0) : values_{value} {}
  /// One a draw. Where all are the same it doesn't vary: a single value is that of all draws.
  explicit DrawColumn(std::vector<double> values);

  bool varies() const { return values_.size() > 1; }
  double operator[](std::size_t draw) const { return values_[varies() ? draw : 0]; }
  /// One value for each of so many draws.
  std::vector<double> spread_over(std::size_t draws) const;
  /// `f` of each value.
  template <class F>
  DrawColumn mapped(F f) const {
    DrawColumn made(*this);
    for (double& value : made.values_) value = f(value);
    return made;
  }

  DrawColumn& operator+=(const DrawColumn& other);
  DrawColumn& operator-=(const DrawColumn& other);
  DrawColumn& operator*=(const DrawColumn& other);
  DrawColumn& operator/=(const DrawColumn& other);
  /// Adds (a factor) weight draw by draw, without a column in between; no weight is 1.
  void add_product(const DrawColumn& a, double factor, const DrawColumn* weight);

 private:
  template <class Operation>
  DrawColumn& combine(const DrawColumn& other, Operation operation);
  std::vector<double> values_;
};

DrawColumn operator+(DrawColumn a, const DrawColumn& b);
DrawColumn operator-(DrawColumn a, const DrawColumn& b);
DrawColumn operator*(DrawColumn a, const DrawColumn& b);
DrawColumn operator/(DrawColumn a, const DrawColumn& b);

}  // namespace desist
