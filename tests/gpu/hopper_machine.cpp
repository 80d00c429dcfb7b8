#include "tests/gpu/hopper_machine.hpp"

#include <cstdlib>
#include <stdexcept>

#include "profiles/gpu/reference/number_formats.hpp"

namespace fleetwright::gpu::hopper {
namespace {

[[noreturn]] void broken(const char* what) { throw std::logic_error(what); }

const std::array<float, 256>& e4m3_values() {
  static const auto values = [] {
    std::array<float, 256> v{};
    for (std::size_t i = 0; i < v.size(); ++i) {
      v[i] = static_cast<float>(reference::decode_e4m3(static_cast<std::uint8_t>(i)));
    }
    return v;
  }();
  return values;
}

float bf16_value(const char* at) {
  std::uint16_t bits = 0;
  std::memcpy(&bits, at, 2);
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

Shared swizzle_128(Shared address) { return address ^ (address >> 7 & 7) << 4; }

/// A row (of m or n) of an operand: all its k, as numbers.
class Rows {
 public:
  Rows(Block& block, std::uint64_t bits, Major major, bool bytes)
      : block_(block), matrix_(MatrixDescriptor::of(bits)), major_(major), bytes_(bytes) {
    if (matrix_.stride == 0) broken("a matrix that is not swizzled over 128 bytes");
    if (bytes && major == Major::across_k) broken("FP8 operands lie along k");
    // The pattern of the swizzle repeats every 1,024 bytes and begins there.
    if (matrix_.address % 1024 >= 128)
      broken("a matrix that does not begin where its swizzle does");
  }
  void read(int row, float* to) const {
    const int k = bytes_ ? 32 : 16;
    const auto r = static_cast<Shared>(row);
    if (major_ == Major::along_k) {
      const Shared line = matrix_.address + r / 8 * matrix_.stride + r % 8 * 128;
      for (Shared chunk = 0; chunk < 32; chunk += 16) {
        const char* const from = read_16(swizzle_128(line + chunk));
        for (int i = 0; i < k / 2; ++i) {
          *to++ =
              bytes_ ? e4m3_values()[static_cast<std::uint8_t>(from[i])] : bf16_value(from + 2 * i);
        }
      }
      return;
    }
    if (matrix_.address % 128 + r % 64 * 2 >= 128) broken("a matrix beyond the end of its lines");
    for (Shared i = 0; i < 16; ++i) {
      const Shared at = matrix_.address + r / 64 * matrix_.leading + i / 8 * matrix_.stride +
                        i % 8 * 128 + r % 64 * 2;
      *to++ = bf16_value(read_16(swizzle_128(at) / 16 * 16) + at % 16);
    }
  }

 private:
  const char* read_16(Shared at) const {
    if (block_.is_dirty(at)) broken("a product of numbers that it may not see yet");
    return block_.at(at, 16);
  }
  Block& block_;
  MatrixDescriptor matrix_;
  Major major_;
  bool bytes_;
};

// Lane l holds of rows l / 4 and 8 more, of columns 2 (l % 4) and the next, and 8 more: an operand
// in registers is spread over the four lanes of a row.
void read_registers(const std::uint32_t* registers, float (&rows)[2][32]) {
  const int lane = emulator::lane_of_caller();
  for (int i = 0; i < 4; ++i) {
    for (int other = 0; other < 4; ++other) {
      const std::uint32_t word = emulator::exchange(registers[i], lane / 4 * 4 + other);
      char bytes[4];
      std::memcpy(bytes, &word, 4);
      float* const to = rows[i % 2] + i / 2 * 8 + 2 * other;
      to[0] = bf16_value(bytes);
      to[1] = bf16_value(bytes + 2);
    }
  }
}

}  // namespace

void Meeting::arrive(std::size_t threads) {
  if (++arrived_ < threads) return;
  arrived_ = 0;
  ++round_;
}
void Meeting::wait(std::size_t threads, const char* what) {
  const std::size_t round = round_;
  arrive(threads);
  emulator::wait_until([&] { return round_ != round; }, what);
}

void Block::Free::operator()(char* at) const { std::free(at); }

Block::Block(std::uint32_t bytes) : size(bytes) {
  void* got = nullptr;
  if (posix_memalign(&got, 1024, bytes) != 0) throw std::bad_alloc();
  std::memset(got, 0xff, bytes);
  memory.reset(static_cast<char*>(got));
}
char* Block::at(Shared address, std::uint32_t bytes) {
  if (address < shared_base || address + bytes > shared_base + size) {
    broken("an address outside of shared memory");
  }
  return memory.get() + (address - shared_base);
}
void Block::soil(Shared address, std::uint32_t bytes, int thread) {
  for (Shared word = address; word < address + bytes; word += 4) dirty[word] = thread;
}
void Block::clean(int thread) {
  std::erase_if(dirty, [thread](const auto& word) { return word.second == thread; });
}

void Thread::finish_stores() {
  if (committed_stores < stores.size()) broken("waiting for boxes that were not committed");
  for (const Work& store : stores) store();
  stores.clear();
  committed_stores = 0;
}
void Thread::commit() {
  groups.push_back(std::move(open));
  open.clear();
  began = false;
}
void Thread::finish_products(std::size_t pending) {
  for (; groups.size() > pending; groups.pop_front()) {
    for (const Work& product : groups.front()) product();
  }
}

void Machine::start(const ClusterLaunch& shape) {
  blocks.clear();
  for (int b = 0; b < shape.cluster; ++b) {
    blocks.emplace_back(static_cast<std::uint32_t>(shape.shared_bytes));
  }
  threads.assign(static_cast<std::size_t>(shape.cluster) * static_cast<std::size_t>(shape.threads),
                 {});
  whole = {};
  queue.clear();
}

void Machine::end() {
  if (!queue.empty()) broken("a block ended before what it loaded had come");
  for (std::size_t t = 0; t < threads.size(); ++t) {
    const Thread& thread = threads[t];
    if (!thread.stores.empty()) broken("a block ended before its boxes were read");
    if (!thread.groups.empty() || !thread.open.empty()) broken("a product nobody waited for");
    if (thread.products != threads[t / 128 * 128].products) {
      broken("threads of a warp-group that multiply different matrices");
    }
  }
}

void Machine::later(std::function<void()> work) {
  if (emulator::puts_off()) {
    queue.push_back(std::move(work));
  } else {
    work();
  }
}

bool Machine::do_something() {
  if (queue.empty()) return false;
  if (emulator::shuffled && emulator::one_in(2)) std::swap(queue.front(), queue.back());
  const auto work = std::move(queue.back());
  queue.pop_back();
  work();
  return true;
}

void compute(Block& block, int in_group, const ThreadProduct& p) {
  float a[2][32];
  const int upper = in_group / 32 * 16 + in_group % 32 / 4, k = p.bytes ? 32 : 16;
  if (p.a_registers != nullptr) {
    read_registers(p.a_registers, a);
  } else {
    const Rows rows(block, p.a, p.a_major, p.bytes);
    rows.read(upper, a[0]);
    rows.read(upper + 8, a[1]);
  }
  const Rows columns(block, p.b, p.b_major, p.bytes);
  for (int column = 0; column < p.n / 4; ++column) {
    const int group = column / 2, odd = column % 2;
    float b[32];
    columns.read(8 * group + 2 * (in_group % 4) + odd, b);
    for (int row = 0; row < 2; ++row) {
      float sum = 0;
      for (int i = 0; i < k; ++i) sum += a[row][i] * b[i];
      float& d = p.d[4 * group + 2 * row + odd];
      d = p.accumulate ? d + sum : sum;
    }
  }
}

}  // namespace fleetwright::gpu::hopper
