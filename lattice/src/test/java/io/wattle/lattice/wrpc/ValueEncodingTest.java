package io.wattle.lattice.wrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.wit.value.MalformedValueException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of section 6.6: bytes written by hand. */
class ValueEncodingTest {

  @ParameterizedTest(name = "{0} = {2}")
  @MethodSource("table")
  void writesAndReads(
      Object value, Consumer<ValueEncoder> write, String hex, Function<ValueDecoder, Object> read) {
    ValueEncoder encoder = new ValueEncoder();
    write.accept(encoder);
    assertThat(hex(encoder.toBytes())).isEqualTo(hex);
    ValueDecoder decoder = new ValueDecoder(bytes(hex));
    assertThat(read.apply(decoder)).isEqualTo(value);
    decoder.end();
  }

  static Stream<Arguments> table() {
    return Stream.of(
        row(true, e -> e.bool(true), "01", ValueDecoder::bool),
        row(false, e -> e.bool(false), "00", ValueDecoder::bool),
        row(255, e -> e.u8(255), "ff", ValueDecoder::u8),
        row(-1, e -> e.s8(-1), "ff", ValueDecoder::s8),
        row(-128, e -> e.s8(-128), "80", ValueDecoder::s8),
        row(300, e -> e.u16(300), "ac02", ValueDecoder::u16),
        row(65535, e -> e.u16(65535), "ffff03", ValueDecoder::u16),
        row(127, e -> e.u32(127), "7f", ValueDecoder::u32),
        row(128, e -> e.u32(128), "8001", ValueDecoder::u32),
        row(-1, e -> e.u32(0xFFFFFFFF), "ffffffff0f", ValueDecoder::u32),
        row(600_000_000_000L, e -> e.u64(600_000_000_000L), "80e0a596bb11", ValueDecoder::u64),
        row(-1L, e -> e.u64(-1L), "ffffffffffffffffff01", ValueDecoder::u64),
        row(-1, e -> e.s16(-1), "7f", ValueDecoder::s16),
        row(64, e -> e.s16(64), "c000", ValueDecoder::s16),
        row(-65, e -> e.s16(-65), "bf7f", ValueDecoder::s16),
        row(-32768, e -> e.s16(-32768), "80807e", ValueDecoder::s16),
        row(63, e -> e.s32(63), "3f", ValueDecoder::s32),
        row(-64, e -> e.s32(-64), "40", ValueDecoder::s32),
        row(Integer.MIN_VALUE, e -> e.s32(Integer.MIN_VALUE), "8080808078", ValueDecoder::s32),
        row(Integer.MAX_VALUE, e -> e.s32(Integer.MAX_VALUE), "ffffffff07", ValueDecoder::s32),
        row(Long.MIN_VALUE, e -> e.s64(Long.MIN_VALUE), "8080808080808080807f", ValueDecoder::s64),
        row(Long.MAX_VALUE, e -> e.s64(Long.MAX_VALUE), "ffffffffffffffffff00", ValueDecoder::s64),
        row(1.5f, e -> e.f32(1.5f), "0000c03f", ValueDecoder::f32),
        row(-2.0, e -> e.f64(-2.0), "00000000000000c0", ValueDecoder::f64),
        row((int) 'a', e -> e.character('a'), "61", ValueDecoder::character),
        row(0xE9, e -> e.character(0xE9), "c3a9", ValueDecoder::character),
        row(0x20AC, e -> e.character(0x20AC), "e282ac", ValueDecoder::character),
        row(0x1F600, e -> e.character(0x1F600), "f09f9880", ValueDecoder::character),
        row("world", e -> e.string("world"), "05776f726c64", ValueDecoder::string),
        row("", e -> e.string(""), "00", ValueDecoder::string),
        row("é", e -> e.string("é"), "02c3a9", ValueDecoder::string),
        row(
            "é",
            e -> e.string(new byte[] {0, (byte) 0xC3, (byte) 0xA9}, 1, 2),
            "02c3a9",
            d -> new String(d.utf8(), StandardCharsets.UTF_8)),
        row("0102", e -> e.bytes(new byte[] {1, 2}, 0, 2), "020102", d -> hex(d.bytes())),
        row(
            3,
            e -> {
              e.list(2);
              e.u16(1);
              e.u16(2);
            },
            "020102",
            d -> d.list() == 2 ? d.u16() + d.u16() : -1),
        row(
            "a7", // record { a: string, b: u8 }
            e -> {
              e.string("a");
              e.u8(7);
            },
            "016107",
            d -> d.string() + d.u8()),
        row(2, e -> e.variant(2), "02", d -> d.variant(3)),
        row(200, e -> e.variant(200), "c801", d -> d.variant(256)),
        row(
            "1x", // variant case 1 with a string
            e -> {
              e.variant(1);
              e.string("x");
            },
            "010178",
            d -> d.variant(2) + d.string()),
        row(false, e -> e.option(false), "00", ValueDecoder::option),
        row(
            5,
            e -> {
              e.option(true);
              e.u8(5);
            },
            "0105",
            d -> d.option() ? d.u8() : -1),
        row(true, e -> e.result(true), "00", ValueDecoder::result),
        row(false, e -> e.result(false), "01", ValueDecoder::result),
        row(0b101, e -> e.flags(new int[] {0b101}, 3), "05", d -> d.flags(3)[0]),
        row(0x1FF, e -> e.flags(new int[] {0x1FF}, 9), "ff01", d -> d.flags(9)[0]),
        row(0x80001, e -> e.flags(new int[] {0x80001}, 20), "010008", d -> d.flags(20)[0]),
        row(1, e -> e.flags(new int[] {0, 1}, 33), "0000000001", d -> d.flags(33)[1]),
        row(
            "10000102030405060708090a0b0c0d0e0f",
            e -> e.handle(resource(), bytes("000102030405060708090a0b0c0d0e0f")),
            "10000102030405060708090a0b0c0d0e0f",
            d -> "10" + hex((byte[]) d.handle(resource()))),
        row(true, ValueEncoder::pending, "00", d -> d.inlineStream().isEmpty()),
        row(
            "0708",
            e -> e.inlineStream(new byte[] {7, 8}),
            "020708",
            d -> hex(d.inlineStream().orElseThrow())),
        row(false, ValueEncoder::pending, "00", ValueDecoder::readyFuture),
        row(
            9,
            e -> {
              e.readyFuture();
              e.u8(9);
            },
            "0109",
            d -> d.readyFuture() ? d.u8() : -1));
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "bool    | 02           | byte 0: bool: 2 (expected: 0 or 1)",
        "bool    |              | byte 0: bool: 0 bytes left (expected: 1 bytes)",
        "u16     | ffff04       | byte 0: u16: a number too large (expected: at most 16 bits)",
        "u16     | 80808000     | byte 0: u16: a number too long (expected: at most 3 bytes)",
        "u16     | 80           | byte 1: u16: 0 bytes left (expected: 1 bytes)",
        "u32     | ffffffff10   | byte 0: u32: a number too large (expected: at most 32 bits)",
        "s16     | 80807d       | byte 0: s16: a number too large (expected: at most 16 bits)",
        "s32     | 8080808068   | byte 0: s32: a number too large (expected: at most 32 bits)",
        "f32     | 0000         | byte 0: f32: 2 bytes left (expected: 4 bytes)",
        "char    | eda080       | byte 0: char: 3 bytes that are not UTF-8 (expected: UTF-8)",
        "char    | c3           | byte 1: char: 0 bytes left (expected: 1 bytes)",
        "string  | 0561         | byte 1: string: 1 bytes left (expected: 5 bytes)",
        "string  | 01ff         | 1 bytes that are not UTF-8 (expected: UTF-8)",
        "string  | ffffffff0f   | string length: 4294967295 (expected: less than 2^31)",
        "bytes   | 03aa         | byte 1: list<u8>: 1 bytes left (expected: 3 bytes)",
        "list    | 0a00         | byte 0: list: 10 elements (expected: at most 1, a byte for each)",
        "variant | 03           | byte 0: case: 3 (expected: less than 3)",
        "option  | 02           | byte 0: option: 2 (expected: 0 (none) or 1 (some))",
        "result  | ff           | byte 0: result: 255 (expected: 0 (ok) or 1 (err))",
        "flags   | 01           | byte 0: flags: 1 bytes left (expected: 2 bytes)",
        "end     | 00           | byte 0: value: 1 more bytes (expected: the end)",
      })
  void saysWhereWhatAndWhatInstead(String type, String hex, String message) {
    ValueDecoder decoder = new ValueDecoder(hex == null ? new byte[0] : bytes(hex));
    assertThatThrownBy(() -> read(decoder, type))
        .isInstanceOf(MalformedValueException.class)
        .hasMessageContaining(message);
  }

  private static void read(ValueDecoder d, String type) {
    switch (type) {
      case "bool" -> d.bool();
      case "u16" -> d.u16();
      case "u32" -> d.u32();
      case "s16" -> d.s16();
      case "s32" -> d.s32();
      case "f32" -> d.f32();
      case "char" -> d.character();
      case "string" -> d.string();
      case "bytes" -> d.bytes();
      case "list" -> d.list();
      case "variant" -> d.variant(3);
      case "option" -> d.option();
      case "result" -> d.result();
      case "flags" -> d.flags(12);
      case "end" -> d.end();
      default -> throw new IllegalArgumentException(type);
    }
  }

  @Test
  void paddedNumbersAreAccepted() {
    assertThat(new ValueDecoder(bytes("8100")).u32()).isEqualTo(1);
    assertThat(new ValueDecoder(bytes("ff7f")).s32()).isEqualTo(-1);
  }

  @Test
  void growsAsNeeded() {
    ValueEncoder encoder = new ValueEncoder();
    byte[] large = new byte[3_000_000];
    large[2_999_999] = 42;
    encoder.bytes(large, 0, large.length);
    encoder.string("end");
    ValueDecoder decoder = new ValueDecoder(encoder.toBytes());
    assertThat(decoder.bytes()).isEqualTo(large);
    assertThat(decoder.string()).isEqualTo("end");
  }

  @Test
  void objectsOfThisProcessDoNotLeaveIt() {
    assertThatThrownBy(() -> new ValueEncoder().handle(resource(), new Object()))
        .hasMessage("a:b/c.d: a handle of this process cannot be sent over the lattice");
  }

  private static io.wattle.wit.type.ResourceType resource() {
    return new io.wattle.wit.type.ResourceType("a:b/c.d");
  }

  private static Arguments row(
      Object value, Consumer<ValueEncoder> write, String hex, Function<ValueDecoder, Object> read) {
    return Arguments.of(value, write, hex, read);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
