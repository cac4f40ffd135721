// Which people a picture of twin traces shows: a rule that leaves nothing to choose.
#include "engine/simulation/twins.hpp"

#include <gmock/gmock.h>

namespace desist {
namespace {

/// People 1, 2, ...; in arm 1 every third offends at another time, number 50 has more that nobody sees, and all are
/// referred; arm 2 has let in only the even ones. What nobody sees is a sum of other terms in arm 1, and 0.02 more of
/// number 4: a picture shows neither.
class Lives final : public BoundModel {
 public:
  explicit Lives(int arm) : arm_(arm) {}
  void replicate_block(std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::span<double>,
                       std::span<double>) const override {}
  std::vector<Trace> traces(std::uint64_t, std::uint64_t draw, std::uint64_t replicate,
                            std::size_t people) const override {
    if (arm_ == 3) throw ReplicateFailure({draw, "", replicate}, "no life");
    std::vector<Trace> told;
    for (std::uint64_t person = 1; told.size() < people && person <= 1000; ++person) {
      if (arm_ == 2 && person % 2 == 1) continue;
      const bool differs = arm_ == 1 && person % 3 == 0;
      told.push_back({person, {{TraceRow::Kind::moment, 0, "offence", differs ? 1.0 : 2.0, 0, 0}}});
      const double unseen = arm_ != 1 ? 0.3 : person == 50 ? 0.4 : person == 4 ? 0.32 : 0.1 + 0.2;
      told.back().rows.push_back({TraceRow::Kind::amount, 0, "not seen", 0, 52, unseen});
      if (arm_ == 1) told.back().rows.push_back({TraceRow::Kind::moment, 1, "referred", 1, 1, 0});
    }
    return told;
  }

 private:
  int arm_;
};

ModelRecord lives() {
  ModelRecord model;
  model.trace_lanes = {{"Offending", {}, {"offence"}, "not seen", true}, {"Programme", {}, {"referred"}, "", false}};
  model.bind = [](const ArmLayout& layout, std::span<const double>, const Window&) -> std::unique_ptr<BoundModel> {
    return std::make_unique<Lives>(layout.fields.at(0).choice);
  };
  return model;
}

Arm arm(int number) {
  FieldLayout field;
  field.choice = number;
  return {"arm " + std::to_string(number), "", {{field}}, false, {}};
}

TwinTraces twins(int first, int second, std::size_t people) {
  return twin_traces(lives(), arm(first), arm(second), ParameterDraws({}, {}, {}, 1), Window{}, 1, people);
}

std::vector<std::uint64_t> persons(const TwinTraces& twins) {
  std::vector<std::uint64_t> persons;
  for (const Twins& each : twins.shown) {
    EXPECT_EQ(each.first.person, each.second.person);
    persons.push_back(each.first.person);
  }
  return persons;
}

TEST(Twins, Are_the_first_whose_lives_differ) {
  const TwinTraces found = twins(0, 1, 2);
  EXPECT_EQ(found.looked_at, most_twins_looked_at);
  EXPECT_EQ(found.differ, most_twins_looked_at / 3 + 1);  // and number 50; by rounding nobody
  EXPECT_THAT(persons(found), testing::ElementsAre(3, 6));
  EXPECT_EQ(found.shown[0].number, 3U);
  EXPECT_NE(found.shown[0].first, found.shown[0].second);
}

TEST(Twins, Are_the_first_of_all_where_no_life_differs) {
  const TwinTraces found = twins(0, 0, 3);
  EXPECT_EQ(found.differ, 0U);
  EXPECT_THAT(persons(found), testing::ElementsAre(1, 2, 3));
  for (const Twins& each : found.shown) EXPECT_EQ(each.first, each.second);
}

TEST(Twins, Are_people_who_are_in_both_arms) {
  const TwinTraces found = twins(1, 2, 2);
  EXPECT_EQ(found.looked_at, most_twins_looked_at / 2);  // 2, 4, ..., 200 of the two hundred
  EXPECT_THAT(persons(found), testing::ElementsAre(6, 12));
  EXPECT_EQ(found.shown[0].number, 3U);
}

TEST(Twins, Say_in_which_arm_a_life_could_not_be_written) {
  try {
    twins(0, 3, 1);
    FAIL();
  } catch (const ReplicateFailure& failure) {
    EXPECT_EQ(failure.id().arm, "arm 3");
    EXPECT_STREQ(failure.what(), "no life");
  }
}

}  // namespace
}  // namespace desist
