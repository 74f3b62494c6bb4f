package io.ketju.layers;

import io.ketju.layers.Port.Side;
import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.random.CounterRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One layer with weights, gradients and a tensor for everything that it may touch, full of NaN before each micro-batch.
 * Before each backward pass NaN also takes the place of every input and output that the footprint does not name for it,
 * as if the memory plan had given it away.
 */
public final class LayerRun implements AutoCloseable {
    private static final long SEED = 31;
    private static final String NAME = "layer";
    private static final int MAX_MICROBATCHES = 8;

    /**
     * How a layer runs.
     *
     * @param packing whether weights are packed
     * @param frozen parameters without a gradient
     * @param unwanted inputs whose gradient nobody wants
     */
    record Options(boolean packing, Set<Integer> frozen, Set<Integer> unwanted) {
        static final Options USUAL = new Options(false, Set.of(), Set.of());
        static final Options PACKING = new Options(true, Set.of(), Set.of());
    }

    final List<Tensor> parameters = new ArrayList<>();
    final List<@Nullable Tensor> gradients = new ArrayList<>();
    final Map<Integer, PackedWeight> packed = new HashMap<>();
    /** The rows of sparse gradients that were said to be touched, by position. */
    private final Map<Integer, TouchedRows> touched = new HashMap<>();

    private final Layer layer;
    private final List<TensorType> types;
    private final Footprint footprint;
    private final Options options;
    private final Kernels kernels;
    private final TensorArena arena;
    private final PassBinding binding;
    private final List<Tensor> inputs;
    private final List<Tensor> outputs;
    private final List<Tensor> gradOutputs;
    private final List<@Nullable Tensor> gradInputs = new ArrayList<>();
    private final List<Tensor> kept;
    private final List<Tensor> workspace;
    /** What the micro-batches of this step left. */
    private final List<List<Tensor>> left = new ArrayList<>();

    private List<float[]> inputValues = List.of();
    private List<float[]> outputValues = List.of();
    /** Whether a backward pass has used the workspace. */
    private boolean begun;

    private long step = 1;
    private long firstSample;

    LayerRun(Layer layer, List<TensorType> types, Kernels kernels, Options options) {
        this.layer = layer;
        this.types = types;
        this.kernels = kernels;
        this.options = options;
        footprint = layer.footprint(types);
        arena = new TensorArena(bytes(layer, types, footprint));
        for (Parameter parameter : layer.parameters()) {
            boolean learns = parameter.learns() && !options.frozen().contains(gradients.size());
            gradients.add(learns ? arena.allocate(parameter.shape()) : null);
            if (parameter.sparse() && learns) {
                touched.put(parameters.size(), new TouchedRows(parameter.shape().dimension(0)));
            }
            parameters.add(arena.allocate(parameter.shape()));
        }
        for (int index : options.packing() ? layer.transposedParameters() : List.<Integer>of()) {
            Tensor weight = parameters.get(index);
            packed.put(index, new PackedWeight(weight, arena.allocate(PackedWeight.shape(weight.shape()))));
        }
        inputs = allocate(types);
        outputs = footprint.view() ? view(layer.outputs(types), inputs) : allocate(layer.outputs(types));
        gradOutputs = allocate(layer.outputs(types));
        kept = allocate(footprint.kept());
        workspace = allocate(footprint.workspace());
        binding = new PassBinding(
                NAME,
                kernels,
                new PassBinding.Weights(parameters, gradients, touched, packed),
                footprint,
                inputs.size(),
                outputs.size(),
                SEED);
        bind();
    }

    LayerRun(LayerCase test, Kernels kernels) {
        this(test.layer(), test.inputs(), kernels, Options.USUAL);
    }

    LayerRun(LayerCase test, Kernels kernels, Options options) {
        this(test.layer(), test.inputs(), kernels, options);
    }

