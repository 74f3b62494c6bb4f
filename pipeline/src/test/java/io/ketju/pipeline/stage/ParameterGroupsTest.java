package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.ParameterGroup;
import io.ketju.layers.optimizer.SGD;
import io.ketju.layers.optimizer.StepLR;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.partition.Partition;
import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ParameterGroupsTest {
    private static final int BATCH = 8;

    private Toy toy;
    private TensorCore core;
    private Model model;

    @BeforeEach
    void open() {
        toy = new Toy();
        core = TensorCore.open(1);
        model = Toy.mlp();
    }

    @AfterEach
    void close() {
        core.close();
        toy.close();
    }

    private PipelineSpec spec(Optimizer optimizer, Partition partition, List<ParameterGroup> groups) {
        PipelineSpec spec = Toy.spec(model, optimizer, partition, BATCH, 4);
        return new PipelineSpec(spec.recipe().withGroups(groups), partition, spec.schedule());
    }

    private Map<String, int[]> trained(PipelineSpec spec, int steps) {
        try (InProcessRunner runner = new InProcessRunner(spec, core)) {
            train(runner, 1, steps);
            return bits(runner);
        }
    }

    private void train(InProcessRunner runner, int from, int to) {
        for (int step = from; step <= to; step++) {
            Toy.Batch batch = toy.batch(model, BATCH, step);
            runner.train(step, batch.inputs(), batch.targets());
        }
    }

    private static Map<String, int[]> bits(InProcessRunner runner) {
        Map<String, int[]> bits = new LinkedHashMap<>();
        runner.tensors().forEach((name, tensor) -> bits.put(name, bits(tensor)));
        return bits;
    }

    private static int[] bits(Tensor tensor) {
        int[] bits = new int[tensor.elements()];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = tensor.dtype() == DType.INT32 ? tensor.getInt(i) : Float.floatToRawIntBits(tensor.getFloat(i));
        }
        return bits;
    }

    @Test
    void whatIsFrozenStaysAndCostsNothing() {
        Partition partition = new Partition(List.of(0, 4, model.nodes().size()));
        Optimizer decaying = new Adam(0.01).withWeightDecay(0.1);
        PipelineSpec all = spec(decaying, partition, List.of());
        PipelineSpec some =
                spec(decaying, partition, List.of(ParameterGroup.frozen("0.*"), ParameterGroup.frozen("2.*")));
        Map<String, int[]> before = trained(some, 0);
        Map<String, int[]> after = trained(some, 3);
        assertThat(after.get("0.weight")).isEqualTo(before.get("0.weight"));
        assertThat(after.get("2.bias")).isEqualTo(before.get("2.bias"));
        assertThat(after.get("4.weight")).isNotEqualTo(before.get("4.weight"));
        assertThat(after.keySet()).noneMatch(name -> name.matches("optimizer/[02].*"));
        StagePlan first = StagePlan.of(some, 0);
        assertThat(first.frozen()).isEqualTo(StagePlan.of(all, 0).parameters());
        assertThat(first.parameters()).isZero();
        assertThat(first.gradientBytes()).isZero();
        assertThat(first.stateBytes()).isZero();
        assertThat(first.slotBytes()).isLessThan(StagePlan.of(all, 0).slotBytes());
        assertThat(StagePlan.of(some, 1).gradientBuffers()).isZero();
        assertThat(StagePlan.of(all, 1).gradientBuffers()).isPositive();
    }

    @Test
    void aGroupLearnsAsIfAllDidAtItsRate() {
        // In the first step, the gradients do not depend on the rates.
        Partition partition = Partition.single(model);
        ParameterGroup own = new ParameterGroup("2.*", new SGD(0.5).withMomentum(0.5));
        Map<String, int[]> grouped = trained(spec(new SGD(0.1), partition, List.of(own)), 1);
        Map<String, int[]> slow = trained(spec(new SGD(0.1), partition, List.of()), 1);
        Map<String, int[]> fast = trained(spec(new SGD(0.5).withMomentum(0.5), partition, List.of()), 1);
        assertThat(grouped.get("2.weight")).isEqualTo(fast.get("2.weight")).isNotEqualTo(slow.get("2.weight"));
        assertThat(grouped.get("0.weight")).isEqualTo(slow.get("0.weight")).isNotEqualTo(fast.get("0.weight"));
        assertThat(grouped.get("optimizer/2.weight/momentum_buffer"))
                .isEqualTo(fast.get("optimizer/2.weight/momentum_buffer"));
        assertThat(grouped).doesNotContainKey("optimizer/0.weight/momentum_buffer");
    }

    @Test
    void theScheduleScalesEveryRate() {
        Partition partition = Partition.single(model);
        PipelineSpec constant = spec(new SGD(0.1), partition, List.of(new ParameterGroup("2.*", new SGD(0.5))));
        Recipe recipe = constant.recipe();
        Recipe quartered = new Recipe(
                        recipe.model(), recipe.loss(), new SGD(0.4), new StepLR(1, 0.25), BATCH, 4, 100, recipe.seed())
                .withGroups(List.of(new ParameterGroup("2.*", new SGD(2))));
        try (InProcessRunner runner = new InProcessRunner(constant, core);
                InProcessRunner scheduled =
                        new InProcessRunner(new PipelineSpec(quartered, partition, constant.schedule()), core)) {
            Toy.Batch batch = toy.batch(model, BATCH, 1);
            runner.train(1, batch.inputs(), batch.targets());
            scheduled.train(2, batch.inputs(), batch.targets());
            assertThat(scheduled.stateHash()).isEqualTo(runner.stateHash());
        }
    }

    @Test
    void theFirstUpdateOfFreshStateIsTheParametersOwn() {
        Partition partition = new Partition(List.of(0, 2, model.nodes().size()));
        SGD dampened = new SGD(0.1).withMomentum(0.9).withDampening(0.5);
        PipelineSpec spec = spec(dampened, partition, List.of(new ParameterGroup("2.*", new Adam(0.01))));
        try (InProcessRunner fresh = new InProcessRunner(spec, core);
                InProcessRunner late = new InProcessRunner(spec, core);
                InProcessRunner again = new InProcessRunner(spec, core)) {
            Map<String, Tensor> weights = new LinkedHashMap<>(fresh.tensors());
            weights.keySet().removeIf(name -> name.startsWith(StageState.OPTIMIZER));
            train(late, 1, 3);
            late.load(weights);
            for (int step = 1; step <= 3; step++) {
                Toy.Batch batch = toy.batch(model, BATCH, 10 + step);
                fresh.train(step, batch.inputs(), batch.targets());
                late.train(3 + step, batch.inputs(), batch.targets());
            }
            Map<String, int[]> expected = bits(fresh);
            Map<String, int[]> found = bits(late);
            expected.forEach(
                    (name, bits) -> assertThat(found.get(name)).as(name).isEqualTo(bits));
            // The counts tell this state from one of as many steps in which everything learnt.
            assertThat(Objects.requireNonNull(late.tensors().get("optimizer/2.bias/step"))
                            .getInt(0))
                    .isEqualTo(3);
            assertThat(late.stateHash()).isNotEqualTo(fresh.stateHash());
            again.load(late.tensors());
            Toy.Batch batch = toy.batch(model, BATCH, 20);
            late.train(7, batch.inputs(), batch.targets());
            again.train(7, batch.inputs(), batch.targets());
            assertThat(again.stateHash()).isEqualTo(late.stateHash());
        }
    }
}
