package io.ketju.benchmarks.layers;

import io.ketju.layers.Layer;
import io.ketju.layers.catalogue.Layers;
import io.ketju.layers.spec.Spec;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one layer is measured at: a row of {@code peers/layers.cases}, which both sides read.
 *
 * @param number of the row, by which the peer knows it
 * @param text of the layer
 * @param inputs of one micro-batch
 * @param random whether the layer draws numbers, so that results cannot be compared
 * @param alone whether the peer has it as a definition only, one number after the other, which nobody would train with
 */
record LayerRow(int number, String text, List<Input> inputs, boolean random, boolean alone) {
    private static final Pattern INPUT = Pattern.compile("(\\w*)\\[([\\d, ]*)](?:<(\\d+)|(pointers))?");

    /**
     * One input.
     *
     * @param bound whole numbers are below it; 0 of row pointers, which give each row as many elements of the next input
     * @param positive whether all numbers are above 0
     */
    record Input(TensorType type, int bound, boolean positive) {
        static Input parse(String text) {
            Matcher matcher = INPUT.matcher(text.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException("expected an input such as [64, 10], found '" + text + "'");
            }
            int[] dimensions = Arrays.stream(matcher.group(2).split(",\\s*"))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            boolean whole = matcher.group(1).equals("int32");
            return new Input(
                    new TensorType(whole ? DType.INT32 : DType.FLOAT32, Shape.of(dimensions)),
                    whole && matcher.group(4) == null ? Integer.parseInt(matcher.group(3)) : 0,
                    matcher.group(1).equals("positive"));
        }
    }

    /** All rows in the order of the file. {@code ketju.benchmarks.home} is the folder of this module. */
    static List<LayerRow> all() {
        return in(Path.of(System.getProperty("ketju.benchmarks.home", "benchmarks")));
    }

    /** The rows of the module in this folder. */
    static List<LayerRow> in(Path home) {
        Path file = home.resolve("peers").resolve("layers.cases");
        try {
            List<LayerRow> rows = new ArrayList<>();
            for (String line : Files.readAllLines(file)) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    rows.add(parse(rows.size(), line));
                }
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    private static LayerRow parse(int number, String line) {
        String[] cells = line.split("\\|", -1);
        return new LayerRow(
                number,
                cells[0].strip(),
                Arrays.stream(cells[1].split(";", -1)).map(Input::parse).toList(),
                cells.length > 2 && cells[2].contains("random"),
                cells.length > 2 && cells[2].contains("alone"));
    }

    Layer layer() {
        return Layers.parse(text);
    }

    List<TensorType> types() {
        return inputs.stream().map(Input::type).toList();
    }

    /** {@code Linear(784, 512) on [64, 784]}. */
    String title() {
        return text + " on "
                + String.join(
                        "; ",
                        types().stream().map(type -> type.shape().toString()).toList());
    }

    /** Layers of the catalogue that have no row. */
    static Set<String> missing(List<LayerRow> rows) {
        Set<String> names = new TreeSet<>(Layers.names());
        rows.forEach(row -> names.remove(Spec.parse(row.text()).name()));
        return names;
    }
}
