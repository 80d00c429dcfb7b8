#include "tests/gpu/emulator.hpp"

#include <ucontext.h>

#include <array>
#include <exception>
#include <memory>
#include <stdexcept>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

uint3 threadIdx, blockIdx;
dim3 blockDim, gridDim;

namespace fleetwright::emulator {

bool descending = false;

namespace {

enum class State { ready, at_block, at_warp, done };

constexpr std::size_t stack_bytes = std::size_t{64} * 1024;

struct Fiber {
  ucontext_t context{};
  std::unique_ptr<char[]> stack{new char[stack_bytes]};
  State state = State::done;
  uint3 index{};
};

std::vector<Fiber> fibers;
std::vector<std::array<std::array<char, 16>, 32>> slots;  // by warp, by lane
ucontext_t scheduler;
std::size_t current = 0;
const std::function<void()>* body = nullptr;
std::exception_ptr failure;

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

void run_block(std::size_t threads) {
  for (std::size_t t = 0; t < threads; ++t) start(fibers[t], static_cast<unsigned>(t));
  while (true) {
    bool progress = false, finished = true;
    for (std::size_t i = 0; i < threads; ++i) {
      const std::size_t t = descending ? threads - 1 - i : i;
      if (fibers[t].state == State::ready) {
        resume(t);
        progress = true;
        if (failure) std::rethrow_exception(std::exchange(failure, nullptr));
      }
    }
    for (std::size_t w = 0; w < threads; w += 32) {
      progress |= release(w, std::min(w + 32, threads), State::at_warp);
    }
    progress |= release(0, threads, State::at_block);
    for (std::size_t t = 0; t < threads; ++t) finished &= fibers[t].state == State::done;
    if (finished) return;
    if (!progress) throw std::logic_error("some threads never reach the barrier of the others");
  }
}

}  // namespace

void block_barrier() { wait(State::at_block); }
void warp_barrier() { wait(State::at_warp); }
int lane_of_caller() { return static_cast<int>(current % 32); }
void* lane_slot(int lane) { return slots[current / 32][static_cast<std::size_t>(lane)].data(); }

void run(dim3 grid, dim3 block, const std::function<void()>& kernel) {
  const std::size_t threads = std::size_t{block.x} * block.y * block.z;
  if (threads == 0 || threads > 1024 || threads % 32 != 0) {
    throw std::logic_error("a block must have 32 to 1024 threads in whole warps");
  }
  if (grid.x == 0 || grid.y == 0 || grid.z == 0) throw std::logic_error("an empty grid");
  if (grid.y > 65535 || grid.z > 65535) throw std::logic_error("a grid wider than CUDA allows");
  body = &kernel;
  blockDim = block;
  gridDim = grid;
  if (fibers.size() < threads) fibers.resize(threads);
  slots.resize(threads / 32);
  for (unsigned z = 0; z < grid.z; ++z) {
    for (unsigned y = 0; y < grid.y; ++y) {
      for (unsigned x = 0; x < grid.x; ++x) {
        blockIdx = {x, y, z};
        run_block(threads);
      }
    }
  }
}

}  // namespace fleetwright::emulator
