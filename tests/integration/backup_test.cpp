// Backups of a circuit that works meanwhile, and what comes back from them: the same books, or a clear refusal.
#include <sys/mount.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <memory>
#include <set>

#include "tests/integration/failing_calls.hpp"
#include "tests/integration/load.hpp"

using namespace circuit::integration;

namespace fs = std::filesystem;

namespace {

struct Said {
  int code = 0;
  std::string text;
};

// Runs `circuit` to its end.
Said run(const fs::path& directory, const std::vector<std::string>& arguments) {
  static int runs = 0;
  const fs::path output = directory / ("circuit-" + std::to_string(++runs) + ".txt");
  Process process(program("circuit"), arguments, output);
  const int code = process.wait(seconds(60));
  return {code, read_file(output)};
}

Said run_on(Circuit& circuit, std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--data", circuit.data().string()});
  return run(circuit.directory(), arguments);
}

Said take_backup(Circuit& circuit, const fs::path& to, const std::vector<std::string>& more = {"--with-keys"}) {
  std::vector<std::string> arguments = {"backup", to.string()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_on(circuit, arguments);
}

void must(const Said& said, int code = 0) {
  INFO(said.text);
  REQUIRE(said.code == code);
}

bool says(const Said& said, const std::string& words) { return said.text.find(words) != std::string::npos; }

void sell(Circuit& circuit, const std::string& prefix, int count) {
  std::vector<std::string> ids;
  for (int i = 0; i < count; ++i) ids.push_back(circuit.create(license_order(prefix + std::to_string(i))));
  for (const std::string& id : ids) circuit.wait_for(id, "fulfilled");
}

void stop_all(Circuit& circuit) {
  for (const char* name : {"auditor", "fulfillment", "payment", "sandbox", "broker"}) circuit.stop(name);
}

// A process that must refuse to start: its log.
std::string refused(Circuit& circuit, const std::string& name) {
  const fs::path output = circuit.directory() / ("refused-" + name + ".log");
  fs::remove(output);
  Process process(program("circuit-" + name), {"--data", circuit.data().string()}, output);
  CHECK(process.wait() == 78);
  return read_file(output);
}

std::vector<fs::path> files_below(const fs::path& directory) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(directory))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

// Every line of the log, of any of its segments, by its seq; a seq that comes twice fails.
void check_no_seq_twice(const fs::path& audit) {
  const Audit log = read_audit(audit);
  CHECK(log.dead_bytes == 0);
  for (std::size_t i = 0; i < log.lines.size(); ++i) CHECK(log.lines[i].at("seq") == i + 1);
}

class SmallDisk {
 public:
  SmallDisk(const fs::path& path, const std::string& size) : path_(path) {
    fs::create_directory(path);
    if (::mount("tmpfs", path.c_str(), "tmpfs", 0, ("size=" + size).c_str()) != 0)
      throw std::system_error(errno, std::generic_category(), "mount");
  }
  ~SmallDisk() { (void)::umount2(path_.c_str(), MNT_DETACH); }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("a backup under load is restored elsewhere, and all of its books agree") {
  constexpr std::size_t orders = 1'500;
  Circuit circuit;
  circuit.start();
  const fs::path backup = circuit.directory() / "backup";
  Load load(circuit, orders);
  std::unique_ptr<Process> backing_up;
  const fs::path output = circuit.directory() / "backup.txt";
  load.run([&](std::size_t acknowledged) {
    if (acknowledged >= 300 && !backing_up)
      backing_up = std::make_unique<Process>(
          program("circuit"),
          std::vector<std::string>{"backup", backup.string(), "--with-keys", "--data", circuit.data().string()},
          output);
  });
  must({backing_up->wait(seconds(60)), read_file(output)});
  load.wait_until_fulfilled();
  check_books(circuit, load.order_ids());  // the backup changed nothing
  must(run(circuit.directory(), {"restore", "--check", backup.string()}));
  must(run(circuit.directory(), {"replay", "--backup", backup.string()}));

  Circuit restored;
  fs::remove_all(restored.data());
  must(run(circuit.directory(), {"restore", backup.string(), "--data", restored.data().string()}));
  // What the log of the backup says was durable when it was copied: the restored one must go on from these very lines.
  const Audit before = read_audit(backup / "audit");
  restored.start();
  // Each order of the backup ends well, whatever stage it had, and is charged once.
  Json stats;
  eventually(
      "all restored orders are fulfilled",
      [&] {
        stats = restored.stats();
        return stats.at("orders_fulfilled") == stats.at("orders_created");
      },
      seconds(60));
  CAPTURE(stats.dump());
  CHECK(stats.at("orders_created") >= 300);
  std::vector<std::string> ids;
  for (const Json& event : restored.stream().replay_all())
    if (event.at("type") == "order_created") ids.push_back(event.at("order_id"));
  const Audit after = restored.whole_audit();
  REQUIRE(after.texts.size() >= before.texts.size());
  CHECK(std::equal(before.texts.begin(), before.texts.end(), after.texts.begin()));
  // Captures of orders that were taken after the journal's copy: the ledger knows them, as a provider would.
  const std::set<std::string> known(ids.begin(), ids.end());
  const std::set<std::string> sold(load.order_ids().begin(), load.order_ids().end());
  for (const auto& [id, money] : money_by_order(restored.ledger())) {
    if (known.contains(id)) CHECK(money.captures == 1);
    CHECK(sold.contains(id));
  }
  for (const std::string& id : ids) CHECK(types(restored.order(id)) == happy_path);
  CHECK(restored.control({{"type", "recount"}}).at("agrees") == true);
  for (const Json& event : restored.stream().replay_all())
    if (event.at("data").contains("files"))
      for (const Json& file : event.at("data").at("files"))
        CHECK(sha256_hex(read_file(restored.data() / "deliverables" / event.at("order_id").get<std::string>() /
                                   event.at("data").at("directory").get<std::string>() /
                                   file.at("name").get<std::string>())) == file.at("sha256"));
  must(run_on(restored, {"verify", "--full"}));
  must(run_on(restored, {"replay"}));
}

TEST_CASE("an older journal beside a newer log is refused, and accepting the loss lists it and begins a new log") {
  Circuit circuit;
  circuit.start();
  sell(circuit, "early-", 10);
  circuit.whole_audit();
  const fs::path backup = circuit.directory() / "backup";
  must(take_backup(circuit, backup));
  sell(circuit, "late-", 5);
  const Audit newer = circuit.whole_audit();
  REQUIRE(newer.lines.size() == 45);
  stop_all(circuit);
  const fs::path old = circuit.directory() / "old";
  fs::rename(circuit.data(), old);
  must(run_on(circuit, {"restore", backup.string()}));
  fs::remove_all(circuit.data() / "audit");
  fs::copy(old / "audit", circuit.data() / "audit", fs::copy_options::recursive);

  // The broker and, by itself, the auditor.
  const std::string log = refused(circuit, "broker");
  CHECK(
      log.find("is ahead of the journal: it ends with seq 45, the journal with seq 30, and they agree up to seq 30") !=
      std::string::npos);
  CHECK(log.find("circuit restore --accept-loss --data " + circuit.data().string()) != std::string::npos);
  CHECK(refused(circuit, "broker").find("seq 45") != std::string::npos);  // again, as nothing was changed
  {
    const fs::path set_aside = circuit.directory() / "audit";
    fs::rename(circuit.data() / "audit", set_aside);
    circuit.start({"broker"});
    fs::rename(set_aside, circuit.data() / "audit");
    CHECK(refused(circuit, "auditor").find("is ahead of the stream: it ends with seq 45") != std::string::npos);
    circuit.stop("broker");
    CHECK_FALSE(refused(circuit, "broker").empty());
  }
  CHECK(read_audit(circuit.data() / "audit").texts == newer.texts);

  const Said accepted = run_on(circuit, {"restore", "--accept-loss"});
  must(accepted);
  CHECK(says(accepted, "100.00 USD"));
  fs::path aside, list;
  for (const fs::directory_entry& entry : fs::directory_iterator(circuit.data())) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("audit-ahead-")) continue;
    (entry.is_directory() ? aside : list) = entry.path();
  }
  REQUIRE(fs::is_directory(aside));
  CHECK(read_audit(aside).texts == newer.texts);
  std::ifstream lines(list);
  std::set<std::string> lost;
  for (std::string line; std::getline(lines, line);) {
    const Json order = Json::parse(line);
    lost.insert(order.at("order_id").get<std::string>());
    CHECK(order.at("known_to_the_journal") == false);
    CHECK(order.at("captured") == 2000);
    CHECK(order.at("events").size() == 3);
    CHECK(order.at("charge_ids").size() == 1);
    CHECK(order.at("what_to_do").get<std::string>().starts_with("give the money back"));
  }
  CHECK(lost.size() == 5);

