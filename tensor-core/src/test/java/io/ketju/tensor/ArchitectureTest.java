package io.ketju.tensor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.ketju.tensor.core.TensorCore;

/** The arrows between the packages of this module, and what pure code must not touch. */
@AnalyzeClasses(packages = "io.ketju.tensor", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule ARROWS = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("tensor")
            .definedBy("io.ketju.tensor")
            .layer("memory")
            .definedBy("io.ketju.tensor.memory")
            .layer("random")
            .definedBy("io.ketju.tensor.random")
            .layer("kernel")
            .definedBy("io.ketju.tensor.kernel..")
            .layer("simd")
            .definedBy("io.ketju.tensor.simd")
            .layer("core")
            .definedBy("io.ketju.tensor.core")
            .whereLayer("tensor")
            .mayNotAccessAnyLayer()
            .whereLayer("memory")
            .mayOnlyAccessLayers("tensor")
            .whereLayer("random")
            .mayOnlyAccessLayers("tensor")
            .whereLayer("simd")
            .mayOnlyAccessLayers("tensor", "memory", "random")
            .whereLayer("kernel")
            .mayOnlyAccessLayers("tensor", "memory", "random", "simd")
            .whereLayer("core")
            .mayOnlyAccessLayers("tensor", "memory", "simd", "kernel");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("io.ketju.tensor.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule SIMD_STAYS_IN_THE_KERNELS = noClasses()
            .that()
            .resideOutsideOfPackages("io.ketju.tensor.kernel..", "io.ketju.tensor.simd")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jdk.incubator.vector..");

    @ArchTest
    static final ArchRule NOTHING_DEPENDS_ON_TIME_OR_CHANCE = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(
                    TensorCore.class.getName()) // has the clock by which others say how long work took
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Random")
            .orShould()
            .callMethod(Math.class, "random");
}
