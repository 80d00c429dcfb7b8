# Compiler, linker and sanitizer settings of the whole project.

include(CheckLinkerFlag)

# Assertions stay on in every build, and -O2 is the highest level: results must not depend on it.
foreach(config RELEASE RELWITHDEBINFO)
  foreach(flag "-DNDEBUG" "-O3")
    string(REPLACE "${flag}" "" CMAKE_CXX_FLAGS_${config} "${CMAKE_CXX_FLAGS_${config}}")
  endforeach()
  if(NOT CMAKE_CXX_FLAGS_${config} MATCHES "-O")
    string(APPEND CMAKE_CXX_FLAGS_${config} " -O2")
  endif()
endforeach()

# No fused multiply-add behind our back: the same input gives the same bytes on every processor.
add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-ffp-contract=off>)

if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(FLEETWRIGHT_CCACHE ccache)
  if(FLEETWRIGHT_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${FLEETWRIGHT_CCACHE})
    set(CMAKE_CUDA_COMPILER_LAUNCHER ${FLEETWRIGHT_CCACHE})
  endif()
endif()

find_program(FLEETWRIGHT_MOLD mold)
if(FLEETWRIGHT_MOLD)
  check_linker_flag(CXX -fuse-ld=mold FLEETWRIGHT_LINKS_WITH_MOLD)
  if(FLEETWRIGHT_LINKS_WITH_MOLD)
    add_link_options(-fuse-ld=mold)
  endif()
endif()

if(FLEETWRIGHT_SANITIZE)
  add_compile_options(-fsanitize=${FLEETWRIGHT_SANITIZE} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${FLEETWRIGHT_SANITIZE})
  # Tests ask for it: sanitizers reserve terabytes of addresses, and take a multiple of the time.
  add_compile_definitions(FLEETWRIGHT_SANITIZED=1)
endif()

if(FLEETWRIGHT_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "FLEETWRIGHT_FUZZ needs clang, not ${CMAKE_CXX_COMPILER_ID}")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Warnings and include root of one of our own targets; libraries, executables and tests all get them.
function(fleetwright_target_defaults target)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_options(${target} PRIVATE
    $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion>)
  if(FLEETWRIGHT_WERROR)
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # These depend on what the optimizer happens to see; g++ 12 raises them inside libstdc++.
    foreach(warning maybe-uninitialized array-bounds stringop-overflow stringop-overread
                    free-nonheap-object dangling-pointer)
      target_compile_options(${target} PRIVATE
        $<$<COMPILE_LANGUAGE:CXX>:-Wno-error=${warning}>)
    endforeach()
    # The thread sanitizer does not see fences; SimGrid's reference counts have one.
    if(FLEETWRIGHT_SANITIZE STREQUAL "thread")
      target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-Wno-tsan>)
    endif()
    # False alarms on std::string operator+ (GCC bug 105651).
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
  endif()
  # Four fifths of the time to compile a file are the standard library's headers. Only here: the other
  # builds show that each file includes what it needs.
  if(FLEETWRIGHT_SANITIZE)
    target_precompile_headers(${target} PRIVATE
      <algorithm> <array> <cmath> <cstdint> <filesystem> <functional> <map> <memory> <optional>
      <ranges> <set> <span> <string> <string_view> <tuple> <utility> <variant> <vector>
      <fmt/format.h>)
  endif()
endfunction()
