#include "engine/simulation/checkpoint.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "engine/core/diagnostics.hpp"
#include "engine/core/text.hpp"
#include "engine/simulation/bytes.hpp"

namespace desist {
namespace {

constexpr std::uint64_t kind_and_version = fnv1a("desist checkpoint 1");

std::string beside(const std::string& path) { return path + ".part"; }

[[noreturn]] void fail_to_write(const std::string& path, const std::string& reason) {
  throw Failure(ExitCode::cannot_write, "cannot write the checkpoint " + path + ": " + reason);
}

}  // namespace

void write_checkpoint(const std::string& path, std::uint64_t digest, const Checkpoint& checkpoint) {
  ByteWriter head;
  head.put(kind_and_version);
  head.put(digest);
  head.put(static_cast<std::uint64_t>(checkpoint.next_chunk));
  head.put(static_cast<std::uint64_t>(checkpoint.folded.size()));
  ByteWriter foot;
  foot.put(fnv1a(checkpoint.folded, fnv1a(head.bytes())));

  std::ofstream file(beside(path), std::ios::binary | std::ios::trunc);
  file << head.bytes() << checkpoint.folded << foot.bytes();
  file.close();
  if (!file) fail_to_write(path, "the disk is full, or the folder cannot be written to");
  std::error_code error;
  std::filesystem::rename(beside(path), path, error);
  if (error) fail_to_write(path, error.message());
}

std::optional<Checkpoint> read_checkpoint(const std::string& path, std::uint64_t digest, std::string& note) {
  note.clear();
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto damaged = [&]() -> std::optional<Checkpoint> {
    note = "the checkpoint " + path + " is damaged: starting again from the first draw";
    return std::nullopt;
  };

  constexpr std::size_t head_size = 4 * sizeof(std::uint64_t);
  constexpr std::size_t foot_size = sizeof(std::uint64_t);
  if (bytes.size() < head_size + foot_size) return damaged();
  const std::string_view all = bytes;
  const std::string_view head_bytes = all.substr(0, head_size);
  const std::string_view folded = all.substr(head_size, all.size() - head_size - foot_size);
  std::uint64_t kind = 0, written_digest = 0, next_chunk = 0, size = 0, checksum = 0;
  ByteReader head(head_bytes);
  head.get(kind);
  head.get(written_digest);
  head.get(next_chunk);
  head.get(size);
  ByteReader(all.substr(all.size() - foot_size)).get(checksum);
  if (kind != kind_and_version || size != folded.size() || checksum != fnv1a(folded, fnv1a(head_bytes)))
    return damaged();
  if (written_digest != digest) {
    note =
        "the checkpoint " + path + " is of another experiment or of another build: starting again from the first draw";
    return std::nullopt;
  }
  return Checkpoint{static_cast<std::size_t>(next_chunk), std::string(folded)};
}

void remove_checkpoint(const std::string& path) {
  std::error_code ignored;  // not there: nothing to remove
  std::filesystem::remove(path, ignored);
  std::filesystem::remove(beside(path), ignored);
}

}  // namespace desist
