#include "server/metrics/text.h"

#include <prometheus/text_serializer.h>

#include "server/metrics/families.h"

namespace gusu::server {

std::string MetricsText(const MetricsSources& sources) {
  MetricFamilies families;
  if (sources.metrics != nullptr) {
    AddCallFamilies(*sources.metrics, &families);
    AddGaugeFamilies(*sources.metrics, &families);
  }
  if (sources.ledger != nullptr) {
    AddLedgerFamilies(*sources.ledger, &families);
    AddEngineFamilies(*sources.ledger, &families);
  }
  if (sources.checkpoints != nullptr) AddCheckpointFamilies(*sources.checkpoints, &families);
  AddProcessFamilies(&families);
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace gusu::server
