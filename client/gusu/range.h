// A sequence that is fetched page by page while it is walked, once:
//
//   for (gusu::Result<gusu::Record>& record : client.ListRecords({"prefixes/88.118.8"})) {
//     if (!record) return record.status();  // the sequence ends here
//     std::cout << record->identifier << "\n";
//   }
//
// For one thread. At most one page is held.
#pragma once

#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gusu/status.h"

namespace gusu {

template <typename T>
struct Page {
  std::vector<T> items;         // may be empty on any page
  std::string next_page_token;  // empty on the last page
};

template <typename T>
class Range {
 public:
  // Fetches the page that a token names; the first one has the empty token.
  using Fetch = std::function<Result<Page<T>>(const std::string& page_token)>;

  explicit Range(Fetch fetch) : walk_(std::make_shared<Walk>(std::move(fetch))) {}
  // Of things at hand, for mocks.
  static Range Of(std::vector<T> items) {
    return Range([items = std::move(items)](const std::string&) -> Result<Page<T>> {
      return Page<T>{items, ""};
    });
  }
  // Whose first item is this error.
  static Range OfError(Status error) {
    return Range(
        [error = std::move(error)](const std::string&) -> Result<Page<T>> { return error; });
  }

 private:
  struct Walk {
    explicit Walk(Fetch fetch_function) : fetch(std::move(fetch_function)) {}
    // False at the end.
    bool Advance() {
      while (!ended) {
        if (next_index < page.items.size()) {
          item = std::move(page.items[next_index++]);
          return true;
        }
        if (last_page) break;
        Result<Page<T>> fetched = fetch(page.next_page_token);
        if (!fetched) {
          item = std::move(fetched).status();
          last_page = true;
          page = {};
          next_index = 0;
          return true;
        }
        page = *std::move(fetched);
        next_index = 0;
        last_page = page.next_page_token.empty();
      }
      ended = true;
      return false;
    }
    Fetch fetch;
    Page<T> page;
    size_t next_index = 0;
    bool last_page = false;
    bool ended = false;
    bool begun = false;
    Result<T> item;
  };

 public:
  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Result<T>;
    using difference_type = std::ptrdiff_t;
    using pointer = Result<T>*;
    using reference = Result<T>&;

    iterator() = default;
    reference operator*() const { return walk_->item; }
    pointer operator->() const { return &walk_->item; }
    iterator& operator++() {
      if (!walk_->Advance()) walk_ = nullptr;
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const iterator& a, const iterator& b) { return a.walk_ == b.walk_; }
    friend bool operator!=(const iterator& a, const iterator& b) { return !(a == b); }

   private:
    friend class Range;
    explicit iterator(std::shared_ptr<Walk> walk) : walk_(std::move(walk)) {}
    std::shared_ptr<Walk> walk_;
  };

  // Continues where an earlier walk of this range stopped.
  iterator begin() {
    if (walk_->begun) return walk_->ended ? iterator() : iterator(walk_);
    walk_->begun = true;
    return walk_->Advance() ? iterator(walk_) : iterator();
  }
  iterator end() { return iterator(); }

  // Names the page after the one that the present item is of, for a walk that goes on another time
  // (a request's page_token); empty on the last page and before the first item.
  const std::string& next_page_token() const { return walk_->page.next_page_token; }

 private:
  std::shared_ptr<Walk> walk_;
};

}  // namespace gusu
