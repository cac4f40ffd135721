// The arms of an experiment: what each changes, on top of what holds for all.
#include <algorithm>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/appraisal_reading.hpp"
#include "engine/program/projection_reading.hpp"

namespace desist {
namespace {

struct ArmReading {
  Arm arm;
  ArmText text;
  SourceSpan at;
  std::vector<Setting> settings;
};

class ArmReader {
 public:
  explicit ArmReader(FieldReader& fields) : f_(fields), r_(fields.r), spec_(fields.spec), model_(fields.model) {}

  void read() {
    const Section& keys = section("arm");
    const auto tables = r_.tables_of(keys);
    for (std::size_t i = 0; i < tables.size(); ++i) arm(*tables[i], shown_item(keys, *tables[i], i), keys);
    if (tables.empty() && !r_.root.find("arm")) {
      ArmReading only;
      only.arm.name = only.text.name = "as_it_is";
      only.arm.label = only.text.label = "As it is";
      read_.push_back(std::move(only));
    }
    for (std::size_t i = 0; i < tables.size() && i < read_.size(); ++i) combine(*tables[i], read_[i]);
    for (ArmReading& each : read_) {
      each.arm.layout = f_.base;
      std::vector<std::string> words;
      for (const Setting& setting : each.settings) {
        if (is_input(setting.field))
          r_.inputs->set_arm(spec_.arms.size(), setting.field - model_.parameters.size(),
                             setting.layout.pieces.front().slot);
        else
          apply(setting, each.arm.layout);
        words.push_back(setting.in_words);
      }
      each.text.in_words = words.empty() ? "nothing changed" : fmt::format("{}", fmt::join(words, "; "));
      spec_.arms.push_back(std::move(each.arm));
      spec_.text.arms.push_back(std::move(each.text));
    }
    spec_.reported_arms = spec_.arms.size();
    spec_.base = f_.base;
  }

 private:
  bool is_input(std::size_t field) const { return field >= model_.parameters.size(); }

  void apply(const Setting& setting, ArmLayout& layout) const {
    FieldLayout& field = layout.fields[setting.field];
    if (model_.parameters[setting.field].kind != ParameterField::Kind::number) {
      field = setting.layout;
      return;
    }
    const Piece& piece = setting.layout.pieces.front();
    if (piece.from_week == from_ever && piece.items.empty()) field.pieces.clear();
    field.pieces.push_back(piece);
  }

  void arm(const Node& table, const std::string& shown, const Section& keys) {
    r_.check(table, keys, shown);
    ArmReading arm;
    arm.arm.name = arm.text.name = Reading::text_at(table, "name");
    arm.arm.label = arm.text.label = Reading::text_at(table, "label");
    if (arm.arm.label.empty()) arm.arm.label = arm.text.label = arm.arm.name;
    arm.text.short_label = Reading::text_at(table, "short");
    arm.at = table.at("name") ? table.at("name")->where : table.where;
    for (const ArmReading& other : read_)
      if (!arm.arm.name.empty() && other.arm.name == arm.arm.name)
        r_.problem(arm.at, fmt::format("two arms are called '{}'", arm.arm.name), "", "give each a name of its own",
                   {{other.at, "the first is here"}});
    if (const Node* set = table.at("set"); set && set->kind == Node::Kind::table) {
      std::vector<std::pair<std::size_t, const Member*>> given;
      f_.collect(*set, "", fmt::format("[arm.set] of '{}'", arm.arm.name), FieldReader::Inputs::known, given);
      for (const auto& [field, member] : given) set_field(arm, field, *member);
    }
    read_.push_back(std::move(arm));
  }

  bool is_measured_by(const std::string& list) const {
    const auto by = [&](const OutcomeField& o) {
      const std::vector<std::string> lists = lists_of(o.by_item);
      return std::find(lists.begin(), lists.end(), list) != lists.end();
    };
    const auto varies = [&](const ParameterField& f) { return f.varies.by_item == list; };
    return std::any_of(model_.outcomes.begin(), model_.outcomes.end(), by) ||
           std::any_of(model_.parameters.begin(), model_.parameters.end(), varies);
  }

  void set_input(ArmReading& arm, std::size_t field, const Member& member) {
    const std::string& input = f_.name_of(field);
    const auto read =
        r_.inputs->read_for_arm(field - model_.parameters.size(), member, fmt::format("{}.{}", arm.arm.name, input),
                                fmt::format("[arm.set.{}] of '{}'", input, arm.arm.name));
    if (!read) return;
    Setting setting{field, member.where, {}, arm.arm.name, read->in_words};
    setting.layout.pieces = {{from_ever, {}, read->slot}};
    arm.settings.push_back(std::move(setting));
  }

  void set_field(ArmReading& arm, std::size_t index, const Member& member) {
    if (is_input(index)) return set_input(arm, index, member);
    const ParameterField& field = model_.parameters[index];
    if (is_measured_by(field.name))
      return r_.problem(member.where, fmt::format("an arm can't set '{}'", field.name),
                        "all arms are measured on the same list", "set it in [parameters]");
    const std::string name = fmt::format("{}.{}", arm.arm.name, field.name);
    for (Setting& setting :
         f_.settings_of(index, member, name, fmt::format("[arm.set.{}] of '{}'", field.name, arm.arm.name))) {
      setting.arm = arm.arm.name;
      arm.settings.push_back(std::move(setting));
    }
  }

  void combine(const Node& table, ArmReading& arm) {
    const Node* node = table.at("combines");
    std::vector<Setting> all;
    for (const std::string& name : Reading::texts_at(table, "combines")) {
      const auto other =
          std::find_if(read_.begin(), read_.end(), [&](const ArmReading& a) { return a.arm.name == name; });
      if (other == read_.end()) {
        std::vector<std::string> names;
        for (const ArmReading& each : read_) names.push_back(each.arm.name);
        r_.problem(node->where, fmt::format("unknown arm '{}'", name), "", spelling_cure(name, names, "the arms are"));
        continue;
      }
      if (&*other >= &arm) {
        r_.problem(node->where, fmt::format("'{}' combines '{}'", arm.arm.name, name), "an arm combines arms above it",
                   "move it below");
        continue;
      }
      arm.text.combines.push_back(name);
      all.insert(all.end(), other->settings.begin(), other->settings.end());
    }
    all.insert(all.end(), arm.settings.begin(), arm.settings.end());
    for (std::size_t i = 0; i < all.size(); ++i)
      for (std::size_t k = 0; k < i; ++k)
        if (all[i].field == all[k].field && all[i].arm != all[k].arm)
          r_.problem(node->where,
                     fmt::format("'{}' combines two settings of '{}'", arm.arm.name, f_.name_of(all[i].field)),
                     "which of the two is meant?", "make one arm that sets it",
                     {{all[k].at, "set here"}, {all[i].at, "and here"}});
    arm.settings = std::move(all);
  }

  FieldReader& f_;
  Reading& r_;
  ExperimentSpec& spec_;
  const ModelRecord& model_;
  std::vector<ArmReading> read_;
};

}  // namespace

void read_arms(FieldReader& fields) { ArmReader(fields).read(); }

}  // namespace desist
