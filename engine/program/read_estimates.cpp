// A value with confidence limits or a standard error, and the law that its scale makes of them.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/figure.hpp"
#include "engine/program/printed_figure.hpp"
#include "engine/random/distributions.hpp"

namespace desist {
namespace {

/// Limits that lie this much of half their distance off the middle are taken as even beside what rounding explains:
/// exact and bootstrap limits lie so, and no limit of the law is then further than this from the one printed.
constexpr double uneven_allowed = 0.1;

constexpr std::array<std::string_view, 4> scales{"ratio", "share", "amount", "difference"};

/// A printed number in the unit of its figure, and half of its last digit.
struct Rounded {
  double value, half;
  double low() const { return value - half; }
  double high() const { return value + half; }
};

double half_of_last_digit(const PrintedAmount& amount) {
  const std::size_t point = amount.digits.find('.');
  const double decimals = point == std::string::npos ? 0 : static_cast<double>(amount.digits.size() - point - 1);
  return 0.5 * std::pow(10, amount.power - decimals);
}

/// What the numbers of a text are rounded to. A number and its printed size tell the conversion; of 0, nothing is told.
Rounded rounded(double value, std::string_view text, std::size_t index) {
  const auto amounts = printed_figure(text).amounts;
  if (index >= amounts.size() || amounts[index].size() == 0 || value == 0) return {value, 0};
  const double half = half_of_last_digit(amounts[index]);
  return {value, half * std::fabs(value) / (amounts[index].size())};
}

bool has_log_scale(std::string_view scale) { return scale == "ratio"; }
bool has_odds_scale(std::string_view scale) { return scale == "share"; }

double on_scale(std::string_view scale, double x) {
  if (has_log_scale(scale)) return std::log(std::max(x, 0.0));
  if (has_odds_scale(scale)) return std::log(std::max(x, 0.0)) - std::log(std::max(1 - x, 0.0));
  return x;
}

bool is_possible(std::string_view scale, double low, double high) {
  if (scale == "difference") return true;
  return low > 0 && (scale != "share" || high < 1);
}

/// The three numbers of an estimate with limits.
struct Triple {
  Rounded value, low, high;

  bool is_even(std::string_view scale) const {
    const auto at = [&](double x) { return on_scale(scale, x); };
    const double half_width = (at(high.value) - at(low.value)) / 2;
    const double off = std::fabs(at(value.value) - (at(low.value) + at(high.value)) / 2);
    const auto width = [&](const Rounded& x) { return at(x.high()) - at(x.low()); };
    const double by_rounding = width(value) / 2 + (width(low) + width(high)) / 4;
    return off <= by_rounding + uneven_allowed * half_width;
  }
};

class EstimateReader {
 public:
  EstimateReader(const Reading& reading, const SourcedFigure& figure, const Quantity& value, const Unit& unit)
      : r_(reading),
        figure_(figure),
        value_(value),
        unit_(unit),
        scale_(as_written(*figure.scale)),
        name_("'" + figure.name + "'") {}

  std::optional<EstimateReading> read(const Range& allowed) {
    if (!fits_scale()) return std::nullopt;
    auto law = figure_.limits ? with_limits() : with_error();
    if (!law || !cut(*law, allowed)) return std::nullopt;
    EstimateReading made{*law, ""};
    made.spread = words(*law);
    return made;
  }

 private:
  std::nullopt_t problem(const Node& node, std::string what, std::string why, std::string cure) const {
    r_.problem(node.where, std::move(what), std::move(why), std::move(cure));
    return std::nullopt;
  }

