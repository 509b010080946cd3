// Greets by name; its bindings (greeter_server.h) come from wit/worlds.wit by wit-bindgen.
#include <stdlib.h>
#include <string.h>

#include "greeter_server.h"

static size_t append(uint8_t *into, size_t at, const void *bytes, size_t length) {
  memcpy(into + at, bytes, length);
  return at + length;
}

void exports_wattle_examples_greeter_greet(greeter_server_string_t *name,
                                           greeter_server_string_t *ret) {
  static const char before[] = "Hello, ";
  static const char after[] = ", from C!";
  size_t length = sizeof before - 1 + name->len + sizeof after - 1;
  uint8_t *text = malloc(length);
  if (text == NULL) {
    abort();
  }
  size_t end = append(text, 0, before, sizeof before - 1);
  end = append(text, end, name->ptr, name->len);
  append(text, end, after, sizeof after - 1);
  greeter_server_string_free(name);
  ret->ptr = text;
  ret->len = length;
}
