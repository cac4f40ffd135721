// What the program says and ends with when something is wrong: the whole message and the exit code.
#include <sys/stat.h>

#include "tests/program/process.hpp"

namespace desist::test {
namespace {

const fs::path experiments = fs::path(DESIST_SOURCE_DIR) / "tests/experiments";

class Failures : public InFolder {
 protected:
  Failures() {
    for (const char* file : {"brittle.toml", "clinic.toml", "course.toml"}) fs::copy(experiments / file, path(file));
  }
  Ended test_models(std::vector<std::string> words) const {
    words.insert(words.begin(), DESIST_TEST_MODELS);
    return Process({std::move(words), folder()}).wait();
  }
  /// Standard error must be the whole of this, and standard output empty.
  static void expect(const Ended& run, int code, const std::string& error) {
    EXPECT_EQ(run.code, code);
    EXPECT_EQ(run.out, "");
    EXPECT_EQ(run.error, error);
  }
  std::string in_folder(const std::string& name) const { return fs::weakly_canonical(path(name)).string(); }
};

TEST_F(Failures, Words_that_are_no_command) {
  expect(desist({}), 2,
         "desist: no command\n  it is one of run, evaluate, check, new, list, schema or replay; `desist --help` says "
         "what they "
         "do\n");
  expect(desist({"rnu", "clinic.toml"}), 2, "desist: unknown command 'rnu'\n  did you mean 'run'?\n");
  expect(desist({"clinic.toml"}), 2, "desist: unknown command 'clinic.toml'\n  to run it: desist run clinic.toml\n");
  expect(desist({"run"}), 2, "desist: FILE is required\n  `desist --help` says what there is\n");
  EXPECT_EQ(desist({"run", "clinic.toml", "--threads", "0"}).code, 2);
  EXPECT_EQ(desist({"run", "clinic.toml", "--thraeds", "2"}).code, 2);
  EXPECT_FALSE(fs::exists(path("results")));
}

TEST_F(Failures, Files_that_cannot_be_read) {
  write_file(path("empty.toml"), "");
  write_file(path("binary.toml"), std::string("\x7f"
                                              "ELF\0\1",
                                              6));
  for (const char* command : {"run", "check"}) {
    expect(desist({command, "nowhere.toml"}), 2,
           "nowhere.toml: error: no such file\n  `desist list experiments` names those that are shipped\n");
    expect(desist({command, "."}), 2,
           ".: error: is a directory, not an experiment file\n  name one of the .toml files in it\n");
    expect(desist({command, "empty.toml"}), 3,
           "empty.toml: error: is empty\n  `desist new conference` or `desist new study` prints one to begin with\n");
    expect(desist({command, "binary.toml"}), 3,
           "binary.toml: error: is a binary file, not a text\n  an experiment is a plain text file\n");
  }
  EXPECT_FALSE(fs::exists(path("results")));
}

TEST_F(Failures, A_misspelt_key_leaves_no_results) {
  write_file(path("clinic.toml"), replaced(read_file(path("clinic.toml")), "draws = 300", "darws = 300"));
  expect(desist({"run", "clinic.toml"}), 3,
         "clinic.toml:60:1: error: unknown key 'darws' in [plan] (it would change nothing)\n"
         "   60 | darws = 300\n"
         "      | ^^^^^\n"
         "  did you mean 'draws'?\n");
  EXPECT_FALSE(fs::exists(path("results")));
}

TEST_F(Failures, Replays_of_what_is_not_there) {
  expect(desist({"replay", "clinic.toml", "--draw", "0", "--arm", "filtre", "--replicate", "0"}), 2,
         "desist: no arm 'filtre' in clinic.toml; its arms are as_it_is, more and filter\n");
  expect(desist({"replay", "course.toml", "--draw", "0", "--arm", "control", "--replicate", "0"}), 2,
         "desist: course.toml is a study of a published table: it has no replicates to run again\n");
}

TEST_F(Failures, Places_that_cannot_be_written) {
  write_file(path("in_the_way"), "a letter\n");
  expect(desist({"run", "course.toml", "--out", "in_the_way"}), 5,
         "desist: cannot write results to " + in_folder("in_the_way") +
             ": a file of that name is in the way\n  remove it, or name another folder with --out\n");
  EXPECT_EQ(read_file(path("in_the_way")), "a letter\n");
  fs::create_directory(path("letters"));
  write_file(path("letters/one.txt"), "a letter\n");
  expect(desist({"run", "course.toml", "--out", "letters"}), 5,
         "desist: cannot write results to " + in_folder("letters") +
             ": it holds 'one.txt', which no run of desist wrote\n"
             "  the folder is replaced as a whole: move that away, or name another folder with --out\n");
  EXPECT_EQ(read_file(path("letters/one.txt")), "a letter\n");
  expect(desist({"run", "course.toml", "--out", "/proc/x"}), 5,
         "desist: cannot write results to /proc/x: No such file or directory\n"
         "  name a folder you may write to with --out\n");
}

TEST_F(Failures, The_folder_that_one_is_in) {
  fs::create_directories(path("in/here"));
  fs::copy(path("course.toml"), path("in/here/course.toml"));
  for (const auto& [out, named] :
       {std::pair<std::string, std::string>{".", "in/here"}, {"./", "in/here"}, {"..", "in"}}) {
    expect(Process({{DESIST_PROGRAM, "run", "course.toml", "--out", out}, path("in/here")}).wait(), 5,
           "desist: cannot write results to " + in_folder(named) +
               ": you are in it, and would be left in a folder that is gone\n"
               "  the folder is replaced as a whole: name one inside it or beside it with --out\n");
  }
}

// Each figure alone is sound: only together they can't be.
TEST_F(Failures, Figures_that_contradict_one_another) {
  write_file(path("few.toml"), replaced(read_file(path("clinic.toml")), "[parameters]",
                                        "[parameters]\nquorum = { value = \"3 agencies\", choice = \"x\" }"));
  for (const char* command : {"check", "run"})
    expect(desist({command, "few.toml"}), 3,
           "few.toml: error: arm 'as_it_is' can't be run: quorum asks for more agencies than the number invited "
           "(agencies)\n"
           "  change agencies (not in the file: its default) or quorum (line 12)\n");
  EXPECT_FALSE(fs::exists(path("results")));
}

// A figure that could never act is a mistake, said with its line before anything is simulated.
TEST_F(Failures, Figures_that_would_do_nothing) {
  const std::string trials = read_file(fs::path(DESIST_SOURCE_DIR) / "tests/data/experiments/trials.toml");
  write_file(path("idle.toml"),
             replaced(trials, "length     = { value = \"26 weeks\", choice = \"An example.\" }\n", ""));
  write_file(path("quiet.toml"),
             replaced(trials, "[parameters]", "[parameters]\nquiet_rate = { value = \"0.2\", choice = \"x\" }"));
  for (const char* command : {"check", "run"}) {
    expect(desist({command, "idle.toml"}), 3,
           "idle.toml: error: arm 'course' can't be run: rate_effect would do nothing: `length` of the programme is 0, "
           "and half_life of what is left of it\n"
           "  change length (not in the file: its default), rate_effect (line 24) or half_life (not in the file: its "
           "default)\n");
    expect(desist({command, "quiet.toml"}), 3,
           "quiet.toml: error: arm 'nothing' can't be run: quiet_rate would do nothing: without to_active and to_quiet "
           "there are no quiet spells\n"
           "  change to_active (not in the file: its default), to_quiet (not in the file: its default) or quiet_rate "
           "(line 9)\n");
  }
  EXPECT_FALSE(fs::exists(path("results")));
}

// What does nothing in any arm, all of it at once. An arm may set for itself what it has none of.
TEST_F(Failures, Figures_that_do_nothing_in_any_arm) {
  const std::string trials = read_file(fs::path(DESIST_SOURCE_DIR) / "tests/data/experiments/trials.toml");
  const std::string no_effect =
      replaced(trials, "value  = \"0.5\"\nchoice = \"A lever.\"", "value  = \"1\"\nchoice = \"Nothing.\"");
  write_file(path("waning.toml"),
             replaced(no_effect, "[parameters]",
                      "[parameters]\nhalf_life = { value = \"26 weeks\", choice = \"x\" }\nreferral = { value = "
                      "\"0 per year\", choice = \"x\" }"));
  write_file(path("one.toml"),
             replaced(trials, "[parameters]", "[parameters]\nhalf_life = { value = \"26 weeks\", choice = \"x\" }"));
  write_file(path("own.toml"),
             replaced(no_effect, "[arm.set.rate_effect]",
                      "[arm.set.half_life]\nvalue = \"26 weeks\"\nchoice = \"x\"\n[arm.set.rate_effect]"));
  for (const char* command : {"check", "run"})
    expect(desist({command, "waning.toml"}), 3,
           "waning.toml:9: error: 'half_life' would do nothing in any arm: the programme changes neither rates nor "
           "desistance, drugs or severity (rate_effect and its like)\n"
           "  take it out, or change what makes it idle in an arm\n"
           "waning.toml:10: error: 'referral' would do nothing in any arm: it is of entry = \"referral\"\n"
           "  take it out, or change what makes it idle in an arm\n");
  for (const char* file : {"one.toml", "own.toml"}) EXPECT_EQ(desist({"check", file}).code, 0) << file;
}

// Of careers too: lags of what never happens, figures by class without classes, and a referral of nobody, whose rule of
// entry can't be left out.
TEST_F(Failures, Figures_of_careers_that_do_nothing_in_any_arm) {
  const std::string trials = read_file(fs::path(DESIST_SOURCE_DIR) / "tests/data/experiments/trials.toml");
  std::string given = "[parameters]\n";
  for (const char* figure : {"drop_out_by_rate = { value = \"1\"", "desistance_by_rate = { value = \"1\"",
                             "second_share = { value = \"50%\"", "effect_in_class = { value = \"0.5\"",
                             "arrest_lag = { value = \"1 week\"", "charge_lag = { value = \"1 week\"",
                             "conviction_lag = { value = \"1 week\"", "stay_mean = { value = \"9 weeks\""})
    given += std::string(figure) + ", choice = \"x\" }\n";
  write_file(path("careers.toml"), replaced(trials, "[parameters]\n", given));
  write_file(path("nobody.toml"), replaced(trials, "\"everyone\"", "\"referral\""));
  const std::string cure = "\n  take it out, or change what makes it idle in an arm\n";
  const std::string start = "careers.toml:";
  const std::string end = " would do nothing in any arm: ";
  for (const char* command : {"check", "run"}) {
    expect(desist({command, "careers.toml"}), 3,
           start + "9: error: 'drop_out_by_rate'" + end + "nobody drops out (drop_out)" + cure +  //
               start + "10: error: 'desistance_by_rate'" + end + "nobody desists (desistance)" + cure + start +
               "11: error: 'second_share'" + end +
               "the second programme changes nothing (second_effect, second_interaction)" + cure + start +
               "12: error: 'effect_in_class'" + end + "there are no classes (classes)" + cure + start +
               "13: error: 'arrest_lag'" + end + "nobody is ever arrested (detected, arrested)" + cure + start +
               "14: error: 'charge_lag'" + end + "nobody is ever charged (arrested, charged, breach_charged)" + cure +
               start + "15: error: 'conviction_lag'" + end + "nobody is ever convicted (charged, convicted)" + cure +
               start + "16: error: 'stay_mean'" + end + "nobody goes to custody (custody, breach_custody)" + cure);
    expect(
        desist({command, "nobody.toml"}), 3,
        "nobody.toml:14: error: 'entry' would do nothing in any arm: it is \"referral\", and nobody is ever referred "
        "(referral, referral_at_arrest)\n"
        "  change what makes it idle in an arm\n");
  }
  EXPECT_FALSE(fs::exists(path("results")));
}

// Whole people are simulated; what each stands for may have a fraction.
TEST_F(Failures, Parts_of_people) {
  const std::string trials = read_file(fs::path(DESIST_SOURCE_DIR) / "tests/data/experiments/trials.toml");
  write_file(path("part.toml"), replaced(trials, "\"50 people\"", "\"2.5 people\""));
  write_file(path("stands.toml"),
             replaced(trials, "[parameters]", "[parameters]\nstands_for = { value = \"2.5 people\", choice = \"x\" }"));
  for (const char* command : {"check", "run"})
    expect(desist({command, "part.toml"}), 3,
           "part.toml:9:24: error: 'people' can't be 2.5 people (it counts people, and they are simulated whole)\n"
           "    9 | people     = { value = \"2.5 people\", choice = \"An example.\" }\n"
           "      |                        ^^^^^^^^^^^^\n"
           "  write 2 people or 3 people\n");
  EXPECT_EQ(desist({"check", "stands.toml"}).code, 0);
  EXPECT_FALSE(fs::exists(path("results")));
}

// Levels that an arm can't have, and windows that hold no follow-up, are said before anything is simulated.
TEST_F(Failures, Levels_and_follow_ups_that_do_not_fit) {
  const fs::path data = fs::path(DESIST_SOURCE_DIR) / "tests/data/experiments";
  const std::string trials = read_file(data / "trials.toml"), placebo = read_file(data / "placebo.toml");
  write_file(path("long.toml"), replaced(trials, "\"12 months\"", "\"36 months\""));
  write_file(path("short.toml"), replaced(trials, "[[trial]]",
                                          "[[sweep]]\nlabel = \"List\"\nof = \"offences\"\nvary = \"before\"\n"
                                          "levels = [\"52 weeks\", \"160 weeks\"]\nin = [\"nothing\"]\n[[trial]]"));
  std::string list = replaced(placebo, "list_least = { range = \"1 to 3 offences\", assumption = \"Not printed.\" }",
                              "list_of = { value = \"100 persons\", choice = \"An example.\" }");
  list = replaced(list, "vary       = \"list_least\"\nlevels     = [1, 2, 3]",
                  "vary       = \"list_of\"\nlevels     = [20, 50]");
  list = replaced(list, "\"list_least\", \"eligible in 100\"", "\"list_of\", \"eligible in 100\"");
  write_file(path("list.toml"), list);
  for (const char* command : {"check", "run"}) {
    expect(desist({command, "list.toml"}), 3,
           "list.toml: error: arm 'nothing (list_of 20)' of the null programme can't be run: list_of, the people that "
           "a list chooses from, is fewer than `people`, those chosen\n"
           "  change people (line 9) or list_of (line 15)\n");
    expect(desist({command, "long.toml"}), 3,
           "long.toml: error: a virtual trial can't be run: the window ends 52.4 weeks before a follow-up of 156.4 "
           "weeks does that 'planned' asks for: let it end later\n"
           "  change `ends` in [experiment], or follow_up in [[trial]]\n");
    expect(desist({command, "short.toml"}), 3,
           "short.toml: error: arm 'nothing (before 160)' of sweep 'List' can't be run: `before` has to end before the "
           "window does\n"
           "  change before (line 15), or `ends` in [experiment]\n");
  }
  EXPECT_FALSE(fs::exists(path("results")));
}

// Before anything is simulated: a minute's work is not thrown away. The file has a fault that only a run would meet.
TEST_F(Failures, The_place_is_looked_at_first) {
  expect(test_models({"run", "brittle.toml", "--out", "/proc/x"}), 5,
         "desist: cannot write results to /proc/x: No such file or directory\n"
         "  name a folder you may write to with --out\n");
}

TEST_F(Failures, No_permission) {
  if (geteuid() == 0) GTEST_SKIP() << "the superuser may write anywhere";
  fs::create_directory(path("locked"));
  fs::permissions(path("locked"), fs::perms::owner_read | fs::perms::owner_exec);
  expect(desist({"run", "course.toml", "--out", "locked/x"}), 5,
         "desist: cannot write results to " + in_folder("locked/x") +
             ": Permission denied\n  name a folder you may write to with --out\n");
  fs::permissions(path("locked"), fs::perms::owner_all);
}

TEST_F(Failures, Standard_output_that_takes_nothing) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"run", "course.toml"},
           {"check", "clinic.toml"},
           {"list"},
           {"schema"},
           {"replay", "clinic.toml", "--draw", "0", "--arm", "more", "--replicate", "0"},
           {"--version"},
           {"--help"}}) {
    std::vector<std::string> all{DESIST_PROGRAM};
    all.insert(all.end(), words.begin(), words.end());
    Start start{all, folder(), {{"PATH", "/nowhere"}}};
    start.out = "/dev/full";
    const Ended run = Process(start).wait();
    EXPECT_EQ(run.code, 5) << words.front();
    EXPECT_TRUE(run.error.ends_with("desist: cannot write to standard output\n")) << words.front() << run.error;
  }
}

