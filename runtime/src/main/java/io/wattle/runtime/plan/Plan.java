package io.wattle.runtime.plan;

import io.wattle.runtime.abi.FunctionCodec;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.wit.type.FunctionType;
import io.wattle.wit.type.ResourceType;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a component's graph is built, and where its exports are. Immutable, made once for a
 * component.
 *
 * @param steps in order
 * @param parents for each component instance the one around it, -1 for the root, which is 0
 * @param coreInstances number of slots
 * @param hostFunctions number of slots
 * @param externs core things that options and destructors refer to
 * @param lifted functions of the graph
 * @param imports functions that the component needs
 * @param resources who defines each resource type
 * @param importedItems what the component imports, by name, in order
 * @param exportedItems what the component exports, by name, in order
 */
public record Plan(
    List<Step> steps,
    List<Integer> parents,
    int coreInstances,
    int hostFunctions,
    List<CoreRef> externs,
    List<Lifted> lifted,
    List<Imported> imports,
    Map<ResourceType, Resource> resources,
    Map<String, Item> importedItems,
    Map<String, Item> exportedItems) {
  /** The core modules that it instantiates, each once. */
  public Stream<CoreModule> modules() {
    return steps.stream()
        .flatMap(step -> step instanceof Step.Instantiate s ? Stream.of(s.module()) : Stream.of())
        .distinct();
  }

  /** Whether its guests run tasks: something in it is async or a built-in of concurrency. */
  public boolean concurrent() {
    return steps.stream().anyMatch(Step.Async.class::isInstance)
        || lifted.stream().anyMatch(l -> l.type().async())
        || steps.stream().anyMatch(s -> s instanceof Step.Lower l && l.options().async());
  }

  /** A core function that is called as a component-level function of an instance. */
  public record Lifted(
      int core, FunctionType type, FunctionCodec codec, Step.Options options, int instance) {}

  /** A function of an imported instance; {@code instance} is empty for one of the world. */
  public record Imported(String instance, String function, FunctionType type) {}

  /**
   * Who defines a resource type: a component instance (with a destructor in {@link #externs} or
   * -1), or the host.
   *
   * @param instance -1 for the host
   * @param imported the imported instance it comes from, empty for the world; null for a guest's
   * @param name its name there
   */
  public record Resource(
      int instance, int destructor, @Nullable String imported, @Nullable String name) {}
}
