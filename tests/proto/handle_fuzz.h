// The fuzz target of the Handle codec.
#pragma once

#include <string_view>

namespace gusu::test {

// The first byte says what the rest is: `m` an envelope and its message, `a` HS_ADMIN, `v`
// HS_VLIST, `s` HS_SITE, `k` a key's record, `c` a credential, `f` a private key file, `q` an
// answer to a challenge, `p` packets of 512 bytes, the last one shorter; everything else is passed
// over.
//
// Stops the program unless, for every input:
// - nothing is read outside it (it stands alone on the heap, so the address sanitizer sees that);
// - what is decoded and encoded, decoded and encoded once more, is the same bytes;
// - what is encoded is not longer than the input, but for what an old peer leaves out;
// - what is shown of a site as JSON is UTF-8 or an error;
// - a set of packets holds no more than its message, and gives it back as it came.
void FuzzHandleCodec(std::string_view input);

}  // namespace gusu::test
