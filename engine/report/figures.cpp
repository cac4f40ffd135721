#include "engine/report/figures.hpp"

#include <algorithm>

#include "engine/report/figures/figure_parts.hpp"

namespace desist {
namespace {

struct Entry {
  FigureKind kind;
  std::optional<Figure> (*draw)(const ReportInput&, const FigureRequest&);
};

/// The list of figures, alphabetical: to add one, write its function and name it here.
const std::vector<Entry>& entries() {
  using Kind = ReportInput::Kind;
  static const std::vector<Entry> all = {
      {{"acceptability",
        "The chance that each arm is best by what one averted is worth (an appraisal).",
        Kind::projection,
        {"of"}},
       figure::draw_acceptability},
      {{"bars", "Share of each group with each outcome, with intervals (a study).", Kind::study, {"outcomes"}},
       figure::draw_bars},
      {{"cash",
        "What adds up by the end of each year, a line a bearer (an appraisal).",
        Kind::projection,
        {"arm", "arms"}},
       figure::draw_cash},
      {{"chance",
        "Chance of an outcome by date, a line an arm (a projection).",
        Kind::projection,
        {"series", "arms", "mark"}},
       figure::draw_chance},
      {{"completers",
        "Those who finished beside what they would have shown had nothing worked (printed counts).",
        Kind::people,
        {"analysis"}},
       figure::draw_completers},
      {{"decomposition", "The parts of a fall, as bars that add up (a projection).", Kind::projection, {"of"}},
       figure::draw_decomposition},
      {{"effects",
        "Effects of analyses, or of studies and what they give together (people's rows, synthesis).",
        Kind::people,
        {"analysis"}},
       figure::draw_effects},
      {{"fan",
        "What happens week by week in each arm, with bands (a projection).",
        Kind::projection,
        {"series", "arms", "mark", "axis"}},
       figure::draw_fan},
      {{"flow", "People from referral to analysis, a box a step (people's rows).", Kind::people, {}},
       figure::draw_flow},
      {{"forecast",
        "Years counted and years forecast, with what the first years alone would have said.",
        Kind::projection,
        {"of"}},
       figure::draw_forecast},
      {{"forest", "Differences of all comparisons, a panel an outcome (a study).", Kind::study, {"panels"}},
       figure::draw_forest},
      {{"forms",
        "Net present value under each form of fading and each schedule (an appraisal).",
        Kind::projection,
        {"arm", "arms"}},
       figure::draw_forms},
      {{"funnel", "Studies by effect and error (synthesis).", Kind::people, {"analysis"}}, figure::draw_funnel},
      {{"funnel_steps",
        "Steps of a funnel: counts of one column, or shares of several (printed counts).",
        Kind::people,
        {"columns", "steps"}},
       figure::draw_funnel_steps},
      {{"incidence",
        "People with the event by each time, a panel a cause (people's rows).",
        Kind::people,
        {"analysis"}},
       figure::draw_incidence},
      {{"items",
        "Outcomes by the items of a list (years, types), arms side by side, with bands (a projection).",
        Kind::projection,
        {"outcomes", "arms"}},
       figure::draw_items},
      {{"levels",
        "An outcome at each level of a sweep, a line an arm (a projection).",
        Kind::projection,
        {"of", "arms"}},
       figure::draw_levels},
      {{"needed_share",
        "What each programme would have to avert to earn its share (an appraisal with a portfolio).",
        Kind::projection,
        {}},
       figure::draw_needed_share},
      {{"npv_tornado",
        "How net present value moves with each uncertain figure, and where it turns (an appraisal).",
        Kind::projection,
        {"arm", "arms"}},
       figure::draw_npv_tornado},
      {{"null_band",
        "A printed fall and what a programme that does nothing shows (a projection with placebos).",
        Kind::projection,
        {"of"}},
       figure::draw_null_band},
      {{"operating_characteristics",
        "Power, coverage and bias of virtual trials by their size (a projection).",
        Kind::projection,
        {"of"}},
       figure::draw_operating_characteristics},
      {{"phases",
        "The same thing before, during and after a programme on several clocks, before being 100 (a projection).",
        Kind::projection,
        {"outcomes", "arms"}},
       figure::draw_phases},
      {{"plane", "Costs against effects, a point a draw (an appraisal).", Kind::projection, {"of", "arm", "arms"}},
       figure::draw_plane},
      {{"profile",
        "How near targets can be met along each parameter (a projection with targets).",
        Kind::projection,
        {"parameters"}},
       figure::draw_profile},
      {{"ridge", "What targets leave of two parameters (a projection with targets).", Kind::projection, {"parameters"}},
       figure::draw_ridge},
      {{"study_worth",
        "What a study is worth before deciding, by its size (an appraisal with studies).",
        Kind::projection,
        {"of"}},
       figure::draw_study_worth},
      {{"survival",
        "People still without the event, a line an arm, with those at risk (people's rows).",
        Kind::people,
        {"analysis"}},
       figure::draw_survival},
      {{"targets",
        "Printed figures beside what the calibrated model gives for as many people (a projection with targets).",
        Kind::projection,
        {}},
       figure::draw_targets},
      {{"tornado", "How the answer moves with each uncertain figure (a projection).", Kind::projection, {"of", "arm"}},
       figure::draw_tornado},
      {{"twin_traces",
        "The same people's lives in two arms on the same luck: an illustration (a projection).",
        Kind::projection,
        {"arms", "people"}},
       figure::draw_twin_traces},
      {{"units",
        "Units alone and drawn together, with the ranks that they may have (units of one service).",
        Kind::people,
        {"analysis"}},
       figure::draw_units},
      {{"value_by_bearer", "Who gains and who pays, with intervals (an appraisal).", Kind::projection, {"arm", "arms"}},
       figure::draw_value_by_bearer},
      {{"value_by_group",
        "Who gains by social group, plainly and with £1 weighted (an appraisal).",
        Kind::projection,
        {"arm", "arms"}},
       figure::draw_value_by_group},
      {{"verdict_map",
        "The verdict on a printed fall over two unknowns (a projection with placebos).",
        Kind::projection,
        {"of", "parameters"}},
       figure::draw_verdict_map},
  };
  return all;
}

/// A name that can only be a file's name: letters, digits, - and _.
std::string file_name(std::string name) {
  std::replace_if(
      name.begin(), name.end(),
      [](char c) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return !plain && c != '-' && c != '_';
      },
      '_');
  return name;
}

}  // namespace

const std::vector<FigureKind>& figure_kinds() {
  static const std::vector<FigureKind> kinds = [] {
    std::vector<FigureKind> list;
    for (const Entry& entry : entries()) list.push_back(entry.kind);
    return list;
  }();
  return kinds;
}

std::vector<Figure> figures(const ReportInput& input) {
  std::vector<Figure> drawn;
  for (const FigureRequest& request : input.figures) {
    const auto entry = std::find_if(entries().begin(), entries().end(),
                                    [&](const Entry& each) { return each.kind.name == request.draw; });
    if (entry == entries().end()) continue;  // the reader of experiments refuses it, with the line
    FigureRequest safe = request;
    safe.name = file_name(request.name);
    if (std::optional<Figure> made = entry->draw(input, safe)) drawn.push_back(std::move(*made));
  }
  return drawn;
}

}  // namespace desist
