// Competing risks and recurrent events against R (survival 3.5-3, cmprsk 2.2-11): tests/data/reference/04_survival.
#include <gtest/gtest.h>

#include "engine/statistics/competing_risks.hpp"
#include "engine/statistics/cox.hpp"
#include "engine/statistics/fine_gray.hpp"
#include "engine/statistics/recurrent_events.hpp"
#include "tests/statistics/survival_files.hpp"

namespace desist::statistics {
namespace {

using namespace reference;

struct Mgus {
  Columns data{"mgus2.csv"};
  std::vector<double> time = data.numbers("etime");
  std::vector<int> cause = data.whole("cause");
  std::vector<int> group = data.levels("female", {"0", "1"});
  nlohmann::json expected = survival_analyses().at("mgus_competing");
  std::vector<std::string> names{"age", "female", "mspike"};
  FollowUp follow_up() const { return {time, cause, {}}; }
};

TEST(competing_reference, incidence_with_both_errors) {
  const Mgus mgus;
  const auto curves = cumulative_incidence(mgus.follow_up(), 2, mgus.group, 2);
  ASSERT_TRUE(curves);
  FieldCount fields;
  const auto& packaged = mgus.expected.at("cmprsk");
  for (std::size_t g = 0; g < 2; ++g) {
    const auto& theirs = mgus.expected.at("aalen_johansen").at("female=" + std::to_string(g));
    const auto times = theirs.at("time").get<std::vector<double>>();
    for (std::size_t k = 0; k < times.size(); ++k) {
      for (std::size_t c = 1; c <= 2; ++c) {
        const std::string cause = std::to_string(c);
        const std::string where = "group " + std::to_string(g) + " cause " + cause;
        const IncidenceStep at = incidence_at((*curves)[g].causes[c - 1], times[k]);
        fields.near(theirs.at("cif_" + cause)[k], at.incidence, 1e-10, where);
        fields.near(theirs.at("se_" + cause)[k], at.jackknife_error, 1e-8, where);
        const std::size_t row = (c - 1) * 2 + g;
        EXPECT_EQ(packaged.at("estimate").at("rows")[row], std::to_string(g) + " " + cause);
        EXPECT_EQ(std::stod(packaged.at("estimate").at("cols")[k].get<std::string>()), times[k]);
        fields.near(packaged.at("estimate").at("values")[row][k], at.incidence, 1e-10, where);
        // The table gives variances: the error is compared, whose digits 1e-8 is meant for.
        fields.near(std::sqrt(packaged.at("variance").at("values")[row][k].get<double>()), at.delta_error, 1e-8, where);
      }
    }
  }
  EXPECT_EQ(fields.count, 2 * 4 * 2 * 4);
}

TEST(competing_reference, gray_test) {
  const Mgus mgus;
  FieldCount fields;
  for (int cause = 1; cause <= 2; ++cause) {
    const auto test = gray_test(mgus.follow_up(), 2, cause, mgus.group, 2);
    ASSERT_TRUE(test);
    const auto& theirs = mgus.expected.at("cmprsk").at("gray_test").at("values")[static_cast<std::size_t>(cause - 1)];
    fields.near(theirs[0], test->statistic, 1e-8, "statistic");
    fields.near(theirs[1], test->p, 1e-8, "p");
    fields.near(theirs[2], test->df, 0, "df");
  }
  EXPECT_EQ(fields.count, 6);
}

TEST(competing_reference, cause_specific_cox) {
  const Mgus mgus;
  FieldCount fields;
  for (int cause = 1; cause <= 2; ++cause) {
    const std::string where = "cause_" + std::to_string(cause);
    std::vector<int> event;
    for (const int code : mgus.cause) event.push_back(code == cause ? 1 : 0);
    const auto fit = cox({mgus.time, event, {}}, mgus.data.matrix(mgus.names));
    ASSERT_TRUE(fit);
    const auto& theirs = mgus.expected.at("cause_specific_cox_efron").at(where);
    fields.near(values_of(theirs.at("coef"), mgus.names), fit->coefficients, 1e-7, where);
    fields.near(values_of(theirs.at("se"), mgus.names), fit->errors(), 1e-7, where);
  }
  EXPECT_EQ(fields.count, 12);
}

TEST(competing_reference, fine_gray) {
  const Mgus mgus;
  FieldCount fields;
  const auto fit = fine_gray(mgus.follow_up(), 2, 1, mgus.data.matrix(mgus.names));
  ASSERT_TRUE(fit);
  const auto& theirs = mgus.expected.at("fine_gray_cause_1");
  fields.near(values_of(theirs.at("coef"), mgus.names), fit->coefficients, 1e-6, "coef");
  fields.near(values_of(theirs.at("se"), mgus.names), fit->errors(), 1e-6, "se");
  fields.near(theirs.at("loglik"), fit->log_likelihood, 1e-6, "loglik");
  EXPECT_EQ(fields.count, 7);
}

TEST(recurrent_reference, mean_cumulative_function) {
  const nlohmann::json expected = survival_analyses().at("bladder_recurrent").at("mean_cumulative_function");
  const Columns data("bladder2.csv");
  const auto start = data.numbers("start"), stop = data.numbers("stop");
  const auto event = data.whole("event"), person = data.labels("id"), group = data.levels("rx", {"1", "2"});
  const auto curves = mean_cumulative_function({stop, event, start}, person, group, 2);
  ASSERT_TRUE(curves);
  FieldCount fields;
  for (std::size_t g = 0; g < 2; ++g) {
    const auto& theirs = expected.at("rx=" + std::to_string(g + 1));
    for (std::size_t k = 0; k < theirs.at("time").size(); ++k) {
      double mean = 0;
      for (const MeanCount& step : (*curves)[g].steps) {
        if (step.time <= theirs.at("time")[k].get<double>()) mean = step.mean;
      }
      fields.near(theirs.at("mcf")[k], mean, 1e-7, "mcf");
    }
  }
  EXPECT_EQ(fields.count, 8);
}

}  // namespace
}  // namespace desist::statistics
