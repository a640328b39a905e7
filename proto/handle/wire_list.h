// A list within a message, read in place: its count, and its elements one behind the other.
//
// ReadList checks every element once, where the message is decoded; walking the list later cannot
// fail and allocates nothing. An element type says how it is read and written by two functions
// beside it, `void Read(Reader&, T&)` and `void Write(Writer&, const T&)`.
//
//   for (const Value& value : response.values) ...
//
// A list points into the bytes that it was read from, and is good for as long as they are.
#pragma once

#include <cstddef>
#include <iterator>
#include <span>

#include "proto/handle/protocol.h"
#include "proto/handle/wire.h"

namespace gusu::handle {

inline void Read(Reader& reader, uint32_t& number) { number = reader.Int("number"); }
inline void Write(Writer& writer, uint32_t number) { writer.Int(number); }
inline void Read(Reader& reader, std::string_view& octets) {
  octets = reader.Bytes("text", kHandleBytesMax);
}
inline void Write(Writer& writer, std::string_view octets) { writer.Bytes(octets); }

template <typename T>
class WireList {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T*;
    using reference = const T&;

    Iterator() : reader_({}) {}
    Iterator(std::string_view bytes, size_t left) : reader_(bytes), left_(left) { ReadElement(); }
    const T& operator*() const { return element_; }
    const T* operator->() const { return &element_; }
    Iterator& operator++() {
      --left_;
      ReadElement();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(const Iterator& other) const { return left_ == other.left_; }

   private:
    void ReadElement() {
      if (left_ > 0) Read(reader_, element_);
    }
    Reader reader_;
    size_t left_ = 0;
    T element_{};
  };

  WireList() = default;
  // Elements to be written: `scratch` holds their bytes and lives as long as the list.
  WireList(std::span<const T> elements, std::string& scratch) : count_(elements.size()) {
    scratch.clear();
    Writer writer(scratch);
    for (const T& element : elements) Write(writer, element);
    bytes_ = scratch;
  }

  size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  Iterator begin() const { return Iterator(bytes_, count_); }
  Iterator end() const { return {}; }
  std::string_view bytes() const { return bytes_; }  // of the elements

 private:
  template <typename U>
  friend WireList<U> ReadList(Reader& reader, const char* field);
  std::string_view bytes_;
  size_t count_ = 0;
};

// Reads a count and that many elements; more than kElementsMax are a fault of `field`.
template <typename T>
WireList<T> ReadList(Reader& reader, const char* field) {
  WireList<T> list;
  const uint32_t count = reader.Int(field);
  if (count > kElementsMax) reader.Refuse(field, "has more elements than the protocol allows");
  const std::string_view from = reader.rest();
  T element{};
  for (uint32_t i = 0; i < count && reader.ok(); ++i) Read(reader, element);
  if (!reader.ok()) return {};
  list.count_ = count;
  list.bytes_ = from.substr(0, from.size() - reader.rest().size());
  return list;
}

template <typename T>
void WriteList(Writer& writer, const WireList<T>& list) {
  writer.Int(static_cast<uint32_t>(list.size())).Raw(list.bytes());
}

template <typename T>
void WriteList(Writer& writer, std::span<const T> elements) {
  writer.Int(static_cast<uint32_t>(elements.size()));
  for (const T& element : elements) Write(writer, element);
}

}  // namespace gusu::handle
