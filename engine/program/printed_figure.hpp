// What a text prints of a figure, for holding it against its evidence: amounts with their signs, and units of time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace desist {

/// A number as printed: "£1.2 million", "-5%".
struct PrintedAmount {
  std::string digits;  // without signs, commas and letters
  int power = 0;       // of ten: 6 for million
  bool negative = false;
  bool percent = false;

  double size() const;  // without its sign; "5%" is 5
};

/// "5 days before", "9,153 cases per year": amounts, and the words that say in what time.
struct PrintedFigure {
  std::vector<PrintedAmount> amounts;
  std::string time;  // what is counted, if it is time: "day"
  std::string per;   // by what time: "year", "3 year"
  std::string side;  // "before", "after"; empty: neither, or both
};

PrintedFigure printed_figure(std::string_view text);

/// The same of a unit in words: "offences/year (mean)", "per quarter", "days".
PrintedFigure printed_unit(std::string_view unit);

}  // namespace desist
