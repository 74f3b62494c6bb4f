package io.ketju.tests;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A cable between two network interfaces, in this JVM: frames that come in at one end go out at the other, in their order, at once or after
 * a while. It ends with its interfaces.
 */
final class DelayedLink implements AutoCloseable {
    private static final long SEED = 1;

    private final Tap one;
    private final Tap other;
    private final AtomicLong delayed = new AtomicLong();
    private volatile Delay delay = new Delay(Duration.ZERO, Duration.ZERO);

    /** How long frames take, each way. */
    private record Delay(Duration mean, Duration spread) {}

    private record Frame(MemorySegment bytes, long dueNanos) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(dueNanos, ((Frame) other).dueNanos);
        }
    }

    private DelayedLink(Tap one, Tap other) {
        this.one = one;
        this.other = other;
    }

    /** Makes two interfaces of these names, and the cable between them. */
    static DelayedLink between(String one, String other) {
        Tap first = Tap.open(one);
        DelayedLink link = new DelayedLink(first, Tap.open(other));
        link.carry(link.one, link.other);
        link.carry(link.other, link.one);
        return link;
    }

    /** From now on frames take as long each way, or so much more or less. */
    void delay(Duration mean, Duration spread) {
        delay = new Delay(mean, spread);
    }

    /** Frames that did not go on at once. */
    long delayed() {
        return delayed.get();
    }

    private void carry(Tap from, Tap to) {
        DelayQueue<Frame> waiting = new DelayQueue<>();
        Thread.ofPlatform().daemon().name("cable-in").start(() -> take(from, waiting));
        Thread.ofPlatform().daemon().name("cable-out").start(() -> give(waiting, to));
    }

    private void take(Tap from, DelayQueue<Frame> waiting) {
        SplittableRandom random = new SplittableRandom(SEED);
        long last = System.nanoTime();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Tap.LONGEST);
            for (int length = from.read(buffer); length > 0; length = from.read(buffer)) {
                Delay now = delay;
                long due = System.nanoTime() + now.mean().toNanos();
                if (!now.spread().isZero()) {
                    long spread = now.spread().toNanos();
                    due += random.nextLong(-spread, spread + 1);
                    delayed.incrementAndGet();
                }
                last = Math.max(last + 1, due);
                MemorySegment frame = Arena.ofAuto().allocate(length);
                waiting.add(new Frame(frame.copyFrom(buffer.asSlice(0, length)), last));
            }
        }
    }

    private static void give(DelayQueue<Frame> waiting, Tap to) {
        try {
            while (true) {
                to.write(waiting.take().bytes());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        one.close();
        other.close();
    }
}
