package io.wattle.runtime.abi;

import io.wattle.runtime.component.GuestResource;
import io.wattle.runtime.engine.CoreValueType;
import io.wattle.wit.type.ResourceType;
import io.wattle.wit.value.MalformedValueException;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.List;

/**
 * Owned and borrowed handles (CanonicalABI.md, {@code lift_own}, {@code lift_borrow}, {@code
 * lower_own}, {@code lower_borrow}).
 */
final class HandleCodec extends Codec {
  /** The type is the host's. */
  static final int HOST = -1;

  private final ResourceType type;
  private final boolean own;

  /** The component instance that defines the resource, or {@link #HOST}. */
  private final int definedBy;

  HandleCodec(ResourceType type, boolean own, int definedBy) {
    super(4, 4, List.of(CoreValueType.I32), false);
    this.type = type;
    this.own = own;
    this.definedBy = definedBy;
  }

  @Override
  void load(CallContext from, int address, ValueSink to) {
    take(from, from.memory().getInt(address), to);
  }

  @Override
  void lift(CallContext from, long[] values, int at, ValueSink to) {
    take(from, (int) values[at], to);
  }

  private void take(CallContext from, int index, ValueSink to) {
    Handle handle;
    if (own) {
      handle = from.instance.handles().remove(index, type);
      if (!handle.owned()) {
        throw Traps.trap("handle index " + index + " is borrowed (expected: an owned handle)");
      }
    } else {
      handle = from.instance.handles().get(index, type);
      from.scope.lend(handle, from.instance.upkeep());
    }
    to.handle(type, definedBy == HOST ? handle.rep : new GuestResource(type, (Integer) handle.rep));
  }

  @Override
  void store(ValueSource from, CallContext to, int address) {
    to.memory().putInt(address, give(from, to));
  }

  @Override
  void lower(ValueSource from, CallContext to, long[] values, int at) {
    values[at] = Integer.toUnsignedLong(give(from, to));
  }

  private int give(ValueSource from, CallContext to) {
    Object rep = from.handle(type);
    if (definedBy != HOST) {
      if (!(rep instanceof GuestResource resource) || resource.type() != type) {
        throw new MalformedValueException(
            "a handle of another type (expected: " + type.name() + ")");
      }
      if (!own && definedBy == to.instance.index()) {
        return resource.rep();
      }
      rep = resource.rep();
    }
    if (own) {
      return to.instance.own(type, rep);
    }
    to.scope.borrows++;
    return to.instance.handles().add(new Handle(type, rep, to.scope));
  }
}
