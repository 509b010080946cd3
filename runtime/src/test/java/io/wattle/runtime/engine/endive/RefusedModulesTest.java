package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreModule.CoreImport;
import io.wattle.runtime.engine.EngineOptions.Execution;
import io.wattle.runtime.engine.InvalidModuleException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Modules that use what the engine does not have are refused by its name, invalid ones by rule. */
class RefusedModulesTest {
  private static byte[] wasm(String sections) {
    return HexFormat.of().parseHex("0061736d01000000" + sections);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          050401080100 | memories with pages of another size (custom-page-sizes) are not supported
          0504010c0100 | memories with pages of another size (custom-page-sizes) are not supported
          050401030101 | a shared memory (threads proposal) is not supported
          0105015f017b00 | fields that are vectors (garbage collection proposal) are not supported
          0107025f0060017b00 | vectors in a module with struct or array types (garbage collection
          01070160027b7b017b030201000a0b01090020002001fd94020b | illegal opcode fd 0x114
          010401600000030302000007090201610000016100010a070202000b02000b | duplicate export name: a
          0104016000000302010007050101610007 0a040102000b | export a: unknown function 7 (expected
          07050101610200 | export a: unknown memory 0 (expected: below 0)
          0105016000017f0206010000040000 | non-empty tag result type
          040901400070000a23000b0606017000d0700b | table 0: unknown global 0
          0104016000000303020000 0a0a02 02000b 0500d2001a0b | undeclared function reference: ref.func 0
          07050101612900 | export section: malformed kind of an export
          010401600000030201000a07010500fcff070b | code section: illegal opcode
          010401600000030201000a050103000b0b | code section: blocks and their ends do not match
          0104016000000302010 00a0a010800410104 40000f0b | ends within a block
          0104016000000302010 00a0a010800410104 40000f0b 000501 61 02 0304 | ends within a block
          0104016000000302010 00a04 0101000b | at byte 23: a function's size ends here, its body at 24
          01040160000003030200000a07 0201000b 02000b | at byte 24: a function's size ends here, its body at 25
          0104016000000302010007050101ff00000a040102000b | malformed UTF-8 encoding of a name
          02080101ff0161037f00 | malformed UTF-8 encoding of a name
          0105015e636401 | malformed heap type -28
          01050160016500 | malformed reference type 0x65
          0104015e7600 | malformed reference type 0x76
          0104016000000d03010100 | malformed tag attribute (expected: 0)
          01040160000002080101610161040100 | malformed tag attribute (expected: 0)
          02090101610161017c0000 | malformed reference type 0x7c
          0409014001700000d0700b | a table that is filled begins with 0x40 0x00
          090401090000 | malformed elements segment kind
          09050181010000 | malformed elements segment kind
          090401010100 | malformed element kind (expected: 0)
          01040160000003020100090701057101d2000b0a040102000b | type mismatch
          090701056e0141000b | type mismatch
          05030100010b090100420141026c0b00 | type mismatch
          0606017f00d06f0b | type mismatch
          0608016c004201fb1c0b | type mismatch
          0105016000017f030201000a07010500d063d10b | unknown type: heap type -29
          010401600000030201000a0b0109004100fd0000001a0b | unknown memory 0
          010401600000030201000a08010600fc10001a0b | unknown table 0
          0108026000006000017f030403000001090501030001000a11030700d20014011a0b02000b040041000b | type mismatch
          0108026000017f6000000303020001090501030001010a0b020600d20115000b02000b | type mismatch
          0105015f017e00020701016101610000 | at byte 23: type 0 is no function
          0105015f017e0002080101610161040000 | type 0 is no function
          0105015f017e00030201000a040102000b | type 0 is no function
          030201070a040102000b | unknown type 7
          010401600000030201000a0a010800026341000b1a0b | unknown type: heap type -63
          010401600000030201000a070105010163410b | heap type -63 of a local
          010a025f006001646e01646e030201010a10010e000264002000fb1904016e000b0b | unknown cast flags 4
          0404017f0000 | malformed reference type 0x7f
          """)
  void theMessageSaysWhatAndWhy(String sections, String message) throws Exception {
    for (Execution execution : new Execution[] {Execution.INTERPRETED, Execution.COMPILED}) {
      try (CoreEngine engine = Guests.engine(execution)) {
        assertThatThrownBy(() -> engine.compile(wasm(sections.replace(" ", ""))))
            .isInstanceOf(InvalidModuleException.class)
            .hasMessageStartingWith("core module: ")
            .hasMessageContaining(message);
      }
    }
  }

  /** Core specification, 5.2.4: a name is any UTF-8. */
  @Test
  void namesOfImportsAreWhatTheirAuthorWrote() throws Exception {
    for (Execution execution : Execution.values()) {
      try (CoreEngine engine = Guests.engine(execution)) {
        var imports =
            engine.compile(wasm("02150203e2869204f09f8e89037f00016102c3a9020001")).imports();
        assertThat(imports).extracting(CoreImport::module).containsExactly("→", "a");
        assertThat(imports).extracting(CoreImport::name).containsExactly("🎉", "é");
      }
    }
  }

  /** Two memories; a table filled with an imported global. */
  @ParameterizedTest
  @ValueSource(
      strings = {"0208010161016d0200010503010001", "02080101610167037000040901400070000123000b"})
  void whatIsSimilarAndValidIsTaken(String sections) throws Exception {
    try (CoreEngine engine = Guests.engine(Execution.COMPILED)) {
      assertThat(engine.compile(wasm(sections)).imports()).hasSize(1);
    }
  }
}
