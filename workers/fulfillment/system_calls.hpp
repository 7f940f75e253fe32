// The system calls that a program of the operator is refused, as a filter for seccomp(2). Landlock decides which files
// a program may open; this closes what goes around it: sockets, other processes, System V memory, namespaces, and the
// calls that change a file by its path without opening it.
//
// A call that an honest program makes by the way (chmod in `cp -p`, in `tar`) is answered with success and not made:
// modes, owners and times of a deliverable are not kept anyway. Others fail with an error that programs know.
#pragma once

#include <linux/filter.h>

#include <vector>

namespace circuit::fulfillment {

// With `network`, sockets of IPv4 and IPv6 are allowed (and netlink, which looks up addresses); never unix sockets.
[[nodiscard]] std::vector<sock_filter> system_call_filter(bool network);

}  // namespace circuit::fulfillment
