package io.ketju.actors.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process takes a checkpoint beside two others, and one call of the system after the other goes wrong: what can be loaded then is the
 * last checkpoint or the new one, whole. By default a few of the calls, spread over all: {@code -Dketju.checkpoint.calls=1000} takes every one. Needs strace.
 */
class InterruptedCheckpointTest {
    private static final int CALLS = Integer.getInteger("ketju.checkpoint.calls", 2);
    private static final long OLD = 2;
    private static final long NEW = 3;
    private static final int KILLED = 128 + 9;

    @TempDir
    private Path folder;

    /** The same for all tests here. */
    private static List<SystemCall> calls = List.of();

    private int runs;

    @BeforeEach
    void watch() throws IOException {
        Command.assume("strace can follow processes", "strace", "-f", "-o", "/dev/null", "true");
        if (!calls.isEmpty()) {
            return;
        }
        SmallRun run = fresh();
        calls = SystemCall.of(CheckpointProcess.command(run.path(), NEW, NEW), run.path(), log());
        assertThat(run.newest()).isEqualTo(NEW);
        assertThat(calls).extracting(SystemCall::name).contains("write", "fsync", "rename", "unlink");
    }

    @Test
    void killedAtAnyCallItLeavesTheOldOneOrTheNewOne() throws IOException {
        int killed = 0;
        for (SystemCall call : chosen(each -> true)) {
            SmallRun run = fresh();
            Command ended = fault(call, "signal=KILL", run);
            assertThat(ended.code()).as("%s: %s", call, ended.said()).isEqualTo(KILLED);
            requireOldOrNew(run, ended, call);
            killed++;
        }
        System.out.printf(
                "killed at %d of %d calls: every time the old checkpoint or the new one%n", killed, calls.size());
    }

    @Test
    void anErrorOfAnyCallIsALineAndLeavesTheOldOneOrTheNewOne() throws IOException {
        int lines = 0;
        int faults = 0;
        List<String> without = new ArrayList<>();
        for (String error : List.of("EIO:Input/output error", "ENOSPC:No space left on device")) {
            String[] nameAndText = error.split(":", -1);
            for (SystemCall call :
                    chosen(each -> nameAndText[0].equals("EIO") || !each.name().equals("read"))) {
                SmallRun run = fresh();
                Command ended = fault(call, "error=" + nameAndText[0], run);
                requireOldOrNew(run, ended, call);
                faults++;
                if (ended.code() != 0) {
                    assertThat(ended.code()).as("%s: %s", call, ended.said()).isEqualTo(CheckpointProcess.FAILED);
                    assertThat(ended.said().lines().filter(line -> line.startsWith(CheckpointProcess.FAILURE)))
                            .as("%s: %s", call, ended.said())
                            .singleElement()
                            .asString()
                            .contains(run.path().toString())
                            .contains(nameAndText[1]);
                    lines++;
                } else {
                    assertThat(call.name())
                            .as("%s: %s", call, ended.said())
                            .isNotIn("write", "pwrite64", "fsync", "rename");
                    without.add(call.toString());
                }
            }
        }
        System.out.printf(
                "%d errors at %d calls: %d ended the process with a line, %d did not matter %s; every time the old checkpoint or the new one%n",
                faults, calls.size(), lines, faults - lines, without);
    }

    /** The system says that bytes are written, or some of them, and they are not: nobody believes the checkpoint that has none. */
    @Test
    void bytesThatAreWrittenNowhereAreNoticed() throws IOException {
        int faults = 0;
        for (SystemCall call : chosen(each -> each.name().equals("write"))) {
            for (String said : List.of("retval=1", "retval=2")) {
                SmallRun run = fresh();
                Command ended = fault(call, said, run);
                assertThat(ended.code()).as("%s: %s", call, ended.said()).isEqualTo(CheckpointProcess.FAILED);
                assertThat(run.newest()).as("%s: %s", call, ended.said()).isEqualTo(OLD);
                requireOldOrNew(run, ended, call);
                faults++;
            }
        }
        System.out.printf("%d times bytes were lost: every time noticed before the checkpoint counted%n", faults);
    }

    /** The call went wrong, or this throws. */
    private Command fault(SystemCall call, String fault, SmallRun run) throws IOException {
        Command ended = call.with(fault, CheckpointProcess.command(run.path(), NEW, NEW), run.path(), log());
        if (!fault.startsWith("signal=")) { // who was killed says so by its exit code
            assertThat(log()).content().as("%s: %s", call, ended.said()).contains("(INJECTED)");
        }
        return ended;
    }

    /** So many as are asked for, spread over all. */
    private List<SystemCall> chosen(Predicate<SystemCall> which) {
        List<SystemCall> all = calls.stream().filter(which).toList();
        List<SystemCall> chosen = new ArrayList<>();
        int count = Math.min(CALLS, all.size());
        for (int i = 0; i < count; i++) {
            chosen.add(all.get((2 * i + 1) * all.size() / (2 * count)));
        }
        return chosen;
    }

    /** What is newest loads as it was written, nothing that counts is partly there, and the run takes its next checkpoint. */
    private static void requireOldOrNew(SmallRun run, Command ended, SystemCall call) throws IOException {
        String what = call + ": " + ended.said();
        boolean announced = ended.said().contains(CheckpointProcess.COMMITTED + NEW);
        long newest = run.newest();
        assertThat(newest).as(what).isIn(announced ? List.of(NEW) : List.of(OLD, NEW));
        requireValues(run, newest, what);
        for (Checkpoint checkpoint : CheckpointReader.committed(run.root())) {
            if (announced
                    || checkpoint.step()
                            != NEW) { // of a disk that lies the new one may be there, and damaged; it was passed over
                assertThat(CheckpointReader.verify(checkpoint.directory()).step())
                        .as(what)
                        .isEqualTo(checkpoint.step());
            }
        }
        run.commit(newest + 1);
        assertThat(run.newest()).as(what).isEqualTo(newest + 1);
        try (Stream<Path> files = Files.walk(run.root())) {
            assertThat(files.filter(file -> file.toString().endsWith(".tmp")))
                    .as(what)
                    .isEmpty();
        }
    }

    private static void requireValues(SmallRun run, long step, String what) {
        try (TensorArena arena = new TensorArena(1 << 16)) {
            Map<String, Tensor> values = new LinkedHashMap<>(SmallRun.tensors(arena, 0, "a", "b"));
            CheckpointReader.load(run.folder(step), values);
            assertThat(values.values())
                    .as(what)
                    .allSatisfy(tensor -> assertThat(tensor.toFloats()).containsOnly((float) step));
        }
    }

    private SmallRun fresh() throws IOException {
        SmallRun run = SmallRun.started(Files.createDirectory(folder.resolve("run-" + runs++)));
        run.commit(OLD - 1, OLD);
        return run;
    }

    private Path log() {
        return folder.resolve("strace.log");
    }
}
