// The sound appraisal of tests/data/experiments, read with a part of it replaced: for tests of its reader.
#pragma once

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "engine/program/experiment_spec.hpp"
#include "tests/program/shipped.hpp"
#include "tests/read_file.hpp"

namespace desist::tests {

inline const std::string data_folder = std::string(DESIST_TEST_DATA) + "/experiments/";

class Appraisals : public testing::Test {
 protected:
  Appraisals() : folder_(testing::TempDir() + "appraisals_" + std::to_string(::getpid())) {
    std::filesystem::create_directories(folder_);
    std::filesystem::copy(data_folder + "evidence", folder_ + "/evidence",
                          std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
    sound_ = read_file(data_folder + "appraisal.toml");
  }
  ~Appraisals() override { std::filesystem::remove_all(folder_); }

  ExperimentSpec read(const std::string& text) {
    std::ofstream(folder_ + "/x.toml", std::ios::binary) << text;
    return read_experiment(folder_ + "/x.toml", known, shipped_evidence);
  }
  std::string problems(const std::string& text) {
    try {
      read(text);
      return "";
    } catch (const Failure& failure) {
      std::string message = failure.what();
      for (std::size_t at = message.find(folder_ + "/"); at != std::string::npos; at = message.find(folder_ + "/"))
        message.erase(at, folder_.size() + 1);
      return message;
    }
  }
  std::string with(const std::string& old, const std::string& by) const {
    const std::size_t at = sound_.find(old);
    if (at == std::string::npos) throw std::invalid_argument("the file does not hold: " + old);
    std::string text = sound_;
    return text.replace(at, old.size(), by);
  }
  static const AppraisalInput& input(const ExperimentSpec& spec, const std::string& name) {
    for (const AppraisalInput& each : spec.appraisal->inputs)
      if (each.name == name) return each;
    throw std::out_of_range(name);
  }
  static std::vector<std::string> rules(const ExperimentSpec& spec) {
    std::vector<std::string> all;
    for (const AppraisalWarning& each : spec.appraisal->warnings) all.push_back(each.rule + ": " + each.text);
    return all;
  }

  std::string folder_, sound_;
};

}  // namespace desist::tests
