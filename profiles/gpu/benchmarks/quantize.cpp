#include "profiles/gpu/benchmarks/quantize.hpp"

#include "profiles/gpu/benchmarks/row_shape.hpp"
#include "profiles/gpu/checks/quantize_check.hpp"
#include "profiles/gpu/kernels/fill.hpp"
#include "profiles/gpu/kernels/quantize.hpp"

namespace fleetwright::gpu {
namespace {

std::size_t scale_count(RowShape shape, bool square) {
  return static_cast<std::size_t>(square ? scales_128x128(shape.rows, shape.columns)
                                         : scales_1x128(shape.rows, shape.columns));
}

/// One tensor of codes with its scales.
struct Scaled {
  DeviceArray<__nv_fp8_storage_t> codes;
  DeviceArray<float> scales;

  Scaled() = default;
  Scaled(RowShape shape, bool square) : codes(shape.size()), scales(scale_count(shape, square)) {}

  void add_to(std::vector<Output>& outputs) {
    outputs.push_back({codes.data(), codes.size(), ElementType::e4m3});
    outputs.push_back({scales.data(), scales.size(), ElementType::float32});
  }
};

class QuantizeWorkload : public Workload {
 public:
  QuantizeWorkload(const Quantize& op, std::uint64_t seed)
      : op_(op), shape_(row_shape(op.rows, op.columns)), x_(shape_.size()) {
    const RowShape turned{shape_.columns, shape_.rows};
    if (!op.transpose || op.square) plain_ = Scaled(shape_, op.square);
    if (op.transpose) transposed_ = Scaled(turned, op.square);
    fill_random(x_.data(), x_.size(), seed, 1.0F, nullptr);
  }

  void launch(Stream stream) override {
    const auto [rows, columns] = shape_;
    if (op_.square && op_.transpose) {
      quantize_transpose_128x128(x_.data(), plain_.codes.data(), plain_.scales.data(),
                                 transposed_.codes.data(), transposed_.scales.data(), rows, columns,
                                 stream);
    } else if (op_.square) {
      quantize_128x128(x_.data(), plain_.codes.data(), plain_.scales.data(), rows, columns, stream);
    } else if (op_.transpose) {
      quantize_transpose_1x128(x_.data(), transposed_.codes.data(), transposed_.scales.data(), rows,
                               columns, stream);
    } else {
      quantize_1x128(x_.data(), plain_.codes.data(), plain_.scales.data(), rows, columns, stream);
    }
  }

  std::vector<Output> outputs() override {
    std::vector<Output> outputs;
    if (plain_.codes.size() > 0) plain_.add_to(outputs);
    if (transposed_.codes.size() > 0) transposed_.add_to(outputs);
    return outputs;
  }

 private:
  Quantize op_;
  RowShape shape_;
  DeviceArray<__nv_bfloat16> x_;
  Scaled plain_, transposed_;
};

template <bool Transpose, bool Square>
bool accepts(const Operator& op) {
  const auto* q = std::get_if<Quantize>(&op);
  return q != nullptr && !q->back && q->stored_bytes == 1 && q->transpose == Transpose &&
         q->square == Square && moves_in_packs(q->rows, q->columns);
}

std::unique_ptr<Workload> prepare(const Operator& op, int, std::uint64_t seed) {
  return std::make_unique<QuantizeWorkload>(std::get<Quantize>(op), seed);
}

}  // namespace

std::vector<Benchmark> quantize_benchmarks() {
  return {{"fleetwright.quantize_1x128", "fleetwright",
           "BF16 to E4M3 with a scale for 128 elements of a row", accepts<false, false>, prepare,
           false, check_quantize},
          {"fleetwright.quantize_transpose_1x128", "fleetwright",
           "BF16 to transposed E4M3 with a scale for 128 elements of a column",
           accepts<true, false>, prepare},
          {"fleetwright.quantize_128x128", "fleetwright",
           "BF16 to E4M3 with a scale for 128 x 128 elements", accepts<false, true>, prepare},
          {"fleetwright.quantize_transpose_128x128", "fleetwright",
           "BF16 to E4M3 and its transpose with a scale for 128 x 128 elements",
           accepts<true, true>, prepare}};
}

}  // namespace fleetwright::gpu
