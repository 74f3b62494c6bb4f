package io.ketju.protocol.shared;

import io.ketju.protocol.frame.FrameHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/** The numbers and slots of a ring, as both ends see them. What the other side wrote is never believed. */
final class Ring {
    static final int LOOKS = 0;
    static final int SLEEPS = 1;
    static final int WOKEN = 2;
    static final int CONTENT = 0;
    static final int WAITS = 1;

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final MemorySegment memory;
    private final RingSize size;
    private final ByteBuffer[] headers;

    Ring(MemorySegment memory, RingSize size) {
        if (memory.byteSize() != size.bytes()) {
            throw new IllegalArgumentException(
                    "a ring of " + size + " has " + size.bytes() + " bytes, got " + memory.byteSize());
        }
        this.memory = memory;
        this.size = size;
        headers = new ByteBuffer[size.slots()];
        for (int slot = 0; slot < headers.length; slot++) {
            headers[slot] = memory.asSlice(size.header(slot), FrameHeader.BYTES).asByteBuffer();
        }
    }

    int slots() {
        return headers.length;
    }

    /** The header of a frame, from its first byte on. One thread at a time. */
    ByteBuffer header(long frame) {
        return headers[slot(frame)].clear();
    }

    /** The payload of a frame. */
    MemorySegment memory() {
        return memory;
    }

    /** Where the payload of a frame begins. */
    long payload(long frame) {
        return size.payload(slot(frame));
    }

    long payloadBytes() {
        return size.payloadBytes();
    }

    private int slot(long frame) {
        return (int) (frame % headers.length);
    }

    long read(long at) {
        return (long) LONG.getVolatile(memory, at);
    }

    void write(long at, long value) {
        LONG.setVolatile(memory, at, value);
    }

    void add(long at, long value) {
        LONG.getAndAdd(memory, at, value);
    }

    int state(long at) {
        return (int) INT.getVolatile(memory, at);
    }

    void state(long at, int value) {
        INT.setVolatile(memory, at, value);
    }

    /** Whether it was as expected and now is as wanted. */
    boolean change(long at, int expected, int wanted) {
        return state(at) == expected && INT.compareAndSet(memory, at, expected, wanted);
    }
}
