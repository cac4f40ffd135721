// A study's posterior feeds a model: through the program, from two files to every replicate's risks.
#include <cmath>
#include <functional>
#include <sstream>

#include "tests/models/mean_check.hpp"
#include "tests/program/process.hpp"

namespace desist::test {
namespace {

const fs::path experiments = fs::path(DESIST_SOURCE_DIR) / "tests/experiments";

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream text(line);
  for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
  return cells;
}

// The risks of one draw, as the model was given them.
struct Risks {
  double control, completed, breached, completion, all;
};

// One entry a draw: from the rows of the first arm and replicate.
std::vector<Risks> risks_of(const std::string& replicates) {
  std::istringstream lines(replicates);
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "draw,arm,replicate,reoffenders,risk_control,risk_completed,risk_breached,completion,risk_all,other");
  std::vector<Risks> risks;
  while (std::getline(lines, line)) {
    const auto cells = cells_of(line);
    if (cells.at(1) != "not_sent" || cells.at(2) != "0") continue;
    EXPECT_EQ(cells[0], std::to_string(risks.size()));
    risks.push_back({std::stod(cells.at(4)), std::stod(cells.at(5)), std::stod(cells.at(6)), std::stod(cells.at(7)),
                     std::stod(cells.at(8))});
  }
  return risks;
}

std::vector<double> each(const std::vector<Risks>& risks, const std::function<double(const Risks&)>& of) {
  std::vector<double> values;
  for (const Risks& one : risks) values.push_back(of(one));
  return values;
}

// Moments of Beta(x + 1/2, n - x + 1/2): Johnson, Kotz & Balakrishnan 1995, 25.2.
struct Beta {
  double a, b;
  Beta(double x, double n) : a(x + 0.5), b(n - x + 0.5) {}
  double mean() const { return a / (a + b); }
  double variance() const { return a * b / ((a + b) * (a + b) * (a + b + 1)); }
  double square() const { return variance() + mean() * mean(); }
};

// The table of course.toml.
const Beta control(10, 49), completed(1, 54), breached(7, 16), completion(54, 70);

class StudyFeedsModel : public InFolder {
 protected:
  StudyFeedsModel() {
    for (const char* file : {"course.toml", "study-feeds-model.toml"}) fs::copy(experiments / file, path(file));
  }
  Ended program(std::vector<std::string> words) const {
    words.insert(words.begin(), DESIST_TEST_MODELS);
    return Process({std::move(words), folder()}).wait();
  }
  /// The file of replicates that an experiment leaves.
  std::string replicates_of(const std::string& file, const std::string& out) const {
    const Ended run = program({"run", file, "--out", out});
    EXPECT_EQ(run.code, 0) << run.error;
    EXPECT_EQ(run.error, "");
    return read_file(path(out) / "replicates.csv");
  }
};

