package io.wattle.runtime.plan;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.binary.Definition;
import io.wattle.wit.type.FunctionType;
import io.wattle.wit.type.ResourceType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects a plan while a component is elaborated. */
final class PlanBuilder {
  // Each invocation has them all: some 300 and 50 bytes of the host's.
  private static final int MAX_INSTANCES = 10_000;
  private static final int MAX_HOST_FUNCTIONS = 100_000;

  final List<Step> steps = new ArrayList<>();
  final List<Plan.Lifted> lifted = new ArrayList<>();
  final Map<ResourceType, Plan.Resource> resources = new HashMap<>();
  private final List<Integer> parents = new ArrayList<>();
  private final List<CoreRef> externs = new ArrayList<>();
  private final Map<CoreRef, Integer> externIndex = new HashMap<>();
  private final List<Plan.Imported> imports = new ArrayList<>();
  private int coreInstances;
  private int hostFunctions;

  /** Where the root lives. */
  int root() {
    parents.add(-1);
    return 0;
  }

  int componentInstance(Definition where, int parent) throws InvalidComponentException {
    if (parents.size() >= MAX_INSTANCES) {
      throw Invalid.at(where, "more than " + MAX_INSTANCES + " component instances");
    }
    parents.add(parent);
    return parents.size() - 1;
  }

  int coreInstance() {
    return coreInstances++;
  }

  int hostFunction(Definition where) throws InvalidComponentException {
    if (hostFunctions >= MAX_HOST_FUNCTIONS) {
      throw Invalid.at(
          where, "more than " + MAX_HOST_FUNCTIONS + " functions lowered and built in");
    }
    return hostFunctions++;
  }

  int extern(CoreRef ref) {
    return externIndex.computeIfAbsent(
        ref,
        r -> {
          externs.add(r);
          return externs.size() - 1;
        });
  }

  FuncRef imported(String instance, String function, FunctionType type) {
    imports.add(new Plan.Imported(instance, function, type));
    return new FuncRef.Imported(imports.size() - 1);
  }

  /** An import's name, for messages. */
  String show(int index) {
    Plan.Imported need = imports.get(index);
    return need.instance().isEmpty() ? need.function() : need.instance() + "#" + need.function();
  }

  /** The component's import that a function comes from. */
  String needed(int index) {
    Plan.Imported need = imports.get(index);
    return need.instance().isEmpty() ? need.function() : need.instance();
  }

  Plan build(Map<String, Item> importedItems, Map<String, Item> exportedItems) {
    return new Plan(
        List.copyOf(steps),
        List.copyOf(parents),
        coreInstances,
        hostFunctions,
        List.copyOf(externs),
        List.copyOf(lifted),
        List.copyOf(imports),
        Collections.unmodifiableMap(resources),
        Collections.unmodifiableMap(importedItems),
        Collections.unmodifiableMap(exportedItems));
  }
}
