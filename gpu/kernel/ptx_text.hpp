#pragma once

#include <span>
#include <string_view>

namespace halfulp::gpu {

/// A file of gpu/kernel/ptx as the library carries it.
struct PtxText {
    std::string_view file;    ///< without its ending
    std::string_view text;    ///< as nvcc wrote it
    std::string_view sha256;  ///< of the text, in hexadecimal digits
};

/// Every file, by name.
std::span<const PtxText> ptx_texts();

/// The PTX of gpu/kernel/FILE.cu; empty if there is no such file.
std::string_view ptx_text(std::string_view file);

}  // namespace halfulp::gpu
