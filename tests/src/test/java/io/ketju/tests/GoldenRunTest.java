package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ketju.testkit.Oracle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * The first losses of a real run, pinned as bits: any change of arithmetic, initial values, order of samples or data
 * shows here. One that is wanted comes with a new golden file, and still agrees with PyTorch.
 */
class GoldenRunTest {
    /** Float32 sums in another order: the largest difference in the golden file is 3e-7. */
    private static final double TOLERANCE = 2e-6;

    private record Golden(int step, long bits, double pytorch) {}

    @Test
    void theFirstLossesAreTheGoldenOnes() throws IOException {
        List<Golden> golden = golden();
        List<Double> losses = Oracle.of(GoldenRun.job(), GoldenRun.STEPS).losses();

        assertThat(losses).hasSameSizeAs(golden);
        for (Golden line : golden) {
            double loss = losses.get(line.step() - 1);
            assertThat(Double.doubleToRawLongBits(loss))
                    .as("step %d: loss %s, golden %s", line.step(), loss, Double.longBitsToDouble(line.bits()))
                    .isEqualTo(line.bits());
            assertThat(loss).as("step %d against PyTorch", line.step()).isCloseTo(line.pytorch(), within(TOLERANCE));
        }
    }

    private static List<Golden> golden() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(GoldenRunTest.class.getResourceAsStream("/golden/lenet-10-steps.txt"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .map(words -> new Golden(
                            Integer.parseInt(words[0]),
                            Long.parseUnsignedLong(words[1], 16),
                            Double.parseDouble(words[3])))
                    .toList();
        }
    }
}
