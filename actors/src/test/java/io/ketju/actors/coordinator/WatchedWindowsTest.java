package io.ketju.actors.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ketju.actors.job.TimelineSample;
import io.ketju.actors.job.TimelineWatcher;
import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.CoordinatorCommand.WindowWatched;
import io.ketju.actors.message.PlannedWindow;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.stage.StageMachine;
import io.ketju.pipeline.stage.Window;
import io.ketju.pipeline.trace.Cause;
import io.ketju.pipeline.trace.LinkBytes;
import io.ketju.pipeline.trace.ProcessTrace;
import io.ketju.pipeline.trace.RankLoad;
import io.ketju.pipeline.trace.TracedAction;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchedWindowsTest {
    private static final long PACE = WatchedWindows.PACE.toNanos();

    private final Assignment assignment = new Assignment(Placement.oneEach(3), List.of(1, 0, 1));
    private final List<TimelineSample> seen = new ArrayList<>();
    private boolean looking = true;
    private int asked;
    private long now = Long.MAX_VALUE - 5; // a clock of this kind may run over

    private final WatchedWindows windows = new WatchedWindows(
            List.of(new TimelineWatcher() {
                @Override
                public boolean watching() {
                    asked++;
                    return looking;
                }

                @Override
                public void saw(TimelineSample sample) {
                    seen.add(sample);
                }
            }),
            assignment,
            () -> now);

    private boolean begins(long number, Window.Phase phase) {
        return windows.begins(new PlannedWindow(number, phase, 0, number + 1, true, 1, number, false, false));
    }

    private boolean trains(long number) {
        return begins(number, Window.Phase.TRAIN);
    }

    private static ProcessTrace did(int rank, long window) {
        return new ProcessTrace(
                List.of(new TracedAction(
                        rank,
                        window,
                        Window.Phase.TRAIN,
                        Action.step(rank),
                        Cause.of(Cause.Reason.TURN),
                        1,
                        2,
                        3,
                        4,
                        5)),
                List.of(),
                List.of(),
                1);
    }

    /** As much as the window's number. */
    private static RankLoad load(int rank, long window) {
        return new RankLoad(1_000 * window, List.of(new LinkBytes(rank, 7, window)), List.of());
    }

    private void told(long window, int rank) {
        windows.told(new WindowWatched(1, window, rank, did(rank, window), load(rank, window)));
    }

    private void tell(long window) {
        for (int rank = 0; rank < 3; rank++) {
            told(window, rank);
        }
    }

    @Test
    void aSampleIsOfTwoWindowsAndIsToldWhenAllRanksHaveToldOfBoth() {
        assertThat(trains(7)).isTrue();
        assertThat(trains(8)).isTrue();
        assertThat(trains(9)).isFalse();
        tell(8);
        told(7, 0);
        told(7, 2);
        assertThat(seen).isEmpty();
        told(7, 1);
        assertThat(seen)
                .containsExactly(new TimelineSample(
                        3,
                        List.of(
                                ProcessTrace.together(List.of(did(1, 7), did(1, 8))),
                                ProcessTrace.together(List.of(did(0, 7), did(2, 7), did(0, 8), did(2, 8)))),
                        List.of(load(0, 8), load(1, 8), load(2, 8))));
        assertThat(seen.getFirst().processes().getLast().dropped()).isEqualTo(4);
    }

    @Test
    void theNextSampleComesWhenItIsTime() {
        trains(0);
        trains(1);
        tell(0);
        tell(1);
        now += PACE - 1;
        assertThat(trains(2)).isFalse();
        now++;
        assertThat(trains(3)).isTrue();
        assertThat(trains(4)).isTrue();
        tell(3);
        tell(4);
        assertThat(seen).hasSize(2);
    }

    @Test
    void whileNobodyLooksNothingIsTold() {
        looking = false;
        for (int window = 0; window < 100; window++) {
            assertThat(trains(window)).isFalse();
        }
        assertThat(asked).isOne();
        tell(99);
        assertThat(seen).isEmpty();
        looking = true;
        now += PACE;
        assertThat(trains(100)).isTrue();
    }

    @Test
    void windowsThatDoNotTrainAreNoneOfIt() {
        assertThat(begins(0, Window.Phase.EVALUATE)).isFalse();
        assertThat(trains(1)).isTrue();
        tell(1);
        assertThat(seen).isEmpty();
        assertThat(begins(2, Window.Phase.EVALUATE)).isFalse();
        assertThat(seen)
                .containsExactly(new TimelineSample(
                        3,
                        List.of(did(1, 1), ProcessTrace.together(List.of(did(0, 1), did(2, 1)))),
                        List.of(load(0, 1), load(1, 1), load(2, 1))));
    }

    @Test
    void aSampleThatDoesNotComeGivesWayToTheNext() {
        trains(0);
        trains(1);
        tell(0);
        now += PACE;
        for (long window = 2; window <= 1 + StageMachine.MAX_WINDOWS; window++) {
            assertThat(trains(window)).as("window %d", window).isFalse();
        }
        long next = 2 + StageMachine.MAX_WINDOWS;
        assertThat(trains(next)).isTrue();
        assertThat(trains(next + 1)).isTrue();
        tell(1); // too late
        assertThat(seen).isEmpty();
        tell(next);
        tell(next + 1);
        assertThat(seen).hasSize(1);
    }

    @Test
    void whatNobodyAskedForIsDropped() {
        trains(0);
        begins(1, Window.Phase.EVALUATE);
        told(1, 0);
        told(0, -1);
        told(0, 3);
        told(0, 0);
        told(0, 1);
        assertThat(seen).isEmpty();
        told(0, 2);
        assertThat(seen).hasSize(1);
    }

    @Test
    void whatAWatcherThrowsIsOfAListener() {
        WatchedWindows broken = new WatchedWindows(
                List.of(new TimelineWatcher() {
                    @Override
                    public boolean watching() {
                        throw new IllegalStateException("no eyes");
                    }

                    @Override
                    public void saw(TimelineSample sample) {}
                }),
                assignment,
                () -> now);
        assertThatExceptionOfType(ListenerFailedException.class)
                .isThrownBy(
                        () -> broken.begins(new PlannedWindow(0, Window.Phase.TRAIN, 0, 1, true, 1, 0, false, false)))
                .withMessageContaining("no eyes");
    }
}
