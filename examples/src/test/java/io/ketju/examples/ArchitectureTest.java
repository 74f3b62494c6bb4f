package io.ketju.examples;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the rooms of this module: the list knows the examples, they know the lesson, and nobody else. */
@AnalyzeClasses(
        packages = {"io.ketju.examples", "io.ketju.plot"},
        importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule NO_CIRCLES =
            slices().matching("io.ketju.examples.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule EXAMPLES_SHARE_NOTHING_BUT_THE_LESSON = slices().matching("io.ketju.examples.(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(alwaysTrue(), resideInAPackage("io.ketju.examples.lesson"));

    @ArchTest
    static final ArchRule PICTURES_KNOW_NOTHING_OF_KETJU = noClasses()
            .that()
            .resideInAPackage("io.ketju.plot..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.ketju..").and(not(resideInAPackage("io.ketju.plot"))));
}
