package io.ketju.tensor.core;

import io.ketju.tensor.simd.CompilationRoot;
import io.ketju.tensor.simd.TileRunner.TileTask;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One parallel loop while it runs: the caller and its helpers claim tiles from a counter until none is left; the caller
 * then waits for the helpers that still work. Used for one loop only, so that a helper who comes late finds nothing to
 * claim.
 */
final class Region {
    /** Of fields rather than objects: a loop of two tiles is to cost little, in memory too. */
    private static final AtomicIntegerFieldUpdater<Region> NEXT =
            AtomicIntegerFieldUpdater.newUpdater(Region.class, "next");

    private static final AtomicIntegerFieldUpdater<Region> HELPERS =
            AtomicIntegerFieldUpdater.newUpdater(Region.class, "helpers");

    private final int count;
    private final TileTask task;
    private final int maxHelpers;
    private final Thread caller = Thread.currentThread();
    private volatile int next;
    private volatile int helpers;
    private volatile boolean callerParked;
    private volatile @Nullable Throwable failure;

    Region(int count, TileTask task, int maxHelpers) {
        this.count = count;
        this.task = task;
        this.maxHelpers = maxHelpers;
    }

    /** Whether tiles are left and fewer helpers work than may. */
    boolean wantsHelp() {
        return next < count && helpers < maxHelpers;
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
        int tile;
        while (!urgent.getAsBoolean() && (tile = NEXT.getAndIncrement(this)) < count) {
            claimed = true;
            try {
                CompilationRoot.run(task, tile);
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
        next = count;
    }
}
