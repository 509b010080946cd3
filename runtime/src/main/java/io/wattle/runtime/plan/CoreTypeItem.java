package io.wattle.runtime.plan;

import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreModule;
import java.util.List;

/** A core type in an index space. */
sealed interface CoreTypeItem {
  /** A function type. */
  record Func(CoreExternType.Func type) implements CoreTypeItem {}

  /** A struct or array type. */
  record Opaque() implements CoreTypeItem {}

  /** A module type. */
  record Module(List<CoreModule.CoreImport> imports, List<CoreModule.CoreExport> exports)
      implements CoreTypeItem {}
}
