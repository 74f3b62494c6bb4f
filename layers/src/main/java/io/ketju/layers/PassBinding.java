package io.ketju.layers;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.matrix.MatrixOperand;
import io.ketju.tensor.kernel.matrix.MatrixView;
import io.ketju.tensor.random.CounterRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The side of a {@link Pass} that whoever runs the layer holds: it says which tensor stands at which port, and which pass
 * begins. One for each layer and micro-batch in flight; not thread-safe.
 */
public final class PassBinding {
    /** What a layer is asked for. */
    public enum Phase {
        /** {@link Layer#forward}. */
        FORWARD("forward"),
        /** {@link Layer#backwardInput}. */
        INPUT_GRADIENT("backwardInput"),
        /** {@link Layer#backwardWeight}. */
        WEIGHT_GRADIENT("backwardWeight"),
        /** Both in one, of a {@link FullBackward}. */
        FULL("backward");

        private final String text;

        Phase(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /**
     * A layer's parameters.
     *
     * @param values in the order of {@link Layer#parameters}
     * @param gradients in the same order, null where there is none; empty when only forward passes run
     * @param rows by position, of tables that have gradients: where the layer notes to which rows it adds
     * @param packed packed weights by position; whoever changes a weight tells them
     */
    public record Weights(
            List<Tensor> values,
            List<@Nullable Tensor> gradients,
            Map<Integer, TouchedRows> rows,
            Map<Integer, PackedWeight> packed) {
        /**
         * Without tables that take notes.
         *
         * @param values in the order of {@link Layer#parameters}
         * @param gradients in the same order, null where there is none; empty when only forward passes run
         * @param packed packed weights by position; whoever changes a weight tells them
         */
        public Weights(List<Tensor> values, List<@Nullable Tensor> gradients, Map<Integer, PackedWeight> packed) {
            this(values, gradients, Map.of(), packed);
        }

        /**
         * The parameters of several layers as those of one.
         *
         * @param parts of the layers, in their order; either all or none have gradients
         * @return the parameters behind each other, over the same tensors
         */
        public static Weights together(List<Weights> parts) {
            List<Tensor> values = new ArrayList<>();
            List<@Nullable Tensor> gradients = new ArrayList<>();
            Map<Integer, TouchedRows> rows = new LinkedHashMap<>();
            Map<Integer, PackedWeight> packed = new LinkedHashMap<>();
            for (Weights part : parts) {
                int before = values.size();
                part.rows().forEach((position, touched) -> rows.put(before + position, touched));
                part.packed().forEach((position, weight) -> packed.put(before + position, weight));
                values.addAll(part.values());
                gradients.addAll(part.gradients());
            }
            return new Weights(values, gradients, rows, packed);
        }
    }

    final String name;
    final Kernels kernels;
    List<Tensor> parameters;
    final @Nullable Tensor[] gradients;
    final @Nullable TouchedRows[] rows;
    final @Nullable Tensor[] inputs;
    final @Nullable Tensor[] outputs;
    final @Nullable Tensor[] gradOutputs;
    final @Nullable Tensor[] gradInputs;
    final @Nullable Tensor[] kept;
    final @Nullable Tensor[] untilStep;
    final @Nullable Tensor[] workspace;
    final Footprint footprint;
    Phase phase = Phase.FORWARD;
    boolean training;
    boolean firstBackward;
    long firstSample;

    private Map<Integer, PackedWeight> packed;
    private final CounterRandom ofLayer;
    private final Port[] inputPorts;
    private final Port[] outputPorts;
    private final Pass pass = new Pass(this);
    private long step;
    private @Nullable CounterRandom ofStep;
    /** Which pass was the first since the last forward; null before. */
    private @Nullable Phase begunBy;

    /**
     * On parameters, with no tensor at any port yet.
     *
     * @param name the layer's global name, for messages and as part of the key of its random numbers
     * @param kernels that the layer calculates with
     * @param weights the layer's parameters; their tensors remain the caller's
     * @param footprint what the layer declares, for its largest inputs
     * @param inputs number of inputs
     * @param outputs number of outputs
     * @param seed of the run: with the name and the step's number it gives the random numbers
     */
    public PassBinding(
            String name, Kernels kernels, Weights weights, Footprint footprint, int inputs, int outputs, long seed) {
        this.name = name;
        this.kernels = kernels;
        this.footprint = footprint;
        parameters = List.copyOf(weights.values());
        gradients = new Tensor[parameters.size()];
        for (int i = 0; i < weights.gradients().size(); i++) {
            gradients[i] = weights.gradients().get(i);
        }
        rows = new TouchedRows[parameters.size()];
        weights.rows().forEach((position, touched) -> rows[position] = touched);
        packed = Map.copyOf(weights.packed());
        ofLayer = CounterRandom.of(seed, "layer/" + name);
        this.inputs = new Tensor[inputs];
        this.outputs = new Tensor[outputs];
        gradOutputs = new Tensor[outputs];
        gradInputs = new Tensor[inputs];
        kept = new Tensor[footprint.kept().size()];
        untilStep = new Tensor[footprint.untilStep().size()];
        workspace = new Tensor[footprint.workspace().size()];
        inputPorts = new Port[inputs];
        outputPorts = new Port[outputs];
        for (int i = 0; i < inputs; i++) {
            inputPorts[i] = Port.input(i);
        }
        for (int i = 0; i < outputs; i++) {
            outputPorts[i] = Port.output(i);
        }
    }

    /**
     * Begins the forward of a micro-batch, whose inputs, outputs and room have been told.
     *
     * @param trains whether it is trained on
     * @param ofStepNumber number of the optimizer step, for the random numbers
     * @param first index in the mini-batch of its first sample, from 0
     * @return what the layer is called with
     */
    public Pass forward(boolean trains, long ofStepNumber, long first) {
        phase = Phase.FORWARD;
        begunBy = null;
        training = trains;
        firstSample = first;
        if (step != ofStepNumber) {
            step = ofStepNumber;
            ofStep = null;
        }
        return pass;
    }

    /**
     * Begins a backward pass of the micro-batch whose forward was begun last.
     *
     * @param of any phase but {@link Phase#FORWARD}
     * @return what the layer is called with, the same object in all passes
     */
    public Pass backward(Phase of) {
        phase = of;
        firstBackward = begunBy == null || begunBy == of;
        begunBy = firstBackward ? of : begunBy;
        return pass;
    }

    /** {@return number of the layer's parameters} */
    public int parameters() {
        return parameters.size();
    }

    /**
     * From now on passes run on other values of the same parameters; gradients go where they went.
     *
     * @param others whose values and packed weights are used
     */
    public void values(Weights others) {
        parameters = others.values();
        packed = others.packed();
    }

    /**
     * From now on gradients of the same parameters are added elsewhere; passes run on the values that they ran on.
     *
     * @param others whose gradients and notes of rows are used; it has a gradient, or null, for each parameter
     */
    public void gradients(Weights others) {
        for (int i = 0; i < gradients.length; i++) {
            gradients[i] = others.gradients().get(i);
            rows[i] = others.rows().get(i);
        }
    }

    /**
     * Says where an input lies.
     *
     * @param index position among the inputs
     * @param tensor of the micro-batch's own shape; null if there is none to read
     */
    public void input(int index, @Nullable Tensor tensor) {
        inputs[index] = tensor;
    }

    /**
     * Says where an output is to be written, or lies in backward.
     *
     * @param index position among the outputs
     * @param tensor of the micro-batch's own shape; null if there is none
     */
    public void output(int index, @Nullable Tensor tensor) {
        outputs[index] = tensor;
    }

    /**
     * Says where the gradient of an output lies.
     *
     * @param index position among the outputs
     * @param tensor of the output's type; null if no gradient comes
     */
    public void gradOutput(int index, @Nullable Tensor tensor) {
        gradOutputs[index] = tensor;
    }

    /**
     * Says where the gradient of an input goes.
     *
     * @param index position among the inputs
     * @param tensor of the input's type, overwritten by the layer; null if the input wants none
     */
    public void gradInput(int index, @Nullable Tensor tensor) {
        gradInputs[index] = tensor;
    }

    /**
     * Says where a tensor lies that forward leaves for backward.
     *
     * @param index position in {@link Footprint#kept}
     * @param tensor null if nothing is kept, because no backward follows
     */
    public void kept(int index, @Nullable Tensor tensor) {
        kept[index] = tensor;
    }

    /**
     * Says where a tensor lies that stays until the step.
     *
     * @param index position in {@link Footprint#untilStep}
     * @param tensor the micro-batch's own; null if it does not train
     */
    public void untilStep(int index, @Nullable Tensor tensor) {
        untilStep[index] = tensor;
    }

    /**
     * Says where the layer works: in another place in forward than in backward, if need be.
     *
     * @param index position in {@link Footprint#workspace}
     * @param tensor whose content is undefined
     */
    public void workspace(int index, @Nullable Tensor tensor) {
        workspace[index] = tensor;
    }

    MatrixOperand transposed(int index) {
        PackedWeight weight = packed.get(index);
        if (weight != null) {
            return weight.operand(kernels);
        }
        Tensor parameter = parameters.get(index);
        return MatrixView.of(parameter, parameter.elements() / parameter.shape().dimension(0));
    }

    CounterRandom random() {
        if (ofStep == null) {
            ofStep = ofLayer.stream(Long.toString(step));
        }
        return ofStep;
    }

    Port port(Port.Side side, int index) {
        return side == Port.Side.INPUT ? inputPorts[index] : outputPorts[index];
    }
}
