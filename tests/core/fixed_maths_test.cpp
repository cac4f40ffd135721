// One maths library on every processor: which one is linked, and that its results do not move.
#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/core/build_info.hpp"

namespace desist {
namespace {

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string output;
  std::array<char, 4096> block{};
  while (const std::size_t read = std::fread(block.data(), 1, block.size(), pipe.get()))
    output.append(block.data(), read);
  return output;
}

bool has_fma() {
  std::ifstream file("/proc/cpuinfo");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return std::regex_search(text, std::regex("\\bfma\\b"));
}

// The names that glibc 2.33 and later know; it ignores older ones such as -FMA_Usable without a word.
const std::string masked = "GLIBC_TUNABLES=glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2 ";

// What is imported from a shared library and computed there: any of the functions, in any precision, and lgamma.
std::vector<std::string> imported_maths(const std::string& program) {
  const std::regex name(
      "\\b(acosh?|asinh?|atan[2h]?|cbrt|cosh?|erfc?|exp(2|10|m1)?|fmod|hypot|log(10|1p|2)?|pow|sin(cos|h)?|tanh?|[lt]"
      "gamma)"
      "[fl]?(_r)?(@|$)");
  std::vector<std::string> found;
  std::istringstream lines(output_of("nm -D --undefined-only --format=just-symbols " + program));
  for (std::string line; std::getline(lines, line);) {
    if (std::regex_search(line, name, std::regex_constants::match_continuous)) found.push_back(line);
  }
  return found;
}

class FixedMaths : public testing::Test {
 protected:
  void SetUp() override {
    if (maths_library() == "system") GTEST_SKIP() << "built without musl-dev: the system's maths library is in use";
  }
};

TEST_F(FixedMaths, Is_named) {
  EXPECT_TRUE(std::regex_match(std::string(maths_library()), std::regex("musl [0-9.]+ \\(fixed\\)")))
      << maths_library();
}

TEST_F(FixedMaths, Programs_import_none) {
  EXPECT_FALSE(imported_maths(MATHS_PROBE_SYSTEM).empty());  // what the check looks like when it finds some
  for (const char* program : {MATHS_PROBE_O1, MATHS_PROBE_O3, DESIST_PROGRAM}) {
    EXPECT_TRUE(imported_maths(program).empty()) << program << " imports " << imported_maths(program).front();
  }
}

TEST_F(FixedMaths, Equal_whatever_the_optimiser) {
  const std::string at_O1 = output_of(MATHS_PROBE_O1);
  EXPECT_GT(at_O1.size(), 500U);
  EXPECT_EQ(at_O1, output_of(MATHS_PROBE_O3));
  EXPECT_NE(at_O1, output_of(MATHS_PROBE_SYSTEM));
}

TEST_F(FixedMaths, Equal_without_FMA) {
  if (!has_fma()) GTEST_SKIP() << "this processor has no FMA to mask";
  ASSERT_NE(output_of(MATHS_PROBE_SYSTEM), output_of(masked + MATHS_PROBE_SYSTEM)) << "the mask does nothing here";
  EXPECT_EQ(output_of(MATHS_PROBE_O3), output_of(masked + MATHS_PROBE_O3));
}

// Whatever was joined computes what its name says: within 2e-15 of glibc's long double, far from overflow and zeros.
TEST_F(FixedMaths, Functions_are_right) {
  const auto expect_near = [](const char* name, double value, long double truth) {
    EXPECT_LT(std::abs(static_cast<double>((value - truth) / truth)), 2e-15) << name;
  };
  for (double x = 0.01; x < 0.99; x += 0.0137) {
    const auto l = static_cast<long double>(x);
#define EXPECT_RIGHT(function) expect_near(#function, std::function(x), std::function(l))
    EXPECT_RIGHT(acos);
    EXPECT_RIGHT(asin);
    EXPECT_RIGHT(asinh);
    EXPECT_RIGHT(atan);
    EXPECT_RIGHT(atanh);
    EXPECT_RIGHT(cbrt);
    EXPECT_RIGHT(cos);
    EXPECT_RIGHT(cosh);
    EXPECT_RIGHT(erf);
    EXPECT_RIGHT(erfc);
    EXPECT_RIGHT(exp);
    EXPECT_RIGHT(exp2);
    EXPECT_RIGHT(expm1);
    EXPECT_RIGHT(log);
    EXPECT_RIGHT(log10);
    EXPECT_RIGHT(log1p);
    EXPECT_RIGHT(log2);
    EXPECT_RIGHT(sin);
    EXPECT_RIGHT(sinh);
    EXPECT_RIGHT(tan);
    EXPECT_RIGHT(tanh);
    EXPECT_RIGHT(tgamma);
#undef EXPECT_RIGHT
    expect_near("acosh", std::acosh(1 + x), std::acosh(static_cast<long double>(1 + x)));
    expect_near("atan2", std::atan2(x, 0.3), std::atan2(l, static_cast<long double>(0.3)));
    expect_near("fmod", std::fmod(7.5, x), std::fmod(7.5L, l));
    expect_near("hypot", std::hypot(x, 0.3), std::hypot(l, static_cast<long double>(0.3)));
    expect_near("pow", std::pow(x, 2.7), std::pow(l, static_cast<long double>(2.7)));
  }
}

TEST(BuildInfo, Says_what_was_built) {
  EXPECT_TRUE(std::regex_match(std::string(project_version()), std::regex("[0-9]+\\.[0-9]+\\.[0-9]+")));
  EXPECT_TRUE(std::regex_match(std::string(commit()), std::regex("[0-9a-f]{12}|unknown"))) << commit();
  EXPECT_TRUE(std::regex_match(std::string(compiler()), std::regex("[A-Za-z]+ [0-9.]+"))) << compiler();
}

}  // namespace
}  // namespace desist
