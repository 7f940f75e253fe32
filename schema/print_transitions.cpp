// Prints the reference page of the transitions.
#include <cstdio>

#include "schema/transitions_page.hpp"

int main() { std::fputs(circuit::schema::transitions_page().c_str(), stdout); }
