// Passes errors on: GUSU_RETURN_IF_ERROR(Check(x)); GUSU_ASSIGN_OR_RETURN(auto y, Compute(x));
#pragma once

#include "absl/status/statusor.h"

#define GUSU_RETURN_IF_ERROR(expression)                              \
  do {                                                                \
    if (absl::Status gusu_status = (expression); !gusu_status.ok()) { \
      return gusu_status;                                             \
    }                                                                 \
  } while (false)

#define GUSU_ASSIGN_OR_RETURN(declaration, expression) \
  GUSU_ASSIGN_OR_RETURN_AT_(GUSU_CONCAT_(gusu_result_, __LINE__), declaration, expression)

#define GUSU_CONCAT_(a, b) GUSU_CONCAT_INNER_(a, b)
#define GUSU_CONCAT_INNER_(a, b) a##b
#define GUSU_ASSIGN_OR_RETURN_AT_(result, declaration, expression) \
  auto result = (expression);                                      \
  if (!result.ok()) return std::move(result).status();             \
  declaration = *std::move(result)
