package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C and SIGTERM of {@code ketju train}: a checkpoint, the command that goes on, the signal's exit code. */
class SignalTest {
    private static final int INTERRUPTED = 128 + 2;
    private static final int TERMINATED = 128 + 15;

    @TempDir
    private Path folder;

    @Test
    void aTerminatedRunSavesItselfAndSaysHowToGoOn() {
        endsWith(TERMINATED, ChildProcess::terminate);
    }

    @Test
    void anInterruptedRunSavesItselfAndSaysHowToGoOn() throws IOException, InterruptedException {
        // A shell starts what is in its background with the signal ignored; then nobody below can have it.
        int ignored = new ProcessBuilder("sh", "-c", "trap 'exit 7' INT; kill -INT $$")
                .start()
                .waitFor();
        assumeThat(ignored).as("SIGINT reaches this process").isEqualTo(7);
        endsWith(INTERRUPTED, ChildProcess::interrupt);
    }

    private void endsWith(int code, Consumer<ChildProcess> signal) {
        try (ProcessCluster processes = new ProcessCluster(
                folder,
                "model.name = \"mlp(64, 20, 10)\"",
                "data = digits",
                "batch = 100",
                "epochs = 5000",
                "stages = 2")) {
            Path run = processes.run("run");
            ChildProcess train = processes.startJob("train", "--run-dir", run.toString());
            train.awaitLine(line -> line.startsWith("epoch    1/"));

            signal.accept(train);

            assertThat(train.awaitExit()).as("%s", train).isEqualTo(code);
            assertThat(train.err()).as("%s", train).isEmpty();
            assertThat(train.out())
                    .as("%s", train)
                    .anyMatch(line -> line.matches("Stopped after [0-9,]+ steps: interrupted"))
                    .last()
                    .isEqualTo("  next      " + folder.resolve("ketju") + " train --resume " + run);
            String saved = processes.stateOf(run);
            assertThat(train.out()).anyMatch(line -> line.startsWith("  state     " + saved.substring(0, 16)));
        }
    }
}
