// Inputs of an appraisal that are parameters of its model: the same draw, so that no figure is given twice.
#include <algorithm>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/appraisal_reading.hpp"
#include "engine/program/projection_reading.hpp"

namespace desist {

// A parameter of the model by its name. Its slots are known once arms are.
void AppraisalInputs::read_parameter(const Member& member, const Node& of, AppraisalFigure input) {
  for (const Member& other : member.value.members)
    if (other.name != "parameter" && other.name != "label" && other.name != "note" && other.name != "prices")
      return r_.problem(other.where, fmt::format("'{}' has {} and parameter", member.name, other.name),
                        "the model's parameter is the figure, with its source", "keep one",
                        {{of.where, "the parameter is here"}});
  std::vector<std::string> names;
  if (r_.model)
    for (const ParameterField& each : r_.model->parameters)
      if (each.kind == ParameterField::Kind::number) names.push_back(each.name);
  const std::string name = trimmed(of.text);
  if (std::find(names.begin(), names.end(), name) == names.end())
    return r_.problem(of.where, fmt::format("no number of the model is called '{}'", name),
                      r_.model ? "" : "this file has no model",
                      r_.model ? spelling_cure(name, names, "there are") : "give value or range with its source");
  const auto at = std::find_if(r_.model->parameters.begin(), r_.model->parameters.end(),
                               [&](const ParameterField& each) { return each.name == name; });
  const DeclaredDimension declared = dimension_of(at->unit);
  input.field = static_cast<std::size_t>(at - r_.model->parameters.begin());
  input.label = Reading::text_at(member.value, "label");
  input.dimension = declared.dimension;
  input.factor = declared.factor;
  input.words = at->unit.text() == "share" ? "share" : declared.dimension.empty() ? "" : declared.dimension.in_words();
  if (!price(member.value, input, Reading::text_at(member.value, "prices"), member.where)) return;
  all_.push_back(std::move(input));
}

void AppraisalInputs::take_parameters() {
  for (std::size_t index = 0; index < all_.size(); ++index) {
    AppraisalFigure& input = all_[index];
    if (!input.field || !r_.found.empty()) continue;
    const auto slot_in = [&](const ArmLayout& layout) -> std::optional<std::size_t> {
      const std::vector<Piece>& pieces = layout.fields.at(*input.field).pieces;
      if (pieces.size() != 1 || pieces.front().from_week != from_ever || !pieces.front().items.empty())
        return std::nullopt;
      return pieces.front().slot;
    };
    std::optional<std::size_t> base;
    bool is_single = !spec_.arms.empty();
    for (std::size_t arm = 0; arm < spec_.arms.size(); ++arm) {
      const auto slot = slot_in(spec_.arms[arm].layout);
      is_single = is_single && slot;
      if (!slot) continue;
      if (!base) base = slot;
      set_arm(arm, index, *slot);
    }
    if (!is_single) {
      r_.problem(input.at, fmt::format("'{}' has several values at once", r_.model->parameters[*input.field].name),
                 "it changes in time or differs by item, and a formula takes one number",
                 "give the figure that the formula needs as an input of its own");
      continue;
    }
    input.slot = *base;
    if (input.label.empty()) input.label = spec_.parameters[*base].label;
  }
}

}  // namespace desist
