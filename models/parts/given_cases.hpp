// Cases from elsewhere: the port by which a service is joined to other parts.
//
// A service asks two things of those who come: who is referred in the next week, and, of everyone whose turn it is,
// what the service needs to know as they start. The first tells when a case is gone from the line on its own
// (Referral::leaves); the second tells whoever listens that this case starts now. So careers that go on while people
// wait need no more than this: referral, custody and death go in, starts come out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

#include "engine/core/limits.hpp"
#include "engine/random/stream.hpp"
#include "models/parts/demand.hpp"

namespace desist {

/// A case that comes at a given moment, and is gone from the line at another.
struct GivenCase {
  double time = 0;  // of referral, in weeks
  double leaves = infinity;
  std::uint64_t id = 0;     // below 2^62: names it in streams, as a person's number does
  std::uint32_t route = 0;  // where that counts: its class of casework, its conference
};

/// The referral of a given case, with the words that its id names.
inline Referral referral_of(const GivenCase& given, const Streams& streams) {
  Referral one;
  one.time = given.time;
  one.leaves = given.leaves;
  one.id = given.id;
  one.route = given.route;
  Stream words = streams.open(Purpose("given case"), one.id);
  one.risk = words();
  one.work = words();
  one.patience = words();
  return one;
}
/// A case that another part hands on keeps its words.
inline const Referral& referral_of(const Referral& given, const Streams&) { return given; }

/// Ids of the cases that a service makes up itself begin here where others come from elsewhere.
inline constexpr std::uint64_t own_ids = std::uint64_t{1} << 62U;

/// For who doesn't care which cases are gone unserved.
struct NobodyListens {
  void operator()(const Referral&, double) const {}
};

/// Cases that come at given moments, in order of (time, id).
///
/// `start(referral, time)` is called once for every case that starts, as it starts: those given, and those whom the
/// service itself makes up (the starting backlog, with ids from own_ids on; who comes back, to casework under the same
/// id). It gives what the service asks of its cases. `leave(referral, time)` is called once for every case that is gone
/// unserved, at or after that moment: as soon as the service finds out. Who is still in the line as the run ends is not
/// told of. A case is gone once its moment has passed: at the moment itself it may still start. Verified by:
/// caseload_cases_test, casework_cases_test, conference_cases_test, course_cases_test, places_cases_test.
template <class Case, class Start, class Leave = NobodyListens>
class CasesGiven {
 public:
  static constexpr std::uint64_t starting_ids = own_ids;

  /// Throws std::invalid_argument for cases out of order, before the start, or gone before they come.
  CasesGiven(std::span<const Case> cases, const Streams& streams, Start start, Leave leave = {})
      : cases_(cases), streams_(streams), start_(start), leave_(leave) {
    for (std::size_t i = 0; i < cases.size(); ++i) {
      const Case& one = cases[i];
      if (!(one.time >= 0) || !(one.leaves >= one.time) || one.id >> 62U != 0)
        throw std::invalid_argument("a given case comes before the start or leaves before it comes");
      if (i > 0 && !(cases[i - 1].time < one.time || (cases[i - 1].time == one.time && cases[i - 1].id < one.id)))
        throw std::invalid_argument("given cases are out of order");
    }
  }

  int next_week() const { return week_; }
  void draw_week(std::vector<Referral>& referrals, double) {
    referrals.clear();
    for (++week_; next_ < cases_.size() && cases_[next_].time < week_; ++next_)
      referrals.push_back(referral_of(cases_[next_], streams_));
  }
  auto start(const Referral& referral, double time) { return start_(referral, time); }
  void leave(const Referral& referral, double time) { leave_(referral, time); }

 private:
  std::span<const Case> cases_;
  const Streams& streams_;
  Start start_;
  Leave leave_;
  std::size_t next_ = 0;
  int week_ = 0;
};
template <class Cases, class Start>
CasesGiven(const Cases&, const Streams&, Start) -> CasesGiven<typename Cases::value_type, Start>;
template <class Cases, class Start, class Leave>
CasesGiven(const Cases&, const Streams&, Start, Leave) -> CasesGiven<typename Cases::value_type, Start, Leave>;

}  // namespace desist
