// Registers a product and resolves it again.
//
//   register_and_resolve SERVER CA_FILE TOKEN_FILE IDENTIFIER NAME
#include <gusu/client.h>

#include <iostream>

int main(int argument_count, char** arguments) {
  if (argument_count != 6) {
    std::cerr << "usage: register_and_resolve SERVER CA_FILE TOKEN_FILE IDENTIFIER NAME\n";
    return 2;
  }
  gusu::ClientOptions options;
  options.server = arguments[1];
  options.ca_file = arguments[2];
  options.token_file = arguments[3];
  gusu::Client client(options);

  gusu::RegisterRow row;
  row.identifier = arguments[4];
  row.template_id = "product";
  row.values = {gusu::TextValue("name", arguments[5])};
  gusu::Result<gusu::RegisterResult> registered = client.Register(row);
  if (!registered) {
    std::cerr << registered.status().ToString() << "\n";
    // Unknown outcome: the same call again is safe, and tells what became of this one.
    return registered.status().code == gusu::StatusCode::kUnknownOutcome ? 7 : 1;
  }
  std::cout << registered->identifier << " " << gusu::ToText(registered->outcome) << "\n";

  gusu::Result<gusu::ResolveAnswer> answer = client.Resolve(row.identifier);
  if (!answer) {
    std::cerr << answer.status().ToString() << "\n";
    return 1;
  }
  for (const gusu::Value& value : answer->record.values) {
    std::cout << value.type << "=" << value.data << "\n";
  }
  return 0;
}
