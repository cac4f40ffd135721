#include "models/catalogue.hpp"

#include "models/conference.hpp"
#include "models/pathway.hpp"

namespace desist {

const std::vector<ModelRecord>& catalogue() {
  static const std::vector<ModelRecord> models{
      model_record<Conference>(),
      model_record<Pathway>(),
  };
  return models;
}

}  // namespace desist
