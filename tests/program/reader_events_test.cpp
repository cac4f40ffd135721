// Outcomes made from events, from the file to the results: every number again, day by day, from the same three files.
#include <ctime>
#include <map>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/estimation/estimator.hpp"
#include "engine/program/experiment_spec.hpp"
#include "engine/report/withhold.hpp"
#include "tests/program/shipped.hpp"
#include "tests/read_file.hpp"

namespace desist {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

const std::string folder = std::string(DESIST_TEST_DATA) + "/experiments/";

// --- the second computation: the C library's calendar, a set of days, and no index that the engine uses ---

long day_of(int year, int month, int day) {
  std::tm date{};
  date.tm_year = year - 1900;
  date.tm_mon = month - 1;
  date.tm_mday = day;
  return static_cast<long>(timegm(&date) / 86400);
}

int days_in(int year, int month) { return static_cast<int>(day_of(year, month + 1, 1) - day_of(year, month, 1)); }

struct Ymd {
  int year = 0, month = 0, day = 0;
  long number() const { return day_of(year, month, day); }
  long later(int months) const {
    int y = year, m = month;
    for (int i = 0; i < months; ++i)
      if (++m > 12) m = 1, ++y;
    return day_of(y, m, std::min(day, days_in(y, m)));
  }
};

Ymd iso(const std::string& text) {
  return {std::stoi(text.substr(0, 4)), std::stoi(text.substr(5, 2)), std::stoi(text.substr(8, 2))};
}
Ymd uk(const std::string& text) {
  return {std::stoi(text.substr(6, 4)), std::stoi(text.substr(3, 2)), std::stoi(text.substr(0, 2))};
}

std::vector<std::vector<std::string>> cells(const std::string& name, char mark) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream file(tests::read_file(folder + "data/" + name));
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::vector<std::string> row(1);
    for (const char c : line)
      if (c == mark)
        row.emplace_back();
      else
        row.back() += c;
    rows.push_back(row);
  }
  return rows;
}

using Value = std::optional<double>;

struct Life {
  std::string id;
  bool sent = false;
  Ymd index;
  long end = 0;
  std::vector<std::vector<std::string>> offences;
  std::set<long> inside;

  struct Sum {
    int days = 0, free_days = 0, offences = 0, free_offences = 0;
    double harm = 0;
    int first = 0, first_free = 0;  // days at risk until then, 0 for never
    bool proven = false;
  };
  Sum until(long last, long proof) const {
    Sum sum;
    for (long day = index.number() + 1; day <= std::min(last, end); ++day) {
      const bool free = !inside.contains(day);
      sum.days += 1;
      sum.free_days += free ? 1 : 0;
      for (const auto& row : offences) {
        if (uk(row[1]).number() != day) continue;
        sum.offences += 1;
        if (sum.first == 0) sum.first = sum.days;
        if (free) {
          sum.free_offences += 1;
          if (sum.first_free == 0) sum.first_free = sum.free_days;
        }
        if (!row[3].empty()) sum.harm += std::stod(row[3]);
        if (!row[2].empty() && uk(row[2]).number() >= day && uk(row[2]).number() <= proof) sum.proven = true;
      }
    }
    return sum;
  }
  bool followed(int months) const { return end >= index.later(months); }
};

std::vector<Life> lives() {
  std::vector<Life> all;
  for (const auto& row : cells("people.csv", ',')) {
    Life life{row[0], row[1] == "yes", iso(row[2]), iso(row[3]).number(), {}, {}};
    for (const auto& offence : cells("offences.csv", ';'))
      if (offence[0] == life.id) life.offences.push_back(offence);
    for (const auto& spell : cells("custody.csv", ','))
      if (spell[0] == life.id)
        for (long day = iso(spell[1]).number() + 1; day <= (spell[2].empty() ? life.end : iso(spell[2]).number());
             ++day)
          life.inside.insert(day);
    all.push_back(life);
  }
  return all;
}

struct Expected {
  Value value;
  double at_risk = 0;   // of a number
  double happened = 0;  // of a time
};

