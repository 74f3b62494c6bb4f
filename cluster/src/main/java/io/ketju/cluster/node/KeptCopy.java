package io.ketju.cluster.node;

import io.ketju.actors.checkpoint.DriverNote;
import io.ketju.actors.checkpoint.RunCopy;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.message.StandbyCommand;
import io.ketju.actors.piece.PieceKey;
import io.ketju.actors.standby.Parcel;
import io.ketju.actors.standby.ParcelTaker;
import io.ketju.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is kept here of a run whose folder is out of reach, and what is known of its driver. Nothing is taken into it, nor said to be
 * there, once the run has been taken over from it: that is what stands in the place of the run folder's fence. Thread-safe.
 */
final class KeptCopy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeptCopy.class);

    /**
     * What is known.
     *
     * @param start of the run, the last one; 0: none
     * @param driver where it is reached
     * @param copying where others are reached who keep copies of their own
     * @param begun whether a run could go on from here
     * @param whole whether all that the driver had has come
     * @param end how the driver left the run
     */
    record View(
            int start,
            String driver,
            List<String> copying,
            boolean begun,
            boolean whole,
            Optional<DriverNote.End> end) {
        View {
            copying = List.copyOf(copying);
        }
    }

    private final Path folder;
    private @Nullable RunCopy copy;
    private @Nullable ParcelTaker taker;
    private @Nullable View view;
    private boolean takenOver;
    /** Whether this process directs the run itself. */
    private boolean retired;

    /** Of the run in this folder, which need not be there; nothing happens yet. */
    KeptCopy(Path folder) {
        this.folder = folder;
    }

    /** What is known, once a driver has another folder than this. */
    synchronized Optional<View> view() {
        return Optional.ofNullable(view);
    }

    /** Whether the folder is the one that a driver holds. Throws if that cannot be told. */
    synchronized boolean isSameFolder(StandbyCommand.Follow follow) throws IOException {
        return copy == null && RunCopy.isHeldBy(folder, follow.holder());
    }

    /** The start with which the run goes on here, if it was taken over. */
    synchronized Optional<Integer> takenOver() {
        if (!takenOver) {
            return Optional.empty();
        }
        try {
            return Optional.of(RunCopy.starts(folder));
        } catch (IOException e) {
            return Optional.of(1); // it is about to be written
        }
    }

    /**
     * A driver directs the run, from another folder. Throws {@link io.ketju.actors.job.InvalidJobException} with one line if no copy can be
     * kept here.
     */
    synchronized void followed(String driver, List<String> copying) {
        if (copy == null) {
            copy = RunCopy.open(folder);
        }
        View last = view;
        view = last != null && last.driver().equals(driver)
                ? new View(last.start(), driver, copying, last.begun(), last.whole(), last.end())
                : new View(0, driver, copying, copy.begun(), false, Optional.empty());
    }

    /** Parcels come anew, by another way. */
    synchronized void awaitParcels() {
        drop();
        if (copy != null && !takenOver) {
            taker = new ParcelTaker(copy);
        }
    }

    /** Takes a piece; the parcel with its last one. Throws as {@link ParcelTaker#take}; then no more is taken by this way. */
    synchronized Optional<Parcel> take(PieceKey key, Tensor piece) throws IOException {
        ParcelTaker to = taker;
        if (to == null || takenOver) {
            return Optional.empty();
        }
        try {
            Optional<Parcel> whole = to.take(key, piece);
            whole.ifPresent(this::came);
            return whole;
        } catch (IOException e) {
            drop();
            throw e;
        }
    }

    private void came(Parcel parcel) {
        if (view != null) {
            boolean checkpoints = parcel.step().isPresent();
            view = new View(
                    parcel.start(), view.driver(), view.copying(), true, view.whole() || checkpoints, view.end());
        }
    }

    /** How the driver has left the run. */
    synchronized void ended(String driver, DriverNote.End end) {
        if (view != null && view.driver().equals(driver)) {
            view = new View(view.start(), driver, view.copying(), view.begun(), view.whole(), Optional.of(end));
        }
    }

    /** The run's folder, for whoever goes on with it from here; from now on nothing more is taken. */
    synchronized RunDirectory takeOver() {
        RunCopy held = copy;
        if (held == null) {
            throw new IllegalStateException("there is no copy in " + folder);
        }
        drop();
        takenOver = true;
        return held.takeOver();
    }

    /** This process directs the run from now on: no driver is followed any more. */
    synchronized void retire() {
        retired = true;
        drop();
    }

    synchronized boolean retired() {
        return retired;
    }

    private void drop() {
        ParcelTaker last = taker;
        taker = null;
        if (last != null) {
            try {
                last.close();
            } catch (IOException e) {
                LOG.warn("what has come of a file stays in {}: {}", folder, e.toString());
            }
        }
    }

    /** Lets go of the folder, unless the run was taken over; of a run that is complete it is one like any other. */
    @Override
    public synchronized void close() {
        drop();
        RunCopy held = copy;
        if (held == null || takenOver) {
            return;
        }
        try {
            boolean complete = view != null
                    && view.end()
                            .filter(end -> end.outcome() == DriverNote.Outcome.COMPLETE)
                            .isPresent();
            if (complete) {
                held.complete();
            }
        } catch (IOException e) {
            LOG.warn("{} stays a copy: {}", folder, e.toString());
        }
        held.close();
        copy = null;
    }
}
