#include "client/cli/bench_fill.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

#include "client/cli/progress.h"

namespace gusu::cli {
namespace {

constexpr size_t kWorkers = 8;
constexpr uint64_t kDistricts = 9;

std::string Numbered(const char* format, uint64_t number) {
  char text[32];
  std::snprintf(text, sizeof text, format, static_cast<unsigned long long>(number));
  return text;
}

std::string RegistrantId(uint64_t number) { return Numbered("bench-%06llu", number); }

ApplyRegistrantRequest Application(uint64_t number) {
  ApplyRegistrantRequest request;
  request.registrant_id = RegistrantId(number);
  Registrant& registrant = request.registrant;
  registrant.legal_name = "Bench Enterprise " + Numbered("%06llu", number);
  registrant.organization_code = {OrganizationCodeScheme::kOther, request.registrant_id, "bench"};
  registrant.district = Numbered("32050%llu", 1 + number % kDistricts);
  registrant.industry_class = Numbered("C34%llu", 1 + number % kDistricts);
  request.claim_sha256 = Sha256Of(request.registrant_id);
  return request;
}

// Made by an earlier run, or by somebody else meanwhile.
bool IsThere(const Status& status) {
  return status.code == StatusCode::kAlreadyExists ||
         status.code == StatusCode::kFailedPrecondition;
}

Status MakeRegistrant(Client& client, uint64_t number) {
  const std::string name = "registrants/" + RegistrantId(number);
  const Result<Registrant> found = client.GetRegistrant(name);
  if (found.ok() && found->state == RegistrantState::kActive) return {};
  const Result<RegistrantAnswer> applied = client.ApplyRegistrant(Application(number));
  if (!applied.ok() && !IsThere(applied.status())) return applied.status();
  ApproveRegistrantRequest approval;
  approval.name = name;
  approval.reason = "bench";
  const Result<RegistrantAnswer> approved = client.ApproveRegistrant(std::move(approval));
  return approved.ok() || IsThere(approved.status()) ? Status() : approved.status();
}

Status MakeRegistrants(Session& session, Client& client, uint64_t count) {
  std::atomic<uint64_t> next{0};
  std::mutex mutex;
  Status first_fault;  // guarded by mutex
  Progress progress(session.err(), session.is_watched(), 0, "registrants");
  const auto work = [&] {
    for (uint64_t number = next++; number < count; number = next++) {
      const Status status = MakeRegistrant(client, number);
      const std::lock_guard lock(mutex);
      if (!status.ok() && first_fault.ok()) first_fault = status;
      if (!first_fault.ok()) return;
      progress.Show(0, number, 0);
    }
  };
  std::vector<std::thread> workers;
  for (size_t i = 0; i < kWorkers; ++i) workers.emplace_back(work);
  for (std::thread& worker : workers) worker.join();
  return first_fault;
}

// The holder of the prefix, which is granted when it is not there.
Result<std::string> MakePrefix(Client& client, const std::string& prefix) {
  const Result<Prefix> found = client.GetPrefix("prefixes/" + prefix);
  if (found.ok()) return found->holder;
  if (found.status().code != StatusCode::kNotFound) return found.status();
  GrantPrefixRequest request;
  request.prefix = prefix;
  request.holder = "registrants/" + RegistrantId(0);
  const Result<PrefixAnswer> granted = client.GrantPrefix(std::move(request));
  if (!granted.ok()) return granted.status();
  return granted->prefix.holder;
}

RegisterRow RecordOf(const std::string& prefix, uint64_t number) {
  RegisterRow row;
  row.identifier = prefix + Numbered("/LIST-%07llu", number);
  row.template_id = "product";
  row.values = {TextValue("name", "Bench"), TextValue("model", "B-1"),
                TextValue("batch", BenchLot(number / kBenchLotRecords)),
                TextValue("serial", Numbered("%07llu", number))};
  if (number % kBenchLotRecords == kBenchLotRecords - 1) row.state = State::kReserved;
  return row;
}

Status MakeRecords(Session& session, Client& client, const BenchFill& fill,
                   const std::string& holder) {
  Progress progress(session.err(), session.is_watched(), 0, "records");
  std::mutex mutex;
  Status first_fault;  // guarded by mutex
  RegisterStreamOptions options;
  options.on_behalf_of =
      OnBehalfOf{holder, session.flags().reason.empty() ? "bench list" : session.flags().reason};
  options.on_outcome = [&](const RowOutcome& outcome) {
    const std::lock_guard lock(mutex);
    if (!outcome.result.ok() && first_fault.ok()) first_fault = outcome.result.status();
  };
  const auto stream = client.OpenRegisterStream(options);
  const auto is_well = [&] {
    const std::lock_guard lock(mutex);
    return first_fault.ok();
  };
  for (uint64_t number = 0; number < fill.records_count && is_well(); ++number) {
    if (!stream->Write(RecordOf(fill.prefix, number)).ok()) break;
    progress.Show(0, number, 0);
  }
  const Status finished = stream->Finish();
  const std::lock_guard lock(mutex);
  return first_fault.ok() ? finished : first_fault;
}

}  // namespace

std::string BenchLot(uint64_t lot) { return Numbered("L-%05llu", lot); }

MaybeFailure FillForListing(Session& session, Client& client, const BenchFill& fill) {
  Status status = MakeRegistrants(session, client, std::max<uint64_t>(1, fill.registrants_count));
  if (!status.ok()) return session.FailureOf(status);
  const Result<std::string> holder = MakePrefix(client, fill.prefix);
  if (!holder.ok()) return session.FailureOf(holder.status());
  status = MakeRecords(session, client, fill, *holder);
  if (!status.ok()) return session.FailureOf(status);
  return std::nullopt;
}

}  // namespace gusu::cli
