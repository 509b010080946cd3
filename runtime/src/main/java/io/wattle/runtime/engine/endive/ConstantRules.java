package io.wattle.runtime.engine.endive;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ActiveDataSegment;
import run.endive.wasm.types.ActiveElement;
import run.endive.wasm.types.AnnotatedInstruction;
import run.endive.wasm.types.CodeSection;
import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.Element;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.FunctionImport;
import run.endive.wasm.types.FunctionSection;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Global;
import run.endive.wasm.types.ImportSection;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.TypeSection;
import run.endive.wasm.types.ValType;

/**
 * Constant expressions give what they must (core specification, 3.4.13 "constant expressions").
 * Endive's validator does not ask what their instructions take, nor what is in segments that are
 * not active. Its validator of functions does, so it is given them as functions.
 */
final class ConstantRules {
  private final WasmModule module;
  private final TypeSection.Builder types = TypeSection.builder();
  private final FunctionSection.Builder functions = FunctionSection.builder();
  private final CodeSection.Builder bodies = CodeSection.builder();

  /** By number of a value type: Endive takes types for equal that only look alike. */
  private final Map<Long, Integer> known = new HashMap<>();

  private int next;

  private ConstantRules(WasmModule module) {
    this.module = module;
    for (int i = 0; i < module.typeSection().typeCount(); i++) {
      types.addRecType(module.typeSection().getRecType(i));
    }
    next = module.typeSection().subTypeCount();
  }

  /**
   * @throws run.endive.wasm.InvalidException when an expression does not give what it must
   */
  static void check(WasmModule module) {
    List<Expression> asked = unasked(module);
    if (!asked.isEmpty()) {
      ConstantRules rules = new ConstantRules(module);
      asked.forEach(rules::add);
      rules.validate();
    }
  }

  /** What a module computes when it is instantiated. */
  private record Expression(ValType type, List<? extends Instruction> instructions) {
    /** Whether there is nothing that takes something. */
    boolean simple() {
      return instructions.stream().filter(each -> each.opcode() != OpCode.END).count() == 1;
    }
  }

  private static List<Expression> unasked(WasmModule module) {
    List<Expression> found = new ArrayList<>();
    for (Global global : module.globalSection().globals()) {
      addUnlessSimple(found, global.valueType(), global.initInstructions());
    }
    for (int i = 0; i < module.tableSection().tableCount(); i++) {
      Table table = module.tableSection().getTable(i);
      List<Instruction> filling = table.initialize();
      addUnlessSimple(found, table.elementType(), filling == null ? List.of() : filling);
    }
    for (DataSegment segment : module.dataSection().dataSegments()) {
      if (segment instanceof ActiveDataSegment active) {
        addUnlessSimple(found, ValType.I32, active.offsetInstructions());
      }
    }
    for (Element segment : module.elementSection().elements()) {
      if (segment instanceof ActiveElement active) {
        addUnlessSimple(found, ValType.I32, active.offset());
      }
      addElements(found, segment);
    }
    return found;
  }

  private static void addUnlessSimple(
      List<Expression> found, ValType type, List<? extends Instruction> instructions) {
    Expression expression = new Expression(type, instructions);
    if (!instructions.isEmpty() && !expression.simple()) {
      found.add(expression);
    }
  }

  private static void addElements(List<Expression> found, Element segment) {
    boolean functions = segment.type().typeIdx() == ValType.TypeIdxCode.FUNC.code();
    for (List<Instruction> each : segment.initializers()) {
      Expression expression = new Expression(segment.type(), each);
      if (!functions || !expression.simple() || each.getFirst().opcode() != OpCode.REF_FUNC) {
        found.add(expression);
      }
    }
  }

  private void add(Expression expression) {
    functions.addFunctionType(
        known.computeIfAbsent(expression.type.id(), id -> typeThatGives(expression.type)));
    List<AnnotatedInstruction> body = new ArrayList<>();
    expression.instructions.stream()
        .filter(each -> each.opcode() != OpCode.END)
        .map(each -> AnnotatedInstruction.builder().from(each).build())
        .forEach(body::add);
    Instruction end = new Instruction(-1, OpCode.END, new long[0]);
    body.add(AnnotatedInstruction.builder().from(end).withScope(end).build());
    bodies.addFunctionBody(new FunctionBody(List.of(), body));
  }

  private int typeThatGives(ValType type) {
    types.addFunctionType(FunctionType.of(List.of(), List.of(type)));
    return next++;
  }

  /** The module's own functions keep their numbers: as imported ones, of which nothing is asked. */
  private ImportSection imports() {
    ImportSection.Builder imports = ImportSection.builder();
    module.importSection().stream().forEach(imports::addImport);
    for (int i = 0; i < module.functionSection().functionCount(); i++) {
      imports.addImport(new FunctionImport("", "", module.functionSection().getFunctionType(i)));
    }
    return imports.build();
  }

  private void validate() {
    var _ =
        WasmModule.builder()
            .setTypeSection(types.build())
            .setImportSection(imports())
            .setFunctionSection(functions.build())
            .setGlobalSection(module.globalSection())
            .setCodeSection(bodies.build())
            .withValidation(true)
            .build();
  }
}
