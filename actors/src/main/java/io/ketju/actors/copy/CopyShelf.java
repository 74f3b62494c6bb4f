package io.ketju.actors.copy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The copies that a worker keeps: of each stage two, so that there is a whole one while the next is written. They outlive the stages,
 * until the worker is given others, or the run needs them no more. Thread-safe.
 */
public final class CopyShelf implements AutoCloseable {
    /** Of one stage. */
    private static final class Pair {
        private @Nullable CopyBuffer newest;
        private @Nullable CopyBuffer before;
        /** Whether that is whole, and not being written. */
        private boolean beforeIsWhole;
    }

    private final Map<Integer, Pair> stages = new HashMap<>();
    private final Consumer<CopyShelf> closed;

    /** An empty one. */
    public CopyShelf() {
        this(shelf -> {});
    }

    /**
     * An empty one, of somebody who closes those that are left.
     *
     * @param closed hears of its end, and of every further one
     */
    public CopyShelf(Consumer<CopyShelf> closed) {
        this.closed = closed;
    }

    /**
     * Begins a copy, in place of the older of the two.
     *
     * @param id what it is of
     * @param mostBytes that it can have, by the plan
     * @return where its bytes go, from the first on; stays the shelf's
     */
    public synchronized CopyBuffer begin(CopyId id, long mostBytes) {
        Pair pair = stages.computeIfAbsent(id.stage(), stage -> new Pair());
        CopyBuffer buffer = pair.before == null ? new CopyBuffer() : pair.before;
        pair.before = buffer;
        pair.beforeIsWhole = false;
        buffer.begin(id, mostBytes);
        return buffer;
    }

    /**
     * What was begun is whole.
     *
     * @param copy what {@link #begin} gave last for its stage; others are ignored
     */
    public synchronized void whole(CopyBuffer copy) {
        Pair pair = stages.get(copy.id().stage());
        if (pair != null && pair.before == copy) {
            pair.before = pair.newest;
            pair.newest = copy;
            pair.beforeIsWhole = true;
        }
    }

    /**
     * {@return a whole copy of just this, if there is one; it stays the shelf's, and may be written again after two more of its stage}
     *
     * @param id what it is to be of
     */
    public synchronized Optional<CopyBuffer> find(CopyId id) {
        Pair pair = stages.get(id.stage());
        if (pair == null) {
            return Optional.empty();
        }
        if (pair.newest != null && pair.newest.id().equals(id)) {
            return Optional.of(pair.newest);
        }
        return Optional.ofNullable(pair.before)
                .filter(copy -> pair.beforeIsWhole && copy.id().equals(id));
    }

    /** Frees all of them; none is written or read. */
    public synchronized void clear() {
        stages.values().forEach(pair -> {
            if (pair.newest != null) {
                pair.newest.close();
            }
            if (pair.before != null) {
                pair.before.close();
            }
        });
        stages.clear();
    }

    /** A second call frees nothing. */
    @Override
    public void close() {
        clear();
        closed.accept(this);
    }
}
