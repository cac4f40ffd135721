// Words in paragraphs, for `desist check`.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "engine/program/experiment_spec.hpp"

namespace desist {

/// One paragraph: a name, then lines that begin in the same column.
class Paragraphs {
 public:
  void say(std::string_view name, const std::string& line) {
    if (line.empty()) return;
    text_ += fmt::format("{:<13}{}\n", name == last_ ? "" : name, line);
    last_ = name;
  }
  void heading(const std::string& line) { text_ += line + "\n\n"; }
  std::string text() { return std::move(text_); }

 private:
  std::string text_;
  std::string last_;
};

/// What an appraisal will do: its money, what is gained, what is asked, and what it warns of.
void say_appraisal(Paragraphs& words, const ExperimentSpec& spec);
/// The arms, and which numbers are uncertain.
void say_arms(Paragraphs& words, const ReportInput& text);
void say_parameters(Paragraphs& words, const ExperimentSpec& spec);

}  // namespace desist
