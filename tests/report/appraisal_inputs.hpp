// Made-up appraisals in the shape of real ones, so that what is said of them is tested without the stages before.
#pragma once

#include "engine/report/report_input.hpp"

namespace desist::tests {

/// A course of three years: costs to the police, gains to victims and health, a saving of time that cannot be cashed; a
/// fading effect in three forms, two schedules, a study before deciding. Every number is invented, and those that
/// belong together agree.
ReportInput appraisal_input();

/// A table of draws of three strategies, one of them dominated.
ReportInput draws_table_input();

/// Four programmes under one budget.
ReportInput portfolio_input();

}  // namespace desist::tests
