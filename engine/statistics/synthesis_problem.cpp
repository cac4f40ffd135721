#include "engine/statistics/synthesis_problem.hpp"

namespace desist::statistics {

std::string_view problem_words(SynthesisProblem problem) {
  switch (problem) {
    case SynthesisProblem::none:
      return "nothing is wrong";
    case SynthesisProblem::no_study:
      return "there is no study";
    case SynthesisProblem::one_study:
      return "there is one study: nothing to pool, its own effect stands";
    case SynthesisProblem::too_few_studies:
      return "there are no more studies than coefficients";
    case SynthesisProblem::not_finite:
      return "an effect, variance or moderator is not a finite number";
    case SynthesisProblem::variance_not_positive:
      return "a study has a variance that is not above 0";
    case SynthesisProblem::collinear_moderators:
      return "one moderator is a combination of the others";
    case SynthesisProblem::no_scatter:
      return "the effects are all the same, so their scatter gives no error";
    case SynthesisProblem::no_error:
      return "this estimator of the spread has no standard error";
    case SynthesisProblem::impossible_counts:
      return "a table has fewer than 0 or more than all of its people with the event";
    case SynthesisProblem::no_events:
      return "nobody had the event in any study";
    case SynthesisProblem::everybody_had_the_event:
      return "everybody had the event in every study";
    case SynthesisProblem::no_events_in_a_group:
      return "nobody had the event in one group of every study, so a ratio is 0 or infinite";
    case SynthesisProblem::everybody_in_a_group_had_the_event:
      return "everybody had the event in one group of every study, so odds are infinite";
    case SynthesisProblem::no_information:
      return "no study has both people with the event and people without";
    case SynthesisProblem::at_the_edge:
      return "the likelihood is highest at the edge of what is possible";
    case SynthesisProblem::not_settled:
      return "the steps went in a circle";
  }
  return "";
}

}  // namespace desist::statistics
