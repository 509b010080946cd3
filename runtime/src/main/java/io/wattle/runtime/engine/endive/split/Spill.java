package io.wattle.runtime.engine.endive.split;

import run.endive.wasm.types.ValType;

/**
 * A place where a function that was cut out leaves what its caller takes up again at once: nothing
 * runs between the two, so that one for each instance is enough. Generated code reaches the fields
 * by name; public because it lives in a package and loader of its own, no API.
 */
@SuppressWarnings("UnusedVariable") // by generated code
public class Spill {
  static final int INTS = 12;
  static final int LONGS = 8;
  static final int FLOATS = 2;
  static final int DOUBLES = 4;

  public int i0;
  public int i1;
  public int i2;
  public int i3;
  public int i4;
  public int i5;
  public int i6;
  public int i7;
  public int i8;
  public int i9;
  public int i10;
  public int i11;
  public long j0;
  public long j1;
  public long j2;
  public long j3;
  public long j4;
  public long j5;
  public long j6;
  public long j7;
  public float f0;
  public float f1;
  public double d0;
  public double d1;
  public double d2;
  public double d3;

  /** Room that is left while it is given out. */
  static final class Room {
    private int ints;
    private int longs;
    private int floats;
    private int doubles;

    Room() {}

    Room(Room taken) {
      ints = taken.ints;
      longs = taken.longs;
      floats = taken.floats;
      doubles = taken.doubles;
    }

    /** Number of the next field for this type, -1 when there is none. */
    int take(ValType type) {
      if (type.equals(ValType.I32)) {
        return ints < INTS ? ints++ : -1;
      }
      if (type.equals(ValType.I64)) {
        return longs < LONGS ? longs++ : -1;
      }
      if (type.equals(ValType.F32)) {
        return floats < FLOATS ? floats++ : -1;
      }
      return doubles < DOUBLES ? doubles++ : -1;
    }
  }

  /** Whether there are fields for values of this type: numbers have some, references none. */
  static boolean holds(ValType type) {
    return type.equals(ValType.I32)
        || type.equals(ValType.I64)
        || type.equals(ValType.F32)
        || type.equals(ValType.F64);
  }
}
