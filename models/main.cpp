#include <cstdio>
int main(int argc, char** argv) { for (int i = 1; i < argc; ++i) std::puts(argv[i]); return argc > 3 ? 3 : 0; }
