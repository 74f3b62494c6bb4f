package io.ketju.actors.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.InvalidJobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What those see of a run who stand by, and how it becomes theirs. */
class TakeOverTest {
    @TempDir
    private Path root;

    private RunSight see() {
        return RunSight.of(root).orElseThrow();
    }

    @Test
    void whatIsSeenIsWhatTheHolderHasWrittenDown() throws IOException {
        assertThat(RunSight.of(root)).isEmpty();
        RunDirectory held = RunDirectory.create(root, "name = x\n");
        int start = held.nextIncarnation();
        held.directedFrom("127.0.0.1:4711", Optional.empty());
        held.release();
        assertThat(see()).isEqualTo(new RunSight(start, false, Optional.of("127.0.0.1:4711"), Optional.empty()));

        RunDirectory again = RunDirectory.reopen(root);
        int next = again.nextIncarnation();
        DriverNote.End end =
                new DriverNote.End(DriverNote.Outcome.FAILED, "stage 1, step 7:\nbroken\u2028\u0000 'x' \u00e9");
        again.directedFrom("b.example:1", Optional.of(end));
        again.release();
        assertThat(see().incarnation()).isEqualTo(next);
        assertThat(see().end())
                .contains(new DriverNote.End(DriverNote.Outcome.FAILED, "stage 1, step 7: broken  'x' \u00e9"));
        assertThat(see().end().orElseThrow().line()).hasLineCount(1);
    }

    /** Another start tells nothing yet: what the one before has told counts no more. */
    @Test
    void theWordOfAnEarlierStartIsNone() throws IOException {
        RunDirectory held = RunDirectory.create(root, "name = x\n");
        held.nextIncarnation();
        held.directedFrom("127.0.0.1:4711", Optional.of(new DriverNote.End(DriverNote.Outcome.STOPPED, "interrupted")));
        assertThat(held.nextIncarnation()).isEqualTo(2);
        held.release();
        assertThat(see().end()).isEmpty();
        Files.writeString(root.resolve("lock"), "process 1 since 2026-11-29T18:00:00\n");
        assertThat(see().address()).isEmpty();
    }

    @Test
    void whatIsNoNoteIsNone() throws IOException {
        RunDirectory held = RunDirectory.create(root, "name = x\n");
        held.nextIncarnation();
        held.release();
        for (String garbage : List.of("", "start", "start 1\nat x\n", "x".repeat(1 << 20), "\u0000")) {
            Files.writeString(root.resolve("driver"), garbage);
            assertThat(see().address())
                    .as(garbage.substring(0, Math.min(9, garbage.length())))
                    .isEmpty();
        }
    }

    @Test
    void aRunIsTakenOverAsItWasSeenOrNotAtAll() throws IOException {
        RunDirectory first = RunDirectory.create(root, "name = x\n");
        first.nextIncarnation();
        first.release();
        RunSight seen = see();
        RunDirectory resumed = RunDirectory.reopen(root);
        resumed.nextIncarnation();
        assertThatThrownBy(() -> RunDirectory.takeOver(root, seen))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("in use by this process");
        resumed.release();
        assertThat(RunDirectory.takeOver(root, seen)).as("it was started since").isEmpty();

        RunDirectory taken = RunDirectory.takeOver(root, see()).orElseThrow();
        assertThat(taken.nextIncarnation()).isEqualTo(3);
        taken.release();
        RunDirectory.reopen(root).release();
    }

    /** As the lock says who has the run, so it says to one that wakes that it has it no more. */
    @Test
    void whoWasFollowedRaisesNoNumberAndSaysNothing() throws IOException {
        RunDirectory zombie = RunDirectory.create(root, "name = x\n");
        zombie.nextIncarnation();
        Files.writeString(root.resolve("lock"), "process 99 since 2026-11-29T18:00:00 after 1 takeover\n");
        assertThatThrownBy(zombie::nextIncarnation)
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("run " + root.toRealPath() + " was taken over by process 99 (since 2026-11-29 18:00:00);"
                        + " nothing of this start is kept from here on");
        assertThatThrownBy(() -> zombie.directedFrom("127.0.0.1:4711", Optional.empty()))
                .isInstanceOf(IOException.class);
        assertThat(root.resolve("incarnation")).hasContent("1");
        assertThat(root.resolve("driver")).doesNotExist();
        zombie.release();
    }

    /** Every container has a process 1, and two of them may take a run within a second where the disk keeps no locks. */
    @Test
    void twoHoldersOfOneNumberAndSecondAreToldApart() throws IOException {
        RunDirectory zombie = RunDirectory.create(root, "name = x\n");
        LockText own = LockText.of(Files.readString(root.resolve("lock")));
        assertThat(own.token()).matches("[0-9a-f]{16}");
        LockText other = new LockText(own.process(), own.since(), "0".repeat(16), own.takeovers());
        Files.writeString(root.resolve("lock"), other.line());
        assertThatThrownBy(zombie::nextIncarnation).hasMessageContaining("was taken over by process " + own.process());
        zombie.release();
    }

    @Test
    void theTextOfALockReadsBack() {
        for (LockText text : List.of(
                new LockText("4711", "2026-11-29T18:00:07", "0123456789abcdef", 0),
                new LockText("1", "2026-11-29T18:00", "", 1),
                new LockText("1", "2026-11-29T18:00", "ffffffffffffffff", 12))) {
            assertThat(LockText.of(text.line())).isEqualTo(text);
        }
        assertThat(LockText.of("process 1 since then\n").holder()).isEqualTo("another process");
        assertThat(LockText.of("")).isEqualTo(new LockText("", "", "", 0));
    }
}
