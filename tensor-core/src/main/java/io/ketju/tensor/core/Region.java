package io.ketju.tensor.core;

import io.ketju.tensor.simd.TileRunner.TileTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One parallel loop while it runs: the caller and its helpers claim tiles from a counter until none is left; the caller
 * then waits for the helpers that still work. Used for one loop only, so that a helper who comes late finds nothing to
 * claim.
 */
final class Region {
    private final int count;
    private final TileTask task;
    private final int maxHelpers;
    private final Thread caller = Thread.currentThread();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger helpers = new AtomicInteger();
    private volatile boolean callerParked;
    private volatile @Nullable Throwable failure;

    Region(int count, TileTask task, int maxHelpers) {
        this.count = count;
        this.task = task;
        this.maxHelpers = maxHelpers;
    }

    /** Whether tiles are left and fewer helpers work than may. */
    boolean wantsHelp() {
        return next.get() < count && helpers.get() < maxHelpers;
    }

    /** Works on tiles as a helper; returns false, having done nothing, if there is nothing to help with. */
    boolean help() {
        if (!wantsHelp()) {
            return false;
        }
        // Counted before the first claim: a caller who sees no helpers and no tiles left knows that all have ended.
        boolean welcome = helpers.incrementAndGet() <= maxHelpers;
        boolean helped = welcome && claimTiles();
        if (helpers.decrementAndGet() == 0 && callerParked) {
            LockSupport.unpark(caller);
        }
        return helped;
    }

    /** Works on tiles as the caller until none is left. */
    void runTiles() {
        claimTiles();
    }

    /** Returns when no helper works any more; rethrows the first failure of a tile. */
    void awaitHelpers(int spins) {
        for (int i = 0; helpers.get() > 0; i++) {
            if (i < spins) {
                Thread.onSpinWait();
            } else {
                callerParked = true;
                if (helpers.get() > 0) {
                    LockSupport.park(this);
                }
            }
        }
        switch (failure) {
            case null -> {}
            case Error e -> throw e;
            case RuntimeException e -> throw e;
            case Throwable e -> throw new IllegalStateException("a tile threw a checked exception", e);
        }
    }

    private boolean claimTiles() {
        boolean claimed = false;
        int tile;
        while ((tile = next.getAndIncrement()) < count) {
            claimed = true;
            try {
                task.run(tile);
            } catch (Throwable e) {
                fail(e);
            }
        }
        return claimed;
    }

    private synchronized void fail(Throwable e) {
        if (failure == null) {
            failure = e;
        }
        next.set(count);
    }
}
