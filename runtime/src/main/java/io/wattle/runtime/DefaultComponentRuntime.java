package io.wattle.runtime;

import io.wattle.runtime.binary.ComponentDecoder;
import io.wattle.runtime.binary.ParsedComponent;
import io.wattle.runtime.component.ComponentInstances;
import io.wattle.runtime.component.LinkOptions;
import io.wattle.runtime.concurrency.Stacks;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.host.Imports;
import io.wattle.runtime.instance.Deadlines;
import io.wattle.runtime.instance.Instances;
import io.wattle.runtime.plan.Elaborator;
import io.wattle.runtime.plan.Plan;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;

/** The runtime on a core engine. */
final class DefaultComponentRuntime implements ComponentRuntime {
  private final CoreEngine engine;
  private final Deadlines deadlines = new Deadlines();
  private final Stacks stacks = new Stacks();

  DefaultComponentRuntime(CoreEngine engine) {
    this.engine = engine;
  }

  @Override
  public Component load(byte[] wasm) throws InvalidComponentException {
    ParsedComponent parsed = ComponentDecoder.decode(wasm);
    return new LoadedComponent(digest(wasm), Elaborator.plan(wasm, parsed, engine), Set.of());
  }

  @Override
  public Component look(byte[] wasm) throws InvalidComponentException {
    ParsedComponent parsed = ComponentDecoder.decode(wasm);
    Set<String> unserved = new LinkedHashSet<>();
    Plan plan = Elaborator.look(wasm, parsed, engine, unserved);
    return new LoadedComponent(digest(wasm), plan, Collections.unmodifiableSet(unserved));
  }

  @Override
  public void validate(byte[] wasm) throws InvalidComponentException {
    Elaborator.validate(wasm, ComponentDecoder.decode(wasm), engine);
  }

  private static String digest(byte[] wasm) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(wasm));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  @Override
  public ComponentInstances link(Component component, Imports imports, LinkOptions options)
      throws LinkException {
    if (!(component instanceof LoadedComponent loaded)) {
      throw new IllegalArgumentException("component: loaded by another runtime");
    }
    if (!loaded.unserved().isEmpty()) {
      throw new LinkException("no host can serve its imports yet: " + loaded.unserved());
    }
    return new Instances(component, loaded.plan(), imports, options, engine, deadlines, stacks);
  }

  @Override
  public void close() {
    deadlines.close();
    stacks.close();
  }
}
