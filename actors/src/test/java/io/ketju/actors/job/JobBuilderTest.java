package io.ketju.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.SmallJobs;
import io.ketju.layers.optimizer.Adam;
import io.ketju.pipeline.schedule.GPipe;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JobBuilderTest {
    static Stream<Arguments> badJobs() {
        return Stream.of(
                bad("stages: expected at least 1, found 0", job -> job.stages(0)),
                bad("microbatches: expected at least 1, found 0", job -> job.microbatches(0)),
                bad("batch: expected at least 1, found -3", job -> job.batchSize(-3)),
                bad("epochs: expected at least 1, found 0", job -> job.epochs(0)),
                bad("threads: expected at least 1, found 0", job -> job.threads(0)),
                bad("checkpoint-epochs: expected at least 1, found 0", job -> job.checkpointEveryEpochs(0)),
                bad("stages: ", job -> job.stages(99)),
                bad("stages: ", job -> job.stageBounds(List.of(0, 3, 2, 6))),
                bad("model: ", job -> job.model("nothing")),
                bad("samples are ", job -> job.model("lenet5")),
                bad("has 3 classes, but the model has only 2 outputs", job -> job.model("mlp(4, 2)")));
    }

    @ParameterizedTest
    @MethodSource("badJobs")
    void everyBadJobIsOneClearLine(String expected, UnaryOperator<JobBuilder> change) {
        assertThatThrownBy(() -> change.apply(SmallJobs.tiny()).build())
                .isInstanceOf(InvalidJobException.class)
                .message()
                .contains(expected)
                .doesNotContain("\n");
    }

    @Test
    void modelAndDataAreNeeded() {
        assertThatThrownBy(() -> new JobBuilder().build()).hasMessageContaining("the job has no data");
        assertThatThrownBy(
                        () -> new JobBuilder().data(DataSource.named("digits")).build())
                .hasMessageContaining("the job has no model");
        assertThatThrownBy(() -> DataSource.named("no such data")).hasMessageContaining("no such data");
    }

    @Test
    void theHashIsOfWhatDecidesTheNumbers() {
        String hash = JobHash.numbers(SmallJobs.tiny().build());
        for (JobBuilder same : List.of(
                SmallJobs.tiny().stages(3),
                SmallJobs.tiny().schedule(new GPipe()),
                SmallJobs.tiny().threads(2),
                SmallJobs.tiny().name("other"),
                SmallJobs.tiny().checkpointEveryEpochs(7),
                SmallJobs.tiny().runDirectory(Path.of("x")))) {
            assertThat(JobHash.numbers(same.build())).isEqualTo(hash);
        }
        for (JobBuilder other : List.of(
                SmallJobs.tiny().seed(12),
                SmallJobs.tiny().epochs(3),
                SmallJobs.tiny().batchSize(7),
                SmallJobs.tiny().microbatches(3),
                SmallJobs.tiny().optimizer(new Adam()),
                SmallJobs.tiny().model("mlp(4, 3)"),
                SmallJobs.tiny().data(new DataSource("x", SmallJobs.samples("a", 24), SmallJobs.samples("b", 7))))) {
            assertThat(JobHash.numbers(other.build())).isNotEqualTo(hash);
        }
    }

    @Test
    void connectionsAgreeOnTheCutAndRunsDifferByTheirFolder() {
        TrainingJob job = SmallJobs.tiny().stages(2).build();
        assertThat(JobHash.connection(job))
                .isEqualTo(JobHash.connection(SmallJobs.tiny().stages(2).build()));
        assertThat(JobHash.connection(job))
                .isNotEqualTo(JobHash.connection(SmallJobs.tiny().stages(3).build()));
        assertThat(JobHash.run(job, Path.of("a"))).isNotEqualTo(JobHash.run(job, Path.of("b")));
        assertThat(JobHash.run(job, Path.of("a"))).isEqualTo(JobHash.run(job, Path.of("b", "..", "a")));
    }

    private static Arguments bad(String expected, UnaryOperator<JobBuilder> change) {
        return Arguments.of(expected, change);
    }
}
