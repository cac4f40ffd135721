// What stands on standard output and on the terminal: the first screen alone, or its JSON; a progress bar on a
// terminal.
#include <algorithm>
#include <cmath>
#include <regex>
#include <sstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <pty.h>

#include "tests/program/process.hpp"

namespace desist::test {
namespace {

using Json = nlohmann::json;

class Output : public InFolder {
 protected:
  Output() {
    const fs::path source = DESIST_SOURCE_DIR;
    fs::copy(source / "tests/experiments/clinic.toml", path("clinic.toml"));
    fs::copy(source / "experiments/cara.toml", path("cara.toml"));
  }
  Ended run(const std::string& file, std::vector<std::string> more = {}) const {
    std::vector<std::string> words{"run", file, "--out", "out"};
    words.insert(words.end(), more.begin(), more.end());
    return desist(words, {{"PATH", "/nowhere"}});
  }
};

// The numbers of a line: "67", "45".
std::vector<std::string> numbers_in(const std::string& text) {
  static const std::regex number("[0-9]+");
  std::vector<std::string> all;
  for (std::sregex_iterator it(text.begin(), text.end(), number), end; it != end; ++it) all.push_back(it->str());
  return all;
}

// Every line of the screen is one of the JSON's, which holds also those that found no room, with all its numbers; but
// for the line of the report, which names files.
void expect_same_lines(const std::string& screen, const Json& json) {
  std::vector<std::string> lines;
  std::istringstream text(screen);
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  ASSERT_GE(lines.size(), 4U);
  EXPECT_LE(lines.size(), 10U);
  EXPECT_TRUE(lines.front().starts_with(json.at("title").get<std::string>())) << lines.front();
  EXPECT_TRUE(lines.back().starts_with("Report ")) << lines.back();
  for (std::size_t i = 1; i + 1 < lines.size(); ++i) {
    const auto& all = json.at("lines");
    const auto same = std::find_if(all.begin(), all.end(), [&](const Json& each) {
      return lines[i].starts_with(each.at("label").get<std::string>() + " ");
    });
    ASSERT_NE(same, all.end()) << lines[i];
    const auto whole = numbers_in(same->at("text").get<std::string>());
    for (const std::string& number : numbers_in(lines[i]))
      EXPECT_NE(std::find(whole.begin(), whole.end(), number), whole.end()) << number << ": " << lines[i];
  }
}

TEST_F(Output, A_projection_on_one_screen_and_as_JSON) {
  const Ended screen = run("clinic.toml");
  ASSERT_EQ(screen.code, 0) << screen.error;
  // There is no node on the path; where the renderer was not built, as under sanitizers, that is said instead.
  EXPECT_THAT(screen.error,
              testing::AnyOf("desist: not made: figures as SVG and PDF: node is not installed; apt-get install nodejs "
                             "(report.html draws them itself)\n",
                             "desist: not made: figures as SVG and PDF: the renderer was not built, for want of npm; "
                             "install npm and run ./desist setup (report.html draws them itself where it can)\n"));
  const Ended asked = run("clinic.toml", {"--json"});
  ASSERT_EQ(asked.code, 0) << asked.error;
  const Json json = Json::parse(asked.out);
  EXPECT_EQ(json.at("kind"), "projection");
  EXPECT_EQ(json.at("experiment"), "clinic");
  expect_same_lines(screen.out, json);

  // The chances of the answer, in 100, are those of the estimates behind it.
  const std::size_t at = screen.out.find("Clear by 30 June 2024: more ");
  ASSERT_NE(at, std::string::npos) << screen.out;
  const auto shown = numbers_in(screen.out.substr(at + 23, screen.out.find('\n', at) - at - 23));
  std::map<std::string, double> chance;
  for (const Json& row : json.at("estimates")) {
    if (row.at("outcome") == "clear" && row.at("statistic") == "chance" && row.at("versus") == "")
      chance[row.at("arm")] = row.at("estimate").get<double>();
    EXPECT_TRUE(row.contains("mc_error"));
  }
  ASSERT_EQ(shown.size(), 3U) << screen.out.substr(at);
  EXPECT_EQ(shown[0], std::to_string(std::lround(100 * chance.at("more"))));
  EXPECT_EQ(shown[1], "100");
  EXPECT_EQ(shown[2], std::to_string(std::lround(100 * chance.at("filter"))));
  ASSERT_EQ(json.at("needs").size(), 1U);
  EXPECT_NE(
      screen.out.find(std::to_string(std::lround(json["needs"][0].at("level").get<double>())) + " hearings a week"),
      std::string::npos)
      << screen.out;
}

TEST_F(Output, A_study_on_one_screen_and_as_JSON) {
  const Ended screen = run("cara.toml");
  ASSERT_EQ(screen.code, 0) << screen.error;
  const Ended asked = run("cara.toml", {"--json"});
  const Json json = Json::parse(asked.out);
  EXPECT_EQ(json.at("kind"), "study");
  expect_same_lines(screen.out, json);
  // 8 of 70 against 10 of 49 (the published table): the first row, and on the screen.
  const Json& row = json.at("comparisons").at(0);
  EXPECT_EQ(row.at("x1"), 8);
  EXPECT_EQ(row.at("n1"), 70);
  EXPECT_EQ(row.at("x0"), 10);
  EXPECT_EQ(row.at("n0"), 49);
  EXPECT_NEAR(row.at("difference").get<double>(), 8.0 / 70 - 10.0 / 49, 1e-12);
  for (const char* count : {"8", "70", "10", "49"}) {
    const auto all = numbers_in(screen.out);
    EXPECT_NE(std::find(all.begin(), all.end(), count), all.end()) << count << "\n" << screen.out;
  }
}

TEST_F(Output, Quiet_and_threads_change_nothing_on_it) {
  const std::string screen = run("clinic.toml").out;
  EXPECT_EQ(run("clinic.toml", {"--quiet"}).out, screen);
  EXPECT_EQ(run("clinic.toml", {"--threads", "3"}).out, screen);
}

TEST_F(Output, Runs_until_the_best_arm_is_known) {
  const std::string clinic = read_file(path("clinic.toml"));
  const std::string best = "most_draws = 4000\n\n[best]\noutcome = \"clear by 2024-06-30\"\nwithin = \"1 in 1000\"\n";
  write_file(path("best.toml"), replaced(clinic, "draws = 300\n", best));
  const Ended ended = run("best.toml", {"--json"});
  ASSERT_EQ(ended.code, 0) << ended.error;
  const Json json = Json::parse(ended.out), found = json.at("best");
  EXPECT_EQ(found.at("verdict"), "settled");
  const std::string leader = found.at("leader").get<std::string>();
  std::map<std::string, double> chances;
  for (const Json& row : json.at("estimates"))
    if (row.at("statistic") == "chance" && row.at("item") == "2024-06-30") chances[row.at("arm")] = row.at("estimate");
  ASSERT_EQ(chances.size(), 3U);
  ASSERT_EQ(found.at("rivals").size(), 2U);
  for (const Json& rival : found.at("rivals")) {
    EXPECT_NEAR(rival.at("lead").get<double>(), chances.at(leader) - chances.at(rival.at("arm")), 1e-12);
    EXPECT_GT(rival.at("at_least").get<double>(), 0);
  }
  const std::uint64_t draws = found.at("draws");
  EXPECT_TRUE(draws == 1000 || draws == 2000 || draws == 4000) << draws;
  const std::string table = read_file(path("out/best.csv")), page = read_file(path("out/report.html"));
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 3);
  EXPECT_NE(page.find("Which arm is best"), std::string::npos);
  EXPECT_NE(run("best.toml").out.find("\nBest "), std::string::npos);

