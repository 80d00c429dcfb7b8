#pragma once

// What the emulated instructions of Hopper act on.

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "tests/gpu/hopper_emulator.hpp"

namespace fleetwright::gpu::hopper {

/// Where dynamic shared memory begins in the window of shared addresses.
constexpr Shared shared_base = 1024;

struct Barrier {
  std::uint32_t arrivals = 0;  // of a phase
  std::uint32_t pending = 0;
  std::int64_t bytes = 0;  // expected, less those that came
  std::uint32_t phase = 0;

  void complete() {
    if (pending != 0 || bytes != 0) return;
    phase ^= 1;
    pending = arrivals;
  }
};

/// A barrier of so many threads.
class Meeting {
 public:
  void arrive(std::size_t threads);
  void wait(std::size_t threads, const char* what);

 private:
  std::size_t arrived_ = 0;
  std::size_t round_ = 0;
};

struct Block {
  struct Free {
    void operator()(char* memory) const;
  };
  std::unique_ptr<char, Free> memory;
  std::uint32_t size = 0;
  std::map<Shared, Barrier> barriers;
  std::array<Meeting, 16> named;
  // Words written by threads and not yet seen by what is asynchronous: by whom.
  std::map<Shared, int> dirty;

  explicit Block(std::uint32_t bytes);
  [[nodiscard]] char* at(Shared address, std::uint32_t bytes);
  [[nodiscard]] bool is_dirty(Shared address) const {
    return !dirty.empty() && dirty.contains(address / 4 * 4);
  }
  void soil(Shared address, std::uint32_t bytes, int thread);
  void clean(int thread);
};

struct Thread {
  using Work = std::function<void()>;
  std::vector<Work> stores;  // not done yet
  std::size_t committed_stores = 0;
  bool began = false;
  std::vector<Work> open;                // products not committed
  std::deque<std::vector<Work>> groups;  // committed
  std::size_t products = 0;

  void finish_stores();
  void commit();
  void finish_products(std::size_t pending);
};

struct Machine {
  std::vector<Block> blocks;
  std::vector<Thread> threads;
  Meeting whole;
  std::vector<std::function<void()>> queue;  // loads that are late

  void start(const ClusterLaunch& shape);
  /// Throws if something was left undone.
  void end();
  /// At once or as late as possible.
  void later(std::function<void()> work);
  bool do_something();
};

/// The part of a product that thread `in_group` of its warp-group has.
void compute(Block& block, int in_group, const ThreadProduct& product);

}  // namespace fleetwright::gpu::hopper
