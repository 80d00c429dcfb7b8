#include "profiles/gpu/run/measurement_log.hpp"

#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "models/core/error.hpp"
#include "models/core/text_file.hpp"
#include "profiles/gpu/run/cases.hpp"

namespace fleetwright::gpu {
namespace {

std::string key_of(const MeasuredKernel& kernel) {
  return kernel.op ? case_key(*kernel.op, kernel.library, kernel.sms) : kernel.kernel;
}

}  // namespace

MeasurementLog::MeasurementLog(std::filesystem::path file, MeasuringSession session)
    : file_(std::move(file)), session_(std::move(session)) {
  std::error_code failed;
  std::filesystem::create_directories(file_.parent_path(), failed);
  out_.reset(std::fopen(file_.c_str(), "ab"));
  if (!out_)
    throw Error(fmt::format("cannot write '{}': {}", file_.string(), std::strerror(errno)));
  if (flock(fileno(out_.get()), LOCK_EX | LOCK_NB) != 0) {
    throw Error(fmt::format("'{}' is being written by another process", file_.string()));
  }
  std::string text = read_text_file(file_);
  // A row without its line break was cut short when its writer was killed.
  const std::size_t whole = text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1;
  if (whole < text.size()) {
    std::filesystem::resize_file(file_, whole);
    text.resize(whole);
  }
  if (text.empty() || measured_header().starts_with(text)) {
    std::filesystem::resize_file(file_, 0);
    write(measured_header());
    return;
  }
  for (const MeasuredKernel& kernel : parse_measured_table(text, file_.string()).kernels) {
    remember(kernel);
  }
}

void MeasurementLog::append(const MeasuredKernel& kernel) {
  if (!session_written_) write(session_notes(session_));
  session_written_ = true;
  write(measured_row(kernel));
  remember(kernel);
}

void MeasurementLog::remember(const MeasuredKernel& kernel) {
  keys_.insert(key_of(kernel));
  if (kernel.counters) counted_.insert(key_of(kernel));
}

void MeasurementLog::write(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), out_.get()) != text.size() ||
      std::fflush(out_.get()) != 0 || fsync(fileno(out_.get())) != 0) {
    throw Error(fmt::format("cannot write '{}': {}", file_.string(), std::strerror(errno)));
  }
}

}  // namespace fleetwright::gpu
