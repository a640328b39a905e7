// The fuzz target of the Handle door's message handling.
#pragma once

#include <string_view>

namespace gusu::test {

// A script that one door is played (HandleDoorScene), with administration on where the first byte
// is `a`, off where it is `r`; everything else is passed over. A step is four bytes and data:
//
//   0     low 3 bits: 0 a message over TCP; 1 the same over UDP, in packets; 2 a datagram as it is;
//         3 an answer to the last challenge, over TCP; 4 the same over UDP; else nothing is sent.
//         High 5 bits: number of the host.
//   1     low 2 bits: network of the host: 0 192.0.2.0/24, 1 this machine, 2 one IPv6 /64, 3 an
//         IPv6 /64 of its own. Bits 2 and 3: who answers: 0 pumps, 1 pumps' reader, 2 valves, 3
//         pumps with a wrong secret. Bits 4 and 5: what passes before: nothing, 100 ms, 6 s, 61 s.
//         Bit 6: pumps answers by key.
//   2, 3  how many bytes of data follow; what is missing at the end is left out
//
// The data of a message is envelope and message, and the envelope is given the true length. That of
// an answer are changes of three bytes each: a place in it (two bytes) and what that is XORed with.
//
// Stops the program unless:
// - over TCP every message is answered once, and more often only as a list that says so; answers
//   themselves are not answered;
// - an answer can be decoded, has the request's id, operation and (if asked for) digest, and is no
//   longer than the protocol allows; datagrams go to who asked, once, and are whole;
// - what UDP sends beyond twice the request stays within the bucket of its source;
// - packets that wait and requests that wait for proof stay within their bounds, by source too;
// - nothing is written but by an answer to a fresh challenge of the same source, unaltered and by a
//   writer's key, and then one change below that writer's prefix that is answered with success;
// - no answer has a secret, or a value of the owner's but for one who proved to be of the owner's;
// - wrong answers beyond ten a minute of a source are not looked at.
//
// Within a Catch2 test case, whose assertions the registry is made with. It is made anew when an
// input wrote to it, so what an input does depends on nothing that ran before.
void FuzzHandleDoor(std::string_view input) noexcept;

}  // namespace gusu::test