// 20,000 draws find a bias of a twentieth of a standard deviation with probability 0.98 or more; false alarm 1e-6 each.
TEST_F(StudyFeedsModel, Draws_have_the_moments_of_the_table) {
  const auto risks = risks_of(replicates_of("study-feeds-model.toml", "results"));
  ASSERT_EQ(risks.size(), 20000U);
  const struct {
    const char* name;
    double Risks::*risk;
    Beta law;
  } columns[] = {{"control", &Risks::control, control},
                 {"completed", &Risks::completed, completed},
                 {"breached", &Risks::breached, breached},
                 {"completion", &Risks::completion, completion}};
  for (const auto& [name, risk, law] : columns) {
    const auto values = each(risks, [risk = risk](const Risks& r) { return r.*risk; });
    EXPECT_TRUE(agrees(values, law.mean())) << name;
    EXPECT_FALSE(agrees(values, law.mean() + std::sqrt(law.variance()) / 20)) << name;  // the bias that it finds
    const double mean = law.mean();
    EXPECT_TRUE(agrees(each(risks, [=, risk = risk](const Risks& r) { return (r.*risk - mean) * (r.*risk - mean); }),
                       law.variance()))
        << name;
  }

  // all = pi C + (1 - pi) B of independent laws: mean, variance, and covariance with each of them.
  const double all_mean = completion.mean() * completed.mean() + (1 - completion.mean()) * breached.mean();
  const double all_square = completion.square() * completed.square() +
                            (1 - 2 * completion.mean() + completion.square()) * breached.square() +
                            2 * (completion.mean() - completion.square()) * completed.mean() * breached.mean();
  EXPECT_TRUE(agrees(each(risks, [](const Risks& r) { return r.all; }), all_mean));
  EXPECT_TRUE(agrees(each(risks, [](const Risks& r) { return r.all * r.all; }), all_square));
  const auto products_with = [&](double Risks::*other, double other_mean) {
    return each(risks, [=](const Risks& r) { return (r.all - all_mean) * (r.*other - other_mean); });
  };
  const struct {
    const char* name;
    std::vector<double> products;
    double covariance;
  } pairs[] = {
      {"completion", products_with(&Risks::completion, completion.mean()),
       completion.variance() * (completed.mean() - breached.mean())},
      {"completed", products_with(&Risks::completed, completed.mean()), completion.mean() * completed.variance()},
      {"breached", products_with(&Risks::breached, breached.mean()), (1 - completion.mean()) * breached.variance()},
      {"control", products_with(&Risks::control, control.mean()), 0},
  };
  for (const auto& [name, products, covariance] : pairs) {
    EXPECT_TRUE(agrees(products, covariance)) << name;
    // Columns drawn apart from each other would be seen: their covariance is 0.
    EXPECT_EQ(agrees(products, 0), covariance == 0) << name;
  }
}

TEST_F(StudyFeedsModel, One_draw_takes_one_joint_row) {
  const auto risks = risks_of(replicates_of("study-feeds-model.toml", "results"));
  for (std::size_t d = 0; d < risks.size(); ++d) {
    const Risks& r = risks[d];
    ASSERT_DOUBLE_EQ(r.all, r.completion * r.completed + (1 - r.completion) * r.breached) << "draw " << d;
  }
  for (const std::size_t draw : {std::size_t{0}, std::size_t{1}, std::size_t{19999}}) {
    const Ended replay = program(
        {"replay", "study-feeds-model.toml", "--draw", std::to_string(draw), "--arm", "sent", "--replicate", "1"});
    ASSERT_EQ(replay.code, 0) << replay.error;
    std::map<std::string, double> given;
    std::istringstream lines(replay.out);
    for (std::string line; std::getline(lines, line);) {
      const auto cells = cells_of(line);
      if (cells.at(0) == "parameter") given[cells.at(1)] = std::stod(cells.at(4));
    }
    EXPECT_EQ(given.at("control"), risks[draw].control);
    EXPECT_EQ(given.at("completed"), risks[draw].completed);
    EXPECT_EQ(given.at("breached"), risks[draw].breached);
    EXPECT_EQ(given.at("completion"), risks[draw].completion);
    EXPECT_EQ(given.at("all"), risks[draw].all);
  }
}

// One more uncertain parameter changes its own column, and no other number of any replicate.
TEST_F(StudyFeedsModel, Another_parameter_moves_nothing) {
  const std::string before = replicates_of("study-feeds-model.toml", "before");
  write_file(path("more.toml"), replaced(read_file(path("study-feeds-model.toml")), "sent   = {",
                                         "other  = { range = \"10% to 20%\", assumption = \"Used by nothing.\" }\n"
                                         "sent   = {"));
  const std::string after = replicates_of("more.toml", "after");
  std::istringstream lines_before(before), lines_after(after);
  std::string line_before, line_after;
  std::size_t rows = 0, moved = 0;
  while (std::getline(lines_before, line_before) && std::getline(lines_after, line_after)) {
    ASSERT_EQ(line_before.substr(0, line_before.rfind(',')), line_after.substr(0, line_after.rfind(',')));
    moved += line_before == line_after ? 0 : 1;
    ++rows;
  }
  EXPECT_EQ(rows, 1U + 20000U * 2 * 2);
  EXPECT_EQ(moved, rows - 1);  // the column of the new parameter was 0 everywhere
}

