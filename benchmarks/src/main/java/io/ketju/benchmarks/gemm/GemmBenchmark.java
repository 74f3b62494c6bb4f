package io.ketju.benchmarks.gemm;

import io.ketju.benchmarks.measure.Contest;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Ratios;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.measure.Summary;
import io.ketju.benchmarks.peers.PeerProcess;
import io.ketju.benchmarks.peers.TorchPeers;
import io.ketju.benchmarks.peers.TorchSetting;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.kernel.matrix.GemmShape;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/**
 * Products {@code c = op(a) · op(b)} of the shapes that training makes, by Ketju's kernels and by native libraries in
 * turns: OpenBLAS, oneDNN and, where it is installed, PyTorch.
 */
public final class GemmBenchmark {
    /** From this many multiply-adds on a product should come near the processor's limit. */
    private static final double LARGE = 1024.0 * 1024 * 1024;

    private final Effort effort;
    private final List<GemmShape> shapes;
    private final List<Blas> natives;
    private final Optional<TorchSetting> setting;
    private final TorchPeers torches = new TorchPeers();
    private final Ratios all = new Ratios();
    private final Summary summary;

    /**
     * @param folder where the native libraries are unpacked
     */
    public GemmBenchmark(Effort effort, Path folder, List<GemmShape> shapes) throws IOException {
        this.summary = new Summary(folder);
        this.effort = effort.withWarmthFor(Math.min(shapes.size(), 20));
        this.shapes = shapes;
        this.natives = List.of(OpenBlas.unpackInto(folder), OneDnn.unpackInto(folder));
        this.setting = torches.plain();
    }

    /** Runs all shapes and prints one table per number of threads, then what all ratios come to. */
    public void run(List<Integer> threads, PrintStream out) throws Exception {
        for (int count : threads) {
            run(count, out);
        }
        out.println();
        out.println("Ketju / best native, all tables: " + all.summary() + ".");
    }

    private void run(int threads, PrintStream out) throws Exception {
        Optional<PeerProcess> torch =
                setting.isEmpty() ? Optional.empty() : Optional.of(torches.start(setting.get(), threads));
        try (TensorCore core = TensorCore.open(threads);
                ExecutorService pool = FmaPeak.pool(threads)) {
            GemmContest contest = new GemmContest(core, pool, natives, torch);
            // Twice, and only the second time counts: the compiler must not meet a new shape in the middle of the
            // table.
            for (GemmShape shape : shapes) {
                contest.run(shape, effort.with(effort.warm(), 1));
            }
            List<Contest.Results> results = new ArrayList<>();
            for (GemmShape shape : shapes) {
                results.add(contest.run(shape, effort.with(Duration.ZERO, effort.rounds())));
            }
            Report report = report(contest, results, threads);
            report.note("Ketju: " + core.description() + ".");
            for (Blas blas : natives) {
                report.note(blas.name() + ": " + blas.config() + ".");
                summary.peer(blas.name() + ": " + blas.config() + ".");
            }
            if (torch.isPresent()) {
                String about = torch.get().name() + ": " + torch.get().about() + ".";
                report.note(about);
                summary.peer(about);
            }
            report.note(effort.note());
            report.print(out, threads);
        } finally {
            torch.ifPresent(PeerProcess::close);
        }
    }

    private Report report(GemmContest contest, List<Contest.Results> results, int threads) throws IOException {
        List<String> headings = new ArrayList<>(List.of("layout", "M x N x K", GemmContest.KETJU));
        headings.addAll(contest.peers());
        headings.addAll(List.of("Ketju / best", "Ketju / peak", "spread Ketju", "spread best"));
        Report report =
                new Report("Matrix products C = op(A) op(B), float32, GFLOP/s", headings.toArray(String[]::new));
        Ratios ratios = new Ratios();
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < shapes.size(); i++) {
            GemmShape shape = shapes.get(i);
            Contest.Results result = results.get(i);
            report.row(row(contest, shape, result));
            ratios.add(shape.layout() + " " + GemmShapes.text(shape), contest.ratio(result));
            if ((double) shape.m() * shape.n() * shape.k() >= LARGE) {
                least = Math.min(least, share(result));
            }
        }
        all.addAll(ratios);
        summary.add("matrix products", threads, ratios);
        if (least < Double.POSITIVE_INFINITY) {
            summary.add(
                    "matrix products from 1024x1024x1024 on, least share of FMA peak", threads, Report.percent(least));
        }
        report.note("Ketju / best native: " + ratios.summary() + ".");
        DoubleSummaryStatistics peaks = results.stream()
                .mapToDouble(each -> each.of(GemmContest.PEAK).median() / 1e9)
                .summaryStatistics();
        report.note("FMA peak: " + Report.count(peaks.getMin()) + " to " + Report.count(peaks.getMax())
                + " GFLOP/s, each product's in turns of its own"
                + (least < Double.POSITIVE_INFINITY
                        ? "; least share of it from 1024x1024x1024 on: " + Report.percent(least) + "."
                        : "."));
        return report;
    }

    /** Of the peak in the same rounds: on a shared machine it may halve from one minute to the next. */
    private static double share(Contest.Results results) {
        return results.of(GemmContest.KETJU).ratioTo(results.of(GemmContest.PEAK));
    }

    private static String[] row(GemmContest contest, GemmShape shape, Contest.Results results) {
        List<String> cells = new ArrayList<>(List.of(shape.layout().toString(), GemmShapes.text(shape)));
        cells.add(Report.number(results.of(GemmContest.KETJU).median() / 1e9, 1));
        for (String peer : contest.peers()) {
            cells.add(Report.number(results.of(peer).median() / 1e9, 1));
        }
        cells.add(Report.number(contest.ratio(results), 2));
        cells.add(Report.percent(share(results)));
        cells.add(Report.percent(results.of(GemmContest.KETJU).spread()));
        cells.add(Report.percent(results.of(contest.best(results)).spread()));
        return cells.toArray(String[]::new);
    }
}
