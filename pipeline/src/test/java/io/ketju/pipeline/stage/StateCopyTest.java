package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.EMA;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.Optimizers;
import io.ketju.pipeline.Averaging;
import io.ketju.pipeline.NonFiniteGradients;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.StepRules;
import io.ketju.pipeline.partition.Partition;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a checkpoint is written from while the stage goes on. */
class StateCopyTest {
    private static final Model MODEL = Toy.mlp();

    private final TensorCore core = TensorCore.open(2);

    @AfterEach
    void close() {
        core.close();
    }

    private static PipelineSpec spec(Optimizer optimizer, StepRules rules) {
        Partition partition = new Partition(List.of(0, 2, 6));
        PipelineSpec spec = Toy.spec(MODEL, optimizer, partition, 10, 4);
        return new PipelineSpec(spec.recipe().with(rules), partition, spec.schedule());
    }

    /** Parameters, state, averages, counts of updates, what a search keeps: all names, in order, and no byte too few. */
    @Test
    void hasPlaceForAllThatAStageLearns() {
        StepRules averaging = StepRules.NONE.with(new Averaging(new EMA(0.9), 1));
        List<PipelineSpec> specs = List.of(
                spec(new Adam(0.01), StepRules.NONE),
                spec(new Adam(0.01), averaging),
                spec(new Adam(0.01), averaging.with(NonFiniteGradients.SKIP)),
                spec(Optimizers.parse("LBFGS(history_size=3)"), StepRules.NONE));
        for (PipelineSpec spec : specs) {
            for (int stage = 0; stage < spec.stages(); stage++) {
                try (StageCompute compute = new StageCompute(spec, stage, core)) {
                    compute.keepCopies();
                    SequencedMap<String, Tensor> copies = compute.toWrite(null);
                    assertThat(copies.keySet())
                            .containsExactlyElementsOf(compute.tensors().keySet());
                    assertThat(hash(copies)).isEqualTo(hash(compute.tensors()));
                    assertThat(copies.values().stream()
                                    .mapToLong(tensor -> TensorArena.bytesFor(tensor.shape()))
                                    .sum())
                            .isLessThanOrEqualTo(compute.plan().copyBytes());
                }
            }
        }
    }

    @Test
    void keepsWhatWasUntilTheNextIsTaken() {
        try (StageCompute compute = new StageCompute(spec(new Adam(0.01), StepRules.NONE), 0, core)) {
            compute.keepCopies();
            SequencedMap<String, Tensor> copies = compute.toWrite(null);
            String before = hash(copies);
            compute.tensors().values().forEach(tensor -> tensor.setFloat(0, 42));
            assertThat(hash(copies)).isEqualTo(before);
            assertThat(compute.toWrite(null)).isSameAs(copies);
            assertThat(hash(copies)).isEqualTo(hash(compute.tensors())).isNotEqualTo(before);
        }
    }

    /** Weights that come without their state: updates are counted one by one from then on, in tensors that were not there. */
    @Test
    void tensorsThatComeLaterAreCopiedToo() {
        try (StageCompute compute = new StageCompute(spec(new Adam(0.01), StepRules.NONE), 0, core);
                TensorArena arena = new TensorArena(1 << 20)) {
            compute.keepCopies();
            int before = compute.toWrite(null).size();
            Map<String, Tensor> counted = new LinkedHashMap<>(compute.tensors());
            for (String name : compute.tensors().keySet()) {
                if (name.startsWith(StageState.OPTIMIZER) && name.endsWith("/exp_avg")) {
                    Tensor count = arena.allocate(TensorType.ints());
                    count.setInt(0, 5);
                    counted.put(name.replace("/exp_avg", "/" + StageState.STEP), count);
                }
            }
            compute.load(counted);
            assertThat(compute.toWrite(null)).hasSizeGreaterThan(before);
            assertThat(hash(compute.toWrite(null))).isEqualTo(hash(compute.tensors()));
        }
    }

    @Test
    void withoutAPlaceForCopiesTheLiveTensorsAreWritten() {
        try (StageCompute compute = new StageCompute(spec(new Adam(0.01), StepRules.NONE), 0, core)) {
            assertThat(compute.toWrite(null)).isSameAs(compute.tensors());
        }
    }

    private static String hash(Map<String, Tensor> tensors) {
        return StateHash.of(tensors);
    }
}
