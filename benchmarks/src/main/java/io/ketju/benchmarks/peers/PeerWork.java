package io.ketju.benchmarks.peers;

import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Fingerprint;
import io.ketju.benchmarks.measure.Turn;

/** A piece of work that another process has ready. */
public final class PeerWork implements AutoCloseable {
    private final PeerProcess process;
    private final int id;

    PeerWork(PeerProcess process, int id) {
        this.process = process;
        this.id = id;
    }

    /**
     * A turn of about the effort's time, by the clock of the other process.
     *
     * @param units work in one call
     */
    public Turn turn(double units, Effort effort) {
        return () -> units * callsPerSecond(effort);
    }

    /** One turn's calls per second. */
    public double callsPerSecond(Effort effort) {
        return Double.parseDouble(process.ask("run " + id + " " + effort.turn().toNanos() + " " + effort.clock()));
    }

    /** What one call computes. */
    public Fingerprint check() {
        return check(1);
    }

    /** What so many calls compute, from the beginning. */
    public Fingerprint check(int calls) {
        String[] sums = process.ask("check " + id + " " + calls).split(" ", -1);
        return new Fingerprint(Double.parseDouble(sums[0]), Double.parseDouble(sums[1]));
    }

    @Override
    public void close() {
        process.ask("close " + id);
    }
}
