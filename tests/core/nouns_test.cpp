// Nouns: the singular undoes the plural, and one of a thing is said of one.
#include "engine/core/nouns.hpp"

#include <gtest/gtest.h>

namespace desist {
namespace {

TEST(Nouns, TheSingularUndoesThePlural) {
  for (const char* one : {"offence", "person", "child", "woman", "agency", "course", "process", "box", "church", "case",
                          "police officer", "day of harm", "half-way house"})
    EXPECT_EQ(singular(plural(one)), one);
  EXPECT_EQ(singular("people"), "person");
  EXPECT_EQ(singular("staff"), "staff");  // no plural: left as it is
  EXPECT_EQ(singular(""), "");
}

TEST(Nouns, AreCounted) {
  EXPECT_EQ(counted(1, "year"), "1 year");
  EXPECT_EQ(counted(1.0, "person"), "1 person");
  EXPECT_EQ(counted(0, "year"), "0 years");
  EXPECT_EQ(counted(0.5, "year"), "0.5 years");
  EXPECT_EQ(counted(std::size_t{3}, "agency"), "3 agencies");
}

TEST(Nouns, ALabelIsSaidOfOne) {
  EXPECT_EQ(label_of_one("referrals a week"), "referral a week");
  EXPECT_EQ(label_of_one("new hearings per month"), "new hearing per month");
  EXPECT_EQ(label_of_one("people"), "person");
  EXPECT_EQ(label_of_one("places, all hostels"), "place, all hostels");
  EXPECT_EQ(label_of_one("filtered_out in 100"), "filtered_out in 100");
}

}  // namespace
}  // namespace desist
