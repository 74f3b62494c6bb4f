package io.ketju.layers.recurrent;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.elementwise.Binary;
import io.ketju.tensor.kernel.recurrent.RecurrentActivation;
import org.jspecify.annotations.Nullable;

/** What one time step of a recurrent network does, but for the products with weights. */
enum RecurrentCell {
    LSTM(4, 4, true) {
        @Override
        void forward(Kernels kernels, Moment t) {
            kernels.recurrent()
                    .lstmForward(
                            t.xg, t.hg, Moment.present(t.cBefore), Moment.present(t.c), t.h, Moment.present(t.gates));
        }

        @Override
        void backward(Kernels kernels, Moment t) {
            kernels.recurrent()
                    .lstmBackward(
                            t.dh,
                            Moment.present(t.gates),
                            Moment.present(t.cBefore),
                            Moment.present(t.c),
                            Moment.present(t.carry),
                            t.xg);
        }
    },
    GRU(3, 4, false) {
        @Override
        void forward(Kernels kernels, Moment t) {
            kernels.recurrent().gruForward(t.xg, t.hg, t.hBefore, t.h, Moment.present(t.gates));
        }

        @Override
        void backward(Kernels kernels, Moment t) {
            Tensor dh = t.dh;
            kernels.recurrent().gruBackward(dh, Moment.present(t.gates), t.hBefore, t.xg, t.dhg, dh);
            if (t.dhBefore != null) {
                kernels.elementwise().binary(Binary.ADD, t.dhBefore, dh, t.dhBefore);
            }
        }
    },
    TANH(1, 0, false) {
        @Override
        void forward(Kernels kernels, Moment t) {
            kernels.recurrent().rnnForward(RecurrentActivation.TANH, t.xg, t.hg, t.h);
        }

        @Override
        void backward(Kernels kernels, Moment t) {
            kernels.recurrent().rnnBackward(RecurrentActivation.TANH, t.dh, t.h, t.xg);
        }
    },
    RELU(1, 0, false) {
        @Override
        void forward(Kernels kernels, Moment t) {
            kernels.recurrent().rnnForward(RecurrentActivation.RELU, t.xg, t.hg, t.h);
        }

        @Override
        void backward(Kernels kernels, Moment t) {
            kernels.recurrent().rnnBackward(RecurrentActivation.RELU, t.dh, t.h, t.xg);
        }
    };

    /**
     * Everything of one time step, for the b sequences that are as long.
     *
     * @param xg in forward: what the inputs give to the gates, [b, gates·H]; in backward where its gradient goes
     * @param hg in forward: what the states before give to the gates
     * @param dhg gradient of hg: another tensor than xg's for GRU only
     * @param gates what forward keeps of the gates, [b, keptGates·H], for LSTM in the place of xg; null if nothing
     * @param cBefore cells before, like c and the gradient that is carried from the next step, for LSTM only
     * @param dhBefore gradient of the states before, which has what comes from the output already; null in the first step
     */
    record Moment(
            Tensor xg,
            Tensor hg,
            Tensor dhg,
            @Nullable Tensor gates,
            Tensor hBefore,
            Tensor h,
            @Nullable Tensor cBefore,
            @Nullable Tensor c,
            Tensor dh,
            @Nullable Tensor carry,
            @Nullable Tensor dhBefore) {
        static Tensor present(@Nullable Tensor tensor) {
            if (tensor == null) {
                throw new IllegalStateException("a cell lacks a tensor that it needs");
            }
            return tensor;
        }
    }

    private final int gates;
    private final int keptGates;
    private final boolean hasCells;

    RecurrentCell(int gates, int keptGates, boolean hasCells) {
        this.gates = gates;
        this.keptGates = keptGates;
        this.hasCells = hasCells;
    }

    /** Rows of a weight for each hidden unit. */
    int gates() {
        return gates;
    }

    /** Numbers that forward keeps for each hidden unit, besides the states. */
    int keptGates() {
        return keptGates;
    }

    /** Whether there is a second state, c. */
    boolean hasCells() {
        return hasCells;
    }

    /** Whether the gradients of xg and hg differ. */
    boolean splitsGradient() {
        return this == GRU;
    }

    /** Overwrites h, c and the gates. */
    abstract void forward(Kernels kernels, Moment t);

    /** Overwrites the gradients of xg and hg, and prepares those of the states before. */
    abstract void backward(Kernels kernels, Moment t);
}
