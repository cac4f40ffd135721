// The committed results of every shipped experiment are what a run of it gives, byte for byte.
//
// DESIST_UPDATE_GOLDEN=1 writes them anew. Pictures and the page that holds them are compared where this machine can
// draw, PDFs left out; the manifest without its `run` block.
#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "tests/program/process.hpp"

namespace desist::test {
namespace {

const fs::path source = DESIST_SOURCE_DIR;

std::vector<std::string> shipped() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(source / "experiments")) {
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool is_drawn(const std::string& name) { return name.ends_with(".svg") || name.ends_with(".pdf"); }

class Results : public InFolder, public testing::WithParamInterface<std::string> {};

TEST_P(Results, Are_reproduced) {
  const std::string& name = GetParam();
  const fs::path committed = source / "results" / name;
  const char* update = std::getenv("DESIST_UPDATE_GOLDEN");
  // The report says how the file was named: as the README does, from the root of the repository.
  fs::create_directory_symlink(source / "experiments", path("experiments"));
  const Ended run = desist({"run", "experiments/" + name + ".toml"});
  ASSERT_EQ(run.code, 0) << run.error;
  std::istringstream screen(run.out);  // only a claim that is quoted may be cut
  for (std::string line; std::getline(screen, line);)
    EXPECT_TRUE(!line.ends_with("...") || line.starts_with("Claim")) << line;
  if (update != nullptr && std::string(update) == "1") {
    fs::remove_all(committed);
    fs::create_directories(committed.parent_path());
    fs::copy(path("results") / name, committed, fs::copy_options::recursive);
  }
  ASSERT_TRUE(fs::exists(committed)) << "no committed results: DESIST_UPDATE_GOLDEN=1 ctest -R results_test makes them";

  auto made = results_in(path("results") / name);
  auto expected = results_in(committed);
  // What this machine cannot draw it cannot compare, nor the page, which then draws itself.
  bool page = true;
  for (auto file = expected.begin(); file != expected.end();) {
    // The bytes of a PDF are those of the machine's rsvg-convert and fonts; what is in it is the SVG, which is
    // compared.
    if (file->first.ends_with(".pdf") && made.contains(file->first)) {
      EXPECT_TRUE(made[file->first].starts_with("%PDF-")) << file->first;
      made.erase(file->first);
      file = expected.erase(file);
      continue;
    }
    const bool not_here = is_drawn(file->first) && !made.contains(file->first);
    if (not_here) std::printf("not compared, since it can't be drawn here: %s\n", file->first.c_str());
    page = page && !(not_here && file->first.ends_with(".svg"));
    file = not_here ? expected.erase(file) : std::next(file);
  }
  if (!page) {
    std::printf("not compared, since its pictures can't be drawn here: report.html\n");
    made.erase("report.html");
    expected.erase("report.html");
  }
  expect_same_results(made, expected);
}

std::string as_test_name(const testing::TestParamInfo<std::string>& each) {
  std::string name = each.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Shipped, Results, testing::ValuesIn(shipped()), as_test_name);

// Nothing is left from an experiment that is no longer shipped.
TEST(CommittedResults, Are_of_shipped_experiments) {
  const auto names = shipped();
  ASSERT_TRUE(fs::exists(source / "results"));
  for (const auto& entry : fs::directory_iterator(source / "results")) {
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(!entry.is_directory() || std::find(names.begin(), names.end(), name) != names.end()) << name;
  }
}

}  // namespace
}  // namespace desist::test
