#include <halfulp/lib/train/checkpoint.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include <halfulp/lib/io/element.hpp>
#include <halfulp/lib/io/safetensors.hpp>
#include <halfulp/lib/io/tensor.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/workload/measurement.hpp>
#include <halfulp/softfloat/decode.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/random.hpp>
#include <halfulp/softfloat/round_pack.hpp>

namespace halfulp::train {
namespace {

constexpr IntegerType bytes_type{8, false}, count_type{64, false}, counter_type{32, true};
constexpr std::size_t metric_columns = 8;

std::vector<std::uint64_t> codes_of(const Format& f, const Numbers& x) {
    std::vector<std::uint64_t> codes;
    codes.reserve(x.size());
    for (const float number : x)
        codes.push_back(round_pack(f, decode(binary32, std::bit_cast<std::uint32_t>(number))).code);
    return codes;
}

Numbers numbers_of(const Format& f, const std::vector<std::uint64_t>& codes) {
    Numbers x;
    x.reserve(codes.size());
    for (const std::uint64_t code : codes)
        x.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(round_pack(binary32, decode(f, code)).code)));
    return x;
}

/// "layer2.weight" of array 4.
std::string name_of_array(const std::string& prefix, std::size_t i) {
    return fmt::format("{}layer{}.{}", prefix, i / 2, i % 2 == 0 ? "weight" : "bias");
}

std::vector<std::size_t> shape_of_array(const Model& model, std::size_t i) {
    const std::size_t l = i / 2;
    if (i % 2 == 1) return {model.sizes[l + 1]};
    return {model.sizes[l], model.sizes[l + 1]};
}

std::array<double, metric_columns> row_of(const Metrics& m) {
    return {m.training_loss,
            m.test_loss,
            m.right,
            static_cast<double>(m.skipped),
            static_cast<double>(m.gradients.numbers),
            static_cast<double>(m.gradients.flushed),
            static_cast<double>(m.gradients.overflowed),
            static_cast<double>(m.scale)};
}

/// As row_of() wrote them. Throws InputError for what is none of its counts, or no binary32.
Metrics metrics_of(std::span<const std::uint64_t> codes) {
    const auto x = [&](std::size_t i) { return std::bit_cast<double>(codes[i]); };
    const auto count = [&](std::size_t i) {
        if (!(x(i) >= 0 && x(i) <= 0x1p53 && x(i) == std::floor(x(i))))
            throw InputError(fmt::format("expected a count, found {}", x(i)));
        return static_cast<std::uint64_t>(x(i));
    };
    if (!(std::abs(x(7)) <= std::numeric_limits<float>::max()))
        throw InputError(fmt::format("expected a number of binary32, found {}", x(7)));
    return {x(0), x(1), x(2), count(3), {count(4), count(5), count(6)}, static_cast<float>(x(7))};
}

using Tensors = std::map<std::string, Tensor>;

constexpr const char* hash_name = "hash";

/// Of names, types, shapes and codes of all tensors but the one that holds it. Another number, anywhere, is another hash, as
/// mixed_bits is a bijection; it is no signature.
std::uint64_t hash_of(const Tensors& tensors) {
    std::uint64_t hash = 0;
    const auto add = [&](std::uint64_t bits) { hash = mixed_bits(hash + bits); };
    for (const auto& [name, tensor] : tensors) {
        if (name == hash_name) continue;
        for (const char c : name + ' ' + name_of(tensor.type)) add(static_cast<unsigned char>(c));
        for (const std::size_t size : tensor.shape) add(size);
        for (const std::uint64_t code : tensor.codes) add(code);
    }
    return hash;
}

/// A whole file's tensors, each held against what it has to be.
class Reader {
  public:
    explicit Reader(std::filesystem::path path) : path_(std::move(path)) {
        for (const std::string& name : safetensors_names(path_))
            tensors_[name] = read_tensor(path_, {.name = name, .format = {}});
        const std::uint64_t kept = tensor(hash_name, count_type, {1}).codes[0], found = hash_of(tensors_);
        if (kept != found)
            throw InputError(fmt::format("{}: expected tensors with the hash {:016x} that it holds, found {:016x}",
                                         path_.string(), kept, found));
    }

