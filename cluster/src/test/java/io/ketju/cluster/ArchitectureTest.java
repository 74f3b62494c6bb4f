package io.ketju.cluster;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the rooms of this module. */
@AnalyzeClasses(packages = "io.ketju.cluster", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule NO_CIRCLES =
            slices().matching("io.ketju.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule ARROWS = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("link")
            .definedBy("io.ketju.cluster.link")
            .layer("wire")
            .definedBy("io.ketju.cluster.wire")
            .layer("security")
            .definedBy("io.ketju.cluster.security")
            .layer("status")
            .definedBy("io.ketju.cluster.status")
            .layer("node")
            .definedBy("io.ketju.cluster.node")
            .layer("doorway")
            .definedBy("io.ketju.cluster")
            .whereLayer("link")
            .mayNotAccessAnyLayer()
            .whereLayer("wire")
            .mayNotAccessAnyLayer()
            .whereLayer("security")
            .mayNotAccessAnyLayer()
            .whereLayer("status")
            .mayNotAccessAnyLayer()
            .whereLayer("node")
            .mayOnlyAccessLayers("link", "security", "status")
            .whereLayer("doorway")
            .mayOnlyAccessLayers("link", "node", "status", "wire");

    @ArchTest
    static final ArchRule SOCKETS_STAY_IN_THE_DATA_PLANE =
            noClasses().should().dependOnClassesThat().resideInAPackage("io.netty..");

    /** What is written does not depend on who says it. */
    @ArchTest
    static final ArchRule THE_WIRE_KNOWS_MESSAGES_NOT_ACTORS = noClasses()
            .that()
            .resideInAPackage("io.ketju.cluster.wire")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.ketju.actors.run",
                    "io.ketju.actors.worker",
                    "io.ketju.actors.stage",
                    "io.ketju.actors.coordinator",
                    "io.ketju.actors.feed");
}
