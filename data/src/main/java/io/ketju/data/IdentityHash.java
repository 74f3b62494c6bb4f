package io.ketju.data;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongToIntFunction;

/** Builds a {@link Dataset#identity}: SHA-256 over fields, each preceded by its length so that none can run on. */
public final class IdentityHash {
    private static final long CHUNK_BYTES = 1 << 20;

    private final MessageDigest digest;

    /**
     * Starts with what is hashed.
     *
     * @param kind name and version, for instance {@code ketju-images-1}
     */
    public IdentityHash(String kind) {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
        add(kind);
    }

    /**
     * {@return this, after a field of text}
     *
     * @param text hashed as UTF-8
     */
    public IdentityHash add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return add(bytes, 0, bytes.length);
    }

    /**
     * {@return this, after a field of bytes}
     *
     * @param bytes that are only read
     * @param offset of the first
     * @param length how many
     */
    public IdentityHash add(byte[] bytes, int offset, int length) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(length).flip());
        digest.update(bytes, offset, length);
        return this;
    }

    /**
     * {@return this, after a field of bytes, hashed as those of an array where an int counts them; of more the length takes eight
     * bytes}
     *
     * @param bytes wherever they lie
     */
    public IdentityHash add(MemorySegment bytes) {
        long length = bytes.byteSize();
        addLength(length);
        for (long from = 0; from < length; from += CHUNK_BYTES) {
            digest.update(
                    bytes.asSlice(from, Math.min(CHUNK_BYTES, length - from)).asByteBuffer());
        }
        return this;
    }

    /**
     * {@return this, after a field of numbers}
     *
     * @param values hashed as four bytes each, little-endian
     */
    public IdentityHash add(int[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(values);
        return add(bytes.array(), 0, bytes.capacity());
    }

    /**
     * {@return this, after a field of numbers, hashed as those of an array where one could have them: of more the length takes eight
     * bytes}
     *
     * @param count how many
     * @param number each of them, by its place from 0 on; hashed as four bytes, little-endian
     */
    public IdentityHash add(long count, LongToIntFunction number) {
        addLength(count * Integer.BYTES);
        ByteBuffer chunk = ByteBuffer.allocate((int) CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long i = 0; i < count; i++) {
            chunk.putInt(number.applyAsInt(i));
            if (!chunk.hasRemaining() || i == count - 1) {
                digest.update(chunk.flip());
                chunk.clear();
            }
        }
        return this;
    }

    private void addLength(long length) {
        ByteBuffer count = ByteBuffer.allocate(Long.BYTES);
        digest.update((length <= Integer.MAX_VALUE ? count.putInt((int) length) : count.putLong(length)).flip());
    }

    /**
     * {@return this, after a field of numbers}
     *
     * @param values hashed by their bits, four bytes each, little-endian
     */
    public IdentityHash add(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return add(bytes.array(), 0, bytes.capacity());
    }

    /** {@return the hash, 64 lower-case hex digits; ends this builder} */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
