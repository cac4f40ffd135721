// The rules of docs/architecture.md 3 that a compiler does not check: who may include whom, what only some files may
// use, and that no two types share a name. Each rule is first shown to find a planted fault.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace desist {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string closes_namespace = "}  // namespace";  // as clang-format writes it

bool starts_with(const std::string& text, const std::string& prefix) { return text.rfind(prefix, 0) == 0; }

struct Source {
  std::string path;                // from the root, as an include line spells it
  std::vector<std::string> lines;  // without comments, but for the one that says which brace closes a namespace
};

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream stream(file);
  EXPECT_TRUE(stream) << file;
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// The files of these folders whose names have one of these endings, in order of path.
std::vector<Source> sources(const fs::path& root, const std::vector<std::string>& folders,
                            const std::set<std::string>& endings) {
  std::vector<Source> found;
  for (const std::string& folder : folders) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (!entry.is_regular_file() || !endings.count(entry.path().extension())) continue;
      Source source{fs::relative(entry.path(), root), lines_of(entry.path())};
      for (std::string& line : source.lines) {
        if (!starts_with(line, closes_namespace)) line = line.substr(0, line.find("//"));
      }
      found.push_back(source);
    }
  }
  std::sort(found.begin(), found.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
  return found;
}

std::vector<Source> code(const fs::path& root) { return sources(root, {"engine", "models"}, {".cpp", ".hpp"}); }

/// Where a file belongs in the picture: a folder of engine/, or models.
std::string folder_of(const std::string& path) {
  const fs::path parts(path);
  auto part = parts.begin();
  return *part == "engine" ? (++part)->string() : part->string();
}

// --- who may include whom ---

/// For a folder, or a file named by its path, the folders that the picture lets it include.
using Picture = std::map<std::string, std::set<std::string>>;

/// The lines `a <- b, c` of the picture, each read "b and c may include a", and what follows from them one by another.
Picture read_picture(const std::vector<std::string>& page) {
  std::vector<std::pair<std::string, std::string>> arrows;
  std::set<std::string> folders;
  bool inside = false;
  for (const std::string& line : page) {
    if (starts_with(line, "## ")) inside = starts_with(line, "## 3.");
    const auto arrow = line.find(" <- ");
    if (!inside || arrow == std::string::npos) continue;
    const std::string name = line.substr(0, line.find_last_not_of(' ', arrow) + 1);
    if (name != "all engine") folders.insert(name);
    std::stringstream readers(line.substr(arrow + 4, line.find('(') - arrow - 4));
    for (std::string reader; std::getline(readers, reader, ',');) {
      const auto begin = reader.find_first_not_of(' ');
      arrows.emplace_back(name, reader.substr(begin, reader.find_last_not_of(' ') + 1 - begin));
      if (arrows.back().second != "everything") folders.insert(arrows.back().second);
    }
  }
  Picture may;
  for (const auto& [name, reader] : arrows) {
    const std::set<std::string> names = name == "all engine" ? folders : std::set<std::string>{name};
    for (const std::string& each : reader == "everything" ? folders : std::set<std::string>{reader}) {
      for (const std::string& known : names) {
        if (!starts_with(known, "models")) may[each].insert(known);
      }
    }
  }
  for (auto& [folder, known] : may) {
    known.insert(folder);
    for (std::size_t before = 0; before != known.size();) {
      before = known.size();
      for (const std::string& each : std::set<std::string>(known)) known.insert(may[each].begin(), may[each].end());
    }
  }
  return may;
}

