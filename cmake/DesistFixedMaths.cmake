# The fixed maths library: exp, log, pow and their like out of musl's libc.a, joined into one object file.
#
# glibc takes other code for them where the processor has FMA, with other last digits; one library for all processors makes
# results equal to the bit (docs/architecture.md 6.4). It is linked as an object, never as an archive: of an archive, the
# order on the link line would decide whose exp is taken.
#
# Sets DESIST_MATHS_LIBRARY ("musl 1.2.3 (fixed)", or "system" where musl-dev is missing) and DESIST_FIXED_MATHS (the object,
# or empty). desist_use_fixed_maths(target) makes every program that links the target take it, once.
set(DESIST_MATHS_FUNCTIONS
  acos acosh asin asinh atan atan2 atanh cbrt cos cosh erf erfc exp exp2 expm1 fmod hypot log log10 log1p log2 pow
  sin sincos sinh tan tanh tgamma)  # no lgamma: it writes a global sign; Boost's does not
# Members of libc.a: one a function (erfc is in erf), and what they call. floor, fabs, scalbn and sqrt are exact everywhere.
set(DESIST_MATHS_MEMBERS ${DESIST_MATHS_FUNCTIONS}
  __cos __expo2 __math_divzero __math_invalid __math_oflow __math_uflow __math_xflow __rem_pio2 __rem_pio2_large __sin __tan
  exp_data fabs floor log2_data log_data pow_data scalbn sqrt)
list(REMOVE_ITEM DESIST_MATHS_MEMBERS erfc)

set(DESIST_FIXED_MATHS "")
set(DESIST_MATHS_LIBRARY system)
string(REPLACE "-gnu" "-musl" musl_architecture "${CMAKE_LIBRARY_ARCHITECTURE}")
find_file(DESIST_MUSL_ARCHIVE libc.a PATHS /usr/lib/${musl_architecture} /usr/lib/musl/lib NO_DEFAULT_PATH)
mark_as_advanced(DESIST_MUSL_ARCHIVE)

# Runs a tool of binutils; its standard output goes to the variable `tool_output`.
function(desist_run_tool folder)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${folder} RESULT_VARIABLE result
                  OUTPUT_VARIABLE output ERROR_VARIABLE errors OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "the fixed maths library was not made: ${ARGN}\n${errors}")
  endif()
  set(tool_output "${output}" PARENT_SCOPE)
endfunction()

if(DESIST_MUSL_ARCHIVE)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${DESIST_MUSL_ARCHIVE})
  set(folder ${PROJECT_BINARY_DIR}/fixed_maths)
  set(DESIST_FIXED_MATHS ${folder}/fixed_libm.o)
  file(MAKE_DIRECTORY ${folder})
  desist_run_tool(${folder} ${CMAKE_AR} t ${DESIST_MUSL_ARCHIVE})
  string(REGEX MATCH "\nexp(\\.l?o)\n" found "${tool_output}")  # Debian's members end in .lo
  set(ending ${CMAKE_MATCH_1})
  if(${DESIST_MUSL_ARCHIVE} IS_NEWER_THAN ${DESIST_FIXED_MATHS} OR ${CMAKE_CURRENT_LIST_FILE} IS_NEWER_THAN ${DESIST_FIXED_MATHS})
    set(members ${DESIST_MATHS_MEMBERS})
    list(TRANSFORM members APPEND "${ending}")
    set(exported ${DESIST_MATHS_FUNCTIONS})
    list(TRANSFORM exported PREPEND "--keep-global-symbol=")
    desist_run_tool(${folder} ${CMAKE_AR} x ${DESIST_MUSL_ARCHIVE} ${members})
    desist_run_tool(${folder} ${CMAKE_LINKER} -r -o joined.o ${members})
    desist_run_tool(${folder} ${CMAKE_NM} --undefined-only --format=just-symbols joined.o)
    if(NOT tool_output MATCHES "^(__stack_chk_fail|_GLOBAL_OFFSET_TABLE_|\n)*$")
      message(FATAL_ERROR "the fixed maths library lacks what it calls: ${tool_output}")
    endif()
    desist_run_tool(${folder} ${CMAKE_OBJCOPY} ${exported} joined.o fixed_libm.o)
  endif()
  desist_run_tool(${folder} ${CMAKE_AR} p ${DESIST_MUSL_ARCHIVE} version${ending})
  string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" version "${tool_output}")
  if(NOT version)
    set(version "of unknown version")
  endif()
  set(DESIST_MATHS_LIBRARY "musl ${version} (fixed)")
endif()
message(STATUS "Maths library: ${DESIST_MATHS_LIBRARY}")

# As a link option: of equal ones CMake keeps one, and a static library does not swallow it.
function(desist_use_fixed_maths target)
  if(DESIST_FIXED_MATHS)
    target_link_options(${target} INTERFACE $<BUILD_INTERFACE:${DESIST_FIXED_MATHS}>
                        $<INSTALL_INTERFACE:$<INSTALL_PREFIX>/${CMAKE_INSTALL_LIBDIR}/desist/fixed_libm.o>)
    set_property(TARGET ${target} APPEND PROPERTY INTERFACE_LINK_DEPENDS $<BUILD_INTERFACE:${DESIST_FIXED_MATHS}>)
  endif()
endfunction()

if(DESIST_FIXED_MATHS)
  install(FILES ${DESIST_FIXED_MATHS} DESTINATION ${CMAKE_INSTALL_LIBDIR}/desist)
  list(TRANSFORM DESIST_MATHS_FUNCTIONS PREPEND "-fno-builtin-" OUTPUT_VARIABLE no_builtins)
  target_compile_options(desist_options INTERFACE ${no_builtins})  # else constants are folded with another library
  desist_use_fixed_maths(desist_options)
endif()
