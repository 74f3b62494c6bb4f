package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.run.TrainedModel;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.normalization.BatchNorm1d;
import io.ketju.tensor.Shape;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch normalization without momentum goes on counting where another run stopped. */
class CountedBatchesTest {
    private static final String COUNT = "0.num_batches_tracked";

    @TempDir
    private Path folder;

    @Test
    void theNumberOfMiniBatchesComesAlong() {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        Ketju.fit(job().runDirectory(first).build());
        try (TrainedModel model = Ketju.load(job().build(), first)) {
            assertThat(model.parameter(COUNT)).containsExactly(8);
        }
        Ketju.fit(job().epochs(1)
                .initialState(Ketju.state(first))
                .runDirectory(second)
                .build());
        try (TrainedModel model = Ketju.load(job().build(), second)) {
            assertThat(model.parameter(COUNT)).containsExactly(12);
        }
    }

    private static JobBuilder job() {
        return SmallJobs.tiny()
                .microbatches(2)
                .model(Shape.of(4), Sequential.of(new BatchNorm1d(4).withoutMomentum(), new Linear(4, 3)));
    }
}
