package io.ketju.pipeline;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The pipeline is pure: these are the things that would make a run depend on more than its inputs. */
@AnalyzeClasses(packages = "io.ketju.pipeline", importOptions = ImportOption.DoNotIncludeTests.class)
class PipelineArchitectureTest {
    @ArchTest
    static final ArchRule DEPENDS_ON_LAYERS_TENSORS_AND_THE_JDK_ONLY = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.ketju.pipeline..", "io.ketju.layers..", "io.ketju.tensor..", "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule KNOWS_NO_CLOCK_THREAD_OR_CHANCE = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.concurrent..", "java.time..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.Thread")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Random")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.UUID")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .callMethod(java.util.Collection.class, "parallelStream")
            .orShould()
            .callMethod(java.util.stream.Stream.class, "parallel");

    @ArchTest
    static final ArchRule SCHEDULES_AND_PARTITIONS_KNOW_NO_STAGES = noClasses()
            .that()
            .resideInAnyPackage("..pipeline.schedule..", "..pipeline.catalogue..", "..partition..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..stage..");

    @ArchTest
    static final ArchRule ROOMS_HAVE_NO_CYCLES =
            slices().matching("io.ketju.pipeline.(*)..").should().beFreeOfCycles();
}
