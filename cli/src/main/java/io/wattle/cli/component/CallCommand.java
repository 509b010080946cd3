package io.wattle.cli.component;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.ExitCode;
import io.wattle.cli.base.Json;
import io.wattle.cli.connect.LatticeCommand;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.wrpc.AsyncShapeResolver;
import io.wattle.lattice.wrpc.ValueDecoder;
import io.wattle.lattice.wrpc.ValueEncoder;
import io.wattle.lattice.wrpc.WrpcClient;
import io.wattle.runtime.Component;
import io.wattle.wit.io.Deadline;
import io.wattle.wit.type.FunctionType;
import io.wattle.wit.type.ValueType;
import io.wattle.wit.value.MalformedValueException;
import io.wattle.wit.value.Value;
import io.wattle.wit.value.ValueReader;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import io.wattle.wit.value.ValueWriter;
import io.wattle.wit.wave.JsonValues;
import io.wattle.wit.wave.WaveParser;
import io.wattle.wit.wave.WavePrinter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Calls one function. */
@Command(
    name = "call",
    description = {
      "Call a function that a running component exports, over the lattice,",
      "or one of a file, here."
    },
    footer = {
      "",
      "Arguments are WAVE; text needs no quotes. The types are those of the component's file,",
      "which is found by its image on this machine, or named with --wit.",
      "",
      "Of a file, core modules too: it gets what --dir, --env and --allow-net name, nothing else.",
      "",
      "Examples:",
      "  wattle call greeter-greeter greet World",
      "  wattle call greeter-greeter greet --json '\"World\"'",
      "  wattle call shop 'acme:shop/orders#total' '[{id: 1, tag: some(\"a\")}]' true",
      "  wattle call ./greeter.wasm 'acme:shop/greeter#greet' World",
      "  wattle call add.wat add 10 20"
    })
public final class CallCommand extends LatticeCommand {
  @Parameters(
      index = "0",
      paramLabel = "ID|FILE",
      description = "Id of the component, or a file: .wasm, .wat.")
  private String id = "";

  @Parameters(
      index = "1",
      paramLabel = "FUNCTION",
      description = "Name, or interface#name where the name alone could mean several.")
  private String function = "";

  @Parameters(index = "2..*", paramLabel = "ARG", description = "Arguments, in WAVE or JSON.")
  private List<String> arguments = new ArrayList<>();

  @Option(
      names = "--json",
      description = "Arguments are JSON: records are objects, variants {\"case\": value}.")
  private boolean jsonArguments;

  @Option(names = "--wit", paramLabel = "FILE", description = "Component file with the types.")
  private @Nullable String wit;

  @Option(
      names = "--call-timeout-ms",
      paramLabel = "MS",
      defaultValue = "10000",
      description = "How long the call may take (default: ${DEFAULT-VALUE}).")
  private long callMillis;

  @Mixin private GuestOptions given = new GuestOptions();

  /** A file is called here. */
  @Override
  protected Optional<Answer> here(Console console) throws CommandException, InterruptedException {
    if (!LocalRuntime.isFile(id)) {
      return Optional.empty();
    }
    FileCall call = new FileCall(id, function, most(), given);
    return Optional.of(call.answer(arguments, this::encode, CallCommand::answer));
  }

  @Override
  protected Answer execute(LatticeConnection lattice, Console console)
      throws CommandException, InterruptedException {
    String file = wit == null ? RunningImage.file(lattice, id, timeout(), knownHosts()) : wit;
    Exported exported;
    try (LocalRuntime runtime = LocalRuntime.looking()) {
      Component component = runtime.load(file);
      exported = Exported.find(component, function);
    }
    ValueEncoder parameters = new ValueEncoder();
    encode(exported.type(), parameters);
    CallRequest request =
        new CallRequest(
            new CallTarget(id, exported.instance(), exported.name()),
            new CallContext("wattle-cli", "default", Deadline.in(most()), Map.of()),
            parameters.toBytes(),
            Map.of());
    try (WrpcClient client = WrpcClient.open(lattice, AsyncShapeResolver.standard())) {
      return answer(exported, new ValueDecoder(client.handle(request).results()));
    } catch (CallException e) {
      throw failure(e);
    }
  }

  private Duration most() throws CommandException {
    return Times.millis("--call-timeout-ms", callMillis);
  }

  private void encode(FunctionType type, ValueSink into) throws CommandException {
    List<FunctionType.Parameter> parameters = type.parameters();
    if (arguments.size() != parameters.size()) {
      throw CommandException.usage(
          function
              + ": "
              + arguments.size()
              + " arguments (expected: "
              + parameters.size()
              + (parameters.isEmpty() ? "" : ": " + names(parameters))
              + ")");
    }
    for (int i = 0; i < parameters.size(); i++) {
      FunctionType.Parameter parameter = parameters.get(i);
      try {
        ValueWriter.write(parameter.type(), parse(parameter.type(), arguments.get(i)), into);
      } catch (IllegalArgumentException e) {
        throw CommandException.usage("argument " + parameter.name() + ": " + e.getMessage())
            .because(e);
      }
    }
  }

  private static String names(List<FunctionType.Parameter> parameters) {
    return String.join(", ", parameters.stream().map(FunctionType.Parameter::name).toList());
  }

  /** Text that is a whole argument needs no quotes. */
  private Value parse(ValueType type, String text) {
    if (jsonArguments) {
      return JsonValues.parse(type, json(text));
    }
    return type == ValueType.Primitive.STRING && !text.startsWith("\"")
        ? new Value.Text(text)
        : WaveParser.parse(type, text);
  }

  private static JsonNode json(String text) {
    try {
      return Json.MAPPER
          .reader()
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          text + " is not JSON: " + e.getOriginalMessage() + " (text needs quotes: '\"text\"')", e);
    }
  }

  private static Answer answer(Exported exported, ValueSource results) throws CommandException {
    ValueType type = exported.type().result();
    if (type == null) {
      return Answer.of("").with("function", exported.toString()).with("result", NullNode.instance);
    }
    try {
      Value value = ValueReader.read(type, results);
      JsonNode json = JsonValues.print(type, value);
      String text = json.isTextual() ? json.asText() : WavePrinter.print(type, value);
      return Answer.of(text).with("function", exported.toString()).with("result", json);
    } catch (MalformedValueException | IllegalArgumentException e) {
      throw CommandException.failed("the result cannot be shown: " + e.getMessage()).because(e);
    }
  }

  private static CommandException failure(CallException e) {
    ExitCode exit =
        switch (e.kind()) {
          case NOT_FOUND -> ExitCode.NOT_FOUND;
          case TIMEOUT -> ExitCode.TIMEOUT;
          case BUSY, LOST, TRAPPED, MALFORMED, FAILED -> ExitCode.FAILED;
        };
    return CommandException.of(exit, String.valueOf(e.getMessage())).because(e);
  }
}
