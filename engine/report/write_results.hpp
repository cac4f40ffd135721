// Writes everything a run leaves behind: whole or not at all.
#pragma once

#include <string>
#include <vector>

#include "engine/report/report_input.hpp"

namespace desist {

struct Written {
  std::vector<std::string> files;     // names inside the directory, sorted
  std::vector<std::string> not_made;  // "figures as SVG and PDF: node is missing; install nodejs"
};

/// A file made while the run went on, on the same file system as the results: it is moved in under its name.
struct MadeFile {
  std::string name;
  std::string path;
};

/// Where the figure renderer is: a JavaScript bundle run by node, and rsvg-convert for PDF. Empty: not there.
struct RenderTools {
  std::string bundle;       // desist-render.js
  std::string page_bundle;  // inlined into report.html
};

/// Writes results/<experiment>/: CSV tables, manifest.json, figures (Vega-Lite spec, SVG, PDF), report.html,
/// request.md.
///
/// Everything is written into a directory beside the target, which then takes its place by renaming, so a reader never
/// sees half of it. Throws Failure(cannot_write) with the path and the system's reason.
/// Verified by: write_results_test.
Written write_results(const ReportInput& input, const std::string& directory, const RenderTools& tools,
                      const std::vector<MadeFile>& made = {});

/// Makes sure that results can be written there: nothing else stands in that place, and a folder can be made beside it.
/// Gives its absolute path. Throws Failure(cannot_write) as write_results would. Leaves nothing behind but the folders
/// above the target.
std::string check_results_place(const std::string& directory);

/// Refuses to take the place of results that another experiment file left there, by the file that their manifest names.
/// Throws Failure(cannot_write).
void check_results_are_of(const std::string& directory, const std::string& file);

/// The first screen: ten lines at most, about 110 wide, in the fixed order of its kind.
std::string first_screen(const ReportInput& input, const std::string& report_path);

/// The same as JSON for programs (--json).
std::string first_screen_json(const ReportInput& input, const std::string& report_path);

}  // namespace desist
