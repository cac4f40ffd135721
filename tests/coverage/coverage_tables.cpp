// Writes the tables of coverage and size in docs/methods.md:
//   coverage_tables                    prints them
//   coverage_tables docs/methods.md    puts them between the page's two markers
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "tests/coverage/exact_tables.hpp"
#include "tests/coverage/simulation.hpp"

namespace {

using namespace desist::coverage;

constexpr std::string_view begin_marker = "<!-- coverage tables: begin -->\n";
constexpr std::string_view end_marker = "<!-- coverage tables: end -->\n";

/// Says on the terminal what took how long.
class Clock {
 public:
  void lap(const std::string& what) {
    const auto now = std::chrono::steady_clock::now();
    std::fprintf(stderr, "%7.1f s  %s\n", std::chrono::duration<double>(now - last_).count(), what.c_str());
    last_ = now;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

/// `text` between the markers of a page; false where the page can't be read, written or has no markers.
bool put_between_markers(const char* path, const std::string& text) {
  std::ifstream in(path);
  std::string page{std::istreambuf_iterator<char>(in), {}};
  const std::size_t begin = page.find(begin_marker), end = page.find(end_marker);
  if (!in || begin == std::string::npos || end == std::string::npos || end < begin) return false;
  page.replace(begin + begin_marker.size(), end - begin - begin_marker.size(), text);
  std::ofstream out(path);
  out << page;
  return static_cast<bool>(out.flush());
}

}  // namespace

int main(int argc, char** argv) {
  Clock clock;
  std::string text = "\n## Exact, by enumeration\n";
  for (const ResultTable& table : exact_tables(source_sizes())) text += "\n" + markdown(table);
  clock.lap("all exact tables");
  text += "\n## Simulated\n";
  for (const Simulation& each : simulations(source_sizes())) {
    text += "\n" + markdown(run(each));
    clock.lap(each.name);
  }
  if (argc < 2) {
    std::fputs(text.c_str(), stdout);
    return 0;
  }
  if (put_between_markers(argv[1], text + "\n")) return 0;
  std::fprintf(stderr, "%s: can't be read and written, or has no markers\n", argv[1]);
  return 2;
}
