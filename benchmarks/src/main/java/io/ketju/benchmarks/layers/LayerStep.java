package io.ketju.benchmarks.layers;

import io.ketju.benchmarks.measure.Fingerprint;
import io.ketju.benchmarks.measure.Uniform;
import io.ketju.layers.Footprint;
import io.ketju.layers.FullBackward;
import io.ketju.layers.Layer;
import io.ketju.layers.Parameter;
import io.ketju.layers.PassBinding;
import io.ketju.layers.PassBinding.Phase;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.random.CounterRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One layer as a stage calls it for a micro-batch that trains: forward, then the gradients of its inputs and weights from
 * those of its outputs, on the numbers of {@code layers.py}. Owns all its memory; close it.
 */
final class LayerStep implements AutoCloseable {
    /** As {@code layers.py} has them. */
    private static final int GRADIENT_SEED = 100;

    private static final int PARAMETER_SEED = 200;
    private static final float PARAMETER_SCALE = 0.1f;

    private final List<TensorArena> arenas = new ArrayList<>();
    private final Layer layer;
    private final List<@Nullable Tensor> gradients = new ArrayList<>();
    private final List<Tensor> outputs = new ArrayList<>();
    private final List<@Nullable Tensor> gradInputs = new ArrayList<>();
    private final PassBinding binding;
    private long calls;

    private LayerStep(LayerRow row, TensorCore core) {
        layer = row.layer();
        List<TensorType> types = row.types();
        Footprint footprint = layer.footprint(types);
        List<Tensor> values = parameters();
        List<TensorType> made = layer.outputs(types);
        binding = new PassBinding(
                "layer",
                core.kernels(),
                new PassBinding.Weights(values, gradients, Map.of()),
                footprint,
                types.size(),
                made.size(),
                1);
        for (int i = 0; i < types.size(); i++) {
            binding.input(i, input(i, row.inputs()));
            Tensor gradient = types.get(i).dtype() == DType.FLOAT32 ? zeros(types.get(i)) : null;
            gradInputs.add(gradient);
            binding.gradInput(i, gradient);
        }
        for (int i = 0; i < made.size(); i++) {
            outputs.add(zeros(made.get(i)));
            binding.output(i, outputs.get(i));
            binding.gradOutput(i, Uniform.fill(zeros(made.get(i)), GRADIENT_SEED + i, 1));
        }
        IntStream.range(0, footprint.kept().size())
                .forEach(i -> binding.kept(i, zeros(footprint.kept().get(i))));
        IntStream.range(0, footprint.workspace().size())
                .forEach(i -> binding.workspace(i, zeros(footprint.workspace().get(i))));
        IntStream.range(0, footprint.untilStep().size())
                .forEach(i -> binding.untilStep(i, zeros(footprint.untilStep().get(i))));
    }

    /** The layer of a row; close it. The core stays the caller's. */
    static LayerStep open(LayerRow row, TensorCore core) {
        return new LayerStep(row, core);
    }

    /** Forward and backward once; gradients of weights are added to. */
    void run() {
        layer.forward(binding.forward(true, ++calls, 0));
        boolean learns = gradients.stream().anyMatch(Objects::nonNull);
        boolean flowsBack = gradInputs.stream().anyMatch(Objects::nonNull);
        if (layer instanceof FullBackward full && learns && flowsBack) {
            full.backward(binding.backward(Phase.FULL));
            return;
        }
        if (flowsBack) {
            layer.backwardInput(binding.backward(Phase.INPUT_GRADIENT));
        }
        if (learns) {
            layer.backwardWeight(binding.backward(Phase.WEIGHT_GRADIENT));
        }
    }

    /** Of outputs, gradients of inputs, and those of weights by their names, after one run. */
    Fingerprint results() {
        List<Tensor> results = new ArrayList<>(outputs);
        gradInputs.stream().filter(Objects::nonNull).forEach(results::add);
        byName().forEach(i -> results.add(Objects.requireNonNull(gradients.get(i))));
        return Fingerprint.of(results);
    }

    /** Positions of the weights in the order of their names. */
    private List<Integer> byName() {
        List<Parameter> declared = layer.parameters();
        return IntStream.range(0, declared.size())
                .filter(i -> declared.get(i).learns())
                .boxed()
                .sorted(Comparator.comparing(i -> declared.get(i).name()))
                .toList();
    }

    /** Weights of a sequence each; buffers as they start. */
    private List<Tensor> parameters() {
        List<Tensor> values = new ArrayList<>();
        for (Parameter parameter : layer.parameters()) {
            Tensor value = zeros(new TensorType(DType.FLOAT32, parameter.shape()));
            parameter.initializer().fill(value, CounterRandom.of(1, parameter.name()));
            values.add(value);
            gradients.add(parameter.learns() ? zeros(new TensorType(DType.FLOAT32, parameter.shape())) : null);
        }
        List<Integer> order = byName();
        for (int i = 0; i < order.size(); i++) {
            Uniform.fill(values.get(order.get(i)), PARAMETER_SEED + i, PARAMETER_SCALE);
        }
        return values;
    }

    private Tensor input(int seed, List<LayerRow.Input> all) {
        LayerRow.Input input = all.get(seed);
        Tensor tensor = zeros(input.type());
        if (input.type().dtype() == DType.INT32 && input.bound() == 0) {
            int rows = tensor.elements() - 1;
            int elements = all.get(seed + 1).type().shape().elements();
            for (int i = 0; i <= rows; i++) {
                tensor.setInt(i, (int) ((long) i * elements / rows));
            }
            return tensor;
        }
        if (input.type().dtype() == DType.INT32) {
            for (int i = 0; i < tensor.elements(); i++) {
                tensor.setInt(i, Uniform.below(input.bound(), seed, i));
            }
            return tensor;
        }
        Uniform.fill(tensor, seed, 1);
        for (int i = 0; input.positive() && i < tensor.elements(); i++) {
            tensor.setFloat(i, Math.abs(tensor.getFloat(i)) + 0.5f);
        }
        return tensor;
    }

    private Tensor zeros(TensorType type) {
        Shape shape = type.shape();
        TensorArena arena = new TensorArena(TensorArena.bytesFor(shape));
        arenas.add(arena);
        return arena.allocate(type.dtype(), shape);
    }

    @Override
    public void close() {
        arenas.forEach(TensorArena::close);
    }
}
