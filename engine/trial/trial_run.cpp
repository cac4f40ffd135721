#include "engine/trial/trial_run.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/core/limits.hpp"

namespace desist {
namespace {

constexpr double rounding = 1e-9;                // weeks
constexpr std::size_t most_looked_at = 2000000;  // people among whom joiners are looked for

std::size_t rows_a_person(const TrialDesign& design) {
  return design.assignment == Assignment::before_and_after ? 2 : 1;
}

double longest_follow_up(const std::vector<RunDesign>& designs) {
  double weeks = 0;
  for (const RunDesign& run : designs) weeks = std::max(weeks, run.design->follow_up);
  return weeks;
}

/// Says why a person's whole follow-up isn't in the window. By itself, so that asking costs nothing.
[[noreturn, gnu::noinline]] void refuse_follow_up(const TrialDesign& design, const PersonHistory& person) {
  if (!(person.entered < infinity))
    throw std::invalid_argument(
        fmt::format("not everybody enters within the window, and '{}' takes people as they come: a virtual trial needs "
                    "an entry other than by referral",
                    design.name));
  const double short_by = person.entered + design.follow_up - person.until;
  if (short_by > rounding && !person.died)
    throw std::invalid_argument(
        fmt::format("the window ends {:.1f} weeks before a follow-up of {:.1f} weeks does that '{}' asks for: let it "
                    "end later",
                    short_by, design.follow_up, design.name));
  throw std::invalid_argument(
      fmt::format("people enter {:.1f} weeks after the window begins, and '{}' looks back {:.1f} weeks: set `before` "
                  "to that or more",
                  person.entered, design.name, design.follow_up));
}

/// A person whose whole follow-up the window holds.
inline const PersonHistory& followed(const TrialDesign& design, const PersonHistory& person) {
  const bool ends_early = person.entered + design.follow_up - person.until > rounding && !person.died;
  const bool begins_late =
      design.assignment == Assignment::before_and_after && person.entered + rounding < design.follow_up;
  if (!(person.entered < infinity) || ends_early || begins_late) refuse_follow_up(design, person);
  return person;
}

/// Of what an analysis draws by itself: resamples, assignments made anew. Each trial has its own.
std::uint64_t seed_of_draws(const Streams& streams) { return streams.words(Purpose("draws of an analysis"), 0)[0]; }

bool looks_back(const TrialDesign& design) {
  const auto has_before = [](const std::vector<std::string>& columns) {
    return std::find(columns.begin(), columns.end(), "before") != columns.end();
  };
  if (design.assignment == Assignment::matched && has_before(design.match_on)) return true;
  return std::any_of(design.analyses.begin(), design.analyses.end(),
                     [&](const TrialAnalysis& each) { return has_before(each.analysis.list("adjust")); });
}

}  // namespace

bool lives_both(const TrialDesign& design, std::uint64_t r) {
  const bool any = std::any_of(design.analyses.begin(), design.analyses.end(),
                               [](const TrialAnalysis& each) { return contrast_of(each) != MeanContrast::other; });
  return any && (design.assignment == Assignment::matched || r % 2 == 0);
}

RunDesign run_design(const TrialDesign& design, std::size_t number, const std::vector<std::size_t>& sizes) {
  RunDesign run;
  run.design = &design;
  const bool has_factors =
      design.assignment == Assignment::by_cluster || design.assignment == Assignment::stepped_wedge;
  run.owner = has_factors ? number + 1 : 0;
  run.treated = design.treated;
  run.looks_back = looks_back(design);
  run.sizes = sizes;
  const auto looked_at = [](std::size_t people, double share) {
    return std::max<std::size_t>(1, static_cast<std::size_t>(std::llround(share * static_cast<double>(people))));
  };
  for (const std::size_t people : sizes) {
    run.cuts.push_back(people);
    for (const double share : design.looks) run.cuts.push_back(looked_at(people, share));
  }
  std::sort(run.cuts.begin(), run.cuts.end());
  run.cuts.erase(std::unique(run.cuts.begin(), run.cuts.end()), run.cuts.end());
  const auto place = [&](std::size_t people) {
    return static_cast<std::size_t>(std::lower_bound(run.cuts.begin(), run.cuts.end(), people) - run.cuts.begin());
  };
  for (const std::size_t people : sizes) {
    run.cut_of_size.push_back(place(people));
    std::vector<std::size_t>& looks = run.cuts_of_looks.emplace_back();
    for (const double share : design.looks) looks.push_back(place(looked_at(people, share)));
  }
  run.boundaries = look_boundaries(design);
  for (const TrialAnalysis& analysis : design.analyses) {
    const TrialMeasure measure{analysis.types, analysis.seen};
    const auto known = std::find(run.measures.begin(), run.measures.end(), measure);
    run.measure_of.push_back(static_cast<std::size_t>(known - run.measures.begin()));
    if (known == run.measures.end()) run.measures.push_back(measure);
  }
  return run;
}

TrialRunner::TrialRunner(const BoundArms& arms, std::vector<RunDesign> designs)
    : designs_(std::move(designs)), people_(arms, longest_follow_up(designs_)), state_(designs_.size()) {
  for (std::size_t d = 0; d < designs_.size(); ++d) {
    const RunDesign& run = designs_[d];
    for (std::size_t a = 0; a < run.design->analyses.size(); ++a)
      state_[d].analysers.emplace_back(*run.design, run.design->analyses[a], run.measure_of[a]);
  }
}

bool TrialRunner::lives_in_both(const RunDesign& run) const {
  if (!set_.both || run.without_effect) return false;
  return set_.trials > 1 || lives_both(*run.design, set_.people);
}

void TrialRunner::begin(const TrialSet& set) {
  set_ = set;
  streams_ = Streams(set.seed, 0, set.people);
  groups_ = Streams(set.seed, 0, set.groups);
  people_.begin(streams_);
  for (std::size_t d = 0; d < designs_.size(); ++d) {
    const RunDesign& run = designs_[d];
    if (!runs(run) || run.design->assignment == Assignment::matched) continue;
    assign_all(d);
    ask_members(d, set.trials > 1 || lives_in_both(run));
  }
  people_.simulate();
  for (std::size_t d = 0; d < designs_.size(); ++d) {
    if (!runs(designs_[d])) continue;
    if (designs_[d].design->assignment == Assignment::matched) find_joiners(d, designs_[d].sizes.back() / 2);
    if (keeps_rows(designs_[d])) {
      for (const bool given : {false, true}) {
        for (TrialMember& member : state_[d].members) member.given = given;
        make_rows(d);
        std::swap(state_[d].rows, state_[d].of_arm[given ? 1 : 0]);
      }
      assign_all(d);
      take_rows(d);
    } else {
      make_rows(d);
    }
    state_[d].own.clear();
    if (lives_in_both(designs_[d])) add_lives_twice(d);
  }
}

void TrialRunner::assign_anew(std::uint64_t k) {
  groups_ = Streams(set_.seed, 0, set_.groups + k);
  for (std::size_t d = 0; d < designs_.size(); ++d) {
    const RunDesign& run = designs_[d];
    if (!runs(run)) continue;
    assign_all(d);
    if (keeps_rows(run))
      take_rows(d);
    else
      make_rows(d);
  }
}

/// Designs with one rule have the same groups: those of an earlier one are taken where it has as many people.
void TrialRunner::assign_all(std::size_t d) {
  const TrialDesign& design = *designs_[d].design;
  const std::size_t people = designs_[d].sizes.back();
  const bool is_simple = design.assignment == Assignment::individually || design.assignment == Assignment::in_blocks;
  for (std::size_t e = 0; is_simple && e < d; ++e) {
    const TrialDesign& other = *designs_[e].design;
    if (!runs(designs_[e]) || other.assignment != design.assignment || other.share_treated != design.share_treated ||
        other.block != design.block || other.crossover != design.crossover || designs_[e].sizes.back() < people)
      continue;
    const auto& members = state_[e].members;
    state_[d].members.assign(members.begin(), members.begin() + static_cast<std::ptrdiff_t>(people));
    return;
  }
  state_[d].members = assign(design, streams_, groups_, people);
}

/// Whether a person's row in an arm is the same in every trial of a set.
bool TrialRunner::keeps_rows(const RunDesign& run) const {
  const TrialDesign& design = *run.design;
  return set_.trials > 1 && !design.loses_anybody() && design.assignment != Assignment::matched &&
         design.assignment != Assignment::before_and_after;
}

void TrialRunner::ask_members(std::size_t d, bool both) {
  const RunDesign& run = designs_[d];
  HeldPeople& untreated = people_.held(run.design->control, run.owner);
  HeldPeople& treated = people_.held(run.treated, run.owner);
  for (const TrialMember& member : state_[d].members) {
    if (both || member.given) TrialPeople::ask(treated, {member.number, member.rate_factor});
    if (both || !member.given) TrialPeople::ask(untreated, {member.number, member.rate_factor});
  }
}

void TrialRunner::add_lives_twice(std::size_t d) {
  const RunDesign& run = designs_[d];
  State& state = state_[d];
  const bool matched = run.design->assignment == Assignment::matched;  // the effect on those who join
  const HeldPeople* const lived[2] = {&people_.held(run.design->control, run.owner),
                                      &people_.held(run.treated, run.owner)};
  state.own.assign(run.measures.size(), {});
  std::size_t joined = 0;
  for (const TrialMember& member : state.members) {
    if (matched && (!member.treated || joined == run.sizes.back() / 2)) continue;
    ++joined;
    for (const bool treated : {false, true}) {
      const HeldPeople& held = *lived[treated ? 1 : 0];
      const PersonHistory& person = followed(*run.design, held.history(member.number));
      for (std::size_t m = 0; m < run.measures.size(); ++m) {
        const WholeOutcome seen = whole_outcome(*run.design, run.measures[m], person, held.histories.of(person));
        LivesTwice& lives = state.own[m];
        lives.with_any[treated ? 1 : 0] += seen.count > 0 ? 1 : 0;
        lives.count[treated ? 1 : 0] += seen.count;
        lives.is_short = lives.is_short || seen.is_short;
      }
    }
  }
  state.own_people = static_cast<double>(joined);
}

std::optional<OwnLives> TrialRunner::own_lives(std::size_t d, std::size_t a) const {
  const RunDesign& run = designs_[d];
  const State& state = state_[d];
  const MeanContrast contrast = contrast_of(run.design->analyses[a]);
  if (state.own.empty() || state.own_people == 0 || contrast == MeanContrast::other) return std::nullopt;
  const LivesTwice& lives = state.own[run.measure_of[a]];
  const bool counted = contrast == MeanContrast::log_ratio;
  if (lives.is_short && needs_whole_lives(run.design->analyses[a])) return std::nullopt;
  const auto& sums = counted ? lives.count : lives.with_any;
  return OwnLives{state.own_people, sums[0] / state.own_people, sums[1] / state.own_people};
}

void TrialRunner::add_member(std::size_t d, const TrialMember& member, const HeldPeople& held, TrialReading reading) {
  const RunDesign& run = designs_[d];
  const PersonHistory& person = followed(*run.design, held.history(member.number));
  if (run.looks_back && !(person.entered > 0))
    throw std::invalid_argument(
        fmt::format("people enter on the first day of the window, so nobody has offences before entry, which '{}' "
                    "matches on or adjusts for: set `before` to the time that is looked back on",
                    run.design->name));
  const auto events = held.histories.of(person);
  const bool offends = run.design->loses_by_offending() && is_recorded_later(*run.design, person, events);
  const double lost = reading == TrialReading::whole ? 2 : lost_at(*run.design, groups_, member, offends);
  if (run.design->assignment == Assignment::before_and_after && reading == TrialReading::as_planned)
    add_before_and_after(*run.design, run.measures, member, person, events, lost, reading, state_[d].rows);
  else
    add_row(*run.design, run.measures, member, person, events, lost, reading, state_[d].rows);
}

void TrialRunner::make_rows(std::size_t d) {
  const RunDesign& run = designs_[d];
  State& state = state_[d];
  state.rows.clear(run.measures.size());
  const HeldPeople& untreated = people_.held(run.design->control, run.owner);
  const HeldPeople& treated = people_.held(run.treated, run.owner);
  for (const TrialMember& member : state.members)
    add_member(d, member, member.given ? treated : untreated, TrialReading::as_planned);
  if (run.design->assignment == Assignment::matched) std::swap(state.rows, state.candidates);
}

void TrialRunner::take_rows(std::size_t d) {
  State& state = state_[d];
  const std::size_t measures = designs_[d].measures.size();
  state.rows.rows.resize(state.members.size());
  state.rows.outcomes.resize(measures);
  for (auto& outcomes : state.rows.outcomes) outcomes.resize(state.members.size());
  for (std::size_t i = 0; i < state.members.size(); ++i) {
    const TrialMember& member = state.members[i];
    const TrialRows& lived = state.of_arm[member.given ? 1 : 0];
    TrialRow& row = state.rows.rows[i];
    row = lived.rows[i];
    row.treated = member.treated;
    row.cluster = member.cluster;
    row.block = member.block;
    row.period = static_cast<std::int16_t>(member.period);
    for (std::size_t m = 0; m < measures; ++m) state.rows.outcomes[m][i] = lived.outcomes[m][i];
  }
}

// Candidates are looked at one after the other until so many have joined; all have lived without the programme, those
// who join then live with it.
void TrialRunner::find_joiners(std::size_t d, std::size_t wanted) {
  const RunDesign& run = designs_[d];
  State& state = state_[d];
  HeldPeople& untreated = people_.held(run.design->control, run.owner);
  HeldPeople& treated = people_.held(run.treated, run.owner);
  state.members.clear();
  std::size_t joined = 0;
  const double share = std::max(run.design->share_treated, 1e-3);
  while (joined < wanted) {
    const std::size_t first = state.members.size();
    const auto more = static_cast<std::size_t>(std::ceil(static_cast<double>(wanted - joined) / share)) + 20;
    if (first + more > most_looked_at)
      throw std::invalid_argument(
          fmt::format("of {} people only {} join '{}': fewer than its sizes need", first, joined, run.design->name));
    for (std::size_t i = first; i < first + more; ++i) TrialPeople::ask(untreated, {i, 1});
    people_.simulate();
    for (std::size_t i = first; i < first + more; ++i) {
      TrialMember member;
      member.number = i;
      member.treated = member.given = joins(*run.design, streams_, i, untreated.history(i).relative);
      if (member.treated) TrialPeople::ask(treated, {i, 1});
      joined += member.treated ? 1 : 0;
      state.members.push_back(member);
    }
  }
  people_.simulate();
}

void TrialRunner::make_matched_rows(std::size_t d, std::size_t people) {
  const RunDesign& run = designs_[d];
  State& state = state_[d];
  std::vector<std::size_t> joiners, others;
  for (std::size_t i = 0; i < state.members.size() && joiners.size() < people / 2; ++i)
    (state.members[i].treated ? joiners : others).push_back(i);
  const auto matchable = [&](const std::vector<std::size_t>& of) {
    std::vector<Matchable> all;
    for (const std::size_t i : of) all.push_back({state.candidates.rows[i].before, state.candidates.rows[i].age});
    return all;
  };
  const std::vector<std::string>& on = run.design->match_on;
  const auto matches = [&](const char* column) { return std::find(on.begin(), on.end(), column) != on.end(); };
  const std::vector<std::size_t> matched =
      nearest_one_to_one(matchable(joiners), matchable(others), matches("before"), matches("age"));
  state.rows.clear(run.measures.size());
  for (std::size_t pair = 0; pair < matched.size(); ++pair)
    for (const std::size_t i : {joiners[pair], others[matched[pair]]}) {
      state.rows.rows.push_back(state.candidates.rows[i]);
      state.rows.rows.back().cluster = static_cast<std::int32_t>(pair);
      for (std::size_t m = 0; m < run.measures.size(); ++m)
        state.rows.outcomes[m].push_back(state.candidates.outcomes[m][i]);
    }
}

void TrialRunner::estimates(std::size_t d, std::size_t a, double truth, std::vector<TrialEstimate>& estimates) {
  const RunDesign& run = designs_[d];
  TrialAnalyser& analyser = state_[d].analysers[a];
  analyser.draw_from(seed_of_draws(groups_));
  if (run.design->assignment != Assignment::matched) {
    std::vector<std::size_t> cuts = run.cuts;
    for (std::size_t& cut : cuts) cut *= rows_a_person(*run.design);
    return analyser.run(state_[d].rows, cuts, truth, estimates);
  }
  estimates.clear();
  std::vector<TrialEstimate> one;
  for (const std::size_t cut : run.cuts) {
    make_matched_rows(d, cut);
    const std::size_t all = state_[d].rows.rows.size();
    analyser.run(state_[d].rows, std::span(&all, 1), truth, one);
    estimates.push_back(one.front());
  }
}

TruthBatch TrialRunner::truth_of(std::size_t d, std::size_t a) const {
  const RunDesign& run = designs_[d];
  const TrialAnalysis analysis = for_truth(run.design->analyses[a]);
  TrialAnalyser analyser(*run.design, analysis, run.measure_of[a]);
  analyser.draw_from(seed_of_draws(streams_));
  const TrialRows& rows = state_[d].rows;
  std::vector<TrialEstimate> said;
  const std::size_t all = rows.rows.size();
  analyser.run(rows, std::span(&all, 1), 0, said);
  TruthBatch batch{said.front().estimate, said.front().found, 0, 0, 0, analyser.refused()};
  const bool counted = analyser.kind() == PersonOutcome::Kind::count;
  for (std::size_t i = 0; i < all; ++i) {
    const int count = rows.outcomes[analyser.measure()][i].count;
    (rows.rows[i].treated ? batch.treated : batch.control) += counted ? count : count > 0 ? 1 : 0;
  }
  batch.people = static_cast<double>(all) / 2;
  batch.control /= static_cast<double>(all) / 2;
  batch.treated /= static_cast<double>(all) / 2;
  return batch;
}

std::vector<std::vector<TruthBatch>> TrialRunner::truth(std::uint64_t seed, std::uint64_t r, std::uint64_t batches) {
  streams_ = Streams(seed, 0, r);
  people_.begin(streams_);
  std::vector<std::vector<TruthBatch>> found(designs_.size());
  for (std::size_t d = 0; d < designs_.size(); ++d) {
    const RunDesign& run = designs_[d];
    State& state = state_[d];
    const auto people = static_cast<std::size_t>(std::max<std::uint64_t>(2, run.design->truth_people / batches));
    state.members = assign(*run.design, streams_, people);
    HeldPeople& untreated = people_.held(run.design->control, run.owner);
    HeldPeople& treated = people_.held(run.treated, run.owner);
    for (const TrialMember& member : state.members) TrialPeople::ask(untreated, {member.number, member.rate_factor});
    if (run.design->assignment == Assignment::matched) {  // the effect on those who join
      people_.simulate();
      std::erase_if(state.members, [&](const TrialMember& member) {
        return !joins(*run.design, streams_, member.number, untreated.history(member.number).relative);
      });
      if (state.members.empty())
        throw std::invalid_argument(fmt::format("of {} people nobody joins '{}'", people, run.design->name));
    }
    for (const TrialMember& member : state.members) TrialPeople::ask(treated, {member.number, member.rate_factor});
    people_.simulate();
    state.rows.clear(run.measures.size());
    for (TrialMember member : state.members) {
      member.treated = false;
      add_member(d, member, untreated, TrialReading::whole);
      member.treated = true;
      add_member(d, member, treated, TrialReading::whole);
    }
    for (std::size_t a = 0; a < run.design->analyses.size(); ++a) found[d].push_back(truth_of(d, a));
  }
  return found;
}

}  // namespace desist
