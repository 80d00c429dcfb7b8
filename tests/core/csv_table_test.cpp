#include "models/core/csv_table.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <functional>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

CsvTable parse(std::string_view text) { return CsvTable::parse(text, "t.csv"); }

std::string refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const ScenarioError& e) {
    const std::string& help = e.diagnostics().front().suggestion;
    return help.empty() ? e.what() : e.what() + (" -> " + help);
  }
  return "no error";
}

std::string refusal_of(std::string_view text) {
  return refusal([&] { static_cast<void>(parse(text)); });
}

TEST(CsvTable, KeepsNotesApartFromRows) {
  const CsvTable t = parse("# one \nm,n\n#two\n1,#2\n\"#3\",4\n# last");
  ASSERT_EQ(t.notes().size(), 3U);
  EXPECT_EQ(t.notes()[0].text, "one");
  EXPECT_EQ(t.notes()[1].text, "two");
  EXPECT_EQ(t.notes()[1].line, 3);
  EXPECT_EQ(t.notes()[2].text, "last");
  ASSERT_EQ(t.rows(), 2U);
  EXPECT_EQ(t.text(0, "n"), "#2");
  EXPECT_EQ(t.text(1, "m"), "#3");  // a quoted cell begins no note
  EXPECT_EQ(t.where(1, "n"), (SourceLocation{"t.csv", 5, 6}));
}

TEST(CsvTable, ReadsCellsByColumn) {
  const CsvTable t = parse("m,n,time_us\n1,2,3.5\n4,5,\n");
  EXPECT_EQ(t.rows(), 2U);
  EXPECT_EQ(t.columns(), (std::vector<std::string>{"m", "n", "time_us"}));
  EXPECT_EQ(t.text(1, "n"), "5");
  EXPECT_EQ(t.number(0, "time_us"), 3.5);
  EXPECT_EQ(t.number(1, "time_us"), std::nullopt);
  EXPECT_EQ(t.required_number(1, "m"), 4);
  EXPECT_TRUE(t.has("m"));
  EXPECT_FALSE(t.has("k"));
  EXPECT_EQ(t.where(1, "n"), (SourceLocation{"t.csv", 3, 3}));
}

TEST(CsvTable, ReadsQuotedCells) {
  const CsvTable t = parse("name,note\n\"a, b\",\"say \"\"hi\"\"\"\n\"two\nlines\",x\nlast,\"\"\n");
  EXPECT_EQ(t.text(0, "name"), "a, b");
  EXPECT_EQ(t.text(0, "note"), "say \"hi\"");
  EXPECT_EQ(t.text(1, "name"), "two\nlines");
  EXPECT_EQ(t.text(2, "note"), "");
  EXPECT_EQ(t.where(2, "name"), (SourceLocation{"t.csv", 5, 1}));
}

TEST(CsvTable, TakesAnyLineEndAndAByteOrderMark) {
  for (const char* text : {"a,b\n1,2", "a,b\r\n1,2\r\n",
                           "\xEF\xBB\xBF"
                           "a,b\n\n1,2\n\n",
                           "a,\"b\"\r\n1,\"2\"\r\n"}) {
    const CsvTable t = parse(text);
    ASSERT_EQ(t.rows(), 1U) << text;
    EXPECT_EQ(t.required_number(0, "a"), 1) << text;
    EXPECT_EQ(t.required_number(0, "b"), 2) << text;
  }
}

TEST(CsvTable, AnEmptyLastCellCounts) { EXPECT_EQ(parse("a,b\n1,").number(0, "b"), std::nullopt); }

TEST(CsvTable, RefusesAMalformedTable) {
  EXPECT_EQ(refusal_of(""), "t.csv:1:1: error: the table is empty: it has no header");
  EXPECT_EQ(refusal_of("\n\n"), "t.csv:1:1: error: the table is empty: it has no header");
  EXPECT_EQ(refusal_of("a,b\n1,2,3\n"), "t.csv:2:1: error: the row has 3 cells, the header has 2");
  EXPECT_EQ(refusal_of("a,b\n1\n"), "t.csv:2:1: error: the row has 1 cells, the header has 2");
  EXPECT_EQ(refusal_of("a,b,a\n"), "t.csv:1:5: error: column 'a' stands twice");
  EXPECT_EQ(refusal_of("a,,b\n"), "t.csv:1:3: error: a column has no name");
  EXPECT_EQ(refusal_of("a,b\n1,\"2\n"), "t.csv:2:3: error: the quote is never closed");
  EXPECT_EQ(refusal_of("a,b\n1,\"2\"x\n"),
            "t.csv:2:6: error: text after the closing quote of a cell");
  EXPECT_EQ(refusal_of("a,b\n\"1\"\r2,3\n"),
            "t.csv:2:5: error: a carriage return without a line break");
}

TEST(CsvTable, RefusesWhatIsNoFiniteNumber) {
  for (const char* cell :
       {"fast", "nan", "inf", "-inf", "1e400", "1 2", " 1", "+1", "1e", "0x10"}) {
    const CsvTable t = parse(std::string("a,b\n0,") + cell + "\n");
    EXPECT_EQ(refusal([&] { static_cast<void>(t.number(0, "b")); }),
              "t.csv:2:3: error: '" + std::string(cell) + "' in column 'b' is not a number");
  }
  const CsvTable t = parse("a,b\n0,\n");
  EXPECT_EQ(refusal([&] { static_cast<void>(t.required_number(0, "b")); }),
            "t.csv:2:3: error: column 'b' is empty");
}

TEST(CsvTable, ACountIsWholeAndFitsAnInteger) {
  const CsvTable t = parse("a\n0\n1e9\n2.5\n-1\n1e73\n");
  EXPECT_EQ(t.required_count(0, "a"), 0);
  EXPECT_EQ(t.required_count(1, "a"), 1'000'000'000);
  for (const std::size_t row : {2U, 3U, 4U}) {
    EXPECT_EQ(refusal([&] { static_cast<void>(t.required_count(row, "a")); }),
              "t.csv:" + std::to_string(row + 2) +
                  ":1: error: a must be a whole number from 0 to 1,000,000,000, not " +
                  t.text(row, "a"));
  }
}

TEST(CsvTable, RefusesAnUnknownColumn) {
  const CsvTable t = parse("time_us,bytes\n1,2\n");
  EXPECT_EQ(refusal([&] { static_cast<void>(t.text(0, "time_ms")); }),
            "t.csv:1:1: error: there is no column 'time_ms' -> did you mean 'time_us'?");
}

TEST(CsvTable, AnUnreadableFileIsTheEnvironmentsFault) {
  EXPECT_THROW(static_cast<void>(CsvTable::read("/no/such/file.csv")), Error);
  EXPECT_THROW(static_cast<void>(CsvTable::read("/")), Error);
}

// Any cells, quoted as RFC 4180 wants, come back as they were.
RC_GTEST_PROP(CsvTable, WhatIsQuotedComesBack, (const std::vector<std::string>& cells)) {
  std::string text = "id,cell\n";
  for (const std::string& cell : cells) {
    text += "0,\"";
    for (const char c : cell) text += c == '"' ? std::string("\"\"") : std::string(1, c);
    text += "\"\n";
  }
  const CsvTable t = parse(text);
  RC_ASSERT(t.rows() == cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) RC_ASSERT(t.text(i, "cell") == cells[i]);
}

RC_GTEST_PROP(CsvTable, AnyTextIsReadOrRefused, (const std::string& text)) {
  RC_ASSERT(!refusal_of(text).empty());
}

}  // namespace
}  // namespace fleetwright
