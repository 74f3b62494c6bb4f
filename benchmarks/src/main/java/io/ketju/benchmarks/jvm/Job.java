package io.ketju.benchmarks.jvm;

import io.ketju.benchmarks.kernels.KernelCall;
import io.ketju.benchmarks.kernels.KernelCalls;
import io.ketju.benchmarks.peers.WorkSpec;
import io.ketju.benchmarks.training.KetjuTraining;
import io.ketju.benchmarks.training.SyntheticBatches;
import io.ketju.benchmarks.training.Workload;
import io.ketju.tensor.core.TensorCore;
import java.util.Optional;

/**
 * Work of this JVM on one core: a kernel, or a training job under the name {@code train_mlp} and the like.
 *
 * @param call once
 * @param close its memory
 */
record Job(Runnable call, Runnable close) {
    private static final String TRAIN = "train_";

    /** Nothing if this JVM does not know such work. */
    static Optional<Job> open(WorkSpec spec, TensorCore core) {
        if (spec.name().startsWith(TRAIN)) {
            Workload workload =
                    Workload.valueOf(spec.name().substring(TRAIN.length()).toUpperCase(java.util.Locale.ROOT));
            KetjuTraining training = new KetjuTraining(workload.spec(1, 1), new SyntheticBatches(workload, 1), core);
            return Optional.of(new Job(training::step, training::close));
        }
        Optional<KernelCall> kernel = KernelCalls.open(spec, core);
        return kernel.map(each -> new Job(each::run, each::close));
    }
}
