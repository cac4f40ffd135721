// What a regression of 100,000 rows and 10 columns costs. By hand: build/release/tests/bench/regression_bench
#include <cmath>
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include "engine/statistics/firth_logistic.hpp"
#include "engine/statistics/instrumental.hpp"
#include "engine/statistics/linear_model.hpp"
#include "engine/statistics/negative_binomial.hpp"
#include "engine/statistics/separation.hpp"
#include "engine/statistics/standardisation.hpp"
#include "engine/statistics/zero_inflated.hpp"

namespace {

using namespace desist::statistics;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// SplitMix64: numbers for a clock to run on.
struct Bits {
  std::uint64_t state = 1;
  double operator()() {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
  }
};

struct Data {
  MatrixXd x;
  VectorXd y, yes, counts, separated;
  std::vector<std::size_t> cluster;
};

const Data& data() {
  static const Data made = [] {
    const Index n = 100000, p = 10;
    Bits uniform;
    Data d{MatrixXd(n, p), VectorXd(n), VectorXd(n), VectorXd(n), VectorXd(n), {}};
    for (Index i = 0; i < n; ++i) {
      d.x(i, 0) = 1;
      for (Index j = 1; j < p; ++j) d.x(i, j) = uniform() - 0.5;
      d.x(i, 1) = d.x(i, 1) > 0 ? 1 : 0;
      const double eta = -0.7 - 0.3 * d.x(i, 1) + d.x(i, 2) - 0.5 * d.x(i, 3);
      d.y[i] = eta + uniform();
      d.yes[i] = uniform() < 1 / (1 + std::exp(-eta)) ? 1 : 0;
      double mean = std::exp(eta) * -std::log(uniform());
      d.counts[i] = 0;
      for (mean += std::log(uniform()); mean > 0; mean += std::log(uniform())) d.counts[i] += 1;
      d.separated[i] = d.x(i, 1) == 1 ? 1 : d.yes[i];
      d.cluster.push_back(static_cast<std::size_t>(i / 50));
    }
    return d;
  }();
  return made;
}

const GeneralisedLinearModel& logistic() {
  static const auto model =
      std::get<GeneralisedLinearModel>(generalised_linear_model(Family::logistic, data().x, data().yes));
  return model;
}

template <class F>
void run(const char* name, F f) {
  benchmark::RegisterBenchmark(name, [f](benchmark::State& state) {
    data();
    logistic();
    for (auto _ : state) benchmark::DoNotOptimize(f());
  })->Unit(benchmark::kMillisecond);
}

}  // namespace

int main(int argc, char** argv) {
  run("least squares", [] { return linear_model(data().x, data().y); });
  run("logistic", [] { return generalised_linear_model(Family::logistic, data().x, data().yes); });
  run("Poisson", [] { return generalised_linear_model(Family::poisson, data().x, data().counts); });
  run("negative binomial", [] { return negative_binomial(data().x, data().counts); });
  run("zero-inflated negative binomial", [] {
    return zero_inflated(CountFamily::negative_binomial, {data().x, data().x.leftCols(2), data().counts, {}});
  });
  run("zero-inflated Poisson", [] {
    return zero_inflated(CountFamily::poisson, {data().x, data().x.leftCols(2), data().counts, {}});
  });
  run("HC3", [] { return robust_covariance(logistic().working, RobustKind::hc3); });
  run("CR1, 2,000 clusters", [] { return cluster_covariance(logistic().working, data().cluster, ClusterKind::cr1); });
  run("CR2 of a logistic model, 2,000 clusters of 50",
      [] { return cluster_covariance(logistic().working, data().cluster, ClusterKind::cr2); });
  run("CR2 of least squares", [] {
    return cluster_covariance(std::get<LinearModel>(linear_model(data().x, data().y)).working, data().cluster,
                              ClusterKind::cr2);
  });
  run("standardisation", [] { return standardise_for_population(logistic(), counterfactuals(data().x, 1)); });
  run("separated rows, named", [] { return generalised_linear_model(Family::logistic, data().x, data().separated); });
  run("Firth, one profile", [] { return firth_logistic(data().x, data().yes, {1}); });
  run("two-stage least squares", [] {
    return instrumental_model({data().x.col(1), data().x.col(2), data().x.rightCols(7), data().y});
  });
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
