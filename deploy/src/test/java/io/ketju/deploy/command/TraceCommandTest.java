package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.trace.TraceFile;
import io.ketju.pipeline.schedule.Action.Kind;
import io.ketju.pipeline.trace.ProcessTrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A traced run is told about, and whatever is wrong with a trace is one line. */
class TraceCommandTest {
    private static final String JOB =
            "name = digits\ndata = digits\nmodel { name = \"mlp(64, 16, 10)\" }\nbatch = 100\nepochs = 1\nstages = 2\nmicrobatches = 3\nthreads = 1\n";

    @TempDir
    static Path shared;

    private static List<String> trace = List.of();

    @TempDir
    Path folder;

    private Path run;

    @BeforeAll
    static void train() throws IOException {
        Path job = Files.writeString(shared.resolve("job.conf"), JOB);
        Path traced = shared.resolve("run");
        InProcess trained = InProcess.run("train", job.toString(), "--trace", "--run-dir", traced.toString());
        assertThat(trained.exitCode()).as(trained.err()).isZero();
        assertThat(traced.resolve("job.conf")).content().contains("trace = true\n");
        trace = Files.readAllLines(TraceFile.of(traced, 0));
    }

    @BeforeEach
    void copy() throws IOException {
        run = Files.createDirectory(folder.resolve("run"));
        Files.copy(shared.resolve("run").resolve("job.conf"), run.resolve("job.conf"));
    }

    private InProcess traceOf(List<String> lines, String... more) throws IOException {
        Files.write(TraceFile.of(run, 0), lines);
        List<String> arguments = new ArrayList<>(List.of("trace", run.toString()));
        arguments.addAll(List.of(more));
        return InProcess.run(arguments.toArray(String[]::new));
    }

    private void isOneLine(InProcess result, String... pieces) {
        assertThat(result.exitCode()).as(result.err()).isEqualTo(CommandLineInterface.BAD_INPUT);
        assertThat(result.err().lines()).as(result.err()).hasSize(1);
        assertThat(result.err()).contains(pieces).doesNotContain("java.lang.");
        assertThat(result.out()).isEmpty();
    }

    /** What data costs is told of the run itself, too, unless nobody knows. */
    @Test
    void infoSaysWhatShareOfTimeWentByWaitingForData() throws IOException {
        String line = InProcess.run("trace", shared.resolve("run").toString())
                .out()
                .lines()
                .filter(one -> one.startsWith("  data "))
                .findFirst()
                .orElseThrow();
        assertThat(line).endsWith(" % of all ranks' time went by waiting for samples from the feeder");
        assertThat(InProcess.run("info", shared.resolve("run").toString()).out().lines())
                .contains(line);
        Files.writeString(TraceFile.of(run, 0), "damaged");
        InProcess without = InProcess.run("info", run.toString());
        assertThat(without.exitCode()).as(without.err()).isZero();
        assertThat(without.out()).doesNotContain("waiting for samples");
    }

    @Test
    void everyRankItsWaitsAndThePaceAreTold() throws IOException {
        InProcess told = traceOf(trace);
        assertThat(told.exitCode()).as(told.err()).isZero();
        // 15 steps of 100 of 1437 samples, of which a quarter is warming up.
        assertThat(told.out())
                .contains("12 training windows, after the first 3; times in us", "longest waits", "a thread")
                .containsPattern("rank +stages +computing +input +thread +buffers +sending +other")
                .containsPattern("activation of stage 0 to 1 +\\d+ +[0-9.,]+ +[0-9.,]+")
                .containsPattern("data +[0-9.]+ % of all ranks' time went by waiting for samples from the feeder")
                .containsPattern("schedule +[0-9.,]+ if every action took its median time");
    }

    @Test
    void someStepsAreDrawn() throws IOException {
        Path picture = folder.resolve("trace.svg");
        InProcess told = traceOf(trace, "--svg", picture.toString());
        assertThat(told.exitCode()).as(told.err()).isZero();
        // Three steps of two stages: three forwards and backwards of each, and the step.
        assertThat(picture)
                .content()
                .containsPattern("<title>1B2: [0-9.]+ to [0-9.]+ us, window \\d+, waited for .*, ready ")
                .satisfies(svg -> assertThat(svg.split("<g>", -1)).hasSize(1 + 3 * 2 * 7));
    }

