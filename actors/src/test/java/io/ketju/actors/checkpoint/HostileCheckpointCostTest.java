package io.ketju.actors.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a checkpoint that was made to hurt costs until it is refused: little time of a processor, and no more memory than a small heap has. */
class HostileCheckpointCostTest {
    static final String REFUSED = "refused";

    private static final double MOST_MILLIS = 500;
    private static final Pattern LINE = Pattern.compile("(?m)^([0-9.]+) ms: (.*?): (.*)$");

    @TempDir
    private Path folder;

    @Test
    void everyOneIsRefusedSoonWithASmallHeap() {
        Command ended = Command.run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                HostileCheckpoints.class.getName(),
                folder.toString()));
        assertThat(ended.code()).as(ended.said()).isZero();
        List<MatchResult> lines = LINE.matcher(ended.said()).results().toList();
        assertThat(lines).as(ended.said()).hasSizeGreaterThan(25);
        assertThat(lines).as(ended.said()).allSatisfy(line -> {
            assertThat(line.group(2)).isEqualTo(REFUSED);
            assertThat(Double.parseDouble(line.group(1))).isLessThan(MOST_MILLIS);
        });
        System.out.printf(
                "%d hostile checkpoints: all refused with a heap of 64 MiB, within %.1f ms of a processor%n",
                lines.size(),
                lines.stream()
                        .mapToDouble(line -> Double.parseDouble(line.group(1)))
                        .max()
                        .orElseThrow());
    }
}
