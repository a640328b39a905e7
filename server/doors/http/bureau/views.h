// The pages of the console. Each answers its call once, on this or another thread.
#pragma once

#include "server/doors/http/bureau/request.h"

namespace gusu::server {

class WorkPool;

// Applications and amendments that wait for the bureau, oldest first.
void ShowReview(const BureauCall& call);

// Registrants that fit what was typed, and one of them.
void ShowRegistrants(const BureauCall& call);
void ShowRegistrant(const BureauCall& call, const std::string& id);
// A form of the one's page: approve, return or reject.
void DecideRegistrant(const BureauCall& call, const std::string& id);

// A code: what is PUBLIC of it, or, of a form with a reason, all of it, which the log then shows.
void ShowCode(const BureauCall& call);
void ReadCodeWithReason(const BureauCall& call);

// What was registered on a day, by prefix, and the records below one of them.
void ShowDay(const BureauCall& call);

// These read much, and run on `heavy`, one at a time.
void ShowCharts(const BureauCall& call, WorkPool& heavy);
void ShowReport(const BureauCall& call, WorkPool& heavy);
void DownloadReport(const BureauCall& call, WorkPool& heavy, bool as_csv);
void DownloadEvidence(const BureauCall& call, WorkPool& heavy);

}  // namespace gusu::server
