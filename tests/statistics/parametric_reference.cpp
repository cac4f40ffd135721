// Parametric and split-population models against R (survreg of survival 3.5-3; an own likelihood for the splits):
// tests/data/reference/04_survival.
#include <gtest/gtest.h>

#include "engine/statistics/mixture_cure.hpp"
#include "engine/statistics/parametric_survival.hpp"
#include "tests/statistics/survival_files.hpp"

namespace desist::statistics {
namespace {

using namespace reference;

const std::pair<const char*, TimeLaw> laws[] = {{"exponential", TimeLaw::exponential},
                                                {"weibull", TimeLaw::weibull},
                                                {"lognormal", TimeLaw::lognormal},
                                                {"loglogistic", TimeLaw::loglogistic}};

void compare(FieldCount& fields, const std::string& set, const SurvivalSet& file,
             const std::vector<std::string>& columns, std::vector<std::string> names) {
  const nlohmann::json expected = survival_analyses().at(set);
  const Columns data(file.name + ".csv");
  const auto time = data.numbers(file.time);
  const auto event = data.whole(file.event);
  for (const auto& [name, law] : laws) {
    const std::string where = set + " " + name;
    const auto& theirs = expected.at(name);
    const auto fit = parametric_survival({time, event, {}}, data.matrix(columns), law);
    ASSERT_TRUE(fit) << where;
    std::vector<std::string> with_intercept{"(Intercept)"};
    with_intercept.insert(with_intercept.end(), names.begin(), names.end());
    fields.near(values_of(theirs.at("coef"), with_intercept), fit->coefficients, 1e-6, where + " coef");
    fields.near(theirs.at("log_scale"), fit->log_scale, 1e-6, where + " log scale");
    fields.near(theirs.at("scale"), std::exp(fit->log_scale), 1e-6, where + " scale");
    fields.near(theirs.at("se"), fit->errors(), 1e-6, where + " se");
    fields.near(theirs.at("loglik"), fit->log_likelihood, 1e-8, where);
    fields.near(theirs.at("loglik_intercept_only"), fit->log_likelihood_intercept, 1e-8, where);
    fields.near(theirs.at("aic"), fit->aic, 1e-8, where);
    if (law != TimeLaw::weibull) continue;
    const auto& hazards = theirs.at("proportional_hazards_form");
    const WeibullHazards ours = weibull_hazards(*fit);
    fields.near(hazards.at("shape"), ours.shape, 1e-6, where);
    fields.near(values_of(hazards.at("log_hazard_ratio"), names), ours.log_hazard_ratio, 1e-6, where);
  }
}

TEST(parametric_reference, accelerated_failure_times) {
  FieldCount fields;
  const std::vector<std::string> rossi{"fin", "age", "race", "wexp", "mar", "paro", "prio"};
  compare(fields, "aft_rossi", survival_sets()[0], rossi, rossi);
  compare(fields, "aft_veteran", survival_sets()[2],
          {"trt", "celltype=smallcell", "celltype=adeno", "celltype=large", "karno"},
          {"trt", "celltypesmallcell", "celltypeadeno", "celltypelarge", "karno"});
  // coefficients, errors (one more with a scale), five numbers of each law, and the hazards of Weibull.
  EXPECT_EQ(fields.count, (4 * (8 + 8 + 5) + 3 + 8) + (4 * (6 + 6 + 5) + 3 + 6));
}

TEST(parametric_reference, mixture_cure) {
  FieldCount fields;
  const Columns data("cure_simulated.csv");
  const auto time = data.numbers("months");
  const auto event = data.whole("reoffended");
  const Eigen::MatrixXd none(static_cast<Eigen::Index>(data.rows()), 0);
  for (const char* set : {"cure_intercept", "cure_covariates", "cure_covariates_both"}) {
    const nlohmann::json expected = survival_analyses().at(set);
    const auto names = expected.at("covariates").get<std::vector<std::string>>();
    const bool both = std::string(set) == "cure_covariates_both";
    const Eigen::MatrixXd z = data.matrix(names);
    for (const char* name : {"weibull", "lognormal", "exponential"}) {
      const std::string where = std::string(set) + " " + name;
      const auto& theirs = expected.at(name);
      const TimeLaw law = std::find_if(std::begin(laws), std::end(laws), [&](const auto& each) {
                            return std::string(each.first) == name;
                          })->second;
      const auto fit = mixture_cure({time, event, {}}, names.empty() ? none : z, both ? z : none, law);
      ASSERT_TRUE(fit) << where;
      std::vector<std::string> coefficients{"logit_susceptible:intercept"};
      for (const std::string& each : names) coefficients.push_back("logit_susceptible:" + each);
      coefficients.push_back("log_time:intercept");
      if (both) coefficients.push_back("log_time:treat");
      if (law != TimeLaw::exponential) coefficients.push_back("log_scale");
      Eigen::VectorXd ours(static_cast<Eigen::Index>(coefficients.size()));
      if (law == TimeLaw::exponential) {
        ours << fit->incidence, fit->latency;
      } else {
        ours << fit->incidence, fit->latency, fit->log_scale;
      }
      fields.near(values_of(theirs.at("coef"), coefficients), ours, 1e-4, where + " coef");
      fields.near(values_of(theirs.at("se_observed_hessian"), coefficients), fit->errors(), 1e-3, where + " se");
      fields.near(theirs.at("loglik"), fit->log_likelihood, 1e-6, where);
      const CureShare share = cure_share(*fit, Eigen::VectorXd::Zero(z.cols()));
      fields.near(theirs.at("cure_fraction_at_zero_covariates"), share.share, 1e-4, where + " share");
      EXPECT_EQ(expected.at("n"), fit->rows);
      EXPECT_EQ(expected.at("events"), fit->events);
      if (theirs.contains("flexsurvcure_check")) {
        fields.near(theirs.at("flexsurvcure_check").at("theta"), share.share, 1e-4, where);
        fields.near(theirs.at("flexsurvcure_check").at("loglik"), fit->log_likelihood, 1e-6, where);
      }
    }
  }
  EXPECT_EQ(fields.count, 2 * (3 + 3 + 2) + 2 * (5 + 5 + 4) + 2 * (5 + 5 + 4) + 9 * 2 + 2 * 2);
}

}  // namespace
}  // namespace desist::statistics
