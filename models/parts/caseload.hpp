// The caseload: workers with slots for clients; cases wait for a slot, give up, are supported for weeks, come back.
//
// What it computes and what it leaves out: docs/models/caseload.md (mathematics.md 4.1, 4.2, 4.5).
#pragma once

#include "engine/simulation/profile.hpp"
#include "models/parts/demand.hpp"
#include "models/parts/staff.hpp"
#include "models/parts/waiting.hpp"

namespace desist {

/// What a caseload needs to know of itself, whoever comes. Simulated time is in weeks.
struct CaseloadServiceParameters : WaitingParameters, StaffParameters {
  enum class Order { first_come, by_risk };
  enum class SupportLaw { lognormal, exponential };

  double clients_each = 0;
  Steps starts;
  double support_mean = 0;
  double support_cv = 0;
  SupportLaw support_law = SupportLaw::lognormal;
  double drop_out = 0;
  double patience = 0;
  Order order = Order::first_come;
  double norm = 0;
  double slowing = 0;
  double dilution = 0;
  double return_share = 0;
  double return_delay = 0;
  double starting_clients = 0;
  double starting_use = 0;
  double cost_per_worker = 0;
  double cost_per_start = 0;

  static void describe(auto& v) {
    WaitingParameters::describe(v);
    StaffParameters::describe(v, false);
    describe_slots(v);
    describe_support(v);
    describe_line(v);
    describe_load(v);
    describe_returns(v);
    describe_start_and_cost(v);
  }

 protected:  // for a model that declares a part of it
  static void describe_slots(auto& v);
  static void describe_support(auto& v);
  static void describe_line(auto& v);
  static void describe_load(auto& v);
  static void describe_returns(auto& v);
  static void describe_start_and_cost(auto& v);
};

void CaseloadServiceParameters::describe_slots(auto& v) {
  using P = CaseloadServiceParameters;
  v.number("clients_each", &P::clients_each,
           {.unit = "case",
            .range = {0, 1000},
            .help = "Cases that a worker takes on at a time: the slots of a worker at work."});
  v.number("starts", &P::starts,
           {.unit = "case/week",
            .range = {0, 2000},
            .off = 0,
            .help = "Cases a week that the service can start when it is full, beside those of the workers: as many "
                    "slots as are then in use."});
}

void CaseloadServiceParameters::describe_support(auto& v) {
  using P = CaseloadServiceParameters;
  v.number("support_mean", &P::support_mean,
           {.unit = "week", .range = {0, 520}, .help = "Mean length of support, from start to completion."});
  v.number("support_cv", &P::support_cv,
           {.unit = "1",
            .range = {0, 5},
            .off = 0,
            .help = "Standard deviation of the length of support over its mean; at 0 everyone's is the same."});
  v.one_of("support_law", &P::support_law, {"lognormal", "exponential"},
           {.off = 0, .help = "How lengths of support are spread; exponential needs no support_cv: it is 1."});
  v.number("drop_out", &P::drop_out,
           {.unit = "share",
            .range = {0, 1},
            .off = 0,
            .help = "Share of those who start that drop out, at any moment of their support alike."});
}

void CaseloadServiceParameters::describe_line(auto& v) {
  using P = CaseloadServiceParameters;
  v.number("patience", &P::patience,
           {.unit = "week",
            .range = {0, 5200},
            .off = 0,
            .help = "Mean time (exponential) after which a waiting case gives up; at 0 nobody ever does."});
  v.one_of("order", &P::order, {"first come", "by risk"}, {.off = 0, .help = "Who is started next."});
}

void CaseloadServiceParameters::describe_load(auto& v) {
  using P = CaseloadServiceParameters;
  v.number(
      "norm", &P::norm,
      {.unit = "case",
       .range = {0, 1000},
       .off = 0,
       .help = "Cases that a worker can support well at a time; above it `slowing` and `dilution` set in. At 0 it is "
               "clients_each."});
  v.number("slowing", &P::slowing,
           {.unit = "1",
            .range = {0, 5},
            .off = 0,
            .help = "Above the norm support runs at (norm / clients of a worker at work) to this power: 1 shares the "
                    "time out, 0 never slows."});
  v.number("dilution", &P::dilution,
           {.unit = "1",
            .range = {0, 5},
            .off = 0,
            .help = "Above the norm a completion counts as (norm / clients of a worker met on average) to this power "
                    "of an effective one."});
}

void CaseloadServiceParameters::describe_returns(auto& v) {
  using P = CaseloadServiceParameters;
  v.number("return_share", &P::return_share,
           {.unit = "share",
            .range = {0, 1},
            .off = 0,
            .help = "Share of those whose support ends, completed or not, that are referred again."});
  v.number("return_delay", &P::return_delay,
           {.unit = "week",
            .range = {0, 520},
            .off = 0,
            .help = "Mean time (exponential) from the end of support to the next referral; at least a day."});
}

void CaseloadServiceParameters::describe_start_and_cost(auto& v) {
  using P = CaseloadServiceParameters;
  v.number("starting_clients", &P::starting_clients,
           {.unit = "case",
            .range = {0, 1e5},
            .off = 0,
            .help = "Cases in support at the start, as far on as in a service that has long been running."});
  v.number("starting_use", &P::starting_use,
           {.unit = "share",
            .range = {0, 1},
            .off = 0,
            .help = "Instead of starting_clients: the share of the slots in use at the start."});
  v.number("cost_per_worker", &P::cost_per_worker,
           {.unit = "£/year", .range = {0, 1e6}, .off = 0, .help = "Cost of a post, filled or not."});
  v.number("cost_per_start", &P::cost_per_start,
           {.unit = "£", .range = {0, 1e6}, .off = 0, .help = "Cost of each case that is started."});
}

/// The same, and who is referred.
struct CaseloadParameters : DemandParameters, CaseloadServiceParameters {
  static void describe(auto& v) {
    DemandParameters::describe(v);
    CaseloadServiceParameters::describe(v);
  }
};

}  // namespace desist
