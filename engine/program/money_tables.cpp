#include "engine/program/money_tables.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/word_table.hpp"

namespace desist {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> unit_cost_columns{"id", "label", "value", "per", "price_year", "source", "verification"};
const std::vector<std::string> deflator_columns{"year", "index", "kind", "source", "verification"};
const std::vector<std::string> discount_columns{"schedule", "from_year", "to_year", "rate", "source", "verification"};

bool all_digits(std::string_view text) { return text.find_first_not_of("0123456789") == std::string_view::npos; }

using statistics::PriceYear;

PriceYear price_year(const std::string& text) {
  return {text.size() == 4 ? PriceYear::Kind::calendar : PriceYear::Kind::financial, std::stoi(text.substr(0, 4))};
}

// Cells of a table of money, without the blanks around them.
class MoneyCells {
 public:
  explicit MoneyCells(const WordTable& table) : table_(table) {}

  WordTable::Place place(std::string_view column) const { return table_.column(column); }
  std::string word(std::size_t row, WordTable::Place column) const { return trimmed(table_.word(row, column)); }
  std::optional<double> number(std::size_t row, WordTable::Place column) const {
    return read_number(word(row, column));
  }
  /// "£1,200" and "1200".
  std::optional<double> amount(std::size_t row, WordTable::Place column) const {
    const std::string text = word(row, column);
    return read_number(text.starts_with("£") ? text.substr(std::string_view("£").size()) : text);
  }

 private:
  const WordTable& table_;
};

std::map<std::string, Deflator> read_deflators(const WordTable& table, Diagnostics& found) {
  const MoneyCells cells(table);
  const WordTable::Place in_year = cells.place("year"), index_of = cells.place("index"), kind = cells.place("kind");
  std::map<std::string, Deflator> all;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string year = cells.word(row, in_year);
    const auto index = cells.number(row, index_of);
    if (!is_price_year(year) || year.size() == 4 || !index || !(*index > 0)) {
      table.wrong(row, "this row is no deflator of a financial year", "", "write it like: 2015/16,78.3,outturn,...",
                  found);
      continue;
    }
    if (!all.emplace(year, Deflator{*index, cells.word(row, kind) == "forecast"}).second)
      table.wrong(row, fmt::format("the year {} has a row already", year), "which level would count?",
                  "keep one row for each year", found);
  }
  return all;
}

std::map<std::string, DiscountRates> read_schedules(const WordTable& table, Diagnostics& found) {
  const MoneyCells cells(table);
  const WordTable::Place schedule = cells.place("schedule"), from_year = cells.place("from_year"),
                         to_year = cells.place("to_year"), rate_of = cells.place("rate"),
                         source = cells.place("source");
  std::map<std::string, DiscountRates> all;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string name = cells.word(row, schedule);
    const auto from = cells.number(row, from_year), to = cells.number(row, to_year), rate = cells.number(row, rate_of);
    const auto year = [](const std::optional<double>& each) {
      return each && *each >= 0 && *each <= 1000 && *each == std::floor(*each);
    };
    if (name.empty() || !year(from) || !year(to) || !rate || !(*rate > -1) || !(*rate < 1)) {
      table.wrong(row, "this row is no band of a discount schedule", "", "write it like: standard,0,30,0.035,...",
                  found);
      continue;
    }
    DiscountRates& rates = all[name];
    rates.bands.push_back({std::max(1, static_cast<int>(*from)), static_cast<int>(*to), *rate});
    if (rates.source.empty()) rates.source = cells.word(row, source);
  }
  for (auto& [name, rates] : all)
    std::sort(rates.bands.begin(), rates.bands.end(),
              [](const auto& a, const auto& b) { return a.first_year < b.first_year; });
  return all;
}

// Where a table of unit costs has what a unit cost has.
struct UnitCostColumns {
  explicit UnitCostColumns(const MoneyCells& cells)
      : id(cells.place("id")),
        label(cells.place("label")),
        value(cells.place("value")),
        low(cells.place("low")),
        high(cells.place("high")),
        per(cells.place("per")),
        price_year(cells.place("price_year")),
        contains(cells.place("contains")),
        source(cells.place("source")),
        place(cells.place("place")),
        verification(cells.place("verification")),
        note(cells.place("note")) {}
  WordTable::Place id, label, value, low, high, per, price_year, contains, source, place, verification, note;
};

UnitCost unit_cost_of(const MoneyCells& cells, const UnitCostColumns& columns, std::size_t row) {
  UnitCost cost;
  cost.id = cells.word(row, columns.id);
  cost.label = cells.word(row, columns.label);
  cost.value = cells.amount(row, columns.value);
  cost.value_printed = cells.word(row, columns.value);
  if (cost.value_printed.starts_with("£")) cost.value_printed.erase(0, std::string_view("£").size());
  cost.low = cells.amount(row, columns.low);
  cost.high = cells.amount(row, columns.high);
  cost.per = cells.word(row, columns.per);
  cost.price_year = cells.word(row, columns.price_year);
  for (const std::string& part : split(cells.word(row, columns.contains), ';'))
    if (!trimmed(part).empty()) cost.contains.push_back(trimmed(part));
  cost.source = cells.word(row, columns.source);
  cost.place = cells.word(row, columns.place);
  cost.verification = cells.word(row, columns.verification);
  cost.note = cells.word(row, columns.note);
  return cost;
}

