// How the programs that analyze data ask the kernel for memory: in pages of 2 MiB where it has them.
//
// Columns of numbers are large and are touched from one end to the other; with pages of 4 KiB half of the time of an
// analysis goes to page faults (ops/decisions/0019).

// jemalloc(3) reads it at the first allocation.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "thp:always";
}
