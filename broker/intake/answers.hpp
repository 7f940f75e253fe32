// Answers to requests that only read: an order, its receipt, the totals, and what operators ask for. They read what is
// committed.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "broker/config/settings.hpp"
#include "broker/intake/route.hpp"
#include "broker/journal/journal.hpp"
#include "schema/license.hpp"
#include "schema/reply.hpp"
#include "schema/request.hpp"
#include "schema/token.hpp"

namespace circuit::intake {

// Figures of the running broker that are in no journal.
struct Gauges {
  std::size_t runnable = 0;
  std::size_t queued_payment = 0;
  std::size_t queued_fulfillment = 0;
  std::size_t leased = 0;
  bool accepting = true;
  std::map<std::string_view, std::uint64_t> attention;  // orders that do not move, by reason
  struct WorkerLine {
    std::string name;
    std::string role;
    std::uint32_t credit = 0;
    std::uint32_t leased = 0;
  };
  std::vector<WorkerLine> workers;
};

class Answers {
 public:
  Answers(journal::Journal& journal, const config::Settings& settings, const schema::Key32& token_key,
          const schema::LicenseSecretKey& license_key, std::int64_t started_at)
      : journal_(journal),
        settings_(settings),
        payment_url_(settings.payment.url),
        token_key_(token_key),
        license_key_(license_key),
        started_at_(started_at) {}

  // Each gives a whole reply. `id` is the packed request id.
  [[nodiscard]] std::string order(std::string_view id, const schema::Uuid& order, const Route& route);
  [[nodiscard]] std::string receipt(std::string_view id, const schema::Uuid& order, const Route& route);
  [[nodiscard]] std::string stats(std::string_view id, const std::map<std::string, std::uint64_t>& push_refused) const;
  [[nodiscard]] std::string ping(std::string_view id) const;
  [[nodiscard]] std::string list_orders(std::string_view id, const schema::ListOrders& request);
  [[nodiscard]] std::string attention(std::string_view id, const schema::GetAttention& request, std::int64_t now);
  [[nodiscard]] std::string redeem(std::string_view id, std::string_view token, std::int64_t now);
  [[nodiscard]] std::string status(std::string_view id, const Gauges& gauges) const;

  // What was kept and what counting all events again gives. Slow: for a thread of its own.
  [[nodiscard]] std::string recount(std::string_view id, const schema::Totals& kept);

  // Copies the journal into the directory. Slow too; what goes wrong becomes a refusal.
  [[nodiscard]] std::string backup(std::string_view id, const std::filesystem::path& directory);

  [[nodiscard]] std::string created(std::string_view id, const schema::Uuid& order, schema::Status status,
                                    bool replayed) const;

 private:
  // The setting's text around "{order_id}".
  struct PaymentUrl {
    explicit PaymentUrl(std::string_view url);
    [[nodiscard]] std::string of(std::string_view order_id) const;
    std::string before, after;
  };

  journal::Journal& journal_;
  const config::Settings& settings_;
  const PaymentUrl payment_url_;
  const schema::Key32 token_key_;
  const schema::LicenseSecretKey license_key_;
  const std::int64_t started_at_;
};

}  // namespace circuit::intake
