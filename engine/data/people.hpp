// Checks over rows of people: nobody twice, dates in order, values in range.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/date.hpp"
#include "engine/data/csv_file.hpp"

namespace desist {

/// What rows of people must keep; columns by name, each declared in the file.
struct PeopleRules {
  struct Range {
    std::string column;  // numbers
    std::optional<double> low, high;
  };
  struct DateRange {
    std::string column;  // dates
    std::optional<Date> first, last;
  };
  std::optional<std::string> person;    // texts, categories or whole numbers: each value once
  std::vector<std::string> date_order;  // earliest first, as birth, index, event, follow-up end: none before another
  std::vector<Range> ranges;
  std::vector<DateRange> date_ranges;
};

/// What the rows break, as counts with first places. A missing date is passed over: its neighbours are compared.
/// Throws std::out_of_range for a column that the file has not. Verified by: people_test.
std::vector<DataProblem> check_people(const DataFile& file, const PeopleRules& rules);

}  // namespace desist
