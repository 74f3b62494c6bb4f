package io.ketju.actors;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The arrows between the rooms of this module. Actors that talk to each other need not know each other: what they say
 * stands in {@code message}, below them all.
 */
@AnalyzeClasses(packages = "io.ketju.actors", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule NO_CIRCLES =
            slices().matching("io.ketju.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule ARROWS = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("weights")
            .definedBy("io.ketju.actors.weights")
            .layer("job")
            .definedBy("io.ketju.actors.job")
            .layer("checkpoint")
            .definedBy("io.ketju.actors.checkpoint")
            .layer("piece")
            .definedBy("io.ketju.actors.piece")
            .layer("copy")
            .definedBy("io.ketju.actors.copy")
            .layer("standby")
            .definedBy("io.ketju.actors.standby")
            .layer("message")
            .definedBy("io.ketju.actors.message")
            .layer("stage")
            .definedBy("io.ketju.actors.stage")
            .layer("trace")
            .definedBy("io.ketju.actors.trace")
            .layer("transport")
            .definedBy("io.ketju.actors.transport")
            .layer("feed")
            .definedBy("io.ketju.actors.feed")
            .layer("worker")
            .definedBy("io.ketju.actors.worker")
            .layer("coordinator")
            .definedBy("io.ketju.actors.coordinator")
            .layer("run")
            .definedBy("io.ketju.actors.run")
            .layer("doorway")
            .definedBy("io.ketju.actors")
            .whereLayer("weights")
            .mayNotAccessAnyLayer()
            .whereLayer("job")
            .mayOnlyAccessLayers("weights")
            .whereLayer("piece")
            .mayNotAccessAnyLayer()
            .whereLayer("copy")
            .mayOnlyAccessLayers("piece")
            .whereLayer("checkpoint")
            .mayOnlyAccessLayers("job", "piece")
            .whereLayer("standby")
            .mayOnlyAccessLayers("job", "checkpoint", "piece")
            .whereLayer("message")
            .mayOnlyAccessLayers("checkpoint", "piece", "copy")
            .whereLayer("stage")
            .mayOnlyAccessLayers("checkpoint", "message", "piece", "copy")
            .whereLayer("trace")
            .mayOnlyAccessLayers("stage")
            .whereLayer("transport")
            .mayOnlyAccessLayers("message", "stage", "piece")
            .whereLayer("feed")
            .mayOnlyAccessLayers("job", "message")
            .whereLayer("worker")
            .mayOnlyAccessLayers("job", "checkpoint", "message", "stage", "trace", "transport", "feed", "piece", "copy")
            .whereLayer("coordinator")
            .mayOnlyAccessLayers("job", "checkpoint", "message", "piece")
            .whereLayer("run")
            .mayOnlyAccessLayers(
                    "weights",
                    "job",
                    "checkpoint",
                    "message",
                    "trace",
                    "transport",
                    "feed",
                    "worker",
                    "coordinator",
                    "piece",
                    "standby")
            .whereLayer("doorway")
            .mayOnlyAccessLayers("weights", "job", "checkpoint", "run");

    @ArchTest
    static final ArchRule ONE_JVM = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.netty..",
                    "io.ketju.protocol..",
                    "io.ketju.cluster..",
                    "com.google.protobuf..",
                    "org.apache.pekko.cluster..",
                    "org.apache.pekko.remote..");

    @ArchTest
    static final ArchRule MACHINES_KNOW_NO_ACTORS = noClasses()
            .that()
            .haveSimpleNameEndingWith("Machine")
            .or()
            .haveSimpleNameEndingWith("Sequence")
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
