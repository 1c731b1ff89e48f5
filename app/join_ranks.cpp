#include "join_ranks.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <string>

#include <halfulp/lib/io/shared_library.hpp>
#include <halfulp/lib/io/text_file.hpp>

#include "names.hpp"

namespace {

using namespace halfulp;

/// How many ranks the launcher says that it started: Open MPI's, then that of MPICH and its relatives.
std::uint64_t ranks_started() {
    for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"})
        if (const char* text = std::getenv(name); text != nullptr) return whole_number(text).value_or(1);
    return 1;
}

}  // namespace

std::unique_ptr<Ranks> join_ranks() {
    const std::uint64_t started = ranks_started();
    if (started < 2) return nullptr;
    const auto library = open_library({"halfulp_mpi.so"});
    const auto join = library ? reinterpret_cast<Ranks* (*)()>(address_of(library, "halfulp_join_ranks")) : nullptr;
    if (join == nullptr)
        throw InputError(
            fmt::format("expected halfulp_mpi.so, as {} ranks of MPI were started; found none that can be loaded: "
                        "it is built where MPI is (Debian: libopenmpi-dev)",
                        started));
    std::unique_ptr<Ranks> ranks(join());
    if (ranks->size() != started)
        throw InputError(
            fmt::format("expected {} ranks of MPI, as were started; halfulp_mpi.so, built for another MPI, found {}",
                        started, ranks->size()));
    return ranks;
}
