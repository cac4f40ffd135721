// Values with confidence limits or a standard error: the laws that files make of them, and each slip, word for word.
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "engine/random/distributions.hpp"
#include "tests/program/appraisal_file.hpp"

namespace desist {
namespace {

using tests::Appraisals;
using Form = EstimateLaw::Form;

const std::string old_line =
    "each         = { range = \"1 to 2.9 offences per person\", assumption = \"Not printed.\" }";

class Estimates : public Appraisals {
 protected:
  /// The file with the input `each` as given; the line is the 24th.
  std::string each(const std::string& figure) const { return with(old_line, "each = { " + figure + " }"); }

  EstimateLaw law(const std::string& text, const std::string& name) {
    const ExperimentSpec spec = read(text);
    for (const Parameter& parameter : spec.parameters)
      if (parameter.name == name) return std::get<EstimateLaw>(parameter.law);
    throw std::out_of_range(name);
  }
  const FigureSource& source(const ExperimentSpec& spec, const std::string& name) {
    for (const FigureSource& each : spec.text.sources)
      if (each.name == name) return each;
    throw std::out_of_range(name);
  }
  /// That reading the figure says this of what is marked, whose first place in the line it names.
  void expect(const std::string& figure, const std::string& marked, const std::string& message) {
    const std::string line = "each = { " + figure + " }", found = problems(each(figure));
    const std::string wanted = "x.toml:24:" + std::to_string(line.find(marked) + 1) + ": error: ";
    const std::size_t quoted = found.find("\n   24 | " + line), cure = found.rfind("\n  ");
    EXPECT_EQ(found.substr(0, quoted) + (cure == std::string::npos ? "" : found.substr(cure)), wanted + message);
    EXPECT_NE(quoted, std::string::npos) << found;
  }
};

constexpr double z975 = 1.959963984540054;

TEST_F(Estimates, BecomeTheLawOfTheirScale) {
  const std::string assumed = ", assumption = \"A study.\"";
  const EstimateLaw ratio = law(each("value = \"2 offences per person\", limits = \"1 to 4 offences per person\", "
                                     "scale = \"ratio\"" +
                                     assumed),
                                "each");
  EXPECT_EQ(ratio.form, Form::log_normal);
  EXPECT_EQ(ratio.first, 2);
  EXPECT_NEAR(ratio.second, std::log(4) / (2 * z975), 1e-14);

  const EstimateLaw at_90 = law(each("value = \"2 offences per person\", limits = \"1 to 4 offences per person\", "
                                     "confidence = \"90%\", scale = \"ratio\"" +
                                     assumed),
                                "each");
  EXPECT_NEAR(at_90.second, std::log(4) / (2 * 1.6448536269514722), 1e-14);

  const EstimateLaw amount = law(each("value = \"2 offences per person\", error = \"0.5 offences per person\", "
                                      "scale = \"amount\"" +
                                      assumed),
                                 "each");
  EXPECT_EQ(amount.form, Form::gamma);
  EXPECT_NEAR(amount.first, 16, 1e-12);
  EXPECT_NEAR(amount.second, 0.125, 1e-14);

  const EstimateLaw difference = law(each("value = \"2 offences per person\", limits = \"1.5 to 2.5 offences per "
                                          "person\", scale = \"difference\"" +
                                          assumed),
                                     "each");
  EXPECT_EQ(difference.form, Form::normal);
  EXPECT_NEAR(difference.second, 0.5 / z975, 1e-14);

  const auto share = [&](const std::string& figure) {
    return law(with("risk_with    = { value = \"8 of 70 people\", choice = \"As printed.\" }",
                    "risk_with = { " + figure + assumed + " }"),
               "risk_with");
  };
  const EstimateLaw odds = share("value = \"10%\", limits = \"4.35% to 21.36%\", scale = \"share\"");
  EXPECT_EQ(odds.form, Form::logit_normal);
  EXPECT_NEAR(odds.quantile(.975), .2136, 1e-4);  // even in odds but for the rounding of its limits
  const EstimateLaw beta = share("value = \"30%\", error = \"4%\", scale = \"share\"");
  EXPECT_EQ(beta.form, Form::beta);
  EXPECT_NEAR(beta.first, .3 * (.21 / .0016 - 1), 1e-10);
  const EstimateLaw cut = share("value = \"10%\", error = \"8%\", scale = \"difference\", cut = \"A share.\"");
  EXPECT_EQ(cut.low, 0);
  EXPECT_EQ(cut.high, 1);
  EXPECT_NEAR(cut.chance_below(), standard_normal_cdf(-1.25), 1e-14);
}

// A plain number with a scale of ratios says itself that it multiplies; another year's pounds go into the law; an arm's
// own estimate is in the unit of the input.
TEST_F(Estimates, StandWhereverARangeMay) {
  const EstimateLaw factor =
      law(with("unrecorded   = { range = \"1 to 4.2\", is = \"recorded_to_actual\", assumption = "
               "\"Not printed.\" }",
               "unrecorded = { value = \"2.1\", limits = \"1.2 to 3.7\", scale = \"ratio\", is = "
               "\"recorded_to_actual\", assumption = \"A survey.\" }"),
          "unrecorded");
  EXPECT_EQ(factor.first, 2.1);
  const std::string of_arm = with("reach = { value = \"100%\", choice = \"All who are suitable.\" }",
                                  "reach = { value = \"80%\", error = \"5%\", scale = \"share\", assumption = \"A "
                                  "sister scheme.\" }");
  EXPECT_EQ(law(of_arm, "course.reach").form, Form::beta);
  const ExperimentSpec spec = read(of_arm);
  EXPECT_EQ(source(spec, "course.reach").printed, "80% (standard error 5%)");
  EXPECT_EQ(source(spec, "course.reach").spread, "as a share, uncertain in its odds: 95 in 100 from 69.4% to 88.8%");
}

TEST_F(Estimates, SayWhatIsWrongWithTheirKeys) {
  const std::string value = "value = \"2 offences per person\"", assumed = ", assumption = \"x\"";
  const std::string limits = ", limits = \"1 to 4 offences per person\"", error = ", error = \"1 offence per person\"";
  expect(value + limits + error + ", scale = \"ratio\"" + assumed, "error",
         "'each' has limits and an error (either says how uncertain it is)\n  keep what is printed");
  expect("range = \"1 to 3 offences per person\"" + limits + ", scale = \"ratio\"" + assumed, "limits",
         "'each' has a range and limits (limits and errors are of one value)\n"
         "  write value in place of range, or take them out");
  expect(value + limits + assumed, "limits",
         "'each' doesn't say what its limits are of (a ratio, a share, an amount and a difference are uncertain in "
         "other ways)\n  add scale = \"ratio\", \"share\", \"amount\" or \"difference\"");
  expect(value + error + assumed, "error",
         "'each' doesn't say what its error is of (a ratio, a share, an amount and a difference are uncertain in "
         "other ways)\n  add scale = \"ratio\", \"share\", \"amount\" or \"difference\"");
  expect(value + ", scale = \"ratio\", choice = \"x\"", "scale",
         "'each' has a scale and neither limits nor an error\n  add limits = \"... to ...\", or take the line out");
  expect(value + error + ", confidence = \"90%\", scale = \"amount\"" + assumed, "confidence",
         "'each' has a confidence and no limits (it says how sure limits are)\n"
         "  add limits = \"... to ...\", or take the line out");
  expect(value + limits + ", scale = \"ratio\", choice = \"x\"", "limits",
         "'each' is chosen and has limits (what is ours to decide has one value)\n"
         "  write evidence or assumption in place of choice");
  expect(value + limits + ", confidence = \"95\", scale = \"ratio\"" + assumed, "\"95\"",
         "limits can't be 95 sure (from 50% to 99.99% they can)\n"
         "  write confidence = \"90%\"; of 95% the line can be left out");
  expect(value + ", limits = \"1 to 4 offences\", scale = \"ratio\"" + assumed, "\"1 to 4",
         "'1 to 4 offences' is not in the unit of the value (the value is '2 offences per person')\n"
         "  write it as the value is, with what it is per");
  expect("value = \"3 of 7 offences\"" + std::string(", limits = \"20% to 70%\", scale = \"share\"") + assumed,
         "\"3 of 7",
         "'each' is a count of a count, with limits (the count says itself how uncertain it is)\n"
         "  keep one of the two");
}

TEST_F(Estimates, SayWhatContradictsTheirScale) {
  const auto figure = [](const std::string& value, const std::string& limits, const std::string& scale) {
    return "value = \"" + value + " offences per person\", limits = \"" + limits +
           " offences per person\", scale = \"" + scale + "\", assumption = \"x\"";
  };
  expect(figure("5", "1 to 4", "ratio"), "\"1 to 4",
         "the limits '1 to 4 offences' are not around the value '5 offences' (an estimate lies between its limits)\n"
         "  copy the three as they are printed, the lower limit first");
  expect(figure("2", "0 to 4", "ratio"), "\"0 to 4",
         "the limits '0 to 4 offences' are none of a ratio (a ratio lies above zero)\n"
         "  write scale = \"difference\" if it may be nothing or below; a limit rounded to nothing says too little: "
         "give its count, or a range with an assumption");
  expect(figure("2.0", "1.0 to 4.0", "difference"), "\"1.0 to",
         "the limits '1.0 to 4.0 offences' are not even around '2.0 offences' on the scale of a difference (the value "
         "is half way between them, and these lie off by more than their rounding and a tenth of half their "
         "distance)\n  write scale = \"ratio\", on which they are");
  expect(figure("2.5", "1.0 to 4.0", "ratio"), "\"1.0 to",
         "the limits '1.0 to 4.0 offences' are not even around '2.5 offences' on the scale of a ratio (value times "
         "value is limit times limit, and these lie off by more than their rounding and a tenth of half their "
         "distance)\n  write scale = \"amount\" or \"difference\", on which they are");
  expect(figure("3.5", "1.0 to 4.0", "ratio"), "\"1.0 to",
         "the limits '1.0 to 4.0 offences' are not even around '3.5 offences' on the scale of a ratio (value times "
         "value is limit times limit, and these lie off by more than their rounding and a tenth of half their "
         "distance)\n  they are even on no scale: copy them again, or give the count that they come from, or a range "
         "with an assumption");
  expect(figure("2", "1 to 4", "share"), "\"share\"",
         "'each' is no share (it is measured in offence)\n"
         "  write scale = \"amount\", or \"ratio\" where its limits are as far apart in proportion");
  const auto with_error = [](const std::string& value, const std::string& error, const std::string& scale) {
    return "value = \"" + value + "\", error = \"" + error + "\", scale = \"" + scale + "\", assumption = \"x\"";
  };
  expect(with_error("2 offences per person", "1 offence per person", "ratio"), "\"1 offence",
         "'each' is a ratio with an error (a standard error may be printed of a ratio or of its logarithm, and nothing "
         "tells which)\n  write its limits; from an error s of the logarithm they are value x exp(-1.96 s) to value x "
         "exp(1.96 s)");
  expect(with_error("2 offences per person", "0 offences per person", "amount"), "\"0 offences",
         "'0 offences' is no standard error (it is one number above zero)\n"
         "  copy it as printed, in the unit of the value");
  expect(with_error("0 offences per person", "1 offence per person", "amount"), "\"0 offences",
         "'each' can't be 0 offences on the scale of an amount (an amount lies above zero)\n"
         "  write scale = \"difference\" if it may be nothing or below");
}

// A law is inside what a model's parameter can be, or is cut there with a reason.
TEST_F(Estimates, StayInsideWhatAParameterCanBe) {
  const std::string text = tests::read_file(tests::data_folder + "projection.toml");
  const std::string old = "referrals        = { range = \"100 to 120 cases per week\", assumption = \"Not printed.\" }";
  const auto referrals = [&](const std::string& figure) {
    std::string changed = text;
    return changed.replace(text.find(old), old.size(), "referrals = { " + figure + ", assumption = \"x\" }");
  };
  const EstimateLaw inside = law(referrals("value = \"100 cases per week\", error = \"5 cases per week\", scale = "
                                           "\"difference\""),
                                 "referrals");
  EXPECT_EQ(inside.low, 0);
  const std::string wide = "value = \"100 cases per week\", error = \"50 cases per week\", scale = \"difference\"";
  EXPECT_EQ(problems(referrals(wide)),
            "x.toml:10:53: error: 2.3 in 100 of the law of 'referrals' lies outside of what it can be (it lies between "
            "0 cases a week and 100000 cases a week)\n   10 | referrals = { " +
                wide +
                ", assumption = \"x\" }\n"
                "      |                                                     ^^^^^^^^^^^^^^^^^^^\n"
                "  write a scale that ends there; if the estimate is printed so, say why its law may end there: cut = "
                "\"why\"");
  const std::string cut = ", cut = \"Nobody refers fewer than none.\"";
  const EstimateLaw made = law(referrals(wide + cut), "referrals");
  EXPECT_NEAR(made.chance_below(), standard_normal_cdf(-2), 1e-12);
  EXPECT_EQ(
      source(read(referrals(wide + cut)), "referrals").spread,
      "as a difference, as uncertain up as down: 95 in 100 from 16.4 cases a week to 198 cases a week; 2.3 in 100 "
      "of it lay outside and is cut: Nobody refers fewer than none.");
  EXPECT_NE(
      problems(referrals("value = \"100 cases per week\", error = \"5 cases per week\", scale = \"amount\"" + cut))
          .find("nothing of the law of 'referrals' is to be cut"),
      std::string::npos);
}

}  // namespace
}  // namespace desist