// What is wrong with a row: an amount that is none would be taken for an empty cell.
bool sound_row(const MoneyCells& cells, const UnitCostColumns& columns, const WordTable& table, std::size_t row,
               const UnitCost& cost, Diagnostics& found) {
  for (const auto& [name, place, amount] :
       {std::tuple("value", columns.value, cost.value), std::tuple("low", columns.low, cost.low),
        std::tuple("high", columns.high, cost.high)}) {
    const std::string word = cells.word(row, place);
    if (word.empty() || amount) continue;
    table.wrong(row, fmt::format("{} '{}' of unit cost '{}' is no amount", name, word, cost.id), "",
                "write pounds as a number: 14050 or 36.51", found);
    return false;
  }
  static const std::vector<std::string> known{"verified", "verified-secondary", "unverified", "not-found"};
  if (std::find(known.begin(), known.end(), cost.verification) == known.end()) {
    table.wrong(row, fmt::format("verification '{}' of unit cost '{}' is none", cost.verification, cost.id),
                "a cost that nobody has read in its source needs a range", fmt::format("write {}", listed(known, "or")),
                found);
    return false;
  }
  if (cost.value && !is_price_year(cost.price_year)) {
    table.wrong(row, fmt::format("price year '{}' of unit cost '{}' is none", cost.price_year, cost.id), "",
                "write a financial year like 2024/25, or a calendar year like 2024", found);
    return false;
  }
  if (!cost.low && !cost.high) return true;
  const bool sound = cost.low && cost.high && cost.value && *cost.low <= *cost.value && *cost.value <= *cost.high;
  if (!sound)
    table.wrong(row, fmt::format("the range of unit cost '{}' is none", cost.id), "its value lies between low and high",
                "give all three, rising, or value alone", found);
  return sound;
}

}  // namespace

bool is_price_year(const std::string& text) {
  if (text.size() == 4) return all_digits(text);
  if (text.size() != 7 || text[4] != '/' || !all_digits(text.substr(0, 4)) || !all_digits(text.substr(5))) return false;
  return (std::stoi(text.substr(0, 4)) + 1) % 100 == std::stoi(text.substr(5));
}

std::optional<std::string> MoneyTables::add_unit_costs(const std::string& path, Diagnostics& found) {
  const auto table = WordTable::open(path, "unit costs", unit_cost_columns, found);
  if (!table) return std::nullopt;
  const MoneyCells cells(*table);
  const UnitCostColumns columns(cells);
  std::set<std::string> of_this_file;
  for (std::size_t row = 0; row < table->rows(); ++row) {
    UnitCost cost = unit_cost_of(cells, columns, row);
    if (cost.id.empty()) {
      table->wrong(row, "this row has no id", "inputs name it: unit_cost = \"...\"", "give it one", found);
      continue;
    }
    if (!of_this_file.insert(cost.id).second) {
      table->wrong(row, fmt::format("unit cost '{}' is given twice", cost.id), "which of the two is meant?",
                   "give each row an id of its own", found);
      continue;
    }
    if (!sound_row(cells, columns, *table, row, cost, found)) {
      wrong_ids_.insert(cost.id);
      continue;
    }
    if (unit_cost(cost.id)) continue;  // what was added first prevails
    cost.cells = table->row_text(row);
    ids_.push_back(cost.id);
    costs_.push_back(std::move(cost));
  }
  return table->text();
}

void MoneyTables::add_folders(const std::vector<std::string>& folders, Diagnostics& found) {
  for (const std::string& folder : folders) {
    const fs::path place(folder);
    add_unit_costs((place / "unit_costs.csv").string(), found);
    if (deflators_.empty())
      if (const auto table =
              WordTable::open((place / "deflators.csv").string(), "deflators", deflator_columns, found)) {
        deflators_ = read_deflators(*table, found);
        std::map<int, double> levels;
        for (const auto& [year, deflator] : deflators_) levels[price_year(year).year] = deflator.index;
        if (!levels.empty()) index_.emplace(std::move(levels));
      }
    if (schedules_.empty())
      if (const auto table =
              WordTable::open((place / "discount_rates.csv").string(), "discount rates", discount_columns, found))
        schedules_ = read_schedules(*table, found);
  }
}

const UnitCost* MoneyTables::unit_cost(const std::string& id) const {
  const auto at = std::find_if(costs_.begin(), costs_.end(), [&](const UnitCost& each) { return each.id == id; });
  return at == costs_.end() ? nullptr : &*at;
}

const DiscountRates* MoneyTables::schedule(const std::string& name) const {
  const auto at = schedules_.find(name);
  return at == schedules_.end() ? nullptr : &at->second;
}

std::vector<std::string> MoneyTables::schedule_names() const {
  std::vector<std::string> names;
  for (const auto& [name, rates] : schedules_) names.push_back(name);
  return names;
}

bool MoneyTables::covers(const std::string& year) const {
  return is_price_year(year) && index_ && index_->covers(price_year(year));
}

std::optional<PriceConversion> MoneyTables::conversion(const std::string& from, const std::string& to) const {
  PriceConversion conversion;
  if (from == to) return conversion;
  for (const std::string& each : {from, to}) {
    if (!covers(each)) return std::nullopt;
    for (const int starts : price_year(each).financial_years())
      conversion.years.push_back(statistics::price_year_words({PriceYear::Kind::financial, starts}));
  }
  conversion.factor = index_->convert(1, price_year(from), price_year(to));
  return conversion;
}

}  // namespace desist
