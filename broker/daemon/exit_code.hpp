// What a daemon tells its supervisor (the numbers of sysexits.h). 75 and 74 may pass by themselves, so a restart makes
// sense; 64 and 78 need a person first: ops/ lists them as not to be restarted.
#pragma once

namespace circuit::daemon {

enum class ExitCode : int {
  ok = 0,            // asked to stop, and drained
  usage = 64,        // the command line
  internal = 70,     // any exception that is none of the others
  io = 74,           // std::system_error, so also std::filesystem::filesystem_error
  unavailable = 75,  // LockHeld: another daemon has the directory
  config = 78,       // ConfigError: the config file, or what it refers to
};

}  // namespace circuit::daemon
