#pragma once

#include <mpi.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "planner/sweep/case_process.hpp"
#include "planner/sweep/sweep_queue.hpp"

namespace fleetwright::cli {

/// What coordinator and workers say to each other.
enum class Tag : int {
  begin,   // coordinator: the command of the cases
  ready,   // worker: I could compute one more case
  give,    // coordinator: compute this case
  result,  // worker: a case has ended
  alive,   // worker: I am still at it
  stop     // coordinator: there are no more cases, and whether a worker was lost
};

struct Message {
  Tag tag = Tag::alive;
  int rank = 0;  // of the sender
  std::string body;
};

/// The message that has arrived from `rank` (or anybody), if there is one. Throws Error.
[[nodiscard]] std::optional<Message> receive_if_any(int rank = MPI_ANY_SOURCE);

/// Sends without waiting for the receiver, who may be gone; the text is kept until it has left.
class Outbox {
 public:
  Outbox() = default;
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;
  ~Outbox();

  void send(int rank, Tag tag, std::string body);
  /// Waits until everything has left, but not for ever.
  void flush();

 private:
  struct Sent {
    std::string body;
    MPI_Request request = MPI_REQUEST_NULL;
  };
  void forget_what_has_left();

  std::vector<std::unique_ptr<Sent>> sent_;
};

// Bodies of messages, as text; each reads what the other writes.
[[nodiscard]] std::string written_stop(bool somebody_lost);
[[nodiscard]] bool read_stop(const std::string& body);
[[nodiscard]] std::string written(const CaseCommand& command);
[[nodiscard]] CaseCommand read_command(const std::string& body);
[[nodiscard]] std::string written(const SweepQueue::Case& a_case);
[[nodiscard]] SweepQueue::Case read_case(const std::string& body);
[[nodiscard]] std::string written(const SweepQueue::Result& result);
[[nodiscard]] SweepQueue::Result read_result(const std::string& body);

}  // namespace fleetwright::cli
