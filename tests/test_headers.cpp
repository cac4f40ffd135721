// Makes the precompiled header test_headers.hpp.
