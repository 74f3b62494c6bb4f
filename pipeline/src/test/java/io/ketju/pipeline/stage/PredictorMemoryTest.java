package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ParameterSizes;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.stage.Toy.Batch;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorMemory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A predictor takes the weights and one slot: counted where all memory outside of the heap is taken. */
class PredictorMemoryTest {
    private static final int SAMPLES = 16;

    /** Blocks for gradients, for rows of sparse ones, and for what training keeps until the step are empty, but blocks. */
    private static final long EMPTY_BLOCKS = 3 * Tensor.ALIGNMENT;

    private final Toy toy = new Toy();
    private final TensorCore core = TensorCore.open(1);

    @AfterEach
    void close() {
        core.close();
        toy.close();
    }

    @Test
    void weightsAndOneSlotAreAllThatIsOpen() {
        for (Model model : List.of(Toy.mlp(), Toy.convolutional())) {
            Model withLoss = model.withHead(new CrossEntropyLoss());
            Batch batch = toy.batch(model, SAMPLES, 1);
            Tensor output = toy.tensor(model.outputShape().batched(SAMPLES));
            warmUp(withLoss, batch, output); // the core takes its scratch memory
            PredictorPlan plan = PredictorPlan.of(withLoss, SAMPLES);
            long before = open();
            try (Predictor predictor = new Predictor(withLoss, SAMPLES, core)) {
                assertThat(open() - before).isBetween(plan.weightBytes(), plan.weightBytes() + EMPTY_BLOCKS);
                for (int round = 0; round < 3; round++) {
                    predictor.predict(List.of(batch.inputs()), List.of(output));
                    assertThat(open() - before)
                            .isBetween(
                                    plan.weightBytes() + plan.predictingBytes(),
                                    plan.weightBytes() + plan.predictingBytes() + EMPTY_BLOCKS);
                    assertThat(predictor.bytes()).isEqualTo(plan.weightBytes() + plan.predictingBytes());
                    predictor.evaluate(named(withLoss, batch), 1);
                    assertThat(predictor.bytes())
                            .isEqualTo(plan.weightBytes() + plan.evaluatingBytes())
                            .isLessThanOrEqualTo(plan.bytes());
                    assertThat(open() - before).isLessThanOrEqualTo(plan.bytes() + EMPTY_BLOCKS);
                }
            }
            assertThat(open()).isEqualTo(before);
        }
    }

    /** Training holds gradients, the optimizer's two states, and a slot that backward reads. */
    @Test
    void thePlanIsLessThanThatOfTraining() {
        for (Model model : List.of(Toy.mlp(), Toy.convolutional())) {
            PredictorPlan plan = PredictorPlan.of(model, SAMPLES);
            StagePlan training = StagePlan.of(Toy.spec(model, 1, SAMPLES, 1), 0);
            assertThat(plan.weightBytes())
                    .isEqualTo(training.parameterBytes())
                    .isEqualTo(ParameterSizes.of(model.nodes()).valueBytes());
            assertThat(plan.predictingBytes()).isLessThan(training.slotBytes());
            assertThat(plan.evaluatingBytes()).isZero();
            assertThat(plan.bytes()).isLessThan(training.parameterBytes() + training.slotBytes());
        }
    }

    private void warmUp(Model model, Batch batch, Tensor output) {
        try (Predictor predictor = new Predictor(model, SAMPLES, core)) {
            predictor.predict(List.of(batch.inputs()), List.of(output));
            predictor.evaluate(named(model, batch), 1);
        }
    }

    private static Map<String, Tensor> named(Model model, Batch batch) {
        List<String> names = BatchPorts.of(model).names();
        return Map.of(names.getFirst(), batch.inputs(), names.getLast(), batch.targets());
    }

    private static long open() {
        return TensorMemory.openBytes();
    }
}
