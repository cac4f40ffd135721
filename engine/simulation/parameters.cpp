#include "engine/simulation/parameters.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <stdexcept>

#include "engine/core/text.hpp"
#include "engine/random/distributions.hpp"
#include "engine/random/stream.hpp"

namespace desist {
namespace {

double draw_uniform(const Streams& streams, const std::string& purpose) {
  return uniform(streams.words(Purpose(std::string_view(purpose)), 0)[0]);
}

struct QuantileOf {  // of the laws that have one of their own
  double u;
  double operator()(const FixedLaw& law) const { return law.value; }
  double operator()(const UniformLaw& law) const { return UniformDistribution{law.low, law.high}.quantile(u); }
  double operator()(const TriangularLaw& law) const {
    return TriangularDistribution{law.low, law.likely, law.high}.quantile(u);
  }
  double operator()(const CountLaw& law) const {
    return BetaDistribution{static_cast<double>(law.count) + 0.5, static_cast<double>(law.of - law.count) + 0.5}
        .quantile(u);
  }
  double operator()(const EstimateLaw& law) const { return law.quantile(u); }
  double operator()(const PosteriorLaw&) const { throw std::logic_error("a posterior's column is drawn with its row"); }
};

void check_law(const Parameter& parameter, const std::vector<Posterior>& posteriors) {
  const auto refuse = [&](const std::string& why) { throw std::invalid_argument("'" + parameter.name + "' " + why); };
  if (const auto* fixed = std::get_if<FixedLaw>(&parameter.law)) {
    if (!std::isfinite(fixed->value)) refuse("is not a finite number");
  } else if (const auto* range = std::get_if<UniformLaw>(&parameter.law)) {
    if (!(std::isfinite(range->low) && std::isfinite(range->high) && range->low <= range->high))
      refuse("has a range from " + shortest(range->low) + " to " + shortest(range->high));
  } else if (const auto* peaked = std::get_if<TriangularLaw>(&parameter.law)) {
    if (!(std::isfinite(peaked->low) && std::isfinite(peaked->high) && peaked->low <= peaked->likely &&
          peaked->likely <= peaked->high))
      refuse("has a likeliest value outside its range");
  } else if (const auto* counted = std::get_if<CountLaw>(&parameter.law)) {
    if (counted->of <= 0 || counted->count < 0 || counted->count > counted->of)
      refuse("counts " + std::to_string(counted->count) + " of " + std::to_string(counted->of));
  } else if (const auto* estimate = std::get_if<EstimateLaw>(&parameter.law)) {
    const bool is_normal = estimate->form == EstimateLaw::Form::normal;
    if (!(std::isfinite(estimate->first) && (is_normal || estimate->first > 0)) ||
        !(estimate->second > 0 && std::isfinite(estimate->second)) ||
        !(estimate->times > 0 && std::isfinite(estimate->times)) ||
        (estimate->form == EstimateLaw::Form::logit_normal && !(estimate->first < 1)))
      refuse("is an estimate with the numbers " + shortest(estimate->first) + " and " + shortest(estimate->second));
    if (!(estimate->chance_below() + estimate->chance_above() < 1)) refuse("is an estimate of which nothing is left");
  } else if (const auto* column = std::get_if<PosteriorLaw>(&parameter.law)) {
    if (column->posterior >= posteriors.size() || column->column >= posteriors[column->posterior].columns.size())
      refuse("names a column that no posterior has");
  }
}

void check_posterior(const Posterior& posterior) {
  const auto refuse = [&](const std::string& why) {
    throw std::invalid_argument("the posterior '" + posterior.name + "' " + why);
  };
  std::size_t normal = 0;
  for (std::size_t c = 0; c < posterior.columns.size(); ++c) {
    const auto& law = posterior.columns[c].law;
    if (std::holds_alternative<Posterior::Normal>(law)) {
      ++normal;
    } else if (const auto* mixed = std::get_if<Posterior::Mixture>(&law)) {
      if (std::max({mixed->weight, mixed->first, mixed->second}) >= c) refuse("mixes a column with a later one");
    } else if (const auto* beta = std::get_if<Posterior::Beta>(&law)) {
      if (!(beta->a > 0 && beta->b > 0)) refuse("has a Beta law with a shape that is not positive");
    } else if (std::holds_alternative<Posterior::Year>(law)) {
      if (!posterior.growth || posterior.growth->scales.empty() || !(posterior.growth->last > 0))
        refuse("has a year and no growth");
    } else if (posterior.rows.empty() || posterior.rows.size() % posterior.columns.size() != 0) {
      refuse("has no whole rows for its column '" + posterior.columns[c].name + "'");
    }
  }
  if (posterior.means.size() != normal || posterior.covariance.size() != normal * normal)
    refuse("has another number of means or covariances than of normal columns");
}

// Cholesky factor L of the symmetric C = L L', row by row (Golub & Van Loan 2013, 4.2.5); nothing where a pivot is not
// above 1e-12 of its diagonal: what rounding leaves of one that is 0.
std::optional<std::vector<double>> cholesky(const std::vector<double>& c, std::size_t n) {
  std::vector<double> factor(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double rest = c[i * n + j];
      for (std::size_t k = 0; k < j; ++k) rest -= factor[i * n + k] * factor[j * n + k];
      if (i == j && !(rest > 1e-12 * c[i * n + i])) return std::nullopt;
      factor[i * n + j] = i == j ? std::sqrt(rest) : rest / factor[j * n + j];
    }
  }
  return factor;
}

std::vector<double> factor_of(const Correlation& correlation, const std::vector<Parameter>& parameters) {
  const std::size_t n = correlation.parameters.size();
  std::vector<std::string> names;
  for (const std::size_t p : correlation.parameters) names.push_back("'" + parameters.at(p).name + "'");
  const auto refuse = [&](const std::string& why) {
    throw std::invalid_argument("the correlations of " + listed(names) + " " + why);
  };
  const auto& c = correlation.matrix;
  if (c.size() != n * n) refuse("need " + std::to_string(n) + " by " + std::to_string(n) + " numbers");
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      if (c[i * n + j] != c[j * n + i] || (i == j && c[i * n + i] != 1) || !(std::abs(c[i * n + j]) <= 1))
        refuse("are not a symmetric matrix of numbers between -1 and 1 with ones on its diagonal");
  if (std::all_of(c.begin(), c.end(), [](double each) { return each == 1; })) {  // all stand where the first does
    std::vector<double> same(n * n, 0.0);
    for (std::size_t i = 0; i < n; ++i) same[i * n] = 1;
    return same;
  }
  auto factor = cholesky(c, n);
  if (!factor) refuse("contradict each other (their matrix is not positive definite)");
  return *factor;
}

}  // namespace

