#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <halfulp/lib/condition/matrix.hpp>
#include <halfulp/lib/condition/storage_loss.hpp>
#include <halfulp/lib/report/table.hpp>
#include <halfulp/lib/solve/study.hpp>

// What `halfulp condition` prints of a problem, as text and as JSON.

/// A condition number and how it was found.
struct Kappa {
    std::string name;  ///< "kappa_1, estimated"
    double value;
    std::string how;
};

/// A sum, a product or a linear system.
struct ConditionReport {
    std::string what;  ///< "a.npy: a sum of 100 numbers"
    std::vector<Kappa> kappas;
    double kappa;                                              ///< of these the one by which digits are counted
    std::vector<halfulp::conditioning::StorageLoss> storages;  ///< the inputs in several formats
    std::optional<halfulp::conditioning::StorageLoss>
        scaled;  ///< fp16 after scaling by powers of two, where that may be done
    double kappa_scaled = 0;
    std::vector<halfulp::solve::Trial> trials = {};  ///< of --solve
};

std::string condition_text(const ConditionReport& report);
std::string condition_json(const ConditionReport& report);

/// A line a trial: predicted, observed.
halfulp::Table refinement_table(std::span<const halfulp::solve::Trial> trials);

/// A line a test problem: kappa known, by singular values, by the inverse, estimated.
halfulp::Table problem_table();
