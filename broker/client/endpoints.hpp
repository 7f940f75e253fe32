// Where the sockets are (DESIGN §3.5): ipc below the data directory's run/, and what the config adds.
#pragma once

#include <filesystem>
#include <string>

namespace circuit::client {

inline std::string ipc_endpoint(const std::filesystem::path& data, const char* name) {
  return "ipc://" + (data / "run" / name).string();
}
inline std::string orders_endpoint(const std::filesystem::path& data) { return ipc_endpoint(data, "orders.sock"); }
inline std::string orders_push_endpoint(const std::filesystem::path& data) {
  return ipc_endpoint(data, "orders-push.sock");
}
inline std::string work_endpoint(const std::filesystem::path& data) { return ipc_endpoint(data, "work.sock"); }
inline std::string control_endpoint(const std::filesystem::path& data) { return ipc_endpoint(data, "control.sock"); }
// Only circuit-relay speaks there, for the upstreams on the network.
inline std::string relay_endpoint(const std::filesystem::path& data) { return ipc_endpoint(data, "relay.sock"); }
inline std::string events_endpoint(const std::filesystem::path& data) { return ipc_endpoint(data, "events.sock"); }
inline std::string replay_endpoint(const std::filesystem::path& data) { return ipc_endpoint(data, "replay.sock"); }
inline std::string sandbox_endpoint(const std::filesystem::path& data) { return ipc_endpoint(data, "sandbox.sock"); }

}  // namespace circuit::client
