package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.partition.Partitioner;
import io.ketju.pipeline.schedule.GPipe;
import io.ketju.pipeline.schedule.OneForwardOneBackward;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.pipeline.stage.WindowMetrics;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole networks of the zoo against PyTorch's, and against themselves however they are cut. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NetworksTest {
    /** Of float32 against float64, after ten steps. */
    private static final double TOLERANCE = 1e-5;

    private final TensorCore core = TensorCore.open(1);

    @AfterAll
    void close() {
        core.close();
    }

    private record Result(List<Double> losses, String stateSha256) {}

    @ParameterizedTest
    @EnumSource
    void everyCutTrainsAsPyTorchDoes(Network network) {
        Result whole = train(network, Partition.single(network.model()), new GPipe());
        assertClose(network, whole.losses());
        int nodes = network.model().nodes().size();
        for (Partition partition : List.of(
                Partitioner.balanced(network.model(), 3),
                new Partition(List.of(0, 1, nodes - 1, nodes)),
                new Partition(List.of(0, nodes / 3, nodes / 2, nodes)))) {
            for (Schedule schedule : List.of(new GPipe(), new OneForwardOneBackward())) {
                assertThat(train(network, partition, schedule))
                        .as("%s, %s, %s", network, partition, schedule)
                        .isEqualTo(whole);
            }
        }
    }

    private static void assertClose(Network network, List<Double> losses) {
        List<Double> expected = network.losses();
        assertThat(losses).hasSameSizeAs(expected);
        for (int step = 0; step < Network.STEPS; step++) {
            assertThat(losses.get(step))
                    .as("%s, loss of step %d", network, step + 1)
                    .isCloseTo(expected.get(step), within(TOLERANCE * expected.get(step)));
        }
    }

    private Result train(Network network, Partition partition, Schedule schedule) {
        PipelineSpec spec = new PipelineSpec(
                new Recipe(
                        network.model(),
                        network.loss(),
                        network.optimizer(),
                        new ConstantLR(),
                        Network.SAMPLES,
                        Network.MICROBATCHES,
                        Network.STEPS,
                        1),
                partition,
                schedule);
        try (InProcessRunner runner = new InProcessRunner(spec, core);
                TensorArena arena = new TensorArena(1 << 18)) {
            runner.load(Network.read(network.weights(), arena));
            List<Double> losses = new ArrayList<>();
            List<Map<String, Tensor>> batches = network.batches(arena);
            for (int step = 1; step <= Network.STEPS; step++) {
                WindowMetrics metrics = runner.train(step, batches.get(step - 1));
                losses.add(metrics.loss(spec.model().heads()));
            }
            return new Result(losses, runner.stateHash());
        }
    }
}
