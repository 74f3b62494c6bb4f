package io.ketju.pipeline.stage;

import io.ketju.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One hash of a whole training state: equal if and only if all parameters and all optimizer state are equal bit for bit.
 * Two levels, so that stages can hash where their tensors are: SHA-256 of every tensor's bytes (little-endian,
 * row-major), then SHA-256 over the lines {@code name shape digest}, sorted by name. Sorted names are an order that
 * everyone knows who has the tensors, whatever the partition.
 */
public final class StateHash {
    private static final int CHUNK = 1 << 20;

    private StateHash() {}

    /**
     * {@return the hash of a whole state, 64 hexadecimal digits}
     *
     * @param tensors all of it, by global name
     */
    public static String of(Map<String, Tensor> tensors) {
        return combine(digests(tensors));
    }

    /**
     * {@return name to {@code shape digest} of every tensor: what one stage contributes}
     *
     * @param tensors of the stage, by global name
     */
    public static SortedMap<String, String> digests(Map<String, Tensor> tensors) {
        SortedMap<String, String> digests = new TreeMap<>();
        tensors.forEach((name, tensor) -> digests.put(name, tensor.shape() + " " + digest(tensor)));
        return digests;
    }

    /**
     * {@return the hash of the whole state, 64 hexadecimal digits}
     *
     * @param digests those of all stages, put together
     */
    public static String combine(Map<String, String> digests) {
        MessageDigest sha = sha256();
        new TreeMap<>(digests)
                .forEach((name, digest) -> sha.update((name + " " + digest + "\n").getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(sha.digest());
    }

    private static String digest(Tensor tensor) {
        MessageDigest sha = sha256();
        MemorySegment bytes = tensor.segment();
        for (long offset = 0; offset < bytes.byteSize(); offset += CHUNK) {
            sha.update(bytes.asSlice(offset, Math.min(CHUNK, bytes.byteSize() - offset))
                    .asByteBuffer());
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
