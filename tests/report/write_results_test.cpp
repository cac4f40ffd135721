// Results appear whole or not at all.
#include "engine/report/write_results.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/core/diagnostics.hpp"
#include "engine/report/render.hpp"
#include "tests/read_file.hpp"
#include "tests/report/example_inputs.hpp"

namespace {

namespace fs = std::filesystem;
using desist::tests::read_file;

class WriteResults : public testing::Test {
 protected:
  fs::path folder_ = fs::temp_directory_path() / ("desist_write_" + std::to_string(getpid()));
  fs::path target_ = folder_ / "cara";
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  std::vector<std::string> entries() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) names.push_back(entry.path().filename());
    return names;
  }
};

void write(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }

std::string failure_of(const fs::path& target) {
  try {
    desist::write_results(desist::tests::study_input(), target, {});
  } catch (const desist::Failure& failure) {
    EXPECT_EQ(failure.code(), desist::ExitCode::cannot_write);
    return failure.what();
  }
  return "written";
}

TEST_F(WriteResults, ListsWhatItWrote) {
  const desist::Written written = desist::write_results(desist::tests::study_input(), target_, {});
  std::vector<std::string> there;
  for (const auto& entry : fs::recursive_directory_iterator(target_)) {
    if (!entry.is_directory()) there.push_back(entry.path().lexically_relative(target_));
  }
  std::sort(there.begin(), there.end());
  EXPECT_EQ(there, written.files);
  EXPECT_THAT(there,
              testing::IsSupersetOf({"audit.csv", "cells.csv", "claims.csv", "comparisons.csv", "compliers.csv",
                                     "allocation.csv", "selection.csv", "sources.csv", "figures/comparisons.csv",
                                     "figures/comparisons.vl.json", "manifest.json", "report.html", "request.md"}));
  EXPECT_THAT(written.not_made, testing::ElementsAre(testing::HasSubstr("install npm")));
  EXPECT_THAT(entries(), testing::ElementsAre("cara"));
}

TEST_F(WriteResults, AnEarlierRunIsReplacedAsAWhole) {
  desist::write_results(desist::tests::projection_input(), target_, {});
  EXPECT_TRUE(fs::exists(target_ / "series.csv"));
  desist::write_results(desist::tests::study_input(), target_, {});
  EXPECT_FALSE(fs::exists(target_ / "series.csv"));
  EXPECT_THAT(entries(), testing::ElementsAre("cara"));
}

TEST_F(WriteResults, TheSameRunGivesTheSameBytes) {
  desist::write_results(desist::tests::projection_input(), target_, {});
  desist::write_results(desist::tests::projection_input(), folder_ / "again", {});
  for (const auto& entry : fs::recursive_directory_iterator(target_)) {
    if (entry.is_directory()) continue;
    const fs::path name = entry.path().lexically_relative(target_);
    EXPECT_EQ(read_file(entry.path()), read_file(folder_ / "again" / name)) << name;
  }
}

TEST_F(WriteResults, AnothersResultsAreNotReplaced) {
  fs::create_directories(target_);
  write(target_ / "manifest.json", R"({"file": "cara.toml"})");
  EXPECT_NO_THROW(desist::check_results_are_of(target_, "experiments/cara.toml"));
  EXPECT_NO_THROW(desist::check_results_are_of(folder_ / "nowhere", "mine.toml"));
  try {
    desist::check_results_are_of(target_, "experiments/mine.toml");
    FAIL();
  } catch (const desist::Failure& failure) {
    EXPECT_EQ(failure.code(), desist::ExitCode::cannot_write);
    EXPECT_EQ(
        std::string(failure.what()),
        "desist: cannot write results to " + target_.string() +
            ": it holds the results of cara.toml, and this is mine.toml\n  give it a name of its own (name = ... in "
            "[experiment]), or name another folder with --out");
  }
}

TEST_F(WriteResults, AFileInTheWayIsSaid) {
  write(target_, "mine");
  EXPECT_EQ(failure_of(target_),
            "desist: cannot write results to " + target_.string() +
                ": a file of that name is in the way\n  remove it, or name another folder with --out");
  EXPECT_EQ(read_file(target_), "mine");
}

TEST_F(WriteResults, AFolderOfSomethingElseIsLeftAlone) {
  fs::create_directories(target_);
  write(target_ / "diary.txt", "mine");
  EXPECT_EQ(failure_of(target_),
            "desist: cannot write results to " + target_.string() +
                ": it holds 'diary.txt', which no run of desist wrote\n"
                "  the folder is replaced as a whole: move that away, or name another folder with --out");
  EXPECT_EQ(read_file(target_ / "diary.txt"), "mine");
  EXPECT_THAT(entries(), testing::ElementsAre("cara"));
}

