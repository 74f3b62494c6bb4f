package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.tensor.core.TensorCore;
import io.ketju.testkit.Oracle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The same small jobs in JVMs with other vector widths, and with the scalar kernels: the same bits. */
class KernelChoiceTest {
    /** Both kinds of models and of optimizers. */
    private static final List<Long> POINTS = List.of(2L, 3L, 5L, 8L, 11L);

    private static final String VECTOR_MODULE = "--add-modules=jdk.incubator.vector";

    /** Runs some points of the grid and prints what computed, then one hash per point. */
    static final class SmallJobs {
        private SmallJobs() {}

        public static void main(String[] seeds) {
            try (TensorCore core = TensorCore.open(1)) {
                System.out.println(core.description());
            }
            for (String seed : seeds) {
                System.out.println("hash "
                        + Ketju.fit(GridPoint.of(Long.parseLong(seed)).job()).stateSha256());
            }
        }
    }

    @Test
    void allWidthsAndTheScalarKernelsGiveTheSameBits() {
        Map<String, ChildProcess> children = new LinkedHashMap<>();
        try {
            for (int bits : new int[] {128, 256, 512}) {
                children.put("vector kernels, " + bits + " bits", start(List.of(), "-Dketju.vector.bits=" + bits));
            }
            children.put("scalar kernels", start(List.of(VECTOR_MODULE)));
            List<String> oracle = POINTS.stream()
                    .map(seed -> "hash " + Oracle.of(GridPoint.of(seed).job()).stateSha256())
                    .toList();
            children.forEach((kernels, child) -> {
                List<String> printed = new ArrayList<>(child.requireSuccess().out());
                printed.removeIf(line -> line.startsWith("WARNING: Using incubator"));
                assertThat(printed.removeFirst()).startsWith(kernels);
                assertThat(printed).as("%s, points %s", kernels, POINTS).isEqualTo(oracle);
            });
        } finally {
            children.values().forEach(ChildProcess::close);
        }
    }

    private static ChildProcess start(List<String> without, String... flags) {
        String[] seeds = POINTS.stream().map(String::valueOf).toArray(String[]::new);
        return Launcher.java(SmallJobs.class, without, List.of(flags), seeds);
    }
}
