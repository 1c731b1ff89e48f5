# Writes a C++ source with the text of every PTX file.   cmake -D FROM=FOLDER -D TO=FILE.cpp -P embed.cmake
cmake_minimum_required(VERSION 3.25)

file(GLOB files RELATIVE ${FROM} ${FROM}/*.ptx)
set(rows "")
foreach(file IN LISTS files)
  cmake_path(GET file STEM name)
  file(READ ${FROM}/${file} text)
  file(SHA256 ${FROM}/${file} hash)
  string(APPEND rows "    {\"${name}\", R\"ptx(${text})ptx\"sv, \"${hash}\"},\n")
endforeach()
file(WRITE ${TO} "// Written by gpu/kernel/embed.cmake.
#include <halfulp/gpu/kernel/ptx_text.hpp>

namespace halfulp::gpu {

using namespace std::string_view_literals;

namespace {

constexpr PtxText texts[] = {
${rows}};

}  // namespace

std::span<const PtxText> ptx_texts() { return texts; }

}  // namespace halfulp::gpu
")
