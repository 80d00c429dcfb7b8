#include <gtest/gtest.h>

#include "profiles/gpu/benchmark.hpp"
#include "profiles/gpu/libraries/cublaslt_matmul.hpp"

namespace fleetwright::gpu {
namespace {

/// The real library, as it is installed here; a GPU is not needed.
class CublasLtLibrary : public testing::Test {
 protected:
  void SetUp() override {
    try {
      api_ = &cublaslt_api();
    } catch (const Unavailable& e) {
      GTEST_SKIP() << e.what();  // cuBLASLt is not installed
    }
  }
  const CublasLtApi* api_ = nullptr;
};

TEST_F(CublasLtLibrary, IsOfTheVersionOfTheHeaders) {
  EXPECT_NE(api_->path.find("libcublasLt.so"), std::string::npos) << api_->path;
  const std::string major = std::to_string(CUBLAS_VER_MAJOR) + ".";
  EXPECT_EQ(api_->version().rfind(major, 0), 0U) << api_->version();
}

TEST_F(CublasLtLibrary, TakesTheAttributesOfEveryProduct) {
  for (const Precision precision :
       {Precision::bf16, Precision::fp16, Precision::fp8, Precision::fp8_block}) {
    for (const GemmPass pass : {GemmPass::forward, GemmPass::weight_gradient}) {
      MatmulProblem p{4096, 7168, 2048, precision, pass};
      p.sms = 112;
      const MatmulDescription d = describe_matmul(*api_, p);
      const void* scales = this;
      set_attribute(*api_, d.operation, CUBLASLT_MATMUL_DESC_A_SCALE_POINTER, scales);
      set_attribute(*api_, d.operation, CUBLASLT_MATMUL_DESC_B_SCALE_POINTER, scales);
    }
  }
}

TEST_F(CublasLtLibrary, ExplainsWhatItRefuses) {
  const CublasLtOperation operation = cublaslt_operation(*api_);
  try {
    set_attribute(*api_, operation, CUBLASLT_MATMUL_DESC_TRANSA, std::int8_t{1});
    FAIL() << "an attribute of the wrong size was taken";
  } catch (const std::runtime_error& e) {
    const std::string text = e.what();
    EXPECT_NE(text.find("attribute 3"), std::string::npos) << text;
    EXPECT_NE(text.find(api_->cublasLtGetStatusString(CUBLAS_STATUS_INVALID_VALUE)),
              std::string::npos)
        << text;
  }
}

}  // namespace
}  // namespace fleetwright::gpu
