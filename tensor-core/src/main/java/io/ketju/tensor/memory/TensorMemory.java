package io.ketju.tensor.memory;

import java.util.concurrent.atomic.LongAdder;

/** Counts the memory outside of the heap that all arenas and pools of this JVM hold. */
public final class TensorMemory {
    private static final LongAdder OPEN = new LongAdder();

    private TensorMemory() {}

    /** {@return the bytes of all arenas and pools that are open; exact while none is opened or closed} */
    public static long openBytes() {
        return OPEN.sum();
    }

    static void opened(long bytes) {
        OPEN.add(bytes);
    }

    static void closed(long bytes) {
        OPEN.add(-bytes);
    }
}
