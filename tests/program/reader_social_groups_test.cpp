// Social groups of appraisals as files say them, and what is wrong with them, word for word.
#include <gtest/gtest.h>

#include "tests/program/appraisal_file.hpp"

namespace desist {
namespace {

const std::string groups_text = R"(
[[social_group]]
name   = "poor"
income = "poor_income"
[[social_group]]
name  = "others"
label = "Everyone else"
)";

// The sound file with people told apart; `old` in it replaced.
class SocialGroupsOfAppraisals : public tests::Appraisals {
 protected:
  SocialGroupsOfAppraisals() {
    sound_ = with("evidence_years = 1",
                  "evidence_years = 1\naverage_income = \"income\"\nincome_elasticity = \"elasticity\"");
    sound_ =
        with("half_life    =",
             "poor_income  = { range = \"£13,000 to £25,000 per year\", prices = \"2024/25\", assumption = \"?\" }\n"
             "income       = { value = \"£35,000 per year\", prices = \"2024/25\", choice = \"?\" }\n"
             "elasticity   = { value = \"1.3\", choice = \"?\" }\n"
             "poor_share   = { range = \"20% to 60%\", assumption = \"?\" }\n"
             "half_life    =");
    sound_ = with("kind     = \"social\"",
                  "kind     = \"social\"\nsocial_group = { poor = \"poor_share\", others = \"rest\" }");
    sound_ += groups_text;
  }
};

TEST_F(SocialGroupsOfAppraisals, AreReadWithTheirShares) {
  const ExperimentSpec spec = read(sound_);
  const Appraisal& appraisal = *spec.appraisal;
  ASSERT_EQ(appraisal.groups.size(), 2U);
  EXPECT_EQ(appraisal.groups[0].label, "poor");
  EXPECT_EQ(appraisal.inputs[*appraisal.groups[0].income].name, "poor_income");
  EXPECT_EQ(appraisal.inputs[*appraisal.average_income].name, "income");
  EXPECT_EQ(appraisal.inputs[*appraisal.income_elasticity].name, "elasticity");
  const std::vector<FlowShare>& shares = appraisal.flows[1].groups;
  ASSERT_EQ(shares.size(), 2U);
  EXPECT_EQ(appraisal.inputs[*shares[0].share].name, "poor_share");
  EXPECT_EQ(shares[1].group, 1U);
  EXPECT_FALSE(shares[1].share.has_value());
  const ExperimentSpec whole =
      read(with("social_group = { poor = \"poor_share\", others = \"rest\" }",
                "social_group = { poor = \"poor_share\" }\nnote = \"x\"") +
           "[[flow]]\nname = \"more\"\nbearer = \"others\"\nkind = \"social\"\nis = \"benefit\"\nquantity = \"reach\"\n"
           "each = \"trial_cost\"\nsocial_group = \"others\"\n");
  EXPECT_FALSE(whole.appraisal->flows.back().groups.at(0).share.has_value());
}

TEST_F(SocialGroupsOfAppraisals, SayWhatIsWrongWithThem) {
  const std::string shares = "social_group = { poor = \"poor_share\", others = \"rest\" }";
  EXPECT_EQ(problems(with(shares, "social_group = { pour = \"poor_share\", others = \"rest\" }")),
            "x.toml:63:18: error: no social group is called 'pour'\n"
            "   63 | social_group = { pour = \"poor_share\", others = \"rest\" }\n"
            "      |                  ^^^^\n"
            "  did you mean 'poor'?");
  EXPECT_EQ(problems(with(shares, "social_group = { poor = \"rest\", others = \"rest\" }")),
            "x.toml:63:42: error: [[flow]] 'victims' gives the rest twice\n"
            "   63 | social_group = { poor = \"rest\", others = \"rest\" }\n"
            "      |                                          ^^^^^^\n"
            "  give it to one social group");
  EXPECT_EQ(problems(with(shares, "social_group = { poor = 0.4, others = \"rest\" }")),
            "x.toml:63:25: error: the share of 'poor' has no source\n"
            "   63 | social_group = { poor = 0.4, others = \"rest\" }\n"
            "      |                         ^^^\n"
            "  name an input that is a share, or write \"rest\"");
  EXPECT_EQ(problems(with(shares, "social_group = { poor = \"each\", others = \"rest\" }")),
            "x.toml:63:25: error: 'each' is no share of a flow (it isn't between 0% and 100% whatever is drawn)\n"
            "   63 | social_group = { poor = \"each\", others = \"rest\" }\n"
            "      |                         ^^^^^^\n"
            "  name an input like \"20% to 40%\"");
  EXPECT_EQ(problems(with(shares, "social_group = { poor = \"poor_share\", others = \"poor_share\" }")),
            "x.toml:63:16: error: the shares of [[flow]] 'victims' can add up to 1.2 (no more than all of it can fall "
            "on anyone)\n"
            "   63 | social_group = { poor = \"poor_share\", others = \"poor_share\" }\n"
            "      |                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
            "  narrow their ranges, or give one social group the \"rest\"");
  EXPECT_EQ(problems(with(shares, "social_group = {}")),
            "x.toml:63:16: error: [[flow]] 'victims' doesn't say on which social group it falls\n"
            "   63 | social_group = {}\n"
            "      |                ^^\n"
            "  write social_group = \"poorest\", or { poorest = \"poorest_share\", others = \"rest\" }");
  EXPECT_EQ(problems(with(shares, "social_group = \"poor\"")),
            "x.toml:156:1: error: nothing falls on the social group 'others'\n"
            "  156 | [[social_group]]\n"
            "      | ^^^^^^^^^^^^^^^^\n"
            "  add social_group = \"others\" to a [[flow]], or take it out");
  EXPECT_EQ(
      problems(with("income = \"poor_income\"", "income = \"poor_income\"\nweight = \"elasticity\"")),
      "x.toml:156:1: error: [[social_group]] 'poor' has an income and a weight (its weight follows from its income)\n"
      "  156 | weight = \"elasticity\"\n"
      "      | ^^^^^^\n"
      "x.toml:155:1: note: the income is here\n"
      "  155 | income = \"poor_income\"\n"
      "      | ^^^^^^\n"
      "  keep one");
  EXPECT_EQ(problems(with("income = \"poor_income\"", "income = \"trial_cost\"")),
            "x.toml:155:10: error: 'trial_cost' is in £ (an income is money a year)\n"
            "  155 | income = \"trial_cost\"\n"
            "      |          ^^^^^^^^^^^^\n"
            "  write its figure like \"£18,000 per year\"");
  EXPECT_EQ(
      problems(with("income = \"poor_income\"", "weight = \"poor_income\"")),
      "x.toml:10:1: error: 'average_income' has no meaning here (no social group has an income)\n"
      "   10 | average_income = \"income\"\n"
      "      | ^^^^^^^^^^^^^^\n"
      "  add [[social_group]] with an income, or take it out\n"
      "\n"
      "x.toml:11:1: error: 'income_elasticity' has no meaning here (no social group has an income)\n"
      "   11 | income_elasticity = \"elasticity\"\n"
      "      | ^^^^^^^^^^^^^^^^^\n"
      "  add [[social_group]] with an income, or take it out\n"
      "\n"
      "x.toml:155:10: error: 'poor_income' is in £ per year (a weight or an elasticity is a number without a unit)\n"
      "  155 | weight = \"poor_income\"\n"
      "      |          ^^^^^^^^^^^^^\n"
      "  write its figure like \"1.3\"\n"
      "\n"
      "3 problems; nothing was run.");
  EXPECT_EQ(problems(with("£13,000 to £25,000 per year", "£0 to £25,000 per year")),
            "x.toml:155:10: error: 'poor_income' can be 0 or less (a weight is an average income divided by it)\n"
            "  155 | income = \"poor_income\"\n"
            "      |          ^^^^^^^^^^^^^\n"
            "  give it a value or a range above 0");
  EXPECT_EQ(problems(with("income = \"poor_income\"", "note = \"none\"")),
            "x.toml:10:1: error: 'average_income' has no meaning here (no social group has an income)\n"
            "   10 | average_income = \"income\"\n"
            "      | ^^^^^^^^^^^^^^\n"
            "  add [[social_group]] with an income, or take it out\n"
            "\n"
            "x.toml:11:1: error: 'income_elasticity' has no meaning here (no social group has an income)\n"
            "   11 | income_elasticity = \"elasticity\"\n"
            "      | ^^^^^^^^^^^^^^^^^\n"
            "  add [[social_group]] with an income, or take it out\n"
            "\n"
            "2 problems; nothing was run.");
  EXPECT_EQ(problems(with("average_income = \"income\"\n", "")),
            "x.toml:7:1: error: missing key 'average_income' in [appraisal] (a social group has an income, and £1 "
            "weighs (average income / income) ^ elasticity)\n"
            "    7 | [appraisal]\n"
            "      | ^^^^^^^^^^^\n"
            "  add: average_income = \"...\", the name of an input");
  EXPECT_EQ(problems(with("name  = \"others\"", "name  = \"poor\"")),
            "x.toml:63:39: error: no social group is called 'others'\n"
            "   63 | social_group = { poor = \"poor_share\", others = \"rest\" }\n"
            "      |                                       ^^^^^^\n"
            "  there are poor\n"
            "\n"
            "x.toml:157:9: error: two social groups are called 'poor'\n"
            "  157 | name  = \"poor\"\n"
            "      |         ^^^^^^\n"
            "  give each a name of its own\n"
            "\n"
            "2 problems; nothing was run.");
}

}  // namespace
}  // namespace desist