    /** Also where updates overlap: a forward that runs again is an action of its own everywhere. */
    @Test
    void forwardsThatRunAgainAreDrawnAndTold() throws IOException {
        Path job = Files.writeString(folder.resolve("again.conf"), JOB + "schedule = PipeDream\nrecompute = [0]\n");
        Path again = folder.resolve("again");
        InProcess trained = InProcess.run("train", job.toString(), "--trace", "--run-dir", again.toString());
        assertThat(trained.exitCode()).as(trained.err()).isZero();
        Path picture = folder.resolve("again.svg");
        Path json = folder.resolve("again.json");
        InProcess told =
                InProcess.run("trace", again.toString(), "--svg", picture.toString(), "--json", json.toString());
        assertThat(told.exitCode()).as(told.err()).isZero();
        assertThat(told.out()).contains("rank", "computing");
        assertThat(picture)
                .content()
                .containsPattern("<title>0R0: [0-9.]+ to [0-9.]+ us, window \\d+, waited for .*, ready ")
                .contains("class=\"block R\"")
                .doesNotContain("1R0");
        ProcessTrace read = TraceFile.read(TraceFile.of(again, 0));
        long backwards = count(read, Kind.B, 0);
        assertThat(backwards).isEqualTo(count(read, Kind.S, 0)).isPositive();
        assertThat(count(read, Kind.R, 0)).isEqualTo(backwards);
        assertThat(count(read, Kind.R, 1)).isZero();
        assertThat(json).content().contains("\"name\":\"0R0\"");
    }

    private static long count(ProcessTrace trace, Kind kind, int rank) {
        return trace.actions().stream()
                .filter(action -> action.action().kind() == kind && action.rank() == rank)
                .count();
    }

    @Test
    void everyActionIsInTheFileForAViewer() throws IOException {
        Path json = folder.resolve("trace.json");
        InProcess told = traceOf(trace, "--json", json.toString());
        assertThat(told.exitCode()).as(told.err()).isZero();
        ProcessTrace read = TraceFile.read(TraceFile.of(run, 0));
        List<String> lines = Files.readAllLines(json);
        assertThat(lines.getFirst()).isEqualTo("[");
        assertThat(lines.getLast()).isEqualTo("]");
        List<String> events = lines.subList(1, lines.size() - 1);
        assertThat(events.subList(0, events.size() - 1))
                .allSatisfy(line -> assertThat(line).startsWith("{\"name\":\"").endsWith("}},"));
        assertThat(events.getLast()).endsWith("}}");
        assertThat(events.stream().filter(line -> line.contains("\"ph\":\"X\"")))
                .hasSize(read.actions().size());
        assertThat(events).anyMatch(line -> line.contains("\"waited_for\":\"activation from stage 0\""));
    }

    @Test
    void withoutAFolderOrATraceThereIsNothingToTell() {
        isOneLine(InProcess.run("trace", folder.resolve("absent").toString()), "absent");
        isOneLine(InProcess.run("trace", run.toString()), run + ": expected a trace, trace-0.csv or more, found none");
    }

    @Test
    void aDamagedLineIsNamed() throws IOException {
        String file = TraceFile.of(run, 0) + ", line ";
        isOneLine(traceOf(List.of("a,b")), file + "1: expected the heading row,rank,window,");
        isOneLine(traceOf(changed(4, "action,0,0,tr")), file + "4: expected 16 fields, found \"4\"");
        isOneLine(
                traceOf(changed(2, trace.get(1).replaceFirst("^action", "step"))),
                file + "2: expected one of action, sent, arrived, dropped, found \"step\"");
        isOneLine(
                traceOf(changed(2, trace.get(1).replaceFirst("0F0", "0X0"))),
                file + "2: expected what: an action such as 2F0, found \"0X0\"");
        isOneLine(
                traceOf(changed(2, trace.get(1).replaceFirst("train", "rest"))),
                file + "2: expected phase: one of train, evaluate, predict, found \"rest\"");
        isOneLine(
                traceOf(changed(2, trace.get(1).replaceFirst("\\d+,$", "soon,"))),
                file + "2: expected sent: a whole number, found \"soon\"");
        isOneLine(
                traceOf(changed(2, trace.get(1).replaceFirst("\\d+,$", "-1,"))),
                file + "2: expected ready <= started <= ended <= heard <= sent, found");
        isOneLine(traceOf(List.of()), "expected a heading, found an empty file");
    }

    /** @param number of the line that is another, from 1 */
    private static List<String> changed(int number, String line) {
        List<String> lines = new ArrayList<>(trace);
        lines.set(number - 1, line);
        return lines;
    }

    @Test
    void aTraceNeedsAFolderAndAMachine() throws IOException {
        Path job = Files.writeString(folder.resolve("job.conf"), JOB);
        isOneLine(
                InProcess.run("train", job.toString(), "--trace", "--no-save"),
                "--trace: expected a run that is kept in a folder");
        isOneLine(
                InProcess.run(
                        "train",
                        job.toString(),
                        "--trace",
                        "--run-dir",
                        folder.resolve("other").toString(),
                        "--cluster",
                        "127.0.0.1:1"),
                "--cluster: expected a run that is not traced");
        Files.writeString(job, JOB + "trace = sometimes\n");
        isOneLine(
                InProcess.run("train", job.toString(), "--no-save"),
                "trace: expected true or false, found \"sometimes\"");
    }
}