// A replicate that throws: the message ends with the line that runs it again, and that line gives the same failure.
TEST_F(Failures, A_replicate_that_fails) {
  std::string message;
  for (const char* threads : {"1", "2", "8"}) {
    const Ended run = test_models({"run", "brittle.toml", "--threads", threads});
    EXPECT_EQ(run.code, 4);
    EXPECT_EQ(run.out, "");
    if (message.empty()) message = run.error;
    EXPECT_EQ(run.error, message) << threads << " threads";
    EXPECT_FALSE(fs::exists(path("results/brittle")));
  }
  std::string draw;
  const std::string start = "desist: a replicate failed: replicate ";
  ASSERT_TRUE(message.starts_with(start)) << message;
  const std::string replicate = message.substr(start.size(), message.find(' ', start.size()) - start.size());
  const std::size_t at = message.find(" of draw ") + 9;
  draw = message.substr(at, message.find(' ', at) - at);
  EXPECT_EQ(message, "desist: a replicate failed: replicate " + replicate + " of draw " + draw +
                         " in arm 'as_it_is' failed: the bridge broke\n  to run it again alone: desist replay "
                         "brittle.toml --draw " +
                         draw + " --arm as_it_is --replicate " + replicate + "\n");
  const Ended again =
      test_models({"replay", "brittle.toml", "--draw", draw, "--arm", "as_it_is", "--replicate", replicate});
  EXPECT_EQ(again.code, 4);
  EXPECT_EQ(again.out, "");
  EXPECT_EQ(again.error, "the bridge broke\n");

  fs::copy(path("brittle.toml"), path("a bridge.toml"));
  const Ended spaced = test_models({"run", "a bridge.toml"});
  EXPECT_EQ(spaced.error, replaced(message, "brittle.toml", "'a bridge.toml'"));
}

