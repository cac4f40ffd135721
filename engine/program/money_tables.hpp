// The dated tables that appraisals stand on: unit costs, deflators and discount rates. Data, never code.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/core/diagnostics.hpp"
#include "engine/statistics/discounting.hpp"
#include "engine/statistics/price_index.hpp"

namespace desist {

/// A row of unit_costs.csv.
struct UnitCost {
  std::string id, label;
  std::optional<double> value, low, high;  // £ of price_year
  std::string value_printed;
  std::string per;                    // "offence", "place per year"
  std::string price_year;             // "2015/16", or a calendar year
  std::vector<std::string> contains;  // "police", "prison", "multiplier"
  std::string source, place, verification, note;
  std::string cells;  // the whole row: for digests
  bool is_verified() const { return verification.starts_with("verified"); }
};

/// A row of deflators.csv: the price level of a financial year.
struct Deflator {
  double index = 0;
  bool is_forecast = false;
};

/// A schedule of discount_rates.csv.
struct DiscountRates {
  std::vector<statistics::DiscountBand> bands;
  std::string source;
};

/// What one unit of money of one year is in another's prices, and the years of the index that say so.
struct PriceConversion {
  double factor = 1;
  std::vector<std::string> years;  // of deflators
};

class MoneyTables {
 public:
  /// Reads unit_costs.csv, deflators.csv and discount_rates.csv of folders: of unit costs a folder named first
  /// prevails row by row, of the others as a whole. What is wrong with a file is noted.
  /// Verified by: reader_appraisal_test, money_tables_test.
  void add_folders(const std::vector<std::string>& folders, Diagnostics& found);
  /// A file of the user's own unit costs, before all others: its text, or nothing where there is no such file or it is
  /// no such table, which is noted.
  std::optional<std::string> add_unit_costs(const std::string& path, Diagnostics& found);

  const UnitCost* unit_cost(const std::string& id) const;
  /// Whether a row of this id was found wrong, which has been noted.
  bool has_wrong_row(const std::string& id) const { return wrong_ids_.contains(id); }
  const std::vector<std::string>& unit_cost_ids() const { return ids_; }
  const std::map<std::string, Deflator>& deflators() const { return deflators_; }
  const DiscountRates* schedule(const std::string& name) const;
  std::vector<std::string> schedule_names() const;

  /// Whether there is a price level of a year.
  bool covers(const std::string& year) const;
  /// The price level of "2015/16", or of a calendar year "2015": a quarter of the financial year that ends in it and
  /// three quarters of the one that starts in it (mathematics.md 8.1). Nothing where the table lacks a year.
  std::optional<PriceConversion> conversion(const std::string& from, const std::string& to) const;

 private:
  std::vector<UnitCost> costs_;
  std::vector<std::string> ids_;
  std::set<std::string> wrong_ids_;
  std::map<std::string, Deflator> deflators_;
  std::optional<statistics::PriceIndex> index_;
  std::map<std::string, DiscountRates> schedules_;
};

/// Whether a text is a price year: "2015/16", whose halves follow each other, or "2015".
bool is_price_year(const std::string& text);

}  // namespace desist
