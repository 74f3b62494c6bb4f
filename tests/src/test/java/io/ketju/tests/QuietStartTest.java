package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody who uses the command line is told about its incubator modules, native access or logging libraries. */
class QuietStartTest {
    @TempDir
    private Path folder;

    @Test
    void planAndTrainSayNothingOnStandardError() {
        Launcher launcher = Launcher.in(folder);
        try (ChildProcess plan = launcher.ketju("plan").requireSuccess();
                ChildProcess train = launcher.ketju(
                                "train", "--model", "mlp(64, 10)", "--data", "digits", "--stages", "2", "--epochs", "1")
                        .requireSuccess()) {
            assertThat(plan.err()).isEmpty();
            assertThat(plan.out()).anyMatch(line -> line.startsWith("Plan of "));
            assertThat(train.err()).isEmpty();
            assertQuiet(plan.out());
            assertQuiet(train.out());
        }
    }

    /** The filter of the one known line must let everything else through. */
    @Test
    void anErrorOfTheJvmItselfStillGetsThrough() {
        try (ChildProcess broken = Launcher.in(folder).ketju(List.of("-XX:NoSuchFlag"), "version")) {
            assertThat(broken.awaitExit()).isEqualTo(1);
            assertThat(broken.err()).anyMatch(line -> line.contains("NoSuchFlag"));
        }
    }

    @Test
    void badInputIsOneLineAndExitCodeTwo() {
        try (ChildProcess refused = Launcher.in(folder).ketju("train", "--microbatches", "0", "--no-save")) {
            assertThat(refused.awaitExit()).isEqualTo(2);
            assertThat(refused.err()).hasSize(1);
            assertThat(refused.err().getFirst()).startsWith("ketju train: ").contains("microbatches");
            assertThat(refused.out()).isEmpty();
        }
    }

    private static void assertQuiet(List<String> lines) {
        assertThat(lines)
                .noneMatch(line -> line.contains("WARNING")
                        || line.contains("Unsafe")
                        || line.contains("incubator")
                        || line.contains("SLF4J"));
    }
}
