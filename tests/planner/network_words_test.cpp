// What publishers say of their networks.

#include "planner/validation/network_words.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "profiles/hardware_data.hpp"

namespace fleetwright {
namespace {

StatedNetwork network(std::string_view words, const std::string& gpu = "H100-SXM",
                      int gpus_per_node = 8) {
  const HardwareData& hw = hardware_data();
  return read_network_words(words, hw.accelerators.at(gpu), gpus_per_node, hw.links);
}

std::string read(std::string_view words, const std::string& gpu = "H100-SXM",
                 int gpus_per_node = 8) {
  const StatedNetwork n = network(words, gpu, gpus_per_node);
  return fmt::format("{} x {}", n.nics_per_node, n.nic.id);
}

TEST(NetworkWords, CountTimesSpeed) {
  EXPECT_EQ(read("DGX H100 8x400G IB"), "8 x ib-ndr-400");
  EXPECT_EQ(read("Selene: 8x200Gb HDR IB per node, NVSwitch", "A100-SXM-80"), "8 x ib-hdr-200");
  EXPECT_EQ(read("4x100Gb RoCE per node", "A100-SXM-80"), "4 x roce-100");
  EXPECT_EQ(read("NVLink4 + InfiniBand 8x50 GB/s per node"), "8 x ib-ndr-400");
  EXPECT_EQ(read("8x ConnectX-7 IB NDR 400Gb/s + 200Gb/s Ethernet NIC"), "8 x ib-ndr-400");
}

TEST(NetworkWords, SpeedOfANodeOrOfAGpu) {
  EXPECT_EQ(read("1600 Gbps RoCE per node", "A100-SXM-80"), "8 x roce-200");
  EXPECT_EQ(read("800 Gb/s per node (4x HDR200) + NVLink3", "A100-SXM-80"), "4 x ib-hdr-200");
  EXPECT_EQ(read("Grand Teton, 400 Gb/s RDMA per GPU"), "8 x ib-ndr-400");
  EXPECT_EQ(read("NVL72 NVLink5 + ConnectX-8 800G/GPU (typical DGX, not stated)", "GB300", 64),
            "64 x ib-xdr-800");
}

TEST(NetworkWords, OtherFabrics) {
  EXPECT_EQ(read("Jean Zay V100: 4 GPU/node NVLink2, Omni-Path 100 x4", "V100-SXM2-32", 4),
            "4 x omnipath-100");
  EXPECT_EQ(read("AWS p5: EFAv2 3200 Gb/s per node"), "8 x efa-p5");
  EXPECT_EQ(read("AWS p4d: EFA 400 Gb/s per node", "A100-SXM-40"), "4 x efa-p4d");
}

TEST(NetworkWords, PartsAboutOtherThingsArePassedOver) {
  EXPECT_EQ(read("Storage: 2x ConnectX-7 IB NDR 400Gb/s, Compute: 8x ConnectX-7 IB NDR 400Gb/s"),
            "8 x ib-ndr-400");
  EXPECT_EQ(read("H800 NVLink 400GB/s (160 GB/s eff.), 8x CX7 400G IB, multi-plane fat-tree"),
            "8 x ib-ndr-400");
  EXPECT_EQ(read("DGX (A100: 8x200G HDR; H100: 8x400G NDR), typical"), "8 x ib-ndr-400");
  EXPECT_EQ(read("DGX (A100: 8x200G HDR; H100: 8x400G NDR), typical", "A100-SXM-80"),
            "8 x ib-hdr-200");
}

TEST(NetworkWords, NothingSaidIsTheReferenceDesign) {
  const StatedNetwork n = network("");
  EXPECT_EQ(n.nic.id, "ib-ndr-400");
  EXPECT_EQ(n.nics_per_node, 8);
  EXPECT_EQ(n.assumed, "network as the reference design");
  EXPECT_EQ(network("8x400G IB").assumed, "");
}

TEST(NetworkWords, PlanesAreSeen) {
  EXPECT_TRUE(network("8x CX7 400G IB, multi-plane fat-tree").several_planes);
  EXPECT_FALSE(network("8x CX7 400G IB").several_planes);
}

TEST(NetworkWords, AnUnknownSpeedIsAKnownOneScaled) {
  const StatedNetwork n = network("8x300G IB");
  EXPECT_EQ(n.nic.id, "ib-300");
  EXPECT_NEAR(n.nic.bandwidth.value.si(), 37.5e9, 1e6);
  EXPECT_EQ(n.nic.achievable_bandwidth.provenance.kind, ProvenanceKind::assumed);
}

}  // namespace
}  // namespace fleetwright
