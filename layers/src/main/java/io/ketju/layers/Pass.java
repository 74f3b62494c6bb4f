package io.ketju.layers;

import io.ketju.layers.PassBinding.Phase;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.matrix.MatrixOperand;
import io.ketju.tensor.random.CounterRandom;
import org.jspecify.annotations.Nullable;

/**
 * What one layer has at hand in one pass of one micro-batch: kernels, parameters, and the tensors of its ports, which
 * lie where the memory plan says. A tensor that this pass may not read, because the layer's {@link Footprint} does not
 * name it, throws {@link IllegalStateException}: its place may hold something else by now. No tensor may be kept beyond
 * the call.
 */
public final class Pass {
    private final PassBinding binding;

    Pass(PassBinding binding) {
        this.binding = binding;
    }

    /** {@return the kernels that write outputs and gradients} */
    public Kernels kernels() {
        return binding.kernels;
    }

    /** {@return whether this micro-batch trains (true) or is evaluated or predicted (false)} */
    public boolean training() {
        return binding.training;
    }

    /** {@return how many inputs there are, for layers that take any number} */
    public int inputs() {
        return binding.inputs.length;
    }

    /**
     * An input. Always there in forward; in backward as the footprint says.
     *
     * @param index position among the inputs
     * @return the tensor, only to be read
     * @throws IllegalStateException if this pass may not read it
     */
    public Tensor input(int index) {
        return read(binding.inputs, index, Port.Side.INPUT);
    }

    /**
     * An output: to be overwritten in forward; to be read in backward as the footprint says.
     *
     * @param index position among the outputs
     * @return the tensor
     * @throws IllegalStateException if this pass may not read it
     */
    public Tensor output(int index) {
        return read(binding.outputs, index, Port.Side.OUTPUT);
    }

    /**
     * A tensor that forward writes and both backward passes read.
     *
     * @param index position in {@link Footprint#kept}
     * @return the tensor
     */
    public Tensor kept(int index) {
        return present(binding.kept[index], "kept", index);
    }

    /**
     * A tensor that training forward writes and {@link Layer#commit} reads.
     *
     * @param index position in {@link Footprint#untilStep}
     * @return the tensor
     * @throws IllegalStateException if the micro-batch does not train, so that there is none
     */
    public Tensor untilStep(int index) {
        return present(binding.untilStep[index], "untilStep", index);
    }

    /**
     * A tensor to work in, with undefined content at first.
     *
     * @param index position in {@link Footprint#workspace}
     * @return the tensor
     */
    public Tensor workspace(int index) {
        return present(binding.workspace[index], "workspace", index);
    }

    /**
     * Whether this is the first backward pass of the micro-batch. What both need, the first one makes in the workspace: it may be either,
     * and either may be the only one.
     *
     * @return true in the first, and in {@link FullBackward#backward}
     * @throws IllegalStateException in forward
     */
    public boolean firstBackward() {
        requireBackward("whether it is the first backward pass");
        return binding.firstBackward;
    }

    /**
     * Whether a gradient comes to an output: outputs that no loss depends on get none, which counts as zeros.
     *
     * @param index position among the outputs
     * @return whether {@link #gradOutput} is there
     */
    public boolean hasGradOutput(int index) {
        return binding.gradOutputs[index] != null;
    }

    /**
     * The gradient of an output, in both backward passes; only {@link FullBackward#backward} may overwrite it.
     *
     * @param index position among the outputs
     * @return the tensor, of the output's type
     * @throws IllegalStateException in forward, or if no gradient comes ({@link #hasGradOutput})
     */
    public Tensor gradOutput(int index) {
        requireBackward("gradOutput");
        return present(binding.gradOutputs[index], "gradient of output", index);
    }

    /**
     * Whether anything before this layer learns through an input.
     *
     * @param index position among the inputs
     * @return whether {@link #gradInput} is to be written
     */
    public boolean wantsGradient(int index) {
        return binding.gradInputs[index] != null;
    }

