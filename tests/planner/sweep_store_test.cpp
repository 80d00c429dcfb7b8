#include "planner/sweep/sweep_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/core/error.hpp"
#include "planner/sweep/store_plot.hpp"
#include "planner/sweep/store_reader.hpp"
#include "tests/planner/scenario_text.hpp"

namespace fleetwright::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string key_of(int number) { return std::string(63, 'a') + std::to_string(number); }

CaseRow row(std::size_t number, int key, CaseEnd end = CaseEnd::done,
            const std::string& text = "{}") {
  CaseRow r{
      number, {{"strategy.pp", std::to_string(key)}}, {key_of(key), "settings"}, {end, "", ""}};
  (end == CaseEnd::done ? r.outcome.report : r.outcome.error) = text;
  return r;
}

SweepRecord record(const std::string& name, std::size_t cases = 4) {
  return {name, "digest of " + name, "spec", cases, "program digest", "1.0"};
}

class SweepStores : public ::testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path file(const std::string& name = "store.sqlite") const {
    return folder_.path() / name;
  }
  [[nodiscard]] std::string answer(const std::string& sql,
                                   const std::string& name = "store.sqlite") {
    return print(StoreReader(file(name)).query(sql), "csv");
  }
  [[nodiscard]] std::string refusal(const std::string& sql) {
    try {
      return answer(sql);
    } catch (const Error& e) {
      return e.what();
    }
  }
  TemporaryFolder folder_;
};

TEST_F(SweepStores, KnowWhatIsFinished) {
  {
    SweepStore store(file());
    store.begin(record("one"));
    store.add(
        {row(0, 0), row(2, 2, CaseEnd::crashed, "signal"), row(3, 3, CaseEnd::infeasible, "")});
  }
  SweepStore store(file());
  store.begin(record("one"));
  EXPECT_THAT(store.finished(4, false), ElementsAre(true, false, true, true));
  EXPECT_THAT(store.finished(4, true), ElementsAre(true, false, false, true)) << "with retry";
  EXPECT_TRUE(store.has_result(key_of(2), false));
  EXPECT_FALSE(store.has_result(key_of(2), true));
  EXPECT_FALSE(store.has_result(key_of(1), false));
}

TEST_F(SweepStores, KeepAResultOnceForAllSweeps) {
  SweepStore store(file());
  store.begin(record("one"));
  store.add({row(0, 5, CaseEnd::done, "{\"x\": 1}")});
  store.begin(record("two"));
  EXPECT_THAT(store.finished(4, false), ElementsAre(false, false, false, false));
  store.link({row(3, 5)});
  store.add({row(1, 5, CaseEnd::done, "{\"x\": 2}")});
  EXPECT_EQ(answer("SELECT sweep, number, report FROM cases ORDER BY 1, 2"),
            "sweep,number,report\none,0,\"{\"\"x\"\": 1}\"\ntwo,1,\"{\"\"x\"\": 1}\"\n"
            "two,3,\"{\"\"x\"\": 1}\"\n");
}

TEST_F(SweepStores, ReplaceWhatTheMachineFailedAndNothingElse) {
  SweepStore store(file());
  store.begin(record("one"));
  store.add({row(0, 0, CaseEnd::timed_out, "slow"), row(1, 1, CaseEnd::infeasible, "too large")});
  store.add({row(0, 0), row(1, 1)});
  EXPECT_EQ(answer("SELECT number, outcome, error FROM cases ORDER BY number"),
            "number,outcome,error\n0,done,\n1,infeasible,too large\n");
}

TEST_F(SweepStores, RefuseACaseWithoutAResult) {
  SweepStore store(file());
  store.begin(record("one"));
  EXPECT_THROW(store.link({row(0, 0)}), Error) << "a foreign key";
  EXPECT_THROW(store.add({row(0, 0), row(1, 1, CaseEnd::done, "no json")}), Error);
  EXPECT_EQ(answer("SELECT count(*) FROM cases"), "count(*)\n0\n") << "all of a call or nothing";
}

