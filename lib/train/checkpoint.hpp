#pragma once

#include <filesystem>
#include <string>

#include <halfulp/lib/train/training.hpp>

// A run as a .safetensors file, from which it goes on to the bits that it would have had: parameters, what the optimiser and
// the loss scaling remember, and the metrics of the epochs that are done, whose number is the position of the generator.

namespace halfulp::train {

/// What two runs have in common that may share a checkpoint: all of a Run but its threads, and the data, of which it has a hash.
std::string identity(const Run& run, const Split& data);

/// Writes the file as a whole: who is interrupted leaves the one that was there. Throws InputError.
void write_checkpoint(const std::filesystem::path& path, const std::string& identity, const Run& run,
                      const State& state);

/// Throws InputError, naming the file, if it is not whole, if its tensors have not the hash that it holds, if it is of another run,
/// or if a value is none that a run can leave.
State read_checkpoint(const std::filesystem::path& path, const std::string& identity, const Run& run);

}  // namespace halfulp::train
