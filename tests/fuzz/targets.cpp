#include "fuzz/targets.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <halfulp/gpu/ptx/check.hpp>
#include <halfulp/gpu/ptx/machine.hpp>
#include <halfulp/gpu/sass/census.hpp>
#include <halfulp/gpu/sass/cubin.hpp>
#include <halfulp/lib/conformance/fpgen.hpp>
#include <halfulp/lib/conformance/testfloat.hpp>
#include <halfulp/lib/diagnose/unit.hpp>
#include <halfulp/lib/io/matrix_market.hpp>
#include <halfulp/lib/io/npy.hpp>
#include <halfulp/lib/io/safetensors.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/directed.hpp>
#include <halfulp/lib/matrix_unit/instruction.hpp>
#include <halfulp/lib/matrix_unit/recordings.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/lib/onnx/read.hpp>
#include <halfulp/lib/onnx/run.hpp>
#include <halfulp/lib/train/checkpoint.hpp>
#include <halfulp/lib/train/data.hpp>
#include <halfulp/lib/verify/manifest.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/parse.hpp>

#include "support/ptx.hpp"

namespace halfulp::fuzz {
namespace {

/// Bytes as a regular file, in memory alone.
class File {
  public:
    explicit File(std::string_view bytes) : file_(memfd_create("fuzz", MFD_CLOEXEC)) {
        if (file_ < 0 || write(file_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
            throw std::runtime_error("no file in memory");
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { close(file_); }

    std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(file_); }

  private:
    int file_;
};

void npy(std::string_view bytes) {
    const File file(bytes);
    BinaryFile opened(file.path());
    (void)read_npy(opened);
}

void safetensors(std::string_view bytes) {
    const File file(bytes);
    for (const std::string& name : safetensors_names(file.path())) {
        BinaryFile opened(file.path());
        (void)read_safetensors(opened, name);
    }
}

void onnx_tensor(std::string_view bytes) { (void)onnx::read_tensor(File(bytes).path()); }

/// Runs it too, where it needs no input and little room.
void onnx_model(std::string_view bytes) { (void)onnx::run(onnx::read_model(File(bytes).path()), {}, 1 << 12); }

void matrix_market(std::string_view bytes) { (void)read_matrix_market(File(bytes).path()); }

void csv(std::string_view bytes) {
    const File file(bytes);
    for (const train::Loss loss : {train::Loss::CrossEntropy, train::Loss::MeanSquares}) {
        const train::Examples examples = train::read_csv(file.path(), {loss, 0});
        if (examples.rows() >= 5) (void)train::split(examples, loss);
    }
}

/// Four files in a folder, one after another in the bytes, with a line of = between them.
void recording(std::string_view bytes) {
    static const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("halfulp_fuzz_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    constexpr std::string_view between = "=\n";
    for (const char* name : {"a_A100_fp16.txt", "b_A100_fp16.txt", "c_A100_fp32.txt", "d_A100_fp32.txt"}) {
        const std::size_t end = std::min(bytes.find(between), bytes.size());
        write_text(folder / name, bytes.substr(0, end));
        bytes.remove_prefix(std::min(end + between.size(), bytes.size()));
    }
    struct Removal {
        ~Removal() { std::filesystem::remove_all(folder); }
    } const removal;
    (void)read_recording({folder, "A100", "fp16", "fp32"});
}

void directed(std::string_view bytes) { (void)read_directed(File(bytes).path()); }

void manifest(std::string_view bytes) { Manifest("fuzz", 4, 100).read(File(bytes).path()); }

void checkpoint(std::string_view bytes) {
    const train::Run run{{{1, 1}}, train::policies[0]};
    (void)train::read_checkpoint(File(bytes).path(), "fuzz", run);
}

/// The first line is a function and options, as they follow `halfulp testfloat`.
void testfloat(std::string_view bytes) {
    static const std::vector<TestFloatFunction> functions = testfloat_functions();
    const std::string_view head = bytes.substr(0, bytes.find('\n'));
    TestFloatOptions options;
    const TestFloatFunction* function = functions.data();
    for (const std::string_view word : split_words(head)) {
        if (apply_testfloat_option(word, options)) continue;
        const auto found = std::ranges::find(functions, word, &TestFloatFunction::name);
        if (found != functions.end()) function = &*found;
    }
    std::istringstream lines{std::string(bytes.substr(head.size()))};
    check_testfloat(*function, options, lines, [](const std::string&) {});
}

void fpgen(std::string_view bytes) {
    check_fpgen(
        File(bytes).path().string(), [](const std::string&) {}, [](const std::string&) {});
}

/// Launches its kernels too, with an address and a number.
void ptx_text(std::string_view bytes) {
    const ptx::Module module = ptx::parse(std::string(bytes), "fuzz.ptx");
    (void)ptx::remarks(module, "sm_120");
    for (const std::string& kernel : module.kernels()) {
        ptx::Machine machine("sm_120", {.step_limit = 2000, .unsuffixed = ptx::Unsuffixed::Nearest});
        const ptx::Address out = test::put(machine, std::vector<std::uint32_t>(64));
        const test::Arguments arguments = {test::argument(out), test::argument(std::uint32_t{3})};
        machine.launch(module, kernel, {{}, {32, 1, 1}}, arguments);
    }
}

void cubin(std::string_view bytes) {
    for (const gpu::CubinKernel& kernel : gpu::read_cubin(bytes, "fuzz.cubin")) (void)gpu::census_of(kernel.code);
}

void number(std::string_view bytes) {
    for (const NamedFormat& row : formats) (void)parse(row.format, bytes);
}

/// Of units, and of instructions of every processor; an argument of a command, and no long one.
void name(std::string_view bytes) {
    if (bytes.size() > 1000) return;
    for (const Processor& processor : processors) try {
            (void)find_instruction(processor.name, bytes);
        } catch (const InputError&) {
        }
    (void)find_units(bytes);
}

constexpr std::array table = {
    Target{"npy", npy},
    Target{"safetensors", safetensors},
    Target{"onnx_tensor", onnx_tensor},
    Target{"onnx_model", onnx_model},
    Target{"matrix_market", matrix_market},
    Target{"csv", csv},
    Target{"recording", recording},
    Target{"directed", directed},
    Target{"manifest", manifest},
    Target{"checkpoint", checkpoint},
    Target{"testfloat", testfloat},
    Target{"fpgen", fpgen},
    Target{"ptx", ptx_text},
    Target{"cubin", cubin},
    Target{"number", number},
    Target{"name", name},
};

}  // namespace

std::span<const Target> targets() { return table; }

void feed(const Target& target, std::string_view bytes) {
    try {
        target.parse(bytes);
    } catch (const InputError& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos)
            throw std::logic_error("a message of more than one line");
    } catch (const onnx::Unsupported&) {
    }
}

}  // namespace halfulp::fuzz
