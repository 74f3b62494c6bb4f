package io.ketju.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.checkpoint.DriverNote;
import io.ketju.actors.checkpoint.RunSight;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What follows from what is seen of a run and its driver, over time that the test makes. */
class StandbyRulesTest {
    private static final Optional<DriverNote.End> NO_WORD = Optional.empty();
    private static final RunSight DIRECTED = new RunSight(3, true, Optional.of("a:1"), NO_WORD);
    private static final RunSight KILLED = new RunSight(3, false, Optional.of("a:1"), NO_WORD);

    private final StandbyRules rules = new StandbyRules();
    private long nanos = 7;

    private StandbyRules.Verdict look(RunSight run, boolean member, int older) {
        return rules.on(new StandbyRules.Look(nanos, Optional.of(run), member, older));
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private static RunSight left(DriverNote.Outcome outcome) {
        return new RunSight(3, false, Optional.of("a:1"), Optional.of(new DriverNote.End(outcome, "why")));
    }

    private static void watches(StandbyRules.Verdict verdict, String what) {
        assertThat(verdict).isEqualTo(new StandbyRules.Watch(what));
    }

    private static void takesOver(StandbyRules.Verdict verdict, RunSight seen) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        StandbyRules.TakeOver.class,
                        taken -> assertThat(taken.seen()).isEqualTo(seen));
    }

    @Test
    void aDriverThatIsKilledIsFollowedAtOnce() {
        watches(rules.on(new StandbyRules.Look(nanos, Optional.empty(), false, 0)), "no driver has begun it yet");
        watches(look(DIRECTED, true, 0), "its driver is at a:1");
        takesOver(look(KILLED, true, 0), KILLED);
    }

    @Test
    void oneThatStandsStillIsFollowedWhenTheClusterHasGivenItUp() {
        watches(look(DIRECTED, true, 0), "its driver is at a:1");
        pass(Duration.ofMinutes(5));
        watches(look(DIRECTED, true, 0), "its driver is at a:1");
        takesOver(look(DIRECTED, false, 0), DIRECTED);
    }

    /** It may be about to join, in another cluster or in none: nothing is known of it. */
    @Test
    void oneThatWasNeverInTheClusterIsNotFollowedWhileItLives() {
        for (int i = 0; i < 3; i++) {
            watches(look(DIRECTED, false, 0), "its driver at a:1 is not in this cluster yet");
            pass(Duration.ofHours(1));
        }
        RunSight elsewhere = new RunSight(3, true, Optional.empty(), NO_WORD);
        watches(look(elsewhere, false, 0), "another process has it");
        takesOver(look(KILLED, false, 0), KILLED);
    }

    /** The address of the one before says nothing of a process that has just taken the run. */
    @Test
    void oneThatFollowsAnotherIsWatchedFromTheBeginning() {
        look(DIRECTED, true, 1);
        RunSight next = new RunSight(4, true, Optional.of("b:2"), NO_WORD);
        watches(look(next, false, 1), "its driver at b:2 is not in this cluster yet");
        watches(look(next, true, 0), "its driver is at b:2");
        takesOver(look(next, false, 0), next);
    }

    @Test
    void whoCameFirstTakesOverFirst() {
        look(DIRECTED, true, 2);
        watches(look(KILLED, true, 2), "its driver is lost; 2 nodes that came before may take over");
        pass(StandbyRules.TURN);
        watches(look(KILLED, true, 2), "its driver is lost; 2 nodes that came before may take over");
        pass(StandbyRules.TURN);
        takesOver(look(KILLED, true, 2), KILLED);
        takesOver(look(KILLED, true, 0), KILLED);
    }

    /** Another loss is another wait. */
    @Test
    void aLossThatWasFollowedByAnotherDriverIsForgotten() {
        look(DIRECTED, true, 1);
        look(KILLED, true, 1);
        pass(StandbyRules.TURN);
        RunSight next = new RunSight(4, true, Optional.of("b:2"), NO_WORD);
        look(next, true, 1);
        RunSight killedToo = new RunSight(4, false, Optional.of("b:2"), NO_WORD);
        assertThat(look(killedToo, true, 1)).isInstanceOf(StandbyRules.Watch.class);
        pass(StandbyRules.TURN);
        takesOver(look(killedToo, true, 1), killedToo);
    }

    @Test
    void whoLeavesWithAWordIsNotFollowed() {
        for (DriverNote.Outcome outcome : DriverNote.Outcome.values()) {
            StandbyRules fresh = new StandbyRules();
            fresh.on(new StandbyRules.Look(0, Optional.of(DIRECTED), true, 0));
            RunSight left = left(outcome);
            assertThat(fresh.on(new StandbyRules.Look(1, Optional.of(left), true, 0)))
                    .isEqualTo(new StandbyRules.Over(left.end().orElseThrow()));
        }
    }

    /** It says so first, writes the weights, and only then lets go. */
    @Test
    void whoIsAboutToLeaveIsWaitedFor() {
        look(DIRECTED, true, 0);
        RunSight leaving = new RunSight(
                3, true, Optional.of("a:1"), left(DriverNote.Outcome.COMPLETE).end());
        watches(look(leaving, true, 0), "its driver is at a:1");
        assertThat(look(leaving, false, 0)).isInstanceOf(StandbyRules.Over.class);
    }

    /** Of a run that ended before, and may be resumed. */
    @Test
    void whoComesBeforeTheDriverWaitsForIt() {
        watches(look(left(DriverNote.Outcome.STOPPED), false, 0), "no driver goes on with it yet");
        pass(Duration.ofHours(1));
        watches(look(left(DriverNote.Outcome.FAILED), false, 0), "no driver goes on with it yet");
        RunSight resumed = new RunSight(4, true, Optional.of("b:2"), NO_WORD);
        watches(look(resumed, true, 0), "its driver is at b:2");
        takesOver(
                look(new RunSight(4, false, Optional.of("b:2"), NO_WORD), true, 0),
                new RunSight(4, false, Optional.of("b:2"), NO_WORD));
    }

    @Test
    void aRunThatWasLostBeforeIsTakenOverUnlessItsDriverComes() {
        watches(look(KILLED, false, 0), "no driver has it; takes over unless one comes");
        pass(StandbyRules.GRACE.minusNanos(1));
        assertThat(look(KILLED, false, 0)).isInstanceOf(StandbyRules.Watch.class);
        pass(Duration.ofNanos(1));
        takesOver(look(KILLED, false, 0), KILLED);
    }

    @Test
    void aCompleteRunNeedsNobody() {
        assertThat(look(left(DriverNote.Outcome.COMPLETE), false, 0)).isInstanceOf(StandbyRules.Over.class);
    }
}
