#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/estimation/estimator.hpp"
#include "engine/program/authoring.hpp"
#include "engine/program/document.hpp"
#include "engine/program/grammar.hpp"

namespace desist {
namespace {

struct Named {
  std::string name, help;
};

/// What the honesty table of a published table and the results of a projection are made by.
const std::vector<Named>& built_in() {
  static const std::vector<Named> all{
      {"audit of printed tables", "GRIM by rounding and by truncation, parts against totals, claims recomputed"},
      {"complier effect", "Fieller limits; randomised studies only"},
      {"number needed to treat", "from the limits of the risk difference"},
      {"odds ratio", "conditional, exact and mid-p"},
      {"odds ratio at which nothing is left", "for comparisons that are not randomised"},
      {"people needed to settle it", "80% power at two-sided 5%"},
      {"posterior chance of fewer", "independent Jeffreys priors"},
      {"risk difference", "Newcombe; Miettinen and Nurminen"},
      {"risk ratio", "score limits"},
      {"shares of variance", "parameters by spline regression, and luck"},
      {"smallest level that meets a target", "bracketed on common luck"},
      {"tests", "chi-square x (N-1)/N with the score difference; Fisher; Boschloo"}};
  return all;
}

/// The methods of [[analysis]], each with its keys.
std::string methods() {
  std::string text;
  for (const Estimator& each : estimators()) {
    text += fmt::format("  {}: {}\n", each.name, each.help);
    for (const EstimatorKey& key : each.keys)
      text += fmt::format("      {} = {}  # {}{}\n", key.name, key.example, key.help, key.required ? "; required" : "");
  }
  return text;
}

const std::vector<Named>& figures() {
  static const std::vector<Named> all{
      {"acceptability", "the chance that each arm is best, by what one averted is worth"},
      {"bars", "groups of a study side by side, with intervals"},
      {"cash", "what adds up by the end of each year, by who pays and gains"},
      {"chance", "the chance of a yes-or-no outcome by week and arm"},
      {"completers", "those who finished beside what they would have shown had nothing worked"},
      {"decomposition", "the parts of a fall, as bars that add up"},
      {"effects", "effects of analyses, or of studies and their pooled effect, with intervals"},
      {"fan", "a weekly outcome by arm, with its middle 50, 80 and 95%"},
      {"flow", "people from referral to analysis"},
      {"forecast", "years counted and years forecast, and what the first years alone would have said"},
      {"forest", "comparisons of a study, a panel an outcome"},
      {"forms", "net present value under each form of fading and each discount schedule"},
      {"funnel", "effects of studies against their errors"},
      {"funnel_steps", "the steps of a funnel: counts of one column, or shares of several, with intervals"},
      {"incidence", "cumulative incidence by arm, other causes competing"},
      {"items", "outcomes by the items of a list (years, types), arms side by side, with bands"},
      {"levels", "an outcome at each level of a sweep, by arm"},
      {"needed_share", "what each programme would have to avert to earn its share of a budget"},
      {"npv_tornado", "net present value as each uncertain figure moves, and where it turns"},
      {"null_band", "a printed fall, and what a programme that does nothing shows"},
      {"operating_characteristics", "power, coverage and bias of virtual trials by their size"},
      {"phases", "the same thing before, during and after on several clocks, before being 100"},
      {"plane", "costs against effects, a point a draw"},
      {"profile", "how near targets can be met along each parameter"},
      {"ridge", "what targets leave of two parameters"},
      {"study_worth", "what a study is worth before deciding, by its size"},
      {"survival", "the share without the event by time and arm, with those at risk"},
      {"targets", "printed figures beside what the calibrated model gives for as many people"},
      {"tornado", "an outcome with each uncertain parameter at its ends"},
      {"twin_traces", "the same people's lives in two arms on the same luck: an illustration"},
      {"units", "units of one service, each alone and drawn together, with the ranks that they may have"},
      {"value_by_bearer", "who gains and who pays, with intervals"},
      {"value_by_group", "who gains by social group, plainly and with £1 weighted"},
      {"verdict_map", "the verdict on a printed fall over two unknowns"}};
  return all;
}

std::string rows(const std::vector<Named>& all) {
  std::size_t width = 0;
  for (const Named& each : all) width = std::max(width, each.name.size());
  std::string text;
  for (const Named& each : all) text += fmt::format("  {:<{}}  {}\n", each.name, width, each.help);
  return text;
}

std::vector<Named> models(const Catalogue& catalogue) {
  std::vector<Named> all;
  for (const ModelRecord& model : catalogue.models)
    all.push_back({std::string(model.info.name), std::string(model.info.summary)});
  return all;
}

std::vector<Named> experiments(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code trouble;
  std::vector<Named> all;
  for (const auto& entry : fs::directory_iterator(folder, trouble)) {
    if (entry.path().extension() != ".toml") continue;
    Named each{entry.path().filename().string(), "(can't be read: try `desist check`)"};
    try {
      Diagnostics found;
      const auto root = parse_document(load_text(entry.path().string()), found);
      const Node* head = root ? root->at("experiment") : nullptr;
      const Node* question = head ? head->at("question") : nullptr;
      if (question) each.help = question->text;
    } catch (const Failure&) {
      // the line says so
    }
    all.push_back(std::move(each));
  }
  std::sort(all.begin(), all.end(), [](const Named& a, const Named& b) { return a.name < b.name; });
  return all;
}

}  // namespace

std::string list_of(const std::string& what, const Catalogue& catalogue, const std::string& experiments_folder) {
  static const std::vector<std::string> known{"models", "estimators", "figures", "experiments"};
  if (what == "models") return rows(models(catalogue));
  if (what == "estimators")
    return "Of every published table and projection:\n" + rows(built_in()) + "Of an [[analysis]], by its method:\n" +
           methods();
  if (what == "figures") return rows(figures());
  if (what == "experiments") return rows(experiments(experiments_folder));
  if (!what.empty()) {
    const auto near = did_you_mean(what, known);
    throw Failure(ExitCode::usage,
                  fmt::format("desist: nothing to list is called '{}'\n  {}", what,
                              near ? fmt::format("did you mean '{}'?", *near) : "it is one of " + listed(known, "or")));
  }
  std::string text;
  for (const std::string& each : known)
    text += fmt::format("{}{}:\n{}", text.empty() ? "" : "\n", each, list_of(each, catalogue, experiments_folder));
  return text;
}

}  // namespace desist
