package io.ketju.tensor.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.assertj.core.data.Offset;

/** Numbers of another system: a file of lines, each a name and its values. */
public final class Golden {
    private final String file;
    private final Map<String, double[]> values;

    private Golden(String file, Map<String, double[]> values) {
        this.file = file;
        this.values = values;
    }

    /** The file of this name in the resource folder golden. */
    public static Golden read(String file) {
        try (var stream = Objects.requireNonNull(Golden.class.getResourceAsStream("/golden/" + file), file);
                var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return new Golden(
                    file,
                    reader.lines()
                            .map(line -> line.split(" ", -1))
                            .collect(Collectors.toMap(
                                    words -> words[0],
                                    words -> Arrays.stream(words)
                                            .skip(1)
                                            .mapToDouble(Double::parseDouble)
                                            .toArray())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rounded to float, one dimension. */
    public Tensor tensor(String name) {
        double[] numbers = get(name);
        Tensor tensor = zeros(numbers.length);
        for (int i = 0; i < numbers.length; i++) {
            tensor.setFloat(i, (float) numbers[i]);
        }
        return tensor;
    }

    public static Tensor zeros(int elements) {
        Shape shape = Shape.of(elements);
        return new Tensor(TestMemory.allocate(shape.bytes()), io.ketju.tensor.DType.FLOAT32, shape);
    }

    /** Fails unless every element is within the tolerance, times the golden value where that is greater than 1. */
    public void assertClose(String name, Tensor actual, double tolerance) {
        double[] numbers = get(name);
        assertThat(actual.elements()).as(name).isEqualTo(numbers.length);
        for (int i = 0; i < numbers.length; i++) {
            double bound = tolerance * Math.max(1, Math.abs(numbers[i]));
            assertThat((double) actual.getFloat(i))
                    .as("%s of %s, element %d", name, file, i)
                    .isCloseTo(numbers[i], Offset.offset(bound));
        }
    }

    private double[] get(String name) {
        return Objects.requireNonNull(values.get(name), name);
    }
}
