#include "proto/hash.h"
#include "proto/papers/evidence.h"
#include "proto/papers/text.h"
#include "proto/text.h"
#include "proto/utf8.h"

namespace gusu::papers {
namespace {

constexpr size_t kHexadecimalBytesMax = 32;

std::string Hexadecimal(const std::string& data) {
  std::string text = "0x" + HexEncode(data.substr(0, kHexadecimalBytesMax));
  if (data.size() > kHexadecimalBytesMax) text += Concat("… (", data.size(), " bytes)");
  return text;
}

}  // namespace

std::string ToValueText(const std::string& data) {
  if (!IsUtf8(data)) return Hexadecimal(data);
  std::string_view rest = data;
  size_t characters = 0;
  while (characters < kEvidenceValueCharactersMax && TakeCharacter(rest).has_value()) ++characters;
  const std::string shown = data.substr(0, data.size() - rest.size());
  return Printable(shown) + (rest.empty() ? "" : "…");
}

Archive ToPack(const Evidence& evidence, Language language, const Calendar& calendar) {
  Archive pack;
  pack.Add("evidence.html", EvidencePage(evidence, language, calendar));
  pack.Add("VERIFY.md", VerificationGuide(evidence));
  pack.Add("checkpoint", evidence.log.checkpoint);
  std::string vkeys;
  for (const std::string& vkey : evidence.vkeys) vkeys += vkey + "\n";
  pack.Add("vkey", vkeys);
  pack.Add("answer-proof.json", evidence.answer_proof_json + "\n");
  for (size_t i = 0; i < evidence.revisions.size(); ++i) {
    const std::string stem = Concat("revisions/", i + 1);
    pack.Add(stem + ".json", evidence.revisions[i].proof_json + "\n");
    pack.Add(stem + ".tlog-proof", evidence.revisions[i].tlog_proof);
  }
  std::string manifest;
  for (const Archive::File& file : pack.files()) {
    manifest += HexEncode(AsBytes(Sha256(file.content))) + "  " + file.name + "\n";
  }
  pack.Add("manifest.sha256", manifest);
  return pack;
}

}  // namespace gusu::papers
