#include "models/catalogue.hpp"

#include <algorithm>

#include <gmock/gmock.h>

namespace desist {
namespace {

TEST(Catalogue, Is_alphabetical) {
  const auto& models = catalogue();
  EXPECT_TRUE(std::is_sorted(models.begin(), models.end(), [](auto& a, auto& b) { return a.info.name < b.info.name; }));
}

TEST(Catalogue, Explains_everything_in_a_sentence) {
  for (const ModelRecord& model : catalogue()) {
    for (const auto& field : model.parameters) EXPECT_THAT(field.help, testing::EndsWith(".")) << field.name;
    for (const auto& field : model.outcomes) EXPECT_THAT(field.help, testing::EndsWith(".")) << field.name;
    for (const auto& field : model.series) EXPECT_THAT(field.help, testing::EndsWith(".")) << field.name;
  }
}

}  // namespace
}  // namespace desist
