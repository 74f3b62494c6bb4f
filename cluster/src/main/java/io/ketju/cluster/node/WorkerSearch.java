package io.ketju.cluster.node;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.tensor.Plural;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * A search for the workers of a run: how many are enough, whether a process is waited for that comes in place of another, and what was
 * told of it. Used by {@link WorkerGathering} alone.
 */
final class WorkerSearch {
    private final ClusterOptions options;
    private final IntSupplier wanted;
    private final BooleanSupplier someAreToJoin;
    private boolean complete;
    private boolean again;
    private boolean patient;
    private boolean lacks;
    private int found;
    /** As many as were found when it was told last; none in a search of which nothing has been told. */
    private OptionalInt told = OptionalInt.empty();

    /**
     * @param wanted workers that the run is to have
     * @param someAreToJoin whether a process of the run has not joined yet, and may
     */
    WorkerSearch(ClusterOptions options, IntSupplier wanted, BooleanSupplier someAreToJoin) {
        this.options = options;
        this.wanted = wanted;
        this.someAreToJoin = someAreToJoin;
    }

    /**
     * It begins anew, for a run that lost a worker; what was found before counts no more. Those that are left are enough: they begin at once,
     * and whoever comes in place of the others takes stages later. Where none is left, all are waited for.
     */
    void again(int left) {
        complete = false;
        again = true;
        found = 0;
        told = OptionalInt.empty();
        patient = left == 0 && someAreToJoin.getAsBoolean();
    }

    /** Whether a process that comes in place of another gets its time from now on. */
    void patient(boolean waits) {
        patient = waits;
    }

    /** Whether a process is given time to join. */
    boolean waits() {
        return patient && someAreToJoin.getAsBoolean();
    }

    boolean complete() {
        return complete;
    }

    /** So many may be had now; whether that is enough, which ends the search. */
    boolean found(int count) {
        found = count;
        complete = found >= enough();
        lacks = complete && found < wanted.getAsInt() && someAreToJoin.getAsBoolean();
        patient = complete ? lacks : patient;
        return complete;
    }

    /** Whether a search that has ended with fewer than are wanted goes on behind the run, for processes that are on their way. */
    boolean lacks() {
        return lacks;
    }

    /** So many may be had now by a run that was to go on with fewer: whether it is to take them, all that are to come being there. */
    boolean filled(int count) {
        boolean more = lacks && count > found && (count >= wanted.getAsInt() || !waits());
        if (more) {
            found = count;
            lacks = count < wanted.getAsInt() && someAreToJoin.getAsBoolean();
        }
        return more;
    }

    /** How many the run is given of so many. */
    int given(int count) {
        return Math.min(count, wanted.getAsInt());
    }

    /** Whether there is something to tell of a search that goes on. */
    boolean isNews() {
        return !told.equals(OptionalInt.of(found)) && !(again && waits());
    }

    /** What is told of it. */
    TrainingEvent.WaitingForWorkers tell() {
        told = OptionalInt.of(found);
        return new TrainingEvent.WaitingForWorkers(options.seedNodes(), enough(), found, options.joinTimeout());
    }

    /** Why a search ends without enough. */
    InvalidClusterException missing() {
        return new InvalidClusterException("expected " + Plural.of(enough(), "worker") + ", found " + found + " after "
                + options.joinTimeout().toSeconds()
                + " s; start more with 'ketju node', ask for fewer with --workers, or wait longer with --join-timeout");
    }

    /** A run that goes on takes fewer workers than it had, where no more are to come. */
    private int enough() {
        return again && !waits() ? 1 : wanted.getAsInt();
    }
}
