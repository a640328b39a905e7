// gusu update, modify, suspend, activate, retire, reinstate: changing records.
#include <algorithm>

#include "client/cli/program.h"
#include "client/cli/record_text.h"
#include "client/cli/time_text.h"
#include "client/cli/write_options.h"

namespace gusu::cli {
namespace {

constexpr char kRetirementChoices[] =
    "scrapped, consumed, exported, superseded, registered-in-error, lost-or-stolen, never-used, "
    "deleted, other";

// What all requests that change a record have in common.
template <typename Request>
MaybeFailure FillIn(const Session& session, const std::string& identifier,
                    const WriteOptions& options, Request* request) {
  request->name = identifier;
  request->etag = options.etag;
  request->request_id = options.request_id;
  const auto effective_time = ParseTimeIfGiven(options.effective_time);
  if (!effective_time.ok()) return effective_time.failure();
  request->effective_time = *effective_time;
  const auto on_behalf_of = session.OnBehalf();
  if (!on_behalf_of.ok()) return on_behalf_of.failure();
  request->on_behalf_of = *on_behalf_of;
  return std::nullopt;
}

// -------------------------------------------------------------------------------------------
// update

struct UpdateOptions {
  std::string identifier;
  ValueOptions values;
  std::string instance_of;
  bool no_instance_of = false;
  WriteOptions write;
};

MaybeFailure Update(Session& session, const UpdateOptions& options) {
  UpdateRecordRequest request;
  if (const auto failure = FillIn(session, options.identifier, options.write, &request)) {
    return failure;
  }
  OrFailure<std::vector<Value>> values = ToValues(options.values);
  if (!values.ok()) return values.failure();
  if (values->empty()) {
    return UsageFailure("update replaces all values, and none is given",
                        "name them with --value KEY=VALUE, or change single ones with gusu modify");
  }
  request.values = std::move(*values);
  request.instance_of = options.no_instance_of ? InstanceOf() : ToInstanceOf(options.instance_of);
  request.reason = session.flags().reason;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintChange(session, client->UpdateRecord(std::move(request)));
}

// -------------------------------------------------------------------------------------------
// modify

struct ModifyOptions {
  std::string identifier;
  std::vector<std::string> add;
  std::vector<std::string> set;
  std::vector<uint32_t> remove;
  std::string tier;
  WriteOptions write;
};

MaybeFailure AppendValues(const std::vector<std::string>& texts, Tier tier,
                          std::vector<Value>* values) {
  for (const std::string& text : texts) {
    OrFailure<KeyValue> parsed = ParseKeyValue(text);
    if (!parsed.ok()) return parsed.failure();
    values->push_back(ToValue(std::move(*parsed), tier));
  }
  return std::nullopt;
}

MaybeFailure Modify(Session& session, const ModifyOptions& options) {
  if (options.add.empty() && options.set.empty() && options.remove.empty()) {
    return UsageFailure("nothing to change",
                        "name --add KEY=VALUE, --set KEY=VALUE or --remove INDEX");
  }
  ModifyValuesRequest request;
  if (const auto failure = FillIn(session, options.identifier, options.write, &request)) {
    return failure;
  }
  const auto tier = ToEnumeration<Tier>(options.tier, "tier", "public, partner, owner");
  if (!tier.ok()) return tier.failure();
  if (const auto failure = AppendValues(options.add, *tier, &request.add)) return failure;
  if (const auto failure = AppendValues(options.set, *tier, &request.modify)) return failure;
  request.remove_indexes = options.remove;
  request.reason = session.flags().reason;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintChange(session, client->ModifyValues(std::move(request)));
}

// ------------------------------------------------------------------- suspend, activate, reinstate

struct VerbOptions {
  std::string identifier;
  WriteOptions write;
};

// A verb whose request has a reason and nothing else of its own.
template <typename Request, Result<RecordAnswer> (Client::*call)(Request, CallOptions)>
MaybeFailure RunVerb(Session& session, const VerbOptions& options) {
  if (session.flags().reason.empty()) {
    return UsageFailure("a --reason is required", "it is kept in the record's history");
  }
  Request request;
  if (const auto failure = FillIn(session, options.identifier, options.write, &request)) {
    return failure;
  }
  request.reason = session.flags().reason;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintChange(session, ((*client).*call)(std::move(request), {}));
}

// -------------------------------------------------------------------------------------------
// retire

struct RetireOptions {
  std::string identifier;
  std::string text;
  std::string successor;
  WriteOptions write;
};

MaybeFailure Retire(Session& session, const RetireOptions& options) {
  RetireRecordRequest request;
  const auto reason = ToEnumeration<RetirementReason>(session.flags().reason, "retirement reason",
                                                      kRetirementChoices);
  if (!reason.ok()) return reason.failure();
  if (*reason == RetirementReason::kUnspecified) {
    return UsageFailure("a --reason is required", std::string("one of ") + kRetirementChoices);
  }
  if (const auto failure = FillIn(session, options.identifier, options.write, &request)) {
    return failure;
  }
  if (request.on_behalf_of && !options.text.empty()) request.on_behalf_of->reason = options.text;
  request.retirement.reason = *reason;
  request.retirement.text = options.text;
  request.retirement.successor = options.successor;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintChange(session, client->RetireRecord(std::move(request)));
}

void AddVerb(Program* program, const std::string& name, const std::string& description,
             const std::string& examples, MaybeFailure (*run)(Session&, const VerbOptions&)) {
  const auto [command, options] =
      AddCommand<VerbOptions>(program, &program->app, name, description, examples, run);
  command->add_option("code", options->identifier, "Identifier")->required();
  AddWriteOptions(command, &options->write);
}

void AddUpdateAndModify(Program* program) {
  const auto [update, update_options] = AddCommand<UpdateOptions>(
      program, &program->app, "update", "Replace a record's values",
      "  gusu update 88.118.8/HP-1 --value name=Pump --value model=HP2 --etag \"$ETAG\"", Update);
  update->add_option("code", update_options->identifier, "Identifier")->required();
  AddValueOptions(update, &update_options->values);
  CLI::Option* instance_of =
      update->add_option("--instance-of", update_options->instance_of,
                         "Batch or model from now on: IDENTIFIER[@REVISION]; default: as before");
  update
      ->add_flag("--no-instance-of", update_options->no_instance_of,
                 "Inherits from no batch or model from now on")
      ->excludes(instance_of);
  AddWriteOptions(update, &update_options->write);

  const auto [modify, modify_options] = AddCommand<ModifyOptions>(
      program, &program->app, "modify", "Change single values and leave the others",
      "  gusu modify 88.118.8/HP-1 --set model=HP2 --add 1:URL=https://example.com --remove 2005",
      Modify);
  modify->add_option("code", modify_options->identifier, "Identifier")->required();
  AddRepeated(modify, "--add", &modify_options->add, "KEY=VALUE that the record does not have yet");
  AddRepeated(modify, "--set", &modify_options->set, "KEY=VALUE in place of what it has");
  modify->add_option("--remove", modify_options->remove, "Index of a value to remove")
      ->allow_extra_args(false);
  modify->add_option("--tier", modify_options->tier,
                     "Of the values added and set: public, partner, owner");
  AddWriteOptions(modify, &modify_options->write);
}

}  // namespace

void AddChangeCommands(Program* program) {
  AddUpdateAndModify(program);
  AddVerb(program, "suspend", "Suspend a record: it resolves with its state and cannot change",
          "  gusu suspend 88.118.8/HP-1 --reason \"inspection overdue\"",
          RunVerb<SuspendRecordRequest, &Client::SuspendRecord>);
  AddVerb(program, "activate", "Make a suspended or reserved record active",
          "  gusu activate 88.118.8/HP-1 --reason \"inspected\"",
          RunVerb<ActivateRecordRequest, &Client::ActivateRecord>);
  AddVerb(program, "reinstate", "Make a retired record active again; its prefix's holder may",
          "  gusu reinstate 88.118.8/HP-1 --reason \"retired by mistake\"",
          RunVerb<ReinstateRecordRequest, &Client::ReinstateRecord>);

  const auto [retire, options] = AddCommand<RetireOptions>(
      program, &program->app, "retire", "Retire a record: it resolves for ever as retired",
      "  gusu retire 88.118.8/HP-1 --reason scrapped --text \"dropped at press 4\"\n"
      "  gusu retire 88.118.8/HP-1 --reason superseded --successor 88.118.8/HP-2\n"
      "--reason is one of " +
          std::string(kRetirementChoices) + ".",
      Retire);
  retire->add_option("code", options->identifier, "Identifier")->required();
  retire->add_option("--text", options->text, "More about the reason; required with other");
  retire->add_option("--successor", options->successor, "Code in its place; with superseded");
  AddWriteOptions(retire, &options->write);
}

}  // namespace gusu::cli
