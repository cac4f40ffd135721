// [[trial]]: planned evaluations of the simulated people.
#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/figure.hpp"
#include "engine/program/people_reading.hpp"
#include "engine/program/trial_reading.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

constexpr std::size_t most_sizes = 60, most_trial_analyses = 12;
constexpr double fewest_people = 4, most_people_of_a_trial = 200000, fewest_trials = 100, most_trials = 1e6;

class TrialReader {
 public:
  TrialReader(Reading& reading, ExperimentSpec& spec, const Node& table, std::string shown)
      : r_(reading), spec_(spec), table_(table), shown_(std::move(shown)) {}

  void read() {
    design_.name = Reading::text_at(table_, "name");
    design_.label = Reading::text_at(table_, "label");
    fits_a_line(r_, table_, "As planned");
    for (const TrialDesign& other : spec_.trials)
      if (other.name == design_.name && !other.repeats)
        r_.problem(table_.at("name")->where, fmt::format("two trials are called '{}'", design_.name),
                   "results are told apart by it", "give one of them another name");
    read_arms();
    read_assignment();
    read_time();
    read_sizes();
    read_trial_losses(r_, table_, shown_, design_);
    read_assurance();
    for (const Node& each : table_.at("analysis")->items) read_trial_analysis(r_, spec_, shown_, each, design_);
    expect_errors_of_clusters();
    if (table_.at("analysis")->items.empty() || table_.at("analysis")->items.size() > most_trial_analyses)
      r_.problem(table_.at("analysis")->where,
                 fmt::format("{} has {} analyses", shown_, table_.at("analysis")->items.size()),
                 fmt::format("a trial has from 1 to {}", most_trial_analyses),
                 "add [[trial.analysis]] below it, with name and method");
    const std::vector<std::size_t> others = read_careers();
    const std::vector<std::size_t> sizes = read_careers_sizes();
    const std::vector<double> follow_ups = read_other_follow_ups();
    read_same_people();
    read_careers_trials();
    const std::size_t own = spec_.trials.size();
    spec_.trials.push_back(design_);
    for (const double weeks : follow_ups) repeat_followed(weeks, own);
    for (const std::size_t arm : others) repeat_among(arm, sizes, own);
  }

 private:
  /// Arms that are other models of careers.
  std::vector<std::size_t> read_careers() {
    const Node* careers = table_.at("careers");
    const Node* own = table_.at("own_careers");
    for (const char* key : {"careers_sizes", "careers_trials"})
      if (const Node* node = table_.at(key); node && !careers)
        r_.problem(node->where, fmt::format("'{}' has no careers to be for", key), "",
                   "add careers, or take the line out");
    if (!careers && !own) return {};
    if (!careers || !own) {
      missing(careers ? "own_careers" : "careers", "the trial's own careers stand beside others, by name",
              careers ? "own_careers = \"lasting rates\"" : "careers = [\"spells\"]: arms that set them");
      return {};
    }
    design_.careers = Reading::text_at(table_, "own_careers");
    std::vector<std::size_t> found;
    for (const std::size_t arm : arms_at(r_, spec_, table_, "careers")) {
      if (arm != design_.control && arm != design_.treated && arm != design_.without_effect) {
        found.push_back(arm);
        continue;
      }
      r_.problem(careers->where, fmt::format("'{}' is an arm of the trial itself", spec_.arms[arm].name),
                 "other careers are set on both sides", "name an arm that sets careers alone");
    }
    return found;
  }

  void read_careers_trials() {
    careers_trials_ = design_.trials;
    const Node* node = table_.at("careers_trials");
    if (!node) return;
    careers_trials_ = whole_at("careers_trials", fewest_trials, static_cast<double>(design_.trials), design_.trials);
    if (careers_trials_ % design_.same_people != 0)
      r_.problem(node->where, fmt::format("{} trials are no sets of {}", careers_trials_, design_.same_people),
                 "each set of people has as many trials", "choose a number that same_people divides");
  }

  /// The sizes at which other careers are tried: all, or some of them.
  std::vector<std::size_t> read_careers_sizes() {
    const Node* node = table_.at("careers_sizes");
    if (!node) return design_.sizes;
    std::vector<Node> single{*node};
    std::vector<std::size_t> sizes;
    for (const Node& item : node->kind == Node::Kind::number ? single : node->items) {
      const auto same = std::find_if(design_.sizes.begin(), design_.sizes.end(), [&](std::size_t size) {
        return static_cast<double>(size) == item.number && (sizes.empty() || size > sizes.back());
      });
      if (same != design_.sizes.end())
        sizes.push_back(*same);
      else
        r_.problem(item.where, fmt::format("{} is not the next of 'sizes'", item.text),
                   "other careers are held against the trial's own, size by size",
                   "name some of 'sizes', from least to most");
    }
    return sizes.empty() ? design_.sizes : sizes;
  }

