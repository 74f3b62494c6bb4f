package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.JobCheckpoints;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.run.Training;
import io.ketju.data.BatchTensors;
import io.ketju.layers.optimizer.Adam;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.tensor.core.TensorCore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that go on while their checkpoints are written, with real files. */
class BehindCheckpointsTest {
    private static final int STEPS = 8;

    @TempDir
    private Path folder;

    /** Two epochs of four steps, with state that no weight shows. */
    private static JobBuilder job() {
        return SmallJobs.tiny().optimizer(new Adam(0.01));
    }

    private static String undisturbed() {
        TrainingJob whole = job().stages(1).build();
        try (TensorCore core = TensorCore.open(1);
                InProcessRunner runner = new InProcessRunner(whole.pipeline(), core);
                BatchTensors tensors = new BatchTensors(whole.train())) {
            for (long step = 1; step <= STEPS; step++) {
                runner.train(step, tensors.read(whole.train().plan(step - 1)));
            }
            return runner.stateHash();
        }
    }

    @Test
    void oneAfterEveryStepLeavesTheBitsAsTheyAre() {
        Path run = folder.resolve("run");
        List<Long> committed = new CopyOnWriteArrayList<>();
        TrainingListener hears = event -> {
            if (event instanceof TrainingEvent.CheckpointCommitted done) {
                committed.add(done.step());
                assertThat(done.directory().resolve("manifest.json")).exists();
            }
        };
        JobCheckpoints every = JobCheckpoints.USUAL.everySteps(1).keeping(3);
        String state = Ketju.fit(
                        job().stages(3).checkpoints(every).runDirectory(run).build(), hears)
                .stateSha256();
        assertThat(committed)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, STEPS).boxed().toList());
        assertThat(names(run.resolve("checkpoints")))
                .containsExactly("step-000000006", "step-000000007", "step-000000008");
        assertThat(state).isEqualTo(undisturbed());
    }

    /** What a process leaves that was killed after all had copied, when some had written and nothing was committed. */
    @Test
    void aKillBetweenCopyAndCommitFallsBackToTheOneBefore() throws IOException {
        Path run = folder.resolve("run");
        Ketju.fit(job().stages(2).runDirectory(run).build());
        Path last = run.resolve("checkpoints/step-000000008");
        Files.delete(last.resolve("manifest.json"));
        Files.writeString(last.resolve(".stage-1.incarnation-1.safetensors.0.tmp"), "half of it");
        Files.delete(last.resolve("stage-1.incarnation-1.safetensors"));
        assertThat(RunDirectory.open(run).newest().orElseThrow().step()).isEqualTo(4);
        assertThat(Ketju.fit(job().stages(3).resume(run).build()).stateSha256()).isEqualTo(undisturbed());
        assertThat(names(last)).noneMatch(name -> name.endsWith(".tmp"));
    }

    /** The run is ended at a step behind a boundary, when its checkpoint is committed or not: nobody knows. */
    @Test
    void whateverARunWasEndedInItGoesOnToTheSameBits() {
        for (int step : List.of(2, 3, 4, 7)) {
            int ending = step;
            Path run = folder.resolve("run-" + step);
            JobCheckpoints often = JobCheckpoints.USUAL.everySteps(2).keeping(1);
            TrainingListener ends = event -> {
                if (event instanceof TrainingEvent.StepFinished done && done.step() == ending) {
                    throw new IllegalStateException("enough");
                }
            };
            try (Training training = Ketju.start(
                    job().stages(2).checkpoints(often).runDirectory(run).build(), ends)) {
                assertThatThrownBy(training::await).hasMessageContaining("enough");
            }
            long newest =
                    RunDirectory.open(run).newest().map(found -> found.step()).orElse(0L);
            assertThat(newest)
                    .as("what was copied before step %d is committed", step)
                    .isEqualTo((step - 1) / 2 * 2L);
            assertThat(Ketju.fit(job().stages(3).resume(run).build()).stateSha256())
                    .isEqualTo(undisturbed());
        }
    }

    /** A disk that takes the first checkpoint and not the second, whose folder cannot be made. */
    @Test
    void whatCannotBeWrittenBehindTheStepsEndsTheRunAndLeavesTheOneBefore() throws IOException {
        Path run = folder.resolve("run");
        Path full = run.resolve("checkpoints/step-000000006");
        TrainingListener fills = event -> {
            if (event instanceof TrainingEvent.CheckpointCommitted done && done.step() == 2) {
                write(full);
            }
        };
        JobBuilder job = job().stages(2).checkpoints(JobCheckpoints.USUAL.everySteps(2));
        assertThatThrownBy(() -> Ketju.fit(job.runDirectory(run).build(), fills))
                .isInstanceOf(TrainingFailedException.class)
                .hasMessageMatching("stage [01], step 6: checkpoint failed: cannot write in .*step-000000006: .*");
        assertThat(RunDirectory.open(run).newest().orElseThrow().step()).isEqualTo(4);
        Files.delete(full);
        assertThat(Ketju.fit(job().resume(run).build()).stateSha256()).isEqualTo(undisturbed());
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "in the way");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
