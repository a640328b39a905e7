// Whether an answer to a challenge proves who it claims to come from.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "proto/handle/challenge.h"
#include "proto/handle/request.h"
#include "server/caller.h"
#include "storage/view.h"

namespace gusu::server {

class CredentialVault;

// The caller that the answer proves, from `peer`. kUnauthenticated / CREDENTIAL_INVALID when the
// identity is unknown or the answer is not its key's; which of them neither the error says nor, as
// far as it can be helped, how long it took: `decoy` is the key that is tried for identities that
// have none. HANDLE_MALFORMED for a form of answer that is not known.
absl::StatusOr<Caller> CheckProof(const storage::View& view, CredentialVault& vault,
                                  const handle::Challenge& challenge,
                                  const handle::ChallengeAnswerRequest& answer,
                                  const handle::PublicKey& decoy, const std::string& peer,
                                  absl::Time now);

// Whether the answer is of the identity's secret, for a server that was answered with it. False for
// an identity that is unknown or has no secret, after the same work.
absl::StatusOr<bool> IsAnswerOfIdentity(const storage::View& view, CredentialVault& vault,
                                        const handle::VerifyChallengeRequest& request,
                                        absl::Time now);

}  // namespace gusu::server
