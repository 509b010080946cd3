package io.wattle.runtime.engine;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A call of a guest's function that was under way when it trapped.
 *
 * @param function its name, as in the source where that is known
 * @param place {@code file:line} of what was being executed, null without debug information
 */
public record GuestFrame(String function, @Nullable String place) {
  /** What a language does to give up: nobody looks for his mistake there. */
  private static final Pattern GIVING_UP =
      Pattern.compile(
          "<?(std|core|alloc|panic_abort|panic_unwind|rustc_std_workspace\\w*)::.*"
              + "|_*rust_\\w+|__rustc.*|abort|__assert_fail|runtime\\..*");

  public GuestFrame {
    function = Printable.line(function);
    place = place == null ? null : Printable.line(place);
  }

  /** Whether it belongs to the language's own library. */
  public boolean ofLibrary() {
    return GIVING_UP.matcher(function).matches();
  }

  @Override
  public String toString() {
    return place == null ? function : function + " (" + place + ")";
  }
}