TEST_F(WriteResults, AnotherFileAmongOurResultsIsLeftAlone) {
  desist::write_results(desist::tests::study_input(), target_, {});
  write(target_ / "figures" / "notes.txt", "mine");
  EXPECT_THAT(failure_of(target_), testing::HasSubstr("it holds 'figures/notes.txt', which no run of desist wrote"));
  EXPECT_EQ(read_file(target_ / "figures" / "notes.txt"), "mine");
}

TEST_F(WriteResults, AnEmptyFolderIsFilled) {
  fs::create_directories(target_);
  EXPECT_EQ(failure_of(target_), "written");
}

TEST_F(WriteResults, WhereNothingCanBeWrittenItSaysWhy) {
  EXPECT_EQ(failure_of("/proc/desist"),
            "desist: cannot write results to /proc/desist: No such file or directory\n"
            "  name a folder you may write to with --out");
  EXPECT_EQ(failure_of("/"),
            "desist: cannot write results to /: it is the root of the system\n  name another folder with --out");
}

TEST_F(WriteResults, RemainsOfAKilledRunAreRemoved) {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  waitpid(child, nullptr, 0);
  const std::string dead = "cara.writing-" + std::to_string(child);
  fs::create_directories(folder_ / dead / "figures");
  fs::create_directories(folder_ / ("cara.writing-" + std::to_string(getppid())));  // its run is under way
  desist::write_results(desist::tests::study_input(), target_, {});
  EXPECT_THAT(entries(), testing::UnorderedElementsAre("cara", "cara.writing-" + std::to_string(getppid())));
}

TEST_F(WriteResults, AKillAtAnyMomentLeavesTheOldOrTheNew) {
  desist::write_results(desist::tests::projection_input(), target_, {});
  const std::string old_page = read_file(target_ / "report.html");
  desist::write_results(desist::tests::study_input(), folder_ / "other", {});
  const std::string new_page = read_file(folder_ / "other" / "report.html");
  for (int delay = 0; delay < 40; ++delay) {
    const pid_t child = fork();
    if (child == 0) {
      desist::write_results(desist::tests::study_input(), target_, {});
      _exit(0);
    }
    usleep(static_cast<useconds_t>(500 * delay));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const std::string page = read_file(target_ / "report.html");
    ASSERT_TRUE(page == old_page || page == new_page) << delay;
    ASSERT_EQ(fs::exists(target_ / "series.csv"), page == old_page) << delay;
  }
}

TEST(RunProgram, ComesBackWhateverTheProgramDoes) {
  using How = desist::Ended::How;
  const std::string here = fs::temp_directory_path();
  EXPECT_EQ(desist::run_program({"true"}, here, 10).how, How::succeeded);
  EXPECT_EQ(desist::run_program({"false"}, here, 10).how, How::failed);
  EXPECT_EQ(desist::run_program({"no-such-program-anywhere"}, here, 10).how, How::not_found);
  const desist::Ended loud = desist::run_program({"sh", "-c", "echo why >&2; exit 3"}, here, 10);
  EXPECT_EQ(loud.how, How::failed);
  EXPECT_EQ(loud.said, "why\n");
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(desist::run_program({"sh", "-c", "sleep 60"}, here, 0.2).how, How::timed_out);
  EXPECT_EQ(desist::run_program({"sh", "-c", "exec 2>&-; sleep 60"}, here, 0.2).how, How::timed_out);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(20));
}

TEST_F(WriteResults, FiguresAreDrawnWhereNodeIs) {
  const bool node = desist::run_program({"node", "--version"}, folder_, 30).how == desist::Ended::How::succeeded;
  const bool rsvg =
      desist::run_program({"rsvg-convert", "--version"}, folder_, 30).how == desist::Ended::How::succeeded;
  if (!node || !rsvg || !fs::exists(DESIST_RENDER_BUNDLE)) GTEST_SKIP() << "no node, rsvg-convert or renderer here";
  const desist::RenderTools tools{DESIST_RENDER_BUNDLE, DESIST_PAGE_BUNDLE};
  const desist::Written first = desist::write_results(desist::tests::projection_input(), target_, tools);
  EXPECT_THAT(first.not_made, testing::IsEmpty());
  EXPECT_THAT(first.files, testing::IsSupersetOf({"figures/backlog_by_week.svg", "figures/chance_of_clear.pdf"}));
  EXPECT_THAT(read_file(target_ / "figures" / "backlog_by_week.svg"), testing::HasSubstr("Revised referral criteria"));
  const std::string page = read_file(target_ / "report.html");
  EXPECT_THAT(page, testing::HasSubstr("<svg"));
  EXPECT_THAT(page, testing::Not(testing::HasSubstr("<script")));
  EXPECT_LT(page.size(), 400U * 1024U);
  desist::write_results(desist::tests::projection_input(), folder_ / "again", tools);
  for (const char* name : {"figures/backlog_by_week.svg", "figures/what_decides.pdf", "report.html"}) {
    EXPECT_EQ(read_file(target_ / name), read_file(folder_ / "again" / name)) << name;
  }
}

}  // namespace
