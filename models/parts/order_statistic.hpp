// One order statistic of many values.
#pragma once

#include <cstddef>
#include <span>

namespace desist {

/// Order statistic k (0: smallest) of values that are not negative, by one pass over buckets and a selection in one.
double order_statistic(std::span<const double> values, std::size_t k);

}  // namespace desist
