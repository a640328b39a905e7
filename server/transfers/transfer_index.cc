#include "server/transfers/transfer_index.h"

#include "gusu/storage/v1/storage.pb.h"
#include "proto/text.h"

namespace gusu::server {
namespace {

constexpr size_t kTimeBytes = 8;

std::string_view TermOf(TransferDirection direction) {
  switch (direction) {
    case TransferDirection::kIncoming:
      return "xi";
    case TransferDirection::kOutgoing:
      return "xo";
    default:
      return "x";
  }
}

// The time, inverted so that later ones come first, and the id.
std::string PlaceOf(absl::Time time, std::string_view id) {
  const uint64_t inverted = ~static_cast<uint64_t>(absl::ToUnixMicros(time));
  std::string place;
  for (size_t i = kTimeBytes; i-- > 0;) place += static_cast<char>(inverted >> (8 * i));
  place += id;
  return place;
}

}  // namespace

void AddToIndex(const storage::v1::TransferRow& row, absl::Time now, Change* change) {
  const std::string place = PlaceOf(now, row.id());
  const auto add = [&](const std::string& registrant, TransferDirection direction) {
    change->index_adds.push_back({storage::IndexBeginning(registrant, TermOf(direction)), place});
  };
  add(row.from(), TransferDirection::kBoth);
  add(row.from(), TransferDirection::kOutgoing);
  add(row.to(), TransferDirection::kBoth);
  add(row.to(), TransferDirection::kIncoming);
}

absl::Status ScanIndex(
    const storage::View& view, std::string_view registrant, TransferDirection direction,
    std::string_view after,
    const std::function<bool(std::string_view place, std::string_view id)>& visit) {
  const std::string beginning = storage::IndexBeginning(registrant, TermOf(direction));
  const std::string begin = after.empty() ? beginning : Concat(beginning, after, '\0');
  return view.ScanStored(begin, storage::AfterBeginning(beginning),
                         [&](std::string_view key, std::string_view) {
                           const std::string_view place = key.substr(beginning.size());
                           if (place.size() <= kTimeBytes) return true;
                           return visit(place, place.substr(kTimeBytes));
                         });
}

}  // namespace gusu::server
