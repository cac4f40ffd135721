// Sums over printed figures: values worked out by hand, digits as printed, and every way of being wrong.
#include "engine/program/arithmetic.hpp"

#include <filesystem>
#include <fstream>
#include <random>

#include <gtest/gtest.h>
#include <unistd.h>

#include "engine/report/words.hpp"

namespace desist {
namespace {

namespace fs = std::filesystem;

class Sums : public testing::Test {
 protected:
  Sums() {
    const std::string folder = testing::TempDir() + "arithmetic_" + std::to_string(::getpid());
    fs::create_directories(folder);
    std::ofstream(folder + "/rows.csv") << "id,quantity,value,unit,verbatim_number_as_printed\n"
                                           "nc.nfa,women,2714,persons/year,\"2,714\"\n"
                                           "nc.total,referrals,668,referrals/year,668\n"
                                           "nc.money,funding,450000,GBP/year,\"£450,000\"\n"
                                           "over,referrals,10000,referrals (over),\"over 10,000\"\n"
                                           "ten,orders,10,orders/year,10\n"
                                           "mean,orders,4.5,orders/year,4.5\n"
                                           "up,share,0.37,proportion,rose by 37%\n"
                                           "words,share,0.5,proportion,half\n"
                                           "five,weeks,5,weeks,5 weeks\n"
                                           "none,nothing,0,persons,0\n"
                                           "2023,year,1,year,1\n"
                                           "asb.2023-07,incidents,120,incidents,120\n"
                                           "said,words,,text,many\n";
    Diagnostics found;
    evidence_.add_directory(folder, found);
    EXPECT_TRUE(found.empty()) << found.rendered();
    fs::remove_all(folder);
  }
  Arithmetic sum(const std::string& text) const {
    const auto worked = work_out(text, evidence_);
    if (const auto* wrong = std::get_if<ExpressionProblem>(&worked)) {
      ADD_FAILURE() << text << ": " << wrong->problem;
      return {};
    }
    return std::get<Arithmetic>(worked);
  }
  std::string problem(const std::string& text) const {
    const auto worked = work_out(text, evidence_);
    const auto* wrong = std::get_if<ExpressionProblem>(&worked);
    if (!wrong) return "";
    EXPECT_LE(wrong->at + wrong->length, std::max<std::size_t>(1, text.size())) << text;
    return wrong->problem;
  }
  EvidenceLibrary evidence_;
};

TEST_F(Sums, AreWorkedOut) {
  const struct {
    const char* text;
    double value;
    const char* in_numbers;
  } all[] = {
      {"nc.nfa * 5%", 135.7, "2,714 × 5%"},
      {"nc.money / nc.total", 450000.0 / 668, "£450,000 ÷ 668"},
      {"1 + 2 * 3", 7, "1 + 2 × 3"},
      {"(1 + 2) * 3", 9, "(1 + 2) × 3"},
      {"10 - 4 - 3", 3, "10 − 4 − 3"},
      {"24 / 4 / 3", 2, "24 ÷ 4 ÷ 3"},
      {"-2 * -3", 6, "−2 × −3"},
      {"£38,000 / 55", 38000.0 / 55, "£38,000 ÷ 55"},
      {"up * 100", 37, "37% × 100"},
      {"words", 0.5, "0.5"},
      {"asb.2023-07 - 20", 100, "120 − 20"},
      {" 2714 ", 2714, "2,714"},
      {".5", 0.5, ".5"},
  };
  for (const auto& each : all) {
    const Arithmetic found = sum(each.text);
    EXPECT_DOUBLE_EQ(found.value, each.value) << each.text;
    EXPECT_EQ(found.in_numbers, each.in_numbers);
  }
}

TEST_F(Sums, KnowWhatTheirPrintsKnow) {
  EXPECT_EQ(sum("nc.nfa * 5%").digits, 0);  // a count is exact
  EXPECT_EQ(sum("nc.nfa / nc.total").digits, 0);
  EXPECT_EQ(sum("nc.nfa * up").digits, 2);
  EXPECT_EQ(sum("over * 2").digits, 5);                     // "over" is no count
  EXPECT_EQ(sum("five * nc.total").digits, 1);              // five weeks are measured
  EXPECT_EQ(sum("nc.nfa + mean").digits, 5);                // 2,718.5: a sum is known to a place, here tenths
  EXPECT_EQ(sum("nc.nfa * up + nc.nfa").digits, 2);         // 1,000 and 2,714: to hundreds
  EXPECT_EQ(sum("mean * 100 - nc.total + 219").digits, 1);  // 450, known to tens, less 449
  EXPECT_EQ(sum("mean * mean / ten").digits, 2);
  EXPECT_EQ(sum("nc.money").digits, 6);  // zeros at the end count: nobody said that they are rounded
  EXPECT_EQ(sum("12.5 * 4").digits, 0);
  EXPECT_EQ(sum("nc.nfa + up + nc.nfa").evidence, (std::vector<std::string>{"nc.nfa", "up"}));
}

TEST_F(Sums, AreSaidWithNoMoreThanIsKnown) {
  const auto said = [&](const char* text) {
    const Arithmetic found = sum(text);
    return sum_in_words(found.value, found.digits);
  };
  EXPECT_EQ(said("nc.nfa * 5%"), "136");
  EXPECT_EQ(said("nc.nfa * 25%"), "679");  // 678.5
  EXPECT_EQ(said("nc.money / nc.total"), "674");
  EXPECT_EQ(said("nc.nfa * up"), "1,000");      // 1,004.18, and 37% has two digits
  EXPECT_EQ(said("five * nc.total"), "3,300");  // 3,340: two digits at least
  EXPECT_EQ(said("nc.total / 52"), "13");
  EXPECT_EQ(said("nc.total / 365"), "1.8");
  EXPECT_EQ(said("-nc.total"), "-668");
  EXPECT_EQ(said("nc.nfa + nc.total + ten"), "3,392");  // ten has two digits, and is a count
  EXPECT_EQ(said("none"), "0");
  EXPECT_EQ(said("2 / 3"), "0.67");
}

TEST_F(Sums, SayWhatIsWrong) {
  const std::pair<const char*, const char*> all[] = {
      {"", "a sum is empty"},
      {"nc.nfa *", "a sum ends too early"},
      {"nc.nfa 5", "'5' can't stand here"},
      {"nc.nfa × 5", "'×' can't stand here"},
      {"5 * )", "')' can't stand here"},
      {"5)", "')' can't stand here"},
      {"(5", "this ( is never closed"},
      {"1.2.3", "'1.2.3' is not a number"},
      {"nc.nfs", "no evidence row has the id 'nc.nfs'"},
      {"asb.2023-07-20", "no evidence row has the id 'asb.2023-07-20'"},
      {"said", "'said' prints no single number"},
      {"5 / none", "'5' is divided by nothing"},
      {"5 / (nc.nfa - nc.nfa)", "'5' is divided by nothing"},
      {"£", "'£' can't stand here"},
  };
  for (const auto& [text, says] : all) EXPECT_EQ(problem(text), says) << text;
  EXPECT_EQ(problem(std::string(200, '(') + "1"), "more than 50 parentheses in one another");
  EXPECT_EQ(problem(std::string(600, '1')), "a sum of 600 letters");
  EXPECT_EQ(problem(std::string(400, '9') + " * 1"), "'" + std::string(400, '9') + "' is not a number");
  EXPECT_EQ(problem(std::string(300, '9') + " * " + std::string(150, '9')), "the sum is too large for a number");
  const auto worked = work_out("nc.nfa-5", evidence_);
  EXPECT_EQ(std::get<ExpressionProblem>(worked).cure, "put spaces around a minus: an id may hold one");
}

TEST_F(Sums, SurviveAnyText) {
  std::mt19937 choose(7);
  const std::string letters = "0123456789.,%()+-*/ £ncaup_x\t\xE2";
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (auto left = choose() % 30; left > 0; --left) text += letters[choose() % letters.size()];
    problem(text);
  }
}

}  // namespace
}  // namespace desist
