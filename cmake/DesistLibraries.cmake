# Libraries, all from Debian 12. Configuring needs no network once they are installed.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)          # headers only: Math and Random
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(fmt 9 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)
find_path(PCG_INCLUDE_DIR pcg_random.hpp REQUIRED)
find_path(RANDOM123_INCLUDE_DIR Random123/philox.h REQUIRED)
