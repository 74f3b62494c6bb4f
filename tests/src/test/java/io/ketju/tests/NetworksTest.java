package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ketju.layers.model.Model;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.partition.Partitioner;
import io.ketju.pipeline.schedule.GPipe;
import io.ketju.pipeline.schedule.OneForwardOneBackward;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

    /**
     * What a training gives.
     *
     * @param losses of every step, by the name of the loss
     */
    private record Result(Map<String, List<Double>> losses, String stateSha256) {}

    @ParameterizedTest
    @EnumSource
    void everyCutTrainsAsPyTorchDoes(Network network) {
        Recipe recipe = network.recipe();
        Model model = recipe.model();
        Result whole = train(network, new PipelineSpec(recipe, Partition.single(model), new GPipe()));
        assertClose(network, whole.losses());
        int nodes = model.nodes().size();
        for (Partition partition : List.of(
                Partitioner.balanced(model, 3),
                new Partition(List.of(0, 1, nodes - 1, nodes)),
                new Partition(List.of(0, nodes / 3, nodes / 2, nodes)))) {
            for (Schedule schedule : List.of(new GPipe(), new OneForwardOneBackward())) {
                assertThat(train(network, new PipelineSpec(recipe, partition, schedule)))
                        .as("%s, %s, %s", network, partition, schedule)
                        .isEqualTo(whole);
            }
        }
    }

    private static void assertClose(Network network, Map<String, List<Double>> losses) {
        assertThat(losses).hasSameSizeAs(network.losses());
        network.losses().forEach((name, expected) -> {
            for (int step = 0; step < Network.STEPS; step++) {
                assertThat(losses.get(name).get(step))
                        .as("%s, %s of step %d", network, name, step + 1)
                        .isCloseTo(expected.get(step), within(TOLERANCE * expected.get(step)));
            }
        });
    }

    /** In each step one window for every objective, in turn, over the same mini-batch. */
    private Result train(Network network, PipelineSpec spec) {
        try (InProcessRunner runner = new InProcessRunner(spec, core);
                TensorArena arena = new TensorArena(1 << 18)) {
            runner.load(Network.read(network.weights(), arena));
            Map<String, List<Double>> losses = new TreeMap<>();
            List<Map<String, Tensor>> batches = network.batches(arena);
            int objectives = Math.max(1, spec.recipe().objectives().size());
            for (int step = 1; step <= Network.STEPS; step++) {
                for (int objective = 0; objective < objectives; objective++) {
                    runner.train(objective, step, batches.get(step - 1))
                            .heads()
                            .forEach((head, metrics) -> losses.computeIfAbsent(
                                            spec.model().heads().get(head).name(), absent -> new ArrayList<>())
                                    .add(metrics.lossSum() / metrics.weight()));
                }
            }
            return new Result(losses, runner.stateHash());
        }
    }
}
