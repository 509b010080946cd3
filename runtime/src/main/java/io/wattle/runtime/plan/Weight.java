package io.wattle.runtime.plan;

import io.wattle.runtime.binary.CoreTypeAst;
import io.wattle.runtime.binary.Definition;
import io.wattle.runtime.binary.ExternNameAst;
import io.wattle.runtime.binary.TypeAst;
import java.util.List;
import java.util.stream.Stream;

/**
 * What walking a definition costs, counted in small definitions: a few bytes can instantiate a
 * component again and again that has types or instances of very many parts.
 */
final class Weight {
  private static final int LABELS = 4;
  private static final int ENTRIES = 2;
  private static final int LETTERS = 16;

  private Weight() {}

  static long of(Definition definition) {
    return switch (definition) {
      case Definition.CoreInstantiate d -> entries(d.args());
      case Definition.CoreInlineInstance d -> entries(d.exports());
      case Definition.Instantiate d -> entries(d.args());
      case Definition.InlineInstance d ->
          entries(d.exports()) + letters(d.exports().stream().map(Definition.Named::name));
      case Definition.CoreType d -> of(d.type());
      case Definition.Type d -> of(d.type());
      case Definition.Import d -> of(d.label());
      case Definition.Export d -> of(d.label());
      case Definition.ExportDecl d -> of(d.label());
      case Definition.Module d -> 1;
      case Definition.Nested d -> 1;
      case Definition.AliasExport d -> 1;
      case Definition.AliasCoreExport d -> 1;
      case Definition.AliasOuter d -> 1;
      case Definition.Lift d -> 1;
      case Definition.Lower d -> 1;
      case Definition.ResourceNew d -> 1;
      case Definition.ResourceDrop d -> 1;
      case Definition.ResourceRep d -> 1;
      case Definition.AsyncBuiltin d -> 1;
      case Definition.Gated d -> 1;
    };
  }

  /** The parts of a component or instance type count where they are walked. */
  private static long of(TypeAst type) {
    return switch (type) {
      case TypeAst.RecordAst t -> labelled(t.fields());
      case TypeAst.VariantAst t -> labelled(t.cases());
      case TypeAst.FuncAst t -> labelled(t.parameters());
      case TypeAst.TupleAst t -> labels(t.elements());
      case TypeAst.FlagsAst t -> labels(t.labels()) + letters(t.labels().stream());
      case TypeAst.EnumAst t -> labels(t.labels()) + letters(t.labels().stream());
      case TypeAst.Alias t -> 1;
      case TypeAst.ListAst t -> 1;
      case TypeAst.FixedListAst t -> 1;
      case TypeAst.OptionAst t -> 1;
      case TypeAst.ResultAst t -> 1;
      case TypeAst.MapAst t -> 1;
      case TypeAst.OwnAst t -> 1;
      case TypeAst.BorrowAst t -> 1;
      case TypeAst.StreamAst t -> 1;
      case TypeAst.FutureAst t -> 1;
      case TypeAst.ResourceAst t -> 1;
      case TypeAst.ComponentAst t -> 1;
      case TypeAst.InstanceAst t -> 1;
    };
  }

  private static long of(CoreTypeAst type) {
    return switch (type) {
      case CoreTypeAst.Func t -> 1;
      case CoreTypeAst.Opaque t -> 1;
      case CoreTypeAst.Group t -> labels(t.types());
      case CoreTypeAst.Module t -> entries(t.declarators()) + groups(t);
    };
  }

  private static long groups(CoreTypeAst.Module module) {
    return module.declarators().stream()
        .mapToLong(d -> d instanceof CoreTypeAst.Type t ? of(t.type()) : 0)
        .sum();
  }

  private static long of(ExternNameAst name) {
    return 1L + name.name().length() / LETTERS;
  }

  private static long entries(List<?> parts) {
    return 1L + parts.size() / ENTRIES;
  }

  private static long labels(List<?> parts) {
    return 1L + parts.size() / LABELS;
  }

  private static long labelled(List<TypeAst.Labelled> parts) {
    return labels(parts) + letters(parts.stream().map(TypeAst.Labelled::label));
  }

  private static long letters(Stream<String> names) {
    return names.mapToLong(String::length).sum() / LETTERS;
  }
}
