// How long support lasts: one length for all, lognormal or exponential, with a share that drops out on the way.
#pragma once

#include <cmath>
#include <cstdint>

#include "engine/random/inverse_normal.hpp"
#include "engine/random/stream.hpp"

namespace desist {

/// Lengths of support by inversion, so that arms with other lengths stay coupled.
///
/// S is lognormal with mean m and coefficient of variation c: log S ~ N(log m - s^2/2, s^2), s^2 = log(1 + c^2); the
/// constant m for c = 0. Exponential: -m log u. With chance d a client leaves after U S, U uniform: a time in a slot of
/// mean m (1 - d/2).
/// Verified by: caseload_parts_test.
class SupportLaw {
 public:
  enum class Form { fixed, lognormal, exponential };

  SupportLaw() = default;
  /// Valid for mean >= 0, cv >= 0, drop_out in [0, 1].
  SupportLaw(Form form, double mean, double cv, double drop_out);

  /// The full length at a word.
  double operator()(std::uint64_t word) const {
    if (form_ == Form::fixed) return mean_;
    if (form_ == Form::exponential) return -mean_ * std::log(uniform(word));
    return std::exp(location_ + scale_ * inverse_normal(uniform(word)));
  }

  bool has_drop_out() const { return drop_out_ > 0; }
  /// Whether a client drops out, at a word of their own; the moment is then the full length times another uniform.
  bool drops_out(std::uint64_t word) const { return uniform(word) < drop_out_; }

  /// Mean time in a slot.
  double mean_in_slot() const { return mean_ * (1 - drop_out_ / 2); }

  /// What is left to a client met at a moment of a service that has long been running, and how it will end.
  ///
  /// Such a client's time in a slot is length-biased, and the moment uniform in it (Cox 1962, "Renewal theory", 5.2).
  /// So the full length is length-biased: lognormal with location + s^2; exponential: the sum of two. Those who will
  /// drop out are met in proportion to the time they stay, (d/2) / (1 - d/2). What is left is the full length times a
  /// uniform, or, since U times the full length exceeds x with a chance that falls linearly in x, for those who drop
  /// out times the smaller of two uniforms.
  struct Remainder {
    double weeks = 0;
    bool drops_out = false;
  };
  Remainder remainder(const Words& support, const Words& dropping_out) const;

 private:
  Form form_ = Form::fixed;
  double mean_ = 0;
  double location_ = 0;
  double scale_ = 0;
  double drop_out_ = 0;
};

}  // namespace desist