    private static long bytes(Layer layer, List<TensorType> types, Footprint footprint) {
        long ofParameters = 0;
        for (Parameter parameter : layer.parameters()) {
            ofParameters += 2 * TensorArena.bytesFor(parameter.shape());
        }
        for (int index : layer.transposedParameters()) {
            ofParameters += TensorArena.bytesFor(
                    PackedWeight.shape(layer.parameters().get(index).shape()));
        }
        return ofParameters
                + 2 * sum(types)
                + 2 * sum(layer.outputs(types))
                + sum(footprint.kept())
                + sum(footprint.workspace())
                + MAX_MICROBATCHES * sum(footprint.untilStep());
    }

    private static long sum(List<TensorType> types) {
        return types.stream().mapToLong(TensorType::bytes).sum();
    }

    Map<Integer, TouchedRows> touched() {
        return touched;
    }

    Tensor gradient(int index) {
        return Objects.requireNonNull(gradients.get(index));
    }

    private List<Tensor> allocate(List<TensorType> of) {
        return of.stream()
                .map(type -> arena.allocate(type.dtype(), type.shape()))
                .toList();
    }

    private static List<Tensor> view(List<TensorType> as, List<Tensor> of) {
        return List.of(of.getFirst().view(as.getFirst().shape()));
    }

    private void bind() {
        for (int i = 0; i < inputs.size(); i++) {
            boolean wanted =
                    types.get(i).differentiable() && !options.unwanted().contains(i);
            Tensor own =
                    footprint.view() ? gradOutputs.getFirst().view(types.get(i).shape()) : null;
            gradInputs.add(
                    !wanted
                            ? null
                            : own != null ? own : arena.allocate(types.get(i).shape()));
            binding.input(i, inputs.get(i));
            binding.gradInput(i, gradInputs.get(i));
        }
        for (int i = 0; i < outputs.size(); i++) {
            binding.output(i, outputs.get(i));
        }
        for (int i = 0; i < kept.size(); i++) {
            binding.kept(i, kept.get(i));
        }
        for (int i = 0; i < workspace.size(); i++) {
            binding.workspace(i, workspace.get(i));
        }
    }

    /** Normal weights and positive buffers, a function of the seed. */
    LayerRun withWeights(long seed) {
        for (int i = 0; i < parameters.size(); i++) {
            float[] values =
                    Floats.normal(seed, "parameter" + i, parameters.get(i).elements());
            if (!layer.parameters().get(i).learns()) {
                for (int j = 0; j < values.length; j++) {
                    values[j] = 0.5f + Math.abs(values[j]);
                }
            }
            parameters.get(i).copyFrom(values);
        }
        return this;
    }

    /** Where the next micro-batches stand: in which step, and behind how many samples of the mini-batch. */
    LayerRun at(long ofStep, long first) {
        step = ofStep;
        firstSample = first;
        return this;
    }

    /** What the layer gets as {@link Pass#random} in its first step. */
    public static CounterRandom random() {
        return CounterRandom.of(SEED, "layer/" + NAME).stream("1");
    }

    /** Forward of a new micro-batch; the outputs. */
    List<Tensor> forward(List<float[]> values, boolean training) {
        inputValues = values;
        fillWithNaN(outputs);
        fillWithNaN(kept);
        fillWithNaN(workspace);
        begun = false;
        for (int i = 0; i < inputs.size(); i++) {
            set(inputs.get(i), values.get(i));
        }
        List<Tensor> untilStep = training ? allocate(footprint.untilStep()) : List.of();
        fillWithNaN(untilStep);
        for (int i = 0; i < footprint.untilStep().size(); i++) {
            binding.untilStep(i, training ? untilStep.get(i) : null);
        }
        if (training) {
            left.add(untilStep);
        }
        if (!footprint.view()) {
            layer.forward(binding.forward(training, step, firstSample));
        }
        outputValues = outputs.stream().map(Tensor::toFloats).toList();
        return outputs;
    }

    /** Forward of a new micro-batch that trains. */
    List<Tensor> forward(List<float[]> values) {
        return forward(values, true);
    }

