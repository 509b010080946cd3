package io.wattle.runtime.wasi.preview1;

import io.wattle.runtime.Task;
import io.wattle.runtime.engine.CoreMemory;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.HostCall;
import io.wattle.runtime.wasi.Terminals;
import io.wattle.runtime.wasi.WasiOptions;
import io.wattle.runtime.wasi.filesystem.Descriptor;
import io.wattle.runtime.wasi.filesystem.FileException;
import io.wattle.runtime.wasi.filesystem.OpenFiles;
import io.wattle.runtime.wasi.filesystem.Preopen;
import io.wattle.runtime.wasi.io.InputSource;
import io.wattle.runtime.wasi.sockets.TcpListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The host's state for one instance of a core module: its table of open files, its memory. */
final class Instance implements HostCall, AutoCloseable {
  /** The longest path or block of bytes that one call moves between guest and host. */
  static final int LONGEST = 64 * 1024;

  private final Task task;
  final WasiOptions options;
  private final long origin;
  private final Map<Integer, Open> table = new HashMap<>();
  private final Map<Class<?>, Object> states = new LinkedHashMap<>();
  private @Nullable CoreMemory memory;

  Instance(Task task, WasiOptions options) {
    this.task = task;
    this.options = options;
    this.origin = options.ticker().nanos();
    Terminals terminals = options.terminals();
    InputSource stdin = InputSource.of(options.stdin(), Function.identity());
    table.put(0, new Open.Input(stdin, terminals.stdin()));
    table.put(1, new Open.Output(options.stdout(), terminals.stdout()));
    table.put(2, new Open.Output(options.stderr(), terminals.stderr()));
    for (Preopen given : options.directories()) {
      try {
        Descriptor descriptor = Descriptor.of(OpenFiles.of(this), given);
        var _ = add(new Open.Node(descriptor, given.guest()));
      } catch (FileException e) {
        close();
        throw new TrapException(
            TrapException.Kind.IMPORT_FAILED,
            "the directory " + given.host() + " cannot be opened: " + e.getMessage(),
            e);
      }
    }
    for (InetSocketAddress address : options.network().open()) {
      try {
        var _ = add(new Open.Listener(TcpListener.open(this, options.network(), address)));
      } catch (IOException e) {
        close();
        throw new TrapException(
            TrapException.Kind.IMPORT_FAILED,
            "cannot listen on " + address + ": " + e.getMessage(),
            e);
      }
    }
  }

  @Override
  public Task task() {
    return task;
  }

  @Override
  public <T> T state(Class<T> key, Supplier<T> make) {
    return key.cast(states.computeIfAbsent(key, k -> make.get()));
  }

  /** The guest's memory, known once it is instantiated. */
  void memory(CoreMemory exported) {
    memory = exported;
  }

  CoreMemory memory() throws ErrnoException {
    if (memory == null) {
      throw new ErrnoException(Errno.FAULT);
    }
    return memory;
  }

  /** Nanoseconds since the instance began. */
  long nanos() {
    return options.ticker().nanos() - origin;
  }

  /** The lowest free number, as in POSIX. */
  int add(Open open) {
    int number = 0;
    while (table.containsKey(number)) {
      number++;
    }
    table.put(number, open);
    return number;
  }

  Open get(int number) throws ErrnoException {
    Open open = table.get(number);
    if (open == null) {
      throw new ErrnoException(Errno.BADF);
    }
    return open;
  }

  Open.Node node(int number) throws ErrnoException {
    return switch (get(number)) {
      case Open.Node node -> node;
      case Open.Input input -> throw new ErrnoException(Errno.NOTSUP);
      case Open.Output output -> throw new ErrnoException(Errno.NOTSUP);
      case Open.Listener listener -> throw new ErrnoException(Errno.NOTSUP);
      case Open.Connection connection -> throw new ErrnoException(Errno.NOTSUP);
    };
  }

  void remove(int number) throws ErrnoException {
    get(number).close();
    table.remove(number);
  }

  void renumber(int from, int to) throws ErrnoException {
    Open moved = get(from);
    Open replaced = get(to);
    if (from != to) {
      replaced.close();
      table.put(to, moved);
      table.remove(from);
    }
  }

  byte[] bytes(int address, int length) throws ErrnoException {
    if (length < 0 || length > LONGEST) {
      throw new ErrnoException(Errno.NAMETOOLONG);
    }
    byte[] bytes = new byte[length];
    memory().read(address, bytes, 0, length);
    return bytes;
  }

  String text(int address, int length) throws ErrnoException {
    return new String(bytes(address, length), StandardCharsets.UTF_8);
  }

  void put(int address, byte[] bytes, int length) throws ErrnoException {
    memory().write(address, bytes, 0, length);
  }

  @Override
  public void close() {
    table.values().forEach(Open::close);
    table.clear();
    for (Object state : states.values()) {
      if (state instanceof AutoCloseable closeable) {
        try {
          closeable.close();
        } catch (Exception e) {
          throw new IllegalStateException("closing host state", e);
        }
      }
    }
  }
}
