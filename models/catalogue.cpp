#include "models/catalogue.hpp"

#include "models/casework.hpp"
#include "models/conference.hpp"
#include "models/cover.hpp"
#include "models/orders.hpp"

namespace desist {

const std::vector<ModelRecord>& catalogue() {
  static const std::vector<ModelRecord> models{
      model_record<Casework>(),
      model_record<Conference>(),
      model_record<Cover>(),
      model_record<Orders>(),
  };
  return models;
}

}  // namespace desist
