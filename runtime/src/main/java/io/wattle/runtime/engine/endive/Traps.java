package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import run.endive.runtime.WasmException;
import run.endive.runtime.WasmInterruptedException;
import run.endive.wasm.UninstantiableException;
import run.endive.wasm.WasmEngineException;

/** Says in the seam's words why a guest ended. */
final class Traps {
  private Traps() {}

  static TrapException of(Throwable thrown) {
    return switch (thrown) {
      case TrapException trap -> trap;
      case StackOverflowError e -> exhausted();
      case OutOfMemoryError e ->
          new TrapException(Kind.BUSY, "the host is out of memory: " + e.getMessage());
      case WasmInterruptedException e -> new TrapException(Kind.CANCELLED, "interrupted", e);
      case WasmException e ->
          new TrapException(Kind.TRAP, "the guest threw an exception that nothing caught", e);
      case UninstantiableException e when e.getCause() != null && e.getCause() != e ->
          of(e.getCause());
      case WasmEngineException e when e.getCause() instanceof StackOverflowError -> exhausted();
      case WasmEngineException e -> new TrapException(Kind.TRAP, message(e), e);
      case ArithmeticException e -> new TrapException(Kind.TRAP, message(e), e);
      default ->
          new TrapException(Kind.TRAP, "the host failed while the guest ran: " + thrown, thrown);
    };
  }

  static TrapException exhausted() {
    return new TrapException(Kind.LIMIT, "call stack exhausted");
  }

  private static String message(Throwable e) {
    String text = e.getMessage();
    return text == null ? e.getClass().getSimpleName() : text;
  }
}
