// gusu label: labels for codes, as files for printers.
#include <CLI/App.hpp>
#include <utility>

#include "client/cli/label_codes.h"
#include "client/cli/label_output.h"
#include "client/cli/label_plan.h"
#include "client/cli/label_printing.h"
#include "client/cli/program.h"
#include "client/cli/public_url.h"

namespace gusu::cli {
namespace {

void PrintUnchecked(const LabelCodes& codes, LabelPrinting* printing) {
  while (!printing->is_over()) {
    const OrFailure<std::optional<std::string>> code = codes();
    if (!code.ok()) return printing->Stop(code.failure());
    if (!code->has_value()) return;
    LabelSubject subject;
    subject.identifier = **code;
    printing->Print(subject);
  }
}

// Each code is resolved before it is printed.
void PrintResolved(Session& session, Client& client, const LabelRequest& request,
                   const LabelCodes& codes, LabelPrinting* printing) {
  ResolveManyOptions many;
  many.resolve.types = TypesNeeded(request);
  many.resolve.reason = session.flags().reason;
  const auto next = [&]() -> std::optional<std::string> {
    if (printing->is_over()) return std::nullopt;
    OrFailure<std::optional<std::string>> code = codes();
    if (code.ok()) return *std::move(code);
    printing->Stop(code.failure());
    return std::nullopt;
  };
  const auto print = [printing](const ResolveOutcome& outcome) { printing->Print(outcome); };
  const Status status = client.ResolveMany(next, print, many);
  if (!status.ok() && !printing->is_over()) printing->Stop(session.FailureOf(status));
}

// Only what --unchecked prints of codes that are listed needs no registry.
bool NeedsRegistry(const LabelCommandOptions& options, const LabelPlan& plan) {
  const bool needs_url = plan.request.payload == LabelPayload::kUrl && plan.public_url.empty();
  return !options.unchecked || !options.has_list() || needs_url;
}

MaybeFailure SetPublicUrl(Session& session, Client& client, LabelPlan* plan) {
  if (plan->request.payload != LabelPayload::kUrl || !plan->public_url.empty()) return {};
  OrFailure<std::string> url = ReadPublicUrl(session, client);
  if (!url.ok()) return url.failure();
  if (url->empty()) {
    Failure failure = ToFailure(PublicUrlMissing());
    failure.hint = "give one with --public-url URL, or print the code itself: --payload handle";
    return failure;
  }
  plan->public_url = *std::move(url);
  return std::nullopt;
}

MaybeFailure PrintLabels(Session& session, const LabelCommandOptions& options) {
  OrFailure<LabelPlan> plan = MakeLabelPlan(options);
  if (!plan.ok()) return plan.failure();
  std::optional<Client> client;
  if (NeedsRegistry(options, *plan)) {
    OrFailure<Client> connected = session.Connect();
    if (!connected.ok()) return connected.failure();
    client = *std::move(connected);
    if (MaybeFailure failure = SetPublicUrl(session, *client, &*plan)) return failure;
  }
  const OrFailure<LabelCodes> codes =
      options.has_list() ? ListedCodes(options.codes, options.file)
                         : RangeCodes(session, *client,
                                      {options.range, options.from, options.to, plan->labels_max});
  if (!codes.ok()) return codes.failure();
  const auto output = OpenLabelOutput(plan->output, session.out());
  if (!output.ok()) return output.failure();
  LabelPrinting printing(session, *plan, output->get());
  if (options.unchecked) {
    PrintUnchecked(*codes, &printing);
  } else {
    PrintResolved(session, *client, plan->request, *codes, &printing);
  }
  return printing.is_over() ? printing.failure() : printing.Conclude();
}

}  // namespace

void AddLabelCommand(Program* program) {
  const auto [label, options] = AddCommand<LabelCommandOptions>(
      program, &program->app, "label", "Make labels for printers and sheets",
      "  gusu label 88.118.8/HP-1 --out hp-1.svg --text code,name\n"
      "  gusu label --file codes.txt --symbol datamatrix --size 20x10mm --out labels.zpl\n"
      "  gusu label --from 88.118.8/BOLT-0000000001 --to 88.118.8/BOLT-0000010000 --out bolts.zpl\n"
      "  gusu label --range 88.118.8/BOLT-0000000001 --sheet A4 --out bolts.pdf\n"
      "  gusu label --file codes.txt --symbol gs1-datamatrix --format png --dpi 600 --out labels/\n"
      "The symbol holds the code's address below the registry's public URL. Only codes that\n"
      "resolve are printed; others are told of, and the exit code is 1.",
      PrintLabels);
  label->add_option("codes", options->codes, "Identifiers");
  label->add_option("--file", options->file,
                    "File with an identifier a line; - for standard input");
  label->add_option("--range", options->range, "Serial range, by its name or a code of it");
  label->add_option("--from", options->from, "First code of a range's part");
  label->add_option("--to", options->to, "Last code of a range's part");
  label->add_option("--symbol", options->symbol, "qr (default), datamatrix or gs1-datamatrix");
  label->add_option("--payload", options->payload,
                    "What the symbol holds: url (default), handle (the code itself), or gs1");
  label->add_option("--format", options->format,
                    "zpl, svg, pdf or png; default: the ending of --out");
  label->add_option("--size", options->size, "Width and height")->capture_default_str();
  label->add_option("--module", options->module, "Side of the symbol's squares")
      ->capture_default_str();
  label->add_option("--text", options->text,
                    "Lines of text: code, gs1 and types of values, at most 6; default: code");
  label->add_option("--dpi", options->dpi, "Dots per inch; default: 203 for zpl, 300 for png");
  label->add_option("--out", options->out,
                    "File, or directory for a file each; default: standard output");
  label->add_option("--sheet", options->sheet, "Many labels a page, for pdf: A4, A5, A3 or letter");
  label->add_option("--margin", options->margin, "Least margin of a sheet")->capture_default_str();
  label->add_option("--gap", options->gap, "Between labels of a sheet")->capture_default_str();
  label->add_option("--public-url", options->public_url,
                    "Where the symbols lead; default: the registry's own");
  label->add_flag("--unchecked", options->unchecked,
                  "Print codes without resolving them, also those that do not exist");
}

}  // namespace gusu::cli
