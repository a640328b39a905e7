// What the thread sanitizer cannot see. Linked into every test program of a build with it.

// Debian's Abseil is not built with the sanitizer: the reference counts of absl::Status and
// absl::Cord go down inside those libraries, so the order that the counts give to the last reader
// and to the one that frees is invisible, and a status that two threads had copies of looks like
// a race. So it is with what draws the text of labels: pango loads fonts on a thread of its own.
extern "C" const char* __tsan_default_suppressions() {
  return "race:absl::*::Status::Unref\n"
         "race:libabsl_status.so\n"
         "race:libabsl_cord.so\n"
         "race:libabsl_cord_internal.so\n"
         "race:libcairo.so\n"
         "race:libfontconfig.so\n"
         "race:libfreetype.so\n"
         "race:libglib-2.0.so\n"
         "race:libgobject-2.0.so\n"
         "race:libharfbuzz.so\n"
         "race:libpango-1.0.so\n"
         "race:libpangocairo-1.0.so\n"
         "race:libpangoft2-1.0.so\n";
}
