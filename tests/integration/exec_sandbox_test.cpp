// Programs of `exec` products that try to get at what is not theirs. Each is a real program in a whole circuit; what it
// managed to do it writes into its deliverable, and the files and daemons are looked at afterwards.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <optional>

#include "tests/integration/harness.hpp"

using namespace circuit::integration;
namespace fs = std::filesystem;

namespace {

// A circuit with one product, made by a Python program that has the data directory's path as DATA.
class Attack {
 public:
  explicit Attack(const std::string& python, const std::string& exec = "") {
    circuit.emplace();
    const fs::path path = circuit->directory() / "program" / "attack.py";
    fs::create_directories(path.parent_path());
    write_file(path, "import os, sys, json, socket, subprocess, signal, time, ctypes\nDATA = '" +
                         circuit->data().string() + "'\nOUT = open('result.txt', 'w')\n" + prelude + python);
    circuit->set_config(
        "[fulfillment]\nretry_first_ms = 20\nretry_max_ms = 50\ntries_max = 2\nthreads = 3\n[[product]]\nid = "
        "\"MADE\"\n"
        "amount = 300\ncurrency = \"EUR\"\nhandler = \"exec\"\n[product.exec]\ncommand = [\"/usr/bin/python3\", \"" +
        path.string() + "\"]\n" + exec);
    circuit->start();
  }

  std::string order(const std::string& key = "a") {
    return circuit->create({{"type", "create_order"},
                            {"product_id", "MADE"},
                            {"customer_id", "customer_001"},
                            {"idempotency_key", key},
                            {"amount", 300},
                            {"currency", "EUR"},
                            {"input", {{"text", "made of " + key}}}});
  }
  // What the program says that it managed to do.
  std::string result_of(const std::string& id) {
    const Json done = circuit->wait_for(id, "fulfilled");
    const Json redeemed = circuit->control({{"type", "redeem_token"}, {"token", done.at("delivery_token")}});
    return read_file(circuit->data() / redeemed.at("directory").get<std::string>() / "result.txt");
  }
  std::string result() { return result_of(order()); }

  std::optional<Circuit> circuit;

 private:
  static constexpr const char* prelude = R"(
def attempt(name, what):
    try:
        what()
    except Exception as error:
        print('refused', name, type(error).__name__, file=sys.stdout)
    else:
        print('MANAGED', name, file=OUT)
    OUT.flush()
)";
};

bool runs(const std::string& argument) {
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::error_code gone;
    if (!fs::is_regular_file(entry.path() / "cmdline", gone)) continue;
    try {
      if (read_file(entry.path() / "cmdline").find(argument) != std::string::npos) return true;
    } catch (const std::runtime_error&) {
      continue;  // it has ended
    }
  }
  return false;
}

}  // namespace

TEST_CASE("a program reads its input and the system, and writes its output and temporary files") {
  Attack attack(R"(
assert open('../input/text').read() == 'made of a'
assert json.loads(sys.stdin.read())['input_directory'] == os.path.abspath('../input')
assert os.path.exists('/usr/bin/env') and open('/etc/passwd').read()
subprocess.run(['/bin/sh', '-c', 'echo x > $TMPDIR/a; cp -p $TMPDIR/a b; chmod 600 b; mv b c; : > /dev/null'], check=True)
os.mkdir('d'); os.rename('c', 'd/c'); os.rename('d/c', 'c'); os.rmdir('d'); os.remove('c')
print(socket.socketpair()[0].fileno() > 2, open('/proc/self/status').read().split('CapEff:')[1].split()[0], file=OUT)
)");
  CHECK(attack.result() == "True 0000000000000000\n");
}

