package io.ketju.benchmarks;

import io.ketju.benchmarks.dataplane.DataPlaneBenchmark;
import io.ketju.benchmarks.gemm.GemmBenchmark;
import io.ketju.benchmarks.gemm.GemmShapes;
import io.ketju.benchmarks.jvm.PollutedBenchmark;
import io.ketju.benchmarks.jvm.WarmupBenchmark;
import io.ketju.benchmarks.kernels.KernelBenchmark;
import io.ketju.benchmarks.layers.LayerBenchmark;
import io.ketju.benchmarks.measure.Clock;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.measure.Summary;
import io.ketju.benchmarks.pipeline.PipelineBenchmark;
import io.ketju.benchmarks.pool.PoolBenchmark;
import io.ketju.benchmarks.predict.PredictBenchmark;
import io.ketju.benchmarks.steps.StepBenchmark;
import io.ketju.benchmarks.training.TrainingBenchmark;
import io.ketju.tensor.kernel.matrix.GemmShape;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
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
        kernels,
        layers,
        train,
        steps,
        pool,
        polluted,
        warmup,
        pipeline,
        dataplane,
        predict,
        summary
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

    @Option(names = "--shapes", split = ",", description = "gemm: products, MxNxK each; default: all.")
    private List<String> shapes = List.of();

    @Option(names = "--layouts", split = ",", description = "gemm: ${COMPLETION-CANDIDATES}; default: all.")
    private List<GemmShape.Layout> layouts = List.of();

    @Option(
            names = "--only",
            description =
                    "kernels, layers, steps, polluted, pipeline: a regular expression to be found in their names.")
    private String only = "";

    @Option(names = "--batches", split = ",", description = "kernels: of convolutions; default: ${DEFAULT-VALUE}.")
    private List<Integer> batches = List.of(8, 32);

    private Main() {}

    @Override
    public Integer call() throws Exception {
        PrintStream out = System.out;
        Effort effort = (quick ? Effort.QUICK : Effort.FULL).with(clock);
        String load = Report.load();
        switch (subject) {
            case gemm -> new GemmBenchmark(effort, folder, GemmShapes.of(shapes, layouts)).run(threads, out);
            case kernels -> new KernelBenchmark(effort, folder, Pattern.compile(only), batches).run(threads, out);
            case layers -> new LayerBenchmark(effort, folder, Pattern.compile(only)).run(threads, out);
            case train -> new TrainingBenchmark(effort, folder).run(threads, out);
            case steps -> new StepBenchmark(effort, folder, Pattern.compile(only)).run(threads, out);
            case pool -> new PoolBenchmark(effort, folder).run(out);
            case polluted ->
                new PollutedBenchmark(effort, folder, Duration.ofSeconds(quick ? 20 : 60), Pattern.compile(only))
                        .run(threads, out);
            case warmup -> new WarmupBenchmark(effort, folder, Duration.ofSeconds(quick ? 20 : 60)).run(threads, out);
            case pipeline -> new PipelineBenchmark(effort, folder, Pattern.compile(only)).run(out);
            case predict -> new PredictBenchmark(effort, folder).run(threads, out);
            case dataplane -> new DataPlaneBenchmark(effort).run(out);
            case summary -> new Summary(folder).print(out);
        }
        out.println("Load before the start: " + load + ".");
        return 0;
    }

    /** What was asked for wrongly is one line, anything else a bug. */
    private static int explain(Exception exception, CommandLine command, CommandLine.ParseResult parsed)
            throws Exception {
        if (exception instanceof IllegalArgumentException) {
            command.getErr().println("benchmarks: " + exception.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        throw exception;
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Main::explain)
                .execute(arguments));
    }
}
