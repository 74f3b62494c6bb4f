package io.ketju.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image, without an engine: it has all that its commands need, and nothing to write but what is mounted. */
class ImageTest {
    @TempDir
    private Path folder;

    @Test
    void itTrainsInARootThatCannotBeWritten() throws IOException {
        UnpackedImage image = UnpackedImage.in(folder);
        assertThat(image.user()).isEqualTo("10001:10001");
        Path runs = image.writable(folder.resolve("runs"));
        Command version = ketju(image, Map.of(), "version").requireSuccess();
        assertThat(version.out().getFirst()).startsWith("ketju ");
        Path job = SmallJob.write(folder.resolve("small.conf"));
        Command train = ketju(
                        image,
                        Map.of("/runs", runs, "/job.conf", job),
                        "train",
                        "/job.conf",
                        "--run-dir",
                        "/runs/small")
                .requireSuccess();
        assertThat(train.err().stream().filter(line -> !line.contains("Using incubator modules")))
                .as("%s", train)
                .isEmpty();
        assertThat(Ketju.state(runs.resolve("small")).sha256()).isEqualTo(SmallJob.stateSha256());
        Command refused = ketju(image, Map.of(), "train", "--run-dir", "/opt/ketju/run");
        assertThat(refused.code()).as("%s", refused).isEqualTo(2);
    }

    /** Whoever breaks into a process finds no shell, and no program but Java's. */
    @Test
    void itHasNoOtherPrograms() throws IOException {
        UnpackedImage image = UnpackedImage.in(folder);
        try (Stream<Path> files = Files.walk(image.root())) {
            List<String> programs = files.filter(Files::isRegularFile)
                    .filter(Files::isExecutable)
                    .map(file -> "/" + image.root().relativize(file))
                    .filter(file -> !file.matches("/lib.*/ld-[^/]*"))
                    .toList();
            assertThat(programs)
                    .contains("/opt/ketju/runtime/bin/java")
                    .allMatch(file -> file.startsWith("/opt/ketju/runtime/"));
        }
    }

    private Command ketju(UnpackedImage image, Map<String, Path> mounts, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(image.entryPoint());
        command.addAll(List.of(arguments));
        return Command.run(folder, image.environment(), image.entering(mounts, command));
    }
}
