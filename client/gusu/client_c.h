/* The C interface of the client library, for other languages (C99).
 *
 * A call returns its answer as JSON text (the field names are those of gusu/json.h), or NULL and an
 * error. Who owns what: what a function returns as `char *` is the caller's, who gives it back with
 * gusu_free; a gusu_error that is filled in is the caller's, who gives its texts back with
 * gusu_error_clear; what is passed in stays the caller's and is not kept. All text is UTF-8 and
 * ends with a zero byte.
 *
 *   gusu_options options = {0};
 *   options.server = "127.0.0.1:7440";
 *   options.ca_file = "ca.pem";
 *   gusu_error error = {0};
 *   gusu_client *client = gusu_client_open(&options, &error);
 *   char *answer = gusu_resolve(client, "88.118.8/HP-1", NULL, &error);
 *   if (answer == NULL) fprintf(stderr, "%s: %s\n", error.reason, error.message);
 *   gusu_free(answer);
 *   gusu_error_clear(&error);
 *   gusu_client_close(client);
 *
 * A client may be used from many threads. Every `error` may be NULL.
 */
#ifndef GUSU_CLIENT_C_H_
#define GUSU_CLIENT_C_H_

/* C: NOLINTBEGIN(modernize-use-using,readability-identifier-naming) */
#include <stddef.h>
#include <stdint.h>

#include "gusu/export.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gusu_client gusu_client;

/* Zeros are defaults. */
typedef struct gusu_options {
  const char* server;     /* host:port; default 127.0.0.1:7440 */
  const char* ca_file;    /* PEM; default: the system's certificate authorities */
  const char* token;      /* bearer token; or: */
  const char* token_file; /* a file whose first line is the token */
  int plaintext;          /* not 0: without TLS, loopback only */
  int64_t deadline_ms;    /* for a call with all of its retries; default 30000 */
} gusu_options;

/* Codes are gRPC's numbers: 3 INVALID_ARGUMENT, 5 NOT_FOUND, 6 ALREADY_EXISTS, 7 PERMISSION_DENIED,
 * 9 FAILED_PRECONDITION, 10 ABORTED, 14 UNAVAILABLE, 16 UNAUTHENTICATED …, and 100: the outcome of
 * a write is unknown, repeat the same call. */
typedef struct gusu_error {
  int code;     /* 0: no error */
  char* reason; /* for example IDENTIFIER_NOT_FOUND */
  char* message;
  char* metadata_json; /* an object of texts: all that the message mentions */
} gusu_error;

/* NULL and an error when the options are at fault. Does not connect: the first call does. */
GUSU_EXPORT gusu_client* gusu_client_open(const gusu_options* options, gusu_error* error);
GUSU_EXPORT void gusu_client_close(gusu_client* client); /* NULL is taken */

GUSU_EXPORT void gusu_free(char* text); /* NULL is taken */
GUSU_EXPORT void gusu_error_clear(gusu_error* error);

/* The answer {"record": …, "read_revision": …}. `as_of` is NULL for now, a time (RFC 3339) or a day
 * (YYYY-MM-DD). */
GUSU_EXPORT char* gusu_resolve(gusu_client* client, const char* identifier, const char* as_of,
                               gusu_error* error);
/* The same with "proof", which gusu_verify_answer checks. */
GUSU_EXPORT char* gusu_resolve_with_proof(gusu_client* client, const char* identifier,
                                          const char* as_of, gusu_error* error);
/* Checks an answer of gusu_resolve_with_proof, or its "proof" alone, with no network, against the
 * verifier keys of the log (several divided by line ends): {"proven": …, "stated": …}. `identifier`
 * is what the answer must be of; NULL: any. */
GUSU_EXPORT char* gusu_verify_answer(const char* answer_json, const char* vkeys,
                                     const char* identifier, gusu_error* error);
/* A list of {"identifier": …, "answer": …} or {"identifier": …, "error": …}, in order. Any count.
 */
GUSU_EXPORT char* gusu_resolve_batch(gusu_client* client, const char* const* identifiers,
                                     size_t count, const char* as_of, gusu_error* error);

typedef struct gusu_value {
  const char* type; /* a template attribute or a Handle type */
  const void* data; /* any bytes */
  size_t data_bytes;
  const char* tier; /* PUBLIC, PARTNER or OWNER; NULL: the default */
} gusu_value;

/* Zeros are defaults. Either identifier, or mint_prefix and mint_pattern. */
typedef struct gusu_row {
  const char* identifier;
  const char* mint_prefix;
  const char* mint_pattern;
  const char* level; /* MODEL, BATCH or ITEM */
  const char* instance_of;
  const char* template_id;
  const gusu_value* values;
  size_t value_count;
  const char* request_id; /* the same id with the same content gives the same answer */
} gusu_row;

/* {"identifier": …, "outcome": "CREATED" or "UNCHANGED", "receipt": …} */
GUSU_EXPORT char* gusu_register(gusu_client* client, const gusu_row* row, gusu_error* error);
/* 1 to 2000 rows, all or none: a list of results in order. `request_id` may be NULL. */
GUSU_EXPORT char* gusu_register_batch(gusu_client* client, const gusu_row* rows, size_t count,
                                      const char* request_id, gusu_error* error);

#ifdef __cplusplus
}
#endif

/* NOLINTEND(modernize-use-using,readability-identifier-naming) */
#endif /* GUSU_CLIENT_C_H_ */
