package io.ketju.deploy.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.ketju.deploy.command.CommandLineInterface;
import io.ketju.deploy.display.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What trained and continued runs leave for TensorBoard, read again. */
class TensorBoardEventsTest {
    private static final int STEPS_PER_EPOCH = 4;

    @TempDir
    Path folder;

    @Test
    void aRunAndItsContinuationTellTheirNumbers() throws IOException {
        Path run = folder.resolve("run");
        train("--epochs", "2", "--run-dir", run.toString());
        List<Path> files = files(run);
        assertThat(files).hasSize(1);
        List<EventReader.Event> events = EventReader.read(files.getFirst());
        assertThat(events.getFirst())
                .extracting(EventReader.Event::kind, EventReader.Event::text)
                .containsExactly("version", "brain.Event:2");
        assertThat(events.get(1))
                .extracting(EventReader.Event::kind, EventReader.Event::step)
                .containsExactly("start", 1L);
        assertThat(events.get(2).text()).contains("    data = ").contains("iris");
        assertThat(with(events, "step/loss"))
                .extracting(EventReader.Event::step)
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        assertThat(with(events, "test/accuracy"))
                .extracting(EventReader.Event::step)
                .containsExactly(4L, 8L);
        assertThat(with(events, "train/loss")).hasSize(2);
        requireNumbersOf(run, with(events, "test/loss"));
        assertThat(with(events, "speed/samples_per_second").getFirst().values()).containsKey("speed/bubble");

        CommandLineOutcome more = ketju("train", "--resume", run.toString(), "--epochs", "3");
        assertThat(more.exitCode()).as(more.text()).isZero();
        List<Path> both = files(run);
        assertThat(both).hasSize(2).startsWith(files.getFirst());
        List<EventReader.Event> continued = EventReader.read(both.getLast());
        assertThat(continued.get(1).step()).isEqualTo(2 * STEPS_PER_EPOCH + 1);
        assertThat(with(continued, "step/loss"))
                .extracting(EventReader.Event::step)
                .containsExactly(9L, 10L, 11L, 12L);
    }

    /** As {@code metrics.csv} has them, to its six digits. */
    private static void requireNumbersOf(Path run, List<EventReader.Event> events) throws IOException {
        List<String> rows = Files.readAllLines(run.resolve("metrics.csv")).stream()
                .filter(row -> row.contains(",test,"))
                .toList();
        assertThat(events).hasSameSizeAs(rows);
        for (int i = 0; i < rows.size(); i++) {
            float wanted = Float.parseFloat(rows.get(i).split(",", -1)[3]);
            assertThat(events.get(i).values().get("test/loss")).isCloseTo(wanted, offset(1e-6f));
        }
    }

    @Test
    void whoWantsNoneGetsNone() throws IOException {
        Path run = folder.resolve("without");
        train("--epochs", "1", "--run-dir", run.toString(), "--no-tensorboard");
        assertThat(run.resolve(TensorBoardEvents.FOLDER)).doesNotExist();
        assertThat(run.resolve("metrics.csv")).exists();
    }

    /** Of RFC 3720, appendix B.4: the checksum of 32 zeros is 8a9136aa; rotated by 15 bits, and a282ead8 added. */
    @Test
    void checksumsAreMasked() {
        assertThat(EventFile.masked(new byte[32], 32)).isEqualTo(Integer.rotateRight(0x8a9136aa, 15) + 0xa282ead8);
    }

    private static List<EventReader.Event> with(List<EventReader.Event> events, String tag) {
        return events.stream().filter(event -> event.values().containsKey(tag)).toList();
    }

    private static List<Path> files(Path run) throws IOException {
        try (Stream<Path> files = Files.list(run.resolve(TensorBoardEvents.FOLDER))) {
            return files.sorted().toList();
        }
    }

    private void train(String... more) throws IOException {
        Path job = folder.resolve("job.conf");
        Files.writeString(job, """
                model { name = "mlp(4, 8, 3)" }
                data = iris
                optimizer = "SGD(lr=0.1)"
                batch = 30
                """);
        CommandLineOutcome run = ketju(Stream.concat(Stream.of("train", job.toString()), Stream.of(more))
                .toArray(String[]::new));
        assertThat(run.exitCode()).as(run.text()).isZero();
    }

    private record CommandLineOutcome(int exitCode, String text) {}

    private static CommandLineOutcome ketju(String... arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        int exitCode = CommandLineInterface.execute(new Terminal(out, out, false, 100, true), arguments);
        return new CommandLineOutcome(exitCode, bytes.toString(StandardCharsets.UTF_8));
    }
}
