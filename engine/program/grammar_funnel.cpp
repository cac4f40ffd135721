// The sections of a funnel: printed counts, step by step.
#include "engine/program/grammar.hpp"

namespace desist {

std::vector<Section> funnel_sections() {
  return {
      {"funnel",
       Shape::table,
       For::people,
       false,
       "Counts as they are printed, each step a part of another: shares, what falls out, and whether they add up",
       {{"counted", Holds::text, false, "What is counted, where it isn't people", "\"contacts\""}}},
      {"column",
       Shape::list,
       For::people,
       false,
       "Numbers of a funnel that were counted together: a year, a quarter, an area",
       {{"name", Holds::text, true, "What the report calls it", "\"2022/23\""},
        {"definition", Holds::text, true,
         "What was counted and how: columns of different definitions are never compared", "\"Figure 3\""},
        {"is_sum_of", Holds::texts, false, "The columns that it must be the sum of",
         "[\"2022/23 Q1\", \"2022/23 Q2\"]"},
        {"against", Holds::text, false, "The column of the same definition that it is compared with", "\"2021/22\""}}},
      {"step",
       Shape::list,
       For::people,
       false,
       "One step of a funnel; each is declared below the one that it is a part of",
       {{"name", Holds::name, true, "A short name", "\"completed\""},
        {"label", Holds::text, true, "What the report calls it after a number: \"4 completed\"",
         "\"Completed the programme\""},
        {"printed", Holds::texts, true, "The number as printed; a list where there are columns, one each", "\"4\""},
        {"evidence", Holds::texts, false, "Ids of the rows in evidence/*.csv that print them, one each", "\"some.id\""},
        {"assumption", Holds::text, false, "Why these numbers, where no evidence row holds them",
         "\"Read from the figure.\""},
        {"of", Holds::text, false, "The step that it is a part of: its share is of that", "\"entered\""},
        {"per", Holds::text, false, "In place of `of`: a step that it is counted for, which isn't said to contain it",
         "\"assessed\""},
        {"way",
         Holds::word,
         false,
         "Whether they went on, fell out, or had not ended when counted (and are left out of what the others are "
         "shares "
         "of)",
         "\"out\"",
         {"on", "out", "open"}},
        {"adds_up", Holds::flag, false, "Whether its parts are all of it: then their sum is checked", "true"},
        {"headline", Holds::flag, false, "Whether its share is the answer of the first screen", "true"},
        {"note", Holds::text, false, "What a reader should know about it", "\"Said in an article.\""}}}};
}

}  // namespace desist
