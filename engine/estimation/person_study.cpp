#include "engine/estimation/person_study.hpp"

namespace desist {
namespace {

template <class T>
const std::vector<T>& found(const std::map<std::string, std::vector<T>>& keys, const std::string& key) {
  static const std::vector<T> none;
  const auto at = keys.find(key);
  return at == keys.end() ? none : at->second;
}

}  // namespace

std::string Analysis::word(const std::string& key, const std::string& otherwise) const {
  const auto& all = list(key);
  return all.empty() ? otherwise : all.front();
}

double Analysis::number(const std::string& key, double otherwise) const {
  const auto& all = number_list(key);
  return all.empty() ? otherwise : all.front();
}

const std::vector<std::string>& Analysis::list(const std::string& key) const { return found(words, key); }

const std::vector<double>& Analysis::number_list(const std::string& key) const { return found(numbers, key); }

}  // namespace desist
