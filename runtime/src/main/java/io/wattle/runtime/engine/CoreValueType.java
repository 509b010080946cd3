package io.wattle.runtime.engine;

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
  OTHER_REF
}