  circuit.start();
  sell(circuit, "after-", 5);
  const Audit begun = circuit.whole_audit();
  CHECK(begun.lines.size() == 45);
  CHECK(std::equal(newer.texts.begin(), newer.texts.begin() + 30, begun.texts.begin()));
  check_no_seq_twice(circuit.data() / "audit");
  for (const Json& line : begun.lines) CHECK_FALSE(lost.contains(line.at("order_id").get<std::string>()));
  must(run_on(circuit, {"verify", "--full"}));
  CHECK_FALSE(fs::exists(circuit.data() / "audit-ahead.json"));
  // There is none any more, says the broker that runs now.
  circuit.stop("auditor");
  const Said twice = run_on(circuit, {"restore", "--accept-loss"});
  must(twice, 1);
  CHECK(says(twice, "so there is no loss to accept"));
}

TEST_CASE("a log of the same length that tells another story is refused") {
  Circuit circuit;
  circuit.start();
  sell(circuit, "early-", 2);
  circuit.whole_audit();
  const fs::path backup = circuit.directory() / "backup";
  must(take_backup(circuit, backup));
  sell(circuit, "one-", 3);
  circuit.whole_audit();
  stop_all(circuit);
  const fs::path first = circuit.directory() / "first";
  fs::rename(circuit.data(), first);
  must(run_on(circuit, {"restore", backup.string()}));
  circuit.start();
  sell(circuit, "other-", 4);
  circuit.whole_audit();
  stop_all(circuit);
  fs::remove_all(circuit.data() / "audit");
  fs::copy(first / "audit", circuit.data() / "audit", fs::copy_options::recursive);
  const std::string log = refused(circuit, "broker");
  CHECK(log.find("contradicts the journal: it ends with seq 15, the journal with seq 18, and they agree up to seq 6") !=
        std::string::npos);
}

