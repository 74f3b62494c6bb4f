package io.ketju.actors.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process takes checkpoints on a disk of its own, an image of ext4, and the power goes: what is on the image at a moment, and nothing
 * that the system still holds in memory, is mounted again. Moments are drawn by the seed: {@code -Dketju.power.cuts=100 -Dketju.power.seed=7}. Only root
 * may mount; a test is skipped, and says so, where that is not possible.
 */
class PowerCutTest {
    private static final int CUTS = Integer.getInteger("ketju.power.cuts", 3);
    private static final long SEED = Long.getLong("ketju.power.seed", 1);

    /** A file that must be lost, or a cut would be none. */
    private static final String UNSYNCED = "unsynced";

    private static final int IMAGE_BYTES = 16 << 20;

    /** Longest wait between two cuts: some checkpoints. */
    private static final int LONGEST_MILLIS = 40;

    /** More than are taken before the last cut. */
    private static final long STEPS = 1_000_000;

    @TempDir
    private Path folder;

    private Path disk;
    private Path image;

    @BeforeEach
    void layOut() throws IOException {
        image = Files.write(folder.resolve("disk.img"), new byte[IMAGE_BYTES]);
        disk = Files.createDirectory(folder.resolve("disk"));
        Command.require("mkfs.ext4", "-q", "-F", image.toString());
        // The kernel writes nothing by itself for as long as a test takes: only what is synced is on the image.
        Command.assume(
                "images can be mounted: root, and loop devices",
                "mount",
                "-o",
                "loop,commit=3600",
                image.toString(),
                disk.toString());
    }

    @AfterEach
    void takeDown() {
        Command.require("umount", disk.toString());
    }

    @Test
    void whatIsThereAfterACutIsWholeAndNothingThatWasAnnouncedIsLost() throws Exception {
        SmallRun run = SmallRun.started(Files.createDirectory(disk.resolve("run")));
        run.commit(1);
        Files.write(disk.resolve(UNSYNCED), new byte[IMAGE_BYTES >> 8]);
        Process process = new ProcessBuilder(CheckpointProcess.command(run.path(), 2, STEPS))
                .redirectErrorStream(true)
                .start();
        AtomicLong announced = new AtomicLong(1);
        Thread reader = Thread.ofPlatform().daemon().start(() -> listen(process, announced));
        long[] atLeast = new long[CUTS];
        try {
            SplittableRandom random = new SplittableRandom(SEED);
            while (announced.get() < 2) {
                assertThat(process.isAlive()).isTrue();
                LockSupport.parkNanos(1_000_000);
            }
            for (int cut = 0; cut < CUTS; cut++) {
                LockSupport.parkNanos(1_000L * random.nextInt(1_000 * LONGEST_MILLIS));
                atLeast[cut] = announced.get();
                // It stands still while the image is copied: a copy is no moment otherwise.
                Command.require("kill", "-STOP", Long.toString(process.pid()));
                awaitStop(process.pid());
                Files.copy(image, copy(cut));
                Command.require("kill", "-CONT", Long.toString(process.pid()));
            }
        } finally {
            process.destroyForcibly();
            process.waitFor();
            reader.join();
        }
        Command.require("umount", disk.toString());
        long unfinished = 0;
        for (int cut = 0; cut < CUTS; cut++) {
            Command.require("mount", "-o", "loop", copy(cut).toString(), disk.toString());
            if (cut == 0) {
                assertThat(lengthOf(disk.resolve(UNSYNCED)))
                        .as("bytes that nobody synced")
                        .isZero();
            }
            unfinished += requireSound(new SmallRun(disk.resolve("run")), atLeast[cut], cut);
            Command.require("umount", disk.toString());
            Files.delete(copy(cut));
        }
        Command.require("mount", "-o", "loop", image.toString(), disk.toString());
        System.out.printf(
                "%d cuts (seed %d) within %d checkpoints, %d in the middle of one: the newest that was announced is there, none is partly there%n",
                CUTS, SEED, announced.get(), unfinished);
    }

    /** Returns 1 if the cut left the beginning of a checkpoint that does not count. */
    private static long requireSound(SmallRun run, long atLeast, int cut) throws IOException {
        String what = "seed " + SEED + ", cut " + cut;
        long newest = 0;
        for (Checkpoint checkpoint : CheckpointReader.committed(run.root())) {
            CheckpointReader.verify(checkpoint.directory());
            newest = Math.max(newest, checkpoint.step());
        }
        assertThat(newest).as(what).isGreaterThanOrEqualTo(atLeast).isEqualTo(run.newest());
        try (TensorArena arena = new TensorArena(1 << 16)) {
            Map<String, Tensor> values = new LinkedHashMap<>(SmallRun.tensors(arena, 0, "a", "b"));
            CheckpointReader.load(run.folder(newest), values);
            float step = newest;
            assertThat(values.values())
                    .as(what)
                    .allSatisfy(tensor -> assertThat(tensor.toFloats()).containsOnly(step));
        }
        long unfinished = Files.exists(run.folder(newest + 1)) ? 1 : 0;
        run.commit(newest + 1);
        assertThat(run.newest()).as(what).isEqualTo(newest + 1);
        return unfinished;
    }

    private static long lengthOf(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private static void listen(Process process, AtomicLong announced) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(CheckpointProcess.COMMITTED)) {
                    announced.set(Long.parseLong(line.substring(CheckpointProcess.COMMITTED.length())));
                } else {
                    System.out.println(line);
                }
            }
        } catch (IOException e) {
            System.out.println("cannot listen any more: " + e.getMessage());
        }
    }

    /** Until each of its threads stands still: one may be in the middle of a sync. */
    private static void awaitStop(long pid) throws IOException {
        Path tasks = Path.of("/proc", Long.toString(pid), "task");
        while (true) {
            try (var threads = Files.list(tasks)) {
                if (threads.allMatch(PowerCutTest::stands)) {
                    return;
                }
            }
            LockSupport.parkNanos(100_000);
        }
    }

    private static boolean stands(Path task) {
        try {
            String stat = Files.readString(task.resolve("stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException e) {
            return true; // it has ended
        }
    }

    private Path copy(int cut) {
        return folder.resolve("cut-" + cut + ".img");
    }
}
