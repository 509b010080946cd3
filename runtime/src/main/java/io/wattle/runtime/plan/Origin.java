package io.wattle.runtime.plan;

import io.wattle.wit.type.FunctionType;
import io.wattle.wit.type.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * Where items come from of which only the type is known: an import of the root component, or
 * nowhere while types are checked.
 *
 * @param plan null for nowhere
 * @param instance the imported instance, empty for the world
 */
record Origin(@Nullable PlanBuilder plan, String instance) {
  static final Origin NOWHERE = new Origin(null, "");

  /** The origin of an import of the root component. */
  static Origin of(PlanBuilder plan) {
    return new Origin(plan, "");
  }

  /** The origin of what is inside an imported instance. */
  Origin inside(String name) {
    return plan == null
        ? this
        : new Origin(plan, instance.isEmpty() ? name : instance + "/" + name);
  }

  FuncRef function(String name, FunctionType type) {
    return plan == null ? FuncRef.Nowhere.NOWHERE : plan.imported(instance, name, type);
  }

  ResourceType resource(String name) {
    ResourceType type = new ResourceType(instance.isEmpty() ? name : instance + "." + name);
    if (plan != null) {
      plan.resources.put(type, new Plan.Resource(-1, -1, instance, name));
    }
    return type;
  }
}