  // A difference too small for these draws: said, with exit code 0.
  const std::string equal =
      replaced(read_file(path("best.toml")), "value  = \"49 of 253 referrals\"", "value  = \"0%\"");
  write_file(path("equal.toml"),
             replaced(replaced(equal, "most_draws = 4000", "most_draws = 1000"),
                      "range      = \"13 to 16 cases per week\"", "range      = \"1 to 2 cases per week\""));
  const Ended open = run("equal.toml", {"--json"});
  ASSERT_EQ(open.code, 0) << open.error;
  EXPECT_EQ(Json::parse(open.out).at("best").at("verdict"), "settled within");
}

// Runs desist with standard error on a terminal of its own; gives what came there.
std::string on_a_terminal(const std::vector<std::string>& words, const fs::path& folder, int& code) {
  int ours = -1, theirs = -1;
  EXPECT_EQ(openpty(&ours, &theirs, nullptr, nullptr, nullptr), 0);
  char name[256];
  EXPECT_EQ(ttyname_r(theirs, name, sizeof name), 0);
  Start start{{DESIST_PROGRAM}, folder, {{"PATH", "/nowhere"}}};
  start.words.insert(start.words.end(), words.begin(), words.end());
  start.error = name;
  Process process(start);
  std::string shown;
  char block[4096];
  bool running = true;
  while (true) {
    running = process.running();
    pollfd waiting{ours, POLLIN, 0};
    if (poll(&waiting, 1, running ? 20 : 0) > 0) {
      const ssize_t got = read(ours, block, sizeof block);
      if (got > 0) shown.append(block, static_cast<std::size_t>(got));
    } else if (!running) {
      break;
    }
  }
  close(theirs);
  close(ours);
  code = process.wait().code;
  return shown;
}

TEST_F(Output, A_progress_bar_on_a_terminal_only) {
  if (!std::filesystem::exists("/dev/pts/ptmx")) GTEST_SKIP() << "this machine gives no terminals";
  int code = -1;
  const std::string shown = on_a_terminal({"run", "clinic.toml", "--out", "out"}, folder(), code);
  EXPECT_EQ(code, 0);
  EXPECT_NE(shown.find("clinic  ["), std::string::npos) << shown;
  EXPECT_NE(shown.find("of 300 draws"), std::string::npos) << shown;
  EXPECT_EQ(shown.rfind("\x1b[K"), shown.find("\x1b[Kdesist: not made")) << shown;  // cleared before anything is said
  const std::string quiet = on_a_terminal({"run", "clinic.toml", "--out", "out", "--quiet"}, folder(), code);
  EXPECT_EQ(code, 0);
  EXPECT_EQ(quiet.find("of 300 draws"), std::string::npos) << quiet;
  EXPECT_EQ(run("clinic.toml").error.find("of 300 draws"), std::string::npos);
}

}  // namespace
}  // namespace desist::test
