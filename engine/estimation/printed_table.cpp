#include "engine/estimation/printed_table.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

namespace desist::estimation {

namespace {

constexpr std::int64_t unlimited = 1'000'000'000'000'000;  // people nobody has counted
constexpr std::size_t tables_most = std::size_t{1} << 53;
constexpr std::size_t tables_counted = 5'000;  // of one component; more are reported as that many

bool same_groups(std::vector<std::string> one, std::vector<std::string> other) {
  std::sort(one.begin(), one.end());
  std::sort(other.begin(), other.end());
  return one == other;
}

}  // namespace

statistics::PrintedPercentage as_percentage(const PrintedNumber& printed) { return {printed.digits, printed.decimals}; }

bool is_percentage(const PrintedCell& cell, const StudyOutcome& outcome) {
  return cell.printed.percent || cell.printed.decimals > 0 || cell.quantity == outcome.name + "_pct";
}

CountRange ReadCell::fits(PrintRule rule) const {
  CountRange range{0, people > 0 ? people : unlimited};
  if (percentage != nullptr && people > 0) {
    const auto first_of = [](std::initializer_list<CountRange> readings) {
      for (const CountRange& reading : readings) {
        if (!reading.empty()) return reading;
      }
      return CountRange{};
    };
    if (rule == PrintRule::rounding) range = first_of({rounded, rounded_shorter});
    if (rule == PrintRule::truncation) range = first_of({truncated, truncated_shorter});
    if (rule == PrintRule::mixed) range = first_of({rounded, truncated, rounded_shorter, truncated_shorter});
  }
  if (count != nullptr) {
    const std::int64_t x = count->printed.negative ? -1 : count->printed.digits;
    // A count that contradicts its percentage is carried on: people were counted before shares were worked out.
    const bool fits = rule == PrintRule::mixed ? 0 <= x && (people == 0 || x <= people) : range.contains(x);
    range = fits ? CountRange{x, x} : CountRange{};
  }
  return range;
}

PrintedTable::PrintedTable(const Study& study) : study_(study) {
  read_people();
  read_cells();
  add_sides();
  for (const PrintRule rule : {PrintRule::rounding, PrintRule::truncation}) {
    const bool all_fit =
        std::none_of(cells_.begin(), cells_.end(), [&](const ReadCell& one) { return one.fits(rule).empty(); });
    if (!all_fit) continue;
    CountSystem candidate = system(rule);
    if (!candidate.solvable()) continue;
    if (systems_.empty()) rule_ = rule;
    systems_.push_back(std::move(candidate));
  }
  if (systems_.empty()) {
    rule_ = PrintRule::mixed;
    for (ReadCell& one : cells_) one.impossible = one.freed = one.fits(rule_).empty();
    free_conflicts();
    systems_.push_back(system(rule_));
  }
  std::vector<CountSystem::Target> targets;
  for (const ReadCell& one : cells_) {
    if (one.percentage == nullptr || one.freed || one.people == 0) continue;
    const double unit = static_cast<double>(one.people) / 100;
    const PrintedNumber& printed = one.percentage->printed;
    double last_digit = 1;
    for (int i = 0; i < printed.decimals; ++i) last_digit /= 10;
    targets.push_back({one.unknown, static_cast<double>(printed.digits) * last_digit * unit, last_digit * unit});
  }
  if (const auto solution = systems_.front().nearest(targets)) {
    nearest_ = *solution;
  } else {  // only where the search was given up: the least counts stand in, and the envelope tells
    for (std::size_t i = 0; i < systems_.front().size(); ++i) nearest_.push_back(systems_.front().bounds(i).low);
  }
}

std::size_t PrintedTable::group(const std::string& name) const {
  for (std::size_t i = 0; i < study_.groups.size(); ++i) {
    if (study_.groups[i].name == name) return i;
  }
  throw std::invalid_argument("study '" + study_.name + "' has no group '" + name + "'");
}

std::size_t PrintedTable::outcome(const std::string& name) const {
  for (std::size_t i = 0; i < study_.outcomes.size(); ++i) {
    if (study_.outcomes[i].name == name) return i;
  }
  throw std::invalid_argument("study '" + study_.name + "' has no outcome '" + name + "'");
}

const ReadCell* PrintedTable::cell(std::size_t in_group, std::size_t of_outcome) const {
  const std::optional<std::size_t> place = at_[in_group * study_.outcomes.size() + of_outcome];
  return place ? &cells_[*place] : nullptr;
}

void PrintedTable::read_people() {
  people_.resize(study_.groups.size());
  for (std::size_t i = 0; i < study_.groups.size(); ++i) {
    const PrintedCell* printed = study_.groups[i].cell("people");
    if (printed != nullptr && printed->printed.decimals == 0 && !printed->printed.percent &&
        !printed->printed.negative) {
      people_[i] = printed->printed.digits;
    }
  }
  for (std::size_t i = 0; i < study_.groups.size(); ++i) {
    const std::vector<std::string>& parts = study_.groups[i].is_sum_of;
    if (people_[i] || parts.empty()) continue;
    std::int64_t sum = 0;
    bool known = true;
    for (const std::string& part : parts) {
      const std::optional<std::int64_t> one = people_[group(part)];
      known = known && one.has_value();
      sum += one.value_or(0);
    }
    if (known) people_[i] = sum;
  }
}

void PrintedTable::read_cells() {
  at_.resize(study_.groups.size() * study_.outcomes.size());
  for (std::size_t i = 0; i < study_.groups.size(); ++i) {
    for (std::size_t j = 0; j < study_.outcomes.size(); ++j) {
      const StudyOutcome& outcome = study_.outcomes[j];
      if (outcome.describe_only) continue;
      ReadCell one;
      one.group = i;
      one.outcome = j;
      one.people = people_[i].value_or(0);
      for (const std::string& quantity : {outcome.name, outcome.name + "_pct"}) {
        const PrintedCell* printed = study_.groups[i].cell(quantity);
        if (printed == nullptr) continue;
        (is_percentage(*printed, outcome) ? one.percentage : one.count) = printed;
      }
      if (one.percentage != nullptr && one.people > 0) {
        statistics::PrintedPercentage print = as_percentage(one.percentage->printed);
        if (!one.percentage->printed.negative) {
          one.rounded = statistics::counts_by_rounding(print, one.people);
          one.truncated = statistics::counts_by_truncation(print, one.people);
          if (print.decimals > 0 && print.digits % 10 == 0) {
            const statistics::PrintedPercentage shorter{print.digits / 10, print.decimals - 1};
            one.rounded_shorter = statistics::counts_by_rounding(shorter, one.people);
            one.truncated_shorter = statistics::counts_by_truncation(shorter, one.people);
          }
        }
      }
      one.unknown = cells_.size();
      at_[i * study_.outcomes.size() + j] = cells_.size();
      cells_.push_back(one);
    }
  }
}

void PrintedTable::add_sides() {
  std::size_t next = cells_.size();
  const auto add = [&](const std::vector<std::string>& names) {
    if (names.size() < 2) return;
    std::vector<std::size_t> groups;
    for (const std::string& name : names) groups.push_back(group(name));
    for (const SumOfGroups& side : sides_) {
      if (side.groups == groups) return;
    }
    for (std::size_t j = 0; j < study_.outcomes.size(); ++j) {
      if (!study_.outcomes[j].describe_only) sides_.push_back({groups, j, next++});
    }
  };
  for (const Comparison& comparison : study_.comparisons) add(comparison.treated);
  for (const Claim& claim : study_.claims) add(claim.treated);
  if (study_.design != Design::nested) return;
  for (const Comparison& comparison : study_.comparisons) {
    const std::size_t whole = group(comparison.against);
    for (std::size_t j = 0; j < study_.outcomes.size(); ++j) {
      const ReadCell* whole_cell = cell(whole, j);
      if (whole_cell == nullptr || !people_[whole]) continue;
      Remainder one{static_cast<std::size_t>(whole_cell - cells_.data()), {}, *people_[whole], 0};
      bool known = true;
      for (const std::string& name : comparison.treated) {
        const std::size_t part = group(name);
        known = known && people_[part].has_value();
        one.people -= people_[part].value_or(0);
        one.parts.push_back(static_cast<std::size_t>(cell(part, j) - cells_.data()));
      }
      if (!known || one.people < 0) continue;
      one.unknown = next++;
      remainders_.push_back(one);
    }
  }
}

CountSystem PrintedTable::system(PrintRule rule) const {
  CountSystem built;
  for (const ReadCell& one : cells_) {
    const CountRange range = one.freed ? CountRange{0, one.people > 0 ? one.people : unlimited} : one.fits(rule);
    built.add({range.first, range.last});
  }
  for (const SumOfGroups& side : sides_) {
    std::vector<std::size_t> parts;
    CountSystem::Bounds bounds;
    for (const std::size_t one : side.groups) {
      const ReadCell* part = cell(one, side.outcome);
      parts.push_back(part->unknown);
      bounds.high += part->people > 0 ? part->people : unlimited;
    }
    built.add(bounds);
    built.add_sum(side.unknown, std::move(parts));
  }
  for (const Remainder& one : remainders_) {
    built.add({0, one.people});
    std::vector<std::size_t> parts = one.parts;
    parts.push_back(one.unknown);
    built.add_sum(one.whole, std::move(parts));
  }
  for (std::size_t i = 0; i < study_.groups.size(); ++i) {
    for (std::size_t j = 0; j < study_.outcomes.size(); ++j) {
      const ReadCell* own = cell(i, j);
      if (own == nullptr) continue;
      if (!study_.groups[i].is_sum_of.empty()) {
        std::vector<std::size_t> parts;
        for (const std::string& part : study_.groups[i].is_sum_of) parts.push_back(cell(group(part), j)->unknown);
        built.add_sum(own->unknown, std::move(parts));
      }
      for (const std::string& larger : study_.outcomes[j].subset_of) {
        const ReadCell* container = cell(i, outcome(larger));
        if (container != nullptr) built.add_order(own->unknown, container->unknown);
      }
    }
  }
  return built;
}

void PrintedTable::free_conflicts() {
  const auto is_total = [&](std::size_t place) { return !study_.groups[cells_[place].group].is_sum_of.empty(); };
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    if (system(rule_).solvable(cells_[i].unknown)) continue;
    std::vector<std::size_t> printed;  // totals first
    for (const std::size_t member : system(rule_).component(cells_[i].unknown)) {
      if (member < cells_.size() && cells_[member].printed() && !cells_[member].freed) printed.push_back(member);
    }
    std::stable_partition(printed.begin(), printed.end(), is_total);
    const auto solved_without = [&](std::initializer_list<std::size_t> places) {
      for (const std::size_t place : places) cells_[place].freed = true;
      const bool solved = system(rule_).solvable(cells_[i].unknown);
      for (const std::size_t place : places) cells_[place].freed = false;
      return solved;
    };
    std::vector<std::vector<std::size_t>> cures;
    for (const std::size_t one : printed) {
      if (solved_without({one})) cures.push_back({one});
    }
    for (std::size_t a = 0; a < printed.size() && cures.empty(); ++a) {
      for (std::size_t b = a + 1; b < printed.size() && cures.empty(); ++b) {
        if (solved_without({printed[a], printed[b]})) cures.push_back({printed[a], printed[b]});
      }
    }
    if (cures.empty()) cures.push_back(printed);  // three slips in one table: nothing of it can be told apart
    Conflict conflict;
    for (const std::size_t place : cures.front()) {
      cells_[place].freed = true;
      conflict.freed.push_back(&cells_[place]);
    }
    for (std::size_t cure = 1; cure < cures.size(); ++cure) {
      ReadCell& other = cells_[cures[cure].front()];
      conflict.or_else.push_back(&other);
      // A part above its whole: either of the two outcomes is wrong, and neither is carried on.
      if (cures.front().size() == 1 && other.outcome != conflict.freed.front()->outcome) other.freed = true;
    }
    conflicts_.push_back(std::move(conflict));
  }
}

