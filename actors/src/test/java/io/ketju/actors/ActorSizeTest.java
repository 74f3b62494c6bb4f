package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An actor is a thin shell: what grows in it belongs into a machine or a class of its own. */
class ActorSizeTest {
    private static final int MOST_LINES = 160;

    @Test
    void everyActorIsThin() throws IOException {
        Map<String, Integer> lines = new TreeMap<>();
        for (String module : List.of("actors", "cluster")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    String source = Files.readString(file);
                    if (source.contains("extends AbstractMatchingBehavior<")) {
                        lines.put(String.valueOf(file.getFileName()), linesOfCode(source));
                    }
                }
            }
        }
        assertThat(lines)
                .containsKeys(
                        "StageActor.java",
                        "Coordinator.java",
                        "WorkerNode.java",
                        "BatchFeeder.java",
                        "WorkerGathering.java")
                .allSatisfy((file, count) -> assertThat(count).as(file).isLessThanOrEqualTo(MOST_LINES));
    }

    /** Without imports and comments: what is said of an actor may take as much room as it needs. */
    private static int linesOfCode(String source) {
        return Math.toIntExact(source.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("import "))
                .filter(line -> !line.startsWith("*") && !line.startsWith("/*") && !line.startsWith("//"))
                .count());
    }
}
