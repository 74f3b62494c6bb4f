package io.ketju.protocol;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

@AnalyzeClasses(packages = "io.ketju.protocol", importOptions = ImportOption.DoNotIncludeTests.class)
class ProtocolArchitectureTest {
    @ArchTest
    static final ArchRule arrows = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "javax..",
                    "io.ketju.protocol..",
                    "io.ketju.tensor..",
                    "io.netty..",
                    "com.google.protobuf..",
                    "org.slf4j..",
                    "org.jspecify..");

    @ArchTest
    static final ArchRule framesArePure = noClasses()
            .that()
            .resideInAPackage("io.ketju.protocol.frame..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty..", "com.google.protobuf..", "java.net..", "io.ketju.protocol.dataplane..");

    @ArchTest
    static final ArchRule nettyOnlyInTheDataPlane = noClasses()
            .that()
            .resideOutsideOfPackage("io.ketju.protocol.dataplane")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..");

    @ArchTest
    static final ArchRule nettyStaysInside = classes()
            .that()
            .resideInAPackage("io.ketju.protocol.dataplane")
            .and()
            .arePublic()
            .should(new ArchCondition<>("show no Netty or Protobuf type to others") {
                private static final DescribedPredicate<JavaClass> HIDDEN = resideInAPackage("io.netty..")
                        .or(resideInAPackage("com.google.protobuf.."))
                        .or(resideInAPackage("io.ketju.protocol.dataplane.message.."));

                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    type.getAllRawInterfaces().stream()
                            .filter(HIDDEN)
                            .forEach(found -> report(events, type, type.getName() + " implements " + found.getName()));
                    type.getAllRawSuperclasses().stream()
                            .filter(HIDDEN)
                            .forEach(found -> report(events, type, type.getName() + " extends " + found.getName()));
                    type.getFields().stream()
                            .filter(field -> open(field.getModifiers()))
                            .filter(field ->
                                    field.getAllInvolvedRawTypes().stream().anyMatch(HIDDEN))
                            .forEach(field -> report(events, type, field.getFullName()));
                    type.getCodeUnits().stream()
                            .filter(unit -> open(unit.getModifiers()))
                            .filter(unit ->
                                    unit.getAllInvolvedRawTypes().stream().anyMatch(HIDDEN))
                            .map(JavaCodeUnit::getFullName)
                            .forEach(name -> report(events, type, name));
                }
            });

    private static boolean open(java.util.Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static void report(ConditionEvents events, JavaClass type, String what) {
        events.add(SimpleConditionEvent.violated(type, what));
    }

    @ArchTest
    static final ArchRule noWallClock = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class);
}
