package io.wattle.runtime.abi;

import io.wattle.runtime.binary.CanonOptions;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreValueType;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a function's parameters and result cross the boundary (CanonicalABI.md, {@code
 * flatten_functype}, {@code lift_flat_values}, {@code lower_flat_values}): flat when there are at
 * most 16 core parameters and 1 core result, through memory otherwise.
 */
public final class FunctionCodec {
  private static final int MAX_RESULTS = 1;
  private static final int MAX_ASYNC_PARAMETERS = 4;
  private static final long[] NONE = {};
  private final RecordCodec parameters;
  private final @Nullable Codec result;
  private final boolean spilledParameters;
  private final boolean spilledResult;
  private final PointerType pointer;
  private final CoreExternType.Func lifted;
  private final CoreExternType.Func lowered;

  FunctionCodec(RecordCodec parameters, @Nullable Codec result, PointerType pointer) {
    this.pointer = pointer;
    this.parameters = parameters;
    this.result = result;
    this.spilledParameters = parameters.flat.size() > Codec.MAX_FLAT;
    this.spilledResult = result != null && result.flat.size() > MAX_RESULTS;
    List<CoreValueType> params = spilledParameters ? List.of(pointer.core()) : parameters.flat;
    List<CoreValueType> results =
        result == null ? List.of() : spilledResult ? List.of(pointer.core()) : result.flat;
    this.lifted = new CoreExternType.Func(params, results);
    List<CoreValueType> withReturn = new ArrayList<>(params);
    if (spilledResult) {
      withReturn.add(pointer.core());
    }
    this.lowered = new CoreExternType.Func(withReturn, spilledResult ? List.of() : results);
  }

  /** The type of the core function that is lifted: the guest's export. */
  public CoreExternType.Func lifted() {
    return lifted;
  }

  /** The type of the core function that lowering makes: the guest's import. */
  public CoreExternType.Func lowered() {
    return lowered;
  }

  /** The type of the core function that is lifted with these options. */
  public CoreExternType.Func lifted(CanonOptions options) {
    return options.async()
        ? new CoreExternType.Func(
            lifted.parameters(),
            options.callback() == null ? List.of() : List.of(CoreValueType.I32))
        : lifted;
  }

  /** The type of the core function that lowering with these options makes. */
  public CoreExternType.Func lowered(CanonOptions options) {
    if (!options.async()) {
      return lowered;
    }
    List<CoreValueType> params =
        new ArrayList<>(
            parameters.flat.size() > MAX_ASYNC_PARAMETERS
                ? List.of(pointer.core())
                : parameters.flat);
    if (result != null) {
      params.add(pointer.core());
    }
    return new CoreExternType.Func(params, List.of(CoreValueType.I32));
  }

  /** The type of the core function {@code task.return} for this result. */
  public CoreExternType.Func returned() {
    return new CoreExternType.Func(
        result == null
            ? List.of()
            : result.flat.size() > Codec.MAX_FLAT ? List.of(pointer.core()) : result.flat,
        List.of());
  }

  /** Whether {@code task.return} for this result needs the option memory. */
  public boolean returnNeedsMemory() {
    return result != null && (result.pointers || result.flat.size() > Codec.MAX_FLAT);
  }

  /** Whether an export of this type needs the option memory. */
  public boolean liftNeedsMemory(CanonOptions options) {
    boolean spilled = options.async() ? returnNeedsMemory() : spilledResult;
    return liftNeedsRealloc() || spilled || (result != null && result.pointers);
  }

  /** Whether an export of this type needs the option realloc. */
  public boolean liftNeedsRealloc() {
    return spilledParameters || parameters.pointers;
  }

  /** Whether an import of this type needs the option memory. */
  public boolean lowerNeedsMemory(CanonOptions options) {
    // A result of an async function always comes through memory, even a small one.
    boolean spilled =
        options.async()
            ? result != null || parameters.flat.size() > MAX_ASYNC_PARAMETERS
            : spilledParameters || spilledResult;
    return spilled || parameters.pointers || (result != null && result.pointers);
  }

  /** Whether an import of this type needs the option realloc. */
  public boolean lowerNeedsRealloc() {
    return result != null && result.pointers;
  }

  /** Lowers arguments into a guest that is called: the core arguments. */
  public long[] lowerParameters(ValueSource from, CallContext to) {
    if (!spilledParameters) {
      long[] values = parameters.flat.isEmpty() ? NONE : new long[parameters.flat.size()];
      parameters.lower(from, to, values, 0);
      return values;
    }
    int address = to.allocate(parameters.align, parameters.size);
    parameters.store(from, to, address);
    return new long[] {Integer.toUnsignedLong(address)};
  }

  /** Lifts the result of a guest that was called. */
  public void liftResult(CallContext from, long[] values, ValueSink to) {
    if (result == null) {
      return;
    }
    if (!spilledResult) {
      result.lift(from, values, 0, to);
      return;
    }
    int address = from.check(pointer.of(values[0]), result.size, result.align, "result");
    result.load(from, address, to);
  }

  /** Lifts the arguments of a guest that calls. */
  public void liftParameters(CallContext from, long[] values, ValueSink to) {
    if (!spilledParameters) {
      parameters.lift(from, values, 0, to);
      return;
    }
    int address =
        from.check(pointer.of(values[0]), parameters.size, parameters.align, "parameters");
    parameters.load(from, address, to);
  }

  /** Lifts what a guest gives to {@code task.return}. */
  public void liftReturned(CallContext from, long[] values, ValueSink to) {
    if (result == null) {
      return;
    }
    if (result.flat.size() <= Codec.MAX_FLAT) {
      result.lift(from, values, 0, to);
      return;
    }
    int address = from.check(pointer.of(values[0]), result.size, result.align, "result");
    result.load(from, address, to);
  }

  /** Lifts the arguments of a guest that calls with the option async. */
  public void liftAsyncParameters(CallContext from, long[] values, ValueSink to) {
    if (parameters.flat.size() <= MAX_ASYNC_PARAMETERS) {
      parameters.lift(from, values, 0, to);
      return;
    }
    int address =
        from.check(pointer.of(values[0]), parameters.size, parameters.align, "parameters");
    parameters.load(from, address, to);
  }

  /** Lowers the result into a guest that called with the option async: always into memory. */
  public void lowerAsyncResult(ValueSource from, CallContext to, long[] arguments) {
    if (result != null) {
      int address =
          to.check(
              pointer.of(arguments[arguments.length - 1]),
              result.size,
              result.align,
              "result area");
      result.store(from, to, address);
    }
  }

  /** Lowers the result into a guest that called: the core results. */
  public long[] lowerResult(ValueSource from, CallContext to, long[] arguments) {
    if (result == null) {
      return NONE;
    }
    if (!spilledResult) {
      long[] values = new long[result.flat.size()];
      result.lower(from, to, values, 0);
      return values;
    }
    int address =
        to.check(
            pointer.of(arguments[arguments.length - 1]), result.size, result.align, "result area");
    result.store(from, to, address);
    return NONE;
  }
}
