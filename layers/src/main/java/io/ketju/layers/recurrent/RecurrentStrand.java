package io.ketju.layers.recurrent;

import io.ketju.layers.Pass;
import io.ketju.layers.recurrent.RecurrentCell.Moment;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.elementwise.Binary;
import io.ketju.tensor.kernel.indexing.IndexingKernels;
import io.ketju.tensor.kernel.matrix.GemmEpilogue;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import io.ketju.tensor.kernel.matrix.MatrixView;
import org.jspecify.annotations.Nullable;

/**
 * One level of a recurrent network in one direction. What does not wait for the step before is one product over the packed
 * rows of all steps: the gates' inputs, the inputs' gradients, the weights' gradients.
 */
final class RecurrentStrand {
    private static final int WEIGHT_INPUT = 0;
    private static final int WEIGHT_HIDDEN = 1;
    private static final int BIAS_INPUT = 2;
    private static final int BIAS_HIDDEN = 3;

    /** Output ports of the states at each sequence's end. */
    private static final int STATES = 1;

    private static final int CELLS = 2;

    private final Recurrence network;
    private final Pass pass;
    private final Kernels kernels;
    private final RecurrentRooms rooms;
    private final PackedOrder order;
    private final int strand;
    private final boolean reverse;
    private final int columns;
    private final int gates;
    private final int hidden;

    RecurrentStrand(Recurrence network, Pass pass, RecurrentRooms rooms, PackedOrder order, int strand) {
        this.network = network;
        this.pass = pass;
        this.rooms = rooms;
        this.order = order;
        this.strand = strand;
        kernels = pass.kernels();
        reverse = strand % network.directions() == 1;
        columns = network.inputSize(strand / network.directions());
        gates = network.gateSize();
        hidden = network.hiddenSize();
    }

    /** From inputs [n, columns] in their own order. */
    void forward(Tensor inputs) {
        int rows = order.rows();
        Tensor packed = rooms.input(strand);
        kernels.indexing().embeddingForward(inputs, order.sources(reverse), packed.samples(0, rows));
        GemmShape product = GemmShape.nt(rows, gates, columns);
        Tensor inputGates = rooms.forwardInputGates(strand);
        product(product, packed, WEIGHT_INPUT, BIAS_INPUT, inputGates);
        rooms.states(strand).samples(0, order.batch()).clear();
        Tensor cells = rooms.cells(strand);
        if (cells != null) {
            cells.samples(0, order.batch()).clear();
        }
        int before = 0;
        int first = 0;
        for (int step = 0; step < order.steps(); step++) {
            int count = order.count(step);
            Moment moment = moment(inputGates, step, first, before);
            product(GemmShape.nt(count, gates, hidden), moment.hBefore(), WEIGHT_HIDDEN, BIAS_HIDDEN, moment.hg());
            network.cell().forward(kernels, moment);
            before = order.batch() + first;
            first += count;
        }
        writeLast(STATES, rooms.states(strand));
        if (cells != null) {
            writeLast(CELLS, cells);
        }
    }

    /** Outputs [n, H] in the order of the inputs, zero where there is padding. */
    void writeOutputs(Tensor outputs) {
        kernels.indexing().embeddingForward(rooms.states(strand), order.places(reverse), outputs);
    }

    private void product(GemmShape shape, Tensor x, int weight, int bias, Tensor y) {
        GemmEpilogue last =
                network.bias() ? GemmEpilogue.NONE.withBias(pass.parameter(parameter(bias))) : GemmEpilogue.NONE;
        kernels.matrix()
                .gemm(
                        shape,
                        MatrixView.of(x, shape.k()),
                        pass.transposed(parameter(weight)),
                        last,
                        MatrixView.of(y, shape.n()));
    }

    /** @param before state row of the first sequence's step before this one */
    private Moment moment(Tensor inputGates, int step, int first, int before) {
        int count = order.count(step);
        int at = order.batch() + first;
        Tensor states = rooms.states(strand);
        Tensor cells = rooms.cells(strand);
        Tensor kept = rooms.keptGates(strand);
        Tensor carry = rooms.carry();
        Tensor gradient = rooms.gradient();
        return new Moment(
                inputGates.samples(first, count),
                rooms.hiddenGates().samples(0, count),
                rooms.hiddenGateGradient(strand).samples(first, count),
                kept == null ? null : kept.samples(first, count),
                states.samples(before, count),
                states.samples(at, count),
                cells == null ? null : cells.samples(before, count),
                cells == null ? null : cells.samples(at, count),
                gradient.samples(first, count),
                carry == null ? null : carry.samples(0, count),
                step == 0 ? null : gradient.samples(before - order.batch(), count));
    }

    /** The last states of all sequences to [batch, strands, H]; those before the first step if there is none. */
    private void writeLast(int port, Tensor states) {
        for (int rank = 0; rank < order.batch(); rank++) {
            boolean none = order.steps() == 0 || rank >= order.count(0);
            int row = none ? 0 : order.batch() + order.last(rank);
            ofSequence(pass.output(port), rank).copyFrom(states.samples(row, 1));
        }
    }

    private Tensor ofSequence(Tensor states, int rank) {
        int all = network.strands();
        Tensor rows = states.view(Shape.of(order.batch() * all, hidden));
        return rows.samples(order.sequence(rank) * all + strand, 1);
    }

