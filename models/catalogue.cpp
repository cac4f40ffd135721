#include "models/catalogue.hpp"

#include "models/conference.hpp"
#include "models/cover.hpp"
#include "models/orders.hpp"
#include "models/pathway.hpp"

namespace desist {

const std::vector<ModelRecord>& catalogue() {
  static const std::vector<ModelRecord> models{
      model_record<Conference>(),
      model_record<Cover>(),
      model_record<Orders>(),
      model_record<Pathway>(),
  };
  return models;
}

}  // namespace desist