  std::vector<double> read_other_follow_ups() {
    const Node* node = table_.at("also_followed");
    std::vector<double> found;
    if (!node) return found;
    for (const std::string& text : Reading::texts_at(table_, "also_followed")) {
      const auto read = read_quantity(text, Unit::parse("week"));
      if (const auto* wrong = std::get_if<QuantityProblem>(&read)) {
        r_.problem(node->where, wrong->problem, "", wrong->cure);
        continue;
      }
      const Quantity& quantity = std::get<Quantity>(read);
      const double weeks = quantity.low;
      if (quantity.is_range() || weeks < 1 || weeks == design_.follow_up || (!found.empty() && weeks <= found.back()))
        r_.problem(node->where, fmt::format("'also_followed' can't have {}", text),
                   "each is one length of time, longer than the one before it and other than follow_up",
                   "write them like [\"6 months\", \"24 months\"]");
      else
        found.push_back(weeks);
      expect_times_followed(r_, *node, weeks, design_);
    }
    return found;
  }

  void read_same_people() {
    design_.same_people = whole_at("same_people", 1, 20, 1);
    const Node* node = table_.at("same_people");
    if (!spec_.trials.empty() && spec_.trials.front().same_people != design_.same_people)
      r_.problem(node ? node->where : table_.where,
                 fmt::format("{} has {} trials of the same people, and '{}' has {}", shown_, design_.same_people,
                             spec_.trials.front().name, spec_.trials.front().same_people),
                 "they are compared trial by trial, on the same people",
                 fmt::format("write same_people = {} in both", spec_.trials.front().same_people));
    if (design_.same_people == 1 || !node) return;
    if (design_.assignment == Assignment::matched || design_.assignment == Assignment::before_and_after)
      return r_.problem(node->where, "'same_people' has no meaning here",
                        "nobody is assigned by chance, so that the same people are the same trial",
                        "take the line out of every trial");
    if (design_.trials % design_.same_people != 0)
      r_.problem(node->where, fmt::format("{} trials are no sets of {}", design_.trials, design_.same_people),
                 "each set of people has as many trials", "choose a number that divides");
  }

  /// The same trial once more, with another follow-up.
  void repeat_followed(double weeks, std::size_t own) {
    TrialDesign design = plain_repeat(own);
    design.is_other_follow_up = true;
    design.follow_up = weeks;
    design.careers.clear();
    design.without_effect.reset();
    spec_.trials.push_back(std::move(design));
  }

  TrialDesign plain_repeat(std::size_t own) const {
    TrialDesign design = spec_.trials[own];
    design.repeats = own;
    design.looks.clear();
    design.assurance = false;
    return design;
  }

  /// The same trial once more, among people whose careers are those of an arm.
  void repeat_among(std::size_t careers, const std::vector<std::size_t>& sizes, std::size_t own) {
    TrialDesign design = plain_repeat(own);
    design.sizes = sizes;
    if (sizes.size() == 1) design.power.reset();
    if (sizes.size() < spec_.trials[own].sizes.size()) design.without_effect.reset();
    design.trials = careers_trials_;
    const ArmText& text = spec_.text.arms[careers];
    design.careers = text.short_label.empty() ? lower_first(text.label) : text.short_label;
    const auto arm = [&](std::size_t role) { return arm_among(spec_.arms[role], spec_.arms[careers]); };
    const auto control = arm(design.control), treated = arm(design.treated);
    const auto none = design.without_effect ? arm(*design.without_effect) : control;
    if (!control || !treated || !none) return;
    design.control = *control;
    design.treated = *treated;
    if (design.without_effect) design.without_effect = *none;
    spec_.trials.push_back(std::move(design));
  }

  std::optional<std::size_t> arm_among(const Arm& role, const Arm& careers) {
    try {
      Arm made = with_careers(spec_.base, role, careers);
      std::size_t k = 0;
      while (k < spec_.trial_arms.size() && spec_.trial_arms[k].name != made.name) ++k;
      if (k == spec_.trial_arms.size()) spec_.trial_arms.push_back(std::move(made));
      return spec_.reported_arms + k;
    } catch (const std::invalid_argument& both) {
      const auto field = static_cast<std::size_t>(std::stoul(std::string(both.what()).substr(1)));
      r_.problem(
          table_.at("careers")->where,
          fmt::format("arms '{}' and '{}' both set '{}'", role.name, careers.name, r_.model->parameters[field].name),
          "which of the two is meant?", "let other careers set what the arms of the trial don't");
      return std::nullopt;
    }
  }