TEST_CASE("leases of a restored journal are not those that its past gave out after the backup") {
  Circuit circuit;
  circuit.start();
  sell(circuit, "early-", 1);
  const fs::path backup = circuit.directory() / "backup";
  must(take_backup(circuit, backup));
  circuit.stop("broker");
  circuit.start({"broker"});
  const std::string past = circuit.create(analysis_order("past", "name,value\na,1\nb,2\nc,3\n"));
  const Json before = circuit.wait_for(past, "fulfilled");
  stop_all(circuit);
  fs::rename(circuit.data(), circuit.directory() / "old");
  must(run_on(circuit, {"restore", backup.string()}));
  circuit.start();
  const std::string now = circuit.create(analysis_order("now", "name,value\na,1\nb,2\nc,4\n"));
  const Json after = circuit.wait_for(now, "fulfilled");
  const auto start_of = [](const Json& order) {
    const std::string directory = order.at("history").back().at("data").at("directory");
    return std::stoull(directory.substr(0, directory.find('-')));
  };
  CHECK(start_of(after) > start_of(before));
  CHECK(now > past);
}

TEST_CASE("a backup with one byte changed in any file, or without one of its files, is refused") {
  Circuit circuit;
  circuit.start();
  sell(circuit, "a-", 3);
  circuit.wait_for(circuit.create(analysis_order("b", "name,value\na,1\nb,2\nc,3\n")), "fulfilled");
  circuit.whole_audit();
  const fs::path backup = circuit.directory() / "backup";
  must(take_backup(circuit, backup));
  const fs::path to = circuit.directory() / "to";
  const std::vector<fs::path> files = files_below(backup);
  REQUIRE(files.size() >= 8);  // journal, log, ledger, input, three deliverables, keys, manifest
  for (const fs::path& file : files) {
    CAPTURE(file);
    const std::string whole = read_file(file);
    REQUIRE_FALSE(whole.empty());
    std::string changed = whole;
    changed[changed.size() / 2] = static_cast<char>(changed[changed.size() / 2] ^ 1);
    write_file(file, changed);
    const Said checked = run(circuit.directory(), {"restore", "--check", backup.string()});
    CHECK(checked.code == 1);
    CHECK(says(checked, "damaged"));
    CHECK(says(checked, file.filename().string()));
    const Said restored = run(circuit.directory(), {"restore", backup.string(), "--data", to.string()});
    CHECK(restored.code == 1);
    CHECK_FALSE(fs::exists(to));
    fs::remove(file);
    CHECK(run(circuit.directory(), {"restore", "--check", backup.string()}).code == 1);
    write_file(file, whole);
  }
  must(run(circuit.directory(), {"restore", "--check", backup.string()}));
}

