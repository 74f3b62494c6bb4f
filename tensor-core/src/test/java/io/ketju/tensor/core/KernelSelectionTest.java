package io.ketju.tensor.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a JVM with other flags chooses: each case starts one. */
class KernelSelectionTest {
    private static final String FALLBACK = "Ketju computes with its scalar kernels, slowly but with the same bits:"
            + " jdk.incubator.vector is not readable; add --add-modules jdk.incubator.vector";

    /** Opens a core as the argument says, twice, and prints what it chose. */
    static final class Opener {
        private Opener() {}

        public static void main(String[] arguments) {
            TensorCoreOptions options = new TensorCoreOptions(2, TensorCoreOptions.KernelChoice.valueOf(arguments[0]));
            TensorCore.open(options).close();
            try (TensorCore core = TensorCore.open(options)) {
                System.out.println(core.description() + " " + ArithmeticFingerprint.of(core.kernels()));
            }
        }
    }

    @Test
    void withoutTheVectorModuleTheScalarKernelsComputeTheSame() throws IOException, InterruptedException {
        assertThat(open("BEST"))
                .startsWith(FALLBACK + "\nscalar kernels: jdk.incubator.vector is not readable; add --add-modules"
                        + " jdk.incubator.vector, 2 threads ")
                .contains(" " + ArithmeticFingerprintVectorTest.PINNED);
    }

    @Test
    void theFallBackIsSaidOnceInTheLogIfItTakesWarnings() throws IOException, InterruptedException {
        String provider = "-Dslf4j.provider=" + PrintedLog.class.getName();
        assertThat(open("BEST", provider, "-Dlog.level=WARN").lines()).containsOnlyOnce("WARN " + FALLBACK);
        assertThat(open("BEST", provider, "-Dlog.level=ERROR").lines()).containsOnlyOnce(FALLBACK);
    }

    @Test
    void whoeverAskedForScalarKernelsOrHasVectorsIsToldNothing() throws IOException, InterruptedException {
        assertThat(open("SCALAR")).startsWith("scalar kernels: asked for").doesNotContain(FALLBACK);
        assertThat(open("BEST", "--add-modules=jdk.incubator.vector"))
                .contains("vector kernels, ")
                .doesNotContain(FALLBACK);
    }

    @Test
    void askingForVectorsWithoutTheModuleSaysWhatToAdd() throws IOException, InterruptedException {
        assertThat(open("VECTOR"))
                .contains(
                        "java.lang.IllegalStateException: no vector kernels: jdk.incubator.vector is not readable; add"
                                + " --add-modules jdk.incubator.vector")
                .doesNotContain("NoClassDefFoundError");
    }

    @Test
    void aWidthThatDoesNotExistIsRefused() throws IOException, InterruptedException {
        assertThat(open("BEST", "--add-modules=jdk.incubator.vector", "-Dketju.vector.bits=300"))
                .contains("system property ketju.vector.bits is '300'; set it to 128, 256 or 512, or leave it out");
    }

    private static String open(String choice, String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Opener.class.getName(), choice));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.lines()
                .filter(line -> !line.startsWith("SLF4J") && !line.startsWith("WARNING"))
                .reduce("", (a, b) -> a + b + "\n");
    }
}
