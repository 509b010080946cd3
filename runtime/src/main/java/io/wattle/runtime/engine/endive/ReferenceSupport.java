package io.wattle.runtime.engine.endive;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;

/**
 * What generated code calls for references to functions, which Endive takes for indices and which
 * are numbers of the store's ({@link Roster}). {@link FunctionReferences} puts the calls in. Public
 * because generated classes live in a package and loader of their own; no API.
 */
public final class ReferenceSupport {
  private ReferenceSupport() {}

  private static GuestMachine machine(Instance instance) {
    return instance.getMachine() instanceof GuestMachine machine
        ? machine
        : Objects.requireNonNull(GuestSupport.machine(instance));
  }

  private static long element(int reference, Instance instance) {
    return GuestSupport.owner(instance).roster().element(reference);
  }

  /** The reference to a function of the instance. */
  public static int reference(int function, Instance instance) {
    return machine(instance).base + function;
  }

  /** The index of a function that is referred to, -1 if it is another instance's. */
  public static int ownFunction(int reference, Instance instance) {
    GuestMachine machine = machine(instance);
    int index = reference - machine.base;
    return index >= 0 && index < machine.functions ? index : -1;
  }

  /** The instance of such another function. */
  public static @Nullable Instance foreigner(int reference, Instance instance) {
    return GuestSupport.owner(instance).roster().instance(element(reference, instance));
  }

  /** Its index there. */
  public static int foreignFunction(int reference, Instance instance) {
    return Roster.index(element(reference, instance));
  }

  /** Leaves a call for whoever called the function that ends in it. */
  public static void setTailCall(int reference, long[] arguments, Instance instance) {
    setTailCallWithRefs(reference, arguments, null, instance);
  }

  /** The same with host references. */
  public static void setTailCallWithRefs(
      int reference, long[] arguments, Object @Nullable [] references, Instance instance) {
    int own = ownFunction(reference, instance);
    if (own >= 0) {
      instance.setTailCall(own, arguments, references);
    } else {
      TailCallingMachine.leave(
          instance,
          Objects.requireNonNull(foreigner(reference, instance)),
          foreignFunction(reference, instance),
          arguments,
          references);
    }
  }
}
