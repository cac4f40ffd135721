// The pieces of a figure's text: numbers, words, and the dashes between numbers.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/core/quantity.hpp"

namespace desist {

/// A number with the signs around it: "-5%", "£1,372", "1.3 million".
struct Amount {
  std::string digits;  // as printed, without sign, commas, £ or %
  int power = 0;       // of ten: -2 for %, 6 for million
  int decimals = 0;
  bool negative = false;
  bool percent = false;
  bool pounds = false;
  std::size_t begin = 0;  // where the printed digits stand in the text, a minus before them included
  std::size_t end = 0;

  double value() const;  // "39.0%" is 0.39, rounded once
  bool whole() const { return decimals == 0 && !percent && value() <= 1e15; }
};

struct Word {
  std::string text;  // in small letters; "/" is "per"
};

struct Dash {};  // between two numbers, with blanks on both sides or on neither

using FigureToken = std::variant<Amount, Word, Dash>;

struct FigureText {
  std::string text;  // one blank between words, "-" for every minus sign
  std::vector<FigureToken> tokens;
};

/// Splits a figure's text, or says what is wrong with one of its numbers (no cure: that depends on the unit).
std::variant<FigureText, QuantityProblem> split_figure(std::string_view text);

/// ASCII letters made small; others stay.
std::string in_small_letters(std::string_view text);

/// The text in quotes, cut where it is too long for a message.
std::string in_quotes(std::string_view text);

}  // namespace desist
