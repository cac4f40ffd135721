// Storage for arrays of many megabytes.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <limits>
#include <new>
#include <utility>
#include <vector>

#include <sys/mman.h>

namespace desist {

/// An allocator that asks Linux for pages of 2 MB where an array is that large: a first touch of 4 kB each, and a miss
/// of the address cache at each jump, would else take most of the time of reading a file. Elsewhere it is malloc.
template <class T>
struct LargeAllocator {
  using value_type = T;
  static constexpr std::size_t page = std::size_t{2} << 20;

  LargeAllocator() = default;
  template <class U>
  LargeAllocator(const LargeAllocator<U>&) {}  // an allocator converts, as the standard wants

  T* allocate(std::size_t count) {
    if (count > (std::numeric_limits<std::size_t>::max() - page) / sizeof(T)) throw std::bad_alloc();
    const std::size_t bytes = count * sizeof(T);
    void* memory = nullptr;
    if (bytes < page) {
      memory = std::malloc(bytes);
    } else {
      memory = std::aligned_alloc(page, (bytes + page - 1) / page * page);
#ifdef MADV_HUGEPAGE
      if (memory != nullptr) ::madvise(memory, bytes, MADV_HUGEPAGE);  // advice: nothing depends on it
#endif
    }
    if (memory == nullptr) throw std::bad_alloc();
    return static_cast<T*>(memory);
  }
  template <class U>
  void construct(U* place) {
    ::new (static_cast<void*>(place)) U;  // not U(): bytes that a file will fill are not written twice
  }
  template <class U, class... Arguments>
  void construct(U* place, Arguments&&... arguments) {
    ::new (static_cast<void*>(place)) U(std::forward<Arguments>(arguments)...);
  }
  void deallocate(T* memory, std::size_t) { std::free(memory); }
  friend bool operator==(LargeAllocator, LargeAllocator) { return true; }
};

template <class T>
using LargeVector = std::vector<T, LargeAllocator<T>>;

}  // namespace desist
