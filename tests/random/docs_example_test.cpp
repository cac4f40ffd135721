// The example of docs/random-streams.md, run; the page must quote it letter by letter.
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/random/counts.hpp"
#include "engine/random/samplers.hpp"
#include "engine/random/stream.hpp"
#include "tests/read_file.hpp"

namespace desist {
namespace {

// clang-format off
// begin of the example
struct Area { std::int64_t referrals = 0, high_risk = 0; };

std::vector<Area> one_week(const Streams& streams, std::uint64_t areas, double referrals_a_week, double share_high) {
  constexpr Purpose referrals("referrals of an area");
  constexpr Purpose risk("risk of a referral");
  const PoissonTable sample_referrals(referrals_a_week);  // a table pays where one rate serves many draws
  const BernoulliSampler is_high(share_high);
  std::vector<Area> week(areas);
  for (std::uint64_t area = 0; area < areas; ++area) {
    week[area].referrals = sample_referrals(streams.words(referrals, area)[0]);  // one number: no stream needed
    for (std::int64_t k = 0; k < week[area].referrals; ++k) {
      Stream stream = streams.open(risk, area, static_cast<std::uint64_t>(k));   // the k-th referral of this area
      if (is_high(stream())) ++week[area].high_risk;
    }
  }
  return week;
}
// end of the example
// clang-format on

TEST(RandomStreamsPage, Promises_of_the_example_hold) {
  int raised = 0;
  for (std::uint64_t replicate = 0; replicate < 200; ++replicate) {
    const Streams streams(20231218, 0, replicate);
    const auto week = one_week(streams, 20, 6, 0.4);
    const auto wider = one_week(streams, 21, 6, 0.4);
    const auto busier = one_week(streams, 20, 7, 0.4);
    for (std::size_t area = 0; area < week.size(); ++area) {
      EXPECT_EQ(week[area].referrals, wider[area].referrals);  // one more area moves nobody else's numbers
      EXPECT_EQ(week[area].high_risk, wider[area].high_risk);
      EXPECT_LE(week[area].referrals, busier[area].referrals);  // common luck: never fewer at a higher rate
      EXPECT_LE(week[area].high_risk, busier[area].high_risk);
      raised += busier[area].referrals > week[area].referrals ? 1 : 0;
    }
  }
  EXPECT_GT(raised, 0);
}

std::string text_of(const std::string& path) { return tests::read_file(std::string(DESIST_SOURCE_DIR) + "/" + path); }

TEST(RandomStreamsPage, Quotes_this_file) {
  const std::string source = text_of("tests/random/docs_example_test.cpp");
  const std::string begin = "// begin of the example\n";
  const std::size_t from = source.find(begin) + begin.size();
  const std::string example = source.substr(from, source.find("// end of the example") - from);
  EXPECT_GT(example.size(), 500U);
  EXPECT_NE(text_of("docs/random-streams.md").find("```cpp\n" + example + "```"), std::string::npos);
}

}  // namespace
}  // namespace desist
