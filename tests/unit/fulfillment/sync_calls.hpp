// What this process asked the disk for, by name and in order. fsync and rename are replaced for the whole test program;
// they still do what they do.
#pragma once

#include <string>
#include <vector>

// Since the last call of this: "fsync <path>", "rename <from> <to>".
std::vector<std::string> take_sync_calls();
