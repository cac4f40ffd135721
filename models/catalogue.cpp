#include "models/catalogue.hpp"

#include "models/caseload.hpp"
#include "models/casework.hpp"
#include "models/cohort.hpp"
#include "models/cohort_caseload.hpp"
#include "models/conference.hpp"
#include "models/course.hpp"
#include "models/cover.hpp"
#include "models/orders.hpp"
#include "models/pathway.hpp"
#include "models/places.hpp"

namespace desist {

const std::vector<ModelRecord>& catalogue() {
  static const std::vector<ModelRecord> models{
      model_record<Caseload>(),   model_record<Casework>(), model_record<Cohort>(), model_record<CohortCaseload>(),
      model_record<Conference>(), model_record<Course>(),   model_record<Cover>(),  model_record<Orders>(),
      model_record<Pathway>(),    model_record<Places>(),
  };
  return models;
}

}  // namespace desist
