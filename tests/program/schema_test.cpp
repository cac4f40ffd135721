// The JSON Schema against the shipped files, by a validator of the part of draft 7 that the schema uses.
#include <filesystem>
#include <regex>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/program/authoring.hpp"
#include "engine/program/document.hpp"
#include "models/catalogue.hpp"
#include "tests/program/shipped.hpp"

namespace desist {
namespace {

using Json = nlohmann::json;

Json json_of(const Node& node) {
  switch (node.kind) {
    case Node::Kind::table: {
      Json table = Json::object();
      for (const Member& member : node.members) table[member.name] = json_of(member.value);
      return table;
    }
    case Node::Kind::list: {
      Json list = Json::array();
      for (const Node& item : node.items) list.push_back(json_of(item));
      return list;
    }
    case Node::Kind::number:
      return node.whole ? Json(static_cast<std::int64_t>(node.number)) : Json(node.number);
    case Node::Kind::truth:
      return node.truth;
    case Node::Kind::date:
      return node.date.iso();  // TOML editors hand dates over as text
    default:
      return node.text;
  }
}

class Validator {
 public:
  explicit Validator(Json schema) : root_(std::move(schema)) {}

  /// The first place that does not fit, or "".
  std::string problem(const Json& value) const { return problem(value, root_, "$"); }

 private:
  static bool is(const Json& value, const std::string& type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "number") return value.is_number();
    if (type == "integer") return value.is_number_integer();
    if (type == "boolean") return value.is_boolean();
    throw std::logic_error("type " + type);
  }

  std::string problem(const Json& value, const Json& schema, const std::string& at) const {
    for (const auto& [word, rule] : schema.items()) {
      std::string found;
      if (word == "$ref") {
        found = problem(value, root_.at(Json::json_pointer(rule.get<std::string>().substr(1))), at);
      } else if (word == "type") {
        const Json types = rule.is_array() ? rule : Json::array({rule});
        if (std::none_of(types.begin(), types.end(), [&](const Json& t) { return is(value, t); }))
          found = at + ": not " + rule.dump();
      } else if (word == "enum") {
        if (std::find(rule.begin(), rule.end(), value) == rule.end()) found = at + ": none of " + rule.dump();
      } else if (word == "const") {
        if (value != rule) found = at + ": not " + rule.dump();
      } else if (word == "pattern") {
        if (value.is_string() && !std::regex_search(value.get<std::string>(), std::regex(rule.get<std::string>())))
          found = at + ": not like " + rule.dump();
      } else if (word == "minimum") {
        if (value.is_number() && value < rule) found = at + ": too small";
      } else if (word == "minItems") {
        if (value.is_array() && value.size() < rule) found = at + ": too few";
      } else if (word == "required") {
        for (const auto& key : rule)
          if (value.is_object() && !value.contains(key)) found = at + ": no " + key.dump();
      } else if (word == "propertyNames") {
        if (value.is_object())
          for (const auto& [key, each] : value.items())
            if (found.empty()) found = problem(Json(key), rule, at + "." + key);
      } else if (word == "properties") {
        if (value.is_object())
          for (const auto& [key, each] : value.items())
            if (found.empty() && rule.contains(key)) found = problem(each, rule.at(key), at + "." + key);
      } else if (word == "additionalProperties") {
        if (value.is_object())
          for (const auto& [key, each] : value.items()) {
            if (!found.empty() || (schema.contains("properties") && schema.at("properties").contains(key))) continue;
            found = rule.is_boolean() ? at + ": no key " + key : problem(each, rule, at + "." + key);
          }
      } else if (word == "items") {
        if (value.is_array())
          for (const auto& item : value)
            if (found.empty()) found = problem(item, rule, at + "[]");
      } else if (word == "anyOf" || word == "oneOf") {
        int fit = 0;
        for (const auto& each : rule) fit += problem(value, each, at).empty() ? 1 : 0;
        if (word == "oneOf" ? fit != 1 : fit == 0) found = at + ": fits " + std::to_string(fit) + " of " + word;
      } else if (word == "allOf") {
        for (const auto& each : rule)
          if (found.empty()) found = problem(value, each, at);
      } else if (word == "not") {
        if (problem(value, rule, at).empty()) found = at + ": fits what it must not";
      } else if (word == "if") {
        if (problem(value, rule, at).empty() && schema.contains("then")) found = problem(value, schema.at("then"), at);
      } else if (word != "then" && word != "description" && word != "title" && word != "definitions" &&
                 word != "$schema") {
        throw std::logic_error("the validator doesn't know '" + word + "'");
      }
      if (!found.empty()) return found;
    }
    return "";
  }

