#include <unordered_map>

#include "client/cli/transfer_lists.h"

namespace gusu::cli {
namespace {

// Offers that are read to find what became of codes that no open one has; the newest ones.
constexpr size_t kClosedTransfersMax = 1000;

// An offer with codes of the list.
struct Match {
  std::string transfer;
  std::vector<size_t> rows;             // indexes of what is to be accepted
  std::vector<std::string> not_listed;  // still offered, and not on the list
};

class Matching {
 public:
  explicit Matching(std::vector<CodeRow>* rows) : rows_(rows) {
    for (size_t i = 0; i < rows->size(); ++i) {
      CodeRow& row = (*rows)[i];
      if (!index_of_.emplace(CodeKey(row.identifier), i).second) row.outcome = kDuplicate;
    }
    left_count_ = index_of_.size();
  }

  // Codes that no offer was found for.
  size_t left_count() const { return left_count_; }

  // An offer of which codes can be accepted; the newest that has a code counts for it.
  void AddOpen(const Transfer& transfer) {
    Match match{transfer.name, {}, {}};
    for (const TransferItem& item : transfer.items) {
      const bool is_offered = item.state == TransferItemState::kOffered;
      CodeRow* row = Find(item.identifier);
      if (row == nullptr) {
        if (is_offered) match.not_listed.push_back(item.identifier);
      } else if (!row->outcome.empty() || !row->transfer.empty()) {
        continue;
      } else if (is_offered) {
        match.rows.push_back(IndexOf(*row));
        row->transfer = transfer.name;
        --left_count_;
      } else if (item.state == TransferItemState::kAccepted) {
        Tell(row, transfer, kAcceptedBefore);
      } else {
        declined_.emplace(IndexOf(*row), transfer.name);  // another offer may still stand
      }
    }
    if (!match.rows.empty()) matches_.push_back(std::move(match));
  }

  // An offer of which nothing can be accepted any more: tells what became of its codes.
  void AddClosed(const Transfer& transfer) {
    for (const TransferItem& item : transfer.items) {
      CodeRow* row = Find(item.identifier);
      if (row == nullptr || !row->outcome.empty() || !row->transfer.empty()) continue;
      if (item.state == TransferItemState::kAccepted) {
        Tell(row, transfer, kAcceptedBefore);
      } else {
        Tell(row, transfer, std::string(ToText(transfer.state)));
      }
    }
  }

  const std::vector<Match>& matches() const { return matches_; }

  // Adds the rows of codes that stay offered; the others without an offer are told so.
  void Finish(const char* without_offer) {
    for (const auto& [index, transfer] : declined_) {
      CodeRow& row = (*rows_)[index];
      if (!row.outcome.empty() || !row.transfer.empty()) continue;
      row.outcome = ToText(TransferItemState::kDeclined);
      row.transfer = transfer;
    }
    for (CodeRow& row : *rows_) {
      if (row.outcome.empty()) row.outcome = row.transfer.empty() ? without_offer : kNotTried;
    }
    for (const Match& match : matches_) {
      for (const std::string& identifier : match.not_listed) {
        rows_->push_back({0, identifier, kNotListed, match.transfer, ""});
      }
    }
  }

 private:
  CodeRow* Find(const std::string& identifier) {
    const auto it = index_of_.find(CodeKey(identifier));
    return it == index_of_.end() ? nullptr : &(*rows_)[it->second];
  }
  size_t IndexOf(const CodeRow& row) const { return static_cast<size_t>(&row - rows_->data()); }
  void Tell(CodeRow* row, const Transfer& transfer, std::string outcome) {
    row->outcome = std::move(outcome);
    row->transfer = transfer.name;
    row->message = transfer.state_reason;
    --left_count_;
  }

  std::vector<CodeRow>* const rows_;
  std::unordered_map<std::string, size_t> index_of_;
  std::unordered_map<size_t, std::string> declined_;  // transfers by the row's index
  std::vector<Match> matches_;
  size_t left_count_ = 0;
};

Status ReadOpen(Client& client, const DeliveryOptions& options, Matching* matching) {
  ListTransfersRequest request;
  request.parent = options.parent;
  request.direction = TransferDirection::kIncoming;
  request.state = TransferState::kOffered;
  for (const Result<Transfer>& listed : client.ListTransfers(std::move(request))) {
    if (!listed.ok()) return listed.status();
    if (!options.from.empty() && listed->from != options.from) continue;
    if (matching->left_count() == 0) break;
    const Result<Transfer> transfer = client.GetTransfer(listed->name);
    if (!transfer.ok()) return transfer.status();
    matching->AddOpen(*transfer);
  }
  return {};
}

Status ReadClosed(Client& client, const DeliveryOptions& options, Matching* matching) {
  ListTransfersRequest request;
  request.parent = options.parent;
  request.direction = TransferDirection::kIncoming;
  size_t read_count = 0;
  for (const Result<Transfer>& listed : client.ListTransfers(std::move(request))) {
    if (!listed.ok()) return listed.status();
    if (listed->state == TransferState::kOffered) continue;
    if (!options.from.empty() && listed->from != options.from) continue;
    if (matching->left_count() == 0 || read_count++ == kClosedTransfersMax) break;
    const Result<Transfer> transfer = client.GetTransfer(listed->name);
    if (!transfer.ok()) return transfer.status();
    matching->AddClosed(*transfer);
  }
  return {};
}

Status ReadOffers(Client& client, const DeliveryOptions& options, Matching* matching) {
  if (options.transfer.empty()) {
    if (Status status = ReadOpen(client, options, matching); !status.ok()) return status;
    return ReadClosed(client, options, matching);
  }
  const Result<Transfer> transfer = client.GetTransfer(options.transfer);
  if (!transfer.ok()) return transfer.status();
  if (transfer->state == TransferState::kOffered) {
    matching->AddOpen(*transfer);
  } else {
    matching->AddClosed(*transfer);
  }
  return {};
}

}  // namespace

Status AcceptDelivery(Client& client, const DeliveryOptions& options,
                      const AcceptTransferRequest& like, std::vector<CodeRow>* rows) {
  Matching matching(rows);
  if (Status status = ReadOffers(client, options, &matching); !status.ok()) {
    matching.Finish(kNotTried);
    return status;
  }
  Status stop;
  for (const Match& match : matching.matches()) {
    stop = SendWithoutRefused(
        match.rows, kAccepted, rows,
        [&](const std::vector<std::string>& identifiers) -> Result<std::string> {
          AcceptTransferRequest request = like;
          request.name = match.transfer;
          request.identifiers = identifiers;
          const Result<TransferAnswer> answer = client.AcceptTransfer(std::move(request));
          if (!answer.ok()) return answer.status();
          return answer->transfer.name;
        });
    if (EndsList(stop)) break;
    stop = {};  // what is wrong with one offer is not wrong with the next
  }
  matching.Finish(kNotOffered);
  return stop;
}

}  // namespace gusu::cli
