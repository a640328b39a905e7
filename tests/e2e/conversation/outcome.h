// What doors say of refusals, in the words that all of them share (door_client.h).
#pragma once

#include <cstdint>
#include <string>

namespace gusu::e2e {

// Of the API's "CODE REASON"; itself when no other word is known for it.
std::string OutcomeOfFault(const std::string& fault);

// Of a response code of the Handle protocol.
std::string OutcomeOfResponseCode(uint32_t code);

}  // namespace gusu::e2e
