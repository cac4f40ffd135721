// The same bytes for any number of threads, after any kill, from any optimiser, on a processor without FMA: with real
// processes.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <regex>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/read_file.hpp"
#include "tests/sanitized.hpp"

namespace desist::test {
namespace {

namespace fs = std::filesystem;

using tests::read_file;

void write_file(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

// A process that this test started, and nothing else.
class Process {
 public:
  Process(const std::string& program, std::vector<std::string> words, const fs::path& said,
          const std::string& tunables = "") {
    child_ = fork();
    if (child_ != 0) return;
    if (!tunables.empty()) setenv("GLIBC_TUNABLES", tunables.c_str(), 1);
    if (freopen(said.c_str(), "w", stderr) == nullptr) _exit(127);
    std::vector<char*> arguments{const_cast<char*>(program.c_str())};
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    execv(program.c_str(), arguments.data());
    _exit(127);
  }
  void kill_now() const { kill(child_, SIGKILL); }
  /// The exit code, or minus the signal that ended it.
  int wait() const {
    int status = 0;
    waitpid(child_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  pid_t child_;
};

class Reproducibility : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / ("reproducibility_" + std::to_string(getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string said() const { return read_file(folder_ / "said"); }

  int run(const std::string& program, const std::vector<std::string>& words, const std::string& tunables = "") const {
    return Process(program, words, folder_ / "said", tunables).wait();
  }
  // The bytes of a run that nothing disturbs.
  std::string bytes(const std::string& program, const std::string& draws, const std::string& replicates,
                    const std::string& threads, const std::string& tunables = "") const {
    EXPECT_EQ(run(program, {draws, replicates, threads, "-", path("out")}, tunables), 0) << said();
    return read_file(folder_ / "out");
  }

  fs::path folder_;
};

// Draws and replicates: quantiles exact; from histograms; one draw in slices.
struct Shape {
  const char* draws;
  const char* replicates;
};
constexpr Shape shapes[] = {{"1000", "2"}, {"33000", "2"}, {"2", "20000"}};

TEST_F(Reproducibility, Threads) {
  for (const Shape& shape : shapes) {
    const std::string one = bytes(RUN_PROGRAM, shape.draws, shape.replicates, "1");
    ASSERT_GT(one.size(), 10000U);
    for (const char* threads : {"2", "3", "8"})
      EXPECT_EQ(bytes(RUN_PROGRAM, shape.draws, shape.replicates, threads), one) << threads << " threads";
  }
}

// The check can see a difference: another draw, or the same replicates cut into other draws, are other bytes.
TEST_F(Reproducibility, Bytes_tell_runs_apart) {
  const std::string one = bytes(RUN_PROGRAM, "2000", "2", "1");
  EXPECT_NE(bytes(RUN_PROGRAM, "2001", "2", "1"), one);
  EXPECT_NE(bytes(RUN_PROGRAM, "4000", "1", "1"), one);
}

TEST_F(Reproducibility, Kill_and_resume) {
  std::mt19937_64 moments(20230930);  // of the kills: any will do
  int kills = 0;
  int resumptions = 0;
  for (const Shape& shape : {shapes[1], shapes[2]}) {
    const auto start = std::chrono::steady_clock::now();
    const std::string undisturbed = bytes(RUN_PROGRAM, shape.draws, shape.replicates, "2");
    const std::chrono::duration<double> takes = std::chrono::steady_clock::now() - start;
    for (int trial = 0; trial < (slowness > 1 ? 1 : 4); ++trial) {
      const std::string threads = std::to_string(1 + trial % 3);
      const std::vector<std::string> words{shape.draws, shape.replicates, threads, path("checkpoint"), path("resumed")};
      fs::remove(path("resumed"));
      int code = 0;
      for (int attempt = 0; attempt < 200; ++attempt) {
        const Process process(RUN_PROGRAM, words, folder_ / "said");
        const double share = static_cast<double>(moments() % 1000) / 1000;
        // The first attempts are killed somewhere; then it may finish.
        if (attempt < 6) {
          std::this_thread::sleep_for(share * 0.5 * takes);
          process.kill_now();
        }
        code = process.wait();
        EXPECT_EQ(said(), "");
        if (code == 0) break;
        ASSERT_EQ(code, -SIGKILL);
        ++kills;
        resumptions += fs::exists(path("checkpoint")) ? 1 : 0;
      }
      ASSERT_EQ(code, 0);
      EXPECT_EQ(read_file(path("resumed")), undisturbed);
      EXPECT_TRUE(fs::exists(path("checkpoint")));  // complete: for its caller to remove
      fs::remove(path("checkpoint"));
    }
  }
  EXPECT_GE(kills, slowness > 1 ? 3 : 10);
  EXPECT_GE(resumptions, slowness > 1 ? 1 : 5);
}

TEST_F(Reproducibility, Stop_and_resume) {
  const std::string undisturbed = bytes(RUN_PROGRAM, "33000", "2", "2");
  EXPECT_EQ(run(RUN_PROGRAM, {"33000", "2", "2", path("checkpoint"), path("stopped"), "stop", "1"}), 6);
  EXPECT_NE(read_file(path("stopped")), undisturbed);
  EXPECT_TRUE(fs::exists(path("checkpoint")));
  EXPECT_EQ(run(RUN_PROGRAM, {"33000", "2", "3", path("checkpoint"), path("resumed")}), 0);
  EXPECT_EQ(read_file(path("resumed")), undisturbed);
}

TEST_F(Reproducibility, Damaged_or_foreign_checkpoint) {
  const std::string draws_of_it = slowness > 1 ? "12000" : "33000";  // so many that a stop finds it at work
  const std::string undisturbed = bytes(RUN_PROGRAM, draws_of_it, "2", "2");
  ASSERT_EQ(run(RUN_PROGRAM, {draws_of_it, "2", "2", path("stopped"), path("out"), "stop", "1"}), 6);
  const std::string good = read_file(path("stopped"));
  const auto resume_from = [&](const std::string& checkpoint, const std::string& draws) {
    write_file(path("checkpoint"), checkpoint);
    EXPECT_EQ(run(RUN_PROGRAM, {draws, "2", "2", path("checkpoint"), path("resumed")}), 0);
    return read_file(path("resumed"));
  };
  EXPECT_EQ(resume_from(good, draws_of_it), undisturbed);
  EXPECT_EQ(said(), "");

  const std::string damaged_text =
      "the checkpoint " + path("checkpoint") + " is damaged: starting again from the first draw\n";
  for (const std::size_t place : {std::size_t{3}, std::size_t{20}, good.size() / 2, good.size() - 3}) {
    std::string damaged = good;
    damaged[place] = static_cast<char>(damaged[place] ^ 4);
    EXPECT_EQ(resume_from(damaged, draws_of_it), undisturbed);
    EXPECT_EQ(said(), damaged_text) << "byte " << place;
  }
  for (const std::size_t length : {std::size_t{0}, std::size_t{10}, good.size() / 2, good.size() - 1}) {
    EXPECT_EQ(resume_from(good.substr(0, length), draws_of_it), undisturbed);
    EXPECT_EQ(said(), damaged_text) << length << " bytes";
  }
  EXPECT_EQ(resume_from(good, "2000"), bytes(RUN_PROGRAM, "2000", "2", "1"));
  write_file(path("checkpoint"), good);
  EXPECT_EQ(run(RUN_PROGRAM, {"2000", "2", "1", path("checkpoint"), path("resumed")}), 0);
  EXPECT_EQ(said(), "the checkpoint " + path("checkpoint") +
                        " is of another experiment or of another build: starting again from the first draw\n");
}

#ifdef RUN_PROGRAM_O1
TEST_F(Reproducibility, Optimiser) {
  for (const Shape& shape : shapes)
    EXPECT_EQ(bytes(RUN_PROGRAM_O1, shape.draws, shape.replicates, "2"),
              bytes(RUN_PROGRAM, shape.draws, shape.replicates, "2"));
}
#endif

// That this mask changes what glibc computes is shown by fixed_maths_test Equal_without_FMA.
TEST_F(Reproducibility, Processor_without_FMA) {
  if (!std::regex_search(read_file("/proc/cpuinfo"), std::regex("\\bfma\\b")))
    GTEST_SKIP() << "this processor has no FMA to mask";
  for (const Shape& shape : shapes)
    EXPECT_EQ(bytes(RUN_PROGRAM, shape.draws, shape.replicates, "2", "glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2"),
              bytes(RUN_PROGRAM, shape.draws, shape.replicates, "2"));
}

}  // namespace
}  // namespace desist::test
