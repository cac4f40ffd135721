// What [[forecast]] says: a yearly series from the evidence, its priors, and the parameter that takes its years.
#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/figure.hpp"

namespace desist {
namespace {

constexpr double most_years = 10;
constexpr std::string_view usual_priors =
    "The usual ones: a mean growth from half to double a year is within two standard deviations of none, a year's "
    "change "
    "in growth of 15% either way is not unusual.";

class ForecastReader {
 public:
  ForecastReader(Reading& reading, ExperimentSpec& spec) : r_(reading), spec_(spec) {}

  void read() {
    const Section& keys = section("forecast");
    r_.each_table(keys, [&](const Node& table, const std::string& shown) { forecast(table, shown); });
  }

 private:
  void forecast(const Node& table, const std::string& shown) {
    const std::size_t problems = r_.found.size();
    Forecast forecast;
    forecast.name = Reading::text_at(table, "name");
    forecast.label = Reading::text_at(table, "label");
    if (forecast.label.empty()) forecast.label = forecast.name;
    forecast.same_definition = Reading::text_at(table, "same_definition");
    forecast.sets = Reading::text_at(table, "sets");
    for (const Forecast& other : spec_.text.forecasts)
      if (other.name == forecast.name)
        r_.problem(table.at("name")->where, fmt::format("two forecasts are called '{}'", forecast.name), "",
                   "give each a name of its own");
    if (const auto date = r_.date_at(table, "next_year")) forecast.next_year = *date;
    const double years = table.at("years")->number;
    if (!(years >= 1 && years <= most_years))
      r_.problem(table.at("years")->where, fmt::format("a forecast of {} years", as_written(*table.at("years"))),
                 "1 to 10 are possible: further ahead the assumptions are all that is left",
                 "write years = 10 or fewer");
    forecast.years = static_cast<int>(std::clamp(years, 1.0, most_years));
    series(table, forecast);
    priors(table, shown, forecast);
    ceiling(table, shown, forecast);
    if (r_.found.size() != problems) return;
    try {
      const statistics::GrowthForecast law(forecast.counts, forecast.priors, forecast.limits);
    } catch (const std::invalid_argument& why) {
      return r_.problem(table.where, fmt::format("{} can't be made", shown), why.what(),
                        "mend its series or what it assumes");
    }
    note(table, forecast);
    if (!forecast.sets.empty()) sets(table, forecast);
    spec_.text.forecasts.push_back(std::move(forecast));
  }

  /// The year in which a period ends: 2025 of "Apr 2024-Mar 2025" and of "2024/25"; nothing where it names none.
  static std::optional<int> last_year(std::string_view period) {
    const auto digits_from = [&](std::size_t at) {
      std::size_t end = at;
      while (end < period.size() && period[end] >= '0' && period[end] <= '9') ++end;
      return end - at;
    };
    std::optional<int> year;
    for (std::size_t at = 0; at < period.size(); ++at) {
      const std::size_t digits = digits_from(at);
      if (digits == 0) continue;
      const auto number = [&](std::size_t from, std::size_t many) {
        int value = 0;
        for (std::size_t i = from; i < from + many; ++i) value = 10 * value + (period[i] - '0');
        return value;
      };
      if (digits == 4) year = number(at, 4);
      const bool within = digits == 2 && year && at > 0 && (period[at - 1] == '/' || period[at - 1] == '-');
      if (within && number(at, 2) == (*year + 1) % 100) ++*year;
      at += digits;
    }
    return year;
  }

