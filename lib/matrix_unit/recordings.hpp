#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <halfulp/lib/matrix_unit/spec.hpp>

// Recorded results of matrix units, in the layout of the public repository
// north-numerical-computing/MATLAB-tensor-core (Khattak & Mikaitis, arXiv:2512.07004):
//     model_validation/<GPU>/<input>/{a,b}_<GPU>_<input>.txt    rows of K binary32 words, 8 hexadecimal digits each
//     model_validation/<GPU>/<input>/{c,d}_<GPU>_<output>.txt   a binary32 word a row, 32 binary digits

namespace halfulp {

/// Dot products d = c + a.b as one GPU computed them. Codes in the formats of `spec`; row i of a and b is
/// a[i * k] to a[i * k + k - 1].
struct Recording {
    std::string gpu;                        ///< as the folder names it
    std::string input;                      ///< as the folder names it: fp16, bf16, tf32, E4M3, E5M2
    std::string output;                     ///< fp32 or fp16
    const MmaSpec* spec = nullptr;          ///< the unit that computed it
    std::size_t k = 0;                      ///< elements of a dot product
    std::vector<std::uint64_t> a, b, c, d;  ///< codes, a dot product after another
};

/// Where one recording lies, before it is read.
struct RecordingFiles {
    std::filesystem::path folder;    ///< where its files are
    std::string gpu, input, output;  ///< as the folders are called
};

/// All recordings below a folder, in alphabetical order: a checkout of the repository, its model_validation, or the
/// folder of one GPU. Throws InputError if there are none, for a folder that is no GPU of the table, and for a folder
/// of a format without results.
std::vector<RecordingFiles> find_recordings(const std::filesystem::path& folder);

/// Reads one recording. Throws InputError with file and line for a missing file, a row or word of the wrong width, a
/// digit that is none, a number that the format does not have, and files of different length.
Recording read_recording(const RecordingFiles& files);

}  // namespace halfulp
