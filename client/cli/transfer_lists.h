// Offering and accepting lists of codes: more than one offer, and an account of each code.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "client/cli/code_account.h"
#include "gusu/client.h"

namespace gusu::cli {

// Outcomes of codes, as the account has them.
inline constexpr char kOffered[] = "OFFERED";
inline constexpr char kAccepted[] = "ACCEPTED";
// By an earlier run of the same list.
inline constexpr char kAcceptedBefore[] = "ACCEPTED_BEFORE";
inline constexpr char kNotOffered[] = "NOT_OFFERED";
// Offered in an offer that other codes of the list are of, and not on the list.
inline constexpr char kNotListed[] = "NOT_LISTED";
// Stands on an earlier line too.
inline constexpr char kDuplicate[] = "DUPLICATE";
// No code of its offer or after it was tried any more.
inline constexpr char kNotTried[] = "NOT_TRIED";

// Offers the codes in offers of at most 1000. A code that the registry refuses is left out, with
// the reason as its outcome, and the others are offered without it. The same list again makes no
// second offer: the registry answers with the first ones.
// Fails when nothing more can be offered at all (the server is away, the credential does not
// suffice, an outcome is unknown); what was not tried is kNotTried then.
Status OfferList(Client& client, const OfferTransferRequest& like, std::vector<CodeRow>* rows);

// Which offers a delivery may be of.
struct DeliveryOptions {
  std::string parent;    // registrants/{id}; empty: the caller's
  std::string from;      // registrants/{id}: only what it offered
  std::string transfer;  // transfers/{id}: only this one
};

// Finds each code in the offers to the registrant, and accepts what is found: one commit an offer.
// A code that the registry refuses is left out, with the reason as its outcome. Codes that stay
// offered are added to `rows` as kNotListed. Fails as OfferList; it may be repeated, and goes on.
Status AcceptDelivery(Client& client, const DeliveryOptions& options,
                      const AcceptTransferRequest& like, std::vector<CodeRow>* rows);

// Sends `indexes` of `rows` with `send`, which answers a transfer's name, and again without the
// code that the registry's refusal names, until it takes the rest or names none: then all that is
// left is refused. Sets outcome and message of each, but where the failure EndsList. Returns the
// last refusal of a whole, or OK.
Status SendWithoutRefused(
    const std::vector<size_t>& indexes, const char* outcome, std::vector<CodeRow>* rows,
    const std::function<Result<std::string>(const std::vector<std::string>& identifiers)>& send);

// Whether the failure is not of some codes: no call after it would fare better.
bool EndsList(const Status& status);

}  // namespace gusu::cli
