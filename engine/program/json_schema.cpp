#include <nlohmann/json.hpp>

#include "engine/estimation/estimator.hpp"
#include "engine/program/authoring.hpp"
#include "engine/program/grammar.hpp"

namespace desist {
namespace {

using Json = nlohmann::ordered_json;

Json reference(const std::string& name) { return {{"$ref", "#/definitions/" + name}}; }

Json table_of(const Section& section);

// What a key may hold, without its help.
Json held(const Key& key) {
  const Json text{{"type", "string"}};
  const Json texts{{"type", "array"}, {"items", text}, {"minItems", 1}};
  switch (key.holds) {
    case Holds::text:
    case Holds::day:
      return text;
    case Holds::texts:
      return {{"anyOf", {text, texts}}};
    case Holds::word:
      return {{"type", "string"}, {"enum", key.words}};
    case Holds::name:
      return {{"type", "string"}, {"pattern", "^[A-Za-z0-9_][A-Za-z0-9_-]{0,79}$"}};
    case Holds::date:
      return reference("date");
    case Holds::dates:
      return {{"anyOf", {reference("date"), {{"type", "array"}, {"items", reference("date")}}}}};
    case Holds::whole:
      return {{"type", "integer"}, {"minimum", 0}};
    case Holds::number:
      return {{"type", "number"}};
    case Holds::numbers:
      return {{"anyOf", {{{"type", "number"}}, {{"type", "array"}, {"items", {{"type", "number"}}}, {"minItems", 1}}}}};
    case Holds::levels:
      return {{"type", "array"}, {"items", {{"type", {"string", "number"}}}}, {"minItems", 2}};
    case Holds::flag:
      return {{"type", "boolean"}};
    case Holds::figure:
    case Holds::printed:
      return {{"type", {"string", "number"}}};
    case Holds::value:
      return {{"type", {"string", "number", "array"}}};
    case Holds::table:
      if (key.name == "columns") return {{"type", "object"}, {"additionalProperties", table_of(section("columns"))}};
      if (key.name == "compute") return {{"type", "object"}, {"additionalProperties", text}};
      return {{"type", "object"}};
    case Holds::shares:
      return {{"anyOf", {text, {{"type", "object"}, {"additionalProperties", text}}}}};
  }
  return Json::object();
}

// What a key of an analysis may hold.
Json taken(Takes takes) {
  switch (takes) {
    case Takes::columns:
    case Takes::texts:
      return held({"", Holds::texts, false, "", "", {}, For::people});
    case Takes::number:
      return held({"", Holds::number, false, "", "", {}, For::people});
    case Takes::numbers:
      return held({"", Holds::numbers, false, "", "", {}, For::people});
    case Takes::flag:
      return held({"", Holds::flag, false, "", "", {}, For::people});
    case Takes::column:
    case Takes::word:
    case Takes::text:
      break;
  }
  return {{"type", "string"}};
}

// One method's analysis: the keys that it takes, as it takes them. What a key means differs between methods.
Json rule_of_method(const Section& analysis, const Estimator& estimator) {
  Json properties = Json::object(), names = Json::array(), required = Json::array();
  for (const Key& key : analysis.keys) names.push_back(std::string(key.name));
  for (const EstimatorKey& key : estimator.keys) {
    const std::string name(key.name);
    Json each = taken(key.takes);
    if (!key.words.empty()) each["enum"] = key.words;
    each["description"] = std::string(key.help);
    properties[name] = each;
    names.push_back(name);
    if (key.required) required.push_back(name);
  }
  Json then{{"properties", properties}, {"propertyNames", {{"enum", names}}}};
  if (!required.empty()) then["required"] = required;
  const Json is_method{{"properties", {{"method", {{"const", std::string(estimator.name)}}}}},
                       {"required", Json::array({"method"})}};
  return {{"if", is_method}, {"then", then}};
}

Json table_of(const Section& section) {
  Json properties = Json::object(), required = Json::array();
  for (const Key& key : section.keys) {
    Json each = held(key);
    each["description"] = std::string(key.help);
    properties[std::string(key.name)] = each;
    if (key.required) required.push_back(std::string(key.name));
  }
  Json table{{"type", "object"},
             {"description", std::string(section.help)},
             {"properties", properties},
             {"additionalProperties", false}};
  if (section.open && section.name == "group") table["additionalProperties"] = reference("cell");  // its outcomes
  if (section.name == "analysis") {  // the method says which keys there are and what they hold
    Json methods = Json::array(), rules = Json::array();
    for (const Estimator& estimator : estimators()) {
      methods.push_back(std::string(estimator.name));
      rules.push_back(rule_of_method(section, estimator));
      for (const EstimatorKey& key : estimator.keys) table["properties"][std::string(key.name)] = Json::object();
    }
    table["properties"]["method"]["enum"] = methods;
    table["allOf"] = rules;
  }
  if (!required.empty()) table["required"] = required;
  return table;
}

// Exactly one of evidence, assumption, choice; exactly one of value and range.
Json figure() {
  Json table = table_of(figure_keys());
  table["properties"]["outcome"] = {{"type", "string"},
                                    {"description", "Of a study's recording: the outcome that it is for"}};
  const auto one_of = [](std::initializer_list<const char*> names) {
    Json cases = Json::array();
    for (const char* name : names) cases.push_back({{"required", {name}}});
    return Json{{"oneOf", cases}};
  };
  table["allOf"] = {one_of({"value", "range"}), one_of({"evidence", "assumption", "choice"})};
  return table;
}

// What a number is called that a posterior sets.
Json label_of_figure() {
  return {{"type", "object"},
          {"properties", {{"label", {{"type", "string"}}}}},
          {"required", {"label"}},
          {"additionalProperties", false}};
}

Json section_schema(const Section& section) {
  switch (section.shape) {
    case Shape::table:
      return table_of(section);
    case Shape::list:
      return {{"type", "array"}, {"description", std::string(section.help)}, {"items", table_of(section)}};
    case Shape::named: {
      Json named{
          {"type", "object"}, {"description", std::string(section.help)}, {"additionalProperties", table_of(section)}};
      return named;
    }
    case Shape::figures:
      break;
  }
  if (section.name == "inputs")
    return {
        {"type", "object"}, {"description", std::string(section.help)}, {"additionalProperties", reference("input")}};
  if (section.name == "beside")
    return {{"type", "object"},
            {"description", std::string(section.help)},
            {"additionalProperties", {{"type", {"string", "array"}}, {"items", {{"type", "string"}}}}}};
  return {{"type", "object"}, {"description", std::string(section.help)}};
}

Json parameters_of(const ModelRecord& model) {
  Json properties = Json::object(), required = Json::array();
  for (const ParameterField& field : model.parameters) {
    if (field.name.find('.') != std::string::npos) {  // a nested part: its figures are tables in a table
      properties[field.name.substr(0, field.name.find('.'))] = {{"type", "object"}};
      continue;
    }
    Json figures = field.kind == ParameterField::Kind::number
                       ? Json{{"anyOf",
                               {reference("figure"),
                                {{"type", "array"}, {"items", reference("figure")}},
                                reference("label_of_figure")}}}
                       : Json{{"anyOf", {reference("figure"), reference("label_of_figure")}}};
    properties[field.name] = {{"allOf", {figures}}, {"description", field.help}};
  }
  return {{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
}

Json for_model(const ModelRecord& model) {
  const std::string name(model.info.name);
  Json outcomes = Json::object();
  for (const OutcomeField& field : model.outcomes) outcomes[field.name] = {{"description", field.help}};
  const Json parameters = parameters_of(model);
  const Json if_model{
      {"properties", {{"experiment", {{"properties", {{"model", {{"const", name}}}}}, {"required", {"model"}}}}}},
      {"required", {"experiment"}}};
  Json set = parameters;  // of an arm, and inputs of an appraisal: the reader knows their names
  set["additionalProperties"] = reference("input");
  const Json then{{"properties",
                   {{"parameters", parameters},
                    {"arm", {{"items", {{"properties", {{"set", set}}}}}}},
                    {"outcomes", {{"properties", outcomes}, {"propertyNames", {{"enum", Json::array()}}}}}}},
                  {"required", {"parameters"}}};
  Json rule{{"if", if_model}, {"then", then}};
  for (const OutcomeField& field : model.outcomes)
    rule["then"]["properties"]["outcomes"]["propertyNames"]["enum"].push_back(field.name);
  return rule;
}

}  // namespace

std::string json_schema(const Catalogue& catalogue) {
  Json properties = Json::object(), rules = Json::array(), required = Json::array();
  for (const Section& each : sections()) {
    Json schema = section_schema(each);
    if (Json& other = properties[std::string(each.name)]; !other.is_null())  // people's [[flow]], and that of money
      schema = {{"anyOf", {other, schema}}};
    properties[std::string(each.name)] = schema;
    if (each.required && each.only == For::all) required.push_back(std::string(each.name));
  }
  for (const ModelRecord& model : catalogue.models) rules.push_back(for_model(model));
  Json names = Json::array();
  for (const ModelRecord& model : catalogue.models) names.push_back(std::string(model.info.name));
  properties["experiment"]["properties"]["model"]["enum"] = names;
  Json of_people = Json::object(), published = Json::object();
  of_people["anyOf"] = Json::array({Json{{"required", {"data"}}}, Json{{"required", {"analysis"}}}});
  published["required"] = Json::array({"study"});
  published["not"] = of_people;
  const Json studies{{"if", published},
                     {"then",
                      {{"required", {"group", "outcomes"}},
                       {"properties",
                        {{"parameters",
                          {{"properties",
                            {{"missing_people", reference("figure")},
                             {"recording", reference("figure")},
                             {"worth_having", reference("figure")}}},
                           {"additionalProperties", false}}}}}}}};
  rules.push_back(studies);
  const Json date{{"type", "string"},
                  {"description", "2023-12-18, or in quotes \"18/12/2023\""},
                  {"pattern", "^([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4})$"}};
  const Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
                    {"title", "An experiment of desist"},
                    {"type", "object"},
                    {"properties", properties},
                    {"additionalProperties", false},
                    {"required", required},
                    {"allOf", rules},
                    {"definitions",
                     {{"figure", figure()},
                      {"label_of_figure", label_of_figure()},
                      {"input", table_of(input_keys())},
                      {"cell", table_of(cell_keys())},
                      {"date", date}}}};
  return schema.dump(2) + "\n";
}

}  // namespace desist
