package io.ketju.tensor.core;

import io.ketju.tensor.simd.CompilationRoot;
import io.ketju.tensor.simd.Ranges.RangeTask;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The parallel loops of one thread, one after the other: the caller and its helpers claim tiles from a counter until none
 * is left; the caller then waits for the helpers that still work. The counter carries the number of the loop, so that a
 * helper who comes late finds nothing to claim, or claims of the next loop what nobody else does.
 */
final class Region {
    /** Of fields rather than objects: a loop of two tiles is to cost little. */
    private static final AtomicLongFieldUpdater<Region> NEXT =
            AtomicLongFieldUpdater.newUpdater(Region.class, "next");

    private static final AtomicIntegerFieldUpdater<Region> HELPERS =
            AtomicIntegerFieldUpdater.newUpdater(Region.class, "helpers");

    /** A tile that no loop has. */
    private static final int CLOSED = Integer.MAX_VALUE;

    private final int maxHelpers;
    private final Thread caller = Thread.currentThread();

    // The loop: written only while the counter stands at CLOSED.
    private RangeTask task = (from, to) -> {};
    private int count;
    private int size = 1;
    private int tiles;

    /** The number of the loop in the upper half, its next tile in the lower. */
    private volatile long next = CLOSED;

    private volatile int helpers;
    private volatile boolean callerParked;
    private volatile @Nullable Throwable failure;

    /** For the loops of the calling thread. */
    Region(int maxHelpers) {
        this.maxHelpers = maxHelpers;
    }

    /** Makes ready for a loop over {@code count} elements or rows, {@code size} to a tile. */
    void open(int count, int size, RangeTask task) {
        long loop = ((next >>> Integer.SIZE) + 1) << Integer.SIZE;
        next = loop | CLOSED;
        this.task = task;
        this.count = count;
        this.size = size;
        tiles = Math.ceilDiv(count, size);
        failure = null;
        next = loop;
    }

    /** Whether tiles are left and fewer helpers work than may. */
    boolean wantsHelp() {
        return (int) next < tiles && helpers < maxHelpers;
    }

    /**
     * Works on tiles as a helper, while nothing is more urgent; returns false, having done nothing, if there is nothing to
     * help with.
     */
    boolean help(BooleanSupplier urgent) {
        if (!wantsHelp()) {
            return false;
        }
        // Counted before the first claim: a caller who sees no helpers and no tiles left knows that all have ended.
        boolean welcome = HELPERS.incrementAndGet(this) <= maxHelpers;
        boolean helped = welcome && claimTiles(urgent);
        if (HELPERS.decrementAndGet(this) == 0 && callerParked) {
            LockSupport.unpark(caller);
        }
        return helped;
    }

    /** Works on tiles as the caller until none is left. */
    void runTiles() {
        claimTiles(Region::never);
    }

    /** Returns when no helper works any more; rethrows the first failure of a tile. */
    void awaitHelpers(int spins) {
        for (int i = 0; helpers > 0; i++) {
            if (i < spins) {
                Thread.onSpinWait();
            } else {
                callerParked = true;
                if (helpers > 0) {
                    LockSupport.park(this);
                }
            }
        }
        callerParked = false;
        switch (failure) {
            case null -> {}
            case Error e -> throw e;
            case RuntimeException e -> throw e;
            case Throwable e -> throw new IllegalStateException("a tile threw a checked exception", e);
        }
    }

    private static boolean never() {
        return false;
    }

    private boolean claimTiles(BooleanSupplier urgent) {
        boolean claimed = false;
        while (!urgent.getAsBoolean()) {
            long seen = next;
            int tile = (int) seen;
            // Read before the claim, which fails if they belong to another loop.
            RangeTask its = task;
            int end = count;
            int step = size;
            if (tile >= tiles) {
                break;
            }
            if (NEXT.compareAndSet(this, seen, seen + 1)) {
                claimed = true;
                run(its, tile * step, (int) Math.min(end, (tile + 1L) * step));
            }
        }
        return claimed;
    }

    private void run(RangeTask its, int from, int to) {
        try {
            CompilationRoot.run(its, from, to);
        } catch (Throwable e) {
            fail(e);
        }
    }

    private synchronized void fail(Throwable e) {
        if (failure == null) {
            failure = e;
        }
        NEXT.accumulateAndGet(this, CLOSED, (now, closed) -> now | closed);
    }
}
