// The survival data of tests/data/reference as columns.
#pragma once

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "engine/statistics/survival_data.hpp"
#include "tests/statistics/reference_file.hpp"

namespace desist::statistics::reference {

/// A CSV file without quotes or missing cells.
class Columns {
 public:
  explicit Columns(const std::string& file) {
    std::ifstream stream(std::string(DESIST_TEST_DATA) + "/reference/04_survival/" + file);
    EXPECT_TRUE(stream) << file;
    std::string line;
    std::getline(stream, line);
    const std::vector<std::string> names = cells(line);
    while (std::getline(stream, line)) {
      const std::vector<std::string> row = cells(line);
      for (std::size_t j = 0; j < names.size(); ++j) text_[names[j]].push_back(row.at(j));
    }
  }
  std::size_t rows() const { return text_.begin()->second.size(); }
  const std::vector<std::string>& text(const std::string& name) const { return text_.at(name); }
  std::vector<double> numbers(const std::string& name) const {
    std::vector<double> values;
    for (const std::string& cell : text_.at(name)) values.push_back(std::stod(cell));
    return values;
  }
  std::vector<int> whole(const std::string& name) const {
    std::vector<int> values;
    for (const std::string& cell : text_.at(name)) values.push_back(std::stoi(cell));
    return values;
  }
  /// Labels from 0 in this order of levels.
  std::vector<int> levels(const std::string& name, const std::vector<std::string>& order) const {
    std::vector<int> values;
    for (const std::string& cell : text_.at(name)) {
      const auto place = std::find(order.begin(), order.end(), cell);
      EXPECT_NE(place, order.end()) << cell;
      values.push_back(static_cast<int>(place - order.begin()));
    }
    return values;
  }
  /// A column as labels in order of the text.
  std::vector<int> labels(const std::string& name) const {
    std::map<std::string, int> known;
    for (const std::string& cell : text_.at(name)) known[cell] = 0;
    int next = 0;
    for (auto& [cell, label] : known) label = next++;
    std::vector<int> values;
    for (const std::string& cell : text_.at(name)) values.push_back(known[cell]);
    return values;
  }
  /// Columns side by side; a name `column=level` is 1 where the text is that level.
  Eigen::MatrixXd matrix(const std::vector<std::string>& names) const {
    Eigen::MatrixXd x(static_cast<Eigen::Index>(rows()), static_cast<Eigen::Index>(names.size()));
    for (std::size_t j = 0; j < names.size(); ++j) {
      const auto equals = names[j].find('=');
      const std::vector<std::string>& column = text_.at(names[j].substr(0, equals));
      for (std::size_t i = 0; i < rows(); ++i) {
        x(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) =
            equals == std::string::npos ? std::stod(column[i]) : (column[i] == names[j].substr(equals + 1) ? 1 : 0);
      }
    }
    return x;
  }

 private:
  static std::vector<std::string> cells(const std::string& line) {
    std::vector<std::string> found;
    std::stringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');) {
      if (!cell.empty() && cell.back() == '\r') cell.pop_back();
      found.push_back(cell);
    }
    return found;
  }
  std::map<std::string, std::vector<std::string>> text_;
};

/// |ours - theirs| <= tolerance max(1, |theirs|); counts the comparisons, null and NaN stand for no value.
class FieldCount {
 public:
  void near(const nlohmann::json& theirs, std::optional<double> ours, double tolerance, const std::string& where) {
    ++count;
    const double expected = theirs.is_null() ? std::nan("") : number(theirs);
    if (std::isnan(expected)) {
      EXPECT_FALSE(ours.has_value()) << where;
      return;
    }
    ASSERT_TRUE(ours.has_value()) << where;
    EXPECT_LE(std::abs(*ours - expected), tolerance * std::max(1.0, std::abs(expected)))
        << where << ": " << *ours << " against " << expected;
  }
  void near(const nlohmann::json& theirs, const Eigen::VectorXd& ours, double tolerance, const std::string& where) {
    ASSERT_EQ(theirs.size(), static_cast<std::size_t>(ours.size())) << where;
    for (Eigen::Index j = 0; j < ours.size(); ++j)
      near(theirs.at(static_cast<std::size_t>(j)), ours[j], tolerance, where);
  }
  int count = 0;
};

/// The values of an object whose keys are coefficients, in the order of `names`.
inline nlohmann::json values_of(const nlohmann::json& object, const std::vector<std::string>& names) {
  nlohmann::json values = nlohmann::json::array();
  for (const std::string& name : names) values.push_back(object.at(name));
  EXPECT_EQ(object.size(), names.size());
  return values;
}

/// What the three files with one time and one event share.
struct SurvivalSet {
  std::string name, time, event, group, strata;
  std::vector<std::string> levels;  // of the group; the last is the treated one of two
};
inline const std::vector<SurvivalSet>& survival_sets() {
  static const std::vector<SurvivalSet> sets{
      {"rossi", "week", "arrest", "fin", "race", {"0", "1"}},
      {"lung", "time", "event", "sex", "ecog", {"1", "2"}},
      {"veteran", "time", "status", "celltype", "", {"squamous", "smallcell", "adeno", "large"}}};
  return sets;
}

inline nlohmann::json survival_analyses() { return read("04_survival/expected.json").at("analyses"); }

}  // namespace desist::statistics::reference
