#include <iostream>

#include "engine/core/text.hpp"

int main() { std::cout << desist::shortest(0.1) << '\n'; }
