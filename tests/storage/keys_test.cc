#include "storage/keys.h"

#include <catch2/catch.hpp>

#include "storage/row.h"

namespace gusu::storage {

using std::string_literals::operator""s;

TEST_CASE("each table has its keys") {
  CHECK(HeadKey() == "h");
  CHECK(SettingsKey() == "g");
  CHECK(RegistrantKey("sz-pumps") == "nsz-pumps");
  CHECK(OrganizationCodeKey(1, "", "91320594MA1MABCD6F") ==
        "u\1\0"s
        "91320594MA1MABCD6F");
  CHECK(PrefixKey("88.118.8") == "p88.118.8");
  CHECK(CredentialKey("sz-pumps", "k1") == "csz-pumps\0k1"s);
  CHECK(CredentialKey("", "k1") == "c\0k1"s);
  CHECK(RecordKey("88.118.8/HP-1") == "r88.118.8/HP-1");
  CHECK(OpeningKey(0x0102) == "o\0\0\0\0\0\0\1\2"s);
  CHECK(RequestKey("sz-pumps", "r1") == "qsz-pumps\0r1"s);
  CHECK(PrefixCountersKey("88.118.8") == "s88.118.8");
  CHECK(MintKey("88.118.8", "HP-{serial:6}") == "m88.118.8\0HP-{serial:6}"s);
  CHECK(TemplateKey("88.118.8/meta_pump") == "e88.118.8/META_PUMP");
  CHECK(GrantKey("sz-pumps", "g1") == "asz-pumps\0g1"s);
  CHECK(GroupKey("sz-pumps", "dealers") == "wsz-pumps\0dealers"s);
  CHECK(RangePatternsKey("88.118.8") == "l88.118.8");
  CHECK(SerialRangeKey("88.118.8", 2, 0x0102) == "j88.118.8\0\0\0\0\2\0\0\0\0\0\0\1\2"s);
  CHECK(TransferKey("t1") == "xt1");
  CHECK(DayCountsKey("88.118.8", 0x0102, "sz-pumps", "320505", "C34") ==
        "z88.118.8\0\0\0\1\2sz-pumps\0"s + "320505\0"s + "C34\0"s);
  CHECK(UsageKey("88.118.8", 0x0102, 'G') == "d88.118.8\0\0\0\1\2G"s);
}

TEST_CASE("entries of one term of an index are the keys that begin with it") {
  CHECK(IndexBeginning("88.118.8", "serial=17") == "i88.118.8\0serial=17\0"s);
  CHECK(IndexTermBeginning("88.118.8", "serial=1") == "i88.118.8\0serial=1"s);
  CHECK(HandleIdentitiesBeginning("88.118.8") == "i88.118.8\0handle\0"s);
  CHECK(HandleIdentityName(300) == "\0\0\1\x2C"s);
  CHECK(ChangeTimesBeginning("88.118.8") == "i88.118.8\0time\0"s);
  CHECK(ChangeTimesKey("88.118.8", 0x0102, "HP-1") == "i88.118.8\0time\0\0\0\0\0\0\0\1\2HP-1"s);
}

TEST_CASE("the first history key at or after a time is the row as of that time") {
  const std::string row = RecordKey("88.118.8/HP-1");
  CHECK(HistoryKey(row, 5) == "y" + row + "\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFA"s);
  CHECK(HistoryKey(row, 6) < HistoryKey(row, 5));
  CHECK(HistoryKey(row, 1ull << 40) < HistoryKey(row, 255));
}

TEST_CASE("keys that begin alike end before the next beginning") {
  CHECK(AfterBeginning("ab") == "ac");
  CHECK(AfterBeginning("a\xFF\xFF") == "b");
  CHECK(AfterBeginning("\xFF\xFF") == "");
  CHECK(AfterBeginning("") == "");
}

TEST_CASE("a row comes back as it was written, and nothing else is taken for one") {
  const std::string bytes = EncodeRow(0x0102030405060708, 9, "payload");
  CHECK(bytes == "\1\1\2\3\4\5\6\7\x08\0\0\0\0\0\0\0\x09payload"s);
  const auto row = DecodeRow(bytes);
  REQUIRE(row.ok());
  CHECK(row->revision == 0x0102030405060708);
  CHECK(row->leaf_index == 9);
  CHECK(row->payload == "payload");
  CHECK(DecodeRow(EncodeRow(1, 0, ""))->payload == "");
  CHECK(DecodeRow(bytes.substr(0, kRowHeaderBytes - 1)).status().code() ==
        absl::StatusCode::kDataLoss);
  CHECK(DecodeRow("\2" + bytes.substr(1)).status().code() == absl::StatusCode::kDataLoss);
  CHECK(DecodeRow("").status().code() == absl::StatusCode::kDataLoss);
}

}  // namespace gusu::storage
