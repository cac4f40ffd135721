// What a file may say of forecasts, and what a model then takes.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <unistd.h>

#include "engine/program/experiment_spec.hpp"
#include "tests/program/shipped.hpp"
#include "tests/read_file.hpp"

namespace desist {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Forecasts : public testing::Test {
 protected:
  Forecasts() : path_(testing::TempDir() + "forecast_" + std::to_string(::getpid()) + ".toml") {
    text_ = tests::read_file(std::string(DESIST_TEST_DATA) + "/experiments/forecast.toml");
  }
  ~Forecasts() override { std::filesystem::remove(path_); }

  ExperimentSpec with(const std::vector<std::pair<std::string, std::string>>& changes) {
    std::string text = text_;
    for (const auto& [old, by] : changes) text.replace(text.find(old), old.size(), by);
    std::ofstream(path_) << text;
    try {
      return read_experiment(path_, known, shipped_evidence);
    } catch (const Failure& failure) {
      ADD_FAILURE() << failure.what();
      throw;
    }
  }
  static const std::vector<Piece>& referrals(const ExperimentSpec& spec) {
    for (std::size_t i = 0; i < spec.model->parameters.size(); ++i)
      if (spec.model->parameters[i].name == "referrals") return spec.arms[0].layout.fields[i].pieces;
    throw std::out_of_range("referrals");
  }

  std::string path_, text_;
};

TEST_F(Forecasts, A_parameter_takes_a_year_from_its_first_day) {
  const ExperimentSpec spec = with({});
  ASSERT_EQ(spec.text.forecasts.size(), 1u);
  EXPECT_THAT(spec.text.forecasts[0].counts, ElementsAre(8721, 12176, 14740));
  EXPECT_EQ(spec.text.forecasts[0].thing, "resolutions");
  const std::vector<Piece>& pieces = referrals(spec);
  ASSERT_EQ(pieces.size(), 3u);
  EXPECT_LT(pieces[0].from_week, 0);
  EXPECT_EQ(spec.parameters[pieces[0].slot].name, "accepted.2026/27");
  EXPECT_EQ(spec.parameters[pieces[0].slot].unit, "case/week");
  EXPECT_EQ(std::get<PosteriorLaw>(spec.parameters[pieces[0].slot].law).column, 0u);
  EXPECT_DOUBLE_EQ(pieces[1].from_week, 304 / 7.0);  // 1 June 2026 to 1 April 2027
  EXPECT_EQ(std::get<PosteriorLaw>(spec.parameters[pieces[1].slot].law).column, 1u);
  EXPECT_THAT(spec.posterior_names, ElementsAre("forecast/accepted"));
  ASSERT_EQ(spec.posteriors_read.size(), 1u);
  EXPECT_DOUBLE_EQ(spec.posteriors_read[0].growth->last, 14740 * 7 / 365.0);
}

TEST_F(Forecasts, Before_the_first_year_the_latest_count_holds_and_years_gone_by_are_not_asked_for) {
  const ExperimentSpec before = with({{"2026-06-01", "2026-01-01"}});
  const std::vector<Piece>& pieces = referrals(before);
  ASSERT_EQ(pieces.size(), 4u);
  EXPECT_EQ(before.parameters[pieces[0].slot].name, "accepted.2025/26");
  EXPECT_DOUBLE_EQ(std::get<FixedLaw>(before.parameters[pieces[0].slot].law).value, 14740 * 7 / 365.0);
  EXPECT_DOUBLE_EQ(pieces[1].from_week, 90 / 7.0);
  const ExperimentSpec later =
      with({{"2026-06-01", "2027-04-01"}, {"2027-05-31", "2028-03-31"}, {"2026-12-31", "2027-12-31"}});
  EXPECT_EQ(later.parameters[referrals(later)[0].slot].name, "accepted.2027/28");
  EXPECT_EQ(referrals(later).size(), 2u);
}

TEST_F(Forecasts, Priors_damping_and_ceiling_are_noted_with_their_reasons) {
  const ExperimentSpec spec =
      with({{"years           = 3",
             "years           = 3\nchange          = 0.1\ndamping         = 0.8\n"
             "assumption      = \"Growth was steady.\"\n"
             "ceiling         = { value = \"40,000 resolutions per year\", choice = \"All.\" }"}});
  const Forecast& forecast = spec.text.forecasts[0];
  EXPECT_EQ(forecast.priors.mean_growth, 0.3);
  EXPECT_EQ(forecast.priors.change, 0.1);
  EXPECT_EQ(forecast.limits.damping, 0.8);
  EXPECT_EQ(forecast.limits.ceiling, 40'000);
  const auto source = [&](const std::string& name) {
    return *std::find_if(spec.text.sources.begin(), spec.text.sources.end(),
                         [&](const FigureSource& s) { return s.name == name; });
  };
  EXPECT_EQ(source("accepted").printed, "8,721, 12,176 and 14,740");
  EXPECT_THAT(source("accepted").spread, HasSubstr("One answer prints all three."));
  EXPECT_EQ(source("accepted.priors").reason, "Growth was steady.");
  EXPECT_EQ(source("accepted.priors").kind, FigureSource::Kind::assumption);
  EXPECT_EQ(source("accepted.ceiling").printed, "40,000 resolutions per year");
}

TEST_F(Forecasts, An_arm_may_set_what_the_others_take_from_the_forecast) {
  const ExperimentSpec spec = with({{"[figures]",
                                     "[[arm]]\nname = \"grows\"\n[[arm]]\nname = \"stays\"\n[arm.set.referrals]\n"
                                     "value = \"14740 cases per year\"\nevidence = \"oocr.2025_26\"\n[figures]"}});
  ASSERT_EQ(spec.arms.size(), 2u);
  std::size_t field = 0;
  while (spec.model->parameters[field].name != "referrals") ++field;
  EXPECT_EQ(spec.arms[1].layout.fields[field].pieces.size(), 1u);
}

TEST_F(Forecasts, Stand_alone_without_a_model) {
  const std::size_t from = text_.find("[parameters]");
  text_.erase(from, text_.find("[[forecast]]") - from);
  const ExperimentSpec spec = with({{"model    = \"conference\"\n", ""},
                                    {"starts   = 2026-06-01\nends     = 2027-05-31\n", ""},
                                    {"sets            = \"referrals\"\n", ""},
                                    {"draws = 100\n", ""}});
  EXPECT_EQ(spec.model, nullptr);
  EXPECT_EQ(spec.text.kind(), ReportInput::Kind::projection);
  EXPECT_THAT(check_words(spec), HasSubstr("Forecasts    accepted: 3 years from 1 April 2026 on, from 8,721, 12,176 "
                                           "and 14,740\n"));
  EXPECT_THAT(check_words(spec), HasSubstr("Pictures     growth: forecast\n"));
}

}  // namespace
}  // namespace desist