// A column in two tables would be drawn twice; the file is refused, so the correlation cannot be lost.
TEST_F(StudyFeedsModel, A_posterior_is_named_whole) {
  const std::string sets =
      "sets    = { control = \"control\", completed = \"completed\", breached = \"breached\", "
      "completion = \"completion\", all = \"all\" }";
  write_file(path("split.toml"), replaced(read_file(path("study-feeds-model.toml")), sets,
                                          "sets    = { control = \"control\", completed = \"completed\" }\n\n"
                                          "[[posterior]]\nstudy   = \"course.toml\"\noutcome = \"reoffended\"\n"
                                          "sets    = { breached = \"breached\", completion = \"completion\", all = "
                                          "\"all\" }"));
  const Ended refused = program({"check", "split.toml"});
  EXPECT_EQ(refused.code, 3);
  EXPECT_EQ(refused.error,
            "split.toml:20:1: error: the posterior 'course/reoffended' is named twice (drawn twice, its correlation "
            "would be lost)\n"
            "   20 | [[posterior]]\n"
            "      | ^^^^^^^^^^^^^\n"
            "  put all that it sets into one [[posterior]]\n");
}

// A number that a posterior sets is called what a label alone says; a figure beside it is one too many.
TEST_F(StudyFeedsModel, A_label_alone_names_what_is_set) {
  const std::string file = read_file(path("study-feeds-model.toml"));
  const std::string given = "\n[parameters.all]\nlabel = \"Everyone who was sent\"\n";
  write_file(path("named.toml"), file + given);
  const Ended run = program({"run", "named.toml", "--out", "named"});
  EXPECT_EQ(run.code, 0) << run.error;
  EXPECT_NE(read_file(path("named") / "sources.csv").find("all,Everyone who was sent,"), std::string::npos);
  write_file(path("twice.toml"), file + given + "value = \"20%\"\nchoice = \"Ours.\"\n");
  const Ended refused = program({"check", "twice.toml"});
  EXPECT_EQ(refused.code, 3);
  EXPECT_NE(refused.error.find("error: 'all' is given here and by a posterior"), std::string::npos) << refused.error;
  EXPECT_NE(refused.error.find("  keep one\n"), std::string::npos) << refused.error;
}

