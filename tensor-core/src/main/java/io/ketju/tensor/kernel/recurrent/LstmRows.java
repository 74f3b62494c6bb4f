package io.ketju.tensor.kernel.recurrent;

import static io.ketju.tensor.kernel.recurrent.GateRows.sigmoidSlope;
import static io.ketju.tensor.kernel.recurrent.GateRows.tanhSlope;
import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;

import io.ketju.tensor.simd.CompilationRoot;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** The states of one sample of an LSTM, and the gradients of its gates i, f, g, o. Addresses in bytes, n hidden units. */
final class LstmRows {
    // Compiled on its own: with the gradient of o it is more than the compiler takes at once.
    private static MethodHandle inputGradients = CompilationRoot.of(
            MethodHandles.lookup(),
            "inputGradients",
            void.class,
            long.class,
            long.class,
            long.class,
            long.class,
            int.class);

    private LstmRows() {}

    static void cell(long gates, long cPrevious, long c, int n) {
        long gate = 4L * n;
        for (long at = 0; at < gate; at += 4L * LANES) {
            VectorMask<Float> m = first((int) ((gate - at) / 4));
            FloatVector in = load(gates + at, m).mul(load(gates + 2 * gate + at, m));
            store(load(gates + gate + at, m).fma(load(cPrevious + at, m), in), c + at, m);
        }
    }

    /** {@code h = o · h}, h holding tanh(c). */
    static void output(long gates, long h, int n) {
        long last = 12L * n;
        for (long at = 0, end = 4L * n; at < end; at += 4L * LANES) {
            VectorMask<Float> m = first((int) ((end - at) / 4));
            store(load(gates + last + at, m).mul(load(h + at, m)), h + at, m);
        }
    }

    /**
     * All gates' gradients; dg holds tanh(c) in the place of that of o, and dc turns into that of cPrevious. In two loops:
     * the compiler cannot keep all of it in registers.
     */
    static void gradients(long dh, long gates, long cPrevious, long dc, long dg, int n) {
        outputGradients(dh, gates + 12L * n, dc, dg + 12L * n, n);
        try {
            inputGradients.invokeExact(gates, cPrevious, dc, dg, n);
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
    }

    /** The gradient of o over tanh(c), and that of c over dc. */
    private static void outputGradients(long dh, long o, long dc, long tanh, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> m = first(n - i);
            long at = 4L * i;
            FloatVector t = load(tanh + at, m);
            FloatVector d = load(dh + at, m);
            FloatVector gate = load(o + at, m);
            store(d.mul(gate).fma(tanhSlope(t), load(dc + at, m)), dc + at, m);
            store(d.mul(t).mul(sigmoidSlope(gate)), tanh + at, m);
        }
    }

    /** The gradients of i, f and g from that of c, which turns into that of cPrevious. */
    static void inputGradients(long gates, long cPrevious, long dc, long dg, int n) {
        long gate = 4L * n;
        long at = 0;
        for (; at <= gate - VECTOR; at += VECTOR) {
            FloatVector e = load(dc + at);
            FloatVector i = load(gates + at);
            FloatVector f = load(gates + gate + at);
            FloatVector g = load(gates + 2 * gate + at);
            store(e.mul(g).mul(sigmoidSlope(i)), dg + at);
            store(e.mul(load(cPrevious + at)).mul(sigmoidSlope(f)), dg + gate + at);
            store(e.mul(i).mul(tanhSlope(g)), dg + 2 * gate + at);
            store(e.mul(f), dc + at);
        }
        if (at < gate) {
            lastInputGradients(gates + at, cPrevious + at, dc + at, dg + at, gate, (int) (gate - at) / 4);
        }
    }

    private static void lastInputGradients(long gates, long cPrevious, long dc, long dg, long gate, int n) {
        VectorMask<Float> m = first(n);
        FloatVector e = load(dc, m);
        FloatVector i = load(gates, m);
        FloatVector f = load(gates + gate, m);
        FloatVector g = load(gates + 2 * gate, m);
        store(e.mul(g).mul(sigmoidSlope(i)), dg, m);
        store(e.mul(load(cPrevious, m)).mul(sigmoidSlope(f)), dg + gate, m);
        store(e.mul(i).mul(tanhSlope(g)), dg + 2 * gate, m);
        store(e.mul(f), dc, m);
    }
}
