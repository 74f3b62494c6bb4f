package io.ketju.benchmarks.steps;

import com.sun.management.ThreadMXBean;
import io.ketju.benchmarks.kernels.Operands;
import io.ketju.benchmarks.measure.Contest;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Fingerprint;
import io.ketju.benchmarks.measure.OnCore;
import io.ketju.benchmarks.measure.Turn;
import io.ketju.benchmarks.peers.PeerProcess;
import io.ketju.benchmarks.peers.PeerWork;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Ketju and every setting of PyTorch at one network: first their losses, then their speed. */
final class StepContest {
    static final String KETJU = "Ketju";

    /** Losses of these first steps are compared. */
    private static final int COMPARED = 5;

    /** Steps over which heap bytes are counted. */
    private static final int COUNTED = 20;

    /** The share by which losses may differ: sums in another order, grown over the updates of these steps. */
    private static final double TOLERANCE = 1e-4;

    /**
     * What came out.
     *
     * @param flops of one step
     * @param difference the largest share by which the sum of the losses differed
     * @param heapBytes that Ketju allocated in one step, in all threads
     */
    record Outcome(Contest.Results results, double flops, double difference, long heapBytes) {}

    private final TensorCore core;
    private final List<PeerProcess> peers;

    StepContest(TensorCore core, List<PeerProcess> peers) {
        this.core = core;
        this.peers = peers;
    }

    /** Rates are in steps per second. */
    Outcome run(StepWork work, Effort effort) throws Exception {
        double difference = compare(work);
        List<PeerWork> theirs = new ArrayList<>();
        try (StepTraining ours = StepTraining.open(work.spec(), core)) {
            Contest contest = new Contest().with(KETJU, OnCore.of(core, Turn.repeating(1, effort, ours::step)));
            for (PeerProcess peer : peers) {
                PeerWork opened = peer.open(work.spec()).orElseThrow();
                theirs.add(opened);
                contest.with(peer.name(), opened.turn(1, effort));
            }
            Contest.Results results = contest.run(effort);
            return new Outcome(results, ours.flops(), difference, heapBytes(ours));
        } finally {
            theirs.forEach(PeerWork::close);
        }
    }

    private long heapBytes(StepTraining ours) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getTotalThreadAllocatedBytes();
        OnCore.of(core, () -> {
                    for (int i = 0; i < COUNTED; i++) {
                        ours.step();
                    }
                    return 1;
                })
                .run();
        return (threads.getTotalThreadAllocatedBytes() - before) / COUNTED;
    }

    /** The largest share by which the sum of the first losses differs; throws if they differ too much. */
    private double compare(StepWork work) throws Exception {
        try (Operands memory = new Operands();
                StepTraining ours = StepTraining.open(work.comparison(), core)) {
            Tensor losses = memory.zeros(COMPARED);
            OnCore.of(core, () -> {
                        for (int i = 0; i < COMPARED; i++) {
                            losses.setFloat(i, (float) ours.step());
                        }
                        return 1;
                    })
                    .run();
            Fingerprint here = Fingerprint.of(List.of(losses));
            double largest = 0;
            for (PeerProcess peer : peers) {
                try (PeerWork theirs = peer.open(work.comparison()).orElseThrow()) {
                    Fingerprint there = theirs.check(COMPARED);
                    here.requireNear(there, TOLERANCE, work.title() + ", first losses, " + peer.name());
                    largest = Math.max(largest, Math.abs(here.magnitude() / there.magnitude() - 1));
                }
            }
            return largest;
        }
    }
}
