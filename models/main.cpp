// The program `desist`: this catalogue, run by the engine.
#include "engine/program/command_line.hpp"
#include "models/catalogue.hpp"

int main(int argc, char** argv) { return desist::run_command_line(argc, argv, desist::Catalogue{desist::catalogue()}); }
