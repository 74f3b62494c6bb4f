package io.ketju.tensor.core;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** One compute thread: works while there is work, then spins shortly, then looks now and then, then parks until woken. */
final class Worker extends Thread {
    /** Looks at the queue before parking, about as long as a wake-up takes: some 20 microseconds. */
    static final int SPINS = 1000;

    /**
     * Looks after these, before parking, between which others may have the processor: some 300 microseconds where nobody wants
     * it. What comes from another process is taken up without a wake-up then.
     */
    private static final int YIELDS = 500;

    private final WorkerPool pool;
    private final int index;
    private final int spins;
    private final int yields;
    private final AtomicBoolean parked = new AtomicBoolean();

    Worker(WorkerPool pool, int index, int spins) {
        super("ketju-compute-" + index);
        this.pool = pool;
        this.index = index;
        this.spins = spins;
        this.yields = spins == 0 ? 0 : YIELDS;
        setDaemon(true);
    }

    int index() {
        return index;
    }

    boolean belongsTo(WorkerPool other) {
        return pool == other;
    }

    /** Wakes this worker if it sleeps; returns whether it did. */
    boolean wake() {
        if (parked.get() && parked.compareAndSet(true, false)) {
            LockSupport.unpark(this);
            return true;
        }
        return false;
    }

    @Override
    public void run() {
        while (!pool.isClosed()) {
            if (!pool.work()) {
                look();
            }
        }
    }

    /** Who waits for this processor, a connection perhaps, need not wait for the next tick of the scheduler. */
    @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it
    static void giveWay() {
        Thread.yield();
    }

    /** Looks for work, and sleeps when there is none, until there is some. */
    private void look() {
        IdleWatch watch = pool.watch();
        watch.looks();
        int idle = 0;
        while (!watch.poll() && !pool.hasWork() && !pool.isClosed()) {
            if (idle < spins) {
                idle++;
                Thread.onSpinWait();
            } else if (idle < spins + yields) {
                idle++;
                giveWay();
            } else {
                sleep();
                idle = 0;
            }
        }
        watch.works();
    }

    /** Parks unless work came in between: it is announced first and looked for afterwards, the wakers do the reverse. */
    private void sleep() {
        IdleWatch watch = pool.watch();
        parked.set(true);
        if (watch.sleeps() || pool.hasWork() || pool.isClosed()) {
            parked.set(false);
        }
        while (parked.get()) {
            LockSupport.park(this);
        }
        watch.wakes();
    }
}
