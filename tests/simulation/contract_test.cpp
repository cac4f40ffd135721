// What a model declares, and how an arm's layout and a draw's row become its parameters.
#include "engine/simulation/contract.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/models/coin.hpp"
#include "tests/models/referral_service.hpp"
#include "tests/simulation/layouts.hpp"

namespace desist::test {
namespace {

using testing::ElementsAre;

ArmLayout service_layout() {
  ArmLayout layout;
  layout.fields.resize(5);
  layout.fields[0].items = {"north", "south", "west"};
  // 0.2 everywhere; south 0.5 from week 4; everywhere 0.7 from week 8; west back to 0.2 from week 6, which overrides.
  layout.fields[1].pieces = {{always, {}, 0}, {4, {1}, 1}, {8, {}, 2}, {6, {2}, 0}};
  layout.fields[2].pieces = {{always, {}, 3}};
  layout.fields[3].choice = 1;
  layout.fields[4].dates = {Date{19607}};
  return layout;
}
const std::vector<double> row{0.2, 0.5, 0.7, 1};

TEST(Contract, Declarations_nest_with_dotted_names) {
  const ModelRecord model = model_record<ReferralService>();
  std::vector<std::string> names;
  for (const ParameterField& field : model.parameters) names.push_back(field.name);
  EXPECT_THAT(names,
              ElementsAre("referrals.areas", "referrals.chance", "service.seen", "service.order", "service.closed"));
  EXPECT_EQ(model.parameters[1].varies.by_item, "referrals.areas");
  EXPECT_TRUE(model.parameters[1].varies.in_time);
  EXPECT_TRUE(model.parameters[2].varies.in_time);
  EXPECT_EQ(model.parameters[2].varies.by_item, "");
  EXPECT_EQ(model.parameters[3].kind, ParameterField::Kind::one_of);
  EXPECT_THAT(model.parameters[3].choices, ElementsAre("first come", "last come"));
  EXPECT_EQ(model.parameters[3].off, 0);
  EXPECT_EQ(model.parameters[4].off, 0);
  EXPECT_FALSE(model.parameters[0].off.has_value());
  EXPECT_EQ(model.outcomes[0].name, "referrals.referred");
  EXPECT_EQ(model.outcomes[0].by_item, "referrals.areas");
  EXPECT_EQ(model.series[0].name, "service.waiting");
  EXPECT_EQ(model.series[0].unit.text(), "person");
}

TEST(Contract, Outcomes_by_item_are_laid_out_flat) {
  const auto slots = outcome_slots(model_record<ReferralService>(), service_layout());
  ASSERT_EQ(slots.size(), 5U);
  EXPECT_EQ(slots[1].item, "south");
  EXPECT_EQ(slots[2].field, 0U);
  EXPECT_EQ(slots[3].field, 1U);
  EXPECT_EQ(slots[3].item, "");
}

/// Counts by two lists at once, inside another declaration.
struct Crossed {
  struct Parameters {
    std::vector<std::string> years, phases, types;
    static void describe(auto& v) {
      v.items("years", &Parameters::years, {});
      v.items("phases", &Parameters::phases, {.may_be_absent = true});
      v.items("types", &Parameters::types, {});
    }
  };
  struct Outcomes {
    std::vector<double> by_two, by_three;
    static void describe(auto& v) {
      v.outcome("by_two", &Outcomes::by_two, {.over = "years x types"});
      v.outcome("by_three", &Outcomes::by_three, {.over = "years x phases x types"});
    }
  };
};
struct CrossedModel {
  static constexpr ModelInfo info{"crossed", "Counts by several lists.", "tests"};
  struct Parameters {
    Crossed::Parameters counts;
    static void describe(auto& v) { v.part("counts", &Parameters::counts); }
  };
  struct Outcomes {
    Crossed::Outcomes counts;
    static void describe(auto& v) { v.part("counts", &Outcomes::counts); }
  };
  struct Series {};
  struct Bound {
    Bound(const Parameters&, const Window&) {}
  };
  static void replicate(const Bound&, const Streams&, Outcomes& outcomes, Series&) {
    for (std::size_t i = 0; i < outcomes.counts.by_two.size(); ++i) outcomes.counts.by_two[i] = static_cast<double>(i);
  }
};

TEST(Contract, Outcomes_over_several_lists_have_a_value_for_each_combination) {
  const ModelRecord model = model_record<CrossedModel>();
  EXPECT_EQ(model.outcomes[0].by_item, "counts.years x counts.types");
  EXPECT_THAT(lists_of(model.outcomes[1].by_item), ElementsAre("counts.years", "counts.phases", "counts.types"));
  EXPECT_TRUE(lists_of("").empty());
  ArmLayout layout;
  layout.fields.resize(3);
  layout.fields[0].items = {"one", "two"};
  layout.fields[2].items = {"theft", "harm"};
  const auto items = [&] {
    std::vector<std::string> all;
    for (const OutcomeSlot& slot : outcome_slots(model, layout)) all.push_back(std::to_string(slot.field) + slot.item);
    return all;
  };
  EXPECT_THAT(items(), ElementsAre("0one, theft", "0one, harm", "0two, theft", "0two, harm"));  // no phases: none
  layout.fields[1].items = {"after"};
  EXPECT_EQ(items().size(), 8U);
  EXPECT_EQ(items()[7], "1two, after, harm");
  std::vector<double> found(8, -1);
  model.bind(layout, {}, Window{Date{0}, Date{70}})->replicate_block(1, 0, 0, 1, found, {});
  EXPECT_THAT(found, ElementsAre(0, 1, 2, 3, 0, 0, 0, 0));
}

TEST(Contract, Later_pieces_override_from_their_week_on) {
  const auto parameters = contract::bound_parameters<ReferralService>(service_layout(), row);
  const auto chances = [&](std::size_t area) {
    std::vector<double> values;
    for (const double week : {0.0, 4.0, 6.0, 7.9, 8.0, 100.0})
      values.push_back(parameters.referrals.chance[area].at(week));
    return values;
  };
  EXPECT_THAT(chances(0), ElementsAre(.2, .2, .2, .2, .7, .7));
  EXPECT_THAT(chances(1), ElementsAre(.2, .5, .5, .5, .7, .7));
  EXPECT_THAT(chances(2), ElementsAre(.2, .2, .2, .2, .2, .2));
  EXPECT_EQ(parameters.service.seen.at(3), 1);
  EXPECT_EQ(parameters.service.order, Service::Order::last_come);
  EXPECT_THAT(parameters.service.closed, ElementsAre(Date{19607}));
}

TEST(Contract, Numbers_that_are_not_given_take_what_switches_them_off_or_are_refused) {
  ArmLayout layout = service_layout();
  layout.fields[2].pieces.clear();
  try {
    contract::bound_parameters<ReferralService>(layout, row);
    FAIL() << "a number without a value was bound";
  } catch (const std::invalid_argument& refused) {
    EXPECT_STREQ(refused.what(), "'service.seen' has no value");
  }
  layout = service_layout();
  layout.fields[1].pieces = {{always, {0, 2}, 0}};
  EXPECT_THROW(contract::bound_parameters<ReferralService>(layout, row), std::invalid_argument);
  layout.fields[1].pieces = {{always, {}, 0}, {always, {3}, 0}};
  EXPECT_THROW(contract::bound_parameters<ReferralService>(layout, row), std::invalid_argument);
  layout.fields[1].pieces = {{always, {}, 4}};
  EXPECT_THROW(contract::bound_parameters<ReferralService>(layout, row), std::invalid_argument);

  ArmLayout coin;
  coin.fields = {from_slot(0), from_slot(1)};
  EXPECT_EQ(contract::bound_parameters<Coin>(coin, std::vector<double>{.1, 19.6}).people, 20);  // to nearest
  coin.fields[0].pieces[0].from_week = 3;
  EXPECT_THROW(contract::bound_parameters<Coin>(coin, std::vector<double>{.1, 20}), std::invalid_argument);
}

// Who was referred was seen or waits: both parts ran on one calendar, and a closed week saw nobody.
TEST(Contract, Joined_parts_keep_their_people) {
  const ModelRecord model = model_record<ReferralService>();
  const Window window{Date{19600}, Date{19670}};
  const ArmLayout layout = service_layout();
  std::vector<double> outcomes(5 * 20), series(10 * 20);
  model.bind(layout, row, window)->replicate_block(3, 0, 0, 20, outcomes, series);
  double referred = 0;
  for (std::size_t r = 0; r < 20; ++r) {
    const double* of_replicate = outcomes.data() + 5 * r;
    EXPECT_EQ(of_replicate[0] + of_replicate[1] + of_replicate[2], of_replicate[4] + series[10 * r + 9]);
    EXPECT_GE(series[10 * r + 1], series[10 * r]);  // week 1 is closed
    referred += of_replicate[0];
  }
  EXPECT_GT(referred, 0);
  // A block is its replicates one by one: nothing is left over from one to the next.
  std::vector<double> alone(5), alone_series(10);
  for (std::uint64_t r = 0; r < 20; ++r) {
    model.bind(layout, row, window)->replicate_block(3, 0, r, r + 1, alone, alone_series);
    EXPECT_TRUE(std::equal(alone.begin(), alone.end(), outcomes.begin() + static_cast<std::ptrdiff_t>(5 * r)));
    EXPECT_TRUE(
        std::equal(alone_series.begin(), alone_series.end(), series.begin() + static_cast<std::ptrdiff_t>(10 * r)));
  }
}

TEST(Steps, Hold_until_the_next) {
  const Steps steps({{0, 1}, {2, 5}, {4.5, 3}});
  EXPECT_EQ(steps.at(-10), 1);
  EXPECT_EQ(steps.at(1.999), 1);
  EXPECT_EQ(steps.at(2), 5);
  EXPECT_EQ(steps.at(4.5), 3);
  EXPECT_EQ(steps.at(1e9), 3);
  EXPECT_THROW(Steps(std::vector<Steps::Step>{}), std::invalid_argument);
  EXPECT_THROW(Steps({{2, 1}, {2, 5}}), std::invalid_argument);
}

}  // namespace
}  // namespace desist::test
