package io.ketju.cluster.node;

import io.ketju.actors.checkpoint.DriverNote;
import io.ketju.actors.checkpoint.RunSight;
import io.ketju.tensor.Plural;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether who stands by goes on watching, takes the run over, or is needed no more. The run's folder says who directs the run, whether that
 * process lives, and how it left; membership says whether a process that lives is cut off, or stands still. Neither decides who commits: the
 * folder's fence does. Pure: time comes from outside.
 */
final class StandbyRules {
    /** A run that was lost before anybody stood by may be about to be resumed by its driver. */
    static final Duration GRACE = Duration.ofSeconds(10);

    /** For each who stands by and came before. */
    static final Duration TURN = Duration.ofSeconds(3);

    /** What follows from a look. */
    sealed interface Verdict {}

    /** Nothing yet; {@code what} says in a few words what is there. */
    record Watch(String what) implements Verdict {}

    /**
     * The run is lost.
     *
     * @param seen what it was like when that was found
     * @param why for people
     */
    record TakeOver(RunSight seen, String why) implements Verdict {}

    /** The run needs nobody any more. */
    record Over(DriverNote.End end) implements Verdict {}

    /**
     * One look.
     *
     * @param nanos when, by a clock that never goes back
     * @param run its folder; empty: there is none yet
     * @param member whether the process that directs it, or did last, is in the cluster
     * @param older how many stand by for the same run and came before
     */
    record Look(long nanos, Optional<RunSight> run, boolean member, int older) {}

    private @Nullable Long begin;
    /** Whether a process directed the run at any time since. */
    private boolean driverSeen;
    /** Where the last one was that was seen in the cluster. */
    private String memberAt = "";

    private @Nullable RunSight lost;
    private long lostSince;

    /** What follows from this look and those before. */
    Verdict on(Look look) {
        if (begin == null) {
            begin = look.nanos();
        }
        if (look.run().isEmpty()) {
            return watch("no driver has begun it yet");
        }
        RunSight run = look.run().get();
        Optional<DriverNote.End> end = run.end();
        if (run.held()) {
            driverSeen = true;
            if (look.member()) {
                memberAt = run.address().orElse("");
            }
            return held(look, run, end);
        }
        if (end.isPresent()) {
            boolean heard = driverSeen || end.get().outcome() == DriverNote.Outcome.COMPLETE;
            return heard ? new Over(end.get()) : watch("no driver goes on with it yet");
        }
        return driverSeen
                ? gone(look, run, Duration.ZERO, "has ended without a word")
                : gone(look, run, GRACE, "ended without a word before");
    }

    private Verdict held(Look look, RunSight run, Optional<DriverNote.End> end) {
        if (run.address().isEmpty()) {
            return watch("another process has it");
        }
        String driver = run.address().get();
        if (look.member()) {
            return watch("its driver is at " + driver);
        }
        if (!memberAt.equals(driver)) {
            return watch("its driver at " + driver + " is not in this cluster yet");
        }
        return end.<Verdict>map(Over::new)
                .orElseGet(() -> gone(look, run, Duration.ZERO, "is not in the cluster any more, but may still live"));
    }

    private Verdict watch(String what) {
        lost = null;
        return new Watch(what);
    }

    private Verdict gone(Look look, RunSight run, Duration patience, String why) {
        if (!run.equals(lost)) {
            lost = run;
            lostSince = look.nanos();
        }
        Duration wait = patience.plus(TURN.multipliedBy(look.older()));
        if (look.nanos() - lostSince >= wait.toNanos()) {
            return new TakeOver(run, why);
        }
        return new Watch(
                look.older() > 0
                        ? "its driver is lost; " + Plural.of(look.older(), "node") + " that came before may take over"
                        : "no driver has it; takes over unless one comes");
    }
}
