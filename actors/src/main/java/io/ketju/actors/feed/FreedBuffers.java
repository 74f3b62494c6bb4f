package io.ketju.actors.feed;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;

/** Counts buffers that come back, on any thread, and tells of several at a time: each telling wakes a thread. */
final class FreedBuffers {
    private final int[] together;
    private final IntConsumer enough;
    private final AtomicIntegerArray back;

    /**
     * @param together buffers of each thing that are told of at a time, at least
     * @param enough hears that so many of a thing are back
     */
    FreedBuffers(int[] together, IntConsumer enough) {
        this.together = together.clone();
        this.enough = enough;
        this.back = new AtomicIntegerArray(together.length);
    }

    /** One of a thing came back. */
    void freed(int thing) {
        if (back.incrementAndGet(thing) == together[thing]) {
            enough.accept(thing);
        }
    }

    /** How many of a thing came back since this was last asked. */
    int take(int thing) {
        return back.getAndSet(thing, 0);
    }
}
