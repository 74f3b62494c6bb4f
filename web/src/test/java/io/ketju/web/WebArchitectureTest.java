package io.ketju.web;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The page needs neither the command line nor a cluster: a program that embeds Ketju may have it. */
@AnalyzeClasses(packages = "io.ketju.web", importOptions = DoNotIncludeTests.class)
class WebArchitectureTest {
    @ArchTest
    static final ArchRule A_LISTENER_AMONG_OTHERS = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.ketju.deploy..", "io.ketju.cluster..", "io.ketju.protocol..", "io.netty..");
}
