# Tests of the source tree itself: layering, file size, headers that stand alone.

add_test(NAME layering
         COMMAND ${PROJECT_SOURCE_DIR}/cmake/check_layering.sh ${PROJECT_SOURCE_DIR})
add_test(NAME layering_guard_rejects
         COMMAND ${PROJECT_SOURCE_DIR}/cmake/check_layering_guard.sh
                 ${PROJECT_SOURCE_DIR}/tests/support/layering_fixture)
add_test(NAME file_size
         COMMAND ${PROJECT_SOURCE_DIR}/cmake/check_file_size.sh ${PROJECT_SOURCE_DIR})
set(guard_tests layering layering_guard_rejects file_size)

# Needs everything that is installed, and packs it; the programs of a sanitizer are too large for that.
if(NOT FLEETWRIGHT_SANITIZE)
  add_test(NAME install_and_packages
           COMMAND ${PROJECT_SOURCE_DIR}/cmake/check_install.sh ${PROJECT_BINARY_DIR})
  set_tests_properties(install_and_packages PROPERTIES TIMEOUT 900 LABELS guard)
endif()

# One translation unit per header. Sanitizers add nothing here but time.
if(NOT FLEETWRIGHT_SANITIZE AND NOT FLEETWRIGHT_FUZZ)
  set(header_patterns models/*.hpp profiles/*.hpp sim/*.hpp planner/*.hpp)
  list(TRANSFORM header_patterns PREPEND ${PROJECT_SOURCE_DIR}/)
  file(GLOB_RECURSE headers RELATIVE ${PROJECT_SOURCE_DIR} CONFIGURE_DEPENDS ${header_patterns})
  # These need CUDA and MPI, which are not found on every machine.
  list(FILTER headers EXCLUDE REGEX "^(profiles/gpu|planner/cli/mpi)/")
  set(header_units "")
  foreach(header IN LISTS headers)
    set(unit ${PROJECT_BINARY_DIR}/header_check/${header}.cpp)
    file(CONFIGURE OUTPUT ${unit} CONTENT "#include \"@header@\"\n" @ONLY)
    list(APPEND header_units ${unit})
  endforeach()
  if(header_units)
    get_property(libraries GLOBAL PROPERTY FLEETWRIGHT_LIBRARIES)
    add_library(fleetwright_header_check OBJECT EXCLUDE_FROM_ALL ${header_units})
    fleetwright_target_defaults(fleetwright_header_check)
    target_compile_options(fleetwright_header_check PRIVATE -O0 -g0)
    target_link_libraries(fleetwright_header_check PRIVATE ${libraries})
    add_test(NAME headers_compile_alone
             COMMAND ${CMAKE_COMMAND} --build ${PROJECT_BINARY_DIR}
                     --target fleetwright_header_check)
    # A cold build of this target is the one slow guard, and it uses every core.
    set_tests_properties(headers_compile_alone PROPERTIES TIMEOUT 1200 PROCESSORS 2 LABELS guard)
  endif()
endif()

set_tests_properties(${guard_tests} PROPERTIES TIMEOUT 60 LABELS guard)
