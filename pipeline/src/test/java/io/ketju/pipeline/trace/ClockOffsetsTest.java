package io.ketju.pipeline.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.pipeline.stage.TensorKey;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Tensors go between processes whose clocks began at different times. */
class ClockOffsetsTest {
    private static final long LEAST = 700;

    private final List<List<TracedTensor>> sent = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    private final List<List<TracedTensor>> arrived = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    private final long[] ahead = {0, 5_000_000_000L, -123_457};

    private void move(int from, int to, long window, long at, long takes) {
        TensorKey.Kind kind = from < to ? TensorKey.Kind.ACTIVATION : TensorKey.Kind.GRADIENT;
        TracedTensor tensor = new TracedTensor(kind, window, 0, 0, from, to, 0);
        sent.get(from).add(tensor.earlier(-at - ahead[from]));
        arrived.get(to).add(tensor.earlier(-at - takes - ahead[to]));
    }

    private List<ProcessTrace> processes() {
        List<ProcessTrace> processes = new ArrayList<>();
        for (int process = 0; process < sent.size(); process++) {
            processes.add(new ProcessTrace(List.of(), sent.get(process), arrived.get(process), 0));
        }
        return processes;
    }

    @Test
    void theShortestWaysThereAndBackGiveTheOffset() {
        SplittableRandom random = new SplittableRandom(5);
        for (int window = 0; window < 100; window++) {
            for (int from = 0; from < 2; from++) {
                long late = window == 50 ? 0 : random.nextLong(40_000);
                move(from, from + 1, window, window * 1000L, LEAST + late);
                move(from + 1, from, window, window * 1000L + 500, LEAST + late / 2);
            }
        }
        assertThat(ClockOffsets.ahead(processes())).containsExactly(ahead);
        List<ProcessTrace> aligned = ClockOffsets.aligned(processes());
        for (int window = 0; window < 100; window++) {
            assertThat(aligned.get(0).sent().get(window).at()).isEqualTo(window * 1000L);
            assertThat(aligned.get(2).sent().get(window).at()).isEqualTo(window * 1000L + 500);
        }
    }

    @Test
    void withWaysOfDifferentLengthNothingArrivesBeforeItWasSent() {
        move(0, 1, 0, 10, 9_001);
        move(1, 0, 0, 20, 2_000);
        List<ProcessTrace> aligned = ClockOffsets.aligned(processes());
        assertThat(aligned.get(1).arrived().getFirst().at())
                .isGreaterThan(aligned.get(0).sent().getFirst().at());
        assertThat(aligned.get(0).arrived().getFirst().at())
                .isGreaterThan(aligned.get(1).sent().getFirst().at());
    }

    @Test
    void whereTensorsGoOneWayTheShortestTakesNoTime() {
        move(0, 1, 0, 10, 4_000);
        move(0, 1, 1, 30, 3_000);
        move(2, 1, 0, 50, 100);
        assertThat(ClockOffsets.ahead(processes()))
                .containsExactly(0, ahead[1] + 3_000, ahead[1] + 3_000 - (ahead[1] - ahead[2] + 100));
    }

    @Test
    void whoExchangesNothingKeepsItsClock() {
        move(0, 1, 0, 10, 4_000);
        assertThat(ClockOffsets.ahead(processes())[2]).isZero();
    }
}
