#include "client/audit/status_from.h"

#include "client/connection/convert.h"
#include "google/rpc/status.pb.h"
#include "proto/error.h"

namespace gusu {

Status StatusFrom(const absl::Status& status) {
  if (status.ok()) return {};
  return FromProto(ToRpcStatus(status));
}

}  // namespace gusu