  Json root_;
};

Json shipped_file(const std::string& name) {
  Diagnostics found;
  const auto root = parse_document(load_text(shipped + "/" + name), found);
  if (!root) throw std::runtime_error(found.rendered());
  return json_of(*root);
}

const Validator& validator() {
  static const Validator the{Json::parse(json_schema(Catalogue{catalogue()}))};
  return the;
}

TEST(Schema, EveryShippedExperimentFits) {
  for (const auto& entry : std::filesystem::directory_iterator(shipped)) {
    if (entry.path().extension() != ".toml") continue;
    EXPECT_EQ(validator().problem(shipped_file(entry.path().filename().string())), "") << entry.path();
  }
}

TEST(Schema, AFileWithEventsFits) {
  const std::string people = "../tests/data/experiments/people.toml";
  EXPECT_EQ(validator().problem(shipped_file(people)), "");
  Json spoilt = shipped_file(people);
  spoilt["events"]["columns"]["person"]["typ"] = "text";
  EXPECT_NE(validator().problem(spoilt), "");
  spoilt = shipped_file(people);
  spoilt["outcomes"]["until"]["clock"] = "prison";
  EXPECT_NE(validator().problem(spoilt), "");
}

// Methods give one key different kinds: `events` of power_of_times is a number, of unit_comparison a list.
TEST(Schema, AMethodSaysWhatItsKeysHold) {
  const Json people = shipped_file("../tests/data/experiments/people.toml");
  const auto problem = [&](const Json& analysis) {
    Json file = people;
    file["analysis"] = Json::array({analysis});
    return validator().problem(file);
  };
  const Json of_rows{
      {"name", "a"}, {"method", "regression_to_mean"}, {"outcome", "o"}, {"before", "earlier"}, {"picked_for", 3}};
  EXPECT_EQ(problem(of_rows), "");
  Json wrong = of_rows;
  wrong["before"] = 12;
  EXPECT_EQ(problem(wrong), "$.analysis[].before: not \"string\"");
  Json of_table{{"name", "a"},    {"method", "regression_to_mean_of_table"},
                {"people", 50},   {"before", 100},
                {"after", 80},    {"shape", {0.5, 2}},
                {"unit", "week"}, {"time_before", 6}};
  EXPECT_EQ(problem(of_table), "");
  wrong = of_table;
  wrong["time_before"] = "months_before";
  EXPECT_EQ(problem(wrong), "$.analysis[].time_before: not \"number\"");
  wrong = of_table;
  wrong["unit"] = "fortnight";
  EXPECT_EQ(problem(wrong), "$.analysis[].unit: none of [\"month\",\"week\",\"day\",\"year\"]");
  wrong = of_table;
  wrong.erase("after");
  EXPECT_EQ(problem(wrong), "$.analysis[]: no \"after\"");
  wrong = of_rows;
  wrong["time_after"] = 3;  // a key of the other's
  EXPECT_NE(problem(wrong), "");
  wrong = of_rows;
  wrong["method"] = "regresion_to_mean";
  EXPECT_NE(problem(wrong), "");
}

TEST(Schema, RefusesWhatTheReaderRefuses) {
  const auto refused = [](Json file, const Json::json_pointer& where, const Json& value) {
    file[where] = value;
    return validator().problem(file);
  };
  using namespace nlohmann::literals;
  const Json marac = shipped_file("marac-backlog.toml"), cara = shipped_file("cara.toml");
  EXPECT_EQ(refused(marac, "/plan/replicats"_json_pointer, 2), "$.plan: no key replicats");
  EXPECT_EQ(refused(marac, "/plan/seed"_json_pointer, "one"), "$.plan.seed: not \"integer\"");
  EXPECT_EQ(refused(marac, "/parameters/hearing"_json_pointer, Json::object()), "$.parameters: no key hearing");
  EXPECT_EQ(refused(marac, "/parameters/hearings/choice"_json_pointer, "two sources"),
            "$.parameters.hearings: fits 0 of anyOf");
  EXPECT_NE(refused(marac, "/experiment/model"_json_pointer, "conferences"), "");
  EXPECT_NE(refused(marac, "/outcomes/clera"_json_pointer, Json::object()), "");
  EXPECT_NE(refused(marac, "/experiment/starts"_json_pointer, "30/09/23"), "");
  EXPECT_NE(refused(cara, "/study/design"_json_pointer, "random"), "");
  EXPECT_NE(refused(cara, "/group/0/people"_json_pointer, 49), "");
  Json without = cara;
  without.erase("plan");
  EXPECT_EQ(validator().problem(without), "$: no \"plan\"");
}

}  // namespace
}  // namespace desist
