#include "engine/program/replicate_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "engine/core/diagnostics.hpp"
#include "engine/core/text.hpp"

namespace desist {

ReplicateFile::ReplicateFile(const ExperimentSpec& spec, const std::string& directory)
    // Named as the folders of runs under way are: one that a killed run leaves goes with the next results.
    : path_(fmt::format("{}.writing-{}.replicates", directory, getpid())) {
  for (const Arm& arm : spec.arms) arms_.push_back(arm.variant ? "" : arm.name);
  for (const OutcomeSlot& slot : outcome_slots(*spec.model, spec.arms.front().layout)) {
    const std::string& name = spec.model->outcomes[slot.field].name;
    names_.push_back(slot.item.empty() ? name : name + "[" + slot.item + "]");
  }
}

ReplicateFile::~ReplicateFile() {
  if (file_ != nullptr) std::fclose(file_);
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

std::function<void(std::uint64_t, std::uint64_t, std::size_t, std::span<const double>)> ReplicateFile::writer() {
  file_ = std::fopen(path_.c_str(), "w");
  if (file_ == nullptr) refuse(errno);
  std::string header = "draw,arm,replicate";
  for (const std::string& name : names_) header += "," + name;
  fmt::print(file_, "{}\n", header);
  return [this](std::uint64_t draw, std::uint64_t replicate, std::size_t arm, std::span<const double> outcomes) {
    if (!arms_[arm].empty()) row(draw, replicate, arms_[arm], outcomes);
  };
}

void ReplicateFile::row(std::uint64_t draw, std::uint64_t replicate, const std::string& arm,
                        std::span<const double> outcomes) {
  std::string line = fmt::format("{},{},{}", draw, arm, replicate);
  for (const double value : outcomes) line += value == value ? "," + shortest(value) : ",";
  line += '\n';
  if (std::fwrite(line.data(), 1, line.size(), file_) != line.size()) refuse(errno);
}

MadeFile ReplicateFile::finished() {
  const bool closed = std::fclose(file_) == 0;
  file_ = nullptr;
  if (!closed) refuse(errno);
  return {"replicates.csv", path_};
}

void ReplicateFile::refuse(int error) const {
  throw Failure(ExitCode::cannot_write, fmt::format("desist: cannot write the file of replicates {}: {}\n"
                                                    "  leave keep out of [plan], or name another folder with --out",
                                                    path_, std::strerror(error)));
}

}  // namespace desist
