// Proofs from the JSON that ToJson wrote of them.
#include <algorithm>
#include <functional>
#include <optional>

#include "client/json_value.h"
#include "gusu/json.h"
#include "proto/base64.h"

namespace gusu {
namespace {

// Lists of a proof have a few elements: parts, ancestors.
constexpr size_t kItemsMax = 64;

Status Malformed(const std::string& field, const std::string& what) {
  return {StatusCode::kInvalidArgument,
          (field.empty() ? "the JSON" : field) + " " + what,
          "JSON_MALFORMED",
          {{"at", field}}};
}

// Reads the fields that an object may have and refuses others. The first fault counts.
class ObjectReader {
 public:
  ObjectReader(const JsonValue& value, std::string where)
      : value_(value), where_(std::move(where)) {
    if (value.kind != JsonValue::Kind::kObject) fault_ = Malformed(where_, "is not an object");
  }

  ObjectReader& Text(const char* name, std::string& text) {
    const JsonValue* member = Take(name, JsonValue::Kind::kText, "is not text");
    if (member != nullptr) text = member->text;
    return *this;
  }
  ObjectReader& Bytes(const char* name, std::string& bytes) {
    const JsonValue* member = Take(name, JsonValue::Kind::kText, "is not base64");
    if (member == nullptr) return *this;
    std::optional<std::string> decoded = Base64Decode(member->text);
    if (!decoded) return Fail(name, "is not base64");
    bytes = *std::move(decoded);
    return *this;
  }
  ObjectReader& Flag(const char* name, bool& flag) {
    const JsonValue* member = Take(name, JsonValue::Kind::kTrue, "is not true");
    if (member != nullptr) flag = true;
    return *this;
  }
  template <typename Item>
  ObjectReader& List(const char* name, std::vector<Item>& items,
                     Status (*read)(const JsonValue&, const std::string&, Item&)) {
    const JsonValue* member = Take(name, JsonValue::Kind::kList, "is not a list");
    if (member == nullptr) return *this;
    if (member->items.size() > kItemsMax) return Fail(name, "has too many elements");
    for (const JsonValue& item : member->items) {
      const std::string where = Path(name) + "[" + std::to_string(items.size()) + "]";
      if (fault_.ok()) fault_ = read(item, where, items.emplace_back());
    }
    return *this;
  }
  template <typename Part>
  ObjectReader& Object(const char* name, Part& part,
                       Status (*read)(const JsonValue&, const std::string&, Part&)) {
    const JsonValue* member = Take(name, JsonValue::Kind::kObject, "is not an object");
    if (member != nullptr && fault_.ok()) fault_ = read(*member, Path(name), part);
    return *this;
  }
  Status Finish() {
    for (const JsonMember& member : value_.members) {
      const auto known = std::find(known_.begin(), known_.end(), member.name);
      if (known == known_.end()) Fail(member.name, "is not known here");
    }
    return fault_;
  }

 private:
  // nullptr when it is absent or at fault.
  const JsonValue* Take(const char* name, JsonValue::Kind kind, const char* fault) {
    known_.emplace_back(name);
    for (const JsonMember& member : value_.members) {
      if (member.name != name) continue;
      if (member.value.kind == kind) return &member.value;
      Fail(name, fault);
    }
    return nullptr;
  }
  std::string Path(const std::string& name) const {
    return where_.empty() ? name : where_ + "." + name;
  }
  ObjectReader& Fail(const std::string& name, const char* fault) {
    if (fault_.ok()) fault_ = Malformed(Path(name), fault);
    return *this;
  }

  const JsonValue& value_;
  const std::string where_;
  std::vector<std::string> known_;
  Status fault_;
};

Status ReadPart(const JsonValue& value, const std::string& where, ContentPart& part) {
  return ObjectReader(value, where)
      .Text("label", part.label)
      .Bytes("content", part.content)
      .Bytes("salt", part.salt)
      .Bytes("commitment", part.commitment)
      .Flag("erased", part.erased)
      .Finish();
}

Status ReadLeafProof(const JsonValue& value, const std::string& where, LeafProof& proof) {
  return ObjectReader(value, where)
      .Bytes("leaf", proof.leaf)
      .Text("tlog_proof", proof.tlog_proof)
      .Bytes("opening", proof.opening)
      .Bytes("salt", proof.salt)
      .List("parts", proof.parts, ReadPart)
      .Finish();
}

Status ReadAnswerProof(const JsonValue& value, const std::string& where, AnswerProof& proof) {
  return ObjectReader(value, where)
      .Object("record", proof.record, ReadLeafProof)
      .List("ancestors", proof.ancestors, ReadLeafProof)
      .Text("statement", proof.statement)
      .Bytes("identifier_salt", proof.identifier_salt)
      .Finish();
}

const JsonValue* Member(const JsonValue& value, const char* name) {
  for (const JsonMember& member : value.members) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

}  // namespace

Result<LeafProof> LeafProofFromJson(const std::string& json) {
  Result<JsonValue> value = ParseJson(json);
  if (!value) return std::move(value).status();
  LeafProof proof;
  if (Status fault = ReadLeafProof(*value, "", proof); !fault.ok()) return fault;
  return proof;
}

Result<AnswerProof> AnswerProofFromJson(const std::string& json) {
  Result<JsonValue> value = ParseJson(json);
  if (!value) return std::move(value).status();
  // A whole answer has its proof in a field, and no statement.
  const JsonValue* whole =
      Member(*value, "statement") == nullptr ? Member(*value, "proof") : nullptr;
  AnswerProof proof;
  const Status fault = whole != nullptr ? ReadAnswerProof(*whole, "proof", proof)
                                        : ReadAnswerProof(*value, "", proof);
  if (!fault.ok()) return fault;
  return proof;
}

}  // namespace gusu
