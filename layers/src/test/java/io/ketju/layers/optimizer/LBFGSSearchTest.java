package io.ketju.layers.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LBFGSSearchTest {
    private static final int STEPS = 6;
    /**
     * Of points, relative to the largest coordinate. Both are in double; PyTorch's products are those of the vectors, and here
     * they follow from others, so each iteration adds roundings, which the next one multiplies.
     */
    private static final double TOLERANCE = 1e-7;

    /** One of src/test/golden/lbfgs.py. */
    record Golden(String function, String spec, List<Double> numbers) {
        @Override
        public String toString() {
            return function + " " + spec;
        }
    }

    static Stream<Golden> goldens() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("src", "test", "resources", "golden", "lbfgs.tsv"));
        return IntStream.range(0, lines.size() / 2).mapToObj(i -> {
            String head = lines.get(2 * i);
            int space = head.indexOf(' ');
            return new Golden(
                    head.substring(0, space),
                    head.substring(space + 1),
                    Arrays.stream(lines.get(2 * i + 1).split("\t", -1))
                            .map(Double::valueOf)
                            .toList());
        });
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void equalsPyTorch(Golden golden) {
        LBFGS options = (LBFGS) Optimizers.parse(golden.spec());
        assertThat(options).hasToString(golden.spec());
        DoubleSearch search = DoubleSearch.of(golden.function(), options);
        int size = search.point().length;
        for (int step = 1; step <= STEPS; step++) {
            search.step();
            List<Double> expected = golden.numbers().subList((step - 1) * (2 + size), step * (2 + size));
            double largest = expected.stream().skip(2).mapToDouble(Math::abs).max().orElseThrow();
            assertThat(search.evaluations()).as("evaluations of %d steps", step).isEqualTo(expected.getFirst().intValue());
            assertThat(search.iterations()).as("iterations of %d steps", step).isEqualTo(expected.get(1).intValue());
            for (int i = 0; i < size; i++) {
                assertThat(search.point()[i])
                        .as("coordinate %d after step %d", i, step)
                        .isCloseTo(expected.get(2 + i), within(TOLERANCE * largest));
            }
        }
    }

    /** What is kept between two steps is all that the next one needs: to the last bit. */
    @ParameterizedTest
    @MethodSource("goldens")
    void goesOnFromItsMemory(Golden golden) {
        LBFGS options = (LBFGS) Optimizers.parse(golden.spec());
        DoubleSearch whole = DoubleSearch.of(golden.function(), options);
        DoubleSearch parted = DoubleSearch.of(golden.function(), options);
        for (int step = 1; step <= STEPS; step++) {
            whole.step();
            parted.step();
            parted.forgetAllButMemory();
            assertThat(parted.point()).as("after step %d", step).isEqualTo(whole.point());
        }
    }

    @Test
    void theMemoryHasTheSizeThatIsPlanned() {
        for (int history : new int[] {1, 2, 7}) {
            LBFGSSearch search = new LBFGSSearch(new LBFGS(1).withHistorySize(history));
            assertThat(search.memory()).hasSize(LBFGSSearch.memorySize(history));
        }
    }

    @Test
    void noParameterIsUpdatedAlone() {
        try (TensorArena arena = new TensorArena(64)) {
            Tensor one = arena.allocate(Shape.of(1));
            assertThatThrownBy(() -> new LBFGS(1).update(Kernels.scalar(), 1, 1, one, one, List.of()))
                    .hasMessageContaining("updates all parameters together");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "LBFGS(lr=0)|LBFGS: argument 'lr': expected a number > 0, found 0.0",
        "LBFGS(max_iter=0)|LBFGS: argument 'max_iter': expected at least 1, found 0",
        "LBFGS(max_eval=0)|LBFGS: argument 'max_eval': expected at least 1, found 0",
        "LBFGS(max_eval=-1)|LBFGS: argument 'max_eval': expected at least 1, found -1",
        "LBFGS(history_size=0)|LBFGS: argument 'history_size': expected 1 to 1000, found 0",
        "LBFGS(history_size=2000)|LBFGS: argument 'history_size': expected 1 to 1000, found 2000",
        "LBFGS(tolerance_grad=-1)|LBFGS: argument 'tolerance_grad': expected a number >= 0, found -1.0",
        "LBFGS(line_search_fn=wolfe)|LBFGS: argument 'line_search_fn': expected strong_wolfe, found 'wolfe'",
        "LBFGS(weight_decay=1)|LBFGS(weight_decay=1): unknown argument 'weight_decay'",
    })
    void refusesWhatCannotBe(String text, String line) {
        assertThatThrownBy(() -> Optimizers.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(line);
    }

    @Test
    void defaultsArePyTorchs() {
        assertThat(Optimizers.parse("LBFGS")).isEqualTo(new LBFGS(1, 20, 0, 1e-7, 1e-9, 100, false));
        assertThat(Optimizers.parse("LBFGS(line_search_fn=None, max_eval=None)")).isEqualTo(new LBFGS(1));
        assertThat(Optimizers.parse("LBFGS(line_search_fn='strong_wolfe')")).isEqualTo(new LBFGS(1).withStrongWolfe());
    }
}
