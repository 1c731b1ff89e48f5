#pragma once

#include <cstdint>
#include <string>

#include <halfulp/lib/report/plot_layout.hpp>

// Pictures drawn by the program gnuplot (Debian: gnuplot-nox), which must be installed.

namespace halfulp {

/// The format of a picture's file.
enum class Image : std::uint8_t { Svg, Png };

/// What gnuplot is told, in its own language: nothing of the plot's text is taken for a part of it.
std::string gnuplot_script(const Plot& plot, const Canvas& canvas, Image image);

/// What the program leaves on its standard output when it is given the script. Throws std::runtime_error, in one line,
/// if there is no such program, or if it fails.
std::string run_gnuplot(const std::string& script, const char* program = "gnuplot");

}  // namespace halfulp
