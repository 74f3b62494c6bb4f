package io.ketju.actors.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RunFailureTest {
    /** One of each, with what people read and whether the same run may go on. */
    private static final Map<RunFailure, String> LINES = new LinkedHashMap<>();

    static {
        LINES.put(
                new RunFailure.WorkerLost("127.0.0.1:4711", List.of(1), 37),
                "worker 127.0.0.1:4711 with stage 1 was lost after step 37 (resumable)");
        LINES.put(refused(Refusal.Reason.BUSY), "worker 1 at 127.0.0.1:4711: so it is (resumable)");
        LINES.put(refused(Refusal.Reason.UNPLACED), "worker 1 at 127.0.0.1:4711: so it is");
        LINES.put(refused(Refusal.Reason.UNCONNECTED), "worker 1 at 127.0.0.1:4711: so it is (resumable)");
        LINES.put(new RunFailure.StageFailed(1, 3, "1F0: broken"), "stage 1, step 3: 1F0: broken");
        LINES.put(
                new RunFailure.ShardNotWritten(1, 3, "no space left on device"),
                "stage 1, step 3: checkpoint failed: no space left on device (resumable)");
        LINES.put(new RunFailure.StageDied(1), "stage 1, step 0: its actor died; the log says why");
        LINES.put(new RunFailure.NotFinite("step 2: the loss is NaN"), "step 2: the loss is NaN");
        LINES.put(new RunFailure.BadData("row 7 has 3 columns"), "batch feeder: row 7 has 3 columns");
        LINES.put(
                new RunFailure.FeederUnconnected("connection refused"),
                "batch feeder: no way to the stages: connection refused (resumable)");
        LINES.put(
                new RunFailure.FeederLost(3, "connection reset"),
                "the batch feeder was lost in step 3: connection reset (resumable)");
        LINES.put(
                new RunFailure.ManifestNotWritten("cannot commit the checkpoint of step 3"),
                "cannot commit the checkpoint of step 3 (resumable)");
        LINES.put(
                new RunFailure.Stalled(300, "step 1 waits for stage 0"),
                "no progress for 300 s: step 1 waits for stage 0 (resumable)");
        LINES.put(
                new RunFailure.CoordinatorFailed("a listener failed on Started: broken"),
                "a listener failed on Started: broken");
        LINES.put(
                new RunFailure.ActorEnded("the batch feeder"), "the batch feeder ended unexpectedly; the log says why");
        LINES.put(
                new RunFailure.Aborted("the run was closed before its end"),
                "the run was closed before its end (resumable)");
    }

    @Test
    void everyFailureIsOneLineAndSaysWhetherTheRunMayGoOn() {
        LINES.forEach((failure, expected) -> assertThat(failure.line() + (failure.resumable() ? " (resumable)" : ""))
                .isEqualTo(expected));
    }

    @Test
    void noKindIsMissingHere() {
        assertThat(LINES.keySet().stream().map(Object::getClass).collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(RunFailure.class.getDeclaredClasses())
                        .filter(Class::isRecord)
                        .collect(Collectors.toSet()));
    }

    @Test
    void aLostWorkerIsCalledByABetterNameIfThereIsOne() {
        assertThat(new RunFailure.WorkerLost("127.0.0.1:4711", List.of(0, 1), 0)
                        .line("worker 2 (process 77)", "ended with exit code 137"))
                .isEqualTo("worker 2 (process 77) with stages 0, 1 ended with exit code 137 before the first step");
    }

    private static RunFailure refused(Refusal.Reason reason) {
        return new RunFailure.WorkerRefused("worker 1 at 127.0.0.1:4711", new Refusal(reason, "so it is"));
    }
}