    /// A size of 0 in the shape stands for any.
    const Tensor& tensor(const std::string& name, const ElementType& type,
                         const std::vector<std::size_t>& shape) const {
        const auto at = tensors_.find(name);
        if (at == tensors_.end())
            throw InputError(fmt::format("{}: expected a checkpoint with a tensor {}", path_.string(), name));
        const Tensor& t = at->second;
        const bool fits =
            t.shape.size() == shape.size() &&
            std::ranges::equal(t.shape, shape, [](auto found, auto wanted) { return wanted == 0 || found == wanted; });
        if (!fits || t.type != type)
            throw InputError(fmt::format("{}: tensor {}: expected {} of shape {}, found {} of shape {}", path_.string(),
                                         name, name_of(type), shape_text(shape), name_of(t.type), shape_text(t.shape)));
        return t;
    }
    std::vector<Numbers> arrays(const std::string& prefix, const Format& f, const Model& model) const {
        std::vector<Numbers> all;
        for (std::size_t i = 0; i < 2 * model.layers(); ++i)
            all.push_back(numbers_of(f, tensor(name_of_array(prefix, i), f, shape_of_array(model, i)).codes));
        return all;
    }

  private:
    std::filesystem::path path_;
    Tensors tensors_;
};

/// Holds what was read against what a run can leave: throws InputError that names the tensor.
class Expectations {
  public:
    Expectations(const std::filesystem::path& path, const Run& run) : path_(path), run_(run) {}

    void check(const State& state) const {
        check_arrays(state);
        check_epochs(state);
        check_scale(state);
    }

  private:
    void expect(bool right, const char* tensor, const char* what) const {
        if (!right) throw InputError(fmt::format("{}: tensor {}: expected {}", path_.string(), tensor, what));
    }
    void expect_all(const std::vector<Numbers>& arrays, const std::string& prefix, bool (*right)(float),
                    const char* what) const {
        for (std::size_t i = 0; i < arrays.size(); ++i)
            expect(std::ranges::all_of(arrays[i], right), name_of_array(prefix, i).c_str(), what);
    }
    void check_arrays(const State& state) const {
        const auto finite = [](float x) { return std::isfinite(x); };
        expect_all(state.parameters, "", finite, "finite numbers");
        expect_all(state.optimizer.first, "optimizer.first.", finite, "finite numbers");
        // Squares may overflow, by which a weight stays as it is.
        expect_all(
            state.optimizer.second, "optimizer.second.", [](float x) { return x >= 0; }, "numbers of at least 0");
    }
    void check_epochs(const State& state) const {
        const std::size_t epochs = state.epochs.size(), steps = epochs == 0 ? 0 : state.scales.size() / epochs;
        expect(epochs > 0, "epochs", "an epoch that is done");
        expect(steps > 0 && steps * epochs == state.scales.size(), "scales", "as many factors in each epoch");
        std::uint64_t skipped = 0;
        for (const Metrics& m : state.epochs) {
            const auto is_loss = [](double x) { return x >= 0 && std::isfinite(x); };
            expect(is_loss(m.training_loss) && is_loss(m.test_loss), "epochs", "finite losses of at least 0");
            expect(run_.loss == Loss::MeanSquares ? std::isnan(m.right) : m.right >= 0 && m.right <= 1, "epochs",
                   "a share of right rows from 0 to 1, or NaN without labels");
            expect(m.gradients.flushed + m.gradients.overflowed <= m.gradients.numbers, "epochs",
                   "no more gradients flushed and overflowed than there were");
            expect(m.skipped <= steps, "epochs", "no more steps skipped than there were");
            skipped += m.skipped;
        }
        expect(state.optimizer.steps == state.scales.size() - skipped, "optimizer.steps",
               "the steps of all epochs that were not skipped");
    }
    void check_scale(const State& state) const {
        const auto is_factor = [&](float x) {
            return x > 0 && std::isfinite(x) && (run_.scaling.dynamic() || x == run_.scaling.initial);
        };
        expect(is_factor(state.scale.factor), "scale",
               "a finite factor above 0, and the run's own if it never changes");
        expect(std::ranges::all_of(state.scales, is_factor), "scales", "finite factors above 0, and the run's own");
        const Metrics& last = state.epochs.back();
        expect(last.scale == state.scale.factor, "scale", "the factor after the last epoch");
        const auto [factor, good_steps, patience] = state.scale;
        expect(good_steps >= 0 && good_steps < std::max(run_.scaling.interval, 1) && patience >= 1 &&
                   patience <= run_.scaling.hysteresis,
               "scale.counters", "good steps below the interval, and a patience from 1 to the hysteresis");
    }

    const std::filesystem::path& path_;
    const Run& run_;
};

void add_arrays(Tensors& to, const std::string& prefix, const Format& f, const Model& model,
                const std::vector<Numbers>& arrays) {
    for (std::size_t i = 0; i < arrays.size(); ++i)
        to[name_of_array(prefix, i)] = {shape_of_array(model, i), f, codes_of(f, arrays[i])};
}

std::uint64_t hash_of(const Split& data) {
    std::vector<double> all;
    for (const Examples* e : {&data.training, &data.test})
        for (const Numbers* x : {&e->x, &e->targets}) all.insert(all.end(), x->begin(), x->end());
    return workload::hash_of(all);
}

