package io.ketju.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.benchmarks.measure.Clock;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.cluster.link.LinkMode;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.choice.LayerTimes;
import io.ketju.pipeline.partition.Partition;
import io.ketju.tensor.core.TensorCore;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is measured does run: actors in turns, layers by themselves, and a simulation from what was timed. */
class PipelineRunTest {
    private static final Effort SHORT = new Effort(Duration.ofMillis(1), 1, Duration.ofMillis(1), Clock.WALL);

    @Test
    void aRunTakesTheStepsThatItIsToldToAndWaits() {
        try (WorkBatches batches = new WorkBatches(PipelineWork.LENET);
                RunningJob run =
                        PipelineJobs.embedded(PipelineWork.LENET, 2, 1, LinkMode.LOCAL_WHERE_POSSIBLE, batches)) {
            assertThat(run.steps(2)).isPositive();
            run.step();
            assertThat(run.taken()).isEqualTo(2 + 2 * 3 + 1);
        }
    }

    @Test
    void layersThatRunAsOneAreTimedAsOne() {
        // Flatten, three times Linear, ReLU between them: the view goes with the layer behind it, ReLU with the one
        // before.
        assertThat(LayerTimes.bounds(PipelineWork.MLP.spec(8))).containsExactly(0, 3, 5, 6);
    }

    @Test
    void theBestCutIsOneOfThemAndItsStagesAreTimed() throws Exception {
        try (TensorCore core = TensorCore.open(1);
                WorkBatches batches = new WorkBatches(PipelineWork.MLP)) {
            Partition cut = TimedLayers.measure(PipelineWork.MLP, 8, batches, core, SHORT)
                    .best();
            assertThat(cut.bounds().get(1)).isIn(3, 5);
            PipelineSpec spec = PipelineWork.MLP.spec(cut, 8);
            try (SimulatedPipeline simulated = new SimulatedPipeline(spec, batches, core)) {
                assertThat(simulated.turn(SHORT).run()).isPositive();
            }
        }
    }
}
