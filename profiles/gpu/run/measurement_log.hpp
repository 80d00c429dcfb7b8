#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include "profiles/measured_table.hpp"

namespace fleetwright::gpu {

/// The table of one GPU, open for appending. A row is on the disk when `append` returns; a run that
/// is killed loses at most the row that was being written, which the next one cuts off.
class MeasurementLog {
 public:
  /// Makes the folders and the file where there are none. Throws ScenarioError if the file is no
  /// table of measurements, Error if it cannot be written or another process writes it.
  MeasurementLog(std::filesystem::path file, MeasuringSession session);

  /// Was this measured (case_key), now or in an earlier session; with its counters read too?
  [[nodiscard]] bool has(const std::string& key) const { return keys_.contains(key); }
  [[nodiscard]] bool has_counters(const std::string& key) const { return counted_.contains(key); }
  void append(const MeasuredKernel& kernel);
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  void remember(const MeasuredKernel& kernel);
  void write(const std::string& text);

  std::filesystem::path file_;
  MeasuringSession session_;
  std::unique_ptr<std::FILE, Close> out_;
  std::set<std::string> keys_;
  std::set<std::string> counted_;
  bool session_written_ = false;
};

}  // namespace fleetwright::gpu
