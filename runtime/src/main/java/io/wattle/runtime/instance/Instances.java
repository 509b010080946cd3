package io.wattle.runtime.instance;

import io.wattle.runtime.Component;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.Task;
import io.wattle.runtime.component.ComponentInstance;
import io.wattle.runtime.component.ComponentInstances;
import io.wattle.runtime.component.LinkOptions;
import io.wattle.runtime.concurrency.Stacks;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.CoreSnapshot;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.MemoryBudget;
import io.wattle.runtime.host.Imports;
import io.wattle.runtime.plan.Plan;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Graphs of one linked component: made of a snapshot once there is one, reset, kept, thrown away.
 */
public final class Instances implements ComponentInstances {
  private final Component component;
  private final Plan plan;
  private final Binding binding;
  private final LinkOptions options;
  private final CoreEngine engine;
  private final Deadlines deadlines;

  /** Null when nothing in the component is async. */
  private final @Nullable Stacks stacks;

  private final Exports exports;
  private final ConcurrentLinkedDeque<Graph> idle = new ConcurrentLinkedDeque<>();

  /** Dear ones, as many as the engine gives: they go first. */
  private final ConcurrentLinkedDeque<Graph> dear = new ConcurrentLinkedDeque<>();

  private final AtomicInteger idleCount = new AtomicInteger();
  private final Set<Invocation> running = ConcurrentHashMap.newKeySet();
  private volatile @Nullable CoreSnapshot snapshot;

  /** Set when initialising turned out to have effects: then every invocation does it again. */
  private volatile boolean unrepeatable;

  private volatile boolean closed;

  /** That its modules are wanted, as long as it is open. */
  private final List<CoreModule.Use> uses;

  /**
   * Links a component.
   *
   * @throws LinkException naming the import that nothing serves
   */
  public Instances(
      Component component,
      Plan plan,
      Imports imports,
      LinkOptions options,
      CoreEngine engine,
      Deadlines deadlines,
      Stacks stacks)
      throws LinkException {
    this.component = component;
    this.plan = plan;
    this.binding = Binding.of(plan, imports);
    this.options = options;
    this.engine = engine;
    this.deadlines = deadlines;
    this.stacks = plan.concurrent() ? stacks : null;
    this.exports = new Exports(plan);
    this.uses = plan.modules().map(module -> module.use(this::dropOutdated)).toList();
  }

  @Override
  public Component component() {
    return component;
  }

  Exports exports() {
    return exports;
  }

  @Override
  public ComponentInstance begin(Task task) {
    Graph graph = takeIdle();
    if (graph != null) {
      return register(new Invocation(this, task, graph, deadlines));
    }
    if (closed) {
      throw new IllegalStateException("the component was stopped");
    }
    CoreSnapshot from = snapshot;
    MemoryBudget memory = options.memory() == null ? engine.memory() : options.memory();
    CoreStore store = engine.newStore(options.limits(), memory, from, options.idleInstances());
    Graph made = new Graph(plan, binding, options, store, stacks);
    made.resettable = from != null;
    Invocation invocation = register(new Invocation(this, task, made, deadlines));
    try {
      invocation.build();
      if (from == null && !unrepeatable) {
        takeSnapshot(invocation, made);
      }
      return invocation;
    } catch (Throwable e) {
      invocation.close();
      throw e;
    }
  }

  private @Nullable Graph takeIdle() {
    for (Graph graph = poll(); graph != null; graph = poll()) {
      if (graph.store.takeUp()) {
        return graph;
      }
      graph.store.close();
    }
    return null;
  }

  private @Nullable Graph poll() {
    Graph graph = dear.pollFirst();
    if (graph == null) {
      graph = idle.pollFirst();
      if (graph != null) {
        idleCount.decrementAndGet();
      }
    }
    return graph;
  }

  private Invocation register(Invocation invocation) {
    running.add(invocation);
    if (closed) {
      invocation.close();
      throw new IllegalStateException("the component was stopped");
    }
    return invocation;
  }

  private void takeSnapshot(Invocation invocation, Graph graph) {
    if (graph.repeatable() && !invocation.hasState() && graph.store.canSnapshot()) {
      CoreSnapshot taken = graph.store.snapshot();
      graph.resettable = true;
      if (snapshot == null) {
        snapshot = taken;
      }
    } else {
      unrepeatable = true;
    }
  }

  void giveBack(Invocation invocation, Graph graph, boolean reusable) {
    running.remove(invocation);
    if (reusable && graph.resettable && !closed && !unusable(graph.store)) {
      if (graph.store.isDear()) {
        keep(graph, dear);
        return;
      }
      if (idleCount.incrementAndGet() <= options.idleInstances()) {
        keep(graph, idle);
        return;
      }
      idleCount.decrementAndGet();
    }
    graph.store.close();
  }

  private void keep(Graph graph, ConcurrentLinkedDeque<Graph> kept) {
    graph.reset();
    kept.addFirst(graph);
    if (closed) {
      closeIdle();
    } else if (graph.store.outdated()) {
      dropOutdated();
    }
  }

  private static boolean unusable(CoreStore store) {
    return store.poisoned() || store.outdated();
  }

  /**
   * Idle graphs whose code was interpreted when they were made go when it is compiled: they are
   * slow, and they hold on to the parsed functions.
   */
  private void dropOutdated() {
    for (Graph graph : idle) {
      if (graph.store.outdated() && idle.remove(graph)) {
        idleCount.decrementAndGet();
        graph.store.close();
      }
    }
  }

  private void closeIdle() {
    for (Graph graph = poll(); graph != null; graph = poll()) {
      graph.store.close();
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Invocation invocation : running) {
      // Not only the guest's code: also what it waits for in the host.
      invocation.task().cancel("the component was stopped");
    }
    closeIdle();
    uses.forEach(CoreModule.Use::close);
  }
}
