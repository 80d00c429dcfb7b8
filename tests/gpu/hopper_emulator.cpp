#include "tests/gpu/hopper_emulator.hpp"

#include <deque>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "profiles/gpu/kernels/hopper/fp8_tile.hpp"
#include "tests/gpu/hopper_machine.hpp"

namespace fleetwright::gpu::hopper {
namespace {

using emulator::block_of_caller;
using emulator::thread_of_caller;

Machine machine;

[[noreturn]] void broken(const std::string& what) { throw std::logic_error(what); }

Block& own() { return machine.blocks[static_cast<std::size_t>(block_of_caller())]; }
Thread& self() { return machine.threads[static_cast<std::size_t>(thread_of_caller())]; }

Barrier& barrier_of(Block& block, Shared at) {
  const auto found = block.barriers.find(at);
  if (found == block.barriers.end()) broken("a barrier that was not initialized");
  return found->second;
}

void arrive(Block& block, Shared at) {
  Barrier& b = barrier_of(block, at);
  if (b.pending == 0) broken("more arrivals at a barrier than it counts");
  --b.pending;
  b.complete();
}

TensorBox box_of(const TensorMap& map) {
  TensorBox box;
  std::memcpy(static_cast<void*>(&box), &map, sizeof(box));
  check_tensor_box(box);
  return box;
}

// Calls f(address in shared memory, byte in the tensor or -1 outside, bytes) for each 16 bytes of a
// box; what is outside by element.
template <typename F>
void for_each_element(const TensorBox& box, Shared shared, const std::array<int, 3>& at, F f) {
  const auto span = static_cast<std::uint32_t>(box.swizzle);
  if (shared % (span == 16 ? 128 : 8 * span) != 0) broken("a box at the wrong alignment");
  const auto element = static_cast<std::uint32_t>(bytes_of(box.type));
  Shared linear = shared;
  for (std::uint32_t z = 0; z < box.box[2]; ++z) {
    for (std::uint32_t y = 0; y < box.box[1]; ++y) {
      for (std::uint32_t x = 0; x < box.box[0]; ++x, linear += element) {
        const std::array<std::int64_t, 3> i{at[0] + std::int64_t{x}, at[1] + std::int64_t{y},
                                            at[2] + std::int64_t{z}};
        std::int64_t byte = i[0] * element;
        for (std::size_t d = 0; d < 3; ++d) {
          if (i[d] < 0 || i[d] >= static_cast<std::int64_t>(box.size[d])) byte = -1;
          if (byte >= 0 && d > 0) byte += i[d] * static_cast<std::int64_t>(box.stride[d - 1]);
        }
        const std::uint32_t chunks = span / 16 - 1;
        f(linear ^ (linear >> 7 & chunks) << 4, byte, element);
      }
    }
  }
}

void load(Block& block, Shared to, const TensorBox& box, const std::array<int, 3>& at) {
  const char* const data = static_cast<const char*>(box.data);
  for_each_element(box, to, at, [&](Shared address, std::int64_t byte, std::uint32_t size) {
    char* const shared = block.at(address, size);
    if (byte < 0) {
      std::memset(shared, 0, size);
    } else {
      std::memcpy(shared, data + byte, size);
    }
  });
}

void store(Block& block, const TensorBox& box, Shared from, const std::array<int, 3>& at,
           bool adds) {
  char* const data = static_cast<char*>(const_cast<void*>(box.data));
  for_each_element(box, from, at, [&](Shared address, std::int64_t byte, std::uint32_t size) {
    const char* const shared = block.at(address, size);
    if (byte < 0) return;
    if (!adds) {
      std::memcpy(data + byte, shared, size);
      return;
    }
    float x = 0, sum = 0;
    std::memcpy(&x, shared, 4);
    std::memcpy(&sum, data + byte, 4);
    sum += x;
    std::memcpy(data + byte, &sum, 4);
  });
}

void start_load(std::uint32_t blocks, Shared to, const TensorMap& map, Shared barrier,
                const std::array<int, 3>& at) {
  const TensorBox box = box_of(map);
  machine.later([=] {
    for (std::size_t b = 0; b < machine.blocks.size(); ++b) {
      if ((blocks >> b & 1) == 0) continue;
      Block& block = machine.blocks[b];
      load(block, to, box, at);
      Barrier& full = barrier_of(block, barrier);
      full.bytes -= box.box_bytes();
      full.complete();
    }
  });
}

void start_store(const TensorMap& map, Shared from, const std::array<int, 3>& at, bool adds) {
  const TensorBox box = box_of(map);
  Block& block = own();
  if (adds && box.type != TensorType::float32) broken("an addition of other numbers than FP32");
  for_each_element(box, from, at, [&](Shared address, std::int64_t, std::uint32_t) {
    if (block.is_dirty(address)) broken("a box of numbers that the accelerator may not see yet");
  });
  Thread& thread = self();
  auto work = [=, &block] { store(block, box, from, at, adds); };
  if (emulator::puts_off()) {
    thread.stores.push_back(work);
  } else {
    work();
  }
}

void write(Shared to, const void* data, std::uint32_t size) {
  std::memcpy(own().at(to, size), data, size);
  own().soil(to, size, thread_of_caller());
}

}  // namespace

char* dynamic_shared() { return own().memory.get(); }
Shared shared_address(const void* pointer) {
  return shared_base + static_cast<Shared>(static_cast<const char*>(pointer) - own().memory.get());
}
int thread_index() { return static_cast<int>(threadIdx.x); }
float2 load_shared_pair(Shared from) {
  if (from % 8 != 0) broken("eight bytes at the wrong alignment");
  float2 pair;
  std::memcpy(&pair, own().at(from, 8), 8);
  return pair;
}

std::uint32_t cluster_rank() { return static_cast<std::uint32_t>(block_of_caller()); }
std::uint32_t cluster_size() { return static_cast<std::uint32_t>(machine.blocks.size()); }
void cluster_barrier() { machine.whole.wait(machine.threads.size(), "the cluster"); }
void named_barrier(int id, int threads) {
  own()
      .named.at(static_cast<std::size_t>(id))
      .wait(static_cast<std::size_t>(threads), "a warp-group");
}
void named_barrier_arrive(int id, int threads) {
  own().named.at(static_cast<std::size_t>(id)).arrive(static_cast<std::size_t>(threads));
}

void barrier_init(Shared barrier, std::uint32_t arrivals) {
  if (barrier % 8 != 0) broken("a barrier at the wrong alignment");
  static_cast<void>(own().at(barrier, 8));
  if (!own().barriers.emplace(barrier, Barrier{arrivals, arrivals}).second) {
    broken("a barrier that was initialized twice");
  }
}
void barriers_are_initialized() {}
void barrier_expect(Shared barrier, std::uint32_t bytes) {
  barrier_of(own(), barrier).bytes += bytes;
  arrive(own(), barrier);
}
void barrier_arrive(Shared barrier) { arrive(own(), barrier); }
void barrier_arrive_at(Shared barrier, std::uint32_t rank) {
  if (emulator::has_ended(static_cast<int>(rank))) broken("an arrival at a block that has ended");
  arrive(machine.blocks.at(rank), barrier);
}
void barrier_wait(Shared barrier, std::uint32_t parity) {
  const Barrier& b = barrier_of(own(), barrier);
  emulator::wait_until([&] { return b.phase != parity; },
                       parity == 0 ? "a barrier of parity 0" : "a barrier of parity 1");
}

void prefetch(const TensorMap& map) { static_cast<void>(box_of(map)); }
void load_box(Shared to, const TensorMap& map, Shared barrier, int x, int y, int z) {
  start_load(1U << block_of_caller(), to, map, barrier, {x, y, z});
}
void load_box_to_all(Shared to, const TensorMap& map, Shared barrier, int x, int y,
                     std::uint16_t blocks) {
  if (blocks >> machine.blocks.size() != 0) broken("a box for a block that is not of the cluster");
  start_load(blocks, to, map, barrier, {x, y, 0});
}
void store_box(const TensorMap& map, Shared from, int x, int y, int z) {
  start_store(map, from, {x, y, z}, false);
}
void add_box(const TensorMap& map, Shared from, int x, int y, int z) {
  start_store(map, from, {x, y, z}, true);
}
void commit_boxes() { self().committed_stores = self().stores.size(); }
void wait_for_reads_of_boxes() { self().finish_stores(); }
void wait_for_boxes() { self().finish_stores(); }
void fence_for_async() { own().clean(thread_of_caller()); }

void store_shared(Shared to, float a, float b) {
  const float both[] = {a, b};
  if (to % 8 != 0) broken("eight bytes at the wrong alignment");
  write(to, both, 8);
}
void store_shared(Shared to, std::uint32_t word) {
  if (to % 4 != 0) broken("a word at the wrong alignment");
  write(to, &word, 4);
}
void store_matrices(Shared row, std::uint32_t a, std::uint32_t b, std::uint32_t c,
                    std::uint32_t d) {
  const int lane = thread_of_caller() % 32;
  const std::uint32_t words[] = {a, b, c, d};
  if (row % 16 != 0) broken("a row of a matrix at the wrong alignment");
  for (int matrix = 0; matrix < 4; ++matrix) {
    const Shared to = emulator::exchange(row, 8 * matrix + lane / 4);
    write(to + static_cast<Shared>(lane % 4) * 4, &words[matrix], 4);
  }
}

void products_begin() {
  emulator::warp_barrier();
  self().began = true;
}
void products_commit() { self().commit(); }
void products_wait_for(std::size_t pending) {
  emulator::warp_barrier();
  self().finish_products(pending);
  emulator::warp_barrier();
}
void multiply(const ThreadProduct& product) {
  Thread& thread = self();
  if (!thread.began) broken("a product without the fence before it");
  ++thread.products;
  Block& block = own();
  const int in_group = thread_of_caller() % 128;
  auto work = [=, &block] { compute(block, in_group, product); };
  // Threads of a warp-group alike, and never before earlier products.
  const bool at_once = emulator::shuffled ? thread.products % 5 < 2 : emulator::descending;
  if (at_once && thread.open.empty() && thread.groups.empty()) {
    work();
  } else {
    thread.open.emplace_back(work);
  }
}

void require_hopper() {}

TensorMap encode_tensor_map(const TensorBox& box) {
  check_tensor_box(box);
  TensorMap map{};
  static_assert(sizeof(box) <= sizeof(map));
  std::memcpy(static_cast<void*>(&map), &box, sizeof(box));
  return map;
}

void run_emulated(const ClusterLaunch& shape, const std::function<void()>& kernel) {
  if (shape.shared_bytes > shared_limit) broken("more shared memory than a block has");
  if (shape.threads % 128 != 0) broken("a block of whole warp-groups");
  emulator::when_cluster_starts = [&] { machine.start(shape); };
  emulator::when_cluster_ends = [] { machine.end(); };
  emulator::when_idle = [] { return machine.do_something(); };
  const auto dim = [](int x) { return dim3(static_cast<unsigned>(x)); };
  try {
    emulator::run_clusters(dim(shape.blocks), dim(shape.threads), shape.cluster, kernel);
  } catch (...) {
    emulator::when_cluster_starts = emulator::when_cluster_ends = nullptr;
    emulator::when_idle = nullptr;
    throw;
  }
  emulator::when_cluster_starts = emulator::when_cluster_ends = nullptr;
  emulator::when_idle = nullptr;
}

}  // namespace fleetwright::gpu::hopper
