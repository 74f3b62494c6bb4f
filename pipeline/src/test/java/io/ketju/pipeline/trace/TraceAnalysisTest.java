package io.ketju.pipeline.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.stage.StagePorts;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.pipeline.stage.Window;
import io.ketju.pipeline.trace.Cause.Reason;
import io.ketju.pipeline.trace.TraceReport.Hop;
import io.ketju.pipeline.trace.TraceReport.Pace;
import io.ketju.pipeline.trace.TraceReport.RankTimes;
import io.ketju.pipeline.trace.TraceReport.Wait;
import io.ketju.pipeline.trace.TraceReport.Waiting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two stages, of two ranks, one micro-batch: every window takes 1000, and its times are written down here. */
class TraceAnalysisTest {
    private static final Cause TURN = Cause.of(Reason.TURN);

    private final List<TracedAction> first = new ArrayList<>();
    private final List<TracedAction> second = new ArrayList<>();
    private final List<TracedTensor> sentByFirst = new ArrayList<>();
    private final List<TracedTensor> sentBySecond = new ArrayList<>();

    private static TracedAction action(long window, String text, Cause cause, long... times) {
        Action action = Action.parse(text);
        long from = window * 1000;
        return new TracedAction(
                action.stage(),
                window,
                Window.Phase.TRAIN,
                action,
                cause,
                from + times[0],
                from + times[1],
                from + times[2],
                from + times[3],
                from + times[times.length - 1]);
    }

    private static TracedTensor tensor(TensorKey.Kind kind, long window, int from, int to, long at) {
        return new TracedTensor(kind, window, 0, 0, from, to, window * 1000 + at);
    }

    private void windows(int count) {
        for (int window = 0; window < count; window++) {
            first.add(action(window, "0F0", new Cause(Reason.FED, StagePorts.FEEDER, 0), 40, 45, 145, 150));
            first.add(action(window, "0B0", new Cause(Reason.GRADIENT, 1, 0), 620, 630, 830, 840, 843));
            first.add(action(window, "0S", TURN, 845, 850, 900, 910));
            second.add(action(window, "1F0", new Cause(Reason.ACTIVATION, 0, 0), 200, 210, 310, 320));
            second.add(action(window, "1B0", Cause.of(Reason.BUFFER), 370, 370, 570, 575, 579));
            second.add(action(window, "1S", TURN, 580, 580, 680, 700));
            sentByFirst.add(tensor(TensorKey.Kind.ACTIVATION, window, 0, 1, 160));
            sentBySecond.add(tensor(TensorKey.Kind.GRADIENT, window, 1, 0, 577));
        }
    }

    private TraceReport inOneProcess() {
        List<TracedAction> actions = new ArrayList<>(first);
        actions.addAll(second);
        List<TracedTensor> sent = new ArrayList<>(sentByFirst);
        sent.addAll(sentBySecond);
        return TraceAnalysis.report(List.of(new ProcessTrace(actions, sent, List.of(), 0)));
    }

    private TraceReport inTwoProcesses() {
        return TraceAnalysis.report(List.of(
                new ProcessTrace(first, sentByFirst, List.of(), 0),
                new ProcessTrace(second, sentBySecond, List.of(), 3)));
    }

    @Test
    void everyNanosecondOfASteadyWindowIsForSomething() {
        windows(12);
        TraceReport report = inOneProcess();
        assertThat(report.skipped()).isEqualTo(3);
        assertThat(report.windows()).isEqualTo(9);
        // Within the process, what was sent waits for a thread: 620 - 577 and 200 - 160.
        assertThat(report.ranks())
                .containsExactly(
                        times(0, 350, 130 + 427, 10 + 5 + 5 + 10 + 10 + 5 + 43, 0, 3, 2),
                        times(1, 400, 460, 20 + 10 + 10 + 5 + 40, 50, 4, 1));
        assertThat(report.ranks()).allSatisfy(rank -> assertThat(rank.total()).isEqualTo(9 * 1000));
    }

    /** Of nine windows: computing, waiting for input, a thread and buffers, sending, other. */
    private static RankTimes times(int rank, long... ofOne) {
        long[] all = Arrays.stream(ofOne).map(nanos -> 9 * nanos).toArray();
        return new RankTimes(rank, List.of(rank), all[0], all[1], all[2], all[3], all[4], all[5]);
    }

    @Test
    void onTheWayFromAnotherProcessATensorIsInput() {
        windows(12);
        TraceReport report = inTwoProcesses();
        assertThat(report.ranks())
                .containsExactly(
                        times(0, 350, 130 + 470, 10 + 5 + 5 + 10 + 10 + 5, 0, 3, 2), times(1, 400, 500, 45, 50, 4, 1));
        assertThat(report.dropped()).isEqualTo(3);
        // 130 of 1000 on the first of two ranks.
        assertThat(report.feederShare()).isEqualTo(0.065);
        assertThat(report.waits().subList(0, 3))
                .containsExactly(
                        new Wait(1, Waiting.INPUT, new Cause(Reason.ACTIVATION, 0, 0), 4500, 9, 500),
                        new Wait(0, Waiting.INPUT, new Cause(Reason.GRADIENT, 1, 0), 4230, 9, 470),
                        new Wait(0, Waiting.INPUT, new Cause(Reason.FED, StagePorts.FEEDER, 0), 1170, 9, 130));
    }

    @Test
    void hopsAndPaceAreOfSteadyWindows() {
        windows(12);
        TraceReport report = inTwoProcesses();
        assertThat(report.hops())
                .containsExactly(
                        new Hop(TensorKey.Kind.ACTIVATION, 0, 1, 9, 40, 40),
                        new Hop(TensorKey.Kind.GRADIENT, 1, 0, 9, 43, 43));
        assertThat(report.pace()).contains(new Pace(1000, 750, 100 + 100 + 200 + 200 + 50));
    }

    @Test
    void aWindowThatIsNotWholeSaysNothingOfThePace() {
        windows(12);
        first.set(first.size() - 2, action(11, "0B0", TURN, 700, 700, 9_000_700, 9_000_700));
        first.removeLast();
        assertThat(inOneProcess().pace()).contains(new Pace(1000, 750, 650));
    }

    @Test
    void nothingIsToldOfNothing() {
        TraceReport report = inOneProcess();
        assertThat(report.ranks()).isEmpty();
        assertThat(report.waits()).isEmpty();
        assertThat(report.pace()).isEmpty();
    }

    @Test
    void ranksThatAreMissingLeaveNoPlan() {
        windows(12);
        first.clear();
        assertThat(inOneProcess().pace()).isEmpty();
        assertThat(inOneProcess().ranks()).hasSize(1);
    }

    @Test
    void windowsThatEvaluateAreNoneOfThem() {
        windows(4);
        TracedAction evaluated =
                new TracedAction(0, 4, Window.Phase.EVALUATE, Action.parse("0F0"), TURN, 5000, 5000, 5100, 5110, 5110);
        first.add(evaluated);
        TraceReport report = inOneProcess();
        assertThat(report.windows() + report.skipped()).isEqualTo(4);
        assertThat(report.ranks().getFirst().total()).isEqualTo(3 * 1000);
    }
}
