// Buckets and the quantiles read from them.
#include "engine/simulation/histogram.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "engine/core/limits.hpp"

namespace desist::test {
namespace {

TEST(Buckets, Hold_their_middle_and_keep_order) {
  std::mt19937_64 numbers(3);
  double before = -infinity;
  BucketCode before_code = -infinity_code(7);
  std::vector<double> values;
  for (int i = 0; i < 20000; ++i) {
    const double size = std::exp(static_cast<double>(numbers() % 6000) / 100 - 30);
    values.push_back(numbers() % 2 == 0 ? size : -size);
  }
  std::sort(values.begin(), values.end());
  for (const double value : values) {
    const BucketCode code = bucket_code<7>(value);
    EXPECT_GE(code, before_code) << before << " " << value;
    EXPECT_LE(std::abs(bucket_value(code, 7) - value), bucket_width(code, 7) / 2 * (1 + 1e-9)) << value;
    EXPECT_LE(bucket_width(code, 7), (std::abs(value) + 1.01) / 64) << value;
    before = value;
    before_code = code;
  }
  for (int whole = 0; whole <= 255; ++whole) {
    EXPECT_EQ(bucket_value(bucket_code<7>(whole), 7), whole);
    EXPECT_EQ(bucket_value(bucket_code<7>(-whole), 7), -whole);
  }
  EXPECT_EQ(bucket_code<7>(-0.0), 0);
  EXPECT_EQ(bucket_code<12>(std::numeric_limits<double>::quiet_NaN()), no_bucket);
  EXPECT_EQ(bucket_value(bucket_code<12>(infinity), 12), infinity);
  EXPECT_EQ(bucket_value(bucket_code<12>(-infinity), 12), -infinity);
  EXPECT_LT(bucket_code<12>(1e308), infinity_code(12));
}

TEST(Histogram, Order_statistics_equal_those_of_sorted_values) {
  std::mt19937_64 numbers(4);
  std::vector<double> values;
  Histogram histogram(12);
  for (int i = 0; i < 5000; ++i) {
    double value = static_cast<double>(numbers() % 2000) - 600;  // whole numbers come back exactly
    if (i % 50 == 0) value = infinity;
    if (i % 71 == 0) value = -infinity;
    if (i % 97 == 0) value = 4294967295.0;  // its code of 12 bits is that of an infinity of 7
    values.push_back(value);
    histogram.add(bucket_code<12>(value));
    histogram.add(no_bucket);
  }
  std::sort(values.begin(), values.end());
  ASSERT_EQ(histogram.total(), values.size());
  for (std::uint64_t order = 1; order <= values.size(); ++order)
    ASSERT_EQ(bucket_value(histogram.at_order(order), 12), bucket_value(bucket_code<12>(values[order - 1]), 12))
        << order;
  EXPECT_THROW(static_cast<void>(histogram.at_order(0)), std::out_of_range);
  EXPECT_THROW(static_cast<void>(histogram.at_order(values.size() + 1)), std::out_of_range);
}

TEST(Histogram, Has_the_same_bytes_in_any_order) {
  const std::vector<double> values{3, 900, -4, 0, 3, 17, infinity, -250, 3};
  const auto bytes_of = [](const std::vector<double>& in_order) {
    Histogram histogram(7);
    for (const double value : in_order) histogram.add(bucket_code<7>(value));
    ByteWriter out;
    histogram.write(out);
    return out.bytes();
  };
  auto reversed = values;
  std::reverse(reversed.begin(), reversed.end());
  EXPECT_EQ(bytes_of(values), bytes_of(reversed));
  auto other = values;
  other[0] = 5;
  EXPECT_NE(bytes_of(values), bytes_of(other));

  Histogram again(7);
  const std::string bytes = bytes_of(values);
  ByteReader in(bytes);
  again.read(in);
  EXPECT_TRUE(in.at_end());
  EXPECT_EQ(bucket_value(again.at_order(1), 7), -250);
}

}  // namespace
}  // namespace desist::test