bool is_uncertain(const Law& law) {
  if (std::holds_alternative<FixedLaw>(law)) return false;
  if (const auto* range = std::get_if<UniformLaw>(&law)) return range->low < range->high;
  if (const auto* peaked = std::get_if<TriangularLaw>(&law)) return peaked->low < peaked->high;
  return true;
}

bool is_range(const Law& law) {
  return std::holds_alternative<UniformLaw>(law) || std::holds_alternative<TriangularLaw>(law);
}

LawEnds ends_of(const Law& law) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  if (const auto* fixed = std::get_if<FixedLaw>(&law)) return {fixed->value, fixed->value};
  if (const auto* range = std::get_if<UniformLaw>(&law)) return {range->low, range->high};
  if (const auto* peaked = std::get_if<TriangularLaw>(&law)) return {peaked->low, peaked->high};
  if (std::holds_alternative<CountLaw>(law)) return {0, 1};
  if (const auto* estimate = std::get_if<EstimateLaw>(&law)) return ends_of(*estimate);
  return {-infinite, infinite};
}

ParameterDraws::ParameterDraws(std::vector<Parameter> parameters, std::vector<Correlation> correlations,
                               std::vector<Posterior> posteriors, std::uint64_t seed)
    : parameters_(std::move(parameters)),
      correlations_(std::move(correlations)),
      posteriors_(std::move(posteriors)),
      seed_(seed) {
  for (const Posterior& posterior : posteriors_) {
    check_posterior(posterior);
    auto factor = cholesky(posterior.covariance, posterior.means.size());
    if (!factor)
      throw std::invalid_argument("the posterior '" + posterior.name +
                                  "' has a covariance that is not positive definite");
    posterior_factors_.push_back(std::move(*factor));
  }
  std::set<std::string> names;
  for (const Parameter& parameter : parameters_) {
    if (!names.insert(parameter.name).second)
      throw std::invalid_argument("two parameters are named '" + parameter.name + "'");
    check_law(parameter, posteriors_);
  }
  std::set<std::size_t> correlated;
  for (const Correlation& correlation : correlations_) {
    for (const std::size_t p : correlation.parameters) {
      const std::string& name = parameters_.at(p).name;
      if (!correlated.insert(p).second)
        throw std::invalid_argument("'" + name + "' is correlated twice: put the correlations in one group");
      if (std::holds_alternative<FixedLaw>(parameters_[p].law))
        throw std::invalid_argument("'" + name + "' has a single value, so it cannot be correlated with another");
      if (std::holds_alternative<PosteriorLaw>(parameters_[p].law))
        throw std::invalid_argument("'" + name + "' comes from a study, whose figures are drawn together already");
    }
    factors_.push_back(factor_of(correlation, parameters_));
  }
}

