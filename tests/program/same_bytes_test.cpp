// The same results, byte for byte, whatever runs them: the whole results folder but the manifest's `run` block.
#include <regex>
#include <set>
#include <sstream>

#include "tests/program/process.hpp"

namespace desist::test {
namespace {

const fs::path experiments = fs::path(DESIST_SOURCE_DIR) / "tests/experiments";

class SameBytes : public InFolder {
 protected:
  SameBytes() { fs::copy(experiments / "clinic.toml", path("clinic.toml")); }

  /// The results of an experiment in this folder. Figures are drawn (node starts) only where asked for.
  std::map<std::string, std::string> results(const std::string& file, const std::vector<std::string>& more = {},
                                             std::map<std::string, std::string> environment = {{"PATH", "/nowhere"}}) {
    std::vector<std::string> words{"run", file, "--out", "out"};
    words.insert(words.end(), more.begin(), more.end());
    fs::remove_all(path("out"));
    const Ended run = desist(words, std::move(environment));
    EXPECT_EQ(run.code, 0) << run.error;
    screen_ = run.out;
    return results_in(path("out"));
  }
  std::string clinic() const { return read_file(path("clinic.toml")); }

  std::string screen_;
};

TEST_F(SameBytes, Threads) {
  const auto one = results("clinic.toml", {"--threads", "1"}, {});
  const std::string screen = screen_;
  for (const char* name : {"estimates.csv", "series.csv", "needs.csv", "claims.csv", "influence.csv", "manifest.json",
                           "report.html", "figures/waiting.vl.json"})
    ASSERT_TRUE(one.contains(name)) << name;
  for (const char* threads : {"2", "3", "8"}) {
    SCOPED_TRACE(std::string(threads) + " threads");
    expect_same_results(results("clinic.toml", {"--threads", threads}, {}), one);
    EXPECT_EQ(screen_, screen);
  }
}

TEST_F(SameBytes, Threads_with_a_file_of_replicates) {
  write_file(path("keep.toml"), replaced(clinic(), "draws = 300", "draws = 300\nkeep  = \"replicates\""));
  const auto one = results("keep.toml", {"--threads", "1"});
  ASSERT_TRUE(one.contains("replicates.csv"));
  for (const char* threads : {"2", "3", "8"}) {
    SCOPED_TRACE(std::string(threads) + " threads");
    expect_same_results(results("keep.toml", {"--threads", threads}), one);
  }
}

// The check sees a difference: another seed moves the tables.
TEST_F(SameBytes, Another_seed_is_other_bytes) {
  const auto one = results("clinic.toml");
  write_file(path("other.toml"), replaced(clinic(), "seed  = 5", "seed  = 6"));
  const auto other = results("other.toml");
  for (const char* name : {"estimates.csv", "series.csv", "influence.csv"}) EXPECT_NE(one.at(name), other.at(name));
}

// That this mask changes what glibc computes is shown by fixed_maths_test Equal_without_FMA.
TEST_F(SameBytes, Processor_without_FMA) {
  if (!std::regex_search(read_file("/proc/cpuinfo"), std::regex("\\bfma\\b")))
    GTEST_SKIP() << "this processor has no FMA to mask";
  const std::map<std::string, std::string> masked{{"PATH", "/nowhere"},
                                                  {"GLIBC_TUNABLES", "glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2"}};
  expect_same_results(results("clinic.toml", {}, masked), results("clinic.toml"));
  fs::copy(fs::path(DESIST_SOURCE_DIR) / "experiments/cara.toml", path("cara.toml"));
  expect_same_results(results("cara.toml", {}, masked), results("cara.toml"));
}

// The second and third arm exchanged: every row of every table is there, in another order.
TEST_F(SameBytes, Order_of_arms) {
  const std::string text = clinic();
  const std::size_t more = text.find("[[arm]]\nname  = \"more\"");
  const std::size_t filter = text.find("[[arm]]\nname  = \"filter\"");
  const std::size_t end = text.find("[outcomes]");
  ASSERT_LT(more, filter);
  ASSERT_LT(filter, end);
  write_file(path("exchanged.toml"), text.substr(0, more) + text.substr(filter, end - filter) +
                                         text.substr(more, filter - more) + text.substr(end));
  const auto rows = [](const std::string& table) {
    std::multiset<std::string> all;
    std::istringstream lines(table);
    for (std::string line; std::getline(lines, line);) all.insert(line);
    return all;
  };
  const auto one = results("clinic.toml");
  const auto exchanged = results("exchanged.toml");
  for (const char* name : {"estimates.csv", "series.csv", "needs.csv", "influence.csv", "claims.csv"}) {
    EXPECT_EQ(rows(one.at(name)), rows(exchanged.at(name))) << name;
  }
  EXPECT_NE(one.at("estimates.csv"), exchanged.at("estimates.csv"));
}

TEST_F(SameBytes, Identical_arms_differ_by_exactly_zero) {
  write_file(path("twins.toml"),
             replaced(clinic(), "[[arm]]\nname  = \"more\"", "[[arm]]\nname = \"twin\"\n[[arm]]\nname  = \"more\""));
  const auto twins = results("twins.toml");
  std::istringstream lines(twins.at("estimates.csv"));
  std::string line;
  std::getline(lines, line);
  ASSERT_EQ(line.substr(0, 63), "arm,versus,outcome,item,statistic,unit,estimate,low,high,level,");
  std::size_t differences = 0, others = 0;
  while (std::getline(lines, line)) {
    const bool of_twin = line.starts_with("twin,as_it_is,");
    const bool of_more = line.starts_with("more,as_it_is,");
    if (!of_twin && !of_more) continue;
    std::vector<std::string> cells;
    std::istringstream text(line);
    for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
    if (of_twin) {
      EXPECT_EQ(cells.at(6), "0") << line;
      EXPECT_EQ(cells.at(7), "0") << line;
      EXPECT_EQ(cells.at(8), "0") << line;
      ++differences;
    } else {
      others += cells.at(6) != "0" ? 1 : 0;
    }
  }
  EXPECT_GE(differences, 5U);
  EXPECT_GE(others, 5U);  // arms that are not alike do differ
}

TEST_F(SameBytes, Replay_gives_the_row_of_the_file) {
  write_file(path("keep.toml"), replaced(clinic(), "draws = 300", "draws = 300\nkeep  = \"replicates\""));
  const auto kept = results("keep.toml");
  std::istringstream rows(kept.at("replicates.csv"));
  std::string header, row;
  std::getline(rows, header);
  std::size_t tried = 0;
  for (std::size_t number = 0; std::getline(rows, row); ++number) {
    if (number % 211 != 0) continue;
    std::vector<std::string> cells;
    std::istringstream text(row + ",");
    for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
    const Ended replay =
        desist({"replay", "keep.toml", "--draw", cells.at(0), "--arm", cells.at(1), "--replicate", cells.at(2)});
    ASSERT_EQ(replay.code, 0) << replay.error;
    std::istringstream lines(replay.out);
    std::string rebuilt_header = "draw,arm,replicate";
    std::string rebuilt = cells.at(0) + "," + cells.at(1) + "," + cells.at(2);
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("outcome,")) continue;
      std::vector<std::string> parts;
      std::istringstream of_line(line);
      for (std::string part; std::getline(of_line, part, ',');) parts.push_back(part);
      rebuilt_header += "," + (parts.at(2).empty() ? parts.at(1) : parts.at(1) + "[" + parts.at(2) + "]");
      rebuilt += "," + parts.at(4);
    }
    EXPECT_EQ(rebuilt_header, header);
    EXPECT_EQ(rebuilt, row);
    ++tried;
  }
  EXPECT_EQ(tried, (300U * 3 * 2 + 210) / 211);
}

}  // namespace
}  // namespace desist::test
