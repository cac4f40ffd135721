// Models of the test program: one that a study's posterior feeds, and one that breaks.
#pragma once

#include <cstdint>
#include <stdexcept>

#include "engine/simulation/contract.hpp"

namespace desist::test {

/// People are sent on a course or not; each reoffends with the risk of their side. The risks are outcomes too, so that
/// a file of replicates holds every draw.
struct Sent {
  static constexpr ModelInfo info{"sent", "People are sent on a course or not, and reoffend or not.",
                                  "tests/program/test_models.hpp"};
  struct Parameters {
    double control = 0, completed = 0, breached = 0, completion = 0, all = 0, sent = 0, other = 0;
    int people = 0;
    static void describe(auto& v) {
      const auto share = [&](const char* name, auto member, const char* help) {
        v.number(name, member, {.unit = "share", .range = {0, 1}, .help = help});
      };
      share("control", &Parameters::control, "Risk of those who are not sent.");
      share("completed", &Parameters::completed, "Risk of those who complete the course.");
      share("breached", &Parameters::breached, "Risk of those who breach.");
      share("completion", &Parameters::completion, "Share of those sent who complete it.");
      share("all", &Parameters::all, "Risk of all who are sent.");
      v.number("sent", &Parameters::sent, {.unit = "share", .range = {0, 1}, .help = "1: people are sent, 0: not."});
      v.number("other", &Parameters::other,
               {.unit = "share", .range = {0, 1}, .off = 0.0, .help = "Drawn, and used by nothing."});
      v.number("people", &Parameters::people, {.unit = "person", .range = {1, 1e6}, .help = "People in a group."});
    }
  };
  struct Outcomes {
    double reoffenders = 0, risk_control = 0, risk_completed = 0, risk_breached = 0, completion = 0, risk_all = 0,
           other = 0;
    static void describe(auto& v) {
      v.outcome("reoffenders", &Outcomes::reoffenders, {.unit = "person", .better = Better::lower});
      v.outcome("risk_control", &Outcomes::risk_control, {.unit = "share"});
      v.outcome("risk_completed", &Outcomes::risk_completed, {.unit = "share"});
      v.outcome("risk_breached", &Outcomes::risk_breached, {.unit = "share"});
      v.outcome("completion", &Outcomes::completion, {.unit = "share"});
      v.outcome("risk_all", &Outcomes::risk_all, {.unit = "share"});
      v.outcome("other", &Outcomes::other, {.unit = "share"});
    }
  };
  struct Series {};
  struct Bound {
    Bound(const Parameters& given, const Window&) : parameters(given) {}
    Parameters parameters;
  };
  static void replicate(const Bound& bound, const Streams& streams, Outcomes& outcomes, Series&) {
    static constexpr Purpose purpose{"reoffend"};
    const Parameters& p = bound.parameters;
    const double risk = p.sent > 0.5 ? p.all : p.control;
    for (int person = 0; person < p.people; ++person) {
      if (uniform(streams.words(purpose, static_cast<std::uint64_t>(person))[0]) < risk) outcomes.reoffenders += 1;
    }
    outcomes.risk_control = p.control;
    outcomes.risk_completed = p.completed;
    outcomes.risk_breached = p.breached;
    outcomes.completion = p.completion;
    outcomes.risk_all = p.all;
    outcomes.other = p.other;
  }
};

/// A bridge that breaks in a share of the futures, or under too many people: such a replicate throws.
struct Brittle {
  static constexpr ModelInfo info{"brittle", "A bridge holds, or the replicate fails.",
                                  "tests/program/test_models.hpp"};
  struct Parameters {
    double breaks = 0, people = 0;
    static void describe(auto& v) {
      v.number("breaks", &Parameters::breaks, {.unit = "share", .range = {0, 1}, .help = "Share that breaks."});
      v.number("people", &Parameters::people,
               {.unit = "person", .range = {0, 100}, .off = 0.0, .help = "People on the bridge: 8 are too many."});
    }
  };
  struct Outcomes {
    double load = 0, crossed = 0;
    static void describe(auto& v) {
      v.outcome("load", &Outcomes::load, {.unit = "case"});
      v.outcome("crossed", &Outcomes::crossed, {.kind = OutcomeField::Kind::chance, .help = "Never."});
    }
  };
  struct Series {};
  struct Bound {
    Bound(const Parameters& given, const Window&) : breaks(given.breaks), people(given.people) {}
    double breaks, people;
  };
  static void replicate(const Bound& bound, const Streams& streams, Outcomes& outcomes, Series&) {
    static constexpr Purpose purpose{"load"};
    const double load = uniform(streams.words(purpose, 0)[0]);
    if (load < bound.breaks) throw std::runtime_error("the bridge broke");
    if (bound.people >= 8) throw std::runtime_error("too many people");
    outcomes.load = load;
  }
};

}  // namespace desist::test
