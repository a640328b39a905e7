# Writes a C++ file with the given files in it: cmake -D OUT=FILE -D FOLDER=DIR -D "NAMES=a;b" -P …
set(rows "")
foreach(name IN LISTS NAMES)
  file(READ "${FOLDER}/${name}" content)
  file(SHA256 "${FOLDER}/${name}" hash)
  string(SUBSTRING "${hash}" 0 16 hash)
  if(name MATCHES "\\.css$")
    set(type "text/css; charset=utf-8")
  elseif(name MATCHES "\\.js$")
    set(type "text/javascript; charset=utf-8")
  elseif(name MATCHES "\\.svg$")
    set(type "image/svg+xml")
  else()
    message(FATAL_ERROR "${name}: no content type is known for it")
  endif()
  string(APPEND rows "    {\"${name}\", \"${type}\", R\"ASSET(${content})ASSET\", \"${hash}\"},\n")
endforeach()
file(WRITE "${OUT}" "// Made from server/doors/http/assets at build.
#include \"server/doors/http/embedded_assets.h\"

namespace gusu::server {

const std::vector<Asset>& EmbeddedAssets() {
  static const std::vector<Asset> assets = {
${rows}  };
  return assets;
}

}  // namespace gusu::server
")
