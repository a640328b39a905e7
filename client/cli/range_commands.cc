// gusu range: serial ranges, up to 10^9 codes at once.
#include <CLI/App.hpp>

#include "client/cli/key_value.h"
#include "client/cli/listing.h"
#include "client/cli/program.h"
#include "client/cli/progress.h"
#include "client/cli/record_text.h"
#include "client/cli/time_text.h"
#include "client/cli/write_options.h"

namespace gusu::cli {
namespace {

constexpr uint64_t kCodesMax = 1'000'000'000;

MaybeFailure PrintAnswer(Session& session, const Result<SerialRangeAnswer>& answer) {
  if (!answer.ok()) return session.FailureOf(answer.status());
  if (session.json()) {
    session.out() << ToJson(*answer) << '\n';
    return std::nullopt;
  }
  const SerialRange& range = answer->serial_range;
  session.out() << ToText(range.state) << ' ' << range.first_identifier << " to "
                << range.last_identifier << ", " << WithThousands(range.count()) << " codes  ("
                << ToReceiptText(answer->receipt) << ")\n";
  return std::nullopt;
}

// -------------------------------------------------------------------------------------- allocate

struct AllocateOptions {
  std::string prefix;
  std::string pattern;
  std::string count;
  std::string first_serial;
  std::string template_id;
  std::string level;
  std::string instance_of;
  bool activate = false;
  ValueOptions values;
  std::string request_id;
};

MaybeFailure SetCounts(const AllocateOptions& options, AllocateSerialRangeRequest* request) {
  if (!ParseNumber(options.count, &request->count) || request->count == 0 ||
      request->count > kCodesMax) {
    return UsageFailure("'" + options.count + "' is not a count between 1 and 1000000000");
  }
  if (options.first_serial.empty()) return std::nullopt;
  if (!ParseNumber(options.first_serial, &request->first_serial) || request->first_serial == 0) {
    return UsageFailure("'" + options.first_serial + "' is no serial", "serials begin with 1");
  }
  return std::nullopt;
}

MaybeFailure Allocate(Session& session, const AllocateOptions& options) {
  AllocateSerialRangeRequest request;
  request.parent = WithCollection("prefixes", options.prefix);
  request.pattern = options.pattern;
  if (MaybeFailure failure = SetCounts(options, &request)) return failure;
  const auto level = ToEnumeration<Level>(options.level, "level", kLevelChoices);
  if (!level.ok()) return level.failure();
  request.level = *level;
  request.instance_of = ToInstanceOf(options.instance_of);
  request.template_id = options.template_id;
  OrFailure<std::vector<Value>> values = ToValues(options.values);
  if (!values.ok()) return values.failure();
  request.values = std::move(*values);
  request.state = options.activate ? State::kActive : State::kReserved;
  request.reason = session.flags().reason;
  request.request_id = options.request_id;
  const auto on_behalf_of = session.OnBehalf();
  if (!on_behalf_of.ok()) return on_behalf_of.failure();
  request.on_behalf_of = *on_behalf_of;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintAnswer(session, client->AllocateSerialRange(std::move(request)));
}

// ----------------------------------------------------------------------------- activate, release

struct PartOptions {
  std::string from;
  std::string to;
  std::string request_id;
};

template <typename Request>
MaybeFailure FillPart(const Session& session, const PartOptions& options, Request* request) {
  request->first_identifier = options.from;
  request->last_identifier = options.to.empty() ? options.from : options.to;
  request->reason = session.flags().reason;
  request->request_id = options.request_id;
  const auto on_behalf_of = session.OnBehalf();
  if (!on_behalf_of.ok()) return on_behalf_of.failure();
  request->on_behalf_of = *on_behalf_of;
  return std::nullopt;
}

MaybeFailure Activate(Session& session, const PartOptions& options) {
  ActivateSerialRangeRequest request;
  if (MaybeFailure failure = FillPart(session, options, &request)) return failure;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintAnswer(session, client->ActivateSerialRange(std::move(request)));
}

MaybeFailure Release(Session& session, const PartOptions& options) {
  ReleaseSerialRangeRequest request;
  if (session.flags().reason.empty()) {
    return UsageFailure("a --reason is required", "released codes are never used again");
  }
  if (MaybeFailure failure = FillPart(session, options, &request)) return failure;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintAnswer(session, client->ReleaseSerialRange(std::move(request)));
}

// ------------------------------------------------------------------------------------- show, list

struct ShowOptions {
  std::string name;
};

void PrintRange(Session& session, const SerialRange& range) {
  Table table;
  const auto add = [&table](const std::string& name, const std::string& value) {
    if (!value.empty()) table.AddRow({name, value});
  };
  add("Range", range.name);
  add("Pattern", range.pattern);
  add("Codes", range.first_identifier + " to " + range.last_identifier);
  add("Serials", std::to_string(range.first_serial) + " to " + std::to_string(range.last_serial) +
                     ", " + WithThousands(range.count()) + " codes");
  add("State", std::string(ToText(range.state)));
  add("Level", std::string(ToText(range.level)));
  if (range.instance_of) add("Instance of", ToInstanceText(*range.instance_of));
  if (!range.template_id.empty()) {
    add("Template", range.template_id + ", version " + std::to_string(range.template_version));
  }
  add("Issued by", range.issued_by);
  if (range.owner != range.issued_by) add("Owner", range.owner);
  if (range.custodian != range.owner) add("Custodian", range.custodian);
  add("Part of", range.parent);
  add("Allocated", ToLocalText(range.create_time));
  add("Revision", std::to_string(range.revision) + ", " + RevisionToLocalText(range.revision));
  add("ETag", range.etag);
  table.Print(session.out(), false);
  PrintValues(session, range.values);
}

MaybeFailure Show(Session& session, const ShowOptions& options) {
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  const Result<SerialRange> range = client->GetSerialRange(options.name);
  if (!range.ok()) return session.FailureOf(range.status());
  if (session.json()) {
    session.out() << ToJson(*range) << '\n';
  } else {
    PrintRange(session, *range);
  }
  return std::nullopt;
}

struct ListOptions {
  std::string prefix;
  std::string state;
  uint64_t limit = 0;
};

MaybeFailure List(Session& session, const ListOptions& options) {
  ListSerialRangesRequest request;
  request.parent = WithCollection("prefixes", options.prefix);
  const auto state = ToEnumeration<State>(options.state, "state", "reserved, active, retired");
  if (!state.ok()) return state.failure();
  request.state = *state;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintListing(session, client->ListSerialRanges(std::move(request)), options.limit,
                      {"PATTERN", "FIRST", "LAST", "CODES", "STATE", "OWNER", "CHANGED"},
                      [](const SerialRange& range) -> std::vector<std::string> {
                        return {range.pattern,
                                range.first_identifier,
                                range.last_identifier,
                                WithThousands(range.count()),
                                std::string(ToText(range.state)),
                                range.owner,
                                ToLocalText(range.update_time)};
                      });
}

void AddPart(Program* program, CLI::App* family, const std::string& name,
             const std::string& description, const std::string& examples,
             MaybeFailure (*run)(Session&, const PartOptions&)) {
  const auto [command, options] =
      AddCommand<PartOptions>(program, family, name, description, examples, run);
  command->add_option("--from", options->from, "First code of the part")->required();
  command->add_option("--to", options->to, "Last code of the part; default: the first");
  command->add_option("--request-id", options->request_id,
                      "Makes a repetition the same request; default: its content");
}

void AddAllocate(Program* program, CLI::App* family) {
  const auto [allocate, options] = AddCommand<AllocateOptions>(
      program, family, "allocate", "Allocate codes that share a pattern and their values",
      "  gusu range allocate 88.118.8 --pattern 'BOLT-{serial:10}' --count 1000000000 \\\n"
      "      --template product --value name=Bolt\n"
      "  gusu range allocate 88.118.8 --pattern 'S{permuted:8}{check}' --count 50000 --activate "
      "\\\n"
      "      --instance-of 88.118.8/HP --request-id order-4711\n"
      "Codes are RESERVED until they are activated. A record registered for one of them counts in\n"
      "its place.",
      Allocate);
  allocate->add_option("prefix", options->prefix, "Prefix")->required();
  allocate
      ->add_option("--pattern", options->pattern,
                   "Text with {serial:N}, or {permuted:N} for serials that cannot be guessed, then "
                   "{check}")
      ->required();
  allocate->add_option("--count", options->count, "How many, up to 1000000000")->required();
  allocate->add_option("--first", options->first_serial,
                       "First serial; default: after the last one of the pattern");
  allocate->add_option("--template", options->template_id, "Template, for example product");
  allocate->add_option("--level", options->level, "item (default), batch, model");
  allocate->add_option("--instance-of", options->instance_of,
                       "Batch or model whose values they inherit: IDENTIFIER[@REVISION]");
  allocate->add_flag("--activate", options->activate, "ACTIVE from the beginning");
  AddValueOptions(allocate, &options->values);
  allocate->add_option("--request-id", options->request_id,
                       "Makes a repetition the same request; 1 to 64 bytes");
}

}  // namespace

void AddRangeCommands(Program* program) {
  CLI::App* family =
      AddFamily(program, "range", "Allocate, activate, release and show serial ranges");
  AddAllocate(program, family);
  AddPart(program, family, "activate", "Bring a part of a range into use",
          "  gusu range activate --from 88.118.8/BOLT-0000000001 --to 88.118.8/BOLT-0000050000",
          Activate);
  AddPart(program, family, "release", "Give up a part that was never activated, for ever",
          "  gusu range release --from 88.118.8/BOLT-0000050001 --to 88.118.8/BOLT-0000060000 \\\n"
          "      --reason \"order cancelled\"",
          Release);

  const auto [show, show_options] = AddCommand<ShowOptions>(
      program, family, "show", "Show the range of a code",
      "  gusu range show 88.118.8/BOLT-0000000042\n"
      "  gusu range show prefixes/88.118.8/serialRanges/1-1000000000 --json",
      Show);
  show->add_option("range", show_options->name, "A code of it, or its name")->required();

  const auto [list, list_options] =
      AddCommand<ListOptions>(program, family, "list", "List the ranges of a prefix",
                              "  gusu range list 88.118.8 --state reserved", List);
  list->add_option("prefix", list_options->prefix, "Prefix")->required();
  list->add_option("--state", list_options->state, "Only reserved, active or retired");
  list->add_option("--limit", list_options->limit, "At most so many; 0: all");
}

}  // namespace gusu::cli
