package io.ketju.onnx;

import io.ketju.layers.Layer;
import io.ketju.layers.catalogue.Layers;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Value;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A layer with its inputs: a row of the cases that the layers are tested with, {@code LAYER | INPUT; INPUT ... | FACT ...}. */
record LayerRow(String layer, List<Given> inputs) {
    private static final Path FOLDER = Path.of("..", "layers", "src", "test", "resources", "cases", "layers");
    private static final Pattern FORM =
            Pattern.compile("(constant )?(\\w*)\\[([\\d, ]*)\\](?:<(\\d+)|(pointers|offsets))?");

    /**
     * An input.
     *
     * @param fill what its elements are, "" for normal numbers
     * @param bound of whole numbers
     */
    record Given(TensorType type, String fill, int bound, boolean constant) {
        static Given parse(String text) {
            Matcher matcher = FORM.matcher(text.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException("expected a tensor as int32[3, 4]<5, found '" + text + "'");
            }
            int[] dimensions = Arrays.stream(matcher.group(3).split(", ", -1))
                    .filter(part -> !part.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
            boolean whole = matcher.group(2).equals("int32");
            String places = matcher.group(5) == null ? "" : matcher.group(5);
            return new Given(
                    new TensorType(whole ? DType.INT32 : DType.FLOAT32, Shape.of(dimensions)),
                    whole ? places : matcher.group(2),
                    matcher.group(4) == null ? 1 : Integer.parseInt(matcher.group(4)),
                    matcher.group(1) != null);
        }

        /** With other samples. */
        Given samples(int count) {
            return new Given(type.withShape(type.shape().sample().batched(count)), fill, bound, constant);
        }

        Values values(long seed, int index, List<Given> all) {
            Values values = Values.random(type, seed, "input" + index, bound);
            float[] elements = values.elements();
            for (int i = 0; i < elements.length; i++) {
                elements[i] = switch (fill) {
                    case "positive" -> (float) Math.exp(elements[i]);
                    case "signs" -> elements[i] < 0 ? -1 : 1;
                    case "offsets" -> 2 * i;
                    case "pointers" -> {
                        int first = i * all.get(index + 1).type().shape().elements() / (elements.length - 1);
                        yield first;
                    }
                    default -> elements[i];
                };
            }
            return values;
        }
    }

    /** All rows of all families, but those that are large for the kernels' sake. */
    static List<LayerRow> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<LayerRow> rows = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                Files.readAllLines(file).stream()
                        .filter(line -> !line.isBlank() && !line.startsWith("#") && !line.contains(" large"))
                        .forEach(line -> rows.add(parse(line)));
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static LayerRow parse(String line) {
        String[] parts = line.split("\\|", -1);
        return new LayerRow(
                parts[0].strip(),
                Arrays.stream(parts[1].split(";", -1)).map(Given::parse).toList());
    }

    String kind() {
        return layer.split("\\(", 2)[0];
    }

    /** Whether the first dimension counts samples, of which there may be others. */
    boolean batched() {
        return inputs.stream()
                .allMatch(input -> !input.constant
                        && !input.fill.matches("pointers|offsets")
                        && input.type.shape().rank() > 0
                        && input.type.shape().dimension(0)
                                == inputs.getFirst().type.shape().dimension(0));
    }

    /** The same on so many samples. */
    LayerRow samples(int count) {
        return new LayerRow(
                layer, inputs.stream().map(input -> input.samples(count)).toList());
    }

    int samples() {
        return inputs.getFirst().type.shape().dimension(0);
    }

    /** The layer alone, all of its outputs being the model's. */
    Model model() {
        ModelBuilder builder = new ModelBuilder();
        List<Value> read = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            TensorType type = inputs.get(i).type;
            read.add(builder.input(
                    batched()
                            ? Input.samples(
                                    "input" + i, type.dtype(), type.shape().sample())
                            : Input.whole("input" + i, type)));
        }
        Layer parsed = Layers.parse(layer);
        builder.addAll("layer", parsed, read.toArray(Value[]::new)).forEach(builder::output);
        return builder.build();
    }

    List<Values> values(long seed) {
        List<Values> values = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            values.add(inputs.get(i).values(seed, i, inputs));
        }
        return values;
    }

    @Override
    public String toString() {
        return layer + " on " + inputs.stream().map(Given::type).toList();
    }
}
