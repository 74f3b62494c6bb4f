package io.ketju.benchmarks.pipeline;

/**
 * Lets a run take so many steps and no more: what would feed it the next one waits. So runs that have warmed up take turns
 * with others, and nobody starts anew.
 */
final class Gate {
    private long allowed;

    /** Steps in all, since the start, that may be taken. */
    synchronized void allow(long steps) {
        allowed = Math.max(allowed, steps);
        notifyAll();
    }

    /** Lets everything through: at the end. */
    void open() {
        allow(Long.MAX_VALUE);
    }

    /** Waits until a step may be taken; steps count from 0. */
    synchronized void pass(long step) {
        boolean interrupted = false;
        while (step >= allowed) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true; // the run ends by opening the gate
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
