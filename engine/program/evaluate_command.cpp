#include "engine/program/evaluate_command.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/data/csv_file.hpp"

namespace desist {
namespace {

/// A TOML basic string.
std::string toml_text(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      result += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
      continue;
    }
    result += c;
  }
  return result + '"';
}

/// A key, quoted unless bare keys may have its letters.
std::string key(const std::string& name) {
  const bool bare =
      !name.empty() &&
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == std::string::npos;
  return bare ? name : toml_text(name);
}

std::string list(const std::vector<std::string>& names) {
  std::vector<std::string> all;
  for (const std::string& name : names) all.push_back(toml_text(name));
  return fmt::format("[{}]", fmt::join(all, ", "));
}

std::string_view type_word(const DeclaredColumn& column) {
  switch (column.type) {
    case ColumnType::number:
      return "number";
    case ColumnType::integer:
      return "whole number";
    case ColumnType::yes_no:
      return "yes or no";
    case ColumnType::category:
      return "category";
    case ColumnType::date:
      return column.date_form == DateForm::uk ? "UK date" : "date";
    case ColumnType::text:
      break;
  }
  return "text";
}

std::string column_line(const DeclaredColumn& column) {
  std::string line = fmt::format("{} = {{ type = {}", key(column.name), toml_text(type_word(column)));
  if (!column.levels.empty()) line += fmt::format(", levels = {}", list(column.levels));
  if (!column.missing.empty()) line += fmt::format(", missing = {}", list(column.missing));
  if (!column.unit.empty()) line += fmt::format(", unit = {}", toml_text(column.unit));
  if (column.decimal_comma) line += ", decimal_comma = true";
  return line + " }\n";
}

/// A name for the experiment from that of the file.
std::string name_from(const std::string& file) {
  std::string name;
  for (const char c : std::filesystem::path(file).stem().string()) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    name += kept ? c : '-';
  }
  while (!name.empty() && name.front() == '-') name.erase(0, 1);
  return name.empty() ? "first-look" : name.substr(0, 60);
}

class Proposal {
 public:
  explicit Proposal(const EvaluateOptions& options) : o_(options) {}

  ProposedExperiment make() {
    const FileBytes bytes(o_.file);
    NamedLevels named;
    for (const auto& [column, level] :
         {std::pair(o_.arm, o_.control), std::pair(o_.event, o_.cause), std::pair(o_.event, o_.censored)})
      if (!level.empty()) named[column].push_back(level);
    proposed_ = propose_declaration(bytes.text(), named);
    if (!proposed_.problems.empty())
      throw Failure(ExitCode::usage, diagnostics(o_.file, proposed_.problems).rendered());
    names_are_known();
    outcome_is_named();
    write();
    ProposedExperiment result{text_, {}};
    for (std::size_t i = 0; i < proposed_.reasons.size(); ++i)
      if (is_used(proposed_.declaration.columns[i].name)) result.reasons.push_back(proposed_.reasons[i]);
    return result;
  }

 private:
  std::vector<std::string> used() const {
    std::vector<std::string> all{o_.arm, o_.received, o_.yes_no, o_.count, o_.exposure, o_.time, o_.event, o_.cluster};
    all.insert(all.end(), o_.adjust.begin(), o_.adjust.end());
    return all;
  }
  bool is_used(const std::string& name) const {
    const auto all = used();
    return std::find(all.begin(), all.end(), name) != all.end();
  }

  void names_are_known() const {
    std::vector<std::string> known;
    for (const DeclaredColumn& column : proposed_.declaration.columns) known.push_back(column.name);
    std::string wrong;
    for (const std::string& name : used()) {
      if (name.empty() || std::find(known.begin(), known.end(), name) != known.end()) continue;
      const auto near = did_you_mean(name, known);
      wrong += fmt::format("{}desist: '{}' has no column '{}'\n  {}", wrong.empty() ? "" : "\n", o_.file, name,
                           near ? fmt::format("did you mean '{}'?", *near) : "its columns are " + listed(known));
    }
    if (!wrong.empty()) throw Failure(ExitCode::usage, wrong);
  }

  void outcome_is_named() const {
    if (o_.yes_no.empty() && o_.count.empty() && o_.time.empty())
      throw Failure(ExitCode::usage,
                    "desist: no outcome is named\n  add --yes-no COLUMN, --count COLUMN, or --time COLUMN and --event "
                    "COLUMN");
    if (o_.time.empty() != o_.event.empty())
      throw Failure(ExitCode::usage,
                    fmt::format("desist: --{} stands without --{}\n  a time is of an event or of the end of follow-up: "
                                "name both columns",
                                o_.time.empty() ? "event" : "time", o_.time.empty() ? "time" : "event"));
    if (!o_.exposure.empty() && o_.count.empty())
      throw Failure(ExitCode::usage, "desist: --exposure stands without --count\n  it is the time at risk of a count");
  }

