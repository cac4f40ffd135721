#include "engine/data/custody.hpp"

#include <algorithm>

namespace desist {
namespace {

using Kind = DataProblemKind;

// The person an entry of a file is about, or nothing, which is noted.
const FollowedPerson* person_of(const Histories& histories, const std::optional<std::uint32_t>& person) {
  return person && *person < histories.people.size() ? &histories.people[*person] : nullptr;
}

}  // namespace

int last_day(const FollowedPerson& person) { return std::max(0, person.end.days - person.index.days); }

std::vector<std::vector<CustodyDays>> custody_of(const Histories& histories, DataProblems& notes) {
  std::vector<std::vector<CustodyDays>> spells(histories.people.size());
  for (std::size_t row = 0; row < histories.custody.size(); ++row) {
    const CustodySpell& spell = histories.custody[row];
    const auto note = [&](Kind kind, const char* file = "") { notes.add(kind, file, [&] { return row_place(row); }); };
    const FollowedPerson* person = person_of(histories, spell.person);
    if (person == nullptr) {
      note(Kind::unknown_person, "the spells in custody");
      continue;
    }
    if (spell.to && *spell.to < spell.from) {
      note(Kind::spell_backwards);
      continue;
    }
    const int last = last_day(*person);
    const CustodyDays days{std::max(0, spell.from.days - person->index.days),
                           spell.to ? std::min(last, spell.to->days - person->index.days) : last};
    if (days.to > days.from)
      spells[*spell.person].push_back(days);
    else if (!spell.to || spell.to->days > spell.from.days)  // a spell of no day is nothing to tell
      note(Kind::spell_outside_follow_up);
  }
  for (auto& of_person : spells) {
    std::sort(of_person.begin(), of_person.end(),
              [](const CustodyDays& a, const CustodyDays& b) { return a.from < b.from; });
    std::size_t kept = 0;
    for (std::size_t i = 1; i < of_person.size(); ++i) {
      if (of_person[i].from < of_person[kept].to) notes.count(Kind::spells_overlap);
      if (of_person[i].from <= of_person[kept].to)
        of_person[kept].to = std::max(of_person[kept].to, of_person[i].to);
      else
        of_person[++kept] = of_person[i];
    }
    if (!of_person.empty()) of_person.resize(kept + 1);
  }
  return spells;
}

int free_days_until(int day, std::span<const CustodyDays> spells) {
  int days = day;
  for (const CustodyDays& spell : spells) {
    if (spell.from >= day) break;
    days -= std::min(day, spell.to) - spell.from;
  }
  return days;
}

bool in_custody(int day, std::span<const CustodyDays> spells) {
  return std::any_of(spells.begin(), spells.end(),
                     [day](const CustodyDays& spell) { return spell.from < day && day <= spell.to; });
}

std::vector<std::vector<Reoffence>> reoffences_of(const Histories& histories, DataProblems& notes) {
  std::vector<std::vector<Reoffence>> found(histories.people.size());
  for (std::size_t row = 0; row < histories.offences.size(); ++row) {
    const Offence& offence = histories.offences[row];
    const auto note = [&](Kind kind, const char* file = "") { notes.add(kind, file, [&] { return row_place(row); }); };
    const FollowedPerson* person = person_of(histories, offence.person);
    if (person == nullptr) {
      note(Kind::unknown_person, "the offences");
      continue;
    }
    if (offence.convicted && *offence.convicted < offence.committed) note(Kind::convicted_before_offence);
    if (offence.committed < person->index)
      note(Kind::offence_before_index);
    else if (offence.committed == person->index)
      note(Kind::offence_on_index_day);
    else if (offence.committed > person->end)
      note(Kind::offence_after_follow_up);
    else
      found[*offence.person].push_back({offence.committed.days - person->index.days, static_cast<std::uint32_t>(row)});
  }
  for (auto& of_person : found)
    std::stable_sort(of_person.begin(), of_person.end(),
                     [](const Reoffence& a, const Reoffence& b) { return a.day < b.day; });
  return found;
}

}  // namespace desist
