package io.ketju.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchesTest {
    @ParameterizedTest
    @CsvSource({"1,1,1", "1,8,1", "10,3,4", "9,3,3", "5000,64,79", "7,7,1"})
    void stepsPerEpochRoundUp(int size, int batchSize, int steps) {
        BatchOrder none = BatchOrder.sequential();
        Batches batches = new Batches(size, batchSize, none);
        assertThat(batches.stepsPerEpoch()).isEqualTo(steps);
        assertThat(batches.totalSteps(5)).isEqualTo(5L * steps);
    }

    @Test
    void everyDataEpochTakesEverySampleOnceAndKeepsTheRaggedBatch() {
        Batches batches = new Batches(103, 10, BatchOrder.shuffled(42));
        for (int epoch = 0; epoch < 3; epoch++) {
            List<Integer> seen = new ArrayList<>();
            for (int i = 0; i < 11; i++) {
                Batch batch = batches.batch(epoch * 11L + i);
                assertThat(batch.dataEpoch()).isEqualTo(epoch);
                assertThat(batch.size()).isEqualTo(i < 10 ? 10 : 3);
                IntStream.of(batch.samples()).forEach(seen::add);
            }
            assertThat(seen).hasSize(103).doesNotHaveDuplicates();
            assertThat(seen)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 103).boxed().toList());
        }
    }

    @Test
    void aStepHasItsBatchWhateverWasAskedBefore() {
        Batches inOrder = new Batches(50, 7, BatchOrder.shuffled(3));
        Batches jumping = new Batches(50, 7, BatchOrder.shuffled(3));
        int[] early = inOrder.batch(5).samples();
        int[] late = inOrder.batch(800).samples();
        assertThat(jumping.batch(800).samples()).containsExactly(late);
        assertThat(jumping.batch(5).samples()).containsExactly(early);
        assertThat(jumping.batch(800).samples()).containsExactly(late);
    }

    @Test
    void seedsAndDataEpochsGiveOtherOrders() {
        int[] order = BatchOrder.shuffled(1).samples(1000, 0);
        assertThat(BatchOrder.shuffled(1).samples(1000, 0)).containsExactly(order);
        assertThat(BatchOrder.shuffled(1).samples(1000, 1)).isNotEqualTo(order);
        assertThat(BatchOrder.shuffled(2).samples(1000, 0)).isNotEqualTo(order);
        assertThat(BatchOrder.sequential().samples(4, 9)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void theOrderOfASeedNeverChanges() {
        // Recorded from the first version: a change would silently end the reproducibility of every saved run.
        assertThat(BatchOrder.shuffled(1).samples(10, 0)).containsExactly(7, 8, 9, 3, 5, 1, 2, 4, 0, 6);
    }

    @Test
    void everySampleComesFirstAboutEquallyOften() {
        int[] counts = new int[8];
        for (int epoch = 0; epoch < 4000; epoch++) {
            counts[BatchOrder.shuffled(7).samples(8, epoch)[0]]++;
        }
        // Expected 500 each, standard deviation 21: five of them.
        for (int count : counts) {
            assertThat(count).as("seed 7, counts %s", Arrays.toString(counts)).isBetween(395, 605);
        }
    }

    @Test
    void fillsMicroBatchesOfABatch() {
        Dataset data = new ArrayDataset(
                "pairs", Shape.of(2), new float[] {0, 1, 10, 11, 20, 21, 30, 31, 40, 41}, new int[] {0, 1, 2, 1, 0});
        Batch batch = new Batches(5, 4, BatchOrder.sequential()).batch(0);
        try (TensorArena arena = new TensorArena(1 << 12)) {
            Tensor inputs = arena.allocate(Shape.of(2, 2));
            Tensor targets = arena.allocate(DType.INT32, Shape.of(2));
            batch.copyInputs(data, 2, inputs);
            batch.copyTargets(data, 2, targets);
            assertThat(inputs.toFloats()).containsExactly(20, 21, 30, 31);
            assertThat(targets.getInt(0)).isEqualTo(2);
            assertThat(targets.getInt(1)).isEqualTo(1);
            assertThatThrownBy(() -> batch.copyInputs(data, 3, inputs))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage("position 4 of a batch of 4");
        }
    }

    @Test
    void aValueThatIsNoNumberIsNamedWithItsSampleAndPosition() {
        float[] values = new float[5 * 6];
        values[3 * 6 + 4] = Float.NEGATIVE_INFINITY;
        Dataset data = new ArrayDataset("mine", Shape.of(1, 2, 3), values, new int[] {0, 1, 2, 1, 0});
        Batches shuffled = new Batches(5, 5, BatchOrder.shuffled(1));
        try (TensorArena arena = new TensorArena(1 << 12)) {
            Tensor inputs = arena.allocate(Shape.of(5, 1, 2, 3));
            assertThatThrownBy(() -> shuffled.batch(0).copyInputs(data, 0, inputs))
                    .isInstanceOf(BadDataException.class)
                    .hasMessage("sample 3 of mine: value at [0, 1, 1] is -Infinity");
        }
    }

    @Test
    void aTargetThatIsNoNumberIsNamedWithItsSample() {
        Dataset data = new Heights(new float[] {1, 2, Float.NaN, 4});
        try (TensorArena arena = new TensorArena(1 << 12)) {
            Batch batch = new Batches(4, 4, BatchOrder.sequential()).batch(0);
            Tensor targets = arena.allocate(Shape.of(3));
            assertThatThrownBy(() -> batch.copyTargets(data, 1, targets))
                    .isInstanceOf(BadDataException.class)
                    .hasMessage("sample 2 of heights: target is NaN");
            batch.copyTargets(data, 3, targets.samples(0, 1));
            assertThat(targets.getFloat(0)).isEqualTo(4);
        }
    }

    /** Samples with a number as target. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Heights(float[] values) implements Dataset {
        @Override
        public String name() {
            return "heights";
        }

        @Override
        public int size() {
            return values.length;
        }

        @Override
        public Shape inputShape() {
            return Shape.of(1);
        }

        @Override
        public DType targetType() {
            return DType.FLOAT32;
        }

        @Override
        public int classes() {
            return 1;
        }

        @Override
        public void copyInput(int sample, Tensor batch, int row) {
            batch.setFloat(row, sample);
        }

        @Override
        public void copyTarget(int sample, Tensor batch, int row) {
            batch.setFloat(row, values[sample]);
        }

        @Override
        public String identity() {
            return "heights";
        }
    }
}
