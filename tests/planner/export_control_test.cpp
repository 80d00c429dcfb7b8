#include "planner/export_control.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "models/core/csv_table.hpp"
#include "models/core/data_files.hpp"
#include "models/core/toml_document.hpp"
#include "planner/catalogue.hpp"
#include "tests/planner/scenario_text.hpp"

namespace fleetwright::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

const ExportRules& rules() {
  static const ExportRules all = read_export_rules(data_file("planner/data/export_rules.toml"));
  return all;
}

const std::vector<ExportPart>& parts() {
  static const std::vector<ExportPart> all =
      read_export_parts(data_file("planner/data/export_parts.csv"), catalogue().accelerators);
  return all;
}

ExportVerdict verdict(std::string_view part, std::string_view day,
                      const std::string& destination = "CN") {
  const auto it = std::ranges::find(parts(), part, &ExportPart::id);
  EXPECT_NE(it, parts().end()) << part;
  return export_verdict(*it, rules(), *parse_date(day), destination);
}

bool covers(const ExportVerdict& v, std::string_view clause) {
  return std::ranges::find(v.covered, clause) != v.covered.end();
}

// The words of the reference table for what an answer says.
std::string class_2022(const ExportVerdict& v) {
  return covers(v, "3A090 (2022)") ? "CONTROLLED" : "no";
}
std::string class_2023(const ExportVerdict& v) { return v.clause.empty() ? "no" : v.clause; }
std::string class_2025(const ExportVerdict& v) {
  if (v.clause.empty()) return "no";
  return v.clause == "letter of April 2025" ? "LICENCE (letter)" : "covered-by-3A090";
}
std::string class_2026(const ExportVerdict& v) {
  if (v.clause.empty()) return "no licence (3A090)";
  if (v.clause == "letter of April 2025") return "licence via 2025 letter";
  if (v.effect == ExportEffect::notification) return "NAC notification";
  if (v.effect == ExportEffect::case_by_case) return "case-by-case";
  const bool by_numbers = std::ranges::any_of(v.uncertainties, [](const std::string& text) {
    return text.starts_with("case-by-case review (2026) by numbers");
  });
  return by_numbers ? "case-by-case by numbers; fails US-availability test"
                    : "presumption of denial";
}

TEST(ExportControl, ClassifiesEveryPartAsTheReferenceOnEachDay) {
  const CsvTable reference = CsvTable::read("tests/planner/data/export_classification.csv");
  ASSERT_GE(reference.rows(), 48U);
  ASSERT_EQ(reference.rows(), parts().size());
  for (std::size_t row = 0; row < reference.rows(); ++row) {
    const std::string& id = reference.text(row, "id");
    const ExportVerdict in_2026 = verdict(id, "2026-02-01");
    // Datasheets round each format by itself: which of two that ought to tie is the larger, and by
    // less than 0.2 %, is of no account (RTX 4090 D, MI350X).
    const double tpp = reference.required_number(row, "tpp");
    EXPECT_NEAR(in_2026.part.tpp / tpp, 1, 0.002) << id;
    if (std::abs(in_2026.part.tpp - tpp) < 0.51) {
      EXPECT_EQ(in_2026.part.tpp_basis, reference.text(row, "basis")) << id;
    }
    EXPECT_EQ(in_2026.part.io.si() / 1e9, reference.required_number(row, "io_gbs")) << id;
    if (const auto density = reference.number(row, "pd")) {
      ASSERT_TRUE(in_2026.part.density().has_value()) << id;
      EXPECT_NEAR(*in_2026.part.density() / *density, 1, 0.004) << id;
    } else {
      EXPECT_FALSE(in_2026.part.density().has_value()) << id;
    }
    EXPECT_EQ(class_2022(verdict(id, "2022-12-01")), reference.text(row, "class_2022")) << id;
    EXPECT_EQ(class_2023(verdict(id, "2023-12-01")), reference.text(row, "class_2023")) << id;
    EXPECT_EQ(class_2025(verdict(id, "2025-06-01")), reference.text(row, "class_2025")) << id;
    EXPECT_EQ(class_2026(in_2026), reference.text(row, "class_2026")) << id;
    EXPECT_EQ(in_2026.duty, reference.text(row, "duty") == "25%") << id;
  }
}

TEST(ExportControl, KnowsTheDaysOnWhichRulesBegin) {
  EXPECT_EQ(verdict("A100-SXM-80", "2022-08-25").effect, ExportEffect::none);
  EXPECT_EQ(verdict("A100-SXM-80", "2022-08-26").effect, ExportEffect::licence);
  EXPECT_EQ(verdict("A100-SXM-80", "2022-10-21").effect, ExportEffect::denial);
  EXPECT_EQ(verdict("H800-SXM", "2023-10-22").effect, ExportEffect::none);
  EXPECT_EQ(verdict("H800-SXM", "2023-10-23").effect, ExportEffect::denial) << "named";
  EXPECT_EQ(verdict("L4", "2023-11-16").effect, ExportEffect::none) << "not named";
  EXPECT_EQ(verdict("L4", "2023-11-17").effect, ExportEffect::denial);
  EXPECT_EQ(verdict("H20-96", "2025-04-08").effect, ExportEffect::none);
  EXPECT_EQ(verdict("H20-96", "2025-04-09").effect, ExportEffect::licence);
  EXPECT_EQ(verdict("H200-SXM", "2026-01-14").effect, ExportEffect::denial);
  EXPECT_EQ(verdict("H200-SXM", "2026-01-15").effect, ExportEffect::case_by_case);
  EXPECT_TRUE(verdict("H200-SXM", "2026-01-15").duty);
}

