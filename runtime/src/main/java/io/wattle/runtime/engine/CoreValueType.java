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

  /** 64-bit words that values of these types take among arguments and results. */
  public static int words(List<CoreValueType> types) {
    int words = 0;
    for (CoreValueType type : types) {
      words += type == V128 ? 2 : 1;
    }
    return words;
  }
}
