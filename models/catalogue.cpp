#include "models/catalogue.hpp"

#include "models/casework.hpp"
#include "models/conference.hpp"

namespace desist {

const std::vector<ModelRecord>& catalogue() {
  static const std::vector<ModelRecord> models{
      model_record<Casework>(),
      model_record<Conference>(),
  };
  return models;
}

}  // namespace desist
