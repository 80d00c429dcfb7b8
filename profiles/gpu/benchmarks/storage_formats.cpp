#include "profiles/gpu/benchmarks/storage_formats.hpp"

#include "profiles/gpu/benchmarks/row_shape.hpp"
#include "profiles/gpu/checks/storage_formats_check.hpp"
#include "profiles/gpu/kernels/fill.hpp"
#include "profiles/gpu/kernels/storage_formats.hpp"

namespace fleetwright::gpu {
namespace {

class DequantizeWorkload : public Workload {
 public:
  DequantizeWorkload(RowShape shape, std::uint64_t seed)
      : shape_(shape),
        codes_(shape.size()),
        scales_(static_cast<std::size_t>(scales_1x128(shape.rows, shape.columns))),
        x_(shape.size()) {
    fill_random(codes_.data(), codes_.size(), seed, 100.0F, nullptr);
    fill_random(scales_.data(), scales_.size(), seed + 1, 0.01F, nullptr);
  }
  void launch(Stream stream) override {
    dequantize_1x128(codes_.data(), scales_.data(), x_.data(), shape_.rows, shape_.columns, stream);
  }
  std::vector<Output> outputs() override { return {{x_.data(), x_.size(), ElementType::bfloat16}}; }

 private:
  RowShape shape_;
  DeviceArray<__nv_fp8_storage_t> codes_;
  DeviceArray<float> scales_;
  DeviceArray<__nv_bfloat16> x_;
};

class Quantize12BitWorkload : public Workload {
 public:
  Quantize12BitWorkload(RowShape shape, std::uint64_t seed)
      : shape_(shape), x_(shape.size()), words_(words_12bit(shape.size())) {
    fill_random(x_.data(), x_.size(), seed, 1.0F, nullptr);
  }
  void launch(Stream stream) override {
    quantize_12bit(x_.data(), words_.data(), shape_.rows, shape_.columns, stream);
  }
  // A word of ones would be eight numbers at the end of the format, which the input does not have.
  std::vector<Output> outputs() override {
    return {{words_.data(), words_.size(), ElementType::int32}};
  }

 private:
  RowShape shape_;
  DeviceArray<__nv_bfloat16> x_;
  DeviceArray<std::uint32_t> words_;
};

class Dequantize12BitWorkload : public Workload {
 public:
  Dequantize12BitWorkload(RowShape shape, std::uint64_t seed)
      : shape_(shape), words_(words_12bit(shape.size())), x_(shape.size()) {
    fill_random(x_.data(), x_.size(), seed, 1.0F, nullptr);
    quantize_12bit(x_.data(), words_.data(), shape.rows, shape.columns, nullptr);
  }
  void launch(Stream stream) override {
    dequantize_12bit(words_.data(), x_.data(), shape_.rows, shape_.columns, stream);
  }
  std::vector<Output> outputs() override { return {{x_.data(), x_.size(), ElementType::bfloat16}}; }

 private:
  RowShape shape_;
  DeviceArray<std::uint32_t> words_;
  DeviceArray<__nv_bfloat16> x_;
};

// The weights of all experts at once are transposed as one matrix: the bytes that move are the same
// as with one transpose for each.
class TransposeWorkload : public Workload {
 public:
  TransposeWorkload(RowShape shape, std::uint64_t seed)
      : shape_(shape), from_(shape.size()), to_(shape.size()) {
    fill_random(from_.data(), from_.size(), seed, 100.0F, nullptr);
  }
  void launch(Stream stream) override {
    transpose_fp8(from_.data(), to_.data(), shape_.rows, shape_.columns, stream);
  }
  std::vector<Output> outputs() override { return {{to_.data(), to_.size(), ElementType::e4m3}}; }

 private:
  RowShape shape_;
  DeviceArray<__nv_fp8_storage_t> from_, to_;
};

template <bool TwelveBits, bool Back>
bool converts(const Operator& op) {
  const auto* q = std::get_if<Quantize>(&op);
  return q != nullptr && q->back == Back && !q->transpose && !q->square &&
         q->stored_bytes == (TwelveBits ? 1.5 : 1) && moves_in_packs(q->rows, q->columns);
}

bool transposes(const Operator& op) {
  const auto* e = std::get_if<Elementwise>(&op);
  return e != nullptr && e->kind == ElementwiseKind::transpose_weight &&
         moves_in_packs(e->rows, e->columns);
}

template <typename W, typename Kind>
std::unique_ptr<Workload> prepare(const Operator& op, int, std::uint64_t seed) {
  const Kind& o = std::get<Kind>(op);
  return std::make_unique<W>(row_shape(o.rows, o.columns), seed);
}

}  // namespace

std::vector<Benchmark> storage_formats_benchmarks() {
  return {
      {"fleetwright.dequantize_1x128", "fleetwright",
       "E4M3 with a scale for 128 elements of a row to BF16", converts<false, true>,
       prepare<DequantizeWorkload, Quantize>, false, check_storage_formats},
      {"fleetwright.quantize_12bit", "fleetwright", "BF16 to E5M6, two values in three bytes",
       converts<true, false>, prepare<Quantize12BitWorkload, Quantize>},
      {"fleetwright.dequantize_12bit", "fleetwright", "E5M6, two values in three bytes, to BF16",
       converts<true, true>, prepare<Dequantize12BitWorkload, Quantize>},
      {"fleetwright.transpose_fp8", "fleetwright", "FP8 weights into the transposed layout",
       transposes, prepare<TransposeWorkload, Elementwise>}};
}

}  // namespace fleetwright::gpu
