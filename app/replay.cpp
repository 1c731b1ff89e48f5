#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/replay.hpp>

#include "command.hpp"

namespace {

using namespace halfulp;

struct Total {
    std::size_t matches = 0, rows = 0;

    int status() const {
        fmt::print("total {}/{}\n", matches, rows);
        return matches == rows ? exit_status::right : exit_status::mismatch;
    }
};

int replay_recordings(const std::vector<std::string>& folders) {
    Total total;
    for (const std::string& folder : folders) {
        for (const RecordingFiles& files : find_recordings(folder)) {
            const Recording recording = read_recording(files);
            const Replay result = replay(recording, *recording.spec);
            total.matches += result.matches;
            total.rows += result.rows;
            fmt::print("{} {}->{} {}/{}", files.gpu, files.input, files.output, result.matches, result.rows);
            if (result.matches < result.rows) fmt::print(", first mismatch in row {}", result.first_mismatch + 1);
            fmt::print("\n");
        }
    }
    return total.status();
}

int replay_directed(const std::string& path) {
    Total total;
    for (const DirectedVector& vector : read_directed(path)) {
        const std::uint64_t d = replay(vector);
        const int digits = vector.spec->accumulator.width() / 4;
        const bool match = d == vector.d;
        ++total.rows;
        total.matches += match ? 1 : 0;
        fmt::print("{} {} {} {:0{}x}", vector.id, vector.gpu, vector.formats, d, digits);
        if (match)
            fmt::print(" match\n");
        else
            fmt::print(" MISMATCH, expected {:0{}x}: {} ({})\n", vector.d, digits, vector.note, vector.source);
    }
    return total.status();
}

struct ReplayRequest {
    std::vector<std::string> folders;
    std::string directed;
};

int run_replay(const ReplayRequest& options) {
    if (options.folders.empty() == options.directed.empty())
        throw InputError("replay: expected either folders or --directed FILE");
    return options.directed.empty() ? replay_recordings(options.folders) : replay_directed(options.directed);
}

}  // namespace

void add_replay(CLI::App& program, int& status) {
    CLI::App* command = program.add_subcommand("replay", "Recorded results of matrix units against their models");
    const auto options = std::make_shared<ReplayRequest>();
    command->add_option("folder", options->folders,
                        "Folders with <GPU>/<format>/{a,b,c,d}_*.txt, such as a checkout of MATLAB-tensor-core");
    command->add_option("--directed", options->directed, "A table of directed vectors instead, separated by tabs");
    command->footer("Example: halfulp replay MATLAB-tensor-core/model_validation");
    command->callback([options, &status] { status = run_replay(*options); });
}
