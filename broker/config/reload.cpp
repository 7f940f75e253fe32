#include "broker/config/reload.hpp"

#include "broker/config/config_error.hpp"
#include "broker/config/settings_table.hpp"
#include "schema/limits.hpp"

namespace circuit::config {
namespace {

void check_inputs(const Settings& running, const Settings& fresh) {
  const auto room = running.limits.message_bytes_max - static_cast<std::int64_t>(schema::request_overhead_bytes_max);
  for (const Product& product : fresh.products) {
    if (product.input_bytes_max <= room) continue;
    throw ConfigError("product " + product.id + ": its input_bytes_max of " + number_text(product.input_bytes_max) +
                      " needs a larger limits.message_bytes_max than the running one, " +
                      number_text(running.limits.message_bytes_max) + "; restart the daemons to change both");
  }
}

std::vector<std::string> changed_products(const Settings& running, const Settings& fresh) {
  std::vector<std::string> changes;
  for (const Product& product : fresh.products) {
    const Product* old = find_product(running, product.id);
    if (!old) changes.push_back("product " + product.id + " is new");
    if (old && *old != product) changes.push_back("product " + product.id + " is changed");
  }
  for (const Product& product : running.products)
    if (!find_product(fresh, product.id)) changes.push_back("product " + product.id + " is not sold any more");
  return changes;
}

std::vector<std::string> changed_upstreams(const Settings& running, const Settings& fresh) {
  std::vector<std::string> changes;
  for (const Upstream& upstream : fresh.upstreams) {
    const Upstream* old = find_upstream(running, upstream.name);
    if (!old) changes.push_back("upstream " + upstream.name + " is new");
    if (old && *old != upstream) changes.push_back("upstream " + upstream.name + " is changed");
  }
  for (const Upstream& upstream : running.upstreams)
    if (!find_upstream(fresh, upstream.name)) changes.push_back("upstream " + upstream.name + " may not come any more");
  return changes;
}

}  // namespace

Reload take_over(Settings& running, Settings fresh) {
  check_inputs(running, fresh);
  Reload reload;
  for (const SettingRow& row : setting_rows())
    if (value_text(row, running) != value_text(row, fresh))
      reload.need_restart.push_back(std::string(row.section) + '.' + std::string(row.key));
  reload.taken = changed_products(running, fresh);
  for (std::string& change : changed_upstreams(running, fresh)) reload.taken.push_back(std::move(change));
  running.products = std::move(fresh.products);
  running.upstreams = std::move(fresh.upstreams);
  return reload;
}

}  // namespace circuit::config
