// Laws of uncertain figures, with exact moments and quantiles.
#pragma once

namespace desist {

/// Every value between the ends equally likely; low <= high. quantile(0) and quantile(1) are the ends.
struct UniformDistribution {
  double low;
  double high;
  double mean() const;
  double variance() const;
  double quantile(double u) const;
};

/// A range with a likeliest value; low <= likely <= high. quantile(0) and quantile(1) are the ends.
/// Quantile below the likeliest value: low + sqrt(u (high - low)(likely - low)); above: by symmetry.
struct TriangularDistribution {
  double low;
  double likely;
  double high;
  double mean() const;
  double variance() const;
  double quantile(double u) const;
};

/// A proportion, density x^(a-1) (1-x)^(b-1); a, b > 0. The quantile is Boost's ibeta_inv in double precision.
struct BetaDistribution {
  double a;
  double b;
  double mean() const;
  double variance() const;
  double quantile(double u) const;
};

/// A positive amount with mean shape x scale. The quantile is Boost's gamma_p_inv in double precision.
struct GammaDistribution {
  double shape;
  double scale;
  double mean() const;
  double variance() const;
  double quantile(double u) const;
};

/// The chance that a standard normal variate is at most z.
double standard_normal_cdf(double z);

/// The standard normal variate at probability u in (0, 1).
double standard_normal_quantile(double u);

}  // namespace desist
