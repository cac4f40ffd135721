// A sentence about outcomes that were made from events, told so that its numbers can be withheld.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace desist {

struct EventNote {
  std::string kind;     // "outcome", "not known", "custody", "immortal time", "left out"
  std::string outcome;  // its name; "" where it is about all
  std::string text;
  std::string without;               // the same without numbers of people, shown where one of them is small
  std::vector<std::int64_t> people;  // every number of people or offences that can be worked out from `text`
  bool of_missing = false;           // also goes where numbers of people without a value are withheld
  bool withheld = false;
};

}  // namespace desist
