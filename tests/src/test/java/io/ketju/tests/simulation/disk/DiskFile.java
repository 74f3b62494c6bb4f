package io.ketju.tests.simulation.disk;

import java.util.Arrays;
import java.util.SplittableRandom;

/** A file: its bytes as every process sees them, and those that a power cut leaves. */
final class DiskFile implements DiskEntry {
    private byte[] bytes = {};
    private int size;
    private byte[] durable = {};
    private boolean synced;

    int size() {
        return size;
    }

    /** @return how many were read; -1 at the end */
    int read(long position, byte[] target, int offset, int length) {
        if (position >= size) {
            return -1;
        }
        int count = (int) Math.min(length, size - position);
        System.arraycopy(bytes, (int) position, target, offset, count);
        return count;
    }

    void write(long position, byte... source) {
        int end = Math.toIntExact(position + source.length);
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
        }
        System.arraycopy(source, 0, bytes, (int) position, source.length);
        size = Math.max(size, end);
        synced = false;
    }

    void truncate(long to) {
        if (to < size) {
            size = (int) to;
            Arrays.fill(bytes, size, bytes.length, (byte) 0);
            synced = false;
        }
    }

    void sync() {
        durable = content();
        synced = true;
    }

    byte[] content() {
        return Arrays.copyOf(bytes, size);
    }

    /** Whether a power cut would change nothing. */
    boolean isDurable() {
        return synced;
    }

    @Override
    public void losePower(SplittableRandom random) {
        if (!synced) {
            bytes = random.nextBoolean() ? durable : torn(random);
            size = bytes.length;
            sync();
        }
    }

    /** The front of what was written, a part of it zeros: a length may be durable before its bytes are. */
    private byte[] torn(SplittableRandom random) {
        byte[] left = Arrays.copyOf(bytes, random.nextInt(size + 1));
        if (left.length > 0 && random.nextBoolean()) {
            Arrays.fill(left, random.nextInt(left.length), left.length, (byte) 0);
        }
        return left;
    }
}
