#include "engine/report/trial_tables.hpp"

#include <cmath>

#include "engine/report/table_cells.hpp"
#include "engine/report/trial_words.hpp"

namespace desist {
namespace {

std::string whom(Analysed of) {
  switch (of) {
    case Analysed::everyone:
      return "everyone";
    case Analysed::completers:
      return "completers";
    case Analysed::as_treated:
      break;
  }
  return "as treated";
}

class TrialRowsWriter {
 public:
  TrialRowsWriter(const ReportInput& input, const TrialResult& result, Table& table)
      : design_(design_of(input, result)), analysis_(analysis_of(input, result)), result_(result), table_(table) {
    unit_ = result.log_scale ? "log ratio" : result.unit.empty() ? "1" : result.unit;
  }

  void write() {
    add(0, "truth", "", unit_, {result_.truth, result_.truth_error}, result_.truth_people);
    add(0, "outcome among controls", "truth", "", {result_.truth_control, std::nan("")}, result_.truth_people);
    add(0, "outcome among treated", "truth", "", {result_.truth_treated, std::nan("")}, result_.truth_people);
    for (const TrialSize& size : result_.sizes) write(size, "");
    if (!result_.need) return;
    const TrialNeed& need = *result_.need;
    const bool found = need.verdict != TrialNeed::Verdict::beyond_sizes;
    add(found ? need.people : result_.sizes.back().people, "size for the wanted power",
        need.verdict == TrialNeed::Verdict::found         ? "found"
        : need.verdict == TrialNeed::Verdict::at_smallest ? "at the smallest size or below"
                                                          : "above the greatest size",
        "person", {found ? static_cast<double>(need.people) : std::nan(""), std::nan("")}, 0);
    if (need.verdict == TrialNeed::Verdict::found) write(need.confirmed, "confirmed by fresh trials");
  }

 private:
  void write(const TrialSize& size, const std::string& note) {
    const std::uint64_t n = size.trials, with = n - size.without_number;
    const std::size_t people = size.people;
    add(people, "mean estimate", note, unit_, size.mean, with);
    add(people, "bias", note, unit_, size.bias, with);
    add(people, "empirical standard error", note, unit_, size.empirical_error, with);
    add(people, "mean squared error", note, unit_ + "^2", size.squared_error, with);
    add(people, "coverage", note, "share", size.coverage, with);
    add(people, "power", note, "share", size.power, n, &size.power_limits);
    add(people, "wrong sign", note, "share", size.wrong_sign, size.shown);
    add(people, "exaggeration", note, "1", size.exaggeration, size.shown);
    add(people, "without a number", note, "share",
        {static_cast<double>(size.without_number) / static_cast<double>(n), std::nan("")}, n);
    if (size.gain) add(people, "power over that of the first trial", note, "share", *size.gain, n);
    if (size.false_positives)
      add(people, "power without an effect", note, "share", *size.false_positives, n, &size.false_positive_limits);
    if (size.assurance) {
      add(people, "assurance", note, "share", *size.assurance, n, &size.assurance_limits);
      add(people, "assurance of the wrong sign", note, "share", *size.against, n);
    }
    for (std::size_t k = 0; k < size.stops.size(); ++k)
      add(people, "stops at look " + std::to_string(k + 1), note, "share", size.stops[k], n);
    if (size.stops.empty()) return;
    add(people, "power with looks", note, "share", size.power_with_looks, n);
    if (size.false_positives_with_looks)
      add(people, "power with looks without an effect", note, "share", *size.false_positives_with_looks, n);
    add(people, "people with looks", note, "person", size.people_with_looks, n);
    add(people, "bias with looks", note, unit_, size.bias_with_looks, with);
  }

  void add(std::size_t people, const std::string& statistic, const std::string& note, const std::string& unit,
           const Characteristic& value, std::uint64_t of, const statistics::Interval* limits = nullptr) {
    if (std::isnan(value.value) && !statistic.starts_with("size")) return;
    table_.add({design_.name, word(design_.careers), number(design_.follow_up), analysis_.analysis.name,
                analysis_.analysis.method, whom(analysis_.of), result_.measure, people == 0 ? Cell{} : whole(people),
                statistic, word(note), word(unit), number(value.value), number(value.error),
                limits != nullptr ? number(limits->low) : Cell{}, limits != nullptr ? number(limits->high) : Cell{},
                of == 0 ? Cell{} : whole(of), std::string("futures")});
  }

  const TrialDesign& design_;
  const TrialAnalysis& analysis_;
  const TrialResult& result_;
  Table& table_;
  std::string unit_;
};

}  // namespace

Table trials_table(const ReportInput& input) {
  Table table(named({"trial", "careers", "follow_up_weeks", "analysis", "method", "of_whom", "measure", "people",
                     "statistic", "note", "unit", "estimate", "mc_error", "low", "high", "of", "spread"}));
  for (const TrialResult& result : input.tried) TrialRowsWriter(input, result, table).write();
  return table;
}

}  // namespace desist
