package io.ketju.actors.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.Ketju;
import io.ketju.actors.SmallJobs;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.TrainingResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder of a run under runs that really train: one at a time, and what was damaged is not believed. */
class RunFolderTest {
    private static final int STEPS = 8;

    @TempDir
    Path folder;

    @Test
    void aRunThatGoesOnIsReadButNotStartedAgain() throws InterruptedException {
        Path run = folder.resolve("run");
        TrainingJob job = SmallJobs.tiny().stages(2).runDirectory(run).build();
        CountDownLatch checkpoint = new CountDownLatch(1);
        CountDownLatch looked = new CountDownLatch(1);
        TrainingListener waits = event -> {
            if (event instanceof TrainingEvent.CheckpointCommitted) {
                checkpoint.countDown();
                await(looked);
            }
        };
        TrainingResult result;
        try (Training training = Ketju.start(job, waits)) {
            await(checkpoint);
            TrainingJob again = SmallJobs.tiny().resume(run).build();
            assertThatThrownBy(() -> Ketju.start(again))
                    .isInstanceOf(InvalidJobException.class)
                    .hasMessageContaining("is in use by this process");
            assertThatThrownBy(() -> Ketju.start(job))
                    .isInstanceOf(InvalidJobException.class)
                    .hasMessageContaining("--resume");
            try (TrainedModel model = Ketju.load(job, run)) {
                assertThat(model.evaluate(job.data().test()).samples()).isEqualTo(7);
            }
            looked.countDown();
            result = training.await();
            // The run is over, though nobody has closed it yet.
            RunDirectory.reopen(run).release();
            assertThat(Ketju.fit(SmallJobs.tiny().stages(1).resume(run).build()).stateSha256())
                    .isEqualTo(result.stateSha256());
        }
        assertThat(result.steps()).isEqualTo(STEPS);
        assertThat(run.resolve("incarnation")).content().isEqualTo("1\n");
    }

    @Test
    void aRunThatFailsOrIsClosedGivesItsFolderFree() {
        Path run = folder.resolve("run");
        TrainingListener fails = event -> {
            throw new IllegalStateException("enough");
        };
        TrainingJob job = SmallJobs.tiny().runDirectory(run).build();
        assertThatThrownBy(() -> Ketju.fit(job, fails)).hasMessageContaining("enough");
        TrainingJob rest = SmallJobs.tiny().resume(run).build();
        Ketju.start(rest).close();
        assertThat(Ketju.fit(rest).steps()).isEqualTo(STEPS);
    }

    @Test
    void aFlippedStepIsNotBelieved() throws IOException {
        Path run = folder.resolve("run");
        TrainingResult whole = Ketju.fit(SmallJobs.tiny().runDirectory(run).build());
        Path manifest = run.resolve("checkpoints/step-000000008/manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace("\"step\" : 8", "\"step\" : 4"));
        TrainingResult resumed =
                Ketju.fit(SmallJobs.tiny().stages(2).resume(run).build());
        assertThat(resumed.stateSha256()).isEqualTo(whole.stateSha256());
        assertThat(resumed.trainLoss()).as("it trained the last epoch again").isPresent();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
