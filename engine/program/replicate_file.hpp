// The file of one row a replicate, for those who want to analyse futures themselves (plan.keep = "replicates").
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/program/experiment_spec.hpp"
#include "engine/report/write_results.hpp"

namespace desist {

/// Writes one row a replicate into a file beside the results while the run goes on; it becomes replicates.csv in them.
class ReplicateFile {
 public:
  ReplicateFile(const ExperimentSpec& spec, const std::string& directory);
  ~ReplicateFile();  // removes what was not taken in
  ReplicateFile(const ReplicateFile&) = delete;
  ReplicateFile& operator=(const ReplicateFile&) = delete;

  /// Opens the file and gives what the runner calls with every replicate: variants of tornados are left out.
  /// Throws Failure(cannot_write).
  std::function<void(std::uint64_t draw, std::uint64_t replicate, std::size_t arm, std::span<const double> outcomes)>
  writer();
  /// Ends the file, which the results then take in. Throws Failure(cannot_write).
  MadeFile finished();

 private:
  void row(std::uint64_t draw, std::uint64_t replicate, const std::string& arm, std::span<const double> outcomes);
  [[noreturn]] void refuse(int error) const;

  std::vector<std::string> arms_;  // "" for variants
  std::vector<std::string> names_;
  std::string path_;
  std::FILE* file_ = nullptr;
};

}  // namespace desist