  void series(const Node& table, Forecast& forecast) {
    const Node& node = *table.at("series");
    Node lookup;
    lookup.members.push_back({"evidence", node.where, node});
    std::string unit;
    const EvidenceRecord* before = nullptr;
    for (const std::string& id : r_.evidence_at(lookup)) {
      const EvidenceRecord& record = *r_.evidence.find(id);
      const auto say = [&](const std::string& problem, const std::string& why, const std::string& cure) {
        r_.problem(node.where, problem, why, cure);
      };
      if (std::find(forecast.evidence.begin(), forecast.evidence.end(), id) != forecast.evidence.end())
        return say(fmt::format("'{}' stands twice in a series", id), "", "take one out");
      const std::string& of_row = record.row.unit;
      if (!of_row.ends_with("/year"))
        return say(fmt::format("'{}' is no yearly count", id), fmt::format("its unit is '{}'", of_row),
                   "name rows that count what happened in a year");
      if (unit.empty()) unit = of_row;
      if (of_row != unit)
        return say("a series of different things", fmt::format("'{}' and '{}'", unit, of_row),
                   "a series whose definition changed can't be chained: name rows that count the same");
      const auto year = last_year(record.row.period);
      const auto year_before = before == nullptr ? std::nullopt : last_year(before->row.period);
      if (year && year_before && *year <= *year_before)
        return say(fmt::format("'{}' stands after '{}' in a series", id, before->row.id),
                   fmt::format("a series runs from the first year to the latest, and the rows are of \"{}\" and \"{}\"",
                               record.row.period, before->row.period),
                   "write them in the order of their years");
      before = &record;
      double count = 0;
      const std::string text = record.values.empty() ? "" : record.values.front();
      const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), count);
      if (problem != std::errc() || end != text.data() + text.size() || record.values.size() != 1)
        return say(fmt::format("'{}' is not one number", id), fmt::format("it prints \"{}\"", record.row.printed), "");
      forecast.evidence.push_back(id);
      forecast.counts.push_back(count);
      forecast.printed.push_back(record.row.printed);
    }
    forecast.thing = unit.substr(0, unit.size() - std::min(unit.size(), std::string_view("/year").size()));
  }

  void priors(const Node& table, const std::string& shown, Forecast& forecast) {
    struct Prior {
      std::string_view key;
      double* value;
      double most;
    };
    bool is_given = false;
    for (const Prior& prior :
         {Prior{"mean_growth", &forecast.priors.mean_growth, 2.0}, Prior{"change", &forecast.priors.change, 1.0},
          Prior{"damping", &forecast.limits.damping, 1.0}}) {
      const Node* node = table.at(std::string(prior.key));
      if (!node) continue;
      is_given = true;
      *prior.value = node->number;
      if (!(node->number > 0 && node->number <= prior.most))
        r_.problem(
            node->where, fmt::format("'{}' can't be {}", prior.key, as_written(*node)),
            fmt::format("it is above 0 and at most {}: a flat prior and a few growths leave a law without a mean",
                        shortest(prior.most)),
            fmt::format("write {} = {} or less", prior.key, shortest(prior.most)));
    }
    if (is_given == (table.find("assumption") != nullptr)) return;
    if (is_given)
      r_.problem(table.where, fmt::format("{} doesn't say why these priors", shown), "so few points leave much to them",
                 "add assumption = \"...\"");
    else
      r_.problem(table.at("assumption")->where, fmt::format("{} has a reason for priors and gives none", shown), "",
                 "add change = 0.15, or take the line out: the usual ones have their reason");
  }

  void ceiling(const Node& table, const std::string& shown, Forecast& forecast) {
    const Member* member = table.find("ceiling");
    if (!member || forecast.thing.empty()) return;
    const auto figure = read_figure(r_, *member, forecast.name + ".ceiling", shown + " ceiling", figure_keys());
    if (!figure) return;
    if (figure->range || figure->where || figure->from || figure->is_estimate())
      return r_.problem(member->where, "a ceiling is one number", "", "write value = \"30000 people per year\"");
    Unit unit;
    unit.thing = singular(forecast.thing);
    unit.time_power = -1;
    unit.time = "year";
    const auto measured = measure(r_, *figure, unit, {0, 1e9});
    if (!measured) return;
    forecast.limits.ceiling = measured->quantity.low;
    note_source(r_, *figure, measured->quantity.printed, "no forecast is above");
  }

  // A series is printed in the plural: "resolutions/year".
  static std::string singular(const std::string& things) {
    for (const std::string_view ending : {"ies", "s"})
      if (things.ends_with(ending)) {
        std::string one = things.substr(0, things.size() - ending.size()) + (ending == "ies" ? "y" : "");
        if (plural(one) == things) return one;
      }
    return things == "people" || things == "persons" ? "person" : things;
  }

