package io.ketju.tensor.kernel.update;

import static io.ketju.tensor.simd.VectorMemory.address;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.Operands;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.Ranges.RangeTask;
import io.ketju.tensor.simd.TileRunner;
import org.jspecify.annotations.Nullable;

/** Optimizer updates in one pass over memory. */
public final class VectorUpdates implements UpdateKernels {
    private static final long NOWHERE = 0;

    private final TileRunner tiles;

    public VectorUpdates(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void sgd(SgdStep step, Tensor w, Tensor dw, @Nullable Tensor momentumBuffer) {
        SgdFactors factors = SgdFactors.of(step);
        int count = Operands.elements(w, dw);
        if (momentumBuffer != null) {
            Operands.elements(w, momentumBuffer);
        }
        var operands = new VectorSgd.Operands(address(w), address(dw), addressOf(momentumBuffer));
        RangeTask task;
        if (momentumBuffer == null) {
            task = (from, to) -> VectorSgd.plain(factors, operands, from, to);
        } else {
            task = (from, to) -> VectorSgd.momentum(factors, operands, from, to);
        }
        Ranges.elements(tiles, count, task);
    }

    @Override
    public void adam(AdamStep step, Tensor w, Tensor dw, Tensor m, Tensor v) {
        AdamFactors factors = AdamFactors.of(step);
        int count = Operands.elements(w, dw);
        Operands.elements(w, m);
        Operands.elements(w, v);
        var operands = new VectorAdam.Operands(address(w), address(dw), address(m), address(v), NOWHERE);
        Ranges.elements(tiles, count, (from, to) -> VectorAdam.adam(factors, operands, from, to));
    }

    @Override
    public void adam(AdamStep step, Tensor w, Tensor dw, Tensor m, Tensor v, Tensor vMax) {
        AdamFactors factors = AdamFactors.of(step);
        int count = Operands.elements(w, dw);
        Operands.elements(w, m);
        Operands.elements(w, v);
        Operands.elements(w, vMax);
        var operands = new VectorAdam.Operands(address(w), address(dw), address(m), address(v), address(vMax));
        Ranges.elements(tiles, count, (from, to) -> VectorAdam.amsgrad(factors, operands, from, to));
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
        long at = address(dw);
        Ranges.elements(tiles, dw.elements(), (from, to) -> VectorClipping.scale(coefficient, at, from, to));
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
