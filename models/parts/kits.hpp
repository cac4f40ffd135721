// Kits: what carriers have with them, which expires, is used, found out of date and ordered again (mathematics.md 4.8).
//
// What it computes and what it leaves out: docs/models/cover.md.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/simulation/profile.hpp"

namespace desist {

struct KitParameters {
  double shelf_life = 0;
  double issued_over = 0;
  double check_interval = 0;
  double spare_kits = 0;
  double delivery_time = 0;
  double kit_price = 0;

  static void describe(auto& v) {
    using P = KitParameters;
    v.number("shelf_life", &P::shelf_life,
             {.unit = "week",
              .range = {0, 1040},
              .off = 0,
              .help = "How long a kit is in date from its delivery, in whole weeks; 0: for ever."});
    v.number("issued_over", &P::issued_over,
             {.unit = "week",
              .range = {0, 1040},
              .off = 0,
              .help = "The kits carried at the start were issued evenly over this time before it; 0: all are new."});
    v.number("check_interval", &P::check_interval,
             {.unit = "week",
              .range = {0, 520},
              .off = 0,
              .help = "Time between checks of the kits carried: one that expires is carried until the next; 0: every "
                      "week."});
    v.number("spare_kits", &P::spare_kits,
             {.unit = "kit", .range = {0, 1e6}, .off = 0, .help = "Kits kept in store beyond those carried."});
    v.number("delivery_time", &P::delivery_time,
             {.unit = "week", .range = {0, 104}, .off = 0, .help = "Time from an order to its delivery."});
    v.number("kit_price", &P::kit_price, {.unit = "£", .range = {0, 1e5}, .off = 0, .help = "Price of a kit."});
  }
};

/// What a draw and arm say of kits, bound.
struct KitPlan {
  KitPlan(const KitParameters& parameters, int weeks);

  int weeks = 0;
  int shelf_life = 0;  // whole weeks, at least one; beyond the window for kits that never expire
  double issued_over = 0;
  double check_interval = 0;
  std::int64_t spare = 0;
  int delivery = 0;
  double price = 0;
};

/// Where all kits of one replicate went: started + delivered = used + expired + carried + stored.
struct KitCounts {
  std::int64_t started = 0;
  std::int64_t ordered = 0;
  std::int64_t delivered = 0;
  std::int64_t used = 0;
  std::int64_t expired = 0;
  std::int64_t carried = 0;
  std::int64_t stored = 0;
};

/// The stock of one replicate, week by week. Each carrier has one kit or none.
///
/// At the start of a week, in this order: deliveries go into store; what has expired in store is thrown away; where a
/// check falls due, what has expired in hand too; kits of those who carry no longer go back; kits are ordered up to one
/// a carrier and the spare ones, those on order counted; carriers without a kit get the one in store that expires
/// first. A kit delivered in week w is in date in weeks w to w + shelf life - 1.
/// Verified by: kits_test.
class KitStock {
 public:
  /// Empties the stock and gives each carrier a kit.
  void begin(const KitPlan& plan, std::int64_t carriers);
  void start_week(int week, std::int64_t carriers);

  /// Carriers whose kit is in date this week.
  std::int64_t in_date() const { return in_date_; }
  /// Takes one of the kits that are carried in date, each as likely; there must be one. u in (0, 1).
  void use(double u);
  KitCounts counts() const;

 private:
  void store(std::int64_t kits, int expiry);
  void take_back(std::int64_t kits);
  void issue(std::int64_t kits);

  const KitPlan* plan_ = nullptr;
  int week_ = -1;
  int first_stored_ = 0;               // no kit in store expires before this week
  std::vector<std::int64_t> carried_;  // by the first week in which they are out of date; those not yet
  std::vector<std::int64_t> stored_;   // the same
  std::vector<std::int64_t> due_;      // by week of delivery
  std::int64_t in_date_ = 0;           // carried, in date
  std::int64_t out_of_date_ = 0;       // carried, not yet found
  std::int64_t in_store_ = 0;
  std::int64_t on_order_ = 0;
  KitCounts counts_;
};

}  // namespace desist
