// Sums over printed figures: "nc.elig.nfa * 5%", read and worked out, with every step to show.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/program/evidence.hpp"

namespace desist {

/// A sum worked out.
struct Arithmetic {
  double value = 0;
  std::string in_numbers;             // "2,714 × 5%"
  int digits = 0;                     // significant digits of the least precise printed figure; 0: none is printed
  std::vector<std::string> evidence;  // ids, in order, each once
};

/// What is wrong with a sum, and where in its text (bytes).
struct ArithmeticProblem {
  std::size_t at = 0, length = 1;
  std::string problem, why, cure;
};

/// Works a sum out.
///
///   sum := product (("+" | "-") product)*      product := factor (("*" | "/") factor)*
///   factor := ["-"] ( "(" sum ")" | number | "£" number | number "%" | evidence id )
///
/// An id stands for its row's value, a share as a share; numbers of the text itself are taken as exact. Ids may hold
/// dots and hyphens, so a minus between two of them has a space before it. Digits are counted as printed, zeros at the
/// end too. No text can make it fail otherwise than by a problem: nesting and length are limited.
/// Verified by: arithmetic_test.
std::variant<Arithmetic, ArithmeticProblem> work_out(std::string_view text, const EvidenceLibrary& evidence);

}  // namespace desist
