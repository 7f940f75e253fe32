#include "broker/relay/upstreams.hpp"

#include <utility>

namespace circuit::relay {

void Upstreams::replace(const std::vector<config::Upstream>& upstreams) {
  auto table = std::make_shared<Table>();
  for (const config::Upstream& upstream : upstreams)
    table->emplace(upstream.public_key, std::make_shared<const config::Upstream>(upstream));
  const std::scoped_lock lock(mutex_);
  table_ = std::move(table);
}

std::shared_ptr<const config::Upstream> Upstreams::find(std::string_view public_key) const {
  std::shared_ptr<const Table> table;
  {
    const std::scoped_lock lock(mutex_);
    table = table_;
  }
  const auto found = table->find(std::string(public_key));
  return found == table->end() ? nullptr : found->second;
}

}  // namespace circuit::relay
