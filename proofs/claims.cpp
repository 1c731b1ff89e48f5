// The register CLAIMS.md against the files of its folder, the exercises that rest on it, and what the proofs last said.
// claims FOLDER SEEN: FOLDER has the register and the files, SEEN what record kept of each run.

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <halfulp/lib/exercise/why.hpp>

namespace {

namespace fs = std::filesystem;

struct Claim {
    std::string section, id, sentence, scope, method, file, proof, status;
};

constexpr std::array statuses = {std::array{"Coq", "proved"},
                                 std::array{"Gappa", "proved"},
                                 std::array{"SMT", "proved"},
                                 std::array{"exhaustive", "exhaustive"},
                                 std::array{"static_assert", "static_assert"},
                                 std::array{"golden", "agrees"}};

int errors = 0;

void expect(bool holds, const std::string& message) {
    if (holds) return;
    ++errors;
    std::printf("error: %s\n", message.c_str());
}

std::string text_of(const fs::path& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// The rows of every table of the register: seven cells, of which the first begins with a small letter.
std::vector<Claim> claims_of(const fs::path& register_file) {
    static const std::regex row(
        "[|] ([^|]+) [|] ([^|]+) [|] ([^|]+) [|] ([^|]+) [|] ([^|]+) [|] ([^|]+) [|] ([^|]+) [|]");
    std::vector<Claim> claims;
    std::istringstream lines(text_of(register_file));
    std::string section;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("## ")) section = line.substr(3);
        if (std::smatch m; std::regex_match(line, m, row) && m[1] != "id")
            claims.push_back({section, m[1], m[2], m[3], m[4], m[5], m[6], m[7]});
        else
            expect(!line.starts_with("| ") || line.starts_with("| id |"), "expected seven cells, found " + line);
    }
    return claims;
}

/// All that the pattern's first group matches.
std::set<std::string> matches(const std::string& text, const char* pattern) {
    const std::regex regex(pattern);
    std::set<std::string> found;
    for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at) found.insert((*at)[1]);
    return found;
}

constexpr const char* names_in_backticks = "`([^`]+)`";
constexpr const char* theorems = "(?:^|\n)(?:Theorem|Corollary) ([A-Za-z0-9_]+)";

/// As a word of its own: 17b-11 has no 7b-11.
bool has_word(const std::string& text, const std::string& word) {
    const auto is_inside = [&](std::size_t at) {
        return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 || text[at] == '_');
    };
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
        if ((at == 0 || !is_inside(at - 1)) && !is_inside(at + word.size())) return true;
    return false;
}

/// A claim's method has its status, its file exists and has what proves it; all but Coq's files name the claim too.
void check_claim(const Claim& claim, const fs::path& folder) {
    expect(std::any_of(statuses.begin(), statuses.end(),
                       [&](auto& row) { return claim.method == row[0] && claim.status == row[1]; }),
           claim.id + ": no method with this status: " + claim.method + ", " + claim.status);
    const std::string text = text_of(folder / claim.file);
    expect(!text.empty(), claim.id + ": no file " + claim.file);
    const std::set<std::string> named = matches(claim.proof, names_in_backticks), proved = matches(text, theorems);
    expect(!named.empty(), claim.id + ": names no proof");
    for (const std::string& name : named)
        expect(claim.method == "Coq" ? proved.contains(name) : has_word(text, name),
               claim.id + ": " + claim.file + " has no " + name);
    expect(claim.method == "Coq" || text.find(claim.id) != std::string::npos,
           claim.id + ": " + claim.file + " does not name it");
}

/// Every file that proves is a claim's, and so is every theorem.
void check_files(const std::vector<Claim>& claims, const fs::path& folder) {
    std::map<std::string, std::set<std::string>> proofs;
    for (const Claim& claim : claims) proofs[claim.file].merge(matches(claim.proof, names_in_backticks));
    for (const char* subfolder : {"", "coq", "gappa", "smt"})
        for (const auto& entry : fs::directory_iterator(folder / subfolder)) {
            const std::string file = entry.path().lexically_relative(folder).generic_string();
            const std::string extension = entry.path().extension();
            if (extension != ".cpp" && extension != ".v" && extension != ".g") continue;
            if (file == "claims.cpp" || file == "measured.cpp") continue;
            expect(proofs.contains(file), file + " is no claim's");
            for (const std::string& theorem : matches(extension == ".v" ? text_of(entry.path()) : "", theorems))
                expect(proofs[file].contains(theorem), file + ": " + theorem + " is no claim's");
        }
}

