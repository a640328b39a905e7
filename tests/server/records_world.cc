#include "tests/server/records_world.h"

#include "proto/identifier.h"
#include "proto/record_canonical.h"
#include "proto/text.h"
#include "server/record_effects.h"
#include "server/record_verb.h"
#include "server/stored_record.h"
#include "server/template.h"

namespace gusu::server {

std::string RecordsWorld::List(const std::string& request) {
  return ListAs(Writer("sz-pumps"), request);
}

std::string RecordsWorld::ListAs(const Caller& caller, const std::string& request) {
  auto asked = FromText<v1::ListRecordsRequest>(request);
  if (asked.parent().empty()) asked.set_parent("prefixes/88.118.8");
  std::string listed;
  for (int pages = 0;; ++pages) {
    REQUIRE(pages < 1000);
    auto page = Page(caller, asked);
    if (!page.ok()) return ShowError(page.status());
    for (const v1::Record& record : page->records()) {
      listed += Concat(listed.empty() ? "" : " ", record.identifier());
    }
    if (page->next_page_token().empty()) return listed;
    asked.set_page_token(page->next_page_token());
  }
}

absl::StatusOr<v1::ListRecordsResponse> RecordsWorld::Page(const Caller& caller,
                                                           const v1::ListRecordsRequest& request) {
  v1::ListRecordsResponse response;
  const absl::Status status = resolver_.ListRecords(request, caller, &response);
  if (!status.ok()) return status;
  CHECK(static_cast<uint32_t>(response.records_size()) <=
        (request.page_size() == 0 ? 100 : request.page_size()));
  return response;
}

std::string RecordsWorld::Resolve(const std::string& identifier, const std::string& options) {
  v1::ResolveRequest request;
  request.set_identifier(identifier);
  *request.mutable_options() = FromText<v1::ResolveOptions>(options);
  v1::ResolveResponse response;
  const absl::Status status = resolver_.Resolve(request, Writer("sz-pumps"), &response);
  if (!status.ok()) return ShowError(status);
  std::string shown;
  for (const v1::Value& value : response.record().values()) {
    shown += Concat(shown.empty() ? "" : " ", value.type(), "=", value.data());
    if (!value.inherited_from().empty()) shown += Concat(" from ", value.inherited_from());
  }
  return shown;
}

void RecordsWorld::PassRecord(const std::string& identifier, const std::string& owner,
                              const std::string& custodian) {
  const auto parsed = Identifier::Parse(identifier);
  REQUIRE(parsed.ok());
  const auto view = View();
  const auto before = ReadRecord(*view, parsed->key(), view->last_revision());
  REQUIRE((before.ok() && before->has_value()));
  storage::v1::RecordRow after = *(*before)->row;
  PrepareNextRevision((*before)->revision, (*before)->leaf_index,
                      view->directory().FindPrefix(parsed->prefix_key())->row->holder(), &after);
  if (!owner.empty()) after.set_owner(owner);
  if (!custodian.empty()) after.set_custodian(custodian);

  storage::ChangeSet set;
  ::gusu::Change& change = set.changes.emplace_back();
  change.operation = Operation::kTransfer;
  change.resource = parsed->name();
  change.prefix_key = std::string(parsed->prefix_key());
  change.actor = "bureau";
  AddRecordEffects((*before)->row.get(), after,
                   FindTemplate(view->directory(), after.template_id()).get(), parsed->prefix_key(),
                   parsed->suffix_key(), &change);
  change.commitments = Seal(after);
  change.rows.push_back({storage::RecordKey(parsed->key()), after.SerializeAsString()});
  std::promise<storage::AppendOutcome> outcome;
  ledger().Append(std::move(set), [&outcome](storage::AppendOutcome answered) {
    outcome.set_value(std::move(answered));
  });
  const auto answered = outcome.get_future().get();
  REQUIRE(answered.ok());
  REQUIRE(std::holds_alternative<storage::Appended>(*answered));
}

void RecordsWorld::PassPrefix(const std::string& prefix, const std::string& holder) {
  storage::v1::PrefixRow row = *View()->directory().FindPrefix(prefix)->row;
  row.set_holder(holder);
  Put(storage::PrefixKey(prefix), row);
}

void RecordsWorld::PublishTemplate() {
  Put(storage::TemplateKey("88.118.8/T"), FromText<storage::v1::TemplateRow>(R"(
      id: "88.118.8/T" owner: "sz-pumps" state: 2 version: 1
      attributes { index: 2000 name: "name" type: 1 required: true default_tier: 1 }
      attributes { index: 2001 name: "tag" type: 1 indexed: true unique: true default_tier: 1 }
      attributes { index: 2002 name: "seal" type: 1 unique: true default_tier: 3 })"));
}

}  // namespace gusu::server
