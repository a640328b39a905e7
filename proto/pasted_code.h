// Codes as people paste, type and scan them, brought to the form in which identifiers are written.
//
//   PastedCode(" ８８．１１８．８／ＨＰ－１ ")                       // "88.118.8/HP-1"
//   PastedCode("https://registry.example/88.118.8%2FHP-1?lang=en")  // "88.118.8/HP-1"
//   PastedCode("hdl:88.118.8/HP-1")                                 // "88.118.8/HP-1"
//
// Whoever looks a code up takes it as it is first, and so only when it is no identifier: a suffix
// may have characters that this would change.
#pragma once

#include <string>
#include <string_view>

namespace gusu {

inline constexpr size_t kPastedCodeBytesMax = 4096;

// Full-width ASCII becomes ASCII; spaces around prefix and suffix, invisible characters and
// controls go; in the prefix a "。" is a "."; of an address of the web the path counts, behind
// `public_url` or else behind the host, percent-decoded; hdl: and info:hdl/ go. Text that is too
// long or not UTF-8 stays as it is. What comes out need not be an identifier.
std::string PastedCode(std::string_view text, std::string_view public_url = "");

}  // namespace gusu
