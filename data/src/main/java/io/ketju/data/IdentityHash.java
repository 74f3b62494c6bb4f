package io.ketju.data;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Builds a {@link Dataset#identity}: SHA-256 over fields, each preceded by its length so that none can run on. */
public final class IdentityHash {
    private static final long CHUNK_BYTES = 1 << 20;

    private final MessageDigest digest;

    /** Starts with the kind and version of what is hashed, for instance {@code ketju-images-1}. */
    public IdentityHash(String kind) {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
        add(kind);
    }

    public IdentityHash add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return add(bytes, 0, bytes.length);
    }

    public IdentityHash add(byte[] bytes, int offset, int length) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(length).flip());
        digest.update(bytes, offset, length);
        return this;
    }

    /** Bytes wherever they lie, as many as an int counts as those of an array; of more the length takes eight bytes. */
    public IdentityHash add(MemorySegment bytes) {
        long length = bytes.byteSize();
        ByteBuffer count = ByteBuffer.allocate(Long.BYTES);
        digest.update((length <= Integer.MAX_VALUE ? count.putInt((int) length) : count.putLong(length)).flip());
        for (long from = 0; from < length; from += CHUNK_BYTES) {
            digest.update(
                    bytes.asSlice(from, Math.min(CHUNK_BYTES, length - from)).asByteBuffer());
        }
        return this;
    }

    public IdentityHash add(int[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(values);
        return add(bytes.array(), 0, bytes.capacity());
    }

    public IdentityHash add(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return add(bytes.array(), 0, bytes.capacity());
    }

    /** The hash in hex; ends this builder. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