  void write() {
    line(fmt::format("# Made by desist evaluate {}. Change what was taken wrongly, then: desist run THIS FILE",
                     o_.file));
    line("[experiment]");
    line("name     = " + toml_text(o_.name.empty() ? name_from(o_.file) : o_.name));
    line(fmt::format("question = {}", toml_text(fmt::format("What do the people of {} show?", o_.file))));
    line("\n[study]");
    line("source = " + toml_text(o_.file));
    line(fmt::format("design = {}", toml_text(o_.randomised ? "randomised" : "compared")));
    line("\n[data]");
    line("file     = " + toml_text(o_.file));
    if (!o_.arm.empty()) line("arm      = " + toml_text(o_.arm));
    if (!o_.control.empty()) line("control  = " + toml_text(o_.control));
    if (!o_.received.empty()) line("received = " + toml_text(o_.received));
    if (!o_.adjust.empty()) line("describe = " + list(o_.adjust));
    line("\n[columns]");
    for (DeclaredColumn column : proposed_.declaration.columns)
      if (is_used(column.name)) text_ += column_line(needed_type(column));
    line("\n[outcomes]");
    if (!o_.yes_no.empty()) line(fmt::format("outcome = {{ yes_no = {}, headline = true }}", toml_text(o_.yes_no)));
    if (!o_.count.empty())
      line(fmt::format("number = {{ count = {}{}, label = {}, headline = true }}", toml_text(o_.count),
                       o_.exposure.empty() ? "" : ", exposure = " + toml_text(o_.exposure),
                       toml_text("Number of " + o_.count)));
    if (!o_.time.empty())
      line(fmt::format("until = {{ time = {}, event = {}{}{}, label = {}, headline = true }}", toml_text(o_.time),
                       toml_text(o_.event), o_.cause.empty() ? "" : ", cause = " + toml_text(o_.cause),
                       o_.censored.empty() ? "" : ", censored = " + toml_text(o_.censored),
                       toml_text("Time to " + (o_.cause.empty() ? o_.event : o_.cause))));
    analyses();
    line("\n[plan]\nseed = 1");
  }

  /// A 0/1 column that is asked for as yes or no is one.
  DeclaredColumn needed_type(DeclaredColumn column) const {
    const bool yes_no =
        column.name == o_.yes_no || column.name == o_.received || (column.name == o_.event && o_.cause.empty());
    if (yes_no && column.type != ColumnType::category) {
      column.type = ColumnType::yes_no;
      column.levels.clear();
    }
    return column;
  }

  void analysis(const std::string& name, const std::string& method, const std::string& outcome, bool adjusts,
                bool clusters = true) {
    line(fmt::format("\n[[analysis]]\nname    = {}\nmethod  = {}\noutcome = {}", toml_text(name), toml_text(method),
                     toml_text(outcome)));
    if (!adjusts) return;
    if (!o_.adjust.empty()) line("adjust  = " + list(o_.adjust));
    if (clusters && !o_.cluster.empty()) line("cluster = " + toml_text(o_.cluster));
  }

  void analyses() {
    const bool arms = !o_.arm.empty(), adjusted = !o_.adjust.empty() || !o_.cluster.empty();
    if (!o_.yes_no.empty()) {
      if (arms) analysis("risk", "risks", "outcome", false);
      if (arms && adjusted) analysis("adjusted-risk", "standardised_risk", "outcome", true);
    }
    if (!o_.count.empty()) {
      if (arms) analysis("rate", "rates", "number", false);
      if (arms || adjusted) analysis("negative-binomial", "negative_binomial", "number", true);
    }
    if (o_.time.empty()) return;
    if (!o_.cause.empty()) {
      analysis("incidence", "competing_risks", "until", false);
      if (arms || adjusted) analysis("subdistribution", "fine_gray", "until", true, false);
      return;
    }
    analysis("survival", "kaplan_meier", "until", false);
    if (arms) analysis("log-rank", "log_rank", "until", false);
    if (arms || adjusted) analysis("hazard", "cox", "until", true);
  }

  void line(const std::string& words) { text_ += words + '\n'; }

  const EvaluateOptions& o_;
  ProposedDeclaration proposed_;
  std::string text_;
};

}  // namespace

ProposedExperiment propose_experiment(const EvaluateOptions& options) { return Proposal(options).make(); }

}  // namespace desist
