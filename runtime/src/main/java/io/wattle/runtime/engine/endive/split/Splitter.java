package io.wattle.runtime.engine.endive.split;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.AnnotatedInstruction;
import run.endive.wasm.types.CodeSection;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.FunctionSection;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;

/**
 * Cuts functions that are too large: runs of their nodes become functions of their own, added after
 * those of the module, with the same effects, traps included. What is left of a function keeps its
 * index. Added functions are called by what they were cut out of and by nothing else. Functions
 * that Endive would translate wrongly are written anew ({@link TryTables}, {@link
 * BlockParameters}).
 */
public final class Splitter {
  /** Each round cuts as much as seems enough; only odd functions take more than a few. */
  private static final int ROUNDS = 40;

  /** Parts of parts: what passes between them takes bytes too, and may outweigh what they hold. */
  private static final int DEEPEST = 4;

  private static final int MOST_NODES = 400_000;

  /** Bits that the live locals of a function may take while it is cut: 64 MiB. */
  private static final long MOST_STATE = 1L << 29;

  private final WasmModule module;
  private final Types types;
  private final int imported;
  private final Map<Integer, FunctionBody> changed = new HashMap<>();
  private final Map<Integer, int[]> origins = new HashMap<>();
  private final List<Added> added = new ArrayList<>();
  private final Map<Field, Integer> accessors = new HashMap<>();
  private final Map<Integer, Integer> parts = new HashMap<>();
  private final SortedMap<Integer, String> left = new TreeMap<>();

  /** A function that is added, by the index of its type. Its body is there when it is finished. */
  private static final class Added {
    final int type;
    FunctionBody body;

    Added(int type, FunctionBody body) {
      this.type = type;
      this.body = body;
    }
  }

  /**
   * A module whose functions were cut.
   *
   * @param module for the translator only
   * @param parts functions that were cut out, by index, and which of the author's each belongs to
   * @param accessors calls of these are accesses to fields
   * @param left functions that remain too large, and why
   * @param origins the addresses that instructions had which may trap or call, of each function
   *     that was written anew or cut out; 0 or less for those that were added
   */
  public record Result(
      WasmModule module,
      Map<Integer, Integer> parts,
      Map<Integer, Field> accessors,
      SortedMap<Integer, String> left,
      Map<Integer, int[]> origins) {}

  /** How large a function may become, in bytes of bytecode; 0 or less leaves it as it is. */
  @FunctionalInterface
  public interface Limit {
    int of(int function);
  }

  private Splitter(Lowered lowered) {
    this.module = lowered.module();
    this.types = new Types(module, lowered.standIns().keySet());
    this.imported = module.importSection().count(ExternalType.FUNCTION);
  }

  /** Without vectors; the module itself when it has none and nothing in it is too large. */
  public static Result split(WasmModule module, Limit limit) {
    return split(Lowered.of(module), limit);
  }

  /** The same module when nothing in it is too large. */
  public static Result split(Lowered lowered, Limit limit) {
    WasmModule module = lowered.module();
    Splitter splitter = new Splitter(lowered);
    for (int i = 0; i < module.codeSection().functionBodyCount(); i++) {
      int function = splitter.imported + i;
      FunctionBody body = module.codeSection().getFunctionBody(i);
      int most = limit.of(function);
      boolean large =
          most > 0 && Costs.atMost(body, splitter.types.function(function), splitter.types) > most;
      if (large) {
        splitter.split(function, body, most);
      } else if (most > 0 && splitter.isWrittenAnew(body)) {
        splitter.mend(function, body);
      }
    }
    return splitter.result();
  }

  /** What nothing is known of stays as it is. */
  private void mend(int index, FunctionBody body) {
    try {
      Function whole = Function.parse(types.function(index), body, types);
      if (isManageable(body, whole) && mend(whole, body)) {
        put(index, Emitter.emit(whole));
      }
    } catch (Analysis.UnknownInstruction | StackOverflowError e) {
      return;
    }
  }

  /** Whether Endive may translate a function wrongly. */
  private boolean isWrittenAnew(FunctionBody body) {
    return TryTables.are(body) || BlockParameters.are(body, types);
  }

  private boolean mend(Function whole, FunctionBody body) throws Analysis.UnknownInstruction {
    var _ = Analysis.run(whole, types); // nothing is changed where something is not known
    boolean changed = BlockParameters.mend(whole, types);
    return (TryTables.are(body) && TryTables.mend(whole, types)) || changed;
  }

  private static boolean isManageable(FunctionBody body, Function function) {
    return (long) body.instructions().size() * function.locals.size() <= MOST_STATE;
  }

