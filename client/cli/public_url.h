// Where people reach a registry on the web.
#pragma once

#include <string>

#include "client/cli/session.h"

namespace gusu::cli {

// As the registry's log has it: in what its first leaf says that the registry was begun as, which
// is everybody's. Empty: it has none.
OrFailure<std::string> ReadPublicUrl(Session& session, Client& client);

}  // namespace gusu::cli
