// Claim: a test holds every code block of the README and of docs/: transcripts are what the commands print, commands run.
// Links lead to files.
// Oracle: the program; CMake's files and the tests' sources, for what is held elsewhere. Shared: nothing.
#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "support/folder.hpp"
#include "support/program.hpp"
#include "support/sections.hpp"
#include "support/tensor_files.hpp"
#include "support/transcripts.hpp"

namespace halfulp {
namespace {

namespace fs = std::filesystem;
using test::source;

/// What stands between two fences.
struct Block {
    std::string page, language, text;
    int line = 0;                ///< of the first fence
    std::string before_it = {};  ///< the language of the block above it
};

std::vector<Block> blocks_of(const std::string& page) {
    std::vector<Block> blocks;
    std::istringstream lines(source(page));
    bool open = false;
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        if (line.find("```") != 0) {
            if (open) blocks.back().text += line + '\n';
            continue;
        }
        open = !open;
        if (open) blocks.push_back({page, line.substr(3), "", number, blocks.empty() ? "" : blocks.back().language});
    }
    EXPECT_FALSE(open) << page;
    return blocks;
}

std::vector<std::string> pages() {
    std::vector<std::string> names{"README.md"};
    for (const auto& entry : fs::directory_iterator(HALFULP_SOURCE "/docs"))
        if (entry.path().extension() == ".md") names.push_back("docs/" + entry.path().filename().string());
    return names;
}

/// The sources of a folder's files of that ending, one after another.
std::string sources(const std::string& folder, const std::string& ending) {
    std::string text;
    for (const auto& entry : fs::recursive_directory_iterator(std::string(HALFULP_SOURCE "/") + folder))
        if (entry.path().string().ends_with(ending)) text += test::content(entry.path());
    return text;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Pages whose transcripts this test runs, each in a folder with links to the sources; how many commands they have.
struct Transcripts {
    std::string_view page;
    int commands;
};
constexpr std::array transcripts = {
    Transcripts{"README.md", 7},         Transcripts{"docs/program.md", 1},
    Transcripts{"docs/exercises.md", 5}, Transcripts{"docs/test-a-conversion.md", 1},
    Transcripts{"docs/ptx.md", 6},       Transcripts{"docs/validate-a-gemm.md", 6},
};

/// Commands of blocks of sh that no test runs, as they need a network, CUDA or MPI, whose tests are others.
constexpr std::array<std::string_view, 5> not_run = {"pip install .", "python3 -m venv ", "cuda/bin/pip install ",
                                                     "export CUDACXX=", "mpirun -n "};

/// What CMake builds, and is not there in the sources.
bool is_target(const std::string& name) {
    static const std::string files = source("CMakeLists.txt") + sources("bench", "CMakeLists.txt") +
                                     sources("gpu", ".cmake") + sources("gpu", "CMakeLists.txt") +
                                     source("tests/CMakeLists.txt");
    if (fs::exists(HALFULP_SOURCE "/bench/" + name + ".cpp")) return true;  // CMake makes a target of each
    return std::regex_search(files, std::regex("(add_executable|add_custom_target)\\(" + name + "\\b"));
}

/// Why nothing shows that a command of sh is right; empty if something does. Those of halfulp are run in the folder.
std::string complaint_of(const std::string& command, const fs::path& folder) {
    std::smatch found;
    const auto is = [&](const char* pattern) { return std::regex_match(command, found, std::regex(pattern)); };
    if (command.starts_with("halfulp ")) {
        const test::Outcome run = test::shell("cd '" + folder.string() + "' && '" HALFULP_PROGRAM "' " +
                                              command.substr(std::string("halfulp ").size()));
        return run.status == 0 ? "" : run.output;
    }
    if (is("cmake (--build )?--preset (\\w+)"))
        return contains(source("CMakePresets.json"), "\"name\": \"" + found[2].str() + "\"") ? "" : "no such preset";
    if (is("cmake --build build/dev --target (\\w+)") || is("build/\\w+/\\w+/(\\w+)( .*)?"))
        return is_target(found[1]) ? "" : "no such target";
    if (is("(\\./run|\\./check|tests/fuzz/run\\.sh build/fuzz/tests/fuzz_parsers.*)"))
        return fs::exists(HALFULP_SOURCE "/" + command.substr(0, command.find(' '))) ? "" : "no such file";
    for (const std::string_view known : not_run)
        if (command.starts_with(known)) return "";
    return "no test runs it";
}

/// Of a block of sh: comments are left out, && and lines part commands, a backslash continues a line.
std::vector<std::string> commands_of(std::string text) {
    text = std::regex_replace(text, std::regex("\\\\\n *"), "");
    text = std::regex_replace(text, std::regex(" +#[^\n]*"), "");
    text = std::regex_replace(text, std::regex(" && "), "\n");
    std::vector<std::string> commands;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) commands.push_back(line);
    return commands;
}

class CodeBlocks : public test::FolderTest {
  protected:
    void SetUp() override {
        for (const char* name : {"docs", "gpu", "tests"})
            fs::create_directory_symlink(fs::path(HALFULP_SOURCE) / name, folder / name);
        fs::copy(HALFULP_SOURCE "/docs/examples/digits/layer.npy", folder / "weights.npy");
    }

