// `desist check` of an appraisal: every flow, effect, study and warning in words.
#include <algorithm>
#include <cmath>

#include "engine/core/nouns.hpp"
#include "engine/core/text.hpp"
#include "engine/program/paragraphs.hpp"
#include "engine/report/appraisal_words.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

std::string years_of(int first, int last, bool yearly) {
  if (!yearly) return fmt::format("once, in year {}", first + 1);
  return first == last ? fmt::format("in year {}", first + 1)
                       : fmt::format("in each of years {} to {}", first + 1, last + 1);
}

std::string form_of(const Fade& fade) {
  std::string words;
  switch (fade.form) {
    case Fade::Form::stops:
      words = "nothing after the evidence";
      break;
    case Fade::Form::linear:
      words = fmt::format("falls evenly to nothing in {}", fade.time->written);
      break;
    case Fade::Form::exponential:
      words = fmt::format("halves every {}", fade.time->written);
      break;
    case Fade::Form::cure:
      words = fmt::format("{} stays, the rest halves every {}", fade.kept->written, fade.time->written);
      break;
    case Fade::Form::constant:
      words = "stays as it was";
      break;
  }
  return fade.weight ? fmt::format("{}; weight {}", words, shortest(*fade.weight)) : words;
}

// "£0 to £40,000".
std::string worth_of(const Effect& effect) {
  const auto pounds = [](double value) { return value == std::floor(value) ? whole_number(value) : shortest(value); };
  return fmt::format("£{} to £{}", pounds(effect.worth.front()), pounds(effect.worth.back()));
}

void say_flow(Paragraphs& words, const Flow& flow) {
  std::string end;
  if (flow.fades) end += "; fades";
  if (!flow.lasts.empty()) end += "; lasts: " + flow.lasts;
  if (flow.optimism_bias) end += "; optimism bias " + flow.optimism_bias->written;
  if (!flow.bias_in_law.empty()) end += "; optimism bias is in its range";
  if (flow.step) end += "; in whole steps of " + flow.step_in_words;
  words.say("Flows", fmt::format("{}: {} {} of {}, {} x {}, {}{}", flow.name, kind_word(flow.kind),
                                 role_word(flow.role), flow.bearer, flow.quantity.written, flow.each.written,
                                 years_of(flow.first, flow.last, flow.yearly), end));
}

void say_next_studies(Paragraphs& words, const Appraisal& appraisal) {
  for (const NextStudy& study : appraisal.studies)
    words.say(
        "Studies",
        fmt::format("{}: {} to {} people; the answer {} after {}, for a decision of {}", study.name,
                    shortest(study.sizes.front()), shortest(study.sizes.back()), counted(study.answer_after, "year"),
                    study.recruits_a_year ? "the last has joined" : "today", counted(study.decision_lasts, "year")));
}

}  // namespace

void say_arms(Paragraphs& words, const ReportInput& text) {
  for (std::size_t i = 0; i < text.arms.size(); ++i)
    words.say("Arms", fmt::format("{}: {}{}", text.arms[i].name, text.arms[i].in_words,
                                  i == 0 && text.arms.size() > 1 ? " (the others are compared with this)" : ""));
}

void say_parameters(Paragraphs& words, const ExperimentSpec& spec) {
  const ReportInput& text = spec.text;
  std::size_t uncertain = 0;
  for (const Parameter& parameter : spec.parameters) uncertain += is_uncertain(parameter.law) ? 1 : 0;
  words.say("Parameters", fmt::format("{} numbers, of which {} uncertain", spec.parameters.size(), uncertain));
  for (const Parameter& parameter : spec.parameters) {
    if (!is_uncertain(parameter.law)) continue;
    const auto source = std::find_if(text.sources.begin(), text.sources.end(),
                                     [&](const FigureSource& s) { return s.name == parameter.name; });
    if (source != text.sources.end())
      words.say("Uncertain", fmt::format("{} = {}: {}", parameter.name, source->printed, source->spread));
  }
}

void say_appraisal(Paragraphs& words, const ExperimentSpec& spec) {
  if (!spec.appraisal) return;
  const Appraisal& appraisal = *spec.appraisal;
  if (appraisal.table) {
    words.say("Appraisal", fmt::format("of the table {}; one {} is worth {}", appraisal.table->file,
                                       appraisal.effects.front().unit, worth_of(appraisal.effects.front())));
    say_next_studies(words, appraisal);
    return;
  }
  std::vector<std::string> schedules;
  for (const DiscountedBy& each : appraisal.discounting) schedules.push_back(each.name);
  words.say("Appraisal", fmt::format("{} from {} in prices of {}, discounted by {}; the effect was seen for {}",
                                     counted(appraisal.years, "year"), appraisal.from.in_words(), appraisal.prices,
                                     listed(schedules), counted(appraisal.evidence_years, "year")));
  for (const Flow& flow : appraisal.flows) say_flow(words, flow);
  for (const Fade& fade : appraisal.fades) words.say("Fading", fmt::format("{}: {}", fade.name, form_of(fade)));
  for (const Effect& effect : appraisal.effects)
    words.say("Effects", fmt::format("{}: {}, {}; one is worth {}", effect.name, effect.quantity.written,
                                     years_of(effect.first, effect.last, effect.yearly), worth_of(effect)));
  say_next_studies(words, appraisal);
  for (const BreakEven& asked : appraisal.break_evens)
    words.say("Break-even",
              fmt::format("{}: the value at which '{}' pays{}", appraisal.inputs[asked.input].name,
                          spec.text.arms[asked.arm].name,
                          asked.trial_control ? ", and whether the completed trial could have seen it" : ""));
  if (appraisal.portfolio)
    for (const PortfolioProgramme& each : appraisal.portfolio->programmes)
      words.say("Portfolio", fmt::format("{}: {}", each.label, each.evidence_level));
  for (const AppraisalWarning& warning : appraisal.warnings) words.say("Warning", warning.text);
}

}  // namespace desist
