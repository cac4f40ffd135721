#include "models/parts/kits.hpp"

#include <algorithm>
#include <cmath>

namespace desist {

KitPlan::KitPlan(const KitParameters& parameters, int whole_weeks)
    : weeks(whole_weeks),
      issued_over(parameters.issued_over),
      check_interval(parameters.check_interval),
      spare(std::llround(parameters.spare_kits)),
      delivery(static_cast<int>(std::lround(parameters.delivery_time))),
      price(parameters.kit_price) {
  const bool expires = parameters.shelf_life > 0;
  shelf_life = expires ? std::max(1, static_cast<int>(std::lround(parameters.shelf_life))) : weeks + 1;
  if (!expires) issued_over = 0;
}

void KitStock::begin(const KitPlan& plan, std::int64_t carriers) {
  plan_ = &plan;
  week_ = -1;
  // Nothing expires later than what is delivered in the last week.
  const auto expiries = static_cast<std::size_t>(plan.weeks + plan.shelf_life + 1);
  carried_.assign(expiries, 0);
  stored_.assign(expiries, 0);
  due_.assign(static_cast<std::size_t>(plan.weeks + plan.delivery + 1), 0);
  in_date_ = out_of_date_ = in_store_ = on_order_ = 0;
  first_stored_ = 0;
  counts_ = {};
  for (std::int64_t i = 0; i < carriers; ++i) {
    const double age = plan.issued_over * (static_cast<double>(i) + 0.5) / static_cast<double>(carriers);
    const int expiry = plan.shelf_life - static_cast<int>(std::floor(age));
    if (expiry <= 0) {
      ++out_of_date_;
    } else {
      ++carried_[static_cast<std::size_t>(expiry)];
      ++in_date_;
    }
  }
  store(plan.spare, plan.shelf_life);
  counts_.started = carriers + plan.spare;
}

void KitStock::store(std::int64_t kits, int expiry) {
  stored_[static_cast<std::size_t>(expiry)] += kits;
  in_store_ += kits;
  first_stored_ = std::min(first_stored_, expiry);
}

void KitStock::take_back(std::int64_t kits) {
  const std::int64_t stale = std::min(kits, out_of_date_);
  out_of_date_ -= stale;
  counts_.expired += stale;
  kits -= stale;
  for (auto expiry = static_cast<std::size_t>(week_ + 1); kits > 0; ++expiry) {
    const std::int64_t back = std::min(kits, carried_[expiry]);
    carried_[expiry] -= back;
    in_date_ -= back;
    store(back, static_cast<int>(expiry));
    kits -= back;
  }
}

void KitStock::issue(std::int64_t kits) {
  kits = std::min(kits, in_store_);
  for (auto expiry = static_cast<std::size_t>(first_stored_); kits > 0; ++expiry) {
    const std::int64_t given = std::min(kits, stored_[expiry]);
    stored_[expiry] -= given;
    in_store_ -= given;
    carried_[expiry] += given;
    in_date_ += given;
    kits -= given;
    first_stored_ = static_cast<int>(expiry);
  }
}

void KitStock::start_week(int week, std::int64_t carriers) {
  const KitPlan& plan = *plan_;
  week_ = week;
  const auto now = static_cast<std::size_t>(week);
  in_date_ -= carried_[now];
  out_of_date_ += carried_[now];
  carried_[now] = 0;

  counts_.delivered += due_[now];
  on_order_ -= due_[now];
  store(due_[now], week + plan.shelf_life);
  counts_.expired += stored_[now];
  in_store_ -= stored_[now];
  stored_[now] = 0;
  first_stored_ = std::max(first_stored_, week + 1);

  const double interval = plan.check_interval;
  // Checks are at interval, twice that, ...; the first week that starts then or later makes them.
  const bool due = week > 0 && std::floor(week / interval) > std::floor((week - 1) / interval);
  if (interval <= 1 || due) {
    counts_.expired += out_of_date_;
    out_of_date_ = 0;
  }
  if (in_date_ + out_of_date_ > carriers) take_back(in_date_ + out_of_date_ - carriers);

  const std::int64_t to_order = carriers + plan.spare - in_date_ - out_of_date_ - in_store_ - on_order_;
  if (to_order > 0) {
    counts_.ordered += to_order;
    if (plan.delivery == 0) {
      counts_.delivered += to_order;
      store(to_order, week + plan.shelf_life);
    } else {
      on_order_ += to_order;
      due_[now + static_cast<std::size_t>(plan.delivery)] += to_order;
    }
  }
  issue(carriers - in_date_ - out_of_date_);
}

void KitStock::use(double u) {
  auto rank = static_cast<std::int64_t>(u * static_cast<double>(in_date_));
  auto expiry = static_cast<std::size_t>(week_ + 1);
  while (rank >= carried_[expiry]) rank -= carried_[expiry++];
  --carried_[expiry];
  --in_date_;
  ++counts_.used;
}

KitCounts KitStock::counts() const {
  KitCounts counts = counts_;
  counts.carried = in_date_ + out_of_date_;
  counts.stored = in_store_;
  return counts;
}

}  // namespace desist
