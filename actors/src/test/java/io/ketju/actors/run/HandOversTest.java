package io.ketju.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.SmallJobs;
import io.ketju.actors.coordinator.RunOutcome;
import io.ketju.actors.coordinator.RunReporter;
import io.ketju.actors.job.Repartition;
import io.ketju.actors.job.Stall;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.Refusal;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.WorkerCommand;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Workers are called by the names of their actors here. */
class HandOversTest {
    private static final TrainingJob JOB = SmallJobs.tiny().stages(3).build();
    private static final RunOutcome PAUSED = ended(Optional.empty());

    private final ActorTestKit kit = ActorTestKit.create("ketju-hand-overs-test");
    private final ActorRef<WorkerCommand> one = worker("one");
    private final ActorRef<WorkerCommand> two = worker("two");
    private final ActorRef<WorkerCommand> spare = worker("spare");
    private final ActorRef<WorkerCommand> other = worker("other");
    private final HandOvers handOvers = new HandOvers(worker -> worker.path().name());

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    private ActorRef<WorkerCommand> worker(String name) {
        return kit.<WorkerCommand>createTestProbe(name).getRef();
    }

    private static RunOutcome ended(Optional<RunFailure> failure) {
        return new RunOutcome(failure, Optional.empty(), 7, false, Optional.empty());
    }

    private static Optional<RunFailure> refused(Refusal.Reason reason) {
        return Optional.of(new RunFailure.WorkerRefused("worker 1", new Refusal(reason, "no")));
    }

    private static HandOvers.Held held(ActorRef<WorkerCommand> worker) {
        return held(List.of(worker));
    }

    private static HandOvers.Held held(ActorRef<WorkerCommand> first, ActorRef<WorkerCommand> second) {
        return held(List.of(first, second));
    }

    private static HandOvers.Held held(List<ActorRef<WorkerCommand>> workers) {
        return new HandOvers.Held(workers, Assignment.contiguous(JOB.pipeline().placement(), workers.size()));
    }

    private String told(HandOvers.Held now) {
        return handOvers.move(JOB, now, 1).cause().replaceAll("-\\d+", "");
    }

    private void heard() {
        handOvers.told(new TrainingEvent.Repartitioned(
                JOB, List.of(0, 1), "told", 8, 2, new Stall(Duration.ZERO, Duration.ZERO, Duration.ZERO)));
    }

    /** Whoever stays keeps its place, and with it its stages. */
    @Test
    void aSpareTakesThePlaceOfTheOneThatLeaves() {
        assertThat(handOvers.concern(List.of(one, two))).isFalse();
        assertThat(handOvers.leaves(one)).isTrue();
        assertThat(handOvers.leaves(one)).as("again").isFalse();
        assertThat(handOvers.concern(List.of(one, two))).isTrue();
        handOvers.instead(List.of(one, two, spare));
        assertThat(handOvers.after(PAUSED, held(one, two))).contains(Recovery.Kind.HAND_OVER);
        assertThat(handOvers.cause().replaceAll("-\\d+", "")).isEqualTo("one with stages 0, 1 left after step 7");
        assertThat(handOvers.workers(List.of(one, two))).containsExactly(spare, two);
        assertThat(told(held(spare, two))).isEqualTo("one with stages 0, 1 left after step 7: they are on spare now");
        assertThat(handOvers.untold()).isTrue();
        heard();
        assertThat(handOvers.untold()).isFalse();
        assertThat(handOvers.concern(List.of(spare, two))).isFalse();
    }

    @Test
    void withoutASpareThoseThatAreLeftHoldAll() {
        handOvers.leaves(two);
        handOvers.instead(List.of(one));
        assertThat(handOvers.after(PAUSED, held(one, two))).contains(Recovery.Kind.HAND_OVER);
        assertThat(handOvers.workers(List.of(one, two))).containsExactly(one);
        assertThat(told(held(one))).isEqualTo("two with stage 2 left after step 7: it is on one now");
    }

    @Test
    void nobodyMayBeLeft() {
        handOvers.leaves(one);
        handOvers.leaves(two);
        handOvers.instead(List.of());
        assertThat(handOvers.after(PAUSED, held(one, two))).contains(Recovery.Kind.HAND_OVER);
        assertThat(handOvers.workers(List.of(one, two))).isEmpty();
        assertThat(told(held(spare, other)))
                .isEqualTo(
                        "one with stages 0, 1 left after step 7: they are on spare now; two with stage 2 left after step 7:"
                                + " it is on other now");
    }

    /** One that leaves while the start before the next ends is not taken either, though it was offered. */
    @Test
    void whoeverWasOfferedAndLeavesIsNotTaken() {
        handOvers.leaves(one);
        handOvers.instead(List.of(two, spare, other));
        handOvers.leaves(spare);
        handOvers.after(PAUSED, held(one, two));
        assertThat(handOvers.workers(List.of(one, two))).containsExactly(other, two);
    }

    /** That it belongs to another run is no loss: the next one is tried, then those that are left. */
    @Test
    void aSpareThatIsBusyIsDoneWithout() {
        handOvers.leaves(one);
        handOvers.instead(List.of(two, spare, other));
        handOvers.after(PAUSED, held(one, two));
        assertThat(handOvers.workers(List.of(one, two))).containsExactly(spare, two);
        RunOutcome busy = ended(refused(Refusal.Reason.BUSY));
        assertThat(handOvers.after(busy, held(spare, two))).contains(Recovery.Kind.HAND_OVER);
        assertThat(handOvers.workers(List.of(spare, two))).containsExactly(other, two);
        assertThat(handOvers.after(busy, held(other, two))).contains(Recovery.Kind.HAND_OVER);
        assertThat(handOvers.workers(List.of(other, two))).containsExactly(two);
        assertThat(handOvers.after(busy, held(two)))
                .as("of one that was there before it is a failure")
                .isEmpty();
        assertThat(told(held(two))).isEqualTo("one with stages 0, 1 left after step 7: they are on two now");
        heard();
        assertThat(handOvers.concern(List.of(spare, two)))
                .as("it is not about to go")
                .isFalse();
    }

    @Test
    void whatFailsOrIsCompleteIsNoHandOver() {
        handOvers.leaves(one);
        handOvers.instead(List.of(two));
        RunOutcome complete = new RunOutcome(Optional.empty(), Optional.empty(), 7, true, Optional.empty());
        assertThat(handOvers.after(complete, held(one, two))).isEmpty();
        RunFailure lost = new RunFailure.WorkerLost("a:1", List.of(0), 7);
        assertThat(handOvers.after(ended(Optional.of(lost)), held(one, two))).isEmpty();
        assertThat(handOvers.after(ended(refused(Refusal.Reason.UNPLACED)), held(one, two)))
                .isEmpty();
        assertThat(handOvers.after(PAUSED, held(two, spare))).isEmpty();
    }

    /** Its stages have other numbers then. */
    @Test
    void whereTheModelIsCutAnewTheLineIsOfBoth() {
        handOvers.leaves(one);
        handOvers.instead(List.of(two));
        handOvers.after(PAUSED, held(one, two));
        TrainingJob next = Repartition.stages(2).of(JOB);
        RunReporter.Move move =
                new RunReporter.Move(next, JOB.pipeline().partition().bounds(), "stages 2 was asked for", 1);
        assertThat(handOvers.alongside(move).cause().replaceAll("-\\d+", ""))
                .isEqualTo("stages 2 was asked for; one with stages 0, 1 left after step 7");
        assertThat(handOvers.untold()).as("on its own").isFalse();
        heard();
        assertThat(handOvers.alongside(move)).isSameAs(move);
    }
}