    /** Gradients of the gates from those of the outputs [n, H], in the order of the inputs; null if there are none. */
    void gateGradients(@Nullable Tensor gradOutputs) {
        Tensor gradient = rooms.gradient().samples(0, order.rows());
        if (gradOutputs == null) {
            gradient.clear();
        } else {
            kernels.indexing().embeddingForward(gradOutputs, order.sources(reverse), gradient);
        }
        addLastGradients(gradient);
        Tensor weight = pass.parameter(parameter(WEIGHT_HIDDEN));
        int first = order.rows();
        for (int step = order.steps() - 1; step >= 0; step--) {
            int count = order.count(step);
            first -= count;
            int before = step == 0 ? 0 : order.batch() + first - order.count(step - 1);
            Moment moment = moment(rooms.inputGates(strand), step, first, before);
            network.cell().backward(kernels, moment);
            if (moment.dhBefore() != null) {
                GemmShape product = GemmShape.nn(count, hidden, gates);
                kernels.matrix().gemmAccumulate(product, moment.dhg(), weight, moment.dhBefore());
            }
        }
    }

    private void addLastGradients(Tensor gradient) {
        Tensor carry = rooms.carry();
        if (carry != null) {
            carry.clear();
            for (int rank = 0; pass.hasGradOutput(CELLS) && rank < order.batch(); rank++) {
                carry.samples(rank, 1).copyFrom(ofSequence(pass.gradOutput(CELLS), rank));
            }
        }
        int count = order.steps() == 0 ? 0 : order.count(0);
        if (pass.hasGradOutput(STATES) && count > 0) {
            Tensor room = rooms.hiddenGates();
            Tensor sorted = room.view(Shape.of(room.elements()))
                    .samples(0, count * hidden)
                    .view(Shape.of(count, hidden));
            for (int rank = 0; rank < count; rank++) {
                sorted.samples(rank, 1).copyFrom(ofSequence(pass.gradOutput(STATES), rank));
            }
            kernels.indexing().embeddingBackward(IndexingKernels.NO_PADDING, sorted, order.lastRows(), gradient);
        }
    }

    /** Overwrites gradients of the inputs [n, columns], zero where there is padding. */
    void writeInputGradients(Tensor gradInputs) {
        int rows = order.rows();
        Tensor packed = rooms.inputGradient(columns);
        packed.samples(0, 1).clear();
        Tensor weight = pass.parameter(parameter(WEIGHT_INPUT));
        Tensor gradGates = rooms.inputGates(strand).samples(0, rows);
        GemmShape product = GemmShape.nn(rows, columns, gates);
        kernels.matrix().gemm(product, gradGates, weight, packed.samples(order.batch(), rows));
        kernels.indexing().embeddingForward(packed, order.places(reverse), gradInputs);
    }

    /** Adds to the gradients of the parameters: one product over the rows of all steps each. */
    void weightGradients() {
        int rows = order.rows();
        if (rows == 0) {
            return;
        }
        Tensor gradGates = rooms.inputGates(strand).samples(0, rows);
        Tensor gradHidden = rooms.hiddenGateGradient(strand).samples(0, rows);
        MatrixKernels matrix = kernels.matrix();
        if (pass.wantsWeightGradient(parameter(WEIGHT_INPUT))) {
            GemmShape product = GemmShape.tn(gates, columns, rows);
            Tensor input = rooms.input(strand).samples(0, rows);
            matrix.gemmAccumulate(product, gradGates, input, pass.gradient(parameter(WEIGHT_INPUT)));
        }
        if (pass.wantsWeightGradient(parameter(WEIGHT_HIDDEN))) {
            GemmShape product = GemmShape.tn(gates, hidden, rows);
            matrix.gemmAccumulate(product, gradHidden, statesBefore(), pass.gradient(parameter(WEIGHT_HIDDEN)));
        }
        if (network.bias()) {
            biasGradients(gradGates, gradHidden);
        }
    }

    /** Of each packed row the states before. */
    private Tensor statesBefore() {
        int rows = order.rows();
        Tensor states = rooms.states(strand);
        if (order.isFull()) {
            return states.samples(0, rows);
        }
        Tensor before = rooms.gradient().samples(0, rows);
        kernels.indexing().embeddingForward(states, order.previousRows(), before);
        return before;
    }

    /** One sum for both biases where their gradients are the same. */
    private void biasGradients(Tensor gradGates, Tensor gradHidden) {
        Tensor sums = rooms.hiddenGates().samples(0, 1).view(Shape.of(gates));
        for (int bias : new int[] {BIAS_INPUT, BIAS_HIDDEN}) {
            if (bias == BIAS_INPUT || network.cell().splitsGradient()) {
                sums.clear();
                kernels.matrix().sumRowsAccumulate(bias == BIAS_INPUT ? gradGates : gradHidden, sums);
            }
            if (pass.wantsWeightGradient(parameter(bias))) {
                Tensor gradient = pass.gradient(parameter(bias));
                kernels.elementwise().binary(Binary.ADD, gradient, sums, gradient);
            }
        }
    }

    private int parameter(int which) {
        return strand * network.parametersPerStrand() + which;
    }
}