  bool fits_scale() const {
    const Node& node = *figure_.value;
    if (value_.fraction) {
      problem(node, fmt::format("{} is a count of a count, with {}", name_, figure_.limits ? "limits" : "an error"),
              "the count says itself how uncertain it is", "keep one of the two");
      return false;
    }
    if (scale_ == "share" && unit_.thing != "share") {
      problem(*figure_.scale, fmt::format("{} is no share", name_),
              fmt::format("it is measured in {}", unit_.text() == "1" ? "plain numbers" : unit_.text()),
              "write scale = \"amount\", or \"ratio\" where its limits are as far apart in proportion");
      return false;
    }
    if (is_possible(scale_, value_.low, value_.low)) return true;
    problem(node, fmt::format("{} can't be {} on the scale of {}", name_, as_written(node), a_scale()),
            scale_ == "share" ? "a share lies above 0 and below 1" : fmt::format("{} lies above zero", a_scale()),
            "write scale = \"difference\" if it may be nothing or below");
    return false;
  }

  std::string a_scale() const { return scale_ == "amount" ? "an amount" : "a " + scale_; }

  // Limits or an error in the unit of the value.
  std::optional<Quantity> measured(const Node& node) const {
    const auto read = read_quantity(as_written(node), unit_);
    if (const auto* wrong = std::get_if<QuantityProblem>(&read)) return problem(node, wrong->problem, "", wrong->cure);
    const Quantity& quantity = std::get<Quantity>(read);
    if (!std::isfinite(quantity.low) || !std::isfinite(quantity.high) || quantity.fraction)
      return problem(node, fmt::format("'{}' is no number in the unit of the value", as_written(node)), "",
                     fmt::format("write it like \"{}\"", shown_value(8, unit_)));
    if (figure_.source.kind == FigureSource::Kind::evidence) hold_against_evidence(r_, node, figure_.source.evidence);
    return quantity;
  }

  /// The standard normal value at which the limits stand.
  std::optional<double> reach() const {
    if (!figure_.confidence) return standard_normal_quantile(0.975);
    const Node& node = *figure_.confidence;
    const auto read = read_quantity(as_written(node), Unit::parse("share"));
    const auto* quantity = std::get_if<Quantity>(&read);
    if (!quantity || quantity->is_range() || quantity->low < 0.5 || quantity->low > 0.9999)
      return problem(node, fmt::format("limits can't be {} sure", as_written(node)), "from 50% to 99.99% they can",
                     "write confidence = \"90%\"; of 95% the line can be left out");
    return standard_normal_quantile((1 + quantity->low) / 2);
  }

  std::optional<EstimateLaw> with_limits() const {
    const Node& node = *figure_.limits;
    const auto limits = measured(node);
    const auto z = reach();
    if (!limits || !z) return std::nullopt;
    const double v = value_.low, low = limits->low, high = limits->high;
    if (!(low < v && v < high))
      return problem(node, fmt::format("the limits '{}' are not around the value '{}'", as_written(node), value_text()),
                     "an estimate lies between its limits",
                     "copy the three as they are printed, the lower limit first");
    if (!is_possible(scale_, low, high))
      return problem(node, fmt::format("the limits '{}' are none of {}", as_written(node), a_scale()),
                     scale_ == "share" ? "a share lies above 0 and below 1" : a_scale() + " lies above zero",
                     "write scale = \"difference\" if it may be nothing or below; a limit rounded to nothing says too "
                     "little: give its count, or a range with an assumption");
    const std::string value_as = value_text(), limits_as = as_written(node);
    const Triple triple{rounded(v, value_as, 0), rounded(low, limits_as, 0), rounded(high, limits_as, 1)};
    if (!triple.is_even(scale_)) return uneven(triple);
    if (scale_ == "ratio") return log_normal_with_limits(v, low, high, *z);
    if (scale_ == "share") return logit_normal_with_limits(v, low, high, *z);
    if (scale_ == "amount") return gamma_with_error(v, (high - low) / (2 * *z));
    return normal_with_limits(v, low, high, *z);
  }