  void read_arms() {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < spec_.reported_arms; ++i) names.push_back(spec_.arms[i].name);
    const auto arm = [&](std::string_view key) -> std::size_t {
      const Node* node = table_.at(key);
      if (!node) return 0;
      const auto at = std::find(names.begin(), names.end(), node->text);
      if (at != names.end()) return static_cast<std::size_t>(at - names.begin());
      r_.problem(node->where, fmt::format("unknown arm '{}'", node->text), "",
                 spelling_cure(node->text, names, "the arms are"));
      return 0;
    };
    design_.control = arm("control");
    design_.treated = arm("treated");
    if (table_.at("without_effect")) design_.without_effect = arm("without_effect");
    if (r_.found.empty() && design_.treated == design_.control)
      r_.problem(table_.at("treated")->where,
                 fmt::format("'{}' is the arm of the controls too", names[design_.treated]),
                 "nobody would be compared with anybody", "name another arm");
    if (design_.without_effect && design_.without_effect == design_.treated && design_.treated != design_.control)
      r_.problem(table_.at("without_effect")->where,
                 fmt::format("'{}' is the arm of the treated, which has the effect", names[design_.treated]),
                 "'without_effect' is to show how often the analysis finds something where there is nothing",
                 "name an arm like that of the treated in which the programme changes nothing, or take the line out");
  }

  /// People of a cluster are alike: at least one analysis has to know it, and others may stand beside that.
  void expect_errors_of_clusters() {
    if (design_.cluster_sd == 0 || design_.analyses.empty()) return;
    if (std::any_of(design_.analyses.begin(), design_.analyses.end(),
                    [](const TrialAnalysis& each) { return each.analysis.word("cluster") == "cluster"; }))
      return;
    r_.problem(
        table_.at("analysis")->where, fmt::format("no analysis of {} knows of its clusters", shown_),
        "people of a cluster are alike, so that errors which take each as single are too small, and an effect is "
        "found where there is none",
        "add an analysis with cluster = \"cluster\", errors = \"CR2\" (method linear_risk, logistic, poisson "
        "or negative_binomial); this one may stand beside it");
  }

  double share_at(std::string_view key, double otherwise, bool may_be_none) {
    return trial_share(r_, table_, key, otherwise, may_be_none);
  }

  void only_of(std::string_view key, std::initializer_list<Assignment> of, std::string_view whose_it_is) {
    if (const Node* node = table_.at(key); node && std::find(of.begin(), of.end(), design_.assignment) == of.end())
      r_.problem(node->where, fmt::format("'{}' has no meaning here", key), fmt::format("it is for {}", whose_it_is),
                 "take the line out");
  }

  std::size_t whole_at(std::string_view key, double least, double most, std::size_t otherwise) {
    const Node* node = table_.at(key);
    if (!node) return otherwise;
    return r_.is_within(*node, key, least, most) ? static_cast<std::size_t>(node->number) : otherwise;
  }

  double number_at(std::string_view key, double least, double most, double otherwise) {
    const Node* node = table_.at(key);
    if (!node) return otherwise;
    return r_.is_within(*node, key, least, most) ? node->number : otherwise;
  }

  void read_assignment() {
    using enum Assignment;
    const std::vector<std::string>& words = word_of("assign");
    design_.assignment = static_cast<Assignment>(
        std::find(words.begin(), words.end(), Reading::text_at(table_, "assign")) - words.begin());
    only_of("share_treated", {individually, in_blocks, matched}, "a coin, blocks and matched comparisons");
    only_of("block", {in_blocks}, "blocks");
    for (const std::string_view key : {"cluster_size", "cluster_sd"})
      only_of(key, {by_cluster, stepped_wedge}, "clusters and stepped wedges");
    for (const std::string_view key : {"steps", "drift"}) only_of(key, {stepped_wedge}, "stepped wedges");
    for (const std::string_view key : {"joins_by_rate", "match_on"}) only_of(key, {matched}, "matched comparisons");
    only_of("crossover", {individually, in_blocks, by_cluster, stepped_wedge}, "controls who are assigned");
    design_.share_treated = share_at("share_treated", 0.5, false);
    design_.block = whole_at("block", 2, 1000, 4);
    const double treated = design_.share_treated * static_cast<double>(design_.block);
    if (design_.assignment == in_blocks && std::abs(treated - std::round(treated)) > 1e-9)
      r_.problem(table_.at(table_.at("block") ? "block" : "share_treated")->where,
                 fmt::format("a block of {} can't be {} treated", design_.block, as_percent(design_.share_treated)),
                 fmt::format("that would be {} people", shortest(treated)), "choose a block that divides");
    const bool clusters = design_.assignment == by_cluster || design_.assignment == stepped_wedge;
    if (clusters && !table_.at("cluster_size")) missing("cluster_size", "clusters have a size", "cluster_size = 25");
    design_.cluster_size = clusters ? whole_at("cluster_size", 2, 100000, 2) : 0;
    design_.cluster_sd = number_at("cluster_sd", 0, 3, 0);
    if (design_.assignment == stepped_wedge && !table_.at("steps"))
      missing("steps", "clusters begin at steps", "steps = 4");
    design_.steps = design_.assignment == stepped_wedge ? whole_at("steps", 1, 100, 1) : 0;
    if (design_.assignment == stepped_wedge && design_.cluster_size < design_.steps + 1 && table_.at("cluster_size"))
      r_.problem(table_.at("cluster_size")->where,
                 fmt::format("a cluster of {} can't fill {} periods", design_.cluster_size, design_.steps + 1),
                 fmt::format("{} steps have one period more, and somebody enters in each", design_.steps),
                 fmt::format("write cluster_size = {} or more, or fewer steps", design_.steps + 1));
    design_.drift = number_at("drift", -1, 1, 0);
    design_.joins_by_rate = number_at("joins_by_rate", -3, 3, 0);
    if (design_.assignment != matched) return;
    design_.match_on = {"before"};
    const Node* on = table_.at("match_on");
    if (!on) return;
    design_.match_on = Reading::texts_at(table_, "match_on");
    for (const std::string& column : design_.match_on)
      if (column != "before" && column != "age")
        r_.problem(on->where, fmt::format("people can't be matched on '{}'", column), "",
                   spelling_cure(column, {"before", "age"}, "they are matched on"));
  }

  static std::string as_percent(double share) { return shortest(100 * share) + "%"; }

  void missing(std::string_view key, std::string_view why, std::string_view line) {
    missing_of_trial(r_, table_, shown_, key, why, line);
  }

  static const std::vector<std::string>& word_of(std::string_view key) {
    const std::vector<Key>& keys = section("trial").keys;
    return std::find_if(keys.begin(), keys.end(), [&](const Key& each) { return each.name == key; })->words;
  }

  std::optional<double> weeks_at(std::string_view key, double least) {
    const Node* node = table_.at(key);
    if (!node) return std::nullopt;
    const auto read = read_quantity(as_written(*node), Unit::parse("week"));
    if (const auto* wrong = std::get_if<QuantityProblem>(&read)) {
      r_.problem(node->where, wrong->problem, "", wrong->cure);
      return std::nullopt;
    }
    const Quantity& quantity = std::get<Quantity>(read);
    if (!quantity.is_range() && quantity.low >= least) return quantity.low;
    r_.problem(node->where, fmt::format("'{}' can't be {}", key, as_written(*node)), "it is one length of time",
               "write it like \"12 months\"");
    return std::nullopt;
  }

  void read_time() {
    design_.follow_up = weeks_at("follow_up", 1).value_or(52);
    design_.read_after = weeks_at("read_after", 0);
    design_.people_a_week = number_at("people_a_week", 0.01, 1e5, 0);
    const Node* looks = table_.at("looks");
    if (!looks) return;
    if (looks->kind == Node::Kind::number) design_.looks = {looks->number};
    for (const Node& item : looks->items) design_.looks.push_back(item.number);
    bool rising = design_.looks.size() >= 2 && design_.looks.front() > 0 && design_.looks.back() == 1;
    for (std::size_t k = 1; k < design_.looks.size(); ++k) rising = rising && design_.looks[k] > design_.looks[k - 1];
    if (rising) return;
    r_.problem(looks->where, "'looks' don't rise to 1", "the last look is the end of the trial",
               "write shares of the people followed up, such as [0.5, 1]");
    design_.looks.clear();
  }

  /// Clusters that a comparison takes.
  std::size_t fewest_clusters() const {
    if (design_.cluster_size == 0) return 0;
    return design_.assignment == Assignment::stepped_wedge ? design_.steps : 2;
  }

  /// A look has people to look at: the same number as the smallest trial.
  void expect_people_at_looks() {
    if (design_.looks.empty() || design_.sizes.empty()) return;
    const double people = std::round(design_.looks.front() * static_cast<double>(design_.sizes.front()));
    if (people >= fewest_people) return;
    r_.problem(table_.at("looks")->where,
               fmt::format("a look at {} of {} people has {} to look at", shortest(design_.looks.front()),
                           design_.sizes.front(), shortest(people)),
               fmt::format("an analysis takes {} people or more", shortest(fewest_people)),
               "begin with a greater share, or with greater sizes");
  }

  void read_sizes() {
    const Node& sizes = *table_.at("sizes");
    std::vector<Node> single{sizes};
    const std::vector<Node>& items = sizes.kind == Node::Kind::number ? single : sizes.items;
    if (items.size() > most_sizes)
      r_.problem(sizes.where, fmt::format("'sizes' has {} of them", items.size()),
                 fmt::format("a trial has from 1 to {}", most_sizes), "take some out");
    for (const Node& item : items) {
      const double people = item.number;
      if (!item.whole || people < fewest_people || people > most_people_of_a_trial) {
        r_.problem(item.where, fmt::format("a trial can't have {} people", item.text),
                   fmt::format("sizes are whole numbers from {} to {}", shortest(fewest_people),
                               shortest(most_people_of_a_trial)),
                   "write them like: sizes = [200, 400]");
        continue;
      }
      const auto size = static_cast<std::size_t>(people);
      if (!design_.sizes.empty() && size <= design_.sizes.back()) {
        r_.problem(item.where, fmt::format("size {} is not above {}", size, design_.sizes.back()),
                   "sizes rise: a smaller trial is the beginning of a greater one", "list them from least to most");
        continue;
      }
      if (design_.cluster_size > 0 && size % design_.cluster_size != 0)
        r_.problem(item.where, fmt::format("{} people are no whole clusters of {}", size, design_.cluster_size), "",
                   fmt::format("write a multiple of {}", design_.cluster_size));
      else if (const std::size_t least = fewest_clusters(); size < least * design_.cluster_size)
        r_.problem(
            item.where,
            fmt::format("{} people are {} of {}", size,
                        size / design_.cluster_size == 1 ? "one cluster"
                                                         : fmt::format("{} clusters", size / design_.cluster_size),
                        design_.cluster_size),
            design_.assignment == Assignment::stepped_wedge
                ? fmt::format("{} steps need as many clusters, one to begin at each", least)
                : "clusters are compared with clusters: two are the fewest",
            fmt::format("write {} people or more", least * design_.cluster_size));
      if (design_.assignment == Assignment::matched && size % 2 != 0)
        r_.problem(item.where, fmt::format("{} people are no pairs", size), "each is matched to one other",
                   "write an even number");
      design_.sizes.push_back(size);
    }
    expect_people_at_looks();
    if (design_.sizes.empty()) design_.sizes = {4};  // complained of
    design_.trials = whole_at("trials", fewest_trials, most_trials, 5000);
    design_.truth_people = whole_at("truth_people", 1000, 1e8, 200000);
    if (const Node* power = table_.at("power")) {
      const double wanted = share_at("power", 0.8, false);
      if (wanted <= 0.05)
        r_.problem(power->where, fmt::format("'power' can't be {}", as_written(*power)),
                   "chance alone shows an effect in 5 trials of 100", "write it like \"80%\"");
      design_.power = wanted;
    }
  }

  void read_assurance() {
    const Node* assurance = table_.at("assurance");
    design_.assurance = assurance && assurance->truth;
    const bool known = std::none_of(spec_.parameters.begin(), spec_.parameters.end(),
                                    [](const Parameter& each) { return is_uncertain(each.law); });
    if (design_.assurance && known)
      r_.problem(assurance->where, "'assurance' has nothing to average over",
                 "every figure of the model has one value, so that it would be the power",
                 "give what is not known a range, or take the line out");
  }

  Reading& r_;
  ExperimentSpec& spec_;
  const Node& table_;
  std::string shown_;
  TrialDesign design_;
  std::uint64_t careers_trials_ = 0;
};

}  // namespace

void read_trials(Reading& reading, ExperimentSpec& spec) {
  const Section& keys = section("trial");
  const auto tables = reading.tables_of(keys);
  if (tables.empty()) return;
  if (reading.model->history_types.empty())
    return reading.problem(tables.front()->where,
                           fmt::format("model '{}' has no people to try things on", reading.model->info.name),
                           "a virtual trial follows people one by one", "use model = \"cohort\"");
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const std::string shown = shown_item(keys, *tables[i], i);
    if (reading.check(*tables[i], keys, shown) && !spec.arms.empty())
      TrialReader(reading, spec, *tables[i], shown).read();
  }
}

}  // namespace desist
