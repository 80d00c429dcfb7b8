#include "planner/output/board_report.hpp"

#include <fmt/format.h>

#include <string_view>

#include "planner/output/board_sections.hpp"
#include "planner/output/cost_tables.hpp"
#include "planner/output/markup.hpp"

namespace fleetwright {
namespace {

// Colours are those of the charts; letters are dark on white throughout.
constexpr std::string_view style = R"(<style>
:root { color-scheme: light; }
html { font-size: 15px; }
body { font: 1rem/1.45 system-ui, "DejaVu Sans", sans-serif; color: #1c1c1c; background: #fff;
  max-width: 54rem; margin: 1.5rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; margin: .1rem 0; line-height: 1.2; }
h2 { font-size: 1.25rem; margin: 2.2rem 0 .5rem; border-bottom: 2px solid #0b5394; }
h3 { font-size: 1.02rem; margin: 1.3rem 0 .3rem; }
.about { color: #595959; margin: 0; }
.question { font-size: 1.1rem; margin: .3rem 0 .6rem; }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .6rem;
  list-style: none; padding: 0; margin: .6rem 0; }
.numbers li { border-top: 3px solid #0b5394; padding: .35rem 0 0; }
.numbers strong { display: block; font-size: 1.35rem; line-height: 1.2; }
.numbers span { display: block; color: #595959; font-size: .86rem; }
ul { padding-left: 1.2rem; margin: .4rem 0; }
figure { margin: .8rem 0; break-inside: avoid; }
figure svg { width: 100%; height: auto; font-family: inherit; }
figcaption { color: #595959; font-size: .87rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 .9rem; font-size: .87rem; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .18rem .5rem .18rem 0;
  border-bottom: 1px solid #d9d9d9; overflow-wrap: break-word; }
tbody th { font-weight: 400; }
tbody tr.total th, tbody tr.total td { font-weight: 600; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
dt { font-weight: 600; } dd { margin: 0 0 .3rem 1rem; overflow-wrap: anywhere; }
a { color: #0b5394; }
@page { size: A4; margin: 13mm 14mm; }
@media print {
  html { font-size: 10.6px; }
  body { max-width: none; margin: 0; padding: 0; }
  .page { break-before: page; }
  h2 { margin-top: 0; }
  h2, h3, caption { break-after: avoid; }
  tr, li, dt { break-inside: avoid; }
  thead { display: table-header-group; }
}
</style>
)";

}  // namespace

std::string board_section(const std::string& id, const std::string& title,
                          const std::string& body) {
  return fmt::format(
      "<section class=\"page\" aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1}</h2>\n{2}</section>\n",
      id, markup_text(title), body);
}

std::string board_report(const BoardInput& input) {
  const Scenario& s = input.report.scenario;
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}: the money</title>\n{}</head>\n<body>\n<header>\n"
      "<p class=\"about\">Cost report. {}</p>\n<h1>{}</h1>\n",
      markup_text(s.name), style, markup_text(cost_terms(input.report, input.cost)),
      markup_text(s.name));
  if (!s.question.empty()) {
    out += fmt::format("<p class=\"question\">{}</p>\n", markup_text(s.question));
  }
  out += "</header>\n<main>\n";
  out += board_front(input);
  out += board_money(input);
  out += board_run(input);
  out += board_sources(input);
  return out + "</main>\n</body>\n</html>\n";
}

}  // namespace fleetwright
