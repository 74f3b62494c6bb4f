package io.ketju.deploy.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.TrainingJob;
import io.ketju.pipeline.choice.LayerTimes;
import io.ketju.pipeline.choice.ScheduleComparison;
import io.ketju.pipeline.choice.Workers;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkersTextTest {
    private static List<String> lines(TrainingJob job, Workers workers) {
        return WorkersText.lines(
                job.pipeline(),
                LayerTimes.modelled(job.pipeline()),
                workers,
                Jobs.terminal(new ByteArrayOutputStream(), false, 100, false));
    }

    @Test
    void nothingIsSaidOfWorkersThatAreAlike() {
        assertThat(lines(Jobs.digits(), Workers.ALIKE)).isEmpty();
    }

    /** One has room to the byte, the other lacks one. */
    @Test
    void aWorkerThatMayNotHoldItsRankIsNamed() {
        TrainingJob job = Jobs.digits();
        List<Long> bytes = ScheduleComparison.rankBytes(job.pipeline());
        List<String> lines = lines(job, new Workers(List.of(1.0, 0.5), List.of(bytes.get(0), bytes.get(1) - 1)));
        assertThat(lines.get(3)).startsWith("   0   1.00 ").doesNotContain("too little");
        assertThat(lines.get(4)).startsWith("   1   0.50 ").endsWith(": too little");
        assertThat(lines.getLast()).startsWith("The cut is the job's own and stays");
    }
}
