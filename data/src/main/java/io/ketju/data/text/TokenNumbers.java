package io.ketju.data.text;

import io.ketju.data.IdentityHash;
import io.ketju.data.file.Spill;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * The numbers of a text's tokens, one behind the other and as narrow as the vocabulary allows: on the heap while they are few, else in
 * a file of which the system holds in memory what fits. Immutable.
 */
final class TokenNumbers {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int PART = 1 << 14;

    private final MemorySegment bytes;
    private final int width;

    private TokenNumbers(MemorySegment bytes, int width) {
        this.bytes = bytes;
        this.width = width;
    }

    /** Numbers of any vocabulary, copied. */
    static TokenNumbers of(int... numbers) {
        try (Writer all = new Writer(Integer.MAX_VALUE, Long.MAX_VALUE)) {
            all.add(numbers);
            return all.finish();
        }
    }

    /** Takes in numbers. */
    static final class Writer implements AutoCloseable {
        private static final int OF_BYTE = 1 << Byte.SIZE;
        private static final int OF_SHORT = 1 << Short.SIZE;

        private final Spill spill;
        private final int width;

        /**
         * @param vocabulary above all numbers
         * @param heapBytes that all may take of the heap
         */
        Writer(int vocabulary, long heapBytes) {
            spill = new Spill(heapBytes);
            width = vocabulary <= OF_BYTE ? Byte.BYTES : vocabulary <= OF_SHORT ? Short.BYTES : Integer.BYTES;
        }

        void add(int... numbers) {
            ByteBuffer written = ByteBuffer.allocate(Math.multiplyExact(width, numbers.length))
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (int number : numbers) {
                switch (width) {
                    case Byte.BYTES -> written.put((byte) number);
                    case Short.BYTES -> written.putShort((short) number);
                    default -> written.putInt(number);
                }
            }
            spill.write(written.array());
        }

        /** All of them; nothing is added any more. */
        TokenNumbers finish() {
            return new TokenNumbers(spill.finish(), width);
        }

        @Override
        public void close() {
            spill.close();
        }
    }

    long size() {
        return bytes.byteSize() / width;
    }

    int get(long at) {
        return switch (width) {
            case Byte.BYTES -> bytes.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
            case Short.BYTES -> bytes.get(SHORT, at * Short.BYTES) & 0xFFFF;
            default -> bytes.get(INT, at * Integer.BYTES);
        };
    }

    /** Some of them, copied. */
    int[] copy(long from, int count) {
        int[] copied = new int[count];
        for (int i = 0; i < count; i++) {
            copied[i] = get(from + i);
        }
        return copied;
    }

    /** Gives all of them in their order, some at a time, copied. */
    void each(Consumer<int[]> taker) {
        for (long from = 0; from < size(); from += PART) {
            taker.accept(copy(from, (int) Math.min(PART, size() - from)));
        }
    }

    /** What some part of all gives, added up over the parts. */
    long sum(ToLongFunction<int[]> ofPart) {
        long[] sum = new long[1];
        each(part -> sum[0] += ofPart.applyAsLong(part));
        return sum[0];
    }

    /** Adds them, as an array of them is added. */
    void addTo(IdentityHash hash) {
        hash.add(size(), this::get);
    }
}