TEST(ExportControl, DependsOnTheCountry) {
  EXPECT_EQ(verdict("H100-SXM", "2024-06-01", "US").effect, ExportEffect::none);
  EXPECT_EQ(verdict("H100-SXM", "2024-06-01", "FR").effect, ExportEffect::none);
  EXPECT_EQ(verdict("H100-SXM", "2024-06-01", "AE").effect, ExportEffect::licence);
  EXPECT_EQ(verdict("H100-SXM", "2026-06-01", "RU").effect, ExportEffect::denial)
      << "the policy of 2026 is for China";
}

TEST(ExportControl, SaysHowCloseToTheLineAPartIs) {
  const auto nearest = [](const ExportVerdict& v, ExportQuantity quantity) {
    const auto it = std::ranges::find(v.margins, quantity, &ExportMargin::quantity);
    return it == v.margins.end() ? 0.0 : it->value / it->limit;
  };
  // H20: 98.7 % of 2,400 and 90.9 % of 3.2.
  EXPECT_NEAR(nearest(verdict("H20-96", "2024-06-01"), ExportQuantity::tpp), 0.987, 5e-4);
  EXPECT_NEAR(nearest(verdict("H20-96", "2024-06-01"), ExportQuantity::density), 0.909, 5e-4);
  EXPECT_NEAR(nearest(verdict("L20", "2024-06-01"), ExportQuantity::density), 0.982, 5e-4);
  EXPECT_NEAR(nearest(verdict("L2", "2024-06-01"), ExportQuantity::tpp), 0.965, 5e-4);
  EXPECT_NEAR(nearest(verdict("RTX4090D", "2024-06-01"), ExportQuantity::tpp), 0.980, 1e-3);
  EXPECT_NEAR(nearest(verdict("H800-SXM", "2023-06-01"), ExportQuantity::io), 528.0 / 600, 1e-9);
  EXPECT_NEAR(nearest(verdict("MI325X", "2026-02-01"), ExportQuantity::tpp), 0.996, 5e-4);
}

TEST(ExportControl, SaysWhatIsUncertain) {
  EXPECT_THAT(verdict("GAUDI3", "2023-12-01").uncertainties, Contains(HasSubstr("die area")));
  EXPECT_THAT(verdict("H20-96", "2025-06-01").uncertainties, Contains(HasSubstr("low confidence")));
  EXPECT_THAT(verdict("A100-SXM-80", "2026-02-01").uncertainties,
              Contains(HasSubstr("end-of-life part may fail")));
  EXPECT_THAT(verdict("ASCEND910C", "2026-02-01").uncertainties,
              Contains(HasSubstr("arithmetic alone")));
  EXPECT_THAT(verdict("H100-SXM", "2026-11-15").uncertainties,
              Contains(HasSubstr("affiliates rule")));
  EXPECT_TRUE(verdict("H100-SXM", "2024-06-01").uncertainties.empty());
}

TEST(ExportControl, KnowsAllAcceleratorsOfTheProject) {
  for (const auto& [id, accelerator] : catalogue().accelerators) {
    EXPECT_NE(std::ranges::find(parts(), id, &ExportPart::id), parts().end()) << id;
  }
}

TEST(ExportControl, NamesSourcesThatExist) {
  std::set<std::string> known;
  for (const char* file : {"profiles/data/sources.toml", "planner/data/sources.toml"}) {
    for (const TomlEntry& e : parse_toml_file(data_file(file)).entries) known.insert(e.key);
  }
  for (const ExportPart& part : parts()) {
    for (const std::string& key : part.sources) EXPECT_TRUE(known.contains(key)) << key;
    for (const std::string& key : verdict(part.id, "2026-02-01").sources) {
      EXPECT_TRUE(known.contains(key)) << key;
    }
  }
}

TEST(ExportRules, PointAtWhatIsWrong) {
  const TemporaryFolder folder;
  const auto file = folder.write("rules.toml",
                                 "known_from = \"2022-08-01\"\nknown_until = \"soon\"\n[[rule]]\n"
                                 "id = \"x\"\nfrm = \"2022-10-21\"\n");
  try {
    static_cast<void>(read_export_rules(file));
    FAIL() << "nothing was refused";
  } catch (const ScenarioError& e) {
    const std::string text = render(e.diagnostics());
    EXPECT_THAT(text, HasSubstr("rules.toml:2:15: error: 'soon' is no day"));
    EXPECT_THAT(text, HasSubstr("did you mean 'from'?"));
  }
}

}  // namespace
}  // namespace fleetwright::testing
