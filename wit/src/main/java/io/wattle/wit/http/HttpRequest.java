package io.wattle.wit.http;

import java.util.Optional;

/**
 * A request as {@code wasi:http/types} has it.
 *
 * @param method in upper case for the known ones, {@code GET}; anything else as it came
 * @param pathWithQuery {@code /a?b=c}
 * @param scheme {@code HTTP}, {@code HTTPS}, or another as it came
 * @param authority host and port
 * @param headers without {@code host} duplicates being removed
 * @param body streamed
 */
public record HttpRequest(
    String method,
    Optional<String> pathWithQuery,
    Optional<String> scheme,
    Optional<String> authority,
    Fields headers,
    HttpBody body) {}
