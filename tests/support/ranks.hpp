#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "support/program.hpp"

// The program on several ranks of MPI; HALFULP_MPIRUN is what starts them, empty where there is none.

namespace halfulp::test {

/// As root too, and with more ranks than cores, which Open MPI else refuses. It unloads libraries with memory that they still
/// have, which no suppression can name.
inline bool can_start_ranks() {
    for (const char* name :
         {"OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "OMPI_MCA_rmaps_base_oversubscribe"})
        setenv(name, "1", 1);
    setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
    return std::filesystem::exists(HALFULP_MPIRUN);
}

inline Outcome on_ranks(int ranks, const std::string& arguments) {
    return shell("'" HALFULP_MPIRUN "' -n " + std::to_string(ranks) + " '" HALFULP_PROGRAM "' " + arguments);
}

}  // namespace halfulp::test
