#include <halfulp/lib/verify/engine.hpp>

#include <array>

#include <halfulp/lib/verify/engine/rows.h>

namespace halfulp {

std::span<const Engine> engines() {
    static constexpr std::array table{exact_engine, narrow_engine, batch_engine, fixed_engine, mpfr_engine};
    return table;
}

std::string engines_for(const Subject& subject, const Env& env) {
    std::string names;
    for (const Engine& engine : engines())
        if (engine.lacks(subject, env).empty()) names.append(names.empty() ? "" : ", ").append(engine.name);
    return names;
}

}  // namespace halfulp
