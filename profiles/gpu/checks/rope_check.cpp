#include "profiles/gpu/checks/rope_check.hpp"

#include <cmath>

#include "profiles/gpu/checks/random_tensor.hpp"
#include "profiles/gpu/kernels/rope.hpp"
#include "profiles/gpu/reference/rope.hpp"

namespace fleetwright::gpu {
namespace {

struct Shape {
  std::size_t tokens;
  int heads;
  int width;
};

void check_shape(std::vector<CheckResult>& results, Shape s, bool backward, bool in_place,
                 std::uint64_t seed) {
  const std::size_t columns = static_cast<std::size_t>(s.heads) * static_cast<std::size_t>(s.width);
  RandomTensor x(s.tokens, columns, seed);
  const reference::Matrix angles =
      reference::rotary_angles(s.tokens, static_cast<std::size_t>(s.width));
  std::vector<float> cosine, sine;
  for (const double angle : angles.at) {
    cosine.push_back(static_cast<float>(std::cos(angle)));
    sine.push_back(static_cast<float>(std::sin(angle)));
  }
  const DeviceArray<float> device_cosine(cosine), device_sine(sine);
  DeviceArray<__nv_bfloat16> y(in_place ? 0 : s.tokens * columns);
  Rope call;
  call.x = x.device.data();
  call.cosine = device_cosine.data();
  call.sine = device_sine.data();
  call.y = in_place ? x.device.data() : y.data();
  call.tokens = s.tokens;
  call.heads = s.heads;
  call.head_width = s.width;
  call.backward = backward;
  rope(call, nullptr);
  device_synchronize();
  std::string what = named(backward ? "rope backward" : "rope", s.tokens, columns, "y");
  if (in_place) what += " in place";
  results.push_back(compare(what, widen(in_place ? x.device.host() : y.host()),
                            reference::rotate(x.host, angles, backward).at, bf16_bound));
}

}  // namespace

std::vector<CheckResult> check_rope(std::uint64_t seed) {
  // Teams smaller than a block, of a whole block, and several rounds of it, with heads left over.
  constexpr Shape shapes[] = {{1, 1, 64},   {5, 1, 128},  {37, 3, 64},  {33, 16, 64}, {9, 5, 128},
                              {3, 40, 128}, {7, 128, 64}, {2, 131, 64}, {2, 129, 128}};
  std::vector<CheckResult> results;
  for (const Shape& s : shapes) {
    for (const bool backward : {false, true}) {
      for (const bool in_place : {false, true}) {
        check_shape(results, s, backward, in_place, seed += 10);
      }
    }
  }
  return results;
}

}  // namespace fleetwright::gpu
