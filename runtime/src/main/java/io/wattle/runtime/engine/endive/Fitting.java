package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreValueType;
import run.endive.wasm.types.FunctionImport;
import run.endive.wasm.types.GlobalImport;
import run.endive.wasm.types.Import;
import run.endive.wasm.types.MutabilityType;
import run.endive.wasm.types.TableImport;
import run.endive.wasm.types.TagImport;
import run.endive.wasm.types.ValType;

/**
 * Whether something has the type that an import asks for (core specification, 3.5.4 "matching").
 * The seam's types say enough of it, but where one of both modules has types that are not plain:
 * those are compared by what they are.
 */
final class Fitting {
  private Fitting() {}

  private static Import wanted(EndiveModule module, int index) {
    return module.running().module().importSection().getImport(index);
  }

  private static boolean isPlain(CoreValueType given, CoreValueType wanted) {
    return given != CoreValueType.OTHER_REF && wanted != CoreValueType.OTHER_REF;
  }

  static boolean function(
      EndiveModule module, int index, CoreExternType.Func wanted, CoreFunction given) {
    if (given instanceof GuestFunction guest) {
      EndiveModule other = GuestSupport.owner(guest.instance()).module;
      if (!module.hasPlainTypes() || !other.hasPlainTypes()) {
        int type = ((FunctionImport) wanted(module, index)).typeIndex();
        int theirs = other.functionTypes[guest.index()];
        return other.heapTypes().isSubtype(theirs, module.heapTypes(), type);
      }
    }
    return module.accepts(index, wanted, given.type());
  }

  static boolean table(
      EndiveModule module, int index, CoreExternType.Table wanted, GuestTable.Extern given) {
    CoreValueType element = given.type().element();
    if (isPlain(element, wanted.element())) {
      return element == wanted.element();
    }
    ValType asked = ((TableImport) wanted(module, index)).entryType();
    GuestTable table = given.table();
    return table.declaring().heapTypes().equal(table.elementType(), module.heapTypes(), asked);
  }

  static boolean global(
      EndiveModule module, int index, CoreExternType.Global wanted, GuestGlobal given) {
    if (isPlain(given.type().type(), wanted.type())) {
      return given.type().equals(wanted);
    }
    GlobalImport asked = (GlobalImport) wanted(module, index);
    HeapTypes theirs = given.declaring().heapTypes();
    if (given.getMutabilityType() != asked.mutabilityType()) {
      return false;
    }
    return asked.mutabilityType() == MutabilityType.Var
        ? theirs.equal(given.getType(), module.heapTypes(), asked.type())
        : theirs.matches(given.getType(), module.heapTypes(), asked.type());
  }

  static boolean tag(EndiveModule module, int index, CoreExternType.Tag wanted, GuestTag given) {
    if (module.hasPlainTypes() && given.module().hasPlainTypes()) {
      return given.type().equals(wanted);
    }
    int asked = ((TagImport) wanted(module, index)).tagType().typeIdx();
    HeapTypes types = module.heapTypes();
    HeapTypes theirs = given.module().heapTypes();
    return theirs.isSubtype(given.functionType(), types, asked)
        && types.isSubtype(asked, theirs, given.functionType());
  }
}
