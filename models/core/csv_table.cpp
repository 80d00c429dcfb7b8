#include "models/core/csv_table.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "models/core/suggest.hpp"
#include "models/core/text_file.hpp"

namespace fleetwright {
namespace {

[[noreturn]] void fail(SourceLocation where, std::string message, std::string suggestion = {}) {
  throw ScenarioError({{std::move(where), std::move(message), std::move(suggestion)}});
}

/// Walks the text and keeps the position that diagnostics need.
struct Cursor {
  std::string_view text;
  std::size_t at = 0;
  int line = 1;
  int column = 1;

  [[nodiscard]] bool done() const { return at >= text.size(); }
  [[nodiscard]] char peek() const { return text[at]; }
  char take() {
    const char c = text[at++];
    if (c == '\n') {
      ++line;
      column = 1;
    } else {
      ++column;
    }
    return c;
  }
};

CsvTable::Note take_note(Cursor& cursor) {
  CsvTable::Note note{{}, cursor.line};
  while (!cursor.done() && cursor.peek() != '\n') note.text += cursor.take();
  if (!cursor.done()) cursor.take();
  const auto first = note.text.find_first_not_of("# \t");
  const auto last = note.text.find_last_not_of(" \t\r");
  note.text =
      first == std::string::npos || last < first ? "" : note.text.substr(first, last - first + 1);
  return note;
}

}  // namespace

CsvTable CsvTable::parse(std::string_view text, const std::string& file) {
  Diagnostics ragged;
  CsvTable table = parse(text, file, ragged);
  if (!ragged.empty()) throw ScenarioError({ragged.all().front()});
  return table;
}

CsvTable CsvTable::parse(std::string_view text, const std::string& file, Diagnostics& ragged) {
  CsvTable table;
  table.file_ = file;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  Cursor cursor{text};
  std::vector<Cell> row;
  const auto end_row = [&] {
    const bool blank = row.size() == 1 && row[0].text.empty();
    if (!blank && table.columns_.empty()) {
      for (const Cell& cell : row) {
        if (cell.text.empty()) fail({file, cell.line, cell.column}, "a column has no name");
        if (std::ranges::find(table.columns_, cell.text) != table.columns_.end()) {
          fail({file, cell.line, cell.column}, fmt::format("column '{}' stands twice", cell.text));
        }
        table.columns_.push_back(cell.text);
      }
    } else if (!blank) {
      if (row.size() == table.columns_.size()) {
        table.cells_.push_back(std::move(row));
      } else {
        ragged.add({file, row[0].line, 1}, fmt::format("the row has {} cells, the header has {}",
                                                       row.size(), table.columns_.size()));
      }
    }
    row.clear();
  };
  while (!cursor.done()) {
    if (row.empty() && cursor.peek() == '#') {
      table.notes_.push_back(take_note(cursor));
      continue;
    }
    Cell cell{{}, cursor.line, cursor.column};
    if (cursor.peek() == '"') {
      cursor.take();
      while (true) {
        if (cursor.done()) fail({file, cell.line, cell.column}, "the quote is never closed");
        const char c = cursor.take();
        if (c != '"') {
          cell.text += c;
        } else if (!cursor.done() && cursor.peek() == '"') {
          cell.text += cursor.take();
        } else {
          break;
        }
      }
      if (!cursor.done() && cursor.peek() != ',' && cursor.peek() != '\n' &&
          cursor.peek() != '\r') {
        fail({file, cursor.line, cursor.column}, "text after the closing quote of a cell");
      }
    } else {
      while (!cursor.done() && cursor.peek() != ',' && cursor.peek() != '\n') {
        cell.text += cursor.take();
      }
      if (!cell.text.empty() && cell.text.back() == '\r') cell.text.pop_back();
    }
    row.push_back(std::move(cell));
    if (!cursor.done() && cursor.peek() == '\r') cursor.take();
    if (cursor.done()) break;
    if (cursor.peek() != ',' && cursor.peek() != '\n') {
      fail({file, cursor.line, cursor.column}, "a carriage return without a line break");
    }
    const char separator = cursor.take();
    if (separator == '\n') {
      end_row();
    } else if (cursor.done()) {
      row.push_back({{}, cursor.line, cursor.column});
    }
  }
  if (!row.empty()) end_row();
  if (table.columns_.empty()) fail({file, 1, 1}, "the table is empty: it has no header");
  return table;
}

CsvTable CsvTable::read(const std::filesystem::path& file) {
  return parse(read_text_file(file), file.string());
}

bool CsvTable::has(std::string_view column) const {
  return std::ranges::find(columns_, column) != columns_.end();
}

std::size_t CsvTable::index_of(std::string_view column) const {
  const auto it = std::ranges::find(columns_, column);
  if (it == columns_.end()) {
    fail({file_, 1, 1}, fmt::format("there is no column '{}'", column),
         did_you_mean(column, columns_));
  }
  return static_cast<std::size_t>(it - columns_.begin());
}

const std::string& CsvTable::text(std::size_t row, std::string_view column) const {
  return cells_.at(row)[index_of(column)].text;
}

SourceLocation CsvTable::where(std::size_t row, std::string_view column) const {
  const Cell& cell = cells_.at(row)[index_of(column)];
  return {file_, cell.line, cell.column};
}

std::optional<double> CsvTable::number(std::size_t row, std::string_view column) const {
  const std::string& cell = text(row, column);
  if (cell.empty()) return std::nullopt;
  double value = 0.0;
  const char* end = cell.data() + cell.size();
  const auto [rest, status] = std::from_chars(cell.data(), end, value);
  if (status != std::errc{} || rest != end || !std::isfinite(value)) {
    fail(where(row, column), fmt::format("'{}' in column '{}' is not a number", cell, column));
  }
  return value;
}

double CsvTable::required_number(std::size_t row, std::string_view column) const {
  const std::optional<double> value = number(row, column);
  if (!value) fail(where(row, column), fmt::format("column '{}' is empty", column));
  return *value;
}

int CsvTable::required_count(std::size_t row, std::string_view column) const {
  const double value = required_number(row, column);
  if (value < 0 || value > 1e9 || value != std::floor(value)) {
    fail(where(row, column),
         fmt::format("{} must be a whole number from 0 to 1,000,000,000, not {}", column,
                     text(row, column)));
  }
  return static_cast<int>(value);
}

}  // namespace fleetwright
