package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.CodeState;
import io.wattle.runtime.engine.CoreModule;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings compiled code to one module that is interpreted meanwhile. It is asked for when the module
 * is loaded, and by whoever uses it; it is given up when the last who used it has gone, or when the
 * engine is closed.
 */
final class Compilation {
  private static final Logger log = LoggerFactory.getLogger(Compilation.class);
  private final String digest;
  private final int size;
  private final Background background;
  private final Maker maker;
  private final Set<Using> users = new HashSet<>();
  private CodeState state = CodeState.INTERPRETED;
  private @Nullable EndiveModule module;

  /** The binary; nothing needs it once there is an outcome. */
  private byte @Nullable [] wasm;

  /** What brings the code, while the state is COMPILING. */
  private @Nullable Attempt current;

  /** Makes the code of a module. */
  @FunctionalInterface
  interface Maker {
    /**
     * Compiles.
     *
     * @param check throws {@link CancellationException} when nobody wants the code any more
     */
    ModuleCode make(ModuleCode interpreted, byte[] wasm, String digest, Runnable check);
  }

  Compilation(String digest, byte[] wasm, Background background, Maker maker) {
    this.digest = digest;
    this.wasm = wasm;
    this.size = wasm.length;
    this.background = background;
    this.maker = maker;
  }

  /** Begins, for the module that this belongs to. */
  synchronized void begin(EndiveModule whose) {
    module = whose;
    start();
  }

  private synchronized void start() {
    if (current != null) {
      current.unwanted = false;
    } else if (state == CodeState.INTERPRETED && module != null && wasm != null) {
      Attempt attempt = new Attempt(module, wasm);
      try {
        background.execute(attempt);
        current = attempt;
        become(CodeState.COMPILING);
      } catch (RejectedExecutionException e) {
        log.debug("module {} stays interpreted: the engine is closed", digest);
      }
    }
  }

  private synchronized void become(CodeState next) {
    if (!state.mayBecome(next)) {
      throw new IllegalStateException("module " + digest + ": from " + state + " to " + next);
    }
    state = next;
    notifyAll();
  }

  synchronized CodeState state() {
    return state;
  }

  /** Waits while the state is COMPILING, which ends also when it is given up. */
  synchronized CodeState await() throws InterruptedException {
    while (state == CodeState.COMPILING) {
      wait();
    }
    return state;
  }

  synchronized CoreModule.Use use(Runnable better) {
    Using using = new Using(better);
    users.add(using);
    start();
    return using;
  }

  private synchronized void close(Using using) {
    if (users.remove(using) && users.isEmpty()) {
      giveUp();
    }
  }

  /** Nobody wants it: what has not begun does not, what runs ends where it looks. */
  synchronized void giveUp() {
    Attempt attempt = current;
    if (attempt == null) {
      return;
    }
    attempt.unwanted = true;
    if (!attempt.begun) {
      ended(attempt, CodeState.INTERPRETED);
    }
  }

  private synchronized boolean mayBegin(Attempt attempt) {
    attempt.begun = true;
    return current == attempt;
  }

  private synchronized void ended(Attempt attempt, CodeState how) {
    current = null;
    become(how);
    if (how != CodeState.INTERPRETED) {
      wasm = null;
    } else if (!attempt.unwanted) {
      // Somebody wanted it again after it had looked.
      start();
    }
  }

  private synchronized List<Using> users() {
    return List.copyOf(users);
  }

  /** That somebody means to run the module. */
  private final class Using implements CoreModule.Use {
    private final Runnable better;

    Using(Runnable better) {
      this.better = better;
    }

    @Override
    public void close() {
      Compilation.this.close(this);
    }
  }

  /** One try, handed to the compiler's threads. */
  final class Attempt implements Runnable {
    private final EndiveModule to;
    private final byte[] binary;
    private boolean begun;
    private volatile boolean unwanted;

    private Attempt(EndiveModule to, byte[] binary) {
      this.to = to;
      this.binary = binary;
    }

    /** Bytes of the binary. */
    int size() {
      return size;
    }

    @Override
    public void run() {
      if (!mayBegin(this)) {
        return;
      }
      try {
        to.improve(maker.make(to.running(), binary, digest, this::check));
        ended(this, CodeState.COMPILED);
        log.debug("module {} is compiled", digest);
        users().forEach(this::tell);
      } catch (CancellationException e) {
        ended(this, CodeState.INTERPRETED);
      } catch (RuntimeException | Error e) { // the compiler's, or the JVM's for want of memory
        log.warn("module {} stays interpreted: it cannot be compiled", digest, e);
        ended(this, CodeState.FAILED);
      }
    }

    private void check() {
      if (unwanted) {
        throw new CancellationException();
      }
    }

    private void tell(Using using) {
      try {
        using.better.run();
      } catch (RuntimeException e) {
        log.warn("module {}: telling that it is compiled", digest, e);
      }
    }
  }
}
