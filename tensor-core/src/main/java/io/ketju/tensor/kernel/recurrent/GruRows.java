package io.ketju.tensor.kernel.recurrent;

import static io.ketju.tensor.kernel.recurrent.GateRows.sigmoidSlope;
import static io.ketju.tensor.kernel.recurrent.GateRows.tanhSlope;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** The states of one sample of a GRU, and the gradients of its gates r, z, n. Addresses in bytes, n hidden units. */
final class GruRows {
    private GruRows() {}

    /** What the third gate is the tanh of, from r and the parts of xg and hg for it; keeps hn behind it. */
    static void candidate(long xn, long hn, long gates, int n) {
        long gate = 4L * n;
        for (long at = 0; at < gate; at += 4L * LANES) {
            VectorMask<Float> m = first((int) ((gate - at) / 4));
            FloatVector hidden = load(hn + at, m);
            FloatVector a = load(gates + at, m).fma(hidden, load(xn + at, m));
            store(a, gates + 2 * gate + at, m);
            store(hidden, gates + 3 * gate + at, m);
        }
    }

    static void state(long gates, long hPrevious, long h, int n) {
        long gate = 4L * n;
        for (long at = 0; at < gate; at += 4L * LANES) {
            VectorMask<Float> m = first((int) ((gate - at) / 4));
            FloatVector candidate = load(gates + 2 * gate + at, m);
            FloatVector change = load(hPrevious + at, m).sub(candidate);
            store(load(gates + gate + at, m).fma(change, candidate), h + at, m);
        }
    }

    /** Where the gradients of one sample are. */
    record Gradients(long dh, long dxg, long dhg, long dhPrevious) {}

    /** All gates' gradients, in dxg and dhg, and dhPrevious. */
    static void gradients(Gradients to, long gates, long hPrevious, int n) {
        long gate = 4L * n;
        long dh = to.dh;
        long dxg = to.dxg;
        long dhg = to.dhg;
        long dhPrevious = to.dhPrevious;
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        for (long at = 0; at < gate; at += 4L * LANES) {
            VectorMask<Float> m = first((int) ((gate - at) / 4));
            FloatVector d = load(dh + at, m);
            FloatVector z = load(gates + gate + at, m);
            FloatVector candidate = load(gates + 2 * gate + at, m);
            FloatVector dz = d.mul(load(hPrevious + at, m).sub(candidate)).mul(sigmoidSlope(z));
            FloatVector dn = d.mul(one.sub(z)).mul(tanhSlope(candidate));
            store(d.mul(z), dhPrevious + at, m);
            store(dz, dxg + gate + at, m);
            store(dz, dhg + gate + at, m);
            store(dn, dxg + 2 * gate + at, m);
            FloatVector r = load(gates + at, m);
            store(dn.mul(r), dhg + 2 * gate + at, m);
            FloatVector dr = dn.mul(load(gates + 3 * gate + at, m)).mul(sigmoidSlope(r));
            store(dr, dxg + at, m);
            store(dr, dhg + at, m);
        }
    }
}
