// What is shown of templates, and to whom.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/ownership.h"
#include "server/page_token.h"
#include "server/registrar_index.h"
#include "server/registrar_messages.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "server/template.h"
#include "server/templates/template_message.h"
#include "server/templates/templates.h"
#include "storage/keys.h"

namespace gusu::server {
namespace {

using storage::v1::TemplateRow;

// Whether the caller may see what is not published of the owner's templates.
bool MaySeeDrafts(const Caller& caller, const std::string& owner) {
  if (caller.is_bureau()) return true;
  return !caller.registrant.empty() && caller.role != Role::kApplicant &&
         caller.registrant == owner;
}

absl::Status VersionNotFound(std::string_view name, uint32_t version) {
  return Error(absl::StatusCode::kNotFound, "TEMPLATE_VERSION_NOT_FOUND",
               Concat("template ", name, " has no version ", version),
               {{"template", std::string(name)}, {"version", std::to_string(version)}});
}

struct StoredTemplate {
  TemplateRow row;
  uint64_t revision = 0;
};

// The last revision of a version before the next one was published; nullopt: there is none.
absl::StatusOr<std::optional<StoredTemplate>> FindVersion(const storage::View& view,
                                                          const std::string& key,
                                                          uint32_t version) {
  std::optional<StoredTemplate> found;
  absl::Status status;
  size_t looked_at = 0;
  GUSU_RETURN_IF_ERROR(
      view.ScanRevisions(key, view.last_revision(), [&](const storage::Row& stored) {
        absl::StatusOr<TemplateRow> row = PayloadOf<TemplateRow>(stored);
        if (!row.ok()) {
          status = std::move(row).status();
          return false;
        }
        if (row->version() == version) {
          found = {*std::move(row), stored.revision};
          return false;
        }
        return row->version() > version && ++looked_at < Templates::kRevisionsMax;
      }));
  GUSU_RETURN_IF_ERROR(status);
  return found;
}

// The rows of a page, in the order of ids as they are compared: built-in ones among the others.
class Listing {
 public:
  Listing(const storage::View& view, const Caller& caller, std::string after, size_t page_size,
          v1::ListTemplatesResponse* response)
      : view_(view),
        caller_(caller),
        last_(std::move(after)),
        page_size_(page_size),
        response_(*response) {}

  // Built-in ones up to `id_key`, exclusive; false: the page is full.
  bool TakeBuiltInBefore(std::string_view id_key) {
    for (const Template& built_in : BuiltInTemplates()) {
      const std::string key = ToKey(built_in.id);
      if (key <= last_ || (!id_key.empty() && key >= id_key)) continue;
      if (IsFull()) return false;
      FillTemplate(built_in, response_.add_templates());
      last_ = key;
    }
    return true;
  }

  // False: the page is full. Of a template that the caller may not see, only its place counts.
  bool Take(std::string_view id_key, const TemplateRow& row, uint64_t revision) {
    if (IsFull() || ++looked_at_ > kPageRowsMax) {
      more_ = true;
      return false;
    }
    const std::string& owner = PrefixHolder(view_.directory(), PrefixKeyIn(id_key));
    const bool may_see_draft = MaySeeDrafts(caller_, owner);
    if (row.version() != 0 || may_see_draft) {
      v1::Template* message = response_.add_templates();
      FillTemplate(row, owner, revision, may_see_draft, message);
      bytes_ += message->ByteSizeLong();
    }
    last_ = id_key;
    return true;
  }

  // The next page begins at this prefix.
  void EndBefore(std::string_view prefix_key) {
    last_ = prefix_key;
    more_ = true;
  }

  const std::string& last() const { return last_; }
  bool more() const { return more_; }

 private:
  bool IsFull() {
    const bool is_full =
        static_cast<size_t>(response_.templates_size()) >= page_size_ || bytes_ >= kPageBytesMax;
    more_ = more_ || is_full;
    return is_full;
  }

