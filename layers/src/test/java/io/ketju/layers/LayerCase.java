package io.ketju.layers;

import io.ketju.layers.CaseTensor.Fill;
import io.ketju.layers.catalogue.Layers;
import io.ketju.tensor.TensorType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A layer on inputs of odd sizes, samples outermost: a row of {@code src/test/resources/cases/layers}, a file for each family,
 * {@code LAYER | INPUT; INPUT ... | FACT FACT ...}. Every test of all layers goes through all of them, and so does the script
 * that asks PyTorch.
 *
 * @param family name of the file
 * @param facts what is not as of most layers
 */
record LayerCase(String family, String spec, List<CaseTensor> tensors, Set<Fact> facts) {
    /** What is not true of most layers; the contract tests that it is where a case says so, and only there. */
    enum Fact {
        /** A sample's outputs and input gradients depend on other samples. */
        SAMPLES_DEPEND,
        /** Forward gives other bits in training than in evaluation. */
        TRAINING_DIFFERS,
        /** One sample's part of a weight gradient is more than one sum that is added. */
        ADDS_MANY_SUMS,
        /** Training is random: PyTorch is asked for the evaluation alone. */
        RANDOM,
        /** PyTorch has no counterpart. */
        NO_GOLDEN,
        /** Larger than blocks of the kernels, too large for central differences: only its bits are compared. */
        LARGE
    }

    private static final Path FOLDER = Path.of("src", "test", "resources", "cases", "layers");

    LayerCase {
        tensors = List.copyOf(tensors);
        facts = Set.copyOf(facts);
    }

    /** All but the large ones. */
    static List<LayerCase> all() {
        return rows().stream().filter(row -> !row.is(Fact.LARGE)).toList();
    }

    /** All rows of all families. */
    static List<LayerCase> rows() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<LayerCase> rows = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                String family = file.getFileName().toString().replace(".cases", "");
                Files.readAllLines(file).stream()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .forEach(line -> rows.add(row(family, line)));
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LayerCase row(String family, String line) {
        String[] parts = line.split("\\|", -1);
        Set<Fact> facts = EnumSet.noneOf(Fact.class);
        for (String fact : parts.length > 2 ? parts[2].strip().split(" +") : new String[0]) {
            facts.add(Fact.valueOf(fact.toUpperCase(Locale.ROOT).replace('-', '_')));
        }
        List<CaseTensor> tensors =
                Arrays.stream(parts[1].split(";", -1)).map(CaseTensor::parse).toList();
        return new LayerCase(family, parts[0].strip(), tensors, facts);
    }

    /** One float32 input. */
    static LayerCase of(String spec, int... input) {
        return of(spec, TensorType.floats(input));
    }

    /** Whole numbers are zeros. */
    static LayerCase of(String spec, TensorType... inputs) {
        List<CaseTensor> tensors = Arrays.stream(inputs)
                .map(type -> new CaseTensor(type.differentiable() ? Fill.NORMAL : Fill.WHOLE, type, 1, false))
                .toList();
        return new LayerCase("", spec, tensors, Set.of());
    }

    /** Whole numbers below another bound. */
    LayerCase boundedBy(int bound) {
        List<CaseTensor> others = tensors.stream()
                .map(tensor -> new CaseTensor(tensor.fill(), tensor.type(), bound, false))
                .toList();
        return new LayerCase(family, spec, others, facts);
    }

    boolean is(Fact fact) {
        return facts.contains(fact);
    }

    boolean samplesAreIndependent() {
        return !is(Fact.SAMPLES_DEPEND);
    }

    /** The same layer on so many samples. */
    LayerCase withSamples(int samples) {
        List<CaseTensor> others =
                tensors.stream().map(tensor -> tensor.withSamples(samples)).toList();
        return new LayerCase(family, spec, others, facts);
    }

    List<TensorType> inputs() {
        return tensors.stream().map(CaseTensor::type).toList();
    }

    Layer layer() {
        return Layers.parse(spec);
    }

    int samples() {
        return inputs().getFirst().shape().dimension(0);
    }

    List<TensorType> outputs() {
        return layer().outputs(inputs());
    }

    /** Elements that are a function of the seed. */
    List<float[]> inputValues(long seed) {
        List<float[]> values = new ArrayList<>();
        for (int i = 0; i < tensors.size(); i++) {
            boolean pointers = tensors.get(i).fill() == Fill.POINTERS;
            values.add(pointers ? rowPointers(i) : tensors.get(i).values(seed, "input" + i));
        }
        return values;
    }

    /** As many elements in every row of a sparse matrix, or one fewer. */
    private float[] rowPointers(int input) {
        int rows = inputs().get(input).shape().elements() - 1;
        int elements = inputs().get(input + 1).shape().elements();
        float[] pointers = new float[rows + 1];
        for (int row = 0; row <= rows; row++) {
            int first = row * elements / rows;
            pointers[row] = first;
        }
        return pointers;
    }

    List<float[]> gradOutputValues(long seed) {
        List<float[]> values = new ArrayList<>();
        List<TensorType> outputs = outputs();
        for (int i = 0; i < outputs.size(); i++) {
            values.add(
                    Floats.normal(seed, "gradOutput" + i, outputs.get(i).shape().elements()));
        }
        return values;
    }

    /** The values of one sample of the inputs, constants whole. */
    List<float[]> sample(List<float[]> values, int index) {
        List<float[]> parts = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            parts.add(tensors.get(i).sample(values.get(i), index));
        }
        return parts;
    }

    /** The values of one sample of some tensors. */
    static List<float[]> sample(List<float[]> values, List<TensorType> types, int index) {
        List<float[]> parts = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            int size = types.get(i).shape().sample().elements();
            parts.add(Arrays.copyOfRange(values.get(i), index * size, (index + 1) * size));
        }
        return parts;
    }

    /** The types of the inputs with one dimension more by so much, in all of them that have it; samples are dimension 0. */
    List<TensorType> enlarged(int dimension, int by) {
        return tensors.stream()
                .map(tensor -> tensor.enlarged(dimension, by).type())
                .toList();
    }

    /** What goldens call it: {@code Linear(6, 4) on [2, 3, 6]}. */
    @Override
    public String toString() {
        return spec + " on "
                + tensors.stream()
                        .map(tensor -> tensor.type().differentiable()
                                ? tensor.type().shape().toString()
                                : tensor.type().toString())
                        .collect(Collectors.joining("; "));
    }
}
