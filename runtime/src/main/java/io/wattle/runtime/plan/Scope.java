package io.wattle.runtime.plan;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.binary.Definition;
import io.wattle.runtime.binary.Sort;
import io.wattle.runtime.engine.CoreValueType;
import io.wattle.wit.type.ResourceType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The index spaces of a component or of a component or instance type. Things in them are {@link
 * Item}s, core ones {@link Item.Core}, core instances {@link CoreInstanceItem}, core types {@link
 * CoreTypeItem}.
 */
final class Scope {
  /** A core instance: its exports by name. */
  record CoreInstanceItem(Map<String, Item.Core> exports) {}

  final @Nullable Scope outer;

  /** Whether this is a component, not a type. */
  final boolean component;

  /** Where steps go; null while types and components are only checked. */
  final @Nullable PlanBuilder plan;

  /** The component instance's number in the plan. */
  final int instance;

  /**
   * What has a name outside; null where that is not asked: in instances, and in known components.
   */
  final @Nullable Visibility visibility;

  /** Resources that the component defines itself. */
  final Set<ResourceType> local = Collections.newSetFromMap(new IdentityHashMap<>());

  /** The type of what threads keep here, as soon as something says it. */
  @Nullable CoreValueType contextType;

  /** Whether something here refers to resources from around it. */
  boolean outerResources;

  private final Map<Sort, List<Object>> spaces = new EnumMap<>(Sort.class);

  Scope(@Nullable Scope outer, boolean component, @Nullable PlanBuilder plan, int instance) {
    this(outer, component, plan, instance, null);
  }

  /** A scope that is checked by itself. */
  Scope(@Nullable Scope outer, boolean component, @Nullable Visibility visibility) {
    this(outer, component, null, -1, visibility);
  }

  private Scope(
      @Nullable Scope outer,
      boolean component,
      @Nullable PlanBuilder plan,
      int instance,
      @Nullable Visibility visibility) {
    this.outer = outer;
    this.visibility = visibility;
    this.component = component;
    this.plan = plan;
    this.instance = instance;
  }

  void add(Sort sort, Object item) {
    spaces.computeIfAbsent(sort, s -> new ArrayList<>()).add(item);
  }

  /** Adds an item to the index space of its sort. */
  void add(Item item) {
    add(item.sort(), item);
  }

  int size(Sort sort) {
    List<Object> space = spaces.get(sort);
    return space == null ? 0 : space.size();
  }

  /** What is at an index, or null when the space is smaller. */
  @Nullable Object get(Sort sort, int index) {
    List<Object> space = spaces.get(sort);
    return space == null || index >= space.size() ? null : space.get(index);
  }

  /** An item that may be exported, passed or aliased. */
  Item item(Definition where, Sort sort, int index) throws InvalidComponentException {
    if (sort == Sort.VALUE) {
      throw Invalid.unsupported(where, "component-level values are not supported");
    }
    Object item = get(sort, index);
    if (item == null) {
      throw unknown(where, sort, index);
    }
    if (item instanceof Item known) {
      return known;
    }
    throw Invalid.at(where, "a " + sort + " cannot be used here");
  }

  InvalidComponentException unknown(Definition where, Sort sort, int index) {
    return Invalid.at(
        where,
        "unknown "
            + sort
            + " "
            + index
            + ": "
            + sort
            + " index out of bounds (expected: less than "
            + size(sort)
            + ")");
  }
}
