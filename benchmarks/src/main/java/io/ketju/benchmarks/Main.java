package io.ketju.benchmarks;

import io.ketju.benchmarks.dataplane.DataPlaneBenchmark;
import io.ketju.benchmarks.gemm.GemmBenchmark;
import io.ketju.benchmarks.measure.Clock;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.pipeline.PipelineBenchmark;
import io.ketju.benchmarks.training.TrainingBenchmark;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One whole-run benchmark against its peers: prints its tables and ends. {@code ./benchmarks/run} starts it. */
@Command(
        name = "benchmarks",
        description = "Runs one benchmark and prints its tables.",
        mixinStandardHelpOptions = true)
public final class Main implements Callable<Integer> {
    /** What can be measured. */
    enum Subject {
        gemm,
        train,
        pipeline,
        dataplane
    }

    @Parameters(paramLabel = "BENCHMARK", description = "One of ${COMPLETION-CANDIDATES}.")
    private Subject subject = Subject.gemm;

    @Option(
            names = "--threads",
            split = ",",
            description = "Compute threads, a table for each; default: ${DEFAULT-VALUE}.")
    private List<Integer> threads = List.of(1, 2);

    @Option(names = "--quick", description = "Few and short rounds: a look, not a figure.")
    private boolean quick;

    @Option(names = "--clock", description = "wall, or cpu: the process's processor time, for busy machines.")
    private Clock clock = Clock.WALL;

    @Option(names = "--folder", description = "Empty folder for unpacked libraries; default: ${DEFAULT-VALUE}.")
    private Path folder = Path.of(System.getProperty("java.io.tmpdir"));

    private Main() {}

    @Override
    public Integer call() throws Exception {
        PrintStream out = System.out;
        Effort effort = (quick ? Effort.QUICK : Effort.FULL).with(clock);
        String load = Report.load();
        switch (subject) {
            case gemm -> new GemmBenchmark(effort, folder).run(threads, out);
            case train -> new TrainingBenchmark(effort).run(threads, out);
            case pipeline -> new PipelineBenchmark(effort).run(threads, out);
            case dataplane -> new DataPlaneBenchmark(effort).run(out);
        }
        out.println("Load before the start: " + load + ".");
        return 0;
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }
}
