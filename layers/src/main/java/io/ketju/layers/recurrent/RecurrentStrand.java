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

    /** In place of an input's position: the states before the first step are zero. */
    static final int ZEROS = -1;

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
    /** Features of what steps hand on. */
    private final int states;

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
        states = network.stateSize();
    }

    /**
     * From inputs [n, columns] in their own order.
     *
     * @param firstState the first input with states before the first step, or {@link #ZEROS}
     */
    void forward(Tensor inputs, int firstState) {
        int rows = order.rows();
        Tensor packed = rooms.input(strand);
        kernels.indexing().embeddingForward(inputs, order.sources(reverse), packed.samples(0, rows));
        GemmShape product = GemmShape.nt(rows, gates, columns);
        Tensor inputGates = rooms.forwardInputGates(strand);
        product(product, packed, WEIGHT_INPUT, BIAS_INPUT, inputGates);
        Tensor all = rooms.states(strand);
        all.samples(order.zeroRow(), 1).clear();
        start(all, firstState);
        Tensor cells = rooms.cells(strand);
        if (cells != null) {
            start(cells, firstState == ZEROS ? ZEROS : firstState + 1);
        }
        int before = 0;
        int first = 0;
        for (int step = 0; step < order.steps(); step++) {
            int count = order.count(step);
            Moment moment = moment(inputGates, step, first, before);
            product(GemmShape.nt(count, gates, states), moment.hBefore(), WEIGHT_HIDDEN, BIAS_HIDDEN, moment.hg());
            network.cell().forward(kernels, moment);
            project(moment, first, count);
            before = order.batch() + first;
            first += count;
        }
        writeLast(STATES, rooms.states(strand));
        if (cells != null) {
            writeLast(CELLS, cells);
        }
    }

    /** Writes the states before the first step, by rank. */
    private void start(Tensor states, int input) {
        if (input == ZEROS) {
            states.samples(0, order.batch()).clear();
            return;
        }
        for (int rank = 0; rank < order.batch(); rank++) {
            states.samples(rank, 1).copyFrom(ofSequence(pass.input(input), rank));
        }
    }

    private void project(Moment moment, int first, int count) {
        if (network.projSize() > 0) {
            GemmShape shape = GemmShape.nt(count, states, hidden);
            Tensor projected = rooms.states(strand).samples(order.batch() + first, count);
            kernels.matrix()
                    .gemm(
                            shape,
                            MatrixView.of(moment.h(), hidden),
                            pass.transposed(parameter(projection())),
                            GemmEpilogue.NONE,
                            MatrixView.of(projected, states));
        }
    }

    /** Outputs [n, S] in the order of the inputs, zero where there is padding. */
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
        Tensor all = rooms.states(strand);
        Tensor unprojected = rooms.unprojected(strand);
        Tensor cells = rooms.cells(strand);
        Tensor kept = rooms.keptGates(strand);
        Tensor carry = rooms.carry();
        Tensor gradient = rooms.gradient();
        Tensor initial = rooms.initialGradient(strand);
        Tensor first0 = initial == null ? null : initial.samples(0, count);
        return new Moment(
                inputGates.samples(first, count),
                rooms.hiddenGates().samples(0, count),
                rooms.hiddenGateGradient(strand).samples(first, count),
                kept == null ? null : kept.samples(first, count),
                all.samples(before, count),
                unprojected == null ? all.samples(at, count) : unprojected.samples(first, count),
                cells == null ? null : cells.samples(before, count),
                cells == null ? null : cells.samples(at, count),
                unprojected == null
                        ? gradient.samples(first, count)
                        : rooms.unprojectedGradient().samples(0, count),
                carry == null ? null : carry.samples(0, count),
                step == 0 ? first0 : gradient.samples(before - order.batch(), count));
    }

    /** The last states of all sequences to [batch, strands, features]; those before the first step if there is none. */
    private void writeLast(int port, Tensor states) {
        for (int rank = 0; rank < order.batch(); rank++) {
            boolean none = order.steps() == 0 || rank >= order.count(0);
            int row = none ? rank : order.batch() + order.last(rank);
            ofSequence(pass.output(port), rank).copyFrom(states.samples(row, 1));
        }
    }

    private Tensor ofSequence(Tensor states, int rank) {
        int all = network.strands();
        Tensor rows = states.view(Shape.of(order.batch() * all, states.shape().dimension(-1)));
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
            if (network.projSize() > 0) {
                GemmShape product = GemmShape.nn(count, hidden, states);
                Tensor projected = gradient.samples(first, count);
                kernels.matrix().gemm(product, projected, pass.parameter(parameter(projection())), moment.dh());
            }
            network.cell().backward(kernels, moment);
            if (moment.dhBefore() != null) {
                GemmShape product = GemmShape.nn(count, states, gates);
                kernels.matrix().gemmAccumulate(product, moment.dhg(), weight, moment.dhBefore());
            }
        }
        keep(rooms.initialCellGradient(strand), rooms.carry());
        keep(rooms.projectedGradient(strand), rooms.gradient());
    }

    /** Keeps what the next strand overwrites, if this one needs it later. */
    private static void keep(@Nullable Tensor to, @Nullable Tensor from) {
        if (to != null && from != null) {
            to.copyFrom(from);
        }
    }

    /** Overwrites gradients of the states before the first step, of inputs from this one on, where they want one. */
    void writeInitialGradients(int firstState) {
        write(rooms.initialGradient(strand), firstState);
        write(rooms.initialCellGradient(strand), firstState + 1);
    }

    private void write(@Nullable Tensor gradient, int input) {
        for (int rank = 0; gradient != null && pass.wantsGradient(input) && rank < order.batch(); rank++) {
            ofSequence(pass.gradInput(input), rank).copyFrom(gradient.samples(rank, 1));
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
        addEmptyGradients(count);
        if (pass.hasGradOutput(STATES) && count > 0) {
            Tensor room = rooms.hiddenGates();
            Tensor sorted = room.view(Shape.of(room.elements()))
                    .samples(0, count * states)
                    .view(Shape.of(count, states));
            for (int rank = 0; rank < count; rank++) {
                sorted.samples(rank, 1).copyFrom(ofSequence(pass.gradOutput(STATES), rank));
            }
            kernels.indexing().embeddingBackward(IndexingKernels.NO_PADDING, sorted, order.lastRows(), gradient);
        }
    }

    /** The last states of sequences without steps are those before. */
    private void addEmptyGradients(int first) {
        Tensor initial = rooms.initialGradient(strand);
        if (initial != null) {
            initial.clear();
            for (int rank = first; pass.hasGradOutput(STATES) && rank < order.batch(); rank++) {
                initial.samples(rank, 1).copyFrom(ofSequence(pass.gradOutput(STATES), rank));
            }
        }
    }

    /** Overwrites gradients of the inputs [n, columns], zero where there is padding. */
    void writeInputGradients(Tensor gradInputs) {
        int rows = order.rows();
        Tensor packed = rooms.inputGradient(columns);
        packed.samples(order.zeroRow(), 1).clear();
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
            GemmShape product = GemmShape.tn(gates, states, rows);
            matrix.gemmAccumulate(product, gradHidden, statesBefore(), pass.gradient(parameter(WEIGHT_HIDDEN)));
        }
        if (network.bias()) {
            biasGradients(gradGates, gradHidden);
        }
        projectionGradient(rows);
    }

    private void projectionGradient(int rows) {
        Tensor gradient = rooms.projectedGradient(strand);
        Tensor unprojected = rooms.unprojected(strand);
        if (gradient != null && unprojected != null && pass.wantsWeightGradient(parameter(projection()))) {
            GemmShape product = GemmShape.tn(states, hidden, rows);
            kernels.matrix()
                    .gemmAccumulate(
                            product,
                            gradient.samples(0, rows),
                            unprojected.samples(0, rows),
                            pass.gradient(parameter(projection())));
        }
    }

    /** Of each packed row the states before. */
    private Tensor statesBefore() {
        int rows = order.rows();
        Tensor all = rooms.states(strand);
        if (order.isFull()) {
            return all.samples(0, rows);
        }
        Tensor before = rooms.gradient().samples(0, rows);
        kernels.indexing().embeddingForward(all, order.previousRows(), before);
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

    /** The last parameter of a strand, where there is a projection. */
    private int projection() {
        return network.parametersPerStrand() - 1;
    }

    private int parameter(int which) {
        return strand * network.parametersPerStrand() + which;
    }
}