  std::nullopt_t uneven(const Triple& triple) const {
    std::vector<std::string> others;
    for (const std::string_view other : scales) {
      const bool is_known = other != "share" || unit_.thing == "share";
      if (other != scale_ && is_known && is_possible(other, triple.low.value, triple.high.value) &&
          triple.is_even(other))
        others.push_back(fmt::format("\"{}\"", other));
    }
    return problem(*figure_.limits,
                   fmt::format("the limits '{}' are not even around '{}' on the scale of {}",
                               as_written(*figure_.limits), value_text(), a_scale()),
                   fmt::format("{}, and these lie off by more than their rounding and a tenth of half their distance",
                               even_words()),
                   others.empty()
                       ? "they are even on no scale: copy them again, or give the count that they come from, or a "
                         "range with an assumption"
                       : fmt::format("write scale = {}, on which they are", listed(others, "or")));
  }

  std::string even_words() const {
    if (scale_ == "ratio") return "value times value is limit times limit";
    if (scale_ == "share") return "of odds, value times value is limit times limit";
    return "the value is half way between them";
  }

  std::optional<EstimateLaw> with_error() const {
    const Node& node = *figure_.error;
    const auto error = measured(node);
    if (!error) return std::nullopt;
    if (error->is_range() || !(error->low > 0))
      return problem(node, fmt::format("'{}' is no standard error", as_written(node)), "it is one number above zero",
                     "copy it as printed, in the unit of the value");
    const double v = value_.low, e = error->low;
    if (scale_ == "ratio")
      return problem(node, fmt::format("{} is a ratio with an error", name_),
                     "a standard error may be printed of a ratio or of its logarithm, and nothing tells which",
                     "write its limits; from an error s of the logarithm they are value x exp(-1.96 s) to value x "
                     "exp(1.96 s)");
    if (scale_ == "share" && !(e * e < v * (1 - v)))
      return problem(
          node, fmt::format("a share of {} can't have an error of {}", value_text(), as_written(node)),
          fmt::format("all or nothing for each would be {}", shown_value(rounded_3(std::sqrt(v * (1 - v))), unit_)),
          "copy both as they are printed");
    if (scale_ == "share") return beta_with_error(v, e);
    if (scale_ == "amount") return gamma_with_error(v, e);
    return normal_with_error(v, e);
  }

  /// Cuts the law at what the figure can be: where that takes a part of it that matters, the file says why.
  bool cut(EstimateLaw& law, const Range& allowed) const {
    Range bounds = allowed;
    if (figure_.cut && std::isinf(bounds.low) && std::isinf(bounds.high)) {  // an input, whose unit says what it can be
      const double one = std::numeric_limits<double>::infinity();
      bounds = {0, unit_.thing == "share" ? 1 : one};
    }
    law.low = bounds.low;
    law.high = bounds.high;
    const double outside = law.chance_below() + law.chance_above();
    if (figure_.cut && !(bounds.low <= value_.low && value_.low <= bounds.high)) {
      problem(*figure_.cut, fmt::format("{} is outside of where its law is cut", name_), allowed_words(bounds),
              "take `cut` out");
      return false;
    }
    if (outside > least_chance_outside && !figure_.cut) {
      problem(figure_.limits ? *figure_.limits : *figure_.error,
              fmt::format("{} of the law of {} lies outside of what it can be", in_100(outside), name_),
              allowed_words(bounds),
              "write a scale that ends there; if the estimate is printed so, say why its law may end there: cut = "
              "\"why\"");
      return false;
    }
    if (outside <= least_chance_outside && figure_.cut) {
      problem(*figure_.cut, fmt::format("nothing of the law of {} is to be cut", name_), allowed_words(bounds),
              "take the line out");
      return false;
    }
    return true;
  }

  std::string allowed_words(const Range& bounds) const {
    if (std::isinf(bounds.low)) return fmt::format("it is at most {}", shown_value(bounds.high, unit_));
    if (std::isinf(bounds.high)) return fmt::format("it is at least {}", shown_value(bounds.low, unit_));
    return fmt::format("it lies between {} and {}", shown_value(bounds.low, unit_), shown_value(bounds.high, unit_));
  }

