package io.ketju.actors.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.Ketju;
import io.ketju.actors.SmallJobs;
import io.ketju.actors.examples.ServingProgram;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.data.ArrayDataset;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Sequential;
import io.ketju.tensor.Shape;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many callers of one model, and a model without its job. */
class PredictionServiceTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    private static float[] sample(int index) {
        return new float[] {index, 1 - index / 7f, index % 3, -0.5f};
    }

    private TrainedModel model() {
        TrainingJob job = SmallJobs.tiny().stages(2).runDirectory(folder).build();
        Ketju.fit(job);
        return Ketju.load(folder);
    }

    @Test
    void manyCallersGetTheBitsThatEachGetsAlone() throws InterruptedException {
        TrainedModel model = model();
        List<float[]> alone = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            alone.add(model.predict(sample(i)));
        }
        List<float[]> together = new ArrayList<>(alone);
        PredictionService service = PredictionService.open(model, new PredictionService.Limits(16, LONG, 400));
        List<CompletableFuture<?>> answers = Collections.synchronizedList(new ArrayList<>());
        List<Thread> callers = new ArrayList<>();
        for (int caller = 0; caller < 4; caller++) {
            int first = caller;
            callers.add(Thread.startVirtualThread(() -> {
                for (int i = first; i < 200; i += 4) {
                    int index = i;
                    answers.add(service.submit(sample(i)).thenAccept(answer -> together.set(index, answer)));
                }
            }));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        // 200 = 12 · 16 + 8: the last eight wait for others until the service is closed.
        service.close();
        answers.forEach(CompletableFuture::join);
        assertThat(service.counts()).isEqualTo(new PredictionService.Counts(200, 13, 0));
        for (int i = 0; i < 200; i++) {
            assertThat(together.get(i)).isNotSameAs(alone.get(i)).containsExactly(alone.get(i));
        }
    }

    @Test
    void moreThanMayWaitAreRefusedAtOnceAndTheOthersAnswered() {
        TrainedModel model = model();
        List<CompletableFuture<float[]>> answers = new ArrayList<>();
        PredictionService service = PredictionService.open(model, new PredictionService.Limits(2, Duration.ZERO, 3));
        synchronized (model) { // nothing is predicted
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 6; i++) {
                            answers.add(service.submit(sample(i)));
                        }
                    })
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessage("3 samples wait already; try again later");
        }
        answers.forEach(answer -> assertThat(answer.join()).hasSize(3));
        assertThat(answers).hasSizeBetween(3, 5);
        assertThat(service.counts().refused()).isEqualTo(1);
        service.close();
        service.close();
        assertThatThrownBy(() -> service.predict(sample(0)))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage("the prediction service is closed");
    }

    @Test
    void aSampleThatDoesNotFitIsRefusedAtItsCall() {
        try (PredictionService service = PredictionService.open(model())) {
            assertThatThrownBy(() -> service.predict(new float[3]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected 4 values of [4], found 3");
            assertThat(service.predict(sample(1))).hasSize(3);
        }
        assertThatThrownBy(() -> new PredictionService.Limits(4, Duration.ZERO, 3))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aModelWithoutItsJobIsTheSame() {
        TrainingJob job = SmallJobs.tiny().runDirectory(folder).build();
        Ketju.fit(job);
        try (TrainedModel with = Ketju.load(job, folder);
                TrainedModel without = Ketju.load(folder)) {
            without.warmUp(Duration.ZERO);
            assertThat(without.weightsSha256()).isEqualTo(with.weightsSha256());
            assertThat(without.predict(sample(5))).containsExactly(with.predict(sample(5)));
        }
        assertThatThrownBy(() -> Ketju.load(folder.resolve("elsewhere"))).isInstanceOf(InvalidJobException.class);
    }

    @Test
    void theProgramOfThePageRuns() {
        TrainingJob job = Ketju.job()
                .model(Shape.of(1), Sequential.of(new Linear(1, 2)))
                .data(new DataSource("custom", rows(8), rows(4)))
                .runDirectory(folder)
                .build();
        Ketju.fit(job);
        ServingProgram.main(new String[] {folder.toString()});
    }

    private static ArrayDataset rows(int count) {
        int[] classes = new int[count];
        classes[1] = 1;
        return new ArrayDataset("rows", Shape.of(1), new float[count], classes);
    }
}
