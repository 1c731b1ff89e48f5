#include <halfulp/lib/verify/manifest.hpp>

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>

#include <halfulp/lib/io/text_file.hpp>

namespace halfulp {
namespace {

using nlohmann::ordered_json;

/// A whole number in hexadecimal, as hashes are written: JSON's own numbers end at 2^53.
std::uint64_t hash_of(const std::string& text) {
    std::uint64_t hash = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, hash, 16);
    if (error != std::errc{} || stop != end) throw std::invalid_argument("a hash is hexadecimal");
    return hash;
}

ordered_json shard_json(std::uint64_t number, const ShardResult& result) {
    ordered_json json{{"shard", number}, {"hash", fmt::format("{:016x}", result.hash)}};
    if (result.mismatches == 0) return json;
    json["mismatches"] = result.mismatches;
    json["examples"] = result.examples;
    return json;
}

ShardResult shard_of(const ordered_json& json) {
    return {hash_of(json.at("hash").get<std::string>()), json.value("mismatches", std::uint64_t{0}),
            json.value("examples", std::vector<std::string>{})};
}

std::string read_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) throw InputError(path.string() + ": expected a manifest that can be read");
    return text.str();
}

}  // namespace

void Manifest::read(const std::filesystem::path& path) {
    std::map<std::uint64_t, ShardResult> done;
    std::string campaign;
    try {
        const auto json = ordered_json::parse(read_text(path));
        campaign = json.at("campaign").get<std::string>();
        for (const auto& row : json.at("done")) {
            const auto number = row.at("shard").get<std::uint64_t>();
            if (number >= shards_) throw std::invalid_argument(fmt::format("there is no shard {}", number));
            done[number] = shard_of(row);
        }
    } catch (const InputError&) {
        throw;
    } catch (const std::exception& error) {
        throw InputError(
            fmt::format("{}: expected a manifest of `halfulp verify`, found: {}", path.string(), error.what()));
    }
    if (campaign != campaign_)
        throw InputError(fmt::format("{}: expected the manifest of \"{}\", found that of {}", path.string(), campaign_,
                                     shown(campaign)));
    done_ = std::move(done);
}

void Manifest::write(const std::filesystem::path& path) const {
    ordered_json rows = ordered_json::array();
    for (const auto& [number, result] : done_) rows.push_back(shard_json(number, result));
    const ordered_json json{{"campaign", campaign_},
                            {"shards", shards_},
                            {"mismatches", mismatches()},
                            {"hash", fmt::format("{:016x}", hash())},
                            {"done", rows}};
    write_text(path, json.dump(1) + "\n");
}

std::uint64_t Manifest::mismatches() const {
    return std::accumulate(done_.begin(), done_.end(), std::uint64_t{0},
                           [](std::uint64_t sum, auto& row) { return sum + row.second.mismatches; });
}

std::uint64_t Manifest::hash() const {
    return std::accumulate(done_.begin(), done_.end(), std::uint64_t{0},
                           [](std::uint64_t sum, auto& row) { return sum + row.second.hash; });
}

}  // namespace halfulp
