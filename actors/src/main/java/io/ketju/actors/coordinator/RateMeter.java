package io.ketju.actors.coordinator;

import java.util.ArrayDeque;
import java.util.Deque;

/** Samples per second and idle share over about the last second. Time comes from outside. */
final class RateMeter {
    private static final long SPAN_NANOS = 1_000_000_000L;

    private record Entry(long at, int samples, long busyNanos) {}

    private final int lanes;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long samples;
    private long busyNanos;

    /**
     * @param lanes actions that can run at once
     */
    RateMeter(int lanes) {
        this.lanes = lanes;
    }

    /** Work begins now: what was before does not count. */
    void start(long now) {
        entries.clear();
        entries.addLast(new Entry(now, 0, 0));
        samples = 0;
        busyNanos = 0;
    }

    void add(long now, int finishedSamples, long busy) {
        entries.addLast(new Entry(now, finishedSamples, busy));
        samples += finishedSamples;
        busyNanos += busy;
        while (entries.size() > 2 && entries.getFirst().at() < now - SPAN_NANOS) {
            entries.removeFirst();
            // The oldest entry only marks where the span begins; its own work lies before it.
            samples -= entries.getFirst().samples();
            busyNanos -= entries.getFirst().busyNanos();
        }
    }

    double samplesPerSecond() {
        return samples * 1e9 / span();
    }

    /** Share of the lanes' time in which no action ran, 0 to 1. */
    double idleShare() {
        return Math.clamp(1 - busyNanos / ((double) lanes * span()), 0, 1);
    }

    private long span() {
        return Math.max(1, entries.getLast().at() - entries.getFirst().at());
    }
}
