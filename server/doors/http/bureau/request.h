// One request of somebody who is signed in to the bureau's console.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "proto/papers/calendar.h"
#include "server/doors/http/core.h"
#include "server/doors/http/html.h"
#include "server/doors/http/language.h"

namespace gusu::server {

struct BureauRequest {
  const HttpCore* core = nullptr;
  HttpCall call;
  Caller caller;
  Language language = Language::kChinese;
  std::string form_token;  // that its pages' forms carry
  FormPairs form;          // of a POST, checked
  papers::Calendar calendar;

  const DoorRules& rules() const { return core->rules(); }
  // Whether it decides; an auditor only sees.
  bool MayDecide() const { return caller.role == Role::kBureauAdmin; }
  // Of the query; empty: not given.
  std::string Parameter(std::string_view name) const;
  // The same without the white space that is often pasted along.
  std::string Typed(std::string_view name) const;
  // Of the form; empty: not given.
  std::string Field(std::string_view name) const;
  // A path of the console, in the language that the request asked for.
  HtmlUrl Url(std::string_view path) const;
  std::string_view Say(const Words& words) const { return words.In(language); }
};

// Handlers keep it until they have answered, on whatever thread.
using BureauCall = std::shared_ptr<const BureauRequest>;

}  // namespace gusu::server
