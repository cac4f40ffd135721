// No bytes may crash the reader, hang it, or leave an error without a place or a file without an error.
//
// With clang and DESIST_BUILD_FUZZ this is a libFuzzer target; in every other build `reader_smoke` goes through
// mutations of the shipped files, made from a printed seed.
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

#include "engine/program/reading.hpp"
#include "models/catalogue.hpp"

namespace {

using namespace desist;

const std::string shipped = std::string(DESIST_SOURCE_DIR) + "/experiments";

const Catalogue& known() {
  static const Catalogue the{catalogue()};
  return the;
}

const EvidenceLibrary& evidence() {
  static const EvidenceLibrary the = [] {
    Diagnostics found;
    EvidenceLibrary library;
    library.add_directory(shipped + "/evidence", found);
    return library;
  }();
  return the;
}

/// True where the file is sound; aborts where a refusal says nothing or has no place.
bool read(const std::string& bytes) {
  auto file = std::make_shared<SourceFile>();
  file->shown_as = shipped + "/fuzzed.toml";
  file->text = bytes;
  try {
    refuse_what_is_no_text(file);
    const ExperimentSpec spec = read_source(file, evidence(), known(), shipped + "/evidence", Wanted::experiment);
    if (check_words(spec).empty()) std::abort();
    return true;
  } catch (const Failure& failure) {
    const std::string message = failure.what();
    if (failure.code() != ExitCode::invalid_experiment || message.find("error: ") == std::string::npos) {
      std::cerr << "a refusal without a place: " << message << '\n';
      std::abort();
    }
    return false;
  }
}

}  // namespace

#ifdef DESIST_LIBFUZZER

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  read(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}

#else

namespace {

const std::vector<std::string> tokens{"[",
                                      "]",
                                      "[[",
                                      "]]",
                                      "{",
                                      "}",
                                      "=",
                                      ".",
                                      ",",
                                      "\"",
                                      "'",
                                      "\"\"\"",
                                      "#",
                                      "\n",
                                      "\r\n",
                                      "\t",
                                      "\\",
                                      "\\u0000",
                                      "\\uD800",
                                      "\xEF\xBB\xBF",
                                      "\xC3\xA9",
                                      "\xFF",
                                      "inf",
                                      "nan",
                                      "-0",
                                      "1e400",
                                      "9223372036854775808",
                                      "0x7f",
                                      "1979-05-27T07:32:00Z",
                                      "0000-01-01",
                                      "9999-12-31",
                                      "\"31/02/2024\"",
                                      "true",
                                      "value",
                                      "range",
                                      "likely",
                                      "limits = \"0.6 to 0.9\"",
                                      "error = \"0.1\"",
                                      "scale = \"ratio\"",
                                      "cut = \"why\"",
                                      "evidence",
                                      "assumption",
                                      "choice",
                                      "from",
                                      "where",
                                      "printed",
                                      "[parameters]",
                                      "[[arm]]",
                                      "[arm.set.hearings]",
                                      "combines = [\"both\"]",
                                      "[plan]",
                                      "[study]",
                                      "[[posterior]]",
                                      "[[forecast]]",
                                      "[[correlation]]",
                                      "[[need]]",
                                      "[figures]",
                                      "draw = \"tornado\"",
                                      "\"0 to 0 weeks\"",
                                      "\"-1 weeks\"",
                                      "\"49 of 0 referrals\"",
                                      "\"300 of 253 referrals\"",
                                      "\"1e308 cases per week\"",
                                      "\"0 conferences\"",
                                      "\"10001 conferences\"",
                                      "\"5 fewer in every 0\"",
                                      "\"£\"",
                                      "\"%\"",
                                      "seed = 18446744073709551616",
                                      "draws = 0",
                                      "model = \"conference\"",
                                      "ends = 2023-10-07"};

std::string mutated(std::string text, std::mt19937_64& luck, const std::vector<std::string>& files) {
  const auto below = [&](std::size_t n) { return n == 0 ? 0 : luck() % n; };
  for (std::size_t changes = 1 + below(4); changes > 0; --changes) {
    const std::size_t at = below(text.size() + 1), length = below(std::min<std::size_t>(40, text.size() - at + 1));
    switch (below(7)) {
      case 0:
        text.insert(at, tokens[below(tokens.size())]);
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.replace(at, length, tokens[below(tokens.size())]);
        break;
      case 3:
        if (at < text.size()) text[at] = static_cast<char>(luck());
        break;
      case 4:
        text.insert(below(text.size() + 1), text.substr(at, length * 4));
        break;
      case 5: {  // a line of another file
        const std::string& other = files[below(files.size())];
        const std::size_t from = other.rfind('\n', below(other.size()));
        const std::size_t begin = from == std::string::npos ? 0 : from;
        text.insert(std::min(text.find('\n', at), text.size()),
                    other.substr(begin, other.find('\n', begin + 1) - begin));
        break;
      }
      default: {  // a line moves
        const std::size_t begin = std::min(text.find('\n', at), text.size()),
                          end = std::min(text.find('\n', begin + 1), text.size());
        const std::string line = text.substr(begin, end - begin);
        text.erase(begin, end - begin);
        text.insert(std::min(text.find('\n', below(text.size() + 1)), text.size()), line);
      }
    }
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  const unsigned long runs = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 5000;
  const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  std::vector<std::string> files;
  for (const char* name : {"marac-backlog", "cara", "arv-12-months", "pipt-triage"})
    files.push_back(load_text(shipped + "/" + name + ".toml")->text);
  for (const std::string& file : files)
    if (!read(file)) return EXIT_FAILURE;  // the originals are sound
  std::mt19937_64 luck(seed);
  unsigned long sound = 0;
  for (unsigned long i = 0; i < runs; ++i) sound += read(mutated(files[i % files.size()], luck, files)) ? 1 : 0;
  std::cout << runs << " mutations from seed " << seed << ": " << sound << " sound, the others refused with a place\n";
  return sound < runs ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
