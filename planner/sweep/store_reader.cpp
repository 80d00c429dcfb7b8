#include "planner/sweep/store_reader.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <optional>

#include "models/core/error.hpp"
#include "planner/output/listing.hpp"
#include "planner/sweep/store_schema.hpp"

namespace fleetwright {
namespace {

using Json = nlohmann::ordered_json;
using Kind = StoreCell::Kind;

StoreCell cell_of(const SqlStatement& row, int column) {
  if (row.is_null(column)) return {};
  return {row.is_number(column) ? Kind::number : Kind::text, row.text(column)};
}

StoreCell cell_of(const Json& value) {
  if (value.is_null()) return {};
  if (value.is_number()) return {Kind::number, value.dump()};
  if (value.is_string()) return {Kind::text, value.get<std::string>()};
  return {Kind::text, value.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

Json json_of(const StoreCell& cell) {
  if (cell.kind == Kind::null) return nullptr;
  if (cell.kind == Kind::text) return cell.text;
  Json number = Json::parse(cell.text, nullptr, false);
  return number.is_number() ? number : Json(nullptr);  // SQLite knows infinities
}

/// A table whose columns are found while its rows are read.
class GrowingTable {
 public:
  void new_row() { rows_.emplace_back(); }
  void set(const std::string& column, StoreCell cell) {
    const auto [it, fresh] = index_.try_emplace(column, columns_.size());
    if (fresh) columns_.push_back(column);
    rows_.back()[it->second] = std::move(cell);
  }
  [[nodiscard]] StoreTable table() const {
    StoreTable out{columns_, {}};
    for (const auto& sparse : rows_) {
      std::vector<StoreCell> row(columns_.size());
      for (const auto& [column, cell] : sparse) row[column] = cell;
      out.rows.push_back(std::move(row));
    }
    return out;
  }

 private:
  std::vector<std::string> columns_;
  std::map<std::string, std::size_t> index_;
  std::vector<std::map<std::size_t, StoreCell>> rows_;
};

// Every number, text and truth value, by its path; not those inside arrays.
void add_leaves(const Json& value, const std::string& path, GrowingTable& table) {
  if (value.is_object()) {
    for (const auto& [key, inner] : value.items()) {
      add_leaves(inner, path.empty() ? key : path + "." + key, table);
    }
  } else if (!value.is_array() && !path.empty()) {
    table.set(path, cell_of(value));
  }
}

// Keys may hold dots ("context 1.5K"): the longest that fits is taken.
const Json* find(const Json& value, std::string_view path) {
  if (path.empty()) return &value;
  if (!value.is_object()) return nullptr;
  for (auto end = path.size(); end != std::string_view::npos;
       end = end == 0 ? std::string_view::npos : path.rfind('.', end - 1)) {
    const auto it = value.find(std::string(path.substr(0, end)));
    if (it == value.end()) continue;
    const std::string_view rest = end == path.size() ? "" : path.substr(end + 1);
    if (const Json* found = find(*it, rest)) return found;
  }
  return nullptr;
}

void add_outputs(const Json& report, const std::vector<std::string>& outputs, GrowingTable& table) {
  if (outputs.empty()) return add_leaves(report, "", table);
  for (const std::string& path : outputs) {
    const Json* value = find(report, path);
    table.set(path, value == nullptr ? StoreCell{} : cell_of(*value));
  }
}

}  // namespace

std::string print(const StoreTable& table, std::string_view format) {
  if (format == "json") {
    Json array = Json::array();
    for (const auto& row : table.rows) {
      Json object = Json::object();
      for (std::size_t c = 0; c < row.size(); ++c) object[table.columns[c]] = json_of(row[c]);
      array.push_back(std::move(object));
    }
    return array.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  Listing listing{table.columns, {}};
  for (const auto& row : table.rows) {
    std::vector<std::string> cells;
    for (const StoreCell& cell : row) cells.push_back(cell.text);
    listing.rows.push_back(std::move(cells));
  }
  return print(listing, format);
}

StoreReader::StoreReader(const std::filesystem::path& file)
    : database_(file, SqlDatabase::Mode::read_only) {
  check_store(database_);
  database_.restrict_to_reading();
}

StoreTable StoreReader::query(std::string_view sql) {
  SqlStatement rows = database_.prepare(sql);
  if (!rows.reads_only()) throw Error("a store is only read: one SELECT is needed");
  StoreTable table;
  for (int c = 0; c < rows.columns(); ++c) table.columns.push_back(rows.column_name(c));
  while (rows.step()) {
    auto& row = table.rows.emplace_back();
    for (int c = 0; c < rows.columns(); ++c) row.push_back(cell_of(rows, c));
  }
  return table;
}

std::int64_t StoreReader::sweep_id(const std::string& sweep) {
  SqlStatement id = database_.prepare(
      "SELECT id FROM sweep WHERE ?1 IN ('', name, CAST(id AS TEXT)) ORDER BY id DESC LIMIT 1");
  if (id.bind(1, sweep).step()) return id.integer(0);
  if (sweep.empty()) throw Error(fmt::format("'{}' holds no sweep", database_.file()));
  throw Error(fmt::format("'{}' holds no sweep '{}'", database_.file(), sweep));
}

StoreTable StoreReader::cases(const std::string& sweep, const std::vector<std::string>& outputs) {
  SqlStatement rows = database_.prepare(
      "SELECT number, inputs, outcome, report, error FROM sweep_case "
      "JOIN result ON key = result WHERE sweep = ? ORDER BY number");
  rows.bind(1, sweep_id(sweep));
  GrowingTable table;
  while (rows.step()) {
    table.new_row();
    table.set("number", cell_of(rows, 0));
    table.set("outcome", cell_of(rows, 2));
    table.set("error", cell_of(rows, 4));
    const Json inputs = Json::parse(rows.text(1));
    for (const auto& [key, value] : inputs.items()) table.set(key, cell_of(value));
    add_outputs(rows.is_null(3) ? Json::object() : Json::parse(rows.text(3)), outputs, table);
  }
  return table.table();
}

}  // namespace fleetwright
