#include "tests/gpu/emulator.hpp"

#include <ucontext.h>

#include <array>
#include <exception>
#include <map>
#include <memory>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

uint3 threadIdx, blockIdx;
dim3 blockDim, gridDim;

namespace fleetwright::emulator {

bool descending = false, shuffled = false;
std::function<bool()> when_idle;
std::function<void()> when_cluster_starts, when_cluster_ends;

namespace {

enum class State { ready, at_block, at_warp, waiting, done };

constexpr std::size_t stack_bytes = std::size_t{128} * 1024;

struct Fiber {
  ucontext_t context{};
  std::unique_ptr<char[]> stack{new char[stack_bytes]};
  State state = State::done;
  uint3 index{}, block{};
  const std::function<bool()>* holds = nullptr;  // what it waits for
  const char* what = "";
};

std::vector<Fiber> fibers;
std::vector<std::array<std::array<char, 16>, 32>> slots;  // by warp, by lane
ucontext_t scheduler;
std::size_t current = 0;
std::size_t threads_of_block = 0, threads_of_cluster = 0;
const std::function<void()>* body = nullptr;
std::exception_ptr failure;
std::minstd_rand dice;
std::vector<std::size_t> warps;  // in the order in which they run where it is shuffled
std::size_t laggard = 0;         // the one of them that comes last of all

// The address sanitizer must be told of each change of stack.
void leave_for([[maybe_unused]] void** save, [[maybe_unused]] const void* bottom,
               [[maybe_unused]] std::size_t size) {
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_start_switch_fiber(save, bottom, size);
#endif
}
#if defined(__SANITIZE_ADDRESS__)
const void* scheduler_bottom = nullptr;
std::size_t scheduler_size = 0;
#endif
void arrive([[maybe_unused]] void* saved, [[maybe_unused]] bool in_fiber) {
#if defined(__SANITIZE_ADDRESS__)
  if (in_fiber) {
    __sanitizer_finish_switch_fiber(saved, &scheduler_bottom, &scheduler_size);
  } else {
    __sanitizer_finish_switch_fiber(saved, nullptr, nullptr);
  }
#endif
}
void leave_for_scheduler([[maybe_unused]] void** save) {
#if defined(__SANITIZE_ADDRESS__)
  leave_for(save, scheduler_bottom, scheduler_size);
#endif
}

void thread_main() {
  arrive(nullptr, true);
  try {
    (*body)();
  } catch (...) {
    failure = std::current_exception();
  }
  fibers[current].state = State::done;
  leave_for_scheduler(nullptr);  // the stack will not be used again
  setcontext(&scheduler);
}

void resume(std::size_t thread) {
  current = thread;
  threadIdx = fibers[thread].index;
  blockIdx = fibers[thread].block;
  void* saved = nullptr;
  leave_for(&saved, fibers[thread].stack.get(), stack_bytes);
  swapcontext(&scheduler, &fibers[thread].context);
  arrive(saved, false);
}

void wait(State state) {
  Fiber& fiber = fibers[current];
  fiber.state = state;
  void* saved = nullptr;
  leave_for_scheduler(&saved);
  swapcontext(&fiber.context, &scheduler);
  arrive(saved, true);
}

// Lets the threads [begin, end) go on if all of them wait as `state` says.
bool release(std::size_t begin, std::size_t end, State state) {
  for (std::size_t t = begin; t < end; ++t) {
    if (fibers[t].state != state) return false;
  }
  for (std::size_t t = begin; t < end; ++t) fibers[t].state = State::ready;
  return begin < end;
}

void start(Fiber& fiber, unsigned i) {
  getcontext(&fiber.context);
  fiber.context.uc_stack.ss_sp = fiber.stack.get();
  fiber.context.uc_stack.ss_size = stack_bytes;
  fiber.context.uc_link = nullptr;
  makecontext(&fiber.context, thread_main, 0);
  fiber.state = State::ready;
  fiber.index = {i % blockDim.x, i / blockDim.x % blockDim.y, i / (blockDim.x * blockDim.y)};
}

// Lets the threads [begin, end) go on whose conditions have come to hold.
void release_waiting(std::size_t begin, std::size_t end) {
  for (std::size_t t = begin; t < end; ++t) {
    Fiber& f = fibers[t];
    if (f.state == State::waiting && (*f.holds)()) f.state = State::ready;
  }
}

[[noreturn]] void stuck() {
  std::string text = "some threads never reach the barrier of the others";
  std::map<std::string, std::size_t> waiting;
  for (std::size_t t = 0; t < threads_of_cluster; ++t) {
    if (fibers[t].state == State::waiting) ++waiting[fibers[t].what];
  }
  for (const auto& [what, count] : waiting) {
    text += "; " + std::to_string(count) + " wait for " + what;
  }
  throw std::logic_error(text);
}

// Number i of `count` in the order in which things run.
std::size_t in_order(std::size_t i, std::size_t count) { return descending ? count - 1 - i : i; }

bool run_ready(std::size_t begin, std::size_t end) {
  bool ran = false;
  for (std::size_t i = begin; i < end; ++i) {
    const std::size_t t = begin + in_order(i - begin, end - begin);
    if (fibers[t].state != State::ready) continue;
    resume(t);
    if (failure) std::rethrow_exception(std::exchange(failure, nullptr));
    ran = true;
  }
  return ran;
}

// Runs the threads of a warp as far as they get without each other; false if they all wait for
// others.
bool run_warp(std::size_t warp) {
  const std::size_t begin = warp * 32, end = std::min(begin + 32, threads_of_cluster);
  release_waiting(begin, end);
  if (run_ready(begin, end)) return true;
  return release(begin, end, State::at_warp) && run_ready(begin, end);
}

// The first warp that can go on runs: one that nothing holds back gets far ahead of those behind
// it. Shuffled, one for a while and then another, and what was put off happens in between; one warp
// waits until nothing else can go on, then another does.
bool run_first_warp() {
  if (shuffled && one_in(64)) std::ranges::shuffle(warps, dice);
  if (shuffled && when_idle && one_in(32)) when_idle();
  for (std::size_t i = 0; i < warps.size(); ++i) {
    const std::size_t warp = shuffled ? warps[i] : in_order(i, warps.size());
    if (!(shuffled && warp == laggard) && run_warp(warp)) return true;
  }
  if (!shuffled) return false;
  if (when_idle && when_idle()) return true;
  const std::size_t last = std::exchange(laggard, (laggard + 1) % warps.size());
  return run_warp(last);
}

// The threads of a cluster, until all have ended.
void run_cluster() {
  laggard = dice() % warps.size();
  while (true) {
    if (run_first_warp()) continue;
    bool progress = false, finished = true;
    for (std::size_t b = 0; b < threads_of_cluster; b += threads_of_block) {
      progress |= release(b, b + threads_of_block, State::at_block);
    }
    for (std::size_t t = 0; t < threads_of_cluster; ++t) {
      finished &= fibers[t].state == State::done;
    }
    if (finished) return;
    if (!progress && !(when_idle && when_idle())) stuck();
  }
}

}  // namespace

bool one_in(unsigned times) { return dice() % times == 0; }
bool puts_off() { return shuffled ? one_in(2) : descending; }

void block_barrier() { wait(State::at_block); }
void warp_barrier() { wait(State::at_warp); }
int lane_of_caller() { return static_cast<int>(current % 32); }
void* lane_slot(int lane) { return slots[current / 32][static_cast<std::size_t>(lane)].data(); }

void wait_until(const std::function<bool()>& holds, const char* what) {
  if (holds()) return;
  fibers[current].holds = &holds;
  fibers[current].what = what;
  wait(State::waiting);
}
int thread_of_caller() { return static_cast<int>(current); }
int block_of_caller() { return static_cast<int>(current / threads_of_block); }
int blocks_of_cluster() { return static_cast<int>(threads_of_cluster / threads_of_block); }
bool has_ended(int block) {
  const std::size_t begin = static_cast<std::size_t>(block) * threads_of_block;
  for (std::size_t t = begin; t < begin + threads_of_block; ++t) {
    if (fibers[t].state != State::done) return false;
  }
  return true;
}

void run(dim3 grid, dim3 block, const std::function<void()>& kernel) {
  run_clusters(grid, block, 1, kernel);
}

void run_clusters(dim3 grid, dim3 block, int cluster, const std::function<void()>& kernel) {
  threads_of_block = std::size_t{block.x} * block.y * block.z;
  if (threads_of_block == 0 || threads_of_block > 1024 || threads_of_block % 32 != 0) {
    throw std::logic_error("a block must have 32 to 1024 threads in whole warps");
  }
  if (grid.x == 0 || grid.y == 0 || grid.z == 0) throw std::logic_error("an empty grid");
  if (grid.y > 65535 || grid.z > 65535) throw std::logic_error("a grid wider than CUDA allows");
  const auto blocks = static_cast<unsigned>(cluster);
  if (cluster < 1 || grid.x % blocks != 0) throw std::logic_error("a grid of whole clusters");
  body = &kernel;
  blockDim = block;
  gridDim = grid;
  threads_of_cluster = threads_of_block * blocks;
  if (fibers.size() < threads_of_cluster) fibers.resize(threads_of_cluster);
  slots.resize(threads_of_cluster / 32);
  warps.resize(threads_of_cluster / 32);
  std::iota(warps.begin(), warps.end(), std::size_t{0});
  dice.seed(1);
  for (unsigned z = 0; z < grid.z; ++z) {
    for (unsigned y = 0; y < grid.y; ++y) {
      for (unsigned x = 0; x < grid.x; x += blocks) {
        for (std::size_t t = 0; t < threads_of_cluster; ++t) {
          const std::size_t in_block = t % threads_of_block;
          start(fibers[t], static_cast<unsigned>(in_block));
          fibers[t].block = {x + static_cast<unsigned>(t / threads_of_block), y, z};
        }
        if (when_cluster_starts) when_cluster_starts();
        run_cluster();
        if (when_cluster_ends) when_cluster_ends();
      }
    }
  }
}

}  // namespace fleetwright::emulator
