package io.ketju.benchmarks.kernels;

import io.ketju.benchmarks.measure.Contest;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.OnCore;
import io.ketju.benchmarks.measure.Samples;
import io.ketju.benchmarks.measure.Turn;
import io.ketju.benchmarks.peers.PeerProcess;
import io.ketju.benchmarks.peers.PeerWork;
import io.ketju.benchmarks.peers.WorkSpec;
import io.ketju.tensor.core.TensorCore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Ketju and PyTorch at one kernel, in turns, their results compared. */
final class KernelContest {
    /** Sums of millions in another order, and other roundings inside, differ by less than this share. */
    private static final double TOLERANCE = 1e-4;

    /**
     * Rates in units per second.
     *
     * @param torch the best of the peer's ways
     */
    record Outcome(Samples ketju, Samples torch) {
        double ratio() {
            return ketju.ratioTo(torch);
        }
    }

    private final TensorCore core;
    private final PeerProcess torch;

    KernelContest(TensorCore core, PeerProcess torch) {
        this.core = core;
        this.torch = torch;
    }

    /** Nothing if one side does not have the kernel. */
    Optional<Outcome> run(KernelCase each, Effort effort) throws Exception {
        List<PeerWork> theirs = new ArrayList<>();
        try {
            torch.open(each.spec()).ifPresent(theirs::add);
            if (theirs.isEmpty() || !KernelCalls.has(each.spec())) {
                return Optional.empty();
            }
            for (WorkSpec other : each.otherwise()) {
                torch.open(other).ifPresent(theirs::add);
            }
            return Optional.of(contest(each, theirs, effort));
        } finally {
            theirs.forEach(PeerWork::close);
        }
    }

    private Outcome contest(KernelCase each, List<PeerWork> theirs, Effort effort) throws Exception {
        try (KernelCall call = KernelCalls.open(each.spec(), core).orElseThrow()) {
            Turn ours = OnCore.of(core, Turn.repeating(each.perCall(), effort, call::run));
            Contest contest = new Contest().with("ketju", ours);
            for (int i = 0; i < theirs.size(); i++) {
                contest.with("torch " + i, theirs.get(i).turn(each.perCall(), effort));
            }
            Contest.Results results = contest.run(effort);
            Samples best = results.byName().sequencedValues().stream()
                    .skip(1)
                    .max(Comparator.comparingDouble(Samples::median))
                    .orElseThrow();
            return new Outcome(results.of("ketju"), best);
        }
    }

    /** One call on fresh operands on both sides, where both have the kernel; throws if results differ. */
    void requireAgreement(KernelCase each) {
        if (!KernelCalls.has(each.spec())) {
            return;
        }
        Optional<PeerWork> theirs = torch.open(each.spec());
        try (KernelCall call = KernelCalls.open(each.spec(), core).orElseThrow()) {
            call.run();
            theirs.ifPresent(there -> call.results().requireNear(there.check(), TOLERANCE, each.name()));
        } finally {
            theirs.ifPresent(PeerWork::close);
        }
    }
}