TEST_F(SweepStores, MergeWhatShardsComputed) {
  for (const std::size_t shard : {0U, 1U}) {
    SweepStore store(file("shard" + std::to_string(shard)));
    store.begin(record("other" + std::to_string(shard)));  // so that numbers differ between stores
    store.begin(record("one"));
    store.add({row(shard, static_cast<int>(shard)), row(shard + 2, static_cast<int>(shard) + 2)});
  }
  SweepStore store(file());
  for (const char* name : {"shard0", "shard1", "shard1"}) store.merge(file(name));
  EXPECT_EQ(answer("SELECT number, substr(key, 64) AS k FROM cases WHERE sweep = 'one' ORDER BY 1"),
            "number,k\n0,0\n1,1\n2,2\n3,3\n");
  EXPECT_THROW(store.merge(file("nothing")), Error);
}

// Schema 1, as it was; written out here so that a change of the migrations is noticed.
TEST_F(SweepStores, BringAnOlderSchemaToTheNewest) {
  {
    SqlDatabase old(file(), SqlDatabase::Mode::read_write_create);
    old.execute(R"(
      CREATE TABLE program (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, version TEXT NOT NULL) STRICT;
      CREATE TABLE result (key TEXT PRIMARY KEY, program INTEGER NOT NULL REFERENCES program (id),
        settings TEXT NOT NULL, outcome TEXT NOT NULL, report TEXT, error TEXT) STRICT;
      CREATE TABLE sweep (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
        spec TEXT NOT NULL, cases INTEGER NOT NULL, program INTEGER NOT NULL REFERENCES program (id)) STRICT;
      CREATE TABLE sweep_case (sweep INTEGER NOT NULL REFERENCES sweep (id), number INTEGER NOT NULL,
        inputs TEXT NOT NULL, result TEXT NOT NULL REFERENCES result (key),
        PRIMARY KEY (sweep, number)) STRICT, WITHOUT ROWID;
      INSERT INTO program VALUES (1, 'program digest', '1.0');
      INSERT INTO sweep VALUES (1, 'digest of one', 'one', 'spec', 4, 1);
      INSERT INTO result VALUES ('k', 1, 's', 'done', '{"step": {"time_s": 2.5}}', NULL);
      INSERT INTO sweep_case VALUES (1, 2, '{}', 'k');
      PRAGMA application_id = 1181513588;
      PRAGMA user_version = 1;)");
  }
  SweepStore store(file());
  store.begin(record("one"));
  EXPECT_THAT(store.finished(4, false), ElementsAre(false, false, true, false));
  EXPECT_EQ(answer("SELECT number, step_time_s FROM cases"), "number,step_time_s\n2,2.5\n");
}

TEST_F(SweepStores, RefuseWhatIsNoStoreOrTooNew) {
  folder_.write("text", "this is no database, and long enough to be read as one");
  EXPECT_THROW(SweepStore{file("text")}, Error);
  SqlDatabase(file("other"), SqlDatabase::Mode::read_write_create).execute("CREATE TABLE t (x)");
  EXPECT_THROW(SweepStore{file("other")}, Error);
  { SweepStore store(file()); }
  SqlDatabase(file(), SqlDatabase::Mode::read_write_create).execute("PRAGMA user_version = 99");
  EXPECT_THROW(SweepStore{file()}, Error);
  EXPECT_THROW(StoreReader{file()}, Error);
  EXPECT_THROW(StoreReader{file("nothing")}, Error);
}