    /// Empty if something holds the block.
    std::string complaint_of(const Block& block) const {
        if (block.language == "cpp") return is_example(block.text) ? "" : "no file of docs/examples is this";
        if (block.language == "console") return is_transcript(block) ? "" : "no test runs it, or no line begins with $";
        if (block.language == "python") return "";  // python/tests/test_docs.py runs those of every page
        if (block.language == "text") return block.before_it == "python" ? "" : "no program above it prints it";
        if (block.page == "docs/using-the-library.md") return "";  // tests/packaging/page.sh runs its cmake and sh
        if (block.language != "sh")
            return "expected cpp, console, python, text or sh, found \"" + block.language + "\"";
        for (const std::string& command : commands_of(block.text))
            if (const std::string why = halfulp::complaint_of(command, folder); !why.empty())
                return command + ": " + why;
        return "";
    }

    static bool is_example(const std::string& text) {
        for (const auto& entry : fs::directory_iterator(HALFULP_SOURCE "/docs/examples"))
            if (entry.path().extension() == ".cpp" && test::content(entry.path()) == text) return true;
        return false;
    }

    static bool is_transcript(const Block& block) {
        static const std::string tests = sources("tests/unit", "_program_test.cpp");
        if (!block.text.starts_with("$ ")) return false;
        if (contains(tests, "expect_current(HALFULP_SOURCE \"/" + block.page + "\""))
            return block.text.starts_with("$ halfulp ");
        return std::any_of(transcripts.begin(), transcripts.end(), [&](const auto& t) { return t.page == block.page; });
    }
};

TEST_F(CodeBlocks, AreHeld) {
    int count = 0;
    for (const std::string& page : pages())
        for (const Block& block : blocks_of(page)) {
            EXPECT_EQ(complaint_of(block), "") << block.page << ':' << block.line;
            ++count;
        }
    EXPECT_GT(count, 50);
}

TEST_F(CodeBlocks, BesideThemLinksLeadToFiles) {
    const std::regex link("\\]\\(([^)#: ]+\\.[^)#: ]+)(#[^)]*)?\\)");
    int count = 0;
    for (const std::string& page : pages()) {
        const std::string text = source(page);
        for (auto found = std::sregex_iterator(text.begin(), text.end(), link); found != std::sregex_iterator();
             ++found) {
            EXPECT_TRUE(fs::exists(fs::path(HALFULP_SOURCE "/" + page).parent_path() / (*found)[1].str()))
                << page << ": " << (*found)[1];
            ++count;
        }
    }
    EXPECT_GT(count, 50);
}

TEST_F(CodeBlocks, ThatNothingHoldsAreFound) {
    const auto refused = [&](const std::string& language, const std::string& text) {
        return !complaint_of({.page = "README.md", .language = language, .text = text}).empty();
    };
    EXPECT_TRUE(refused("", "halfulp formats\n"));
    EXPECT_TRUE(refused("text", "anything\n"));
    EXPECT_TRUE(refused("cpp", "int main() {}\n"));
    EXPECT_TRUE(refused("console", "halfulp formats\n"));
    EXPECT_FALSE(refused("console", "$ halfulp formats\n"));
    EXPECT_TRUE(refused("sh", "halfulp formats --wrong\n"));
    EXPECT_FALSE(refused("sh", "halfulp formats  # all of them\n"));
    EXPECT_TRUE(refused("sh", "cmake --preset dev && cmake --build build/dev --target nothing\n"));
    EXPECT_TRUE(refused("sh", "cmake --preset nothing\n"));
    EXPECT_TRUE(refused("sh", "build/dev/tests/nothing 1\n"));
    EXPECT_TRUE(refused("sh", "make\n"));
}

TEST_F(CodeBlocks, TranscriptsAreCurrent) {
    const std::string program = HALFULP_PROGRAM;
    const std::string place =
        "export PATH='" + program.substr(0, program.rfind('/')) + "':\"$PATH\" && cd '" + folder.string();
    for (const auto& [page, commands] : transcripts)
        test::expect_current(
            HALFULP_SOURCE "/" + std::string(page), commands,
            [&](const std::string& command) { return test::shell(place + "' && { " + command + "; } 2>&1"); }, "$ ");
}

}  // namespace
}  // namespace halfulp
