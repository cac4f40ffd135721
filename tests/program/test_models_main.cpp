// A program of another field: the engine's command line with a catalogue of test models.
#include "engine/program/command_line.hpp"
#include "tests/models/coin.hpp"
#include "tests/models/referral_service.hpp"
#include "tests/program/test_models.hpp"

int main(int argc, char** argv) {
  using namespace desist;
  return run_command_line(argc, argv,
                          Catalogue{{model_record<test::Brittle>(), model_record<test::Coin>(),
                                     model_record<test::ReferralService>(), model_record<test::Sent>()}});
}
