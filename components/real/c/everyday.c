// Counts the visits of a path, and says when and by which chance.
#include "everyday.h"

#include <string.h>

// Text that is written piece by piece; stdio would need a file system.
typedef struct {
  char bytes[512];
  size_t length;
} text_t;

static void add(text_t *text, const char *bytes, size_t length) {
  memcpy(text->bytes + text->length, bytes, length);
  text->length += length;
}

static void add_word(text_t *text, const char *word) { add(text, word, strlen(word)); }

static void add_number(text_t *text, uint64_t number, unsigned base) {
  char digits[20];
  size_t from = sizeof digits;
  do {
    digits[--from] = "0123456789abcdef"[number % base];
    number /= base;
  } while (number);
  add(text, digits + from, sizeof digits - from);
}

static const char *count(const char *name, size_t length, uint64_t *visits) {
  everyday_string_t bucket_name, key = {(uint8_t *)name, length};
  everyday_string_set(&bucket_name, "default");
  wasi_keyvalue_store_own_bucket_t bucket;
  wasi_keyvalue_store_error_t error;
  if (!wasi_keyvalue_store_open(&bucket_name, &bucket, &error)) {
    return "the bucket cannot be opened";
  }
  wasi_keyvalue_atomics_error_t failure;
  bool counted = wasi_keyvalue_atomics_increment(wasi_keyvalue_store_borrow_bucket(bucket), &key, 1, visits, &failure);
  wasi_keyvalue_store_bucket_drop_own(bucket);
  return counted ? NULL : "the key cannot be incremented";
}

static void send(wasi_http_types_own_response_outparam_t out, uint16_t status, text_t *text) {
  wasi_http_types_own_outgoing_response_t response =
      wasi_http_types_constructor_outgoing_response(wasi_http_types_constructor_fields());
  wasi_http_types_borrow_outgoing_response_t borrowed = wasi_http_types_borrow_outgoing_response(response);
  wasi_http_types_method_outgoing_response_set_status_code(borrowed, status);
  wasi_http_types_own_outgoing_body_t body;
  wasi_http_types_method_outgoing_response_body(borrowed, &body);
  wasi_http_types_result_own_outgoing_response_error_code_t answer = {.is_err = false, .val.ok = response};
  wasi_http_types_static_response_outparam_set(out, &answer);

  wasi_http_types_own_output_stream_t stream;
  wasi_http_types_method_outgoing_body_write(wasi_http_types_borrow_outgoing_body(body), &stream);
  everyday_list_u8_t bytes = {(uint8_t *)text->bytes, text->length};
  wasi_io_streams_stream_error_t broken;
  wasi_io_streams_method_output_stream_blocking_write_and_flush(wasi_io_streams_borrow_output_stream(stream), &bytes, &broken);
  wasi_io_streams_output_stream_drop_own(stream);
  wasi_http_types_error_code_t failure;
  wasi_http_types_static_outgoing_body_finish(body, NULL, &failure);
}

void exports_wasi_http_incoming_handler_handle(
    exports_wasi_http_incoming_handler_own_incoming_request_t request,
    exports_wasi_http_incoming_handler_own_response_outparam_t out) {
  everyday_string_t path;
  bool given = wasi_http_types_method_incoming_request_path_with_query(
      wasi_http_types_borrow_incoming_request(request), &path);
  wasi_http_types_incoming_request_drop_own(request);
  const char *name = "default";
  size_t length = strlen(name);
  if (given && path.len > 1) {
    name = (const char *)path.ptr + 1;
    length = path.len - 1 < 256 ? path.len - 1 : 256;
  }

  text_t text = {.length = 0};
  uint64_t visits;
  const char *error = count(name, length, &visits);
  if (error) {
    add_word(&text, "c: ");
    add_word(&text, error);
  } else {
    wasi_clocks_wall_clock_datetime_t now;
    wasi_clocks_wall_clock_now(&now);
    add_word(&text, "c: visit ");
    add_number(&text, visits, 10);
    add_word(&text, " of ");
    add(&text, name, length);
    add_word(&text, " at ");
    add_number(&text, now.seconds, 10);
    add_word(&text, ", chance ");
    add_number(&text, wasi_random_random_get_random_u64(), 16);
  }
  add_word(&text, "\n");
  send(out, error ? 503 : 200, &text);
}