std::vector<double> ParameterDraws::row(std::uint64_t draw) const {
  const Streams streams(seed_, draw, 0);
  std::vector<double> probabilities(parameters_.size(), 0.0);
  for (std::size_t p = 0; p < parameters_.size(); ++p)
    if (!std::holds_alternative<FixedLaw>(parameters_[p].law))
      probabilities[p] = draw_uniform(streams, "parameter/" + parameters_[p].name);

  for (std::size_t g = 0; g < correlations_.size(); ++g) {
    const std::vector<std::size_t>& group = correlations_[g].parameters;
    const std::size_t n = group.size();
    std::vector<double> independent;
    for (const std::size_t p : group) independent.push_back(standard_normal_quantile(probabilities[p]));
    for (std::size_t i = 1; i < n; ++i) {  // the first keeps its own: its row of the factor is (1, 0, ...)
      double x = 0;
      for (std::size_t k = 0; k <= i; ++k) x += factors_[g][i * n + k] * independent[k];
      probabilities[group[i]] = standard_normal_cdf(x);
    }
  }

  std::vector<double> values;
  values.reserve(parameters_.size());
  std::map<std::size_t, std::vector<double>> posterior_rows;
  for (std::size_t p = 0; p < parameters_.size(); ++p) {
    if (const auto* column = std::get_if<PosteriorLaw>(&parameters_[p].law)) {
      auto& drawn = posterior_rows[column->posterior];
      if (drawn.empty()) drawn = posterior_row(column->posterior, draw);
      values.push_back(drawn[column->column]);
    } else {
      values.push_back(std::visit(QuantileOf{probabilities[p]}, parameters_[p].law));
    }
  }
  return values;
}

namespace {

/// The years of a forecast, one after the other.
class GrowthPath {
 public:
  GrowthPath(const Posterior::Growth& growth, double u_scale, double u_growth) : growth_(growth), rate_(growth.last) {
    scale_ = &growth.scales.back();
    double below = 0;
    for (const auto& scale : growth.scales) {
      if ((below += scale.weight) < u_scale) continue;
      scale_ = &scale;
      break;
    }
    mean_ = scale_->mean + std::sqrt(scale_->variance) * standard_normal_quantile(u_growth);
  }
  double next(double u) {
    mean_ *= growth_.damping;
    rate_ *= std::exp(mean_ + scale_->change * standard_normal_quantile(u));
    return std::min(rate_, growth_.ceiling);
  }

 private:
  const Posterior::Growth& growth_;
  const Posterior::Growth::Scale* scale_;
  double rate_;
  double mean_ = 0;  // growth of the coming year
};

}  // namespace

