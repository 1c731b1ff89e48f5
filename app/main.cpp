#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <iostream>
#include <new>

#include "command.hpp"
#include "interruption.hpp"

int main(int argc, char** argv) {
    tell_interruptions();
    CLI::App program{"halfulp predicts, bit for bit, what low-precision arithmetic does.", "halfulp"};
    program.footer(
        "Example: halfulp exercises\nExit status: 0 done and right, 1 mismatch, 2 bad usage or input, "
        "77 nothing could be run, 128 and a number if that signal ended it");
    program.set_version_flag("--version", HALFULP_VERSION);
    program.require_subcommand(1);
    int status = exit_status::right;
    for (const auto add :
         {add_exercises, add_formats, add_show,    add_eval,   add_vectors, add_testfloat,  add_fptest, add_verify,
          add_units,     add_mma,     add_explain, add_replay, add_onnx,    add_gpu,        add_ptx,    add_condition,
          add_quantize,  add_plan,    add_train,   add_bench,  add_report,  add_completion, add_man})
        add(program, status);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) return program.exit(error);
        fmt::print(stderr, "halfulp: {}; see --help\n", error.what());
        return exit_status::bad_input;
    } catch (const std::bad_alloc&) {
        fmt::print(stderr, "halfulp: not enough memory for what was asked\n");
        return exit_status::bad_input;
    } catch (const std::exception& error) {
        fmt::print(stderr, "halfulp: {}\n", error.what());
        return exit_status::bad_input;
    }
    std::cout.flush();
    if (!std::cout || std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
        fmt::print(stderr, "halfulp: standard output could not be written\n");
        return exit_status::bad_input;
    }
    return status;
}
