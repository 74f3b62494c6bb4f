package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.model.Model;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.partition.Partitioner;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.tensor.core.TensorCore;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole networks of the zoo against PyTorch's, and against themselves however they are cut. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NetworksTest {
    private final TensorCore core = TensorCore.open(1);

    @AfterAll
    void close() {
        core.close();
    }

    @ParameterizedTest
    @EnumSource
    void everyCutTrainsAsPyTorchDoes(Network network) {
        Recipe recipe = network.recipe();
        Model model = recipe.model();
        NetworkRun whole =
                NetworkRun.inProcess(network, new PipelineSpec(recipe, Partition.single(model), new GPipe()), core);
        whole.requireLossesOf(network);
        int nodes = model.nodes().size();
        for (Partition partition : List.of(
                Partitioner.balanced(model, 3),
                new Partition(List.of(0, 1, nodes - 1, nodes)),
                new Partition(List.of(0, nodes / 3, Math.max(nodes / 3 + 1, nodes / 2), nodes)))) {
            for (Schedule schedule : List.of(new GPipe(), new OneForwardOneBackward())) {
                assertThat(NetworkRun.inProcess(network, new PipelineSpec(recipe, partition, schedule), core))
                        .as("%s, %s, %s", network, partition, schedule)
                        .isEqualTo(whole);
            }
        }
    }
}
