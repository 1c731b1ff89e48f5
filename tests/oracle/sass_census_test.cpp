// Claim: ptxas takes the PTX of every kernel for every target from the kernel's own on, and makes of its matrix
// instructions what lowering_of says: as many of them, or, where there is a loop, a multiple. What a kernel multiplies
// and adds in f32 stays apart, and what it fuses stays fused: as many FMUL, FADD and FFMA as the PTX has, or, where
// there is a loop, some of the same.
// Oracle: ptxas; skipped where there is none. Shared with the reader of cubins, which is tested apart: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <halfulp/gpu/kernel/ptx_text.hpp>
#include <halfulp/gpu/sass/census.hpp>

#include "support/folder.hpp"
#include "support/ptx_entries.hpp"

namespace {

using namespace halfulp;
using namespace halfulp::gpu;

constexpr int targets[] = {75, 80, 86, 87, 89, 90, 100, 120};

int own_target(std::string_view ptx) {
    constexpr std::string_view word = "\n.target sm_";
    return std::stoi(std::string(ptx.substr(ptx.find(word) + word.size(), 3)));
}

/// A folder of this process's own, which goes with it.
class Folder {
  public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "sass_census_XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
        path_ = name;
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string file(std::string_view name) const { return (path_ / name).string(); }

  private:
    std::filesystem::path path_;
};

std::vector<CubinKernel> assembled(const Folder& folder, const PtxText& ptx, int target) {
    const std::string in = folder.file("in.ptx"), out = folder.file("out.cubin");
    std::ofstream(in) << ptx.text;
    const std::string command =
        HALFULP_PTXAS " -arch=sm_" + std::to_string(target) + " '" + in + "' -o '" + out + "' 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0) << ptx.file << " for sm_" << target;
    return read_cubin(test::content(out), std::string(ptx.file));
}

/// What the matrix instructions of a kernel become.
Census expected_matrix_census(const PtxEntry& entry, int target) {
    Census census;
    for (const std::string& opcode : entry.opcodes)
        if (const Lowering lowering = lowering_of(opcode, target); !lowering.sass.empty())
            census[lowering.sass] += lowering.count;
    return census;
}

bool is_scalar(std::string_view name) { return name == "FADD" || name == "FMUL" || name == "FFMA"; }

Census part_of(const Census& census, bool scalar) {
    Census part;
    for (const auto& [name, count] : census)
        if (is_scalar(name) == scalar) part[name] = count;
    return part;
}

std::vector<std::string> names_of(const Census& census) {
    std::vector<std::string> names;
    for (const auto& [name, count] : census) names.push_back(name);
    return names;
}

/// ptxas may copy the body of a loop. Whether it has.
bool expect_matrix_census(const PtxEntry& entry, const Census& found, const Census& expected) {
    if (found == expected) return false;
    EXPECT_TRUE(entry.has_loop);
    EXPECT_EQ(names_of(found), names_of(expected));
    for (const auto& [name, count] : expected)
        EXPECT_EQ(found.at(name) % count, 0U) << name << ": " << found.at(name) << " of " << count;
    return true;
}

/// Quotients and square roots are made of the same instructions.
bool has_division(const PtxEntry& entry) {
    return std::any_of(entry.opcodes.begin(), entry.opcodes.end(), [](const std::string& opcode) {
        return opcode.starts_with("div.rn.") || opcode.starts_with("sqrt.rn.");
    });
}

Census expected_scalar_census(const PtxEntry& entry, int target) {
    Census census;
    for (const std::string& opcode : entry.opcodes) {
        if (const std::size_t additions = lowering_of(opcode, target).additions; additions > 0)
            census["FADD"] += additions;
        if (opcode == "add.rn.f32" || opcode == "sub.rn.f32") ++census["FADD"];
        if (opcode == "mul.rn.f32") ++census["FMUL"];
        if (opcode == "fma.rn.f32") ++census["FFMA"];
    }
    return census;
}

void expect_scalar_census(const PtxEntry& entry, const Census& found, int target) {
    if (has_division(entry)) return;
    const Census expected = expected_scalar_census(entry, target);
    if (entry.has_loop)
        EXPECT_EQ(names_of(found), names_of(expected));
    else
        EXPECT_EQ(found, expected);
}

TEST(SassCensus, MatrixInstructionsAndFusedOnesAreThoseOfThePtx) {
    if (std::string_view(HALFULP_PTXAS).find("NOTFOUND") != std::string_view::npos) GTEST_SKIP() << "no ptxas";
    const Folder folder;
    std::size_t kernels = 0, matrix_instructions = 0;
    for (const PtxText& ptx : ptx_texts()) {
        std::map<std::string, PtxEntry> entries;
        for (PtxEntry& entry : ptx_entries(ptx.text)) entries.emplace(entry.name, std::move(entry));
        for (const int target : targets) {
            if (target < own_target(ptx.text)) continue;
            const auto made = assembled(folder, ptx, target);
            EXPECT_EQ(made.size(), entries.size()) << ptx.file;
            for (const CubinKernel& kernel : made) {
                SCOPED_TRACE(kernel.name + " for sm_" + std::to_string(target));
                const PtxEntry& entry = entries.at(kernel.name);
                const Census found = census_of(kernel.code);
                const Census matrix = part_of(found, false);
                if (expect_matrix_census(entry, matrix, expected_matrix_census(entry, target)))
                    std::cout << kernel.name << " for sm_" << target << ": a loop is copied\n";
                expect_scalar_census(entry, part_of(found, true), target);
                for (const auto& [name, count] : matrix) matrix_instructions += count;
                ++kernels;
            }
        }
    }
    EXPECT_GT(matrix_instructions, 2000U);
    std::cout << kernels << " kernels in all targets, " << matrix_instructions << " matrix instructions\n";
}

}  // namespace
