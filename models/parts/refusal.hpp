// How a plan refuses parameters that contradict each other, before anything is run.
#pragma once

#include <stdexcept>

namespace desist {

/// Throws std::invalid_argument with `why`, which names the parameters.
inline void refuse_unless(bool is_sound, const char* why) {
  if (!is_sound) throw std::invalid_argument(why);
}

}  // namespace desist