  const storage::View& view_;
  const Caller& caller_;
  std::string last_;
  const size_t page_size_;
  v1::ListTemplatesResponse& response_;
  size_t looked_at_ = 0;
  size_t bytes_ = 0;
  bool more_ = false;
};

absl::Status ListAll(const storage::View& view, Listing& listing) {
  const std::string beginning = storage::TemplateKey("");
  const std::string begin = listing.last().empty() ? beginning : beginning + listing.last() + '\0';
  absl::Status status;
  bool ended = true;
  GUSU_RETURN_IF_ERROR(view.Scan(begin, storage::AfterBeginning(beginning),
                                 [&](std::string_view key, const storage::Row& stored) {
                                   const std::string_view id_key = key.substr(beginning.size());
                                   absl::StatusOr<TemplateRow> row = PayloadOf<TemplateRow>(stored);
                                   if (!row.ok()) {
                                     status = std::move(row).status();
                                     return false;
                                   }
                                   ended = listing.TakeBuiltInBefore(id_key) &&
                                           listing.Take(id_key, *row, stored.revision);
                                   return ended;
                                 }));
  GUSU_RETURN_IF_ERROR(status);
  if (ended) listing.TakeBuiltInBefore("");
  return absl::OkStatus();
}

// Keys of the prefixes that the registrant holds, from one on: one more than a page looks at.
absl::StatusOr<std::vector<std::string>> PrefixesFrom(const storage::View& view,
                                                      const std::string& holder,
                                                      std::string_view prefix_key) {
  const std::string beginning = PrefixesOfHolder(holder);
  std::vector<std::string> prefix_keys;
  GUSU_RETURN_IF_ERROR(view.ScanStored(Concat(beginning, prefix_key),
                                       storage::AfterBeginning(beginning),
                                       [&](std::string_view key, std::string_view) {
                                         prefix_keys.emplace_back(key.substr(beginning.size()));
                                         return prefix_keys.size() <= kPageRowsMax;
                                       }));
  return prefix_keys;
}

// Prefix by prefix.
absl::Status ListOf(const storage::View& view, const std::string& owner, Listing& listing) {
  const std::string table = storage::TemplateKey("");
  GUSU_ASSIGN_OR_RETURN(const std::vector<std::string> prefix_keys,
                        PrefixesFrom(view, owner, PrefixKeyIn(listing.last())));
  for (size_t i = 0; i < prefix_keys.size() && !listing.more(); ++i) {
    if (i == kPageRowsMax) {
      listing.EndBefore(prefix_keys[i]);
      break;
    }
    const std::string beginning = storage::TemplateKey(Concat(prefix_keys[i], "/"));
    const std::string after_last = storage::TemplateKey(listing.last()) + '\0';
    const bool continues = after_last.starts_with(beginning);
    GUSU_RETURN_IF_ERROR(view.ScanStored(
        continues ? after_last : beginning, storage::AfterBeginning(beginning),
        [&](std::string_view key, std::string_view) {
          const std::string_view id_key = key.substr(table.size());
          const auto* entry = view.directory().FindTemplate(id_key);
          return entry == nullptr || listing.Take(id_key, *entry->row, entry->revision);
        }));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Templates::GetTemplate(const v1::GetTemplateRequest& request, const Caller& caller,
                                    v1::Template* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kGetTemplate, caller));
  if (request.name().empty()) return FieldMissing("name");
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  const storage::Directory& directory = view->directory();
  const std::string id_key = ToKey(TemplateIdOf(request.name()));
  const auto* entry = directory.FindTemplate(id_key);
  if (entry == nullptr) {
    const auto built_in = FindTemplate(directory, request.name());
    if (built_in == nullptr) return TemplateNotFound(request.name());
    if (request.version() > built_in->version) {
      return VersionNotFound(request.name(), request.version());
    }
    FillTemplate(*built_in, response);
    return absl::OkStatus();
  }
  const std::string& owner = PrefixHolder(directory, PrefixKeyIn(id_key));
  const bool may_see_draft = MaySeeDrafts(caller, owner);
  if (entry->row->version() == 0 && !may_see_draft) return TemplateNotFound(request.name());
  if (request.version() == 0 || request.version() == entry->row->version()) {
    FillTemplate(*entry->row, owner, entry->revision, may_see_draft, response);
    return absl::OkStatus();
  }
  GUSU_ASSIGN_OR_RETURN(const auto found,
                        FindVersion(*view, storage::TemplateKey(id_key), request.version()));
  if (!found.has_value()) return VersionNotFound(request.name(), request.version());
  FillTemplate(found->row, owner, found->revision, may_see_draft, response);
  return absl::OkStatus();
}

absl::Status Templates::ListTemplates(const v1::ListTemplatesRequest& request, const Caller& caller,
                                      v1::ListTemplatesResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kListTemplates, caller));
  std::string owner;
  if (!request.owner().empty()) {
    GUSU_ASSIGN_OR_RETURN(owner, ParseRegistrantName(request.owner(), "owner"));
  }
  const PageScope scope("ListTemplates", {owner});
  GUSU_ASSIGN_OR_RETURN(std::string after, scope.Read(request.page_token()));
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  Listing listing(*view, caller, std::move(after), PageSize(request.page_size()), response);
  GUSU_RETURN_IF_ERROR(owner.empty() ? ListAll(*view, listing) : ListOf(*view, owner, listing));
  if (listing.more()) response->set_next_page_token(scope.Token(listing.last()));
  return absl::OkStatus();
}

}  // namespace gusu::server
