#include "engine/program/dimension.hpp"

#include <array>
#include <vector>

#include <fmt/format.h>

#include "engine/core/text.hpp"

namespace desist {
namespace {

std::string many_of(const std::vector<std::string>& nouns, std::string_view between) {
  return fmt::format("{}", fmt::join(nouns, between));
}

// How nouns stand in a row, a noun as often as its power says.
void add(std::vector<std::string>& row, const std::string& noun, int times) {
  for (int i = 0; i < times; ++i) row.push_back(noun);
}

double years_in(const std::string& time) { return *hours_in(time) / *hours_in("year"); }

bool is_work(const Unit& unit) { return unit.time == "hour"; }

}  // namespace

Dimension Dimension::of(const std::string& key, int power) {
  Dimension one;
  if (power != 0) one.powers_[key] = power;
  return one;
}

Dimension Dimension::counted(std::string_view noun, bool one) {
  const bool is_plural = !one && singular(noun) != noun;
  return of(is_plural ? std::string(noun) : plural(noun), 1);
}

Dimension Dimension::times(const Dimension& other) const {
  Dimension product = *this;
  for (const auto& [key, power] : other.powers_)
    if ((product.powers_[key] += power) == 0) product.powers_.erase(key);
  return product;
}

Dimension Dimension::over(const Dimension& other) const {
  Dimension inverse;
  for (const auto& [key, power] : other.powers_) inverse.powers_[key] = -power;
  return times(inverse);
}

int Dimension::power_of(const std::string& key) const {
  const auto at = powers_.find(key);
  return at == powers_.end() ? 0 : at->second;
}

std::string Dimension::in_words() const {
  if (powers_.empty()) return "a plain number";
  std::vector<std::string> above, below;
  add(above, "£", money_power());
  add(below, "£", -money_power());
  for (const auto& [key, power] : powers_) {
    if (key == "£" || key == year) continue;
    add(above, key, power);
    add(below, singular(key), -power);
  }
  add(above, "years", year_power());
  add(below, "year", -year_power());
  std::string words = above.empty() ? "1" : many_of(above, " ");
  for (const std::string& noun : below) words += " per " + noun;
  return words;
}

std::string Dimension::beside_money() const {
  std::vector<std::string> above, below;
  add(above, "£", money_power() - 1);
  add(below, "£", 1 - money_power());
  for (const auto& [key, power] : powers_) {
    if (key == "£" || key == year) continue;
    add(above, singular(key), power);
    add(below, singular(key), -power);
  }
  add(above, "year", year_power());
  add(below, "year", -year_power() - 1);  // money a year is money
  std::string words = many_of(above, " x ");
  for (const std::string& noun : below) words += (words.empty() ? "per " : " per ") + noun;
  return words;
}

DeclaredDimension dimension_of(const Unit& unit) {
  DeclaredDimension declared;
  if (unit.thing == "£")
    declared.dimension = Dimension::money();
  else if (!unit.thing.empty() && unit.thing != "share")
    declared.dimension = Dimension::noun(unit.thing);
  if (unit.time_power == 0) return declared;
  if (is_work(unit)) {
    declared.dimension = declared.dimension.times(Dimension::noun("hour", unit.time_power));
    return declared;
  }
  declared.dimension = declared.dimension.times(Dimension::years(unit.time_power));
  declared.factor = unit.time_power > 0 ? years_in(unit.time) : 1 / years_in(unit.time);
  return declared;
}

}  // namespace desist
