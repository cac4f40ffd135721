#include "engine/report/html.hpp"

namespace desist::html {

std::string escaped(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  for (const char letter : text) {
    switch (letter) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default: {
        const auto code = static_cast<unsigned char>(letter);
        const bool control = (code < 0x20 && letter != '\n' && letter != '\t') || code == 0x7f;
        if (!control) safe += letter;
      }
    }
  }
  return safe;
}

std::string element(std::string_view tag, std::string_view text, std::string_view css_class) {
  if (text.empty()) return "";
  std::string html = "<" + std::string(tag);
  if (!css_class.empty()) html += " class=\"" + std::string(css_class) + "\"";
  return html + ">" + escaped(text) + "</" + std::string(tag) + ">\n";
}

TableCell words(std::string_view text) { return {escaped(text), false}; }
TableCell number(std::string_view text) { return {escaped(text), true}; }

std::string table(std::string_view caption, const std::vector<std::string>& headers,
                  const std::vector<std::vector<TableCell>>& rows) {
  if (rows.empty()) return "";
  std::string html = "<div class=\"wide\"><table>\n";
  html += element("caption", caption);
  html += "<thead><tr>";
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const bool numeric = i < rows.front().size() && rows.front()[i].numeric;
    html += std::string("<th scope=\"col\"") + (numeric ? " class=\"n\"" : "") + ">" + escaped(headers[i]) + "</th>";
  }
  html += "</tr></thead>\n<tbody>\n";
  for (const std::vector<TableCell>& row : rows) {
    html += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string tag = i == 0 ? "th" : "td";
      html += "<" + tag + (i == 0 ? " scope=\"row\"" : "") + (row[i].numeric ? " class=\"n\"" : "") + ">" +
              row[i].html + "</" + tag + ">";
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string script_json(std::string_view json) {
  std::string safe;
  for (std::size_t i = 0; i < json.size(); ++i) {
    safe += json[i];
    if (json[i] == '<' && i + 1 < json.size() && (json[i + 1] == '/' || json[i + 1] == '!')) safe += '\\';
  }
  return safe;
}

}  // namespace desist::html
