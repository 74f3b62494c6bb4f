package io.ketju.layers.recurrent;

import io.ketju.layers.Footprint;
import io.ketju.layers.Inputs;
import io.ketju.layers.Layer;
import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.initializer.Initializer;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.recurrent.RecurrentCell.Moment;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.matrix.GemmEpilogue;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import io.ketju.tensor.kernel.matrix.MatrixView;
import java.util.ArrayList;
import java.util.List;

/**
 * One step of a recurrent network, as torch.nn.RNNCell, LSTMCell and GRUCell: x [B, inputSize], then the state before, h [B, H] and for
 * LSTM c [B, H], or nothing where it is zero; to the state after, in the same form. Parameters: weight_ih [G·H, inputSize], weight_hh [G·H,
 * H], bias_ih [G·H], bias_hh [G·H], with G = 1, 4 and 3, all uniform within ±1/√H.
 *
 * @param kind which one
 * @param inputSize features of an input
 * @param hiddenSize features of a state, H
 * @param bias whether there are biases
 */
public record StepCell(Kind kind, int inputSize, int hiddenSize, boolean bias) implements Layer {
    /** Which one. */
    public enum Kind {
        /** RNNCell: {@code tanh} of the sum. */
        RNN_TANH("RNNCell", RecurrentCell.TANH),
        /** RNNCell with {@code nonlinearity=relu}: negative sums become 0. */
        RNN_RELU("RNNCell", RecurrentCell.RELU),
        /** LSTMCell: its state is h and c. */
        LSTM("LSTMCell", RecurrentCell.LSTM),
        /** GRUCell: its state is h alone. */
        GRU("GRUCell", RecurrentCell.GRU);

        private final String text;
        private final RecurrentCell cell;

        Kind(String text, RecurrentCell cell) {
            this.text = text;
            this.cell = cell;
        }

        RecurrentCell cell() {
            return cell;
        }
    }

    public static final Entry<Layer> RNN = describe("RNNCell", "One step of a plain recurrent network")
            .optional("nonlinearity", "tanh", "tanh or relu")
            .formula("h' = tanh(x · weight_ihᵀ + bias_ih + h · weight_hhᵀ + bias_hh)")
            .readBy(arguments -> {
                boolean tanh = arguments.word("nonlinearity", "tanh", "relu").equals("tanh");
                return of(arguments, tanh ? Kind.RNN_TANH : Kind.RNN_RELU);
            });
    public static final Entry<Layer> LSTM = describe("LSTMCell", "One step of long short-term memory")
            .formula("c' = σ(f)·c + σ(i)·tanh(g), h' = σ(o)·tanh(c')")
            .readBy(arguments -> of(arguments, Kind.LSTM));
    public static final Entry<Layer> GRU = describe("GRUCell", "One step of gated recurrent units")
            .formula("h' = (1 - z)·n + z·h, n = tanh(xn + r·hn)")
            .readBy(arguments -> of(arguments, Kind.GRU));

    private static final int WEIGHT_INPUT = 0;
    private static final int WEIGHT_HIDDEN = 1;
    private static final int BIAS_INPUT = 2;
    private static final int BIAS_HIDDEN = 3;

    private static final int X = 0;
    private static final int H = 1;
    private static final int C = 2;

    private static final int INPUT_GATES = 0;
    private static final int HIDDEN_GATES = 1;
    private static final int ZEROS = 2;
    private static final int GRADIENT = 3;
    private static final int GRADIENT_BEFORE = 4;
    private static final int CARRY = 5;

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException naming the argument that is below 1
     */
    public StepCell {
        Arguments.requirePositive(kind.text, "input_size", inputSize);
        Arguments.requirePositive(kind.text, "hidden_size", hiddenSize);
    }

    private static Description describe(String name, String summary) {
        return Description.of(name, summary)
                .required("input_size", "features of an input")
                .required("hidden_size", "H, features of a state")
                .optional("bias", true, "whether there are biases")
                .shapes("x [samples, input_size], then the state before unless it is zero: h, for LSTMCell and c,"
                        + " [samples, H]; to the state after, in the same form")
                .parameters("weight_ih [G·H, input_size], weight_hh [G·H, H], bias_ih [G·H], bias_hh [G·H], G = "
                        + (name.equals("RNNCell") ? "1" : name.equals("LSTMCell") ? "4" : "3"))
                .source("torch.nn." + name);
    }

