// What tests need of files.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace desist::tests {

/// Every byte of a file; none where it cannot be read.
inline std::string read_file(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace desist::tests
