# How parts of the project are declared. Each layer may use those named here and nothing else:
#
#   models/core <- models <- profiles <- sim <- planner <- gui
#   profiles <- profiles/gpu     sim <- sim/simgrid     sim/simgrid and planner <- planner/cli
#   models/core <- gui/models <- gui
#
# cmake/check_layering.awk holds the same table for #include lines.

include(GoogleTest)

set(FLEETWRIGHT_LAYERS core models profiles gpu sim engine planner cli gui_models gui)
set(FLEETWRIGHT_USES_core "")
set(FLEETWRIGHT_USES_models core)
set(FLEETWRIGHT_USES_profiles core models)
set(FLEETWRIGHT_USES_gpu core models profiles)
set(FLEETWRIGHT_USES_sim core models profiles)
set(FLEETWRIGHT_USES_engine core models profiles sim)
set(FLEETWRIGHT_USES_planner core models profiles sim)
set(FLEETWRIGHT_USES_cli core models profiles sim engine planner)
set(FLEETWRIGHT_USES_gui_models core)
set(FLEETWRIGHT_USES_gui core models profiles sim planner gui_models)

# External libraries that only some layers may link, as "pattern|layers|scope"; scope "private"
# means LINK_PRIVATE only: such a library is used in .cpp files, never in a header.
set(FLEETWRIGHT_EXTERNAL_RULES
  "^tomlplusplus::|core|private"
  "^nlohmann_json::|models,planner,cli|private"
  "^SQLite::|planner|private"
  "^OpenSSL::|planner|private"
  "^(Boost::|boost_)|models,sim,engine|private"
  "^CLI11::|gpu,cli|any"
  "^MPI::|cli|any"
  "^(PkgConfig::SIMGRID|SimGrid::)|engine|any"
  "^Qt6::|gui_models,gui|any"
  "^(CUDA::|cudnn)|gpu|any")

function(_fleetwright_check_external layer target library scope)
  if(library MATCHES "^fleetwright(_|::)")
    message(FATAL_ERROR "layers: ${target} links ${library}; name it under DEPENDS instead")
  endif()
  foreach(rule IN LISTS FLEETWRIGHT_EXTERNAL_RULES)
    string(REGEX MATCH "^(.*)\\|([a-z_,]+)\\|(private|any)$" unused "${rule}")
    set(pattern "${CMAKE_MATCH_1}")
    set(allowed "${CMAKE_MATCH_2}")
    set(needed_scope "${CMAKE_MATCH_3}")
    if(library MATCHES "${pattern}")
      string(REPLACE "," ";" allowed_list "${allowed}")
      if(NOT layer IN_LIST allowed_list)
        message(FATAL_ERROR
          "layers: ${target} (layer ${layer}) may not link ${library}: only ${allowed} may")
      endif()
      if(needed_scope STREQUAL "private" AND NOT scope STREQUAL "private")
        message(FATAL_ERROR "layers: ${target} must link ${library} under LINK_PRIVATE: "
                            "it is for .cpp files only")
      endif()
    endif()
  endforeach()
endfunction()

# Refuses, for `target` of `layer`, each of `dependencies` (short names) that the table forbids.
function(_fleetwright_check_depends layer target dependencies)
  foreach(dependency IN LISTS dependencies)
    if(NOT dependency IN_LIST FLEETWRIGHT_LAYERS)
      message(FATAL_ERROR "layers: ${target} depends on '${dependency}', which is no layer; "
                          "layers are ${FLEETWRIGHT_LAYERS}")
    endif()
    if(NOT dependency IN_LIST FLEETWRIGHT_USES_${layer})
      list(JOIN FLEETWRIGHT_USES_${layer} ", " allowed)
      if(NOT allowed)
        set(allowed "no other layer")
      endif()
      message(FATAL_ERROR
        "layers: ${target} (layer ${layer}) may not depend on ${dependency}: it may use ${allowed}")
    endif()
    if(NOT TARGET fleetwright_${dependency})
      message(FATAL_ERROR "layers: ${target} depends on ${dependency}, which is not declared yet: "
                          "libraries are declared bottom-up")
    endif()
  endforeach()
endfunction()

# fleetwright_library(NAME <layer> SOURCES <file>... [DEPENDS <layer>...]
#                     [LINK <public target>...] [LINK_PRIVATE <target>...])
# Declares the static library fleetwright_<layer>, alias fleetwright::<layer>.
function(fleetwright_library)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME" "SOURCES;DEPENDS;LINK;LINK_PRIVATE")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_NAME OR NOT arg_SOURCES)
    message(FATAL_ERROR "fleetwright_library: needs NAME and SOURCES; "
                        "not understood: '${arg_UNPARSED_ARGUMENTS}'")
  endif()
  if(NOT arg_NAME IN_LIST FLEETWRIGHT_LAYERS)
    message(FATAL_ERROR "layers: '${arg_NAME}' is no layer; layers are ${FLEETWRIGHT_LAYERS}")
  endif()
  set(target fleetwright_${arg_NAME})
  _fleetwright_check_depends(${arg_NAME} ${target} "${arg_DEPENDS}")
  foreach(library IN LISTS arg_LINK)
    _fleetwright_check_external(${arg_NAME} ${target} ${library} public)
  endforeach()
  foreach(library IN LISTS arg_LINK_PRIVATE)
    _fleetwright_check_external(${arg_NAME} ${target} ${library} private)
  endforeach()

  add_library(${target} STATIC ${arg_SOURCES})
  add_library(fleetwright::${arg_NAME} ALIAS ${target})
  fleetwright_target_defaults(${target})
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  list(TRANSFORM arg_DEPENDS PREPEND fleetwright_)
  target_link_libraries(${target} PUBLIC ${arg_DEPENDS} ${arg_LINK} PRIVATE ${arg_LINK_PRIVATE})
  if(arg_NAME STREQUAL "core")
    target_include_directories(${target} PRIVATE ${FLEETWRIGHT_GENERATED_DIR})
  endif()
  set_property(GLOBAL APPEND PROPERTY FLEETWRIGHT_LIBRARIES ${target})
