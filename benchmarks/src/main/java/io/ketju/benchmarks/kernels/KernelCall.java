package io.ketju.benchmarks.kernels;

import io.ketju.benchmarks.measure.Fingerprint;
import io.ketju.benchmarks.peers.WorkSpec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import java.util.List;

/** One kernel with its own operands, ready to be called over and over. */
public final class KernelCall implements AutoCloseable {
    /** What a maker gives: the call, and what it writes. */
    record Made(Runnable call, List<Tensor> results) {
        static Made of(Runnable call, Tensor... results) {
            return new Made(call, List.of(results));
        }
    }

    /** Makes operands as the spec says and a call of one kernel on them. */
    @FunctionalInterface
    interface Maker {
        Made make(TensorCore core, Operands operands, WorkSpec spec);
    }

    private final Operands operands = new Operands();
    private final Made made;

    KernelCall(Maker maker, TensorCore core, WorkSpec spec) {
        made = maker.make(core, operands, spec);
    }

    /** One call. */
    public void run() {
        made.call().run();
    }

    /** What the calls so far have written. */
    public Fingerprint results() {
        return Fingerprint.of(made.results());
    }

    @Override
    public void close() {
        operands.close();
    }
}
