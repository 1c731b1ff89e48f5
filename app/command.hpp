#pragma once

#include <CLI/CLI.hpp>

// A command adds itself to the program and leaves its exit status in `status`.

/// The exit statuses of every command.
namespace exit_status {
constexpr int right = 0;         ///< done, and everything matched
constexpr int mismatch = 1;      ///< something differed
constexpr int bad_input = 2;     ///< bad usage or input
constexpr int nothing_run = 77;  ///< nothing could be run
}  // namespace exit_status

void add_bench(CLI::App& program, int& status);
void add_completion(CLI::App& program, int& status);
void add_condition(CLI::App& program, int& status);
void add_eval(CLI::App& program, int& status);
void add_exercises(CLI::App& program, int& status);
void add_explain(CLI::App& program, int& status);
void add_fptest(CLI::App& program, int& status);
void add_formats(CLI::App& program, int& status);
void add_gpu(CLI::App& program, int& status);
void add_man(CLI::App& program, int& status);
void add_mma(CLI::App& program, int& status);
void add_onnx(CLI::App& program, int& status);
void add_plan(CLI::App& program, int& status);
void add_ptx(CLI::App& program, int& status);
void add_quantize(CLI::App& program, int& status);
void add_replay(CLI::App& program, int& status);
void add_report(CLI::App& program, int& status);
void add_show(CLI::App& program, int& status);
void add_testfloat(CLI::App& program, int& status);
void add_train(CLI::App& program, int& status);
void add_units(CLI::App& program, int& status);
void add_vectors(CLI::App& program, int& status);
void add_verify(CLI::App& program, int& status);
