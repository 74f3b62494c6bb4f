package io.ketju.data.safetensors;

import io.ketju.data.BadDataException;
import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors file that comes piece by piece, from any writer and not trusted: what is wanted of it is copied to its place as it
 * comes, and memory use is bounded by the header's limit. The same rules hold as for {@link SafeTensorsReader}; that the file was
 * whole {@link #end} says, so what has been copied counts only then. Not thread-safe.
 */
public final class SafeTensorsStream {
    private final String source;
    private final Map<String, Tensor> wanted;
    private final Set<String> found;
    private final ByteBuffer length =
            ByteBuffer.allocate(SafeTensorsHeader.LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private @Nullable ByteBuffer header;
    private @Nullable List<TensorEntry> entries;
    /** Bytes of data that have come. */
    private long at;

    private int entry;

    /**
     * Begins at the first byte of a file.
     *
     * @param source what errors call the file
     * @param wanted what is to be overwritten, by name; tensors of other names are passed over
     * @param found takes the names of those that were, as soon as they are whole
     * @throws UnsupportedOperationException on a machine that is not little-endian
     */
    public SafeTensorsStream(String source, Map<String, Tensor> wanted, Set<String> found) {
        SafeTensorsWriter.checkByteOrder();
        this.source = source;
        this.wanted = wanted;
        this.found = found;
    }

    /**
     * Takes the next bytes, all of them.
     *
     * @param bytes copied; none remain in it
     * @throws BadDataException if the file breaks a rule of the format, or has a wanted tensor of another type or shape
     */
    public void accept(ByteBuffer bytes) {
        if (entries == null) {
            acceptHeader(bytes);
        }
        List<TensorEntry> known = entries;
        while (known != null && bytes.hasRemaining()) {
            if (entry == known.size()) {
                throw BadDataException.of(source, at + " bytes of data, as its tensors add up to", "more");
            }
            acceptData(known.get(entry), bytes);
        }
    }

    /** The file has ended; throws {@link BadDataException} if it is not whole. */
    public void end() {
        List<TensorEntry> known = entries;
        if (known == null || entry < known.size()) {
            throw BadDataException.of(
                    source,
                    known == null ? "a whole header" : "all of its tensors",
                    "an end after " + at + " bytes of data");
        }
    }

    private void acceptHeader(ByteBuffer bytes) {
        fill(length, bytes);
        if (length.hasRemaining()) {
            return;
        }
        ByteBuffer json = header;
        if (json == null) {
            long size = length.getLong(0);
            if (size < 0 || size > SafeTensorsHeader.MAX_BYTES) {
                throw BadDataException.atByte(
                        source,
                        0,
                        "a header of at most " + SafeTensorsHeader.MAX_BYTES + " bytes",
                        Long.toUnsignedString(size) + " bytes (is it a safetensors file?)");
            }
            json = ByteBuffer.allocate((int) size);
            header = json;
        }
        fill(json, bytes);
        if (!json.hasRemaining()) {
            List<TensorEntry> parsed =
                    HeaderParser.parseStart(json.array(), source).entries();
            parsed.forEach(this::requireFits);
            entries = parsed;
            header = null;
            passEmpty(parsed);
        }
    }

    private void requireFits(TensorEntry one) {
        Tensor target = wanted.get(one.name());
        if (target == null) {
            return;
        }
        DType type = one.type().dtype().orElse(null);
        if (type != target.dtype() || !one.shape().equals(target.shape())) {
            throw BadDataException.of(
                    source + ", tensor '" + one.name() + "'",
                    target.toString(),
                    one.type() + one.shape().toString());
        }
    }

    private void acceptData(TensorEntry current, ByteBuffer bytes) {
        int taken = (int) Math.min(bytes.remaining(), current.end() - at);
        Tensor target = wanted.get(current.name());
        if (target != null) {
            target.segment()
                    .asSlice(at - current.begin(), taken)
                    .asByteBuffer()
                    .put(bytes.slice(bytes.position(), taken));
        }
        bytes.position(bytes.position() + taken);
        at += taken;
        if (at == current.end()) {
            ended(current);
            passEmpty(entries == null ? List.of() : entries);
        }
    }

    private void ended(TensorEntry one) {
        if (wanted.containsKey(one.name())) {
            found.add(one.name());
        }
        entry++;
    }

    /** Tensors without an element have no bytes that could come. */
    private void passEmpty(List<TensorEntry> known) {
        while (entry < known.size() && known.get(entry).end() == at) {
            ended(known.get(entry));
        }
    }

    private static void fill(ByteBuffer target, ByteBuffer bytes) {
        int taken = Math.min(target.remaining(), bytes.remaining());
        target.put(bytes.slice(bytes.position(), taken));
        bytes.position(bytes.position() + taken);
    }
}