endfunction()

# fleetwright_executable(NAME <program> LAYER <layer> SOURCES <file>... [DEPENDS <layer>...]
#                        [LINK <target>...] [PACKAGE <part>])
# Declares a program of a layer, of the package core unless another is named; it may use that layer's own library and what that layer may use.
function(fleetwright_executable)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;LAYER;PACKAGE" "SOURCES;DEPENDS;LINK")
  if(NOT arg_PACKAGE)
    set(arg_PACKAGE core)
  endif()
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_NAME OR NOT arg_LAYER OR NOT arg_SOURCES)
    message(FATAL_ERROR "fleetwright_executable: needs NAME, LAYER and SOURCES; "
                        "not understood: '${arg_UNPARSED_ARGUMENTS}'")
  endif()
  if(NOT arg_LAYER IN_LIST FLEETWRIGHT_LAYERS)
    message(FATAL_ERROR "layers: '${arg_LAYER}' is no layer; layers are ${FLEETWRIGHT_LAYERS}")
  endif()
  set(other_layers ${arg_DEPENDS})
  list(REMOVE_ITEM other_layers ${arg_LAYER})
  _fleetwright_check_depends(${arg_LAYER} ${arg_NAME} "${other_layers}")
  foreach(library IN LISTS arg_LINK)
    _fleetwright_check_external(${arg_LAYER} ${arg_NAME} ${library} private)
  endforeach()

  add_executable(${arg_NAME} ${arg_SOURCES})
  fleetwright_target_defaults(${arg_NAME})
  list(TRANSFORM arg_DEPENDS PREPEND fleetwright_)
  target_link_libraries(${arg_NAME} PRIVATE ${arg_DEPENDS} ${arg_LINK})
  install(TARGETS ${arg_NAME} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
          COMPONENT ${arg_PACKAGE})
endfunction()

# fleetwright_tests(NAME <name> SOURCES <file>... [DEPENDS <layer>...] [LINK <target>...]
#                   [LABELS <label>...] [TIMEOUT <seconds>] [OWN_MAIN])
# Declares the GoogleTest program fleetwright_test_<name> (gmock and rapidcheck included) and one
# CTest per TEST. Tests run in the source root with a fixed seed for properties; under a sanitizer they
# have ten times as long.
function(fleetwright_tests)
  cmake_parse_arguments(PARSE_ARGV 0 arg "OWN_MAIN" "NAME;TIMEOUT" "SOURCES;DEPENDS;LINK;LABELS")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_NAME OR NOT arg_SOURCES)
    message(FATAL_ERROR "fleetwright_tests: needs NAME and SOURCES; "
                        "not understood: '${arg_UNPARSED_ARGUMENTS}'")
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  if(FLEETWRIGHT_SANITIZE)
    math(EXPR arg_TIMEOUT "10 * ${arg_TIMEOUT}")
  endif()
  foreach(dependency IN LISTS arg_DEPENDS)
    if(NOT TARGET fleetwright_${dependency})
      message(FATAL_ERROR "fleetwright_tests(${arg_NAME}): no library '${dependency}'")
    endif()
  endforeach()

  set(target fleetwright_test_${arg_NAME})
  add_executable(${target} ${arg_SOURCES})
  fleetwright_target_defaults(${target})
  if(FLEETWRIGHT_SANITIZE)
    target_precompile_headers(${target} PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
  endif()
  set_target_properties(${target} PROPERTIES
                        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/test-bin)
  list(TRANSFORM arg_DEPENDS PREPEND fleetwright_)
  target_link_libraries(${target} PRIVATE
                        ${arg_DEPENDS} ${arg_LINK} rapidcheck GTest::gmock GTest::gtest)
  if(NOT arg_OWN_MAIN)
    target_link_libraries(${target} PRIVATE GTest::gmock_main)
  endif()
  set(label_property "")
  if(arg_LABELS)
    set(label_property LABELS "${arg_LABELS}")
  endif()
  gtest_discover_tests(${target}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    DISCOVERY_TIMEOUT 60
    PROPERTIES
      TIMEOUT ${arg_TIMEOUT}
      ENVIRONMENT "RC_PARAMS=seed=1 max_success=200"
      ${label_property})
endfunction()

# Where the data folders are: models/core/build_paths.hpp, for the sources of fleetwright_core.
set(FLEETWRIGHT_GENERATED_DIR ${PROJECT_BINARY_DIR}/generated)
configure_file(${CMAKE_CURRENT_LIST_DIR}/data_paths.hpp.in
               ${FLEETWRIGHT_GENERATED_DIR}/models/core/build_paths.hpp @ONLY)
