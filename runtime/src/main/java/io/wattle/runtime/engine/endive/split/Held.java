package io.wattle.runtime.engine.endive.split;

import java.util.List;
import java.util.stream.Stream;
import run.endive.wasm.types.ValType;

/** A value of the author's operand stack that is put on ours only when it is needed there. */
sealed interface Held {
  /** The code that puts it there. */
  Stream<Code> codes();

  /** No vector. */
  record Scalar(ValType type, Code code) implements Held {
    @Override
    public Stream<Code> codes() {
      return Stream.of(code);
    }
  }

  /**
   * A vector.
   *
   * @param local of the author's that it comes from, -1 when it comes from none
   * @param isSure whether it comes from something that asks for its shape
   */
  record Vector(Shape shape, List<Code> lanes, int local, boolean isSure) implements Held {
    /** The outcome of something that is done to lanes. */
    static Vector of(Shape shape, List<Code> lanes) {
      return new Vector(shape, lanes, -1, true);
    }

    @Override
    public Stream<Code> codes() {
      return Shape.I64.of(shape, lanes).stream();
    }
  }
}
