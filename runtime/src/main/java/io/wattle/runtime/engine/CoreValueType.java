package io.wattle.runtime.engine;

import java.util.List;

/** Core value types as far as the component model touches them. */
public enum CoreValueType {
  I32,
  I64,
  F32,
  F64,
  V128,
  FUNCREF,
  EXTERNREF,
  /** Any other reference type (GC, exceptions). */
  OTHER_REF;

  /** How many words a value is as an argument or result of a {@link CoreFunction}. */
  public int words() {
    return this == V128 ? 2 : 1;
  }

  /** How many words values of these types are together. */
  public static int words(List<CoreValueType> types) {
    int sum = 0;
    for (CoreValueType type : types) {
      sum += type.words();
    }
    return sum;
  }
}
