// A finished prefix of a run on disk: killed at any moment, the run goes on from there to the same bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace desist {

/// What a run needs to go on.
struct Checkpoint {
  std::size_t next_chunk = 0;  // all before it are folded
  std::string folded;          // the bytes of the accumulators
};

/// Writes a checkpoint beside `path` and renames it there, so that a kill leaves the old one or the new one, whole.
/// Throws Failure (cannot_write).
void write_checkpoint(const std::string& path, std::uint64_t digest, const Checkpoint& checkpoint);

/// The checkpoint at `path`; none if there is no such file, or if it is damaged, of another run or of another build:
/// then `note` says so in a sentence, and the run starts at the beginning. Never a part of one.
std::optional<Checkpoint> read_checkpoint(const std::string& path, std::uint64_t digest, std::string& note);

/// Removes what write_checkpoint left, if anything.
void remove_checkpoint(const std::string& path);

}  // namespace desist
