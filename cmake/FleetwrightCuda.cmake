# CUDA is found, never required: FLEETWRIGHT_HAVE_CUDA says whether fleetwright-profile is built,
# FLEETWRIGHT_HAVE_CUDA_HEADERS whether its kernels can be run on the CPU by the tests.

set(FLEETWRIGHT_CUDA AUTO CACHE STRING "CUDA support: AUTO, ON or OFF")
set(FLEETWRIGHT_CUDA_ARCHS "80-real;90a-real;100a-real;90-virtual" CACHE STRING "GPU targets")

set(FLEETWRIGHT_HAVE_CUDA FALSE)
# nvcc has no sanitizers; sanitized tests run the kernels on the CPU.
if(NOT FLEETWRIGHT_CUDA STREQUAL "OFF" AND NOT FLEETWRIGHT_FUZZ AND NOT FLEETWRIGHT_SANITIZE)
  include(CheckLanguage)
  check_language(CUDA)  # overwrites CMAKE_CUDA_HOST_COMPILER
  if(CMAKE_CUDA_COMPILER)
    if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES)
      set(CMAKE_CUDA_ARCHITECTURES ${FLEETWRIGHT_CUDA_ARCHS})
    endif()
    set(CMAKE_CUDA_HOST_COMPILER ${CMAKE_CXX_COMPILER})
    enable_language(CUDA)
    set(CMAKE_CUDA_STANDARD 20)
    set(CMAKE_CUDA_STANDARD_REQUIRED ON)
    # CMake 3.25 does not know that nvcc takes C++20.
    if(CMAKE_CUDA_COMPILER_ID STREQUAL "NVIDIA" AND NOT DEFINED CMAKE_CUDA20_STANDARD_COMPILE_OPTION)
      set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION "-std=c++20")
      set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION "-std=c++20")
    endif()
    find_package(CUDAToolkit 12.8 QUIET)
    set(FLEETWRIGHT_HAVE_CUDA ${CUDAToolkit_FOUND})
  endif()
  if(NOT FLEETWRIGHT_HAVE_CUDA AND FLEETWRIGHT_CUDA STREQUAL "ON")
    message(FATAL_ERROR "FLEETWRIGHT_CUDA=ON, but no CUDA toolkit of 12.8 or newer was found")
  endif()
endif()

if(NOT FLEETWRIGHT_CUDA STREQUAL "OFF" AND NOT CUDAToolkit_FOUND)
  find_package(CUDAToolkit 12.8 QUIET)
endif()
set(FLEETWRIGHT_HAVE_CUDA_HEADERS ${CUDAToolkit_FOUND})

if(FLEETWRIGHT_HAVE_CUDA)
  message(STATUS "fleetwright-profile: built, CUDA ${CUDAToolkit_VERSION}, ${CMAKE_CUDA_ARCHITECTURES}")
else()
  message(STATUS "fleetwright-profile: left out, no CUDA toolkit (nvcc) of 12.8 or newer is in use")
endif()
