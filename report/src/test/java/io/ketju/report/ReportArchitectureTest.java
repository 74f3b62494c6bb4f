package io.ketju.report;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** A report needs no command line: only the room that adds to it knows it, and nobody knows that room. */
@AnalyzeClasses(packages = "io.ketju.report", importOptions = ImportOption.DoNotIncludeTests.class)
class ReportArchitectureTest {
    @ArchTest
    static final ArchRule WITHOUT_THE_COMMAND_LINE = noClasses()
            .that()
            .resideOutsideOfPackage("io.ketju.report.command")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.ketju.deploy..", "io.ketju.report.command", "picocli..", "io.ketju.cluster..");

    @ArchTest
    static final ArchRule NO_CIRCLES =
            slices().matching("io.ketju.(**)").should().beFreeOfCycles();
}
