package io.wattle.runtime.debug;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RustSymbolTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "_ZN4core9panicking5panic17h0123456789abcdefE | core::panicking::panic",
        "_ZN71_$LT$Test$u20$$u2b$$u20$$u27$static$u20$as$u20$foo..Bar$LT$Test$GT$$GT$3bar17h930b740aa94f1d3aE"
            + " | <Test + 'static as foo::Bar<Test>>::bar",
        "_RNvNtCs1234_7mycrate3foo3bar | mycrate::foo::bar",
        "_RNvMNtCs6lpHLLdzAqq_5traps6ledgerNtB2_7Account5split | <traps::ledger::Account>::split",
        "_RNvXs_Cs1234_7mycrateNtB4_3FooNtNtCs5678_4core3fmt7Display3fmt"
            + " | <mycrate::Foo as core::fmt::Display>::fmt",
        "_RNCNvCs1234_7mycrate4main0B3_ | mycrate::main::{closure}",
        "_RNCNCNvCs1234_7mycrate4main00B5_ | mycrate::main::{closure}::{closure}",
        "_RINvNtC3std3mem8align_ofjNtC3foo3BarEC3foo | std::mem::align_of",
        "_RNvMC4testTReE1f | <(&str)>::f",
        "__wasm_call_ctors | __wasm_call_ctors",
        "_ZN3fooC1Ev | _ZN3fooC1Ev",
        "_ZN9999999core | _ZN9999999core",
        "_RNv | _RNv",
      })
  void namesAreAsProgrammersWriteThem(String symbol, String readable) {
    assertThat(RustSymbol.readable(symbol)).isEqualTo(readable);
  }

  @Test
  void namesMadeToTakeForEverAreShownAsTheyAre() {
    String twice = "T" + "B_".repeat(2) + "E";
    String deep = "_RNvM" + "S".repeat(5000) + "h1f";
    assertThat(RustSymbol.readable(deep)).startsWith("_RNvMSSS").hasSizeLessThan(250);
    assertThat(RustSymbol.readable("_RNvMC1a" + twice.repeat(50) + "1f")).startsWith("_RNv");
    StringBuilder bomb = new StringBuilder("_RNvMC1aTh");
    for (int i = 0; i < 30; i++) {
      bomb.append("TB").append(i).append("_B").append(i).append("_E");
    }
    assertThat(RustSymbol.readable(bomb + "E1f")).hasSizeLessThan(250);
    assertThat(RustSymbol.readable("a\nb\u001b[31m")).isEqualTo("a?b?[31m");
  }
}
