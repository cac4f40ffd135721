#include "engine/program/command_line.hpp"

#include <cstdio>
#include <exception>
#include <filesystem>
#include <sstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "engine/core/build_info.hpp"
#include "engine/core/text.hpp"
#include "engine/program/authoring.hpp"
#include "engine/program/pipeline.hpp"
#include "engine/program/tools.hpp"
#include "engine/random/stream.hpp"
#include "engine/simulation/simulate.hpp"

namespace desist {
namespace {

constexpr int usage = static_cast<int>(ExitCode::usage);

std::string version_text() {
  return fmt::format("desist {}\ncommit {}\ncompiler {}\nstream contract {}\nmaths library {}\n", project_version(),
                     commit(), compiler(), stream_contract, maths_library());
}

std::string experiments_folder() { return std::filesystem::path(find_shipped_evidence()).parent_path().string(); }

// No command or a misspelt one, before CLI11 calls it a surplus argument.
bool known_command(const CLI::App& app, int argc, const char* const* argv) {
  if (argc > 1 && argv[1][0] == '-') return true;
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  if (argc < 2) {
    fmt::print(stderr, "desist: no command\n  it is one of {}; `desist --help` says what they do\n",
               listed(names, "or"));
    return false;
  }
  const std::string word = argv[1];
  if (std::find(names.begin(), names.end(), word) != names.end()) return true;
  const bool file = word.ends_with(".toml");
  const auto near = did_you_mean(word, names);
  fmt::print(stderr, "desist: unknown command '{}'\n  {}\n", word,
             file   ? fmt::format("to run it: desist run {}", word)
             : near ? fmt::format("did you mean '{}'?", *near)
                    : "it is one of " + listed(names, "or"));
  return false;
}

struct Options {
  RunOptions run;
  ReplayOptions replay;
  EvaluateOptions evaluate;
  std::string file, kind, what;
};

void declare(CLI::App& app, Options& options) {
  app.require_subcommand(1);
  app.set_version_flag("--version", version_text());
  CLI::App* run = app.add_subcommand("run", "Run an experiment and write its results");
  run->add_option("FILE", options.run.file, "The experiment file")->required();
  run->add_option("--out", options.run.out, "Folder for the results (results/<name> where it is left out)");
  run->add_option("--threads", options.run.threads, "Threads (as many as the machine has where it is left out)")
      ->check(CLI::Range(1U, 4096U));
  run->add_flag("--json", options.run.json, "The first screen as JSON");
  run->add_flag("--quiet", options.run.quiet, "No progress bar");

  CLI::App* evaluate = app.add_subcommand("evaluate", "A first look at a data file, and the experiment file for it");
  EvaluateOptions& look = options.evaluate;
  evaluate->add_option("FILE", look.file, "A CSV file with one row a person")->required();
  evaluate->add_option("--arm", look.arm, "Column with the group that a person was put into");
  evaluate->add_option("--control", look.control, "Its value for those that the others are compared with");
  evaluate->add_option("--received", look.received, "Yes/no column: who received the programme");
  evaluate->add_option("--yes-no", look.yes_no, "Yes/no column: an outcome that a person had or not");
  evaluate->add_option("--count", look.count, "Column: how often a person had the outcome");
  evaluate->add_option("--exposure", look.exposure, "Column: time at risk, for rates");
  evaluate->add_option("--time", look.time, "Column: time until the event or the end of follow-up");
  evaluate->add_option("--event", look.event, "Column: whether it happened, or what happened");
  evaluate->add_option("--cause", look.cause, "Value of --event that is the outcome, where several are possible");
  evaluate->add_option("--censored", look.censored, "Value of --event where nothing happened");
  evaluate->add_option("--adjust", look.adjust, "Columns to adjust for, with commas between")->delimiter(',');
  evaluate->add_option("--cluster", look.cluster, "Column with the groups whose people are alike");
  evaluate->add_flag("--randomised", look.randomised, "People were put into their groups by chance");
  evaluate->add_option("--name", look.name, "Name of the experiment (that of the file where it is left out)");
  evaluate->add_option("--out", options.run.out, "Folder for the results (results/<name> where it is left out)");
  evaluate->add_flag("--json", options.run.json, "The first screen as JSON");

  CLI::App* check = app.add_subcommand("check", "Say what an experiment will do, or everything that is wrong with it");
  check->add_option("FILE", options.file, "The experiment file")->required();

  CLI::App* fresh = app.add_subcommand("new", "Print a complete experiment file to begin with");
  fresh->add_option("KIND", options.kind, "study, people, funnel, forecast, or a model of `desist list models`");

  CLI::App* list = app.add_subcommand("list", "Name the models, estimators, figures and experiments that there are");
  list->add_option("WHAT", options.what, "models, estimators, figures or experiments; all where it is left out");

  app.add_subcommand("schema", "Print a JSON Schema of experiment files, for editors");

  CLI::App* replay = app.add_subcommand("replay", "Run one replicate again alone and print what it gave, as CSV");
  replay->add_option("FILE", options.replay.file, "The experiment file")->required();
  replay->add_option("--draw", options.replay.draw, "Number of the draw, from 0")->required();
  replay->add_option("--arm", options.replay.arm, "Name of the arm")->required();
  replay->add_option("--replicate", options.replay.replicate, "Number of the replicate in its draw, from 0")
      ->required();
  CLI::Option* need =
      replay->add_option("--need", options.replay.need, "At a level that a [[need]] tried: which, from 1");
  CLI::Option* level = replay->add_option("--level", options.replay.level, "The level, in what the need looks for");
  need->needs(level);
  level->needs(need);
}

int act(const CLI::App& app, const Options& options, const Catalogue& catalogue) {
  if (app.got_subcommand("run")) return run_experiment(options.run, catalogue);
  if (app.got_subcommand("replay")) return replay_replicate(options.replay, catalogue);
  if (app.got_subcommand("evaluate")) return evaluate_data(options.evaluate, options.run, catalogue);
  if (app.got_subcommand("check")) {
    const ExperimentSpec spec = read_experiment(options.file, catalogue, find_shipped_evidence());
    check_arms(spec, options.file);
    say(check_words(spec));
  } else if (app.got_subcommand("new")) {
    say(new_experiment(options.kind, catalogue));
  } else if (app.got_subcommand("list")) {
    say(list_of(options.what, catalogue, experiments_folder()));
  } else {
    say(json_schema(catalogue));
  }
  return static_cast<int>(ExitCode::success);
}

}  // namespace

int run_command_line(int argc, const char* const* argv, const Catalogue& catalogue) {
  CLI::App app{"Did it work, what would have happened anyway, can the service cope, is it worth the money.", "desist"};
  Options options;
  declare(app, options);
  if (!known_command(app, argc, argv)) return usage;
  try {
    try {
      app.parse(argc, const_cast<char**>(argv));
    } catch (const CLI::Success& done) {  // --help, --version
      std::ostringstream words;
      app.exit(done, words, words);
      say(words.str());
      return static_cast<int>(ExitCode::success);
    }
    return act(app, options, catalogue);
  } catch (const CLI::ParseError& wrong) {
    fmt::print(stderr, "desist: {}\n  `desist --help` says what there is\n", trimmed(wrong.what()));
    return usage;
  } catch (const ReplicateFailure& failure) {
    fmt::print(stderr, "{}\n", failure.what());
    return static_cast<int>(ExitCode::replicate_failed);
  } catch (const Failure& failure) {
    fmt::print(stderr, "{}\n", failure.what());
    return static_cast<int>(failure.code());
  } catch (const std::exception& error) {
    fmt::print(stderr, "desist: an error of the program itself: {}\n  please report it with the file that was run\n",
               error.what());
    return 1;
  }
}

}  // namespace desist
