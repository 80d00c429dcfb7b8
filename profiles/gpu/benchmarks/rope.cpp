#include "profiles/gpu/benchmarks/rope.hpp"

#include <cmath>

#include "profiles/gpu/benchmarks/whole_numbers.hpp"
#include "profiles/gpu/checks/rope_check.hpp"
#include "profiles/gpu/kernels/fill.hpp"
#include "profiles/gpu/kernels/rope.hpp"
#include "profiles/gpu/reference/rope.hpp"

namespace fleetwright::gpu {
namespace {

// The operator says how wide the rotated columns are together, not how wide a head is: 64 is latent
// attention's. Heads of 128 would read 512 bytes of angles a token for 256, which shows in a few
// per cent of the bytes of the smallest models only.
constexpr int head_width = 64;

class RopeWorkload : public Workload {
 public:
  RopeWorkload(const Elementwise& op, std::uint64_t seed)
      : x_(whole(op.rows) * whole(op.columns)), y_(x_.size()) {
    fill_random(x_.data(), x_.size(), seed, 1.0F, nullptr);
    std::vector<float> cosine, sine;
    for (const double angle : reference::rotary_angles(whole(op.rows), head_width).at) {
      cosine.push_back(static_cast<float>(std::cos(angle)));
      sine.push_back(static_cast<float>(std::sin(angle)));
    }
    cosine_ = DeviceArray<float>(cosine);
    sine_ = DeviceArray<float>(sine);
    device_synchronize();
    call_.x = x_.data();
    call_.cosine = cosine_.data();
    call_.sine = sine_.data();
    call_.y = y_.data();
    call_.tokens = whole(op.rows);
    call_.heads = static_cast<int>(op.columns) / head_width;
    call_.head_width = head_width;
    call_.backward = op.backward;
  }

  void launch(Stream stream) override { rope(call_, stream); }
  std::vector<Output> outputs() override { return {{y_.data(), y_.size(), ElementType::bfloat16}}; }

 private:
  DeviceArray<__nv_bfloat16> x_, y_;
  DeviceArray<float> cosine_, sine_;
  Rope call_;
};

bool accepts(const Operator& op) {
  const Elementwise* e = std::get_if<Elementwise>(&op);
  return e != nullptr && e->kind == ElementwiseKind::rope && e->rows >= 1 &&
         is_multiple(e->columns, head_width);
}

std::unique_ptr<Workload> prepare(const Operator& op, int, std::uint64_t seed) {
  return std::make_unique<RopeWorkload>(std::get<Elementwise>(op), seed);
}

}  // namespace

std::vector<Benchmark> rope_benchmarks() {
  return {{"fleetwright.rope", "fleetwright",
           "rotary embedding of BF16 heads, half-split pairs, angles from a table", accepts,
           prepare, false, check_rope}};
}

}  // namespace fleetwright::gpu
