package io.wattle.host.component;

import io.wattle.host.link.LinkTable;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.link.InterfaceName;
import io.wattle.lattice.wrpc.ValueDecoder;
import io.wattle.lattice.wrpc.ValueEncoder;
import io.wattle.runtime.host.HostCall;
import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.HostInterfaces;
import io.wattle.runtime.host.Imports;
import io.wattle.runtime.host.LinkedFunction;
import io.wattle.wit.type.FunctionType;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who serves one component's imports: WASI and the bus here, everything else over its links
 * (section 8.1). It remembers which interfaces need a link.
 */
final class ComponentImports implements Imports {
  /** Host interfaces whose calls leave by a link. */
  private static final Set<String> LINKED_HOST_INTERFACES =
      Set.of(
          "wasi:keyvalue/store",
          "wasi:keyvalue/atomics",
          "wasi:keyvalue/batch",
          "wasi:blobstore/blobstore",
          "wasi:http/outgoing-handler");

  private final HostInterfaces own;
  private final ComponentLinks links;
  private final Set<String> needLink = new ConcurrentSkipListSet<>();

  /**
   * Those of a component.
   *
   * @param finishesBlobs whether it can say that a blob which it writes is whole
   */
  ComponentImports(HostInterfaces wasi, ComponentLinks links, boolean finishesBlobs) {
    this.links = links;
    this.own =
        wasi.plus(BusInterfaces.all(links))
            .plus(KeyValueInterfaces.all(links))
            .plus(BlobInterfaces.all(links, finishesBlobs));
  }

  @Override
  public @Nullable HostInterface hostInterface(String name) {
    HostInterface found = own.find(name);
    if (found != null && LINKED_HOST_INTERFACES.contains(InterfaceName.unversioned(name))) {
      needLink.add(InterfaceName.unversioned(name));
    }
    return found;
  }

  @Override
  public @Nullable LinkedFunction linked(String instance, String function, FunctionType type) {
    if (!LinkableTypes.isLinkable(type) || function.startsWith("[")) {
      return null;
    }
    needLink.add(InterfaceName.unversioned(instance));
    return (call, parameters) -> call(call, instance, function, parameters);
  }

  /** Interfaces that are imported and have no link of any name now. */
  List<String> missing(String component, LinkTable table) {
    return needLink.stream().filter(instance -> !table.serves(component, instance)).toList();
  }

  private ValueSource call(
      HostCall call, String instance, String function, Consumer<ValueSink> parameters)
      throws InterruptedException {
    ValueEncoder encoder = new ValueEncoder();
    parameters.accept(encoder);
    try {
      CallReply reply = links.call(call.task(), instance, function, encoder.toBytes());
      return new ValueDecoder(reply.results());
    } catch (CallException e) {
      throw Traps.toGuest(e);
    }
  }
}
