package io.wattle.cli;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import picocli.CommandLine;

/** Keeps docs/architecture.md, "Modules", true. */
final class ArchitectureTest {
  private static final String PROVIDERS = "io.wattle.providers..";

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.wattle");

  @Test
  void allModulesAreLookedAt() {
    assertThat(MAIN.containPackage("io.wattle.wit.type")).isTrue();
    assertThat(MAIN.containPackage("io.wattle.lattice")).isTrue();
    assertThat(MAIN.containPackage("io.wattle.runtime.engine.endive")).isTrue();
    assertThat(MAIN.containPackage("io.wattle.providers")).isTrue();
    assertThat(MAIN.containPackage("io.wattle.host")).isTrue();
    assertThat(MAIN.containPackage("io.wattle.controlplane")).isTrue();
    assertThat(MAIN.containPackage("io.wattle.cli")).isTrue();
  }

  @Test
  void commandsMakeNoLoggersBeforeTheirOptionsAreRead() {
    noFields()
        .that()
        .areDeclaredInClassesThat()
        .areAnnotatedWith(CommandLine.Command.class)
        .should()
        .haveRawType(Logger.class)
        .because("they are made with every command line, and -v is read after that")
        .check(MAIN);
  }

  @Test
  void modulesDependOnlyWhereTheArrowsPoint() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("wit")
        .definedBy("io.wattle.wit..")
        .layer("lattice")
        .definedBy("io.wattle.lattice..")
        .layer("runtime")
        .definedBy("io.wattle.runtime..")
        .layer("providers")
        .definedBy(PROVIDERS)
        .layer("host")
        .definedBy("io.wattle.host..")
        .layer("control-plane")
        .definedBy("io.wattle.controlplane..")
        .layer("cli")
        .definedBy("io.wattle.cli..")
        .whereLayer("wit")
        .mayNotAccessAnyLayer()
        .whereLayer("lattice")
        .mayOnlyAccessLayers("wit")
        .whereLayer("runtime")
        .mayOnlyAccessLayers("wit")
        .whereLayer("providers")
        .mayOnlyAccessLayers("lattice", "wit")
        .whereLayer("host")
        .mayOnlyAccessLayers("lattice", "runtime", "providers", "wit")
        .whereLayer("control-plane")
        .mayOnlyAccessLayers("lattice", "wit")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .check(MAIN);
  }

  @Test
  void onlyTheSeamNamesTheEngine() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.wattle.runtime.engine.endive..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("run.endive..")
        .check(MAIN);
  }

  /**
   * Providers may speak NATS for their own purposes, as keyvalue-nats does; a host's identity is a
   * key of NATS, and the wadm API is served on NATS subjects.
   */
  @Test
  void onlyTheLatticeAndProvidersNameNats() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.wattle.lattice..",
            PROVIDERS,
            "io.wattle.host.identity",
            "io.wattle.controlplane.api")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.nats..")
        .check(MAIN);
  }

  /**
   * A module's top package is its face: it holds what the others use and what puts them together,
   * so it is left out here, as is the factory that names the one engine there is.
   */
  @Test
  void packagesBelowAModulesFaceHaveNoCycles() {
    slices()
        .matching("io.wattle.(*).(**)")
        .should()
        .beFreeOfCycles()
        .ignoreDependency(simpleName("Engines"), alwaysTrue())
        .check(MAIN);
  }

  @Test
  void nothingSleeps() {
    noClasses().should().callMethod(Thread.class, "sleep", long.class).check(MAIN);
    noClasses().should().callMethod(Thread.class, "sleep", java.time.Duration.class).check(MAIN);
  }

  @Test
  void allPackagesAreNullMarked() {
    List<String> unmarked =
        MAIN.getDefaultPackage().getSubpackagesInTree().stream()
            .filter(candidate -> candidate.getName().startsWith("io.wattle."))
            .filter(candidate -> !candidate.getClasses().isEmpty())
            .filter(candidate -> !candidate.isAnnotatedWith(NullMarked.class))
            .map(JavaPackage::getName)
            .toList();
    assertThat(unmarked).isEmpty();
  }
}
