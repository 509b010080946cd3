package io.wattle.runtime.plan;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.InvalidComponentException.Reason;
import io.wattle.runtime.binary.Definition;

/** Refusals with their place. */
final class Invalid {
  private Invalid() {}

  static InvalidComponentException at(Definition where, String rule) {
    return new InvalidComponentException(Reason.INVALID, place(where) + rule);
  }

  static InvalidComponentException unsupported(Definition where, String what) {
    return new InvalidComponentException(Reason.UNSUPPORTED, place(where) + what);
  }

  static InvalidComponentException wasi3(Definition where, String what) {
    return unsupported(
        where, "this component needs WASI 0.3 (" + what + "), which is not supported yet");
  }

  private static String place(Definition where) {
    return "offset 0x" + Integer.toHexString(where.offset()) + ", " + section(where) + ": ";
  }

  private static String section(Definition definition) {
    return switch (definition) {
      case Definition.Module d -> "core module section";
      case Definition.CoreInstantiate d -> "core instance section";
      case Definition.CoreInlineInstance d -> "core instance section";
      case Definition.CoreType d -> "core type section";
      case Definition.Nested d -> "component section";
      case Definition.Instantiate d -> "instance section";
      case Definition.InlineInstance d -> "instance section";
      case Definition.AliasExport d -> "alias section";
      case Definition.AliasCoreExport d -> "alias section";
      case Definition.AliasOuter d -> "alias section";
      case Definition.Type d -> "type section";
      case Definition.Lift d -> "canon section";
      case Definition.Lower d -> "canon section";
      case Definition.ResourceNew d -> "canon section";
      case Definition.ResourceDrop d -> "canon section";
      case Definition.ResourceRep d -> "canon section";
      case Definition.AsyncBuiltin d -> "canon section";
      case Definition.Gated d -> "component";
      case Definition.Import d -> "import section";
      case Definition.Export d -> "export section";
      case Definition.ExportDecl d -> "type section";
    };
  }
}