TEST_CASE("nothing that is there is replaced, modes come back, and missing keys are named") {
  Circuit circuit;
  circuit.start();
  circuit.wait_for(circuit.create(analysis_order("b", "name,value\na,1\nb,2\nc,3\n")), "fulfilled");
  const fs::path backup = circuit.directory() / "backup";
  must(take_backup(circuit, backup, {}));
  CHECK_FALSE(fs::exists(backup / "keys"));
  const Said again = take_backup(circuit, backup, {});
  CHECK(again.code == 1);
  CHECK(says(again, "is not empty"));
  must(run(circuit.directory(), {"restore", "--check", backup.string()}));  // it is still whole
  const Said over = run_on(circuit, {"restore", backup.string()});
  CHECK(over.code == 1);
  CHECK(says(over, "is not empty"));

  Circuit restored;
  fs::remove_all(restored.data());
  const Said said = run_on(restored, {"restore", backup.string()});
  must(said);
  CHECK(says(said, "MISSING: the keys"));
  CHECK(refused(restored, "broker").find(".key is missing") != std::string::npos);
  fs::remove_all(restored.data());
  must(run_on(restored, {"restore", backup.string(), "--keys-from", circuit.data().string()}));
  for (const fs::path& file : files_below(restored.data())) {
    const fs::path name = fs::relative(file, restored.data());
    CAPTURE(name);
    CHECK(fs::status(file).permissions() == fs::status(circuit.data() / name).permissions());
    CHECK(fs::status(file.parent_path()).permissions() ==
          fs::status((circuit.data() / name).parent_path()).permissions());
  }
  restored.start();
  sell(restored, "on-", 1);
}

TEST_CASE("a disk that is full of a backup leaves the circuit working, and nothing behind") {
  Circuit circuit;
  circuit.start();
  sell(circuit, "a-", 20);
  const SmallDisk disk(circuit.directory() / "disk", "32k");
  const fs::path to = circuit.directory() / "disk" / "backup";
  const Said said = take_backup(circuit, to);
  CHECK(said.code == 1);
  CHECK(says(said, "the backup needs"));
  CHECK_FALSE(fs::exists(to));
  // Past the look at the free space, which another writer may have taken meanwhile.
  fs::create_directory(to);
  const Json reply = circuit.control({{"type", "backup"}, {"directory", to.string()}});
  CHECK(error_of(reply) == "unavailable");
  CHECK(reply.at("error").at("message").get<std::string>().find("No space left on device") != std::string::npos);
  CHECK(fs::is_empty(to));
  sell(circuit, "b-", 5);
  must(take_backup(circuit, circuit.directory() / "elsewhere"));
  CHECK(circuit.stats().at("orders_fulfilled") == 25);
}

TEST_CASE("only the operator may ask for a copy of the journal, to an absolute place") {
  Circuit circuit;
  circuit.start({"broker"});
  CHECK(error_of(circuit.orders({{"type", "backup"}, {"directory", "/nowhere"}})) == "unauthorized");
  CHECK(error_of(circuit.control({{"type", "backup"}, {"directory", "here"}})) == "invalid_field");
  CHECK(error_of(circuit.control({{"type", "backup"}})) == "missing_field");
  CHECK(error_of(circuit.control({{"type", "backup"}, {"directory", "/nowhere/at/all"}})) == "unavailable");
}

TEST_CASE("kill -9 of the broker during a backup leaves no backup, and the circuit loses nothing") {
  constexpr std::size_t orders = 800;
  Circuit circuit;
  circuit.start();
  const fs::path backup = circuit.directory() / "backup";
  const fs::path output = circuit.directory() / "backup.txt";
  Load load(circuit, orders);
  int code = 0;
  bool killed = false;
  load.run([&](std::size_t acknowledged) {
    if (killed || acknowledged < 500) return;
    killed = true;
    // Each sync takes so long that the broker dies within its copy for certain.
    const FailingCalls slow(circuit, "broker", "fdatasync", "delay_enter=300000");
    Process backing_up(program("circuit"), {"backup", backup.string(), "--data", circuit.data().string()}, output);
    eventually("the copy has begun", [&] { return fs::exists(backup / "journal" / "data.mdb"); });
    circuit.kill("broker");
    code = backing_up.wait();
    circuit.start({"broker"});
  });
  INFO(read_file(output));
  CHECK(code == 3);
  CHECK_FALSE(fs::exists(backup));
  load.wait_until_fulfilled();
  check_books(circuit, load.order_ids());
  must(take_backup(circuit, backup));
  must(run(circuit.directory(), {"restore", "--check", backup.string()}));
}

TEST_CASE("a broker that is asked to stop during a backup stops") {
  Circuit circuit;
  circuit.start();
  sell(circuit, "a-", 5);
  const fs::path backup = circuit.directory() / "backup";
  const FailingCalls slow(circuit, "broker", "fdatasync", "delay_enter=300000");
  Process backing_up(program("circuit"), {"backup", backup.string(), "--data", circuit.data().string()},
                     circuit.directory() / "backup.txt");
  eventually("the copy has begun", [&] { return fs::exists(backup / "journal" / "data.mdb"); });
  circuit.stop("broker");
  CHECK(backing_up.wait() != 0);
  CHECK_FALSE(fs::exists(backup));
}
