# nvcc_release(NVCC RESULT): what that compiler calls itself: Cuda compilation tools, release 13.0, V13.0.88.
function(nvcc_release nvcc result)
  execute_process(COMMAND ${nvcc} --version OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCH "Cuda compilation tools, release [^\n]*" release "${text}")
  set(${result} "${release}" PARENT_SCOPE)
endfunction()
