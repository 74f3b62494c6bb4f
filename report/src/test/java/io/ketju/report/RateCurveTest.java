package io.ketju.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The picture that {@code ketju lr-find} leaves. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RateCurveTest {
    private static final List<String> COMMAND =
            List.of("lr-find", "--data=digits", "--model=mlp(64, 8, 10)", "--steps=20", "--threads=1");

    @TempDir
    Path folder;

    private static CommandLineRun find(String... more) {
        List<String> arguments = new ArrayList<>(COMMAND);
        arguments.addAll(List.of(more));
        return CommandLineRun.of(arguments.toArray(String[]::new));
    }

    @Test
    void theCurveIsAPicture() throws IOException {
        Path png = folder.resolve("curve.png");
        CommandLineRun found = find("--picture", png.toString());
        assertThat(found.exitCode()).as(found.err()).isZero();
        assertThat(found.out()).contains("  least     ").endsWith("  picture   " + png + "\n");
        assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(640);
    }

    /** Without a word about it; in a process of its own, as it goes to the folder that one is in. */
    @Test
    void itLiesBesideTheRuns() throws IOException, InterruptedException {
        Ran found = inFolder();
        assertThat(found.exitCode()).as(found.printed()).isZero();
        assertThat(found.printed()).endsWith("  picture   " + Path.of("runs", "lr-find.svg") + "\n");
        String svg = Files.readString(folder.resolve("runs").resolve("lr-find.svg"));
        assertThat(svg.substring(svg.indexOf("<svg"))).as("an SVG").startsWith("<svg");
        assertThat(Pattern.compile("<circle").matcher(svg).results().count())
                .as("steepest and least, on the curve and in the legend")
                .isEqualTo(4);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(folder.resolve("runs"));
        }
        assertThat(inFolder("--no-picture").printed()).doesNotContain("picture");
    }

    @Test
    void whereNothingMayBeWrittenALineSaysSo() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("runs"), "a file");
        Ran found = inFolder();
        assertThat(found.exitCode()).as(found.printed()).isZero();
        assertThat(found.printed())
                .contains("  least     ")
                .endsWith(
                        "note: no picture of the curve: folder runs cannot be made: a file of that name is in the way\n");
    }

    @Test
    void whatCannotBeIsSaidBeforeAStepIsTaken() {
        refused("--picture: expected a file that ends with .svg or .png, found ", "--picture", folder + "/curve.gif");
        refused("--picture: expected a file in a folder that is there, found ", "--picture", folder + "/none/x.svg");
        refused(
                "--no-picture: expected no --picture beside it, found ",
                "--picture",
                folder + "/x.svg",
                "--no-picture");
    }

    private static void refused(String line, String... more) {
        CommandLineRun found = find(more);
        assertThat(found.exitCode()).isEqualTo(2);
        assertThat(found.err()).startsWith("ketju lr-find: " + line);
        assertThat(found.err().lines()).hasSize(1);
        assertThat(found.out()).isEmpty();
    }

    private record Ran(int exitCode, String printed) {}

    private Ran inFolder(String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--"))
                .forEach(command::add);
        command.addAll(List.of("-cp", absolute(System.getProperty("java.class.path")), "io.ketju.deploy.Main"));
        command.addAll(COMMAND);
        command.addAll(List.of(more));
        Path printed = Files.createTempFile("lr-find", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.to(printed.toFile()))
                    .start();
            return new Ran(process.waitFor(), Files.readString(printed));
        } finally {
            Files.delete(printed);
        }
    }

    private static String absolute(String classPath) {
        return Stream.of(classPath.split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
