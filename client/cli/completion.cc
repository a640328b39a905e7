#include "client/cli/completion.h"

#include <CLI/App.hpp>
#include <algorithm>
#include <iostream>
#include <set>
#include <string_view>
#include <vector>

#include "client/cli/program.h"

namespace gusu::cli {
namespace {

struct Word {
  std::string text;
  std::string description;
};

// A command by the path that leads to it: `gusu registrant apply`.
struct Node {
  std::string path;
  std::vector<Word> commands;
  std::vector<Word> options;
};

struct Tree {
  std::vector<Node> nodes;  // the root is the first
  std::set<std::string> takes_file, takes_directory, takes_value;
};

bool NamesFile(std::string_view option) {
  return option.ends_with("file") || option == "--ca" || option == "--out" ||
         option == "--rejects" || option == "--ceiling" || option == "--account" ||
         option == "--document" || option == "--public-key" || option == "--in";
}

void CollectOptions(const CLI::App& app, std::vector<Word>* words, Tree* tree) {
  for (const CLI::Option* option : app.get_options()) {
    std::vector<std::string> names;
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
    for (const std::string& name : names) {
      words->push_back({name, option->get_description()});
      if (option->get_items_expected_max() == 0) continue;
      tree->takes_value.insert(name);
      if (NamesFile(name)) tree->takes_file.insert(name);
      if (name == "--data") tree->takes_directory.insert(name);
    }
  }
}

void Collect(const CLI::App& app, const std::string& path, Tree* tree) {
  Node node;
  node.path = path;
  CollectOptions(app, &node.options, tree);
  if (!tree->nodes.empty()) {  // global options are taken everywhere; --help is there already
    for (const Word& word : tree->nodes.front().options) {
      const bool known = std::any_of(node.options.begin(), node.options.end(),
                                     [&word](const Word& own) { return own.text == word.text; });
      if (!known) node.options.push_back(word);
    }
  }
  const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
  for (const CLI::App* command : commands) {
    node.commands.push_back({command->get_name(), command->get_description()});
  }
  tree->nodes.push_back(std::move(node));
  for (const CLI::App* command : commands) {
    Collect(*command, path + " " + command->get_name(), tree);
  }
}

Tree ToTree(const CLI::App& root) {
  Tree tree;
  Collect(root, root.get_name(), &tree);
  return tree;
}

// `a|b|c`, as patterns of a `case`.
template <typename Strings, typename ToText>
std::string Alternatives(const Strings& strings, ToText to_text) {
  std::string joined;
  for (const auto& string : strings) joined += (joined.empty() ? "" : "|") + to_text(string);
  return joined;
}

std::string Alternatives(const std::set<std::string>& words) {
  return Alternatives(words, [](const std::string& word) { return word; });
}

// Every path but the root's, quoted.
std::string PathPatterns(const Tree& tree) {
  const std::vector<Node> below(tree.nodes.begin() + 1, tree.nodes.end());
  return Alternatives(below, [](const Node& node) { return "\"" + node.path + "\""; });
}

std::string Joined(const std::vector<Word>& words) {
  std::string joined;
  for (const Word& word : words) joined += (joined.empty() ? "" : " ") + word.text;
  return joined;
}

// 'name:description' for zsh's _describe.
std::string Described(const std::vector<Word>& words) {
  std::string described;
  for (const Word& word : words) {
    std::string text;
    for (const char c : word.description) {
      if (c == '\'') {
        text += "'\\''";
      } else {
        if (c == ':') text.push_back('\\');
        text.push_back(c);
      }
    }
    described += (described.empty() ? "'" : " '") + word.text + ":" + text + "'";
  }
  return described;
}

struct CompletionOptions {};

MaybeFailure PrintBash(Session& session, const CompletionOptions&) {
  const Program program;
  session.out() << BashCompletion(program.app);
  return std::nullopt;
}

MaybeFailure PrintZsh(Session& session, const CompletionOptions&) {
  const Program program;
  session.out() << ZshCompletion(program.app);
  return std::nullopt;
}

}  // namespace

std::string BashCompletion(const CLI::App& root) {
  const Tree tree = ToTree(root);
  std::string script =
      "# Completion of gusu for bash; made by: gusu completion bash\n"
      "_gusu() {\n"
      "  local current=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
      "  local at=gusu commands= options= i\n"
      "  COMPREPLY=()\n"
      "  for ((i = 1; i < COMP_CWORD; ++i)); do\n"
      "    case \"$at ${COMP_WORDS[i]}\" in\n"
      "      " +
      PathPatterns(tree) +
      ") at=\"$at ${COMP_WORDS[i]}\" ;;\n"
      "    esac\n"
      "  done\n"
      "  case \"$previous\" in\n"
      "    " +
      Alternatives(tree.takes_directory) +
      ") COMPREPLY=($(compgen -d -- \"$current\")); return ;;\n"
      "    " +
      Alternatives(tree.takes_file) +
      ") COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n"
      "    " +
      Alternatives(tree.takes_value) +
      ") return ;;\n"
      "  esac\n"
      "  case \"$at\" in\n";
  for (const Node& node : tree.nodes) {
    script += "    \"" + node.path + "\") commands=\"" + Joined(node.commands) + "\" options=\"" +
              Joined(node.options) + "\" ;;\n";
  }
  script +=
      "  esac\n"
      "  if [[ \"$current\" == -* ]]; then commands=\"$options\"; fi\n"
      "  COMPREPLY=($(compgen -W \"$commands\" -- \"$current\"))\n"
      "}\n"
      "complete -o bashdefault -o default -F _gusu gusu\n";
  return script;
}

std::string ZshCompletion(const CLI::App& root) {
  const Tree tree = ToTree(root);
  std::string script =
      "#compdef gusu\n"
      "# Completion of gusu for zsh; made by: gusu completion zsh\n"
      "_gusu() {\n"
      "  local at=gusu\n"
      "  local -i i\n"
      "  local -a commands options\n"
      "  for ((i = 2; i < CURRENT; ++i)); do\n"
      "    case \"$at ${words[i]}\" in\n"
      "      " +
      PathPatterns(tree) +
      ") at=\"$at ${words[i]}\" ;;\n"
      "    esac\n"
      "  done\n"
      "  case \"${words[CURRENT-1]}\" in\n"
      "    " +
      Alternatives(tree.takes_directory) +
      ") _files -/; return ;;\n"
      "    " +
      Alternatives(tree.takes_file) +
      ") _files; return ;;\n"
      "    " +
      Alternatives(tree.takes_value) +
      ") _message value; return ;;\n"
      "  esac\n"
      "  case \"$at\" in\n";
  for (const Node& node : tree.nodes) {
    script += "    \"" + node.path + "\")\n      commands=(" + Described(node.commands) +
              ")\n      options=(" + Described(node.options) + ") ;;\n";
  }
  script +=
      "  esac\n"
      "  if [[ \"${words[CURRENT]}\" == -* ]]; then\n"
      "    _describe option options\n"
      "  elif (( ${#commands} )); then\n"
      "    _describe command commands\n"
      "  else\n"
      "    _files\n"
      "  fi\n"
      "}\n"
      "compdef _gusu gusu\n";
  return script;
}

void AddCompletionCommands(Program* program) {
  CLI::App* family = AddFamily(program, "completion", "Print a script that completes commands");
  AddCommand<CompletionOptions>(program, family, "bash", "For bash",
                                "  source <(gusu completion bash)\n"
                                "  gusu completion bash > /etc/bash_completion.d/gusu",
                                PrintBash);
  AddCommand<CompletionOptions>(program, family, "zsh", "For zsh",
                                "  source <(gusu completion zsh)\n"
                                "  gusu completion zsh > \"${fpath[1]}/_gusu\"",
                                PrintZsh);
}

}  // namespace gusu::cli
