#include <array>

#include "ops/cli/command.hpp"

namespace circuit::cli {
namespace {

constexpr std::string_view start = "Start here";
constexpr std::string_view daemons = "The daemons of a data directory";
constexpr std::string_view sell = "Orders";
constexpr std::string_view look = "What happens, and whether it is right";
constexpr std::string_view keep = "Backups";
constexpr std::string_view repair = "What does not move";
constexpr std::string_view develop = "This program, and the clone that it was built from";

constexpr std::array table = {
    Command{start, "demo", "Sell three data analyses on real daemons in a temporary directory, and show each step.",
            "  circuit demo\n"
            "  circuit demo --keep-running        leaves the daemons up, to try the other commands on\n",
            declare_demo},
    Command{start, "analyze", "Analyze a CSV file as DATA_ANALYSIS_V1 does, without an order and without daemons.",
            "  circuit analyze sales.csv                       writes ./sales-report/\n"
            "  circuit analyze sales.csv --out report --force\n"
            "  zcat sales.csv.gz | circuit analyze - --json\n",
            declare_analyze},
    Command{start, "help", "This text; one command in full; the exit codes.",
            "  circuit help\n  circuit help submit\n  circuit help exit-codes\n", declare_help},
    Command{daemons, "up", "Start the daemons that do not run; return when all are ready.",
            "  circuit up\n  circuit up --data /srv/circuit --config circuit.toml\n", declare_up},
    Command{daemons, "down", "Stop the daemons; what is acknowledged is kept.",
            "  circuit down\n  circuit down --data /srv/circuit\n", declare_down},
    Command{daemons, "status", "Which daemons run since when, the queues, and the workers.",
            "  circuit status\n  circuit status --json\n", declare_status},
    Command{
        sell, "submit", "Order a product.",
        "  circuit submit LICENSE_KEY_V1 --customer customer_001 --wait\n"
        "  circuit submit DATA_ANALYSIS_V1 --customer customer_001 --csv sales.csv --key sales-2026 --wait\n"
        "  circuit submit MY_PRODUCT --customer c1 --input csv=a.csv --input notes=b.txt --metadata '{\"cart\":7}'\n",
        declare_submit},
    Command{sell, "pay", "Confirm the payment of an order, where the config leaves that to a person.",
            "  circuit pay ord_01h455vb4pex5vsknk084sn02q\n", declare_pay},
    Command{sell, "refund", "Give the money of an order back.",
            "  circuit refund ord_01h455vb4pex5vsknk084sn02q --reason \"ordered twice\"\n", declare_refund},
    Command{sell, "cancel", "Cancel an order that is not paid.", "  circuit cancel ord_01h455vb4pex5vsknk084sn02q\n",
            declare_cancel},
    Command{sell, "order", "Where one order stands, and all that happened to it.",
            "  circuit order ord_01h455vb4pex5vsknk084sn02q\n"
            "  circuit order ord_01h455vb4pex5vsknk084sn02q --json\n",
            declare_order},
    Command{sell, "orders", "List orders, the oldest first.",
            "  circuit orders\n  circuit orders --status paid --max 20\n  circuit orders --after "
            "ord_01h455vb4pex5vsknk084sn02q --json\n",
            declare_orders},
    Command{sell, "receipt", "The receipt of a fulfilled order: the same bytes each time.",
            "  circuit receipt ord_01h455vb4pex5vsknk084sn02q\n"
            "  circuit receipt ord_01h455vb4pex5vsknk084sn02q --json > receipt.json\n"
            "  circuit receipt --refund ord_01h455vb4pex5vsknk084sn02q\n",
            declare_receipt},
    Command{sell, "deliver", "Fetch what an order delivered, with its delivery token.",
            "  circuit deliver tok_AZ3T...\n  circuit deliver tok_AZ3T... --out ./report --force\n", declare_deliver},
    Command{sell, "license", "Check a licence, print the key that checks it, list the revoked ones.",
            "  circuit license verify license.txt\n"
            "  circuit license key > license-key.txt            the public key, to give away\n"
            "  circuit license verify license.txt --key license-key.txt     needs no circuit\n"
            "  circuit license revoked\n",
            declare_license},
    Command{look, "stats", "Orders, revenue, rates, and how long delivery takes.",
            "  circuit stats\n"
            "  circuit stats --recount            counts all events again; both must agree\n",
            declare_stats},
    Command{look, "tail", "The newest events; with --follow also those to come.",
            "  circuit tail\n  circuit tail --follow --type order_fulfilled\n"
            "  circuit tail --from 1 --customer customer_001 --json\n",
            declare_tail},
    Command{look, "verify", "Check the audit log: its chain, and its newest lines against the broker's events.",
            "  circuit verify\n  circuit verify --full\n  circuit verify --audit /mnt/audit-copy\n", declare_verify},
    Command{
        look, "replay", "Rebuild every order's state from the events alone, and compare it with what the broker says.",
        "  circuit replay\n"
        "  circuit replay --audit /mnt/audit-copy         the events of a log's lines, then the broker's newer ones\n"
        "  circuit replay --backup /mnt/backup            a backup's log by itself\n",
        declare_replay},
    Command{look, "export", "Write all orders, events and totals to a file, for other programs: a JSON object a line.",
            "  circuit export everything.jsonl\n  circuit export - | gzip > everything.jsonl.gz\n", declare_export},
    Command{keep, "backup", "Copy all that a circuit knows to a new directory, while it runs.",
            "  circuit backup /mnt/backup/2026-01-02\n"
            "  circuit backup /mnt/safe/2026-01-02 --with-keys\n",
            declare_backup},
    Command{keep, "restore", "Put a backup into an empty data directory; check one; accept what a restored one lacks.",
            "  circuit restore --check /mnt/backup/2026-01-02\n"
            "  circuit restore /mnt/backup/2026-01-02 --data /srv/circuit --keys-from /mnt/safe/keys\n"
            "  circuit restore --accept-loss --data /srv/circuit\n",
            declare_restore},
    Command{repair, "attention", "Every order that is not moving: why, when the next try is, what to do.",
            "  circuit attention\n  circuit attention --exit-code || mail -s 'orders stand still' ops < /dev/null\n",
            declare_attention},
    Command{repair, "retry", "Try an order again, now that its cause is mended.",
            "  circuit retry ord_01h455vb4pex5vsknk084sn02q\n", declare_retry},
    Command{develop, "bench", "Measure whole lifecycles on daemons of its own.",
            "  circuit bench\n  circuit bench --orders 200000 --window 4000\n  circuit bench --rate 2000 --json\n",
            declare_bench},
    Command{develop, "test", "Run the tests of the clone.", "  circuit test\n", declare_test},
    Command{develop, "version", "Print the version.", "  circuit version\n", declare_version},
};

}  // namespace

std::span<const Command> commands() { return table; }

const Command* find_command(std::string_view name) {
  for (const Command& command : table)
    if (command.name == name) return &command;
  return nullptr;
}

}  // namespace circuit::cli
