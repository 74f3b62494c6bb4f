package io.ketju.actors;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The arrows between the packages of this module. Actors that talk to each other name each other's messages, so stage,
 * feed, worker and coordinator are one ring with {@code checkpoint} and {@code job} below and {@code run} above.
 */
@AnalyzeClasses(packages = "io.ketju.actors", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule ARROWS = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("job")
            .definedBy("io.ketju.actors.job")
            .layer("checkpoint")
            .definedBy("io.ketju.actors.checkpoint")
            .layer("ring")
            .definedBy(
                    "io.ketju.actors.stage",
                    "io.ketju.actors.feed",
                    "io.ketju.actors.worker",
                    "io.ketju.actors.coordinator")
            .layer("wire")
            .definedBy("io.ketju.actors.wire")
            .layer("run")
            .definedBy("io.ketju.actors.run")
            .layer("doorway")
            .definedBy("io.ketju.actors")
            .whereLayer("job")
            .mayNotAccessAnyLayer()
            .whereLayer("checkpoint")
            .mayOnlyAccessLayers("job")
            .whereLayer("ring")
            .mayOnlyAccessLayers("job", "checkpoint")
            .whereLayer("wire")
            .mayOnlyAccessLayers("checkpoint", "ring")
            .whereLayer("run")
            .mayOnlyAccessLayers("job", "checkpoint", "ring")
            .whereLayer("doorway")
            .mayOnlyAccessLayers("job", "checkpoint", "ring", "run");

    @ArchTest
    static final ArchRule SOCKETS_STAY_IN_THE_DATA_PLANE =
            noClasses().should().dependOnClassesThat().resideInAPackage("io.netty..");

    @ArchTest
    static final ArchRule MACHINES_KNOW_NO_ACTORS = noClasses()
            .that()
            .haveSimpleNameEndingWith("Machine")
            .or()
            .haveSimpleName("WindowSequence")
            .or()
            .haveSimpleName("WindowLedger")
            .or()
            .haveSimpleName("RunReporter")
            .or()
            .haveSimpleName("RateMeter")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.pekko..");
}
