package io.ketju.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.SmallJobs;
import io.ketju.actors.feed.DataReading;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.FeedPlacement;
import io.ketju.pipeline.schedule.Placement;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeedChoiceTest {
    private final TrainingJob digits = new JobBuilder()
            .model("mlp(64, 16, 10)")
            .data(DataSource.named("digits"))
            .stages(2)
            .build();

    @Test
    void theWorkerOfTheFirstReaderIsAskedUnlessItIsHere() {
        Assignment swapped = new Assignment(Placement.oneEach(2), List.of(1, 0));
        assertThat(FeedChoice.of(digits, swapped, worker -> false))
                .contains(new FeedPlacement(1, DataReading.of(digits).orElseThrow()));
        assertThat(FeedChoice.of(digits, swapped, worker -> worker == 0)).isPresent();
        assertThat(FeedChoice.of(digits, swapped, worker -> worker == 1)).isEmpty();
    }

    @Test
    void nobodyIsAskedForDataOfThisJvmAlone() {
        TrainingJob job = SmallJobs.tiny().stages(2).build();
        assertThat(FeedChoice.of(job, Assignment.contiguous(Placement.oneEach(2), 2), worker -> false))
                .isEmpty();
    }
}
