// Labels as others see them: read back from their bytes by code and by programs that are not ours.
#pragma once

#include <string>
#include <vector>

#include "proto/label/image.h"

namespace gusu::test {

// Standard output of a command, without the newline at its end.
std::string OutputOf(const std::string& command);

// The labels that ZPL text prints: each is dots that are 0 or 255, decoded from its graphic field.
// Throws std::runtime_error, saying where, for text of another form than `^XA…^GFA…^XZ`.
std::vector<LabelImage> DecodeZpl(const std::string& zpl);

// A picture that any program reads: PGM.
std::string ToPgm(const LabelImage& image);

// What zbarimg reads in a picture's file; a line each.
std::string ReadQr(const std::string& path);
// What dmtxread reads first, with "~" for a function character of GS1.
std::string ReadDataMatrix(const std::string& path, bool is_gs1 = false);

}  // namespace gusu::test
