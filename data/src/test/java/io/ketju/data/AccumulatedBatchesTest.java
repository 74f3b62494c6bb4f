package io.ketju.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccumulatedBatchesTest {
    /** Each is its own number. */
    private static BatchSource source(int samples, int batch, int microbatches, BatchOrder order) {
        float[] inputs = new float[samples];
        int[] targets = new int[samples];
        for (int i = 0; i < samples; i++) {
            inputs[i] = i;
        }
        return new SampleBatches(
                new DatasetSamples(new ArrayDataset("numbers", Shape.of(1), inputs, targets), "input", "target"),
                batch,
                microbatches,
                order);
    }

    /** The samples of every micro-batch. */
    private static List<List<Integer>> read(BatchSource source, BatchPlan plan) {
        List<List<Integer>> all = new ArrayList<>();
        try (TensorArena arena = new TensorArena(1 << 16)) {
            for (int m = 0; m < plan.microbatches().size(); m++) {
                Tensor input =
                        arena.allocate(Shape.of(plan.microbatches().get(m).samples(), 1));
                source.copy(plan, m, "input", input);
                List<Integer> samples = new ArrayList<>();
                for (int i = 0; i < input.elements(); i++) {
                    samples.add((int) input.getFloat(i));
                }
                all.add(samples);
            }
        }
        return all;
    }

    @Test
    void groupsAreThoseOfTheSourceOneAfterTheOther() {
        BatchSource source = source(23, 4, 3, BatchOrder.shuffled(5));
        BatchSource grouped = AccumulatedBatches.of(source, 4);
        assertThat(grouped.batchSize()).isEqualTo(16);
        assertThat(grouped.microbatches()).isEqualTo(12);
        assertThat(source.stepsPerEpoch()).isEqualTo(6);
        assertThat(grouped.stepsPerEpoch()).isEqualTo(2);
        // Three epochs, in any order: the last group of each has two mini-batches, the second of them a ragged one.
        for (long index : new long[] {5, 0, 3, 1, 1, 4, 2}) {
            BatchPlan plan = grouped.plan(index);
            List<List<Integer>> expected = new ArrayList<>();
            long first = index / 2 * 6 + index % 2 * 4;
            for (long i = first; i < first + (index % 2 == 0 ? 4 : 2); i++) {
                expected.addAll(read(source, source.plan(i)));
            }
            assertThat(plan.index()).isEqualTo(index);
            assertThat(plan.dataEpoch()).isEqualTo(index / 2);
            assertThat(read(grouped, plan)).as("group %d", index).isEqualTo(expected);
        }
    }

    @Test
    void equalMicrobatchesAreThoseOfALargerMinibatch() {
        for (BatchOrder order : List.of(BatchOrder.shuffled(5), BatchOrder.sequential())) {
            BatchSource large = source(48, 12, 6, order);
            BatchSource grouped = AccumulatedBatches.of(source(48, 4, 2, order), 3);
            assertThat(grouped.stepsPerEpoch()).isEqualTo(large.stepsPerEpoch());
            for (int index = 0; index < 8; index++) {
                assertThat(grouped.plan(index)).isEqualTo(large.plan(index));
                assertThat(read(grouped, grouped.plan(index))).isEqualTo(read(large, large.plan(index)));
            }
        }
    }

    @Test
    void oneIsTheSourceItself() {
        BatchSource source = source(23, 4, 3, BatchOrder.sequential());
        assertThat(AccumulatedBatches.of(source, 1)).isSameAs(source);
        assertThat(AccumulatedBatches.of(source, 2).identity())
                .isNotEqualTo(source.identity())
                .isNotEqualTo(AccumulatedBatches.of(source, 3).identity());
        assertThatThrownBy(() -> AccumulatedBatches.of(source, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected at least 1 mini-batch to be accumulated, found 0");
    }
}
