// Keys between the files of OpenSSL and those of Handle tools.
#pragma once

#include <string>

#include "client/cli/failure.h"

namespace gusu::cli {

// The bytes of an HS_PUBKEY value, from a file that has them (admpub.bin, pubkey.bin), or an RSA or
// DSA key as PEM or DER.
OrFailure<std::string> ReadHandlePublicKey(const std::string& path);

// The record of a private key (RSA_PRIVCRT_KEY), from a PEM file without a passphrase.
OrFailure<std::string> ReadRsaPrivateKey(const std::string& path);

}  // namespace gusu::cli
