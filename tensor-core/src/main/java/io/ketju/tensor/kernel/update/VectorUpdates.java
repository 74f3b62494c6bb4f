package io.ketju.tensor.kernel.update;

import static io.ketju.tensor.simd.VectorMemory.address;
import static java.util.Objects.requireNonNull;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.Lately;
import io.ketju.tensor.simd.Operands;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.Ranges.RangeTask;
import io.ketju.tensor.simd.TileRunner;
import org.jspecify.annotations.Nullable;

/** Optimizer updates in one pass over memory. */
public final class VectorUpdates implements UpdateKernels {
    private static final long NOWHERE = 0;

    private static final Lately<SgdStep, SgdFactors> SGD = new Lately<>(SgdFactors::of);
    private static final Lately<AdamStep, AdamFactors> ADAM = new Lately<>(AdamFactors::of);

    private final TileRunner tiles;
    private final ThreadLocal<Calls> calls = ThreadLocal.withInitial(Calls::new);

    /** What a thread keeps from one update to the next, for the optimizers that most jobs have. */
    private static final class Calls {
        final Call<SgdFactors, VectorSgd.Operands> sgd = new Call<>(new VectorSgd.Operands());
        final Call<AdamFactors, VectorAdam.Operands> adam = new Call<>(new VectorAdam.Operands());
        final Scaling scaling = new Scaling();
    }

    /** What clipping by the norm does to a gradient. */
    private static final class Scaling implements RangeTask {
        float coefficient;
        long dw;

        @Override
        public void run(int from, int to) {
            VectorClipping.scale(coefficient, dw, from, to);
        }
    }

    /** An update of some elements. */
    private interface Update<F, O> {
        void run(F factors, O operands, int from, int to);
    }

    /** One update after the other of a thread; tiles on other threads read it. */
    private static final class Call<F, O> implements RangeTask {
        final O operands;
        private @Nullable F factors;
        private @Nullable Update<F, O> update;

        Call(O operands) {
            this.operands = operands;
        }

        void run(TileRunner tiles, int count, F factors, Update<F, O> update) {
            this.factors = factors;
            this.update = update;
            Ranges.elements(tiles, count, this);
        }

        @Override
        public void run(int from, int to) {
            requireNonNull(update).run(requireNonNull(factors), operands, from, to);
        }
    }

