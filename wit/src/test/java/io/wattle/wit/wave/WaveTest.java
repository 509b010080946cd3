package io.wattle.wit.wave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.wattle.wit.type.ValueType;
import io.wattle.wit.type.ValueType.Primitive;
import io.wattle.wit.value.Value;
import io.wattle.wit.value.ValueBuffer;
import io.wattle.wit.value.ValueReader;
import io.wattle.wit.value.ValueWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** WAVE, JSON, and the way of a tree through a sink and a source. */
class WaveTest {
  private static final ValueType POINT =
      new ValueType.RecordType(
          List.of(
              new ValueType.Field("name", Primitive.STRING),
              new ValueType.Field("x", Primitive.U64),
              new ValueType.Field("note", new ValueType.OptionType(Primitive.STRING))));
  private static final ValueType SHAPE =
      new ValueType.VariantType(
          List.of(
              new ValueType.Case("empty", null),
              new ValueType.Case("circle", Primitive.F32),
              new ValueType.Case("some", POINT)));
  private static final ValueType ALL =
      new ValueType.TupleType(
          List.of(
              new ValueType.ListType(SHAPE),
              new ValueType.FlagsType(List.of("read", "write", "run")),
              new ValueType.EnumType(List.of("red", "true")),
              new ValueType.ResultType(null, Primitive.CHAR),
              new ValueType.OptionType(new ValueType.OptionType(Primitive.S8)),
              new ValueType.ListType(Primitive.U8),
              new ValueType.FixedListType(Primitive.BOOL, 2)));

  private static final String WAVE =
      "([empty, circle(1.5), %some({name: \"a\\\"\\n"
          + "\", x: 18446744073709551615, note: some(\"n\")})], {read, run}, %true, err('\\u{1}'),"
          + " some(none), [0, 255], [true, false])";

  @Test
  void wave() {
    Value value = WaveParser.parse(ALL, WAVE);
    assertThat(WavePrinter.print(ALL, value)).isEqualTo(WAVE);
  }

  @Test
  void json() throws Exception {
    Value value = WaveParser.parse(ALL, WAVE);
    String json = JsonValues.print(ALL, value).toString();
    assertThat(json)
        .isEqualTo(
            "[[\"empty\",{\"circle\":1.5},{\"some\":{\"name\":\"a\\\"\\n"
                + "\",\"x\":18446744073709551615,"
                + "\"note\":\"n\"}}],[\"read\",\"run\"],\"true\",{\"err\":\"\\u0001\"},"
                + "{\"some\":null},[0,255],[true,false]]");
    assertThat(JsonValues.parse(ALL, new ObjectMapper().readTree(json))).isEqualTo(value);
  }

  @Test
  void throughSinkAndSource() {
    Value value = WaveParser.parse(ALL, WAVE);
    ValueBuffer buffer = new ValueBuffer();
    ValueWriter.write(ALL, value, buffer);
    assertThat(ValueReader.read(ALL, buffer.source())).isEqualTo(value);
  }

  @Test
  void shortForms() {
    assertThat(WaveParser.parse(POINT, "{x: 1, name: \"n\"}"))
        .isEqualTo(WaveParser.parse(POINT, "{name: \"n\", x: 1, note: none}"));
    assertThat(WaveParser.parse(new ValueType.OptionType(Primitive.U8), "7"))
        .isEqualTo(new Value.Option(new Value.Int(7)));
    assertThat(WaveParser.parseAll(List.of(Primitive.U8, Primitive.STRING), " 1, \"two\" // done"))
        .containsExactly(new Value.Int(1), new Value.Text("two"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "U8 | 256 | value at column 1: got `256` (expected: an integer in the range of u8)",
        "U8 | -1 | value at column 1: got `-1` (expected: an integer in the range of u8)",
        "S64 | x | value at column 1: got `x` (expected: an integer of type s64)",
        "BOOL | yes | value at column 1: got `yes` (expected: true or false)",
        "U8 | 1 2 | value at column 3: got `2` (expected: the end)",
      })
  void errorsSayWhere(Primitive type, String text, String message) {
    assertThatThrownBy(() -> WaveParser.parse(type, text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void aFlagIsSetOnce() {
    ValueType rights = new ValueType.FlagsType(List.of("read", "write"));
    assertThatThrownBy(() -> WaveParser.parse(rights, "{read, write, read}"))
        .hasMessage("value at column 15: got `read}` (expected: each flag once)");
  }

  @Test
  void jsonErrorsSayThePath() throws Exception {
    assertThatThrownBy(
            () -> JsonValues.parse(POINT, new ObjectMapper().readTree("{\"name\":\"a\",\"x\":-1}")))
        .hasMessage("$.x: got -1 (expected: u64)");
    assertThatThrownBy(() -> JsonValues.parse(POINT, new ObjectMapper().readTree("{\"x\":1}")))
        .hasMessage("$: got {\"x\":1} (expected: the field name)");
  }
}
