package io.ketju.benchmarks.gemm;

import io.ketju.benchmarks.measure.Contest;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.OnCore;
import io.ketju.benchmarks.measure.Samples;
import io.ketju.benchmarks.measure.Turn;
import io.ketju.benchmarks.peers.PeerProcess;
import io.ketju.benchmarks.peers.PeerWork;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.kernel.matrix.GemmShape;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/** All contestants at one product, on one core. */
final class GemmContest {
    static final String KETJU = "Ketju";
    static final String PEAK = "peak";

    private final TensorCore core;
    private final ExecutorService pool;
    private final List<Blas> natives;
    private final Optional<PeerProcess> torch;

    /**
     * @param pool for the processor's limit, with as many threads as the core
     * @param torch an own process, whose number of threads is set
     */
    GemmContest(TensorCore core, ExecutorService pool, List<Blas> natives, Optional<PeerProcess> torch) {
        this.core = core;
        this.pool = pool;
        this.natives = natives;
        this.torch = torch;
    }

    /** The contestants but Ketju and the limit, in the order of tables. */
    List<String> peers() {
        return java.util.stream.Stream.concat(
                        natives.stream().map(Blas::name), torch.stream().map(PeerProcess::name))
                .toList();
    }

    /** Runs one product, and requires that all results agree. */
    Contest.Results run(GemmShape shape, Effort effort) throws Exception {
        try (GemmOperands operands = new GemmOperands(shape, 1)) {
            Turn ours = Turn.repeating(operands.flops(), effort, () -> operands.multiply(core.kernels()));
            Contest contest = new Contest().with(KETJU, OnCore.of(core, ours)).with(PEAK, peak(effort));
            for (Blas blas : natives) {
                Turn theirs = Turn.repeating(operands.flops(), effort, () -> operands.multiply(blas));
                // From the same thread as ours: processors of a shared machine differ in what they have left.
                contest.with(blas.name(), OnCore.of(core, () -> {
                    blas.threads(core.threads());
                    return theirs.run();
                }));
            }
            Optional<PeerWork> work = torch.flatMap(process -> process.open(GemmOperands.spec(shape)));
            try {
                work.ifPresent(there -> contest.with(torch.orElseThrow().name(), there.turn(operands.flops(), effort)));
                Contest.Results results = contest.run(effort);
                natives.forEach(operands::requireAgreement);
                work.ifPresent(there -> operands.result().requireNear(there.check(), 1e-5, shape.toString()));
                return results;
            } finally {
                work.ifPresent(PeerWork::close);
            }
        }
    }

    /** The processor's limit, by one thread where a kernel would run too. */
    private Turn peak(Effort effort) {
        int threads = core.threads();
        return threads == 1
                ? OnCore.of(core, Turn.repeating(FmaPeak.flops(1), effort, FmaPeak::run))
                : Turn.repeating(FmaPeak.flops(threads), effort, () -> FmaPeak.run(pool, threads));
    }

    /** The peer with the highest median. */
    String best(Contest.Results results) {
        return peers().stream()
                .max(java.util.Comparator.comparingDouble(
                        name -> results.of(name).median()))
                .orElseThrow();
    }

    /** Ketju against the best peer. */
    double ratio(Contest.Results results) {
        Samples best = results.of(best(results));
        return results.of(KETJU).ratioTo(best);
    }
}
