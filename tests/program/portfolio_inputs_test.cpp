// The programmes of the portfolio stand on the same figures as the files that appraise each of them.
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "engine/program/experiment_spec.hpp"
#include "tests/program/shipped.hpp"

namespace desist {
namespace {

struct Same {
  const char* in_portfolio;
  const char* file;
  const char* there;
};

/// Names that differ by the programme's own alone; what counts people there counts cases or courses in a model's words.
const std::vector<Same> same_figures{
    {"cara_budget", "cara-value", "budget"},
    {"cara_people", "cara-value", "people"},
    {"overrun", "cara-value", "overrun"},
    {"abuse_price", "cara-value", "abuse_price"},
    {"other_price", "cara-value", "other_price"},
    {"abuse_each", "cara-value", "abuse_each"},
    {"other_each", "cara-value", "other_each"},
    {"unrecorded", "cara-value", "unrecorded"},
    {"arv_budget", "arv-value", "budget"},
    {"arv_people", "arv-value", "people"},
    {"arv_own", "arv-value", "own_share"},
    {"overrun", "arv-value", "overrun"},
    {"violence", "arv-value", "price"},
    {"offences", "arv-value", "offences"},
    {"o2r_rehab", "o2r-pilot-value", "rehab"},
    {"o2r_overrun", "o2r-pilot-value", "overrun"},
    {"o2r_team", "o2r-pilot-value", "team"},
    {"post", "o2r-pilot-value", "post"},
    {"o2r_drugs", "o2r-pilot-value", "drugs"},
    {"o2r_stolen", "o2r-pilot-value", "stolen"},
    {"o2r_shops", "o2r-pilot-value", "from_shops"},
    {"o2r_free", "o2r-pilot-value", "free"},
    {"o2r_loss", "o2r-pilot-value", "loss"},
    {"divert_referrals", "divert-value", "referrals"},
    {"divert_sessions", "divert-value", "courses"},
    {"divert_session", "divert-value", "session"},
    {"divert_contact", "divert-value", "contact"},
    {"divert_overrun", "divert-value", "overrun"},
    {"chance_overrun", "new-chance-value", "overrun"},
    {"cars_overrun", "cars-value", "overrun"},
    {"starts", "cars-value", "starts"},
    {"new", "cars-value", "new"},
    {"stays", "cars-value", "stays"},
    {"treatment", "cars-value", "treatment"},
    {"crime", "cars-value", "crime"},
    {"posts", "iom-breakeven", "posts"},
    {"post", "iom-breakeven", "post"},
    {"iom_overrun", "iom-breakeven", "overrun"},
    {"managed", "iom-breakeven", "price"},
};

std::vector<double> numbers_of(const Law& law) {
  if (const auto* fixed = std::get_if<FixedLaw>(&law)) return {fixed->value};
  if (const auto* range = std::get_if<UniformLaw>(&law)) return {range->low, range->high};
  if (const auto* peak = std::get_if<TriangularLaw>(&law)) return {peak->low, peak->likely, peak->high};
  if (const auto* count = std::get_if<CountLaw>(&law))
    return {static_cast<double>(count->count), static_cast<double>(count->of)};
  return {};
}

class Files {
 public:
  const ExperimentSpec& operator[](const std::string& name) {
    const auto known_file = read_.find(name);
    if (known_file != read_.end()) return known_file->second;
    return read_.emplace(name, read_experiment(shipped + "/" + name + ".toml", known, shipped_evidence)).first->second;
  }

 private:
  std::map<std::string, ExperimentSpec> read_;
};

/// The law of a figure and, of money, its price year.
std::pair<std::vector<double>, std::string> figure_of(const ExperimentSpec& spec, const std::string& name) {
  std::string prices;
  for (const AppraisalInput& input : spec.appraisal->inputs)
    if (input.name == name) prices = input.prices;
  for (const Parameter& parameter : spec.parameters)
    if (parameter.name == name) return {numbers_of(parameter.law), prices};
  ADD_FAILURE() << spec.text.name << " has no " << name;
  return {};
}

TEST(Portfolio, StandsOnTheFiguresOfItsProgrammesOwnFiles) {
  Files files;
  for (const Same& same : same_figures) {
    SCOPED_TRACE(std::string(same.in_portfolio) + " and " + same.there + " of " + same.file);
    const auto here = figure_of(files["portfolio"], same.in_portfolio), there = figure_of(files[same.file], same.there);
    EXPECT_FALSE(here.first.empty());
    EXPECT_EQ(here, there);
  }
  // The check finds a figure that differs.
  EXPECT_NE(figure_of(files["portfolio"], "chance_overrun"), figure_of(files["cars-value"], "overrun"));
}

}  // namespace
}  // namespace desist