// The same at a level that only a search tries: the line names it too. One person is not enough, nor are 2, 4 or 8.
TEST_F(Failures, A_replicate_that_fails_in_a_search) {
  const std::string text = replaced(read_file(path("brittle.toml")), "\"0.2%\"", "\"0%\"");
  write_file(path("brittle.toml"), text +
                                       "\n[[need]]\nfind    = \"people\"\n"
                                       "so_that = \"crossed, with a chance of 90%\"\nin      = [\"as_it_is\"]\n");
  const std::string replay = "replay brittle.toml --draw 0 --arm as_it_is --replicate 0 --need 1 --level 8";
  for (const char* threads : {"1", "3"}) {
    expect(test_models({"run", "brittle.toml", "--threads", threads}), 4,
           "desist: a replicate failed: at 8 people, replicate 0 of draw 0 in arm 'as_it_is' failed: too many people\n"
           "  to run it again alone: desist " +
               replay + "\n");
    EXPECT_FALSE(fs::exists(path("results/brittle")));
  }
  const auto at_level = [&](const std::string& need, const std::string& level) {
    return test_models({"replay", "brittle.toml", "--draw", "0", "--arm", "as_it_is", "--replicate", "0", "--need",
                        need, "--level", level});
  };
  expect(at_level("1", "8"), 4, "too many people\n");
  const Ended below = at_level("1", "7");
  EXPECT_EQ(below.code, 0);
  EXPECT_NE(below.out.find("\nparameter,(searched level),,,7,person\n"), std::string::npos) << below.out;
  expect(at_level("2", "8"), 2, "desist: no need 2 in brittle.toml, which has 1\n");
  expect(at_level("0", "8"), 2, "desist: no need 0 in brittle.toml, which has 1\n");
  for (const std::string level : {"101", "-1"}) {
    expect(at_level("1", level), 2,
           "desist: no level " + level + " of need 1 in brittle.toml: it looks for people from 0 to 100\n");
  }
  expect(test_models({"replay", "brittle.toml", "--draw", "0", "--arm", "as_it_is", "--replicate", "0", "--need", "1"}),
         2, "desist: --need requires --level\n  `desist --help` says what there is\n");
}

