package io.ketju.actors.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The newest checkpoint is damaged anywhere in any of its files: the line names the file, and the one before is taken. Flips are drawn by
 * the seed: {@code -Dketju.damages=10000 -Dketju.damages.seed=7}.
 */
class DamagedCheckpointTest {
    private static final int FLIPS = Integer.getInteger("ketju.damages", 300);
    private static final long SEED = Long.getLong("ketju.damages.seed", 1);

    @TempDir
    private Path folder;

    private SmallRun run;

    @BeforeEach
    void start() throws IOException {
        run = SmallRun.started(folder);
        run.commit(1, 2);
    }

    @Test
    void oneOrMoreFlippedBitsAreFoundAndNamed() throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        List<Path> files = files();
        int damages = 0;
        for (int number = 0; number < FLIPS; number++) {
            Path file = files.get(random.nextInt(files.size()));
            byte[] sound = Files.readAllBytes(file);
            byte[] flipped = sound.clone();
            int bits = random.nextInt(4) == 0 ? random.nextInt(2, 9) : 1;
            for (int i = 0; i < bits; i++) {
                flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            }
            if (!Arrays.equals(sound, flipped)) {
                requireFallback(file, flipped, "seed " + SEED + ", flip " + number);
                damages++;
            }
            Files.write(file, sound);
        }
        assertThat(run.newest()).isEqualTo(2);
        System.out.printf("%,d damages by flipped bits (seed %d): all found, all fell back%n", damages, SEED);
    }

    @Test
    void everyLengthThatAFileCanBeCutToIsFoundAndNamed() throws IOException {
        int lengths = 0;
        for (Path file : files()) {
            byte[] sound = Files.readAllBytes(file);
            for (int length = 0; length < sound.length; length++) {
                requireFallback(file, Arrays.copyOf(sound, length), length + " bytes");
                lengths++;
            }
            Files.write(file, sound);
        }
        assertThat(run.newest()).isEqualTo(2);
        System.out.printf("%,d truncations: all found, all fell back%n", lengths);
    }

    private void requireFallback(Path file, byte[] damaged, String what) throws IOException {
        Files.write(file, damaged);
        DamagedCheckpointException found =
                catchThrowableOfType(DamagedCheckpointException.class, () -> CheckpointReader.verify(run.folder(2)));
        assertThat(found).as("%s, %s", file, what).isNotNull();
        assertThat(found.getMessage()).as("%s, %s", file, what).contains(file.toString());
        assertThat(run.newest()).as("%s, %s", file, what).isEqualTo(1);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(run.folder(2))) {
            List<Path> sorted = files.sorted().toList();
            assertThat(sorted).hasSize(3);
            return sorted;
        }
    }
}
