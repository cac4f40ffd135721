#include "models/parts/support_law.hpp"

namespace desist {

SupportLaw::SupportLaw(Form form, double mean, double cv, double drop_out)
    : form_(form == Form::lognormal && (cv == 0 || mean == 0) ? Form::fixed : form), mean_(mean), drop_out_(drop_out) {
  if (form_ != Form::lognormal) return;
  const double variance = std::log1p(cv * cv);
  location_ = std::log(mean) - variance / 2;
  scale_ = std::sqrt(variance);
}

SupportLaw::Remainder SupportLaw::remainder(const Words& support, const Words& dropping_out) const {
  double whole = mean_;  // the length-biased full length
  const double u = uniform(support[0]);
  if (form_ == Form::lognormal) whole = std::exp(location_ + scale_ * (scale_ + inverse_normal(u)));
  if (form_ == Form::exponential) whole = -mean_ * (std::log(u) + std::log(uniform(dropping_out[1])));
  const double part = uniform(support[1]);
  const bool drops_out = uniform(dropping_out[0]) < drop_out_ / (2 - drop_out_);
  return {drops_out ? whole * (1 - std::sqrt(1 - part)) : whole * part, drops_out};
}

}  // namespace desist
