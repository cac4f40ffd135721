// Interrupted runs: Ctrl-C keeps what is done, a kill at any moment leaves the old results or the new, and going on
// gives the bytes of a run that nothing disturbed.
#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include "tests/program/process.hpp"

namespace desist::test {
namespace {

using std::chrono::milliseconds;

class Interruptions : public InFolder {
 protected:
  // Long enough to be interrupted anywhere: many chunks, then a search.
  Interruptions() {
    const std::string clinic = read_file(fs::path(DESIST_SOURCE_DIR) / "tests/experiments/clinic.toml");
    write_file(path("clinic.toml"), replaced(clinic, "draws = 300", "draws = 2500"));
    write_file(path("short.toml"), replaced(clinic, "draws = 300", "draws = 40"));
  }
  // Without node, which would take most of the time.
  Start start(const std::string& file, int threads = 2) const {
    return {{DESIST_PROGRAM, "run", file, "--out", "out", "--threads", std::to_string(threads)},
            folder(),
            {{"PATH", "/nowhere"}}};
  }
  std::map<std::string, std::string> undisturbed(const std::string& file) {
    const auto begun = std::chrono::steady_clock::now();
    const Ended run = Process(start(file)).wait();
    EXPECT_EQ(run.code, 0) << run.error;
    takes_ = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun);
    screen_ = run.out;
    auto results = results_in(path("out"));
    fs::remove_all(path("out"));
    return results;
  }
  std::vector<std::string> beside() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder())) names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }
  static const std::vector<std::string>& clean() {
    static const std::vector<std::string> names{"clinic.toml", "error.txt", "out", "out.txt", "short.toml"};
    return names;
  }

  milliseconds takes_{};
  std::string screen_;
};

TEST_F(Interruptions, Ctrl_C_keeps_what_is_done_and_says_how_to_go_on) {
  const auto whole = undisturbed("clinic.toml");
  for (const int which : {SIGINT, SIGTERM}) {
    Process process(start("clinic.toml"));
    process.wait_until_it_catches(which);
    std::this_thread::sleep_for(takes_ / 8);
    process.signal(which);
    const Ended stopped = process.wait();
    ASSERT_EQ(stopped.code, 6) << stopped.error;
    EXPECT_EQ(stopped.out, "");
    const std::string before = "desist: stopped after ";
    ASSERT_TRUE(stopped.error.starts_with(before)) << stopped.error;
    const std::size_t digits = stopped.error.find_first_not_of("0123456789", before.size());
    EXPECT_EQ(stopped.error.substr(digits),
              " draws. What is done is kept in out.checkpoint.\n"
              "Run the same command again to go on; the result will be the same as "
              "without the break.\n");
    EXPECT_FALSE(fs::exists(path("out")));
    EXPECT_TRUE(fs::exists(path("out.checkpoint")));

    const Ended resumed = Process(start("clinic.toml", 3)).wait();
    EXPECT_EQ(resumed.code, 0) << resumed.error;
    EXPECT_EQ(resumed.out, screen_);
    expect_same_results(results_in(path("out")), whole);
    EXPECT_EQ(beside(), clean());
    fs::remove_all(path("out"));
  }
}

TEST_F(Interruptions, Kill_at_any_moment) {
  const auto whole = undisturbed("clinic.toml");
  std::mt19937_64 moments(20230930);  // of the interruptions: any will do
  int kills = 0, resumptions = 0;
  for (int trial = 0; trial < 3; ++trial) {
    // A Ctrl-C leaves a checkpoint however short the run is; the kills then meet a resumed run.
    Ended run;
    for (int attempt = 0;; ++attempt) {
      ASSERT_LT(attempt, 100);
      resumptions += fs::exists(path("out.checkpoint")) ? 1 : 0;
      Process process(start("clinic.toml", 1 + attempt % 3));
      const int which = attempt == 0 ? SIGINT : SIGKILL;
      if (attempt < 4) {
        std::this_thread::sleep_for(takes_ * static_cast<int>(moments() % 1000) / 2000);
        process.signal(which);
      }
      run = process.wait();
      if (run.code == 0) break;
      ASSERT_TRUE(run.code == 6 || run.code == -SIGKILL || run.code == -SIGINT) << run.code << run.error;
      kills += run.code == -SIGKILL ? 1 : 0;
    }
    expect_same_results(results_in(path("out")), whole);
    EXPECT_EQ(run.out, screen_);
    EXPECT_EQ(beside(), clean());
    fs::remove_all(path("out"));
  }
  EXPECT_GE(kills, 5);
  EXPECT_GE(resumptions, 5);
}

