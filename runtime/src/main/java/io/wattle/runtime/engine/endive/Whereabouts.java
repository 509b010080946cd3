package io.wattle.runtime.engine.endive;

import io.wattle.runtime.debug.GuestDebug;
import io.wattle.runtime.engine.GuestFrame;
import io.wattle.runtime.engine.TrapException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds out where a guest was when it trapped, by Java's stack. */
final class Whereabouts {
  private static final int MOST_FRAMES = 32;
  private static final Pattern FUNCTION = Pattern.compile("func_(\\d+)(_part_\\d+)?");

  /** These call {@link InterpretedFrame#note} once for each function. */
  private static final Set<String> INTERPRETERS =
      Set.of(WholeInterpreter.class.getName(), GuestInterpreter.class.getName());

  private final Function<String, @Nullable EndiveModule> modules;
  private final List<GuestFrame> frames = new ArrayList<>();

  /** Function whose part was seen last: the frames it was called from are the same function's. */
  private int cut = -1;

  private Whereabouts(Function<String, @Nullable EndiveModule> modules) {
    this.modules = modules;
  }

  /**
   * The trap with where it happened, if that is known and matters.
   *
   * @param thrown what ended the guest
   * @param modules the store's, by the name of the loader of their classes
   */
  static TrapException add(
      TrapException trap, Throwable thrown, Function<String, @Nullable EndiveModule> modules) {
    boolean matters =
        switch (trap.kind()) {
          case TRAP, LIMIT -> trap.frames().isEmpty();
          case BUSY, DEADLINE, CANCELLED, EXIT, IMPORT_FAILED -> false;
        };
    if (!matters) {
      return trap;
    }
    List<GuestFrame> frames = List.of();
    Set<Throwable> seen = new HashSet<>();
    for (Throwable cause = thrown; cause != null && seen.add(cause); cause = cause.getCause()) {
      Whereabouts found = new Whereabouts(modules);
      found.look(cause);
      if (!found.frames.isEmpty()) {
        frames = found.frames;
      }
    }
    return frames.isEmpty() ? trap : trap.at(frames);
  }

  private void look(Throwable thrown) {
    Deque<InterpretedFrame> interpreted = new ArrayDeque<>();
    Arrays.stream(thrown.getSuppressed())
        .filter(InterpretedFrame.class::isInstance)
        .map(InterpretedFrame.class::cast)
        .forEach(interpreted::add);
    int from = -1; // address of the call by which an interpreted function was entered
    for (StackTraceElement element : thrown.getStackTrace()) {
      if (frames.size() >= MOST_FRAMES) {
        return;
      }
      if (INTERPRETERS.contains(element.getClassName())
          && element.getMethodName().equals("interpret")
          && !interpreted.isEmpty()) {
        InterpretedFrame frame = interpreted.remove();
        add(frame.module, frame.function, from < 0 ? frame.address : from);
        from = frame.caller;
      } else if (compiled(element)) {
        from = -1;
      }
    }
  }

  private boolean compiled(StackTraceElement element) {
    Matcher function = FUNCTION.matcher(element.getMethodName());
    String loader = element.getClassLoaderName();
    EndiveModule module = function.matches() && loader != null ? modules.apply(loader) : null;
    if (module == null) {
      return false;
    }
    int index = Integer.parseInt(function.group(1));
    if (cut != index) {
      add(module, index, element.getLineNumber());
    }
    cut = function.group(2) == null ? -1 : index;
    return true;
  }

  private void add(EndiveModule module, int function, int address) {
    if (function >= module.importedFunctions) {
      GuestDebug debug = module.debug();
      frames.add(new GuestFrame(debug.name(function), debug.place(function, address)));
    }
  }
}
