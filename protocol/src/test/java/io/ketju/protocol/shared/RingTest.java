package io.ketju.protocol.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameException;
import io.ketju.protocol.frame.FrameHeader;
import io.ketju.protocol.frame.FrameHeader.MessageHeader;
import io.ketju.protocol.frame.FrameHeader.TensorHeader;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.protocol.frame.FrameKind;
import io.ketju.protocol.frame.TensorKind;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ends of a ring over plain memory. */
@Timeout(60)
class RingTest {
    private static final EdgeId EDGE = new EdgeId(1, 2, 3, 0, 1, TensorKind.ACTIVATION);
    private static final int FLOATS = 50;

    private Arena arena;

    @BeforeEach
    void open() {
        arena = Arena.ofShared();
    }

    @AfterEach
    void close() {
        arena.close();
    }

    /** Every step of both sides in a random order, against what a queue and a count say. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyOrderOfStepsOfBothSidesIsThatOfAQueue(long seed) {
        Random random = new Random(seed);
        int slots = 1 + random.nextInt(5);
        int credits = random.nextInt(slots + 1);
        RingSize size = new RingSize(slots, FLOATS * Float.BYTES);
        MemorySegment memory = arena.allocate(size.bytes(), 64);
        RingReceiver receiver = new RingReceiver(memory, size, credits);
        RingSender sender = new RingSender(memory, size, credits);
        Queue<Integer> travelling = new ArrayDeque<>();
        int taken = slots - credits;
        int sent = 0;
        for (int step = 0; step < 2000; step++) {
            switch (random.nextInt(3)) {
                case 0 -> {
                    assertThat(sender.hasCredit()).isEqualTo(travelling.size() + taken < slots);
                    assertThat(sender.unreturned()).isEqualTo(travelling.size() + taken);
                    if (sender.hasCredit()) {
                        send(sender, sent);
                        travelling.add(sent++);
                    }
                }
                case 1 -> {
                    assertThat(receiver.ready()).isEqualTo(!travelling.isEmpty());
                    if (receiver.ready()) {
                        assertArrival(receiver, travelling.remove());
                        taken++;
                    }
                }
                default -> {
                    int back = random.nextInt(taken + 1);
                    receiver.giveBack(back);
                    taken -= back;
                }
            }
        }
        assertThat(sent).as("the ring went round").isGreaterThan(10 * slots);
    }

    /** Nobody looks by itself here: a wake-up that is lost on either side hangs the test. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void twoThreadsThatSleepWhenTheyCannotGoOnAlwaysWakeEachOther(long seed) throws Exception {
        Random random = new Random(seed);
        int slots = 1 + random.nextInt(4);
        int count = 20_000;
        RingSize size = new RingSize(slots, FLOATS * Float.BYTES);
        MemorySegment memory = arena.allocate(size.bytes(), 64);
        RingReceiver receiver = new RingReceiver(memory, size, slots);
        RingSender sender = new RingSender(memory, size, slots);
        Semaphore receiverBell = new Semaphore(0);
        Semaphore senderBell = new Semaphore(0);
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < count; i++) {
                while (!sender.hasCredit() && !sender.waitForCredit()) {
                    senderBell.acquireUninterruptibly();
                }
                if (send(sender, i)) {
                    receiverBell.release();
                }
            }
        });
        boolean looking = false;
        for (int i = 0; i < count; ) {
            if (!receiver.ready()) {
                if (looking) {
                    receiver.sleeps();
                    looking = false;
                } else {
                    receiverBell.acquire();
                    receiver.wokenUp();
                }
                continue;
            }
            assertArrival(receiver, i++);
            if (receiver.giveBack(1)) {
                senderBell.release();
            }
            if (random.nextInt(64) == 0) {
                receiver.looks();
                looking = true;
            }
        }
        sending.join();
        assertThat(sender.unreturned()).isZero();
    }

    @Test
    void whoSleepsIsWokenOnceUntilItHasLooked() {
        RingSize size = new RingSize(4, FLOATS * Float.BYTES);
        MemorySegment memory = arena.allocate(size.bytes(), 64);
        RingReceiver receiver = new RingReceiver(memory, size, 4);
        RingSender sender = new RingSender(memory, size, 4);
        assertThat(send(sender, 0)).isTrue();
        assertThat(send(sender, 1)).as("it is being woken").isFalse();
        receiver.wokenUp();
        assertThat(send(sender, 2)).isTrue();
        receiver.looks();
        assertThat(send(sender, 3)).as("it looks by itself").isFalse();
        assertThat(receiver.giveBack(0)).as("the sender wants nothing").isFalse();
        assertThat(sender.waitForCredit()).isFalse();
        assertThat(receiver.giveBack(1)).isTrue();
        assertThat(receiver.giveBack(1)).isFalse();
        assertThat(sender.waitForCredit()).as("there are credits").isTrue();
        assertThat(receiver.giveBack(1)).isFalse();
    }

    @Test
    void aHeaderIsCheckedAsOnSockets() {
        RingSize size = new RingSize(2, FLOATS * Float.BYTES);
        MemorySegment memory = arena.allocate(size.bytes(), 64);
        RingReceiver receiver = new RingReceiver(memory, size, 2);
        RingSender sender = new RingSender(memory, size, 2);
        send(sender, 0);
        for (long bit = 0; bit < FrameHeader.BYTES * 8; bit += 7) {
            flip(memory, size.header(0), bit);
            assertThatThrownBy(receiver::header).as("bit %d", bit).isInstanceOf(FrameException.class);
            flip(memory, size.header(0), bit);
        }
        write(memory, size.header(0), new MessageHeader(FrameKind.CREDIT, EDGE, 0));
        assertThatThrownBy(receiver::header).hasMessage("a CREDIT frame in a ring");
        write(memory, size.header(0), new TensorHeader(EDGE, key(0), DType.FLOAT32, Shape.of(FLOATS + 1)));
        assertThatThrownBy(receiver::header).hasMessage("the ring takes 200 bytes, the header promises 204");
        write(memory, size.header(0), header(0));
        assertArrival(receiver, 0);
    }

    @Test
    void countersThatCannotBeAreRefused() {
        RingSize size = new RingSize(2, 8);
        MemorySegment memory = arena.allocate(size.bytes(), 64);
        RingReceiver receiver = new RingReceiver(memory, size, 2);
        RingSender sender = new RingSender(memory, size, 2);
        receiver.giveBack(1);
        assertThatThrownBy(sender::unreturned)
                .isInstanceOf(FrameException.class)
                .hasMessage("1 credits came back while 0 were taken");
        memory.set(ValueLayout.JAVA_LONG, RingSize.PUBLISHED, 3);
        assertThatThrownBy(receiver::header)
                .isInstanceOf(FrameException.class)
                .hasMessage("3 frames in a ring of 2 slots");
    }

    @Test
    void whatIsTooLargeIsNeverWrittenAndSizesAreChecked() {
        RingSize size = new RingSize(1, 8);
        MemorySegment memory = arena.allocate(size.bytes(), 64);
        RingSender sender = new RingSender(memory, size, 1);
        TensorHeader large = new TensorHeader(EDGE, key(0), DType.FLOAT32, Shape.of(3));
        assertThatThrownBy(() -> sender.send(large, memory)).hasMessage("the ring takes 8 bytes, got 12");
        assertThatThrownBy(() -> new RingSize(0, 8)).hasMessageContaining("1 or more slots");
        assertThatThrownBy(() -> new RingSender(memory, new RingSize(2, 8), 1)).hasMessageContaining("bytes, got");
        assertThat(new RingSize(1 << 30, Long.MAX_VALUE / 4).bytes()).isEqualTo(Long.MAX_VALUE);
    }

    private boolean send(RingSender sender, int number) {
        TensorHeader header = header(number);
        try (Arena own = Arena.ofConfined()) {
            MemorySegment payload = own.allocate(header.payloadBytes(), 4);
            for (int i = 0; i < header.shape().elements(); i++) {
                payload.setAtIndex(ValueLayout.JAVA_INT, i, number * 31 + i);
            }
            return sender.send(header, payload);
        }
    }

    private static void assertArrival(RingReceiver receiver, int number) {
        TensorHeader header = receiver.header();
        assertThat(header).isEqualTo(header(number));
        try (Arena own = Arena.ofConfined()) {
            MemorySegment payload = own.allocate(header.payloadBytes(), 4);
            receiver.take(payload);
            for (int i = 0; i < header.shape().elements(); i++) {
                if (payload.getAtIndex(ValueLayout.JAVA_INT, i) != number * 31 + i) {
                    throw new AssertionError("element " + i + " of tensor " + number);
                }
            }
        }
    }

    private static TensorHeader header(int number) {
        return new TensorHeader(EDGE, key(number), DType.FLOAT32, Shape.of(number % (FLOATS + 1)));
    }

    private static FrameKey key(int number) {
        return new FrameKey(number / 8, number % 8, 0);
    }

    private static void flip(MemorySegment memory, long at, long bit) {
        long where = at + bit / 8;
        byte old = memory.get(ValueLayout.JAVA_BYTE, where);
        memory.set(ValueLayout.JAVA_BYTE, where, (byte) (old ^ 1 << bit % 8));
    }

    private static void write(MemorySegment memory, long at, FrameHeader header) {
        ByteBuffer bytes = ByteBuffer.allocate(FrameHeader.BYTES);
        header.encode(bytes);
        MemorySegment.copy(MemorySegment.ofArray(bytes.array()), 0, memory, at, FrameHeader.BYTES);
    }
}
