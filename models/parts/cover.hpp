// Cover: trained carriers among the officers on shift, and who of them comes to a call (mathematics.md 4.8).
//
// What it computes and what it leaves out: docs/models/cover.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/random/counts.hpp"
#include "engine/simulation/profile.hpp"
#include "models/parts/hypergeometric.hpp"
#include "models/parts/kits.hpp"

namespace desist {

struct CoverParameters : KitParameters {
  enum class Spread { at_random, together, apart, sent_first };
  std::vector<std::string> areas;
  std::vector<std::string> shifts;
  double officers = 0;
  double meeting_calls = 1;
  Steps carriers;
  ByItem<double> on_shift;
  int crew = 2;
  Spread spread = Spread::at_random;
  double busy = 0;
  Steps calls;
  std::vector<double> officers_by_area;
  std::vector<double> carriers_by_area;
  std::vector<double> calls_by_area;
  std::vector<double> calls_by_shift;
  double in_time = 1;
  double slower_if_sent = 0;
  double used = 0;
  double wanted_share = 0;

  static void describe(auto& v) {
    using P = CoverParameters;
    v.items("areas", &P::areas, {.unit = "area", .help = "Areas whose officers meet their own calls."});
    v.items("shifts", &P::shifts, {.unit = "shift", .help = "The shifts of a day."});
    v.number("officers", &P::officers, {.unit = "officer", .range = {1, 1e6}, .help = "Officers, all areas together."});
    v.number(
        "meeting_calls", &P::meeting_calls,
        {.unit = "share", .range = {0, 1}, .off = 1, .help = "Share of the officers whose work is to meet calls."});
    v.number("carriers", &P::carriers,
             {.unit = "carrier",
              .range = {0, 1e6},
              .help = "Trained carriers among the officers who meet calls, all areas together."});
    v.number("on_shift", &P::on_shift,
             {.unit = "share",
              .range = {0, 1},
              .over = "shifts",
              .help = "Share of the officers who meet calls that is at work on each shift of a day."});
    v.number("crew", &P::crew, {.unit = "officer", .range = {1, 20}, .help = "Officers who are sent to a call."});
    v.one_of("spread", &P::spread, {"at random", "together", "apart", "sent first"},
             {.help = "How carriers are spread over crews: at random; together, in crews of carriers alone; apart, one "
                      "in as many crews as there are carriers for; or a carrier of the area is sent first."});
    v.number("busy", &P::busy,
             {.unit = "share",
              .range = {0, 1},
              .off = 0,
              .help = "Chance that a carrier on shift is busy with something else, where carriers are sent first."});
    v.number("calls", &P::calls,
             {.unit = "call/week", .range = {0, 1e5}, .help = "Calls that a carrier should meet, all areas together."});
    v.shares("officers_by_area", &P::officers_by_area,
             {.may_be_absent = true, .help = "Shares of the officers by area; without them all areas are alike."});
    v.shares("carriers_by_area", &P::carriers_by_area,
             {.may_be_absent = true,
              .help = "Shares of the carriers by area; without them each area has its share of the officers."});
    v.shares("calls_by_area", &P::calls_by_area,
             {.may_be_absent = true, .help = "Shares of the calls by area; without them all areas are alike."});
    v.shares("calls_by_shift", &P::calls_by_shift,
             {.may_be_absent = true, .help = "Shares of the calls by shift; without them all shifts are alike."});
    v.number("in_time", &P::in_time,
             {.unit = "share",
              .range = {0, 1},
              .off = 1,
              .help = "Share of the calls that the nearest crew reaches while a kit still helps."});
    v.number("slower_if_sent", &P::slower_if_sent,
             {.unit = "share",
              .range = {0, 1},
              .off = 0,
              .help = "Of the calls that the nearest crew reaches in time, the share that a carrier who is sent first "
                      "reaches too late."});
    v.number("used", &P::used,
             {.unit = "share", .range = {0, 1}, .off = 0, .help = "Share of the calls met in which a kit is used."});
    v.number("wanted_share", &P::wanted_share,
             {.unit = "share",
              .range = {0, 1},
              .help = "Share of the calls that a carrier with a kit in date should meet."});
    KitParameters::describe(v);
  }
};

/// The officers of one area on one shift of a day.
struct CoverCell {
  std::size_t area = 0;
  std::size_t shift = 0;
  std::int64_t officers = 0;  // of the area, who meet calls
  std::int64_t on_shift = 0;  // of them
  double calls = 0;           // share of all calls
};

/// Cover of one draw and arm, bound.
class CoverPlan {
 public:
  /// Throws std::invalid_argument for a window shorter than a week, or shares that don't fit their list or don't add
  /// up to 1.
  CoverPlan(const CoverParameters& parameters, const Window& window);

  int weeks() const { return weeks_; }
  const std::vector<CoverCell>& cells() const { return cells_; }
  /// Cell of a call, u in (0, 1).
  std::size_t cell_of(double u) const;
  /// Calls of a week.
  std::int64_t calls(int week, std::uint64_t word) const { return tables_[tables_of_[index(week)]](word); }
  /// Carriers at the start of a week, no more than there are officers.
  std::int64_t carriers(int week) const { return carriers_[index(week)]; }
  /// Of that many carriers, those of each cell's area, in `urns`: whole ones that add up to the rounded total.
  void spread_over_areas(std::int64_t carriers, std::vector<Urn>& urns) const;

  /// Chance that a call is met by a carrier, of whom `carriers` have a kit in date: exact.
  ///
  /// Sum over cells of the share of calls times E[chance_on_shift(X, M)], X hypergeometric: at random
  /// 1 - binom(N - K, n)/binom(N, n), together K/N, otherwise by its probabilities.
  /// Verified by: cover_law_test (simulation, enumeration).
  double chance(std::int64_t carriers) const;
  /// The same of the calls of one cell. `table` is set to the urn where its probabilities are needed.
  double chance_in(const Urn& urn, HypergeometricTable& table) const;
  /// Chance that a crew holds a carrier where x of the m on shift are.
  ///
  /// At random 1 - binom(m - x, n)/binom(m, n); together x/m; apart min(1, n x/m); sent first 1 - busy^x. A crew has
  /// no more officers than are on shift.
  double chance_on_shift(std::int64_t x, std::int64_t m) const;
  /// Chance that who comes does so while a kit helps.
  double in_time() const { return in_time_; }
  double used() const { return used_; }
  double wanted_share() const { return wanted_share_; }
  const KitPlan& kits() const { return kits_; }

 private:
  static std::size_t index(int week) { return static_cast<std::size_t>(week); }

  int weeks_ = 0;
  std::int64_t crew_ = 1;
  CoverParameters::Spread spread_ = CoverParameters::Spread::at_random;
  double busy_ = 0;
  std::array<double, 64> all_busy_{};  // busy^x
  double in_time_ = 1;
  double used_ = 0;
  double wanted_share_ = 0;
  std::vector<CoverCell> cells_;       // by area, then shift
  std::vector<double> upto_;           // cumulative shares of calls
  std::vector<double> carriers_upto_;  // cumulative shares of carriers, by area
  std::size_t shifts_ = 1;
  std::vector<std::int64_t> carriers_;    // by week
  std::vector<std::uint32_t> tables_of_;  // by week
  std::vector<PoissonTable> tables_;
  KitPlan kits_;
};

}  // namespace desist