TEST_F(SweepStores, SayThatThereIsNoRoomAndKeepWhatThereWas) {
  SweepStore store(file());
  store.begin(record("one"));
  store.add({row(0, 0)});
  const std::string large = "{\"x\": \"" + std::string(1 << 20, 'x') + "\"}";
  store.limit_pages_for_test(40);
  try {
    store.add({row(1, 1), row(2, 2, CaseEnd::done, large)});
    FAIL() << "it fitted";
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), HasSubstr("no room; what was finished before is kept"));
  }
  EXPECT_THAT(store.finished(4, false), ElementsAre(true, false, false, false));
  store.limit_pages_for_test(1 << 20);
  store.add({row(1, 1), row(2, 2, CaseEnd::done, large)});
  EXPECT_THAT(store.finished(4, false), ElementsAre(true, true, true, false));
}

TEST_F(SweepStores, AreOnlyReadByQueries) {
  {
    SweepStore store(file());
    store.begin(record("one"));
    store.add({row(0, 0)});
  }
  for (const char* sql :
       {"DELETE FROM result", "CREATE TABLE t (x)", "PRAGMA user_version = 5",
        "ATTACH 'other.sqlite' AS other", "INSERT INTO sweep_case VALUES (1, 3, '{}', 'k')",
        "SELECT 1; DELETE FROM result", "VACUUM", "BEGIN", "SELECT load_extension('x')", "",
        "nonsense"}) {
    EXPECT_THROW(static_cast<void>(answer(sql)), Error) << sql << ": " << refusal(sql);
  }
  EXPECT_EQ(answer("SELECT count(*) AS n FROM result"), "n\n1\n");
}

TEST_F(SweepStores, ExportInputsAndOutputsByPath) {
  {
    SweepStore store(file());
    store.begin(record("one"));
    store.add({row(0, 4, CaseEnd::done, R"({"a": {"b": 1.5, "list": [1]}, "s": "x,y"})"),
               row(1, 8, CaseEnd::infeasible, "does not fit")});
  }
  StoreReader reader(file());
  EXPECT_EQ(print(reader.cases("", {}), "csv"),
            "number,outcome,error,strategy.pp,a.b,s\n0,done,,4,1.5,\"x,y\"\n"
            "1,infeasible,does not fit,8,,\n");
  EXPECT_EQ(print(reader.cases("one", {"a.b", "no.such"}), "csv"),
            "number,outcome,error,strategy.pp,a.b,no.such\n0,done,,4,1.5,\n"
            "1,infeasible,does not fit,8,,\n");
  EXPECT_THROW(static_cast<void>(reader.cases("two", {})), Error);
}

TEST(StorePlot, TakesNumbersOfOneUnitAndWordsAlike) {
  using Kind = StoreCell::Kind;
  const auto text = [](const char* t) { return StoreCell{Kind::text, t}; };
  const auto number = [](const char* t) { return StoreCell{Kind::number, t}; };
  const StoreTable table{{"number", "nic", "gpu", "step.time_s"},
                         {{number("0"), text("200 Gbps"), text("<b>"), number("3")},
                          {number("1"), text("400 Gbps"), text("<b>"), number("2")},
                          {number("2"), text("400 Gbps"), text("c"), StoreCell{}}}};
  const Plot units = plot_of(table, {"nic", "step.time_s", "gpu"});
  EXPECT_EQ(units.x_title, "nic in Gbps");
  ASSERT_EQ(units.series.size(), 1U) << "what has no result is not drawn";
  EXPECT_EQ(units.series[0].points[1].x, 400);
  const Plot words = plot_of(table, {"gpu", "step.time_s", ""});
  EXPECT_THAT(words.x_words, ElementsAre("<b>"));
  EXPECT_THAT(plot_svg(words),
              ::testing::AllOf(HasSubstr("&lt;b&gt;"), ::testing::Not(HasSubstr("<b>"))));
  EXPECT_THROW(static_cast<void>(plot_of(table, {"gpus", "step.time_s", ""})), Error);
  EXPECT_THROW(static_cast<void>(plot_of(table, {"nic", "gpu", ""})), Error);
}

}  // namespace
}  // namespace fleetwright::testing