std::vector<std::string> forbidden_includes(const std::vector<Source>& files, Picture may) {
  static const std::regex include(R"re(^#include "((engine|models)/[^"]+)")re");
  std::vector<std::string> found;
  for (const Source& source : files) {
    const std::string folder = folder_of(source.path);
    for (const std::string& line : source.lines) {
      std::smatch match;
      if (!std::regex_search(line, match, include)) continue;
      const std::string target = folder_of(match[1]);
      if (may[folder].count(target) || may[source.path].count(target)) continue;
      found.push_back(fmt::format("{} includes {}", source.path, match[1].str()));
    }
  }
  return found;
}

// --- what only some may use ---

struct Rule {
  std::string what;
  std::string pattern;
  std::string where;                // prefix of the paths it holds for; "" for all
  std::vector<std::string> except;  // prefixes of paths that may
};

const std::vector<Rule> code_rules = {
    {"an algorithm on random numbers that the standard does not fix",
     R"(std::(\w+_distribution|rand|srand|random_device|shuffle|sample|default_random_engine|mt19937\w*)\b)",
     "",
     {}},
    {"a log-gamma function that writes a global sign", R"((std::|[^:\w]|^)lgamma\w*\()", "", {}},
    {"a clock",
     R"(\b(file|gps|high_resolution|steady|system|tai|utc)_clock\b|\bstd::(time|clock)\(|\b(clock_)?gettime(ofday)?\()",
     "",
     {"engine/program/", "engine/report/render.cpp", "engine/simulation/simulate.cpp"}},
    {"a file",
     R"(\bstd::w?[io]?fstream\b|\bfopen\(|(^|[^:\w.])::open\()",
     "",
     {"engine/data/csv_text.cpp", "engine/program/", "engine/report/", "engine/simulation/checkpoint.cpp"}},
    {"a thread",
     R"(#include <(thread|mutex|future|condition_variable)>|std::thread\b)",
     "",
     {"engine/core/executor.cpp", "engine/program/"}},
    {"TOML or arguments", R"(#include <(toml\+\+|CLI)/)", "", {"engine/program/"}},
    // One of a type's own is aligned for it: DesistOptions.cmake does without that check.
    {"memory as another type", R"(\breinterpret_cast<(?!(const )?char\*>))", "", {}},
    {"more than numbers", R"(#include "engine/core/(?!boost_policy|limits))", "engine/statistics/", {}},
};
const std::vector<Rule> build_rules = {
    {"arithmetic that a compiler may reorder", R"(-f(fast|unsafe|associative)-math|-Ofast|-march=native)", "", {}}};

std::vector<std::string> forbidden_uses(const std::vector<Source>& files, const std::vector<Rule>& rules) {
  std::vector<std::string> found;
  for (const Rule& rule : rules) {
    const std::regex pattern(rule.pattern, std::regex::optimize);
    for (const Source& source : files) {
      if (!starts_with(source.path, rule.where)) continue;
      if (std::any_of(rule.except.begin(), rule.except.end(),
                      [&](const std::string& prefix) { return starts_with(source.path, prefix); }))
        continue;
      for (std::size_t n = 0; n < source.lines.size(); ++n) {
        if (std::regex_search(source.lines[n], pattern))
          found.push_back(fmt::format("{}:{} uses {}", source.path, n + 1, rule.what));
      }
    }
  }
  return found;
}

// --- names of types ---

/// Types of one full name in two files: the linker takes one's members for both, and says nothing.
/// Indentation is clang-format's, so a type of a namespace begins its line.
std::vector<std::string> names_shared(const std::vector<Source>& files) {
  static const std::regex opens(R"(^(inline )?namespace ?([\w:]*) ?\{)");
  static const std::regex defines(R"(^(struct|class|enum class|enum|union) (\w+)( final)?( : .*)? ?\{|^using (\w+) =)");
  std::map<std::string, std::set<std::string>> places;
  for (const Source& source : files) {
    std::vector<std::string> around;
    for (const std::string& line : source.lines) {
      std::smatch match;
      if (std::regex_search(line, match, opens)) {
        around.push_back(match[2].length() > 0 ? match[2].str()
                                               : "in " + source.path);  // without a name: this file's own
      } else if (starts_with(line, closes_namespace)) {
        around.pop_back();
      } else if (std::regex_search(line, match, defines)) {
        std::string name;
        for (const std::string& each : around) name += each + "::";
        places[name + match[2].str() + match[5].str()].insert(source.path);
      }
    }
  }
  std::vector<std::string> found;
  for (const auto& [name, paths] : places) {
    if (paths.size() > 1) found.push_back(fmt::format("{} in {}", name, fmt::join(paths, " and ")));
  }
  return found;
}

// --- what is said to verify a thing ---

/// A test by any name it is found under: its program, its file, its suite or the suite's case.
struct TestNames {
  std::set<std::string> tests;
  std::map<std::string, std::set<std::string>> cases;  // by suite and by file
};

TestNames names_of_tests(const fs::path& root) {
  static const std::regex a_case(R"(^TEST(?:_F|_P)?\((\w+),\s*(\w+)\))");
  static const std::regex added(R"((?:desist_add_test\(|add_test\(NAME )(\w+))");
  TestNames names;
  for (const auto& entry : fs::recursive_directory_iterator(root / "tests")) {
    const fs::path& path = entry.path();
    const bool program = path.extension() == ".cpp";
    if (!program && path.filename() != "CMakeLists.txt") continue;
    if (program) names.tests.insert(path.stem());
    for (const std::string& line : lines_of(path)) {
      std::smatch match;
      if (program && std::regex_search(line, match, a_case)) {
        names.tests.insert(match[1]);
        names.cases[match[1]].insert(match[2]);
        names.cases[path.stem()].insert(match[2]);
      } else if (!program && std::regex_search(line, match, added)) {
        names.tests.insert(match[1]);
      }
    }
  }
  return names;
}

std::string trimmed_words(const std::string& text) {
  std::stringstream words(text);
  std::string all;
  for (std::string word; words >> word;) all += (all.empty() ? "" : " ") + word;
  return all;
}

/// Each "Verified by: a_test; b_test A_case." of a comment that names what is not there. Words in brackets, and those
/// after a name that hold no underscore, say how.
std::vector<std::string> unverified(const fs::path& root, const TestNames& names) {
  static const std::regex said(R"(Verified by:\s*([^/]*?\w\)?)(\.?\s*$|\.\s))");
  static const std::regex bracket(R"(\([^)]*\))");
  std::vector<std::string> found;
  for (const char* folder : {"engine", "models"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() != ".hpp" && entry.path().extension() != ".cpp") continue;
      std::string comment;
      const auto judge = [&] {
        for (auto match = std::sregex_iterator(comment.begin(), comment.end(), said); match != std::sregex_iterator();
             ++match) {
          std::string all = std::regex_replace((*match)[1].str(), bracket, "");
          std::replace(all.begin(), all.end(), ',', ';');
          std::stringstream parts(all);
          std::string suite;
          for (std::string part; std::getline(parts, part, ';');) {
            std::stringstream words(part);
            std::string name, how;
            words >> name >> how;
            if (names.tests.count(name)) suite = name;
            const auto its = names.cases.find(suite);
            const auto has = [&](const std::string& word) {
              return its != names.cases.end() && its->second.count(word);
            };
            const bool known = names.tests.count(name) || (!suite.empty() && has(name));
            if (!known || (how.find('_') != std::string::npos && !has(how)))
              found.push_back(fmt::format("{}: {}", fs::relative(entry.path(), root).string(), trimmed_words(part)));
          }
        }
        comment.clear();
      };
      for (const std::string& line : lines_of(entry.path())) {
        const auto slashes = line.find("//");
        if (slashes == std::string::npos) {
          judge();
          continue;
        }
        const auto text = line.find_first_not_of("/ ", slashes);
        if (text != std::string::npos) comment += " " + line.substr(text);
      }
      judge();
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

// --- the rules, and that each can fail ---

class SourceRulesTest : public testing::Test {
 protected:
  SourceRulesTest() {
    for (const char* folder : {"engine", "models"}) fs::create_directories(planted_ / folder);
  }
  ~SourceRulesTest() override { fs::remove_all(planted_); }
  SourceRulesTest(const SourceRulesTest&) = delete;
  SourceRulesTest& operator=(const SourceRulesTest&) = delete;

  void plant(const std::string& path, const std::string& text) const {
    fs::create_directories((planted_ / path).parent_path());
    std::ofstream(planted_ / path) << text;
  }

  const fs::path root_ = DESIST_SOURCE_DIR;
  const Picture picture_ = read_picture(lines_of(root_ / "docs/architecture.md"));
  const fs::path planted_ = fs::temp_directory_path() / fmt::format("desist_source_rules_{}", ::getpid());
};

TEST_F(SourceRulesTest, ThePictureIsRead) {
  const Picture picture =
      read_picture({"## 2. Other", "x <- y", "## 3. Who", "core <- everything  (words)", "low  <- middle, models",
                    "middle <- high", "all engine <- high", "high <- models/main.cpp", "## 4. More", "z <- y"});
  EXPECT_THAT(picture.at("core"), ElementsAre("core"));
  EXPECT_THAT(picture.at("middle"), ElementsAre("core", "low", "middle"));
  EXPECT_THAT(picture.at("high"), ElementsAre("core", "high", "low", "middle"));
  EXPECT_THAT(picture.at("models"), ElementsAre("core", "low", "models"));
  EXPECT_TRUE(picture.at("models/main.cpp").count("high"));
}

TEST_F(SourceRulesTest, ThePictureShowsTheFoldersThatThereAre) {
  std::set<std::string> shown;
  for (const auto& [folder, known] : picture_) shown.insert(folder);
  std::set<std::string> present = {"models", "models/main.cpp"};
  for (const auto& entry : fs::directory_iterator(root_ / "engine")) {
    if (entry.is_directory()) present.insert(entry.path().filename());
  }
  EXPECT_EQ(shown, present);
}

TEST_F(SourceRulesTest, IncludesFollowThePicture) {
  plant("engine/random/a.cpp",
        "#include <vector>\n#include \"engine/core/b.hpp\"\n#include \"engine/simulation/b.hpp\"\n");
  plant("engine/report/a.cpp", "#include \"engine/statistics/b.hpp\"\n#include \"models/b.hpp\"\n");
  plant("engine/new_folder/a.hpp", "#include \"engine/random/b.hpp\"\n");
  plant("models/a.cpp", "#include \"models/b.hpp\"\n#include \"engine/program/b.hpp\"\n");
  plant("models/main.cpp", "#include \"models/b.hpp\"\n#include \"engine/program/b.hpp\"\n");
  EXPECT_THAT(forbidden_includes(code(planted_), picture_),
              ElementsAre("engine/new_folder/a.hpp includes engine/random/b.hpp",
                          "engine/random/a.cpp includes engine/simulation/b.hpp",
                          "engine/report/a.cpp includes models/b.hpp", "models/a.cpp includes engine/program/b.hpp"));
  EXPECT_THAT(forbidden_includes(code(root_), picture_), IsEmpty());
}

TEST_F(SourceRulesTest, WhatOnlySomeMayUseIsUsedThere) {
  plant("engine/core/a.cpp",
        "// std::rand() and lgamma(x) in a comment\nint a = std::rand();\nstd::normal_distribution<double> law;\n");
  plant("engine/random/a.cpp",
        "double b = boost::math::lgamma(x);\ndouble c = std::lgamma(x);\ndouble d = lgamma_r(x, &s);\n");
  plant("engine/search/a.cpp", "const auto now = std::chrono::steady_clock::now();\nstd::ofstream(\"a\") << now;\n");
  plant("engine/data/a.cpp", "const int descriptor = ::open(path, O_RDONLY);\n");
  plant("engine/simulation/a.cpp",
        "auto b = reinterpret_cast<const char*>(&value);\nauto v = reinterpret_cast<const double*>(b + 1);\n");
  plant("engine/statistics/a.cpp", "#include \"engine/core/boost_policy.hpp\"\n#include \"engine/core/table.hpp\"\n");
  plant("models/a.hpp", "#include <thread>\n#include <toml++/toml.h>\n");
  plant("engine/program/a.cpp", "#include <thread>\n#include <toml++/toml.h>\nauto now = std::time(nullptr);\n");
  EXPECT_THAT(
      forbidden_uses(code(planted_), code_rules),
      ElementsAre("engine/core/a.cpp:2 uses an algorithm on random numbers that the standard does not fix",
                  "engine/core/a.cpp:3 uses an algorithm on random numbers that the standard does not fix",
                  "engine/random/a.cpp:2 uses a log-gamma function that writes a global sign",
                  "engine/random/a.cpp:3 uses a log-gamma function that writes a global sign",
                  "engine/search/a.cpp:1 uses a clock", "engine/data/a.cpp:1 uses a file",
                  "engine/search/a.cpp:2 uses a file", "models/a.hpp:1 uses a thread",
                  "models/a.hpp:2 uses TOML or arguments", "engine/simulation/a.cpp:2 uses memory as another type",
                  "engine/statistics/a.cpp:2 uses more than numbers"));
  EXPECT_THAT(forbidden_uses(code(root_), code_rules), IsEmpty());
}

TEST_F(SourceRulesTest, NoBuildFileLetsArithmeticMove) {
  plant("cmake/a.cmake", "target_compile_options(a PRIVATE -O2 -ffast-math)\n");
  EXPECT_THAT(forbidden_uses(sources(planted_, {"cmake"}, {".cmake"}), build_rules),
              ElementsAre("cmake/a.cmake:1 uses arithmetic that a compiler may reorder"));
  std::vector<Source> files = sources(root_, {"cmake", "engine", "models", "tests"}, {".cmake", ".txt"});
  for (const char* name : {"CMakeLists.txt", "CMakePresets.json", "desist"})
    files.push_back({name, lines_of(root_ / name)});
  EXPECT_THAT(forbidden_uses(files, build_rules), IsEmpty());
}

TEST_F(SourceRulesTest, WhatIsVerifiedIsVerifiedByATest) {
  plant("tests/core/a_test.cpp", "TEST(suite_test, One_case) {\nTEST_F(Other, Second_case) {\n");
  plant("tests/core/CMakeLists.txt",
        "desist_add_test(core_test KIND unit SOURCES a_test.cpp)\nadd_test(NAME smoke COMMAND b)\n");
  plant("engine/core/a.hpp",
        "/// Good. Verified by: core_test; a_test, suite_test\n/// One_case; smoke.\nint a;\n/// Verified by: a_test "
        "(of R), "
        "Second_case.\nint b;  // Verified by: a_test against two others\n");
  plant("models/a.hpp",
        "/// Verified by: gone_test. More words, not_a_test.\nint a;\n/// Verified by: suite_test Second_case; "
        "core_test\nint b;\n");
  EXPECT_THAT(unverified(planted_, names_of_tests(planted_)),
              ElementsAre("models/a.hpp: gone_test", "models/a.hpp: suite_test Second_case"));
  EXPECT_THAT(unverified(root_, names_of_tests(root_)), IsEmpty());
}

TEST_F(SourceRulesTest, NoTwoTypesShareAName) {
  plant("engine/core/a.hpp",
        "namespace desist {\nstruct Figure;\nstruct Figure {\n};\nclass Same : public Base {\n};\n}  // namespace "
        "desist\n");
  plant("engine/core/b.cpp",
        "namespace desist {\nnamespace {\nstruct Figure {\n};\n}  // namespace\n}  // namespace desist\n");
  plant("engine/core/c.cpp", "namespace desist::inner {\nstruct Figure {\n};\n}  // namespace desist::inner\n");
  plant("models/d.cpp",
        "namespace desist {\nnamespace {\n}  // namespace\nstruct Figure {\n};\nusing Same = int;\n}  // namespace "
        "desist\n");
  EXPECT_THAT(names_shared(code(planted_)), ElementsAre("desist::Figure in engine/core/a.hpp and models/d.cpp",
                                                        "desist::Same in engine/core/a.hpp and models/d.cpp"));
  EXPECT_THAT(names_shared(code(root_)), IsEmpty());
}

}  // namespace
}  // namespace desist
