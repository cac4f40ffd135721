// Tests under a sanitizer: their loops are ten to fifty times slower.
#pragma once

namespace desist::test {

#ifdef DESIST_SANITIZED
inline constexpr int slowness = 7;
#else
inline constexpr int slowness = 1;
#endif

/// How many random trials to make where `usual` are made without a sanitizer. Each is a trial of the same code, so a
/// sanitizer, which asks whether memory and arithmetic are sound and not whether a law holds, needs fewer.
constexpr int trials(int usual) { return usual / slowness; }

}  // namespace desist::test
