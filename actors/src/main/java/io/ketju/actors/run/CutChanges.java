package io.ketju.actors.run;

import io.ketju.actors.coordinator.RunOutcome;
import io.ketju.actors.coordinator.RunReporter;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.WorkerCommand;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other stages that a run is asked for, or finds good itself, one at a time: waiting for a start to pause, taken by the
 * next one, and given up where that cannot be placed. Used by {@link GuardedRun} alone.
 */
final class CutChanges {
    private static final Logger LOG = LoggerFactory.getLogger(CutChanges.class);

    private @Nullable Rebalancing rebalancing;
    private @Nullable Repartitioning wanted;
    /** What the next start is; null: what the last one was. */
    private Repartitioning.@Nullable Shape following;

    /** Of a run that begins now. */
    CutChanges(TrainingJob job) {
        rebalancing = job.rebalance()
                .map(rule -> new Rebalancing(rule, System.nanoTime()))
                .orElse(null);
    }

    /**
     * Takes a wish, or refuses it; whether it was taken.
     *
     * @param now what the run is
     * @param end why there is to be no other start, if that is so
     */
    boolean take(Repartitioning wish, Repartitioning.Shape now, Optional<String> end) {
        Optional<String> refusal = end.or(
                        () -> Optional.ofNullable(wanted).map(other -> "the run is being cut anew: " + other.cause()))
                .or(() -> wish.refusal(now));
        if (refusal.isPresent()) {
            wish.refuse(refusal.get());
            return false;
        }
        wanted = wish;
        return true;
    }

    /** What stages took is a reason for another cut. */
    Optional<Repartitioning> measured(TrainingJob now, List<Double> busy, int lanes) {
        return rebalancing == null || wanted != null
                ? Optional.empty()
                : rebalancing.after(now, busy, lanes, System.nanoTime());
    }

    /** Whether a start is to pause, for a wish that none has paused for. */
    boolean waits() {
        return wanted != null && wanted.before().isEmpty();
    }

    /**
     * A start has ended that no loss has ended: whether, and why, another follows because of a wish.
     *
     * @param now what it was
     */
    Optional<Recovery.Kind> after(RunOutcome outcome, Repartitioning.Shape now) {
        Repartitioning wish = wanted;
        if (wish == null) {
            return Optional.empty();
        }
        Optional<Repartitioning.Shape> before = wish.before();
        if (before.isEmpty() && outcome.paused()) {
            wish.begin(now);
            following = wish.next();
            return Optional.of(Recovery.Kind.MOVE);
        }
        Optional<RunFailure> refused = outcome.failure().filter(RunFailure.WorkerRefused.class::isInstance);
        if (before.isEmpty() || refused.isEmpty()) {
            return Optional.empty();
        }
        LOG.warn("the run goes on as it was cut before: {}", refused.get().line());
        wish.refuse(refused.get().line());
        wanted = null;
        rebalancing = null; // it would find the same again
        following = before.get();
        return Optional.of(Recovery.Kind.RETURN);
    }

    /** What a start trains that follows one of this job. */
    TrainingJob next(TrainingJob last) {
        TrainingJob next = following != null ? following.job() : last;
        following = null;
        return next;
    }

    /** The workers of the start that follows because of a wish, of a run that had these. */
    List<ActorRef<WorkerCommand>> workers(List<ActorRef<WorkerCommand>> now) {
        return following == null || following.workers().isEmpty() ? now : following.workers();
    }

    /** One line about the wish that is being followed. */
    String cause() {
        return wanted == null ? "the run goes on as it was cut before" : wanted.cause();
    }

    /** What is told of the start that begins with what was wished. */
    RunReporter.Move move(TrainingJob now, int lanes) {
        TrainingJob before =
                Objects.requireNonNull(wanted).before().orElseThrow().job();
        return new RunReporter.Move(now, before.pipeline().partition().bounds(), cause(), lanes);
    }

    /** The stages of what was wished are there. */
    void moved(TrainingEvent.Repartitioned told) {
        LOG.info(
                "stages {} are now {}: {}; no step for {}",
                told.before(),
                told.job().pipeline().partition().bounds(),
                told.cause(),
                told.stall());
        if (rebalancing != null) {
            rebalancing.cut(System.nanoTime());
        }
        Repartitioning wish = wanted;
        if (wish != null
                && wish.before().isPresent()) { // another may have come since, or this be for a worker that left
            wish.done(told);
            wanted = null;
        }
    }
}
