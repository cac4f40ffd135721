// Experiments with targets: through the program, from the file to the posterior that another file takes whole.
#include <cmath>
#include <csignal>
#include <set>
#include <sstream>

#include "tests/program/process.hpp"

namespace desist::test {
namespace {

const fs::path experiments = fs::path(DESIST_SOURCE_DIR) / "tests/experiments";

class Targets : public InFolder {
 protected:
  Targets() {
    for (const char* name : {"learnt.toml", "learnt-elsewhere.toml"}) fs::copy(experiments / name, path(name));
  }
  std::map<std::string, std::string> results(const std::string& file, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{DESIST_TEST_MODELS, "run", file, "--out", "out"};
    words.insert(words.end(), more.begin(), more.end());
    fs::remove_all(path("out"));
    const Ended run = Process({words, folder(), {{"PATH", "/nowhere"}}}).wait();
    EXPECT_EQ(run.code, 0) << run.error;
    screen_ = run.out;
    return results_in(path("out"));
  }
  std::string screen_;
};

/// The rows of a CSV below its header, cell by cell.
std::vector<std::vector<std::string>> rows_of(const std::string& csv) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(csv);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    auto& cells = rows.emplace_back();
    std::istringstream text(line);
    for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
  }
  return rows;
}

// 12 of 40 on a uniform prior: Beta(13, 29), mean .310, sd .0705; 1,000 particles are worth several hundred.
TEST_F(Targets, GiveTheKnownPosteriorAndRunOnIt) {
  const auto all = results("learnt.toml");
  for (const char* name :
       {"parameters.csv", "targets.csv", "profiles.csv", "directions.csv", "generations.csv", "posterior.csv",
        "figures/profile.vl.json", "figures/ridge.vl.json", "figures/targets.vl.json"})
    EXPECT_TRUE(all.contains(name)) << name;
  const auto rows = rows_of(all.at("posterior.csv"));
  ASSERT_EQ(rows.size(), 1000u);
  double mean = 0, other = 0, squares = 0;
  for (const auto& row : rows) {
    mean += std::stod(row.at(0)) / 1000;
    other += std::stod(row.at(1)) / 1000;
  }
  for (const auto& row : rows) squares += std::pow(std::stod(row.at(0)) - 13.0 / 42, 2) / 1000;
  EXPECT_NEAR(mean, 13.0 / 42, 4.9 * 0.0705 / std::sqrt(300));
  EXPECT_NEAR(std::sqrt(squares), 0.0705, 0.02);
  EXPECT_NEAR(other, 0.5, 4.9 * 0.2887 / std::sqrt(300));
  // 100 people of the arm `hundred`: 31 in the mean.
  for (const auto& row : rows_of(all.at("estimates.csv"))) {
    if (row.at(0) == "hundred" && row.at(1).empty() && row.at(2) == "reoffenders" && row.at(4) == "mean") {
      EXPECT_NEAR(std::stod(row.at(6)), 31, 3);
    }
  }
  EXPECT_NE(screen_.find("Targets   Met: 12 people."), std::string::npos) << screen_;
  EXPECT_NE(screen_.find("Not known Any value in its range meets the targets: other."), std::string::npos) << screen_;
  EXPECT_NE(screen_.find("Held out  Doesn't fit: risk. Printed 90%, the targets predict "), std::string::npos)
      << screen_;
}

TEST_F(Targets, ThreadsChangeNothing) {
  const auto one = results("learnt.toml", {"--threads", "1"});
  const std::string screen = screen_;
  for (const char* threads : {"2", "5"}) {
    SCOPED_TRACE(threads);
    expect_same_results(results("learnt.toml", {"--threads", threads}), one);
    EXPECT_EQ(screen_, screen);
  }
}

TEST_F(Targets, APosteriorIsTakenWholeByAnotherExperiment) {
  std::set<std::string> joint;
  for (const auto& row : rows_of(results("learnt.toml").at("posterior.csv"))) joint.insert(row.at(0) + "," + row.at(1));
  const auto all = results("learnt-elsewhere.toml");
  EXPECT_NE(all.at("sources.csv").find("What nothing tells"), std::string::npos);  // as the other file calls it
  const auto replicates = rows_of(all.at("replicates.csv"));
  ASSERT_FALSE(replicates.empty());
  // draw, arm, replicate, reoffenders, risk_control, risk_completed, risk_breached, completion, risk_all, other
  for (const auto& row : replicates) EXPECT_TRUE(joint.contains(row.at(4) + "," + row.at(9))) << row.at(4);
}

TEST_F(Targets, AskedToStopSaysSo) {
  write_file(path("long.toml"), replaced(replaced(read_file(path("learnt.toml")), "12 people", "12.4 people"),
                                         "particles = 1000", "particles = 100000\nattempts = 100000000"));
  Process run({{DESIST_TEST_MODELS, "run", "long.toml", "--out", "out"}, folder(), {{"PATH", "/nowhere"}}});
  run.wait_until_it_catches(SIGINT);
  run.signal(SIGINT);
  const Ended ended = run.wait();
  EXPECT_EQ(ended.code, 6) << ended.error;
  EXPECT_EQ(ended.error, "desist: stopped while learning from targets: the same command begins again.\n");
  EXPECT_FALSE(fs::exists(path("out")));
}

// A draw of an experiment with targets is replayed from what the targets leave.
TEST_F(Targets, ADrawIsReplayedFromThePosterior) {
  const std::string joint = results("learnt.toml").at("posterior.csv");
  const Ended again =
      Process({{DESIST_TEST_MODELS, "replay", "learnt.toml", "--draw", "3", "--arm", "hundred", "--replicate", "0"},
               folder(),
               {{"PATH", "/nowhere"}}})
          .wait();
  ASSERT_EQ(again.code, 0) << again.error;
  for (const auto& row : rows_of(again.out)) {
    if (row.at(0) == "parameter" && row.at(1) == "control") {
      EXPECT_NE(joint.find("\n" + row.at(4) + ","), std::string::npos) << row.at(4);
    }
  }
}

}  // namespace
}  // namespace desist::test
