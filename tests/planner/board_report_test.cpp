#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <regex>
#include <set>

#include "planner/output/charts/figure.hpp"
#include "planner/output/cost_formats.hpp"
#include "planner/report.hpp"
#include "tests/planner/page_scan.hpp"
#include "tests/planner/scenario_text.hpp"

// Can the report be read by everyone, on paper too, and with nothing but the file?
namespace fleetwright::testing {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string page_of(const Report& report, const std::vector<SizePoint>& sizes = {}) {
  return print_cost(report, report.cost ? *report.cost : cost_report(report), "html", sizes);
}

std::string page_of_scenario(const std::string& name) {
  const std::vector<std::string> settings{"engine=analytic", "cost.samples=1000"};
  const Scenario scenario = read_scenario("scenarios/" + name + ".toml", settings);
  const std::vector<SizePoint> sizes{{1024, 110, 5e6, 4e6, false}, {2048, 55, 5.5e6, 4.5e6, true}};
  return page_of(make_report(scenario, AnalyticEstimator()), sizes);
}

class BoardReport : public ::testing::TestWithParam<std::string> {
 protected:
  static void SetUpTestSuite() { pages().clear(); }
  static std::map<std::string, std::string>& pages() {
    static std::map<std::string, std::string> all;
    return all;
  }
  const std::string& page() {
    auto& text = pages()[GetParam()];
    if (text.empty()) text = page_of_scenario(GetParam());
    return text;
  }
  std::vector<PageElement> elements() { return scan_page(page()); }
};

std::vector<PageElement> of(const std::vector<PageElement>& all, std::string_view name) {
  std::vector<PageElement> some;
  for (const PageElement& e : all) {
    if (e.name == name) some.push_back(e);
  }
  return some;
}

TEST_P(BoardReport, NamesItsLanguageTitleAndLandmarks) {
  const auto all = elements();
  ASSERT_EQ(of(all, "html").size(), 1U);
  EXPECT_EQ(of(all, "html")[0].attribute("lang"), "en");
  EXPECT_EQ(of(all, "main").size(), 1U);
  EXPECT_EQ(of(all, "h1").size(), 1U);
  int titles = 0;
  for (const PageElement& e : of(all, "title")) titles += e.within("head") && !e.text.empty();
  EXPECT_EQ(titles, 1);
}

TEST_P(BoardReport, SkipsNoLevelOfHeadings) {
  int level = 0;
  for (const PageElement& e : elements()) {
    if (e.name.size() != 2 || e.name[0] != 'h' || e.name[1] < '1' || e.name[1] > '6') continue;
    const int next = e.name[1] - '0';
    EXPECT_LE(next, level + 1) << e.text;
    EXPECT_FALSE(e.text.empty());
    level = next;
  }
  EXPECT_GE(level, 2);
}

TEST_P(BoardReport, SaysInWordsWhatEachChartShows) {
  const auto all = elements();
  std::map<std::string, std::string> texts;
  for (const PageElement& e : all) {
    if (!e.attribute("id").empty()) texts[e.attribute("id")] = e.text;
  }
  const auto charts = of(all, "svg");
  EXPECT_GE(charts.size(), 6U);
  for (const PageElement& svg : charts) {
    EXPECT_EQ(svg.attribute("role"), "img");
    EXPECT_TRUE(svg.within("figure"));
    std::istringstream ids(svg.attribute("aria-labelledby"));
    int named = 0;
    for (std::string id; ids >> id; ++named) {
      EXPECT_FALSE(texts[id].empty()) << id;
    }
    EXPECT_EQ(named, 2);
  }
}

TEST_P(BoardReport, HeadsTheRowsAndColumnsOfTables) {
  const auto all = elements();
  EXPECT_EQ(of(all, "table").size(), of(all, "caption").size());
  EXPECT_EQ(of(all, "table").size(), of(all, "thead").size());
  for (const PageElement& th : of(all, "th")) {
    EXPECT_THAT(th.attribute("scope"), AnyOf("row", "col")) << th.text;
  }
}

TEST_P(BoardReport, NamesNothingTwice) {
  std::set<std::string> ids;
  const auto all = elements();
  for (const PageElement& e : all) {
    const std::string id = e.attribute("id");
    if (!id.empty()) {
      EXPECT_TRUE(ids.insert(id).second) << id;
    }
  }
  for (const PageElement& e : of(all, "section")) {
    EXPECT_TRUE(ids.contains(e.attribute("aria-labelledby")));
  }
}

TEST_P(BoardReport, NeedsNothingBesidesItself) {
  for (const PageElement& e : elements()) {
    EXPECT_THAT(e.name, Not(AnyOf("script", "link", "img", "iframe", "object", "use", "image")));
    for (const auto& [key, value] : e.attributes) {
      EXPECT_THAT(key, Not(AnyOf("src", "href", "xlink:href", "style"))) << value;
      EXPECT_FALSE(key.starts_with("on")) << key;
      EXPECT_THAT(value, Not(HasSubstr("url("))) << key;
    }
    if (e.name == "style") {
      EXPECT_THAT(e.text, Not(HasSubstr("@import")));
      EXPECT_THAT(e.text, Not(HasSubstr("url(")));
    }
  }
  EXPECT_LT(page().size(), 2U << 20U);
}

// WCAG 2.2, relative luminance.
double luminance(const std::string& hex) {
  const auto channel = [&](std::size_t at) {
    const double c = std::stoi(hex.substr(at, 2), nullptr, 16) / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

double contrast(const std::string& a, const std::string& b) {
  const auto [low, high] = std::minmax({luminance(a), luminance(b)});
  return (high + 0.05) / (low + 0.05);
}

TEST(BoardColours, ComputesContrastAsWcagDoes) {
  EXPECT_NEAR(contrast("#000000", "#ffffff"), 21, 1e-9);
  EXPECT_NEAR(contrast("#777777", "#ffffff"), 4.48, 0.005);
}

TEST(BoardColours, StandOutFromPaper) {
  for (const ChartColour& c : chart_colours) {
    EXPECT_GE(contrast(std::string(c.hex), "#ffffff"), 4.5) << c.name;
  }
}

TEST_P(BoardReport, SetsLettersInDarkInkOnPaper) {
  for (const PageElement& e : elements()) {
    const std::string fill = e.attribute("fill");
    if (e.name == "text" && fill != chart_paper) {
      EXPECT_GE(contrast(fill, "#ffffff"), 4.5) << e.text;
    } else if (e.name == "rect" || e.name == "circle" || e.name == "path") {
      EXPECT_GE(contrast(fill, "#ffffff"), 3.0) << fill;
    }
    if (e.name != "style") continue;
    const std::regex colour("[^-]color: (#[0-9a-f]{6})");
    for (auto it = std::sregex_iterator(e.text.begin(), e.text.end(), colour);
         it != std::sregex_iterator(); ++it) {
      EXPECT_GE(contrast((*it)[1], "#ffffff"), 4.5) << (*it)[1];
    }
  }
}

TEST_P(BoardReport, BreaksPagesWhereItShould) {
  const auto all = elements();
  const std::string style = of(all, "style").at(0).text;
  for (const char* rule : {"@page { size: A4", ".page { break-before: page; }",
                           "figure { margin: .8rem 0; break-inside: avoid; }",
                           "thead { display: table-header-group; }", "break-after: avoid"}) {
    EXPECT_THAT(style, HasSubstr(rule));
  }
  // All sections but the first begin a page.
  const auto sections = of(all, "section");
  ASSERT_GE(sections.size(), 6U);
  for (std::size_t i = 0; i < sections.size(); ++i) {
    EXPECT_EQ(sections[i].attribute("class"), i == 0 ? "" : "page");
  }
}

std::string test_name(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Scenarios, BoardReport,
                         ::testing::Values("deepseek-fleet-50k", "deepseek-serving", "gaming-gpus"),
                         test_name);

const std::string hostile = R"(
[cost]
date = "2024-12"
regions = ["US"]
samples = 1000
[[cost.claim]]
text = "<img src=x onerror=alert(1)>"
of = "rented"
value = "$1 M"
source = "</td><script>alert(2)</script>"
explanation = "a \" quote & an \u0001 escape"
[price]
rent = "$2.00 / h"
source = "\"><svg onload=alert(3)>"
[power]
pue = 1.2
source = "a test"
)";

TEST(BoardReportText, IsEscapedWhateverItHolds) {
  const TemporaryFolder folder;
  const auto file = folder.write("scenario.toml", std::string(small_scenario) + hostile);
  const Report report =
      make_report(read_scenario(file, {"name=\"<b>bold</b>\""}), AnalyticEstimator());
  const std::string page = page_of(report);
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, Not(HasSubstr("<svg onload")));
  EXPECT_THAT(page, Not(HasSubstr("<b>")));
  EXPECT_THAT(page, HasSubstr("&lt;img src=x onerror=alert(1)&gt;"));
  EXPECT_THAT(page, Not(HasSubstr("\x01")));
  EXPECT_NO_THROW(scan_page(page));
}

TEST(BoardReportText, TellsWhatAScenarioWithoutMoneyLacks) {
  const TemporaryFolder folder;
  const auto file = folder.write("scenario.toml", std::string(small_scenario));
  const std::string page = page_of(make_report(read_scenario(file), AnalyticEstimator()));
  EXPECT_THAT(page, HasSubstr("the scenario has no [fleet]"));
  EXPECT_NO_THROW(scan_page(page));
}

std::string run(const std::string& command) {
  std::string out;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return out;
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    out.append(buffer.data(), n);
  }
  ::pclose(pipe);
  return out;
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(BoardReportInChromium, PrintsItsSectionsOnPagesWithoutErrors) {
  // A browser is too much to install for one test.
  if (run("command -v chromium").empty()) GTEST_SKIP() << "there is no chromium";
  const TemporaryFolder folder;
  const auto page = folder.write("page.html", page_of_scenario("deepseek-fleet-50k"));
  const auto pdf = folder.write("page.pdf", "");
  const std::string said = run(fmt::format(
      "chromium --headless --no-sandbox --disable-gpu --enable-logging=stderr --user-data-dir={} "
      "--no-pdf-header-footer --print-to-pdf={} file://{}",
      (page.parent_path() / "profile").string(), pdf.string(), page.string()));
  EXPECT_THAT(said, Not(HasSubstr("CONSOLE"))) << "the page makes the browser complain";
  const std::size_t pages = count_of(read_text(pdf), "/Type /Page\n");
  EXPECT_GE(pages, 8U) << said;
  EXPECT_LE(pages, 40U);
}

TEST(PageScan, RefusesWhatBrowsersForgive) {
  EXPECT_NO_THROW(scan_page("<a b=\"c\">d<e/></a>"));
  EXPECT_THROW(scan_page("<a>"), std::runtime_error);
  EXPECT_THROW(scan_page("<a></b>"), std::runtime_error);
  EXPECT_THROW(scan_page("<a b=c></a>"), std::runtime_error);
  EXPECT_THAT(scan_page("<meta x=\"1\">").front().parents, IsEmpty());
}

}  // namespace
}  // namespace fleetwright::testing
