// Writes the first draws of neighbouring keys to standard output, for a battery of tests, until nobody reads them.
//
//   first_draws entity|replicate|ordinal|draw|seed     streams whose keys differ by one in that place
//   first_draws additive                               pcg64 seeded with 0, 1, 2, ... : what the battery must refuse
#include <cstdio>
#include <string_view>
#include <vector>

#include "engine/random/stream.hpp"

namespace {

using desist::Purpose;
using desist::Streams;

std::uint64_t first_draw(std::string_view along, std::uint64_t i) {
  constexpr Purpose purpose("battery");
  if (along == "entity") return Streams(1, 0, 0).open(purpose, i)();
  if (along == "replicate") return Streams(1, 0, i).open(purpose, 0)();
  if (along == "ordinal") return Streams(1, 0, 0).open(purpose, 0, i)();
  if (along == "draw") return Streams(1, i, 0).open(purpose, 0)();
  if (along == "seed") return Streams(i, 0, 0).open(purpose, 0)();
  return pcg64(i)();
}

}  // namespace

int main(int count, char** words) {
  const std::string_view along = count == 2 ? words[1] : "";
  constexpr std::string_view known = "entity replicate ordinal draw seed additive";
  if (along.empty() || known.find(along) == std::string_view::npos) {
    std::fputs("usage: first_draws entity|replicate|ordinal|draw|seed|additive\n", stderr);
    return 2;
  }
  std::vector<std::uint64_t> block(1U << 16U);
  std::uint64_t i = 0;
  do {
    for (std::uint64_t& word : block) word = first_draw(along, i++);
  } while (std::fwrite(block.data(), sizeof(std::uint64_t), block.size(), stdout) == block.size());
  return 0;
}
