// What a program needs to run on the fake driver and the fake cublasLt.
#include "support/fake_cublas_lt.hpp"

extern "C" const halfulp::gpu::DriverFunctions* halfulp_fake_driver();
const halfulp::gpu::DriverFunctions* halfulp_fake_driver() { return &halfulp::test::FakeDriver::get().functions(); }
extern "C" const halfulp::gpu::CublasLtFunctions* halfulp_fake_cublas_lt();
const halfulp::gpu::CublasLtFunctions* halfulp_fake_cublas_lt() {
    return &halfulp::test::FakeCublasLt::get().functions();
}
