#include "engine/program/expression_reader.hpp"

#include <algorithm>

namespace desist {
namespace {

bool is_figure_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

void ExpressionText::skip() {
  while (at_ < text_.size() && std::string_view(" \t\n\r").find(text_[at_]) != std::string_view::npos) ++at_;
}

std::string_view ExpressionText::letter_at(std::size_t at) const {
  std::size_t length = 1;
  while (at + length < text_.size() && (static_cast<unsigned char>(text_[at + length]) & 0xC0U) == 0x80U) ++length;
  return text_.substr(at, length);
}

bool ExpressionText::take(char wanted) {
  skip();
  if (at_ >= text_.size() || text_[at_] != wanted) return false;
  ++at_;
  return true;
}

bool ExpressionText::at_digit() const {
  return at_ < text_.size() && (is_figure_digit(text_[at_]) || text_[at_] == '.');
}

bool ExpressionText::at_letter() const {
  if (at_ >= text_.size()) return false;
  const char c = text_[at_];
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

std::string_view ExpressionText::take_digits() {
  const std::size_t from = at_;
  while (at_ < text_.size() && (at_digit() || text_[at_] == ',')) ++at_;
  return text_.substr(from, at_ - from);
}

std::nullopt_t ExpressionText::fail(std::size_t at, std::size_t length, std::string problem, std::string why,
                                    std::string cure) {
  if (!problem_) problem_ = {at, std::max<std::size_t>(1, length), std::move(problem), std::move(why), std::move(cure)};
  return std::nullopt;
}

}  // namespace desist
