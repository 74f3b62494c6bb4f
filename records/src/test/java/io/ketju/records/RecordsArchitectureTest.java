package io.ketju.records;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What is kept of a run is kept without a cluster and without a command line. */
@AnalyzeClasses(packages = "io.ketju.records", importOptions = ImportOption.DoNotIncludeTests.class)
class RecordsArchitectureTest {
    @ArchTest
    static final ArchRule ARROWS = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.ketju.records..",
                    "io.ketju.actors..",
                    "io.ketju.pipeline..",
                    "io.ketju.data..",
                    "io.ketju.layers..",
                    "io.ketju.tensor..",
                    "com.fasterxml.jackson.core..",
                    "com.google.protobuf..",
                    "com.typesafe.config..",
                    "de.siegmar.fastcsv..",
                    "java..",
                    "javax.imageio..",
                    "javax.xml.stream..",
                    "org.jspecify.annotations");

    @ArchTest
    static final ArchRule NO_CIRCLES =
            slices().matching("io.ketju.(**)").should().beFreeOfCycles();
}
