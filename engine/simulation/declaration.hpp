// What a model declares of itself: the one place from which validation, defaults, `new`, `list`, the schema, the
// manual and the binding of values are made.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/limits.hpp"
#include "engine/core/quantity.hpp"
#include "engine/simulation/profile.hpp"

namespace desist {

struct ModelInfo {
  std::string_view name;       // "conference"
  std::string_view summary;    // one sentence
  std::string_view reference;  // the page of docs/ or the paper that defines it
};

/// The values a quantity may take, both ends included, in its declared unit.
struct Range {
  double low = 0;
  double high = infinity;
};

/// How a quantity may differ within one draw.
struct Varies {
  bool in_time = false;
  std::string by_item;  // the list by whose items it varies, or ""
};

/// One thing a model needs to know.
struct ParameterField {
  enum class Kind {
    number,  // a quantity; may be uncertain, and vary as declared
    one_of,  // one of some words: structure, never drawn
    items,   // a list of named things: "8 conferences" or names
    dates,   // a list of dates
    shares,  // a list of proportions that add up to at most 1
  };
  std::string name;  // dotted where nested: "service.slots"
  Kind kind = Kind::number;
  Unit unit;  // of a number; of one item of a list
  Range range;
  Varies varies;
  std::vector<std::string> choices;  // of one_of
  /// The value that switches the matter off (0, the first choice, an empty list): the only defaults there are.
  std::optional<double> off;
  std::string help;  // one sentence
};

/// A parameter that changes nothing beside the others of an arm, and why.
struct IdleParameter {
  std::string_view name;  // "half_life"
  std::string_view why;   // "no effect is other than 1"
};

enum class Better { lower, higher, neither };

/// What a replicate measures.
struct OutcomeField {
  enum class Kind {
    amount,      // a finite number: mean and quantiles
    chance,      // 0 or 1: a probability
    time_until,  // infinity where it does not happen in the window: chance that it does and quantiles, never a mean
  };
  std::string name;
  Kind kind = Kind::amount;
  Unit unit;
  Better better = Better::neither;
  /// One value for each item of that list parameter, or ""; of several, "years x types", for each combination.
  std::string by_item;
  bool may_be_missing =
      false;         // NaN means that there was nothing to measure (a mean wait of nobody); else it is an error
  std::string help;  // "Cases waiting at the end of the window."
};

/// What a replicate measures at the end of each week of the window. NaN: nothing to measure that week.
struct SeriesField {
  std::string name;
  OutcomeField::Kind kind = OutcomeField::Kind::amount;
  Unit unit;
  std::string help;
};

/// Options of v.number, by name: v.number("stay", &P::stay, {.unit = "week", .range = {0, 520}, .help = "Mean stay."}).
struct NumberOptions {
  std::string_view unit = "1";
  Range range = {};
  std::optional<double> off = {};
  std::string_view over = "";  // for ByItem members: the list it varies by
  std::string_view help = "";
};
struct ChoiceOptions {
  std::optional<int> off = {};  // index of the choice that switches the matter off
  std::string_view help = "";
};
struct ListOptions {
  std::string_view unit = "1";  // noun of one item
  bool may_be_absent = false;
  std::string_view help = "";
};
struct OutcomeOptions {
  OutcomeField::Kind kind = OutcomeField::Kind::amount;
  std::string_view unit = "1";
  Better better = Better::neither;
  std::string_view over = "";   // for std::vector members: the list it is measured by; or several, "years x types"
  bool may_be_missing = false;  // NaN where a replicate has nothing to measure
  std::string_view help = "";
};
struct SeriesOptions {
  OutcomeField::Kind kind = OutcomeField::Kind::amount;
  std::string_view unit = "1";
  std::string_view help = "";
};

}  // namespace desist
