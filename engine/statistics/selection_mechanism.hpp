// Who completes a course that does nothing, what becomes of them, and how much of it is definition.
#pragma once

#include <optional>
#include <variant>

namespace desist::statistics {

/// People's rates are r Z, Z gamma of shape k and mean 1. While the course lasts ([0, L], the first part of the
/// follow-up T) a person drops out at hazard chi Z^gamma, and each offence ends it with probability beta: it is
/// recorded, and a breach. The course changes nothing.
struct SelectionMechanism {
  double shape = 1;     // k; may be infinite
  double rate = 1;      // r, a unit of time
  double drop_out = 0;  // chi, a unit of time, of a person of the mean rate
  double by_rate = 1;   // gamma
  double breach = 0;    // beta
  double course = 0;    // L
  double followed = 1;  // T, from referral; at least L
};

/// What a group does in the follow-up.
struct SelectedGroup {
  double risk = 0;        // share with an offence
  double first_time = 0;  // mean time to the first one, of those who have one
  double offences = 0;    // mean number
};

/// What the mechanism makes of everyone referred.
struct SelectionYield {
  double completed_share = 0;
  SelectedGroup referred, completers;
  std::optional<SelectedGroup> breachers;  // all who do not complete; none where everybody does
  /// Of those who do not complete and offend, the share whose offence is why they do not: reoffending by definition.
  double by_definition = 0;
};

/// Given Z = z and a = r z: P(completes) = exp(-L (chi z^gamma + beta a)); the first offence of a completer comes at t
/// with density a (1 - beta) exp(-a t - beta a (L - t) - L chi z^gamma) before L and a exp(-a t - L chi z^gamma) after
/// it, since an offence in the course that is no breach may be followed by more; a completer's number has the mean
/// (1 - beta) a L + a (T - L); an offence is what ends the course with probability beta a/(chi z^gamma + beta a) of
/// those it ends for. Means over Z by quadrature (gamma_frailty.hpp). At gamma = 1 the shares are those of
/// `course_risks`. Throws std::invalid_argument unless k > 0, gamma is from 0 to 5, rates and times are 0 or more and
/// finite, beta is from 0 to 1 and L at most T. Verified by: selection_mechanism_test
SelectionYield selection_yield(const SelectionMechanism& mechanism);

/// What a table says if the course changes nothing and controls are as those referred: three shares, of which the last
/// is the identity p_C = (p_0 - (1 - pi) p_B)/pi.
struct SelectionShares {
  double referred_risk = 0;    // p_0
  double completed_share = 0;  // pi
  double completer_risk = 0;   // p_C
};

/// Why no mechanism of a shape and a beta gives these shares.
enum class NoMechanism {
  completers_offend_more,  // than even drop-out that has nothing to do with offending leaves: gamma would be below 0
  breaches_end_too_many,   // recorded offences alone end the course for more people than did not complete
  too_strong,              // drop-out by rate to the power of 5 leaves completers who offend more still
};

/// The rate, the drop-out and its power at which a course without effect gives these shares, for one shape and one
/// beta: r from p_0; chi from pi at each gamma; then gamma from p_C, which falls with it. So (p_0, pi, p_C) leave a
/// surface over (k, beta) on which every share is the same, and times and frequencies are not. Throws
/// std::invalid_argument unless p_0 and pi are strictly between 0 and 1. Verified by: selection_mechanism_test
std::variant<SelectionMechanism, NoMechanism> mechanism_behind(const SelectionShares& shares, double shape,
                                                               double breach, double course, double followed);

}  // namespace desist::statistics
