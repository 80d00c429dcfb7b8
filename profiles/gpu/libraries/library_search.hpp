#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace fleetwright::gpu {

/// A shared library that is loaded when it is needed, and where its vendor puts it.
struct LibraryName {
  std::string_view title;     // for texts: "cuBLASLt"
  std::string_view file;      // what the loader calls it: "libcublasLt.so.13"
  std::string_view variable;  // an environment variable that names the file or its folder
};

inline constexpr LibraryName cublaslt_library{"cuBLASLt", "libcublasLt.so.13",
                                              "FLEETWRIGHT_CUBLASLT_LIB"};
inline constexpr LibraryName cudnn_library{"cuDNN", "libcudnn.so.9", "FLEETWRIGHT_CUDNN_LIB"};
inline constexpr LibraryName cupti_library{"CUPTI", "libcupti.so.13", "FLEETWRIGHT_CUPTI_LIB"};
inline constexpr LibraryName nvrtc_library{"NVRTC", "libnvrtc.so.13", "FLEETWRIGHT_NVRTC_LIB"};

/// What the search reads of its surroundings.
struct SearchPlaces {
  std::function<std::string(const std::string&)> variable;  // of the environment; "" where unset
  std::vector<std::filesystem::path> toolkits = {"/usr/local/cuda"};
  std::vector<std::filesystem::path> prefixes = {"/usr/local", "/usr"};  // of Python packages
};

/// This process's.
[[nodiscard]] SearchPlaces process_places();

/// What to open, in this order: what the library's own variable names, and then nothing else; below
/// $CUDA_HOME, $CUDA_PATH and the toolkits; what the loader finds; the folders nvidia/*/lib of
/// Python packages: of $VIRTUAL_ENV, of each python3 on $PATH (as it is called and as it resolves),
/// of the user and of the system. A folder of packages without the library stands there with its
/// pattern, so that a list of what was tried is complete.
[[nodiscard]] std::vector<std::string> library_candidates(const LibraryName& name,
                                                          const SearchPlaces& places);

/// An open library. It stays open until the program ends: the vendors' libraries do not survive
/// being closed.
class SharedLibrary {
 public:
  SharedLibrary(const LibraryName& name, std::string path, void* handle)
      : name_(name), path_(std::move(path)), handle_(handle) {}

  /// The file that the loader took.
  [[nodiscard]] const std::string& path() const { return path_; }
  /// Throws Unavailable with the names of both.
  [[nodiscard]] void* symbol(const char* symbol_name) const;

 private:
  LibraryName name_;
  std::string path_;
  void* handle_ = nullptr;
};

/// The first candidate that opens. Throws Unavailable with all that was tried.
[[nodiscard]] SharedLibrary open_library(const LibraryName& name, const SearchPlaces& places);

/// Opens what lies beside an open library under names that begin so, and gives how many. A library
/// that asks the loader for another one by its name finds it if it is open already.
std::size_t open_beside(const SharedLibrary& library, std::string_view beginning);

}  // namespace fleetwright::gpu
