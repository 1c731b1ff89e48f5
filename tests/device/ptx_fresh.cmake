# Claim: the committed PTX is what the nvcc of the manifest makes of the kernels, byte for byte.
#   cmake -D ROOT=DIR -D NVCC=nvcc -D BUILD=DIR -P ptx_fresh.cmake
# Oracle: nvcc. Skipped where there is none, or another release.
cmake_minimum_required(VERSION 3.25)

set(kernels ${ROOT}/gpu/kernel)
if(NOT NVCC)
  message("skipped: no nvcc")
  return()
endif()
include(${kernels}/nvcc.cmake)
nvcc_release(${NVCC} release)
file(READ ${kernels}/ptx/manifest.json manifest)
string(JSON wanted GET "${manifest}" compiler)
if(NOT release STREQUAL wanted)
  message("skipped: the PTX is that of ${wanted}, here is ${release}")
  return()
endif()

file(REMOVE_RECURSE ${BUILD})
execute_process(COMMAND ${CMAKE_COMMAND} -D NVCC=${NVCC} -D TO=${BUILD} -P ${kernels}/compile.cmake
                COMMAND_ERROR_IS_FATAL ANY)
file(GLOB committed RELATIVE ${kernels}/ptx ${kernels}/ptx/*)
file(GLOB fresh RELATIVE ${BUILD} ${BUILD}/*)
if(NOT committed STREQUAL fresh)
  message(FATAL_ERROR "committed: ${committed}\nmade: ${fresh}")
endif()
set(stale)
foreach(file IN LISTS fresh)
  execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${kernels}/ptx/${file} ${BUILD}/${file}
                  RESULT_VARIABLE differs ERROR_QUIET)
  if(differs)
    list(APPEND stale ${file})
  endif()
endforeach()
if(stale)
  message(FATAL_ERROR "not what nvcc makes: ${stale}; build the target ptx")
endif()