Expected expected(const std::string& outcome, const Life& life) {
  const long year_on = life.index.later(12);
  const auto yes = [](bool it) -> Value { return it ? 1.0 : 0.0; };
  if (outcome == "any_12" || outcome == "any_6") {
    const int months = outcome == "any_12" ? 12 : 6;
    if (!life.followed(months)) return {};
    return {yes(life.until(life.index.later(months), 0).offences > 0)};
  }
  if (outcome == "proven_12" || outcome == "proven_soon") {
    const int months = outcome == "proven_12" ? 18 : 15;
    if (!life.followed(months)) return {};
    return {yes(life.until(year_on, life.index.later(months)).proven)};
  }
  if (outcome == "harm_12") {
    if (!life.followed(12)) return {};
    return {life.until(year_on, 0).harm};
  }
  const Life::Sum whole = life.until(life.end, 0), year = life.until(year_on, 0);
  if (outcome == "number_all") return whole.days == 0 ? Expected{} : Expected{whole.offences, whole.days / 365.0};
  if (outcome == "number_free")
    return year.free_days == 0 ? Expected{} : Expected{year.free_offences, static_cast<double>(year.free_days)};
  if (outcome == "until") {
    if (whole.days == 0) return {};
    return {whole.first > 0 ? whole.first : whole.days, 0, whole.first > 0 ? 1.0 : 0.0};
  }
  if (outcome == "until_free") {
    if (whole.free_days == 0) return {};
    return {(whole.first_free > 0 ? whole.first_free : whole.free_days) / 7.0, 0, whole.first_free > 0 ? 1.0 : 0.0};
  }
  throw std::invalid_argument(outcome);
}

// --- what the engine says ---

PersonStudy study() { return *read_experiment(folder + "people.toml", known, folder).people; }

TEST(Events, EveryOutcomeOfEveryPersonIsThatOfTheDiary) {
  const PersonStudy found = study();
  const std::vector<Life> people = lives();
  ASSERT_EQ(found.people.rows, people.size());
  ASSERT_EQ(found.outcomes.size(), 9u);
  int missing = 0;
  for (const PersonOutcome& outcome : found.outcomes) {
    const DataColumn& column = found.people.column(outcome.column);
    std::size_t without = 0;
    for (std::size_t row = 0; row < people.size(); ++row) {
      SCOPED_TRACE(outcome.name + " of " + people[row].id);
      const Expected right = expected(outcome.name, people[row]);
      EXPECT_EQ(column.missing[row] != 0, !right.value);
      without += right.value ? 0 : 1;
      if (!right.value) continue;
      EXPECT_EQ(column.values[row], *right.value);
      if (!outcome.exposure.empty()) {
        EXPECT_EQ(found.people.column(outcome.exposure).values[row], right.at_risk);
      }
      if (!outcome.event.empty()) {
        EXPECT_EQ(found.people.column(outcome.event).values[row], right.happened);
      }
    }
    EXPECT_EQ(column.missing_count, without);
    missing += static_cast<int>(without);
  }
  EXPECT_GT(missing, 10);
}

// p01: index on 31 January 2020; offences on the index day, on the day on which custody begins (16 days on), on the
// last day of the year and the day after; 182 of its 366 days inside.
TEST(Events, OnePersonByHand) {
  const PersonStudy found = study();
  const auto value = [&](const char* name) {
    for (const PersonOutcome& outcome : found.outcomes)
      if (outcome.name == name) return found.people.column(outcome.column).values[0];
    throw std::out_of_range(name);
  };
  EXPECT_EQ(value("any_12"), 1);
  EXPECT_EQ(value("number_all"), 3);
  EXPECT_EQ(value("number_free"), 2);
  EXPECT_EQ(found.people.column(found.outcomes[5].exposure).values[0], 184);
  EXPECT_EQ(value("until"), 15);
  EXPECT_EQ(value("until_free"), 15 / 7.0);
  EXPECT_EQ(value("harm_12"), 25);
}

