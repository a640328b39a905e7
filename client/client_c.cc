#include "gusu/client_c.h"

#include <cstdlib>
#include <cstring>
#include <sstream>

#include "gusu/client.h"
#include "gusu/json.h"

struct gusu_client {
  gusu::Client client;
};

namespace {

std::string Text(const char* text) { return text == nullptr ? "" : text; }

char* Copy(const std::string& text) {
  char* copy = static_cast<char*>(std::malloc(text.size() + 1));
  if (copy != nullptr) std::memcpy(copy, text.c_str(), text.size() + 1);
  return copy;
}

void SetError(const gusu::Status& status, gusu_error* error) {
  if (error == nullptr) return;
  gusu_error_clear(error);
  error->code = static_cast<int>(status.code);
  error->reason = Copy(status.reason);
  error->message = Copy(status.message);
  std::string metadata = "{";
  for (const auto& [key, value] : status.metadata) {
    if (metadata.size() > 1) metadata += ",";
    metadata += gusu::JsonString(key) + ":" + gusu::JsonString(value);
  }
  error->metadata_json = Copy(metadata + "}");
}

gusu::Status Invalid(const std::string& field, const std::string& value, const std::string& fault) {
  return {gusu::StatusCode::kInvalidArgument,
          field + " \"" + value + "\" " + fault,
          "ARGUMENT_MALFORMED",
          {{"field", field}, {"value", value}}};
}

template <typename Answer>
char* Return(const gusu::Result<Answer>& answer, gusu_error* error) {
  if (!answer) {
    SetError(answer.status(), error);
    return nullptr;
  }
  return Copy(gusu::ToJson(*answer));
}

template <typename Item>
char* ReturnList(const gusu::Result<std::vector<Item>>& items, gusu_error* error) {
  if (!items) {
    SetError(items.status(), error);
    return nullptr;
  }
  std::string list = "[";
  for (const Item& item : *items) {
    if (list.size() > 1) list += ",";
    list += gusu::ToJson(item);
  }
  return Copy(list + "]");
}

gusu::Result<gusu::ResolveOptions> OptionsAsOf(const char* as_of) {
  gusu::ResolveOptions options;
  if (as_of == nullptr || *as_of == '\0') return options;
  const std::string text = as_of;
  if (text.find('T') == std::string::npos) {
    options.as_of_date = text;
    return options;
  }
  options.as_of_time = gusu::ParseTimestamp(text);
  if (!options.as_of_time) return Invalid("as_of", text, "is neither a time nor a day");
  return options;
}

char* Resolve(gusu_client* client, const char* identifier, const char* as_of, bool include_proof,
              gusu_error* error) {
  gusu::Result<gusu::ResolveOptions> options = OptionsAsOf(as_of);
  if (!options) return Return<gusu::ResolveAnswer>(options.status(), error);
  options->include_proof = include_proof;
  return Return(client->client.Resolve(Text(identifier), *options), error);
}

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

gusu::Result<gusu::RegisterRow> RowFrom(const gusu_row& from) {
  gusu::RegisterRow row;
  row.identifier = Text(from.identifier);
  if (from.mint_pattern != nullptr) {
    row.mint = gusu::MintPattern{Text(from.mint_prefix), from.mint_pattern};
  }
  if (from.level != nullptr) {
    const auto level = gusu::FromText<gusu::Level>(from.level);
    if (!level) return Invalid("level", from.level, "is not MODEL, BATCH or ITEM");
    row.level = *level;
  }
  if (from.instance_of != nullptr) row.instance_of = gusu::InstanceOf{from.instance_of};
  row.template_id = Text(from.template_id);
  for (size_t i = 0; i < from.value_count; ++i) {
    const gusu_value& value = from.values[i];
    std::string data(static_cast<const char*>(value.data), value.data_bytes);
    gusu::Value& to = row.values.emplace_back(gusu::TextValue(Text(value.type), std::move(data)));
    if (value.tier == nullptr) continue;
    const auto tier = gusu::FromText<gusu::Tier>(value.tier);
    if (!tier) return Invalid("tier", value.tier, "is not PUBLIC, PARTNER or OWNER");
    to.tier = *tier;
  }
  row.request_id = Text(from.request_id);
  return row;
}

}  // namespace

gusu_client* gusu_client_open(const gusu_options* options, gusu_error* error) {
  gusu::ClientOptions to;
  if (options != nullptr) {
    if (options->server != nullptr) to.server = options->server;
    to.ca_file = Text(options->ca_file);
    to.token = Text(options->token);
    to.token_file = Text(options->token_file);
    to.plaintext = options->plaintext != 0;
    if (options->deadline_ms != 0) to.deadline = std::chrono::milliseconds(options->deadline_ms);
  }
  if (gusu::Status fault = gusu::CheckOptions(to); !fault.ok()) {
    SetError(fault, error);
    return nullptr;
  }
  return new gusu_client{gusu::Client(std::move(to))};
}

void gusu_client_close(gusu_client* client) { delete client; }

void gusu_free(char* text) { std::free(text); }

void gusu_error_clear(gusu_error* error) {
  if (error == nullptr) return;
  std::free(error->reason);
  std::free(error->message);
  std::free(error->metadata_json);
  *error = {};
}

char* gusu_resolve(gusu_client* client, const char* identifier, const char* as_of,
                   gusu_error* error) {
  return Resolve(client, identifier, as_of, false, error);
}

char* gusu_resolve_with_proof(gusu_client* client, const char* identifier, const char* as_of,
                              gusu_error* error) {
  return Resolve(client, identifier, as_of, true, error);
}

char* gusu_verify_answer(const char* answer_json, const char* vkeys, const char* identifier,
                         gusu_error* error) {
  const gusu::Result<gusu::AnswerProof> proof = gusu::AnswerProofFromJson(Text(answer_json));
  if (!proof) return Return<gusu::VerifiedAnswer>(proof.status(), error);
  return Return(gusu::VerifyAnswer(*proof, LinesOf(Text(vkeys)), Text(identifier)), error);
}

char* gusu_resolve_batch(gusu_client* client, const char* const* identifiers, size_t count,
                         const char* as_of, gusu_error* error) {
  gusu::Result<gusu::ResolveOptions> options = OptionsAsOf(as_of);
  if (!options) return Return<gusu::ResolveAnswer>(options.status(), error);
  std::vector<std::string> asked;
  for (size_t i = 0; i < count; ++i) asked.push_back(Text(identifiers[i]));
  return ReturnList(client->client.BatchResolve(asked, *options), error);
}

char* gusu_register(gusu_client* client, const gusu_row* row, gusu_error* error) {
  gusu::Result<gusu::RegisterRow> to = RowFrom(*row);
  if (!to) return Return<gusu::RegisterResult>(to.status(), error);
  return Return(client->client.Register(*std::move(to)), error);
}

char* gusu_register_batch(gusu_client* client, const gusu_row* rows, size_t count,
                          const char* request_id, gusu_error* error) {
  gusu::BatchRegisterRequest request;
  request.request_id = Text(request_id);
  for (size_t i = 0; i < count; ++i) {
    gusu::Result<gusu::RegisterRow> row = RowFrom(rows[i]);
    if (!row) return Return<gusu::RegisterResult>(row.status(), error);
    request.rows.push_back(*std::move(row));
  }
  return ReturnList(client->client.BatchRegister(std::move(request)), error);
}