TEST_CASE("a program reads no key, no journal, no audit log and no other order's files") {
  Attack attack(R"(
import glob
paths = [DATA + '/' + p for p in ('keys/token.key', 'keys/license.key', 'journal/data.mdb', 'audit/000000000001.jsonl',
                                  'sandbox/ledger.jsonl', 'run', '.', 'inputs', 'deliverables', 'keys', 'work', 'log',
                                  '../circuit.toml')]
for path in paths:
    if os.path.isdir(path):
        attempt('list ' + path, lambda: os.listdir(path))
    else:
        attempt('read ' + path, lambda: open(path, 'rb').read())
for path in open(os.path.dirname(sys.argv[0]) + '/found').read().split():
    attempt('read ' + path, lambda: open(path, 'rb').read())
    attempt('through proc ' + path, lambda: open('/proc/self/root' + path, 'rb').read())
for pid in [p for p in os.listdir('/proc') if p.isdigit()]:
    name = open('/proc/' + pid + '/comm').read() if os.path.exists('/proc/' + pid + '/comm') else ''
    if name.startswith('circuit-'):
        for link in ('cwd', 'root'):
            attempt(name + link, lambda: os.listdir('/proc/' + pid + '/' + link))
        for link in ('environ', 'mem', 'maps', 'fd/0', 'fd/5'):
            attempt(name + link, lambda: open('/proc/' + pid + '/' + link, 'rb').read(1))
        attempt(name + 'link of fd', lambda: os.readlink('/proc/' + pid + '/fd/1'))
print('done', file=OUT)
)");
  // The first order leaves an input and a deliverable, which the second one knows by name.
  write_file(attack.circuit->directory() / "program" / "found", "");
  CHECK(attack.result_of(attack.order("first")) == "done\n");
  std::string found;
  std::size_t files = 0;
  for (const char* directory : {"inputs", "deliverables", "keys", "journal", "audit"})
    for (const auto& entry : fs::recursive_directory_iterator(attack.circuit->data() / directory))
      if (entry.is_regular_file()) found += entry.path().string() + '\n', ++files;
  REQUIRE(files >= 6);
  write_file(attack.circuit->directory() / "program" / "found", found);
  CHECK(attack.result_of(attack.order("second")) == "done\n");
}

TEST_CASE("a program writes, renames, links, truncates and changes nothing outside") {
  Attack attack(R"(
for path in (DATA + '/journal/data.mdb', DATA + '/keys/token.key', DATA + '/../d/audit/000000000001.jsonl',
             sys.argv[0], '/etc/hostname'):
    attempt('append ' + path, lambda: open(path, 'ab'))
    attempt('truncate ' + path, lambda: os.truncate(path, 0))
    attempt('remove ' + path, lambda: os.remove(path))
    attempt('move ' + path, lambda: os.rename(path, 'taken'))
    attempt('link ' + path, lambda: os.link(path, 'linked'))
    try: os.chmod(path, 0o777); os.utime(path, (1, 1))
    except OSError: pass
for path in (DATA + '/new', '/tmp/circuit-attack-new', '../input/new', '/dev/shm/circuit-attack', '../new'):
    attempt('create ' + path, lambda: open(path, 'w'))
attempt('make executable', lambda: (open('p', 'w').write('#!/bin/sh\n'), os.chmod('p', 0o700), subprocess.run(['./p'])))
os.remove('p')
print('done', file=OUT)
)");
  const fs::path key = attack.circuit->data() / "keys" / "token.key";
  const std::string before = read_file(key);
  CHECK(attack.result() == "done\n");
  CHECK(read_file(key) == before);
  struct stat status {};
  REQUIRE(::stat(key.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK(status.st_mtime > 1'000'000);
}

TEST_CASE("a program reaches no socket: not the circuit's, not the network, not another's") {
  Attack attack(R"(
for name in ('orders', 'control', 'work', 'events', 'replay', 'sandbox'):
    def connect(kind=socket.SOCK_STREAM):
        s = socket.socket(socket.AF_UNIX, kind); s.connect(DATA + '/run/' + name + '.sock')
    attempt('connect ' + name, connect)
attempt('inet', lambda: socket.socket(socket.AF_INET))
attempt('inet6', lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM))
attempt('netlink', lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW))
attempt('abstract', lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
attempt('datagrams of a pair', lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM))
libc = ctypes.CDLL(None, use_errno=True)
def call(*words):
    if libc.syscall(*words) < 0: raise OSError(ctypes.get_errno(), '')
attempt('io_uring', lambda: call(425, 8, ctypes.create_string_buffer(256)))
attempt('unshare', lambda: call(272, 0x10000000))
attempt('clone', lambda: call(56, 0x10000000 | 17, 0, 0, 0, 0))
attempt('System V memory', lambda: call(29, 0, 4096, 0o1600))
attempt('x32', lambda: call(0x40000000 + 39))
print('done', file=OUT)
)");
  CHECK(attack.result() == "done\n");
}

