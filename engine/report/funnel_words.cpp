#include "engine/report/funnel_words.hpp"

#include <fmt/format.h>

#include "engine/report/words.hpp"

namespace desist {

std::string bare_share_words(const FunnelShare& share) {
  const std::string range =
      fmt::format("{} to {}", bare_in_100(share.interval.low, 0), bare_in_100(share.interval.high, 0));
  if (share.is_part) return fmt::format("{} ({})", in_100(share.value, 0), range);
  return fmt::format("{} for 100 ({})", bare_in_100(share.value, 0), range);
}

std::string share_words(const FunnelShare& share) {
  std::string text = fmt::format("{} {} {}", whole_number(static_cast<double>(share.count)),
                                 share.is_part ? "of" : "for", whole_number(static_cast<double>(share.of)));
  if (share.open > 0) text += " that had ended";
  text += ", " + bare_share_words(share);
  if (share.open > 0) text += fmt::format("; {} had not", share.open);
  return text;
}

EffectRow effect_of(const FunnelChange& change) {
  EffectRow row;
  row.measure = change.is_part ? "difference" : "ratio";
  row.unit = change.is_part ? "share" : "";
  row.effect = true;
  row.log_scale = !change.is_part;
  row.estimate = change.value;
  row.interval = change.interval;
  return row;
}

}  // namespace desist
