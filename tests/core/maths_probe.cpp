// Prints a line for every function of the maths library, and for what Boost.Math makes of them: its name and a hash of
// its results. Built three times (glibc's library; ours at -O1 and -O3) and run with the processor's FMA masked.
// Verified by: fixed_maths_test.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include "engine/core/boost_policy.hpp"

namespace {

// Points of (low, high) that no one has rounded: a Weyl sequence of the golden ratio.
template <class Function>
void probe(const char* name, double low, double high, int points, const Function& function) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  double part = 0.5;
  for (int i = 0; i < points; ++i) {
    part += 0.6180339887498949;
    part -= part >= 1 ? 1 : 0;
    const double value = function(low + (high - low) * part);
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    hash = (hash ^ bits) * 0x100000001b3ULL;
  }
  std::printf("%s %016lx\n", name, static_cast<unsigned long>(hash));
}

constexpr int many = 200'000;
constexpr int some = 20'000;

}  // namespace

int main() {
  const desist::BoostPolicy policy;
  probe("acos", -1, 1, many, [](double x) { return std::acos(x); });
  probe("acosh", 1, 50, many, [](double x) { return std::acosh(x); });
  probe("asin", -1, 1, many, [](double x) { return std::asin(x); });
  probe("asinh", -50, 50, many, [](double x) { return std::asinh(x); });
  probe("atan", -50, 50, many, [](double x) { return std::atan(x); });
  probe("atan2", -50, 50, many, [](double x) { return std::atan2(x, 3.7); });
  probe("atanh", -1, 1, many, [](double x) { return std::atanh(x); });
  probe("cbrt", -1e3, 1e3, many, [](double x) { return std::cbrt(x); });
  probe("cos", -1e3, 1e3, many, [](double x) { return std::cos(x); });
  probe("cosh", -50, 50, many, [](double x) { return std::cosh(x); });
  probe("erf", -6, 6, many, [](double x) { return std::erf(x); });
  probe("erfc", -6, 27, many, [](double x) { return std::erfc(x); });
  probe("exp", -700, 700, many, [](double x) { return std::exp(x); });
  probe("exp2", -1000, 1000, many, [](double x) { return std::exp2(x); });
  probe("expm1", -5, 5, many, [](double x) { return std::expm1(x); });
  probe("fmod", -1e6, 1e6, many, [](double x) { return std::fmod(x, 0.73); });
  probe("hypot", -50, 50, many, [](double x) { return std::hypot(x, 7.1); });
  probe("log", 0, 5, many, [](double x) { return std::log(x); });
  probe("log10", 0, 1e6, many, [](double x) { return std::log10(x); });
  probe("log1p", -1, 5, many, [](double x) { return std::log1p(x); });
  probe("log2", 0, 5, many, [](double x) { return std::log2(x); });
  probe("pow", 0, 50, many, [](double x) { return std::pow(x, 2.37 - x); });
  probe("sin", -1e3, 1e3, many, [](double x) { return std::sin(x); });
  probe("sin+cos", -1e9, 1e9, many, [](double x) { return std::sin(x) + std::cos(x); });  // compilers join these
  probe("sinh", -50, 50, many, [](double x) { return std::sinh(x); });
  probe("tan", -50, 50, many, [](double x) { return std::tan(x); });
  probe("tanh", -20, 20, many, [](double x) { return std::tanh(x); });
  probe("tgamma", 0, 170, many, [](double x) { return std::tgamma(x); });
  probe("constants", 0, 1, 1,
        [](double) { return std::exp(0.37) + std::log(3.3) + std::pow(1.7, 0.3) + std::erfc(1.3); });
  probe("gamma quantile", 0, 1, some, [&](double x) { return boost::math::gamma_p_inv(0.5 + 9 * x, x, policy); });
  probe("gamma cdf", 0, 30, some, [&](double x) { return boost::math::gamma_p(7.3, x, policy); });
  probe("beta quantile", 0, 1, some, [&](double x) { return boost::math::ibeta_inv(2.5, 9.5 + x, x, policy); });
  probe("beta cdf", 0, 1, some, [&](double x) { return boost::math::ibeta(8.5, 62.5, x, policy); });
  probe("normal quantile", 0, 2, some, [&](double x) { return boost::math::erfc_inv(x, policy); });
  probe("log gamma", 0, 170, some, [&](double x) { return boost::math::lgamma(x, policy); });
}
