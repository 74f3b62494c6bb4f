package io.ketju.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BadDataException;
import io.ketju.data.BatchPlan;
import io.ketju.data.BatchPort;
import io.ketju.data.BatchSource;
import io.ketju.data.MicrobatchPlan;
import io.ketju.pipeline.stage.Window;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JobBatchesTest {
    /** Says that it has two micro-batches of two samples, and has those that it is made with; later inputs may lack rows. */
    private record Planned(List<Integer> first, List<Integer> later, int missingRows, int steps)
            implements BatchSource {
        @Override
        public String name() {
            return "planned";
        }

        @Override
        public List<BatchPort> ports() {
            return List.of(
                    BatchPort.changing("input", TensorType.floats(2, 4)),
                    BatchPort.changing("target", TensorType.ints(2)));
        }

        @Override
        public int batchSize() {
            return 4;
        }

        @Override
        public int microbatches() {
            return 2;
        }

        @Override
        public int stepsPerEpoch() {
            return steps;
        }

        @Override
        public BatchPlan plan(long index) {
            List<MicrobatchPlan> parts = new ArrayList<>();
            for (int samples : index == 0 ? first : later) {
                int rows = index == 0 ? samples : samples - missingRows;
                parts.add(new MicrobatchPlan(
                        samples,
                        new TreeMap<>(
                                Map.of("input", TensorType.floats(rows, 4), "target", TensorType.ints(samples)))));
            }
            return new BatchPlan(index, index, parts);
        }

        @Override
        public void copy(BatchPlan plan, int microbatch, String port, Tensor target) {
            target.clear();
        }

        @Override
        public String identity() {
            return "planned";
        }
    }

    private static JobBatches batches(Integer... later) {
        return batches(new Planned(List.of(2, 2), List.of(later), 0, 1));
    }

    private static JobBatches batches(Planned source) {
        return new JobBatches(new JobBuilder().model("mlp(4, 3)").data(source).build());
    }

    @Test
    void aWindowSaysWhatItsMicrobatchesAreAndWhatTheirTargetsWeigh() {
        JobBatches batches = batches(1, 2);
        BatchPlan plan = batches.plan(Window.Phase.TRAIN, 3);
        Window window = batches.window(5, Window.Phase.TRAIN, 0, 4, plan);
        assertThat(window.parts()).containsExactly(Window.Part.of(1), Window.Part.of(2));
        assertThat(window.denominators()).isEqualTo(Collections.singletonList(3.0));
        assertThat(window.firstSample(1)).isEqualTo(1);
    }

    @Test
    void aSourceKeepsItsWord() {
        assertThatThrownBy(() -> batches(3, 1).plan(Window.Phase.TRAIN, 1))
                .isInstanceOf(BadDataException.class)
                .hasMessage("planned, batch 1, micro-batch 0: expected at most 2 samples, found 3");
        assertThatThrownBy(() -> batches(1, 1, 1).plan(Window.Phase.TRAIN, 1))
                .isInstanceOf(BadDataException.class)
                .hasMessage("planned, batch 1: expected at most 2 micro-batches, found 3");
    }

    @Test
    void samplesAreTheRowsOfTheInputs() {
        Planned source = new Planned(List.of(2, 2), List.of(2), 1, 1);
        assertThatThrownBy(() -> batches(source).plan(Window.Phase.TRAIN, 1))
                .isInstanceOf(BadDataException.class)
                .hasMessage("planned, batch 1, micro-batch 0, 'input': expected what the model takes of 2 samples,"
                        + " at most float32[2, 4], found float32[1, 4]");
    }

    @Test
    void anEpochHasAStep() {
        Planned source = new Planned(List.of(2, 2), List.of(2), 0, 0);
        assertThatThrownBy(() -> batches(source))
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("data 'planned': steps of an epoch: expected at least 1, found 0");
    }
}
