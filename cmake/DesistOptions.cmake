# What every target of ours is compiled with. Never exported: a user's own warnings are theirs.
add_library(desist_options INTERFACE)
target_compile_features(desist_options INTERFACE cxx_std_20)
target_compile_options(desist_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>  # GCC 12 sees an overlap in every "text" + std::string (its bug 105651)
  -ffp-contract=off)  # a fused multiply-add rounds once: another processor, another number
target_compile_definitions(desist_options INTERFACE
  BOOST_MATH_SPECIAL_FUNCTIONS_LANCZOS_SSE2   # the guard of Boost's own SSE2 sum: take the portable one
  EIGEN_DONT_VECTORIZE)
if(DESIST_SANITIZE)
  target_compile_options(desist_options INTERFACE -fsanitize=${DESIST_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(desist_options INTERFACE -fsanitize=${DESIST_SANITIZE})
  find_program(DESIST_LLD NAMES ld.lld DOC "LLVM's linker, for the sanitizer builds")
  if(DESIST_LLD)
    target_link_options(desist_options INTERFACE -fuse-ld=lld)
  endif()
  if(DESIST_SANITIZE MATCHES undefined)
    # A null or dead object or a place beyond one is the address sanitizer's find, and nothing makes a misaligned pointer
    # (source_rules_test); these cost half of the compile time. Rows of Eigen's matrices without columns are offsets of a null
    # pointer that nobody follows.
    target_compile_options(desist_options INTERFACE -fno-sanitize=null,vptr,pointer-overflow,object-size,alignment)
  endif()
endif()
if(DESIST_BUILD_FUZZ)  # all of it tells libFuzzer where an input has been, not only the target's own file
  target_compile_options(desist_options INTERFACE -fsanitize=fuzzer-no-link,address -fno-omit-frame-pointer)
  target_link_options(desist_options INTERFACE -fsanitize=address)
endif()
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# desist_add_engine_library(folder SOURCES ... LINKS ...): the target desist::folder from engine/folder.
function(desist_add_engine_library folder)
  cmake_parse_arguments(arg "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  list(TRANSFORM arg_SOURCES PREPEND "${folder}/")
  add_library(desist_${folder} STATIC ${arg_SOURCES})
  add_library(desist::${folder} ALIAS desist_${folder})
  set_target_properties(desist_${folder} PROPERTIES EXPORT_NAME ${folder})
  target_include_directories(desist_${folder} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/desist>)
  target_link_libraries(desist_${folder} PUBLIC ${arg_LINKS} PRIVATE $<BUILD_INTERFACE:desist_options> ${arg_PRIVATE_LINKS})
  target_compile_features(desist_${folder} PUBLIC cxx_std_20)
  # Compiled in half of the time: what has no long loops, and under the thread sanitizer all but the executor, the streams and
  # the runner.
  if((DESIST_SANITIZE AND folder MATCHES "^(estimation|report|program)$") OR
     (DESIST_SANITIZE STREQUAL "thread" AND folder MATCHES "^(data|statistics|search|trial)$"))
    target_compile_options(desist_${folder} PRIVATE -O0)
  elseif(folder MATCHES "^(report|program)$")
    target_compile_options(desist_${folder} PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
endfunction()
