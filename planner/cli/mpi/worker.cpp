#include "planner/cli/mpi/worker.hpp"

#include <chrono>
#include <optional>
#include <thread>

#include "planner/cli/mpi/messages.hpp"
#include "planner/sweep/case_pool.hpp"

namespace fleetwright::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds between_looks{1};

}  // namespace

bool work(const std::filesystem::path& program, std::size_t jobs,
          std::chrono::duration<double> sign_of_life) {
  Outbox outbox;
  std::optional<CasePool> pool;
  std::size_t asked = 0;
  Clock::time_point said = Clock::now();
  const auto say = [&](Tag tag, std::string body) {
    outbox.send(coordinator_rank, tag, std::move(body));
    said = Clock::now();
  };
  while (true) {
    while (const auto message = receive_if_any(coordinator_rank)) {
      if (message->tag == Tag::stop) {
        outbox.flush();
        return !read_stop(message->body);
      }
      if (message->tag == Tag::begin) {
        CaseCommand command = read_command(message->body);
        command.program = program;
        pool.emplace(std::move(command));
      } else if (pool && message->tag == Tag::give) {
        const SweepQueue::Case given = read_case(message->body);
        --asked;
        pool->start(given.number, given.inputs);
      }
    }
    for (; pool && asked + pool->running() < jobs; ++asked) say(Tag::ready, "");
    if (pool && pool->running() > 0) {
      for (CasePool::Ended& e : pool->wait(between_looks)) {
        say(Tag::result, written(SweepQueue::Result{e.number, std::move(e.outcome)}));
      }
    } else {
      std::this_thread::sleep_for(between_looks);
    }
    if (Clock::now() - said > sign_of_life) say(Tag::alive, "");
  }
}

}  // namespace fleetwright::cli
