package io.wattle.runtime.engine.endive.split;

import java.util.Locale;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

/**
 * Reading or writing one field of {@link Spill}: a call of a function that is never run, because
 * the generated call becomes an access to the field.
 *
 * @param number of the field among those of its type
 * @param write whether it is written
 */
public record Field(ValType type, int number, boolean write) {
  /** The field's name. */
  public String name() {
    return descriptor().toLowerCase(Locale.ROOT) + number;
  }

  /** The JVM's name for its type. */
  public String descriptor() {
    if (type.equals(ValType.I32)) {
      return "I";
    }
    if (type.equals(ValType.I64)) {
      return "J";
    }
    return type.equals(ValType.F32) ? "F" : "D";
  }

  /** Whether a value takes two places on the JVM's operand stack. */
  public boolean wide() {
    return type.equals(ValType.I64) || type.equals(ValType.F64);
  }

  FunctionType signature() {
    return write ? FunctionType.accepting(type) : FunctionType.returning(type);
  }
}
