package io.ketju.tests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The inputs that are kept, and seeded mutations of them: {@code -Dketju.fuzz.seed=7 -Dketju.fuzz.runs=2000000} for others, and more;
 * {@code -Dketju.fuzz.targets=frames,control} for these alone.
 */
class FuzzTest {
    private static final Path CORPUS = Path.of("src/test/resources/io/ketju/tests/fuzz/JazzerTestInputs");
    private static final long SEED = Long.getLong("ketju.fuzz.seed", 1);
    private static final int RUNS = Integer.getInteger("ketju.fuzz.runs", 2_000);

    /** Of one reader: ten minutes, and more only where more is asked of it. */
    private static final Duration LONGEST = Duration.ofMinutes(10L * Math.max(1, RUNS / 200_000));

    static Stream<FuzzTarget> targets() {
        List<String> wanted =
                List.of(System.getProperty("ketju.fuzz.targets", "").split(",", -1));
        return Stream.of(FuzzTarget.values())
                .filter(target -> wanted.equals(List.of("")) || wanted.contains(target.label()));
    }

    @ParameterizedTest
    @MethodSource("targets")
    void answersWhateverComes(FuzzTarget target) {
        assertTimeoutPreemptively(LONGEST, () -> check(target));
    }

    /** Mutations of what is refused at its first bytes reach nothing: what is kept is read, but for files whose names begin with {@code not-}. */
    @ParameterizedTest
    @MethodSource("targets")
    void readsWhatIsKept(FuzzTarget target) throws Exception {
        try (var files = Files.list(CORPUS.resolve(target.label()))) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                boolean refused = String.valueOf(file.getFileName()).startsWith("not-");
                assertThat(target.run(Files.readAllBytes(file)))
                        .as("%s is read", file)
                        .isNotEqualTo(refused);
            }
        }
    }

    private static void check(FuzzTarget target) throws IOException {
        List<byte[]> corpus = corpus(target);
        assertThat(corpus).as("inputs of %s", target.label()).isNotEmpty();
        for (byte[] input : corpus) {
            run(target, input, "kept input");
        }
        Mutations mutations = new Mutations(corpus, SEED);
        int runs = RUNS / target.cost();
        for (int number = 0; number < runs; number++) {
            run(target, mutations.get(number), "seed " + SEED + ", number " + number);
        }
    }

    private static void run(FuzzTarget target, byte[] input, String which) {
        try {
            target.run(input);
        } catch (Throwable e) {
            String bytes = HexFormat.of().formatHex(input, 0, Math.min(input.length, 4_096));
            throw new AssertionError(target.label() + ", " + which + ": " + e + "; the input is " + bytes, e);
        }
    }

    private static List<byte[]> corpus(FuzzTarget target) throws IOException {
        List<byte[]> inputs = new ArrayList<>();
        try (var files = Files.list(CORPUS.resolve(target.label()))) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                inputs.add(Files.readAllBytes(file));
            }
        }
        return inputs;
    }
}
