package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.CosineAnnealingLR;
import io.ketju.layers.optimizer.LearningRateSchedule;
import io.ketju.layers.optimizer.StepLR;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that goes on for more epochs than it was begun for. */
class ContinuedRunTest {
    @TempDir
    private Path folder;

    private static JobBuilder job(LearningRateSchedule rates, int epochs) {
        return SmallJobs.tiny()
                .optimizer(new Adam(0.01))
                .learningRateSchedule(rates)
                .epochs(epochs);
    }

    @Test
    void aFinishedRunGoesOnAsIfItHadBeenThatLong() throws IOException {
        Path run = folder.resolve("run");
        LearningRateSchedule rates = new StepLR(6, 0.5);
        String whole = Ketju.fit(job(rates, 4).build()).stateSha256();
        TrainingResult first =
                Ketju.fit(job(rates, 2).stages(2).runDirectory(run).build());
        assertThat(first.stateSha256()).isNotEqualTo(whole);
        TrainingResult more = Ketju.fit(job(rates, 3).stages(3).resume(run).build());
        assertThat(more.steps()).isEqualTo(12);
        assertThat(Files.readString(run.resolve("job.conf"))).contains("\nepochs = 3\n");
        // Stopped before its first checkpoint of the longer run, it goes on from one of a shorter.
        try (Training training = Ketju.start(job(rates, 4).resume(run).build())) {
            training.stop("enough");
            training.await();
        }
        TrainingResult last = Ketju.fit(job(rates, 4).resume(run).build());
        assertThat(last.completed()).isTrue();
        assertThat(last.steps()).isEqualTo(16);
        assertThat(last.stateSha256()).isEqualTo(whole);
    }

    @Test
    void whereRatesDependOnTheTotalItIsRefused() throws IOException {
        Path run = folder.resolve("run");
        Ketju.fit(job(new CosineAnnealingLR(), 2).runDirectory(run).build());
        String before = Files.readString(run.resolve("job.conf"));
        assertThatThrownBy(() ->
                        Ketju.start(job(new CosineAnnealingLR(), 3).resume(run).build()))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageStartingWith("epochs: " + run)
                .hasMessageContaining(" is of a run of 2 epochs, found 3, and CosineAnnealingLR(eta_min=0) gives other")
                .hasMessageContaining("--from in place of --resume");
        assertThat(Files.readString(run.resolve("job.conf"))).isEqualTo(before);
    }

    @Test
    void anythingElseIsAnotherJobStill() {
        Path run = folder.resolve("run");
        Ketju.fit(job(new ConstantLR(), 2).runDirectory(run).build());
        for (JobBuilder other : new JobBuilder[] {
            job(new ConstantLR(), 1), job(new ConstantLR(), 3).seed(99), job(new StepLR(6), 3)
        }) {
            assertThatThrownBy(() -> Ketju.start(other.resume(run).build()))
                    .isInstanceOf(InvalidJobException.class)
                    .hasMessageContaining("is a checkpoint of another job");
        }
    }
}
