// How fast a file of people is read into columns. By hand: build/dev/tests/bench/csv_bench [ROWS [FILE]]
// Writes the file (kept where it is named), reads it five times, and prints seconds and MB/s (of the wall, and of
// the processor for machines shared with others), peak memory and two sums as a check.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <sys/resource.h>

#include "engine/data/csv_file.hpp"

namespace {

using namespace desist;

// A linear congruential generator (Knuth's MMIX constants): rows that look like people, the same on every machine.
class Luck {
 public:
  int below(int n) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<int>((state_ >> 33) % static_cast<unsigned>(n));
  }

 private:
  unsigned long long state_ = 1;
};

void write_people(const std::string& path, int rows) {
  std::ofstream file(path, std::ios::binary);
  file << "person,arm,sex,age,index_date,follow_up_end,risk_score,prior_offences,reoffended,days,weekly_spend,area\n";
  const char* areas[] = {"Hampshire", "Isle of Wight", "Leeds", "\"Bristol, city\""};
  Luck luck;
  std::string block;
  for (int i = 0; i < rows; ++i) {
    const bool treated = luck.below(2) == 1;
    const int age = 18 + luck.below(50), year = 2015 + luck.below(6), month = 1 + luck.below(12),
              day = 1 + luck.below(28);
    const int score = luck.below(100000), priors = luck.below(40), days = luck.below(730), spend = luck.below(30000);
    block += fmt::format("P{:07},{},{},{},{}-{:02}-{:02},{}-{:02}-{:02},{}.{:05},{},{},{},", i,
                         treated ? "treated" : "comparison", luck.below(5) == 0 ? "F" : "M", age, year, month, day,
                         year + 2, month, day, score % 100, score, priors, luck.below(2), days);
    block += luck.below(10) == 0 ? std::string(",") : fmt::format("{}.{:02},", spend / 100, spend % 100);
    block += areas[luck.below(4)];
    block += '\n';
    if (block.size() > (1u << 20)) {
      file << block;
      block.clear();
    }
  }
  file << block;
}

}  // namespace

int main(int argc, char** argv) {
  const int rows = argc > 1 ? std::atoi(argv[1]) : 2000000;
  const std::string path =
      argc > 2 ? argv[2] : (std::filesystem::temp_directory_path() / "desist_csv_bench.csv").string();
  write_people(path, rows);
  using enum ColumnType;
  FileDeclaration declaration;
  const auto declare = [&](const char* name, ColumnType type) {
    DeclaredColumn column;
    column.name = name;
    column.type = type;
    declaration.columns.push_back(column);
  };
  declare("person", text), declare("arm", category), declare("sex", category), declare("age", integer);
  declare("index_date", date), declare("follow_up_end", date), declare("risk_score", number);
  declare("prior_offences", integer), declare("reoffended", yes_no), declare("days", integer);
  declare("weekly_spend", number), declare("area", category);

  const auto processor = [] { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; };
  std::vector<double> seconds, processor_seconds;
  double ages = 0, spent = 0;
  for (int round = 0; round < 5; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    const double processor_begin = processor();
    const DataFile file = read_data_file(path, declaration);
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    processor_seconds.push_back(processor() - processor_begin);
    if (!file.problems.empty() || file.rows != static_cast<std::size_t>(rows)) return EXIT_FAILURE;
    ages = spent = 0;
    for (const double age : file.column("age").values) ages += age;
    for (const double amount : file.column("weekly_spend").values) spent += amount;
  }
  std::sort(seconds.begin(), seconds.end());
  std::sort(processor_seconds.begin(), processor_seconds.end());
  const double megabytes = static_cast<double>(std::filesystem::file_size(path)) / 1e6;
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  std::cout << fmt::format(
      "{} rows, {:.0f} MB, medians of 5: {:.3f} s, {:.0f} MB/s; of processor time {:.3f} s, {:.0f} MB/s; peak {} MB; "
      "sum of ages {}, of spend {:.2f}\n",
      rows, megabytes, seconds[2], megabytes / seconds[2], processor_seconds[2], megabytes / processor_seconds[2],
      use.ru_maxrss / 1024, ages, spent);
  if (argc <= 2) std::filesystem::remove(path);
  return EXIT_SUCCESS;
}