  void note(const Node& table, const Forecast& forecast) {
    FigureSource source;
    source.name = forecast.name;
    source.label = forecast.label;
    source.kind = FigureSource::Kind::evidence;
    source.printed = listed(forecast.printed);
    source.evidence = forecast.evidence;
    source.note = Reading::text_at(table, "note");
    source.spread = fmt::format("a series of {} years, forecast for {} more; chained because: {}",
                                forecast.counts.size(), forecast.years, forecast.same_definition);
    source.line = table.where.line;
    r_.text.sources.push_back(source);
    FigureSource priors;
    priors.name = forecast.name + ".priors";
    priors.label = fmt::format("{}: how growth may change", forecast.label);
    priors.kind = FigureSource::Kind::assumption;
    priors.printed = fmt::format("mean growth {}, change {} to {}", shortest(forecast.priors.mean_growth),
                                 rounded_scale(forecast.priors.change / 3), shortest(2 * forecast.priors.change));
    priors.reason = Reading::text_at(table, "assumption");
    if (priors.reason.empty()) priors.reason = usual_priors;
    priors.spread =
        fmt::format("mean growth normal around none, change half-normal with scale {}; shown at a third and twice",
                    shortest(forecast.priors.change));
    if (forecast.limits.damping < 1)
      priors.spread +=
          fmt::format("; each year's mean growth is {} of the year's before", shortest(forecast.limits.damping));
    priors.line = source.line;
    r_.text.sources.push_back(std::move(priors));
  }

  static std::string rounded_scale(double value) { return shortest(std::round(value * 1000) / 1000); }

  // --- the parameter that takes it ---

  void sets(const Node& table, const Forecast& forecast) {
    const Node& node = *table.at("sets");
    if (!r_.model)
      return r_.problem(node.where, "'sets' has no meaning in this file", "it has no model", "take it out");
    std::vector<std::string> names;
    for (const ParameterField& field : r_.model->parameters)
      if (field.kind == ParameterField::Kind::number && field.varies.in_time && field.unit.time_power < 0)
        names.push_back(field.name);
    const auto named = std::find(names.begin(), names.end(), forecast.sets);
    if (named == names.end())
      return r_.problem(node.where, fmt::format("a forecast can't set '{}'", forecast.sets),
                        "it gives a number per unit of time that changes from year to year",
                        spelling_cure(forecast.sets, names, "it can set"));
    if (forecast.first_day(-1) > r_.starts)
      return r_.problem(
          table.at("next_year")->where,
          fmt::format("the window starts before {}, the last year that was counted", forecast.year_name(-1)),
          "a forecast says nothing of the years before",
          fmt::format("start on {} or later", forecast.first_day(-1).iso()));
    if (forecast.first_day(forecast.years) <= r_.ends)
      return r_.problem(table.at("years")->where,
                        fmt::format("the forecast ends with {}, the window on {}",
                                    forecast.year_name(forecast.years - 1), r_.ends.in_words()),
                        "", fmt::format("forecast {} years", forecast.years + years_missing(forecast)));
    const auto field = std::find_if(r_.model->parameters.begin(), r_.model->parameters.end(),
                                    [&](const ParameterField& f) { return f.name == forecast.sets; });
    const double per_year = hours_in("year").value() / hours_in(field->unit.time).value();
    spec_.posteriors_read.push_back(joint_law(forecast, per_year));
    r_.forecast_of.push_back({spec_.text.forecasts.size(), spec_.posterior_names.size(), per_year,
                              static_cast<std::size_t>(field - r_.model->parameters.begin()), &table});
    spec_.posterior_names.push_back(spec_.posteriors_read.back().name);
    r_.columns_of.emplace_back();  // no study: its columns are not named
  }

  int years_missing(const Forecast& forecast) const {
    int years = 1;
    while (forecast.first_day(forecast.years + years) <= r_.ends) ++years;
    return years;
  }

  Reading& r_;
  ExperimentSpec& spec_;
};

}  // namespace

void read_forecasts(Reading& reading, ExperimentSpec& spec) { ForecastReader(reading, spec).read(); }

}  // namespace desist