// A finished simulation is kept while a need is searched: only the search begins again.
TEST_F(Interruptions, Ctrl_C_during_a_search) {
  const std::string text = read_file(path("short.toml"));
  write_file(path("short.toml"), replaced(text, "\"10 in 100\"", "\"1 in 100\""));
  const auto whole = undisturbed("short.toml");
  Process process(start("short.toml"));
  // Of so few draws the first checkpoint is that of the whole simulation.
  while (process.running() && !fs::exists(path("out.checkpoint"))) std::this_thread::sleep_for(milliseconds(1));
  process.signal(SIGINT);
  const Ended stopped = process.wait();
  ASSERT_EQ(stopped.code, 6) << stopped.error;
  EXPECT_EQ(stopped.out, "");
  EXPECT_EQ(stopped.error,
            "desist: stopped after 40 draws. What is done is kept in out.checkpoint.\n"
            "Run the same command again to go on; the result will be the same as without the break.\n");
  EXPECT_FALSE(fs::exists(path("out")));

  const Ended resumed = Process(start("short.toml", 3)).wait();
  EXPECT_EQ(resumed.code, 0) << resumed.error;
  EXPECT_EQ(resumed.out, screen_);
  expect_same_results(results_in(path("out")), whole);
  EXPECT_EQ(beside(), clean());
}

TEST_F(Interruptions, Two_runs_at_once) {
  const auto whole = undisturbed("clinic.toml");
  Process first(start("clinic.toml"));
  first.wait_until_it_catches(SIGINT);
  Start other = start("short.toml");
  other.out = "other_out.txt";
  other.error = "other_error.txt";
  for (const char* spelling : {"out", "./out/", "out/."}) {
    other.words[4] = spelling;
    const Ended second = Process(other).wait();
    EXPECT_EQ(second.code, 5);
    EXPECT_EQ(second.out, "");
    EXPECT_EQ(second.error, "desist: cannot write results to " + fs::weakly_canonical(path("out")).string() +
                                ": process " + std::to_string(first.id()) +
                                " is running an experiment into it (two runs would share its checkpoint)\n"
                                "  wait until that run ends, or name another folder with --out\n");
  }
  ASSERT_TRUE(first.running());
  EXPECT_EQ(first.wait().code, 0);
  expect_same_results(results_in(path("out")), whole);
  fs::remove(path("other_out.txt"));
  fs::remove(path("other_error.txt"));
  EXPECT_EQ(beside(), clean());
}

TEST_F(Interruptions, A_lock_that_a_killed_run_left) {
  Process killed(start("clinic.toml"));
  killed.wait_until_it_catches(SIGINT);
  killed.signal(SIGKILL);
  ASSERT_EQ(killed.wait().code, -SIGKILL);
  EXPECT_TRUE(fs::exists(path("out.lock")));
  EXPECT_EQ(Process(start("short.toml")).wait().code, 0);
  EXPECT_EQ(beside(), clean());
}

// What stands beside the results is named after their folder, however that is spelt.
TEST_F(Interruptions, A_folder_spelt_with_dots) {
  fs::create_directory(path("x"));
  for (const char* spelling : {"out/.", "./out/./", "x/../out", "out/y/.."}) {
    Start dotted = start("clinic.toml");
    dotted.words[4] = spelling;
    Process process(dotted);
    process.wait_until_it_catches(SIGINT);
    process.signal(SIGINT);
    ASSERT_EQ(process.wait().code, 6);
    EXPECT_TRUE(fs::remove(path("out.checkpoint"))) << spelling;
    fs::remove(path("out"));
  }
  fs::remove(path("x"));
  EXPECT_EQ(beside(), (std::vector<std::string>{"clinic.toml", "error.txt", "out.txt", "short.toml"}));
}