    public VectorUpdates(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void sgd(SgdStep step, Tensor w, Tensor dw, @Nullable Tensor momentumBuffer) {
        int count = Operands.elements(w, dw);
        if (momentumBuffer != null) {
            Operands.elements(w, momentumBuffer);
        }
        var call = calls.get().sgd;
        call.operands.set(address(w), address(dw), addressOf(momentumBuffer));
        call.run(tiles, count, SGD.get(step), momentumBuffer == null ? VectorSgd::plain : VectorSgd::momentum);
    }

    @Override
    public void adam(AdamStep step, Tensor w, Tensor dw, Tensor m, Tensor v) {
        int count = Operands.elements(w, dw);
        Operands.elements(w, m);
        Operands.elements(w, v);
        var call = calls.get().adam;
        call.operands.set(address(w), address(dw), address(m), address(v), NOWHERE);
        call.run(tiles, count, ADAM.get(step), VectorAdam::adam);
    }

    @Override
    public void adam(AdamStep step, Tensor w, Tensor dw, Tensor m, Tensor v, Tensor vMax) {
        int count = Operands.elements(w, dw);
        Operands.elements(w, m);
        Operands.elements(w, v);
        Operands.elements(w, vMax);
        var call = calls.get().adam;
        call.operands.set(address(w), address(dw), address(m), address(v), address(vMax));
        call.run(tiles, count, ADAM.get(step), VectorAdam::amsgrad);
    }

    @Override
    public void adagrad(AdagradStep step, Tensor w, Tensor dw, Tensor sum) {
        AdagradFactors factors = AdagradFactors.of(step);
        int count = Operands.elements(w, dw);
        Operands.elements(w, sum);
        var operands = new VectorAdagrad.Operands(address(w), address(dw), address(sum));
        Ranges.elements(tiles, count, (from, to) -> VectorAdagrad.adagrad(factors, operands, from, to));
    }

    @Override
    public void adadelta(AdadeltaStep step, Tensor w, Tensor dw, Tensor squares, Tensor deltas) {
        AdadeltaFactors factors = AdadeltaFactors.of(step);
        int count = Operands.elements(w, dw);
        Operands.elements(w, squares);
        Operands.elements(w, deltas);
        var operands = new VectorAdadelta.Operands(address(w), address(dw), address(squares), address(deltas));
        Ranges.elements(tiles, count, (from, to) -> VectorAdadelta.adadelta(factors, operands, from, to));
    }

    @Override
    public void rmsprop(
            RmspropStep step,
            Tensor w,
            Tensor dw,
            Tensor squares,
            @Nullable Tensor mean,
            @Nullable Tensor momentumBuffer) {
        RmspropFactors factors = RmspropFactors.of(step);
        int count = Operands.elements(w, dw);
        Operands.elements(w, squares);
        if (mean != null) {
            Operands.elements(w, mean);
        }
        if (momentumBuffer != null) {
            Operands.elements(w, momentumBuffer);
        }
        var operands = new VectorRmsprop.Operands(
                address(w), address(dw), address(squares), addressOf(mean), addressOf(momentumBuffer));
        RangeTask task;
        if (mean == null && momentumBuffer == null) {
            task = (from, to) -> VectorRmsprop.plain(factors, operands, from, to);
        } else if (mean == null) {
            task = (from, to) -> VectorRmsprop.momentum(factors, operands, from, to);
        } else if (momentumBuffer == null) {
            task = (from, to) -> VectorRmsprop.centered(factors, operands, from, to);
        } else {
            task = (from, to) -> VectorRmsprop.centeredMomentum(factors, operands, from, to);
        }
        Ranges.elements(tiles, count, task);
    }

    @Override
    public void adamax(AdamaxStep step, Tensor w, Tensor dw, Tensor m, Tensor norm) {
        AdamaxFactors factors = AdamaxFactors.of(step);
        int count = Operands.elements(w, dw);
        Operands.elements(w, m);
        Operands.elements(w, norm);
        var operands = new VectorAdamax.Operands(address(w), address(dw), address(m), address(norm));
        Ranges.elements(tiles, count, (from, to) -> VectorAdamax.adamax(factors, operands, from, to));
    }

    @Override
    public void nadam(NadamStep step, Tensor w, Tensor dw, Tensor m, Tensor v) {
        NadamFactors factors = NadamFactors.of(step);
        int count = Operands.elements(w, dw);
        Operands.elements(w, m);
        Operands.elements(w, v);
        var operands = new VectorNadam.Operands(address(w), address(dw), address(m), address(v));
        Ranges.elements(tiles, count, (from, to) -> VectorNadam.nadam(factors, operands, from, to));
    }

    @Override
    public void radam(RadamStep step, Tensor w, Tensor dw, Tensor m, Tensor v) {
        RadamFactors factors = RadamFactors.of(step);
        int count = Operands.elements(w, dw);
        Operands.elements(w, m);
        Operands.elements(w, v);
        var operands = new VectorRadam.Operands(address(w), address(dw), address(m), address(v));
        RangeTask task;
        if (factors.rectified()) {
            task = (from, to) -> VectorRadam.rectified(factors, operands, from, to);
        } else {
            task = (from, to) -> VectorRadam.plain(factors, operands, from, to);
        }
        Ranges.elements(tiles, count, task);
    }

    @Override
    public void rprop(RpropStep step, Tensor w, Tensor dw, Tensor previous, Tensor size) {
        RpropFactors factors = RpropFactors.of(step);
        int count = Operands.elements(w, dw);
        Operands.elements(w, previous);
        Operands.elements(w, size);
        var operands = new VectorRprop.Operands(address(w), address(dw), address(previous), address(size));
        Ranges.elements(tiles, count, (from, to) -> VectorRprop.rprop(factors, operands, from, to));
    }

    @Override
    public void asgd(AsgdStep step, Tensor w, Tensor dw, Tensor average) {
        AsgdFactors factors = AsgdFactors.of(step);
        int count = Operands.elements(w, dw);
        Operands.elements(w, average);
        var operands = new VectorAsgd.Operands(address(w), address(dw), address(average));
        Ranges.elements(tiles, count, (from, to) -> VectorAsgd.asgd(factors, operands, from, to));
    }

    @Override
    public void scaleGradient(float coefficient, Tensor dw) {
        Scaling call = calls.get().scaling;
        call.coefficient = coefficient;
        call.dw = address(dw);
        Ranges.elements(tiles, dw.elements(), call);
    }

    @Override
    public void clipGradient(float limit, Tensor dw) {
        long at = address(dw);
        Ranges.elements(tiles, dw.elements(), (from, to) -> VectorClipping.clip(limit, at, from, to));
    }

    private static long addressOf(@Nullable Tensor tensor) {
        return tensor == null ? NOWHERE : address(tensor);
    }
}
