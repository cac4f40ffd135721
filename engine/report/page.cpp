#include <algorithm>

#include <fmt/format.h>

#include "engine/report/answers.hpp"
#include "engine/report/documents.hpp"
#include "engine/report/html.hpp"
#include "engine/report/page_parts.hpp"

namespace desist {
namespace {

/// System and Liberation faces only: a page that may ask for nothing can't load a font.
constexpr std::string_view style = R"(
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.2rem 1rem 3rem;max-width:46rem;background:#fff;color:#1a1a1a;
 font:17px/1.5 "Liberation Sans",Arial,Helvetica,sans-serif;overflow-wrap:break-word}
h1{font-size:1.55rem;line-height:1.25;margin:0 0 .2rem}
h2{font-size:1.2rem;margin:2.4rem 0 .6rem;padding-top:.5rem;border-top:2px solid #1a1a1a}
h3{font-size:1rem;margin:1.4rem 0 .4rem}
p{margin:.5rem 0}
.sub,.small,figcaption,caption{color:#444;font-size:.85rem}
.verdict{font-size:1.6rem;font-weight:bold;margin:1rem 0 .3rem}
dl.screen{margin:1rem 0;display:grid;grid-template-columns:6.5rem 1fr;gap:.35rem .8rem}
dl.screen dt{font-weight:bold}
dl.screen dd{margin:0}
nav{font-size:.9rem;margin:1rem 0}
nav a{margin-right:1rem;white-space:nowrap}
a{color:#00508a}
figure{margin:1.5rem 0}
.picture,.wide{overflow-x:auto}
.picture svg{display:block;max-width:100%;height:auto;min-width:34rem}
table{border-collapse:collapse;font-size:.85rem;line-height:1.35;width:100%;margin:.6rem 0}
caption{text-align:left;padding:.3rem 0}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #ddd;font-weight:normal}
thead th{font-weight:bold;border-bottom:1.5px solid #1a1a1a;vertical-align:bottom}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.mark{font-weight:bold}
.claim,.finding{border-left:4px solid #777;padding:.1rem 0 .1rem .8rem;margin:1rem 0}
blockquote{margin:.3rem 0;font-style:italic}
.reply{border:1px solid #bbb;padding:.5rem .7rem;margin:.5rem 0;min-height:3.2rem;color:#444;font-size:.85rem}
pre{font:.78rem/1.4 "Liberation Mono",monospace;background:#f6f6f6;padding:.7rem;overflow-x:auto;white-space:pre-wrap}
code{font-family:"Liberation Mono",monospace;font-size:.9em}
ul,ol{padding-left:1.3rem}
li{margin:.3rem 0}
summary{cursor:pointer}
@media (max-width:34rem){body{font-size:16px}dl.screen{display:block}dl.screen dd{margin:0 0 .6rem}}
@media print{@page{size:A4;margin:16mm 15mm 18mm}
 body{max-width:none;padding:0;font-size:10.5pt}nav,noscript{display:none}
 h2,h3,caption{break-after:avoid}figure,.claim,.finding,tr{break-inside:avoid}
 .picture,.wide{overflow:visible}.picture svg{min-width:0}a{color:inherit;text-decoration:none}
 pre{background:none;border:1px solid #bbb}}
)";

struct Section {
  std::string id, title, html;
};

std::string section(const Section& each) {
  if (each.html.empty()) return "";
  return fmt::format("<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1}</h2>\n{2}</section>\n", each.id,
                     html::escaped(each.title), each.html);
}

}  // namespace

std::string report_page(const ReportInput& input, const PagePictures& pictures) {
  const bool scripts = !pictures.page_bundle.empty();
  std::string figures;
  for (std::size_t i = 1; i < pictures.figures.size(); ++i) {
    figures += page::figure_html(pictures.figures[i], pictures, i + 1);
  }
  const std::vector<Section> sections = {
      {"worth", "Is it worth the money?", page::appraisal_section(input)},
      {"results", "Results", page::results_section(input)},
      {"figures", "Figures", figures},
      {"placebo", "Had the programme done nothing", page::placebo_section(input)},
      {"targets", "What the targets say", page::calibration_section(input)},
      {"forecast", "The forecast", page::forecast_section(input)},
      {"best", "Which arm is best", page::best_section(input)},
      {"needed", "What it would take", page::needs_section(input)},
      {"levels", "What each more buys", page::levels_section(input)},
      {"parts", "What the fall is made of", page::decomposition_section(input)},
      {"trials", "What a trial would find", page::trials_section(input)},
      {"sums", "Sums over printed figures", page::sums_section(input)},
      {"decides", "What decides the answer", page::decides_section(input)},
      {"claims", "What was claimed", page::claims_section(input)},
      {"audit", "The printed arithmetic, checked", page::audit_section(input)},
      {"limits", "What can't be said, and what to ask for", page::limits_section(input)},
      {"sources", "Where each figure comes from", page::sources_section(input)},
      {"methods", "How it was worked out", page::methods_section(input)},
      {"again", "Run it again", page::reproduce_section(input)},
  };

  std::string text = "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n";
  text += fmt::format(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
      "{}base-uri "
      "'none'; form-action 'none'\">\n",
      scripts ? "script-src 'unsafe-inline'; " : "");
  text += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  text += html::element("title", input.title);
  text += "<style>" + std::string(style) + "</style>\n</head>\n<body>\n<header>\n";
  text += html::element("h1", input.title);
  text += html::element("p", input.subtitle, "sub");
  text += "</header>\n<main>\n";
  text += page::answer_section(input);
  if (!pictures.figures.empty()) text += page::figure_html(pictures.figures.front(), pictures, 1);
  text += "<nav aria-label=\"Contents\">";
  for (const Section& each : sections) {
    if (!each.html.empty()) text += fmt::format("<a href=\"#{}\">{}</a> ", each.id, html::escaped(each.title));
  }
  text += "</nav>\n";
  for (const Section& each : sections) text += section(each);
  text += "</main>\n";

  if (scripts) {
    // Only what is not drawn yet: a picture that is there stays as it is.
    for (const Figure& figure : pictures.figures) {
      if (pictures.svg.contains(figure.name)) continue;
      text += fmt::format("<script type=\"application/json\" id=\"spec-{}\">{}</script>\n", html::escaped(figure.name),
                          html::script_json(figure.spec));
      text += fmt::format("<script type=\"text/csv\" data-name=\"{}.csv\">{}</script>\n", html::escaped(figure.name),
                          html::script_json(figure.csv));
    }
    text += "<script>" + pictures.page_bundle + "</script>\n<script>desist_page.draw_all();</script>\n";
  }
  return text + "</body>\n</html>\n";
}

}  // namespace desist