  private void split(int index, FunctionBody body, int most) {
    if (body.instructions().size() > MOST_NODES) {
      left.put(index, "more than " + MOST_NODES + " instructions");
      return;
    }
    Deque<Part> work = new ArrayDeque<>();
    try {
      Function whole = Function.parse(types.function(index), body, types);
      whole.compact();
      if (!isManageable(body, whole)) {
        left.put(index, "too many locals for its length");
        return;
      }
      boolean mended = isWrittenAnew(body) && mend(whole, body);
      if (Analysis.run(whole, types) <= most) {
        if (mended) {
          put(index, Emitter.emit(whole));
        }
        return;
      }
      work.add(new Part(whole, null, index, 0));
      while (!work.isEmpty()) {
        Part part = work.remove();
        if (!cut(part, index, most, work)) {
          left.put(index, "nothing in it can be cut out");
        }
        Emitter.Emitted emitted = Emitter.emit(part.function);
        if (part.added == null) {
          put(index, emitted);
        } else {
          part.added.body = emitted.body();
          origins.put(part.place, emitted.origins());
        }
      }
    } catch (Analysis.UnknownInstruction e) {
      left.put(index, e.getMessage() + " is not known here");
    } catch (StackOverflowError e) {
      left.put(index, "blocks nested too deeply");
    }
  }

  private void put(int function, Emitter.Emitted emitted) {
    changed.put(function, emitted.body());
    origins.put(function, emitted.origins());
  }

  /** The function itself or a part of it with an index of its own, cut out at which depth. */
  private record Part(Function function, @Nullable Added added, int place, int depth) {}

  private boolean cut(Part cut, int index, int most, Deque<Part> work)
      throws Analysis.UnknownInstruction {
    Function function = cut.function;
    for (int round = 0; round < ROUNDS; round++) {
      function.compact();
      int bytes = Analysis.run(function, types);
      if (bytes <= most) {
        return true;
      }
      if (cut.depth >= DEEPEST) {
        return false;
      }
      List<Window> chosen = choose(Finder.find(function, most * 9 / 10), bytes - most);
      if (chosen.isEmpty()) {
        return false;
      }
      // From the last to the first: positions before the one that is cut stay true.
      chosen.sort(Comparator.comparingInt(Window::start).reversed());
      for (Window window : chosen) {
        Outliner outliner = new Outliner(function, window, types, this::accessor);
        int place = add(outliner.type());
        parts.put(place, index);
        Added holder = added.getLast();
        work.add(new Part(outliner.apply(place), holder, place, cut.depth + 1));
      }
    }
    return false;
  }

  private static List<Window> choose(List<Window> windows, int tooMuch) {
    windows.sort(Comparator.comparingDouble(Window::score).reversed());
    List<Window> chosen = new ArrayList<>();
    int missing = tooMuch;
    for (Window window : windows) {
      if (missing <= 0) {
        break;
      }
      if (chosen.stream().noneMatch(window::overlaps)) {
        chosen.add(window);
        missing -= window.saved();
      }
    }
    return chosen;
  }

  /** What functions do that are never run. */
  static final FunctionBody NOTHING = trap();

  private static FunctionBody trap() {
    return new FunctionBody(
        List.of(),
        List.of(
            AnnotatedInstruction.builder()
                .from(new Instruction(0, OpCode.UNREACHABLE, new long[0]))
                .build(),
            AnnotatedInstruction.builder()
                .from(new Instruction(1, OpCode.END, new long[0]))
                .withScope(new Instruction(1, OpCode.END, new long[0]))
                .build()));
  }

  private int add(FunctionType type) {
    added.add(new Added(types.index(type), NOTHING));
    return types.addFunction(type);
  }

  private int accessor(Field field) {
    Integer known = accessors.get(field);
    if (known == null) {
      known = add(field.signature());
      accessors.put(field, known);
    }
    return known;
  }

  private Result result() {
    if (changed.isEmpty()) {
      return new Result(module, Map.of(), Map.of(), left, Map.of());
    }
    CodeSection.Builder code =
        CodeSection.builder().setRequiresDataCount(module.codeSection().isRequiresDataCount());
    FunctionSection.Builder functions = FunctionSection.builder();
    for (int i = 0; i < module.codeSection().functionBodyCount(); i++) {
      functions.addFunctionType(module.functionSection().getFunctionType(i));
      FunctionBody body = changed.get(imported + i);
      code.addFunctionBody(body == null ? module.codeSection().getFunctionBody(i) : body);
    }
    for (Added each : added) {
      functions.addFunctionType(each.type);
      code.addFunctionBody(each.body);
    }
    WasmModule result = OtherCode.of(module, types.section(), functions.build(), code.build());
    Map<Integer, Field> fields = new HashMap<>();
    accessors.forEach((field, index) -> fields.put(index, field));
    return new Result(result, parts, fields, left, origins);
  }
}