  // "£238,000": the thousands of a rounded number.
  std::string shown(double value) const {
    std::string text = shown_value(rounded_3(value), unit_);
    const std::size_t first = text.find_first_of("0123456789");
    const std::size_t end = text.find_first_not_of("0123456789", first);
    std::size_t at = end == std::string::npos ? text.size() : end;
    while (at > first + 3) text.insert(at -= 3, ",");
    return text;
  }
  static std::string in_100(double share) { return fmt::format("{:.2g} in 100", 100 * share); }
  static double rounded_3(double x) {
    if (x == 0 || !std::isfinite(x)) return x;
    const double by = std::pow(10, 2 - std::floor(std::log10(std::fabs(x))));
    return std::round(x * by) / by;
  }

  std::string value_text() const { return as_written(*figure_.value); }

  // "95 in 100 of a ratio's law between 0.63 and 0.98"
  std::string words(const EstimateLaw& law) const {
    const std::string of = scale_ == "ratio"    ? "as a ratio, uncertain in proportion"
                           : scale_ == "share"  ? "as a share, uncertain in its odds"
                           : scale_ == "amount" ? "as an amount, never below nothing"
                                                : "as a difference, as uncertain up as down";
    const double low = law.quantile(0.025), high = law.quantile(0.975);
    std::string text = fmt::format("{}: 95 in 100 from {} to {}", of, shown(low), shown(high));
    if (figure_.cut)
      text += fmt::format("; {} of it lay outside and is cut: {}", in_100(law.chance_below() + law.chance_above()),
                          as_written(*figure_.cut));
    return text;
  }

  const Reading& r_;
  const SourcedFigure& figure_;
  const Quantity& value_;
  const Unit& unit_;
  std::string scale_, name_;
};

}  // namespace

bool check_estimate_keys(const Reading& reading, const SourcedFigure& figure, const Node& table) {
  const auto wrong = [&](const char* key, std::string what, std::string why, std::string cure) {
    reading.problem(table.find(key)->where, std::move(what), std::move(why), std::move(cure));
    return false;
  };
  const std::string name = "'" + figure.name + "'";
  if (figure.limits && figure.error)
    return wrong("error", fmt::format("{} has limits and an error", name), "either says how uncertain it is",
                 "keep what is printed");
  const char* given = figure.limits ? "limits" : "error";
  if (figure.is_estimate() && figure.range)
    return wrong(given, fmt::format("{} has a range and {}", name, figure.limits ? "limits" : "an error"),
                 "limits and errors are of one value", "write value in place of range, or take them out");
  if (figure.is_estimate() && !figure.scale)
    return wrong(given, fmt::format("{} doesn't say what its {} of", name, figure.limits ? "limits are" : "error is"),
                 "a ratio, a share, an amount and a difference are uncertain in other ways",
                 "add scale = \"ratio\", \"share\", \"amount\" or \"difference\"");
  for (const auto& [node, key] : {std::pair(figure.scale, "scale"), std::pair(figure.cut, "cut")})
    if (node && !figure.is_estimate())
      return wrong(key, fmt::format("{} has a {} and neither limits nor an error", name, key), "",
                   "add limits = \"... to ...\", or take the line out");
  if (figure.confidence && !figure.limits)
    return wrong("confidence", fmt::format("{} has a confidence and no limits", name), "it says how sure limits are",
                 "add limits = \"... to ...\", or take the line out");
  return true;
}

std::optional<EstimateReading> read_estimate(const Reading& reading, const SourcedFigure& figure, const Quantity& value,
                                             const Unit& unit, const Range& allowed) {
  return EstimateReader(reading, figure, value, unit).read(allowed);
}

std::string printed_estimate(const SourcedFigure& figure) {
  const std::string value = as_written(*figure.value);
  if (figure.limits) {
    const std::string sure = figure.confidence ? as_written(*figure.confidence) + ": " : "";
    return fmt::format("{} ({}{})", value, sure, as_written(*figure.limits));
  }
  return figure.error ? fmt::format("{} (standard error {})", value, as_written(*figure.error)) : value;
}

}  // namespace desist
