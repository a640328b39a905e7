#include "proto/error.h"

#include <catch2/catch.hpp>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "proto/text.h"
#include "proto/utf8.h"
#include "tests/random.h"

using gusu::Error;
using gusu::ErrorMetadataValue;
using gusu::ErrorReason;
using gusu::FaultList;

namespace {

google::rpc::ErrorInfo InfoOf(const absl::Status& status) {
  const google::rpc::Status wire = gusu::ToRpcStatus(status);
  google::rpc::ErrorInfo info;
  REQUIRE(wire.details_size() == 1);
  REQUIRE(wire.details(0).UnpackTo(&info));
  return info;
}

}  // namespace

TEST_CASE("an error carries code, message, reason, domain and metadata") {
  const absl::Status status =
      Error(absl::StatusCode::kNotFound, "IDENTIFIER_NOT_FOUND",
            "identifier 88.1/a is not registered", {{"identifier", "88.1/a"}});
  CHECK(status.code() == absl::StatusCode::kNotFound);
  CHECK(gusu::StdView(status.message()) == "identifier 88.1/a is not registered");
  CHECK(ErrorReason(status) == "IDENTIFIER_NOT_FOUND");
  CHECK(ErrorMetadataValue(status, "identifier") == "88.1/a");
  CHECK(ErrorMetadataValue(status, "other").empty());
  const google::rpc::ErrorInfo info = InfoOf(status);
  CHECK(info.domain() == "gusu");
  CHECK(info.reason() == "IDENTIFIER_NOT_FOUND");
  CHECK(info.metadata_size() == 1);
}

TEST_CASE("a status that is not ours has no reason") {
  CHECK(ErrorReason(absl::NotFoundError("x")).empty());
  CHECK(ErrorReason(absl::OkStatus()).empty());
  CHECK(ErrorMetadataValue(absl::NotFoundError("x"), "k").empty());
}

TEST_CASE("the wire form comes back as the same status") {
  const absl::Status status =
      Error(absl::StatusCode::kAborted, "ETAG_MISMATCH", "changed", {{"etag", "1"}});
  CHECK(gusu::FromRpcStatus(gusu::ToRpcStatus(status)) == status);
  CHECK(gusu::FromRpcStatus(gusu::ToRpcStatus(absl::OkStatus())).ok());
  google::rpc::Status strange;
  strange.set_code(99);
  CHECK(gusu::FromRpcStatus(strange).code() == absl::StatusCode::kUnknown);
  strange.set_code(-1);
  CHECK(gusu::FromRpcStatus(strange).code() == absl::StatusCode::kUnknown);
}

TEST_CASE("long and broken text is cut and mended, never refused") {
  std::string long_text;
  for (int i = 0; i < 1000; ++i) long_text += "苏州";
  const absl::Status status = Error(absl::StatusCode::kInvalidArgument, "SUFFIX_REFUSED", long_text,
                                    {{"long", long_text},
                                     {"broken",
                                      "a\xFF"
                                      "b"}});
  CHECK(status.message().size() <= 512);
  CHECK(gusu::IsUtf8(gusu::StdView(status.message())));
  const std::string cut = ErrorMetadataValue(status, "long");
  CHECK(cut.size() <= 256);
  CHECK(gusu::IsUtf8(cut));
  CHECK(cut.substr(cut.size() - 3) == "…");
  CHECK(ErrorMetadataValue(status, "broken") ==
        "a\xEF\xBF\xBD"
        "b");
}

TEST_CASE("details of one error stay within 4 KiB, and say what was left out") {
  gusu::ErrorMetadata metadata;
  for (int i = 0; i < 40; ++i)
    metadata.emplace_back("key_" + std::to_string(i), std::string(300, 'x'));
  const absl::Status status =
      Error(absl::StatusCode::kInvalidArgument, "SUFFIX_REFUSED", std::string(5000, 'm'), metadata);
  CHECK(gusu::ToRpcStatus(status).ByteSizeLong() <= gusu::kErrorDetailBytesMax);
  const google::rpc::ErrorInfo info = InfoOf(status);
  const int told = info.metadata_size() - 1;
  CHECK(told >= 8);
  CHECK(ErrorMetadataValue(status, "metadata_omitted_count") == std::to_string(40 - told));
}

TEST_CASE("many faults: all are counted and ten are told") {
  FaultList faults;
  CHECK(faults.empty());
  CHECK(faults.ToStatus().ok());
  for (int i = 0; i < 1000; ++i) {
    faults.Add(
        "rows[" + std::to_string(i) + "]",
        Error(absl::StatusCode::kInvalidArgument, i == 0 ? "SUFFIX_REFUSED" : "TEMPLATE_VIOLATED",
              std::string(400, 'm'), {{"attribute", "name"}}));
  }
  CHECK(faults.count() == 1000);
  const absl::Status status = faults.ToStatus();
  CHECK(status.code() == absl::StatusCode::kInvalidArgument);
  CHECK(ErrorReason(status) == "SUFFIX_REFUSED");
  CHECK(ErrorMetadataValue(status, "faults_count") == "1000");
  CHECK(ErrorMetadataValue(status, "attribute") == "name");
  CHECK(ErrorMetadataValue(status, "fault_0").substr(0, 25) == "rows[0]: SUFFIX_REFUSED: ");
  CHECK(ErrorMetadataValue(status, "fault_9").substr(0, 28) == "rows[9]: TEMPLATE_VIOLATED: ");
  CHECK(ErrorMetadataValue(status, "fault_10").empty());
  const std::string message(gusu::StdView(status.message()));
  CHECK(message.substr(0, 10) == "rows[0]: m");
  CHECK(message.substr(message.size() - 15) == " (and 999 more)");
  CHECK(gusu::ToRpcStatus(status).ByteSizeLong() <= gusu::kErrorDetailBytesMax);
}

TEST_CASE("one fault is told without a count of others") {
  FaultList faults;
  faults.Add("values[2].data",
             Error(absl::StatusCode::kInvalidArgument, "TEMPLATE_VIOLATED", "no date"));
  CHECK(gusu::StdView(faults.ToStatus().message()) == "values[2].data: no date");
}

TEST_CASE("whatever is put in, an error stays within its limit and is UTF-8") {
  gusu::test::Random random("errors");
  for (int i = 0; i < 300; ++i) {
    FaultList faults;
    for (size_t n = random.Below(30) + 1; n > 0; --n) {
      faults.Add(random.Bytes(random.Below(300)),
                 Error(absl::StatusCode::kInvalidArgument, "SUFFIX_REFUSED",
                       random.Bytes(random.Below(2000)),
                       {{"a", random.Bytes(random.Below(2000))}, {"b", random.Bytes(300)}}));
    }
    const google::rpc::Status wire = gusu::ToRpcStatus(faults.ToStatus());
    REQUIRE(wire.ByteSizeLong() <= gusu::kErrorDetailBytesMax);
    google::rpc::Status back;
    REQUIRE(back.ParseFromString(wire.SerializeAsString()));
    REQUIRE(gusu::IsUtf8(wire.message()));
  }
}
