// A registry with its audit log on a memory engine into which a test can reach. Checkpoints are
// published at the start only.
#pragma once

#include <catch2/catch.hpp>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gusu/v1/audit.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/registry.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "server/audit/audit.h"
#include "server/audit/checkpoints.h"
#include "server/audit/proofs.h"
#include "server/registrar.h"
#include "server/registry.h"
#include "server/resolver.h"
#include "storage/ledger.h"
#include "storage/memory/memory_engine.h"

namespace gusu::server {

// Leaves: 0 the settings, 1 the bureau's credential, then for sz-pumps (88.118.8) and sz-valves
// (88.118.9) three each: application, approval, prefix. So the first record is leaf 8.
class AuditWorld {
 public:
  static constexpr uint64_t kFirstRecord = 8;

  AuditWorld();
  // As a server stops: the ledger before those whom it hands work.
  ~AuditWorld() { ledger_->Stop(); }

  storage::Ledger& ledger() { return *ledger_; }
  const Audit& audit() const { return *audit_; }
  const Resolver& resolver() const { return *resolver_; }
  Checkpoints& checkpoints() { return *checkpoints_; }
  // Begins to publish anew: the tree of now. What the three above gave is gone with it.
  void Publish();
  std::vector<VerifierKey> Keys() const { return checkpoints_->verifiers(); }
  std::shared_ptr<const storage::View> View() const { return *ledger_->Latest(); }

  static Caller Anonymous() { return {}; }
  static Caller Of(Role role, const std::string& registrant = "");
  static Caller Writer(const std::string& registrant = "sz-pumps") {
    return Of(Role::kRegistrantWriter, registrant);
  }
  static Caller Auditor() { return Of(Role::kBureauAuditor); }

  template <typename Rules, typename Request, typename Response>
  absl::StatusOr<Response> Write(void (Rules::*method)(const Request&, const Caller&,
                                                       Done<Response>),
                                 const Request& request, const Caller& caller) {
    std::promise<absl::StatusOr<Response>> answer;
    (Get<Rules>().*method)(request, caller, [&answer](absl::StatusOr<Response> response) {
      answer.set_value(std::move(response));
    });
    return answer.get_future().get();
  }
  template <typename Rules, typename Request, typename Response>
  absl::StatusOr<Response> Read(absl::Status (Rules::*method)(const Request&, const Caller&,
                                                              Response*) const,
                                const Request& request, const Caller& caller) {
    Response response;
    const absl::Status status = (Get<Rules>().*method)(request, caller, &response);
    if (!status.ok()) return status;
    return response;
  }

  // A row of 88.118.8 in text, as RegisterRow has it; the receipt with its proof.
  v1::Receipt Register(const std::string& row);
  // Records 88.118.8/R0, R1, …, in sets of 500.
  void RegisterMany(int count);
  // A LeafProof as GetInclusionProof gives it; ends the test when it does not.
  v1::LeafProof ProofOf(uint64_t leaf_index, const Caller& caller);

  // What is stored at a key, and something else in its place: shown by views from then on.
  std::string Stored(const std::string& key);
  void Damage(const std::string& key, const std::optional<std::string>& value);
  // The same with one bit of the value's byte.
  void Flip(const std::string& key, size_t byte);

  // `OK`, or `DATA_LOSS RECORD_CORRUPT 6f00…` with what `metadata` has of it.
  static std::string Show(const absl::Status& status, const std::string& metadata = "");

 private:
  template <typename Rules>
  Rules& Get() {
    if constexpr (std::is_same_v<Rules, Registry>) {
      return *registry_;
    } else if constexpr (std::is_same_v<Rules, Registrar>) {
      return *registrar_;
    } else if constexpr (std::is_same_v<Rules, Resolver>) {
      return *resolver_;
    } else {
      return *audit_;
    }
  }
  void Enroll(const std::string& id, const std::string& prefix);

  storage::MemoryEngine engine_;
  std::unique_ptr<storage::Ledger> ledger_;
  std::unique_ptr<Checkpoints> checkpoints_;
  std::unique_ptr<Proofs> proofs_;
  std::unique_ptr<Registry> registry_;
  std::unique_ptr<Registrar> registrar_;
  std::unique_ptr<Resolver> resolver_;
  std::unique_ptr<Audit> audit_;
  int nudges_ = 0;
};

}  // namespace gusu::server
