package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.config.Setting;
import io.ketju.testkit.Oracle;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run of as many steps as {@code -Dketju.long.steps=100000} says, in one go and in ten that are stopped at random: the bits are the same, and the last steps
 * take no longer than the first.
 */
@EnabledIfSystemProperty(named = "ketju.long.steps", matches = "[1-9]\\d+")
class LongRunTest {
    /** Of 1437 samples in batches of 16. */
    private static final int STEPS_PER_EPOCH = 90;

    private static final int EPOCHS = Math.ceilDiv(Integer.getInteger("ketju.long.steps", 100_000), STEPS_PER_EPOCH);
    private static final int STEPS = EPOCHS * STEPS_PER_EPOCH;
    private static final int PARTS = 10;

    /** What the first steps of all cost is the compiler's. */
    private static final int WARMING = STEPS / 20;

    private static final double SLOWEST = 1.05;

    @TempDir
    private Path folder;

    @Test
    void manyStepsHaveTheBitsOfTheSameInPartsAndDoNotSlowDown() {
        TrainingJob whole = job("whole");
        assertThat(whole.totalSteps()).isEqualTo(STEPS);
        long[] moments = new long[STEPS + 1];
        TrainingResult result = Ketju.fit(whole, event -> {
            if (event instanceof TrainingEvent.StepFinished step) {
                moments[(int) step.step()] = System.nanoTime();
            }
        });
        String parts = inParts();
        assertThat(result.stateSha256())
                .isEqualTo(parts)
                .isEqualTo(Oracle.of(whole).stateSha256());
        int tenth = (STEPS - WARMING) / 10;
        double first = median(moments, WARMING, WARMING + tenth);
        double last = median(moments, STEPS - tenth, STEPS);
        System.out.printf(
                "%,d steps, in one go and in %d parts: the same bits; median step %.3f ms in the first tenth, %.3f ms in the last%n",
                STEPS, PARTS, first, last);
        assertThat(last).as("ms of a step").isLessThanOrEqualTo(SLOWEST * first);
    }

    /** The state at the end of the run that was stopped nine times. */
    private String inParts() {
        SplittableRandom random = new SplittableRandom(STEPS);
        TrainingJob job = job("parts");
        Path run = job.runDirectory().orElseThrow();
        for (int part = 1; part <= PARTS; part++) {
            long until = part == PARTS ? Long.MAX_VALUE : (long) STEPS * part / PARTS - random.nextInt(STEPS_PER_EPOCH);
            CompletableFuture<Training> started = new CompletableFuture<>();
            try (Training training = Ketju.start(job, event -> {
                if (event instanceof TrainingEvent.StepFinished step && step.step() == until) {
                    started.join().stop("the test");
                }
            })) {
                started.complete(training);
                TrainingResult result = training.await();
                if (part == PARTS) {
                    return result.stateSha256();
                }
                assertThat(result.steps()).isBetween(until, (long) STEPS - 1);
            }
            job = JobAssembly.build(JobFile.read(run.resolve("job.conf")), Optional.of(run));
        }
        throw new AssertionError("the last part returns");
    }

    private static double median(long[] moments, int from, int to) {
        double[] millis = new double[to - from];
        for (int i = from; i < to; i++) {
            millis[i - from] = (moments[i + 1] - moments[i]) / 1e6;
        }
        Arrays.sort(millis);
        return millis[millis.length / 2];
    }

    private TrainingJob job(String name) {
        return JobAssembly.build(JobFile.parse("long.conf", """
                model.name = "mlp(64, 16, 10)"
                data = digits
                optimizer = "Adam(lr=0.0002)"
                batch = 16
                microbatches = 2
                stages = 2
                checkpoint-every = 1000
                """)
                .with(new Setting(JobKey.EPOCHS, EPOCHS, "the test"))
                .with(new Setting(JobKey.RUN_DIR, folder.resolve(name).toString(), "the test")));
    }
}
