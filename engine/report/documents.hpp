// The documents of a run as text: manifest, request, page. Written to files by write_results.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/report/figures.hpp"
#include "engine/report/report_input.hpp"

namespace desist {

/// manifest.json: what was run, on what, and what came of it.
///
/// Everything outside its `run` block is the same for the same experiment, evidence and stream contract, on any
/// machine. No user's name and no path of a machine is in it. Verified by: report_test
std::string manifest_json(const ReportInput& input, const std::vector<std::string>& files,
                          const std::vector<std::string>& drawn, const std::vector<std::string>& not_made);

/// request.md: one page that asks the owner for the figures that would settle it, in what form and why; empty where
/// there is nothing to ask for. Verified by: report_test
std::string request_markdown(const ReportInput& input);

/// How the pictures come into the page.
struct PagePictures {
  std::vector<Figure> figures;
  std::map<std::string, std::string> svg;  // by figure name, where drawn
  std::string page_bundle;                 // JavaScript that draws those that are missing; may be empty
};

/// report.html: one file that asks for nothing from anywhere, readable without scripts, printable.
///
/// Verified by: report_test
std::string report_page(const ReportInput& input, const PagePictures& pictures);

}  // namespace desist