TEST_CASE("with network = internet a program may use the network, and still no socket of the circuit") {
  Attack attack(R"(
attempt('inet', lambda: socket.socket(socket.AF_INET))
attempt('unix', lambda: socket.socket(socket.AF_UNIX))
)",
                "network = \"internet\"\n");
  CHECK(attack.result() == "MANAGED inet\n");
}

TEST_CASE("a program signals and limits no daemon") {
  Attack attack(R"(
pids = [int(p) for p in open(os.path.dirname(sys.argv[0]) + '/pids').read().split()]
import resource
for pid in pids + [-1, os.getppid()]:
    for number in (0, signal.SIGSTOP, signal.SIGKILL):
        if pid == -1 and number == 0: continue
        attempt('signal %d' % pid, lambda: pid != -1 and os.kill(pid, number) or pid == -1 and 1 / 0)
    attempt('limit', lambda: resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, 3)) if pid > 0 else 1 / 0)
    attempt('niceness', lambda: os.setpriority(os.PRIO_PROCESS, pid, 19) if pid > 0 else 1 / 0)
    attempt('processors', lambda: os.sched_setaffinity(pid, [0]) if pid > 0 else 1 / 0)
print('done', file=OUT)
)");
  std::string pids;
  for (const char* name : {"broker", "payment", "fulfillment", "auditor", "sandbox"})
    pids += std::to_string(attack.circuit->daemon(name).pid()) + ' ';
  write_file(attack.circuit->directory() / "program" / "pids", pids);
  CHECK(attack.result() == "done\n");
  for (const char* name : {"broker", "payment", "fulfillment", "auditor", "sandbox"})
    CHECK(attack.circuit->daemon(name).running());
  CHECK(attack.circuit->stats().at("last_seq") == 3);
}

TEST_CASE("what a program leaves behind in a session of its own is dead when its order is fulfilled") {
  Attack attack(R"(
for again in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in range(1, 30):
                if number not in (9, 17, 19): signal.signal(number, signal.SIG_IGN)
            os.execv('/bin/sleep', ['sleep-that-got-away', '1000'])
        os._exit(0)
time.sleep(0.2)
print('done', file=OUT)
)");
  CHECK(attack.result() == "done\n");
  CHECK_FALSE(runs("sleep-that-got-away"));
}

TEST_CASE(
    "a program that outlives its time-out, forks without end or fills the disk is ended, and the next one works") {
  const auto [what, python, exec] = GENERATE(table<std::string, std::string, std::string>(
      {{"outlives",
        "os.setsid() if os.getpid() != os.getsid(0) else 0\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "subprocess.Popen(['sleep', '1000.88'], start_new_session=True)\nwhile True: time.sleep(1)\n",
        "timeout_ms = 300\n"},
       {"forks", "while True:\n    if os.fork() == 0: time.sleep(1000)\n", ""},
       {"fills the disk with small files",
        "i = 0\nwhile True:\n    i += 1\n    open('f%d' % i, 'w').write('x' * 100)\n", ""},
       {"fills the disk with large files",
        "i = 0\nwhile True:\n    i += 1\n    open('f%d' % i, 'w').write('x' * 900000)\n",
        "output_bytes_max = 1_000_000\n"},
       {"takes all memory", "all = []\nwhile True: all.append(bytearray(b'x' * 1000000))\n",
        "memory_bytes_max = 100_000_000\n"}}));
  CAPTURE(what);
  Attack attack(
      "if open('../input/text').read() == 'made of bad':\n    " +
          [](std::string text) {
            for (std::size_t at = 0; (at = text.find('\n', at)) != text.npos; ++at)
              if (at + 1 < text.size()) text.insert(at + 1, "    ");
            return text;
          }(python) +
          "print('done', file=OUT)\n",
      exec);
  const std::string bad = attack.order("bad");
  CHECK(attack.result_of(attack.order("good")) == "done\n");
  attack.circuit->wait_for(bad, "fulfillment_failed");
  CHECK_FALSE(runs("attack.py"));
  CHECK_FALSE(runs("1000.88"));
  // Of the runs' directories nothing is left.
  for (const auto& worker : fs::directory_iterator(attack.circuit->data() / "work"))
    for (const auto& entry : fs::directory_iterator(worker.path())) CHECK_FALSE(entry.is_directory());
}
