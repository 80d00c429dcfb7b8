// Case files: what a row says, and what is wrong with it.

#include "planner/validation/case_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "planner/validation/case_setup.hpp"

namespace fleetwright {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string header =
    "id,core,family,source,confidence,model,arch,layers,hidden,heads,kv_heads,head_dim,ffn,mlp,"
    "vocab,seq_len,experts,topk,shared_experts,moe_ffn,first_dense_layers,mla_q_rank,mla_kv_rank,"
    "gpu,gpus,gpus_per_node,network,precision,tp,pp,vpp,cp,ep,etp,dp,sp,zero,recompute,schedule,"
    "micro_batch,global_batch,framework,options,step_time_s,peak_memory_GB,notes\n";

const std::string dense =
    "one,1,f,s,high,m,dense,32,4096,32,8,128,14336,swiglu,128256,8192,,,,,,,,"
    "H100-SXM,16,8,8x400G NDR,bf16,2,1,1,1,1,,8,1,1,none,1f1b,1,128,NeMo 25.02,bf16,12.5,60,\n";

std::string with(std::string row, const std::string& from, const std::string& to) {
  row.replace(row.find(from), from.size(), to);
  return row;
}

ValidationCase only(const std::string& row) {
  return parse_cases(header + row, "cases.csv").cases.at(0);
}

std::string first_error(const std::string& row) {
  const CaseFile file = parse_cases(header + row, "cases.csv");
  return file.wrong.empty() ? "" : render(file.wrong.front(), header + row);
}

const CaseData& case_data() {
  static const CaseData data = read_case_data();
  return data;
}

TEST(CaseFile, ReadsModelStrategyAndMeasurement) {
  const ValidationCase c = only(dense);
  EXPECT_TRUE(c.wrong.empty());
  EXPECT_TRUE(c.core);
  EXPECT_EQ(c.model.layers, 32);
  EXPECT_EQ(c.model.kv_heads, 8);
  EXPECT_EQ(c.model.ffn_hidden, 14336);
  EXPECT_FALSE(c.model.moe);
  EXPECT_EQ(c.tp, 2);
  EXPECT_EQ(c.recompute, Recompute::none);
  EXPECT_EQ(c.measured_time, Seconds{12.5});
  EXPECT_EQ(c.measured_memory, Bytes{60e9});
}

TEST(CaseFile, ReadsLatentAttentionAndExperts) {
  const ValidationCase c = only(with(with(dense, ",8,128,14336,", ",32,128,18432,"), "8192,,,,,,,,",
                                     "8192,256,8,1,2048,3,1536,512,"));
  ASSERT_TRUE(c.model.moe);
  ASSERT_TRUE(c.model.latent);
  EXPECT_EQ(c.model.moe->shared_ffn_hidden, 2048);
  EXPECT_EQ(c.model.moe->first_dense_layers, 3);
  EXPECT_EQ(c.model.qk_head_dim(), 192);
  EXPECT_EQ(c.model.v_head_dim(), 128);
}

TEST(CaseFile, NamesEachColumnThatTheHeaderLacks) {
  try {
    static_cast<void>(
        parse_cases(with(with(header, ",gpus,", ",gpu_count,"), ",notes", ""), "cases.csv"));
    FAIL() << "a header without 'gpus' was taken";
  } catch (const ScenarioError& e) {
    ASSERT_EQ(e.diagnostics().size(), 2U);
    EXPECT_EQ(e.diagnostics()[0].message, "the header has no column 'gpus'");
    EXPECT_EQ(e.diagnostics()[1].message, "the header has no column 'notes'");
  }
}

TEST(CaseFile, ShowsABadCellWithLineAndColumn) {
  EXPECT_THAT(first_error(with(dense, ",4096,", ",many,")),
              HasSubstr("cases.csv:2:27: error: 'many' in column 'hidden' is not a number"));
  EXPECT_THAT(first_error(with(dense, ",none,", ",some,")), HasSubstr("unknown recompute 'some'"));
  EXPECT_THAT(first_error(with(dense, ",12.5,", ",-1,")),
              HasSubstr("step_time_s must be positive, not -1"));
  EXPECT_THAT(first_error(with(dense, ",2,1,1,1,", ",2.5,1,1,1,")),
              HasSubstr("tp must be a whole number from 1 on, not '2.5'"));
  EXPECT_THAT(first_error(with(dense, ",128,NeMo", ",,NeMo")),
              HasSubstr("column 'global_batch' is empty"));
}

TEST(CaseFile, RefusesALayerOfMoreColumnsThanAnIntegerHolds) {
  EXPECT_THAT(first_error(with(dense, ",32,8,128,", ",32000,8,128000,")),
              HasSubstr("32000 times 128000 columns are more than a layer has"));
  EXPECT_THAT(first_error(with(dense, "8192,,,,,,,,", "8192,256,8,32000,262144,3,,,")),
              HasSubstr("32000 times 262144 columns are more than a layer has"));
}

TEST(CaseFile, ABadRowDoesNotStopTheOthers) {
  const CaseFile file = parse_cases(
      header + with(dense, ",4096,", ",many,") + "two,too,short\n" + with(dense, "one", "three"),
      "cases.csv");
  ASSERT_EQ(file.cases.size(), 2U);
  EXPECT_FALSE(file.cases[0].wrong.empty());
  EXPECT_TRUE(file.cases[1].wrong.empty());
  EXPECT_EQ(file.cases[1].id, "three");
  EXPECT_EQ(file.wrong.size(), 2U) << "the bad cell and the short row";
}

TEST(CaseFile, RefusesAnIdThatStandsTwice) {
  EXPECT_THAT(parse_cases(header + dense + dense, "cases.csv").wrong.at(0).message,
              HasSubstr("the id 'one' stands twice"));
}

TEST(CaseSetup, TakesWhatIsStatedAndAssumesNothingElse) {
  const CaseSetup s = set_up_case(only(dense), case_data());
  ASSERT_TRUE(s.setup) << s.reason;
  EXPECT_THAT(s.assumed, ElementsAre());
  EXPECT_EQ(s.setup->stack.id, "megatron-core");
  EXPECT_EQ(s.setup->job.precision.name, "bf16");
  EXPECT_EQ(s.setup->cluster.nic.id, "ib-ndr-400");
  EXPECT_EQ(s.setup->job.strategy.gpus(), 16);
}

TEST(CaseSetup, MarksWhatEmptyCellsLeaveOpen) {
  const CaseSetup s =
      set_up_case(only(with(with(dense, ",none,1f1b,1,", ",,,,"), "8x400G NDR", "")), case_data());
  ASSERT_TRUE(s.setup) << s.reason;
  EXPECT_THAT(s.assumed,
              ElementsAre("recompute none", "micro_batch 1", "network as the reference design"));
}

TEST(CaseSetup, SuggestsTheAcceleratorThatWasMeant) {
  const CaseSetup s = set_up_case(only(with(dense, "H100-SXM", "H100-SMX")), case_data());
  EXPECT_FALSE(s.setup);
  EXPECT_EQ(s.reason, "unknown accelerator 'H100-SMX'; did you mean 'H100-SXM'?");
}

TEST(CaseSetup, SaysWhichRuleAnImpossibleCaseBreaks) {
  const CaseSetup s = set_up_case(only(with(dense, ",2,1,1,1,", ",2,1,1,3,")), case_data());
  EXPECT_FALSE(s.setup);
  EXPECT_THAT(s.reason, HasSubstr("must be the 16 accelerators"));
}

TEST(CaseSetup, TurnsPublishersSchedulesIntoOurs) {
  const auto schedule_of = [&](const std::string& stated) {
    const CaseSetup s = set_up_case(
        only(with(with(with(dense, ",2,1,1,1,", ",2,4,2,1,"), ",,8,1,1,none,", ",,2,1,1,none,"),
                  "1f1b", stated)),
        case_data());
    return s.setup ? s.setup->job.strategy.schedule : s.reason;
  };
  EXPECT_EQ(schedule_of("zero-bubble"), "zb-h1");
  EXPECT_EQ(schedule_of("dualpipe"), "dualpipe");
  EXPECT_EQ(schedule_of("interleaved"), "interleaved");
  EXPECT_EQ(schedule_of("1f1b"), "interleaved") << "two chunks a rank are interleaved";
}

// Cells of the parallel layout emptied but for the pipeline's: pp 4 on 16 GPUs.
TEST(CaseSetup, KnowsHowAFrameworkDealsLayersAndTiesEmbeddings) {
  const std::string row = with(
      with(with(dense, ",2,1,1,1,1,,8,1,1,", ",1,4,1,1,1,,4,0,1,"), "NeMo 25.02", "nanotron v0.5"),
      ",f,s,", ",f,HF ultra-scale playbook,");
  const auto wide = set_up_case(only(row), case_data());
  ASSERT_TRUE(wide.setup) << wide.reason;
  EXPECT_EQ(wide.setup->pipeline_layout, "by-weight");
  EXPECT_FALSE(wide.setup->job.model.tied_embeddings);
  const auto narrow = set_up_case(only(with(row, ",14336,", ",8192,")), case_data());
  ASSERT_TRUE(narrow.setup) << narrow.reason;
  EXPECT_TRUE(narrow.setup->job.model.tied_embeddings);
}

TEST(CaseSetup, TakesRecomputationFromAnOptionBeforeTheFramework) {
  const std::string row = with(with(dense, ",none,1f1b,", ",,1f1b,"), "NeMo 25.02", "MaxText");
  const auto usual = set_up_case(only(row), case_data());
  ASSERT_TRUE(usual.setup) << usual.reason;
  EXPECT_EQ(usual.setup->job.strategy.recompute, Recompute::full);
  const auto stated =
      set_up_case(only(with(row, ",bf16,12.5", ",bf16; minimal_flash remat,12.5")), case_data());
  ASSERT_TRUE(stated.setup) << stated.reason;
  EXPECT_EQ(stated.setup->job.strategy.recompute, Recompute::none);
}

TEST(CaseSetup, KnowsTrainersByTheirNames) {
  const auto stack_of = [&](const std::string& framework, const std::string& precision) {
    const auto s = set_up_case(
        only(with(with(dense, "NeMo 25.02", framework), "NDR,bf16,", "NDR," + precision + ",")),
        case_data());
    return s.setup ? s.setup->stack.id : s.reason;
  };
  EXPECT_EQ(stack_of("NeMo AutoModel", "bf16"), "torchtitan") << "not what else is called NeMo";
  EXPECT_EQ(stack_of("DeepSpeed + Megatron-LM", "fp16"), "megatron-deepspeed");
  EXPECT_EQ(stack_of("DeepSpeed + Megatron-LM", "bf16"), "megatron-deepspeed-bf16");
  EXPECT_EQ(stack_of("GPT-NeoX", "fp16"), "megatron-deepspeed");
}

TEST(CaseSetup, ShardsWhatFullyShardedTrainersShardWhereTheStageIsNotStated) {
  const std::string row =
      with(with(dense, ",2,1,1,1,1,,8,1,1,", ",1,1,1,1,1,,16,0,,"), "NeMo 25.02", "PyTorch FSDP");
  const auto s = set_up_case(only(row), case_data());
  ASSERT_TRUE(s.setup) << s.reason;
  EXPECT_EQ(s.setup->job.strategy.zero_stage, 3);
  EXPECT_THAT(s.assumed, ElementsAre("zero 3"));
}

// 64 nodes ran a revision of the framework that waits for its messages; the table has the memory of
// the first rank.
TEST(CaseSetup, KnowsWhatAPublicationRanAndReported) {
  const std::string row = with(
      with(with(dense, ",2,1,1,1,1,,8,1,1,", ",1,4,1,1,1,,4,0,1,"), "NeMo 25.02", "nanotron v0.5"),
      ",f,s,", ",f,HF ultra-scale playbook,");
  const auto few = set_up_case(only(row), case_data());
  const auto many =
      set_up_case(only(with(with(row, "H100-SXM,16,8", "H100-SXM,512,8"), ",4,0,1,", ",128,0,1,")),
                  case_data());
  ASSERT_TRUE(few.setup && many.setup) << few.reason << many.reason;
  EXPECT_TRUE(few.first_rank_memory);
  EXPECT_EQ(few.setup->stack.send_wait.value, Seconds{0});
  EXPECT_GT(many.setup->stack.send_wait.value, Seconds{0});
}

TEST(CaseSetup, KnowsWhichAttentionAReleaseTakes) {
  const auto first_of = [&](const std::string& release, const std::string& model) {
    const auto s = set_up_case(
        only(with(with(dense, "NeMo 25.02", release), ",m,dense", "," + model + ",dense")),
        case_data());
    return s.setup ? s.setup->stack.attention_libraries.front() : s.reason;
  };
  EXPECT_EQ(first_of("NeMo 25.02", "m"), "cudnn");
  EXPECT_EQ(first_of("NeMo 24.07", "m"), "flash-attention-2") << "cuDNN's was turned off";
  EXPECT_EQ(first_of("NeMo 24.07", "gpt3-175b"), "cudnn");
}

TEST(CaseSetup, RunsRacksInEqualParts) {
  const CaseSetup s =
      set_up_case(only(with(with(with(dense, "H100-SXM,16,8,8x400G NDR", "GB200,256,72,"),
                                 ",8,1,1,none,", ",128,1,1,none,"),
                            ",128,NeMo", ",512,NeMo")),
                  case_data());
  ASSERT_TRUE(s.setup) << s.reason;
  EXPECT_EQ(s.setup->cluster.gpus_per_node, 64);
  EXPECT_EQ(s.setup->cluster.nics_per_node, 64);
}

}  // namespace
}  // namespace fleetwright
