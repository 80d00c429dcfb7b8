#include <fmt/format.h>

#include "planner/output/markup.hpp"
#include "planner/output/report_formats.hpp"
#include "planner/output/report_layout.hpp"

namespace fleetwright {
namespace {

std::string markdown(std::string_view text) { return markdown_text(text); }

std::string html(std::string_view text) { return markup_text(text); }

// The page carries its style, so that it can be mailed as one file.
constexpr std::string_view page_head =
    R"(<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: right; padding: .2rem .6rem; border-bottom: 1px solid #ddd; }
th:first-child, td:first-child { text-align: left; }
td { font-variant-numeric: tabular-nums; }
tr.section th { text-align: left; padding-top: 1rem; }
dt { font-weight: 600; } dd { margin-left: 1rem; }
</style>
)";

std::string html_row(const LayoutRow& row) {
  const std::string source =
      row.source > 0 ? fmt::format("<a href=\"#source-{0}\">[{0}]</a>", row.source) : "";
  return fmt::format(
      "<tr><td title=\"{}\">{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
      html(row.path), html(row.label), html(row.predicted), html(row.published),
      html(row.difference), source);
}

std::string markdown_table(const LayoutTable& table) {
  std::string out = fmt::format("\n## {}\n\n|", table.title);
  for (const std::string& name : table.columns) out += fmt::format(" {} |", markdown(name));
  out += "\n|";
  for (std::size_t i = 0; i < table.columns.size(); ++i) out += i == 0 ? "---|" : "--:|";
  out += "\n";
  for (const auto& row : table.rows) {
    out += "|";
    for (const std::string& cell : row) out += fmt::format(" {} |", markdown(cell));
    out += "\n";
  }
  return out;
}

std::string html_table(const LayoutTable& table) {
  std::string out = fmt::format("<h2>{}</h2>\n<table>\n<tr>", html(table.title));
  for (const std::string& name : table.columns) out += fmt::format("<th>{}</th>", html(name));
  out += "</tr>\n";
  for (const auto& row : table.rows) {
    out += "<tr>";
    for (const std::string& cell : row) out += fmt::format("<td>{}</td>", html(cell));
    out += "</tr>\n";
  }
  return out + "</table>\n";
}

}  // namespace

std::string report_markdown(const Report& report) {
  const ReportLayout layout = layout_of(report);
  std::string out = fmt::format("# {}\n\n", markdown(layout.title));
  if (!layout.question.empty()) out += markdown(layout.question) + "\n\n";
  for (const LayoutLine& l : layout.setup)
    out += fmt::format("- {}: {}\n", l.label, markdown(l.text));
  for (const LayoutSection& section : layout.sections) {
    out += fmt::format(
        "\n## {}\n\n| | predicted | published | difference | source |\n"
        "|---|--:|--:|--:|---|\n",
        section.title);
    for (const LayoutRow& row : section.rows) {
      out += fmt::format("| {} | {} | {} | {} | {} |\n", markdown(row.label), row.predicted,
                         row.published, row.difference,
                         row.source > 0 ? fmt::format("[{}]", row.source) : "");
    }
  }
  for (const LayoutTable& table : layout.tables) out += markdown_table(table);
  if (!layout.critical_path.empty()) out += "\n## Critical path\n\n";
  for (const LayoutLine& l : layout.critical_path)
    out += fmt::format("- {} {}\n", l.label, markdown(l.text));
  if (!layout.notes.empty()) out += "\n## Notes\n\n";
  for (const std::string& note : layout.notes) out += fmt::format("- {}\n", markdown(note));
  out += "\n## The prediction rests on\n\n";
  for (const LayoutLine& l : layout.provenance)
    out += fmt::format("- {}: {}\n", l.label, markdown(l.text));
  if (!layout.sources.empty()) out += "\n## Published figures\n\n";
  for (std::size_t i = 0; i < layout.sources.size(); ++i) {
    out += fmt::format("{}. {}\n", i + 1, markdown(layout.sources[i]));
  }
  return out;
}

std::string report_html(const Report& report) {
  const ReportLayout layout = layout_of(report);
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<title>{}</title>\n{}<h1>{}</h1>\n<p>{}</p>\n<dl>\n",
      html(layout.title), page_head, html(layout.title), html(layout.question));
  for (const LayoutLine& l : layout.setup) {
    out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", html(l.label), html(l.text));
  }
  out +=
      "</dl>\n<table>\n<tr><th></th><th>predicted</th><th>published</th><th>difference</th>"
      "<th>source</th></tr>\n";
  for (const LayoutSection& section : layout.sections) {
    out +=
        fmt::format("<tr class=\"section\"><th colspan=\"5\">{}</th></tr>\n", html(section.title));
    for (const LayoutRow& row : section.rows) out += html_row(row);
  }
  out += "</table>\n";
  for (const LayoutTable& table : layout.tables) out += html_table(table);
  out += "<h2>Critical path</h2>\n<ul>\n";
  for (const LayoutLine& l : layout.critical_path) {
    out += fmt::format("<li>{} {}</li>\n", html(l.label), html(l.text));
  }
  out += "</ul>\n";
  for (const std::string& note : layout.notes) out += fmt::format("<p>{}</p>\n", html(note));
  out += "<h2>The prediction rests on</h2>\n<ul>\n";
  for (const LayoutLine& l : layout.provenance) {
    out += fmt::format("<li>{}: {}</li>\n", html(l.label), html(l.text));
  }
  out += "</ul>\n<h2>Published figures</h2>\n<ol>\n";
  for (std::size_t i = 0; i < layout.sources.size(); ++i) {
    out += fmt::format("<li id=\"source-{}\">{}</li>\n", i + 1, html(layout.sources[i]));
  }
  return out + "</ol>\n</html>\n";
}

}  // namespace fleetwright