/// An exercise's page names all its claims, and in backticks nothing else than claims.
void check_pages(const std::vector<Claim>& claims, const std::set<std::string>& ids, const fs::path& folder) {
    for (const halfulp::ExerciseEntry& entry : halfulp::exercises()) {
        const std::string number = std::to_string(entry.number), page = "exercise" + number + ".md";
        const std::set<std::string> named = matches(text_of(folder / page), names_in_backticks);
        for (const std::string& name : named)
            expect(ids.contains(name), page + ": " + name + " is not in the register");
        for (const Claim& claim : claims)
            if (claim.section.starts_with("Exercise " + number))
                expect(named.contains(claim.id), page + " does not name " + claim.id);
    }
}

/// Every question rests on a reason, every reason is behind a question, and its claims are in the register.
void check_reasons(const std::set<std::string>& ids) {
    std::set<const halfulp::Reason*> behind;
    for (const halfulp::ExerciseEntry& entry : halfulp::exercises())
        for (const halfulp::Question& question : entry.make().questions) {
            const halfulp::Reason* reason = halfulp::reason_behind(entry.number, question);
            expect(reason != nullptr, "no claim is behind the question " + question.text);
            behind.insert(reason);
        }
    for (const halfulp::Reason& reason : halfulp::reasons()) {
        for (const std::string& id : matches(std::string(reason.claims), "([^, ]+)"))
            expect(ids.contains(id), "an exercise rests on " + id + ", which is not in the register");
        expect(behind.contains(&reason), "no question of exercise " + std::to_string(reason.exercise) +
                                             " has the words " + std::string(reason.words) +
                                             ", and those of no reason before it");
    }
}

/// By id, what the last runs said: the status, and what follows it.
std::map<std::string, std::string> seen_in(const fs::path& folder) {
    std::map<std::string, std::string> seen;
    if (!fs::exists(folder)) return seen;
    for (const auto& entry : fs::directory_iterator(folder)) {
        std::istringstream lines(text_of(entry.path()));
        for (std::string line; std::getline(lines, line);) {
            const std::size_t id = line.find(' ') + 1, status = line.find(' ', id) + 1;
            seen[line.substr(id, status - 1 - id)] = line.substr(status);
        }
    }
    return seen;
}

/// A line a claim; the counts by status. Whether some were skipped.
bool report(const std::vector<Claim>& claims, const std::map<std::string, std::string>& seen) {
    std::map<std::string, int> counts;
    for (const Claim& claim : claims) {
        const auto found = seen.find(claim.id);
        const std::string line = found == seen.end() ? "not run" : found->second,
                          status = line.substr(0, line.find(':'));
        std::printf("%-26s %-14s %s\n", claim.id.c_str(), claim.method.c_str(), line.c_str());
        ++counts[status];
        expect(status == claim.status || status == "skipped",
               claim.id + ": expected " + claim.status + ", found " + line);
    }
    std::printf("%zu claims:", claims.size());
    for (const auto& [status, count] : counts) std::printf(" %d %s", count, status.c_str());
    std::printf("\n");
    return counts.contains("skipped");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return std::fprintf(stderr, "usage: claims FOLDER SEEN\n"), 2;
    const fs::path folder = argv[1];
    if (!fs::exists(folder / "CLAIMS.md")) return std::fprintf(stderr, "no CLAIMS.md in %s\n", argv[1]), 2;
    const std::vector<Claim> claims = claims_of(folder / "CLAIMS.md");
    std::set<std::string> ids;
    for (const Claim& claim : claims) {
        expect(ids.insert(claim.id).second, claim.id + " is there twice");
        check_claim(claim, folder);
    }
    check_files(claims, folder);
    check_pages(claims, ids, folder);
    check_reasons(ids);
    const auto seen = seen_in(argv[2]);
    for (const auto& [id, line] : seen) expect(ids.contains(id), id + " is not in the register");
    const bool skipped = report(claims, seen);
    constexpr int skip_return_code = 77;
    return errors > 0 ? 1 : skipped ? skip_return_code : 0;
}
