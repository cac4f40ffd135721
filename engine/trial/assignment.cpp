#include "engine/trial/assignment.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "engine/random/inverse_normal.hpp"

namespace desist {
namespace {

/// Puts the numbers from 0 on in an order of their own for each `which`.
void shuffle(const Streams& streams, Purpose purpose, std::size_t which, std::vector<std::size_t>& order) {
  std::iota(order.begin(), order.end(), std::size_t{0});
  Stream stream = streams.open(purpose, which);
  for (std::size_t i = order.size(); i > 1; --i) {
    const double u = uniform(stream());
    std::swap(order[i - 1], order[static_cast<std::size_t>(u * static_cast<double>(i))]);
  }
}

/// What a cluster's rate is multiplied by: lognormal of mean 1.
double factor_of(const TrialDesign& design, const Streams& streams, std::size_t cluster) {
  if (design.cluster_sd == 0) return 1;
  const double z = inverse_normal(uniform(streams.words(Purpose("rate of a cluster"), cluster)[0]));
  return std::exp(design.cluster_sd * (z - design.cluster_sd / 2));
}

void assign_clusters(const TrialDesign& design, const Streams& streams, const Streams& groups,
                     std::vector<TrialMember>& members) {
  const bool wedge = design.assignment == Assignment::stepped_wedge;
  const std::size_t group = wedge ? design.steps : 2;  // clusters that are shuffled together
  const std::size_t periods = wedge ? design.steps + 1 : 1;
  std::vector<std::size_t> order(group);
  double factor = 1;
  for (std::size_t i = 0; i < members.size(); ++i) {
    TrialMember& member = members[i];
    const std::size_t cluster = i / design.cluster_size;
    if (i % design.cluster_size == 0) {
      if (cluster % group == 0) shuffle(groups, Purpose("order of clusters"), cluster / group, order);
      factor = factor_of(design, streams, cluster);
    }
    const std::size_t place = order[cluster % group];
    const std::size_t period = i % design.cluster_size * periods / design.cluster_size;
    member.cluster = static_cast<int>(cluster);
    if (!wedge) member.block = static_cast<int>(cluster / group);
    member.period = static_cast<int>(period);
    member.rate_factor = factor * std::exp(design.drift * static_cast<double>(period));
    member.treated = wedge ? period > place : place == 0;
  }
}

}  // namespace

std::vector<TrialMember> assign(const TrialDesign& design, const Streams& streams, std::size_t people) {
  return assign(design, streams, streams, people);
}

std::vector<TrialMember> assign(const TrialDesign& design, const Streams& streams, const Streams& groups,
                                std::size_t people) {
  std::vector<TrialMember> members(people);
  for (std::size_t i = 0; i < people; ++i) members[i].number = i;
  switch (design.assignment) {
    case Assignment::individually:
      for (TrialMember& member : members)
        member.treated = uniform(groups.words(Purpose("group of a person"), member.number)[0]) < design.share_treated;
      break;
    case Assignment::in_blocks: {
      const auto treated =
          static_cast<std::size_t>(std::llround(design.share_treated * static_cast<double>(design.block)));
      std::vector<std::size_t> order(design.block);
      for (std::size_t first = 0; first < people; first += design.block) {
        shuffle(groups, Purpose("order of a block"), first / design.block, order);
        for (std::size_t i = 0; i < design.block && first + i < people; ++i) {
          members[first + i].treated = order[i] < treated;
          members[first + i].block = static_cast<int>(first / design.block);
        }
      }
      break;
    }
    case Assignment::by_cluster:
    case Assignment::stepped_wedge:
      assign_clusters(design, streams, groups, members);
      break;
    case Assignment::matched:
      break;
    case Assignment::before_and_after:
      for (TrialMember& member : members) member.treated = true;
      break;
  }
  for (TrialMember& member : members)
    member.given =
        member.treated || (design.crossover > 0 && design.assignment != Assignment::matched &&
                           uniform(groups.words(Purpose("crossing over"), member.number)[0]) < design.crossover);
  return members;
}

bool joins(const TrialDesign& design, const Streams& streams, std::size_t number, double relative) {
  const double share = design.joins_by_rate == 0
                           ? design.share_treated
                           : std::min(1.0, design.share_treated * std::pow(relative, design.joins_by_rate));
  return uniform(streams.words(Purpose("joining"), number)[0]) < share;
}

double lost_at(const TrialDesign& design, const Streams& streams, const TrialMember& member, bool offends) {
  double lost = member.treated ? design.lost_treated : design.lost_control;
  if (offends)
    lost = (member.treated ? design.lost_treated_if_offended : design.lost_control_if_offended).value_or(lost);
  if (lost == 0) return 2;
  const Words words = streams.words(Purpose("loss to follow-up"), member.number);
  return uniform(words[0]) < lost ? uniform(words[1]) : 2;
}

std::vector<std::size_t> nearest_one_to_one(const std::vector<Matchable>& wanted, const std::vector<Matchable>& pool,
                                            bool by_before, bool by_age) {
  // Those still free, by (offences before, age, place).
  using Place = std::pair<double, std::size_t>;
  std::map<double, std::vector<Place>> free;
  for (std::size_t i = 0; i < pool.size(); ++i)
    free[by_before ? pool[i].before : 0].push_back({by_age ? pool[i].age : 0, i});
  for (auto& [before, places] : free) std::sort(places.begin(), places.end());
  std::vector<std::size_t> found;
  for (const Matchable& one : wanted) {
    if (free.empty()) break;
    const double before = by_before ? one.before : 0, age = by_age ? one.age : 0;
    auto bucket = free.lower_bound(before);
    if (bucket == free.end() ||
        (bucket != free.begin() && before - std::prev(bucket)->first <= bucket->first - before &&
         bucket->first != before))
      bucket = std::prev(bucket);
    std::vector<Place>& places = bucket->second;
    auto at = std::lower_bound(places.begin(), places.end(), Place{age, 0});
    if (at == places.end() || (at != places.begin() && age - std::prev(at)->first <= at->first - age)) {
      if (at != places.begin() && (at == places.end() || at->first != age)) {
        // Of those equally near below, the first by place.
        const double near = std::prev(at)->first;
        at = std::lower_bound(places.begin(), places.end(), Place{near, 0});
      }
    }
    found.push_back(at->second);
    places.erase(at);
    if (places.empty()) free.erase(bucket);
  }
  return found;
}

}  // namespace desist
