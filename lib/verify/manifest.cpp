#include <halfulp/lib/verify/manifest.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>

#include <halfulp/lib/io/file_lock.h>
#include <halfulp/lib/io/text_file.hpp>

namespace halfulp {
namespace {

using nlohmann::ordered_json;

/// A value of the file, which errors call by its place: done[3].hash.
class Field {
  public:
    Field(std::string file, std::string place, const ordered_json& json)
        : file_(std::move(file)), place_(std::move(place)), json_(json) {}

    Field operator[](const std::string& key) const {
        if (!has(key)) throw error(fmt::format("an object with \"{}\"", key));
        return {file_, place_.empty() ? key : place_ + '.' + key, json_.at(key)};
    }
    Field operator[](std::size_t i) const { return {file_, fmt::format("{}[{}]", place_, i), json_.at(i)}; }
    bool has(const std::string& key) const { return json_.is_object() && json_.contains(key); }
    std::size_t size() const {
        if (!json_.is_array()) throw error("a list");
        return json_.size();
    }

    std::uint64_t number(std::uint64_t least, std::uint64_t most) const {
        const bool is_number = json_.is_number_unsigned();
        if (is_number && least <= json_.get<std::uint64_t>() && json_.get<std::uint64_t>() <= most)
            return json_.get<std::uint64_t>();
        throw error(least == most ? fmt::format("{}", least) : fmt::format("a number from {} to {}", least, most));
    }
    std::string text() const {
        if (!json_.is_string()) throw error("a text");
        return json_.get<std::string>();
    }
    std::uint64_t hash() const {
        constexpr std::size_t digits = 16;
        const std::string all = json_.is_string() ? json_.get<std::string>() : std::string{};
        std::uint64_t hash = 0;
        const char* end = all.data() + all.size();
        const auto [stop, failed] = std::from_chars(all.data(), end, hash, 16);
        if (all.size() != digits || failed != std::errc{} || stop != end)
            throw error(fmt::format("{} hexadecimal digits", digits));
        return hash;
    }
    void expect(const std::string& wanted) const {
        if (text() != wanted) throw error('"' + wanted + '"');
    }

    InputError error(const std::string& expected) const {
        // No dump of what nests, which may be too deep for the stack.
        const std::string value = json_.is_string()       ? json_.get<std::string>()
                                  : json_.is_structured() ? json_.type_name()
                                                          : json_.dump();
        return InputError(fmt::format("{}: {}expected {}, found {}", file_, place_.empty() ? "" : place_ + ": ",
                                      expected, shown(value)));
    }

  private:
    std::string file_, place_;
    const ordered_json& json_;
};

ordered_json shard_json(std::uint64_t number, const ShardResult& result) {
    ordered_json json{{"shard", number}, {"hash", hash_text(result.hash)}};
    if (result.mismatches == 0) return json;
    json["mismatches"] = result.mismatches;
    json["examples"] = result.examples;
    return json;
}

ShardResult shard_of(const Field& row, std::uint64_t most_mismatches) {
    ShardResult result{row["hash"].hash(), 0, {}};
    if (!row.has("mismatches")) return result;
    result.mismatches = row["mismatches"].number(1, most_mismatches);
    const Field examples = row["examples"];
    if (examples.size() > result.mismatches) throw examples.error("no more examples than mismatches");
    for (std::size_t i = 0; i < examples.size(); ++i) result.examples.push_back(examples[i].text());
    return result;
}

ordered_json parsed(const std::string& text, const std::string& name) {
    try {
        return ordered_json::parse(text);
    } catch (const ordered_json::exception& error) {
        throw InputError(fmt::format("{}: expected a manifest of `halfulp verify`, found: {}", name, error.what()));
    }
}

}  // namespace

void Manifest::read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) throw InputError(path.string() + ": expected a manifest that can be read");
    read_text(text.str(), path.string());
}

void Manifest::read_text(const std::string& text, const std::string& name) {
    const ordered_json json = parsed(text, name);
    const Field file(name, "", json);
    file["campaign"].expect(campaign_);
    file["shards"].number(shards_, shards_);
    Manifest read = empty();
    const Field rows = file["done"];
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::uint64_t number = rows[i]["shard"].number(0, shards_ - 1);
        if (read.done_.contains(number)) throw rows[i]["shard"].error("a shard of which nothing was said yet");
        read.add(number, shard_of(rows[i], shard_results_));
        const auto known = done_.find(number);
        if (known != done_.end() && known->second != read.done_[number])
            throw rows[i].error(fmt::format("hash {} and {} mismatches, as computed here",
                                            hash_text(known->second.hash), known->second.mismatches));
    }
    file["mismatches"].number(read.mismatches(), read.mismatches());
    file["hash"].expect(hash_text(read.hash()));
    done_.merge(read.done_);
}

std::string Manifest::text() const {
    ordered_json rows = ordered_json::array();
    for (const auto& [number, result] : done_) rows.push_back(shard_json(number, result));
    const ordered_json json{{"campaign", campaign_},
                            {"shards", shards_},
                            {"mismatches", mismatches()},
                            {"hash", hash_text(hash())},
                            {"done", rows}};
    return json.dump(1) + "\n";
}

void Manifest::checkpoint(const std::filesystem::path& path) {
    const FileLock lock(path.string() + ".lock");
    if (std::filesystem::exists(path)) read(path);
    write_text(path, text());
}

std::uint64_t Manifest::mismatches() const {
    return std::accumulate(done_.begin(), done_.end(), std::uint64_t{0},
                           [](std::uint64_t sum, auto& row) { return sum + row.second.mismatches; });
}

std::uint64_t Manifest::hash() const {
    return std::accumulate(done_.begin(), done_.end(), std::uint64_t{0},
                           [](std::uint64_t sum, auto& row) { return sum + row.second.hash; });
}

std::string hash_text(std::uint64_t hash) { return fmt::format("{:016x}", hash); }

}  // namespace halfulp
