#include <algorithm>
#include <unordered_set>

#include "client/cli/transfer_lists.h"

namespace gusu::cli {
namespace {

constexpr size_t kOfferCodesMax = 1000;

std::string ReasonOf(const Status& status) {
  return status.reason.empty() ? std::string(ToText(status.code)) : status.reason;
}

void Refuse(const Status& status, CodeRow* row) {
  row->outcome = ReasonOf(status);
  row->message = status.message;
}

}  // namespace

bool EndsList(const Status& status) {
  switch (status.code) {
    case StatusCode::kUnavailable:
    case StatusCode::kUnknownOutcome:
    case StatusCode::kDeadlineExceeded:
    case StatusCode::kResourceExhausted:
    case StatusCode::kUnauthenticated:
    case StatusCode::kInternal:
    case StatusCode::kDataLoss:
    case StatusCode::kUnimplemented:
      return true;
    default:
      return false;
  }
}

Status SendWithoutRefused(
    const std::vector<size_t>& indexes, const char* outcome, std::vector<CodeRow>* rows,
    const std::function<Result<std::string>(const std::vector<std::string>& identifiers)>& send) {
  std::vector<size_t> left = indexes;
  while (!left.empty()) {
    std::vector<std::string> identifiers;
    identifiers.reserve(left.size());
    for (const size_t index : left) identifiers.push_back((*rows)[index].identifier);
    const Result<std::string> transfer = send(identifiers);
    if (transfer.ok()) {
      for (const size_t index : left) {
        (*rows)[index].outcome = outcome;
        (*rows)[index].transfer = *transfer;
      }
      return {};
    }
    const Status& refusal = transfer.status();
    if (EndsList(refusal)) return refusal;
    const auto named = refusal.metadata.find("identifier");
    const std::string key = named == refusal.metadata.end() ? "" : CodeKey(named->second);
    const auto it = std::find_if(left.begin(), left.end(), [&](size_t index) {
      return CodeKey((*rows)[index].identifier) == key;
    });
    if (it == left.end()) {
      for (const size_t index : left) Refuse(refusal, &(*rows)[index]);
      return refusal;
    }
    Refuse(refusal, &(*rows)[*it]);
    left.erase(it);
  }
  return {};
}

Status OfferList(Client& client, const OfferTransferRequest& like, std::vector<CodeRow>* rows) {
  std::unordered_set<std::string> seen;
  std::vector<size_t> once;
  for (size_t i = 0; i < rows->size(); ++i) {
    if (seen.insert(CodeKey((*rows)[i].identifier)).second) {
      once.push_back(i);
    } else {
      (*rows)[i].outcome = kDuplicate;
    }
  }
  Status stop;
  for (size_t begin = 0; begin < once.size() && stop.ok(); begin += kOfferCodesMax) {
    const size_t end = std::min(once.size(), begin + kOfferCodesMax);
    const std::vector<size_t> part(once.begin() + static_cast<std::ptrdiff_t>(begin),
                                   once.begin() + static_cast<std::ptrdiff_t>(end));
    stop = SendWithoutRefused(
        part, kOffered, rows,
        [&](const std::vector<std::string>& identifiers) -> Result<std::string> {
          OfferTransferRequest request = like;
          for (const std::string& identifier : identifiers) {
            request.transfer.items.push_back({identifier, TransferItemState::kUnspecified});
          }
          const Result<TransferAnswer> answer = client.OfferTransfer(std::move(request));
          if (!answer.ok()) return answer.status();
          return answer->transfer.name;
        });
  }
  for (CodeRow& row : *rows) {
    if (row.outcome.empty()) row.outcome = kNotTried;
  }
  return stop;
}

}  // namespace gusu::cli
