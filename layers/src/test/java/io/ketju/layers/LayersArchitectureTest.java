package io.ketju.layers;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.ThreadLocalRandom;

/** The arrows of ARCHITECTURE.md within and out of this module, and no source of chance or time. */
@AnalyzeClasses(packages = "io.ketju.layers", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersArchitectureTest {
    @ArchTest
    static final ArchRule DEPENDS_ON_TENSOR_CORE_ONLY = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.ketju.layers..", "io.ketju.tensor..", "java..", "org.jspecify.annotations");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("io.ketju.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NO_CHANCE_AND_NO_TIME = noClasses()
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(ThreadLocalRandom.class, java.util.Random.class, java.time.Clock.class)
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .callMethod(java.util.UUID.class, "randomUUID");

    @ArchTest
    static final ArchRule NO_ORDER_OF_HASHING =
            noClasses().should().dependOnClassesThat().belongToAnyOf(java.util.HashMap.class, java.util.HashSet.class);
}
