#pragma once

#include <cstddef>
#include <string>

// Sums and dot products of binary32 as others compute them: in no order that they promise.

namespace halfulp::bench {

/// Eight vectors of sums, the widest that this CPU has, and nothing else.
float plain_sum(const float* x, std::size_t count);
float plain_dot(const float* x, const float* y, std::size_t count);

float eigen_sum(const float* x, std::size_t count);
float eigen_dot(const float* x, const float* y, std::size_t count);

/// Functions of BLAS, with one thread; empty where the library is not installed.
struct Blas {
    std::string description;  ///< and why it is not there
    float (*asum)(const int*, const float*, const int*) = nullptr;
    float (*dot)(const int*, const float*, const int*, const float*, const int*) = nullptr;
    void (*gemv)(const char*, const int*, const int*, const float*, const float*, const int*, const float*, const int*,
                 const float*, float*, const int*) = nullptr;
};
const Blas& openblas();

}  // namespace halfulp::bench
