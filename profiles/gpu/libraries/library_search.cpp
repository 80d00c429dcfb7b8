#include "profiles/gpu/libraries/library_search.hpp"

#include <dlfcn.h>
#include <fmt/core.h>
#include <link.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {
namespace {

using std::filesystem::path;

bool is_folder(const path& p) {
  std::error_code ignored;
  return std::filesystem::is_directory(p, ignored);
}

// Sorted, so that the order does not depend on the file system.
std::vector<path> folders_in(const path& folder) {
  std::vector<path> found;
  std::error_code error;
  for (std::filesystem::directory_iterator i(folder, error), end; !error && i != end;
       i.increment(error)) {
    if (is_folder(i->path())) found.push_back(i->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

void add_unique(std::vector<path>& paths, const path& p) {
  if (std::find(paths.begin(), paths.end(), p) == paths.end()) paths.push_back(p);
}

std::vector<path> toolkits(const SearchPlaces& places) {
  std::vector<path> found;
  for (const char* variable : {"CUDA_HOME", "CUDA_PATH"}) {
    if (const std::string value = places.variable(variable); !value.empty()) {
      add_unique(found, value);
    }
  }
  for (const path& p : places.toolkits) add_unique(found, p);
  return found;
}

// The folders that have a bin/python3: a virtual environment's python3 is a link to another's.
std::vector<path> python_prefixes(const SearchPlaces& places) {
  std::vector<path> prefixes;
  if (const std::string environment = places.variable("VIRTUAL_ENV"); !environment.empty()) {
    add_unique(prefixes, environment);
  }
  const std::string search = places.variable("PATH");
  for (std::size_t begin = 0; begin < search.size();) {
    const std::size_t end = std::min(search.find(':', begin), search.size());
    const path python = path(search.substr(begin, end - begin)) / "python3";
    begin = end + 1;
    std::error_code error;
    if (!std::filesystem::exists(python, error)) continue;
    add_unique(prefixes, python.parent_path().parent_path());
    const path resolved = std::filesystem::canonical(python, error);
    if (!error) add_unique(prefixes, resolved.parent_path().parent_path());
  }
  if (const std::string home = places.variable("HOME"); !home.empty()) {
    add_unique(prefixes, path(home) / ".local");
  }
  for (const path& p : places.prefixes) add_unique(prefixes, p);
  return prefixes;
}

std::vector<path> package_folders(const SearchPlaces& places) {
  std::vector<path> found;
  for (const path& prefix : python_prefixes(places)) {
    for (const path& version : folders_in(prefix / "lib")) {
      if (!version.filename().string().starts_with("python3")) continue;
      for (const char* kind : {"site-packages", "dist-packages"}) {
        if (is_folder(version / kind)) add_unique(found, version / kind);
      }
    }
  }
  return found;
}

void add_packages(std::vector<std::string>& candidates, const path& packages, const path& file) {
  bool found = false;
  for (const path& package : folders_in(packages / "nvidia")) {
    const path library = package / "lib" / file;
    std::error_code error;
    if (!std::filesystem::exists(library, error)) continue;
    candidates.push_back(library.string());
    found = true;
  }
  if (!found) candidates.push_back((packages / "nvidia" / "*" / "lib" / file).string());
}

std::string loaded_from(void* handle, const std::string& asked) {
  link_map* map = nullptr;
  if (dlinfo(handle, RTLD_DI_LINKMAP, static_cast<void*>(&map)) != 0 || map == nullptr ||
      map->l_name == nullptr) {
    return asked;
  }
  return map->l_name;
}

}  // namespace

SearchPlaces process_places() {
  SearchPlaces places;
  places.variable = [](const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return std::string(value == nullptr ? "" : value);
  };
  return places;
}

std::vector<std::string> library_candidates(const LibraryName& name, const SearchPlaces& places) {
  const path file = name.file;
  if (const path own = places.variable(std::string(name.variable)); !own.empty()) {
    return {(is_folder(own) ? own / file : own).string()};
  }
  std::vector<std::string> candidates;
  for (const path& toolkit : toolkits(places)) {
    for (const char* folder : {"lib64", "lib", "extras/CUPTI/lib64"}) {
      candidates.push_back((toolkit / folder / file).string());
    }
  }
  candidates.push_back(file.string());
  for (const path& packages : package_folders(places)) add_packages(candidates, packages, file);
  return candidates;
}

void* SharedLibrary::symbol(const char* symbol_name) const {
  void* found = dlsym(handle_, symbol_name);
  if (found == nullptr) {
    throw Unavailable(fmt::format("{} ({}) has no {}", name_.title, path_, symbol_name));
  }
  return found;
}

SharedLibrary open_library(const LibraryName& name, const SearchPlaces& places) {
  std::string tried;
  for (const std::string& candidate : library_candidates(name, places)) {
    if (void* handle = dlopen(candidate.c_str(), RTLD_NOW | RTLD_LOCAL); handle != nullptr) {
      return {name, loaded_from(handle, candidate), handle};
    }
    const char* why = dlerror();
    const std::string text = why == nullptr ? "" : why;
    // The loader's text repeats the path of a file that is not there.
    const bool absent = text.find("No such file") != std::string::npos;
    tried += fmt::format("{}{}{}", tried.empty() ? "" : ", ", candidate,
                         absent ? "" : " (" + text + ")");
  }
  throw Unavailable(fmt::format("{} was not found; set {} to its file or folder; tried {}",
                                name.title, name.variable, tried));
}

std::size_t open_beside(const SharedLibrary& library, std::string_view beginning) {
  std::size_t opened = 0;
  std::error_code error;
  const path folder = path(library.path()).parent_path();
  for (std::filesystem::directory_iterator i(folder, error), end; !error && i != end;
       i.increment(error)) {
    if (!i->path().filename().string().starts_with(beginning)) continue;
    if (dlopen(i->path().c_str(), RTLD_NOW | RTLD_LOCAL) != nullptr) ++opened;
  }
  return opened;
}

}  // namespace fleetwright::gpu