// A study with one row a person feeds the same model: its analysis is named instead of an outcome.
TEST_F(StudyFeedsModel, People_feed_it_too) {
  std::string people = "sent,again,weeks\n";
  for (int i = 0; i < 200; ++i) {
    const bool sent = i % 2 == 1, again = i % 5 == 0 || (!sent && i % 7 == 0);
    people +=
        std::string(sent ? "yes" : "no") + (again ? ",yes," : ",no,") + std::to_string(again ? 1 + i % 40 : 52) + "\n";
  }
  write_file(path("people.csv"), people);
  write_file(
      path("people.toml"),
      "[experiment]\nname = \"people\"\nquestion = \"Did fewer reoffend?\"\n"
      "[study]\nsource = \"Made up\"\ndesign = \"randomised\"\n"
      "[data]\nfile = \"people.csv\"\narm = \"sent\"\nshow_all = \"Made up.\"\n"
      "[columns]\nsent = { type = \"yes or no\" }\nagain = { type = \"yes or no\" }\n"
      "weeks = { type = \"whole number\", unit = \"week\" }\n"
      "[outcomes]\nagain = { yes_no = \"again\", headline = true }\nuntil = { time = \"weeks\", event = \"again\" }\n"
      "[[analysis]]\nname = \"risk\"\nmethod = \"risks\"\noutcome = \"again\"\n"
      "[[analysis]]\nname = \"hazard\"\nmethod = \"cox\"\noutcome = \"until\"\n"
      "[[analysis]]\nname = \"curve\"\nmethod = \"log_rank\"\noutcome = \"until\"\n"
      "[plan]\nseed = 1\n");
  const std::string table =
      "study   = \"course.toml\"\noutcome = \"reoffended\"\nsets    = { control = \"control\", completed = "
      "\"completed\", "
      "breached = \"breached\", completion = \"completion\", all = \"all\" }";
  const auto projection = [&](const std::string& posterior) {
    write_file(path("projection.toml"), replaced(read_file(path("study-feeds-model.toml")), table, posterior));
    return program({"check", "projection.toml"});
  };
  const std::string rest = "people = { value = \"100 people\"";
  const auto with_rest = [&](const std::string& sets) {
    const Ended ended = projection("study = \"people.toml\"\nanalysis = \"risk\"\nsets = " + sets);
    write_file(path("projection.toml"),
               replaced(read_file(path("projection.toml")), rest,
                        "completed = { value = \"0%\", choice = \"Not used.\" }\nbreached = { value = \"0%\", choice = "
                        "\"Not used.\" }\ncompletion = { value = \"0%\", choice = \"Not used.\" }\n" +
                            rest));
    return ended;
  };
  with_rest("{ control = \"no\", all = \"yes\" }");
  const auto risks = risks_of(replicates_of("projection.toml", "of-people"));
  ASSERT_EQ(risks.size(), 20000U);
  int sent = 0, not_sent = 0;
  for (int i = 0; i < 200; ++i) {
    if (i % 2 == 1) sent += i % 5 == 0 ? 1 : 0;
    if (i % 2 == 0) not_sent += i % 5 == 0 || i % 7 == 0 ? 1 : 0;
  }
  EXPECT_TRUE(agrees(each(risks, [](const Risks& r) { return r.all; }), Beta(sent, 100).mean()));
  EXPECT_TRUE(agrees(each(risks, [](const Risks& r) { return r.control; }), Beta(not_sent, 100).mean()));

  const auto says = [&](const std::string& posterior) {  // beside the parameters that are then missing
    std::istringstream lines(projection(posterior).error);
    std::string line;
    while (std::getline(lines, line))
      if (line.rfind("projection.toml:", 0) == 0 && line.find("missing parameter") == std::string::npos) return line;
    return std::string("nothing");
  };
  EXPECT_EQ(says("study = \"people.toml\"\nanalysis = \"hazrd\"\nsets = { all = \"yes\" }"),
            "projection.toml:17:12: error: study 'people' has no analysis 'hazrd'");
  EXPECT_EQ(says("study = \"people.toml\"\nsets = { all = \"yes\" }"),
            "projection.toml:15:1: error: no analysis is named ('people.toml' may have several)");
  EXPECT_EQ(
      says("study = \"people.toml\"\nanalysis = \"curve\"\nsets = { all = \"yes\" }"),
      "projection.toml:17:12: error: analysis 'curve' has no distribution to draw from (it is a curve, a test or a "
      "plan)");
  EXPECT_EQ(says("study = \"people.toml\"\nanalysis = \"hazard\"\nsets = { all = \"yes\" }"),
            "projection.toml:18:16: error: 'yes' of 'people/hazard' is a ratio or a coefficient ('all' is a share)");
  EXPECT_EQ(
      says("study = \"course.toml\"\nanalysis = \"risk\"\nsets = { all = \"all\" }"),
      "projection.toml:17:12: error: 'analysis' has no meaning for 'course.toml' (it is a study of a published table)");
}

// The catalogue alone decides what a program knows.
TEST_F(StudyFeedsModel, Another_catalogue_serves_another_field) {
  EXPECT_NE(program({"list", "models"}).out.find("sent"), std::string::npos);
  const Ended unknown = desist({"check", "study-feeds-model.toml"});
  EXPECT_EQ(unknown.code, 3);
  EXPECT_EQ(unknown.error.substr(0, 54), "study-feeds-model.toml:6:12: error: unknown model 'sen");

  fs::copy(experiments / "two-parts.toml", path("two-parts.toml"));
  const Ended parts = program({"run", "two-parts.toml"});
  EXPECT_EQ(parts.code, 0) << parts.error;
  const std::string estimates = read_file(path("results/two-parts/estimates.csv"));
  for (const char* outcome : {"referrals.referred,north", "referrals.referred,south", "service.seen"})
    EXPECT_NE(estimates.find(outcome), std::string::npos) << outcome;
}

}  // namespace
}  // namespace desist::test