std::optional<std::size_t> ParameterDraws::stored_row(std::size_t index, std::uint64_t draw) const {
  const Posterior& posterior = posteriors_.at(index);
  if (posterior.rows.empty()) return std::nullopt;
  const std::size_t rows = posterior.rows.size() / posterior.columns.size();
  const double u = draw_uniform(Streams(seed_, draw, 0), "posterior/" + posterior.name);
  const auto stored = static_cast<std::size_t>(u * static_cast<double>(rows));
  return std::min(stored, rows - 1);  // the product may round up to `rows`
}

std::vector<double> ParameterDraws::posterior_row(std::size_t index, std::uint64_t draw) const {
  const Posterior& posterior = posteriors_[index];
  const Streams streams(seed_, draw, 0);
  const std::string purpose = "posterior/" + posterior.name;
  const std::size_t width = posterior.columns.size();
  const std::size_t stored = stored_row(index, draw).value_or(0);
  const std::size_t components = posterior.means.size();
  std::optional<GrowthPath> path;
  if (posterior.growth)
    path.emplace(*posterior.growth, draw_uniform(streams, purpose), draw_uniform(streams, purpose + "/growth"));
  std::vector<double> values(width, 0.0), independent;
  for (std::size_t c = 0; c < width; ++c) {
    const auto& law = posterior.columns[c].law;
    if (const auto* normal = std::get_if<Posterior::Normal>(&law)) {
      const std::size_t i = independent.size();
      independent.push_back(standard_normal_quantile(draw_uniform(streams, purpose + "/" + posterior.columns[c].name)));
      double x = posterior.means[i];
      for (std::size_t k = 0; k <= i; ++k) x += posterior_factors_[index][i * components + k] * independent[k];
      values[c] = normal->exponential ? std::exp(x) : x;
    } else if (const auto* beta = std::get_if<Posterior::Beta>(&law)) {
      values[c] =
          BetaDistribution{beta->a, beta->b}.quantile(draw_uniform(streams, purpose + "/" + posterior.columns[c].name));
    } else if (std::holds_alternative<Posterior::Year>(law)) {
      values[c] = path->next(draw_uniform(streams, purpose + "/" + posterior.columns[c].name));
    } else if (const auto* mixed = std::get_if<Posterior::Mixture>(&law)) {
      const double weight = values[mixed->weight];
      values[c] = weight * values[mixed->first] + (1 - weight) * values[mixed->second];
    } else {
      values[c] = posterior.rows[stored * width + c];
    }
  }
  return values;
}

double ParameterDraws::quantile(std::size_t parameter, double u) const {
  const Law& law = parameters_.at(parameter).law;
  const auto* column = std::get_if<PosteriorLaw>(&law);
  if (column == nullptr) return std::visit(QuantileOf{u}, law);
  const Posterior& posterior = posteriors_[column->posterior];
  if (const auto* beta = std::get_if<Posterior::Beta>(&posterior.columns[column->column].law))
    return BetaDistribution{beta->a, beta->b}.quantile(u);
  if (const auto* normal = std::get_if<Posterior::Normal>(&posterior.columns[column->column].law);
      normal && u > 0 && u < 1) {
    const auto before = posterior.columns.begin() + static_cast<std::ptrdiff_t>(column->column);
    const auto i = static_cast<std::size_t>(std::count_if(posterior.columns.begin(), before, [](const auto& each) {
      return std::holds_alternative<Posterior::Normal>(each.law);
    }));
    const double error = std::sqrt(posterior.covariance[i * posterior.means.size() + i]);
    const double x = posterior.means[i] + error * standard_normal_quantile(u);
    return normal->exponential ? std::exp(x) : x;
  }
  constexpr std::size_t draws = 4096;
  std::vector<double> values;
  for (std::size_t d = 0; d < draws; ++d) values.push_back(posterior_row(column->posterior, d)[column->column]);
  const double place = std::ceil(u * static_cast<double>(draws));
  const auto order = static_cast<std::ptrdiff_t>(std::clamp(place, 1.0, static_cast<double>(draws))) - 1;
  std::nth_element(values.begin(), values.begin() + order, values.end());
  return values[static_cast<std::size_t>(order)];
}

}  // namespace desist
