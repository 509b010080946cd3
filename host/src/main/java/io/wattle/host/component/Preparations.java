package io.wattle.host.component;

import io.wattle.runtime.InvalidComponentException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiles ahead what this host may have to run when another one is lost: one image after the
 * other, and none is begun while a component is being brought up. What is compiled goes to the disk
 * cache of the engine, where a start finds it.
 */
final class Preparations implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Preparations.class);
  private static final int REMEMBERED = 1_000;

  private final Compiler compiler;
  private final Set<String> waiting = new LinkedHashSet<>();
  private final Set<String> done = new LinkedHashSet<>();
  private int holding;
  private boolean closed;
  private @Nullable Thread worker;

  /** Compiles an image to where a start finds it. */
  @FunctionalInterface
  interface Compiler {
    void compile(String image)
        throws ComponentException, InvalidComponentException, InterruptedException;
  }

  Preparations(Compiler compiler) {
    this.compiler = compiler;
  }

  /** Asks for an image; one that was asked for before is left as it is. */
  synchronized void add(String image) {
    if (closed || done.contains(image) || !waiting.add(image)) {
      return;
    }
    if (worker == null) {
      worker = Thread.ofPlatform().name("prepare").daemon().start(this::run);
    }
    notifyAll();
  }

  /** What was compiled, or could not be: asking again would change nothing. */
  synchronized Set<String> done() {
    return Set.copyOf(done);
  }

  /** Something is needed now: nothing is begun until it is {@link #release}d. */
  synchronized void hold() {
    holding++;
  }

  synchronized void release() {
    holding--;
    notifyAll();
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }

  private void run() {
    try {
      for (String image = next(); !image.isEmpty(); image = next()) {
        compile(image);
        finished(image);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Empty when nothing will come any more. */
  private synchronized String next() throws InterruptedException {
    while (!closed && (holding > 0 || waiting.isEmpty())) {
      wait();
    }
    return closed ? "" : waiting.iterator().next();
  }

  private void compile(String image) throws InterruptedException {
    try {
      compiler.compile(image);
      LOG.debug("{} is compiled ahead", image);
    } catch (ComponentException | InvalidComponentException e) {
      // Whoever wants to run it here will hear the same.
      LOG.info("{} cannot be compiled ahead: {}", image, e.getMessage());
    } catch (RuntimeException | Error e) {
      LOG.warn("{} cannot be compiled ahead", image, e);
    }
  }

  private synchronized void finished(String image) {
    waiting.remove(image);
    if (done.size() >= REMEMBERED) {
      done.remove(done.iterator().next());
    }
    done.add(image);
  }
}
