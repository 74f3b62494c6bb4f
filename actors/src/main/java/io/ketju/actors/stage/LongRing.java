package io.ketju.actors.stage;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.LongStream;

/** The newest of many records of a few numbers each, in one array that is made once. */
final class LongRing {
    private final int fields;
    private final int capacity;
    private final long[] numbers;
    private long written;

    /** @param fields numbers of one record */
    LongRing(int fields, int capacity) {
        this.fields = fields;
        this.capacity = capacity;
        numbers = new long[fields * capacity];
    }

    /** A place for the next record; beyond the capacity it is the oldest record's. */
    int next() {
        return (int) (written++ % capacity) * fields;
    }

    /** @param place as {@link #next} gave it */
    void set(int place, int field, long number) {
        numbers[place + field] = number;
    }

    long get(int place, int field) {
        return numbers[place + field];
    }

    /** Records that are gone. */
    long dropped() {
        return Math.max(0, written - capacity);
    }

    /** What is there, the oldest first, each made of its place. */
    <T> List<T> toList(IntFunction<T> record) {
        return LongStream.range(dropped(), written)
                .mapToObj(index -> record.apply((int) (index % capacity) * fields))
                .toList();
    }
}
