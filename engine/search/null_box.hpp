// The box of null programmes as arms that can be run, and the parameter that is matched at each of its points.
#pragma once

#include <string>
#include <vector>

#include "engine/search/placebo.hpp"

namespace desist {

/// Arms at points of the box, and the draws that they share: known figures more, which move no other.
struct NullArms {
  std::vector<Arm> arms;
  ParameterDraws draws;
};

/// "no_effect (list_least 3, rate_shape 2)".
std::string point_name(const NullProgramme& programme, const NullPoint& point, const std::vector<Arm>& arms,
                       const ParameterDraws& draws);

/// By how much every figure after is multiplied at a point: the level of what is seen after; 1 where that is no
/// unknown.
double seen_after(const NullProgramme& programme, const NullPoint& point);

/// Whether the model is the same at two points: they differ in nothing, or in how much is seen after.
bool is_same_model(const NullProgramme& programme, const NullPoint& a, const NullPoint& b);

/// One arm a point of those given.
NullArms null_arms(const NullProgramme& programme, const std::vector<const NullPoint*>& points,
                   const std::vector<Arm>& arms, const ParameterDraws& draws);

/// What surrounds the points of a box.
struct NullRun {
  const NullProgramme& programme;
  const ModelRecord& model;
  const std::vector<Arm>& arms;
  const ParameterDraws& draws;
  const Window& window;
  const Plan& plan;
  const RunControl& control;

  /// Runs so many futures of each of the points. Throws PlaceboFailure.
  OutcomeTable futures(const std::vector<const NullPoint*>& points, std::uint64_t count) const;
};

/// The pilots of a point at the value that it was given.
struct MatchedFutures {
  OutcomeTable outcomes;
  std::size_t arm = 0;
  std::span<const double> values(std::size_t outcome) const { return outcomes.draw_means(arm, outcome); }
};

/// Sets the matched parameter at every point so that the mean of `outcome` is `wanted`; says which can't be. Points
/// that have a value begin there; `slopes`, one a point or none, are those of the logarithm of the mean in that of the
/// value, where something is known of them. Returns each point's pilots, those of the first where points differ in
/// nothing but whom the number after is counted of or how much is seen; nothing: it was stopped.
std::optional<std::vector<MatchedFutures>> match_points(const NullRun& run, std::size_t outcome, double wanted,
                                                        std::vector<NullPoint>& points,
                                                        const std::vector<double>& slopes = {});

/// The first futures, on which a parameter is matched.
std::uint64_t pilot_futures(const NullProgramme& programme);

/// Points with a little more of the matched parameter, or less where its range ends.
std::vector<NullPoint> moved_points(const NullMatch& match, const std::vector<const NullPoint*>& points);

}  // namespace desist
