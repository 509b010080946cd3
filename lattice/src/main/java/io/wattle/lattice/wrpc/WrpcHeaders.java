package io.wattle.lattice.wrpc;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.wit.io.Deadline;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Headers of a handshake (section 6.4), and those we add; peers that do not know them ignore them.
 */
final class WrpcHeaders {
  static final String SOURCE = "source-id";
  static final String TARGET = "target-id";
  static final String LINK = "link-name";

  /** Milliseconds left. */
  static final String DEADLINE = "wattle-deadline-ms";

  /**
   * On a handshake: it holds all parameters, and here are their streams and futures, if any; the
   * answer may be one message. On an answer: it holds all results, and behind them streams and
   * futures of these lengths. On an accept: what came with the handshake was taken.
   */
  static final String WHOLE = "wattle-whole";

  /**
   * The sender of the message counts the bytes of streams it has taken and tells; so does who sends
   * {@link #WHOLE}.
   */
  static final String CREDIT = "wattle-credit";

  /** On an accept: the callee's host answers when it is asked whether a call is under way. */
  static final String ALIVE = "wattle-alive";

  /** Why there is no answer: a kind, a space, a text. */
  static final String ERROR = "wattle-error";

  /** On the end of the results: the paths of the streams and futures that follow. */
  static final String ASYNC = "wattle-async";

  /** Of a whole answer without streams; made once, since it is that of most. */
  static final Headers NO_PARTS =
      new Headers(new Headers().put(WHOLE, Inline.NONE), /* readOnly= */ true);

  private static final Set<String> OURS =
      Set.of(SOURCE, TARGET, LINK, DEADLINE, WHOLE, CREDIT, ALIVE, ERROR, ASYNC);
  private static final int LONGEST_TEXT = 2000;

  private WrpcHeaders() {}

  static Headers handshake(CallContext context, boolean additions, @Nullable Inline inline) {
    Headers headers = new Headers();
    for (Map.Entry<String, String> header : context.headers().entrySet()) {
      if (!ours(header.getKey())) {
        headers.put(header.getKey(), header.getValue());
      }
    }
    headers.put(SOURCE, context.sourceId());
    headers.put(LINK, context.linkName());
    if (!additions) {
      return headers;
    }
    headers.put(DEADLINE, Long.toString(Math.max(1, context.deadline().left().toMillis())));
    if (inline != null) {
      headers.put(WHOLE, inline.encoded());
    } else {
      headers.put(CREDIT, "1");
    }
    return headers;
  }

  private static boolean ours(String name) {
    return OURS.contains(name) || OURS.contains(name.toLowerCase(Locale.ROOT));
  }

  /** The context a handshake speaks of; without a deadline it is {@code unlessSaid} from now. */
  static CallContext context(Message handshake, boolean additions, Duration unlessSaid) {
    Map<String, String> others = Map.of();
    Headers headers = handshake.getHeaders();
    if (headers != null) {
      for (String name : headers.keySet()) {
        if (!ours(name)) {
          others = others.isEmpty() ? new HashMap<>() : others;
          others.put(name, last(headers, name).orElse(""));
        }
      }
    }
    return new CallContext(
        get(handshake, SOURCE).orElse("<unknown>"),
        get(handshake, LINK).orElse("default"),
        Deadline.in(
            (additions ? get(handshake, DEADLINE) : Optional.<String>empty())
                .flatMap(WrpcHeaders::millis)
                .orElse(unlessSaid)),
        others);
  }

  private static Optional<Duration> millis(String text) {
    try {
      return Optional.of(Duration.ofMillis(Math.max(0, Long.parseLong(text))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  static Optional<String> get(Message message, String name) {
    Headers headers = message.getHeaders();
    return headers == null ? Optional.empty() : last(headers, name);
  }

  private static Optional<String> last(Headers headers, String name) {
    @Nullable List<String> values = headers.get(name);
    return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
  }

  static Headers of(String name, String value) {
    return new Headers().put(name, value);
  }

  static Headers error(CallException.Kind kind, @Nullable String text) {
    String shown = text == null ? "" : text;
    shown = shown.length() > LONGEST_TEXT ? shown.substring(0, LONGEST_TEXT) + "..." : shown;
    return of(ERROR, kind.name() + " " + URLEncoder.encode(shown, StandardCharsets.UTF_8));
  }

  /** The error a message carries. */
  static Optional<CallException> error(Message message) {
    return get(message, ERROR).map(WrpcHeaders::error);
  }

  private static CallException error(String header) {
    int space = header.indexOf(' ');
    String name = space < 0 ? header : header.substring(0, space);
    String text = space < 0 ? "" : header.substring(space + 1);
    CallException.Kind kind;
    try {
      kind = CallException.Kind.valueOf(name);
    } catch (IllegalArgumentException e) {
      kind = CallException.Kind.FAILED;
    }
    try {
      text = URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      text = header;
    }
    return new CallException(kind, text);
  }

  /** Says which paths follow; {@code -} for none. */
  static Headers async(Collection<String> paths) {
    return of(ASYNC, paths.isEmpty() ? "-" : String.join(",", paths));
  }

  /** The paths that follow, if the sender says so. */
  static Optional<Set<String>> async(Message message) {
    return get(message, ASYNC).map(paths -> Set.of(paths.split(",")));
  }

  /** What the headers take of a message (section 6.2, step 1). */
  static int size(Headers headers) {
    return headers.isEmpty() ? 0 : headers.serializedLength();
  }
}
