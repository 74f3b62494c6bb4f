package io.ketju.layers;

import io.ketju.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What PyTorch computed: tensors by name, as src/test/golden/goldens.py wrote them. */
public final class Goldens {
    /** One tensor. */
    public static final class Golden {
        private final Shape shape;
        private final float[] values;

        Golden(Shape shape, float[] values) {
            this.shape = shape;
            this.values = values;
        }

        public Shape shape() {
            return shape;
        }

        public float[] values() {
            return values.clone();
        }

        public int[] ints() {
            int[] result = new int[values.length];
            Arrays.setAll(result, i -> (int) values[i]);
            return result;
        }
    }

    private static final Map<String, Golden> ALL = load();

    private Goldens() {}

    public static Golden get(String name) {
        Golden golden = ALL.get(name);
        if (golden == null) {
            throw new IllegalArgumentException("no golden tensor '" + name + "'");
        }
        return golden;
    }

    /** Cases that have a tensor of this name, in the order of the script. */
    public static List<String> casesWith(String tensor) {
        return ALL.keySet().stream()
                .filter(name -> name.endsWith("/" + tensor))
                .map(name -> name.substring(0, name.length() - tensor.length() - 1))
                .toList();
    }

    private static Map<String, Golden> load() {
        ByteBuffer data = ByteBuffer.wrap(resource("goldens.bin")).order(ByteOrder.LITTLE_ENDIAN);
        Map<String, Golden> goldens = new LinkedHashMap<>();
        new String(resource("goldens.index"), StandardCharsets.UTF_8).lines().forEach(line -> {
            String[] fields = line.split("\t", -1);
            Shape shape = Shape.of(Arrays.stream(fields[2].split(",", -1))
                    .mapToInt(Integer::parseInt)
                    .toArray());
            float[] values = new float[shape.elements()];
            data.asFloatBuffer().get(Integer.parseInt(fields[1]), values);
            goldens.put(fields[0], new Golden(shape, values));
        });
        return goldens;
    }

    private static byte[] resource(String name) {
        try (InputStream stream = Goldens.class.getResourceAsStream("/golden/" + name)) {
            if (stream == null) {
                throw new IllegalStateException("no resource golden/" + name);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
