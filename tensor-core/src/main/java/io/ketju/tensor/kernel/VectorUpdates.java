package io.ketju.tensor.kernel;

import static io.ketju.tensor.kernel.VectorMemory.load;
import static io.ketju.tensor.kernel.VectorMemory.store;
import static io.ketju.tensor.kernel.VectorMemory.vectorEnd;
import static io.ketju.tensor.kernel.VectorWidth.LANES;
import static io.ketju.tensor.kernel.VectorWidth.SPECIES;

import io.ketju.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/** Optimizer updates in one pass over memory; the last elements, fewer than a vector, go the scalar way. */
final class VectorUpdates implements UpdateKernels {
    private final TileRunner tiles;

    VectorUpdates(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void sgd(SgdStep step, Tensor w, Tensor dw, @Nullable Tensor momentumBuffer) {
        SgdFactors factors = SgdFactors.of(step);
        int count = Operands.elements(w, dw);
        if (momentumBuffer == null) {
            Ranges.elements(tiles, count, (from, to) -> {
                int vectors = vectorEnd(from, to);
                plain(factors, w.segment(), dw.segment(), from, vectors);
                ScalarUpdates.plain(factors, w, dw, vectors, to);
            });
        } else {
            Operands.elements(w, momentumBuffer);
            ScalarUpdates.Momentum state = new ScalarUpdates.Momentum(w, dw, momentumBuffer);
            Ranges.elements(tiles, count, (from, to) -> {
                int vectors = vectorEnd(from, to);
                momentum(factors, state, from, vectors);
                ScalarUpdates.momentum(factors, state, vectors, to);
            });
        }
    }

    @Override
    public void adam(AdamStep step, Tensor w, Tensor dw, Tensor m, Tensor v) {
        AdamFactors factors = AdamFactors.of(step);
        int count = Operands.elements(w, dw, m);
        Operands.elements(w, v);
        ScalarUpdates.Moments state = new ScalarUpdates.Moments(w, dw, m, v);
        Ranges.elements(tiles, count, (from, to) -> {
            int vectors = vectorEnd(from, to);
            adam(factors, state, from, vectors);
            ScalarUpdates.adam(factors, state, vectors, to);
        });
    }

    private static void plain(SgdFactors factors, MemorySegment w, MemorySegment dw, int from, int to) {
        FloatVector minusRate = FloatVector.broadcast(SPECIES, -factors.learningRate());
        for (int i = from; i < to; i += LANES) {
            FloatVector weight = load(w, i);
            FloatVector gradient = decayed(factors.weightDecay(), load(dw, i), weight);
            store(minusRate.fma(gradient, weight), w, i);
        }
    }

    private static void momentum(SgdFactors factors, ScalarUpdates.Momentum state, int from, int to) {
        MemorySegment w = state.w().segment();
        MemorySegment dw = state.dw().segment();
        MemorySegment buffer = state.buffer().segment();
        FloatVector minusRate = FloatVector.broadcast(SPECIES, -factors.learningRate());
        FloatVector momentum = FloatVector.broadcast(SPECIES, factors.momentum());
        FloatVector dampened = FloatVector.broadcast(SPECIES, factors.dampened());
        for (int i = from; i < to; i += LANES) {
            FloatVector weight = load(w, i);
            FloatVector gradient = decayed(factors.weightDecay(), load(dw, i), weight);
            FloatVector velocity = factors.first()
                    ? gradient
                    : dampened.fma(gradient, load(buffer, i).mul(momentum));
            store(velocity, buffer, i);
            FloatVector direction = factors.nesterov() ? momentum.fma(velocity, gradient) : velocity;
            store(minusRate.fma(direction, weight), w, i);
        }
    }

    private static void adam(AdamFactors factors, ScalarUpdates.Moments state, int from, int to) {
        MemorySegment w = state.w().segment();
        MemorySegment dw = state.dw().segment();
        MemorySegment m = state.m().segment();
        MemorySegment v = state.v().segment();
        FloatVector first1 = FloatVector.broadcast(SPECIES, factors.first1());
        FloatVector minusBeta1 = FloatVector.broadcast(SPECIES, -factors.beta1());
        for (int i = from; i < to; i += LANES) {
            FloatVector weight = load(w, i);
            FloatVector gradient = decayed(factors.weightDecay(), load(dw, i), weight);
            FloatVector mean = load(m, i);
            FloatVector difference = gradient.sub(mean);
            mean = factors.fromGradient() ? minusBeta1.fma(difference, gradient) : first1.fma(difference, mean);
            FloatVector square =
                    gradient.mul(factors.second1()).fma(gradient, load(v, i).mul(factors.beta2()));
            store(mean, m, i);
            store(square, v, i);
            FloatVector denominator = square.sqrt().div(factors.correction()).add(factors.epsilon());
            store(weight.sub(mean.mul(factors.stepSize()).div(denominator)), w, i);
        }
    }

    private static FloatVector decayed(float weightDecay, FloatVector gradient, FloatVector weight) {
        return weightDecay == 0 ? gradient : weight.fma(FloatVector.broadcast(SPECIES, weightDecay), gradient);
    }
}
