#include "planner/cli/mpi/messages.hpp"

#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include "models/core/error.hpp"

namespace fleetwright::cli {
namespace {

// How long a receiver who does not take what is sent is waited for at the end.
constexpr std::chrono::seconds longest_flush{5};

void check(int code, const char* what) {
  if (code != MPI_SUCCESS) throw Error(std::string("MPI cannot ") + what);
}

/// Texts one after the other, each behind its length.
class Writer {
 public:
  Writer& add(std::string_view text) {
    body_ += std::to_string(text.size()) + ":";
    body_ += text;
    return *this;
  }
  [[nodiscard]] std::string body() const { return body_; }

 private:
  std::string body_;
};

class Reader {
 public:
  explicit Reader(const std::string& body) : rest_(body) {}
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  std::string text() {
    const auto colon = rest_.find(':');
    ensure(colon != std::string_view::npos, "a message has lengths");
    const std::size_t size = std::stoull(std::string(rest_.substr(0, colon)));
    ensure(colon + 1 + size <= rest_.size(), "a message is as long as it says");
    std::string out(rest_.substr(colon + 1, size));
    rest_.remove_prefix(colon + 1 + size);
    return out;
  }

 private:
  std::string_view rest_;
};

}  // namespace

std::optional<Message> receive_if_any(int rank) {
  int there = 0;
  MPI_Status status;
  check(MPI_Iprobe(rank, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status), "look for messages");
  if (there == 0) return std::nullopt;
  int bytes = 0;
  check(MPI_Get_count(&status, MPI_BYTE, &bytes), "count bytes");
  Message message{static_cast<Tag>(status.MPI_TAG), status.MPI_SOURCE,
                  std::string(static_cast<std::size_t>(bytes), '\0')};
  check(MPI_Recv(message.body.data(), bytes, MPI_BYTE, status.MPI_SOURCE, status.MPI_TAG,
                 MPI_COMM_WORLD, MPI_STATUS_IGNORE),
        "receive");
  return message;
}

void Outbox::send(int rank, Tag tag, std::string body) {
  forget_what_has_left();
  Sent& sent = *sent_.emplace_back(std::make_unique<Sent>());
  sent.body = std::move(body);
  // A receiver that is gone is found out by its silence, not here.
  static_cast<void>(MPI_Isend(sent.body.data(), static_cast<int>(sent.body.size()), MPI_BYTE, rank,
                              static_cast<int>(tag), MPI_COMM_WORLD, &sent.request));
}

void Outbox::forget_what_has_left() {
  std::erase_if(sent_, [](const std::unique_ptr<Sent>& s) {
    int left = 0;
    return MPI_Test(&s->request, &left, MPI_STATUS_IGNORE) == MPI_SUCCESS && left != 0;
  });
}

void Outbox::flush() {
  const auto end = std::chrono::steady_clock::now() + longest_flush;
  forget_what_has_left();
  while (!sent_.empty() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    forget_what_has_left();
  }
}

Outbox::~Outbox() {
  // What has not left by now belongs to MPI until the process ends.
  for (auto& s : sent_) static_cast<void>(s.release());
}

std::string written_stop(bool somebody_lost) { return somebody_lost ? "lost" : ""; }

bool read_stop(const std::string& body) { return !body.empty(); }

std::string written(const CaseCommand& command) {
  return Writer()
      .add(command.base.string())
      .add(command.engine)
      .add(std::to_string(command.time_limit.count()))
      .body();
}

CaseCommand read_command(const std::string& body) {
  Reader in(body);
  CaseCommand command;
  command.base = in.text();
  command.engine = in.text();
  command.time_limit = std::chrono::duration<double>(std::stod(in.text()));
  return command;
}

std::string written(const SweepQueue::Case& a_case) {
  Writer out;
  out.add(std::to_string(a_case.number));
  for (const Assignment& a : a_case.inputs) out.add(a.key).add(a.value);
  return out.body();
}

SweepQueue::Case read_case(const std::string& body) {
  Reader in(body);
  SweepQueue::Case out;
  out.number = std::stoull(in.text());
  while (!in.at_end()) {
    std::string key = in.text();
    out.inputs.push_back({std::move(key), in.text()});
  }
  return out;
}

std::string written(const SweepQueue::Result& result) {
  return Writer()
      .add(std::to_string(result.number))
      .add(to_string(result.outcome.end))
      .add(result.outcome.report)
      .add(result.outcome.error)
      .body();
}

SweepQueue::Result read_result(const std::string& body) {
  Reader in(body);
  SweepQueue::Result result;
  result.number = std::stoull(in.text());
  result.outcome.end = parse_case_end(in.text());
  result.outcome.report = in.text();
  result.outcome.error = in.text();
  return result;
}

}  // namespace fleetwright::cli
