// The words that people type: run, check, new, list, schema, replay.
#pragma once

#include "engine/program/experiment_spec.hpp"

namespace desist {

/// Does what the arguments say; returns the exit code. Whatever goes wrong is said on standard error, never thrown.
/// Verified by: command_line_test.
int run_command_line(int argc, const char* const* argv, const Catalogue& catalogue);

}  // namespace desist
