#include "models/catalogue.hpp"

#include "models/conference.hpp"
#include "models/course.hpp"
#include "models/places.hpp"

namespace desist {

const std::vector<ModelRecord>& catalogue() {
  static const std::vector<ModelRecord> models{
      model_record<Conference>(),
      model_record<Course>(),
      model_record<Places>(),
  };
  return models;
}

}  // namespace desist
