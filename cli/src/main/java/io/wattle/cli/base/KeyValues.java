package io.wattle.cli.base;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Arguments of the form {@code key=value}. */
public final class KeyValues {
  private KeyValues() {}

  /** The pairs in order; {@code what} names the argument in the error. */
  public static Map<String, String> parse(String what, List<String> arguments)
      throws CommandException {
    Map<String, String> map = new LinkedHashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals < 1) {
        throw CommandException.usage(what + ": \"" + argument + "\" (expected: key=value)");
      }
      map.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    return map;
  }
}
