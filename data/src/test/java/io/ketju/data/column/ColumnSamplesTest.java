package io.ketju.data.column;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BadDataException;
import io.ketju.data.BatchOrder;
import io.ketju.data.BatchPlan;
import io.ketju.data.BatchTensors;
import io.ketju.data.SampleBatches;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ColumnSamplesTest {
    private static final int IGNORED = -100;

    private static final int[][] SOURCES = {{1, 2, 3}, {4}, {5, 6}, {7, 8, 9, 10}, {11}};
    private static final int[][] TARGETS = {{21}, {22, 23}, {24, 25, 26}, {27}, {28, 29}};

    /** Pairs of sequences for an encoder and a decoder. */
    private static ColumnSamples pairs(int multiple) {
        Sequences sources = Sequences.of("sources", SOURCES).paddedToMultipleOf(multiple);
        Sequences targets = Sequences.of("targets", TARGETS);
        return new ColumnSamples(
                "pairs",
                new PaddedColumn("source", sources, 0),
                new LengthColumn("source_lengths", sources),
                new MaskColumn("source_mask", sources),
                new PaddedColumn("target", targets, IGNORED));
    }

    private static int[] ints(Tensor tensor) {
        return IntStream.range(0, tensor.elements()).map(tensor::getInt).toArray();
    }

    @Test
    void pairsArePaddedToTheLongestOfTheMicrobatchEachForItself() {
        SampleBatches batches = new SampleBatches(pairs(1), 5, 2, BatchOrder.sequential());
        BatchPlan plan = batches.plan(0);
        assertThat(plan.microbatches().get(0).types()).containsEntry("source", TensorType.ints(3, 3));
        assertThat(plan.microbatches().get(0).types()).containsEntry("target", TensorType.ints(3, 3));
        assertThat(plan.microbatches().get(1).types()).containsEntry("source", TensorType.ints(2, 4));
        assertThat(plan.microbatches().get(1).types()).containsEntry("target", TensorType.ints(2, 2));
        try (BatchTensors tensors = new BatchTensors(batches)) {
            Map<String, Tensor> first = tensors.read(plan).get(0);
            assertThat(ints(Objects.requireNonNull(first.get("source")))).containsExactly(1, 2, 3, 4, 0, 0, 5, 6, 0);
            assertThat(ints(Objects.requireNonNull(first.get("source_lengths"))))
                    .containsExactly(3, 1, 2);
            assertThat(ints(Objects.requireNonNull(first.get("source_mask"))))
                    .containsExactly(1, 1, 1, 1, 0, 0, 1, 1, 0);
            assertThat(ints(Objects.requireNonNull(first.get("target"))))
                    .containsExactly(21, IGNORED, IGNORED, 22, 23, IGNORED, 24, 25, 26);
        }
    }

    @Test
    void bucketsHaveFewerLengths() {
        SampleBatches batches = new SampleBatches(pairs(4), 1, 1, BatchOrder.sequential());
        for (int index = 0; index < 5; index++) {
            assertThat(batches.plan(index).microbatches().getFirst().types())
                    .containsEntry("source", TensorType.ints(1, 4));
        }
    }

    @Test
    void theLargestTypesAreThoseOfTheLongest() {
        SampleBatches batches = new SampleBatches(pairs(3), 5, 2, BatchOrder.shuffled(1));
        assertThat(batches.ports().stream().map(port -> port.name() + " " + port.largest()))
                .containsExactly(
                        "source int32[3, 6]",
                        "source_lengths int32[3]",
                        "source_mask int32[3, 6]",
                        "target int32[3, 3]");
    }

    /** Whatever was asked before. */
    @Test
    void aBatchIsAFunctionOfItsIndex() {
        SampleBatches inOrder = new SampleBatches(pairs(1), 2, 2, BatchOrder.shuffled(9));
        List<List<int[]>> all = new ArrayList<>();
        for (long index = 0; index < 9; index++) {
            all.add(sources(inOrder, index));
        }
        SampleBatches jumping = new SampleBatches(pairs(1), 2, 2, BatchOrder.shuffled(9));
        for (int index = 8; index >= 0; index--) {
            assertThat(sources(jumping, index)).usingRecursiveComparison().isEqualTo(all.get(index));
        }
        assertThat(jumping.plan(4).dataEpoch()).isEqualTo(1);
        assertThat(jumping.plan(2).samples()).isEqualTo(1);
    }

    private static List<int[]> sources(SampleBatches batches, long index) {
        try (BatchTensors tensors = new BatchTensors(batches)) {
            return tensors.read(batches.plan(index)).stream()
                    .map(microbatch -> ints(Objects.requireNonNull(microbatch.get("source"))))
                    .toList();
        }
    }

    @Test
    void numbersOfEverySampleAreInTheOrderOfTheBatch() {
        ColumnSamples samples = new ColumnSamples(
                "numbers",
                new FloatColumn("x", Shape.of(2), 1, 2, 3, 4, 5, 6),
                new IntColumn("pair", Shape.of(2), 7, 8, 9, 10, 11, 12),
                IntColumn.classes("class", 0, 1, 2));
        SampleBatches batches = new SampleBatches(samples, 2, 1, BatchOrder.sequential());
        try (BatchTensors tensors = new BatchTensors(batches)) {
            Map<String, Tensor> last = tensors.read(batches.plan(1)).getFirst();
            assertThat(Objects.requireNonNull(last.get("x")).toFloats()).containsExactly(5, 6);
            assertThat(ints(Objects.requireNonNull(last.get("pair")))).containsExactly(11, 12);
            assertThat(ints(Objects.requireNonNull(last.get("class")))).containsExactly(2);
        }
    }

    /** Beside one that gives the same, in batches of any order. */
    @Test
    void anOwnColumnGivesItsValues() {
        Lengths own = new Lengths("own", List.of(SOURCES));
        LengthColumn known = new LengthColumn("known", Sequences.of("sources", SOURCES));
        SampleBatches batches = new SampleBatches(new ColumnSamples("both", own, known), 2, 1, BatchOrder.shuffled(9));
        try (BatchTensors tensors = new BatchTensors(batches)) {
            for (int index : new int[] {2, 0, 1}) {
                Map<String, Tensor> batch = tensors.read(batches.plan(index)).getFirst();
                assertThat(ints(Objects.requireNonNull(batch.get("own"))))
                        .isEqualTo(ints(Objects.requireNonNull(batch.get("known"))));
            }
        }
        assertThat(identity(own)).isEqualTo(identity(new Lengths("own", List.of(SOURCES))));
        assertThat(identity(own)).isNotEqualTo(identity(new Lengths("own", List.of(TARGETS))));
    }

    private static String identity(Column column) {
        return new SampleBatches(new ColumnSamples("one", column), 2, 1, BatchOrder.sequential()).identity();
    }

    @Test
    void whatCannotBeUsedIsNamed() {
        assertThatThrownBy(() -> Sequences.of("mine", new int[] {1}, new int[0]))
                .isInstanceOf(BadDataException.class)
                .hasMessage("mine, sample 1: expected a sequence of at least one element, found an empty one");
        assertThatThrownBy(
                        () -> new ColumnSamples("mine", IntColumn.classes("a", 1, 2), IntColumn.classes("b", 1, 2, 3)))
                .hasMessage("mine, column 'b': expected 2 samples as in 'a', found 3");
        assertThatThrownBy(() -> new ColumnSamples("mine", IntColumn.classes("a", 1), IntColumn.classes("a", 1)))
                .hasMessage("mine, column 'a': expected each name once, found two columns of this name");
        ColumnSamples bad = new ColumnSamples("mine", new FloatColumn("x", Shape.of(2), 1, 2, 3, Float.NaN));
        SampleBatches batches = new SampleBatches(bad, 2, 1, BatchOrder.sequential());
        try (BatchTensors tensors = new BatchTensors(batches)) {
            assertThatThrownBy(() -> tensors.read(batches.plan(0)))
                    .hasMessage("column 'x', sample 1: value at [1] is NaN");
        }
    }

    @Test
    void everythingThatIsSeenIsInTheIdentity() {
        List<String> identities = new ArrayList<>();
        identities.add(new SampleBatches(pairs(1), 2, 2, BatchOrder.shuffled(9)).identity());
        identities.add(new SampleBatches(pairs(2), 2, 2, BatchOrder.shuffled(9)).identity());
        identities.add(new SampleBatches(pairs(1), 2, 1, BatchOrder.shuffled(9)).identity());
        identities.add(new SampleBatches(pairs(1), 2, 2, BatchOrder.shuffled(8)).identity());
        assertThat(identities).doesNotHaveDuplicates();
        assertThat(new SampleBatches(pairs(1), 2, 2, BatchOrder.shuffled(9)).identity())
                .isEqualTo(identities.getFirst());
    }
}
