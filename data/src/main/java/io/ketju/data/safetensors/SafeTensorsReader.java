package io.ketju.data.safetensors;

import io.ketju.data.BadDataException;
import io.ketju.data.file.DigestChannel;
import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An open safetensors file, from any writer and not trusted: all rules of the format were checked when it was opened,
 * so its tensors lie in the file without gaps or overlaps, and memory use was bounded by the header's limit. The format
 * has no checksum: whoever needs one compares a {@code FileDigest} first. Any thread may read.
 */
public final class SafeTensorsReader implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 20;

    private final String source;
    private final FileChannel file;
    private final SafeTensorsHeader header;
    private final long dataStart;
    private final Map<String, TensorEntry> byName = new HashMap<>();

    private SafeTensorsReader(String source, FileChannel file) throws IOException {
        this.source = source;
        this.file = file;
        byte[] json = readHeader();
        dataStart = (long) SafeTensorsHeader.LENGTH_BYTES + json.length;
        header = HeaderParser.parse(json, source, file.size() - dataStart);
        for (TensorEntry entry : header.entries()) {
            byName.put(entry.name(), entry);
        }
    }

    /**
     * Opens a file and checks its header.
     *
     * @param path of the file
     * @return the open file, which the caller closes
     * @throws BadDataException if the file cannot be read or breaks a rule of the format
     * @throws UnsupportedOperationException on a machine that is not little-endian
     */
    public static SafeTensorsReader open(Path path) {
        SafeTensorsWriter.checkByteOrder();
        try {
            FileChannel file = FileChannel.open(path);
            try {
                return new SafeTensorsReader(path.toString(), file);
            } catch (IOException | RuntimeException | Error e) {
                file.close();
                throw e;
            }
        } catch (IOException e) {
            throw BadDataException.unreadable(path.toString(), e);
        }
    }

    private byte[] readHeader() throws IOException {
        ByteBuffer length = ByteBuffer.allocate(SafeTensorsHeader.LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        readFully(length, 0, "the length of the header");
        long bytes = length.getLong(0);
        if (bytes < 0 || bytes > SafeTensorsHeader.MAX_BYTES) {
            throw BadDataException.atByte(
                    source,
                    0,
                    "a header of at most " + SafeTensorsHeader.MAX_BYTES + " bytes",
                    Long.toUnsignedString(bytes) + " bytes (is it a safetensors file?)");
        }
        if (bytes > file.size() - SafeTensorsHeader.LENGTH_BYTES) {
            throw BadDataException.atByte(
                    source,
                    file.size(),
                    "a header of " + bytes + " bytes up to byte " + (SafeTensorsHeader.LENGTH_BYTES + bytes),
                    "the end of the file (truncated)");
        }
        ByteBuffer json = ByteBuffer.allocate((int) bytes);
        readFully(json, SafeTensorsHeader.LENGTH_BYTES, "the header");
        return json.array();
    }

    /** {@return free text of the writer under keys, in the order of the file} */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /** {@return all tensors, in the order of their data} */
    public List<TensorEntry> entries() {
        return header.entries();
    }

    /**
     * {@return what the header says of a tensor; empty if the file has none of this name}
     *
     * @param name in the file
     */
    public Optional<TensorEntry> entry(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /**
     * Overwrites a tensor with the one of this name.
     *
     * @param name in the file
     * @param destination of the same type and shape as in the file
     * @throws BadDataException if the file has no such tensor or one of another type or shape, or ends too early
     */
    public void read(String name, Tensor destination) {
        TensorEntry entry = byName.get(name);
        String where = source + ", tensor '" + name + "'";
        if (entry == null) {
            throw BadDataException.of(where, destination.toString(), "no tensor of that name");
        }
        DType type = entry.type().dtype().orElse(null);
        if (type != destination.dtype() || !entry.shape().equals(destination.shape())) {
            throw BadDataException.of(
                    where,
                    destination.toString(),
                    entry.type() + entry.shape().toString() + (type == null ? " (a type that Ketju lacks)" : ""));
        }
        MemorySegment memory = destination.segment();
        try {
            for (long at = 0; at < memory.byteSize(); at += CHUNK_BYTES) {
                long length = Math.min(CHUNK_BYTES, memory.byteSize() - at);
                readFully(memory.asSlice(at, length).asByteBuffer(), dataStart + entry.begin() + at, where);
            }
        } catch (IOException e) {
            throw BadDataException.unreadable(where, e);
        }
    }

    /**
     * Overwrites a tensor with the one of this name, from any type that is
     * {@linkplain ElementType#readsAsFloat read so}.
     *
     * @param name in the file
     * @param destination FLOAT32, of the same shape as in the file
     * @throws BadDataException if the file has no such tensor or one of another kind of type or shape, or ends too early
     */
    public void readFloats(String name, Tensor destination) {
        TensorEntry entry = byName.get(name);
        String where = source + ", tensor '" + name + "'";
        if (entry == null
                || !entry.type().readsAsFloat()
                || destination.dtype() != DType.FLOAT32
                || !entry.shape().equals(destination.shape())) {
            throw BadDataException.of(
                    where,
                    destination.toString(),
                    entry == null
                            ? "no tensor of that name"
                            : entry.type() + entry.shape().toString());
        }
        MemorySegment memory = destination.segment();
        forEachChunk(entry, where, (chunk, at) -> {
            long first = at / entry.type().bytes();
            long count = chunk.remaining() / entry.type().bytes();
            FloatBuffer floats = memory.asSlice(first * Float.BYTES, count * Float.BYTES)
                    .asByteBuffer()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            FloatConversion.convert(entry.type(), chunk, floats);
        });
    }

    /**
     * {@return what numbers a tensor holds; empty if they are no real numbers of 16 bits or more, integers or truth values}
     *
     * @param name in the file
     * @throws BadDataException if there is none, or the file ends too early
     */
    public Optional<ValueRange> range(String name) {
        TensorEntry entry = byName.get(name);
        String where = source + ", tensor '" + name + "'";
        if (entry == null) {
            throw BadDataException.of(where, "a tensor", "none of that name");
        }
        RangeFold fold = new RangeFold(entry.type());
        if (fold.counts()) {
            forEachChunk(entry, where, (chunk, at) -> fold.add(chunk));
        }
        return fold.counts() ? Optional.of(fold.range()) : Optional.empty();
    }

    /**
     * {@return the SHA-256, in hex, of the bytes of a tensor as they are in the file}
     *
     * @param name in the file
     * @throws BadDataException if there is none, or the file ends too early
     */
    public String sha256(String name) {
        TensorEntry entry = byName.get(name);
        if (entry == null) {
            throw BadDataException.of(source + ", tensor '" + name + "'", "a tensor", "none of that name");
        }
        DigestChannel digest = DigestChannel.discarding();
        forEachChunk(entry, source + ", tensor '" + name + "'", (chunk, at) -> digest.write(chunk));
        return digest.digest().sha256();
    }

    /** What takes the bytes of a tensor from {@code at} on, a whole number of elements at a time. */
    @FunctionalInterface
    private interface ChunkConsumer {
        void accept(ByteBuffer chunk, long at) throws IOException;
    }

    private void forEachChunk(TensorEntry entry, String where, ChunkConsumer consumer) {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try {
            long bytes = entry.end() - entry.begin();
            for (long at = 0; at < bytes; at += CHUNK_BYTES) {
                buffer.clear().limit((int) Math.min(CHUNK_BYTES, bytes - at));
                readFully(buffer, dataStart + entry.begin() + at, where);
                consumer.accept(buffer.flip(), at);
            }
        } catch (IOException e) {
            throw BadDataException.unreadable(where, e);
        }
    }

    private void readFully(ByteBuffer bytes, long position, String what) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            int count = file.read(bytes, at);
            if (count < 0) {
                throw BadDataException.atByte(
                        source,
                        at,
                        bytes.remaining() + " more bytes of " + what,
                        at == 0 ? "an empty file" : "the end of the file (truncated)");
            }
            at += count;
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw BadDataException.unreadable(source, e);
        }
    }
}
