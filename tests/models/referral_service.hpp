// A model of two joined parts: offending sends people to a service with places, on one calendar of weeks.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "engine/simulation/contract.hpp"

namespace desist::test {

/// The part that people come from: each of a number of areas refers one or nobody a week.
struct Referrals {
  struct Parameters {
    std::vector<std::string> areas;
    ByItem<Steps> chance;
    static void describe(auto& v) {
      v.items("areas", &Parameters::areas, {.unit = "area", .help = "Where people are referred from."});
      v.number("chance", &Parameters::chance,
               {.unit = "share", .range = {0, 1}, .over = "areas", .help = "Chance of a referral in a week."});
    }
  };
  struct Outcomes {
    std::vector<double> referred;
    static void describe(auto& v) { v.outcome("referred", &Outcomes::referred, {.unit = "person", .over = "areas"}); }
  };

  /// Calls arrive(area) for those who are referred in a week, in order of area.
  template <class Arrive>
  static void run_week(const Parameters& parameters, const Streams& streams, std::size_t week, Outcomes& outcomes,
                       Arrive&& arrive) {
    static constexpr Purpose purpose{"referral"};
    for (std::size_t area = 0; area < parameters.areas.size(); ++area) {
      const Words words = streams.words(purpose, area, week);
      if (uniform(words[0]) >= parameters.chance[area].at(static_cast<double>(week))) continue;
      outcomes.referred[area] += 1;
      arrive(area);
    }
  }
};

/// The part where they wait: a queue that sees so many a week.
struct Service {
  enum class Order { first_come, last_come };
  struct Parameters {
    Steps seen;  // a week
    Order order = Order::first_come;
    std::vector<Date> closed;
    static void describe(auto& v) {
      v.number("seen", &Parameters::seen,
               {.unit = "person/week", .range = {0, 1000}, .help = "People seen in a week."});
      v.one_of("order", &Parameters::order, {"first come", "last come"}, {.off = 0, .help = "Who is seen next."});
      v.dates("closed", &Parameters::closed,
              {.unit = "day", .may_be_absent = true, .help = "First days of weeks in which nobody is seen."});
    }
  };
  struct Outcomes {
    double wait_sum = 0;
    double seen = 0;
    static void describe(auto& v) {
      v.outcome("wait_sum", &Outcomes::wait_sum, {.unit = "week", .better = Better::lower});
      v.outcome("seen", &Outcomes::seen, {.unit = "person", .better = Better::higher});
    }
  };
  struct Series {
    std::vector<double> waiting;
    static void describe(auto& v) { v.series("waiting", &Series::waiting, {.unit = "person"}); }
  };

  class Run {
   public:
    Run(const Parameters& parameters, const Window& window) : parameters_(parameters), window_(window) {}
    void arrive(std::size_t week) { queue_.push_back(week); }
    void run_week(std::size_t week, Outcomes& outcomes, Series& series) {
      double places = parameters_.seen.at(static_cast<double>(week));
      for (const Date day : parameters_.closed)
        if (static_cast<std::size_t>(std::floor(window_.week_of(day))) == week) places = 0;
      for (; places >= 1 && !queue_.empty(); --places) {
        const bool first = parameters_.order == Order::first_come;
        outcomes.wait_sum += static_cast<double>(week - (first ? queue_.front() : queue_.back()));
        outcomes.seen += 1;
        queue_.erase(first ? queue_.begin() : queue_.end() - 1);
      }
      series.waiting[week] = static_cast<double>(queue_.size());
    }

   private:
    const Parameters& parameters_;
    const Window& window_;
    std::vector<std::size_t> queue_;  // weeks of referral
  };
};

/// Both, joined: who is referred waits.
struct ReferralService {
  static constexpr ModelInfo info{"referral_service", "People are referred and wait to be seen.",
                                  "tests/models/referral_service.hpp"};
  struct Parameters {
    Referrals::Parameters referrals;
    Service::Parameters service;
    static void describe(auto& v) {
      v.part("referrals", &Parameters::referrals);
      v.part("service", &Parameters::service);
    }
  };
  struct Outcomes {
    Referrals::Outcomes referrals;
    Service::Outcomes service;
    static void describe(auto& v) {
      v.part("referrals", &Outcomes::referrals);
      v.part("service", &Outcomes::service);
    }
  };
  struct Series {
    Service::Series service;
    static void describe(auto& v) { v.part("service", &Series::service); }
  };
  struct Bound {
    Bound(const Parameters& given, const Window& the_window) : parameters(given), window(the_window) {}
    const Parameters& parameters;
    Window window;
  };
  static void replicate(const Bound& bound, const Streams& streams, Outcomes& outcomes, Series& series) {
    Service::Run service(bound.parameters.service, bound.window);
    for (std::size_t week = 0; week < bound.window.whole_weeks(); ++week) {
      Referrals::run_week(bound.parameters.referrals, streams, week, outcomes.referrals,
                          [&](std::size_t) { service.arrive(week); });
      service.run_week(week, outcomes.service, series.service);
    }
  }
};

}  // namespace desist::test
