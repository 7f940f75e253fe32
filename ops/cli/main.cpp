// circuit: what a person types to run the circuit and to look after it.
#include "ops/cli/run.hpp"

int main(int argc, char** argv) { return circuit::cli::run(argc, argv); }
