#include "storage/working_rows.h"

#include <algorithm>
#include <utility>

#include "proto/status_macros.h"

namespace gusu::storage {

void WorkingRows::Load(std::vector<std::string> keys) {
  keys.erase(
      std::remove_if(keys.begin(), keys.end(), [this](const std::string& key) { return Has(key); }),
      keys.end());
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  if (keys.empty()) return;
  auto values = snapshot_.MultiGet(keys);
  rows_by_key_.reserve(rows_by_key_.size() + keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    Row& row = rows_.emplace_back(Row{std::move(keys[i]), std::move(values[i])});
    rows_by_key_.emplace(row.key, &row);
  }
}

WorkingRows::Row& WorkingRows::At(std::string_view key) {
  auto found = rows_by_key_.find(key);
  if (found != rows_by_key_.end()) return *found->second;
  Row& row = rows_.emplace_back(Row{std::string(key), snapshot_.Get(key)});
  rows_by_key_.emplace(row.key, &row);
  return row;
}

absl::StatusOr<const std::string*> WorkingRows::Find(std::string_view key) {
  const Row& row = At(key);
  if (!row.bytes.ok()) return row.bytes.status();
  return row.bytes->has_value() ? &**row.bytes : nullptr;
}

absl::StatusOr<std::optional<std::string>> WorkingRows::FirstIn(std::string_view begin,
                                                                std::string_view end) {
  if (!put_keys_.has_value()) {
    put_keys_.emplace();
    ForEachPut([this](std::string_view key, std::string_view) { put_keys_->insert(key); });
  }
  std::optional<std::string> first;
  GUSU_RETURN_IF_ERROR(
      snapshot_.Scan(begin, end, [this, &first](std::string_view key, std::string_view) {
        if (IsRemoved(key)) return true;
        first = std::string(key);
        return false;
      }));
  const auto put = put_keys_->lower_bound(begin);
  if (put != put_keys_->end() && (end.empty() || *put < end) && (!first || *put < *first)) {
    first = std::string(*put);
  }
  return first;
}

bool WorkingRows::IsRemoved(std::string_view key) const {
  const auto found = rows_by_key_.find(key);
  return found != rows_by_key_.end() && found->second->put && !found->second->bytes->has_value();
}

void WorkingRows::Replace(Row& row, std::optional<std::string> bytes) {
  undo_.push_back({&row, std::move(row.bytes), row.put});
  row.bytes = std::move(bytes);
  row.put = true;
  if (!put_keys_.has_value()) return;
  if (row.bytes->has_value()) {
    put_keys_->insert(row.key);
  } else {
    put_keys_->erase(row.key);
  }
}

void WorkingRows::Put(std::string_view key, std::string bytes) {
  Replace(At(key), std::move(bytes));
}

void WorkingRows::PutUnread(std::string_view key, std::optional<std::string> bytes) {
  auto found = rows_by_key_.find(key);
  if (found == rows_by_key_.end()) {
    Row& row = rows_.emplace_back(Row{std::string(key), std::optional<std::string>()});
    found = rows_by_key_.emplace(row.key, &row).first;
  }
  Replace(*found->second, std::move(bytes));
}

void WorkingRows::Rollback() {
  // Backwards, so that a row that was put twice gets its first bytes.
  for (auto undo = undo_.rbegin(); undo != undo_.rend(); ++undo) {
    undo->row->bytes = std::move(undo->bytes);
    undo->row->put = undo->put;
    if (!put_keys_.has_value()) continue;
    if (undo->put && undo->row->bytes->has_value()) {
      put_keys_->insert(undo->row->key);
    } else {
      put_keys_->erase(undo->row->key);
    }
  }
  undo_.clear();
}

std::vector<Batch::Write> WorkingRows::TakeWrites() && {
  std::vector<Batch::Write> writes;
  for (Row& row : rows_) {
    if (row.put) writes.push_back({std::move(row.key), std::move(*row.bytes)});
  }
  std::sort(writes.begin(), writes.end(),
            [](const Batch::Write& a, const Batch::Write& b) { return a.key < b.key; });
  return writes;
}

}  // namespace gusu::storage