bool PrintedTable::determined(const ReadCell& one) const {
  if (one.people == 0) return false;
  const auto is_known = [](const ReadCell* other) { return other != nullptr && other->printed() && !other->freed; };
  if (is_known(&one)) return true;
  for (std::size_t total = 0; total < study_.groups.size(); ++total) {
    const std::vector<std::string>& parts = study_.groups[total].is_sum_of;
    if (parts.empty()) continue;
    std::vector<const ReadCell*> relation{cell(total, one.outcome)};
    for (const std::string& part : parts) relation.push_back(cell(group(part), one.outcome));
    if (std::find(relation.begin(), relation.end(), &one) == relation.end()) continue;
    if (std::all_of(relation.begin(), relation.end(),
                    [&](const ReadCell* other) { return other == &one || is_known(other); })) {
      return true;
    }
  }
  return false;
}

std::optional<Side> PrintedTable::side(const std::vector<std::string>& groups, std::size_t of_outcome) const {
  if (groups.empty()) return std::nullopt;
  Side side;
  std::vector<std::size_t> places;
  for (const std::string& name : groups) {
    places.push_back(group(name));
    const ReadCell* one = cell(places.back(), of_outcome);
    if (one == nullptr || !determined(*one)) return std::nullopt;
    side.people += one->people;
    side.people_sum += (side.people_sum.empty() ? "" : " + ") + std::to_string(one->people);
  }
  if (groups.size() > 1) side.people_sum += " = " + std::to_string(side.people);
  if (places.size() == 1) {
    side.unknown = cell(places.front(), of_outcome)->unknown;
    side.as_printed = cell(places.front(), of_outcome);
    return side;
  }
  for (const SumOfGroups& sum : sides_) {
    if (sum.groups != places || sum.outcome != of_outcome) continue;
    side.unknown = sum.unknown;
    for (std::size_t i = 0; i < study_.groups.size(); ++i) {
      if (same_groups(study_.groups[i].is_sum_of, groups)) side.as_printed = cell(i, of_outcome);
    }
    return side;
  }
  return std::nullopt;
}

