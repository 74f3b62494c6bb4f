package io.ketju.actors.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.examples.FirstProgram;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The program of docs/embedding.md, started as its readers do: with all flags, without, from one jar. */
class FirstProgramTest {
    private static final String VECTORS = "--add-modules=jdk.incubator.vector";
    private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";
    private static final String UNSAFE = "--sun-misc-unsafe-memory-access=allow";

    /** What the JDK says of its incubator module cannot be turned off. */
    private static final String INCUBATOR = "WARNING: Using incubator modules: jdk.incubator.vector";

    private static final String FALLBACK = "Ketju computes with its scalar kernels, slowly but with the same bits:"
            + " jdk.incubator.vector is not readable; add --add-modules jdk.incubator.vector";

    /** The program with all flags. */
    private static ProgramRun reference;

    @TempDir
    private static Path shared;

    @TempDir
    private Path folder;

    @BeforeAll
    static void runWithAllFlags() {
        reference = onClassPath(shared, EmbeddersClassPath.entriesWithDatasets(), VECTORS, NATIVE, UNSAFE);
    }

    @Test
    void withAllFlagsNothingIsSaidThatTheProgramDoesNotSay() {
        assertThat(reference.exitCode()).as(reference.toString()).isZero();
        assertThat(reference.out()).hasSize(5);
        assertThat(reference.out().get(2)).startsWith("epoch 3: test loss ");
        assertThat(reference.out().get(3)).matches("state [0-9a-f]{64}");
        assertThat(said(reference)).containsExactly(INCUBATOR);
    }

    @Test
    void withoutTheVectorModuleOneLineSaysSoAndTheBitsAreTheSame() {
        ProgramRun scalar = onClassPath(folder, EmbeddersClassPath.entriesWithDatasets(), NATIVE, UNSAFE);

        assertSameAsReference(scalar);
        assertThat(said(scalar)).containsExactly(FALLBACK);
    }

    @Test
    void withoutTheDatasetsOneLineSaysWhatToAdd() {
        ProgramRun run = onClassPath(folder, EmbeddersClassPath.entries(), VECTORS, NATIVE, UNSAFE);

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(said(run))
                .filteredOn(line -> line.contains("dataset 'digits'"))
                .singleElement()
                .asString()
                .endsWith("found none; add the artifact io.ketju:ketju-datasets, which holds the embedded datasets");
    }

    /** Whatever packed it: Pekko's defaults, two files of one name, are reduced to one of them. */
    @ParameterizedTest
    @EnumSource
    void oneJarWithoutJoinedDefaultsStarts(FatJar.Survivor survivor) {
        Path jar = folder.resolve("program.jar");
        FatJar.pack(jar, EmbeddersClassPath.entriesWithDatasets(), survivor, FirstProgram.class);

        ProgramRun run = ProgramRun.java(folder, List.of(VECTORS, UNSAFE, "-jar", jar.toString()));

        assertSameAsReference(run);
        assertThat(said(run)).containsExactly(INCUBATOR);
    }

    private static ProgramRun onClassPath(Path folder, List<Path> entries, String... flags) {
        String classPath = Stream.concat(Stream.of(EmbeddersClassPath.home(FirstProgram.class)), entries.stream())
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        List<String> arguments = new ArrayList<>(List.of(flags));
        arguments.addAll(List.of("-cp", classPath, FirstProgram.class.getName()));
        return ProgramRun.java(folder, arguments);
    }

    private static void assertSameAsReference(ProgramRun run) {
        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.out()).isEqualTo(reference.out());
    }

    /** What is not said by the program, nor by SLF4J of having no provider. */
    private static List<String> said(ProgramRun run) {
        return run.err().stream().filter(line -> !line.startsWith("SLF4J")).toList();
    }
}
