// Nouns in the singular and the plural, and what is counted in words.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>

#include "engine/core/quantity.hpp"

namespace desist {

/// The singular of a plural: "offences" is one offence, "people" one person; a word that is no plural is left as it is.
/// Verified by: nouns_test.
std::string singular(std::string_view noun);

/// "1 year", "3 years", "0.5 years": a number, as `shortest` has it, of things. Verified by: nouns_test.
std::string counted_number(double number, std::string_view one);
template <class Number>
requires std::is_arithmetic_v<Number> std::string counted(Number number, std::string_view one) {
  return counted_number(static_cast<double>(number), one);
}

/// What a label such as "referrals a week" or "meetings per month" is for one: "referral a week". The noun before
/// " a ", " an ", " per ", " in " or a comma is in the singular. Verified by: nouns_test.
std::string label_of_one(std::string_view label);

}  // namespace desist
