package io.ketju.onnx;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the rooms of this module, and that only the command needs the command line. */
@AnalyzeClasses(packages = "io.ketju.onnx", importOptions = DoNotIncludeTests.class)
class OnnxArchitectureTest {
    @ArchTest
    static final ArchRule NO_CIRCLES =
            slices().matching("io.ketju.onnx.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule WHOEVER_EXPORTS_FROM_JAVA_NEEDS_LAYERS_ALONE = classes()
            .that()
            .resideOutsideOfPackage("io.ketju.onnx.command")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "com.google.protobuf..",
                    "io.ketju.onnx..",
                    "io.ketju.layers..",
                    "io.ketju.tensor..");

    @ArchTest
    static final ArchRule THE_FORMAT_KNOWS_NO_MODELS = noClasses()
            .that()
            .resideInAPackage("io.ketju.onnx.format")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.ketju.layers..", "io.ketju.tensor..", "io.ketju.onnx.graph", "io.ketju.onnx.layer");
}
