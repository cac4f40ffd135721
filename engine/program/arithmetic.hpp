// Sums over printed figures: "nc.elig.nfa * 5%", read and worked out, with every step to show.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/program/evidence.hpp"
#include "engine/program/expression_reader.hpp"

namespace desist {

/// A sum worked out.
struct Arithmetic {
  double value = 0;
  std::string in_numbers;             // "2,714 × 5%"
  int digits = 0;                     // significant digits of the value that the printed figures know; 0: all
  std::vector<std::string> evidence;  // ids, in order, each once
};

/// Works a sum out.
///
///   sum := product (("+" | "-") product)*      product := factor (("*" | "/") factor)*
///   factor := ["-"] ( "(" sum ")" | number | "£" number | number "%" | evidence id )
///
/// An id stands for its row's value, a share as a share; numbers of the text itself are taken as exact. Ids may hold
/// dots and hyphens, so a minus between two of them has a space before it. No text can make it fail otherwise than by a
/// problem: nesting and length are limited.
///
/// What is known of the value: a printed whole number that counts something (people, orders; not money, a share or a
/// time, and not "about" or "over") is exact; of others each printed digit is known, zeros at the end too. A product or
/// quotient has as many significant digits as the factor with the fewest, a sum or difference is known to the place to
/// which its least precise term is. So a sum of counts is exact.
/// Verified by: arithmetic_test.
std::variant<Arithmetic, ExpressionProblem> work_out(std::string_view text, const EvidenceLibrary& evidence);

}  // namespace desist