TEST(Events, SummariesCountThePeopleOfTheDiary) {
  const PersonResults results = evaluate_people(study(), 1);
  const std::vector<Life> people = lives();
  ASSERT_EQ(results.summaries.size(), 18u);
  for (const ArmSummary& each : results.summaries) {
    SCOPED_TRACE(each.outcome + " in " + each.arm);
    std::int64_t with = 0, there = 0, without = 0;
    double total = 0, at_risk = 0;
    for (const Life& life : people) {
      if (life.sent != (each.arm == "yes")) continue;
      const Expected right = expected(each.outcome, life);
      (right.value ? there : without) += 1;
      total += right.value.value_or(0);
      at_risk += right.at_risk;
      with += right.happened > 0 ? 1 : 0;
    }
    EXPECT_EQ(each.people, there);
    EXPECT_EQ(each.missing, without);
    if (each.measure == "share") with = static_cast<std::int64_t>(total);
    if (each.with_outcome) {
      EXPECT_EQ(*each.with_outcome, with);
    }
    if (each.measure == "rate") {
      EXPECT_EQ(*each.total, total);
      EXPECT_NEAR(each.estimate, total / at_risk, 1e-12);
    }
  }
}

std::vector<std::string> texts(const PersonResults& results, const std::string& kind) {
  std::vector<std::string> all;
  for (const EventNote& note : results.event_notes)
    if (note.kind == kind) all.push_back(note.text);
  return all;
}

TEST(Events, NotesSayWhoIsNotKnownAndWhatWasLeftOut) {
  const PersonResults results = evaluate_people(study(), 1);
  EXPECT_THAT(texts(results, "outcome"),
              Contains("proven_12: whether an offence was committed within 12 months after the index date and led to a "
                       "conviction not later than 6 months after that."));
  EXPECT_THAT(texts(results, "not known"),
              Contains("any_12: 3 of 14 people were not followed for the whole 12 months; they are neither yes nor no, "
                       "also where an offence was seen: to keep those and drop the others would raise the share."));
  EXPECT_THAT(texts(results, "unequal follow-up"),
              Contains(HasSubstr("number_free: 2 people were followed for less than the 12 months; the rate counts the "
                                 "days outside custody that they have.")));
  EXPECT_THAT(texts(results, "left out"), Contains("1 row of the offences is of nobody in the file of people."));
  EXPECT_THAT(texts(results, "left out"), Contains("1 reoffence has no harm weight and adds nothing to the sum."));
  EXPECT_THAT(results.data_words, Contains("data/offences.csv: cells are divided by semicolons"));
  EXPECT_THAT(results.data_words, Not(Contains(HasSubstr("any_12"))));
}

// Completers p01, p02, p04, p05 and p07 were followed for 881 + 852 + 486 + 237 + 576 days, and completed 60, 62, 42,
// 61 and 0 days after their index date; p01, p04 and p05 had reoffended by then.
TEST(Events, ImmortalTimeIsFoundAndExplained) {
  const auto notes = texts(evaluate_people(study(), 1), "immortal time");
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes.front(),
            "Immortal time: 5 completers were followed for 3032 days, of which 225 (7.4%) lie before completion; 3 of "
            "them reoffended in those days. Only people whom nothing stopped from completing are completers, so "
            "counting these days as treated makes them look better than they are (Suissa 2008). Compare everyone by "
            "the group they were put into, or count completers as treated only from the day on which they completed.");
}

TEST(Events, SmallNumbersInNotesAreWithheld) {
  PersonStudy small = study();
  small.smallest_shown = 10;
  PersonResults results = evaluate_people(small, 1);
  withhold_small_counts(results, small);
  EXPECT_THAT(texts(results, "immortal time"),
              Contains(AllOf(HasSubstr("7.4% of completers' days"), Not(HasSubstr("3032")))));
  EXPECT_THAT(texts(results, "left out"),
              testing::ElementsAre("Some offences, spells or dates were left out or counted with care; how many is "
                                   "withheld, and `desist check` says it."));
  EXPECT_THAT(texts(results, "not known"), Not(Contains(HasSubstr("of 14 people"))));
  EXPECT_THAT(results.data_words, Not(Contains(HasSubstr("'completed' is missing in"))));
  EXPECT_TRUE(anything_withheld(results));
}

TEST(Events, CheckSaysInWordsWhatIsMadeAndWhereTheDataAreOdd) {
  const std::string words = check_words(read_experiment(folder + "people.toml", known, folder));
  EXPECT_THAT(words, HasSubstr("14 rows, 6 columns used"));
  EXPECT_THAT(words, HasSubstr("until_free: until_free, the time outside custody from the index date to the first "));
  EXPECT_THAT(words, HasSubstr("Left out"));
  EXPECT_THAT(words, HasSubstr("(row 22)"));
}

}  // namespace
}  // namespace desist