bool PrintedTable::joined(const ReadCell& one, const ReadCell& other) const {
  return systems_.front().connected(one.unknown, other.unknown);
}

std::optional<Side> PrintedTable::remainder(const std::string& whole, const std::vector<std::string>& part,
                                            std::size_t of_outcome) const {
  const ReadCell* whole_cell = cell(group(whole), of_outcome);
  if (whole_cell == nullptr || !determined(*whole_cell) || !side(part, of_outcome)) return std::nullopt;
  for (const Remainder& one : remainders_) {
    if (&cells_[one.whole] != whole_cell || one.parts.size() != part.size()) continue;
    bool same = true;
    for (std::size_t i = 0; i < part.size(); ++i)
      same = same && &cells_[one.parts[i]] == cell(group(part[i]), of_outcome);
    if (!same || one.people == 0) continue;
    Side side;
    side.people = one.people;
    side.unknown = one.unknown;
    side.people_sum = std::to_string(one.people);
    return side;
  }
  return std::nullopt;
}

std::vector<std::int64_t> PrintedTable::values(std::size_t unknown, std::size_t most) const {
  std::set<std::int64_t> all;
  for (const CountSystem& one : systems_) {
    for (const std::int64_t value : one.values(unknown, most)) all.insert(value);
  }
  return {all.begin(), all.end()};
}

std::vector<std::pair<std::int64_t, std::int64_t>> PrintedTable::pairs(std::size_t one, std::size_t other,
                                                                       std::size_t most) const {
  std::set<std::pair<std::int64_t, std::int64_t>> all;
  for (const CountSystem& each : systems_) {
    for (const auto& pair : each.pairs(one, other, most)) all.insert(pair);
  }
  return {all.begin(), all.end()};
}

std::size_t PrintedTable::tables() const {
  std::size_t sum = 0;
  for (const CountSystem& each : systems_) {
    std::size_t product = 1;
    std::vector<bool> seen(each.size(), false);
    for (std::size_t i = 0; i < each.size(); ++i) {
      if (seen[i]) continue;
      bool printed = false;
      for (const std::size_t member : each.component(i)) {
        seen[member] = true;
        printed = printed || (member < cells_.size() && cells_[member].printed());
      }
      if (!printed) continue;
      const std::size_t own = each.solutions(i, tables_counted);
      product = own != 0 && product > tables_most / own ? tables_most : product * own;
    }
    sum = std::max(sum, product);
  }
  return sum;
}

}  // namespace desist::estimation