    /** The gradients of the inputs, null where nobody wants one, from those of the outputs, null where none comes. */
    List<@Nullable Tensor> backwardInput(List<float @Nullable []> gradOutput) {
        begin(gradOutput, footprint.inputGradientReads());
        if (wantsAnyGradient() && !footprint.view()) {
            for (Tensor gradient : gradInputs) {
                fillWithNaN(gradient == null ? List.of() : List.of(gradient));
            }
            layer.backwardInput(binding.backward(PassBinding.Phase.INPUT_GRADIENT));
        }
        return gradInputs;
    }

    void backwardWeight(List<float @Nullable []> gradOutput) {
        begin(gradOutput, footprint.weightGradientReads());
        layer.backwardWeight(binding.backward(PassBinding.Phase.WEIGHT_GRADIENT));
    }

    /** Both backward passes in one, of a layer that can; the gradients of the inputs. */
    List<@Nullable Tensor> backward(List<float @Nullable []> gradOutput) {
        Set<Port> reads = new HashSet<>(footprint.inputGradientReads());
        reads.addAll(footprint.weightGradientReads());
        begin(gradOutput, reads);
        ((FullBackward) layer).backward(binding.backward(PassBinding.Phase.FULL));
        return gradInputs;
    }

    /** Whether anybody wants the gradient of an input. */
    boolean wantsAnyGradient() {
        return gradInputs.stream().anyMatch(gradient -> gradient != null);
    }

    private void begin(List<float @Nullable []> gradOutput, Set<Port> reads) {
        fillWithNaN(begun ? List.of() : workspace);
        begun = true;
        for (int i = 0; i < inputs.size(); i++) {
            show(inputs.get(i), inputValues.get(i), reads.contains(new Port(Side.INPUT, i)));
        }
        for (int i = 0; i < outputs.size(); i++) {
            if (!footprint.view()) {
                show(outputs.get(i), outputValues.get(i), reads.contains(new Port(Side.OUTPUT, i)));
            }
            float @Nullable [] values = gradOutput.get(i);
            if (values != null) {
                set(gradOutputs.get(i), values);
            }
            binding.gradOutput(i, values == null ? null : gradOutputs.get(i));
        }
    }

    /** What the micro-batches since the last commit left becomes the buffers'. */
    void commit() {
        List<List<Tensor>> microbatches = List.copyOf(left);
        left.clear();
        layer.commit(new Commit() {
            @Override
            public Kernels kernels() {
                return kernels;
            }

            @Override
            public Tensor parameter(int index) {
                return parameters.get(index);
            }

            @Override
            public int microbatches() {
                return microbatches.size();
            }

            @Override
            public List<TensorType> inputs(int microbatch) {
                return types;
            }

            @Override
            public Tensor left(int microbatch, int index) {
                return microbatches.get(microbatch).get(index);
            }
        });
    }

    List<Tensor> inputs() {
        return inputs;
    }

    List<Tensor> gradOutputs() {
        return gradOutputs;
    }

    List<Tensor> kept() {
        return kept;
    }

    /** What the last micro-batch that trained left until the step. */
    List<Tensor> untilStep() {
        return left.getLast();
    }

    /** Bits of all weight gradients that there are. */
    List<int[]> gradientBits() {
        return Floats.bits(gradients);
    }

    private static void show(Tensor tensor, float[] values, boolean visible) {
        if (visible) {
            set(tensor, values);
        } else {
            fillWithNaN(List.of(tensor));
        }
    }

    static void set(Tensor tensor, float[] values) {
        if (tensor.dtype() == DType.FLOAT32) {
            tensor.copyFrom(values);
            return;
        }
        for (int i = 0; i < values.length; i++) {
            tensor.setInt(i, (int) values[i]);
        }
    }

    private static void fillWithNaN(List<Tensor> tensors) {
        for (Tensor tensor : tensors) {
            for (int i = 0; i < tensor.elements(); i++) {
                tensor.setFloat(i, Float.NaN);
            }
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