/// Where two texts begin to differ, from the begin of that word on.
std::size_t first_difference(const std::string& a, const std::string& b) {
    const auto at = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
    const std::size_t blank = at == 0 ? std::string::npos : a.rfind(' ', at - 1);
    return blank == std::string::npos ? 0 : blank + 1;
}

}  // namespace

std::string identity(const Run& run, const Split& data) {
    const OptimizerOptions& o = run.optimizer;
    const LossScaling& s = run.scaling;
    return fmt::format(
        "{} {}, {}; {}; {} learning rate {} momentum {} betas {} {} epsilon {}; loss scale {} {} {} {} {} {} {} {} {}; "
        "batch {}, seed {}, data {:016x}",
        fmt::join(run.model.sizes, "-"), row_of(run.model.activation).name,
        losses.at(static_cast<std::size_t>(run.loss)).name, run.policy.name, row_of(o.kind).name, o.learning_rate,
        o.momentum, o.beta1, o.beta2, o.epsilon, s.name, s.initial, s.growth, s.backoff, s.interval, s.least, s.most,
        s.hysteresis, static_cast<int>(s.recovery), run.batch, run.seed, hash_of(data));
}

void write_checkpoint(const std::filesystem::path& path, const std::string& identity, const Run& run,
                      const State& state) {
    Tensors tensors;
    tensors["run"] = {{identity.size()}, bytes_type, {identity.begin(), identity.end()}};
    add_arrays(tensors, "", run.policy.parameters, run.model, state.parameters);
    add_arrays(tensors, "optimizer.first.", run.policy.optimizer, run.model, state.optimizer.first);
    add_arrays(tensors, "optimizer.second.", run.policy.optimizer, run.model, state.optimizer.second);
    tensors["optimizer.steps"] = {{1}, count_type, {state.optimizer.steps}};
    tensors["scale"] = {{1}, binary32, codes_of(binary32, {state.scale.factor})};
    const auto counter = [](int x) { return static_cast<std::uint64_t>(static_cast<std::uint32_t>(x)); };
    tensors["scale.counters"] = {{2}, counter_type, {counter(state.scale.good_steps), counter(state.scale.patience)}};
    Tensor metrics{{state.epochs.size(), metric_columns}, binary64, {}};
    for (const Metrics& m : state.epochs)
        for (const double x : row_of(m)) metrics.codes.push_back(std::bit_cast<std::uint64_t>(x));
    tensors["epochs"] = metrics;
    tensors["scales"] = {{state.scales.size()}, binary32, codes_of(binary32, state.scales)};
    tensors[hash_name] = {{1}, count_type, {hash_of(tensors)}};
    write_safetensors(path, tensors);
}

State read_checkpoint(const std::filesystem::path& path, const std::string& identity, const Run& run) {
    const Reader reader(path);
    const Tensor& text = reader.tensor("run", bytes_type, {0});
    std::string found;
    for (const std::uint64_t byte : text.codes) found += static_cast<char>(byte);
    if (found != identity) {
        const std::size_t at = first_difference(identity, found);
        throw InputError(fmt::format("{}: expected a checkpoint of this run, which has {}, found {}", path.string(),
                                     shown(identity.substr(at)), shown(found.substr(std::min(at, found.size())))));
    }
    State state;
    state.parameters = reader.arrays("", run.policy.parameters, run.model);
    state.optimizer.first = reader.arrays("optimizer.first.", run.policy.optimizer, run.model);
    if (row_of(run.optimizer.kind).states > 1)
        state.optimizer.second = reader.arrays("optimizer.second.", run.policy.optimizer, run.model);
    state.optimizer.steps = reader.tensor("optimizer.steps", count_type, {1}).codes[0];
    const auto& counters = reader.tensor("scale.counters", counter_type, {2}).codes;
    state.scale = {numbers_of(binary32, reader.tensor("scale", binary32, {1}).codes)[0],
                   static_cast<int>(static_cast<std::uint32_t>(counters[0])),
                   static_cast<int>(static_cast<std::uint32_t>(counters[1]))};
    const Tensor& metrics = reader.tensor("epochs", binary64, {0, metric_columns});
    for (std::size_t i = 0; i < metrics.codes.size(); i += metric_columns) try {
            state.epochs.push_back(metrics_of(std::span(metrics.codes).subspan(i, metric_columns)));
        } catch (const InputError& error) {
            throw InputError(fmt::format("{}: tensor epochs: {}", path.string(), error.what()));
        }
    state.scales = numbers_of(binary32, reader.tensor("scales", binary32, {0}).codes);
    Expectations(path, run).check(state);
    return state;
}

}  // namespace halfulp::train
