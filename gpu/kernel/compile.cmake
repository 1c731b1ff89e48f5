# Compiles every kernel to PTX for its least target, and writes the manifest of what was made from what.
#   cmake -D NVCC=nvcc -D TO=FOLDER -P compile.cmake
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/nvcc.cmake)
cmake_path(SET root NORMALIZE ${CMAKE_CURRENT_LIST_DIR}/../..)

# The SHA-256 of a file, as a JSON string.
function(hash path result)
  file(SHA256 ${path} value)
  set(${result} "\"${value}\"" PARENT_SCOPE)
endfunction()

nvcc_release(${NVCC} release)
file(MAKE_DIRECTORY ${TO})
set(manifest "{}")
string(JSON manifest SET "${manifest}" compiler "\"${release}\"")
string(JSON manifest SET "${manifest}" headers "{}")
string(JSON manifest SET "${manifest}" files "[]")

file(GLOB headers RELATIVE ${root} ${root}/gpu/kernel/device/*.cuh)
foreach(header IN LISTS headers)
  hash(${root}/${header} sha256)
  string(JSON manifest SET "${manifest}" headers ${header} ${sha256})
endforeach()

file(GLOB sources RELATIVE ${root} ${root}/gpu/kernel/*.cu)
set(index 0)
foreach(source IN LISTS sources)
  cmake_path(GET source STEM name)
  file(STRINGS ${root}/${source} target REGEX "^// Least target: compute_[0-9]+$")
  string(REPLACE "// Least target: " "" target "${target}")
  set(options -ptx -std=c++20 --expt-relaxed-constexpr -fmad=false -arch=${target} -Iinclude)
  execute_process(COMMAND ${NVCC} ${options} ${source} -o ${TO}/${name}.ptx WORKING_DIRECTORY ${root}
                  COMMAND_ERROR_IS_FATAL ANY)
  list(JOIN options " " command)
  hash(${root}/${source} source_sha256)
  hash(${TO}/${name}.ptx ptx_sha256)
  string(JSON manifest SET "${manifest}" files ${index}
         "{\"source\": \"${source}\", \"command\": \"nvcc ${command} ${source}\", \"source_sha256\": ${source_sha256},
           \"ptx\": \"${name}.ptx\", \"ptx_sha256\": ${ptx_sha256}}")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${TO}/manifest.json "${manifest}\n")
message("${index} files by ${release}")
