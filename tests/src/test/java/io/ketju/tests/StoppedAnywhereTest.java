package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.checkpoint.CheckpointReader;
import io.ketju.actors.job.TrainingJob;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.testkit.Oracle;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGTERM at any moment of a run: a checkpoint after the last step that was taken, and from there the bits of a run that nobody stopped. Every
 * fourth run gets a second signal, which it does not survive. Moments follow from the seed: {@code -Dketju.signals=100 -Dketju.signals.seed=7}.
 */
class StoppedAnywhereTest {
    private static final int SIGNALS = Integer.getInteger("ketju.signals", 1);
    private static final long SEED = Long.getLong("ketju.signals.seed", 1);
    private static final int TERMINATED = 128 + 15;
    private static final int EPOCHS = 12;
    private static final int LONGEST_MILLIS = 200;

    /** How soon a run has ended after the signal, on a machine that has other work too. */
    private static final Duration END_BOUND = Duration.ofSeconds(30);

    /** Shorter than a run waits for a worker that stands still. */
    private static final Duration AT_ONCE = Duration.ofSeconds(8);

    private static final String STOPPING = "Stops after this step; another signal ends it at once";

    private static final Pattern STOPPED = Pattern.compile("Stopped after ([0-9,]+) steps: interrupted");

    @TempDir
    private Path folder;

    @Test
    void aRunThatIsStoppedAnywhereGoesOnToTheBitsOfOneThatWasNot() throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        try (ProcessCluster processes = new ProcessCluster(folder, job(EPOCHS))) {
            String undisturbed = Oracle.of(processes.job()).stateSha256();
            long longest = 0;
            int twice = 0;
            for (int number = 0; number < SIGNALS; number++) {
                String what = "seed " + SEED + ", signal " + number;
                Path run = processes.run("run-" + number);
                ChildProcess train = processes.startJob("train", "--plain", "--run-dir", run.toString());
                train.awaitLine(line -> line.contains("  test loss "));
                train.requireAliveFor(Duration.ofMillis(random.nextInt(LONGEST_MILLIS)));
                long begun = System.nanoTime();
                train.terminate();
                boolean again = number % 4 == 3;
                if (again) {
                    train.awaitLine(STOPPING::equals);
                    train.terminate();
                    twice++;
                }
                assertThat(train.awaitExit(END_BOUND)).as("%s: %s", what, train).isEqualTo(TERMINATED);
                longest = Math.max(longest, System.nanoTime() - begun);
                requireLastStep(train, run, again, what);
                goOn(run, undisturbed, what);
            }
            System.out.printf(
                    "%d runs stopped at random moments (seed %d), %d of them by two signals: all ended within %.1f s, all went on to the same bits%n",
                    SIGNALS, SEED, twice, longest / 1e9);
        }
    }

    /** It has a checkpoint after the step that it names; one that got two signals may have had no time for that, not even for its first. */
    private static void requireLastStep(ChildProcess train, Path run, boolean again, String what) throws IOException {
        if (again) {
            return;
        }
        long saved = CheckpointReader.newestValid(run.resolve("checkpoints"))
                .orElseThrow()
                .step();
        Optional<Long> named = train.out().stream()
                .map(STOPPED::matcher)
                .filter(Matcher::matches)
                .map(matcher -> Long.parseLong(matcher.group(1).replace(",", "")))
                .findFirst();
        assertThat(named).as("%s: %s", what, train).hasValue(saved);
        assertThat(MetricRows.steps(run)).as(what).containsExactlyElementsOf(MetricRows.all(saved));
    }

    /** It would wait ten seconds for a worker that stands still, if nobody had a second word. */
    @Test
    @Tag("long")
    void aSecondSignalEndsTheRunAtOnce() throws IOException {
        try (ProcessCluster processes = new ProcessCluster(folder, job(1_000_000))) {
            Path run = processes.run("twice");
            ChildProcess worker = processes.startFirstWorker();
            worker.awaitLine(line -> line.startsWith("ready: "));
            ChildProcess driver = processes.startJob(
                    "train",
                    "--plain",
                    "--cluster",
                    processes.meeting(),
                    "--workers",
                    "1",
                    "--run-dir",
                    run.toString());
            driver.awaitLine(line -> line.matches("epoch +2/.*  test loss .*")); // the checkpoint of the first is there
            worker.signal("STOP");
            driver.terminate();
            driver.awaitLine(STOPPING::equals);
            driver.terminate();

            assertThat(driver.awaitExit(AT_ONCE)).as("%s", driver).isEqualTo(TERMINATED);
            assertThat(driver.out()).as("%s", driver).noneMatch(STOPPED.asMatchPredicate());
            assertThat(driver.err()).as("%s", driver).isEmpty();
            long saved = CheckpointReader.newestValid(run.resolve("checkpoints"))
                    .orElseThrow()
                    .step();
            assertThat(processes.stateOf(run))
                    .isEqualTo(Oracle.of(processes.job(), saved).stateSha256());
        }
    }

    private static void goOn(Path run, String undisturbed, String what) throws IOException {
        TrainingJob job = JobAssembly.build(JobFile.read(run.resolve("job.conf")), Optional.of(run));
        assertThat(Ketju.fit(job).stateSha256()).as(what).isEqualTo(undisturbed);
    }

    private static String[] job(int epochs) {
        return List.of(
                        "model.name = \"mlp(64, 20, 10)\"",
                        "data = digits",
                        "optimizer = \"Adam(lr=0.0005)\"",
                        "batch = 10",
                        "microbatches = 2",
                        "epochs = " + epochs,
                        "stages = 2")
                .toArray(String[]::new);
    }
}
