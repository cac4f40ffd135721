// Uncertain figures as laws, and the joint draws of all of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "engine/random/estimate_law.hpp"

namespace desist {

/// A figure taken as known.
struct FixedLaw {
  double value = 0;
};
/// Every value between the ends equally likely.
struct UniformLaw {
  double low = 0;
  double high = 0;
};
/// A range with a likeliest value.
struct TriangularLaw {
  double low = 0;
  double likely = 0;
  double high = 0;
};
/// A proportion of which `count` of `of` were seen: Beta(count + 1/2, of - count + 1/2) (Jeffreys 1946).
struct CountLaw {
  std::int64_t count = 0;
  std::int64_t of = 0;
};
/// A column of a study's posterior, which is drawn whole (mathematics.md 7.7).
struct PosteriorLaw {
  std::size_t posterior = 0;  // index into the posteriors handed to draw_parameters
  std::size_t column = 0;
};
using Law = std::variant<FixedLaw, UniformLaw, TriangularLaw, CountLaw, PosteriorLaw, EstimateLaw>;

bool is_uncertain(const Law& law);
/// Whether a law is a range with ends of its own: other laws are shown and tried between 2.5 and 97.5 in 100 of them.
bool is_range(const Law& law);
/// The least and the greatest value; infinite where a law has no end, and of a posterior, which isn't asked here.
LawEnds ends_of(const Law& law);

/// One uncertain or fixed figure: a slot of every draw. Its name decides its stream, so adding one moves no other.
struct Parameter {
  std::string name;   // "referrals", or "weekly_meetings.extra_hearings" for what an arm sets
  std::string label;  // "Cases accepted for a meeting"
  std::string unit;   // of its value: "case/week"
  Law law;
};

/// The joint posterior of a study: independent Beta laws and mixtures of them, a joint normal law, or stored rows; or
/// the years of a forecast.
///
/// Saturated table posterior (mathematics.md 7.7): p_0, p_C, p_B, pi each Beta(x + 1/2, n - x + 1/2), and the derived
/// p_all = pi p_C + (1 - pi) p_B. Stored rows serve posteriors that have no closed law; draw d takes row
/// (keyed index) of them whole. Regressions: normal on the scale of estimation with their covariance. Years: a law of
/// growth, whose column k is the mean number of the k-th year ahead (mathematics.md 5.2).
struct Posterior {
  struct Beta {
    double a = 0.5;
    double b = 0.5;
  };
  struct Mixture {  // weight * first + (1 - weight) * second, each an index of an earlier column
    std::size_t weight = 0;
    std::size_t first = 0;
    std::size_t second = 0;
  };
  struct Normal {              // one component of the joint normal law, in the order of its columns
    bool exponential = false;  // the column is its exponential: a ratio whose logarithm is normal
  };
  struct Year {};  // the next year of the growth
  struct Column {
    std::string name;  // "control", "completed", "breached", "completion", "all"; a term of a regression
    std::variant<std::monostate, Beta, Mixture, Normal, Year> law;  // monostate: read from `rows`
    std::string unit = "share";
  };
  /// Year k multiplies by exp(damping^k g + change z_k), g normal, z_k standard normal; one of the scales holds for
  /// all.
  struct Growth {
    struct Scale {
      double change = 0, weight = 0, mean = 0, variance = 0;  // mean and variance of g; weights add up to 1
    };
    std::vector<Scale> scales;
    double last = 0;  // number of the year before the first, in the unit of the columns
    double damping = 1;
    double ceiling = 0;  // no number is above; infinity: none
  };
  std::string name;  // "cara/reoffended"
  std::vector<Column> columns;
  std::optional<Growth> growth;           // of the Year columns
  std::vector<double> rows;               // row-major, columns.size() wide, or empty
  double worth = 0;                       // independent rows that they are worth; 0: as many as they are
  std::vector<double> means, covariance;  // of the Normal columns; the matrix row-major, symmetric
};

/// Parameters whose ranks move together: a Gaussian copula with this correlation matrix (row-major, symmetric; positive
/// definite, or ones alone: then all stand at the same place of their laws).
struct Correlation {
  std::vector<std::size_t> parameters;
  std::vector<double> matrix;
};

/// The joint draws, made from their key on demand.
class ParameterDraws {
 public:
  ParameterDraws() = default;
  /// Throws std::invalid_argument for a law or a correlation that cannot be: the message is for the user.
  ParameterDraws(std::vector<Parameter> parameters, std::vector<Correlation> correlations,
                 std::vector<Posterior> posteriors, std::uint64_t seed);

  const std::vector<Parameter>& parameters() const { return parameters_; }
  const std::vector<Correlation>& correlations() const { return correlations_; }
  const std::vector<Posterior>& posteriors() const { return posteriors_; }
  std::uint64_t seed() const { return seed_; }
  /// Draw d of every parameter, in order.
  ///
  /// A parameter's probability u is the first word of the stream (seed, draw, "parameter/<name>"; 0, 0), its value the
  /// quantile at u. In a group of correlated ones, z_i = normal quantile of u_i, x = L z with the Cholesky factor L of
  /// the correlation matrix, and u_i becomes the normal probability of x_i (Gaussian copula: Nelsen 2006, 2.3).
  /// Columns of a posterior take "posterior/<name>/<column>", the index of stored rows "posterior/<name>". So another
  /// parameter moves none. Normal columns: means + L z, z from their streams, L the covariance's Cholesky factor.
  /// Years: the scale by its cumulative weight at "posterior/<name>", g from "posterior/<name>/growth", z_k as columns.
  /// Verified by: parameters_test.
  std::vector<double> row(std::uint64_t draw) const;
  /// The value of one parameter at probability u of its law (its range's ends at 0 and 1): for tornado ends.
  /// Where a posterior's column has no closed law, the order statistic ceil(4096 u) of its draws 0 to 4095.
  double quantile(std::size_t parameter, double u) const;
  /// Which stored row of a posterior a draw takes; nothing where it has none.
  std::optional<std::size_t> stored_row(std::size_t posterior, std::uint64_t draw) const;

 private:
  std::vector<double> posterior_row(std::size_t posterior, std::uint64_t draw) const;

  std::vector<Parameter> parameters_;
  std::vector<Correlation> correlations_;
  std::vector<std::vector<double>> factors_;  // Cholesky factors of the correlations, row-major
  std::vector<Posterior> posteriors_;
  std::vector<std::vector<double>> posterior_factors_;  // of their covariances
  std::uint64_t seed_ = 0;
};

}  // namespace desist
