package io.wattle.cli.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wattle.cli.base.Json;
import io.wattle.cli.component.ComponentTypes;
import io.wattle.lattice.watch.SpiedCall;
import io.wattle.lattice.wrpc.ValueDecoder;
import io.wattle.wit.type.FunctionType;
import io.wattle.wit.value.MalformedValueException;
import io.wattle.wit.value.Value;
import io.wattle.wit.value.ValueReader;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call with its values decoded by the types of the watched component, or of the wire. */
final class CallView {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());
  private static final int MAX_HEX = 32;

  private final String id;
  private final ComponentTypes types;

  CallView(String id, ComponentTypes types) {
    this.id = id;
    this.types = types;
  }

  /** One line for people. */
  String text(SpiedCall call) {
    String outcome =
        call.error() == null ? " = " + brief(result(call)) : " failed: " + call.error();
    String lost =
        call.missed() == 0 ? "" : "\n  (" + call.missed() + " calls before it were not told)";
    return String.format(
            Locale.ROOT,
            "%s %-10s %s -> %s  %s(%s)%s  %.2f ms",
            TIME.format(call.time()),
            call.path(),
            call.source(),
            call.target(),
            call.instance().isEmpty() ? call.function() : call.instance() + "." + call.function(),
            arguments(parameters(call)),
            outcome,
            call.micros() / 1000.0)
        + lost;
  }

  /** The fields of one JSON object. */
  ObjectNode json(SpiedCall call) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("time", call.time().toString())
        .put("micros", call.micros())
        .put("host", call.host())
        .put("path", call.path())
        .put("source", call.source())
        .put("target", call.target())
        .put("link_name", call.linkName())
        .put("instance", call.instance())
        .put("function", call.function())
        .put("missed", call.missed());
    json.set("parameters", parameters(call));
    if (call.error() == null) {
      json.set("result", result(call));
    } else {
      json.put("error", call.error());
    }
    return json;
  }

  private JsonNode parameters(SpiedCall call) {
    Optional<FunctionType> type = type(call);
    if (type.isEmpty() || call.parameters() == null) {
      return raw(call.parameters(), call.parameterBytes(), null);
    }
    ObjectNode named = JsonNodeFactory.instance.objectNode();
    try {
      ValueDecoder decoder = new ValueDecoder(call.parameters());
      for (FunctionType.Parameter parameter : type.get().parameters()) {
        Value value = ValueReader.read(parameter.type(), decoder);
        named.set(parameter.name(), Shown.of(parameter.type(), value));
      }
      return named;
    } catch (MalformedValueException | IllegalArgumentException e) {
      return raw(call.parameters(), call.parameterBytes(), e.getMessage());
    }
  }

  private JsonNode result(SpiedCall call) {
    Optional<FunctionType> type = type(call);
    if (type.isEmpty() || call.results() == null) {
      return raw(call.results(), call.resultBytes(), null);
    }
    if (type.get().result() == null) {
      return JsonNodeFactory.instance.nullNode();
    }
    try {
      Value value = ValueReader.read(type.get().result(), new ValueDecoder(call.results()));
      return Shown.of(type.get().result(), value);
    } catch (MalformedValueException | IllegalArgumentException e) {
      return raw(call.results(), call.resultBytes(), e.getMessage());
    }
  }

  private Optional<FunctionType> type(SpiedCall call) {
    Optional<FunctionType> own =
        call.target().equals(id)
            ? types.exported(call.instance(), call.function())
            : types.imported(call.instance(), call.function());
    return own.or(() -> WireTypes.of(call.instance(), call.function()));
  }

  /** What cannot be decoded: its bytes, or only how many there are. */
  private static JsonNode raw(byte @Nullable [] bytes, long length, @Nullable String why) {
    ObjectNode raw = JsonNodeFactory.instance.objectNode().put("bytes", length);
    if (bytes != null && length > 0) {
      raw.put("base64", Base64.getEncoder().encodeToString(bytes));
      int shown = Math.min(bytes.length, MAX_HEX);
      raw.put("hex", HexFormat.ofDelimiter(" ").formatHex(bytes, 0, shown));
    }
    if (why != null) {
      raw.put("problem", why);
    }
    return raw;
  }

  private static String arguments(JsonNode named) {
    StringBuilder text = new StringBuilder();
    Iterator<Map.Entry<String, JsonNode>> fields = named.properties().iterator();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (!field.getKey().equals("base64")) {
        text.append(text.isEmpty() ? "" : ", ");
        text.append(field.getKey()).append(": ").append(brief(field.getValue()));
      }
    }
    return text.toString();
  }

  private static String brief(JsonNode value) {
    return Json.compact(value);
  }
}
