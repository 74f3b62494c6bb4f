package io.ketju.benchmarks.gemm;

import io.ketju.benchmarks.measure.Contest;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.OnCore;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.measure.Samples;
import io.ketju.benchmarks.measure.Turn;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.kernel.GemmShape;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;

/** Products {@code c = a · b} of the shapes that training makes, by Ketju's kernels and by OpenBLAS in turns. */
public final class GemmBenchmark {
    private static final List<GemmShape> SHAPES = List.of(
            GemmShape.nn(64, 64, 64),
            GemmShape.nn(128, 128, 128),
            GemmShape.nn(256, 256, 256),
            GemmShape.nn(512, 512, 512),
            GemmShape.nn(1024, 1024, 1024),
            GemmShape.nn(2048, 2048, 2048),
            GemmShape.nn(128, 512, 784),
            GemmShape.nn(32, 512, 512),
            GemmShape.nn(256, 1024, 1024),
            GemmShape.nn(1024, 768, 768),
            GemmShape.nn(1024, 3072, 768),
            GemmShape.nn(1024, 768, 3072),
            GemmShape.nn(4096, 64, 576),
            GemmShape.nn(50176, 64, 27),
            GemmShape.nn(8, 512, 512));

    private static final String KETJU = "ketju";
    private static final String OPENBLAS = "openblas";
    private static final String PEAK = "peak";

    private final Effort effort;
    private final OpenBlas blas;

    /**
     * @param folder where OpenBLAS is unpacked
     */
    public GemmBenchmark(Effort effort, Path folder) throws IOException {
        this.effort = effort.withWarmthFor(SHAPES.size());
        this.blas = OpenBlas.unpackInto(folder);
    }

    /** Runs all shapes and prints one table per number of threads. */
    public void run(List<Integer> threads, PrintStream out) throws Exception {
        for (int count : threads) {
            run(count, out);
        }
    }

    private void run(int threads, PrintStream out) throws Exception {
        Report report = new Report(
                "Matrix products C = A B, float32, GFLOP/s",
                "M x N x K",
                "Ketju",
                "OpenBLAS",
                "Ketju / OpenBLAS",
                "Ketju / peak",
                "spread Ketju",
                "spread OpenBLAS");
        List<GemmOperands> cases = new ArrayList<>();
        try (TensorCore core = TensorCore.open(threads);
                ExecutorService pool = FmaPeak.pool(threads)) {
            for (GemmShape shape : SHAPES) {
                cases.add(new GemmOperands(shape, 1));
            }
            // Twice, and only the second time counts: the compiler must not meet a new shape in the middle of the
            // table.
            for (GemmOperands operands : cases) {
                contest(operands, core, pool).run(effort.with(effort.warm(), 1));
                operands.requireAgreement();
            }
            List<Contest.Results> results = new ArrayList<>();
            for (GemmOperands operands : cases) {
                results.add(contest(operands, core, pool).run(effort.with(Duration.ZERO, effort.rounds())));
            }
            double peak = results.stream()
                    .mapToDouble(each -> each.of(PEAK).highest())
                    .max()
                    .orElseThrow();
            for (int i = 0; i < cases.size(); i++) {
                addRow(report, SHAPES.get(i), results.get(i), peak);
            }
            report.note(
                    "FMA peak: " + Report.count(peak / 1e9) + " GFLOP/s, the best of as many turns as the others had.");
            report.note("Ketju: " + core.description() + ". OpenBLAS: " + blas.config() + ".");
        } finally {
            cases.forEach(GemmOperands::close);
        }
        report.note(effort.note());
        report.print(out, threads);
    }

    private Contest contest(GemmOperands operands, TensorCore core, ExecutorService pool) {
        Turn ours = Turn.repeating(operands.flops(), effort, () -> operands.multiply(core.kernels()));
        Turn theirs = Turn.repeating(operands.flops(), effort, () -> operands.multiply(blas));
        Turn peak = Turn.repeating(FmaPeak.flops(core.threads()), effort, () -> FmaPeak.run(pool, core.threads()));
        return new Contest().with(KETJU, OnCore.of(core, ours)).with(PEAK, peak).with(OPENBLAS, () -> {
            blas.threads(core.threads());
            return theirs.run();
        });
    }

    private static void addRow(Report report, GemmShape shape, Contest.Results results, double peak) {
        Samples ketju = results.of(KETJU);
        Samples openBlas = results.of(OPENBLAS);
        report.row(
                shape.m() + " x " + shape.n() + " x " + shape.k(),
                Report.count(ketju.median() / 1e9),
                Report.count(openBlas.median() / 1e9),
                Report.number(ketju.ratioTo(openBlas), 2),
                Report.percent(ketju.median() / peak),
                Report.percent(ketju.spread()),
                Report.percent(openBlas.spread()));
    }
}
