// The parts of the figures, each of what it is read of. Names and meanings stand in
// deploy/METRICS.md, which a test holds against what is told.
#pragma once

#include <vector>

namespace prometheus {
struct MetricFamily;
}
namespace gusu::storage {
class Ledger;
}

namespace gusu::server {

class Checkpoints;
class Metrics;

using MetricFamilies = std::vector<prometheus::MetricFamily>;

void AddCallFamilies(const Metrics& metrics, MetricFamilies* families);
void AddGaugeFamilies(const Metrics& metrics, MetricFamilies* families);
void AddLedgerFamilies(const storage::Ledger& ledger, MetricFamilies* families);
void AddEngineFamilies(const storage::Ledger& ledger, MetricFamilies* families);
void AddCheckpointFamilies(const Checkpoints& checkpoints, MetricFamilies* families);
// Of this process, by the names that every program gives them; and which program it is.
void AddProcessFamilies(MetricFamilies* families);

}  // namespace gusu::server