// And at a level of a sweep, whose arm has a name of its own.
TEST_F(Failures, A_replicate_that_fails_at_a_level) {
  const std::string text = replaced(read_file(path("brittle.toml")), "\"0.2%\"", "\"0%\"");
  write_file(path("brittle.toml"), text +
                                       "\n[[sweep]]\nlabel = \"People\"\nof = \"load\"\nvary = \"people\"\n"
                                       "levels = [1, 8]\nin = [\"as_it_is\"]\n");
  expect(test_models({"run", "brittle.toml"}), 4,
         "desist: a replicate failed: replicate 0 of draw 0 in arm 'as_it_is (people 8)' failed: too many people\n"
         "  to run it again alone: desist replay brittle.toml --draw 0 --arm 'as_it_is (people 8)' --replicate 0\n");
  const auto replay = [&](const std::string& arm) {
    return test_models({"replay", "brittle.toml", "--draw", "0", "--arm", arm, "--replicate", "0"});
  };
  expect(replay("as_it_is (people 8)"), 4, "too many people\n");
  const Ended below = replay("as_it_is (people 1)");
  EXPECT_EQ(below.code, 0);
  EXPECT_NE(below.out.find("\nparameter,(level),,,1,person\n"), std::string::npos) << below.out;
}

}  // namespace
}  // namespace desist::test
