// What the readers of parameters and of arms share: a model's fields, and figures bound to them.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/program/figure.hpp"

namespace desist {

/// The week from which a value holds that always did.
inline constexpr double from_ever = -std::numeric_limits<double>::infinity();

/// What a figure changes, for words and for conflicts.
struct Setting {
  std::size_t field = 0;  // of the model; from model.parameters.size() on: an input of the appraisal
  SourceSpan at;
  FieldLayout layout;  // pieces to add, or the whole of a structural field
  std::string arm;     // that sets it: its own steps in time follow one another
  std::string in_words;
};

/// The fields of a projection's model, and what the file says of all arms alike.
class FieldReader {
 public:
  FieldReader(Reading& reading, ExperimentSpec& spec);

  Reading& r;
  ExperimentSpec& spec;
  const ModelRecord& model;  // without parameters where an appraisal has no model
  ArmLayout base;

  std::vector<std::string> parameter_names() const;
  std::optional<std::size_t> field_named(std::string_view name) const;
  /// What a field or an input is called.
  const std::string& name_of(std::size_t field) const;
  void add_parameter(std::size_t field, Parameter parameter, double from_week, std::vector<std::size_t> items);

  enum class Inputs { known, unknown };  // whether those of the appraisal may be named too
  /// The figures below a table, by field; nested parts ("service.slots") are tables in tables. Unknown ones are
  /// reported.
  void collect(const Node& table, const std::string& prefix, const std::string& shown, Inputs inputs,
               std::vector<std::pair<std::size_t, const Member*>>& given) const;

  /// One figure, or a list of figures that follow one another.
  std::vector<Setting> settings_of(std::size_t field, const Member& member, const std::string& name,
                                   const std::string& shown);
  std::optional<std::vector<std::size_t>> items_of(const ParameterField& field, const Node& where) const;

 private:
  void unknown_parameter(const Member& member, const Node& table, const std::string& shown,
                         const std::vector<std::string>& known) const;
  bool read_setting(std::size_t index, const Member& member, const std::string& name, const std::string& shown,
                    Setting& setting);
  bool read_structure(const ParameterField& field, const SourcedFigure& figure, Setting& setting);
};

/// Reads every [[arm]] on top of the base.
void read_arms(FieldReader& fields);

}  // namespace desist
