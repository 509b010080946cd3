package io.wattle.runtime.wasi.io;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.HostInterface;
import java.util.List;

/** {@code wasi:io} 0.2 as host interfaces. */
public final class IoInterfaces {
  private IoInterfaces() {}

  /** error, poll and streams. */
  public static List<HostInterface> all() {
    return List.of(error(), poll(), streams());
  }

  private static HostInterface error() {
    return HostInterface.named("wasi:io/error@0.2.0")
        .resource("error")
        .function("[method]error.to-debug-string", (call, args) -> ((IoError) args[0]).text())
        .build();
  }

  private static HostInterface poll() {
    return HostInterface.named("wasi:io/poll@0.2.0")
        .resource("pollable")
        .function("[method]pollable.ready", (call, args) -> ((Pollable) args[0]).ready())
        .function(
            "[method]pollable.block",
            (call, args) -> {
              Waits.of(call).until((Pollable) args[0]);
              return null;
            })
        .function(
            "poll",
            (call, args) -> {
              List<Pollable> pollables =
                  ((List<?>) args[0]).stream().map(Pollable.class::cast).toList();
              if (pollables.isEmpty()) {
                throw new TrapException(
                    TrapException.Kind.TRAP, "poll: no pollable (expected: at least one)");
              }
              return Waits.of(call).forAny(pollables).stream().map(Integer::longValue).toList();
            })
        .build();
  }

  private static HostInterface streams() {
    HostInterface.Builder streams =
        HostInterface.named("wasi:io/streams@0.2.0")
            .resource("input-stream", stream -> in(stream).drop())
            .resource("output-stream", stream -> out(stream).drop());
    input(streams);
    output(streams);
    return streams.build();
  }

  private static void input(HostInterface.Builder streams) {
    streams
        .function("[method]input-stream.read", (call, args) -> in(args[0]).read((Long) args[1]))
        .function(
            "[method]input-stream.blocking-read",
            (call, args) -> in(args[0]).blockingRead(call, (Long) args[1]))
        .function(
            "[method]input-stream.skip",
            (call, args) -> GuestInput.counted(in(args[0]).read((Long) args[1])))
        .function(
            "[method]input-stream.blocking-skip",
            (call, args) -> GuestInput.counted(in(args[0]).blockingRead(call, (Long) args[1])))
        .function("[method]input-stream.subscribe", (call, args) -> in(args[0]).readable());
  }

  private static void output(HostInterface.Builder streams) {
    streams
        .function("[method]output-stream.check-write", (call, args) -> out(args[0]).checkWrite())
        .function(
            "[method]output-stream.write", (call, args) -> out(args[0]).write((byte[]) args[1]))
        .function(
            "[method]output-stream.blocking-write-and-flush",
            (call, args) -> out(args[0]).blockingWriteAndFlush(call, (byte[]) args[1]))
        .function("[method]output-stream.flush", (call, args) -> out(args[0]).flush())
        .function(
            "[method]output-stream.blocking-flush",
            (call, args) -> out(args[0]).blockingFlush(call))
        .function("[method]output-stream.subscribe", (call, args) -> out(args[0]).writable())
        .function(
            "[method]output-stream.write-zeroes",
            (call, args) -> out(args[0]).writeZeroes((Long) args[1]))
        .function(
            "[method]output-stream.blocking-write-zeroes-and-flush",
            (call, args) -> out(args[0]).blockingWriteZeroesAndFlush(call, (Long) args[1]))
        .function(
            "[method]output-stream.splice",
            (call, args) -> out(args[0]).splice(in(args[1]), (Long) args[2]))
        .function(
            "[method]output-stream.blocking-splice",
            (call, args) -> out(args[0]).blockingSplice(call, in(args[1]), (Long) args[2]));
  }

  private static GuestInput in(Object stream) {
    return (GuestInput) stream;
  }

  private static GuestOutput out(Object stream) {
    return (GuestOutput) stream;
  }
}
