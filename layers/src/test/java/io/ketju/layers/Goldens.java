package io.ketju.layers;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What PyTorch computed: tensors by name, as the scripts in src/test/golden wrote them. */
public final class Goldens {
    /** One tensor. */
    public static final class Golden {
        private final TensorType type;
        private final float[] values;

        Golden(TensorType type, float[] values) {
            this.type = type;
            this.values = values;
        }

        public TensorType type() {
            return type;
        }

        public Shape shape() {
            return type.shape();
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

    /** Each has an index and its numbers, so that a new one leaves the others as they are. */
    private static final List<String> FILES = List.of("averages", "goldens", "losses", "optimizers", "sequences");

    private static final Map<String, Golden> ALL = load();

    private Goldens() {}

    public static Golden get(String name) {
        Golden golden = ALL.get(name);
        if (golden == null) {
            throw new IllegalArgumentException("no golden tensor '" + name + "'");
        }
        return golden;
    }

    public static boolean has(String name) {
        return ALL.containsKey(name);
    }

    /** Cases that have a tensor of this name, in the order of the script. */
    public static List<String> casesWith(String tensor) {
        return ALL.keySet().stream()
                .filter(name -> name.endsWith("/" + tensor))
                .map(name -> name.substring(0, name.length() - tensor.length() - 1))
                .toList();
    }

    private static Map<String, Golden> load() {
        Map<String, Golden> goldens = new LinkedHashMap<>();
        for (String file : files()) {
            FloatBuffer data = ByteBuffer.wrap(resource(file + ".bin"))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            new String(resource(file + ".index"), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split("\t", -1))
                    .forEach(fields -> goldens.put(fields[0], read(fields, data)));
        }
        return goldens;
    }

    private static List<String> files() {
        List<String> all = new ArrayList<>(FILES);
        Path golden = Path.of("src", "test", "resources", "golden");
        for (String kind : List.of("layers", "blocks")) {
            try (Stream<Path> families = Files.list(golden.resolve(kind))) {
                families.map(path -> golden.relativize(path).toString().replace('\\', '/'))
                        .filter(name -> name.endsWith(".index"))
                        .sorted()
                        .forEach(name -> all.add(name.replace(".index", "")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return all;
    }

    /** Name, first number, dimensions, and the element type where it is not float32. */
    private static Golden read(String[] fields, FloatBuffer data) {
        Shape shape = Shape.of(Arrays.stream(fields[2].split(",", -1))
                .filter(dimension -> !dimension.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray());
        DType dtype = fields.length > 3 ? DType.valueOf(fields[3].toUpperCase(Locale.ROOT)) : DType.FLOAT32;
        float[] values = new float[shape.elements()];
        data.get(Integer.parseInt(fields[1]), values);
        return new Golden(new TensorType(dtype, shape), values);
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
