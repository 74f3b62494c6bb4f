package io.ketju.onnx.format;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Supplier;

/**
 * A {@code TensorProto}: constant elements, row-major.
 *
 * @param name what nodes read it by; "" within an attribute
 * @param type of the elements
 * @param dimensions none for a single number
 * @param size bytes of the elements
 * @param elements little-endian; asked for when the file is written
 */
public record OnnxTensor(String name, OnnxType type, List<Long> dimensions, long size, Supplier<ByteBuffer> elements)
        implements Message {
    private static final int DIMS = 1;
    private static final int DATA_TYPE = 2;
    private static final int NAME = 8;
    private static final int RAW_DATA = 9;

    /** Copies the dimensions. */
    public OnnxTensor {
        dimensions = List.copyOf(dimensions);
    }

    /**
     * {@return a constant of floats that are read when the file is written}
     *
     * @param name what nodes read it by
     * @param dimensions none for a single number
     * @param values as many as the dimensions say, row-major; asked for each time the file is written
     */
    public static OnnxTensor floats(String name, List<Long> dimensions, Supplier<float[]> values) {
        long count = dimensions.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
        return new OnnxTensor(name, OnnxType.FLOAT, dimensions, count * Float.BYTES, () -> {
            float[] floats = values.get();
            ByteBuffer bytes = buffer((long) floats.length * Float.BYTES);
            bytes.asFloatBuffer().put(floats);
            return bytes;
        });
    }

    /**
     * {@return a constant of whole numbers}
     *
     * @param name what nodes read it by
     * @param dimensions none for a single number
     * @param values as many as the dimensions say, row-major; copied
     */
    public static OnnxTensor longs(String name, List<Long> dimensions, long... values) {
        ByteBuffer bytes = buffer((long) values.length * Long.BYTES);
        bytes.asLongBuffer().put(values);
        return new OnnxTensor(name, OnnxType.INT64, dimensions, bytes.capacity(), bytes::duplicate);
    }

    private static ByteBuffer buffer(long bytes) {
        return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void write(Fields to) throws IOException {
        for (long dimension : dimensions) {
            to.integer(DIMS, dimension);
        }
        to.integer(DATA_TYPE, type.number());
        if (!name.isEmpty()) {
            to.text(NAME, name);
        }
        to.bytes(RAW_DATA, size, this::writeElements);
    }

    private void writeElements(CodedOutputStream out) throws IOException {
        ByteBuffer bytes = elements.get();
        if (bytes.remaining() != size) {
            throw new IllegalStateException(
                    "tensor " + name + ": expected " + size + " bytes, found " + bytes.remaining());
        }
        out.writeRawBytes(bytes);
    }
}
