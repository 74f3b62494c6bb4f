package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.JobHash;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.run.Training;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.normalization.BatchNorm1d;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.regularization.Dropout;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.PipeDream;
import io.ketju.pipeline.catalogue.ZBV;
import io.ketju.tensor.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose micro-batches add their gradients up in groups, as actors. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class GroupedRunTest {
    @TempDir
    private Path folder;

    /** Running statistics and dropout by sample; two epochs of two steps over three mini-batches, the last one over two. */
    private static JobBuilder job() {
        Sequential layers = Sequential.of(
                new Linear(4, 8), new BatchNorm1d(8), new Dropout(0.2), new Linear(8, 6), new Linear(6, 3));
        return SmallJobs.tiny()
                .model(Shape.of(4), layers)
                .data(new DataSource("custom", SmallJobs.samples("train", 29), SmallJobs.samples("test", 12)))
                .optimizer(new Adam(0.01))
                .clipGradNorm(0.3)
                .batchSize(6)
                .microbatches(2)
                .accumulate(3);
    }

    private static String state(JobBuilder job) {
        return Ketju.fit(job.build()).stateSha256();
    }

    @Test
    void equalGroupsGiveEqualBits() {
        List<String> results = Stream.of(1, 2, 4)
                .map(groups -> {
                    String expected = state(job().gradientGroups(groups));
                    assertThat(state(job().gradientGroups(groups).stages(3)))
                            .as("%d groups", groups)
                            .isEqualTo(expected);
                    assertThat(state(job().gradientGroups(groups).stages(5).schedule(new GPipe())))
                            .as("%d groups", groups)
                            .isEqualTo(expected);
                    assertThat(state(job().gradientGroups(groups).stages(4).schedule(new ZBV())))
                            .as("%d groups", groups)
                            .isEqualTo(expected);
                    return expected;
                })
                .toList();
        assertThat(results).doesNotHaveDuplicates();
        assertThat(state(job())).isEqualTo(results.getFirst());
    }

    @Test
    void aKeptRunGoesOnInItsGroupsOnly() {
        Path run = folder.resolve("run");
        JobBuilder first = job().gradientGroups(2).runDirectory(run).stages(2);
        TrainingListener stopping = TrainingListener.controlling((event, control) -> {
            if (event instanceof TrainingEvent.StepFinished) {
                control.stop("enough");
            }
        });
        try (Training training = Ketju.start(first.build(), stopping)) {
            training.await();
        }
        assertThatThrownBy(() -> Ketju.fit(job().resume(run).build()))
                .hasMessageContaining("is a checkpoint of another job");
        assertThat(state(job().gradientGroups(2).resume(run).stages(3))).isEqualTo(state(job().gradientGroups(2)));
    }

    @Test
    void theyBelongToTheNumbers() {
        String one = JobHash.numbers(job().build());
        assertThat(JobHash.numbers(job().gradientGroups(1).build())).isEqualTo(one);
        assertThat(JobHash.numbers(job().gradientGroups(2).build()))
                .isNotEqualTo(one)
                .isNotEqualTo(JobHash.numbers(job().gradientGroups(3).build()));
    }

    @Test
    void whatCannotBeIsRefusedInOneLine() {
        assertThatThrownBy(() -> job().gradientGroups(0).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("gradient-groups: expected at least 1, found 0");
        assertThatThrownBy(() -> job().gradientGroups(7).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("gradient-groups: expected at most 6, as many as a step has micro-batches, found 7");
        assertThatThrownBy(() -> job().accumulate(1)
                        .stages(2)
                        .schedule(new PipeDream(false))
                        .gradientGroups(2)
                        .build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage(
                        "gradient-groups: expected at most 1, as many as a step has micro-batches with a schedule that"
                                + " updates after each, found 2");
    }
}
