package io.ketju.actors.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The newest manifest is damaged in every way; the checkpoint before is sound, and must be taken. */
class HostileManifestTest {
    private static final long OLD = 1755;
    private static final long NEW = 1800;

    @TempDir
    Path folder;

    private SmallRun run;
    private byte[] sound;

    @BeforeEach
    void start() throws IOException {
        run = SmallRun.started(folder);
        run.commit(OLD, NEW);
        sound = Files.readAllBytes(run.manifest(NEW));
    }

    @Test
    void everyFlippedBitFallsBack() throws IOException {
        for (int at = 0; at < sound.length; at++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                byte[] flipped = sound.clone();
                flipped[at] ^= (byte) (1 << bit);
                assertFallsBack(flipped, "bit " + bit + " of byte " + at);
            }
        }
        assertTaken();
    }

    @Test
    void everyTruncationFallsBack() throws IOException {
        for (int length = 0; length < sound.length; length++) {
            assertFallsBack(Arrays.copyOf(sound, length), length + " bytes");
        }
        assertTaken();
    }

    @Test
    @Timeout(20)
    void hostileTextsFallBack() throws IOException {
        String text = new String(sound, StandardCharsets.UTF_8);
        for (String hostile : List.of(
                "{".repeat(100_000),
                "{\"a\":".repeat(100_000),
                "[".repeat(100_000),
                "include file(\"" + run.manifest(OLD) + "\")",
                "include url(\"http://127.0.0.1:1/x\")",
                text.replace("stage-0.incarnation-1", "../../../etc/passwd"),
                text.replace("stage-1.", "stage-0."),
                text.replaceAll("(?s)\"shards\" : \\[.*\\]", "\"shards\" : []"),
                text.replaceAll("\"step\" : \\d+", "\"step\" : -5"),
                text.replaceAll("\"step\" : \\d+", "\"step\" : 9223372036854775807"),
                text + " ".repeat(50_000_000))) {
            assertThat(hostile).isNotEqualTo(text);
            assertFallsBack(hostile.getBytes(StandardCharsets.UTF_8), hostile.substring(0, 20));
        }
    }

    @Test
    void oddFilesFallBack() throws IOException {
        Path file = run.manifest(NEW);
        Files.delete(file);
        Files.createDirectory(file);
        assertThat(run.newest()).as("a folder").isEqualTo(OLD);
        Files.delete(file);
        Path aside = Files.write(folder.resolve("aside"), sound);
        Files.createSymbolicLink(file, aside);
        assertThat(run.newest()).as("a link").isEqualTo(OLD);
        Files.delete(file);
        Files.createSymbolicLink(file, folder.resolve("nowhere"));
        assertThat(run.newest()).as("a link to nowhere").isEqualTo(OLD);
    }

    /** A sound manifest in the folder of another step would be believed with the wrong step. */
    @Test
    void theStepIsThatOfTheFolder() throws IOException {
        Files.move(run.folder(NEW), run.folder(NEW + 1));
        assertThat(run.newest()).isEqualTo(OLD);
        Files.move(run.folder(OLD), run.root().resolve("step-1755"));
        assertThatThrownBy(() -> CheckpointReader.newestValid(run.root()))
                .isInstanceOf(DamagedCheckpointException.class)
                .hasMessageContaining("step-000001801")
                .hasMessageContaining("expected the step of its folder, found 1800");
    }

    @Test
    void whatDoesNotFitTheJobFallsBackBeforeItIsAnError() throws IOException {
        CheckpointFit job = CheckpointFit.job(SmallRun.JOB, SmallRun.ARITHMETIC, NEW);
        assertThat(newest(job)).isEqualTo(NEW);
        assertThat(newest(CheckpointFit.job(SmallRun.JOB, SmallRun.ARITHMETIC, NEW - 1)))
                .isEqualTo(OLD);
        new CheckpointStore(run.root(), 1, "beef", SmallRun.ARITHMETIC, 2).commit(NEW, run.shards(NEW, 1));
        assertThat(newest(job)).isEqualTo(OLD);
        new CheckpointStore(run.root(), 1, SmallRun.JOB, "beef", 2).commit(NEW, run.shards(NEW, 1));
        assertThat(newest(job)).isEqualTo(OLD);
        assertThatThrownBy(() -> newest(CheckpointFit.job("cafe", SmallRun.ARITHMETIC, NEW)))
                .isInstanceOf(ForeignCheckpointException.class)
                .hasMessageContaining("step-000001800: is a checkpoint of another job; model, data, loss");
        assertThatThrownBy(() -> newest(CheckpointFit.job(SmallRun.JOB, "cafe", NEW)))
                .isInstanceOf(ForeignCheckpointException.class)
                .hasMessageContaining("this version computes with cafe; continue it with the Ketju version");
        // Advice about what is sound helps more than a line about what is not.
        Files.writeString(run.manifest(NEW), "");
        assertThatThrownBy(() -> newest(CheckpointFit.job("cafe", SmallRun.ARITHMETIC, NEW)))
                .isInstanceOf(ForeignCheckpointException.class)
                .hasMessageContaining("step-000001755: is a checkpoint of another job");
    }

    @Test
    void aStartThatTheRunHasNotHadTookNoCheckpoint() throws IOException {
        Incarnation.ofRun(folder).write(9);
        run.store(9).commit(NEW, run.shards(NEW, 9));
        assertThat(newest(CheckpointFit.upToStart(9))).isEqualTo(NEW);
        assertThat(newest(CheckpointFit.upToStart(8))).isEqualTo(OLD);
        assertThatThrownBy(() -> newest(CheckpointFit.upToStart(0)))
                .isInstanceOf(DamagedCheckpointException.class)
                .hasMessageContaining("expected an incarnation up to 0, the run's, found 9");
    }

    private long newest(CheckpointFit fit) throws IOException {
        return CheckpointReader.newestValid(run.root(), fit).orElseThrow().step();
    }

    private void assertFallsBack(byte[] manifest, String what) throws IOException {
        Files.write(run.manifest(NEW), manifest);
        assertThat(run.newest()).as(what).isEqualTo(OLD);
    }

    private void assertTaken() throws IOException {
        Files.write(run.manifest(NEW), sound);
        assertThat(run.newest()).isEqualTo(NEW);
    }
}
