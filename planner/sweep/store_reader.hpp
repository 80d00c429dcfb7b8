#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "planner/sweep/sqlite.hpp"

namespace fleetwright {

/// A cell of what a store answers; `text` of a number is its digits.
struct StoreCell {
  enum class Kind { null, number, text };
  Kind kind = Kind::null;
  std::string text;
};

/// What a store answers. Each row has a cell a column.
struct StoreTable {
  std::vector<std::string> columns;
  std::vector<std::vector<StoreCell>> rows;
};

/// "table", "json" (an array of objects), "csv", "md" or "html".
[[nodiscard]] std::string print(const StoreTable& table, std::string_view format);

/// Reads a store and never writes to it.
class StoreReader {
 public:
  /// Throws Error if it cannot be read as a store of a schema that this program knows.
  explicit StoreReader(const std::filesystem::path& file);

  /// The rows of one SELECT. Throws Error: what SQLite says is wrong with it, or that it does more
  /// than read this store.
  [[nodiscard]] StoreTable query(std::string_view sql);

  /// The cases of a sweep (its name or number; empty: the last): number, outcome, a column an
  /// input, a column a number or text of the reports by its path ("step.time_s"), and error.
  /// `outputs` chooses paths; empty: all but those inside arrays.
  [[nodiscard]] StoreTable cases(const std::string& sweep, const std::vector<std::string>& outputs);

 private:
  [[nodiscard]] std::int64_t sweep_id(const std::string& sweep);

  SqlDatabase database_;
};

}  // namespace fleetwright
