// The section of a virtual trial and the keys of its analyses.
#include "engine/program/grammar.hpp"

namespace desist {

std::vector<Section> trial_sections() {
  return {
      {"trial",
       Shape::list,
       For::projection,
       false,
       "A virtual trial: what a planned evaluation of the simulated people would find, trial after trial",
       {{"name", Holds::name, true, "A short name", "\"planned\""},
        {"label", Holds::text, true, "What its line is called: a word or two", "\"As planned\""},
        {"control", Holds::text, false, "The arm of the controls; the first where it is left out", "\"usual\""},
        {"treated", Holds::text, true, "The arm of the treated", "\"course\""},
        {"without_effect", Holds::text, false,
         "An arm like that of the treated in which nothing is changed: how often the analysis finds something there",
         "\"course_no_effect\""},
        {"assign",
         Holds::word,
         true,
         "How people come into the groups: a coin for each, shuffled blocks, whole clusters, clusters that begin one "
         "after the other, people who join matched to others who don't, or everyone compared with the time before",
         "\"in blocks\"",
         {"individually", "in blocks", "by cluster", "stepped wedge", "matched", "before and after"}},
        {"share_treated", Holds::figure, false,
         "Share assigned to the programme, or of matched those who join; half where it is left out", "\"50%\""},
        {"block", Holds::whole, false, "People in a block; 4 where it is left out", "6"},
        {"cluster_size", Holds::whole, false, "People in a cluster", "25"},
        {"cluster_sd", Holds::number, false, "Standard deviation of the log rate between clusters; 0 where left out",
         "0.2"},
        {"steps", Holds::whole, false, "Of a stepped wedge: steps, with one period more", "4"},
        {"drift", Holds::number, false, "Of a stepped wedge: by how much the log rate changes from period to period",
         "-0.02"},
        {"joins_by_rate", Holds::number, false,
         "Of matched: who joins is multiplied by (own rate / mean rate) to this power, which nobody sees", "-0.5"},
        {"match_on", Holds::texts, false, "Of matched: offences before, age or both; before where it is left out",
         "[\"before\", \"age\"]"},
        {"follow_up", Holds::figure, true, "How long each person is followed from entry", "\"12 months\""},
        {"also_followed", Holds::texts, false,
         "Other follow-ups of the same people, rising: the trial is tried with each too, without looks and draws",
         "[\"6 months\", \"24 months\"]"},
        {"read_after", Holds::figure, false,
         "How long after each person's follow-up records are read; when all is recorded where it is left out",
         "\"4 weeks\""},
        {"lost", Holds::figure, false, "Share lost to follow-up, at moments spread evenly over it", "\"5%\""},
        {"lost_treated", Holds::figure, false, "The same of the treated, where it is another", "\"8%\""},
        {"lost_if_offended", Holds::figure, false,
         "Share lost of those who offend within the follow-up, where it is another; `lost` is then of the others",
         "\"15%\""},
        {"lost_treated_if_offended", Holds::figure, false, "The same of the treated, where it is another", "\"20%\""},
        {"crossover", Holds::figure, false, "Share of the controls who are given the programme", "\"3%\""},
        {"people_a_week", Holds::number, false, "How many enter in a week: how long it takes follows", "4"},
        {"sizes", Holds::numbers, true, "Numbers of people in all that are tried, rising", "[100, 200, 400]"},
        {"trials", Holds::whole, false, "Virtual trials; 5000 where it is left out", "5000"},
        {"same_people", Holds::whole, false,
         "Of randomised trials: so many in a row have the same people, assigned anew in each, who then live in both "
         "arms; 1 where it is left out, the same in every trial of the file, and sets of trials are what errors count",
         "5"},
        {"truth_people", Holds::whole, false,
         "People in both arms among whom the truth is found; 200000 where it is left out", "1000000"},
        {"power", Holds::figure, false, "The chance of showing the effect that is wanted: the size for it is found",
         "\"80%\""},
        {"looks", Holds::numbers, false,
         "Shares of the people followed up at each look at the results, rising to 1 (O'Brien-Fleming-type spending)",
         "[0.5, 1]"},
        {"assurance", Holds::flag, false,
         "Whether each trial is also run with a draw of its own of the uncertain figures: the chance of showing the "
         "effect, whatever they are",
         "true"},
        {"careers", Holds::texts, false,
         "Arms that are other models of careers: the trial is tried among people of each too, both groups with what "
         "the arm sets",
         "[\"spells\"]"},
        {"careers_sizes", Holds::numbers, false,
         "Of `sizes`, those at which other careers are tried, without the arm without effect; all, and with it, where "
         "it is left out",
         "[400]"},
        {"careers_trials", Holds::whole, false, "Trials with other careers; as many as `trials` where it is left out",
         "2000"},
        {"own_careers", Holds::text, false, "What careers of [parameters] are called beside those: a word or two",
         "\"lasting rates\""},
        {"assumption", Holds::text, false, "Why those lost, crossing over, joining, or of clusters are so many",
         "\"As in the last trial.\""},
        {"analysis", Holds::value, true, "How it is analysed: [[trial.analysis]] tables, each with a method",
         "[{ name = \"any\", method = \"risks\" }]"}}}};
}

const Section& trial_analysis_keys() {
  static const Section keys{
      "trial.analysis",
      Shape::list,
      For::projection,
      false,
      "One way of analysing a virtual trial",
      {{"name", Holds::name, true, "A short name: analyses of one name are compared between trials", "\"any\""},
       {"label", Holds::text, false, "What the report calls it", "\"Any recorded offence\""},
       {"method", Holds::text, true, "An estimator of `desist list estimators` for yes/no, counts or times",
        "\"risks\""},
       {"of_whom",
        Holds::word,
        false,
        "Who is compared; everyone as assigned where it is left out",
        "\"completers\"",
        {"everyone", "completers", "as treated"}},
       {"outcome",
        Holds::word,
        false,
        "Of bootstrap and randomisation_test, what is compared: who has any offence, how many, or how soon the first "
        "is; any where it is left out",
        "\"number\"",
        {"any", "number", "time"}},
       {"types", Holds::texts, false, "Types of offences that count; all where it is left out", "[\"abuse\"]"},
       {"seen", Holds::word, false, "What makes an offence count", "\"proven\"", {"recorded", "arrest", "proven"}}}};
  return keys;
}

}  // namespace desist
