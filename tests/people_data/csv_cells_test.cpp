// Numbers, dates and yes or no: what one cell says.
#include "engine/data/csv_cells.hpp"

#include <charconv>
#include <random>

#include <gtest/gtest.h>

#include "engine/core/date.hpp"
#include "engine/core/text.hpp"

namespace desist {
namespace {

using Kind = DataProblemKind;

TEST(CsvCellsTest, DecimalsAreTheNearestDoubles) {
  std::mt19937_64 luck(5);
  for (int i = 0; i < 200000; ++i) {
    std::string text;
    if (luck() % 2) text += luck() % 2 ? "-" : "+";
    for (auto digits = luck() % 20; digits > 0; --digits) text += static_cast<char>('0' + luck() % 10);
    if (luck() % 2) {
      text += '.';
      for (auto digits = luck() % 20; digits > 0; --digits) text += static_cast<char>('0' + luck() % 10);
    }
    if (text.find_first_of("0123456789") == std::string::npos) continue;
    if (luck() % 4 == 0) text += "e" + std::to_string(static_cast<int>(luck() % 60) - 30);
    const std::string unsigned_text = text[0] == '+' ? text.substr(1) : text;
    double expected = 0;
    std::from_chars(unsigned_text.data(), unsigned_text.data() + unsigned_text.size(), expected);
    const auto got = read_decimal(text, '.');
    ASSERT_TRUE(got) << text;
    ASSERT_EQ(*got, expected) << text;
  }
  for (const char* text : {"", "-", "+", ".", "e5", "1e", "1e+", "1x", "x1", "--1", "+-1", "1.2.3", "0x1F", "inf",
                           "nan", "1 2", "1,2", "-.e1",
                           "\xC2\xA0"
                           "1"})
    EXPECT_FALSE(read_decimal(text, '.')) << text;
  EXPECT_EQ(read_decimal("5.", '.'), 5.0);
  EXPECT_EQ(read_decimal(".5", '.'), 0.5);
  EXPECT_EQ(read_decimal("1,5", ','), 1.5);
  EXPECT_FALSE(read_decimal("1.5", ','));
}

struct NumberCase {
  const char* text;
  NumberRules rules;
  std::optional<double> value;
  std::optional<Kind> problem;
};

TEST(CsvCellsTest, MarkedNumbersNeedADeclaration) {
  const NumberRules plain;
  const NumberRules thousands{'.', true, false, false, true, ""};
  const NumberRules comma{',', false, false, false, true, ""};
  const NumberRules comma_thousands{',', true, false, false, true, ""};
  const NumberRules whole{'.', false, true, false, true, ""};
  const NumberRules quoted{'.', false, false, true, true, ""};
  const NumberRules quoted_between_semicolons{'.', false, false, true, false, ""};
  const NumberRules pounds{'.', false, false, false, true, "\xC2\xA3/week"};
  for (const NumberCase& c : std::vector<NumberCase>{
           {"1,372", plain, {}, Kind::thousands_mark},
           {"1,372", thousands, 1372, {}},
           {"1,234,567.5", thousands, 1234567.5, {}},
           {"12,34", thousands, {}, Kind::decimal_comma},
           {"1,2345", thousands, {}, Kind::decimal_comma},
           {"1234,567", thousands, {}, Kind::decimal_comma},
           {"1,372", quoted, 1372, {}},
           {"1,372", quoted_between_semicolons, {}, Kind::unclear_thousands},
           {"1,372.5", quoted_between_semicolons, 1372.5, {}},
           {"1,5", quoted, {}, Kind::decimal_comma},
           {"1,5", comma, 1.5, {}},
           {"1.5", comma, {}, Kind::not_a_number},
           {"1.372", comma, {}, Kind::unclear_thousands},
           {"1.372,5", comma_thousands, 1372.5, {}},
           {"3", whole, 3, {}},
           {"3.0", whole, 3, {}},
           {"3.5", whole, {}, Kind::not_whole},
           {"9007199254740993", whole, {}, Kind::too_many_digits},
           {"1e400", plain, {}, Kind::too_many_digits},
           {"\xC2\xA3"
            "12.50",
            pounds,
            12.5,
            {}},
           {"-\xC2\xA3"
            "12.50",
            pounds,
            -12.5,
            {}},
           {"\xC2\xA3", pounds, {}, Kind::not_a_number},
           {"\xC2\xA3"
            "12.50",
            plain,
            {},
            Kind::currency_sign},
           {"$12", pounds, {}, Kind::currency_sign},
           {"39%", plain, {}, Kind::percent_sign},
           {"%", plain, {}, Kind::not_a_number},
           {"about 5", plain, {}, Kind::not_a_number},
           {"0x1F", plain, {}, Kind::not_a_number},
       }) {
    const ReadCell read = read_number_cell(c.text, c.rules);
    EXPECT_EQ(read.problem, c.problem) << c.text;
    if (c.value) {
      EXPECT_EQ(read.value, *c.value) << c.text;
    }
  }
}

TEST(CsvCellsTest, EveryDayOfFourCenturiesIsRead) {
  for (Date date = Date::from_ymd(1800, 1, 1); date.year() < 2200; ++date.days) {
    ASSERT_EQ(read_date_cell(date.iso(), DateForm::iso).value, date.days);
    const std::string british =
        std::to_string(date.day()) + '/' + std::to_string(date.month()) + '/' + std::to_string(date.year());
    ASSERT_EQ(read_date_cell(british, DateForm::uk).value, date.days);
  }
}

TEST(CsvCellsTest, DatesThatAreNone) {
  struct Case {
    const char* text;
    DateForm form;
    std::optional<Kind> problem;
  };
  for (const Case& c : std::vector<Case>{{"2020-02-29", DateForm::iso, {}},
                                         {"2021-02-29", DateForm::iso, Kind::impossible_date},
                                         {"2020-13-01", DateForm::iso, Kind::impossible_date},
                                         {"0000-01-01", DateForm::iso, Kind::impossible_date},
                                         {"31/4/2020", DateForm::uk, Kind::impossible_date},
                                         {"1/13/2020", DateForm::uk, Kind::impossible_date},
                                         {"1/2/20", DateForm::uk, Kind::two_digit_year},
                                         {"20-02-01", DateForm::iso, Kind::two_digit_year},
                                         {"1/2/2020", DateForm::iso, Kind::other_date_form},
                                         {"2020-02-01", DateForm::uk, Kind::other_date_form},
                                         {"2020-2-1", DateForm::iso, Kind::not_a_date},
                                         {"2020/02/01", DateForm::iso, Kind::not_a_date},
                                         {"1.2.2020", DateForm::uk, Kind::not_a_date},
                                         {"43862", DateForm::iso, Kind::not_a_date},
                                         {"2020-02-01 00:00:00", DateForm::iso, {}},
                                         {"2020-02-01T00:00:00.000Z", DateForm::iso, {}},
                                         {"01/02/2020 00:00", DateForm::uk, {}},
                                         {"2020-02-01 09:30", DateForm::iso, Kind::time_of_day},
                                         {"2020-02-01 sic", DateForm::iso, Kind::not_a_date},
                                         {"2020-02-01x", DateForm::iso, Kind::not_a_date}})
    EXPECT_EQ(read_date_cell(c.text, c.form).problem, c.problem) << c.text;
  EXPECT_TRUE(read_date_cell("2020-02-01 00:00:00", DateForm::iso).midnight);
}

TEST(CsvCellsTest, YesAndNo) {
  for (const char* text : {"1", "yes", "Y", "TRUE", "t"}) EXPECT_EQ(read_yes_no_cell(text).value, 1) << text;
  for (const char* text : {"0", "No", "n", "false", "F"}) EXPECT_FALSE(read_yes_no_cell(text).problem) << text;
  for (const char* text : {"2", "ja", "1.0", "yess"}) EXPECT_EQ(read_yes_no_cell(text).problem, Kind::not_yes_no);
}

}  // namespace
}  // namespace desist