// A checkpoint of another file, or of the same one since changed, is not gone on with.
TEST_F(Interruptions, A_changed_file_begins_again) {
  const auto whole = undisturbed("short.toml");
  Process process(start("clinic.toml"));
  process.wait_until_it_catches(SIGINT);
  process.signal(SIGINT);
  ASSERT_EQ(process.wait().code, 6);
  const Ended run = Process(start("short.toml")).wait();
  EXPECT_EQ(run.code, 0);
  EXPECT_EQ(
      run.error.substr(0, run.error.find('\n') + 1),
      "desist: the checkpoint out.checkpoint is of another experiment or of another build: starting again from the "
      "first draw\n");
  expect_same_results(results_in(path("out")), whole);
  EXPECT_EQ(beside(), clean());
}

TEST_F(Interruptions, A_file_of_replicates_begins_again) {
  const std::string text = read_file(path("clinic.toml"));
  write_file(path("clinic.toml"), replaced(text, "draws = 2500", "draws = 2500\nkeep  = \"replicates\""));
  write_file(path("short.toml"),
             replaced(read_file(path("short.toml")), "draws = 40", "draws = 40\nkeep  = \"replicates\""));
  Process stopped(start("clinic.toml"));
  stopped.wait_until_it_catches(SIGINT);
  stopped.signal(SIGINT);
  const Ended run = stopped.wait();
  ASSERT_EQ(run.code, 6) << run.error;
  EXPECT_TRUE(
      run.error.ends_with(" draws. A file of replicates can't be gone on with: the same command begins again.\n"))
      << run.error;
  EXPECT_FALSE(fs::exists(path("out")));

  const auto whole = undisturbed("short.toml");
  EXPECT_TRUE(whole.contains("replicates.csv"));
  Process killed(start("clinic.toml"));
  const auto has_begun = [&] {
    const auto names = beside();
    return std::any_of(names.begin(), names.end(), [](const std::string& n) { return n.ends_with(".replicates"); });
  };
  while (killed.running() && !has_begun()) std::this_thread::sleep_for(milliseconds(1));
  killed.signal(SIGKILL);
  ASSERT_EQ(killed.wait().code, -SIGKILL);
  EXPECT_FALSE(fs::exists(path("out")));
  for (int again = 0; again < 2; ++again) {  // the second time it takes the place of its own results
    ASSERT_EQ(Process(start("short.toml")).wait().code, 0);
    expect_same_results(results_in(path("out")), whole);
    EXPECT_EQ(beside(), clean());  // what the killed run left is gone
  }
}

// While runs replace the results again and again, whoever looks sees a whole folder; a kill leaves one.
TEST_F(Interruptions, Results_are_whole_at_every_moment) {
  const auto first = undisturbed("short.toml");
  write_file(path("other.toml"), replaced(read_file(path("short.toml")), "seed  = 5", "seed  = 6"));
  const auto second = undisturbed("other.toml");
  ASSERT_NE(first, second);
  ASSERT_EQ(Process(start("short.toml")).wait().code, 0);
  std::mt19937_64 moments(7);
  int looks = 0, killed = 0;
  for (int round = 0; round < 24; ++round) {
    Process process(start(round % 2 == 0 ? "other.toml" : "short.toml"));
    const auto until = std::chrono::steady_clock::now() + takes_ * static_cast<int>(moments() % 1000) / 700;
    while (process.running()) {
      const int open_folder = open(path("out").c_str(), O_RDONLY | O_DIRECTORY);
      ASSERT_GE(open_folder, 0) << "the results are gone";
      close(open_folder);
      ++looks;
      if (round % 3 != 0 && std::chrono::steady_clock::now() > until) process.signal(SIGKILL);
    }
    killed += process.wait().code == -SIGKILL ? 1 : 0;
    const auto seen = results_in(path("out"));
    expect_same_results(seen, seen.at("estimates.csv") == first.at("estimates.csv") ? first : second);
  }
  EXPECT_GE(killed, 4);
  EXPECT_GE(looks, 100);
  ASSERT_EQ(Process(start("short.toml")).wait().code, 0);
  expect_same_results(results_in(path("out")), first);
  for (const std::string& name : beside())
    EXPECT_EQ(name.find("writing"), std::string::npos) << name << " is left over";
}

}  // namespace
}  // namespace desist::test
