// Under what a record is found in the secondary indexes (storage/FORMAT.md): the terms, and which
// of its values are among them.
//
//   value:{type} 0x01 {value}            scope: the prefix's key
//   unique:{template} 0x01 {index} 0x01 {value}
//   state:{number}, level:{number}       but ACTIVE and ITEM
//   instance_of:{identifier}, template:{id}
//   owner:{prefix}, custodian:{prefix}   scope: the id of the registrant that the record names
//
// In a value the bytes 0x00 and 0x01 are 0x01 0x02 and 0x01 0x03; one of more than 128 bytes is its
// first 128, 0x01, and the SHA-256 of all in hexadecimal. An index knows records as they are now,
// and whoever looks up reads the record and compares.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gusu::server {

struct Attribute;
struct Template;

// Of a value's term: what is kept as it is.
inline constexpr size_t kTermValueBytesMax = 128;

// With the prefix's key as the scope.
std::string ValueTerm(std::string_view type, std::string_view data);
// What the terms of all values that begin with `beginning` begin with.
std::string ValueTermBeginning(std::string_view type, std::string_view beginning);
// A value that no other record of the prefix and template may have, but for retired ones.
std::string UniqueTerm(std::string_view template_id, const Attribute& attribute,
                       std::string_view data);
// Of states other than ACTIVE and levels other than ITEM.
std::string StateTerm(uint32_t state);
std::string LevelTerm(uint32_t level);
// `identifier` and `template_id` in any case.
std::string InstanceOfTerm(std::string_view identifier);
std::string TemplateTerm(std::string_view template_id);

// With the registrant's id as the scope, of records that name it: those below one prefix, or,
// without the end of the term, below every prefix in the order of their keys.
std::string OwnerTerm(std::string_view prefix_key);
std::string CustodianTerm(std::string_view prefix_key);

// Whether values of this type are looked up in records of every kind, free ones among them: the
// indexed attributes of the built-in templates.
bool IsIndexedEverywhere(std::string_view type);
// Whether they are in records of this template.
bool IsIndexed(const Template* templ, std::string_view type);

}  // namespace gusu::server
