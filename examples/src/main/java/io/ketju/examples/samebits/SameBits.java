package io.ketju.examples.samebits;

import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Lesson;
import io.ketju.plot.Chart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Example 26. */
public final class SameBits implements Example {
    // region job
    private static final String JOB = """
            name = digits
            model { name = "mlp(64, 64, 32, 10)" }
            data = digits
            optimizer = "SGD(lr=0.1)"
            batch = 32
            microbatches = 4
            epochs = 6
            seed = 1
            """;
    // end region

    // region full
    private static final String FULL_JOB = """
            name = mnist
            model { name = "lenet(16, 32, 128)" }
            data = mnist
            optimizer = "SGD(lr=0.02, momentum=0.9)"
            batch = 64
            microbatches = 4
            epochs = 2
            seed = 1
            """;
    // end region

    @Override
    public String name() {
        return "same-bits";
    }

    @Override
    public String question() {
        return "Does it matter how a network is cut and where its parts run? One stage, four stages, four processes";
    }

    @Override
    public String full() {
        return "a LeNet on all of MNIST";
    }

    /** It starts six processes. */
    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public void run(Lesson lesson) {
        Path job = lesson.folder().resolve("job.conf");
        lesson.data("digits", "mnist");
        write(job, lesson.full() ? FULL_JOB : JOB);
        lesson.print("%-60s%14s  %s", "ketju", "test accuracy", "state");
        Map<String, CommandRun> synchronous = new LinkedHashMap<>();
        for (String command : List.of(
                "train job.conf --stages 1 --threads 1",
                "train job.conf --stages 4",
                "train job.conf --stages 4 --schedule GPipe",
                "train job.conf --stages 4 --schedule ZB1P",
                "train job.conf --stages 3 --recompute all",
                "launch job.conf --stages 4 --nodes 4")) {
            synchronous.put(command, tell(lesson, command));
        }
        long states =
                synchronous.values().stream().map(CommandRun::state).distinct().count();
        lesson.print("");
        lesson.print("%d runs, %s", synchronous.size(), states == 1 ? "one state" : states + " states: NOT the same");
        lesson.print("");
        CommandRun one = synchronous.values().iterator().next();
        CommandRun asynchronous = tell(lesson, "train job.conf --stages 4 --schedule PipeDream");
        CommandRun again = tell(lesson, "launch job.conf --stages 4 --nodes 2 --schedule PipeDream");
        CommandRun newer = tell(lesson, "train job.conf --stages 4 --schedule PipeDream2BW");
        lesson.print("");
        lesson.print(
                "PipeDream gives %s state each time, %s that of the runs above",
                asynchronous.state().equals(again.state()) ? "the same" : "NOT the same",
                asynchronous.state().equals(one.state()) ? "which is" : "and not");
        lesson.picture(
                "losses",
                new Chart("Loss while training", "epoch", "cross entropy")
                        .logarithmicY()
                        .line("1F1B, one stage or four", one.trainLosses())
                        .line("PipeDream", asynchronous.trainLosses())
                        .line("PipeDream2BW", newer.trainLosses()));
    }

    private static CommandRun tell(Lesson lesson, String command) {
        CommandRun run = CommandRun.of(lesson.folder(), command);
        lesson.print("%-60s%14s  %s", command, run.accuracy(), run.state());
        return run;
    }

    private static void write(Path job, String text) {
        try {
            Files.writeString(job, text);
        } catch (IOException e) {
            throw new UncheckedIOException(job + ": cannot be written", e);
        }
    }

    /** Lines of a file. */
    static List<String> lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read", e);
        }
    }
}