    private static StepCell of(Arguments arguments, Kind kind) {
        return new StepCell(
                kind, arguments.integer("input_size"), arguments.integer("hidden_size"), arguments.flag("bias"));
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of(kind.text, inputSize, hiddenSize);
        spec = bias ? spec : spec.with("bias", false);
        return kind == Kind.RNN_RELU ? spec.with("nonlinearity", "relu") : spec;
    }

    private int gates() {
        return kind.cell.gates() * hiddenSize;
    }

    private int states() {
        return kind.cell.hasCells() ? 2 : 1;
    }

    @Override
    public List<Parameter> parameters() {
        Initializer uniform = Initializers.uniform(1 / Math.sqrt(hiddenSize));
        List<Parameter> parameters = new ArrayList<>();
        parameters.add(new Parameter("weight_ih", Shape.of(gates(), inputSize), uniform));
        parameters.add(new Parameter("weight_hh", Shape.of(gates(), hiddenSize), uniform));
        if (bias) {
            parameters.add(new Parameter("bias_ih", Shape.of(gates()), uniform));
            parameters.add(new Parameter("bias_hh", Shape.of(gates()), uniform));
        }
        return parameters;
    }

    @Override
    public List<Integer> transposedParameters() {
        return List.of(WEIGHT_INPUT, WEIGHT_HIDDEN);
    }

    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
        Inputs.requireFloats(inputs, X);
        Shape x = inputs.getFirst().shape();
        if (x.rank() != 2 || x.dimension(1) != inputSize) {
            throw new IllegalArgumentException("expected input [samples, " + inputSize + "], found " + x);
        }
        TensorType state = TensorType.floats(x.dimension(0), hiddenSize);
        List<TensorType> expected = states() == 1 ? List.of(state) : List.of(state, state);
        List<TensorType> given = inputs.subList(1, inputs.size());
        if (!given.isEmpty() && !given.equals(expected)) {
            throw new IllegalArgumentException(
                    "expected the state before " + expected + " behind input 0, or nothing, found " + given);
        }
        return expected;
    }

    /** The gates' gradients, which both backward passes need, are made of the states before and after. */
    @Override
    public Footprint footprint(List<TensorType> inputs) {
        int batch = inputs.getFirst().shape().dimension(0);
        TensorType state = TensorType.floats(batch, hiddenSize);
        TensorType ofGates = TensorType.floats(batch, gates());
        Footprint footprint = Footprint.NOTHING.weightGradientReading(Port.input(X));
        for (int i = 1; i < inputs.size(); i++) {
            footprint = footprint.inputGradientReading(Port.input(i)).weightGradientReading(Port.input(i));
        }
        for (int i = 0; i < states(); i++) {
            footprint = footprint.inputGradientReading(Port.output(i)).weightGradientReading(Port.output(i));
        }
        return footprint
                .keeping(TensorType.floats(batch, kind.cell.keptGates() * hiddenSize))
                .workingIn(ofGates, ofGates, state, state, state, state);
    }

    @Override
    public long forwardFlops(List<TensorType> inputs) {
        return 2L * inputs.getFirst().shape().dimension(0) * gates() * (inputSize + hiddenSize);
    }

    @Override
    public void forward(Pass pass) {
        pass.workspace(ZEROS).clear();
        Moment moment = moment(pass);
        product(pass, pass.input(X), WEIGHT_INPUT, BIAS_INPUT, moment.xg());
        product(pass, moment.hBefore(), WEIGHT_HIDDEN, BIAS_HIDDEN, moment.hg());
        kind.cell.forward(pass.kernels(), moment);
    }

    private void product(Pass pass, Tensor x, int weight, int ofBias, Tensor y) {
        GemmShape shape =
                GemmShape.nt(y.shape().dimension(0), gates(), x.shape().dimension(1));
        GemmEpilogue last = bias ? GemmEpilogue.NONE.withBias(pass.parameter(ofBias)) : GemmEpilogue.NONE;
        pass.kernels()
                .matrix()
                .gemm(shape, MatrixView.of(x, shape.k()), pass.transposed(weight), last, MatrixView.of(y, shape.n()));
    }

    private Moment moment(Pass pass) {
        boolean cells = kind.cell.hasCells();
        Tensor zeros = pass.workspace(ZEROS);
        boolean given = pass.inputs() > 1;
        Tensor gates = pass.kept(0);
        Tensor xg = pass.workspace(INPUT_GATES);
        return new Moment(
                xg,
                pass.workspace(HIDDEN_GATES),
                kind.cell.splitsGradient() ? pass.workspace(HIDDEN_GATES) : xg,
                gates.elements() == 0 ? null : gates,
                given ? pass.input(H) : zeros,
                pass.output(0),
                cells ? (given ? pass.input(C) : zeros) : null,
                cells ? pass.output(1) : null,
                pass.workspace(GRADIENT),
                cells ? pass.workspace(CARRY) : null,
                pass.workspace(GRADIENT_BEFORE));
    }

    /** Whichever backward pass comes first makes the gradients of the gates and of the state before. */
    private Moment gradients(Pass pass) {
        if (!pass.firstBackward()) {
            return moment(pass);
        }
        pass.workspace(ZEROS).clear();
        pass.workspace(GRADIENT_BEFORE).clear();
        takeGradient(pass, 0, pass.workspace(GRADIENT));
        if (kind.cell.hasCells()) {
            takeGradient(pass, 1, pass.workspace(CARRY));
        }
        Moment moment = moment(pass);
        kind.cell.backward(pass.kernels(), moment);
        Tensor before = pass.workspace(GRADIENT_BEFORE);
        GemmShape product = GemmShape.nn(before.shape().dimension(0), hiddenSize, gates());
        pass.kernels().matrix().gemmAccumulate(product, moment.dhg(), pass.parameter(WEIGHT_HIDDEN), before);
        return moment;
    }

    private static void takeGradient(Pass pass, int output, Tensor to) {
        if (pass.hasGradOutput(output)) {
            to.copyFrom(pass.gradOutput(output));
        } else {
            to.clear();
        }
    }

    @Override
    public void backwardInput(Pass pass) {
        Moment moment = gradients(pass);
        if (pass.wantsGradient(X)) {
            Tensor gradInput = pass.gradInput(X);
            GemmShape product = GemmShape.nn(gradInput.shape().dimension(0), inputSize, gates());
            pass.kernels().matrix().gemm(product, moment.xg(), pass.parameter(WEIGHT_INPUT), gradInput);
        }
        for (int i = H; i < pass.inputs(); i++) {
            if (pass.wantsGradient(i)) {
                pass.gradInput(i).copyFrom(pass.workspace(i == H ? GRADIENT_BEFORE : CARRY));
            }
        }
    }

    @Override
    public void backwardWeight(Pass pass) {
        Moment moment = gradients(pass);
        MatrixKernels matrix = pass.kernels().matrix();
        int rows = moment.xg().shape().dimension(0);
        if (pass.wantsWeightGradient(WEIGHT_INPUT)) {
            GemmShape product = GemmShape.tn(gates(), inputSize, rows);
            matrix.gemmAccumulate(product, moment.xg(), pass.input(X), pass.gradient(WEIGHT_INPUT));
        }
        if (pass.wantsWeightGradient(WEIGHT_HIDDEN)) {
            GemmShape product = GemmShape.tn(gates(), hiddenSize, rows);
            matrix.gemmAccumulate(product, moment.dhg(), moment.hBefore(), pass.gradient(WEIGHT_HIDDEN));
        }
        if (bias && pass.wantsWeightGradient(BIAS_INPUT)) {
            matrix.sumRowsAccumulate(moment.xg(), pass.gradient(BIAS_INPUT));
        }
        if (bias && pass.wantsWeightGradient(BIAS_HIDDEN)) {
            matrix.sumRowsAccumulate(moment.dhg(), pass.gradient(BIAS_HIDDEN));
        }
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