    /**
     * The gradient of an input that wants one, to be overwritten in {@link Layer#backwardInput}.
     *
     * @param index position among the inputs
     * @return the tensor, of the input's type
     * @throws IllegalStateException in another pass, or if the input wants none ({@link #wantsGradient})
     */
    public Tensor gradInput(int index) {
        if (binding.phase != Phase.INPUT_GRADIENT && binding.phase != Phase.FULL) {
            throw refused("gradient of input " + index);
        }
        return present(binding.gradInputs[index], "gradient of input", index);
    }

    /**
     * A parameter's value.
     *
     * @param index position in {@link Layer#parameters}
     * @return the tensor, not to be written
     */
    public Tensor parameter(int index) {
        return binding.parameters.get(index);
    }

    /**
     * A parameter [n, ...] as right operand of {@code x · parameterᵀ}: packed where other micro-batches use it too.
     *
     * @param index position in {@link Layer#parameters}, one of {@link Layer#transposedParameters}
     * @return a matrix of n rows, to be given to a product that transposes it
     */
    public MatrixOperand transposed(int index) {
        return binding.transposed(index);
    }

    /**
     * A parameter's gradient, into which {@link Layer#backwardWeight} adds.
     *
     * @param index position in {@link Layer#parameters}
     * @return the tensor, of the parameter's shape
     * @throws IllegalStateException in another pass, or if the parameter does not learn ({@link #wantsWeightGradient})
     */
    public Tensor gradient(int index) {
        if (binding.phase != Phase.WEIGHT_GRADIENT && binding.phase != Phase.FULL) {
            throw refused("gradient of parameter " + index);
        }
        return present(binding.gradients[index], "gradient of parameter", index);
    }

    /**
     * Says to which rows of a {@link Parameter#table table's} gradient {@link Layer#backwardWeight} has added or will add; nothing happens
     * if nobody takes notes of them.
     *
     * @param index position in {@link Layer#parameters}
     * @param indices int32, each of a row
     * @param padding the index that is left out; any that is below 0 for none
     */
    public void touch(int index, Tensor indices, int padding) {
        TouchedRows rows = binding.rows[index];
        if (rows != null) {
            rows.add(indices, padding);
        }
    }

    /**
     * Whether a parameter learns: a frozen one has no gradient to add to.
     *
     * @param index position in {@link Layer#parameters}
     * @return whether {@link #gradient} is there
     */
    public boolean wantsWeightGradient(int index) {
        return binding.gradients[index] != null;
    }

    /**
     * {@return random numbers of this layer in this step, the same in every pass of it: index them by sample of the mini-batch
     * ({@link #firstSample} plus the row) and element, and they depend on neither order nor cut}
     */
    public CounterRandom random() {
        return binding.random();
    }

    /** {@return index in the mini-batch of the micro-batch's first sample, from 0} */
    public long firstSample() {
        return binding.firstSample;
    }

    private Tensor read(@Nullable Tensor[] tensors, int index, Port.Side side) {
        Port port = binding.port(side, index);
        if (!readable(port)) {
            throw refused(port.toString());
        }
        return present(tensors[index], side == Port.Side.INPUT ? "input" : "output", index);
    }

    private boolean readable(Port port) {
        boolean forInput = binding.footprint.inputGradientReads().contains(port);
        boolean forWeight = binding.footprint.weightGradientReads().contains(port);
        return switch (binding.phase) {
            case FORWARD -> true;
            case INPUT_GRADIENT -> forInput;
            case WEIGHT_GRADIENT -> forWeight;
            case FULL -> forInput || forWeight;
        };
    }

    private void requireBackward(String what) {
        if (binding.phase == Phase.FORWARD) {
            throw refused(what);
        }
    }

    private IllegalStateException refused(String what) {
        return new IllegalStateException("layer " + binding.name + ": " + binding.phase.text() + " asks for " + what
                + ", which it has not declared");
    }

    private Tensor present(@Nullable Tensor tensor, String what, int index) {
        if (tensor == null) {
            throw new IllegalStateException(
                    "layer " + binding.name + ": " + binding.phase.text() + " has no " + what + " " + index);
        }
        return tensor;
    }
}
